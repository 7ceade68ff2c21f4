"""Which reminder is due before (and after) a day on which the card, or its data, ends. Pure.

Every threshold is told once for each end. A terminal that was off on the day of one or more of them tells once when it
is back, and that reminder stands for all that passed. A renewal moves the end: its thresholds begin anew. The day on
which the data runs out is a forecast and moves by itself: there each threshold is told once for each cycle.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Literal

from modem.frozen import dataclass

What = Literal["expires_on", "runs_out_on", "cancelled_on"]
DAYS = (30, 14, 7, 3, 1, 0, -1)


@dataclass(frozen=True, slots=True)
class Reminder:
    about: What
    on: date
    """The day it is about."""
    days_left: int
    """Negative: so many days ago."""
    stands_for: tuple[int, ...]
    """Thresholds, the nearest first; more than one when the terminal was off."""
    cycle_end: date | None = None
    """For a day that is a forecast: the last day of its cycle."""

    @property
    def end(self) -> date:
        """What the thresholds are told for."""
        return self.cycle_end or self.on

    @property
    def key(self) -> str:
        """The same for the same reminder: who hears it twice may drop one."""
        return f"{self.about}:{self.end.isoformat()}:{self.stands_for[0]}"


def due(
    about: What,
    on: date,
    today: date,
    told: Collection[int],
    days: Iterable[int] = DAYS,
    *,
    cycle_end: date | None = None,
) -> Reminder | None:
    """`told`: the thresholds told before for this very end; `cycle_end`: of the cycle, where `on` is a forecast."""
    left = (on - today).days
    passed = sorted(day for day in set(days) if left <= day)
    fresh = tuple(day for day in passed if day not in told)
    # A nearer one that was told before speaks for the farther ones: clocks go back, thresholds are configured anew.
    nearer_told = any(day in told for day in passed if fresh and day <= fresh[0])
    return Reminder(about, on, left, fresh, cycle_end) if fresh and not nearer_told else None
