"""Splitting what a modem said into fields, however it was quoted.

Real modems leave quotes out (+CREG: 2,1,8BE3,2BAF), forget to close them ("0B,"0100701"), put blanks inside numbers
( 0 5) and commas inside names ("T-Mobile USA, In"). Nothing here raises; what cannot be read is None.
"""

import re
from functools import lru_cache
from typing import NamedTuple

MAX_LINE_CHARS = 4096
"""Longer lines are cut before they are split: no answer that we read is longer, a scan of 60 networks included."""

_PREFIX = re.compile(r"\s*([+^%!*$#&_](?=[0-9_ ]{0,8}[A-Za-z])[A-Za-z0-9][A-Za-z0-9_ ]{0,30}?)\s*:")
"""With a letter: "*88:88#" and "+84978779222: call me" are texts."""
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,9})?")
_HEX = re.compile(r"(?:0[xX])?([0-9A-Fa-f]{1,32})")
_ANOTHER = re.compile(r"[+^%!*$#&][A-Z][A-Z0-9_]{1,20}:|[aA][tT][+^%!*$#&][A-Za-z]")
"""The begin of an answer, or of a command's echo, in the midst of a line."""
_LONG_HEAD = len("+CSQ")
"""Within quotes a shorter one may be part of a text."""
_CLOSERS = ",)"
_LEAST_FILLER = 4
"""Digits F behind zeros that are a placeholder; 00FF may well be an area."""


class Field(NamedTuple):
    """One field; `quoted` tells "05" from 05, which is how a location area is told from a status."""

    text: str
    quoted: bool = False


@lru_cache(maxsize=16)
def prefix_of(line: str) -> str | None:
    """The prefix of an information line with its colon and in capitals ("+CREG:"), None for free text."""
    match = _PREFIX.match(line[:64])
    return f"{match[1].upper()}:" if match else None


def body_of(line: str) -> str:
    """What follows the prefix; the whole line when it has none."""
    match = _PREFIX.match(line[:64])
    return line[match.end() : MAX_LINE_CHARS].strip() if match else line[:MAX_LINE_CHARS].strip()


def split(text: str) -> tuple[Field, ...]:
    """`text` (without prefix) cut at its commas. The empty text has no field; "1," has two.

    A field whose quote is never closed, with no field behind it, is left out: the line was cut in its middle, and half
    an id looks like a whole one. So is the field into which another line or an echo has run, and what follows it.
    """
    text = _alone(text.strip()[:MAX_LINE_CHARS])
    found: list[Field] = []
    at = 0
    while text and at <= len(text):
        start = at
        field, at = _next(text, at)
        if not (field.quoted and at > len(text) and _is_open(text[start:])):
            found.append(field)
    return tuple(found)


def _alone(text: str) -> str:
    """`text` up to where another line or a command begins in it; its head stays with the field it ran into, of which
    nobody can tell the end."""
    for match in _ANOTHER.finditer(text, 1):
        if text.count('"', 0, match.start()) % 2 == 0 or '"' not in text[match.end() :] or len(match[0]) > _LONG_HEAD:
            return text[: match.end()]
    return text


def holds_another(text: str) -> bool:
    """Has another line, or a command's echo, run into this free text?"""
    return _ANOTHER.search(text, 1) is not None


def _is_open(text: str) -> bool:
    """Is there a quote in front, and no other?"""
    return text.count('"') == 1


def texts(line: str) -> tuple[str, ...]:
    """The fields of an information line as texts, without their quotes."""
    return tuple(field.text for field in split(body_of(line)))


def _next(text: str, at: int) -> tuple[Field, int]:
    """The field that begins at `at`, and where the next one begins."""
    while at < len(text) and text[at] in " \t":
        at += 1
    if at < len(text) and text[at] == '"':
        end = _closing_quote(text, at + 1)
        comma = text.find(",", end)
        return Field(text[at + 1 : end], quoted=True), (comma if comma >= 0 else len(text)) + 1
    comma = text.find(",", at)
    end = comma if comma >= 0 else len(text)
    return Field(text[at:end].strip().strip('"')), end + 1


