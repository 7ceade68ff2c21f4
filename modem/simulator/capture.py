"""Loading a capture: what one real modem answered to one real host.

Two forms with the same keys: TOML with [[exchange]] (as `posagent record` writes it and as tests/modem/captures
keeps it) and JSON with "exchanges". Unknown keys are notes for people and are passed over.
"""

from pathlib import Path
from typing import Any

from modem.frozen import dataclass
from modem.simulator.tables import ScriptError, Table, octets, read_document

MAX_EXCHANGES = 5_000
MAX_COMMAND = 2_048


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command and everything the host received until its next one."""

    command: str
    reply: bytes | None
    """None: the modem did not answer."""
    echo: bytes = b""
    """What the modem echoed in front of `reply`, where the capture keeps the two apart."""
    echo_in_reply: bool = False
    """`reply` holds the echo already, wherever it came."""

    @property
    def echoes(self) -> bool:
        return bool(self.echo) or self.echo_in_reply


@dataclass(frozen=True, slots=True)
class Capture:
    source: str
    model: str
    vendor: str
    firmware: str
    exchanges: tuple[Exchange, ...]
    urcs: tuple[str, ...] = ()
    rx_chunks: tuple[tuple[str, tuple[bytes, ...]], ...] = ()
    """Command → how its answer was cut."""
    chunk_gap_s: float = 0.01
    failure_case: str = ""

    def chunks_of(self, command: str) -> tuple[bytes, ...]:
        return next((chunks for name, chunks in self.rx_chunks if name.upper() == command.upper()), ())


def load_capture(path: Path) -> Capture:
    """Raises `ScriptError` with the file, the place and what is wrong."""
    return capture_from(read_document(path), str(path))


def is_capture(document: dict[str, Any]) -> bool:
    return any(key in document for key in ("exchange", "exchanges")) or "kind" in document


def capture_from(document: dict[str, Any], source: str) -> Capture:
    top = Table(document, source)
    if top.choice("kind", ("device", "corpus"), "device") == "corpus":
        raise ScriptError(source, "kind = corpus: answers of several devices, which no single modem can play")
    key = "exchanges" if "exchanges" in document else "exchange"
    exchanges = tuple(_exchange(item) for item in top.tables(key))
    urcs = top.texts("urcs")
    if len(exchanges) > MAX_EXCHANGES:
        raise ScriptError(source, f"holds more than {MAX_EXCHANGES} exchanges")
    if not exchanges and not urcs:
        raise ScriptError(source, "holds neither exchanges nor urcs: nothing to play")
    return Capture(
        source,
        top.text("model", ""),
        top.text("vendor", ""),
        top.text("firmware", ""),
        exchanges,
        urcs,
        _chunks(top),
        top.number("chunk_gap_ms", 10, 0, 60_000) / 1000,
        top.text("failure_case", ""),
    )


def _exchange(item: Table) -> Exchange:
    command = item.text("cmd")
    if len(command) > MAX_COMMAND:
        raise item.error("cmd", f"is longer than {MAX_COMMAND} characters")
    reply = octets(item.text("reply")) if item.has("reply") else None
    inside = item.flag("echo_in_reply")
    echoed = item.flag("echo") and not inside
    echo = octets(item.text("echo_raw", command + "\r")) if echoed else b""
    return Exchange(command, reply, echo, inside)


def _chunks(top: Table) -> tuple[tuple[str, tuple[bytes, ...]], ...]:
    table = top.table("rx_chunks")
    return tuple((name, tuple(octets(chunk) for chunk in table.texts(name))) for name in table.values)
