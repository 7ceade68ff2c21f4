"""The centre's database in one file.

WAL with synchronous FULL: a commit is on the disk when it returns (with NORMAL the last commits can be lost with the
power, https://www.sqlite.org/pragma.html#pragma_synchronous). One thread writes, in groups (writer.py); readers have
connections of their own and never wait for it. The one read of the hot path, the credential, comes from memory or is
one indexed read on the caller's thread: a hop to another thread would cost more than the read.
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from central.fleet import STATUSES, Heard, Rules, Status
from central.store import sql
from central.store.base import (
    MAX_PAGE,
    ChangeRow,
    Credential,
    Delivery,
    Filter,
    HeartbeatRow,
    Position,
    Receipt,
    RejectionRow,
    ReportRow,
    StoreError,
    StoreRefused,
    StoreStats,
    StoreUnavailable,
    TerminalRow,
    VerdictRow,
)
from central.store.cache import CredentialCache
from central.store.migrate import migrate_sqlite, waiting
from central.store.writer import GroupWriter

T = TypeVar("T")
_LAST = Position(2**62, 0)
_READERS = 2
_BUSY_S = 5.0
"""Seconds to wait for another process that writes, such as `posagent-central terminal add`."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode. Raises StoreUnavailable."""
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 67108864")
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot open the database {path}: {error}") from None
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """The first switch of a new file needs it alone and does not wait by itself: SQLite answers "locked" at once."""
    give_up = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def migrate(path: Path) -> list[str]:
    """Bring the file up to date, making it if need be; the names of the migrations applied."""
    connection = connect(path)
    try:
        return migrate_sqlite(connection, int(time.time()))
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot migrate the database {path}: {error}") from None
    finally:
        connection.close()


def pending(path: Path) -> list[str]:
    """The migrations an existing file still needs; it is only read. Raises StoreError."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return [f"{todo.version:04d}_{todo.name}" for todo in waiting(connection)]
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot read the database {path}: {error}") from None


class SqliteStore:
    """A `central.store.base.Store` on the file `path`, brought up to date first. Raises StoreError."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        self._path = path
        self._credentials = connect(path)
        self._credentials_lock = threading.Lock()
        self._cache = CredentialCache()
        self._writer = GroupWriter(connect(path))
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    async def credential(self, terminal: str) -> Credential | None:
        here, known = self._cache.get(terminal)
        if here:
            return known
        try:
            with self._credentials_lock:
                row = self._credentials.execute(sql.CREDENTIAL, (terminal,)).fetchone()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database cannot be read: {error}") from None
        known = Credential(terminal, row[0], row[1] is not None) if row else None
        self._cache.put(terminal, known)
        return known

    async def commit(self, delivery: Delivery) -> Receipt:
        return await self._writer.run(lambda connection: _store(connection, delivery))

    async def add_terminal(self, terminal: str, name: str, secret_sha256: bytes, now: int) -> None:
        values = (terminal, name, secret_sha256, now)
        await self._writer.run(lambda connection: _change_one(connection, sql.ADD_TERMINAL, values, "exists already"))
        self._cache.forget(terminal)

    async def rotate(self, terminal: str, secret_sha256: bytes, now: int) -> None:
        values = (secret_sha256, now, terminal)
        await self._writer.run(lambda connection: _change_one(connection, sql.ROTATE, values, "is not known"))
        self._cache.forget(terminal)

    async def revoke(self, terminal: str, now: int) -> None:
        values = (now, terminal)
        await self._writer.run(lambda connection: _change_one(connection, sql.REVOKE, values, "is not known"))
        self._cache.forget(terminal)

    async def terminals(
        self, *, after: str = "", limit: int = 100, only: Filter | None = None, revoked: bool = False
    ) -> list[TerminalRow]:
        values: dict[str, object] = {"after": after, "limit": min(limit, MAX_PAGE), "revoked": revoked}
        if only is None:
            return [_terminal(row) for row in await self._read(sql.TERMINALS, values)]
        values |= _rule_values(only.rules, only.now) | {"status": only.status}
        return [_terminal(row) for row in await self._read(sql.TERMINALS_BY_STATUS, values)]

    async def terminal(self, terminal: str) -> TerminalRow | None:
        rows = await self._read(sql.TERMINAL, {"id": terminal})
        return _terminal(rows[0]) if rows else None

    async def count(self, now: float, rules: Rules) -> dict[Status, int]:
        counted = dict(await self._read(sql.COUNT, _rule_values(rules, now)))
        return {status: counted.get(status, 0) for status in STATUSES}

    async def reports(self, terminal: str, *, before: Position | None = None, limit: int = 100) -> list[ReportRow]:
        rows = await self._read(sql.REPORTS, _page(terminal, before, limit))
        return [ReportRow(Position(row[0], row[1]), *row[2:]) for row in rows]

    async def changes(self, terminal: str, *, before: Position | None = None, limit: int = 100) -> list[ChangeRow]:
        rows = await self._read(sql.CHANGES, _page(terminal, before, limit))
        return [ChangeRow(Position(row[0], row[1]), *row[2:]) for row in rows]

    async def rejections(self, terminal: str) -> list[RejectionRow]:
        return [RejectionRow(*row) for row in await self._read(sql.REJECTIONS, (terminal,))]

    async def ready(self) -> None:
        await self._read("SELECT 1", ())
        if not self._writer.alive():
            raise StoreError("the writer has stopped")
        if self._writer.last_failure is not None:
            raise StoreUnavailable(self._writer.last_failure)

    def stats(self) -> StoreStats:
        return self._writer.stats()

    def close(self) -> None:
        self._writer.close()
        self._readers.shutdown(wait=True)
        for connection in [self._credentials, *self._opened]:
            connection.close()

    async def _read(self, statement: str, values: Sequence[object] | Mapping[str, object]) -> list[tuple[Any, ...]]:
        def read() -> list[tuple[Any, ...]]:
            return self._reader().execute(statement, values).fetchall()

        try:
            return await _in_pool(self._readers, read)
        except (sqlite3.Error, RuntimeError) as error:  # RuntimeError: the pool is closed
            raise StoreUnavailable(f"the database cannot be read: {error}") from None

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = connect(self._path)
            connection.execute("PRAGMA query_only = ON")
            self._opened.append(connection)
        return connection


