"""Foreign text that is shown: nothing in it reaches a terminal as control."""

import json

import pytest

from modem.text import printable, printable_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("中\u3000文", "中\u3000文"),  # a blank that is no control
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\x7fb", "a\\x7fb"),
        ("a\nb\r", "a\\x0ab\\x0d"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u2028b\u2029", "a\\u2028b\\u2029"),
        ("a\U000e0001", "a\\U000e0001"),
        ("\uf780\ud83d", "\\uf780\\ud83d"),
    ],
)
def test_controls_are_spelled_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_line_feeds_alone_may_be_kept() -> None:
    assert printable("a\nb\r\x1b", keep_newlines=True) == "a\nb\\x0d\\x1b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain 中文", '"plain 中文"'),
        ("a\x7fb", '"a\\u007fb"'),
        ("a\u202eb中", '"a\\u202eb中"'),
        ("a\U000e0001", '"a\\udb40\\udc01"'),
    ],
)
def test_a_json_document_says_the_same_to_a_program(text: str, shown: str) -> None:
    document = printable_json(json.dumps(text, ensure_ascii=False))
    assert document == shown
    assert json.loads(document) == text
