"""What is set back at the end is what the modem told of itself, however it spells it, and nothing else."""

import pytest

from modem.events import Command, Final, Outcome, Reply
from modem.settings import read_forms, set_back

SETUP = tuple(Command(text) for text in ("ATE0", "AT+CMEE=1", "AT+COPS=3,2", "AT+CREG=2", "AT+CNMI=2,1,0,0,0"))
OK, ERROR = Final("OK", Outcome.OK), Final("ERROR", Outcome.REFUSED)


def back(name: str, *lines: str, final: Final = OK) -> str | None:
    found = set_back(Reply(Command(f"AT{name}?"), final, lines, elapsed_s=0.1), SETUP)
    return found.text if found else None


def test_each_setting_is_asked_once_however_the_setup_spells_it() -> None:
    asked = read_forms((Command("AT+creg=2"), Command("AT+CREG=1"), Command("ATE0")))
    assert [(one.text, one.expects) for one in asked] == [("AT+CREG?", ("+CREG:",))]


@pytest.mark.parametrize(
    ("name", "lines", "text"),
    [
        ("+CMEE", ("+CMEE: 2",), "AT+CMEE=2"),
        ("+CREG", ("+CREG: 0,1",), "AT+CREG=0"),  # the second is what the network says (27.007 §7.2)
        ("+CREG", ("RING", "+CREG: 1,5"), "AT+CREG=1"),
        ("+CREG", ("+creg: 1,5",), "AT+CREG=1"),
        ("+CNMI", ("+CNMI: 1, 2, 0, 1, 0",), "AT+CNMI=1,2,0,1,0"),  # 27.005 §3.4.1
        ("+COPS", ('+COPS: 0, 0,"CMCC",7',), "AT+COPS=3,0"),  # 27.007 §7.3: only the format
    ],
)
def test_what_the_modem_tells_is_set_back_in_plain_spelling(name: str, lines: tuple[str, ...], text: str) -> None:
    assert back(name, *lines) == text


@pytest.mark.parametrize("line", ["+CMEE: on", "+CMEE:", "+CMEE: 2345", '+CMEE: "2"'])
def test_what_is_no_number_is_not_sent_to_the_modem(line: str) -> None:
    assert back("+CMEE", line) is None


def test_a_modem_that_chose_no_network_tells_no_format() -> None:
    assert back("+COPS", "+COPS: 2") is None


def test_an_answer_that_ends_in_an_error_or_says_nothing_is_not_set_back() -> None:
    assert back("+CMEE", "+CMEE: 2", final=ERROR) is None
    assert back("+CMEE") is None
    assert back("+CMEE", "RING") is None
