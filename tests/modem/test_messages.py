"""Stored and delivered messages as +CMGR, +CMGL, +CMT and +CDS show them (27.005 §3.4.1, §4.1, §4.2)."""

import pytest

from modem.messages import MAX_TEXT_LINES, delivered, stored
from modem.values import Sms
from tests.fakes.replies import reply

HOW = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
MISCOUNTED = f"08{HOW[2:]}"
"""Its centre says one octet more than it has: only the length of the header tells where the message begins."""
TEXT_HEADER = '+CMGR: "REC READ","10086",,"21/01/02,03:04:05+32"'


def shown(*lines: str) -> Sms:
    (found,) = stored(reply(*lines))
    return found


def came(*lines: str) -> Sms:
    (found,) = delivered(lines)
    return found


@pytest.mark.parametrize("header", ["+CMGR: 1,,30", "+CMGR: 30", '+CMGRD: 1,"",30'])
def test_the_length_tells_where_the_message_begins(header: str) -> None:
    assert (shown(header, HOW).text, shown(header, MISCOUNTED).text) == ("How are you?", "How are you?")
    assert came("+CMT: ,30", MISCOUNTED).text == "How are you?"


@pytest.mark.parametrize("header", ["+CMGL:", "+CMGR:"])
def test_a_header_without_a_field_shows_the_message(header: str) -> None:
    assert (shown(header, HOW).text, shown(header, HOW).index) == ("How are you?", None)
    assert came("+CMT:", HOW).text == "How are you?"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("+CMGR: 0,,30", "unread"),
        ("+CMGR: 1,,30", "read"),
        ("+CMGR: 2,,30", "unsent"),
        ("+CMGR: 3,,30", "sent"),
        ("+CMGR: 4,,30", None),
        ("+CMGR: -1,,30", None),
        ("+CMGR: ,,30", None),
        ("+CMGR: 30", None),
        ("+CMGR: 2,1,,30", None),  # an index, or a status: not known which
        ("+CMGL: 7,1,,30", "read"),
    ],
)
def test_the_status_of_a_pdu_is_a_number(header: str, status: str | None) -> None:
    assert shown(header, HOW).status == status


@pytest.mark.parametrize("body", [(), ("hello",), (HOW, HOW)])
def test_what_is_no_pdu_under_a_header_of_numbers_is_no_message(body: tuple[str, ...]) -> None:
    assert stored(reply("+CMGR: 1,,30", *body)) == ()


def test_lines_in_front_of_the_first_header_belong_to_no_message() -> None:
    assert shown("hello", TEXT_HEADER, "x").text == "x"
    assert stored(reply("hello", "x")) == ()


def test_a_text_has_no_more_lines_than_the_bound() -> None:
    text = shown(TEXT_HEADER, *(["x"] * (MAX_TEXT_LINES + 5))).text or ""
    assert text.count("x") == MAX_TEXT_LINES


@pytest.mark.parametrize(
    ("word", "status", "sender", "recipient"),
    [
        ("REC UNREAD", "unread", "10086", None),
        ("REC READ", "read", "10086", None),
        ("rec read", "read", "10086", None),
        ("STO UNSENT", "unsent", None, "10086"),
        ("STO SENT", "sent", None, "10086"),
    ],
)
def test_the_status_of_a_text_is_words_and_says_whose_the_number_is(
    word: str, status: str, sender: str | None, recipient: str | None
) -> None:
    for header in (f'+CMGR: "{word}","10086"', f'+CMGL: 7,"{word}","10086"'):
        sms = shown(header, "x")
        assert (sms.status, sms.sender, sms.recipient, sms.text) == (status, sender, recipient, "x")


@pytest.mark.parametrize(
    ("field", "number"),
    [
        (',"10086"', "10086"),
        (',"002B00380036"', "+86"),  # with AT+CSCS="UCS2"
        (',"00380036"', "86"),
        (',"0038"', "8"),
        (',"0086"', "0086"),
        (',"CMCC"', "CMCC"),
        (",", None),
        ("", None),
    ],
)
def test_a_number_may_be_in_hexadecimal(field: str, number: str | None) -> None:
    assert shown(f'+CMGR: "REC READ"{field}', "x").sender == number


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("21/01/02,03:04:05+32", "2021-01-02T03:04:05+08:00"),
        ("2021/01/02 03:04:05-14", "2021-01-02T03:04:05-03:30"),
        ("21/01/02,03:04:05", "2021-01-02T03:04:05"),
        ("21/01/02,03:04:05+80", "2021-01-02T03:04:05"),  # 20 hours: there is no such place
        ("21/13/02,03:04:05+32", None),
        ("", None),
    ],
)
def test_a_time_is_told_with_its_offset_where_that_can_be(said: str, time: str | None) -> None:
    assert shown(f'+CMGR: "REC READ","10086",,"{said}"', "x").time == time


