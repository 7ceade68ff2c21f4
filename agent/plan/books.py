"""The ledger in memory: use by day, source and card, our own bytes by day and purpose, last look at each counter.

`touched` are the keys whose rows the file does not have yet (written, or gone).
"""

from collections.abc import Callable
from dataclasses import field

from agent.plan.counting import Look, Source
from modem.frozen import dataclass

UNDATED = "?"
"""First character of a bucket that has no day yet."""

UseKey = tuple[str, Source, str]
"""Day (ISO, or an undated bucket), source, card."""
OwnKey = tuple[str, str]
"""Day, purpose."""
LookKey = tuple[Source, str]
"""Source, identity."""


@dataclass(frozen=True, slots=True)
class Seen:
    look: Look
    wall: float


@dataclass(slots=True)
class Books:
    use: dict[UseKey, tuple[int, int]] = field(default_factory=dict)
    own: dict[OwnKey, int] = field(default_factory=dict)
    seen: dict[LookKey, Seen] = field(default_factory=dict)
    touched_use: set[UseKey] = field(default_factory=set)
    touched_own: set[OwnKey] = field(default_factory=set)
    touched_seen: set[LookKey] = field(default_factory=set)

    @property
    def dirty(self) -> bool:
        return bool(self.touched_use or self.touched_own or self.touched_seen)

    def saved(self) -> None:
        """The file has it all."""
        for touched in (self.touched_use, self.touched_own, self.touched_seen):
            touched.clear()

    def add(self, key: UseKey, rx: int, tx: int) -> None:
        held = self.use.get(key, (0, 0))
        self.use[key] = (held[0] + rx, held[1] + tx)
        self.touched_use.add(key)

    def add_own(self, key: OwnKey, amount: int) -> None:
        self.own[key] = self.own.get(key, 0) + amount
        self.touched_own.add(key)

    def look(self, key: LookKey, look: Look, wall: float) -> None:
        self.seen[key] = Seen(look, wall)
        self.touched_seen.add(key)

    def last(self, key: LookKey) -> Look | None:
        seen = self.seen.get(key)
        return seen.look if seen else None

    def knows(self, source: Source) -> bool:
        """Whether any counter of this source was ever looked at."""
        return any(of == source for of, _ in self.seen)

    def seen_at(self, source: Source) -> float | None:
        """Wall seconds of the last look at any counter of this source."""
        return max((seen.wall for (of, _), seen in self.seen.items() if of == source), default=None)

    def used(self, start: str, end: str, card: str | None) -> dict[tuple[str, Source], int]:
        """Bytes both ways by day and source, of one card and of what was counted before it was known, or of all."""
        sums: dict[tuple[str, Source], int] = {}
        for (day, source, of), (rx, tx) in self.use.items():
            if start <= day <= end and (card is None or of in ("", card)):
                sums[day, source] = sums.get((day, source), 0) + rx + tx
        return sums

    def last_received(self, card: str | None, least: int) -> tuple[str, int] | None:
        """The last day on which at least so many bytes came in by one source, and how many; none of it undated."""
        days = (
            (day, rx)
            for (day, _, of), (rx, _) in self.use.items()
            if rx >= least and not day.startswith(UNDATED) and (card is None or of in ("", card))
        )
        return max(days, default=None)

    def first_day(self, card: str | None) -> str | None:
        days = (day for day, _, of in self.use if not day.startswith(UNDATED) and (card is None or of in ("", card)))
        return min(days, default=None)

    def own_used(self, start: str, end: str) -> dict[str, int]:
        """The agent's own bytes by purpose."""
        sums: dict[str, int] = {}
        for (day, purpose), amount in self.own.items():
            if start <= day <= end:
                sums[purpose] = sums.get(purpose, 0) + amount
        return sums

    def undated(self) -> int:
        return sum(rx + tx for (day, _, _), (rx, tx) in self.use.items() if day.startswith(UNDATED))

    def date_the_undated(self, day_of: Callable[[str], str]) -> None:
        """Move every undated bucket to the day that `day_of` gives it."""
        for key in [key for key in self.use if key[0].startswith(UNDATED)]:
            rx, tx = self.use.pop(key)
            self.touched_use.add(key)
            self.add((day_of(key[0]), key[1], key[2]), rx, tx)
        for own_key in [own_key for own_key in self.own if own_key[0].startswith(UNDATED)]:
            amount = self.own.pop(own_key)
            self.touched_own.add(own_key)
            self.add_own((day_of(own_key[0]), own_key[1]), amount)

    def forget(self, oldest_day: str, oldest_look: float) -> None:
        """Drop days before `oldest_day` and counters last seen before `oldest_look` (interfaces come and go)."""
        for key in [key for key in self.use if key[0] < oldest_day and not key[0].startswith(UNDATED)]:
            del self.use[key]
            self.touched_use.add(key)
        for own_key in [own_key for own_key in self.own if own_key[0] < oldest_day and own_key[0][0] != UNDATED]:
            del self.own[own_key]
            self.touched_own.add(own_key)
        for look_key in [look_key for look_key, seen in self.seen.items() if seen.wall < oldest_look]:
            del self.seen[look_key]
            self.touched_seen.add(look_key)
