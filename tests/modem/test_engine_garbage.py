"""Whatever comes in, in whatever order: nothing raises, nothing grows, and a sane answer is still heard afterwards."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from modem.engine import Engine
from modem.events import Command, Event, Reply, Synced
from modem.flight import MAX_REPLY
from modem.lines import MAX_LINE, raw
from modem.moves import State
from tests.modem.wires import SMALL, exchanges

FRAGMENTS = [
    *(b"\r\n", b"\r", b"\n", b"> ", b">", b"\x1a", b"\x1b", b"\0", b"\xff" * 7, b'"', b"AT", b"AT+CSQ\r"),
    *(b"OK\r\n", b"ERROR\r\n", b"+CME ERROR: 10\r\n", b"CONNECT\r\n", b"NO CARRIER\r\n", b"RDY\r\n"),
    *(b"+CSQ: 1,99\r\n", b"+CREG: 1\r\n", b"+CREG: 0,1\r\n", b"+CMT: ,25\r\n", b'+CUSD: 0,"x\r\n', b'y",15\r\n'),
    *(b'+CMGR: "REC READ"\r\n', b"+CMEE: (0-2)\r\n", b"013\r\n", b"x" * 9000, b"\r\n".join([b"line"] * 50)),
]
COMMANDS = [
    Command("AT+CSQ", ("+CSQ:",)),
    Command("ATI"),
    Command("AT+CREG?", ("+CREG:",), 1.0),
    Command("AT+CMGS=5", payload=b"0011\x1a"),
    Command("ATD*99#"),
    Command("AT+CMGR=1", ("+CMGR:",)),
    Command("AT+X?", follows=("+Y:",)),
    Command("ATE0"),
]
BOUND = MAX_LINE + MAX_REPLY

moves = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        st.binary(max_size=40),
        st.floats(0.0, 20.0),
        st.sampled_from(COMMANDS),
    ),
    max_size=60,
)


def live(engine: Engine, steps: list[bytes | float | Command]) -> tuple[list[Event], float]:
    """Let `steps` happen; commands only where they are allowed."""
    events: list[Event] = []
    now = 0.0
    for step in steps:
        if isinstance(step, bytes):
            events += engine.receive(step, now)
        elif isinstance(step, Command):
            if engine.state is State.IDLE:
                engine.send(step, now)
        else:
            now += step
            events += engine.tick(now)
        engine.outgoing()
        assert engine.held <= BOUND
        assert engine.deadline is None or engine.state not in (State.IDLE, State.DATA) or engine._urc
    return events, now


@settings(max_examples=400, deadline=None)
@given(moves)
def test_nothing_raises_and_memory_is_bounded(steps: list[bytes | float | Command]) -> None:
    engine = Engine(SMALL)
    events, _ = live(engine, steps)
    for event in events:
        if isinstance(event, Reply):
            assert all(raw(line) for line in event.lines)


@settings(max_examples=150, deadline=None)
@given(moves)
def test_a_sane_answer_is_heard_after_any_garbage(steps: list[bytes | float | Command]) -> None:
    engine = Engine(SMALL)
    _, now = live(engine, steps)
    now += 60.0
    engine.receive(b"\r\n", now)
    engine.tick(now)  # an answer that waits for more is over now; a command expires
    engine.receive(b"\r\nNO CARRIER\r\n", now)  # data mode as well
    for _ in range(60):
        now += 1.0
        engine.tick(now)
        probe = engine.outgoing()
        if b"CMEE" in probe:
            engine.receive(b"\r\n+CMEE: (0-2)\r\n\r\nOK\r\n", now)
    assert engine.state is State.IDLE
    engine.send(Command("AT+CGMM"), now)
    events = engine.receive(b"\r\nEC20F\r\n\r\nOK\r\n", now)
    assert [event.lines for event in events if isinstance(event, Reply)] == [("EC20F",)]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=20), st.integers(0, 1000))
def test_garbage_gives_the_same_events_however_it_is_cut(pieces: list[bytes], seed: int) -> None:
    data = b"".join(pieces)
    chance = random.Random(seed)
    for command in COMMANDS:
        whole, cut = Engine(SMALL), Engine(SMALL)
        whole.send(command, 0.0)
        cut.send(command, 0.0)
        marks = sorted(chance.randint(0, len(data)) for _ in range(5))
        parts = [data[start:end] for start, end in zip([0, *marks], [*marks, len(data)], strict=True)]
        assert whole.receive(data, 0.0) == [event for part in parts for event in cut.receive(part, 0.0)]
        assert whole.state is cut.state


def test_all_captures_in_one_endless_stream_with_flipped_bits() -> None:
    chance = random.Random(11)
    stream = bytearray(b"".join(wire.data for wire in exchanges()) * 3)
    for _ in range(len(stream) // 50):
        stream[chance.randrange(len(stream))] ^= 1 << chance.randrange(8)
    engine, now, synced, at = Engine(SMALL), 0.0, 0, 0
    while at < len(stream):
        if engine.state is State.IDLE:
            engine.send(chance.choice(COMMANDS), now)
        step = chance.randint(1, 64)
        events = engine.receive(bytes(stream[at : at + step]), now) + engine.tick(now)
        synced += sum(isinstance(event, Synced) for event in events)
        engine.outgoing()
        assert engine.held <= BOUND
        now, at = now + 0.05, at + step
    assert engine.state in State
