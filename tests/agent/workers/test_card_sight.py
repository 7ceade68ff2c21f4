"""Before something is sent the modem is asked for the card's number alone; only another answer makes it a full look."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from agent.clock import Clock, Deadline
from agent.recover.hold import HoldSettings, Line, Speaker
from agent.sample.base import PortView, SimView
from agent.sample.modem import Depth, ModemPart
from agent.sample.modemmanager import ManagerLook
from agent.workers.modem import ModemBody
from agent.workers.modemmanager import ManagerBody, ManagerSettings
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look, SeeCard
from modem.errors import PortMissing
from modem.port import Port
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock

OURS = "89860000000000000001"
BEGINNING = f'[modem]\npersona = "quectel-ec20"\n[state]\niccid = "{OURS}"\n'
SWAP = '[[change]]\nat_s = 20\n[change.set]\niccid = "89860000000000000077"\n'
SILENCE = '[[fault]]\nkind = "silence"\nfrom_s = 20\n'
UNPLUGGED = '[[fault]]\nkind = "disappear"\nfrom_s = 20\n'


@dataclass
class Heard:
    """A port that keeps what is said to the modem."""

    port: MemoryPort
    said: list[bytes]

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        return self.port.read(max_bytes, timeout_s)

    def write(self, data: bytes, timeout_s: float) -> None:
        self.said.append(data)
        self.port.write(data, timeout_s)

    def close(self) -> None:
        self.port.close()


@dataclass
class Bench:
    """Looks are far apart; a sight is asked for by the test."""

    scenario: Path
    clock: FakeClock = field(default_factory=FakeClock)
    looks: list[Look] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)
    sights: list[str | None] = field(default_factory=list)
    missing: bool = False

    def __post_init__(self) -> None:
        self.line = Line(HoldSettings(), self.clock)
        self.body = ModemBody(
            ModemSettings(port="/dev/modem", light_s=36_000.0, deep_s=36_000.0), self.clock, self.looks.append,
            self._open, line=Speaker(self.line, "modem"), seen=self._seen,
        )  # fmt: skip
        self.body.step(self.clock.monotonic())
        self.clock.advance(25.0)
        self.looks.clear()
        self.said.clear()

    def _open(self, device: str) -> Port:
        if self.missing:
            raise PortMissing(f"{device}: not there")
        return Heard(MemoryPort(load(self.scenario), self.clock), self.said)

    def _seen(self, _began: float, card: str | None) -> bool:
        self.sights.append(card)
        return card == OURS

    def see(self) -> float:
        assert self.body.post(SeeCard())
        return self.body.step(self.clock.monotonic())

    @property
    def depths(self) -> list[Depth]:
        return [look.depth for look in self.looks]


@pytest.fixture
def bench(tmp_path: Path) -> Callable[[str], Bench]:
    def made(more: str = "") -> Bench:
        (tmp_path / "scenario.toml").write_text(BEGINNING + more)
        return Bench(tmp_path / "scenario.toml")

    return made


def test_the_same_card_costs_one_command_and_no_look(bench: Callable[[str], Bench]) -> None:
    at = bench("")
    at.see()
    assert at.said == [b"AT+QCCID\r"]
    assert at.sights == [OURS]
    assert at.looks == []


def test_another_card_is_looked_at_at_once(bench: Callable[[str], Bench]) -> None:
    at = bench(SWAP)
    at.see()
    assert at.sights == ["89860000000000000077"]
    assert at.depths == ["deep"]
    assert at.looks[0].part.sim.iccid == "89860000000000000077"
    assert at.looks[0].card_asked is not None


def test_a_modem_that_does_not_answer_is_no_sight_and_is_looked_at(bench: Callable[[str], Bench]) -> None:
    at = bench(SILENCE)
    at.see()
    assert at.sights == []
    assert at.depths == ["deep"]
    assert at.looks[0].part.port.answers is False


def test_without_a_modem_that_is_said(bench: Callable[[str], Bench]) -> None:
    at = bench(UNPLUGGED)
    at.see()
    assert at.looks[-1].port.problem == "lost"
    at.missing = True
    at.clock.advance(60.0)
    at.looks.clear()
    at.see()
    assert {look.port.problem for look in at.looks} == {"missing"}
    assert at.sights == []


def test_while_a_payment_holds_the_line_it_waits(bench: Callable[[str], Bench]) -> None:
    at = bench("")
    lease = at.line.take(60.0, 1)
    at.see()
    assert at.said == []
    assert at.line.release(lease.id)
    at.body.step(at.clock.monotonic())
    assert at.sights == [OURS]


class Through:
    """What ModemManager knows."""

    def __init__(self) -> None:
        self.depths: list[Depth] = []
        self.looks: list[Look] = []
        self.card, self.problem = OURS, False
        self.clock = FakeClock()
        settings = ManagerSettings("auto", 36_000.0, 36_000.0)
        self.body = ManagerBody(settings, self.clock, self.looks.append, self._look, seen=lambda _, card: card == OURS)
        self.body.step(self.clock.monotonic())
        self.looks.clear()
        self.depths.clear()

    def _look(
        self, port: str, wall: float, depth: Depth, deadline: Deadline, clock: Clock, *, measure_every_s: int = 0
    ) -> ManagerLook:
        self.depths.append(depth)
        if self.problem:
            return ManagerLook(PortView(problem="missing"))
        part = ModemPart(port=PortView(answers=True))
        return ManagerLook(PortView("/dev/cdc-wdm0"), replace(part, sim=SimView(state="ready", iccid=self.card)))

    def see(self) -> None:
        assert self.body.post(SeeCard())
        self.body.step(self.clock.monotonic())


def test_modemmanager_is_asked_what_it_knows_of_the_card() -> None:
    through = Through()
    through.see()
    assert (through.depths, through.looks) == (["light"], [])


def test_another_card_of_modemmanager_is_a_full_look() -> None:
    through = Through()
    through.card = "89860000000000000077"
    through.see()
    assert through.depths == ["light", "deep"]
    assert [look.card_asked is not None for look in through.looks] == [True]


def test_a_modemmanager_that_is_gone_is_said() -> None:
    through = Through()
    through.problem = True
    through.see()
    assert [look.port.problem for look in through.looks] == ["missing"]
