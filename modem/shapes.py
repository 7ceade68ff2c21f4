"""What may be read of a line whose fields stand in fixed places: what fits, and nothing that may have been moved.

A shape names the kind of each field in order, `shape("mcc mnc area cell pci channel", 6)`. Lines come cut, masked, with
a comma or a field lost or put in, with letters for digits. The rules, for every reader alike:
1. A line that ends before its shape does was cut, and so may its last field be: that one is not read.
2. A field that people masked, or with letters where digits belong, is not known; the others are.
3. Where one lost field, one lost comma or one comma too many explains a line better than it stands, what comes behind
   that place has moved, and is not read. So too where it explains as well why a line is one field short or long.
4. One value that its field cannot have is not known; with two that nothing explains, nothing is read.
"""

import re
from collections.abc import Sequence
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
    "level": r"-[0-9]{1,4}(\.[0-9]{1,3})?|0",
    "num": r"[+-]?[0-9]{1,10}(\.[0-9]{1,9})?",
}
_UNKNOWN = frozenset(
    ("", "-", "--", "---", "NA", "N/A", "255", "65535", "32767", "-1", "-32768", "-3276", "4294967295")
)
"""What modems write for "not measured", in any field."""
_OF_NUMBERS = re.compile(r"[0-9A-F.X+-]*", re.IGNORECASE | re.ASCII)
_MASKED = re.compile(r"X{2,}|[0-9]X|\.{2}|^X$", re.IGNORECASE)
_LOOSE = frozenset(("any", "word"))
_HIDDEN = "-"
"""In place of what is masked or garbled: it says nothing, and tells nothing of its neighbours."""


class Shape(NamedTuple):
    """Kinds of the fields in order; `least`: with fewer there is nothing to read."""

    kinds: tuple[str, ...]
    least: int
    whole: int
    """So many fields has a line that was not cut."""


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
    said = [text.strip() for text in fields]
    said = [_HIDDEN if _is_hidden(place, text, of) else text for place, text in enumerate(said)]
    is_cut = len(said) < of.whole
    odd = [place for place, one in enumerate(_odd(said, of.kinds)) if one and not (is_cut and place == len(said) - 1)]
    kept = said[: _moved(said, of, is_odd=bool(odd))]
    odd = [place for place in odd if place < len(kept)]
    if len(odd) > 1 or (odd and is_cut):
        return None
    kept = ["" if place in odd or (is_cut and place == len(said) - 1) else text for place, text in enumerate(kept)]
    return (*kept, *[""] * (len(of.kinds) - len(kept)))


def _moved(said: Sequence[str], of: Shape, *, is_odd: bool) -> int:
    """The place from which on the fields have moved, if something was lost or put in; the line's end if nothing was."""
    is_long = len(said) > of.whole
    can_lack = is_odd or len(said) == of.whole - 1
    can_exceed = is_long and (is_odd or len(said) == len(of.kinds) + 1 == of.whole + 1)
    for place, text in enumerate(said):
        behind = of.kinds[place:]
        is_lost = can_lack and _fit(said[place:], behind[1:])
        is_glued = can_lack and _holds_two(text, behind[:2]) and _fit(said[place + 1 :], behind[2:])
        is_put_in = can_exceed and not text and _fit(said[place + 1 :], behind)
        if is_lost or is_glued or is_put_in:
            return place
        if not _fit([text], behind):
            break
    return len(said)


def _odd(said: Sequence[str], kinds: Sequence[str]) -> list[bool]:
    return [not _is(text, kind) for text, kind in zip(said, kinds, strict=False)]


def _fit(said: Sequence[str], kinds: Sequence[str]) -> bool:
    return not any(_odd(said, kinds))


@lru_cache(maxsize=64)
def _pattern(kind: str) -> "re.Pattern[str]":
    return re.compile(_KINDS.get(kind, kind), re.IGNORECASE | re.ASCII | re.DOTALL)


def _is(text: str, kind: str) -> bool:
    return text.upper() in _UNKNOWN or _pattern(kind).fullmatch(text) is not None


def _holds_two(text: str, kinds: Sequence[str]) -> bool:
    """Is it two fields whose comma was lost, or became another character?"""
    return len(kinds) > 1 and any(
        _pattern(kinds[0]).fullmatch(text[:at])
        and any(_pattern(kinds[1]).fullmatch(text[start:]) for start in (at, at + 1))
        for at in range(1, len(text))
    )


def _is_hidden(place: int, text: str, of: Shape) -> bool:
    """Masked, or with letters and signs of no field of this shape."""
    if (
        place >= len(of.kinds)
        or _is(text, of.kinds[place])
        or any(_is(text, one) for one in of.kinds if one not in _LOOSE)
    ):
        return False
    return _MASKED.search(text) is not None or not _OF_NUMBERS.fullmatch(text)
