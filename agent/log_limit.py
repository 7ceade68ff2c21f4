"""How much the agent may say: the same line only so often, and all lines together only so many.

What is held back is counted, and the next line that gets through says how many did not. So trouble that repeats itself
every second costs a flash journal a few lines in ten minutes, and is still seen to go on.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

WINDOW_S = 600.0
SAME = 5
"""Of one line, values and all, in a window."""
ALIKE = 30
"""Of one kind: level, who, event."""
ALL = 400
MAX_KINDS = 256


class _Count:
    """A plain class: every command loads this, and the decorator for dataclasses that change costs 1 ms each."""

    __slots__ = ("held_back", "passed", "since")

    def __init__(self, since: float) -> None:
        self.since = since
        self.passed = 0
        self.held_back = 0


class Limit:
    """For all threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._counts: dict[tuple[object, ...], _Count] = {}
        self._all = _Count(now())

    def admit(self, event: Mapping[str, Any]) -> int | None:
        """None: not now. Else how many of its kind were held back since the last one that got through."""
        now = self._now()
        kind = tuple(str(event.get(name))[:120] for name in ("level", "who", "event"))
        line = (*kind, hash(str(sorted(event.items(), key=str))))
        with self._lock:
            same, alike = self._count(line, now), self._count(kind, now)
            self._all = self._all if now - self._all.since < WINDOW_S else _Count(now)
            if same.passed >= SAME or alike.passed >= ALIKE or self._all.passed >= ALL:
                alike.held_back += 1
                return None
            for count in (same, alike, self._all):
                count.passed += 1
            held_back, alike.held_back = alike.held_back, 0
            return held_back

    def _count(self, key: tuple[object, ...], now: float) -> _Count:
        if key not in self._counts and len(self._counts) >= MAX_KINDS:
            self._counts = {name: count for name, count in self._counts.items() if now - count.since < WINDOW_S}
            if len(self._counts) >= MAX_KINDS:
                key = ("too many kinds",)
        count = self._counts.setdefault(key, _Count(now))
        if now - count.since >= WINDOW_S:
            count.since, count.passed = now, 0
        return count
