"""The outbox that forgets everything with the process: for tests, dry runs, and as the last resort without a disk."""

import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.outbox.base import (
    MAX_DEFER_S,
    Budget,
    Dropped,
    Entry,
    Key,
    OutboxError,
    OutboxStats,
    Record,
    RecordClass,
    Report,
    rank,
)
from agent.outbox.budget import Item, choose, summary

MAX_QUARANTINED = 200


class MemoryOutbox:
    """An `Outbox`; may be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoch = os.urandom(8).hex()
        self._next_seq = 1
        self._waiting: dict[int, Entry] = {}
        self._quarantined: dict[int, Entry] = {}
        self._closed = False

    def put(self, record: Record) -> Key:
        return self.put_many([record])[0]

    def put_many(self, records: Iterable[Record]) -> list[Key]:
        with self._lock:
            self._check_open()
            return [self._add(record) for record in list(records)]

    @property
    def epoch(self) -> str:
        return self._epoch

    def reserve(self, count: int) -> Key:
        with self._lock:
            self._check_open()
            first, self._next_seq = self._next_seq, self._next_seq + count
            return Key(self._epoch, first)

    def put_reserved(self, entries: Sequence[Entry]) -> list[Key]:
        with self._lock:
            self._check_open()
            return [self._take(entry) for entry in entries]

    def lease(self, limit: int, max_bytes: int, now: float) -> list[Entry]:
        with self._lock:
            self._check_open()
            leased: list[Entry] = []
            total = 0
            for entry in self._in_order():
                if not _is_due(entry, now):
                    continue
                total += len(entry.record.body)
                if leased and (len(leased) >= limit or total > max_bytes):
                    break
                leased.append(entry)
            return leased

    def ack(self, keys: Iterable[Key]) -> None:
        with self._lock:
            self._check_open()
            for key in keys:
                if key.epoch == self._epoch:
                    self._waiting.pop(key.seq, None)

    def defer(self, keys: Iterable[Key], until: float, why: str) -> None:
        with self._lock:
            self._check_open()
            for key in keys:
                entry = self._waiting.get(key.seq)
                if entry and entry.key == key:
                    self._waiting[key.seq] = replace(entry, attempts=entry.attempts + 1, due=until, last_error=why)

    def reject(self, key: Key, why: str) -> None:
        with self._lock:
            self._check_open()
            entry = self._waiting.get(key.seq)
            if entry and entry.key == key:
                del self._waiting[key.seq]
                self._quarantined[key.seq] = replace(entry, last_error=why)
                while len(self._quarantined) > MAX_QUARANTINED:
                    del self._quarantined[next(iter(self._quarantined))]

    def trim(self, budget: Budget, now: float, report: Report | None = None) -> list[Dropped]:
        with self._lock:
            self._check_open()
            drops = choose([_item(entry) for entry in self._waiting.values()], budget, now)
            for drop in drops:
                del self._waiting[drop.item.seq]
            dropped = summary(drops)
            if dropped and report:
                self._add(report(dropped))
            return dropped

    def next_due(self, now: float) -> float | None:
        with self._lock:
            self._check_open()
            dues = [now if _is_due(entry, now) else entry.due for entry in self._waiting.values()]
            return min(dues, default=None)

    def is_empty(self) -> bool:
        """Nothing waits, and nothing was set aside."""
        with self._lock:
            return not (self._waiting or self._quarantined)

    def stats(self) -> OutboxStats:
        with self._lock:
            self._check_open()
            entries = list(self._waiting.values())
            waiting = {kind: sum(entry.record.record_class == kind for entry in entries) for kind in RecordClass}
            return OutboxStats(
                epoch=self._epoch,
                waiting=waiting,
                waiting_bytes=sum(len(entry.record.body) for entry in entries),
                oldest_at=min((entry.record.at for entry in entries), default=None),
                quarantined=len(self._quarantined),
                next_seq=self._next_seq,
            )

    def entries(self, limit: int) -> list[Entry]:
        with self._lock:
            self._check_open()
            return self._in_order()[:limit]

    def quarantine(self, limit: int) -> list[Entry]:
        with self._lock:
            self._check_open()
            return list(reversed(self._quarantined.values()))[:limit]

    def close(self) -> None:
        with self._lock:
            self._closed = True

    def _add(self, record: Record) -> Key:
        key = Key(self._epoch, self._next_seq)
        self._next_seq += 1
        self._waiting[key.seq] = Entry(key, record)
        return key

    def _take(self, entry: Entry) -> Key:
        if entry.key.epoch != self._epoch:
            return self._add(entry.record)
        self._waiting[entry.key.seq] = entry
        return entry.key

    def _in_order(self) -> list[Entry]:
        return sorted(self._waiting.values(), key=rank)

    def _check_open(self) -> None:
        if self._closed:
            raise OutboxError("the outbox in memory is closed")


def _is_due(entry: Entry, now: float) -> bool:
    return entry.due <= now or entry.due > now + MAX_DEFER_S


def _item(entry: Entry) -> Item:
    return Item(entry.key.seq, entry.record.record_class, entry.record.at, len(entry.record.body))
