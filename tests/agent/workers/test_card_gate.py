"""When sending waits for a word about the card: after a doubt, until a look that began later; never for ever."""

from random import Random

import pytest

from agent.outbox.base import Record, RecordClass
from agent.outbox.memory import MemoryOutbox
from agent.sample.link import Session, session_of
from agent.uplink.sender import Sender, SenderSettings
from agent.wire import stored
from agent.workers.card_gate import CARD_FIRST_S, CardGate
from agent.workers.news import CARD, NEWS, doubts_card
from agent.workers.uplink import UplinkBody
from modem.events import Restarted, Urc
from tests.fakes.clock import FakeClock
from tests.fakes.transport import FakeCentre, FlakyTransport


class Rig:
    """A gate, an uplink behind it, and a link whose session the test changes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.session: Session = ("7", "1", ("10.0.0.1",))
        self.read = 0
        self.looks = 0
        self.sights = 0
        self.card: str | None = "89860400000000000001"
        self.gate = CardGate(self.clock, self._look, self._see, self._session)
        self.outbox, self.centre = MemoryOutbox(), FakeCentre()
        transport = FlakyTransport(self.centre, Random(1))
        sender = Sender(self.outbox, transport, SenderSettings(), self.clock, Random(1), sure=self.gate.sure)
        self.body = UplinkBody(sender, transport, self.clock, card=self.gate)

    def _look(self) -> None:
        self.looks += 1

    def _see(self) -> None:
        self.sights += 1

    def _session(self, _name: str) -> Session:
        self.read += 1
        return self.session

    def know(self) -> bool:
        return self.gate.certain(self.clock.monotonic(), "wwan0", self.card)

    def send(self) -> int:
        """One thing more to send and one step; how many the centre has by then."""
        at = self.clock.wall()
        self.outbox.put(Record(RecordClass.CHANGE, at, stored("verdict", at, {"n": len(self.centre.records)})))
        self.body.send(force=True)
        self.body.step(self.clock.monotonic())
        return len(self.centre.records)


def test_nothing_is_sent_before_the_first_word_and_what_waited_goes_then() -> None:
    rig = Rig()
    assert rig.send() == 0
    assert rig.body.idle.is_set()
    rig.clock.advance(3.0)
    assert rig.know()
    rig.body.step(rig.clock.monotonic())
    assert len(rig.centre.records) == 1


def test_the_wait_for_a_word_is_bounded() -> None:
    rig = Rig()
    opens = rig.gate.opens()
    assert opens == rig.clock.monotonic() + CARD_FIRST_S
    rig.clock.advance(CARD_FIRST_S - 1)
    rig.gate.doubt()
    assert rig.gate.opens() == opens, "another doubt makes it no longer"
    rig.clock.advance(1)
    assert rig.send() == 1


def test_a_look_that_began_before_the_doubt_is_no_word() -> None:
    rig = Rig()
    rig.know()
    began = rig.clock.monotonic()
    rig.clock.advance(1.0)
    rig.gate.doubt()
    assert not rig.gate.certain(began, "wwan0", rig.card)
    assert rig.send() == 0
    rig.clock.advance(2.0)
    assert rig.know()
    assert rig.send() == 2, "and what waited"


@pytest.mark.parametrize("session", [("8", "1", ("10.0.0.1",)), ("7", "3", ("10.0.0.1",)), ("7", "1", ("10.0.0.9",))])
def test_a_link_that_came_up_anew_is_a_doubt_and_asks_for_a_look_once(session: Session) -> None:
    rig = Rig()
    rig.know()
    assert (rig.send(), rig.looks) == (1, 0)
    rig.session = session
    assert (rig.send(), rig.looks) == (1, 1)
    rig.clock.advance(1.0)
    assert (rig.send(), rig.looks) == (1, 1), "it was asked for"
    assert rig.know()
    rig.body.step(rig.clock.monotonic())
    assert len(rig.centre.records) == 3


def test_a_link_that_nobody_could_vouch_for_is_gone_by_after_the_wait() -> None:
    rig = Rig()
    rig.know()
    rig.session = ("8", "1", ())
    assert rig.send() == 0
    rig.clock.advance(CARD_FIRST_S)
    assert rig.send() == 2
    assert rig.looks == 1


def test_where_nothing_happens_the_link_is_read_and_nothing_else() -> None:
    rig = Rig()
    rig.know()
    assert not rig.know(), "no wake-up: there was no doubt"
    assert [rig.send() for _ in range(5)] == [1, 2, 3, 4, 5]
    assert rig.looks == 0
    assert rig.read == 7, "twice with a look, once with an exchange"


def test_what_else_needs_the_line_waits_for_the_sight_too() -> None:
    rig = Rig()
    rig.know()
    rig.clock.advance(900.0)
    done: list[float] = []
    assert rig.body.do(lambda: done.append(rig.clock.monotonic()))
    rig.body.step(rig.clock.monotonic())
    assert (done, rig.sights) == ([], 1)
    assert rig.gate.seen(rig.clock.monotonic(), rig.card)
    rig.body.step(rig.clock.monotonic())
    assert len(done) == 1


def test_with_nothing_to_send_the_card_is_not_asked_for() -> None:
    rig = Rig()
    rig.know()
    for _ in range(10):
        rig.clock.advance(300.0)
        rig.body.step(rig.clock.monotonic())
    assert rig.sights == 0


def test_what_is_posted_while_the_last_step_ends_is_not_idleness() -> None:
    rig = Rig()
    rig.know()
    rig.body.idle.clear()
    rig.body.do(rig.body.send)  # while a step is under way
    rig.body.step(rig.clock.monotonic())
    assert not rig.body.idle.is_set()
    rig.body.step(rig.clock.monotonic())
    assert rig.body.idle.is_set()


def test_a_session_is_told_from_the_next_one_by_the_kernel() -> None:
    index, changes, addresses = session_of("lo")
    assert index.strip() == "1"
    assert changes.strip().isdigit()
    assert addresses == ("127.0.0.1",)
    assert "lo" in session_of("")[0].split(",")
    assert session_of("gone0") == ("", "", ())


@pytest.mark.parametrize(
    "line",
    [
        "+CPIN: NOT READY", "+QSIMSTAT: 1,0", "+QUSIM: 1", "^SIMST: 255,0", "#QSS: 0", "+SIMCARD: NOT AVAILABLE",
        "+SIM DROP", "+CGEV: NW DETACH", "+CGEV: ME DETACH", "$QCSIMSTAT: 1, 0", "%XSIM: 0",
    ],
)  # fmt: skip
def test_what_a_modem_says_of_its_card_is_a_doubt_and_brings_a_look(line: str) -> None:
    assert doubts_card(Urc((line,)))
    assert line.startswith(NEWS)


def test_other_news_are_no_doubt() -> None:
    assert doubts_card(Restarted("RDY"))
    for line in ("+CEREG: 2", "+CGEV: ME PDN ACT 1", "^RSSI: 18", '+CMTI: "ME",1', "+CTZV: 32"):
        assert not doubts_card(Urc((line,)))
    assert set(CARD) < set(NEWS)
