"""Messages on one connection, for both ends: the part of WebSocket (RFC 6455) that reports need. Pure.

A terminal asks for it after its first reports (docs/wire.md); from then on a report carries six bytes of frame where a
POST carries some eighty of head. The standard one, because proxies know it. No extension, and no name of a protocol:
the path says who speaks, the first byte of a message says what it is.
"""

import base64
import hashlib
from dataclasses import dataclass

from agent.wire.base import WireError

CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
GOING_AWAY, PROTOCOL_ERROR, TOO_BIG = 1001, 1002, 1009
"""Why a stream ends (RFC 6455, 7.4.1)."""
VERSION = "13"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_FINAL, _MASKED, _RESERVED, _CONTROL = 0x80, 0x80, 0x70, 0x08
_SHORT, _TWO_BYTES, _EIGHT_BYTES = 125, 126, 127


class StreamError(WireError):
    """What came is no WebSocket, or more than is taken; the connection cannot be read any further."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    kind: int
    """BINARY (or TEXT), CLOSE, PING, PONG."""
    data: bytes


def accepted(key: bytes) -> bytes:
    """What the centre answers to `Sec-WebSocket-Key` (4.2.2): it has read it, and no cache has."""
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


def frame(data: bytes, kind: int = BINARY, mask: bytes = b"") -> bytes:
    """One whole message. `mask`: the terminal's four random bytes (5.3); the centre has none."""
    size, bit = len(data), _MASKED if mask else 0
    if size <= _SHORT:
        head = bytes((_FINAL | kind, bit | size))
    elif size < 1 << 16:
        head = bytes((_FINAL | kind, bit | _TWO_BYTES)) + size.to_bytes(2, "big")
    else:
        head = bytes((_FINAL | kind, bit | _EIGHT_BYTES)) + size.to_bytes(8, "big")
    return head + mask + (_crossed(data, mask) if mask else data)


def closing(code: int, mask: bytes = b"") -> bytes:
    return frame(code.to_bytes(2, "big"), CLOSE, mask)


class Incoming:
    """The other end's bytes, however they are cut → its messages. Holds no more than one message and what was fed."""

    def __init__(self, *, masked: bool, limit: int) -> None:
        """`masked`: the centre reads masked frames and no others, the terminal the reverse. `limit`: of a message."""
        self._masked = _MASKED if masked else 0
        self._limit = limit
        self._held = bytearray()
        self._parts: bytearray | None = None
        """Of a message in several frames; None between messages."""
        self._kind = BINARY

    @property
    def begun(self) -> bool:
        """Half a message is here."""
        return bool(self._held) or self._parts is not None

    def feed(self, data: bytes) -> None:
        self._held += data

    def next(self) -> Message | None:
        """None: more bytes are needed. Raises StreamError, after which nothing more can be read."""
        while (taken := self._frame()) is not None:
            final, kind, data = taken
            if kind & _CONTROL:
                return Message(kind, data)
            if self._parts is None:
                if final:
                    return Message(kind, data)
                self._parts, self._kind = bytearray(data), kind
            else:
                self._parts += data
                if final:
                    whole, self._parts = bytes(self._parts), None
                    return Message(self._kind, whole)
        return None

    def _frame(self) -> tuple[int, int, bytes] | None:
        held = self._held
        if len(held) < 2:
            return None
        final, kind, size = held[0] & _FINAL, held[0] & 0x0F, held[1] & 0x7F
        self._check(held[0], held[1], kind, size)
        at = 2 + (2 if size == _TWO_BYTES else 8 if size == _EIGHT_BYTES else 0)
        if at > 2:
            if len(held) < at:
                return None
            size = int.from_bytes(held[2:at], "big")
        if size + len(self._parts or b"") > self._limit:
            raise StreamError(TOO_BIG, f"a message has at most {self._limit} bytes")
        start = at + (4 if self._masked else 0)
        if len(held) < start + size:
            return None
        data = bytes(held[start : start + size])
        if self._masked:
            data = _crossed(data, bytes(held[at:start]))
        del held[: start + size]
        return final, kind, data

    def _check(self, first: int, second: int, kind: int, size: int) -> None:
        if first & _RESERVED or kind not in (CONTINUED, TEXT, BINARY, CLOSE, PING, PONG):
            raise StreamError(PROTOCOL_ERROR, "no frame that was agreed on")
        if second & _MASKED != self._masked:
            raise StreamError(PROTOCOL_ERROR, "the mask is missing, or should be")
        if kind & _CONTROL:
            if size > _SHORT or not first & _FINAL:
                raise StreamError(PROTOCOL_ERROR, "a control frame is short and whole")
        elif (kind == CONTINUED) == (self._parts is None):
            raise StreamError(PROTOCOL_ERROR, "a frame out of its order")


def _crossed(data: bytes, mask: bytes) -> bytes:
    """XOR with the mask repeated, as two long numbers: a megabyte takes a few milliseconds so."""
    key = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(len(data), "little")
