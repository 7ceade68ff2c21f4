"""The marks that programs put in front of a modem's lines, and what only looks like one."""

import time

import pytest

from modem import transcript
from modem.transcript import Said

ASKED, SAID = Said("host", "AT+CSQ"), Said("modem", "+CSQ: 20,99")


@pytest.mark.parametrize(
    ("host", "modem"),
    [
        ("00> >>> AT+CSQ", "00> <<< +CSQ: 20,99"),
        ("[14:34:12.900]发→◇AT+CSQ", "[14:34:12.921]收←◆+CSQ: 20,99"),
        ("命令17 发：AT+CSQ", "返回：+CSQ: 20,99"),
        ("发送: AT+CSQ", "响应: +CSQ: 20,99"),
        ("输入：AT+CSQ", "应答：+CSQ: 20,99"),
        ("lte,async lte1: sent AT+CSQ", "lte,async lte1: rcvd +CSQ: 20,99"),
        ("TX:|AT+CSQ", "RX:|+CSQ: 20,99"),
        ("TX: AT+CSQ (8 bytes)", "RX: +CSQ: 20,99 (15 bytes)"),
        (r"at_write: [q0] [1][AT+CSQ\r\n]", r"at_read: [q0] [1][\r\n+CSQ: 20,99\r\n]"),
        ("07-10 14:50:59.452  2173  2295 D ATC     : AT> AT+CSQ", "07-10 14:50:59.461  21  25 D ATC : AT< +CSQ: 20,99"),
        ("port, wrote 8 bytes: AT+CSQ", 'port, read 11 bytes: "+CSQ: 20,99"'),
        ("Sending: 'AT+CSQ'", "Received: ['+CSQ: 20,99']"),
        (r"SENDING ATCMD 'AT+CSQ\r\n'", r"WAITING: DATA_RCV = '\r\n+CSQ: 20,99\r\n'"),
        (r'modem 3: sent b"AT+CSQ\r"', r'modem 3: got b"+CSQ: 20,99\r\n"'),
        ("--> AT+CSQ", "<-- +CSQ: 20,99"),
        ("→ AT+CSQ", "← +CSQ: 20,99"),
    ],
)
def test_whose_line_it_is(host: str, modem: str) -> None:
    assert list(transcript.read(f"{host}\n{modem}")) == [ASKED, SAID]


def test_several_answers_in_one_list_come_in_their_order() -> None:
    said = list(transcript.read("Received: ['+CSQ: 20,99', \"OK\"]"))
    assert said == [SAID, Said("modem", "OK")]


@pytest.mark.parametrize("line", ["[模块回应] :", "[reply]："])
def test_a_heading_in_brackets_is_a_remark(line: str) -> None:
    assert [one.speaker for one in transcript.read(f"{line}\n+CSQ: 20,99")] == ["remark", "unknown"]


STAMPED = "12:00:01.1 > AT+CSQ\n12:00:01.2 registration is fine\n12:00:01.3 < +CSQ: 20,99"


def test_free_text_among_stamped_lines_is_the_programs_own() -> None:
    assert list(transcript.read(STAMPED)) == [ASKED, Said("remark", "registration is fine"), SAID]


@pytest.mark.parametrize(
    "text",
    [
        STAMPED.replace("12:00:01.2 ", ""),  # no stamp: a free text of the modem's
        STAMPED.replace("12:00:01.3 ", ""),  # the modem's lines have none
        STAMPED.replace("< ", ""),  # nobody says which side the modem is
    ],
)
def test_free_text_is_nobodys_where_stamps_prove_nothing(text: str) -> None:
    assert Said("unknown", "registration is fine") in list(transcript.read(text))


@pytest.mark.parametrize("line", ["+CSQ: 20,99", "OK", "AT+CSQ"])
def test_a_stamped_line_of_at_is_no_remark(line: str) -> None:
    assert Said("unknown", line) in list(transcript.read(STAMPED.replace("registration is fine", line)))


@pytest.mark.parametrize("quoted", [r"the battery has read '5 V\n' or so", "we sent 'AT' already", r"'AT\r' unread"])
def test_a_sentence_with_quotes_is_nobodys(quoted: str) -> None:
    assert list(transcript.read(quoted)) == [Said("unknown", quoted)]


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "[[",
        "a" * 40,
        "sent ",
        "read 1 ",
        "'",
        "['",
        "['',",
        "\\r",
        "命令",
        "TX: ",
        "lte,",
        "0> ",
        " (1 byte",
        "b'a\\n",
    ],
)
def test_a_hostile_line_is_read_in_no_time(piece: str) -> None:
    began = time.process_time()
    assert list(transcript.read((piece * 9000)[:9000]))
    assert time.process_time() - began < 2
