"""Which reminder is due before (and after) a day on which the card ends. Pure.

Every threshold is told once for each end. A terminal that was off on the day of one or more of them tells once when it
is back, and that reminder stands for all that passed. A renewal moves the end: its thresholds begin anew.
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

    @property
    def key(self) -> str:
        """The same for the same reminder: who hears it twice may drop one."""
        return f"{self.about}:{self.on.isoformat()}:{self.stands_for[0]}"


def due(about: What, on: date, today: date, told: Collection[int], days: Iterable[int] = DAYS) -> Reminder | None:
    """`told`: the thresholds told before for this very end."""
    left = (on - today).days
    passed = sorted(day for day in set(days) if left <= day)
    fresh = tuple(day for day in passed if day not in told)
    # A nearer one that was told before speaks for the farther ones: clocks go back, thresholds are configured anew.
    nearer_told = any(day in told for day in passed if fresh and day <= fresh[0])
    return Reminder(about, on, left, fresh) if fresh and not nearer_told else None
