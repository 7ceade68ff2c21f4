"""Line by line: what is an echo, what is noise, what goes on after the OK, and what of it makes the owner wait."""

from dataclasses import replace

import pytest

from modem.dialect import Dialect
from modem.engine import MAX_URC_LINES, Engine
from modem.events import Command, Event, Final, Outcome, Overflow, Reply, Restarted, Stray, Urc
from modem.lines import MAX_LINE
from modem.moves import State
from tests.modem.wires import SMALL

CALLS = replace(SMALL, urcs={**SMALL.urcs, "NO CARRIER": lambda _lines: ()})
"""As every dialect of ours: the end of a call is news."""
FOLLOWED = Command("AT+EEMGINFO?", ("+EEMGINFO:",), 5.0, follows=("+EEMLTESVC:",))
"""airm2m-air724ug-01: +EEMLTESVC comes after the OK of AT+EEMGINFO?."""


def asked(command: str | Command, dialect: Dialect = SMALL) -> Engine:
    engine = Engine(dialect)
    engine.send(Command(command) if isinstance(command, str) else command, 0.0)
    return engine


def lines_of(command: str, data: bytes) -> tuple[str, ...]:
    (reply,) = [event for event in asked(command).receive(data, 0.1) if isinstance(event, Reply)]
    return reply.lines


def finals(events: list[Event]) -> list[Final]:
    return [event.final for event in events if isinstance(event, Reply)]


# -- what may be sent


@pytest.mark.parametrize("text", ["at+csq", "A/", "a/"])
def test_a_command_line_begins_with_at_or_repeats_the_last(text: str) -> None:
    """V.250 §5.2.1 and §5.2.4, in either case."""
    assert Engine(SMALL).send(Command(text), 0.0) == text.encode() + b"\r"


# -- lines


def test_blanks_behind_a_line_are_none_of_it() -> None:
    assert Engine(SMALL).receive(b"\r\nEC20F  \r\n", 0.0) == [Stray("EC20F")]


def test_a_line_without_end_is_thrown_away_and_said_so() -> None:
    engine = asked("AT+CGMM")
    assert engine.receive(b"x" * MAX_LINE, 0.1) == [Overflow(MAX_LINE)]
    events = engine.receive(b"xxx\r\nEC20F\r\n\r\nOK\r\n", 0.2)
    assert events[0] == Overflow(3)
    assert [event.lines for event in events if isinstance(event, Reply)] == [("EC20F",)]


def test_what_is_kept_of_an_answer_is_counted() -> None:
    engine = asked("ATI")
    engine.receive(b"Quectel\r\nEC20F\r\nRevi", 0.1)
    assert engine.held >= len("QuectelEC20FRevi")
    engine.receive(b"sion\r\nOK\r\n", 0.2)
    assert engine.held == 0


def test_an_answer_beyond_the_bound_is_cut_and_says_so() -> None:
    engine = asked("ATI")
    for _ in range(40):
        engine.receive(b"x" * (MAX_LINE - 100) + b"\r\n", 0.1)
    overflow, reply = engine.receive(b"OK\r\n", 0.2)
    assert isinstance(overflow, Overflow)
    assert isinstance(reply, Reply)
    assert reply.truncated
    assert overflow.dropped + sum(map(len, reply.lines)) == 40 * (MAX_LINE - 100)


def test_an_expired_answer_beyond_the_bound_says_so_too() -> None:
    engine = asked("ATI")
    for _ in range(40):
        engine.receive(b"x" * (MAX_LINE - 100) + b"\r\n", 0.1)
    assert [type(event).__name__ for event in engine.tick(60.0)] == ["Overflow", "Expired"]


# -- echo


def test_an_echo_is_known_whatever_blanks_are_around_it() -> None:
    assert lines_of("AT+CGMM ", b"AT+CGMM \r\r\nEC20F\r\n\r\nOK\r\n") == ("EC20F",)
    assert lines_of("AT+CGMM", b" AT+CGMM\r\r\nEC20F\r\n\r\nOK\r\n") == ("EC20F",)


@pytest.mark.parametrize("text", ["AT+CGSN", "AT+CGSN "])
def test_an_echo_glued_to_news_that_lost_its_end_is_taken_apart(text: str) -> None:
    events = asked(text).receive(b"+CREG: 1AT+CGSN \r\r\n867223041234567\r\n\r\nOK\r\n", 0.1)
    assert events[0] == Urc(("+CREG: 1",))
    assert [event.lines for event in events if isinstance(event, Reply)] == [("867223041234567",)]


