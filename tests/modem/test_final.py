"""The lines that end a command, and those that only look so."""

import pytest

from modem.events import Final, Outcome
from modem.final import OUTCOMES, ends, read_final


@pytest.mark.parametrize("line", OUTCOMES)
def test_every_line_of_the_table_is_a_final_result(line: str) -> None:
    assert read_final(line) == Final(line, OUTCOMES[line])


ALMOST = ["OKAY", "OK then", "ok", "ERROR: 4", "ERRORS", "CONNECT OK", "CONNECT FAIL", "CONNECTED", "NO CARRIERS"]
ALMOST += ["SHUT OK", "+CME ERRORS: 3", "+CMGS: 5", "RING", "", "+CME", "BUSYBOX", "+IP ERROR: 3"]


@pytest.mark.parametrize("line", ALMOST)
def test_a_line_that_only_begins_like_one_is_none(line: str) -> None:
    assert read_final(line) is None


@pytest.mark.parametrize("line", ["CONNECT", "CONNECT 3600000", "CONNECT 150000000", "CONNECT 115200/ARQ/V42"])
def test_connect_with_or_without_a_speed(line: str) -> None:
    assert read_final(line) == Final(line, Outcome.CONNECT)


@pytest.mark.parametrize(
    ("line", "family", "code"),
    [
        ("+CME ERROR: 10", "cme", 10),
        ("+CME ERROR:10", "cme", 10),
        ("+CMS ERROR: 500", "cms", 500),
        ("+CMS ERROR: SIM busy", "cms", 314),
        ("+CME ERROR: SIM not inserted", "cme", 10),
        ("+CME ERROR: SIM busy", "cme", 14),
        ("+CME ERROR: invalid command line", "cme", None),
        ("+CME ERROR: 99999999999999999999", "cme", None),
        ("+CME ERROR: ٣", "cme", None),
        ("+CME ERROR", "cme", None),
    ],
)
def test_numbered_errors_by_number_or_in_words(line: str, family: str, code: int | None) -> None:
    assert read_final(line) == Final(line, Outcome.REFUSED, family, code)


def test_blanks_around_do_not_matter() -> None:
    assert read_final("OK ") == Final("OK", Outcome.OK)


def test_a_final_of_one_command_counts_only_where_it_is_declared() -> None:
    assert read_final("SHUT OK", ("SHUT OK",)) == Final("SHUT OK", Outcome.OK)


@pytest.mark.parametrize("command", ["ATD*99#", "atdt*99***1#", "ATA", "ATO", "ATH", 'AT+CGDATA="PPP",1'])
def test_a_call_can_end_with_no_carrier(command: str) -> None:
    assert ends(Final("NO CARRIER", Outcome.REFUSED), command)


@pytest.mark.parametrize("command", ["AT+CSQ", "AT", "ATI", "ATE0", "AT&V", "AT+CGACT=1,1"])
def test_no_carrier_is_no_answer_to_anything_else(command: str) -> None:
    assert not ends(Final("NO CARRIER", Outcome.REFUSED), command)


@pytest.mark.parametrize(
    ("command", "can"),
    [("ATD*99#", True), ("ATO", True), ('AT+QIOPEN=1,0,"TCP"', True), ("AT+CSQ", False), ("AT+CREG?", False)],
)
def test_only_a_call_or_a_setting_can_end_in_data(command: str, can: bool) -> None:
    assert ends(Final("CONNECT", Outcome.CONNECT), command) is can
