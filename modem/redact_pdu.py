"""Messages without what they say and whom they name: PDUs (23.040) changed in place, texts masked.

A PDU keeps its length, its service centre's and sender's number of digits, its time stamp, its coding and the headers
of its parts; whoever reads it afterwards reads as many characters. What cannot be read as a PDU becomes zeros.
"""

import re
import unicodedata
from collections.abc import Callable

Masked = Callable[[str], str]
Phone = Callable[[str], str]
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_ALPHANUMERIC = 5
"""23.040 §9.1.2.5: type of number 101, an address in the 7-bit alphabet."""
_DELIVER, _SUBMIT = 0, 1
_DIGITS = "0123456789*#abc"


class NoPdu(Exception):
    """These bytes are no message that we can take apart."""


def masked_text(text: str, digits: Callable[[str], str]) -> str:
    """As many characters of the same kind: x for letters, 某 for ideographs, other digits; punctuation stays."""
    plain = re.sub(r"\d+", lambda match: digits(match[0]) if match[0].isascii() else "0" * len(match[0]), text)
    return "".join(_masked(char) for char in plain)


def masked_pdu(text: str, phone: Phone, digits: Callable[[str], str]) -> str:
    """`text` in hexadecimal, with its letters' case. Never raises."""
    if not _HEX.fullmatch(text):
        return text
    try:
        data = _pdu(bytearray.fromhex(text), phone, digits)
    except (NoPdu, IndexError, ValueError):
        return "0" * len(text)
    return data.hex().upper() if text == text.upper() else data.hex()


