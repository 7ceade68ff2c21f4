"""What this terminal usually uses in a day, and when a day is out of the ordinary. Pure.

Median and median absolute deviation of the terminal's own full days: a few days of updates move neither. Nothing is
called abnormal in the first week: installing and the first downloads are no habit.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from modem.frozen import dataclass

LEARNING_DAYS = 7
MAX_DAYS = 60
DEVIATIONS = 6.0
MAD_TO_SIGMA = 1.4826
"""For a normal distribution the standard deviation is so many median absolute deviations."""
AT_LEAST_TIMES = 3.0
"""Of the usual day; a terminal that uses the same every day must not alarm for a little more."""
AT_LEAST_BYTES = 5 * 2**20
"""A spike that nobody would notice on the bill is none …"""
AT_LEAST_SMALL, QUOTA_SHARE = 2**20, 0.1
"""… but on a small card a tenth of the quota in a day is noticed."""


@dataclass(frozen=True, slots=True)
class Habit:
    usual_bytes: int
    """Median of the full days."""
    limit_bytes: int
    """A day above this is abnormal."""
    days: int


def median(amounts: Iterable[float]) -> float:
    """That of the standard library brings fractions with it: 0.2 MB. ValueError without any amount."""
    ordered = sorted(amounts)
    if not ordered:
        raise ValueError("no median of nothing")
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def full_days(daily: Mapping[date, int], today: date, since: date | None = None, most: int = MAX_DAYS) -> list[int]:
    """Bytes of each day before `today`, oldest first, from the first that is known (or `since`); gaps are 0."""
    known = [day for day in daily if day < today]
    first = min([*known, *([since] if since is not None and since < today else [])], default=today)
    count = min((today - first).days, most)
    return [max(0, daily.get(today - timedelta(days=back), 0)) for back in range(count, 0, -1)]


def habit(daily: Mapping[date, int], today: date, since: date | None = None, quota: int | None = None) -> Habit | None:
    """None while there is less than a week of full days to go by. `since`: the first day that was counted; `quota`: the
    cycle's, in bytes, where it is known.
    """
    days = full_days(daily, today, since)[-MAX_DAYS:]
    if len(days) < LEARNING_DAYS:
        return None
    usual = median(days)
    spread = median(abs(amount - usual) for amount in days) * MAD_TO_SIGMA
    more = AT_LEAST_BYTES if quota is None else min(AT_LEAST_BYTES, max(AT_LEAST_SMALL, int(QUOTA_SHARE * quota)))
    limit = max(usual + DEVIATIONS * spread, usual * AT_LEAST_TIMES, usual + more)
    return Habit(int(usual), int(limit), len(days))
