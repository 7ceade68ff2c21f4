"""When the data runs out, from how it went so far. Pure.

Full days only: today is not over. A single day of updates must not ring the alarm, so a day counts for at most
three times the median day.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median

MIN_DAYS = 3
"""Fewer full days say nothing about the next ones."""
MAX_DAYS = 35
OUTLIER = 3.0


def daily_rate(daily: Mapping[date, int], today: date) -> float | None:
    """Bytes a day over the full days known before `today`; None with fewer than MIN_DAYS of them.

    A day without an entry between the first and the last is a day without traffic.
    """
    past = sorted(day for day in daily if day < today and (today - day).days <= MAX_DAYS)
    if not past:
        return None
    span = (today - past[0]).days
    if span < MIN_DAYS:
        return None
    amounts = [max(0, daily.get(past[0] + timedelta(days=step), 0)) for step in range(span)]
    middle = median(amounts)
    limit = middle * OUTLIER if middle else max(amounts)
    return sum(min(amount, limit) for amount in amounts) / span


def runs_out_on(remaining: int | None, daily: Mapping[date, int], today: date, last_day: date | None) -> date | None:
    """The day on which `remaining` bytes are used up, if that is on or before `last_day` (the quota starts anew then).

    None: not enough history, nothing used, or it lasts.
    """
    rate = daily_rate(daily, today)
    if remaining is None or rate is None:
        return None
    if remaining <= 0:
        return today
    if rate <= 0 or remaining / rate > 3660:
        return None
    day = today + timedelta(days=int(remaining / rate))
    return day if last_day is None or day <= last_day else None
