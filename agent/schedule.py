"""When what is due: arithmetic only, no clock and no waiting.

Rules: a job is due on a grid of its own period, whose phase comes from the terminal's id, so that a thousand terminals
that get their power back at one moment do not report at one moment. A wake-up that comes late runs the job once and
goes on with the grid; what was missed is not made up for in a burst.
"""

import math
from collections.abc import Callable, Mapping
from random import Random

from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Cadence:
    """Every `period_s` seconds, `phase` (0 ≤ phase < 1) of a period after the grid's zero."""

    period_s: float
    phase: float = 0.0

    def next_after(self, now: float) -> float:
        """The first moment of the grid later than `now`, never nearer than a twentieth of a period."""
        offset = self.phase * self.period_s
        due = (math.floor((now - offset) / self.period_s) + 1) * self.period_s + offset
        return due if due - now >= self.period_s / 20 else due + self.period_s


def phase_of(terminal: str, purpose: str) -> float:
    """A number in [0, 1) that this terminal always has for this purpose, even across the fleet."""
    return Random(f"{terminal}\0{purpose}").random()  # noqa: S311 - no secret; and hashlib would bring libcrypto, 3 MB


def jittered(seconds: float, spread: float, random: Callable[[], float]) -> float:
    """`seconds` more or less by up to `spread` (0.1 = a tenth); `random` gives numbers in [0, 1)."""
    return seconds * (1 + spread * (2 * random() - 1))


def doubled(first_s: float, cap_s: float, failures: int) -> float:
    """The wait after so many failures in a row: first, twice, four times …, at most the cap."""
    return min(cap_s, first_s * 2.0 ** min(max(0, failures - 1), 40))


class Schedule:
    """Named jobs and their next moments. Times are monotonic seconds that the caller brings."""

    def __init__(self, cadences: Mapping[str, Cadence], now: float) -> None:
        """Every job is due at once: a terminal that starts has news."""
        self._cadences = dict(cadences)
        self._next = dict.fromkeys(cadences, now)

    def take_due(self, now: float) -> list[str]:
        """The jobs whose moment has come, in their order; each is set to its next moment."""
        due = [name for name, at in self._next.items() if at <= now]
        for name in due:
            self._next[name] = self._cadences[name].next_after(now)
        return due

    def bring_forward(self, name: str, at: float) -> None:
        """Run it at `at` if that is sooner than planned."""
        self._next[name] = min(self._next[name], at)

    def change(self, name: str, cadence: Cadence, now: float) -> None:
        """A new period from now on (after a reload, or a directive of the centre)."""
        self._cadences[name] = cadence
        self._next[name] = min(self._next[name], cadence.next_after(now))

    def replace(self, name: str, cadence: Cadence, now: float) -> None:
        """A new period that counts from its own next moment, be it later than what was planned."""
        self._cadences[name] = cadence
        self._next[name] = cadence.next_after(now)

    def next_of(self, name: str) -> float:
        return self._next[name]

    def next(self) -> float:
        """The earliest moment of all; infinity without jobs."""
        return min(self._next.values(), default=math.inf)
