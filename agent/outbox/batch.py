"""Routine records wait in memory so that flash is spared; changes are written at once and take the others along.

A commit costs some 20 to 50 KB of flash writes, however small the record. Routine history therefore waits for 64
companions, for 15 minutes, or for somebody who is about to send. A power cut costs at most what waits here: it has no
key yet, was never promised, and never leaves a hole in the numbering.
"""

import threading
from collections.abc import Iterable
from contextlib import suppress

from agent.outbox.base import Budget, Dropped, Entry, Key, Outbox, OutboxError, OutboxStats, Record, RecordClass, Report

ROUTINE = frozenset({RecordClass.HEARTBEAT, RecordClass.HISTORY})
MAX_HELD = 10
"""Times `max_records`: how many may wait in memory while the disk takes nothing. Beyond it the oldest go."""


class BatchingOutbox:
    """An `Outbox` around another one, with `add` for what may wait. May be used by several threads."""

    def __init__(self, inner: Outbox, max_records: int = 64, max_wait_s: float = 900.0) -> None:
        self._inner = inner
        self._max_records = max_records
        self._max_wait_s = max_wait_s
        self._guard = threading.Lock()
        self._held: list[Record] = []
        self._held_since = 0.0
        self.lost = 0
        """Routine records given up in memory because the disk took nothing for too long."""

    def add(self, record: Record, now: float) -> Key | None:
        """Keep a record as its class deserves; None = it waits in memory. `now` in monotonic seconds.

        Raises OutboxError when it had to be written and could not be; a routine record is held all the same.
        """
        if record.record_class not in ROUTINE:
            return self.put(record)
        with self._guard:
            if not self._held:
                self._held_since = now
            self._held.append(record)
            self._bound()
            return self._write()[-1] if self._must_write(now) else None

    def flush(self) -> None:
        """Write what waits. Call it before stopping."""
        with self._guard:
            self._write()

    def tick(self, now: float) -> float | None:
        """Write what has waited long enough; seconds until the next time, None while nothing waits."""
        with self._guard:
            if self._held and self._must_write(now):
                self._write()
            return max(0.0, self._held_since + self._max_wait_s - now) if self._held else None

    def put(self, record: Record) -> Key:
        return self.put_many([record])[0]

    def put_many(self, records: Iterable[Record]) -> list[Key]:
        with self._guard:
            return self._write(list(records))

    def lease(self, limit: int, max_bytes: int, now: float) -> list[Entry]:
        """Somebody is about to send: what waits gets its key now and travels along, unless the disk takes nothing."""
        with self._guard, suppress(OutboxError):
            self._write()
        return self._inner.lease(limit, max_bytes, now)

    def ack(self, keys: Iterable[Key]) -> None:
        self._inner.ack(keys)

    def defer(self, keys: Iterable[Key], until: float, why: str) -> None:
        self._inner.defer(keys, until, why)

    def reject(self, key: Key, why: str) -> None:
        self._inner.reject(key, why)

    def trim(self, budget: Budget, now: float, report: Report | None = None) -> list[Dropped]:
        return self._inner.trim(budget, now, report)

    def next_due(self, now: float) -> float | None:
        """A heartbeat that waits wants to be sent now; history is content to travel with the next one."""
        with self._guard:
            if any(record.record_class is RecordClass.HEARTBEAT for record in self._held):
                return now
        return self._inner.next_due(now)

    def stats(self) -> OutboxStats:
        return self._inner.stats()

    @property
    def problem(self) -> str | None:
        """Why records wait in memory only; None while the store is well, or does not say."""
        return getattr(self._inner, "problem", None)

    @property
    def held(self) -> int:
        """How many wait in memory, in none of the counts of `stats`."""
        return len(self._held)

    def entries(self, limit: int) -> list[Entry]:
        return self._inner.entries(limit)

    def quarantine(self, limit: int) -> list[Entry]:
        return self._inner.quarantine(limit)

    def close(self) -> None:
        try:
            self.flush()
        except OutboxError:
            self.lost += len(self._held)
            self._held = []
        self._inner.close()

    def _write(self, more: list[Record] | None = None) -> list[Key]:
        """One commit for those that wait and for `more`, in this order; the keys of `more`, or of all without it."""
        if not self._held and not more:
            return []
        keys = self._inner.put_many([*self._held, *(more or [])])
        first = len(self._held) if more else 0
        self._held = []
        return keys[first:]

    def _must_write(self, now: float) -> bool:
        return len(self._held) >= self._max_records or now - self._held_since >= self._max_wait_s

    def _bound(self) -> None:
        excess = len(self._held) - self._max_records * MAX_HELD
        if excess > 0:
            del self._held[:excess]
            self.lost += excess
