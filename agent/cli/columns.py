"""Text in columns on a terminal: Chinese characters take two, combining marks none. East Asian width is UAX #11."""

import unicodedata
from collections.abc import Iterator

_NO_LINE_STARTS_WITH = set("，。、；：？！）》”’】％…,.;:?!)]}%")
"""Punctuation stays with what it ends, also where that makes a line one character too long (JIS X 4051, GB/T 15834)."""

_NO_LINE_ENDS_WITH = set("（【“‘《")


def width(text: str) -> int:
    """Display columns. Ambiguous characters (→, …) count as one, as terminals outside East Asian locales draw them."""
    return sum(map(_columns, text))


def pad(text: str, columns: int) -> str:
    """`text` filled up with spaces to so many columns; longer text stays as it is."""
    return text + " " * max(0, columns - width(text))


def wrap(text: str, columns: int, indent: str = "") -> list[str]:
    """Lines of at most `columns` (where it can be broken at all); all but the first begin with `indent`."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line.strip() and width(line + piece.rstrip()) > columns and piece[0] not in _NO_LINE_STARTS_WITH:
            lines.append(line.rstrip())
            line = indent + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """What a line may be broken between: words with the space after them, and single wide characters."""
    word = ""
    for char in text:
        if _columns(char) == 2 and char not in _NO_LINE_ENDS_WITH:
            opened = bool(word) and word[-1] in _NO_LINE_ENDS_WITH
            yield from (word + char,) if opened else filter(None, (word, char))
            word = ""
        elif char in _NO_LINE_ENDS_WITH and word:
            yield word
            word = char
        else:
            word += char
        if char == " ":
            yield word
            word = ""
    if word:
        yield word


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
