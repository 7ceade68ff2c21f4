"""Which number becomes which stand-in: an IMEI, an IMSI, a card, a phone or another long number."""

import pytest

from modem.pseudonyms import Pseudonyms, luhn
from modem.redact import Exchange, redacted
from modem.simulator.messages import swapped

KEY = b"a key for tests, 32 bytes long.."
NAMES = Pseudonyms(KEY)
CHECKED = "31041012345678" + luhn("31041012345678")
UNCHECKED = CHECKED[:-1] + str((int(CHECKED[-1]) + 1) % 10)
OURS = "46001012345678" + luhn("46001012345678")


def replies(*exchanges: Exchange) -> list[str | None]:
    return [reply for _, reply in redacted(exchanges, (), KEY)[0]]


def wide(text: str) -> str:
    return "".join(f"{ord(char):04X}" for char in text)


@pytest.mark.parametrize(
    ("command", "number", "stand_in"),
    [
        ("AT+CIMI", CHECKED, NAMES.imsi(CHECKED)),
        ("AT+X", CHECKED, NAMES.imei(CHECKED)),
        ("AT+X", UNCHECKED, NAMES.imsi(UNCHECKED)),
        ("AT+X", OURS, NAMES.imsi(OURS)),
        ("AT+CGSN", UNCHECKED, NAMES.imei(UNCHECKED)),
        ("ATI", UNCHECKED, NAMES.imei(UNCHECKED)),
        ("AT+X", UNCHECKED + "7", NAMES.imei(UNCHECKED + "7")),
    ],
)
def test_fifteen_digits_are_an_imei_or_an_imsi_by_the_command_or_by_the_check_digit(
    command: str, number: str, stand_in: str
) -> None:
    """23.003 §6.2.1: an IMEI ends in Luhn's digit; 460 is China (E.212); 16 digits are an IMEISV."""
    assert replies((command, f"\r\n{number}\r\n")) == [f"\r\n{stand_in}\r\n"]


@pytest.mark.parametrize(
    ("command", "line", "stand_in"),
    [
        ("AT+X", "+X: 13812345678", "+X: " + NAMES.phone("13812345678")),
        ("AT+X", "+X: +8613812345678", "+X: +" + NAMES.phone("8613812345678")),
        ("AT+CMGR=1", '+CMGR: "REC READ","1065812",', f'+CMGR: "REC READ","{NAMES.phone("1065812")}",'),
        ("AT+X", '+CPBR: 1,"1065812",129', f'+CPBR: 1,"{NAMES.phone("1065812")}",129'),
        ("AT+CSCA?", '+CSCA: "1065812",129', f'+CSCA: "{NAMES.phone("1065812")}",129'),
        ("AT+CNUM", "1065812", NAMES.phone("1065812")),
        ("AT+X", "+X: 12345678901234", "+X: " + NAMES.digits("12345678901234", "number")),
        ("AT+X", "+X: 12345678901234567", "+X: " + NAMES.digits("12345678901234567", "number")),
        ("AT+X", "+X: 1065812", "+X: 1065812"),
        ("AT+X", "+X: " + wide("13812345678"), "+X: " + wide(NAMES.phone("13812345678"))),
    ],
)
def test_a_number_is_a_phones_by_its_shape_or_its_place(command: str, line: str, stand_in: str) -> None:
    assert replies((command, f"\r\n{line}\r\n")) == [f"\r\n{stand_in}\r\n"]


def test_a_number_keeps_the_stand_in_that_it_was_first_given() -> None:
    said = f"\r\n{UNCHECKED}\r\n"
    assert replies(("AT+CGSN", said), ("AT+X", said)) == [f"\r\n{NAMES.imei(UNCHECKED)}\r\n"] * 2


def test_a_number_with_its_country_is_known_without_it_by_its_nibbles() -> None:
    """23.040 §9.1.2.3: an address of eleven digits ends in the nibble F."""
    done = replies(("AT+X", "\r\n+X: +8613812345678\r\n"), ("AT+X", "\r\n+X: 3118325476F8\r\n"))
    assert done[1] == f"\r\n+X: {swapped(NAMES.phone('8613812345678')[2:] + 'F')}\r\n"


def test_commands_are_known_in_small_letters_and_with_blanks() -> None:
    done = replies((" at+cgsn\r", f"\r\n{UNCHECKED}\r\n"))
    assert done == [f"\r\n{NAMES.imei(UNCHECKED)}\r\n"]


@pytest.mark.parametrize(
    "said",
    [
        "8986011790000000007f",
        "8986011790000000007F",
    ],
)
def test_a_card_keeps_the_case_of_its_letters(said: str) -> None:
    done = replies(("AT+X", f"\r\n+X: {said}\r\n"))[0]
    assert done is not None
    assert said not in done
    assert done[-3] == said[-1]


def test_each_command_of_a_line_counts() -> None:
    assert replies(("at+csq; +cgsn\r", f"\r\n{UNCHECKED}\r\n")) == [f"\r\n{NAMES.imei(UNCHECKED)}\r\n"]


@pytest.mark.parametrize("dialled", ["ATD13812345678;", "atd13812345678;", "ATDT13812345678"])
def test_a_number_that_is_dialled_is_a_number(dialled: str) -> None:
    """V.250 §6.3.1: it follows the command's letters at once."""
    assert "13812345678" not in str(redacted(((dialled, "\r\nOK\r\n"),), (), KEY))


def test_the_speed_of_a_connection_is_no_number_that_was_dialled() -> None:
    """V.250 §6.2.7, captures huawei-e620 and ublox-sara-r410m."""
    assert replies(("ATD*99***1#", "\r\nCONNECT 150000000\r\n")) == ["\r\nCONNECT 150000000\r\n"]


def test_a_card_whose_filling_is_told_keeps_its_issuer() -> None:
    """Capture quectel-ep06-02: 19 digits and the F that fills the last octet."""
    number = "898600179000000000" + luhn("898600179000000000")
    done = replies(("AT+QCCID", f"\r\n+QCCID: {number}F\r\n"))
    assert done == [f"\r\n+QCCID: {NAMES.iccid(number)}F\r\n"]


def test_a_short_imsi_is_one_where_one_is_asked_for() -> None:
    assert replies(("AT+CIMI", "\r\n46000123456789\r\n")) == [f"\r\n{NAMES.imsi('46000123456789')}\r\n"]
