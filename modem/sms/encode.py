"""Texts as SMS-SUBMIT PDUs (23.040 §9.2.2.2): the default alphabet where it suffices, else UCS2; long ones in parts.

National tables are read but never sent: many handsets do not know them, and would show another text.
"""

from modem.frozen import dataclass
from modem.sms import gsm7
from modem.sms.octets import destination
from modem.sms.tables import ESC

MAX_PARTS = 10
"""Each part is paid for."""
_WHOLE_SEPTETS, _PART_SEPTETS = 160, 153
_WHOLE_OCTETS, _PART_OCTETS = 140, 134
_HEADER_SEPTETS_BITS = 49
"""The header's six octets, filled up to a septet."""
_SUBMIT, _WITH_HEADER = 0x01, 0x40
_GSM7, _UCS2 = 0x00, 0x08


class TooLong(ValueError):
    """The text needs more parts than may be sent."""

    def __init__(self, parts: int) -> None:
        super().__init__(f"the text takes {parts} messages, at most {MAX_PARTS} are sent")
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Submit:
    pdu: str
    """Hexadecimal, with "00" in front: the service centre that the card knows."""
    length: int
    """Octets without the service centre, for AT+CMGS=."""


def parts_needed(text: str) -> int:
    """How many messages the text takes."""
    return len(_cut(text)[1])


def submits(number: str, text: str, reference: int) -> list[Submit]:
    """One PDU for each part. Raises PduError for a number that is none, TooLong, ValueError for an empty text."""
    if not text:
        raise ValueError("an empty text is not sent")
    scheme, pieces = _cut(text)
    if len(pieces) > MAX_PARTS:
        raise TooLong(len(pieces))
    to = destination(number)
    return [_submit(to, scheme, piece, _header(reference, len(pieces), place)) for place, piece in enumerate(pieces, 1)]


def _header(reference: int, parts: int, number: int) -> bytes:
    return bytes((5, 0, 3, reference & 0xFF, parts, number)) if parts > 1 else b""


def _submit(to: bytes, scheme: int, piece: bytes, header: bytes) -> Submit:
    first = _SUBMIT | (_WITH_HEADER if header else 0)
    if scheme == _UCS2:
        length, body = len(header) + len(piece), header + piece
    else:
        skip = _HEADER_SEPTETS_BITS if header else 0
        length, body = len(piece) + skip // 7, gsm7.pack(piece, skip)
        body = header + body[len(header) :]
    tpdu = bytes((first, 0)) + to + bytes((0, scheme, length)) + body
    return Submit("00" + tpdu.hex().upper(), len(tpdu))


def _cut(text: str) -> tuple[int, list[bytes]]:
    """Data coding scheme and the pieces: septets one an octet, or UCS2 octets."""
    septets = gsm7.septets_of(text)
    if septets is not None:
        return _GSM7, _pieces(septets, _WHOLE_SEPTETS, _PART_SEPTETS, 1)
    return _UCS2, _pieces(text.encode("utf-16-be", "replace"), _WHOLE_OCTETS, _PART_OCTETS, 2)


def _pieces(data: bytes, whole: int, part: int, unit: int) -> list[bytes]:
    if len(data) <= whole:
        return [data]
    found: list[bytes] = []
    at = 0
    while at < len(data):
        end = _end(data, min(at + part, len(data)), unit)
        found.append(data[at:end])
        at = end
    return found


def _end(data: bytes, end: int, unit: int) -> int:
    """Not between ESC and its character, nor between the halves of a surrogate pair; neither ends a text."""
    is_split = data[end - 1] == ESC if unit == 1 else 0xD8 <= data[end - 2] <= 0xDB
    return end - unit if is_split else end
