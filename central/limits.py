"""How many requests one terminal may send: a bucket each, in memory, for a bounded number of terminals.

Of a bucket only the moment is kept at which it would be full again (the generic cell rate algorithm, as ITU-T I.371
has it). One that is full is forgotten: it is as if its terminal had never spoken. So a fleet that reports every quarter
of an hour keeps a few thousand of them.
"""

from collections import OrderedDict
from collections.abc import Callable

_MAX_BUCKETS = 100_000
_FORGOTTEN_AT_ONCE = 4
"""More than come in: what is full does not pile up."""


class RateLimit:
    """`per_minute` requests on average and `burst` at once; 0 per minute = no limit. Time is monotonic seconds."""

    def __init__(
        self, per_minute: float, burst: int, monotonic: Callable[[], float], max_buckets: int = _MAX_BUCKETS
    ) -> None:
        self._each_s = 60 / per_minute if per_minute > 0 else 0.0
        """Seconds in which one more may be sent."""
        self._burst = burst
        self._monotonic = monotonic
        self._max_buckets = max_buckets
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> float:
        """0 when the request may pass, else the seconds after which one may."""
        if self._each_s <= 0:
            return 0.0
        now = self._monotonic()
        full_at = max(self._full_at.pop(key, now), now)
        wait = full_at - now - (self._burst - 1) * self._each_s
        self._full_at[key] = full_at if wait > 0 else full_at + self._each_s
        self._forget(now)
        return max(wait, 0.0)

    def _forget(self, now: float) -> None:
        """Those longest unused, where they are full by now or there are too many."""
        for _ in range(_FORGOTTEN_AT_ONCE):
            key = next(iter(self._full_at))
            if self._full_at[key] > now and len(self._full_at) <= self._max_buckets:
                return
            del self._full_at[key]
            if not self._full_at:
                return
