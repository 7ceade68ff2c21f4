"""However a dialogue is cut into reads, the same events come out: captures whole, byte by byte, at every place."""

import random
from dataclasses import replace

import pytest

from modem.engine import Engine
from modem.events import Command, Event, Expired, Outcome, Reply, Restarted, Stray, Urc
from tests.modem.wires import SMALL, Wire, all_cuts, captures, exchanges, played, some_cuts, wire_bytes

WIRES = list(exchanges())
SHORT = 400
"""Bytes; longer wires are cut at seeded places instead of everywhere."""


def timeless(events: list[Event]) -> list[Event]:
    return [replace(event, elapsed_s=0.0) if isinstance(event, Reply) else event for event in events]


@pytest.mark.parametrize("wire", WIRES, ids=[wire.name for wire in WIRES])
def test_cutting_a_capture_changes_nothing(wire: Wire) -> None:
    whole = timeless(played(wire, [wire.data]))
    bytewise = [wire.data[at : at + 1] for at in range(len(wire.data))]
    assert timeless(played(wire, bytewise)) == whole
    cuts = all_cuts(wire.data) if len(wire.data) <= SHORT else some_cuts(wire.data, seed=len(wire.data), times=100)
    for pieces in cuts:
        assert timeless(played(wire, pieces)) == whole


NO_FINAL = {
    "quectel-ec2x-01-ppp-negotiation-fails-2": "the excerpt stops within CONNECT",
    "sierra-em7455-01-healthy-0": "the excerpt stops before OK",
    "sierra-em9191-01-healthy-6": "the excerpt stops before OK",
    "simcom-sim7000e-04-sim-off-because-cfun0-0": "OK came late, after the next command",
    "simcom-sim7000g-01-garbage-at-boot-0": "noise",
    "simcom-sim800l-04-healthy-5": "SHUT OK, which this command did not declare",
    "simcom-sim900-01-bearer-open-failed-2": "it restarted",
    "simcom-sim900-01-bearer-open-failed-4": "SHUT OK, which this command did not declare",
    "ublox-sara-r410m-01-signal-but-not-attached-0": "noise",
    "wavecom-multiband-01-missing-final-result-code-4": "this firmware sends no OK after +CPIN:",
}


@pytest.mark.parametrize("wire", WIRES, ids=[wire.name for wire in WIRES])
def test_a_capture_gives_exactly_one_reply_unless_it_has_no_final(wire: Wire) -> None:
    events = played(wire, [wire.data])
    assert sum(isinstance(event, Reply) for event in events) == (wire.name not in NO_FINAL)


@pytest.mark.parametrize("wire", WIRES, ids=[wire.name for wire in WIRES])
def test_no_reply_holds_an_echo_a_final_or_a_known_urc(wire: Wire) -> None:
    for event in played(wire, [wire.data]):
        if isinstance(event, Reply):
            assert wire.command not in event.lines
            assert not {"OK", "ERROR", "RDY", "SMS DONE", "PB DONE", "DST: 0"} & set(event.lines)


@pytest.mark.parametrize(("name", "capture"), list(captures()), ids=[name for name, _ in captures()])
def test_a_whole_session_gives_each_command_its_own_answer(name: str, capture: dict[str, object]) -> None:
    """One engine for all of it; unanswered commands expire, and nothing of one answer ends in the next."""
    engine, now = Engine(SMALL), 0.0
    for wire in [wire for wire in WIRES if wire.name.rsplit("-", 1)[0] == name and wire.name not in NO_FINAL]:
        command = Command(wire.command, timeout_s=30.0)
        engine.send(command, now)
        events = engine.receive(wire.data, now + 0.1) + engine.tick(now + 5.0)
        (reply,) = [event for event in events if isinstance(event, Reply)]
        assert reply.command is command
        assert timeless([reply]) == [
            one for one in timeless(played(wire, [wire.data], command)) if isinstance(one, Reply)
        ]
        if reply.final.outcome is Outcome.CONNECT:
            return
        now += 10.0


def test_recorded_chunks_are_read_as_they_came() -> None:
    seen = 0
    for _, capture in captures():
        for command, chunks in capture.get("rx_chunks", {}).items():
            wire = Wire("", command, b"")
            replies = [one for one in played(wire, [wire_bytes(chunk) for chunk in chunks]) if isinstance(one, Reply)]
            assert len(replies) == 1
            seen += 1
    assert seen >= 6


def test_urcs_glued_to_the_echo_of_the_next_command() -> None:
    """huawei-e1752-01: no empty line between news and echo."""
    wire = Wire("", "AT+CPIN?", b"+CGREG: 2\r\n^SRVST:0\r\nAT+CPIN?\r\r\n+CPIN: READY\r\n\r\nOK\r\n")
    first, second, reply = played(wire, [wire.data])
    assert (first, second) == (Urc(("+CGREG: 2",)), Urc(("^SRVST:0",)))
    assert isinstance(reply, Reply)
    assert reply.lines == ("+CPIN: READY",)


def test_trailing_bytes_of_the_next_dialogue_stay_for_it() -> None:
    """Every pair of short captures in one stream: the first reply is as alone."""
    chance = random.Random(7)
    plain = [wire for wire in WIRES if wire.name not in NO_FINAL and len(wire.data) < SHORT]
    for wire in chance.sample(plain, 60):
        alone = timeless(played(wire, [wire.data]))
        followed = timeless(played(wire, [wire.data + b"\r\n+CIEV: 1,2\r\n"]))
        assert [one for one in followed if one != Urc(("+CIEV: 1,2",))] == alone


def test_silence_is_an_expiry_and_nothing_else() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT", timeout_s=1.0), 0.0)
    assert engine.receive(b"", 0.5) == []
    assert [type(event) for event in engine.tick(1.0)] == [Expired]


def test_a_silent_reboot_within_a_command_is_told_and_the_answer_still_belongs() -> None:
    """quectel-ec21-j-01: boot news, RDY and an echo that was off precede the answer."""
    (wire,) = [one for one in WIRES if one.name.startswith("quectel-ec21-j-01") and b"RDY" in one.data]
    events = played(wire, [wire.data])
    assert Restarted("RDY") in events
    assert isinstance(events[-1], Reply)
    assert events[-1].lines == ("+CGREG: 0,1",)
    assert not any(isinstance(event, Stray) for event in events)
