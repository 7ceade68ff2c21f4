"""Octets of a PDU, one after the other; addresses and time stamps (23.040 §9.1.2)."""

from datetime import datetime, timedelta, timezone

from modem.sms import gsm7

_DIGITS = "0123456789*#abc"
"""Semi-octets (23.040 §9.1.2.3, table of the address field); F fills up."""
_ALPHANUMERIC, _INTERNATIONAL = 5, 1
"""Type of number, bits 6 to 4 of the type of address."""
_QUARTERS = range(-48, 57)
"""Offsets that exist: UTC-12 to UTC+14, in quarters of an hour."""
_LAST_CENTURY = 90
"""A two-digit year from here on is of the 1990s; there was no short message before 1992."""


class PduError(ValueError):
    """Not a PDU, or none that is long enough to say who sent it and how it is coded."""


class Cursor:
    """Takes octets from the front. Raises PduError when there are too few."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise PduError(f"the PDU ends after {len(self._data)} octets; {count - self.left} more were announced")
        self._at += count
        return self._data[self._at - count : self._at]

    def octet(self) -> int:
        return self.take(1)[0]

    def rest(self) -> bytes:
        return self.take(self.left)


def nibbles(data: bytes) -> list[int]:
    """Semi-octets in the order of their meaning: the low half of each octet first."""
    return [half for octet in data for half in (octet & 0x0F, octet >> 4)]


def digits(data: bytes) -> str:
    """The number in these semi-octets, up to the first filler."""
    found = ""
    for half in nibbles(data):
        if half == 0x0F:
            break
        found += _DIGITS[half]
    return found


def centre(data: bytes) -> str | None:
    """A service centre's address: type and digits, without the length octet in front."""
    number = digits(data[1:])
    if not number:
        return None
    return f"+{number}" if _kind(data[0]) == _INTERNATIONAL else number


def address(cursor: Cursor) -> str | None:
    """An address with its length in semi-octets in front; None for an empty one."""
    length, kind = cursor.octet(), _kind(cursor.octet())
    data = cursor.take((length + 1) // 2)
    if kind == _ALPHANUMERIC:
        return _name(data, length) or None
    number = digits(data)[:length]
    if not number:
        return None
    return f"+{number}" if kind == _INTERNATIONAL else number


def _kind(type_of_address: int) -> int:
    return type_of_address >> 4 & 0x07


def _name(data: bytes, length: int) -> str:
    """An alphanumeric sender. Seven letters leave seven bits of the last octet: senders that count 14 semi-octets
    all the same make an eighth "@" of them."""
    septets = gsm7.unpack(data, length * 4 // 7)
    if len(septets) % 8 == 0 and septets.endswith(b"\x00"):
        septets = septets[:-1]
    return gsm7.text_of(septets).rstrip("\r\n ")


def stamp(data: bytes) -> datetime | None:
    """A time stamp of seven octets (§9.2.3.11). None if it is no time; without offset if that is none on earth."""
    halves = nibbles(data)
    if any(half > 9 for half in halves[:12]):
        return None
    year, month, day, hour, minute, second = (halves[place] * 10 + halves[place + 1] for place in range(0, 12, 2))
    try:
        return datetime(_year(year), month, day, hour, minute, second, tzinfo=_zone(halves[12], halves[13]))
    except ValueError:
        return None


def _year(two_digits: int) -> int:
    return two_digits + (1900 if two_digits >= _LAST_CENTURY else 2000)


def _zone(tens: int, units: int) -> timezone | None:
    """Quarters of an hour; bit 3 of the tens is the sign."""
    quarters = (tens & 0x07) * 10 + units
    quarters = -quarters if tens & 0x08 else quarters
    return timezone(timedelta(minutes=15 * quarters)) if units <= 9 and quarters in _QUARTERS else None


def swapped(number: str) -> bytes:
    """Digits (also * # a b c) as semi-octets. Raises PduError for anything else."""
    halves = [_DIGITS.find(char) for char in number.lower()]
    if -1 in halves:
        raise PduError(f"{number!r} is no telephone number")
    halves += [0x0F] * (len(halves) % 2)
    return bytes(halves[place] | halves[place + 1] << 4 for place in range(0, len(halves), 2))


def destination(number: str) -> bytes:
    """A recipient's address, type of number by its plus sign. Raises PduError: at most 20 digits (§9.1.2.5)."""
    bare = number.removeprefix("+")
    if not 1 <= len(bare) <= 20:
        raise PduError(f"a telephone number has 1 to 20 digits, {number!r} has {len(bare)}")
    return bytes((len(bare), 0x91 if number.startswith("+") else 0x81)) + swapped(bare)
