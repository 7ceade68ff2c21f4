"""What the engine tests share: a small dialect, captures as wires, and ways of cutting them. A helper, not a test."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modem.dialect import Dialect
from modem.engine import Engine
from modem.events import Command, Event

CAPTURES = Path(__file__).parent / "captures"
NEWS = (
    "^SRVST:",
    "^BOOT:",
    "^MODE:",
    "^SIMST:",
    "^STIN:",
    "+QIND:",
    "+QUSIM:",
    "+CFUN:",
    "+SER:",
    "+USIM:",
    "+UUSORD:",
)

SMALL = Dialect(
    name="small",
    found_by=lambda _manufacturer, _model, _ati: False,
    asks={},
    urcs=dict.fromkeys(NEWS, lambda _lines: ()),
    unsolicited=lambda _line, command: command is None,
)


@dataclass(frozen=True)
class Wire:
    """One exchange as it went over the line."""

    name: str
    command: str
    data: bytes


def wire_bytes(text: str) -> bytes:
    """Captures spell bytes that are no text as Latin-1 characters; other texts are UTF-8."""
    try:
        return text.encode("ascii")
    except UnicodeEncodeError:
        return text.encode("latin-1" if all(ord(char) < 0x100 for char in text) else "utf-8")


def captures() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(CAPTURES.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text("utf-8"))


def exchanges() -> Iterator[Wire]:
    for name, capture in captures():
        for number, exchange in enumerate(capture.get("exchange", [])):
            if "reply" in exchange:
                yield Wire(f"{name}-{number}", exchange["cmd"], _data(exchange))


def _data(exchange: dict[str, Any]) -> bytes:
    reply = wire_bytes(exchange["reply"])
    if exchange.get("echo") and not exchange.get("echo_in_reply"):
        return wire_bytes(exchange.get("echo_raw", exchange["cmd"] + "\r")) + reply
    return reply


def played(wire: Wire, pieces: list[bytes], command: Command | None = None) -> list[Event]:
    """The events of one exchange whose bytes come in `pieces`, a millisecond apart, to the end of its deadline."""
    engine, now = Engine(SMALL), 0.0
    engine.send(command or Command(wire.command, timeout_s=60.0), now)
    events: list[Event] = []
    for piece in pieces:
        now += 0.0001
        events += engine.receive(piece, now)
        events += engine.tick(now)
    events += engine.tick(now + 2.0)  # whatever waits for more lines
    return events


def all_cuts(data: bytes) -> Iterator[list[bytes]]:
    for at in range(len(data) + 1):
        yield [data[:at], data[at:]]


def some_cuts(data: bytes, seed: int, times: int) -> Iterator[list[bytes]]:
    chance = random.Random(seed)
    for _ in range(times):
        marks = sorted(chance.sample(range(len(data) + 1), min(len(data), chance.randint(1, 6))))
        yield [data[start:end] for start, end in zip([0, *marks], [*marks, len(data)], strict=True)]
