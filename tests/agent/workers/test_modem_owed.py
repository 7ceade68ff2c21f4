"""Something ends the agent, or the port, between off and on: the modem is switched on again."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from agent.clock import Deadline
from agent.control import Json, Refused
from agent.owed import FILE, Owed
from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look, UseModem
from modem.client import Modem
from modem.errors import LineHeld, ModemError, PortLost
from modem.events import Event
from modem.port import Port
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock

ON = "AT+CFUN=1"
Heed = Callable[[Iterable[Event]], None]


class HeardPort(MemoryPort):
    """Says what was written to it; `deaf` to what contains this."""

    def __init__(self, clock: FakeClock, written: list[str], deaf: bytes | None = None) -> None:
        super().__init__(load("healthy-lte"), clock)
        self._written, self._deaf = written, deaf

    def write(self, data: bytes, timeout_s: float) -> None:
        self._written.append(data.decode("ascii").strip())
        if self._deaf is None or self._deaf not in data:
            super().write(data, timeout_s)


class Terminal:
    """One state folder, and one body after another on it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.folder = folder
        self.written: list[str] = []
        self.outcomes: list[Json | ModemError | Refused] = []
        self.looks: list[Look] = []
        self.deaf: bytes | None = None

    def body(self) -> ModemBody:
        settings = ModemSettings(port="/dev/modem", light_s=60.0, deep_s=900.0, state_dir=self.folder)
        return ModemBody(settings, self.clock, self.looks.append, self.open)

    def open(self, _device: str) -> Port:
        return HeardPort(self.clock, self.written, self.deaf)

    def order(self, work: Callable[[Modem, Heed], Json]) -> UseModem:
        until = Deadline.after(30.0, self.clock)
        return UseModem("radio", work, until, self.outcomes.append, back=(ON,))

    def step(self, body: ModemBody) -> None:
        body.step(self.clock.monotonic())


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def off(modem: Modem, _heed: Heed) -> Json:
    modem.exchange("AT+CFUN=0")
    return {}


def off_and_gone(modem: Modem, heed: Heed) -> Json:
    off(modem, heed)
    raise PortLost("pulled")


def test_while_it_is_off_the_disk_knows_what_is_owed(terminal: Terminal) -> None:
    noted: list[tuple[str, ...]] = []

    def work(_modem: Modem, _heed: Heed) -> Json:
        noted.append(Owed(terminal.folder).commands)
        return {"ok": True}

    body = terminal.body()
    body.post(terminal.order(work))
    terminal.step(body)
    assert noted == [(ON,)]
    assert terminal.outcomes == [{"ok": True}]
    assert not (terminal.folder / FILE).exists()


def test_the_next_start_switches_on_before_it_looks_and_only_once(terminal: Terminal) -> None:
    Owed(terminal.folder).note((ON,))
    body = terminal.body()
    terminal.step(body)
    assert terminal.written.count(ON) == 1
    assert terminal.looks[0].part.network.registration == "home"
    terminal.clock.advance(60.0)
    terminal.step(body)
    terminal.step(terminal.body())
    assert terminal.written.count(ON) == 1


def test_a_port_that_goes_in_between_is_made_up_for_when_it_is_back(terminal: Terminal) -> None:
    body = terminal.body()
    body.post(terminal.order(off_and_gone))
    terminal.step(body)
    assert ON not in terminal.written
    terminal.clock.advance(60.0)
    terminal.step(body)
    assert terminal.written.count(ON) == 1
    assert not (terminal.folder / FILE).exists()


def test_a_modem_that_says_nothing_to_it_is_asked_again_with_the_next_look(terminal: Terminal) -> None:
    Owed(terminal.folder).note((ON,))
    terminal.deaf = b"CFUN=1"
    body = terminal.body()
    terminal.step(body)
    assert Owed(terminal.folder).commands == (ON,)
    terminal.clock.advance(60.0)
    terminal.step(body)
    assert terminal.written.count(ON) == 2


@pytest.mark.parametrize("refusal", [Refused("held", "a payment holds the line")])
def test_a_work_that_did_not_begin_owes_nothing(terminal: Terminal, refusal: Refused) -> None:
    def work(_modem: Modem, _heed: Heed) -> Json:
        raise refusal

    body = terminal.body()
    body.post(terminal.order(work))
    terminal.step(body)
    assert terminal.outcomes == [refusal]
    assert not (terminal.folder / FILE).exists()


def test_what_a_payment_cut_short_is_made_up_for_with_the_next_look(terminal: Terminal) -> None:
    def work(modem: Modem, heed: Heed) -> Json:
        off(modem, heed)
        raise LineHeld("the modem")

    body = terminal.body()
    body.post(terminal.order(work))
    terminal.step(body)
    assert [line for line in terminal.written if "CFUN=" in line] == ["AT+CFUN=0", ON]
    assert terminal.looks[-1].part.network.registration == "home"


def test_what_cannot_be_noted_is_not_switched_off(terminal: Terminal) -> None:
    (terminal.folder / f"{FILE}.new").mkdir()
    body = terminal.body()
    body.post(terminal.order(off))
    terminal.step(body)
    assert isinstance(terminal.outcomes[0], Refused)
    assert terminal.outcomes[0].code == "disk"
    assert "AT+CFUN=0" not in terminal.written
