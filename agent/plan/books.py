"""The ledger in memory: use by day, source and card, our own bytes by day and purpose, last look at each counter.

`touched` are the keys whose rows the file does not have yet (written, or gone).
"""

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

    def watched(self, source: Source, identity: str, boot_id: str | None) -> bool:
        """Whether a counter that is seen for the first time came up while we watched.

        Interfaces are numbered as they come: one with a lower number than another of this boot was there before that
        one, and what it counted may be older than our counting (somebody named another interface in the settings).
        """
        number = _number(identity)
        here = [(name, seen) for (of, name), seen in self.seen.items() if of == source]
        of_boot = [_number(name) for name, seen in here if seen.look.boot_id == boot_id]
        return bool(here) and (number is None or all(other is None or other < number for other in of_boot))

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

    def last_received(self, card: str | None, least: int, until: str) -> tuple[str, int] | None:
        """The last day up to `until` on which at least so many bytes came in by one source, and how many."""
        days = (
            (day, rx)
            for (day, _, of), (rx, _) in self.use.items()
            if rx >= least and day <= until and not day.startswith(UNDATED) and (card is None or of in ("", card))
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

    def days(self) -> set[str]:
        """All that something was counted on, undated buckets too."""
        return {day for day, *_ in self.use} | {day for day, _ in self.own}

    def drop(self, key: UseKey) -> None:
        del self.use[key]
        self.touched_use.add(key)

    def drop_own(self, key: OwnKey) -> None:
        del self.own[key]
        self.touched_own.add(key)

    def shift(self, key: UseKey, rx: int, tx: int, day: str) -> None:
        """So much of what stands under `key` to another day; nothing where the row was forgotten meanwhile."""
        held = self.use.get(key)
        if held is None:
            return
        self.drop(key)
        if held != (rx, tx):
            self.add(key, held[0] - rx, held[1] - tx)
        self.add((day, key[1], key[2]), rx, tx)

    def shift_own(self, key: OwnKey, amount: int, day: str) -> None:
        """The same of our own bytes."""
        held = self.own.get(key)
        if held is None:
            return
        self.drop_own(key)
        if held != amount:
            self.add_own(key, held - amount)
        self.add_own((day, key[1]), amount)

    def forget(self, days: int, counters: int) -> None:
        """Keep the newest so many days with use, and the counters that were looked at last (interfaces come and go).

        By their number, not by their age: a clock that shows 2099 for an hour must not empty the books.
        """
        gone = set(sorted((day for day in self.days() if not day.startswith(UNDATED)), reverse=True)[days:])
        for key in [key for key in self.use if key[0] in gone]:
            self.drop(key)
        for own_key in [own_key for own_key in self.own if own_key[0] in gone]:
            self.drop_own(own_key)
        by_age = sorted(self.seen, key=lambda key: self.seen[key].wall, reverse=True)
        for look_key in by_age[counters:]:
            del self.seen[look_key]
            self.touched_seen.add(look_key)


def _number(identity: str) -> int | None:
    """Of an interface as agent.sample.link names it: "if7"."""
    digits = identity.removeprefix("if")
    return int(digits) if digits != identity and digits.isdecimal() else None
