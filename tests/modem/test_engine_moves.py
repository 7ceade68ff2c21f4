"""States, moves, deadlines, prompts, data: what the engine does when all goes as it should, and misuse."""

import itertools
import re
from pathlib import Path

import pytest

import modem.engine
from modem.engine import Engine
from modem.errors import LocalProtocolError
from modem.events import Command, Expired, Outcome, Prompt, Reply, Restarted, Stray, Synced, Urc
from modem.moves import NEXT, Move, State
from tests.modem.wires import SMALL

PDU = b"0011000B916407281553F80000AA0AE8329BFD4697D9EC37\x1a"


def engine_with(command: str | Command) -> Engine:
    engine = Engine(SMALL)
    engine.send(Command(command) if isinstance(command, str) else command, 0.0)
    return engine


def test_every_state_is_reached_and_left() -> None:
    reached = set(NEXT.values())
    left = {state for (state, _), to in NEXT.items() if to is not state}
    assert reached == set(State)
    assert left == set(State) - {State.LOST}


def test_every_move_is_in_the_table_and_made_somewhere() -> None:
    source = modem.engine.__spec__
    assert source is not None
    assert source.origin is not None
    made = set(re.findall(r"Move\.([A-Z_]+)", Path(source.origin).read_text("utf-8").split("class Engine")[1]))
    assert made == {move.name for move in Move} == {move.name for _, move in NEXT}


def test_only_idle_may_send() -> None:
    assert [state for state in State if (state, Move.SENT) in NEXT] == [State.IDLE]


def test_a_port_may_be_lost_in_every_state() -> None:
    assert all(NEXT[state, Move.PORT_LOST] is State.LOST for state in State)


def test_an_exchange() -> None:
    engine = Engine(SMALL)
    command = Command("AT+CSQ", ("+CSQ:",))
    assert engine.send(command, 1.0) == b"AT+CSQ\r"
    (reply,) = engine.receive(b"AT+CSQ\r\r\n+CSQ: 19,99\r\n\r\nOK\r\n", 1.25)
    assert isinstance(reply, Reply)
    assert (reply.command, reply.lines, reply.final.outcome, reply.elapsed_s) == (
        command,
        ("+CSQ: 19,99",),
        Outcome.OK,
        0.25,
    )
    assert engine.state is State.IDLE


def test_a_refusal_is_a_reply() -> None:
    (reply,) = engine_with("AT+CIMI").receive(b"\r\n+CME ERROR: SIM not inserted\r\n", 0.1)
    assert isinstance(reply, Reply)
    assert (reply.final.outcome, reply.final.code) == (Outcome.REFUSED, 10)


def test_one_command_at_a_time() -> None:
    with pytest.raises(LocalProtocolError, match="one command at a time"):
        engine_with("AT").send(Command("AT"), 0.1)


@pytest.mark.parametrize("text", ["", "AT\rAT", "AT+CSQ\n", "OK", "+CSQ", "AT\x1b"])
def test_what_is_no_command_line_is_not_sent(text: str) -> None:
    with pytest.raises(LocalProtocolError):
        Engine(SMALL).send(Command(text), 0.0)


def test_nothing_is_sent_twice_by_the_refused_move() -> None:
    engine = Engine(SMALL)
    with pytest.raises(LocalProtocolError):
        engine.send(Command("nonsense"), 0.0)
    assert engine.state is State.IDLE
    assert engine.deadline is None


def test_deadline_is_a_moment_not_a_silence() -> None:
    command = Command("AT+COPS?", ("+COPS:",), timeout_s=5.0)
    engine = engine_with(command)
    for second in range(1, 5):
        engine.receive(b"\r\n^RSSI: 20\r\n", float(second))
        assert engine.deadline == 5.0
    (expired,) = engine.tick(5.0)
    assert expired == Expired(command, ())
    assert engine.state is State.RESYNC


def test_expired_tells_what_had_come() -> None:
    engine = engine_with(Command("AT+CPIN?", timeout_s=5.0))
    engine.receive(b"\r\n+CPIN: READY\r\n", 0.1)  # Wavecom multiband: no final result at all
    assert engine.tick(5.0) == [Expired(Command("AT+CPIN?", timeout_s=5.0), ("+CPIN: READY",))]


