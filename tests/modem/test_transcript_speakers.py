"""Who said what where a program breaks lines, marks only one side, or leaves blanks around a word."""

import pytest

from modem import transcript
from modem.transcript import Said
from modem.transcript_forms import is_command

ASKED, SAID, OK = Said("host", "AT+CSQ"), Said("modem", "+CSQ: 20,99"), Said("modem", "OK")


def said(text: str) -> list[Said]:
    return list(transcript.read(text))


def test_blank_lines_do_not_keep_a_head_from_being_learned() -> None:
    text = " \n" * 2000 + "lib: Token: {AT+CSQ}\nlib: Token: {OK}"
    assert [one.text for one in said(text)] == ["AT+CSQ", "OK"]


def test_a_command_in_pieces_is_one() -> None:
    assert said("(ttyUSB2): --> 'AT+C'\n(ttyUSB2): --> 'SQ<CR>'") == [ASKED]


def test_blanks_around_the_lines_of_a_stream_are_no_words() -> None:
    assert said(r"RX b' \r\n +CSQ: 20,99 \r\nOK\r\n '") == [SAID, OK]


def test_a_stream_that_ends_within_a_line_says_what_there_is() -> None:
    assert said("(ttyUSB2): <-- '<CR><LF>> '") == [Said("modem", ">")]


STAMPED = "12:00:01.1 > AT+CSQ\n12:00:01.2 registration is fine\n12:00:01.3 < +CSQ: 20,99"


def test_only_the_lines_with_marks_prove_that_all_are_stamped() -> None:
    assert Said("remark", "registration is fine") in said(f"a line by hand\n{STAMPED}")
    assert Said("unknown", "registration is fine") in said(STAMPED.replace("12:00:01.1 ", ""))


def test_where_both_sides_have_marks_no_head_is_learned() -> None:
    assert said(">>> AT+CSQ\n<<< OK\nStatus: OK\nStatus: OK")[2:] == 2 * [Said("unknown", "Status: OK")]


def test_arrows_that_all_point_one_way_say_nothing() -> None:
    text = "-> AT+CSQ  \n-> +CSQ: 20,99  \n-> OK"
    assert said(text) == [Said("unknown", line) for line in ("AT+CSQ", "+CSQ: 20,99", "OK")]


@pytest.mark.parametrize(
    ("line", "one"),
    [
        (r"SENDING DATA 'hello\r\n'", Said("host", "hello")),
        (r"WAITING: DATA_RCV = 'AT+CSQ\r\n'", ASKED),  # an echo
        (r"TX: b'hello\r\n'", Said("host", "hello")),
        ("send (AT+CSQ ^M)", ASKED),
        ("[V][sim800l:062]: S: AT+CSQ  - 5", ASKED),
        ("[00030546ms][INFO][CELL]: AT TX ( 7): AT+CSQ<cr>", ASKED),
        ("[00030610ms][INFO][CELL]: AT RX (13): +CSQ: 20,99<cr><ln>", SAID),
        ("$ echo 'AT+CSQ ' | atinout - /dev/ttyUSB2 -", ASKED),
        ("expect (OK) ", Said("remark", "expect (OK)")),
        (">> +CSQ: 20,99 OK", Said("remark", "+CSQ: 20,99 OK")),  # smstools joins answers only
    ],
)
def test_whose_words_a_line_has(line: str, one: Said) -> None:
    assert said(line) == [one]


def test_a_line_of_at_keeps_what_looks_like_a_head_within_it() -> None:
    text = "my modem said: AT\nmy modem said: OK\n+CMT: my modem said: OK"
    assert [one.text for one in said(text)] == ["AT", "OK", "+CMT: my modem said: OK"]


def test_blanks_within_the_quotes_behind_a_head_are_no_words() -> None:
    text = 'smsd: gammu: 1 "AT+CSQ "\nsmsd: gammu: 2 " +CSQ: 20,99 "'
    assert [one.text for one in said(text)] == ["AT+CSQ", "+CSQ: 20,99"]


@pytest.mark.parametrize("text", [" AT", "\tat+csq ", " ATI"])
def test_blanks_do_not_make_a_command_another_thing(text: str) -> None:
    assert is_command(text)
