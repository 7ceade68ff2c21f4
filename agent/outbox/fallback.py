"""The durable outbox while the disk takes it, memory while it does not: watching and sending go on either way.

Rules: what the disk holds is still read and sent; what it cannot forget (an acknowledgement) is remembered here and not
sent twice. Memory has an epoch of its own. When the disk works again and what it held has been delivered, it gets a
fresh epoch before it takes new records: at the centre the newest state is the one of the epoch that was heard last.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from agent.outbox.base import (
    Budget,
    Dropped,
    Entry,
    Key,
    Outbox,
    OutboxBusy,
    OutboxError,
    OutboxStats,
    Record,
    Report,
    Reserving,
)
from agent.outbox.memory import MemoryOutbox

RETRY_S = 10.0


class Durable(Reserving, Protocol):
    def renew(self) -> None:
        """A fresh epoch. Raises OutboxError, also while entries wait."""


class FallbackOutbox:
    """An `Outbox` that takes every record; may be used by several threads. `problem` says why memory is used.

    Raises OutboxBusy at once when another process has the file.
    """

    def __init__(self, open_disk: Callable[[], Durable], monotonic: Callable[[], float]) -> None:
        self._open_disk = open_disk
        self._monotonic = monotonic
        self._guard = threading.RLock()
        self._memory = MemoryOutbox()
        self._disk: Durable | None = None
        self._taking = False
        """The disk takes new records."""
        self._acked: set[Key] = set()
        self._deferred: dict[Key, float] = {}
        self._tried_at = monotonic()
        self.problem: str | None = None
        try:
            self._disk = open_disk()
            self._taking = True
        except OutboxBusy:
            raise
        except OutboxError as error:
            self.problem = str(error)

    def put(self, record: Record) -> Key:
        return self.put_many([record])[0]

    def put_many(self, records: Iterable[Record]) -> list[Key]:
        wanted = list(records)
        with self._guard:
            self._recover()
            if self._taking and self._disk is not None:
                try:
                    return self._disk.put_many(wanted)
                except OutboxError as error:
                    self._fail(error)
            return self._memory.put_many(wanted)

    @property
    def epoch(self) -> str:
        return self._disk.epoch if self._taking and self._disk is not None else self._memory.epoch

    def reserve(self, count: int) -> Key:
        with self._guard:
            self._recover()
            if self._taking and self._disk is not None:
                try:
                    return self._disk.reserve(count)
                except OutboxError as error:
                    self._fail(error)
            return self._memory.reserve(count)

    def put_reserved(self, entries: Sequence[Entry]) -> list[Key]:
        with self._guard:
            self._recover()
            if self._taking and self._disk is not None:
                try:
                    return self._disk.put_reserved(entries)
                except OutboxError as error:
                    self._fail(error)
            return self._memory.put_reserved(entries)

    def lease(self, limit: int, max_bytes: int, now: float) -> list[Entry]:
        with self._guard:
            self._recover()  # who only sends routine writes nothing for hours, and would not notice that it can again
            kept, held = self._on_disk(limit, max_bytes, now), self._memory.lease(limit, max_bytes, now)
        if kept and held:  # one epoch a batch: the more important first
            return held if held[0].record.record_class < kept[0].record.record_class else kept
        return kept or held

    def ack(self, keys: Iterable[Key]) -> None:
        self._settle(set(keys))

    def defer(self, keys: Iterable[Key], until: float, why: str) -> None:
        wanted = list(keys)
        with self._guard:
            self._memory.defer(wanted, until, why)
            try:
                if self._disk is not None:
                    self._disk.defer(wanted, until, why)
            except OutboxError as error:
                self._deferred |= dict.fromkeys(wanted, until)
                self._fail(error)

    def reject(self, key: Key, why: str) -> None:
        with self._guard:
            self._memory.reject(key, why)
            try:
                if self._disk is not None:
                    self._disk.reject(key, why)
            except OutboxError as error:
                self._acked.add(key)  # sending it again would be refused again
                self._fail(error)

    def trim(self, budget: Budget, now: float, report: Report | None = None) -> list[Dropped]:
        with self._guard:
            self._recover()
            dropped = self._memory.trim(budget, now, report)
            try:
                return dropped + (self._disk.trim(budget, now, report) if self._disk is not None else [])
            except OutboxError as error:
                self._fail(error)
                return dropped

    def next_due(self, now: float) -> float | None:
        with self._guard:
            found = [self._memory.next_due(now)]
            if self._acked or self._deferred:
                found.append(now if self._on_disk(1, 1, now) else min(self._deferred.values(), default=None))
            elif self._disk is not None:
                try:
                    found.append(self._disk.next_due(now))
                except OutboxError as error:
                    self._fail(error)
        return min((moment for moment in found if moment is not None), default=None)

    def stats(self) -> OutboxStats:
        with self._guard:
            try:
                kept = self._disk.stats() if self._disk is not None else None
            except OutboxError as error:
                self._fail(error)
                kept = None
            if kept is not None and self._memory.is_empty():
                return kept  # asked with each look, and nearly always so
            held = self._memory.stats()
            return held if kept is None else _sum(kept, held)

    def entries(self, limit: int) -> list[Entry]:
        with self._guard:
            return [*self._listed(lambda disk: disk.entries(limit)), *self._memory.entries(limit)][:limit]

    def quarantine(self, limit: int) -> list[Entry]:
        with self._guard:
            return [*self._memory.quarantine(limit), *self._listed(lambda disk: disk.quarantine(limit))][:limit]

    def close(self) -> None:
        with self._guard:
            self._memory.close()
            if self._disk is not None:
                self._disk.close()

    def _listed(self, look: Callable[[Outbox], list[Entry]]) -> list[Entry]:
        try:
            found = look(self._disk) if self._disk is not None else []
        except OutboxError as error:
            self._fail(error)
            return []
        return [entry for entry in found if entry.key not in self._acked]

    def _on_disk(self, limit: int, max_bytes: int, now: float) -> list[Entry]:
        """What is due there and not settled here."""
        more = limit + len(self._acked) + len(self._deferred)
        wide = max_bytes if more == limit else 2**40
        found = self._listed(lambda disk: disk.lease(more, wide, now))
        due = [entry for entry in found if self._deferred.get(entry.key, 0.0) <= now][:limit]
        size = 0
        for place, entry in enumerate(due):
            size += len(entry.record.body)
            if size > max_bytes and place:
                return due[:place]
        return due

    def _settle(self, keys: set[Key]) -> None:
        with self._guard:
            self._memory.ack(keys)
            if self._disk is None:
                return
            try:
                self._disk.ack(keys | self._acked)
                self._acked.clear()
            except OutboxError as error:
                self._acked |= keys
                self._fail(error)

    def _fail(self, error: OutboxError) -> None:
        self._taking = False
        self.problem = str(error)

    def _recover(self) -> None:
        """Now and then: does the disk take something again?"""
        if self._taking or self._monotonic() - self._tried_at < RETRY_S:
            return
        self._tried_at = self._monotonic()
        try:
            if self._disk is None:
                self._disk = self._open_disk()
            self._disk.ack(self._acked)
            self._acked.clear()
            self._deferred.clear()
            if not sum(self._disk.stats().waiting.values()):
                self._disk.renew()
                self._taking, self.problem = True, None
        except OutboxError as error:
            self._fail(error)


def _sum(kept: OutboxStats, held: OutboxStats) -> OutboxStats:
    classes = kept.waiting.keys() | held.waiting.keys()
    oldest = [moment for moment in (kept.oldest_at, held.oldest_at) if moment is not None]
    return OutboxStats(
        epoch=kept.epoch,
        waiting={kind: kept.waiting.get(kind, 0) + held.waiting.get(kind, 0) for kind in sorted(classes)},
        waiting_bytes=kept.waiting_bytes + held.waiting_bytes,
        oldest_at=min(oldest, default=None),
        quarantined=kept.quarantined + held.quarantined,
        next_seq=kept.next_seq,
        recovered=kept.recovered,
    )