def test_payload_goes_out_after_the_prompt_and_its_echo_is_no_answer() -> None:
    engine = engine_with(Command("AT+CMGS=23", ("+CMGS:",), payload=PDU))
    assert engine.outgoing() == b""
    events = engine.receive(b"AT+CMGS=23\r\r\n> ", 0.1)
    assert [type(event) for event in events] == [Prompt]
    assert engine.outgoing() == PDU
    assert engine.outgoing() == b""
    (reply,) = engine.receive(PDU + b"\r\n+CMGS: 5\r\n\r\nOK\r\n", 0.2)
    assert isinstance(reply, Reply)
    assert reply.lines == ("+CMGS: 5",)


def test_refusal_instead_of_prompt() -> None:
    engine = engine_with(Command("AT+CMGS=23", payload=PDU))
    (reply,) = engine.receive(b"\r\n+CMS ERROR: 310\r\n", 0.1)
    assert isinstance(reply, Reply)
    assert reply.final.family == "cms"
    assert engine.outgoing() == b""


def test_expired_at_the_prompt_leaves_it_before_anything_else() -> None:
    engine = engine_with(Command("AT+CMGS=23", timeout_s=5.0, payload=PDU))
    engine.tick(5.0)
    assert engine.outgoing() == b"\x1b\r"


def test_connect_makes_the_bytes_somebody_elses() -> None:
    engine = engine_with("ATD*99***1#")
    (reply,) = engine.receive(b"\r\nCONNECT 150000000\r\n", 0.1)
    assert isinstance(reply, Reply)
    assert engine.state is State.DATA
    assert engine.receive(b"~\xff}#\xc0!}!\r\nOK\r\n\r\n+CREG: 1\r\n" + b"\xff" * 20_000, 1.0) == []
    with pytest.raises(LocalProtocolError):
        engine.send(Command("AT"), 1.0)


def test_no_carrier_ends_data() -> None:
    engine = engine_with("ATD*99#")
    engine.receive(b"\r\nCONNECT\r\n", 0.1)
    assert engine.receive(b"~~\r\nNO CARRIER\r\n", 9.0) == [Urc(("NO CARRIER",))]
    assert engine.state is State.IDLE


def test_a_restart_ends_data() -> None:
    engine = engine_with("ATD*99#")
    engine.receive(b"\r\nCONNECT\r\n", 0.1)
    assert engine.receive(b"\r\nRDY\r\n", 9.0) == [Restarted("RDY")]
    assert engine.state is State.IDLE


def test_leaving_data_by_hand_is_verified_by_a_probe() -> None:
    engine = engine_with("ATD*99#")
    engine.receive(b"\r\nCONNECT\r\n", 0.1)
    engine.leave_data(5.0)
    engine.tick(5.5)
    assert engine.outgoing() == b"AT+CMEE=?\r"
    engine.receive(b"\r\n+CMEE: (0-2)\r\n\r\nOK\r\n", 5.6)
    assert [type(event) for event in engine.tick(6.0)] == [Synced]
    assert engine.state is State.IDLE


def test_leaving_data_outside_data_is_a_mistake() -> None:
    with pytest.raises(LocalProtocolError):
        Engine(SMALL).leave_data(0.0)


def test_no_carrier_while_something_else_is_asked_is_news() -> None:
    engine = engine_with("AT+CSQ")
    assert engine.receive(b"\r\nNO CARRIER\r\n", 0.1) == [Urc(("NO CARRIER",))]
    assert engine.state is State.WAITING


def test_a_lost_port_ends_the_command_and_the_engine() -> None:
    engine = engine_with("AT+CSQ")
    events = engine.port_lost("unplugged")
    assert events == [Expired(Command("AT+CSQ"), ()), Stray("port lost: unplugged")]
    assert engine.receive(b"OK\r\n", 1.0) == []
    assert engine.deadline is None
    assert engine.port_lost("again") == [Stray("port lost: again")]
    with pytest.raises(LocalProtocolError):
        engine.send(Command("AT"), 1.0)


def test_a_declared_final_ends_its_command() -> None:
    (reply,) = engine_with(Command("AT+CIPSHUT", finals=("SHUT OK",))).receive(b"\r\nSHUT OK\r\n", 0.1)
    assert isinstance(reply, Reply)
    assert reply.final.outcome is Outcome.OK


def test_nothing_to_do_means_no_deadline() -> None:
    engine = engine_with("AT")
    engine.receive(b"OK\r\n", 0.1)
    assert engine.deadline is None


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_a_move_outside_the_table_is_refused_and_changes_nothing(state: State, move: Move) -> None:
    engine = Engine(SMALL)
    engine.state = state
    if (state, move) in NEXT:
        engine._move(move)
        assert engine.state is NEXT[state, move]
    else:
        with pytest.raises(LocalProtocolError):
            engine._move(move)
        assert engine.state is state
