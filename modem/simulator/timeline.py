"""What happens when: a heap of moments and what to do at them. Pure; the caller says how late it is."""

import heapq
from collections.abc import Callable


class Timeline:
    def __init__(self) -> None:
        self.now = 0.0
        """The moment that is being played."""
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = 0

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Actions of the same moment happen in the order in which they were planned."""
        self._order += 1
        heapq.heappush(self._events, (when, self._order, action))

    def run(self, until: float) -> None:
        """Everything that happens up to `until`, each thing at its own `now`."""
        while self._events and self._events[0][0] <= until:
            when, _, action = heapq.heappop(self._events)
            self.now = max(self.now, when)
            action()
        self.now = max(self.now, until)

    def next_at(self) -> float | None:
        return self._events[0][0] if self._events else None
