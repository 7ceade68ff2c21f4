"""After an expiry: a late answer is never given to the next command, whenever and however it comes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modem.engine import Engine
from modem.events import Command, Event, Expired, Reply, Stray, Synced, Urc
from modem.moves import State
from modem.resync import PROBES
from tests.modem.wires import SMALL

SIGNS = {
    "AT+CMEE=?": "+CMEE: (0-2)",
    "ATS3?": "013",
    "AT+CREG=?": "+CREG: (0-2)",
    "ATS4?": "010",
    "AT+CGREG=?": "+CGREG: (0-2)",
    "ATS5?": "008",
}


class Peer:
    """A modem that executes line by line in order, with a delay of its own for each; written from V.250."""

    def __init__(self, *, knows: set[str] | None = None, swallows: int = 0, latency_s: float = 0.02) -> None:
        self.knows = set(SIGNS) if knows is None else knows
        self.swallows = swallows
        self.latency_s = latency_s
        self.busy_until = 0.0
        self.due: list[tuple[float, bytes]] = []
        self.got: list[str] = []

    def write(self, data: bytes, now: float) -> None:
        for line in data.decode().replace("\x1b", "").split("\r"):
            if line:
                self.got.append(line)
                self._execute(line, now)

    def says(self, at: float, data: bytes) -> None:
        self.due = sorted([*self.due, (at, data)])

    def hangs_until(self, moment: float) -> None:
        self.busy_until = moment

    def _execute(self, line: str, now: float) -> None:
        if self.swallows and line in SIGNS:
            self.swallows -= 1
            return
        self.busy_until = max(self.busy_until, now) + self.latency_s
        self.says(self.busy_until, self._answer(line))

    def _answer(self, line: str) -> bytes:
        if line in SIGNS:
            return f"\r\n{SIGNS[line]}\r\n\r\nOK\r\n".encode() if line in self.knows else b"\r\nERROR\r\n"
        return f"\r\n+ANSWER: {line[3:]}\r\n\r\nOK\r\n".encode()


def run(engine: Engine, peer: Peer, now: float, until: float) -> tuple[list[Event], float]:
    """Let both live until the engine is idle or the moment `until`."""
    events: list[Event] = []
    while engine.state is not State.IDLE and now < until:
        arrival = peer.due[0][0] if peer.due else until
        now = max(now, min(arrival, engine.deadline or until, until))
        while peer.due and peer.due[0][0] <= now:
            events += engine.receive(peer.due.pop(0)[1], now)
        events += engine.tick(now)
        peer.write(engine.outgoing(), now)
    return events, now


def asked(engine: Engine, peer: Peer, text: str, now: float, *, timeout_s: float = 2.0) -> tuple[list[Event], float]:
    peer.write(engine.send(Command(text, timeout_s=timeout_s), now), now)
    return run(engine, peer, now, now + 300.0)


def replies(events: list[Event]) -> list[Reply]:
    return [event for event in events if isinstance(event, Reply)]


def test_late_answer_is_not_given_to_the_next_command() -> None:
    engine, peer = Engine(SMALL), Peer()
    peer.hangs_until(7.0)
    events, now = asked(engine, peer, "AT+FIRST", 0.0)
    assert not replies(events)
    assert Stray("+ANSWER: FIRST") in events
    assert Stray("OK") in events
    events, now = asked(engine, peer, "AT+SECOND", now)
    assert [reply.lines for reply in replies(events)] == [("+ANSWER: SECOND",)]


@pytest.mark.parametrize("late", [2.01, 2.2, 2.31, 2.5, 3.0, 3.4, 5.0, 8.0, 13.0, 21.0, 34.0, 55.0, 89.0])
def test_not_even_after_a_long_quiet(late: float) -> None:
    engine, peer = Engine(SMALL), Peer()
    peer.hangs_until(late)
    events, now = asked(engine, peer, "AT+FIRST", 0.0)
    (synced,) = [event for event in events if isinstance(event, Synced)]
    assert synced.sure
    events, now = asked(engine, peer, "AT+SECOND", now)
    assert [reply.lines for reply in replies(events)] == [("+ANSWER: SECOND",)]


def test_lost_answer_costs_one_probe() -> None:
    engine, peer = Engine(SMALL), Peer()
    engine.send(Command("AT+FIRST", timeout_s=2.0), 0.0)  # and nobody ever gets it
    events, now = run(engine, peer, 0.0, 60.0)
    assert [type(event) for event in events] == [Expired, Synced]
    assert peer.got == ["AT+CMEE=?"]
    assert now < 3.0


@pytest.mark.parametrize("swallowed", range(1, 6))
def test_a_swallowed_probe_is_followed_by_one_with_another_sign(swallowed: int) -> None:
    engine, peer = Engine(SMALL), Peer(swallows=swallowed)
    engine.send(Command("AT+FIRST", timeout_s=2.0), 0.0)
    run(engine, peer, 0.0, 120.0)
    assert engine.state is State.IDLE
    assert peer.got == [probe.text for probe in PROBES[: swallowed + 1]]


@pytest.mark.parametrize("known", list(SIGNS))
def test_any_one_known_probe_is_enough(known: str) -> None:
    engine, peer = Engine(SMALL), Peer(knows={known})
    peer.hangs_until(4.0)
    events, now = asked(engine, peer, "AT+FIRST", 0.0)
    assert [event.sure for event in events if isinstance(event, Synced)] == [True]
    events, _ = asked(engine, peer, "AT+SECOND", now)
    assert [reply.lines for reply in replies(events)] == [("+ANSWER: SECOND",)]


def test_a_modem_that_knows_no_probe_is_believed_after_a_long_quiet_and_that_is_said() -> None:
    engine, peer = Engine(SMALL), Peer(knows=set())
    peer.hangs_until(3.0)
    events, now = asked(engine, peer, "AT+FIRST", 0.0)
    assert [event.sure for event in events if isinstance(event, Synced)] == [False]
    events, _ = asked(engine, peer, "AT+SECOND", now)
    assert [reply.lines for reply in replies(events)] == [("+ANSWER: SECOND",)]


def test_the_sign_of_an_older_probe_is_not_enough() -> None:
    """The first probe's answer comes when the second is out: what follows it belongs to nobody's command yet."""
    engine = Engine(SMALL)
    engine.send(Command("AT+FIRST", timeout_s=2.0), 0.0)
    engine.tick(2.0)
    engine.tick(2.4)
    engine.tick(3.5)
    assert engine.outgoing() == b"AT+CMEE=?\rATS3?\r"
    engine.receive(b"\r\n+CMEE: (0-2)\r\n\r\nOK\r\n", 3.6)
    engine.tick(4.0)
    assert engine.state is State.RESYNC
    engine.receive(b"\r\n013\r\n\r\nOK\r\n", 4.1)
    engine.tick(4.4)
    assert engine.state is State.IDLE


def test_a_command_whose_answer_looks_like_a_sign_gets_other_probes() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+CMEE=?", timeout_s=2.0), 0.0)
    engine.tick(2.0)
    engine.tick(2.4)
    assert engine.outgoing() == b"ATS3?\r"


def test_a_backlog_answered_in_one_burst_is_waited_out() -> None:
    """Silent for a whole round and more, then everything at once: the repeated sign is not believed in mid-burst."""
    engine, peer = Engine(SMALL), Peer(latency_s=0.1)
    peer.hangs_until(40.0)
    events, now = asked(engine, peer, "AT+FIRST", 0.0)
    assert now > 40.0
    assert not peer.due
    events, _ = asked(engine, peer, "AT+SECOND", now)
    assert [reply.lines for reply in replies(events)] == [("+ANSWER: SECOND",)]


def test_news_without_end_does_not_keep_it_from_coming_back() -> None:
    """huawei-e3276-01: ^RSSI and ^HCSQ all the time; a wait for silence would never end."""
    engine, peer = Engine(SMALL), Peer()
    for tenth in range(300):
        peer.says(tenth / 10, b"\r\n^MODE:5,4\r\n")
    engine.send(Command("AT+FIRST", timeout_s=2.0), 0.0)
    events, now = run(engine, peer, 0.0, 29.0)
    assert engine.state is State.IDLE
    assert now < 5.0
    assert Urc(("^MODE:5,4",)) in events


def test_an_unsolicited_error_while_the_line_comes_back_is_no_answer() -> None:
    engine, peer = Engine(SMALL), Peer()
    peer.says(2.1, b"\r\n+CME ERROR: 14\r\n")
    peer.hangs_until(6.0)
    events, now = asked(engine, peer, "AT+FIRST", 0.0)
    assert Stray("+CME ERROR: 14") in events
    events, _ = asked(engine, peer, "AT+SECOND", now)
    assert [reply.lines for reply in replies(events)] == [("+ANSWER: SECOND",)]


def test_a_late_registration_answer_is_stray_and_news_is_still_news() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+CREG?", ("+CREG:",), timeout_s=2.0), 0.0)
    engine.tick(2.0)
    events = engine.receive(b'\r\n+CREG: 1,"5A1B","0A1B2C3D",7\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n\r\n+CEREG: 2\r\n', 2.1)
    assert events == [Urc(('+CREG: 1,"5A1B","0A1B2C3D",7',)), Stray("+CREG: 0,1"), Stray("OK"), Urc(("+CEREG: 2",))]


def test_the_echo_of_an_expired_command_is_no_answer() -> None:
    engine, peer = Engine(SMALL), Peer()
    engine.send(Command("AT+CGSN", timeout_s=2.0), 0.0)
    _, now = run(engine, peer, 0.0, 60.0)
    engine.send(Command("ATI", timeout_s=2.0), now)
    (reply,) = engine.receive(b"AT+CGSN\rATI\r\r\nQuectel\r\n\r\nOK\r\n", now)
    assert isinstance(reply, Reply)
    assert reply.lines == ("Quectel",)


def test_a_restart_is_not_waited_out() -> None:
    """A modem that boots says RDY in the pause after a round of unanswered probes: it is asked at once."""
    engine, now, probes = Engine(SMALL), 0.0, 6
    engine.send(Command("AT", timeout_s=1.0), now)
    while probes > 0:
        now = engine.deadline or now
        engine.tick(now)
        probes -= engine.outgoing().count(b"\r")
    engine.receive(b"\r\nRDY\r\n", now + 6.0)
    engine.tick(now + 6.5)
    assert engine.outgoing() == b"AT+CMEE=?\r"


def test_dead_silence_is_probed_forever_but_seldom() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT", timeout_s=1.0), 0.0)
    now, probes = 0.0, 0
    while now < 3600.0:
        now = engine.deadline or now
        engine.tick(now)
        probes += engine.outgoing().count(b"\r")
    assert engine.state is State.RESYNC
    assert 100 < probes < 900


@settings(max_examples=150, deadline=None)
@given(
    hang=st.floats(0.0, 60.0),
    latency=st.floats(0.001, 0.15),
    knows=st.sets(st.sampled_from(sorted(SIGNS)), min_size=1),
    swallows=st.integers(0, 3),
    seed=st.integers(0, 10_000),
)
def test_whatever_the_timing_an_answer_goes_to_its_own_command(
    hang: float, latency: float, knows: set[str], swallows: int, seed: int
) -> None:
    chance = random.Random(seed)
    engine, peer = Engine(SMALL), Peer(knows=knows, swallows=swallows, latency_s=latency)
    peer.hangs_until(hang)
    now = 0.0
    for number in range(6):
        if engine.state is State.IDLE:
            if chance.random() < 0.3:
                peer.hangs_until(max(peer.busy_until, now) + chance.uniform(0.0, 20.0))
            events, now = asked(engine, peer, f"AT+N{number}", now)
            assert all(reply.lines == (f"+ANSWER: N{number}",) for reply in replies(events))
