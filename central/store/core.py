"""The store over either database: who reads and writes where, statements from sql.py, rows into values.

One thread writes, in groups (writer.py); readers have connections of their own and never wait for it.
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from central.accounts.sight import EVERYTHING, Sight, where
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
from central.store.cache import LATELY_S, MAX_LATELY, Changed, CredentialCache, Lately, Together
from central.store.database import Connection, Row, Session, Values
from central.store.directives import Directives
from central.store.enrolment import WITHDRAW_CODES, Enrolment
from central.store.hot import deliver
from central.store.writer import GroupWriter

T = TypeVar("T")
_LAST = Position(2**62, 0)
_TAKEN = "a terminal of that id exists already"


class SqlStore(Enrolment, Directives, ABC):
    """A `central.store.base.Store`. `reader` makes a connection that only reads; it raises StoreUnavailable."""

    partitioned = False
    """Whether `reports` lies in partitions (partitions.py)."""

    def __init__(self, writer: Connection, reader: Callable[[], Connection], readers: int = 2) -> None:
        self._connect = reader
        self._cache = CredentialCache()
        self._together = Together(self._credentials_of)
        self._lately = Lately(self._changed)
        self._writer = GroupWriter(writer, deliver)
        self._readers = ThreadPoolExecutor(readers, thread_name_prefix="store-reader")
        self._local = threading.local()
        self._opened: list[Connection] = []

    async def credential(self, terminal: str) -> Credential | None:
        here, known = self._cache.get(terminal)
        if here:
            return known
        known = await self._together.ask(terminal)
        self._cache.put(terminal, known)
        return known

    @abstractmethod
    async def _credential_rows(self, terminals: Sequence[str]) -> list[Row]:
        """Id, hash of the secret, moments of revocation and rotation. Raises StoreUnavailable."""

    async def _credentials_of(self, terminals: Sequence[str]) -> dict[str, Credential]:
        rows = await self._credential_rows(terminals)
        return {row[0]: _credential(row) for row in rows}

    async def lineage(self, terminal: str, now: int) -> bytes | None:
        since = now - LATELY_S
        lately = await self._lately.known(since)
        if self._lately.here(terminal):
            return None
        if lately.terminals is None:
            found = await self.credential(terminal)
            changed = found is None or found.changed_at >= since
        else:
            changed = terminal in lately.terminals
        return None if changed else lately.lineage

    async def _changed(self, since: int) -> Changed:
        rows = await self.read(sql.CHANGED, {"since": since, "most": MAX_LATELY + 1})
        drawn = str((await self.read(sql.LINEAGE))[0][0]).encode()
        return Changed(drawn, frozenset(row[0] for row in rows) if len(rows) <= MAX_LATELY else None)

    async def commit(self, delivery: Delivery) -> Receipt:
        return await self._writer.deliver(delivery)

    async def write(self, job: Callable[[Session], T]) -> T:
        """`job` in a transaction of the writer; durable when it returns. Raises StoreUnavailable, StoreRefused."""
        return await self._writer.run(job)

    async def read(self, statement: str, values: Values = ()) -> list[Row]:
        """Raises StoreUnavailable."""

        def work() -> list[Row]:
            return self._read_here(statement, values)

        try:
            return await _in_pool(self._readers, work)
        except RuntimeError as error:  # the pool is closed
            raise StoreUnavailable(f"the database cannot be read: {error}") from None

    async def add_terminal(self, terminal: str, name: str, secret_sha256: bytes, now: int) -> None:
        values = (terminal, name, secret_sha256, now)
        await self._writer.run(lambda session: _change_one(session, sql.ADD_TERMINAL, values, _TAKEN, "taken"))
        self.forget(terminal)

    async def rotate(self, terminal: str, secret_sha256: bytes, now: int) -> None:
        values = (secret_sha256, now, terminal)
        await self._writer.run(
            lambda session: _change_one(session, sql.ROTATE, values, "no such terminal", "not_found")
        )
        self.changed(terminal)

    async def revoke(self, terminal: str, now: int) -> None:
        def job(session: Session) -> None:
            _change_one(session, sql.REVOKE, (now, terminal), "no such terminal", "not_found")
            session.run(WITHDRAW_CODES, (terminal,))

        await self._writer.run(job)
        self.changed(terminal)

    def forget(self, terminal: str) -> None:
        self._cache.forget(terminal)

    def changed(self, terminal: str) -> None:
        """Its credential, by this process: that counts at once. Others know after two seconds."""
        self._cache.forget(terminal)
        self._lately.add(terminal)

    async def terminals(
        self,
        *,
        after: str = "",
        limit: int = 100,
        only: Filter | None = None,
        revoked: bool = False,
        sight: Sight = EVERYTHING,
    ) -> list[TerminalRow]:
        seen, values = where(sight, "t.id")
        values |= {"after": after, "limit": min(limit, MAX_PAGE), "revoked": revoked}
        if only is None:
            return [_terminal(row) for row in await self.read(sql.TERMINALS.format(seen=seen), values)]
        values |= _rule_values(only.rules, only.now) | {"status": only.status}
        return [_terminal(row) for row in await self.read(sql.TERMINALS_BY_STATUS.format(seen=seen), values)]

    async def ids(self, *, after: str = "", since: int = 0, limit: int = 100) -> list[str]:
        return [row[0] for row in await self.read(sql.IDS, (after, since, min(limit, MAX_PAGE)))]

    async def terminal(self, terminal: str, sight: Sight = EVERYTHING) -> TerminalRow | None:
        seen, values = where(sight, "t.id")
        rows = await self.read(sql.TERMINAL.format(seen=seen), values | {"id": terminal})
        return _terminal(rows[0]) if rows else None

    async def named(self, names: Sequence[str]) -> list[TerminalRow]:
        """Those of `names` that there are, in that order; at most MAX_PAGE."""
        if not names:
            return []
        places = ", ".join("?" * len(names[:MAX_PAGE]))
        rows = await self.read(f"{sql.TERMINALS_NAMED} ({places})", tuple(names[:MAX_PAGE]))
        found = {row[0]: _terminal(row) for row in rows}
        return [found[name] for name in names if name in found]

    async def count(self, now: float, rules: Rules, sight: Sight = EVERYTHING) -> dict[Status, int]:
        seen, values = where(sight, "t.id")
        counted: dict[Status, int] = dict(
            await self.read(sql.COUNT.format(seen=seen), values | _rule_values(rules, now))
        )
        return {status: counted.get(status, 0) for status in STATUSES}

    async def reports(self, terminal: str, *, before: Position | None = None, limit: int = 100) -> list[ReportRow]:
        rows = await self.read(sql.REPORTS, _page(terminal, before, limit))
        return [ReportRow(Position(row[0], row[1]), *row[2:]) for row in rows]

    async def changes(self, terminal: str, *, before: Position | None = None, limit: int = 100) -> list[ChangeRow]:
        rows = await self.read(sql.CHANGES, _page(terminal, before, limit))
        return [ChangeRow(Position(row[0], row[1]), *row[2:]) for row in rows]

    async def lost(self, terminal: str, at: int) -> None:
        await self.write(lambda session: session.run(sql.LOST, (at, terminal)))

    async def rejections(self, terminal: str) -> list[RejectionRow]:
        return [RejectionRow(*row) for row in await self.read(sql.REJECTIONS, (terminal,))]

    async def ready(self) -> None:
        await self.read("SELECT 1")
        if not self._writer.alive():
            raise StoreError("the writer has stopped")
        if self._writer.last_failure is not None:
            raise StoreUnavailable(self._writer.last_failure)

    def stats(self) -> StoreStats:
        return self._writer.stats()

    def close(self) -> None:
        self._writer.close()
        self._readers.shutdown(wait=True)
        for connection in self._opened:
            connection.close()

    def _read_here(self, statement: str, values: Values) -> list[Row]:
        connection = self._reader()
        try:
            connection.begin()
            found = connection.rows(statement, values)
            connection.commit()
        except StoreError:
            raise
        except Exception as error:
            connection.rollback()
            raise StoreUnavailable(f"the database cannot be read: {error}") from None
        return found

    def _reader(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._opened.append(connection)
        return connection


async def _in_pool(pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(pool, work)


def _credential(row: Row) -> Credential:
    terminal, secret, revoked_at, rotated_at = row
    return Credential(terminal, bytes(secret), revoked_at is not None, max(revoked_at or 0, rotated_at or 0))


def _change_one(session: Session, statement: str, values: Sequence[object], why: str, code: str) -> None:
    if session.run(statement, values) != 1:
        raise StoreRefused(why, code)


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
