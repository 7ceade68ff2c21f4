"""Bytes → lines and prompts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.lines import MAX_LINE, Dropped, Line, Lines, Mark, Token, decoded, raw


def tokens(lines: Lines, data: bytes, *, prompt: bool = False) -> list[Token]:
    lines.feed(data)
    found = []
    while (token := lines.take(prompt=prompt)) is not None:
        found.append(token)
    return found


def texts(data: bytes) -> list[str]:
    return [token.text for token in tokens(Lines(), data) if isinstance(token, Line)]


@pytest.mark.parametrize("end", [b"\r\n", b"\r\r\n", b"\n\r", b"\r", b"\n", b"\r\n\r\n"])
def test_every_line_end_in_the_field_ends_a_line(end: bytes) -> None:
    assert texts(b"+CSQ: 19,99" + end + b"OK" + end) == ["+CSQ: 19,99", "OK"]


def test_a_line_is_there_as_soon_as_its_cr_is() -> None:
    lines = Lines()
    assert tokens(lines, b"OK\r") == [Line("OK")]
    assert tokens(lines, b"\n") == []


def test_an_unfinished_line_waits() -> None:
    lines = Lines()
    assert tokens(lines, b"+CS") == []
    assert tokens(lines, b"Q: 1\r\n") == [Line("+CSQ: 1")]


def test_a_prompt_is_one_only_while_it_is_awaited() -> None:
    assert tokens(Lines(), b"\r\n> ", prompt=True) == [Mark.PROMPT]
    assert tokens(Lines(), b"\r\n> ") == []


def test_a_prompt_with_a_line_end_is_one_too() -> None:
    assert tokens(Lines(), b"\r\n> \r\nOK\r\n", prompt=True) == [Mark.PROMPT, Line("OK")]


def test_a_prompt_may_come_byte_by_byte() -> None:
    lines = Lines()
    assert tokens(lines, b"\n", prompt=True) == []
    assert tokens(lines, b">", prompt=True) == [Mark.PROMPT]


def test_the_blank_after_a_prompt_may_come_later() -> None:
    lines = Lines()
    assert tokens(lines, b"\r\n>", prompt=True) == [Mark.PROMPT]
    assert tokens(lines, b" \r\n+CMGS: 5\r\n") == [Line("+CMGS: 5")]


def test_blanks_after_a_prompt_vanish_however_they_were_cut() -> None:
    lines = Lines()
    assert tokens(lines, b"\r\n>", prompt=True) == [Mark.PROMPT]
    assert [tokens(lines, piece) for piece in (b"  ", b"\r\n", b" +CMGS: 5\r\n")] == [[], [], [Line("+CMGS: 5")]]


def test_blanks_in_front_of_a_later_line_are_its_own() -> None:
    assert tokens(Lines(), b"\r\n> \r\n+CMGS: 5\r\n  OK\r\n", prompt=True)[1:] == [Line("+CMGS: 5"), Line("  OK")]


def test_a_sign_within_a_line_is_no_prompt() -> None:
    assert tokens(Lines(), b"a> b\r\n", prompt=True) == [Line("a> b")]


def test_nuls_of_a_starting_uart_vanish_but_those_within_a_line_stay() -> None:
    assert texts(b"\0\0\0RDY\r\n") == ["RDY"]
    assert texts(b"me\0example\r\n") == ["me\0example"]


def test_chinese_operator_names_are_read() -> None:
    assert texts('+COPS: 0,0,"中国移动",7\r\n'.encode()) == ['+COPS: 0,0,"中国移动",7']


def test_gbk_bytes_can_be_had_back() -> None:
    (text,) = texts("中国移动".encode("gbk") + b"\r\n")
    assert raw(text).decode("gbk") == "中国移动"


def test_no_text_ever_holds_what_json_or_a_database_would_choke_on() -> None:
    decoded(bytes(range(256))).encode("utf-8")


@given(st.binary())
def test_no_byte_is_lost(data: bytes) -> None:
    assert raw(decoded(data)) == data
    decoded(data).encode("utf-8")


@given(st.text(alphabet=st.characters(min_codepoint=0xF77F, max_codepoint=0xF800)))
def test_not_even_those_that_spell_our_own_stand_ins(text: str) -> None:
    assert raw(decoded(text.encode())) == text.encode()
    assert raw(decoded(f"a{text}".encode())) == f"a{text}".encode()


def test_a_line_without_end_is_dropped_and_counted_to_the_last_byte() -> None:
    lines = Lines()
    found = tokens(lines, b"x" * (3 * MAX_LINE + 5) + b"\r\nOK\r\n")
    assert found == [Dropped(MAX_LINE)] * 3 + [Dropped(5), Line("OK")]


def test_a_line_of_exactly_the_bound_is_told_of_once() -> None:
    assert tokens(Lines(), b"x" * MAX_LINE + b"\r\nOK\r\n") == [Dropped(MAX_LINE), Line("OK")]


def test_garbage_without_end_takes_no_more_than_one_line_of_memory() -> None:
    lines = Lines()
    for _ in range(100):
        tokens(lines, b"\xff" * 1000)
        assert lines.held <= MAX_LINE


@given(st.lists(st.sampled_from([b"x" * 5000, b"\r", b"\n", b"\0", b"> ", b"OK"])), st.booleans())
def test_cutting_changes_nothing(pieces: list[bytes], prompt: bool) -> None:
    whole = tokens(Lines(), b"".join(pieces), prompt=prompt)
    lines = Lines()
    assert [token for piece in pieces for token in tokens(lines, piece, prompt=prompt)] == whole


def test_a_line_without_end_is_bounded_byte_by_byte_too() -> None:
    lines, dropped, held = Lines(), 0, 0
    for _ in range(3 * MAX_LINE):
        lines.feed(b"x")
        token = lines.take()
        dropped += token.bytes if isinstance(token, Dropped) else 0
        held = max(held, lines.held)
    assert dropped + lines.held == 3 * MAX_LINE
    assert held <= MAX_LINE