def test_an_echo_that_comes_behind_its_answer_is_nobodys_line() -> None:
    engine = asked("AT+CGMM")
    engine.receive(b"EC20F\r\nOK\r\n", 0.1)
    assert engine.receive(b"AT+CGMM\r\n", 0.2) == []


def test_a_short_command_at_the_end_of_a_line_is_no_echo() -> None:
    assert lines_of("ATI", b"made by KATI\r\nOK\r\n") == ("made by KATI",)


def test_after_the_echo_a_line_that_ends_like_the_command_is_no_echo() -> None:
    assert lines_of("AT+CGMM", b"AT+CGMM\r\r\nthis is AT+CGMM\r\nOK\r\n") == ("this is AT+CGMM",)


def test_an_echo_of_the_command_before_is_not_taken_for_this_ones() -> None:
    engine = asked("AT+CGMM")
    engine.receive(b"EC20F\r\nOK\r\n", 0.1)
    engine.send(Command("AT+CGSN"), 0.2)
    events = engine.receive(b"AT+CGMM\r\n+CREG: 1AT+CGSN\r\r\n867223041234567\r\n\r\nOK\r\n", 0.3)
    assert events[0] == Urc(("+CREG: 1",))
    assert [event.lines for event in events if isinstance(event, Reply)] == [("867223041234567",)]


@pytest.mark.parametrize("text", ["AT+CGMM", "AT+CGMM "])
def test_what_resembles_an_echo_is_one_only_before_the_answer(text: str) -> None:
    assert lines_of(text, b"+CGMM\r\nEC20F\r\nOK\r\n") == ("EC20F",)
    assert lines_of(text, b"AT+CGMM\r\n+CGMM\r\nOK\r\n") == ("+CGMM",)
    assert lines_of(text, b"EC20F\r\n+CGMM\r\nOK\r\n") == ("EC20F", "+CGMM")


def test_once_echo_is_off_nothing_resembles_one() -> None:
    engine = asked("ATE0")
    engine.receive(b"ATE0\r\r\nOK\r\n", 0.1)
    engine.send(Command("AT+CGMM"), 0.2)
    (reply,) = engine.receive(b"+CGMM\r\nOK\r\n", 0.3)
    assert isinstance(reply, Reply)
    assert reply.lines == ("+CGMM",)


def test_the_echo_of_a_payload_is_no_answer_but_noise_is_no_echo() -> None:
    engine = asked(Command("AT+CMGS=5", ("+CMGS:",), payload=b"first \r\r second\x1a"))
    engine.receive(b"> ", 0.1)
    assert engine.receive(b"first \r\n> \r\n second\x1a\r\n", 0.2) == []
    assert engine.receive(b"\x02\r\n", 0.3) == [Stray("\x02")]


def spoken(engine: Engine, text: str, data: bytes) -> list[Event]:
    engine.send(Command(text), 0.0)
    return [event for event in engine.receive(data, 0.1) if not isinstance(event, Reply)]


def test_echo_that_comes_back_means_that_the_modem_has_restarted() -> None:
    engine = Engine(SMALL)
    assert spoken(engine, "ATE0", b"ATE0\r\r\nOK\r\n") == []
    assert spoken(engine, "AT", b"\r\nOK\r\n") == []
    assert spoken(engine, "AT", b"AT\r\r\nOK\r\n") == [Restarted("echo is back")]
    assert spoken(engine, "AT", b"AT\r\r\nOK\r\n") == []


def test_a_modem_that_refuses_to_turn_echo_off_has_not_restarted_when_it_echoes() -> None:
    engine = Engine(SMALL)
    assert spoken(engine, "ATE0", b"\r\nERROR\r\n") == []
    assert spoken(engine, "AT", b"\r\nOK\r\n") == []
    assert spoken(engine, "AT", b"AT\r\r\nOK\r\n") == []


def test_the_first_echo_after_ate0_is_not_yet_a_restart() -> None:
    """Some turn it off only after the next line."""
    engine = Engine(SMALL)
    assert spoken(engine, "ATE0", b"ATE0\r\r\nOK\r\n") == []
    assert spoken(engine, "AT", b"AT\r\r\nOK\r\n") == []


