"""A recording about somebody else: where each identity is learned, in which spellings it is shown, and what stays."""

import pytest

from modem.pseudonyms import Pseudonyms, luhn
from modem.redact import Exchange, redacted
from modem.redact_files import masked_file, numbers
from modem.redact_pdu import masked_hex, masked_pdu
from modem.simulator.messages import swapped

KEY = b"a key for tests, 32 bytes long.."
NAMES = Pseudonyms(KEY)
IMEI = "86722304123456" + luhn("86722304123456")
IMSI = "460012345678909"
CARD = "8986001234567890123" + luhn("8986001234567890123")
PHONE = "13812345678"
ICCID_FILE, IMSI_FILE, NUMBER_FILE, OTHER_FILE, AREA_FILE = 12258, 28423, 28480, 28472, 28539


def lines(*exchanges: Exchange) -> list[str]:
    """What is shown of the answers, without line ends."""
    return [line for _, reply in redacted(exchanges, (), KEY)[0] for line in (reply or "").split("\r\n") if line]


def line(said: str, command: str = "AT+X") -> str:
    (shown,) = lines((command, f"\r\n{said}\r\n"))
    return shown


def wide(text: str) -> str:
    return "".join(f"{ord(char):04X}" for char in text)


def digits(text: str) -> str:
    return NAMES.digits(text, "text")


def read(file: int) -> str:
    return f"AT+CRSM=176,{file},0,0,10"


# -- where it is learned


def test_an_identity_beside_a_file_of_the_card_is_learned() -> None:
    done = lines((f"{read(ICCID_FILE)};+CIMI", f'\r\n+CRSM: 144,0,"{swapped(CARD)}"\r\n{IMSI}\r\n'))
    assert done == [f'+CRSM: 144,0,"{swapped(NAMES.iccid(CARD))}"', NAMES.imsi(IMSI)]


def test_a_file_is_learned_however_its_line_is_spaced() -> None:
    number = "1065812"
    content = "0591" + swapped(number + "F").ljust(20, "F") + "FFFF"
    done = lines((read(NUMBER_FILE), f"\r\n+CRSM: 144, 0, {content}\r\n"), ("AT+X", f"\r\n+X: {number}\r\n"))
    assert done[1] == f"+X: {NAMES.phone(number)}"


def test_a_number_that_stands_plainly_in_another_file_is_known_by_its_nibbles_elsewhere() -> None:
    done = lines(
        (read(OTHER_FILE), f'\r\n+CRSM: 144,0,"{PHONE}"\r\n'),
        ("AT+X", f"\r\n+X: {swapped(PHONE + 'F')}\r\n"),
    )
    assert done[1] == f"+X: {swapped(NAMES.phone(PHONE) + 'F')}"


@pytest.mark.parametrize("number", [IMEI, IMEI + "7"])
def test_a_number_in_ucs2_is_read_before_it_is_named(number: str) -> None:
    assert line(f'+CGSN: "{wide(number)}"', "AT+CGSN") == f'+CGSN: "{wide(NAMES.imei(number))}"'


def test_a_short_text_in_ucs2_is_no_serial_number() -> None:
    assert line(f'+CGSN: "{wide("10086")}"', "AT+CGSN") == f'+CGSN: "{wide("10086")}"'


def test_a_card_spelled_by_nibbles_is_the_card() -> None:
    assert swapped(CARD).isdecimal()
    assert line(f"+X: {swapped(CARD)}") == f"+X: {swapped(NAMES.iccid(CARD))}"


def test_sixteen_digits_are_no_imsi_whatever_was_asked() -> None:
    assert line(IMSI + "7", "AT+CIMI") == NAMES.imei(IMSI + "7")


def test_sixteen_digits_behind_a_plus_are_hidden_too() -> None:
    assert line("+X: +1234567890123456") == f"+X: +{NAMES.imei('1234567890123456')}"


def test_a_number_that_is_dialled_is_one_though_it_has_not_the_shape() -> None:
    (command, _), *_ = redacted([("ATD1065812;", "\r\nOK\r\n")], (), KEY)[0]
    assert command == f"ATD{NAMES.phone('1065812')};"


def test_only_a_country_that_is_china_may_be_left_out() -> None:
    done = lines(("AT+CNUM", '\r\n+CNUM: "","+491711234567",145\r\n'), ("AT+X", "\r\n+X: 1711234567\r\n"))
    assert done[1] == "+X: 0000000000", "a piece of it, no number of its own"


