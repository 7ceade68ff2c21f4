"""When a shop is open, by the hour of its week: set by hand or learned from when its terminal was heard; pure.

A week is a string of 168 characters, `1` open and `0` closed, from Monday 00:00 of the fleet's time zone. Not known is
None, and then a terminal is expected around the clock: a terminal that is missing is said once too often rather than
never.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

WEEK_HOURS = 168
HOUR_S = 3600
ALWAYS = "1" * WEEK_HOURS
MIN_WEEKS = 2
"""Fewer say nothing about a habit."""
USUAL_SHARE = 0.5
"""An hour is open when the terminal was heard in it in this share of the weeks."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z]{3}(?:[-,][a-z]{3})*) (\d{1,2}):00-(\d{1,2}):00")


class BadHours(ValueError):
    """Text that says no opening hours; the message tells what is expected."""


def parse(text: str) -> str:
    """`mon-fri 9:00-21:00; sat,sun 10:00-18:00`: whole hours; a part may run past midnight. Raises BadHours."""
    open_hours = [False] * WEEK_HOURS
    for part in text.lower().split(";"):
        match = _PART.fullmatch(" ".join(part.split()))
        if match is None:
            raise BadHours("opening hours are written like: mon-fri 9:00-21:00; sat,sun 10:00-18:00")
        first, last = int(match[2]), int(match[3])
        if first > 23 or last > 24 or first == last:
            raise BadHours("an hour is 0:00 to 24:00, and a part is not empty")
        length = (last - first) % 24 or 24
        for day in _days(match[1]):
            for hour in range(length):
                open_hours[(day * 24 + first + hour) % WEEK_HOURS] = True
    return "".join("1" if is_open else "0" for is_open in open_hours)


def learn(heard_at: Iterable[int], now: int, zone: ZoneInfo) -> str | None:
    """The habit that reports at these moments show; None when there are too few weeks, or no rest at all."""
    seen = {(_week(moment, zone), hour_of_week(moment, zone)) for moment in heard_at}
    this_week = _week(now, zone)
    weeks = {week for week, _ in seen if week < this_week}
    if len(weeks) < MIN_WEEKS:
        return None
    needed = USUAL_SHARE * len(weeks)
    counts = [0] * WEEK_HOURS
    for week, hour in seen:
        counts[hour] += week in weeks
    habit = "".join("1" if count >= needed else "0" for count in counts)
    return None if "1" not in habit or habit.count("0") < 7 else habit


def hour_of_week(moment: float, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    return local.weekday() * 24 + local.hour


def is_open(week: str | None, moment: float, zone: ZoneInfo) -> bool:
    return week is None or week[hour_of_week(moment, zone)] == "1"


def next_opening(week: str, moment: float, zone: ZoneInfo) -> float | None:
    """The start of the next open hour at or after `moment`; None when it never opens."""
    if is_open(week, moment, zone):
        return moment
    local = datetime.fromtimestamp(moment, zone)  # whose hours may begin at half past ours
    start = int(moment) - local.minute * 60 - local.second
    for ahead in range(1, WEEK_HOURS + 2):
        at = float(start + ahead * HOUR_S)
        if is_open(week, at, zone):
            return at
    return None


def _week(moment: float, zone: ZoneInfo) -> int:
    return (datetime.fromtimestamp(moment, UTC).astimezone(zone).date().toordinal() - 1) // 7


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        names = part.split("-")
        if len(names) > 2 or any(name not in _DAYS for name in names):
            raise BadHours(f"days are {', '.join(_DAYS)}")
        first, last = _DAYS.index(names[0]), _DAYS.index(names[-1])
        found += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return found
