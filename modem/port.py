"""A serial port with deadlines. pyserial opens and configures it; waiting, reading and writing are done here.

What pyserial would not do for us:
- a write that cannot go on must end (`PortStuck`), and a read that returns nothing must not look like an unplugged
  device: after a hang-up poll says POLLHUP and read gives b"" or EIO; only then the port is lost. The owner closes it
  at once, since a descriptor kept open makes the kernel give the modem another name when it comes back;
- TIOCEXCL beside the advisory lock, so that a program that ignores locks cannot open the port either;
- on close: nothing is waited for (a serial driver waits up to 30 s for output to drain) and DTR is not dropped
  (HUPCL), because dropping it ends a data call on modems with AT&D2.
"""

import errno
import fcntl
import os
import select
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import serial

from modem.errors import PortBusy, PortForbidden, PortLost, PortMissing, PortStuck
from modem.holder import holder

BAUDRATE = 115200
"""USB modems ignore it; modules on a UART are commonly shipped with it or with autobauding."""

_HUNG_UP = select.POLLHUP | select.POLLERR | select.POLLNVAL
_MISSING = {errno.ENOENT, errno.ENODEV, errno.ENXIO}
_FORBIDDEN = {errno.EACCES, errno.EPERM}
_TIOCGEXCL = 0x8004_5440
"""Is a terminal claimed? Linux 3.8 and later (asm-generic/ioctls.h); Python names it from 3.13 on."""
_BUSY = {errno.EBUSY, errno.EAGAIN}


class Port(Protocol):
    """Bytes to and from a modem. All methods raise `PortLost` once it is gone."""

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """Some bytes as soon as there are any; b"" when `timeout_s` passed without."""

    def write(self, data: bytes, timeout_s: float) -> None:
        """All of `data`, or `PortStuck` when it could not go out in time."""

    def close(self) -> None:
        """Give the device back; harmless if done twice."""


class SerialPort:
    """Opens `device` for this process alone. Raises PortMissing, PortBusy, PortForbidden or PortLost."""

    def __init__(self, device: str, baudrate: int = BAUDRATE) -> None:
        self.device = device
        self._serial = _open(device, baudrate)
        self._fd = self._serial.fileno()
        self._wake_reader, self._wake_writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._readable = _poll({self._fd: select.POLLIN, self._wake_reader: select.POLLIN})
        self._writable = _poll({self._fd: select.POLLOUT})
        self._make_ours()

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        if not self._wait(self._readable, select.POLLIN, timeout_s):
            return b""
        try:
            data = os.read(self._fd, max_bytes)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._lost(error.strerror) from error
        if not data:
            raise self._lost("hung up")
        return data

    def write(self, data: bytes, timeout_s: float) -> None:
        until = time.monotonic() + timeout_s
        left = memoryview(data)
        while left := left[self._write_some(left) :]:
            if not self._wait(self._writable, select.POLLOUT, until - time.monotonic()):
                raise PortStuck(f"{self.device}: {len(left)} of {len(data)} bytes not taken within {timeout_s:g} s")

    def interrupt(self) -> None:
        """End a `read` that waits, from any thread. The one thing here that another thread may call."""
        try:
            os.write(self._wake_writer, b"!")
        except OSError:  # full: it is awake anyway; closed: nobody waits
            return

    def close(self) -> None:
        if self._fd < 0:
            return
        for give_back in (self._forget_output, self._share):
            try:
                give_back()
            except (OSError, termios.error):
                continue
        self._fd = -1
        self._serial.close()
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    def _wait(self, poll: select.poll, wanted: int, timeout_s: float) -> bool:
        """True if the descriptor is ready for `wanted` (a hang-up counts when there is something left to read)."""
        if self._fd < 0:
            raise PortLost(f"{self.device}: closed")
        ready = dict(poll.poll(max(0, round(timeout_s * 1000))))
        if self._wake_reader in ready:
            os.read(self._wake_reader, 64)
        state = ready.get(self._fd, 0)
        if state & _HUNG_UP and not state & select.POLLIN:
            raise self._lost("hung up")
        return bool(state & wanted)

    def _write_some(self, data: memoryview) -> int:
        if self._fd < 0:
            raise PortLost(f"{self.device}: closed")
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise self._lost(error.strerror) from error

    def _lost(self, why: str | None) -> PortLost:
        return PortLost(f"{self.device}: {why or 'failed'}")

    def _make_ours(self) -> None:
        try:
            fcntl.ioctl(self._fd, termios.TIOCEXCL)
            attributes = termios.tcgetattr(self._fd)
            attributes[2] &= ~termios.HUPCL
            termios.tcsetattr(self._fd, termios.TCSANOW, attributes)
        except (OSError, termios.error) as error:
            self.close()
            raise self._lost(str(error)) from error

    def _forget_output(self) -> None:
        termios.tcflush(self._fd, termios.TCOFLUSH)

    def _share(self) -> None:
        """On a pty the mark outlives the last close, as long as the other end is open."""
        fcntl.ioctl(self._fd, termios.TIOCNXCL)


