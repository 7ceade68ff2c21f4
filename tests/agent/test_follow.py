"""A modem is followed to its new name, and not mistaken for its twin."""

from collections.abc import Mapping

import pytest

from agent.follow import Had, had, in_order, is_another
from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look
from modem.discover import Candidate
from modem.errors import PortMissing
from modem.port import Port
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok


def port(name: str, place: str) -> Candidate:
    return Candidate(f"/dev/{name}", usb_path=place, vendor_id="2C7C", product_id="0125")


BEFORE = Had("/dev/ttyUSB2", "1-1:1.2", "867223041234567")


def test_without_a_past_the_order_is_that_of_likelihood() -> None:
    assert in_order("auto", [port("ttyUSB2", "1-1:1.2"), port("ttyUSB3", "1-1:1.3")], None) == [
        "/dev/ttyUSB2",
        "/dev/ttyUSB3",
    ]


def test_the_place_counts_then_the_same_modem_then_the_rest() -> None:
    found = [port("ttyUSB2", "1-2:1.2"), port("ttyUSB6", "1-1:1.3"), port("ttyUSB5", "1-1:1.2")]
    assert in_order("auto", found, BEFORE) == ["/dev/ttyUSB5", "/dev/ttyUSB6", "/dev/ttyUSB2"]


def test_a_modem_that_was_on_usb_is_not_looked_for_at_the_machines_own_uart() -> None:
    uart = Candidate("/dev/ttyS0")
    assert in_order("auto", [uart], BEFORE) == []
    assert in_order("auto", [uart, port("ttyUSB5", "1-2:1.2")], BEFORE) == ["/dev/ttyUSB5"]
    assert in_order("auto", [uart], None) == ["/dev/ttyS0"]
    assert in_order("auto", [uart], Had("/dev/ttyS0")) == ["/dev/ttyS0"]


def test_a_configured_kernel_name_is_followed_to_its_place() -> None:
    found = [port("ttyUSB2", "1-2:1.2"), port("ttyUSB5", "1-1:1.2")]
    assert in_order("/dev/ttyUSB2", found, BEFORE) == ["/dev/ttyUSB5", "/dev/ttyUSB2"]
    assert in_order("/dev/ttyUSB2", [port("ttyUSB2", "1-1:1.2")], BEFORE) == ["/dev/ttyUSB2"]
    assert in_order("/dev/ttyUSB2", [], BEFORE) == ["/dev/ttyUSB2"]


def test_a_link_stands_for_its_place_and_a_wired_port_for_itself() -> None:
    found = [port("ttyUSB5", "1-1:1.2")]
    for name in ("/dev/serial/by-path/pci-0000:00:14.0-usb-0:1:1.2-port0", "/dev/ttyS1", "/dev/modem"):
        assert in_order(name, found, BEFORE) == [name]


def test_a_modem_is_another_only_if_both_numbers_are_known() -> None:
    assert is_another("860000000000000", BEFORE)
    assert not is_another(BEFORE.imei, BEFORE)
    assert not is_another(None, BEFORE)
    assert not is_another("860000000000000", Had("/dev/ttyUSB2"))
    assert not is_another("860000000000000", None)


def test_what_is_remembered_is_the_place() -> None:
    assert had("/dev/ttyUSB5", "1", [port("ttyUSB5", "1-1:1.2")]) == Had("/dev/ttyUSB5", "1-1:1.2", "1")
    assert had("/dev/pts/3", None, []) == Had("/dev/pts/3", None, None)


# -- the daemon's worker


