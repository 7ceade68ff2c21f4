"""Files of the card in a recording: the same file about somebody else.

EF_ICCID (31.101 §13.2), EF_IMSI (31.102 §4.2.2), records of a name and a number (EF_ADN, EF_FDN, EF_MSISDN, EF_SDN,
31.102 §4.2.26 and §4.4.2.3) and of a service centre (EF_SMSP, §4.2.27) keep their length octets, their kinds of number
and their filling; the numbers in them are the stand-ins that they have everywhere else. Every other file is masked
octet by octet, but for FF.
"""

import re
from collections.abc import Callable, Iterator

from modem import iccid
from modem.redact_pdu import Masked, Phone, swap_in

EF_ICCID, EF_IMSI, EF_SMSP = 0x2FE2, 0x6F07, 0x6F42
_EF_NUMBERS = (0x6F3A, 0x6F3B, 0x6F40, 0x6F49)
STRUCTURED = (EF_ICCID, EF_IMSI, EF_SMSP, *_EF_NUMBERS)
_NUMBER_OCTETS, _CENTRE_OCTETS = 14, 28
"""Of a record behind its name."""
_IMSI_OCTETS = range(4, 9)
"""6 to 15 digits: fewer would be found in every other number."""
_MAX_NUMBER_OCTETS = 10


def numbers(file: int, content: str) -> Iterator[tuple[str, str]]:
    """("iccid" | "imsi" | "phone", number) of what is in a file, `content` in hexadecimal. Never raises."""
    found: list[tuple[str, str]] = []

    def noted(kind: str) -> Callable[[str], str]:
        def note(number: str) -> str:
            found.append((kind, number))
            return number

        return note

    _changed(file, content, noted("iccid"), noted("imsi"), noted("phone"))
    return iter(found)


def masked_file(file: int, content: str, number: Phone, octets: Masked) -> str:
    """`content` with other numbers in it; `number` gives the stand-in of an identity, `octets` other digits for what is
    no number. As long, in capitals or not as before."""
    changed = _changed(file, content, number, number, number)
    if changed is None:
        return _masked(content, octets)
    name = len(content) - 2 * _tail(file)
    return _masked(content[:name], octets) + changed[name:] if _tail(file) else changed


def _masked(content: str, octets: Masked) -> str:
    return re.sub(r"(?:(?![Ff]{2})..)+", lambda run: octets(run[0]), content)


def _tail(file: int) -> int:
    """Octets behind the name of a record; none: the file has no name."""
    return _CENTRE_OCTETS if file == EF_SMSP else _NUMBER_OCTETS if file in _EF_NUMBERS else 0


def _changed(file: int, content: str, card: Phone, subscriber: Phone, phone: Phone) -> str | None:
    """The file with other numbers; None if it is not of the form that the specification gives it."""
    if len(content) % 2 or not re.fullmatch(r"[0-9A-Fa-f]+", content):
        return None
    if file == EF_ICCID:
        return _card(content, card)
    data = bytearray.fromhex(content)
    start = len(data) - _tail(file)
    if file == EF_IMSI:
        done = _subscriber(data, subscriber)
    elif file in _EF_NUMBERS:
        done = start >= 0 and _number(data, start, (data[start] - 1) * 2, phone)
    else:
        done = file == EF_SMSP and start >= 0 and _parameters(data, start, phone)
    if not done:
        return None
    return data.hex().upper() if content == content.upper() else data.hex()


def _card(content: str, card: Phone) -> str | None:
    if (number := iccid.from_ef(content)) is None:
        return None
    shown = card(number).ljust(len(content), "F")
    if not content.startswith("89"):
        shown = "".join(shown[at + 1] + shown[at] for at in range(0, len(shown), 2))
    return shown if content == content.upper() else shown.lower()


def _subscriber(data: bytearray, subscriber: Phone) -> bool:
    """How many octets, then parity and kind in the first nibble (24.008 §10.5.1.4), then the digits."""
    if data[0] not in _IMSI_OCTETS or data[0] >= len(data):
        return False
    nibbles = [nibble for octet in data[1 : 1 + data[0]] for nibble in (octet & 15, octet >> 4)]
    digits = "".join(f"{nibble:X}" for nibble in nibbles[1:]).rstrip("F")
    if not digits.isdecimal():
        return False
    nibbles[1 : 1 + len(digits)] = map(int, subscriber(digits))
    for at in range(data[0]):
        data[1 + at] = nibbles[2 * at] | nibbles[2 * at + 1] << 4
    return True


def _number(data: bytearray, start: int, digits: int, phone: Phone) -> bool:
    """The number behind its length and its kind, `digits` long at most, then filling; no number at all is fine."""
    digits = 0 if data[start] in (0, 0xFF) else digits
    filling = data[start + 2 + (digits + 1) // 2 : start + 2 + _MAX_NUMBER_OCTETS]
    if digits > 2 * _MAX_NUMBER_OCTETS or filling.strip(b"\xff") or not data[start + 1] & 0x80:
        return False
    swap_in(data, start + 2, digits, phone)
    return True


def _parameters(data: bytearray, start: int, phone: Phone) -> bool:
    """What is there (an octet), to whom (its length in digits, 23.040 §9.1.2.5), by which centre (in octets)."""
    to, centre = start + 1, start + 13
    return _number(data, to, data[to], phone) and _number(data, centre, (data[centre] - 1) * 2, phone)
