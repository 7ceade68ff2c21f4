"""ModemManager is asked to leave a device: only when the port is busy, and only for as long as we live."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.workers.truce import Truce
from modem.errors import PortBusy, PortForbidden, PortLost
from modem.modemmanager.manager import MODEM
from modem.port import Port
from modem.simulator import MemoryPort, load
from tests.fakes.eventually import eventually
from tests.fakes.modemmanager import Refusal, Service, pretended, private_bus

DEVICE = "/dev/ttyUSB2"
OBJECTS = {
    "/org/freedesktop/ModemManager1/Modem/0": {
        MODEM: {"Ports": ("a(su)", [("ttyUSB2", 3)]), "Device": ("s", "/sys/devices/usb1/1-1")}
    }
}


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    with private_bus(tmp_path) as address:
        yield address


class Socket:
    """A port that ModemManager has until it is asked to leave."""

    def __init__(self, trouble: PortLost | None = None) -> None:
        self.trouble = trouble
        self.inhibited: list[tuple[str, bool]] = []

    def open(self, device: str) -> Port:
        if self.trouble is not None:
            raise self.trouble
        return MemoryPort(load("healthy-lte"), SystemClock(), device=device)

    def inhibit(self, _path: str, uid: str, on: bool) -> tuple[str, tuple[Any, ...]]:
        self.inhibited.append((uid, on))
        self.trouble = None
        return "", ()


def manager(bus: str, socket: Socket) -> Service:
    return pretended(bus, OBJECTS, InhibitDevice=socket.inhibit)


def test_a_busy_port_is_opened_once_modemmanager_has_left(bus: str) -> None:
    socket = Socket(PortBusy("held", "ModemManager (pid 612)"))
    truce = Truce(socket.open, bus)
    with manager(bus, socket):
        truce.open(DEVICE).close()
        assert socket.inhibited == [("/sys/devices/usb1/1-1", True)]
        truce.close()


def test_a_port_that_opens_bothers_nobody(bus: str) -> None:
    socket = Socket()
    with manager(bus, socket):
        Truce(socket.open, bus).open(DEVICE).close()
    assert socket.inhibited == []


def test_other_troubles_than_a_holder_are_none_of_modemmanagers(bus: str) -> None:
    socket = Socket(PortForbidden("no"))
    with manager(bus, socket), pytest.raises(PortForbidden):
        Truce(socket.open, bus).open(DEVICE)
    assert socket.inhibited == []


def test_a_port_that_another_program_holds_stays_busy(bus: str) -> None:
    socket = Socket(PortBusy("held", "pppd (pid 5)"))
    with manager(bus, socket), pytest.raises(PortBusy):
        Truce(socket.open, bus).open("/dev/ttyUSB9")
    assert socket.inhibited == []


def test_a_modemmanager_that_refuses_leaves_the_port_busy(bus: str) -> None:
    def refuse(*_: object) -> tuple[str, tuple[Any, ...]]:
        raise Refusal("org.freedesktop.DBus.Error.AccessDenied", "only root")

    socket = Socket(PortBusy("held", "ModemManager (pid 612)"))
    with pretended(bus, OBJECTS, InhibitDevice=refuse), pytest.raises(PortBusy):
        Truce(socket.open, bus).open(DEVICE)


def test_without_modemmanager_a_busy_port_is_busy(bus: str) -> None:
    with pytest.raises(PortBusy):
        Truce(Socket(PortBusy("held")).open, bus).open(DEVICE)


def test_asking_again_gives_the_earlier_connection_up(bus: str) -> None:
    socket = Socket()
    truce = Truce(socket.open, bus)
    with manager(bus, socket):
        assert truce.ask(DEVICE)
        assert truce.ask(DEVICE)
        truce.close()
        truce.close()
    eventually(lambda: len(socket.inhibited) == 2, "both were asked")
