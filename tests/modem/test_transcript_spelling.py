"""How logs spell bytes, and what stands behind a head that was learned."""

import pytest

from modem import transcript
from modem.transcript import Said
from modem.transcript_forms import typed, unescape


def texts(text: str) -> list[str]:
    return [one.text for one in transcript.read(text)]


@pytest.mark.parametrize("spelled", ["<CR>", "<cr>", r"\r", "␍", r"\x0D", r"\x0d", r"\13"])
def test_a_carriage_return_has_many_spellings(spelled: str) -> None:
    assert unescape(f"OK{spelled}") == "OK\r"


@pytest.mark.parametrize("spelled", ["<LF>", "<lf>", "<ln>", r"\n", "␊", r"\x0A", r"\10"])
def test_a_line_feed_has_many_spellings(spelled: str) -> None:
    assert unescape(f"OK{spelled}") == "OK\n"


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quote_that_is_escaped_is_itself(quote: str) -> None:
    assert unescape(f"a\\{quote}b") == f"a{quote}b"


@pytest.mark.parametrize(
    ("given", "command"), [("at+csq", "at+csq"), ("AT+CSQ", "AT+CSQ"), ("+CSQ", "AT+CSQ"), ("I", "ATI")]
)
def test_mmcli_puts_only_a_missing_at_in_front(given: str, command: str) -> None:
    assert typed(f"$ mmcli -m 0 --command={given}") == command


@pytest.mark.parametrize("word", ["uart-tx", "uart-TX"])
def test_a_dump_of_what_was_sent_is_the_hosts_in_either_case(word: str) -> None:
    line = f"D (42) {word}: 0x3f419c18   41 54 2b 43 53 51 0d                              |AT+CSQ.|"
    assert list(transcript.read(line)) == [Said("host", "AT+CSQ")]


def test_lines_of_at_teach_no_head() -> None:
    text = "ATI he said: OK\nATI he said: OK\nso ATI he said: hello"
    assert texts(text) == text.split("\n")


def test_a_quote_that_is_not_closed_is_no_part_of_a_head() -> None:
    text = 'note: "OK\nnote: "OK'
    assert texts(text) == text.split("\n")


def test_any_number_of_blanks_may_stand_behind_a_head() -> None:
    text = "modem_chat: got:         AT+CSQ\nmodem_chat: got:         +CSQ:  20 99"
    assert texts(text) == ["AT+CSQ", "+CSQ: 20,99"]


def test_only_one_program_writes_blanks_for_commas() -> None:
    assert texts("lib: got: AT+CSQ\nlib: got: +CSQ:  20 99") == ["AT+CSQ", "+CSQ:  20 99"]
