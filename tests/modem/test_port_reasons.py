"""Why a port cannot be opened, in the words that a person needs, and when somebody else's claim is respected."""

import errno
import fcntl
import os
import pty
import select
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from typing import cast

import pytest

import modem.port
from modem.errors import PortBusy, PortForbidden, PortLost, PortMissing
from modem.holder import Holder
from modem.modemmanager.manager import UsedPort
from modem.modemmanager.presence import Presence
from modem.port import SerialPort

NULL = "/dev/null"
"""A character device that is always there."""
SOMEBODY = Holder(612, "minicom")


@pytest.fixture
def device() -> Iterator[str]:
    peer, ours = pty.openpty()
    tty.setraw(ours)
    yield os.ttyname(ours)
    os.close(ours)
    os.close(peer)


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody holds anything, and there is no ModemManager, unless a test says otherwise."""
    monkeypatch.setattr(modem.port, "holder", lambda _device: None)
    there(monkeypatch, Presence(running=False))


def there(monkeypatch: pytest.MonkeyPatch, modemmanager: Presence) -> None:
    monkeypatch.setattr(sys.modules[Presence.__module__], "presence", lambda: modemmanager)


def why(number: int, device: str = NULL) -> PortLost:
    return modem.port._why(device, OSError(number, os.strerror(number)))


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOENT, PortMissing, "no such device"),
        (errno.ENODEV, PortMissing, "no such device"),
        (errno.ENXIO, PortMissing, "no such device"),
        (errno.EACCES, PortForbidden, "not allowed"),
        (errno.EPERM, PortForbidden, "not allowed"),
        (errno.EBUSY, PortBusy, "held by another program"),
        (errno.EAGAIN, PortBusy, "held by another program"),
        (errno.EIO, PortLost, "Input/output error"),
    ],
)
def test_the_reason_is_told_by_its_number(number: int, kind: type[PortLost], words: str) -> None:
    error = why(number)
    assert type(error) is kind
    assert words in str(error)
    assert str(error).startswith(NULL)


def test_a_lock_that_somebody_has_is_a_busy_port() -> None:
    """pyserial: "Could not exclusively lock port", without a number."""
    error = modem.port._why(NULL, OSError("Could not exclusively lock port"))
    assert type(error) is PortBusy


def test_a_device_that_vanished_meanwhile_is_missing_whatever_the_number() -> None:
    error = why(errno.EIO, "/dev/ttyUSB-none")
    assert type(error) is PortMissing
    assert "no such device" in str(error)


def test_who_holds_a_busy_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modem.port, "holder", lambda _device: SOMEBODY)
    error = why(errno.EBUSY)
    assert isinstance(error, PortBusy)
    assert error.holder == "minicom (pid 612)"
    assert str(error) == f"{NULL}: held by minicom (pid 612)"


@pytest.mark.parametrize(
    ("uses", "pid", "name"),
    [
        (NULL, 612, "ModemManager (pid 612)"),
        (NULL, None, "ModemManager"),
        ("/dev/ttyUSB9", 612, None),
    ],
)
def test_where_processes_are_hidden_modemmanager_is_asked(
    uses: str, pid: int | None, name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    there(monkeypatch, Presence(running=True, pid=pid, ports=(UsedPort(uses, "at"),)))
    error = why(errno.EBUSY)
    assert isinstance(error, PortBusy)
    assert error.holder == name


@pytest.mark.parametrize(("number", "is_forgiven"), [(errno.EPIPE, True), (errno.EIO, False)])
def test_only_a_stalled_request_about_dtr_is_forgiven(number: int, is_forgiven: bool) -> None:
    def tell() -> None:
        raise OSError(number, os.strerror(number))

    if is_forgiven:
        modem.port._unless_stalled(tell)
    else:
        with pytest.raises(OSError, match="Input/output"):
            modem.port._unless_stalled(tell)


# -- whose claim is respected


def claims(monkeypatch: pytest.MonkeyPatch, answer: int | None) -> None:
    """What the kernel says to TIOCGEXCL; None: that it knows no such question."""

    def ioctl(_descriptor: int, _request: int, _argument: bytes) -> bytes:
        if answer is None:
            raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")
        return answer.to_bytes(4, sys.byteorder)

    monkeypatch.setattr(modem.port.fcntl, "ioctl", ioctl)


@pytest.mark.parametrize(("answer", "is_respected"), [(1, True), (0, False), (None, False)])
def test_a_claimed_port_that_somebody_has_open_is_left_to_him(
    answer: int | None, is_respected: bool, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims(monkeypatch, answer)
    monkeypatch.setattr(modem.port, "holder", lambda _device: SOMEBODY)
    if is_respected:
        with pytest.raises(PortBusy, match="minicom") as raised:
            modem.port._respect_claim(device)
        assert raised.value.holder == "minicom (pid 612)"
    else:
        modem.port._respect_claim(device)


def test_a_port_that_nobody_has_open_is_not_opened_for_the_question(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims(monkeypatch, 1)
    modem.port._respect_claim(device)


def test_a_port_that_cannot_be_asked_says_why_when_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modem.port, "holder", lambda _device: SOMEBODY)
    modem.port._respect_claim("/dev/ttyUSB-none")
    with pytest.raises(PortMissing):
        SerialPort("/dev/ttyUSB-none")


@pytest.mark.parametrize(("user", "asked"), [(0, True), (1000, False)])
def test_only_root_must_ask(user: int, asked: bool, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root gets past the claim of others; the kernel stops everybody else."""
    seen: list[str] = []
    monkeypatch.setattr(modem.port, "_respect_claim", seen.append)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    SerialPort(device).close()
    assert seen == [device] * asked


