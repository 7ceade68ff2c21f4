"""The serial port on real ptys: deadlines, hang-ups, who holds it."""

import errno
import os
import pty
import subprocess
import sys
import threading
import time
import tty
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import serial

from modem.errors import PortBusy, PortLost, PortMissing, PortStuck
from modem.port import SerialPort


@dataclass
class Line:
    """A pty: `peer` is the modem's end, `device` the name of ours."""

    peer: int
    keeps: int
    device: str
    _closing: threading.Lock = field(default_factory=threading.Lock)

    def hang_up(self) -> None:
        """Once, whoever comes: a test's timer may still be at it when the fixture cleans up."""
        with self._closing:
            for end in (self.keeps, self.peer):
                if end >= 0:
                    os.close(end)
            self.peer = self.keeps = -1


@pytest.fixture
def line() -> Iterator[Line]:
    peer, ours = pty.openpty()
    tty.setraw(ours)
    made = Line(peer, ours, os.ttyname(ours))
    yield made
    made.hang_up()


@pytest.fixture
def port(line: Line) -> Iterator[SerialPort]:
    opened = SerialPort(line.device)
    yield opened
    opened.close()


def test_bytes_go_both_ways_unchanged(line: Line, port: SerialPort) -> None:
    everything = bytes(range(256))
    port.write(everything, 30.0)
    assert os.read(line.peer, 1000) == everything
    os.write(line.peer, everything)
    assert port.read(1000, 30.0) == everything


def test_a_read_takes_no_more_than_asked(line: Line, port: SerialPort) -> None:
    os.write(line.peer, b"abcdef")
    assert port.read(4, 30.0) == b"abcd"
    assert port.read(4, 30.0) == b"ef"


def test_silence_is_no_loss(port: SerialPort) -> None:
    assert port.read(100, 0.01) == b""
    assert port.read(100, 0.0) == b""
    assert port.read(100, -1.0) == b""


def test_a_read_waits_no_longer_than_allowed_and_uses_no_processor(port: SerialPort) -> None:
    began, worked = time.monotonic(), time.thread_time()
    port.read(100, 0.3)
    assert 0.25 <= time.monotonic() - began < 60.0
    assert time.thread_time() - worked < 0.1


def test_a_read_ends_with_the_first_bytes(line: Line, port: SerialPort) -> None:
    threading.Timer(0.05, os.write, (line.peer, b"RDY")).start()
    assert port.read(100, 120.0) == b"RDY"


def test_a_write_to_a_peer_that_reads_nothing_ends_in_time(port: SerialPort) -> None:
    began = time.monotonic()
    with pytest.raises(PortStuck, match="not taken within"):
        port.write(b"x" * 1_000_000, 0.2)
    assert time.monotonic() - began < 60.0


def test_a_stuck_port_closes_at_once(line: Line) -> None:
    port = SerialPort(line.device)
    with pytest.raises(PortStuck):
        port.write(b"x" * 1_000_000, 0.05)
    began = time.monotonic()
    port.close()
    assert time.monotonic() - began < 60.0


def test_hang_up_while_reading(line: Line, port: SerialPort) -> None:
    threading.Timer(0.05, line.hang_up).start()
    with pytest.raises(PortLost):
        port.read(100, 120.0)


def test_what_came_before_the_hang_up_is_still_read_or_lost_but_nothing_hangs(line: Line, port: SerialPort) -> None:
    os.write(line.peer, b"last words")
    line.hang_up()
    try:
        assert port.read(100, 1.0) == b"last words"
    except PortLost:
        return
    with pytest.raises(PortLost):
        port.read(100, 1.0)


def test_hang_up_before_a_write(line: Line, port: SerialPort) -> None:
    line.hang_up()
    with pytest.raises(PortLost):
        port.write(b"AT\r", 30.0)


def test_closed_is_lost_and_closing_twice_is_harmless(port: SerialPort) -> None:
    port.close()
    port.close()
    port.interrupt()
    with pytest.raises(PortLost, match="closed"):
        port.read(1, 0.0)
    with pytest.raises(PortLost, match="closed"):
        port.write(b"AT\r", 0.1)


def test_no_descriptor_is_left_open(line: Line) -> None:
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir()))
    for _ in range(5):
        SerialPort(line.device).close()
    assert len(list(descriptors.iterdir())) <= before, "what other tests left may be closed meanwhile"


def test_another_thread_can_end_a_read(port: SerialPort) -> None:
    threading.Timer(0.05, port.interrupt).start()
    began = time.monotonic()
    assert port.read(100, 120.0) == b""
    assert time.monotonic() - began < 100.0
    assert port.read(100, 0.0) == b""


def test_a_file_is_no_serial_port(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    with pytest.raises(PortMissing, match="is no serial port"):
        SerialPort(str(tmp_path / "log"))


def test_a_missing_device() -> None:
    with pytest.raises(PortMissing):
        SerialPort("/dev/ttyUSB-none")


def test_something_that_is_no_serial_port(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(PortLost):
        SerialPort(str(path))


def test_a_second_opening_is_refused_and_the_first_goes_on(line: Line, port: SerialPort) -> None:
    with pytest.raises(PortBusy):
        SerialPort(line.device)
    port.write(b"AT\r", 30.0)
    assert os.read(line.peer, 10) == b"AT\r"


def test_a_closed_port_can_be_opened_again(line: Line) -> None:
    for _ in range(2):
        port = SerialPort(line.device)
        port.write(b"AT\r", 30.0)
        assert os.read(line.peer, 10) == b"AT\r"
        port.close()


HOLDER = """
import sys
from modem.port import SerialPort
port = SerialPort(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_the_program_that_holds_the_port_is_named(line: Line) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, line.device], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(PortBusy) as raised:
            SerialPort(line.device)
        other.communicate(b"")
    assert raised.value.holder is not None
    assert f"(pid {other.pid})" in raised.value.holder
    assert raised.value.holder in str(raised.value)
    SerialPort(line.device).close()


@pytest.mark.parametrize(("number", "opens"), [(errno.EPIPE, True), (errno.EIO, False)])
def test_a_modem_that_will_not_hear_of_dtr_is_opened_all_the_same(
    number: int, opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stalled(_port: serial.Serial) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(serial.Serial, "_update_dtr_state", stalled)
    master, slave = pty.openpty()
    try:
        if opens:
            SerialPort(os.ttyname(slave)).close()
        else:
            with pytest.raises(PortLost):
                SerialPort(os.ttyname(slave))
    finally:
        os.close(master)
        os.close(slave)
