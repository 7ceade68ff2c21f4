"""Replies and captures for tests of what modems say."""

import tomllib
from pathlib import Path
from typing import Any

from modem.events import Command, Final, Outcome, Reply
from modem.final import read_final

CAPTURES = Path(__file__).parent.parent / "modem" / "captures"
OK = Final("OK", Outcome.OK)


def reply(*lines: str, command: str = "AT", final: str = "OK") -> Reply:
    """The answer to `command` as the engine would hand it out."""
    return Reply(Command(command), read_final(final) or OK, lines, 0.0)


def capture(name: str) -> dict[str, Any]:
    """A capture by its file name without .toml."""
    return tomllib.loads((CAPTURES / f"{name}.toml").read_text(encoding="utf-8"))


def capture_names() -> list[str]:
    return sorted(path.stem for path in CAPTURES.glob("*.toml"))


def lines_of(text: str) -> list[str]:
    return [line for line in text.replace("\r", "\n").split("\n") if line.strip()]


def as_log(name: str) -> str:
    """A capture as a log with arrows: what the host said, what the modem said, its URCs at the end."""
    data = capture(name)
    written = []
    for exchange in data.get("exchange", []):
        written.append(f">>> {exchange['cmd']}")
        written += [f"<<< {line}" for line in lines_of(exchange.get("reply", ""))]
    return "\n".join(written + [f"<<< {urc}" for urc in data["urcs"]])


def as_paste(name: str) -> str:
    """A capture as people paste it: command, answer, nothing else."""
    data = capture(name)
    written = [line for one in data.get("exchange", []) for line in (one["cmd"], one.get("reply", ""))]
    return "\n".join(written + data["urcs"])
