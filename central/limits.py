"""How many requests one terminal may send: a token bucket each, in memory, for a bounded number of terminals."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MAX_BUCKETS = 100_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """`per_minute` requests on average and `burst` at once; 0 per minute = no limit. Time is monotonic seconds."""

    def __init__(
        self, per_minute: float, burst: int, monotonic: Callable[[], float], max_buckets: int = _MAX_BUCKETS
    ) -> None:
        self._rate = per_minute / 60
        self._burst = float(burst)
        self._monotonic = monotonic
        self._max_buckets = max_buckets
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> float:
        """0 when the request may pass, else the seconds after which one may."""
        if self._rate <= 0:
            return 0.0
        now = self._monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(self._burst, now)
            if len(self._buckets) > self._max_buckets:
                self._buckets.popitem(last=False)  # the one longest unused is full again by now, or nearly
        else:
            bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
            bucket.at = now
        self._buckets.move_to_end(key)
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._rate
        bucket.tokens -= 1
        return 0.0
