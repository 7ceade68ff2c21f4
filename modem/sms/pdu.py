"""PDUs of short messages (23.040) as they stand in +CMGR, +CMGL, +CMT and +CDS: from hexadecimal to a message.

Rules: any text gives a message or a `PduError`. What is damaged but readable is read, and `problems` says so; what is
not known is None. A PDU whose service centre address does not fit (some modems leave it out, some miscount it) is
tried without it, and that is believed only if all else then fits, or if the header says that there is none: its length
is that of all octets, and they cannot be read otherwise. A length that fits neither way is the modem's mistake.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal

from modem.frozen import dataclass
from modem.sms import gsm7
from modem.sms.coding import Coding, Header, Part, coding, header
from modem.sms.octets import Cursor, PduError, address, centre, stamp

__all__ = ["MAX_HEX", "Kind", "Message", "PduError", "decode", "is_pdu"]

Kind = Literal["deliver", "submit", "status_report"]
Problem = Literal["truncated", "no_centre", "header_overruns", "time_invalid", "compressed", "odd_digits"]
Delivery = Literal["delivered", "pending", "failed"]

MAX_HEX = 2 * (1 + 11 + 176)
"""Hexadecimal digits of the longest PDU: service centre, then a TPDU of at most 176 octets with everything in it."""
_HEX = re.compile(f"[0-9A-Fa-f]{{16,{MAX_HEX + 64}}}")
_FIRST_LETTER = b" "
"""An octet below that may be the length of a header; one above, with a header longer than the text, is text whose
header was announced by mistake."""
_SEPTETS, _OCTETS = 160, 140
"""Of user data."""
_SIM_DOWNLOAD = 0x7F
"""The protocol identifier of data for the card (23.040 §9.2.3.9), together with message class 2."""


@dataclass(frozen=True, slots=True)
class Message:
    """One PDU. `text` may hold half a surrogate pair whose other half is in the next part: `concat` mends it."""

    kind: Kind
    centre: str | None = None
    sender: str | None = None
    recipient: str | None = None
    time: datetime | None = None
    """Of the service centre: when the message, or the one that is reported on, reached it."""
    text: str | None = None
    """None when there is no text for people: `data` has what came instead."""
    data: bytes | None = None
    """User data without its header, where it is not plain text of an alphabet."""
    part: Part | None = None
    ports: tuple[int, int] | None = None
    message_class: int | None = None
    reference: int | None = None
    """TP-MR, of submitted messages and of reports on them."""
    delivery: Delivery | None = None
    status: int | None = None
    """TP-ST of a report (§9.2.3.15)."""
    problems: tuple[Problem, ...] = ()


def is_pdu(text: str) -> bool:
    """Does it look like a PDU: hexadecimal digits, as many as one may have?"""
    return _HEX.fullmatch(text) is not None


def decode(text: str, length: int | None = None, *, outgoing: bool = False) -> Message:
    """The message in a line of hexadecimal digits. Raises PduError.

    `length`: octets without the service centre, as +CMGL and +CMGR tell them. `outgoing`: stored by ourselves, so
    that a PDU which could be a report from the network is not taken for one.
    """
    bare = "".join(text.split())
    digits = bare[: len(bare) // 2 * 2]
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        raise PduError("not hexadecimal digits") from None
    message = _best(data, length, outgoing=outgoing)
    return replace(message, problems=(*message.problems, "odd_digits")) if len(bare) % 2 else message


def _best(data: bytes, length: int | None, *, outgoing: bool) -> Message:
    """The first reading without fault; else the first reading at all, with the service centre where it should be."""
    found: list[Message] = []
    trouble: PduError | None = None
    for start in _starts(data, length):
        try:
            message = _read(data, start, outgoing=outgoing)
        except PduError as error:
            trouble = trouble or error
            continue
        if not _is_doubtful(message):
            return message
        found.append(message)
    is_told = length == len(data)  # 27.005 §3.1: without the service centre
    believed = [message for message in found if is_told or "no_centre" not in message.problems]
    if not believed:
        raise trouble or PduError("an empty PDU")
    return believed[0]


def _is_doubtful(message: Message) -> bool:
    return any(problem in ("truncated", "time_invalid", "header_overruns") for problem in message.problems)


def _starts(data: bytes, length: int | None) -> Iterator[int]:
    """Where the TPDU may begin: behind the service centre, where the length says, at the front."""
    if not data:
        return
    declared = 1 + data[0]
    told = len(data) - length if length is not None and length <= len(data) else declared
    yield from dict.fromkeys((declared, told, 0))


def _read(data: bytes, start: int, *, outgoing: bool) -> Message:
    if start > 13:
        raise PduError("the service centre's address is longer than any")
    cursor = Cursor(data[start:])
    first = cursor.octet()
    message = _tpdu(first, cursor, outgoing=outgoing)
    if start == 0:
        return replace(message, problems=(*message.problems, "no_centre"))
    return replace(message, centre=centre(data[1:start]))


def _tpdu(first: int, cursor: Cursor, *, outgoing: bool) -> Message:
    """By TP-MTI; the reserved value is to be read as a delivery (§9.2.3.1)."""
    kind = first & 0x03
    if kind == 1:
        return _submit(first, cursor)
    if kind == 2:
        if outgoing:
            raise PduError("a command to the service centre, no message")
        return _report(first, cursor)
    return _deliver(first, cursor)


def _deliver(first: int, cursor: Cursor) -> Message:
    sender = address(cursor)
    protocol, scheme = cursor.octet(), coding(cursor.octet())
    time = stamp(cursor.take(7))
    message = Message("deliver", sender=sender, time=time, message_class=scheme.message_class)
    if time is None and sender is None:
        raise PduError("neither a sender nor a time can be read")
    message = _with_body(message, first, protocol, scheme, cursor)
    return message if time else replace(message, problems=(*message.problems, "time_invalid"))


_VALIDITY_OCTETS = {0: 0, 1: 7, 2: 1, 3: 7}
"""TP-VPF → octets of TP-VP (§9.2.3.3)."""


def _submit(first: int, cursor: Cursor) -> Message:
    reference, recipient = cursor.octet(), address(cursor)
    protocol, scheme = cursor.octet(), coding(cursor.octet())
    cursor.take(_VALIDITY_OCTETS[first >> 3 & 3])
    message = Message("submit", recipient=recipient, reference=reference, message_class=scheme.message_class)
    return _with_body(message, first, protocol, scheme, cursor)


def _report(first: int, cursor: Cursor) -> Message:
    """A status report; of its optional end only the user data matter (§9.2.2.3)."""
    reference, recipient = cursor.octet(), address(cursor)
    time, _done = stamp(cursor.take(7)), cursor.take(7)
    status = cursor.octet()
    message = Message(
        "status_report",
        recipient=recipient,
        time=time,
        reference=reference,
        delivery=delivery_of(status),
        status=status,
    )
    present = cursor.octet() if cursor.left else 0
    protocol = cursor.octet() if present & 1 and cursor.left else 0
    scheme = coding(cursor.octet()) if present & 2 and cursor.left else Coding()
    if present & 4 and cursor.left:
        message = _with_body(message, first, protocol, scheme, cursor)
    return message if time else replace(message, problems=(*message.problems, "time_invalid"))


def delivery_of(status: int) -> Delivery | None:
    """TP-ST: done, still trying, given up; the rest is reserved."""
    ranges: tuple[tuple[range, Delivery], ...] = (
        (range(0x03), "delivered"),
        (range(0x20, 0x40), "pending"),
        (range(0x40, 0x80), "failed"),
    )
    return next((word for values, word in ranges if status in values), None)


def _with_body(message: Message, first: int, protocol: int, scheme: Coding, cursor: Cursor) -> Message:
    """User data and their length, which counts septets or octets by the alphabet."""
    if not cursor.left:
        return replace(message, problems=("truncated",))
    length = cursor.octet()
    if scheme.reserved and length == cursor.left:  # octets, not septets: Korea's KS X 1001 under 0x84
        scheme = replace(scheme, alphabet="8bit")
    is_septets = scheme.alphabet == "gsm7" and not scheme.compressed
    octets = (length * 7 + 7) // 8 if is_septets else length
    problems: list[Problem] = (
        ["truncated"] if octets > cursor.left or length > (_SEPTETS if is_septets else _OCTETS) else []
    )
    body = cursor.take(min(octets, cursor.left, _OCTETS))
    head = header(body) if first & 0x40 else Header()
    if head is None:
        problems.append("header_overruns")
        head = Header()
    message = replace(message, part=head.part, ports=head.ports)
    return _filled(message, body, length, head, (protocol, scheme), problems)


def _filled(
    message: Message, body: bytes, length: int, head: Header, how: tuple[int, Coding], problems: list[Problem]
) -> Message:
    protocol, scheme = how
    content = body[head.octets :]
    is_cut_header = "header_overruns" in problems and body[:1] < _FIRST_LETTER
    is_data = is_cut_header or head.ports is not None or (protocol == _SIM_DOWNLOAD and scheme.message_class == 2)
    text: str | None = None
    if scheme.compressed:
        problems.append("compressed")
    elif scheme.alphabet == "ucs2":
        text = _ucs2(content)
        problems += ["truncated"] if len(content) % 2 and "truncated" not in problems else []
    elif scheme.alphabet == "gsm7":
        text = _gsm7(body, length, head)
    else:
        text = _plain(content)
    if is_data:
        text = None
    data = content if text is None or scheme.alphabet == "8bit" else None
    return replace(message, text=text, data=data, problems=tuple(problems))


def _gsm7(body: bytes, length: int, head: Header) -> str:
    """The header takes whole septets: fill bits lead to the next boundary (§9.2.3.24)."""
    bits = head.octets * 8
    fill = -bits % 7
    taken = (bits + fill) // 7
    septets = gsm7.unpack(body, max(0, min(length, _SEPTETS) - taken), bits + fill)
    return gsm7.text_of(septets, head.locking, head.single)


def _ucs2(content: bytes) -> str:
    """UTF-16 in fact: phones send surrogate pairs, and split them between parts."""
    even = content[: len(content) // 2 * 2]
    return even.decode("utf-16-be", "surrogatepass").removeprefix("\ufeff")


def _plain(content: bytes) -> str | None:
    """8-bit data are text only where every octet is printable ASCII; no alphabet is agreed on for the rest."""
    is_text = bool(content) and all(0x20 <= octet < 0x7F or octet in (0x0A, 0x0D) for octet in content)
    return content.decode("ascii") if is_text else None
