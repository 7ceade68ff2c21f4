"""What was counted since the ledger's file was last written, in one block of a small file that never grows.

A commit of SQLite is some 30 KB of flash with the file system's journal; overwriting a block that is there already is
18 KB, and 5 KB where something else is written at the same time. So it can be done more often. Two blocks take turns: a
power cut in the middle of one leaves the other. What a block holds counts only for the very state of the ledger's file
that it was written upon (`saves`).
"""

import json
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.plan.books import Books, Seen
from agent.plan.counting import Look

BLOCK = 4096
"""One page of the file system: what one write takes anyway."""
_HEAD = struct.Struct(">4sQQII")
"""Magic, number, saves, length and CRC-32 of what follows."""
_MAGIC = b"PAL1"


class Tail:
    """Not for several threads at once: the ledger's lock sees to that."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._number = 0
        self._last = b""

    def write(self, saves: int, books: Books) -> bool:
        """All that is touched, durable when this returns. False: it is too much for a block. Raises OSError."""
        text = packed(books)
        if _HEAD.size + len(text) > BLOCK:
            return False
        if text == self._last:
            return True
        number = self._number + 1
        head = _HEAD.pack(_MAGIC, number, saves, len(text), zlib.crc32(text))
        with self._opened() as file:
            os.pwrite(file, (head + text).ljust(BLOCK, b"\0"), number % 2 * BLOCK)
            os.fdatasync(file)
        self._number, self._last = number, text
        return True

    def read(self, saves: int) -> dict[str, Any] | None:
        """The newest whole block, if it was written upon this state; None otherwise, and where nothing can be read."""
        try:
            with self.path.open("rb") as file:
                held = file.read(2 * BLOCK)
        except OSError:
            return None
        found = [block for at in (0, BLOCK) if (block := _block(held[at : at + BLOCK])) is not None]
        if not found:
            return None
        number, upon, text = max(found)
        self._number = number
        return _unpacked(text) if upon == saves else None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            if os.fstat(file).st_size != 2 * BLOCK:
                os.ftruncate(file, 0)
                os.pwrite(file, bytes(2 * BLOCK), 0)
                os.fsync(file)
            yield file
        finally:
            os.close(file)


def packed(books: Books) -> bytes:
    """The rows that the ledger's file does not have, as they stand; None in place of the numbers: gone."""
    rows = {
        "use": [[*key, *(books.use.get(key) or (None, None))] for key in sorted(books.touched_use)],
        "own": [[*key, books.own.get(key)] for key in sorted(books.touched_own)],
        "seen": [[*key, *_look(books.seen.get(key))] for key in sorted(books.touched_seen)],
    }
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


def apply(rows: dict[str, Any], books: Books) -> bool:
    """Take the rows over; False, and nothing is changed, where they contradict the books or are none of ours.

    Counts only grow: rows that show less were written upon another history (a file that was put back).
    """
    try:
        use = {(str(day), _source(of), str(card)): _counts(rx, tx) for day, of, card, rx, tx in rows["use"]}
        own = {(str(day), str(purpose)): None if n is None else int(n) for day, purpose, n in rows["own"]}
        seen = {(_source(of), str(name)): _seen(look) for of, name, *look in rows["seen"]}
    except (KeyError, TypeError, ValueError):
        return False
    if any(now is not None and now < books.use.get(key, (0, 0)) for key, now in use.items()):
        return False
    for target, rows_of, touched in (
        (books.use, use, books.touched_use),
        (books.own, own, books.touched_own),
        (books.seen, seen, books.touched_seen),
    ):
        _take(target, rows_of, touched)
    return True


def _take(target: Any, rows: Any, touched: Any) -> None:
    for key, value in rows.items():
        touched.add(key)
        if value is None:
            target.pop(key, None)
        else:
            target[key] = value


def _block(held: bytes) -> tuple[int, int, bytes] | None:
    """Number, saves, text of a block that is whole."""
    if len(held) != BLOCK:
        return None
    magic, number, saves, length, crc = _HEAD.unpack_from(held)
    text = held[_HEAD.size : _HEAD.size + length]
    return (number, saves, text) if magic == _MAGIC and len(text) == length and zlib.crc32(text) == crc else None


def _unpacked(text: bytes) -> dict[str, Any] | None:
    try:
        rows = json.loads(zlib.decompressobj().decompress(text, 1_000_000))
    except (ValueError, zlib.error, RecursionError):
        return None
    return rows if isinstance(rows, dict) else None


def _look(seen: Seen | None) -> tuple[Any, ...]:
    if seen is None:
        return (None,) * 5
    return seen.look.rx, seen.look.tx, seen.look.monotonic, seen.look.boot_id, seen.wall


def _seen(look: list[Any]) -> Seen | None:
    rx, tx, monotonic, boot_id, wall = look
    counts = _counts(rx, tx)
    if counts is None:
        return None
    return Seen(Look(*counts, float(monotonic), None if boot_id is None else str(boot_id)), float(wall))


def _counts(rx: Any, tx: Any) -> tuple[int, int] | None:
    if rx is None:
        return None
    if not (isinstance(rx, int) and isinstance(tx, int) and rx >= 0 and tx >= 0):
        raise ValueError("not a count")
    return rx, tx


def _source(text: Any) -> Any:
    if text not in ("interface", "modem"):
        raise ValueError("unknown source")
    return text
