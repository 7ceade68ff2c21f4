"""Time, in three kinds that must not be confused.

Wall time can be wrong (1970 after a power cut) and can jump; it is for showing and for dates. Monotonic time counts
suspended seconds too (CLOCK_BOOTTIME) and is for every wait and deadline.
"""

import threading
import time
from typing import Protocol

from modem.frozen import dataclass


class Clock(Protocol):
    """What the agent asks of time; `tests.fakes.clock.FakeClock` is the other one."""

    def wall(self) -> float:
        """Seconds since 1970, as this machine believes."""

    def monotonic(self) -> float:
        """Seconds that never go back and that nobody sets."""

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Sleep, but no longer than until `stop` is set; True if it is set."""


class SystemClock:
    def wall(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(max(0.0, seconds))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment, passed down through every step of a job, so that steps cannot each take the whole time anew."""

    at: float
    """Monotonic seconds."""

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> "Deadline":
        return cls(clock.monotonic() + seconds)

    def left(self, clock: Clock) -> float:
        return max(0.0, self.at - clock.monotonic())

    def passed(self, clock: Clock) -> bool:
        return clock.monotonic() >= self.at