def test_a_carriers_own_number_of_a_record_hides_nothing_elsewhere() -> None:
    content = "0481" + swapped("10086F").ljust(20, "F") + "FFFF"
    done = lines((read(NUMBER_FILE), f'\r\n+CRSM: 144,0,"{content}"\r\n'), ("AT+X", "\r\n+X: 10086\r\n"))
    assert done[1] == "+X: 10086"


# -- how it is spelled


@pytest.mark.parametrize("number", [IMSI, IMSI[:14]])
def test_an_imsi_is_known_by_its_nibbles_behind_its_parity(number: str) -> None:
    """24.008 §10.5.1.4: 9 before an odd number of digits, 1 before an even one, which ends in F."""
    before, after = ("9", "") if len(number) % 2 else ("1", "F")
    said = swapped(before + number + after)
    done = lines(("AT+CIMI", f"\r\n{number}\r\n"), ("AT+X", f"\r\n+X: {said}\r\n"))
    assert done[1] == f"+X: {swapped(before + NAMES.imsi(number) + after)}"


def test_nibbles_in_small_letters_stay_so() -> None:
    done = lines(("AT+X", f"\r\n+X: {PHONE}\r\n"), ("AT+X", f"\r\n+X: {swapped(PHONE + 'F').lower()}\r\n"))
    assert done[1] == f"+X: {swapped(NAMES.phone(PHONE) + 'F').lower()}"


def test_a_serial_number_with_letters_is_known_in_ucs2() -> None:
    serial = "MK12345678"
    done = lines(("AT+SN", f"\r\n{serial}\r\n"), ("AT+X", f"\r\n+X: {wide(serial)}\r\n"))
    assert done[1] == f"+X: {wide(NAMES.digits(serial, 'serial'))}"


# -- what is left of it


def test_a_piece_of_an_identity_becomes_zeros() -> None:
    done = lines(("AT+CGSN", f"\r\n{IMEI}\r\n"), ("AT+X", f"\r\n+X: a{IMEI[4:13]}b\r\n"))
    assert done[1] == "+X: a000000000b"


def test_a_piece_of_one_or_two_digits_tells_nothing() -> None:
    done = lines(("AT+X", "\r\n+X: 13811111111\r\n"), ("AT+X", "\r\n+X: a11111111b\r\n"))
    assert done[1] == "+X: a11111111b"


# -- commands and their echoes


def test_a_file_that_is_written_is_hidden_unless_it_is_about_networks() -> None:
    for file, is_hidden in ((OTHER_FILE, True), (AREA_FILE, False)):
        said = f'AT+CRSM=214,{file},0,0,10,"64F01064F02064F030FF"'
        ((command, reply),) = redacted([(said, f"{said}\r\r\n+CRSM: 144,0\r\n")], (), KEY)[0]
        assert ("64F01064F020" not in command) is is_hidden
        assert ("64F01064F020" not in str(reply)) is is_hidden


@pytest.mark.parametrize("command", ["AT+X", read(OTHER_FILE)])
def test_what_is_no_file_of_the_card_is_not_hidden_as_one(command: str) -> None:
    assert line('+X: 1,"00A1B2C3D4E5"', command) == '+X: 1,"00A1B2C3D4E5"'
    ((shown, _),) = redacted([('AT+X=1,"00A1B2C3D4E5"', "\r\nOK\r\n")], (), KEY)[0]
    assert shown == 'AT+X=1,"00A1B2C3D4E5"'


@pytest.mark.parametrize("at", ["AT", "at", "At"])
def test_the_echo_of_an_account_keeps_its_name(at: str) -> None:
    shown = line(f'{at}+CGAUTH=1,1,"merchant","hunter2"', f'{at}+CGAUTH=1,1,"merchant","hunter2"')
    assert shown == f'{at}+CGAUTH=1,1,"xxxxxxxx","xxxxxxx"'


def test_why_a_position_was_refused_stays() -> None:
    assert line("+CME ERROR: 516", "AT+QGPSLOC=2") == "+CME ERROR: 516"


def test_the_name_of_a_position_stays() -> None:
    shown = line("$GPRMC,023144.00,A,3150.7820,N", 'AT+QGPSGNMEA="RMC"')
    assert shown.startswith("$GPRMC,")
    assert "3150" not in shown