async def _in_pool(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, work)


def _store(connection: sqlite3.Connection, delivery: Delivery) -> Receipt:
    number = _epoch_number(connection, delivery)
    new = _insert_reports(connection, delivery, number)
    repeated = len(delivery.reports) - new
    terminal, at = delivery.terminal, delivery.received_at
    connection.execute(sql.HEARD, (terminal, at, delivery.clock_skew_s, repeated))
    if (beat := delivery.heartbeat) is not None and new:
        due, words = (beat.interval_s, beat.next_due), (beat.verdict, beat.severity, beat.iccid, beat.body)
        connection.execute(sql.HEARTBEAT, (number, beat.seq, at, *due, *words, terminal))
    if (verdict := delivery.verdict) is not None and new:
        connection.execute(
            sql.VERDICT,
            (number, verdict.seq, verdict.code, verdict.severity, verdict.since, verdict.titles, terminal),
        )
    for rejection in delivery.rejections:
        connection.execute(sql.REJECTION, (terminal, rejection.reason, at, rejection.seq, rejection.detail))
    return Receipt(new, repeated)


def _insert_reports(connection: sqlite3.Connection, delivery: Delivery, number: int) -> int:
    terminal, at = delivery.terminal, delivery.received_at
    rows = [
        (terminal, number, report.seq, report.type, report.at, report.happened_at, at, report.body)
        for report in delivery.reports
    ]
    if len(rows) == 1:  # the usual case, and cheaper than executemany
        new = connection.execute(sql.REPORT, rows[0]).rowcount
    else:
        new = max(0, connection.executemany(sql.REPORT, rows).rowcount)
    if delivery.changes and new:
        connection.executemany(
            sql.CHANGE,
            [
                (terminal, number, change.seq, change.type, change.code, change.happened_at, at, change.body)
                for change in delivery.changes
            ],
        )
    return new


def _epoch_number(connection: sqlite3.Connection, delivery: Delivery) -> int:
    row = connection.execute(sql.EPOCH, (delivery.terminal, delivery.epoch)).fetchone()
    if row is None:
        values = (delivery.terminal, delivery.epoch, delivery.received_at)
        row = connection.execute(sql.NEW_EPOCH, values).fetchone()
    return int(row[0])


def _change_one(connection: sqlite3.Connection, statement: str, values: tuple[object, ...], otherwise: str) -> None:
    if connection.execute(statement, values).rowcount != 1:
        raise StoreRefused(f"terminal {otherwise}")


def _page(terminal: str, before: Position | None, limit: int) -> tuple[object, ...]:
    place = before or _LAST
    return terminal, place.epoch_number, place.seq, min(limit, MAX_PAGE)


def _rule_values(rules: Rules, now: float) -> dict[str, object]:
    return {
        "now": now,
        "interval": rules.default_interval_s,
        "grace_min": rules.grace_min_s,
        "grace_share": rules.grace_share,
        "silent": rules.silent_intervals,
    }


def _terminal(row: tuple[Any, ...]) -> TerminalRow:
    name, created, revoked, last_heard, due, interval, skew, repeats = row[1:9]
    beat_at, beat_epoch, beat_seq, code, severity, body = row[9:15]
    heartbeat = None if beat_seq is None else HeartbeatRow(beat_at, beat_epoch, beat_seq, code, severity, body)
    verdict = None if row[16] is None else VerdictRow(*row[15:21])
    heard = Heard(last_heard, due, interval)
    return TerminalRow(row[0], name, created, revoked, heard, skew, repeats or 0, heartbeat, verdict)
