"""What may be read of a line whose fields stand in fixed places: what fits, and nothing that may have been moved.

A shape names the kind of each field in order, `Shape("mcc mnc area cell pci channel")`. Lines come cut, masked, with a
comma or a field lost, with two run together, with letters for digits. The rules, for every reader alike:
1. A line that ends before its shape does was cut, and so may its last field be: that one is not read.
2. A field that people masked, or with letters where digits belong, is not known; the others are.
3. A sound value of another field's kind stands in the wrong place: something was lost or put in, and nothing is read.
   One alone in a line that is not short is merely odd, and not known.
4. Two fields in one have lost their comma: from there on nothing is read.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_KINDS = {
    "any": r".*",
    "word": r"[A-Z+][A-Z0-9 ._/+-]*",
    "mcc": r"[0-9]{1,3}|FFF",
    "mnc": r"[0-9]{1,3}|FFF?",
    "plmn": r"[0-9]{3}-?[0-9]{2,3}",
    "area": r"(0X)?[0-9A-F]{1,6}",
    "cell": r"(0X)?[0-9A-F]{1,8}",
    "wide": r"(0X)?[0-9A-F]{1,10}",
    "pci": r"[0-9]{1,3}|100[0-7]",
    "hexpci": r"(0X)?[0-9A-F]{1,4}",
    "channel": r"[0-9]{1,7}",
    "nat": r"[0-9]{1,11}",
    "small": r"[0-9]{1,3}",
    "int": r"[+-]?[0-9]{1,10}",
    "index": r"[0-9]{1,3}",
    "level": r"-[0-9]{1,4}(\.[0-9]{1,3})?|0",
    "num": r"[+-]?[0-9]{1,10}(\.[0-9]{1,9})?",
}
_UNKNOWN = frozenset(
    ("", "-", "--", "---", "NA", "N/A", "255", "65535", "32767", "-1", "-32768", "-3276", "4294967295")
)
"""What modems write for "not measured", in any field."""
_MASKED = re.compile(r"[0-9A-F-]*(?:[X*#\u2026]+|\.{2,}|<[^<>]*>)[0-9A-FX*#.\u2026-]*", re.IGNORECASE)
_OF_NUMBERS = re.compile(r"[0-9A-F.X+-]*", re.IGNORECASE)
_LOOSE = frozenset(("any", "word"))


class Shape(NamedTuple):
    """Kinds of the fields in order; `least`: with fewer there is nothing to read."""

    kinds: tuple[str, ...]
    least: int
    whole: int
    """So many fields has a line that was not cut."""


@lru_cache(maxsize=128)
def _pattern(kind: str) -> "re.Pattern[str]":
    return re.compile(_KINDS.get(kind, kind), re.IGNORECASE | re.ASCII | re.DOTALL)


def shape(text: str, least: int, whole: int | None = None) -> Shape:
    """Of kinds parted by blanks; a word that is no kind is a pattern of its own."""
    kinds = tuple(text.split())
    return Shape(kinds, least, len(kinds) if whole is None else whole)


def shaped(fields: tuple[str, ...], of: Shape) -> tuple[str, ...] | None:
    """The fields that may be believed, "" in place of the others and of those that are missing; None: none of them.

    Fields behind the shape's end stay as they are.
    """
    if len(fields) < of.least:
        return None
    is_cut = len(fields) < of.whole
    kept = [field.strip() for field in (fields[:-1] if is_cut else fields)]
    odd = 0
    for place, (text, kind) in enumerate(zip(kept, of.kinds, strict=False)):
        if text.upper() in _UNKNOWN or _pattern(kind).fullmatch(text):
            continue
        if _is_sound(text, of):
            odd += 1
            if is_cut or odd > 1:
                return None
        elif not _MASKED.fullmatch(text) and _OF_NUMBERS.fullmatch(text):
            kept = kept[:place]
            break
        kept[place] = ""
    return (*kept, *[""] * (len(of.kinds) - len(kept)))


def _is_sound(text: str, of: Shape) -> bool:
    """Is it what another field of this shape holds?"""
    return any(_pattern(kind).fullmatch(text) for kind in set(of.kinds) - _LOOSE)
