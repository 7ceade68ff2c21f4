"""Bytes from a modem → lines and prompts, however they were cut.

Rules:
1. CR and LF each end a line and empty lines vanish, so CR LF, CR CR LF (the echo's), LF CR, a lone CR and a lone LF
   all do. Nothing waits for the LF after a CR: a line is there as soon as it can be.
2. "> " has no line end. It is a prompt only while one is awaited and only at the start of a line.
3. A line longer than MAX_LINE is thrown away to its end, and said so (`Dropped`): memory is bounded for ever.
4. Bytes are kept. UTF-8 is read as such (operator names in Chinese firmware); a byte that is not becomes one private
   character, U+F780..U+F7FF, which `raw` turns back. Not `surrogateescape`: a lone surrogate in a string breaks
   JSON, SQLite and stdout much later and far away; a private character only looks odd, and `modem.text.printable`
   spells it out.
5. NULs in front of a line are the noise of a UART that starts, and vanish. Within a line they stay: "@" of the GSM
   alphabet (23.038) is 0x00.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from modem.frozen import dataclass

MAX_LINE = 8192
"""Bytes. The longest real ones are operator scans and hex dumps, 1 to 2 kB."""

_END = re.compile(rb"[\r\n]")
_FRONT = re.compile(rb"[\r\n\0]*")
_BLANK = re.compile(rb"[ \r\n\0]*")
_WHOLE = re.compile(rb"[\r\n\0]*+([^\r\n]{1,%d})[\r\n]" % (MAX_LINE - 1))
"""What stands in front of a line, the line, the first byte of its end: most lines come whole."""

_ESCAPED = {0xDC00 + byte: 0xF700 + byte for byte in range(0x80, 0x100)}
_UNESCAPED = {private: surrogate for surrogate, private in _ESCAPED.items()}


class Line(NamedTuple):
    """The one value that is made for every line, so it is a cheap one."""

    text: str


@dataclass(frozen=True, slots=True)
class Dropped:
    bytes: int


class Mark(Enum):
    PROMPT = auto()


Token = Line | Dropped | Mark


def decoded(data: bytes) -> str:
    """`data` as text, rule 4. `raw(decoded(data)) == data`, always."""
    if data.isascii():
        return data.decode("ascii")
    text = data.decode("utf-8", "surrogateescape")
    if any(ord(char) in _UNESCAPED for char in text):  # those very characters were sent: no UTF-8 at all, then
        return "".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in data)
    return text.translate(_ESCAPED)


def raw(text: str) -> bytes:
    """The bytes that `text` was made of."""
    return text.translate(_UNESCAPED).encode("utf-8", "surrogateescape")


class Lines:
    """`feed` bytes, then `take` tokens until there is none: whether a ">" is a prompt is asked anew for each."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._front = _FRONT
        self._dropping = False
        self._may_end = False
        """Something has come that can end a line. If not, bytes are only put by: a slow port hands them out one by one
        (and one comparison is three times cheaper than two searches)."""

    def clear(self) -> None:
        """Forget the unfinished line."""
        self._cut(len(self._buffer))
        self._dropping = False

    @property
    def held(self) -> int:
        """Bytes waiting for the end of their line."""
        return len(self._buffer)

    def feed(self, data: bytes) -> None:
        self._buffer += data
        if len(data) != 1 or data <= b"\r" or len(self._buffer) >= MAX_LINE:
            self._may_end = True

    def take(self, *, prompt: bool = False) -> Token | None:
        if not (self._may_end or prompt) or not self._buffer:
            return None
        token = self._token(prompt=prompt)
        self._may_end = token is not None
        return token

    def _token(self, *, prompt: bool) -> Token | None:
        if self._dropping:
            return self._rest_of_dropped(prompt=prompt)
        if not prompt and self._front is _FRONT and (whole := _WHOLE.match(self._buffer)):
            data = whole[1]
            del self._buffer[: whole.end() - 1]
            self._searched = 0
            return Line(decoded(bytes(data)))
        self._skip_front()
        if prompt and self._buffer.startswith(b">"):
            self._cut(1)
            self._front = _BLANK  # the blank after ">" may come in the next read
            return Mark.PROMPT
        return self._line()

    def _skip_front(self) -> None:
        if self._searched == 0 and self._buffer:
            found = self._front.match(self._buffer)
            del self._buffer[: found.end() if found else 0]
            if self._buffer:
                self._front = _FRONT

    def _line(self) -> Token | None:
        end = _END.search(self._buffer, self._searched, MAX_LINE)
        if end:
            return Line(decoded(self._cut(end.start())))
        self._searched = len(self._buffer)
        if self._searched < MAX_LINE:
            return None
        self._dropping = True
        self._cut(MAX_LINE)
        return Dropped(MAX_LINE)

    def _rest_of_dropped(self, *, prompt: bool) -> Token | None:
        end = _END.search(self._buffer, self._searched, MAX_LINE)
        if end:
            self._dropping = False
            rest = len(self._cut(end.start()))
            return Dropped(rest) if rest else self._token(prompt=prompt)
        self._searched = len(self._buffer)
        if self._searched < MAX_LINE:
            return None
        self._cut(MAX_LINE)
        return Dropped(MAX_LINE)

    def _cut(self, count: int) -> bytes:
        piece = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._searched = 0
        return piece
