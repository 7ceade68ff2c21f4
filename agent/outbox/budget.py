"""What to drop first when room, number, age or the disk runs out. Pure: sizes and times in, choices out.

Too old goes first, whatever its class. Then, while there are too many or too large, the least valuable class loses
its oldest. Changes go last: with them gone the centre would believe in a state that is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.outbox.base import Budget, Dropped, RecordClass
from modem.frozen import dataclass

OVERHEAD_BYTES = 64
"""Added to each body when room is counted: row header, index entry, numbers (measured 40 to 60 B in SQLite)."""
LEAST_ROOM_BYTES = 64 * 1024
"""What waits may always take, however short the disk is: some hundred changes."""
EARLIEST_CREDIBLE_AT = 1_704_067_200.0
"""2024-01-01. A record dated before was made under a clock that was not set; it is not old, its age is not known."""


@dataclass(frozen=True, slots=True)
class Item:
    seq: int
    record_class: RecordClass
    at: float
    size: int
    """Bytes of the body."""


@dataclass(frozen=True, slots=True)
class Drop:
    """One entry to be dropped, and the limit that asks for it: "age", "count", "bytes" or "disk"."""

    item: Item
    why: str


def room_bytes(size: int) -> int:
    """What a body of `size` bytes takes of the budget."""
    return size + OVERHEAD_BYTES


def as_disk_allows(budget: Budget, file_bytes: int, free_bytes: int | None) -> Budget:
    """The budget of now. With less free than is left to others, half of the file as it is: SQLite gives no page back,
    and the other half has room for what comes until the next look, so the file stays as large as it is.
    """
    if free_bytes is None or free_bytes >= budget.min_free_bytes:
        return budget
    room = max(LEAST_ROOM_BYTES, file_bytes // 2)
    return budget if room >= budget.max_bytes else replace(budget, max_bytes=room, by_disk=True)


def choose(items: Sequence[Item], budget: Budget, now: float) -> list[Drop]:
    """The entries to drop so that the rest keeps within `budget`; `now` in wall seconds."""
    aged = [Drop(item, "age") for item in items if _too_old(item, budget, now)]
    gone = {drop.item.seq for drop in aged}
    left = [item for item in items if item.seq not in gone]
    return aged + _excess(left, budget)


def _too_old(item: Item, budget: Budget, now: float) -> bool:
    credible = item.at >= EARLIEST_CREDIBLE_AT
    return credible and now - item.at > budget.max_age_s


def _excess(items: Sequence[Item], budget: Budget) -> list[Drop]:
    count = len(items)
    room = sum(room_bytes(item.size) for item in items)
    drops = []
    for item in sorted(items, key=lambda item: (-item.record_class, item.seq)):
        if count > budget.max_count:
            why = "count"
        elif room > budget.max_bytes:
            why = "disk" if budget.by_disk else "bytes"
        else:
            break
        drops.append(Drop(item, why))
        count -= 1
        room -= room_bytes(item.size)
    return drops


def summary(drops: Iterable[Drop]) -> list[Dropped]:
    """One line for each class and reason, as it is told to the centre."""
    groups: dict[tuple[RecordClass, str], list[int]] = {}
    for drop in drops:
        groups.setdefault((drop.item.record_class, drop.why), []).append(drop.item.seq)
    return [Dropped(kind, len(seqs), min(seqs), max(seqs), why) for (kind, why), seqs in sorted(groups.items())]