def _closing_quote(text: str, start: int) -> int:
    """Where the quoted text from `start` ends: at a quote before a comma or the end, or before the next field."""
    at = start
    while at < len(text):
        if text[at] == '"' and _ends_field(text, at + 1):
            return at
        if text[at] == "," and _opens_field(text, at + 1):
            return at
        at += 1
    comma = text.find(",", start)
    return comma if comma >= 0 else len(text)


def _ends_field(text: str, at: int) -> bool:
    rest = text[at : at + 8].lstrip()
    return not rest or rest[0] in _CLOSERS


def _opens_field(text: str, at: int) -> bool:
    """True for the comma in `"0B,"0100701"`: a quote follows that cannot be a closing one."""
    rest = text[at : at + 8].lstrip()
    return rest.startswith('"') and len(rest) > 1 and rest[1] not in '", )'


def groups(text: str) -> tuple[str, ...]:
    """The contents of the (…) groups of `text`, outermost level, brackets inside quotes not counted."""
    found: list[str] = []
    depth = start = 0
    quoted = False
    for at, char in enumerate(text[:MAX_LINE_CHARS]):
        if char == '"':
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            start = at + 1 if depth == 1 else start
        elif char == ")" and not quoted and depth:
            depth -= 1
            if not depth:
                found.append(text[start:at])
    return tuple(found)


def integer(text: str | None) -> int | None:
    """A decimal number, zero padded or not, with blanks around it; None for anything else."""
    text = (text or "").strip().strip('"').strip()
    return int(text) if _INTEGER.fullmatch(text) else None


def number(text: str | None) -> float | None:
    """A decimal number with or without a fraction."""
    text = (text or "").strip().strip('"').strip()
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if "." in text else int(text)


def tidy(value: float) -> float:
    """A computed figure without the noise of binary fractions: 16.2, and 16 rather than 16.0."""
    result = round(value, 2)
    return int(result) if float(result).is_integer() else result


def scaled(text: str | None, by: float) -> float | None:
    """A number that the modem sends in other units ("-892" tenths)."""
    value = number(text)
    return None if value is None else tidy(value * by)


def hexadecimal(text: str | None) -> str | None:
    """Hexadecimal digits in capitals without 0x; blanks inside are dropped (Qualcomm Gobi 1000 sends " 0 5")."""
    match = _HEX.fullmatch(re.sub(r"\s", "", text or "").strip('"'))
    return match[1].upper() if match else None


def hex_id(text: str | None) -> str | None:
    """A cell, area or routing id; None for the placeholders of "not known": all zero, all F, FFFE (23.003 §4.1).

    All F also behind zeros that fill up a longer field: 00FFFFFFF (Fibocom), 0000FFFF.
    """
    digits = hexadecimal(text) or ""
    bare = digits.lstrip("0")
    if not bare or not digits.strip("F") or bare == "FFFE":
        return None
    return None if len(bare) >= _LEAST_FILLER and not bare.strip("F") else digits


def decimal_id(text: str | None, digits: int = 1) -> str | None:
    """An id that the modem writes in decimal, as everywhere else: in hexadecimal, of `digits` at least."""
    value = integer(text)
    return hex_id(f"{value:0{digits}X}") if value is not None else None


def band_of(text: str | None, letter: str = "B") -> str | None:
    """A band's name ("B3") by its number in decimal; nought is none."""
    number = integer(text)
    return f"{letter}{number}" if number and number > 0 else None


def at(values: tuple[str, ...], index: int) -> str | None:
    """The field at `index`, None when the line is too short or the field is empty or a dash."""
    value = values[index].strip() if index < len(values) else ""
    return value if value not in ("", "-", "NA", "N/A") else None
