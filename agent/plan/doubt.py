"""What was counted while nobody vouched for the clock: it moves when the clock turns out to have been another one.

An unvouched clock is gone by, for most are right and many are never vouched for. If it is set by a day or more and
vouched for then (a time server, the network, the centre), what this run counted by it gets the days that it should have
had. In memory: a kill in between leaves it on the days that the wrong clock showed.
"""

from datetime import date, timedelta
from typing import Any

from agent.plan.books import Books, OwnKey, UseKey

HOUR_S, DAY_S = 3600.0, 86_400.0
MOST = 400
"""Entries, of the newest days: nobody vouches for some clocks for years."""


class Doubt:
    """Not for several threads at once: the ledger's lock sees to that."""

    def __init__(self) -> None:
        self._use: dict[tuple[UseKey, int], tuple[int, int]] = {}
        self._own: dict[tuple[OwnKey, int], int] = {}

    def use(self, key: UseKey, rx: int, tx: int, offset: float) -> None:
        """`offset`: wall less monotonic seconds, by which one wrong clock is told from the next."""
        place = (key, round(offset / HOUR_S))
        held = self._use.get(place, (0, 0))
        self._use[place] = (held[0] + rx, held[1] + tx)
        _bound(self._use)

    def own(self, key: OwnKey, amount: int, offset: float) -> None:
        place = (key, round(offset / HOUR_S))
        self._own[place] = self._own.get(place, 0) + amount
        _bound(self._own)

    def settle(self, books: Books, offset: float) -> bool:
        """The clock is right now: what was counted by another one gets its day. True if anything moved."""
        moved = False
        for (key, hours), (rx, tx) in self._use.items():
            if (day := _right_day(key[0], hours, offset)) is not None:
                moved = True
                books.shift(key, rx, tx, day)
        for (own_key, hours), amount in self._own.items():
            if (day := _right_day(own_key[0], hours, offset)) is not None:
                moved = True
                books.shift_own(own_key, amount, day)
        self._use.clear()
        self._own.clear()
        return moved


def _bound(entries: dict[Any, Any]) -> None:
    if len(entries) > MOST:
        del entries[next(iter(entries))]


def _right_day(day: str, hours: int, offset: float) -> str | None:
    """None: the day is right, or cannot be told."""
    off = round((hours * HOUR_S - offset) / DAY_S)
    try:
        return (date.fromisoformat(day) - timedelta(days=off)).isoformat() if off else None
    except (ValueError, OverflowError):
        return None
