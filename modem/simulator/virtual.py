"""The virtual modem on a pseudo-terminal: a device path like that of a real one, served by one thread."""

import contextlib
import fcntl
import os
import select
import termios
import threading
import time
import tty
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from modem.simulator.loading import load
from modem.simulator.persona import Change
from modem.simulator.player import Player
from modem.simulator.script import Script
from modem.simulator.tables import ScriptError

_READ_BYTES = 1_024
_IDLE_S = 0.5
_CLAIM_S = 5.0
Trace = Callable[[str, bytes], None]
"""(">" from the host or "<" from the modem, bytes)."""


class VirtualModem:
    """`with VirtualModem("healthy-lte") as device:` — or start() and stop().

    `link` is a symbolic link kept on the device while the modem is plugged in; it is removed at the end. `speed`
    makes the script's time run faster than real time (answers included). Raises `ScriptError`.
    """

    def __init__(
        self,
        script: Script | str | Path,
        *,
        link: Path | None = None,
        speed: float = 1.0,
        trace: Trace | None = None,
    ) -> None:
        self.script = script if isinstance(script, Script) else load(script)
        self.player = Player(self.script, time.time())
        self.link = link
        self._speed = speed
        self._trace = trace
        self._started_at = 0.0
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._cues: deque[Change] = deque()
        self._wake_read, self._wake_write = -1, -1
        self._master, self._slave = -1, -1
        self._name: str | None = None
        self._shown: Path | None = None
        self._pending = bytearray()
        self._heard_at = 0.0
        self._pts = ""

    @property
    def device(self) -> str:
        """Where a client finds the modem now; "" while it is unplugged."""
        return str(self._shown) if self._shown else (self._pts if self._slave >= 0 else "")

    @property
    def now(self) -> float:
        """Seconds of the script."""
        return (time.monotonic() - self._started_at) * self._speed

    def start(self) -> str:
        """The device's path, ready to be opened."""
        if self.link is not None:
            _check_link(self.link)
        self._started_at = time.monotonic()
        self._wake_read, self._wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            self._follow_presence(0.0)
        except OSError as error:
            self._close()
            raise ScriptError(str(self.link or "pty"), error.strerror or "cannot be made") from error
        self._thread = threading.Thread(target=self._serve, name="virtual-modem", daemon=True)
        self._thread.start()
        return self.device

    def cue(self, change: Change) -> None:
        """Let this happen now, beside what the script has; any thread, while started."""
        self._cues.append(change)
        os.write(self._wake_write, b"c")

    def stop(self) -> None:
        """Unplug: the port is closed and the link is gone when this returns."""
        self._stop.set()
        if self._thread is not None:
            os.write(self._wake_write, b"x")
            self._thread.join(60.0)
            self._thread = None
        self._close()

    def __enter__(self) -> str:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # the thread

    def _serve(self) -> None:
        while not self._stop.is_set():
            now = self.now
            self._follow_presence(now)
            while self._cues:
                self.player.play(self._cues.popleft(), now)
            for piece in self.player.collect(now):
                self._say(piece)
            self._flush()
            self._wait(now)
            self._share()

    def _wait(self, now: float) -> None:
        following = self.player.next_at()
        pause = _IDLE_S if following is None else (following - now) / self._speed
        reads = [self._wake_read]
        if self._master >= 0 and self.player.reading(now):
            reads.append(self._master)
        writes = [self._master] if self._master >= 0 and self._pending else []
        ready, _, _ = select.select(reads, writes, [], min(_IDLE_S, max(0.0, pause)))
        if self._wake_read in ready:
            os.read(self._wake_read, _READ_BYTES)
        if self._master in ready:
            self._receive()

    def _share(self) -> None:
        """A client that was killed leaves its claim (TIOCEXCL) on a pty for as long as we hold the other end.

        A serial driver forgets it at the last close, so we do once the line was quiet for a while.
        """
        quiet = time.monotonic() - self._heard_at
        if self._slave >= 0 and self._heard_at and quiet > _CLAIM_S:
            self._heard_at = 0.0
            fcntl.ioctl(self._slave, termios.TIOCNXCL)

    def _receive(self) -> None:
        try:
            data = os.read(self._master, _READ_BYTES)
        except OSError:
            return
        self._heard_at = time.monotonic()
        self._note(">", data)
        self.player.receive(data, self.now)

    def _say(self, data: bytes) -> None:
        self._note("<", data)
        self._pending += data
        self._flush()

    def _flush(self) -> None:
        """As much as the line takes; a client that does not read loses the oldest bytes, as on a wire."""
        if self._master < 0:
            self._pending.clear()
            return
        with contextlib.suppress(OSError):
            while self._pending:
                del self._pending[: os.write(self._master, self._pending)]
        del self._pending[: -_READ_BYTES * 64]

    def _note(self, direction: str, data: bytes) -> None:
        if self._trace is not None:
            self._trace(direction, data)

    # plugging in and out

    def _follow_presence(self, now: float) -> None:
        name = self.player.presence(now)
        if name == self._name and (self._master >= 0) == (name is not None):
            return
        self._unplug()
        if name is not None:
            self._plug_in(name)

    def _plug_in(self, name: str) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave, termios.TCSANOW)
        os.set_blocking(self._master, False)
        self._name = name
        self._pts = os.ttyname(self._slave)
        if self.link is not None:
            shown = self.link.with_name(name) if name else self.link
            _make_link(shown, self._pts)
            self._shown = shown

    def _unplug(self) -> None:
        if self._shown is not None:
            _remove_link(self._shown, self._pts)
        for descriptor in (self._master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)
        self._master, self._slave, self._name, self._shown = -1, -1, None, None
        self._pending.clear()

    def _close(self) -> None:
        self._unplug()
        for descriptor in (self._wake_read, self._wake_write):
            if descriptor >= 0:
                os.close(descriptor)
        self._wake_read, self._wake_write = -1, -1


def _check_link(link: Path) -> None:
    """Only a link to a pseudo-terminal, left over by a run that was killed, may be replaced."""
    if not os.path.lexists(link):
        return
    if not link.is_symlink() or not str(link.readlink()).startswith("/dev/pts/"):
        raise ScriptError(str(link), "exists and is not a link to a virtual modem: choose another name")


def _make_link(link: Path, target: str) -> None:
    _check_link(link)
    fresh = link.with_name(f".{link.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _remove_link(link: Path, target: str) -> None:
    """Ours only: another run may have taken the name over."""
    with contextlib.suppress(OSError):
        if str(link.readlink()) == target:
            link.unlink()
