"""Reports over which the centre itself fails. That is a bug of ours, and the report would be said again for ever, with
all the others of its terminal waiting behind it. So the terminal is told, and what fails again and again is refused:
then it finds the record by halves, sets it aside with the reason, and everything else arrives.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from central.text import printable

FAILURES = 3
"""Of one terminal, until what fails is refused."""
FORGIVEN_S = 3600.0
"""A terminal over which nothing failed for so long begins anew: by then the centre may be another version."""
_TERMINALS = 10_000
log = logging.getLogger("central.intake")


@dataclass(slots=True)
class Failures:
    """For each terminal, how often and when last."""

    wall: Callable[[], float]
    _seen: "OrderedDict[str, tuple[int, float]]" = field(default_factory=OrderedDict)

    def met(self, terminal: str, error: Exception) -> bool:
        """True: enough, refuse it."""
        log.error("a report of %(terminal)s could not be handled", {"terminal": printable(terminal)}, exc_info=error)
        now = self.wall()
        before, last = self._seen.pop(terminal, (0, now))
        times = before + 1 if now - last < FORGIVEN_S else 1
        self._seen[terminal] = (times, now)
        if len(self._seen) > _TERMINALS:
            self._seen.popitem(last=False)
        return times >= FAILURES
