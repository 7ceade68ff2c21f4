"""The sequence numbers of our OSCORE context, on the disk before they are used: in steps, so that flash is spared.

After a power cut the numbers of the last step are skipped, never used again. A file that is lost, damaged, or of
another credential begins a new ID context, and with it new keys (agent/wire/oscore.py).
"""

import json
import os
import secrets
from pathlib import Path

from agent.wire.oscore import CONTEXT_BYTES

STEP = 64
_MAX_BYTES = 4096


class Numbers:
    """Of the credential that `mark` stands for. Raises OSError."""

    def __init__(self, path: Path, mark: str) -> None:
        self._path = path
        self._mark = mark
        held = _read(path, mark)
        self.id_context, self.next = held if held else (secrets.token_bytes(CONTEXT_BYTES), 0)
        self._good_until = self.next

    def reserve(self, number: int) -> None:
        """Durable when it returns: `number` will not be given out again after a restart. Raises OSError."""
        if number < self._good_until:
            return
        until = number + STEP
        text = json.dumps({"version": 1, "mark": self._mark, "context": self.id_context.hex(), "next": until})
        _replace(self._path, text)
        self._good_until = until


def _read(path: Path, mark: str) -> tuple[bytes, int] | None:
    try:
        with path.open("rb") as file:
            held = json.loads(file.read(_MAX_BYTES))
        context, number = bytes.fromhex(held["context"]), held["next"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    good = held.get("version") == 1 and held.get("mark") == mark and len(context) == CONTEXT_BYTES
    return (context, number) if good and isinstance(number, int) and 0 <= number < 2**40 else None


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
