"""Files of the card in a recording keep their form, and hold the stand-ins that are used everywhere else."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modem.pseudonyms import Pseudonyms
from modem.redact import Exchange, redacted
from modem.redact_files import masked_file
from modem.simulator.messages import swapped

KEY = b"a key for tests, 32 bytes long.."
NAMES = Pseudonyms(KEY)
IMSI = "460012345678909"
PHONE = "8613912345678"
CENTRE = "8613800100500"
NUMBER = swapped(PHONE + "F").ljust(20, "F")
RECORDS = {28474: "EF_ADN", 28475: "EF_FDN", 28480: "EF_MSISDN", 28489: "EF_SDN"}


def contents(*exchanges: Exchange) -> list[str]:
    """What the answers hold in quotes, or alone."""
    replies = [reply or "" for _, reply in redacted(exchanges, (), KEY)[0]]
    return [match[1] for reply in replies if (match := re.search(r'"([^"]*)"', reply) or re.search(r"(\w+)", reply))]


def file(number: int, content: str) -> Exchange:
    return (f"AT+CRSM=176,{number},0,0,9", f'\r\n+CRSM: 144,0,"{content}"\r\n\r\nOK\r\n')


def imsi_file(digits: str) -> str:
    """31.102 §4.2.2: the octets that follow, parity, the digits, filled with F."""
    nibbles = ("9" if len(digits) % 2 else "1") + digits + ("" if len(digits) % 2 else "F")
    return f"{len(nibbles) // 2:02X}{swapped(nibbles)}".ljust(18, "F")


@pytest.mark.parametrize("digits", [IMSI, IMSI[:14], IMSI[:13], IMSI[:10]])
@pytest.mark.parametrize("is_file_first", [True, False])
def test_the_imsi_of_the_file_is_that_of_the_command(digits: str, is_file_first: bool) -> None:
    said = [("AT+CIMI", f"\r\n{digits}\r\n\r\nOK\r\n"), file(28423, imsi_file(digits))]
    done = contents(*(reversed(said) if is_file_first else said))
    stand_in = NAMES.imsi(digits)
    assert sorted(done) == sorted([stand_in, imsi_file(stand_in)])


@pytest.mark.parametrize("number", RECORDS, ids=RECORDS.values())
def test_a_record_keeps_its_form_and_has_the_stand_in_of_its_number(number: int) -> None:
    """31.102 §4.2.26: a name, octets that follow, the kind of number, the number, two octets more."""
    name = "5368 6F70 FFFFFFFF".replace(" ", "")
    own, record = contents(
        ("AT+CNUM", f'\r\n+CNUM: "","+{PHONE}",145\r\n'), file(number, name + "0891" + NUMBER + "FFFF")
    )
    assert own == ""
    assert record[8:] == "FFFFFFFF" + "0891" + swapped(NAMES.phone(PHONE) + "F").ljust(20, "F") + "FFFF"
    assert record[:8] != name[:8]


def test_the_number_of_a_record_is_known_elsewhere() -> None:
    said = ("AT+X", f'\r\n+X: "{PHONE[2:]}"\r\n')
    assert contents(file(28480, "0891" + NUMBER + "FFFF"), said)[1] == NAMES.phone(PHONE)[2:]


def test_a_record_without_a_number_stays() -> None:
    assert contents(file(28480, "FF" * 28)) == ["FF" * 28]


def test_a_carriers_own_number_in_a_record_stays() -> None:
    assert contents(file(28489, "0481" + swapped("10086F").ljust(20, "F") + "FFFF")) == ["04810180F6" + "FF" * 9]


def test_the_centre_of_messages_is_the_one_that_is_told_elsewhere() -> None:
    """31.102 §4.2.27: what is there, to whom (twelve octets), by which centre (twelve), three octets more."""

    def record(centre: str) -> str:
        return "FF" * 6 + "FD" + "FF" * 12 + "0891" + swapped(centre + "F").ljust(20, "F") + "0000A7"

    assert contents(("AT+CSCA?", f'\r\n+CSCA: "+{CENTRE}",145\r\n'), file(28482, record(CENTRE))) == [
        "+" + NAMES.phone(CENTRE),
        record(NAMES.phone(CENTRE)),
    ]


def test_a_receiver_in_a_record_has_its_length_in_digits() -> None:
    """23.040 §9.1.2.5."""
    said = "E1" + "0B81" + swapped("13912345678F").ljust(20, "F") + "FF" * 12 + "0000A7"
    assert contents(file(28482, said)) == [
        said.replace(swapped("13912345678F"), swapped(NAMES.phone("13912345678") + "F"))
    ]


@pytest.mark.parametrize("number", [28423, 28480, 28482, 12258])
@pytest.mark.parametrize(
    "content",
    [
        "621A8202412183026F07A506C00100CA01",
        "0049060010325476",
        "0912345678901234FF",
        "08492143658709F1",
        "123456789012345678",
    ],
)
def test_what_has_not_the_form_of_its_file_is_masked_whole(number: int, content: str) -> None:
    done = contents(file(number, content))[0]
    assert len(done) == len(content)
    assert not {content[at : at + 8] for at in range(len(content) - 7)} & {
        done[at : at + 8] for at in range(len(done) - 7)
    }


def test_small_letters_stay_small() -> None:
    done = contents(file(28423, imsi_file(IMSI[:14]).lower()))[0]
    assert done == imsi_file(NAMES.imsi(IMSI[:14])).lower()
    assert contents(file(12258, "984402000000000000f0"))[0][-2:] == "f" + NAMES.iccid("8944200000000000000")[-1]


def test_what_is_written_into_a_file_is_masked_in_the_command_and_in_its_echo() -> None:
    said = f'AT+CRSM=214,28423,0,0,9,"{imsi_file(IMSI)}"'
    done = redacted([(said, f"{said}\r\r\n+CRSM: 144,0\r\n\r\nOK\r\n")], (), KEY)[0]
    shown = said.replace(imsi_file(IMSI), imsi_file(NAMES.imsi(IMSI)))
    assert done == [(shown, f"{shown}\r\r\n+CRSM: 144,0\r\n\r\nOK\r\n")]


def test_two_files_in_one_line_are_both_masked() -> None:
    done = redacted([("AT+CRSM=176,28589,0,0,4;+CRSM=176,28542,0,0,4", '\r\n+CRSM: 144,0,"64F01064F020"\r\n')], (), KEY)
    assert "64F01064F020" not in str(done)


@given(
    st.sampled_from([28423, 28480, 28482, 12258, 28542]),
    st.text("0123456789ABCDEF", max_size=120) | st.text("019F", max_size=80),
)
@settings(deadline=None)
def test_no_file_is_too_broken(number: int, content: str) -> None:
    assert len(masked_file(number, content, NAMES.phone, NAMES.digits)) == len(content)


@pytest.mark.parametrize("number", [28423, 28480, 28482, 12258])
@pytest.mark.parametrize("content", ["", "12345", "12G4", "FD", "00"])
def test_what_is_no_file_at_all_is_no_trouble(number: int, content: str) -> None:
    assert len(masked_file(number, content, NAMES.phone, NAMES.digits)) == len(content)


@pytest.mark.parametrize(
    "content",
    [
        "0C91" + "21436587092143658709" + "FFFF",  # longer than the field
        "0391" + "2143" + "65" + "FF" * 7 + "FFFF",  # a third octet where the filling should begin
        "0311" + "2143" + "FF" * 8 + "FFFF",  # no kind of number
    ],
)
def test_a_record_that_contradicts_itself_is_masked_from_its_length_on(content: str) -> None:
    done = masked_file(28480, content, lambda number: number, NAMES.digits)
    assert done[0] != content[0]
    assert done[-4:] == "FFFF"


def test_a_record_whose_number_has_no_octet_stays() -> None:
    content = "00FF" + "FF" * 12
    assert masked_file(28480, content, NAMES.phone, NAMES.digits) == content


def test_a_few_digits_are_no_imsi() -> None:
    """Else each 46 of a recording would become another."""
    said = [file(28423, "0249" + "46" + "FF" * 6), ("AT+CSQ", "\r\n+CSQ: 46,99\r\n")]
    assert redacted(said, (), KEY)[0][1] == said[1]
    assert masked_file(28423, "034964F0" + "FF" * 5, NAMES.imsi, NAMES.digits)[0] != "0"
    assert masked_file(28423, "0849640002143658", NAMES.imsi, NAMES.digits)[0] != "0"


def test_an_imsi_of_letters_is_masked_whole() -> None:
    assert masked_file(28423, "0849A21436587092F1", NAMES.imsi, NAMES.digits)[0] != "0"


def test_a_card_keeps_its_order_and_the_case_of_its_letters() -> None:
    """Some modems hand the octets over as they are printed on the card; China Mobile numbers with letters."""
    printed = "898600A1790000000007"
    assert masked_file(12258, printed, NAMES.iccid, NAMES.digits) == NAMES.iccid(printed)
    swapped_ = swapped(printed)
    assert masked_file(12258, swapped_, NAMES.iccid, NAMES.digits) == swapped(NAMES.iccid(printed))
    assert masked_file(12258, swapped_.lower(), NAMES.iccid, NAMES.digits) == swapped(NAMES.iccid(printed)).lower()
