"""Pools of data that several cards share: how much of each is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from central.listing import Listing
from central.renewals.stock import MEGABYTE, PoolState
from central.store.database import Row
from central.view import read_object

NEAR_END = 0.2
"""Of its total, what is left of a pool that is worth a look."""
_FACTS = """SELECT r.terminal, r.operator, c.plan, c.batch, h.code, h.happened_at, h.body FROM changes h
JOIN roster r ON r.terminal = h.terminal LEFT JOIN cards c ON c.terminal = r.terminal AND c.state = 'in_use'
WHERE h.code IN ('pool_total_bytes', 'pool_remaining_bytes', 'pool_members') AND {seen}
ORDER BY h.happened_at DESC LIMIT 20000"""


@dataclass(frozen=True, slots=True)
class Pool:
    """Cards of one plan and batch, or of one carrier where nobody wrote a plan down."""

    name: str
    terminals: int
    total: int
    remaining: int
    at: int
    """When the newest of its facts was heard."""
    days_left: int | None = None
    """Of a pool that ends on a day."""

    @property
    def share(self) -> float:
        return self.remaining / self.total if self.total else 0.0


async def near_end(listing: Listing, kept: Sequence[PoolState] = ()) -> list[Pool]:
    """Emptiest first: those that are kept at the renewal desk, and those of which only terminals told."""
    seen, values = listing.seen()
    told = of_facts(await listing.rows(_FACTS.format(seen=seen), values))
    near = [_kept(one, int(listing.now)) for one in kept if one.near]
    near += [pool for pool in told if pool.share <= NEAR_END]
    return sorted(near, key=lambda pool: pool.share)


def _kept(one: PoolState, now: int) -> Pool:
    total = (one.pool.total_mb or 0) * MEGABYTE
    return Pool(one.pool.name or one.pool.id, one.cards, total, max(0, total - one.used_bytes), now, one.days_left)


def of_facts(rows: Sequence[Row]) -> list[Pool]:
    """Of (terminal, operator, plan, batch, fact, at, body), newest first."""
    newest: dict[str, dict[str, tuple[int, int]]] = {}
    members: dict[str, set[str]] = {}
    for terminal, operator, plan, batch, fact, at, body in rows:
        name = " · ".join(part for part in (plan, batch) if part) or operator
        value = _bytes(read_object(body))
        if name and value is not None:
            members.setdefault(name, set()).add(terminal)
            newest.setdefault(name, {}).setdefault(fact, (at, value))
    return [
        Pool(name, _members(facts, members[name]), facts["pool_total_bytes"][1], facts["pool_remaining_bytes"][1],
             facts["pool_remaining_bytes"][0])
        for name, facts in newest.items()
        if "pool_total_bytes" in facts and "pool_remaining_bytes" in facts
    ]  # fmt: skip


def _members(facts: Mapping[str, tuple[int, int]], seen: set[str]) -> int:
    return facts["pool_members"][1] if "pool_members" in facts else len(seen)


def _bytes(body: Mapping[str, Any]) -> int | None:
    text = str(body.get("value", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