# -- noise


def test_noise_in_free_text_and_behind_the_expected_prefix_is_handed_on() -> None:
    assert lines_of("ATI", b"Quec\x02tel\r\nOK\r\n") == ("Quec\x02tel",)
    engine = asked(Command("AT+CSQ", ("+CSQ:",)))
    events = engine.receive(b"+CSQ: 19,\x0299\r\n8\x02\x03\r\nOK\r\n", 0.1)
    assert events[0] == Stray("8\x02\x03")
    assert [event.lines for event in events if isinstance(event, Reply)] == [("+CSQ: 19,\x0299",)]


def test_only_of_what_the_command_asks_for_there_is_just_one() -> None:
    assert lines_of("AT&V", b"+CGATT: 1\r\n+CGATT: 0\r\nOK\r\n") == ("+CGATT: 1", "+CGATT: 0")


# -- news over two lines


def test_the_second_line_of_a_message_is_waited_for() -> None:
    engine = Engine(SMALL)
    assert engine.receive(b"\r\n+CMT: ,25\r\n", 0.0) == []
    assert engine.tick(0.9) == []
    assert engine.receive(b"0791361907001003B1\r\n", 0.95) == [Urc(("+CMT: ,25", "0791361907001003B1"))]


def test_an_answer_that_ends_meanwhile_does_not_part_a_message_from_its_second_line() -> None:
    engine = asked("AT+CREG?")
    assert engine.receive(b"\r\nOK\r\n\r\n+CMT: ,25\r\n", 0.1) == []
    assert [type(event) for event in engine.tick(0.5)] == [Reply]
    assert engine.receive(b"0791361907001003B1\r\n", 0.6) == [Urc(("+CMT: ,25", "0791361907001003B1"))]


def test_the_second_line_of_a_message_may_look_like_a_final_result() -> None:
    assert Engine(SMALL).receive(b"\r\n+CMT: ,25\r\nOK\r\n", 0.0) == [Urc(("+CMT: ,25", "OK"))]


def test_a_modem_that_restarts_within_a_text_has_restarted() -> None:
    events = Engine(SMALL).receive(b'\r\n+CUSD: 1,"menu\r\n1 data\r\nRDY\r\n', 0.0)
    assert events == [Urc(('+CUSD: 1,"menu', "1 data")), Restarted("RDY")]


def test_a_text_without_end_is_bounded() -> None:
    events = Engine(SMALL).receive(b'\r\n+CUSD: 1,"menu\r\n' + b"line\r\n" * MAX_URC_LINES, 0.0)
    assert events == [Urc(('+CUSD: 1,"menu', *["line"] * (MAX_URC_LINES - 1))), Stray("line")]


# -- text messages


def test_a_quoted_text_in_an_ordinary_answer_opens_no_message() -> None:
    data = b'\r\n+CSCA: "+8613800210500",145\r\n+CREG: 2\r\n\r\nOK\r\n'
    assert [type(event) for event in asked("AT+CSCA?").receive(data, 0.1)] == [Urc, Reply]


def test_known_news_behind_the_ok_of_a_message_leave_it_its_end() -> None:
    engine = asked(Command("AT+CMGR=1", ("+CMGR:",)))
    events = engine.receive(b'\r\n+CMGR: "REC READ","+39"\r\nhello\r\n\r\nOK\r\n\r\n+CREG: 1\r\n', 0.1)
    assert events == [Urc(("+CREG: 1",))]
    (reply,) = engine.tick(0.5)
    assert isinstance(reply, Reply)
    assert reply.lines == ('+CMGR: "REC READ","+39"', "hello")


# -- time


def test_a_moment_before_its_deadline_a_command_is_still_waited_for() -> None:
    engine = asked(Command("AT+CSQ", ("+CSQ:",), 5.0))
    assert engine.tick(4.9) == []
    assert len(finals(engine.receive(b"\r\n+CSQ: 19,99\r\n\r\nOK\r\n", 4.95))) == 1


# -- after the OK


