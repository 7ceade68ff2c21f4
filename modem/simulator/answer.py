"""An answer as a modem sends it, kept in parts so that faults can be put between them."""

import re
from dataclasses import replace

from modem.frozen import dataclass

OK = b"\r\nOK\r\n"
ERROR = b"\r\nERROR\r\n"
PROMPT = b"\r\n> "
_ONE_BASIC = re.compile(r"&?[A-Z][0-9]*", re.IGNORECASE)
_BASIC = re.compile(r"AT(?:&?[A-CE-RT-Z][0-9]*){2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """`echo` + `body` + `final` + `tail` is what goes onto the line, in this order and to the byte."""

    body: tuple[bytes, ...] = ()
    """Information, one line (with its CR LF) an item."""
    final: bytes = OK
    """Empty when the modem never gave one."""
    echo: bytes = b""
    tail: bytes = b""
    """What a capture has after the final result."""
    cuts: tuple[bytes, ...] = ()
    """How the bytes were cut when recorded; empty: sent at once."""
    gap_s: float = 0.0
    """Time between the cuts."""
    delay_s: float = 0.0
    """Time the modem takes for this command, besides the script's own answer time."""
    payload_for: str = ""
    """A command that now waits for its payload (`+CMGS` after its prompt)."""
    opens_data: bool = False
    """The port carries data from here on."""

    @property
    def wire(self) -> bytes:
        return self.echo + b"".join(self.body) + self.final + self.tail

    @property
    def ok(self) -> bool:
        return self.final.strip() == b"OK"

    def with_echo(self, echo: bytes) -> "Answer":
        return replace(self, echo=echo)


def info(*lines: str) -> Answer:
    """Information lines and OK, framed as V.250 has it: CR LF around each block."""
    body = tuple(f"{'' if number else chr(13) + chr(10)}{line}\r\n".encode() for number, line in enumerate(lines))
    return Answer(body)


def line(text: str) -> bytes:
    """An unsolicited line or a final result, with CR LF on both sides."""
    return b"\r\n" + text.encode() + b"\r\n"


def chained(parts: list[Answer]) -> Answer:
    """The answer to a compound command: all information, then one final result, that of the last part executed."""
    body = tuple(piece for part in parts for piece in part.body)
    return replace(parts[-1], body=body, cuts=(), delay_s=sum(part.delay_s for part in parts))


def split_command(command: str) -> list[str]:
    """`AT+CREG?;+CSQ` → `AT+CREG?`, `AT+CSQ`; a semicolon between quotes does not part (V.250, 5.2.1). Basic commands
    need none: `ATE0V1` → `ATE0`, `ATV1`."""
    parts, current, quoted = [], "", False
    for char in command:
        quoted ^= char == '"'
        if char == ";" and not quoted:
            parts.append(current)
            current = ""
        else:
            current += char
    parts = [*parts, current] if current.strip() else parts
    whole = [part if number == 0 else "AT" + part.strip() for number, part in enumerate(parts)]
    return [piece for part in whole for piece in _basic_parts(part)]


def _basic_parts(command: str) -> list[str]:
    """A dialled number and an S register stay whole (V.250, 5.3.1)."""
    if not _BASIC.fullmatch(command):
        return [command]
    return [f"AT{piece}" for piece in _ONE_BASIC.findall(command[2:])]
