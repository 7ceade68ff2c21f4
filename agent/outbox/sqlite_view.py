"""Looking into an outbox without being its owner: for `posagent outbox list`, with or without a daemon running."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from agent.outbox import sqlite_file, sqlite_rows
from agent.outbox.base import Entry, OutboxError, OutboxStats

T = TypeVar("T")


class SqliteView:
    """A read-only look at the file; raises OutboxError when there is none or it cannot be read."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise OutboxError(f"outbox {path}: there is none yet")
        self._path = path
        self._db, self._epoch = _open(path)

    def stats(self) -> OutboxStats:
        return self._read(lambda db: sqlite_rows.stats(db, self._epoch, None))

    def entries(self, limit: int) -> list[Entry]:
        return self._read(lambda db: sqlite_rows.entries(db, self._epoch, limit))

    def quarantine(self, limit: int) -> list[Entry]:
        return self._read(lambda db: sqlite_rows.quarantined(db, self._epoch, limit))

    def close(self) -> None:
        self._db.close()

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return work(self._db)
        except (sqlite3.Error, ValueError) as error:
            raise sqlite_file.in_words(self._path, error) from error


def _open(path: Path) -> tuple[sqlite3.Connection, str]:
    """Without a log there is nothing to recover and nobody writing: then a directory one may not write is no bar."""
    try:
        return _connect(path, "mode=ro")
    except (sqlite3.Error, UnicodeDecodeError) as error:
        log = Path(f"{path}-wal")
        try:
            if log.exists() and log.stat().st_size:
                raise sqlite_file.in_words(path, error) from error
            return _connect(path, "mode=ro&immutable=1")
        except (sqlite3.Error, OSError, UnicodeDecodeError) as second:
            raise sqlite_file.in_words(path, second) from second


def _connect(path: Path, mode: str) -> tuple[sqlite3.Connection, str]:
    db = sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True, timeout=sqlite_file.BUSY_S)
    db.text_factory = sqlite_file.readable
    try:
        return db, str(db.execute("SELECT epoch FROM meta").fetchone()[0])
    except TypeError as error:
        db.close()
        raise sqlite3.DatabaseError("it has no epoch") from error
    except BaseException:
        db.close()
        raise
