"""What a certificate that was not accepted says of itself: dates, issuer, names (X.509, DER; RFC 5280, 4.1).

Only for people: nothing is trusted because of it. The standard library reads no certificate that it did not verify.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from modem.frozen import dataclass

_SEQUENCE, _SET, _OID, _INTEGER = 0x30, 0x31, 0x06, 0x02
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_COMMON_NAME, _ORGANIZATION = bytes.fromhex("550403"), bytes.fromhex("55040a")
MAX_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Facts:
    not_before: float
    """Wall seconds."""
    not_after: float
    issuer: str
    subject: str

    def valid_at(self, wall: float) -> bool:
        return self.not_before <= wall <= self.not_after


def facts_of(der: bytes) -> Facts | None:
    """None for what is no certificate."""
    try:
        return _facts(der[:MAX_BYTES])
    except (IndexError, ValueError, StopIteration, OverflowError):
        return None


def _facts(der: bytes) -> Facts:
    certificate = _inside(der, _SEQUENCE)
    fields = list(_items(_inside(certificate, _SEQUENCE)))
    if fields[0][0] == 0xA0:  # the version
        del fields[0]
    (_, _serial), (_, _algorithm), (_, issuer), (_, validity), (_, subject) = fields[:5]
    begin, end = (_time(tag, value) for tag, value in list(_items(validity))[:2])
    return Facts(begin, end, _name(issuer), _name(subject))


def _items(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, length, start = _head(data, at)
        if start + length > len(data):
            raise ValueError("cut off")
        yield tag, data[start : start + length]
        at = start + length


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    tag, first = data[at], data[at + 1]
    if first < 0x80:
        return tag, first, at + 2
    count = first & 0x7F
    if not 0 < count <= 3:
        raise ValueError("a length that no certificate has")
    return tag, int.from_bytes(data[at + 2 : at + 2 + count], "big"), at + 2 + count


def _inside(data: bytes, wanted: int) -> bytes:
    tag, value = next(_items(data))
    if tag != wanted:
        raise ValueError("not what stands here")
    return value


def _time(tag: int, value: bytes) -> float:
    text = value.decode("ascii")
    if tag == _UTC_TIME:  # two digits; 50 and later are of the last century (RFC 5280, 4.1.2.5.1)
        text = ("19" if text[:2] >= "50" else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError("no time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp()


def _name(data: bytes) -> str:
    """The common name, else the organisation."""
    found: dict[bytes, str] = {}
    for _, part in _items(data):
        (_, kind), (_, value), *_ = _items(_inside(part, _SEQUENCE))
        found.setdefault(kind, value.decode("utf-8", "replace"))
    return found.get(_COMMON_NAME) or found.get(_ORGANIZATION) or "nobody"
