"""The module's ear: bytes from the host into command lines, payloads and the escape from data mode."""

from dataclasses import field
from enum import Enum, auto

from modem.frozen import dataclass

MAX_COMMAND = 4_096
_CR, _LF, _NUL, _ESCAPE, _CTRL_Z = 0x0D, 0x0A, 0x00, 0x1B, 0x1A
_DATA_TAIL = 64


class Mode(Enum):
    COMMAND = auto()
    PAYLOAD = auto()
    """After a prompt, up to Ctrl-Z or Escape (27.005, 3.5.1)."""
    DATA = auto()
    """After CONNECT."""


class Heard(Enum):
    COMMAND = auto()
    PAYLOAD = auto()
    CANCELLED = auto()
    ESCAPED = auto()
    """+++ in data mode."""
    TOO_LONG = auto()


@dataclass
class Intake:
    """The player sets `mode`; each byte may complete something that was heard."""

    mode: Mode = Mode.COMMAND
    _buffer: bytearray = field(default_factory=bytearray)

    def forget(self) -> None:
        self.mode = Mode.COMMAND
        self._buffer.clear()

    def feed(self, byte: int) -> tuple[Heard, bytes] | None:
        if self.mode is Mode.DATA:
            return self._data(byte)
        if self.mode is Mode.PAYLOAD:
            return self._payload(byte)
        return self._command(byte)

    def _command(self, byte: int) -> tuple[Heard, bytes] | None:
        """An Escape leaves a prompt that is not there; line feeds after a CR are tolerated."""
        if byte == _CR:
            return Heard.COMMAND, self._taken()
        if byte in (_LF, _NUL, _ESCAPE):
            return None
        self._buffer.append(byte)
        return (Heard.TOO_LONG, self._taken()) if len(self._buffer) > MAX_COMMAND else None

    def _payload(self, byte: int) -> tuple[Heard, bytes] | None:
        if byte not in (_CTRL_Z, _ESCAPE):
            self._buffer.append(byte)
            del self._buffer[MAX_COMMAND:]
            return None
        self.mode = Mode.COMMAND
        return Heard.PAYLOAD if byte == _CTRL_Z else Heard.CANCELLED, self._taken()

    def _data(self, byte: int) -> tuple[Heard, bytes] | None:
        """+++ ends data mode; so does a whole AT line, by which a new client shows that the old one has closed."""
        self._buffer.append(byte)
        del self._buffer[:-_DATA_TAIL]
        if self._buffer.endswith(b"+++"):
            self.mode = Mode.COMMAND
            return Heard.ESCAPED, self._taken()
        if byte != _CR:
            return None
        line = self._taken()[:-1]
        if line[:2].upper() != b"AT" or not line.isascii():
            return None
        self.mode = Mode.COMMAND
        return Heard.COMMAND, line

    def _taken(self) -> bytes:
        data = bytes(self._buffer)
        self._buffer.clear()
        return data
