"""Whose line is it: what one line and one command tell, each rule by itself. The engine's tests have the dialogues."""

from dataclasses import replace

import pytest

from modem import belongs
from modem.events import Command
from tests.modem.wires import SMALL


def asked(text: str, *expects: str) -> Command:
    return Command(text, expects)


@pytest.mark.parametrize(
    ("line", "prefix"),
    [
        ("+CREG: 2", "+CREG:"),
        ("+creg: 2", "+CREG:"),
        ("+CREG : 2", "+CREG:"),
        ("^HCSQ:1", "^HCSQ:"),
        ("*PSUTTZ: 1", "*PSUTTZ:"),
        ("#QSS: 1", "#QSS:"),
        ("$QCRSRP: 1", "$QCRSRP:"),
        ("%CSQ: 1", "%CSQ:"),
        ("!GSTATUS: 1", "!GSTATUS:"),
        ("&X: 1", "&X:"),
        ("+CREG", ""),
        ("+1: 2", ""),
        ("CREG: 2", ""),
        ("RING", ""),
        ("", ""),
    ],
)
def test_a_prefix_is_a_sign_a_name_and_a_colon(line: str, prefix: str) -> None:
    assert belongs.prefix_of(line) == prefix


@pytest.mark.parametrize(
    ("text", "prefixes"),
    [
        ("AT+CREG?;+CSQ", {"+CREG:", "+CSQ:"}),
        ("at+creg?; ^hcsq?", {"+CREG:", "^HCSQ:"}),
        ('AT+CUSD=1,"+100"', {"+CUSD:"}),
        ("ATI", set()),
    ],
)
def test_the_parts_of_a_command_answer_with_their_own_names(text: str, prefixes: set[str]) -> None:
    assert belongs.own_prefixes(text) == prefixes


@pytest.mark.parametrize(
    ("line", "prefixes", "is_expected"),
    [
        ("+GTGPS: 1", ("+GTGPS:",), True),
        ("+gtgps : 1", ("+GTGPS:",), True),
        ("GTGPS: 1", ("+GTGPS:",), True),  # Fibocom NL687
        ("HCSQ:1", ("^HCSQ:",), True),
        ("PSUTTZ: 1", ("*PSUTTZ:",), True),
        ("QCRSRP: 1", ("$QCRSRP:",), True),
        ("QSS: 1", ("#QSS:",), False),
        ("ICCID: 89", ("ICCID:",), True),
        ("CCID: 89", ("ICCID:",), False),
        ("GTGPS: 1", ("+CREG:",), False),
        ("89860", ("",), True),
        ("+CREG: 1", ("",), False),
        ("+CREG: 1", (), False),
    ],
)
def test_what_begins_like_an_answer_is_expected(line: str, prefixes: tuple[str, ...], is_expected: bool) -> None:
    assert belongs.expected(line, prefixes) is is_expected


NEWS = (
    *("+CRING:", "+CLIP:", "+CCWA:", "+CSSI:", "+CSSU:"),  # 27.007 §6 and §7: calls
    *("+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:", "+CGEV:", "+CPIN:", "+CIEV:", "+CTZV:", "+CTZE:", "+CUSD:"),
    *("+CMTI:", "+CDSI:", "+CMT:", "+CDS:", "+CBM:", "+CBMI:", "+CMWT:"),  # 27.005 §3.4.1
    *("*PSUTTZ:", "DST:", "+WIND:", "*ATREADY:"),  # SIM800L, Wavecom, A7670
    *("RING", "SMS DONE", "PB DONE", "SMS READY", "CALL READY", "SMS Ready", "Call Ready"),
)


@pytest.mark.parametrize("line", NEWS)
def test_news_that_3gpp_or_a_capture_knows_is_news_for_any_dialect(line: str) -> None:
    assert belongs.is_news(f"{line} 1" if line.endswith(":") else line, replace(SMALL, urcs={}))


@pytest.mark.parametrize(
    ("line", "is_news"),
    [
        ("+MINE: 1", True),
        ("+mine : 1", True),
        ("DONE", True),
        ("Smart: 1", True),
        ("^Boot: 1", True),
        ("MSG WAITING: 3 new", True),
        ("+YOURS: 1", False),
        ("DST : 0", False),
    ],
)
def test_news_that_the_dialect_knows(line: str, is_news: bool) -> None:
    urcs = dict.fromkeys(("+MINE:", "DONE", "Smart:", "^Boot:", "MSG WAITING:"), lambda _lines: ())
    assert belongs.is_news(line, replace(SMALL, urcs=urcs)) is is_news