# -- how it is used


def test_dtr_is_kept_when_it_is_closed(device: str) -> None:
    """HUPCL would drop it, which ends a data call on modems with AT&D2."""
    watching = os.open(device, os.O_RDWR | os.O_NOCTTY)
    try:
        attributes = termios.tcgetattr(watching)
        attributes[2] |= termios.HUPCL
        termios.tcsetattr(watching, termios.TCSANOW, attributes)
        port = SerialPort(device)
        assert not termios.tcgetattr(watching)[2] & termios.HUPCL
        port.close()
    finally:
        os.close(watching)


def test_more_than_the_line_takes_at_once_goes_out_as_the_modem_reads_it() -> None:
    peer, ours = pty.openpty()
    tty.setraw(ours)
    heard = bytearray()

    def listen() -> None:
        while len(heard) < 300_000:
            heard.extend(os.read(peer, 4096))

    port = SerialPort(os.ttyname(ours))
    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    port.write(b"x" * 300_000, 120.0)
    thread.join(120)
    port.close()
    os.close(ours)
    os.close(peer)
    assert len(heard) == 300_000


def test_a_closed_port_is_open_to_everybody_again(device: str) -> None:
    """On a pty the claim would outlive us, as long as the other end is open."""
    watching = os.open(device, os.O_RDWR | os.O_NOCTTY)
    try:
        port = SerialPort(device)
        assert int.from_bytes(fcntl.ioctl(watching, modem.port._TIOCGEXCL, bytes(4)), sys.byteorder) == 1
        port.close()
        assert int.from_bytes(fcntl.ioctl(watching, modem.port._TIOCGEXCL, bytes(4)), sys.byteorder) == 0
    finally:
        os.close(watching)


def test_what_could_not_go_out_is_forgotten_when_it_is_closed(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the driver waits for it, up to 30 s."""
    flushed: list[int] = []
    port = SerialPort(device)
    monkeypatch.setattr(modem.port.termios, "tcflush", lambda _descriptor, queue: flushed.append(queue))
    port.close()
    assert flushed == [termios.TCOFLUSH]


def test_an_interrupt_ends_one_read_and_not_the_next() -> None:
    peer, ours = pty.openpty()
    tty.setraw(ours)
    port = SerialPort(os.ttyname(ours))
    port.interrupt()
    port.interrupt()
    assert port.read(100, 120.0) == b""
    threading.Timer(0.05, os.write, (peer, b"RDY")).start()
    assert port.read(100, 120.0) == b"RDY"
    port.close()
    os.close(ours)
    os.close(peer)


class Poll:
    """A poll that finds the port in one state."""

    def __init__(self, descriptor: int, state: int) -> None:
        self._found = [(descriptor, state)]

    def poll(self, _timeout_ms: int) -> list[tuple[int, int]]:
        return self._found


@pytest.mark.parametrize("state", [select.POLLHUP, select.POLLERR, select.POLLNVAL, select.POLLHUP | select.POLLOUT])
def test_a_hang_up_with_nothing_left_to_read_is_a_lost_port(
    state: int, device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = SerialPort(device)
    monkeypatch.setattr(port, "_readable", Poll(port._fd, state))
    with pytest.raises(PortLost, match="hung up"):
        port.read(100, 1.0)
    port.close()


def test_what_is_left_to_read_behind_a_hang_up_is_read() -> None:
    peer, ours = pty.openpty()
    tty.setraw(ours)
    port = SerialPort(os.ttyname(ours))
    os.write(peer, b"last words")
    port._readable = cast("select.poll", Poll(port._fd, select.POLLHUP | select.POLLIN))
    assert port.read(100, 1.0) == b"last words"
    port.close()
    os.close(ours)
    os.close(peer)


@pytest.mark.parametrize(
    ("error", "words"), [(OSError(errno.EIO, "Input/output error"), "Input/output error"), (OSError(), "failed")]
)
def test_a_port_that_fails_says_how(error: OSError, words: str, device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = SerialPort(device)

    def broken(_descriptor: int, _data: object) -> int:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(modem.port.os, "write", broken)
        with pytest.raises(PortLost, match=f"{device}: {words}"):
            port.write(b"AT\r", 1.0)
    port.close()