def masked_hex(text: str, digits: Callable[[str], str]) -> str:
    """A text that a modem spells in hexadecimal: UCS2, or packed septets of the GSM alphabet."""
    data = bytearray.fromhex(text)
    shown = (
        _ucs2(data, digits)
        if len(data) % 2 == 0 and _looks_like_ucs2(data)
        else _septets(data, 0, len(data) * 8 // 7, digits)
    )
    return shown.hex().upper() if text == text.upper() else shown.hex()


def ucs2_text(text: str) -> str | None:
    """The text in `text` if that is UCS2 in hexadecimal and reads as one; None otherwise."""
    if len(text) < 8 or len(text) % 4 or not _HEX.fullmatch(text):
        return None
    data = bytes.fromhex(text)
    return data.decode("utf-16-be") if _looks_like_ucs2(data) else None


def _looks_like_ucs2(data: bytes | bytearray) -> bool:
    try:
        text = bytes(data).decode("utf-16-be")
    except UnicodeDecodeError:
        return False
    return bool(text) and all(char in "\r\n\0" or _is_usual(char) for char in text)


def _is_usual(char: str) -> bool:
    code = ord(char)
    return unicodedata.category(char)[0] in "LNPSZ" and (code < 0x0250 or 0x2000 <= code < 0xA000 or code >= 0xFF00)


def _masked(char: str) -> str:
    if char.isascii():
        return "x" if char.isalpha() else char
    kind = unicodedata.category(char)
    return "某" if kind == "Lo" else "é" if kind[0] == "L" else char


def _pdu(data: bytearray, phone: Phone, digits: Callable[[str], str]) -> bytearray:
    at = _centre(data, phone)
    first = data[at]
    at += 1
    kind = first & 3
    if kind == _SUBMIT:
        at += 1  # TP-MR
    elif kind != _DELIVER:
        raise NoPdu
    at = _address(data, at, phone, digits)
    coding = data[at + 1]
    at += 2
    at += 7 if kind == _DELIVER else (0, 7, 1, 7)[first >> 3 & 3]
    _user_data(data, at, coding, bool(first & 0x40), digits)
    return data


def _centre(data: bytearray, phone: Phone) -> int:
    length = data[0]
    if length > 12 or length >= len(data):
        raise NoPdu
    if length > 1:
        swap_in(data, 2, (length - 1) * 2, phone)
    return 1 + length


def _address(data: bytearray, at: int, phone: Phone, digits: Callable[[str], str]) -> int:
    count, kind = data[at], data[at + 1]
    size = (count + 1) // 2
    if count > 20 or at + 2 + size >= len(data):
        raise NoPdu
    if kind >> 4 & 7 == _ALPHANUMERIC:
        data[at + 2 : at + 2 + size] = _septets(data[at + 2 : at + 2 + size], 0, count * 4 // 7, digits)
    else:
        swap_in(data, at + 2, count, phone)
    return at + 2 + size


def swap_in(data: bytearray, start: int, count: int, phone: Phone) -> None:
    """Another number of `count` digits from `start` on; what is filled with the nibble F stays."""
    nibbles = [nibble for octet in data[start : start + (count + 1) // 2] for nibble in (octet & 15, octet >> 4)]
    places = [at for at in range(count) if nibbles[at] < 15]
    number = "".join(_DIGITS[nibbles[at]] for at in places)
    for at, char in zip(places, phone(number), strict=True):
        nibbles[at] = _DIGITS.index(char)
    for at in range(0, len(nibbles), 2):
        data[start + at // 2] = nibbles[at] | nibbles[at + 1] << 4


def _user_data(data: bytearray, at: int, coding: int, header: bool, digits: Callable[[str], str]) -> None:  # noqa: FBT001
    length = data[at]
    body = data[at + 1 :]
    skip = body[0] + 1 if header else 0
    if skip > len(body):
        raise NoPdu
    alphabet = _alphabet(coding)
    if alphabet == "gsm7":
        masked = _septets(body, (skip * 8 + 6) // 7, min(length, len(body) * 8 // 7), digits)
    elif alphabet == "ucs2":
        masked = body[:skip] + _ucs2(body[skip:], digits)
    else:
        masked = body[:skip] + bytearray(len(body) - skip)
    data[at + 1 :] = masked


def _alphabet(coding: int) -> str:
    """23.038 §4: the data coding scheme; compressed texts and unknown groups are plain octets to us."""
    group = coding >> 4
    if group < 8:
        return "octets" if coding & 0x20 else ("gsm7", "octets", "ucs2", "octets")[coding >> 2 & 3]
    if group in (0xC, 0xD):
        return "gsm7"
    return "ucs2" if group == 0xE else "octets" if group < 0xF or coding & 4 else "gsm7"


def _ucs2(data: bytearray, digits: Callable[[str], str]) -> bytearray:
    """Unit by unit, so that a pair of surrogates and half a character keep their place."""
    units = [data[at] << 8 | data[at + 1] for at in range(0, len(data) - 1, 2)]
    text = "".join("x" if 0xD800 <= unit < 0xE000 else chr(unit) for unit in units)
    shown = "".join(char if len(char) == 1 and ord(char) < 0x10000 else "x" for char in masked_text(text, digits))
    return bytearray(shown.encode("utf-16-be")) + data[len(units) * 2 :]


def _septets(data: bytes | bytearray, start: int, count: int, digits: Callable[[str], str]) -> bytearray:
    """The septets from `start` to `count` masked: letters, digits and everything of the upper half of the table."""
    value = int.from_bytes(data, "little")
    septets = [value >> 7 * at & 0x7F for at in range(start, count)]
    text = "".join(chr(septet) if chr(septet).isalnum() else " " for septet in septets)
    shown = masked_text(text, digits)
    for at, (old, new) in enumerate(zip(septets, shown, strict=True), start):
        value ^= (old ^ _in_septets(old, new)) << 7 * at
    return bytearray(value.to_bytes(len(data), "little"))


def _in_septets(old: int, new: str) -> int:
    """Letters of other languages are above 0x5A and below 0x10 in the table (23.038 §6.2.1)."""
    if old < 0x20 and old not in (0x0A, 0x0D, 0x1B):
        return ord("x")
    return ord(new) if new != " " else ord("x") if old in (*range(0x5B, 0x60), *range(0x7B, 0x80)) else old
