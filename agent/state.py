"""What the daemon must remember over a restart and that is in neither outbox nor ledger: a small JSON file.

Damaged or missing, it costs the memory of the past and nothing else. Replaced as a whole and flushed to the disk, so a
power cut leaves the old one or the new one.
"""

import json
import os
from dataclasses import asdict, field
from pathlib import Path
from typing import Any

from modem.frozen import dataclass

VERSION = 1
MAX_BYTES = 512 * 1024
MAX_TEXT = 200
MAX_FACTS = 32


@dataclass(slots=True)
class Kept:
    """Mutable: the main thread changes it and saves it."""

    verdict: str | None = None
    """The verdict that was last told to the centre."""
    iccid: str | None = None
    """The card that was last seen."""
    facts: dict[str, str] = field(default_factory=dict)
    """The plan's facts that were last told: fact → value."""
    running: bool = False
    """True while the daemon runs: found at start, it says that the last run did not end in order."""
    board: dict[str, Any] = field(default_factory=dict)
    """`Board.dump`."""


def load(path: Path) -> Kept | None:
    """None when there is none (the first start, or nothing that can be read)."""
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(MAX_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or values.get("version") != VERSION:
        return None
    facts, board = values.get("facts"), values.get("board")
    return Kept(
        verdict=_text(values.get("verdict")),
        iccid=_text(values.get("iccid")),
        facts=_texts(facts if isinstance(facts, dict) else {}),
        running=values.get("running") is True,
        board=board if isinstance(board, dict) else {},
    )


def save(path: Path, kept: Kept) -> None:
    """Durable when it returns. Raises OSError."""
    replace_file(path, json.dumps({"version": VERSION} | asdict(kept), ensure_ascii=False), durable=True)


def replace_file(path: Path, text: str, *, durable: bool = False, mode: int = 0o640) -> None:
    """`path` holds all of `text`, or what it held before; its mode is `mode`, whatever the umask. Raises OSError."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:  # no file object: it would cost four times what the rest does, each minute
        os.fchmod(descriptor, mode)
        data = text.encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(descriptor, data) :]
        if durable:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(path)


def _text(value: object) -> str | None:
    return value[:MAX_TEXT] if isinstance(value, str) else None


def _texts(values: dict[Any, Any]) -> dict[str, str]:
    good = ((key, value) for key, value in values.items() if isinstance(key, str) and isinstance(value, str))
    return {key[:MAX_TEXT]: value[:MAX_TEXT] for key, value in list(good)[:MAX_FACTS]}