NAMED = (
    "+CGPSINFO", "+CGPSINF", "+QGPSLOC", "+QGPSGNMEA", "+QGNSSRD", "+QCELLLOC", "+QLBS", "+CGNSINF", "+CGNSSINFO",
    "+CIPGSMLOC", "+CLBS", "+UULOC", "+UGRMC", "+UGGGA", "+UGGLL", "^LOCINFO", "#AGPSRING", "!GPSLOC",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMED)
def test_a_position_is_hidden_with_its_name_and_where_it_was_asked_for(name: str) -> None:
    for said, command in ((f"{name}: 31.507820,117.150820", "AT+X"), ("31.507820,117.150820", f"AT{name}")):
        shown = line(said, command)
        assert len(shown) == len(said)
        assert "31.507820" not in shown
        assert "117.150820" not in shown


@pytest.mark.parametrize("talker", ["$GP", "$GN", "$GL", "$GA", "$GB", "$BD"])
def test_a_position_is_hidden_whichever_system_found_it(talker: str) -> None:
    """NMEA 0183: GPS, several, GLONASS, Galileo, BeiDou."""
    shown = line(f"{talker}RMC,023144.00,A,3150.7820,N,11715.0820,E")
    assert shown.startswith(f"{talker}RMC,")
    assert "3150.7820" not in shown


def test_no_address_at_all_stays_none() -> None:
    nothing = ".".join(["0"] * 16)
    assert line(f'+CGPADDR: 1,"{nothing}"', "AT+CGPADDR") == f'+CGPADDR: 1,"{nothing}"'


# -- messages


def test_a_text_in_ucs2_that_could_be_a_pdu_is_a_text() -> None:
    text = wide("dNoDCDBwb1Dc3,dsdc5lC0MXlPq.1.Ymk,.")
    assert masked_pdu(text, NAMES.phone, digits).strip("0")
    assert lines(("AT+CMGR=1", f"\r\n+CMGR: 0,,24\r\n{text}\r\n"))[1] == masked_hex(text, digits)


def test_the_sender_of_a_pdu_is_the_number_that_was_named_before() -> None:
    number = "12345678901234"
    pdu = "00040E91" + swapped(number) + "0000" + "62111202134423" + "06C8329BFD0E01"
    done = lines(("AT+X", f"\r\n+X: {number}\r\n"), ("AT+CMGR=1", f"\r\n+CMGR: 0,,24\r\n{pdu}\r\n"))
    assert done[2] == masked_pdu(pdu, lambda one: NAMES.digits(one, "number"), digits)


@pytest.mark.parametrize(
    ("text", "shown"), [("您的余额", "某某某某"), ("Móvil", "xéxxx"), ("Hello", "xxxxx"), ("٣٤", "00xx")]
)
def test_a_text_keeps_its_length_in_bytes(text: str, shown: str) -> None:
    said = text.encode().decode("latin-1")
    assert line(f'+CUSD: 0,"{said}",15') == f'+CUSD: 0,"{shown.encode().decode("latin-1")}",15'


# -- files of the card


def record(number: str) -> str:
    return number.ljust(24, "F") + "FFFF"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        (IMSI_FILE, "0849064321436587F"),  # half an octet
        (IMSI_FILE, "no hexadecimal, at all"),
        (IMSI_FILE, "0119FFFFFFFFFFFFFF"),  # one octet
        (IMSI_FILE, "0849A6432143658709"),  # a nibble that is no digit
        (NUMBER_FILE, "0891"),  # shorter than a number
        (NUMBER_FILE, record("0C91683118325476F8")),  # longer than one can be
        (NUMBER_FILE, record("0391683118325476F8")),  # shorter than what is there
        (NUMBER_FILE, record("0811683118325476F8")),  # of no kind
    ],
)
def test_what_is_no_such_file_has_no_number(file: int, content: str) -> None:
    assert list(numbers(file, content)) == []
    assert len(masked_file(file, content, NAMES.phone, digits)) == len(content)


@pytest.mark.parametrize("content", [record("00FF"), record("0091"), record("FFFF")])
def test_a_record_that_holds_no_number_stays(content: str) -> None:
    assert masked_file(NUMBER_FILE, content, NAMES.phone, digits) == content


@pytest.mark.parametrize("number", [CARD, CARD[:19]])
def test_the_cards_file_keeps_its_order_and_its_case(number: str) -> None:
    plain, shown = number.ljust(20, "F"), NAMES.iccid(number).ljust(20, "F")
    for content, expected in ((plain, shown), (swapped(plain), swapped(shown)), (plain.lower(), shown.lower())):
        assert masked_file(ICCID_FILE, content, NAMES.iccid, digits) == expected
