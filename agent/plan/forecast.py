"""When the data runs out, from how it went so far; and which end comes first, the data's or the plan's. Pure.

The range comes from quantiles over the terminal's own history (means of a week, for a day is no measure of the next
three weeks): a steady terminal gets a narrow one. Full days only: today is not over. A single day of updates must not
ring the alarm, so a day counts for at most three times the median day.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from agent.plan.habits import median
from modem.frozen import dataclass

MIN_DAYS = 3
"""Fewer full days say nothing about the next ones."""
MAX_DAYS = 35
OUTLIER = 3.0
WINDOW_DAYS = 7
LOW, HIGH = 0.1, 0.9
"""Quantiles: one time in five the day lies outside of the range."""
FARTHEST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the card stops. Nothing known: all None."""

    ends_on: date | None = None
    because: Literal["data", "plan"] | None = None
    data_on: date | None = None
    """The day on which the data runs out before the quota comes anew; None: it lasts, or nobody can tell."""
    data_early: date | None = None
    data_late: date | None = None
    """None with `data_on` set: it may as well last."""
    plan_on: date | None = None
    """The last day of the plan."""


def daily_rate(daily: Mapping[date, int], today: date) -> float | None:
    """Bytes a day over the full days known before `today`; None with fewer than MIN_DAYS of them.

    A day without an entry between the first and the last is a day without traffic.
    """
    amounts = _history(daily, today)
    return sum(amounts) / len(amounts) if amounts else None


def rate_range(daily: Mapping[date, int], today: date) -> tuple[float, float] | None:
    """Low and high quantile of bytes a day over a week (over single days while there is less than a fortnight)."""
    amounts = _history(daily, today)
    if not amounts:
        return None
    width = WINDOW_DAYS if len(amounts) >= 2 * WINDOW_DAYS else 1
    means = sorted(sum(amounts[at : at + width]) / width for at in range(len(amounts) - width + 1))
    middle = sum(amounts) / len(amounts)
    return min(_quantile(means, LOW), middle), max(_quantile(means, HIGH), middle)


def forecast(
    remaining: int | None, daily: Mapping[date, int], today: date, cycle_end: date | None, plan_on: date | None
) -> Forecast:
    """`remaining` bytes last until `cycle_end` at most, the plan until `plan_on`; both days included."""
    last = min((day for day in (cycle_end, plan_on) if day is not None), default=None)
    data_on = runs_out_on(remaining, daily, today, last)
    if data_on is None:
        return Forecast(plan_on, "plan" if plan_on else None, plan_on=plan_on)
    rates = rate_range(daily, today)
    low, high = rates or (0.0, 0.0)
    early, late = (_day_after(remaining or 0, rate, today) for rate in (high, low))
    within = late if late is not None and (last is None or late <= last) else None
    return Forecast(data_on, "data", data_on, min(early or data_on, data_on), within, plan_on)


def runs_out_on(remaining: int | None, daily: Mapping[date, int], today: date, last_day: date | None) -> date | None:
    """The day on which `remaining` bytes are used up, if that is on or before `last_day` (the quota starts anew then).

    None: not enough history, nothing used, or it lasts.
    """
    rate = daily_rate(daily, today)
    if remaining is None or rate is None:
        return None
    day = _day_after(remaining, rate, today)
    return day if day is not None and (last_day is None or day <= last_day) else None


def _history(daily: Mapping[date, int], today: date) -> list[float]:
    """The full days known, oldest first, each at most OUTLIER times the median; empty with fewer than MIN_DAYS."""
    past = sorted(day for day in daily if day < today and (today - day).days <= MAX_DAYS)
    if not past or (span := (today - past[0]).days) < MIN_DAYS:
        return []
    amounts = [max(0, daily.get(past[0] + timedelta(days=step), 0)) for step in range(span)]
    middle = median(amounts)
    limit = middle * OUTLIER if middle else max(amounts)
    return [float(min(amount, limit)) for amount in amounts]


def _quantile(ordered: list[float], share: float) -> float:
    """Between the two neighbours, as by a ruler."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _day_after(remaining: int, rate: float, today: date) -> date | None:
    """The day on which `remaining` is gone at this rate; None when that is beyond all plans."""
    if remaining <= 0:
        return today
    return None if rate <= 0 or remaining / rate > FARTHEST_DAYS else today + timedelta(days=int(remaining / rate))