def test_a_word_is_news_only_by_itself() -> None:
    knows = replace(SMALL, urcs={"BOOTED": lambda _lines: ()})
    assert belongs.is_news("BOOTED", knows)
    assert not belongs.is_news("BOOTED SO", knows)


STARTS = ("RDY", "*ATREADY: 1", "START", "NORMAL POWER DOWN", "MODEM:STARTUP", "^SYSSTART")


@pytest.mark.parametrize("line", STARTS)
def test_words_of_a_start(line: str) -> None:
    assert belongs.is_restart(line, SMALL)
    assert not belongs.is_restart(f"{line} x", SMALL)


def test_a_dialects_own_word_of_a_start() -> None:
    assert belongs.is_restart("+STARTED", replace(SMALL, restarts=("+STARTED",)))
    assert not belongs.is_restart("+STARTED", SMALL)


@pytest.mark.parametrize(
    ("line", "has_one"),
    [
        ("+CMT: ,25", True),
        ('+CMT: "+86138","","21/01/01,00:00:00+32"', True),
        ("+CBM: 88", True),
        ("+CDS: 25", True),
        ("+CDS: 6,202", True),
        ('+CDS: 6,202,"+861380",145', False),  # text mode, 27.005 §3.4.1
        ('+CMTI: "SM",3', False),
        ("CMT", False),
    ],
)
def test_the_second_line_of_a_message_belongs_to_it(line: str, has_one: bool) -> None:
    assert belongs.has_second_line(line) is has_one


@pytest.mark.parametrize(
    ("line", "is_open"),
    [('+CUSD: 1,"a', True), ('+CUSD: 1,"a"', False), ("+CUSD: 4", False), ('+CMTI: "SM', False)],
)
def test_a_text_is_open_until_its_quote_is_closed(line: str, is_open: bool) -> None:
    assert belongs.is_open_text(line) is is_open


@pytest.mark.parametrize(
    ("line", "closes"),
    [('b"', True), ('b",15', True), ('b" , 15 ', True), ('"b', False), ('b",15 x', False), ("b", False)],
)
def test_a_quote_with_at_most_a_coding_behind_it_closes_a_text(line: str, closes: bool) -> None:
    assert belongs.closes_text(line) is closes


REGISTRATION = ("+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:")
OF_ONE_LINE = ("+CPIN:", "+CSQ:", "+CESQ:", "+CFUN:", "+CUSD:", "+CGATT:", "^HCSQ:", "^RSSI:", "^SIMST:", "^MODE:")


@pytest.mark.parametrize("prefix", [*REGISTRATION, *OF_ONE_LINE])
def test_one_line_answers_are_asked_once(prefix: str) -> None:
    name = prefix[:-1]
    assert belongs.asks_once(f"{prefix} 1", asked(f"AT{name}?"))
    assert belongs.asks_once(f"{prefix} 1", asked(f"at{name.lower()}=1;{name.lower()}?"))
    assert not belongs.asks_once(f"{prefix} 1", asked(f"at{name.lower()}=1"))


def test_an_action_command_asks_once_too() -> None:
    assert belongs.asks_once("+CSQ: 9,99", asked("AT+CSQ"))


def test_answers_of_many_lines_are_not_asked_once() -> None:
    assert not belongs.asks_once("+CGDCONT: 1", asked("AT+CGDCONT?"))


@pytest.mark.parametrize(
    ("line", "weight"),
    [
        ("+CSQ: 9,99", 1),
        ("+CREG: 2", 1),
        ("+CREG: (0-2)", 2),
        ("+CREG: (0,1),(2)", 2),
        ("+CREG: 0,1", 2),
        ("+CEREG: 0, 11 ,", 2),
        ("+CREG: 2,90", 2),
        ("+CREG: 2,12", 0),
        ("+CREG: 2,001", 2),
        ("+CREG: 2,000", 2),
        ("+CREG: 1,0001", 0),  # a lac
        ("+CEREG: 2, 0001, 00000100, 7", 0),
        ('+CREG: 2,0001,"18D8"', 2),  # no lac: that has quotes here
        ('+CREG: 2,00001,"18D8"', 0),
        ('+CREG: 1,"0001","0010"', 0),
        ("+CREG: 2,,", 0),
        ("+CREG: 2,", 0),
    ],
)
def test_the_shape_of_registration_lines_has_a_weight(line: str, weight: int) -> None:
    """27.007 §7.2: an answer is <n>,<stat>[,…], news is <stat>[,<lac>,<ci>…]."""
    assert belongs.weight(line) == weight


