"""A port that another program claims as ModemManager does (TIOCEXCL, no lock) is busy for us, even as root."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from modem import port
from modem.errors import PortBusy
from modem.modemmanager.manager import MODEM
from modem.port import SerialPort
from tests.fakes.modemmanager import pretended, private_bus

CLAIMS = """
import fcntl, os, sys, termios
fd = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
if sys.argv[2] == "claim":
    fcntl.ioctl(fd, termios.TIOCEXCL)
print("open", flush=True)
sys.stdin.read()
fcntl.ioctl(fd, termios.TIOCNXCL)
"""


@contextmanager
def other(device: str, how: str) -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", CLAIMS, device, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        yield process.pid
        process.communicate(b"")


@pytest.fixture
def device() -> Iterator[str]:
    ours, theirs = pty.openpty()
    yield os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def test_a_claimed_port_is_busy_and_its_holder_named(device: str) -> None:
    with other(device, "claim") as pid:
        with pytest.raises(PortBusy) as raised:
            SerialPort(device)
        assert f"(pid {pid})" in str(raised.value.holder)
    SerialPort(device).close()


def test_a_port_that_is_open_elsewhere_but_not_claimed_can_be_had(device: str) -> None:
    with other(device, "look"):
        SerialPort(device).close()


def test_where_processes_are_hidden_modemmanager_is_asked_for_its_ports(
    device: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = device.removeprefix("/dev/")
    objects = {"/org/freedesktop/ModemManager1/Modem/0": {MODEM: {"Ports": ("a(su)", [(f"/dev/{name}", 3)])}}}
    monkeypatch.setattr(port, "holder", lambda _device: None)
    with private_bus(tmp_path) as address, pretended(address, objects):
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        first = SerialPort(device)  # its lock makes the device busy for anybody else
        with pytest.raises(PortBusy) as raised:
            SerialPort(device)
        first.close()
    assert raised.value.holder == f"ModemManager (pid {os.getpid()})"
