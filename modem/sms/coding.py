"""Data coding scheme (23.038 §4) and user data header (23.040 §9.2.3.24)."""

from collections.abc import Iterator
from typing import Literal

from modem.frozen import dataclass

Alphabet = Literal["gsm7", "8bit", "ucs2"]
_ALPHABETS: tuple[Alphabet, ...] = ("gsm7", "8bit", "ucs2", "gsm7")
"""Bits 3 and 2 of the general groups; 3 is reserved, and reserved means the default alphabet."""
_CONCAT_8, _CONCAT_16, _PORTS_8, _PORTS_16, _SINGLE, _LOCKING = 0x00, 0x08, 0x04, 0x05, 0x24, 0x25


@dataclass(frozen=True, slots=True)
class Coding:
    alphabet: Alphabet = "gsm7"
    compressed: bool = False
    message_class: int | None = None
    """0 flash, 1 modem, 2 card, 3 terminal equipment."""
    reserved: bool = False
    """To be taken for the default alphabet (23.038 §4), unless the length says that it cannot be."""


def coding(dcs: int) -> Coding:
    """What an SMS data coding scheme says. Every octet means something."""
    group = dcs >> 4
    if group < 8:  # 00xx general, 01xx marked for automatic deletion
        return Coding(_ALPHABETS[dcs >> 2 & 3], bool(dcs & 0x20), dcs & 3 if dcs & 0x10 else None)
    if group == 0x0E:  # message waiting, UCS2
        return Coding("ucs2")
    if group == 0x0F:
        return Coding("8bit" if dcs & 4 else "gsm7", message_class=dcs & 3)
    return Coding(reserved=group < 0x0C)  # reserved (1000 to 1011), message waiting (1100, 1101)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts of a long message."""

    reference: int
    parts: int
    number: int
    """From 1."""
    wide: bool = False
    """A reference of 16 bits: never the same message as one of 8 bits."""


@dataclass(frozen=True, slots=True)
class Header:
    octets: int = 0
    """Its own length octet included."""
    part: Part | None = None
    ports: tuple[int, int] | None = None
    """Destination and source: data for an application (WAP push, OTA settings), no text for people."""
    locking: int = 0
    single: int = 0


def header(data: bytes) -> Header | None:
    """The header at the beginning of user data; None when it is longer than the data."""
    if not data or data[0] + 1 > len(data):
        return None
    part: Part | None = None
    ports: tuple[int, int] | None = None
    locking = single = 0
    for name, value in _elements(data[1 : data[0] + 1]):
        if name in (_CONCAT_8, _CONCAT_16):
            part = _part(value, wide=name == _CONCAT_16) or part
        elif name in (_PORTS_8, _PORTS_16):
            ports = _ports(value, 1 if name == _PORTS_8 else 2) or ports
        elif name == _SINGLE and len(value) == 1:
            single = value[0]
        elif name == _LOCKING and len(value) == 1:
            locking = value[0]
    return Header(data[0] + 1, part, ports, locking, single)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Identifier and value; an element that runs over the end is left out."""
    at = 0
    while at + 2 <= len(data):
        end = at + 2 + data[at + 1]
        if end > len(data):
            return
        yield data[at], data[at + 2 : end]
        at = end


def _part(value: bytes, *, wide: bool) -> Part | None:
    """An element that counts part 0, or part 3 of 2, is to be ignored (§9.2.3.24.1)."""
    if len(value) != (4 if wide else 3):
        return None
    reference, parts, number = int.from_bytes(value[:-2], "big"), value[-2], value[-1]
    return Part(reference, parts, number, wide) if 1 <= number <= parts else None


def _ports(value: bytes, size: int) -> tuple[int, int] | None:
    if len(value) != 2 * size:
        return None
    return int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big")