def _poll(wanted: dict[int, int]) -> select.poll:
    made = select.poll()
    for descriptor, events in wanted.items():
        made.register(descriptor, events)
    return made


class _Lenient(serial.Serial):
    """Some USB modems refuse (EPIPE: a stalled request) to hear of DTR and RTS on ports that answer AT all the same."""

    def _update_dtr_state(self) -> None:
        _unless_stalled(super()._update_dtr_state)  # type: ignore[misc]  # not in the stubs

    def _update_rts_state(self) -> None:
        _unless_stalled(super()._update_rts_state)  # type: ignore[misc]  # not in the stubs


def _unless_stalled(tell: Callable[[], None]) -> None:
    try:
        tell()
    except OSError as error:
        if error.errno != errno.EPIPE:
            raise


def _open(device: str, baudrate: int) -> serial.Serial:
    if os.geteuid() == 0:
        _respect_claim(device)
    try:
        return _Lenient(device, baudrate, timeout=0, write_timeout=0, exclusive=True)
    except (OSError, ValueError, termios.error) as error:  # SerialException is an OSError
        raise _why(device, error) from error


def _respect_claim(device: str) -> None:
    """Root gets past the TIOCEXCL of others, and ModemManager claims its ports with that alone: so we ask.

    The device is opened for the question only where somebody has it open already, and so changes no control line.
    """
    by = holder(device)
    if by is None:
        return
    try:
        descriptor = os.open(device, os.O_RDONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return  # opening it in earnest will say why
    try:
        claimed = int.from_bytes(fcntl.ioctl(descriptor, _TIOCGEXCL, bytes(4)), sys.byteorder) != 0
    except OSError:
        claimed = False
    finally:
        os.close(descriptor)
    if claimed:
        raise PortBusy(f"{device}: held by {by}", str(by))


def _why(device: str, error: Exception) -> PortLost:
    number = getattr(error, "errno", None)
    if number in _MISSING or not Path(device).exists():
        return PortMissing(f"{device}: no such device")
    if number in _FORBIDDEN:
        return PortForbidden(f"{device}: not allowed (is this user in the group of the device, usually dialout?)")
    if number in _BUSY or "lock" in str(error):
        by = _named_holder(device)
        return PortBusy(f"{device}: held by {by or 'another program'}", by)
    if not Path(device).is_char_device():
        return PortMissing(f"{device}: is no serial port")
    return PortLost(f"{device}: {error}")


def _named_holder(device: str) -> str | None:
    """By /proc; where that hides other users' processes (a service with ProtectProc=), ModemManager itself is asked."""
    if by := holder(device):
        return str(by)
    from modem.modemmanager.presence import presence  # noqa: PLC0415 - it needs ports too; only where one is busy

    here = presence()
    if not here.uses(str(Path(device).resolve())):
        return None
    return f"ModemManager (pid {here.pid})" if here.pid else "ModemManager"