def test_only_an_ok_without_its_information_is_waited_with() -> None:
    """What is complete, or refused, is handed out at once."""
    assert len(finals(asked("AT+CREG?").receive(b"\r\n+CREG: 0,1\r\n\r\nOK\r\n", 0.1))) == 1
    assert len(finals(asked("AT+CREG?").receive(b"\r\nERROR\r\n", 0.1))) == 1
    assert len(finals(asked("AT+CREG=?").receive(b"\r\nOK\r\n", 0.1))) == 1
    assert len(finals(asked("ATS3?").receive(b"\r\nOK\r\n", 0.1))) == 1
    assert len(finals(asked(FOLLOWED).receive(b"\r\n+CME ERROR: 4\r\n", 0.1))) == 1


def test_all_lines_behind_an_early_ok_are_the_answer() -> None:
    engine = asked("AT+CGDCONT?")
    assert engine.receive(b'\r\nOK\r\n\r\n+CGDCONT: 1,"IP"\r\n+CGDCONT: 2,"IP"\r\n', 0.1) == []
    (reply,) = engine.tick(0.5)
    assert isinstance(reply, Reply)
    assert reply.lines == ('+CGDCONT: 1,"IP"', '+CGDCONT: 2,"IP"')


def test_behind_an_early_ok_a_refusal_is_the_answer_at_once() -> None:
    (final,) = finals(asked("AT+CPIN?").receive(b"\r\nOK\r\n\r\n+CME ERROR: 10\r\n", 0.1))
    assert (final.outcome, final.code) == (Outcome.REFUSED, 10)


@pytest.mark.parametrize("line", ["+CIEV: 1,2", '+CREG: 1,"5A1B","0A1B2C3D",7', "NO CARRIER", "+XYZZY: 1"])
@pytest.mark.parametrize("command", [Command("AT+CREG?", ("+CREG:",)), FOLLOWED])
def test_news_behind_an_early_ok_are_news_and_end_nothing(line: str, command: Command) -> None:
    engine = asked(command, CALLS)
    assert engine.receive(f"\r\nOK\r\n\r\n{line}\r\n".encode(), 0.1) == [Urc((line,))]
    assert engine.state is State.FOLLOWING
    (reply,) = engine.tick(60.0)
    assert isinstance(reply, Reply)
    assert (reply.lines, reply.final.outcome) == ((), Outcome.OK)


def test_a_line_without_prefix_behind_an_early_ok_is_nobodys() -> None:
    assert asked("AT+CREG?").receive(b"\r\nOK\r\n\r\nEC20F\r\n", 0.1) == [Stray("EC20F")]


def test_what_should_follow_and_came_before_the_ok_is_not_waited_for() -> None:
    data = b"\r\n+EEMGINFO: 3, 2\r\n+EEMLTESVC: 1120, 2\r\n\r\nOK\r\n"
    (reply,) = asked(FOLLOWED).receive(data, 0.1)
    assert isinstance(reply, Reply)
    assert reply.lines == ("+EEMGINFO: 3, 2", "+EEMLTESVC: 1120, 2")


def test_an_ok_in_place_of_the_prompt_is_waited_with_like_any_other() -> None:
    engine = asked(Command("AT+CMGS=5", ("+CMGS:",), payload=b"0011\x1a", follows=("+CMGS:",)))
    assert engine.receive(b"\r\nOK\r\n", 0.1) == []
    assert engine.state is State.FOLLOWING
    assert len(finals(engine.receive(b"\r\n+CMGS: 7\r\n", 0.2))) == 1


def test_a_connect_behind_an_early_ok_makes_the_bytes_somebody_elses() -> None:
    engine = asked(Command('AT+CGDATA="PPP",1', follows=("+CGDATA:",)))
    (final,) = finals(engine.receive(b"\r\nOK\r\n\r\nCONNECT\r\n", 0.1))
    assert final.outcome is Outcome.CONNECT
    assert engine.state is State.DATA


def test_a_connect_in_place_of_the_prompt_makes_the_bytes_somebody_elses() -> None:
    engine = asked(Command("AT+QFUPL=5", payload=b"hello"))
    assert [final.outcome for final in finals(engine.receive(b"\r\nCONNECT\r\n", 0.1))] == [Outcome.CONNECT]
    assert engine.state is State.DATA


# -- late


def test_the_end_of_a_call_that_comes_late_is_no_news() -> None:
    engine = asked(Command("ATD*99#", timeout_s=2.0), CALLS)
    engine.tick(2.0)
    assert engine.receive(b"\r\nNO CARRIER\r\n", 2.1) == [Stray("NO CARRIER")]
