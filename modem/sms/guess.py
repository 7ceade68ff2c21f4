"""What a string from a modem says, whatever the modem calls its coding: plain, or hexadecimal of UCS2, septets, octets.

Modems label USSD texts wrongly (packed septets under DCS 0, UCS2 under 15, plain text under 72), so the label is one
hint among others. Each way of reading gets a score: how much of its text is what people write. A reading that must
be wrong (odd length, not hexadecimal) is no candidate.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from modem.frozen import dataclass
from modem.sms import gsm7
from modem.sms.reading import whole

Way = Literal["plain", "ucs2", "packed", "septets", "8bit"]
"""`septets`: hexadecimal of unpacked septets, one an octet (the character set "HEX" of some modems)."""

_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_HINT = 0.25
"""What the label is worth, in units of "every character is a common one"."""
_MAX = 4096
_NUMBER = 15
"""Digits of the longest telephone number (E.164). By chance all of n digits are decimal (10/16)^n times."""


@dataclass(frozen=True, slots=True)
class Guess:
    text: str
    way: Way
    score: float


def read(raw: str, dcs: int | None = None) -> Guess:
    """The best reading of `raw`. Total: in doubt the text is what it is."""
    return max(_candidates(raw[:_MAX], dcs), key=lambda guess: guess.score)


def _candidates(raw: str, dcs: int | None) -> Iterator[Guess]:
    hint = _hinted(dcs)
    bare = "".join(raw.split())
    yield Guess(raw, "plain", _plain_score(raw))
    if not _HEX.fullmatch(bare):
        return
    data = bytes.fromhex(bare)
    for way, text in _readings(data):
        if text:
            bonus = _HINT if way in hint else 0.0
            yield Guess(text, way, _score(text) + bonus + _structure(way, data))


def _readings(data: bytes) -> Iterator[tuple[Way, str]]:
    if len(data) % 2 == 0:
        text = data.decode("utf-16-be", "surrogatepass").removeprefix("\ufeff").rstrip("\0")
        yield "ucs2", whole(text)  # a text cut within a surrogate pair is one all the same
    yield "packed", gsm7.text_of(gsm7.unpack_ussd(data))
    if all(octet < 0x80 for octet in data):
        yield "8bit", data.decode("ascii")
        yield "septets", gsm7.text_of(data)
    else:
        yield "8bit", _latin(data)


def _latin(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except ValueError:
        return data.decode("latin-1")  # what is left: no charset is named in a USSD string


def _hinted(dcs: int | None) -> tuple[Way, ...]:
    """The ways that a cell broadcast coding scheme (23.038 §5) allows for USSD; none without a label."""
    if dcs is None:
        return ()
    group = dcs >> 4
    if dcs == 0x11 or (group in (4, 5, 6, 7) and dcs & 0x0C == 0x08):
        return ("ucs2",)
    if (group in (4, 5, 6, 7) and dcs & 0x0C == 0x04) or (group == 0x0F and dcs & 4):
        return ("8bit",)
    return ("packed", "septets")


def _plain_score(raw: str) -> float:
    """A text that happens to be hexadecimal is rare, unless it is a number or very short."""
    bare = raw.strip()
    if bare != "".join(bare.split()):
        return 0.9  # hexadecimal comes in one piece; blanks make it words
    if bare.isdecimal():
        return 0.9 + 0.02 * len(bare) if len(bare) <= _NUMBER else 0.5
    if len(bare) <= 4:
        return 0.8
    return 0.2


def _structure(way: Way, data: bytes) -> float:
    """What the octets themselves tell."""
    if way == "ucs2":
        return _structure_of_ucs2(data)
    return 0.2 if len(data) > 3 and data.isdigit() else 0.0


def _structure_of_ucs2(data: bytes) -> float:
    """High octets repeat within one script; ideographs chosen by chance would hardly all be everyday ones."""
    high = data[::2]
    zeros = high.count(0) / len(high)
    if zeros > 0.9:
        return 0.5
    commonest = max(high, key=high.count)
    if len(high) > 2 and high.count(commonest) > 0.6 * len(high) and commonest < 0x20:
        return 0.3
    text = data.decode("utf-16-be", "replace")
    is_chinese = len(text) > 1 and not data.isascii() and all(_worth(char) > 0.7 for char in text)
    return 0.4 if is_chinese else 0.0


def _score(text: str) -> float:
    """At most 1: the mean worth of its characters, less what shows that nobody wrote them one after the other."""
    worth = sum(_worth(char) for char in text) / len(text)
    scripts = {"CJK" if script == "KANA" else script for char in text if (script := _script(char))}
    mixed = max(0, len(scripts - {"LATIN"}) - 1)
    return worth - 0.3 * mixed - _roughness(text) - (0.5 if any(_is_control(char) for char in text) else 0.0)


def _roughness(text: str) -> float:
    """Words do not change between small and capital letters, digits and signs at every step; noise does."""
    kinds = "".join(_kind(char) for char in text)
    steps = max(8, len(kinds))  # a short text proves little
    pairs = [one + other for one, other in pairwise(kinds)]
    changes = sum(pair[0] != pair[1] for pair in pairs) / steps
    odd = (sum(pair in _ODD_PAIRS for pair in pairs) - 1) / steps  # one "1GB" or "iPhone" is no noise
    return 0.8 * max(0.0, changes - 0.4) + 1.5 * max(0.0, odd)


_ODD_PAIRS = frozenset({"lu", "lg", "gl", "ld"})
"""A capital or a digit behind a small letter, a Greek capital (septets 0x10 to 0x1A) beside a small letter."""


def _kind(char: str) -> str:
    """l small, u capital, g Greek capital, d digit, s space, p sign or any other letter."""
    if char.isspace():
        return "s"
    if char.islower():
        return "l"
    if char.isupper():
        return "g" if _script(char) == "GREEK" else "u"
    return "d" if char.isdecimal() else "p"


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc" and char not in "\r\n\t\f"


_COMMON_SIGNS = frozenset(" .,:;!?-+*#/()%'\"&=_<>\n\r，。：；！？、（）【】《》“”‘’—…￥·°\u00a0€")
_RARER_SIGNS = frozenset("$£@¥¡¿[]|")
_SCRIPTS = {
    "CYRILLIC", "ARABIC", "HEBREW", "DEVANAGARI", "BENGALI", "GUJARATI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM",
    "ORIYA", "GURMUKHI", "THAI", "GEORGIAN", "ARMENIAN", "KANA", "LAO", "KHMER", "MYANMAR", "SINHALA",
}  # fmt: skip


@lru_cache(maxsize=4096)
def _worth(char: str) -> float:
    if char.isascii() and char.isalnum():
        return 1.0
    if char in _COMMON_SIGNS:
        return 0.8
    if char in _RARER_SIGNS:
        return 0.3
    category = unicodedata.category(char)
    if category in ("Cc", "Cn"):
        return -1.0
    return _worth_of_letter(char, _script(char)) if category[0] in "LM" else 0.2


def _worth_of_letter(char: str, script: str | None) -> float:
    if script == "CJK":
        return 0.95 if _is_everyday(char) else 0.0
    if script in _SCRIPTS or script is None:  # marks have no script of their own
        return 0.9 if ord(char) < 0x3100 else 0.0
    return {"LATIN": 0.7, "GREEK": 0.7, "HANGUL": 0.6}.get(script, -0.3)


_EVERYDAY = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("euc_jp", 0xB0, 0xCF))
"""Character set and the first octets of its first plane, in which the common characters are."""


def _is_everyday(char: str) -> bool:
    for charset, first, last in _EVERYDAY:
        try:
            octets = char.encode(charset)
        except UnicodeEncodeError:
            continue
        if first <= octets[0] <= last:
            return True
    return False


@lru_cache(maxsize=4096)
def _script(char: str) -> str | None:
    """The first word of a letter's name; None for signs."""
    if not char.isalpha():
        return None
    word = unicodedata.name(char, "?").split(" ")[0]
    return "KANA" if word in ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA") else word
