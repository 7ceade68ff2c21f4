"""Routine records wait in memory so that flash is spared; changes are written at once and take the others along.

A commit costs some 20 to 50 KB of flash writes, however small the record. A routine record is therefore sent from
memory, under a number that was reserved on the disk by the thousand, and acknowledged there: while the line works, it
never touches the flash. When the line does not work it waits for 64 companions, or for 15 minutes. A power cut costs
at most what waits here; a number that was reserved and not used is never used again.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from agent.outbox.base import (
    Budget,
    Dropped,
    Entry,
    Key,
    OutboxError,
    OutboxStats,
    Record,
    RecordClass,
    Report,
    Reserving,
    rank,
)
from modem.frozen import dataclass

ROUTINE = frozenset({RecordClass.HEARTBEAT, RecordClass.HISTORY})
MAX_HELD = 10
"""Times `max_records`: how many may wait in memory while the disk takes nothing. Beyond it the oldest go."""
RESERVED = 1024
"""Numbers taken from the disk in one commit."""


@dataclass(slots=True)
class _Held:
    record: Record
    entry: Entry | None = None
    """Once it has been leased."""


class BatchingOutbox:
    """An `Outbox` around another one, with `add` for what may wait. May be used by several threads."""

    def __init__(self, inner: Reserving, max_records: int = 64, max_wait_s: float = 900.0) -> None:
        self._inner = inner
        self._max_records = max_records
        self._max_wait_s = max_wait_s
        self._guard = threading.RLock()
        self._held: list[_Held] = []
        self._numbers: list[Key] = []
        """Reserved on the disk and not used yet; the next one last."""
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
            self._held.append(_Held(record))
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
        """Somebody is about to send: what waits in memory travels along, unless the disk gives it no number."""
        with self._guard:
            held: list[Entry] = []
            with suppress(OutboxError):
                held = [entry for entry in map(self._numbered, self._held) if entry.due <= now]
            kept = self._inner.lease(limit, max_bytes, now)
        if not held:
            return kept
        return _within(sorted([*kept, *held], key=rank), limit, max_bytes)

    @contextmanager
    def unsent(self) -> Iterator[None]:
        """Nobody leases before this ends: for who notes elsewhere what is put meanwhile. A power cut between the two
        finds it still waiting here.
        """
        with self._guard:
            yield

    def ack(self, keys: Iterable[Key]) -> None:
        """What was never written need not be deleted."""
        wanted = set(keys)
        with self._guard:
            wanted -= self._let_go(wanted)
        if wanted:
            self._inner.ack(wanted)

    def defer(self, keys: Iterable[Key], until: float, why: str) -> None:
        wanted = set(keys)
        with self._guard:
            for held in self._held:
                if held.entry is not None and held.entry.key in wanted:
                    wanted.discard(held.entry.key)
                    attempts = held.entry.attempts + 1
                    held.entry = replace(held.entry, due=until, attempts=attempts, last_error=why)
        if wanted:
            self._inner.defer(wanted, until, why)

    def reject(self, key: Key, why: str) -> None:
        with self._guard:
            if any(held.entry is not None and held.entry.key == key for held in self._held):
                self._write()
        self._inner.reject(key, why)

    def trim(self, budget: Budget, now: float, report: Report | None = None) -> list[Dropped]:
        return self._inner.trim(budget, now, report)

    def next_due(self, now: float) -> float | None:
        """A heartbeat that waits wants to be sent now; history is content to travel with the next one."""
        with self._guard:
            beats = [held.entry for held in self._held if held.record.record_class is RecordClass.HEARTBEAT]
        dues = [now if entry is None else max(now, entry.due) for entry in beats]
        inner = self._inner.next_due(now)
        return min([*dues, *([] if inner is None else [inner])], default=None)

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
        """Those that wait and `more`, in this order; the keys of `more`, or of all without it.

        While a block of reserved numbers is open everybody is numbered from it, so that numbers grow with time: the
        centre takes the higher one for the newer state.
        """
        wanted = [_Held(record) for record in more or []]
        if not self._held and not wanted:
            return []
        if self._numbers:
            for held in (*self._held, *wanted):
                self._numbered(held)
        known = [held.entry for held in (*self._held, *wanted) if held.entry is not None]
        fresh = [held.record for held in (*self._held, *wanted) if held.entry is None]
        keys = self._inner.put_reserved(known) if known else []
        self._held = [held for held in self._held if held.entry is None]
        keys += self._inner.put_many(fresh) if fresh else []
        self._held = []
        return keys[-len(wanted) :] if wanted else keys

    def _numbered(self, held: _Held) -> Entry:
        if held.entry is None:
            if not self._numbers or self._numbers[-1].epoch != self._inner.epoch:
                first = self._inner.reserve(RESERVED)
                self._numbers = [Key(first.epoch, first.seq + step) for step in reversed(range(RESERVED))]
            held.entry = Entry(self._numbers.pop(), held.record)
        return held.entry

    def _let_go(self, keys: set[Key]) -> set[Key]:
        """Those of `keys` that wait here are settled."""
        ours = {held.entry.key for held in self._held if held.entry is not None} & keys
        self._held = [held for held in self._held if held.entry is None or held.entry.key not in ours]
        return ours

    def _must_write(self, now: float) -> bool:
        return len(self._held) >= self._max_records or now - self._held_since >= self._max_wait_s

    def _bound(self) -> None:
        excess = len(self._held) - self._max_records * MAX_HELD
        if excess > 0:
            del self._held[:excess]
            self.lost += excess


def _within(entries: list[Entry], limit: int, max_bytes: int) -> list[Entry]:
    """The first of them; at least one, however large."""
    total = 0
    for place, entry in enumerate(entries[:limit]):
        total += len(entry.record.body)
        if total > max_bytes and place:
            return entries[:place]
    return entries[: max(1, limit)]
