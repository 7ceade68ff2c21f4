"""The durable outbox: one SQLite file, one process, one writer at a time.

Rules: nothing is reported as kept before its commit returned. A trouble of the disk is an `OutboxError` and leaves
the outbox usable once the trouble is over. A damaged file is set aside and a new one, with a new epoch, takes its
place at once; `stats().recovered` says so for as long as the process lives.
"""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from agent.outbox import sqlite_file, sqlite_rows
from agent.outbox.base import Budget, Dropped, Entry, Key, OutboxError, OutboxStats, Record, Report
from agent.outbox.budget import as_disk_allows, choose, summary

T = TypeVar("T")


class SqliteOutbox:
    """An `Outbox`; may be used by several threads. Raises OutboxError when the file cannot be used now."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._stats: OutboxStats | None = None
        self._lock_file: int | None = sqlite_file.take_lock(path)
        try:
            opened, self._epoch, self._recovered = sqlite_file.open_or_replace(path)
            self._db: sqlite3.Connection | None = opened
        except (sqlite3.Error, OSError, sqlite_file.Damaged) as error:
            self._release_lock()
            raise sqlite_file.in_words(path, error) from error

    def put(self, record: Record) -> Key:
        return self.put_many([record])[0]

    def put_many(self, records: Iterable[Record]) -> list[Key]:
        wanted = list(records)
        if not wanted:
            return []
        return self._write(lambda db: [sqlite_rows.insert(db, self._epoch, record) for record in wanted])

    @property
    def epoch(self) -> str:
        return self._epoch

    def reserve(self, count: int) -> Key:
        return self._write(lambda db: Key(self._epoch, sqlite_rows.reserve(db, count)))

    def put_reserved(self, entries: Sequence[Entry]) -> list[Key]:
        return self._write(lambda db: [sqlite_rows.insert_entry(db, self._epoch, entry) for entry in entries])

    def lease(self, limit: int, max_bytes: int, now: float) -> list[Entry]:
        return (
            []
            if self._is_empty()
            else self._read(lambda db: sqlite_rows.due_entries(db, self._epoch, limit, max_bytes, now))
        )

    def ack(self, keys: Iterable[Key]) -> None:
        wanted = list(keys)
        if wanted:
            self._write(lambda db: sqlite_rows.delete(db, self._ours(wanted)))

    def defer(self, keys: Iterable[Key], until: float, why: str) -> None:
        wanted = list(keys)
        if wanted:
            self._write(lambda db: sqlite_rows.postpone(db, self._ours(wanted), until, why))

    def reject(self, key: Key, why: str) -> None:
        def move(db: sqlite3.Connection) -> None:
            for seq in self._ours([key]):
                sqlite_rows.quarantine(db, seq, why)

        self._write(move)

    def trim(self, budget: Budget, now: float, report: Report | None = None) -> list[Dropped]:
        free = sqlite_file.free_bytes(self._path) if budget.min_free_bytes else None
        allowed = self._read(lambda db: as_disk_allows(budget, sqlite_rows.file_bytes(db), free))
        if not self._read(lambda db: sqlite_rows.is_over(db, allowed, now)):
            return []

        def cut(db: sqlite3.Connection) -> list[Dropped]:
            drops = choose(sqlite_rows.items(db), allowed, now)
            sqlite_rows.delete(db, [drop.item.seq for drop in drops])
            dropped = summary(drops)
            if dropped and report:
                sqlite_rows.insert(db, self._epoch, report(dropped))
            return dropped

        return self._write(cut)

    def next_due(self, now: float) -> float | None:
        return None if self._is_empty() else self._read(lambda db: sqlite_rows.next_due(db, now))

    def stats(self) -> OutboxStats:
        """Asked each minute; counted anew after a change only: the file is ours alone."""

        def counted(db: sqlite3.Connection) -> OutboxStats:
            if self._stats is None:
                self._stats = sqlite_rows.stats(db, self._epoch, self._recovered)
            return self._stats

        return self._read(counted)

    def entries(self, limit: int) -> list[Entry]:
        return self._read(lambda db: sqlite_rows.entries(db, self._epoch, limit))

    def quarantine(self, limit: int) -> list[Entry]:
        return self._read(lambda db: sqlite_rows.quarantined(db, self._epoch, limit))

    def renew(self) -> None:
        """A fresh epoch, for records of a new life. Raises OutboxError, also while entries of the old one wait."""
        epoch = sqlite_file.new_epoch()

        def change(db: sqlite3.Connection) -> None:
            if db.execute("SELECT 1 FROM entry LIMIT 1").fetchone():
                raise OutboxError(f"outbox {self._path}: entries of its present epoch wait")
            db.execute("UPDATE meta SET epoch = ?", (epoch,))

        self._write(change)
        self._epoch = epoch

    def close(self) -> None:
        with self._guard:
            if self._lock_file is None:
                return
            self._drop_connection()
            self._release_lock()

    def _ours(self, keys: Iterable[Key]) -> list[int]:
        """Keys of an epoch that was set aside mean nothing here, though their numbers may."""
        return [key.seq for key in keys if key.epoch == self._epoch]

    def _is_empty(self) -> bool:
        """Nothing waits, as was counted since the last change: no need to ask again."""
        counted = self._stats
        return counted is not None and self._lock_file is not None and not any(counted.waiting.values())

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with self._guard:
            if self._lock_file is None:
                raise OutboxError(f"outbox {self._path}: it is closed")
            try:
                return self._despite_damage(work)
            except (sqlite3.Error, OSError, sqlite_file.Damaged) as error:
                raise sqlite_file.in_words(self._path, error) from error

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def changed(db: sqlite3.Connection) -> T:
            self._stats = None
            return _in_transaction(db, work)

        return self._read(changed)

    def _despite_damage(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return work(self._connection())
        except (sqlite3.Error, UnicodeDecodeError) as error:
            if not sqlite_file.is_damage(error):
                raise
            self._drop_connection()
            self._stats = None
            self._db, self._epoch, self._recovered = sqlite_file.replace(self._path, str(error))
            return work(self._db)

    def _connection(self) -> sqlite3.Connection:
        """Opened anew when the last attempt to replace a damaged file came to grief (a full disk, say)."""
        if self._db is None:
            self._stats = None
            self._db, self._epoch, again = sqlite_file.open_or_replace(self._path)
            self._recovered = again or self._recovered
        return self._db

    def _drop_connection(self) -> None:
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _release_lock(self) -> None:
        if self._lock_file is not None:
            os.close(self._lock_file)
            self._lock_file = None


def _in_transaction(db: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    db.execute("BEGIN IMMEDIATE")
    try:
        done = work(db)
        db.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # a full disk has often rolled back by itself already
            if db.in_transaction:
                db.execute("ROLLBACK")
        raise
    return done
