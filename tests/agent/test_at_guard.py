"""Raw commands that can put a terminal out of service."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.at_guard import denied, parts, well_formed

REFUSED = [
    "AT&F",
    "ATZ",
    "AT&W",
    "ATE0&F",
    "ATE0Q1",
    "ATE0Z",
    "AT+CFUN=0",
    "at+cfun=1,1",
    "AT+CFUN=4",
    "AT+CSQ;+CFUN=0",
    "ATE0+CFUN=0",
    "AT+QPRTPARA=3",
    "AT^RESET",
    'AT+EGMR=1,7,"86"',
    "AT+SIMEI=1",
    "AT+CPWROFF",
    "AT+QPOWD=1",
    "AT+CRESET",
    'AT+CLCK="SC",1,"1"',
    'AT+CPWD="SC"',
    "AT+CPIN=1234",
    "AT+CMGD=1,4",
    'AT+QCFG="band",0',
    'AT+QNWPREFCFG="mode_pref",LTE',
    "AT+CNMP=2",
    'AT^SYSCFGEX="1"',
    "AT+COPS=?",
    "AT+COPS=2",
    "AT+COPS=0",
    "ATD*99#",
    "ATDT1;",
    "AT+CGATT=0",
    "AT+CGACT=0,1",
    'AT+CGDCONT=1,"IP","x"',
    'AT+QFOTADL="x"',
    "AT^NVWR=1",
    "AT+IPR=9600",
    "AT+CMGS=5",
    "AT+CRSM=214,1",
    'AT+CUSD=1,"*1#"',
    "AT+CMUX=0",
    "AT+QFASTBOOT",
    'AT^SETPORT="1"',
    "AT$QCRMCALL=0,1",
    "AT+QRST=1",
]
HARMLESS = [
    "AT",
    "ATI",
    "ATI9",
    "AT+CSQ",
    "AT+CFUN?",
    "AT+CFUN=1",
    "AT+CFUN=?",
    "AT+COPS?",
    "AT+COPS=3,2",
    "AT+CGDCONT?",
    "AT+CGDCONT=?",
    "AT+CPIN?",
    "AT+CLCK=?",
    'AT+QCFG="band"',
    "AT+EGMR=0,7",
    "AT+CMGL=4",
    "AT+CMGF=0",
    'AT+QENG="servingcell"',
    "AT+CGATT=1",
    "ATE0",
    "ATV1",
    "AT&V",
    "AT+CREG?;+CSQ",
    "AT+ICCID",
    "AT+CGSN",
    "AT+CGSN=1",
    'AT+CPMS="SM","SM","SM"',
    "AT+CIMI",
    "AT+QNWINFO",
    "AT^SYSINFOEX",
    "AT+CBC",
    "AT+CCLK?",
    "AT+CRSM=176,28539,0,0,12",
]


@pytest.mark.parametrize("command", REFUSED)
def test_what_can_put_a_terminal_out_of_service_is_refused(command: str) -> None:
    assert denied(command)


@pytest.mark.parametrize("command", HARMLESS)
def test_questions_are_not(command: str) -> None:
    assert denied(command) is None


def test_spaces_and_small_letters_change_nothing() -> None:
    assert denied("at + cfun = 0")
    assert parts(' at+qeng="Serving ; cell" ; +csq') == ['+QENG="Serving ; cell"', "+CSQ"]


def test_text_in_quotes_is_no_command() -> None:
    assert denied('AT+NOTE="x;&F"') is None


@pytest.mark.parametrize("text", ["", "ls", "AT\r", "AT+X\nAT&F", "AT\x1a", "AT" + "x" * 2000, "\u202eAT"])
def test_what_is_no_single_at_line_is_not_well_formed(text: str) -> None:
    assert not well_formed(text)


@given(st.text(max_size=80), st.sampled_from(["+CFUN=0", "&F", "+CPIN=1234"]))
def test_a_dangerous_command_is_found_behind_any_separator(before: str, dangerous: str) -> None:
    assert denied(f'AT+X="{before.replace(chr(34), "")}";{dangerous}')


@given(st.text(max_size=200))
def test_any_text_can_be_judged(text: str) -> None:
    denied(text)
