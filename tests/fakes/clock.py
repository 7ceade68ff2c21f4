"""Time that moves only when somebody waits for it or moves it."""

import threading
from dataclasses import dataclass


@dataclass
class FakeClock:
    """An `agent.clock.Clock` whose waits take no time."""

    wall_now: float = 1_790_000_000.0
    monotonic_now: float = 1_000.0

    def wall(self) -> float:
        return self.wall_now

    def monotonic(self) -> float:
        return self.monotonic_now

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        if not stop.is_set():
            self.advance(max(0.0, seconds))
        return stop.is_set()

    def advance(self, seconds: float) -> None:
        """Both times go on together."""
        self.wall_now += seconds
        self.monotonic_now += seconds

    def set_wall(self, wall: float) -> None:
        """Somebody set the clock: wall time jumps, monotonic time does not."""
        self.wall_now = wall