DETAILED = ',"21/01/02,03:04:05+32",129,4,0,{dcs},"+8613800100500",145,4'
"""With AT+CSDH=1."""


@pytest.mark.parametrize(
    ("dcs", "body", "text"),
    [
        (None, "5230534152305341", "5230534152305341"),  # a number, though it spells 到十到十 as well
        (None, "0031003200330034", "1234"),
        (None, "4F59989D0031", "余额1"),
        (None, "AB", "AB"),
        (0, "52305341", "52305341"),
        (0, "4F60597D", "4F60597D"),
        (4, "0031003200330034", "0031003200330034"),  # data: 27.005 §3.1, <data>
        (8, "52305341", "到十"),
        (8, "660E5929", "明天"),
        (8, "660E\n5929", "明天"),
    ],
)
def test_a_text_in_hexadecimal_is_read_as_its_coding_scheme_says(dcs: int | None, body: str, text: str) -> None:
    details = ',"21/01/02,03:04:05+32"' if dcs is None else DETAILED.format(dcs=dcs)
    lines = body.split("\n")
    assert shown(f'+CMGR: "REC READ","10086",{details}', *lines).text == text
    assert shown(f'+CMGL: 7,"REC READ","10086",{details}', *lines).text == text
    assert came(f'+CMT: "10086",{details}', *lines).text == text


def test_a_delivery_with_a_senders_name_is_text_even_if_it_looks_like_a_pdu() -> None:
    sms = came('+CMT: "10086",,"26/11/21,18:00:00+32"', HOW)
    assert (sms.sender, sms.text, sms.pdu) == ("10086", HOW, None)


@pytest.mark.parametrize("header", ["+CMT: ,30", '+CMT: "",24', "+CMT: 24"])
@pytest.mark.parametrize("body", ["hello", "07917952140230F2040C917952xxxxxxxx00001290813175212105C8329BFD06"])
def test_what_is_no_pdu_under_a_header_of_its_length_is_no_text(header: str, body: str) -> None:
    sms = came(header, body)
    assert (sms.text, sms.sender, sms.time, len(sms.problems)) == (None, None, None, 1)


@pytest.mark.parametrize("header", ['+CMT: "10086"', '+CMT: "10086",', "+CMT:"])
def test_a_delivery_under_a_header_that_tells_no_length_is_text(header: str) -> None:
    assert came(header, "hello").text == "hello"


@pytest.mark.parametrize("lines", [(), ("+CMT: ,30",), ("+CDS: 30",), ("+CDS: 30", "hello")])
def test_a_delivery_of_nothing_is_no_message(lines: tuple[str, ...]) -> None:
    assert delivered(lines) == ()


REPORT = '+CDS: 6,{reference},"+8613800138000",145,"26/11/21,18:00:00+32","26/11/21,18:00:05+32",{status}'


@pytest.mark.parametrize(("status", "delivery"), [(0, "delivered"), (0x20, "pending"), (0x40, "failed"), (0x10, None)])
def test_a_status_report_in_text_mode_is_one_line(status: int, delivery: str | None) -> None:
    sms = came(REPORT.format(reference=12, status=status))
    assert (sms.recipient, sms.time) == ("+8613800138000", "2026-11-21T18:00:00+08:00")
    assert (sms.reference, sms.delivery) == (12, delivery)


def test_a_stored_status_report_has_no_sender_and_no_text() -> None:
    fields = '6,20,"+8613800138000",145,"26/11/21,18:00:00+32","26/11/21,18:00:05+32",0'
    text = '+CMGL: 5,"REC READ","10086",,"26/11/21,18:00:00+32"'
    found = stored(reply(f'+CMGL: 4,"REC UNREAD",{fields}', text, "hello"))
    assert [(one.index, one.status, one.sender, one.recipient, one.text) for one in found] == [
        (4, "unread", None, "+8613800138000", None),
        (5, "read", "10086", None, "hello"),
    ]
    assert (found[0].reference, found[0].delivery) == (20, "delivered")
    assert [one.delivery for one in stored(reply(f"+CMGR: ,{fields}"))] == ["delivered"]
    assert stored(reply('+CMGR: "REC READ",6,20,"+8613800138000",145,"26/11/21","26/11/21",x')) == ()


@pytest.mark.parametrize(("reference", "status"), [("x", "0"), ("12", "x"), ("", ""), ("12", "")])
def test_a_status_report_without_its_numbers_is_none(reference: str, status: str) -> None:
    assert delivered((REPORT.format(reference=reference, status=status),)) == ()
