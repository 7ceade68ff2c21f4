"""SMS as the virtual modem keeps them: PDUs of 3GPP TS 23.040, and the slots that +CPMS counts."""

import re
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import datetime, timedelta

from modem.frozen import dataclass

_DAY = re.compile(r"\{day([+-][0-9]{1,4})\}")
SERVICE_CENTRE = "8613800100500"
UNREAD, READ = 0, 1
_PART_BYTES = 134
"""23.040, 9.2.3.24.1: 140 octets less the six of the concatenation header."""
_WHOLE_BYTES = 140


@dataclass(frozen=True, slots=True)
class Message:
    pdu: str
    """Hexadecimal, with the service centre in front."""
    status: int = UNREAD
    sender: str = ""
    text: str = ""

    @property
    def length(self) -> int:
        """Octets without the service centre, as +CMGL gives them (27.005, 3.1)."""
        return len(self.pdu) // 2 - 1 - int(self.pdu[:2], 16)


@dataclass
class MessageStore:
    capacity: int = 40
    slots: dict[int, Message] = field(default_factory=dict)

    def add(self, message: Message) -> int | None:
        """Its index, from 1; None when the store is full and the network must wait."""
        free = next((index for index in range(1, self.capacity + 1) if index not in self.slots), None)
        if free is not None:
            self.slots[free] = message
        return free

    def read(self, index: int) -> Message | None:
        """Reading marks it as read."""
        message = self.slots.get(index)
        if message is not None:
            self.slots[index] = replace(message, status=READ)
        return message

    def listed(self, status: int | None) -> Iterator[tuple[int, Message]]:
        """None lists all."""
        for index, message in sorted(self.slots.items()):
            if status is None or message.status == status:
                self.read(index)
                yield index, message


def delivered(sender: str, text: str, at: datetime, zone_quarters: int, reference: int) -> list[Message]:
    """An SMS-DELIVER in UCS2, cut into as many PDUs as it takes (at most 255)."""
    data = text.encode("utf-16-be", "surrogatepass")
    size = _WHOLE_BYTES if len(data) <= _WHOLE_BYTES else _PART_BYTES
    pieces = [data[start : start + size] for start in range(0, len(data), size)][:255] or [b""]
    headers = [b"" if len(pieces) == 1 else bytes((5, 0, 3, reference, len(pieces), n + 1)) for n in range(len(pieces))]
    return [
        Message(
            _deliver(sender, header, piece, at, zone_quarters), UNREAD, sender, piece.decode("utf-16-be", "replace")
        )
        for header, piece in zip(headers, pieces, strict=True)
    ]


def dated(text: str, today: datetime) -> str:
    """`{day-1}` in a scripted text is yesterday's date as carriers write it, `{day+30}` one in thirty days."""
    return _DAY.sub(lambda found: _chinese(today + timedelta(days=int(found[1]))), text)


def _chinese(day: datetime) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _deliver(sender: str, header: bytes, piece: bytes, at: datetime, zone_quarters: int) -> str:
    centre = bytes((len(swapped(SERVICE_CENTRE)) // 2 + 1, 0x91)).hex() + swapped(SERVICE_CENTRE)
    first = "44" if header else "04"
    body = header + piece
    return (
        centre + first + _address(sender) + "0008" + _stamp(at, zone_quarters) + f"{len(body):02x}" + body.hex()
    ).upper()


def _address(sender: str) -> str:
    """23.040, 9.1.2.5: length in digits, type of address, digits with their nibbles swapped."""
    digits = sender.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        digits = "10086"
    kind = "91" if sender.startswith("+") else "81"
    return f"{len(digits):02x}{kind}{swapped(digits)}"


def _stamp(at: datetime, zone_quarters: int) -> str:
    """23.040, 9.2.3.11; the sign of the zone is bit 3 of its first digit on the air."""
    zone = swapped(f"{abs(zone_quarters):02d}")
    if zone_quarters < 0:
        zone = f"{int(zone, 16) | 0x08:02x}"
    return swapped(at.strftime("%y%m%d%H%M%S")) + zone


def swapped(digits: str) -> str:
    """Digits as BCD with their nibbles swapped, padded with F."""
    even = digits + "F" * (len(digits) % 2)
    return "".join(even[n + 1] + even[n] for n in range(0, len(even), 2))
