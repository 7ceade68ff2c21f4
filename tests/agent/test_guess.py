"""A port of which nothing says that it is a modem's, and that is silent: no modem, unless one answered there before."""

from pathlib import Path

import pytest

from agent.guess import answered_before, guesses, none_found, remember
from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look
from modem.discover import Candidate
from modem.errors import PortBusy, PortLost
from modem.port import Port
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok

UART = Candidate("/dev/ttyS0")
SCANNER = Candidate("/dev/ttyACM0", usb_path="1-2:1.0", vendor_id="0C2E", product_id="0B6A", driver="cdc_acm")
MODEM = Candidate("/dev/ttyUSB2", usb_path="1-1:1.2", vendor_id="2C7C", product_id="0125", driver="option1")


def test_ids_driver_or_kind_say_that_it_is_a_modem_and_a_past_answer_does() -> None:
    unknown_ids = Candidate("/dev/ttyUSB0", vendor_id="05C6", product_id="9999", driver="option1")
    on_pcie = Candidate("/dev/wwan0at0")
    assert guesses([UART, SCANNER, MODEM, unknown_ids, on_pcie], "") == {"/dev/ttyS0", "/dev/ttyACM0"}
    assert guesses([UART, SCANNER], "/dev/ttyS0") == {"/dev/ttyACM0"}


def test_a_long_list_of_silent_ports_is_cut() -> None:
    assert str(none_found([f"/dev/ttyS{number}" for number in range(9)])).endswith("/dev/ttyS3 …")


def test_the_memory_is_no_trouble_where_it_cannot_be_had(tmp_path: Path) -> None:
    remember(tmp_path / "nowhere", "/dev/ttyS0")
    assert answered_before(tmp_path / "nowhere") == ""
    (tmp_path / "modem-port").write_bytes(b"\xff" * 9999)
    assert len(answered_before(tmp_path)) <= 256


class Machine:
    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, *found: Candidate) -> None:
        self.folder, self.found, self.clock, self.looks = folder, found, FakeClock(), list[Look]()
        self.answers = ""
        self.trouble: dict[str, PortLost] = {}
        for user in ("agent.find_port", "agent.workers.opening"):
            patch.setattr(f"{user}.candidates", lambda: self.found)
        patch.setattr("modem.modemmanager.presence", Nobody)

    def opened(self, device: str) -> Port:
        if device in self.trouble:
            raise self.trouble[device]
        return FakePort(self.clock, {}, otherwise=ok("867223041234567") if device == self.answers else b"")

    def start(self) -> Look:
        """A new daemon's first look."""
        body = ModemBody(ModemSettings(state_dir=self.folder), self.clock, self.looks.append, self.opened)
        body.step(self.clock.monotonic())
        body.close()
        return self.looks[-1]


class Nobody:
    running = False
    ports = None


def test_a_first_start_with_a_silent_uart_finds_no_modem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Machine(tmp_path, monkeypatch, SCANNER, UART).start()
    assert (look.port.problem, look.port.device, look.port.answers) == ("missing", None, None)
    assert [one.text for one in look.evidence] == ["no modem found; no answer on /dev/ttyACM0, /dev/ttyS0"]


def test_a_uart_whose_modem_answered_before_is_silent_even_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path, monkeypatch, SCANNER, UART)
    machine.answers = "/dev/ttyS0"
    assert machine.start().port.device == "/dev/ttyS0"
    machine.answers = ""
    look = machine.start()
    assert (look.port.problem, look.port.device, look.port.answers) == (None, "/dev/ttyS0", False)


def test_a_known_modem_that_is_silent_is_called_so_whatever_else_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Machine(tmp_path, monkeypatch, SCANNER, MODEM, UART).start()
    assert (look.port.device, look.port.answers) == ("/dev/ttyUSB2", False)
    assert not (tmp_path / "modem-port").exists()


def test_a_port_that_is_held_may_be_the_modem_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path, monkeypatch, SCANNER, UART)
    machine.trouble["/dev/ttyS0"] = PortBusy("held", "pppd (pid 7)")
    assert (machine.start().port.problem, machine.looks[-1].port.holder) == ("busy", "pppd (pid 7)")