@pytest.mark.parametrize("prefix", REGISTRATION)
def test_every_registration_has_the_same_shapes(prefix: str) -> None:
    assert [belongs.weight(f"{prefix} {body}") for body in ("0,1", "2", '1,"0BBB"')] == [2, 1, 0]


@pytest.mark.parametrize("stat", [*range(12), 90])
def test_a_status_makes_an_answer(stat: int) -> None:
    """27.007 §7.2 has 0-11; an nRF91 says 90 when its card has failed."""
    assert belongs.weight(f"+CEREG: 5,{stat}") == 2


@pytest.mark.parametrize(
    ("line", "command", "cannot"),
    [
        ("+CREG: 2,1", asked("AT+CREG=2"), True),
        ("+CFUN: 1", asked("AT+CFUN=1"), True),
        ("+CREG: (0-2)", asked("AT+CREG=?"), False),
        ('+CUSD: 0,"12"', asked('AT+CUSD=1,"*100#"', "+CUSD:"), False),
        ("+CREG: 2,1", asked("AT+CREG?", "+CREG:"), False),
        ('+CREG: 1,"0BBB"', asked("AT+CREG?", "+CREG:"), True),
        ("+CREG: 2", asked("AT+CREG?", "+CREG:"), False),
        ("+OWN: 1", asked("AT+OWN=1", "+OWN:"), False),
        ("+CMQTTREL: 0,20", asked("AT+CMQTTREL=0"), False),
        ("+OWN: news", asked("AT+OWN?", "+OWN:"), True),
    ],
)
def test_news_with_the_prefix_of_the_answer_cannot_answer(line: str, command: Command, cannot: bool) -> None:
    knows = replace(SMALL, unsolicited=lambda line, _command: line.endswith("news"))
    assert belongs.cannot_answer(line, command, knows) is cannot


@pytest.mark.parametrize(
    ("header", "is_text"),
    [
        ('+CMGR: "REC READ","+39"', True),
        ('+CMGL: 1,"REC UNREAD","+39"', True),
        ('+CMGL: 1,"STO SENT","+39"', True),
        ("+CMGR: 1,,25", False),
        ('+CMGL: 1,1,"Bob",25', False),
    ],
)
def test_text_mode_shows_in_the_header(header: str, is_text: bool) -> None:
    assert belongs.is_text_mode(header) is is_text


@pytest.mark.parametrize(
    ("line", "is_clean"), [("a\tb", True), ("余额", True), ("", True), ("a\x00", False), ("a\udcff", False)]
)
def test_control_characters_are_line_noise(line: str, is_clean: bool) -> None:
    assert belongs.is_clean(line) is is_clean


@pytest.mark.parametrize(
    ("text", "turns_off"),
    [
        ("ATE0", True),
        ("ATE", True),
        ("ate0v1", True),
        ("ATZ E0 V1", True),
        ("AT&F E0", True),
        ("ATE1", False),
        ("ATE01", False),
        ("AT+E0", False),
        ("AT", False),
    ],
)
def test_echo_is_turned_off_within_a_line_of_basic_commands_too(text: str, turns_off: bool) -> None:
    assert belongs.turns_echo_off(text) is turns_off


@pytest.mark.parametrize(
    ("line", "text", "resembles"),
    [
        ("AT+CG", "AT+CGMM", True),
        ("AT+", "AT+CGMM", True),
        ("MM", "AT+CGMM", True),
        ("M", "AT+CGMM", False),
        ("AT", "ATI", True),
        ("AT", "AT", False),
        ("AT+CxMM", "AT+CGMM", True),
        ("ATxCxMM", "AT+CGMM", False),
        ("A+CGM", "AT+CGMM", True),
        ("A+CG", "AT+CGMM", False),  # 4 of 7
        ("A+CGx", "AT+CGMM", False),
        ("A+M", "AT+CM", True),  # three fifths
        ("EC20F", "AT+CGMM", False),
    ],
)
def test_what_noise_leaves_of_an_echo_resembles_it(line: str, text: str, resembles: bool) -> None:
    assert belongs.resembles(line, text) is resembles
