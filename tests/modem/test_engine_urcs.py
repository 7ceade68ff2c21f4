"""News and answers apart: before, between and after, with the answer's own prefix, over several lines, echo and all."""

from dataclasses import replace

import pytest

from modem.dialect import Dialect
from modem.engine import Engine
from modem.events import Command, Event, Overflow, Reply, Restarted, Stray, Urc
from modem.moves import State
from tests.modem.wires import SMALL


def said(engine: Engine, data: bytes, now: float = 0.1) -> list[Event]:
    """The events of `data` and of the time after it."""
    return engine.receive(data, now) + engine.tick(now + 1.5)


def answer(
    command: str | Command, data: bytes, dialect: Dialect = SMALL
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """(information lines, URCs)."""
    engine = Engine(dialect)
    engine.send(Command(command, timeout_s=60.0) if isinstance(command, str) else command, 0.0)
    events = said(engine, data)
    (reply,) = [event for event in events if isinstance(event, Reply)]
    assert engine.state is State.IDLE
    return reply.lines, [event.lines for event in events if isinstance(event, Urc)]


CREG = Command("AT+CREG?", ("+CREG:",), 60.0)


@pytest.mark.parametrize(
    "data",
    [
        b"+CREG: 2\r\nAT+CREG?\r\r\n+CREG: 0,2\r\n\r\nOK\r\n",
        b"AT+CREG?\r\r\n+CREG: 2\r\n\r\n+CREG: 0,2\r\n\r\nOK\r\n",
        b"AT+CREG?\r\r\n+CREG: 0,2\r\n\r\n+CREG: 2\r\n\r\nOK\r\n",
        b"AT+CREG?\r\r\n+CREG: 0,2\r\n\r\nOK\r\n\r\n+CREG: 2\r\n",
    ],
    ids=["before the echo", "before the answer", "before OK", "after OK"],
)
def test_registration_news_is_no_answer_wherever_it_comes(data: bytes) -> None:
    assert answer(CREG, data) == (("+CREG: 0,2",), [("+CREG: 2",)])


@pytest.mark.parametrize(
    ("news", "reply"),
    [
        ('+CREG: 1,"0BBB","000042BC",3', '+CREG: 2,1,"0BBB","000042BC",3'),
        ("+CREG: 1,84CD,00D30156", "+CREG: 1,1,84CD,00D30173"),
        ("+CREG: 2,,", "+CREG: 2,2,,"),
        ('+CREG: 001,"0001","0010",000', '+CREG:002,001,"18d8","ffff"'),
        ('+CREG: 6,"8B37","0A265185",7', '+CREG: 2,6,"8B37","0A265185",7'),
    ],
)
def test_the_shape_tells_registration_news_from_answers(news: str, reply: str) -> None:
    for first, second in ((news, reply), (reply, news)):
        assert answer(CREG, f"\r\n{first}\r\n\r\n{second}\r\n\r\nOK\r\n".encode()) == ((reply,), [(news,)])


def test_an_answer_with_a_status_of_the_vendors_own_is_an_answer() -> None:
    """nRF91 AT guide: 90 is "not registered due to UICC failure"."""
    line = '+CEREG: 5,90,,"FFFFFFFF",,,,,'
    assert answer("AT+CEREG?", f"\r\n{line}\r\n\r\nOK\r\n".encode()) == ((line,), [])


@pytest.mark.parametrize("line", ["+CEREG: 0,,,,,,,,", "+CEREG: 2, 0001, 00000100, 7", "+CEREG: 2"])
def test_news_alone_is_not_taken_for_the_answer_that_follows(line: str) -> None:
    data = f"\r\n{line}\r\n\r\n+CEREG: 4,2,,,,,,,,\r\n\r\nOK\r\n".encode()
    assert answer(Command("AT+CEREG?", ("+CEREG:",), 60.0), data) == (("+CEREG: 4,2,,,,,,,,",), [(line,)])


def test_a_modem_that_answers_with_one_field_is_believed_when_nothing_better_comes() -> None:
    """fibocom-fm350-gl-02: +C5GREG: <n> and no more."""
    assert answer("AT+C5GREG?", b"\r\n+C5GREG: 0\r\n\r\nOK\r\n") == (("+C5GREG: 0",), [])


def test_setting_a_mode_has_no_information_of_its_own() -> None:
    assert answer("AT+CREG=2", b"\r\n+CREG: 2,1\r\n\r\nOK\r\n") == ((), [("+CREG: 2,1",)])


def test_the_test_form_does() -> None:
    assert answer("AT+CREG=?", b"\r\n+CREG: (0-2)\r\n\r\nOK\r\n") == (("+CREG: (0-2)",), [])


def test_setting_and_reading_in_one_line() -> None:
    data = b'\r\n+CREG: 1\r\n\r\n+CREG: 2,6,"CF71","08096708",7\r\n\r\nOK\r\n'
    assert answer("AT+CREG=2;+CREG?", data) == (('+CREG: 2,6,"CF71","08096708",7',), [("+CREG: 1",)])


def test_the_same_line_as_news_and_answer() -> None:
    data = b"\r\n+CPIN: NOT READY\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n"
    assert answer("AT+CPIN?", data) == (("+CPIN: READY",), [("+CPIN: NOT READY",)])


def test_equal_lines_as_news_and_answer() -> None:
    assert answer("AT+CSQ", b"\r\n+CSQ: 9,99\r\n\r\n+CSQ: 9,99\r\n\r\nOK\r\n") == (("+CSQ: 9,99",), [("+CSQ: 9,99",)])


def test_a_refusal_has_no_such_answer_so_it_was_news() -> None:
    data = b"\r\n+CPIN: NOT READY\r\n\r\n+CME ERROR: SIM busy\r\n"
    assert answer("AT+CPIN?", data) == ((), [("+CPIN: NOT READY",)])


def test_a_refusal_may_have_information_all_the_same() -> None:
    assert answer("AT+CMQTTREL=0", b"\r\n+CMQTTREL: 0,20\r\n\r\nERROR\r\n") == (("+CMQTTREL: 0,20",), [])


def test_a_dialect_can_tell_what_the_shape_does_not() -> None:
    knows = replace(SMALL, unsolicited=lambda line, command: command is None or line.endswith(",news"))
    data = b"\r\n^HCSQ: 1,news\r\n\r\n^HCSQ: 2\r\n\r\nOK\r\n"
    assert answer(Command("AT^HCSQ?", ("^HCSQ:",), 60.0), data, knows) == (("^HCSQ: 2",), [("^HCSQ: 1,news",)])


def test_three_urcs_with_three_prefixes_inside_an_answer() -> None:
    """simcom-sim800l-04."""
    data = (
        b'\r\n*PSUTTZ: 2020,12,9,12,57,4,"+12",0\r\n\r\nDST: 0\r\n'
        b'\r\n+CIEV: 10,"25001","MTS RUS","MTS RUS", 0, 0\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n'
    )
    lines, urcs = answer("AT+CREG?", data)
    assert lines == ("+CREG: 0,1",)
    assert [urc[0].partition(":")[0] for urc in urcs] == ["*PSUTTZ", "DST", "+CIEV"]


def test_an_unknown_urc_stops_nothing() -> None:
    """The command says what it expects, so what is another's is told apart without being known (atat#183)."""
    assert answer(CREG, b"\r\n+XYZZY: 1\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n") == (("+CREG: 0,1",), [("+XYZZY: 1",)])


def test_free_text_takes_every_line_that_is_no_known_news() -> None:
    data = (
        b"ATI\r\r\nManufacturer: huawei\r\nSMS DONE\r\nRevision: 21\r\n+GCAP: +CGSM,+DS\r\n\r\n+CREG: 2\r\n\r\nOK\r\n"
    )
    assert answer("ATI", data) == (
        ("Manufacturer: huawei", "Revision: 21", "+GCAP: +CGSM,+DS"),
        [("SMS DONE",), ("+CREG: 2",)],
    )


def test_a_raw_command_gets_the_line_with_its_own_prefix_though_it_is_also_news() -> None:
    assert answer("AT+CFUN?", b"\r\n+CFUN: 1\r\n\r\nOK\r\n") == (("+CFUN: 1",), [])


def test_a_compound_command() -> None:
    data = b'\r\n+COPS: 0,2,"46000",7\r\n\r\n+CSQ: 19,99\r\n\r\n+CREG: 2\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n'
    command = Command("AT+COPS?;+CSQ;+CREG?", ("+COPS:", "+CSQ:", "+CREG:"), 60.0)
    assert answer(command, data) == (('+COPS: 0,2,"46000",7', "+CSQ: 19,99", "+CREG: 0,1"), [("+CREG: 2",)])


def test_lines_under_a_header_have_no_prefix() -> None:
    data = b"\r\n+GTCCINFO:\r\nLTE service cell:\r\n1,4,262,02,BFD3\r\n\r\n2,4,,,,,189C\r\n\r\nOK\r\n"
    lines, urcs = answer(Command("AT+GTCCINFO?", ("+GTCCINFO:",), 60.0), data)
    assert (len(lines), urcs) == (4, [])


def test_a_prefix_that_lost_its_plus_is_known_all_the_same() -> None:
    lines, _ = answer(Command('AT+GTGPS="RMC"', ("+GTGPS:",), 60.0), b"\r\nGTGPS:\r\n$GPRMC,,V*53\r\n\r\nOK\r\n")
    assert lines == ("GTGPS:", "$GPRMC,,V*53")


def test_line_noise_is_no_information() -> None:
    engine = Engine(SMALL)
    engine.send(CREG, 0.0)
    noise, reply = said(engine, b"\xf8\xff\xff\r\n\r\n+CREG: 0,1\r\n\r\nOK\r\n")
    assert isinstance(noise, Stray)
    assert isinstance(reply, Reply)
    assert reply.lines == ("+CREG: 0,1",)


# -- echo


@pytest.mark.parametrize("echo", [b"AT+CGMM\r", b"AT+CGMM\r\r\n", b"AT+CGMM\r\n", b"\x1b\rAT+CGMM\r\r\n", b""])
def test_the_echo_is_never_information(echo: bytes) -> None:
    assert answer("AT+CGMM", echo + b"\r\nEC20F\r\n\r\nOK\r\n") == (("EC20F",), [])


@pytest.mark.parametrize("echo", [b"T+CGMM\r", b"AT+CG\r", b"AT+CxMM\r", b"A+CGM\r", b"MM\r"])
def test_a_garbled_echo_is_stray(echo: bytes) -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+CGMM"), 0.0)
    stray, reply = said(engine, echo + b"\r\nEC20F\r\n\r\nOK\r\n")
    assert isinstance(stray, Stray)
    assert isinstance(reply, Reply)
    assert reply.lines == ("EC20F",)


def test_an_echo_glued_to_news() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+CGMM"), 0.0)
    urc, reply = said(engine, b"+CREG: 1AT+CGMM\r\r\nEC20F\r\n\r\nOK\r\n")
    assert urc == Urc(("+CREG: 1",))
    assert isinstance(reply, Reply)
    assert reply.lines == ("EC20F",)


def test_echo_that_comes_back_tells_of_a_silent_restart() -> None:
    engine = Engine(SMALL)
    for text in ("ATE0", "AT+CSQ"):
        engine.send(Command(text), 0.0)
        engine.receive(b"\r\nOK\r\n", 0.1)
        engine.tick(1.0)
    engine.send(Command("AT+CGMM"), 2.0)
    restarted, reply = said(engine, b"AT+CGMM\r\r\nEC20F\r\n\r\nOK\r\n", 2.1)
    assert restarted == Restarted("echo is back")
    assert isinstance(reply, Reply)
    engine.send(Command("AT+CGMM"), 3.0)
    assert not any(isinstance(event, Restarted) for event in said(engine, b"AT+CGMM\r\r\nEC20F\r\n\r\nOK\r\n", 3.1))


def test_a_modem_that_ignores_ate0_has_not_restarted() -> None:
    engine = Engine(SMALL)
    for text in ("ATE0", "AT+CSQ", "ATE0V1", "AT+CSQ"):
        engine.send(Command(text), 0.0)
        assert not any(isinstance(event, Restarted) for event in said(engine, f"{text}\r\r\nOK\r\n".encode()))


# -- while nothing is asked


@pytest.mark.parametrize("line", ["RING", '+CMTI: "SM",3', "SMS DONE", "+XYZZY: 1", "^RSSI:20", "NO CARRIER", "DST: 0"])
def test_news_while_nothing_is_asked(line: str) -> None:
    assert said(Engine(SMALL), f"\r\n{line}\r\n".encode()) == [Urc((line,))]


@pytest.mark.parametrize("line", ["OK", "ERROR", "+CME ERROR: 14", "CONNECT", "EC20F", "8ÿÿ", "460001234567890"])
def test_what_is_nobodys_is_stray(line: str) -> None:
    assert said(Engine(SMALL), f"\r\n{line}\r\n".encode()) == [Stray(line)]


@pytest.mark.parametrize("line", ["RDY", "*ATREADY: 1", "NORMAL POWER DOWN"])
def test_a_restart_while_nothing_is_asked(line: str) -> None:
    assert said(Engine(SMALL), f"\r\n{line}\r\n".encode()) == [Restarted(line)]


def test_the_dialects_own_restart_word() -> None:
    assert said(Engine(replace(SMALL, restarts=("+STARTED",))), b"\r\n+STARTED\r\n") == [Restarted("+STARTED")]


# -- over several lines


def test_a_message_comes_with_its_second_line_whatever_that_says() -> None:
    for body in ("0791361907001003B17A0C91", "OK", "RDY", "+CREG: 2", "NO CARRIER", "> "):
        assert said(Engine(SMALL), f"\r\n+CMT: ,25\r\n{body} x\r\n".encode()) == [Urc(("+CMT: ,25", f"{body} x"))]


def test_a_message_within_an_answer() -> None:
    data = b"\r\n+CMT: ,25\r\n0791361907001003B1\r\n\r\n+CSQ: 19,99\r\n\r\nOK\r\n"
    assert answer("AT+CSQ", data) == (("+CSQ: 19,99",), [("+CMT: ,25", "0791361907001003B1")])


def test_a_message_without_its_second_line_is_told_after_a_while() -> None:
    engine = Engine(SMALL)
    assert engine.receive(b"\r\n+CMT: ,25\r\n", 0.0) == []
    assert engine.deadline == 1.0
    assert engine.tick(1.0) == [Urc(("+CMT: ,25",))]


def test_a_status_report_in_text_mode_is_one_line() -> None:
    line = '+CDS: 6,202,"+861380",145,"21/01/01,00:00:00+32","21/01/01,00:00:00+32",0'
    assert said(Engine(SMALL), f"\r\n{line}\r\n".encode()) == [Urc((line,))]


def test_a_ussd_text_with_line_breaks_is_one_urc() -> None:
    data = '\r\n+CUSD: 1,"余额12.30元\r\n1 套餐\r\n\r\n2 话费",15\r\n\r\n+CREG: 1\r\n'.encode()
    assert said(Engine(SMALL), data) == [Urc(('+CUSD: 1,"余额12.30元', "1 套餐", '2 话费",15')), Urc(("+CREG: 1",))]


def test_a_ussd_text_that_never_ends_holds_nothing_up() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+CSQ"), 0.0)
    events = said(engine, b'\r\n+CUSD: 1,"broken\r\n\r\nOK\r\n')
    assert [type(event) for event in events] == [Urc, Reply]


def test_text_messages_may_say_anything() -> None:
    """corpus-sms-ussd-01 has one whose lines look like a modem's."""
    data = (
        b'\r\n+CMGL: 1,"REC READ","+39"\r\nOK\r\n+CMGL: 2,"REC READ","+39"\r\nRDY\r\n+CREG: 1\r\nERROR\r\nbye'
        b"\r\n\r\nOK\r\n"
    )
    lines, urcs = answer(Command('AT+CMGL="ALL"', ("+CMGL:",), 60.0), data)
    assert lines == (
        '+CMGL: 1,"REC READ","+39"', "OK", '+CMGL: 2,"REC READ","+39"', "RDY", "ERROR", "bye",
    )  # fmt: skip
    assert urcs == [("+CREG: 1",)]  # the known limit: beyond its first line, what looks like known news is taken for it


def test_one_text_message_may_say_ok() -> None:
    for name in ("+CMGR", "+CMGRD"):  # the second is SIMCom's
        data = f'\r\n{name}: "REC READ","+39"\r\nOK\r\n\r\nOK\r\n'.encode()
        lines, urcs = answer(Command(f"AT{name}=1", (f"{name}:",), 60.0), data)
        assert (lines, urcs) == ((f'{name}: "REC READ","+39"', "OK"), [])


def test_an_empty_text_message() -> None:
    lines, _ = answer(Command("AT+CMGR=1", ("+CMGR:",), 60.0), b'\r\n+CMGR: "REC READ","+39"\r\n\r\n\r\nOK\r\n')
    assert lines == ('+CMGR: "REC READ","+39"',)


# -- information after OK


def test_information_that_comes_after_its_ok_is_waited_for() -> None:
    """airm2m-air724ug-01: +EEMLTESVC comes after the OK of AT+EEMGINFO?."""
    engine = Engine(SMALL)
    engine.send(Command("AT+EEMGINFO?", ("+EEMGINFO:",), 5.0, follows=("+EEMLTESVC:",)), 0.0)
    assert engine.receive(b"\r\n+EEMGINFO: 3, 2\r\n\r\nOK\r\n", 0.1) == []
    assert engine.state is State.FOLLOWING
    (reply,) = engine.receive(b"\r\n+EEMLTESVC: 1120, 2\r\n", 0.2)
    assert isinstance(reply, Reply)
    assert reply.lines == ("+EEMGINFO: 3, 2", "+EEMLTESVC: 1120, 2")


def test_what_should_follow_and_does_not_is_done_without() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+EEMGINFO?", ("+EEMGINFO:",), 5.0, follows=("+EEMLTESVC:",)), 0.0)
    engine.receive(b"\r\n+EEMGINFO: 3, 2\r\n\r\nOK\r\n", 0.1)
    assert engine.deadline == 5.0
    (reply,) = engine.tick(5.0)
    assert isinstance(reply, Reply)
    assert reply.lines == ("+EEMGINFO: 3, 2",)


def test_ok_first_then_the_answer() -> None:
    """atat#221, simcom-sim7600-02."""
    assert answer("AT+CPIN?", b"\r\nOK\r\n\r\n+CPIN: READY\r\n") == (("+CPIN: READY",), [])


def test_an_ok_too_many_in_front_does_not_shift_the_answers() -> None:
    assert answer("AT+CPIN?", b"\r\nOK\r\n\r\n+CPIN: READY\r\n\r\nOK\r\n") == (("+CPIN: READY",), [])
    assert answer("AT+CPIN?", b"\r\nOK\r\n\r\n+CME ERROR: 10\r\n") == ((), [])


def test_an_empty_answer_is_an_answer_after_a_moment() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+CREG?", ("+CREG:",)), 0.0)
    assert engine.receive(b"\r\nOK\r\n", 0.1) == []
    assert engine.deadline == pytest.approx(0.4)
    (reply,) = engine.tick(0.4)
    assert isinstance(reply, Reply)
    assert reply.lines == ()


def test_later_information_is_news_or_stray_and_never_the_next_reply() -> None:
    engine = Engine(SMALL)
    engine.send(Command("AT+NETOPEN"), 0.0)
    assert [type(event) for event in said(engine, b"\r\nOK\r\n\r\n+NETOPEN: 0\r\n")] == [Reply, Urc]


# -- bounds


def test_an_endless_reply_is_cut_and_says_so() -> None:
    engine = Engine(SMALL)
    engine.send(Command("ATI", timeout_s=1e9), 0.0)
    for number in range(20_000):
        assert engine.receive(b"x" * 100 + b"\r\n", float(number)) == []
        assert engine.held < 300_000
    overflow, reply = engine.receive(b"OK\r\n", 1e6)
    assert isinstance(overflow, Overflow)
    assert isinstance(reply, Reply)
    assert reply.truncated
    assert overflow.dropped + sum(len(line) for line in reply.lines) == 2_000_000
