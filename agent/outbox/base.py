"""The outbox: what waits to be sent, kept through power cuts. It holds opaque bytes and does not know what they say.

Key = (epoch, seq): epoch is born with the store, seq grows by one and is never reused, so that the centre can drop
repeats by (terminal, epoch, seq) for ever.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import Protocol

from modem.frozen import dataclass

MAX_DEFER_S = 2 * 86_400.0
"""Nothing is ever deferred for longer. A `due` beyond this was written by a clock that ran ahead and has been set
back since (1970 after a power cut): the record counts as due, or it would be buried for years."""


class RecordClass(IntEnum):
    """Order of importance: the smaller, the sooner sent and the later thinned."""

    CHANGE = 0
    PLAN_FACT = 1
    HEARTBEAT = 2
    HISTORY = 3
    BUNDLE = 4


NEWEST_FIRST = frozenset({RecordClass.HEARTBEAT})
"""After a month without network the centre wants to know how things stand, before it hears how they stood."""


@dataclass(frozen=True, slots=True)
class Record:
    record_class: RecordClass
    at: float
    """Wall seconds when it was made, as far as the clock can be trusted."""
    body: bytes


@dataclass(frozen=True, slots=True, order=True)
class Key:
    epoch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Entry:
    key: Key
    record: Record
    attempts: int = 0
    due: float = 0.0
    """Wall seconds before which it is not leased again (but see `MAX_DEFER_S`)."""
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """What a budget took away; it is reported to the centre as a gap."""

    record_class: RecordClass
    count: int
    first_seq: int
    last_seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Budget:
    max_bytes: int = 8 * 1024 * 1024
    max_count: int = 50_000
    max_age_s: float = 45 * 86_400.0
    min_free_bytes: int = 0
    """Of the disk, left to others. With less, routine gives way so that the file does not grow."""
    by_disk: bool = False
    """`max_bytes` is what the disk leaves."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """The store was damaged and a new one, with a new epoch, took its place."""

    why: str
    set_aside: str | None
    """Where the damaged file lies now; None if it could not be kept."""


@dataclass(frozen=True, slots=True)
class OutboxStats:
    epoch: str
    waiting: dict[RecordClass, int]
    waiting_bytes: int
    oldest_at: float | None
    quarantined: int
    next_seq: int
    recovered: Recovered | None = None
    """Set from the moment of a recovery until the process ends."""


Report = Callable[[Sequence[Dropped]], Record]
"""Makes the record that tells the centre about a gap."""


class OutboxError(Exception):
    """The store cannot do it now (disk full, read-only, damaged); the message says which and where."""


class OutboxBusy(OutboxError):
    """Another process has it open: two of us would be wrong, and neither waits for the other."""


class Outbox(Protocol):
    """The contract; `tests/agent/outbox/test_contract.py` runs it against every implementation."""

    def put(self, record: Record) -> Key:
        """Durable when it returns."""

    def put_many(self, records: Iterable[Record]) -> list[Key]:
        """One commit for all of them: all are durable, or none was taken."""

    def lease(self, limit: int, max_bytes: int, now: float) -> list[Entry]:
        """Due entries by class, then age (of NEWEST_FIRST the newest first); at least one if any is due, however large.

        Removes nothing.
        """

    def ack(self, keys: Iterable[Key]) -> None:
        """The centre has them: forget them. Unknown keys are ignored."""

    def defer(self, keys: Iterable[Key], until: float, why: str) -> None:
        """A passing trouble: not leased before `until`; the attempt and the time survive a restart."""

    def reject(self, key: Key, why: str) -> None:
        """The centre will never take it: to quarantine, so that one bad record never blocks the rest."""

    def trim(self, budget: Budget, now: float, report: Report | None = None) -> list[Dropped]:
        """Keep within the budget, least valuable class first, oldest first within it.

        With `report`, the record it makes of what was dropped is put in the same commit: no gap goes unreported.
        """

    def next_due(self, now: float) -> float | None:
        """When `lease` will next have something; None while nothing waits."""

    def stats(self) -> OutboxStats:
        """Counts for people and for reports."""

    def entries(self, limit: int) -> list[Entry]:
        """What waits, in the order in which it would be sent; for `posagent outbox list`."""

    def quarantine(self, limit: int) -> list[Entry]:
        """What was rejected, newest first, the reason in `last_error`."""

    def close(self) -> None:
        """Release the store; nothing is lost."""


class Reserving(Outbox, Protocol):
    """One that gives numbers to records it does not hold yet."""

    @property
    def epoch(self) -> str:
        """Of the next record. It changes when a damaged store is replaced."""

    def reserve(self, count: int) -> Key:
        """The first of so many numbers in a row that nobody else gets, ever."""

    def put_reserved(self, entries: Sequence[Entry]) -> list[Key]:
        """Entries under reserved numbers, one commit; those of another epoch get new ones. Durable when it returns."""


def rank(entry: Entry) -> tuple[RecordClass, int]:
    """The order of sending."""
    kind, seq = entry.record.record_class, entry.key.seq
    return kind, -seq if kind in NEWEST_FIRST else seq
