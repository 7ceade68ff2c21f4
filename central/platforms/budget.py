"""How often an account may be asked: so many a second, and so many a day, spread over the day. Pure."""

from dataclasses import dataclass, field

DAY_S = 86_400.0
PAUSE_S, LONGEST_PAUSE_S = 60.0, 3600.0


@dataclass(slots=True)
class Budget:
    """A bucket that fills at the slower of the two rates and holds what a minute brings, a second's worth at least."""

    calls_per_second: float
    calls_per_day: int
    _full: float | None = None
    _at: float = field(default=0.0)
    _last: float = field(default=float("-inf"))

    @property
    def rate(self) -> float:
        """Calls a second that can be kept up all day."""
        return min(self.calls_per_second, self.calls_per_day / DAY_S)

    def take(self, now: float) -> float:
        """0.0: one call may go now, and is counted. Else so many seconds until one may."""
        most = max(1.0, self.rate * 60)
        full = most if self._full is None else min(most, self._full + (now - self._at) * self.rate)
        self._full, self._at = full, now
        wait = max(self._last + 1 / self.calls_per_second - now, (1.0 - full) / self.rate)
        if wait > 1e-9:
            return wait
        self._full = max(0.0, full - 1.0)
        self._last = now
        return 0.0


def pause(failures: int) -> float:
    """Seconds until an account is asked again, after so many failures one after another."""
    return min(LONGEST_PAUSE_S, PAUSE_S * 2.0 ** min(failures - 1, 10)) if failures > 0 else 0.0