class Bus:
    """Two modems of one kind on a machine whose names change."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.plugged: dict[str, tuple[str, str]] = {}
        self.open: FakePort | None = None

    def candidates(self) -> tuple[Candidate, ...]:
        return tuple(port(name, place) for name, (place, _) in sorted(self.plugged.items()))

    def opened(self, device: str) -> Port:
        name = device.removeprefix("/dev/")
        if name not in self.plugged:
            raise PortMissing(device)
        answers: Mapping[str, list[bytes]] = {"AT+CGSN": [ok(self.plugged[name][1])]}
        self.open = FakePort(self.clock, dict(answers), otherwise=ok())
        return self.open

    def unplug(self) -> None:
        assert self.open is not None
        self.plugged, self.open.lost = {}, "unplugged"


ONE, TWO = "867223041234567", "867223047654321"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Bus:
    machine = Bus(FakeClock())
    for user in ("agent.find_port", "agent.workers.opening"):
        monkeypatch.setattr(f"{user}.candidates", machine.candidates)
    monkeypatch.setattr("modem.modemmanager.presence", _Nobody)
    return machine


class _Nobody:
    running = False
    ports = None


def body_on(bus: Bus, name: str = "auto") -> tuple[ModemBody, list[Look]]:
    looks: list[Look] = []
    return ModemBody(ModemSettings(name), bus.clock, looks.append, bus.opened), looks


def step_until_open(body: ModemBody, bus: Bus, looks: list[Look]) -> Look:
    for _ in range(20):
        bus.clock.advance(31.0)
        body.step(bus.clock.monotonic())
        if looks and looks[-1].port.problem is None and looks[-1].part.modem.imei:
            return looks[-1]
    raise AssertionError(looks[-1])


@pytest.mark.parametrize("name", ["auto", "/dev/ttyUSB2"])
def test_the_daemon_follows_a_modem_to_its_new_name(bus: Bus, name: str) -> None:
    bus.plugged = {"ttyUSB2": ("1-1:1.2", ONE)}
    body, looks = body_on(bus, name)
    assert step_until_open(body, bus, looks).port.device == "/dev/ttyUSB2"
    bus.unplug()
    bus.clock.advance(61.0)
    body.step(bus.clock.monotonic())
    assert looks[-1].port.problem == "lost"
    bus.plugged = {"ttyUSB5": ("1-1:1.2", ONE)}
    assert step_until_open(body, bus, looks).port.device == "/dev/ttyUSB5"


@pytest.mark.parametrize("name", ["auto", "/dev/ttyUSB2"])
def test_of_two_twins_that_changed_names_the_daemon_keeps_its_own(bus: Bus, name: str) -> None:
    bus.plugged = {"ttyUSB2": ("1-1:1.2", ONE), "ttyUSB6": ("1-2:1.2", TWO)}
    body, looks = body_on(bus, name)
    assert step_until_open(body, bus, looks).part.modem.imei == ONE
    bus.unplug()
    bus.clock.advance(61.0)
    body.step(bus.clock.monotonic())
    bus.plugged = {"ttyUSB2": ("1-2:1.2", TWO), "ttyUSB6": ("1-1:1.2", ONE)}
    assert step_until_open(body, bus, looks).part.modem.imei == ONE


def test_a_twin_moved_to_another_socket_is_found_by_its_imei(bus: Bus) -> None:
    bus.plugged = {"ttyUSB2": ("1-1:1.2", ONE), "ttyUSB6": ("1-2:1.2", TWO)}
    body, looks = body_on(bus)
    step_until_open(body, bus, looks)
    bus.unplug()
    bus.clock.advance(61.0)
    body.step(bus.clock.monotonic())
    bus.plugged = {"ttyUSB2": ("1-1:1.2", TWO), "ttyUSB6": ("1-2:1.2", ONE)}
    assert step_until_open(body, bus, looks).part.modem.imei == ONE


def test_a_modem_that_was_replaced_is_taken_when_there_is_no_other(bus: Bus) -> None:
    bus.plugged = {"ttyUSB2": ("1-1:1.2", ONE)}
    body, looks = body_on(bus)
    step_until_open(body, bus, looks)
    bus.unplug()
    bus.clock.advance(61.0)
    body.step(bus.clock.monotonic())
    bus.plugged = {"ttyUSB2": ("1-1:1.2", TWO)}
    assert step_until_open(body, bus, looks).part.modem.imei == TWO
