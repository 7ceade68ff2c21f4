"""Billing cycles: which days belong together on a card's bill. Pure; both ends of a cycle belong to it.

Carriers bill by the calendar month, from a fixed day of the month on (27 gives the 27th-to-26th of some IoT platforms),
every so many days from the first use on, or every so many months from it (year cards: 12).
A day of the month that a month does not have is its last day (31 → 28, 29 or 30), as carriers do it.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from modem.again import again
from modem.frozen import dataclass

CycleKind = Literal["calendar_month", "day_of_month", "every_days", "every_months"]
_EPOCH = date(1970, 1, 1)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Of the months, here: the standard library's `calendar` brings the names of days in all languages, 0.2 MB of them."""
_FEBRUARY = 2
_CHINA = timezone(timedelta(hours=8), "CST")
"""One zone, no summer time since 1992: right even where no zone data is installed."""
_WITHOUT_ZONE_DATA: dict[str, tzinfo] = {"Asia/Shanghai": _CHINA, "Asia/Chongqing": _CHINA, "PRC": _CHINA}


@dataclass(frozen=True, slots=True)
class CycleRule:
    kind: CycleKind = "calendar_month"
    day: int = 1
    """First day of the cycle, 1 to 31; for day_of_month."""
    days: int = 30
    """Length, at least 1; for every_days."""
    anchor: date | None = None
    """A day on which a cycle begins; for every_days and every_months. None: 1970-01-01."""
    months: int = 1
    """Length, at least 1; for every_months."""


@again
def cycle_of(rule: CycleRule, day: date) -> tuple[date, date]:
    """First and last day of the cycle that `day` lies in."""
    if rule.kind == "every_days":
        return _counted(rule.anchor or _EPOCH, max(1, rule.days), day)
    if rule.kind == "every_months":
        return _by_months(rule.anchor or _EPOCH, max(1, rule.months), day)
    return _monthly(1 if rule.kind == "calendar_month" else rule.day, day)


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months on (or back), or that month's last day; never past the calendar."""
    count = day.year * 12 + day.month - 1 + months
    if count < 12:
        return date.min
    if count >= 120_000:
        return date.max
    return _begin(day.day, count // 12, count % 12 + 1)


def zone_of(name: str) -> tzinfo:
    """The time zone of that name; UTC when this machine does not know it (a small image without tzdata)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _WITHOUT_ZONE_DATA.get(name, UTC)


def local_date(wall: float, zone: tzinfo) -> date:
    """The date on the shop's wall at `wall` seconds since 1970; the last thinkable day for absurd clocks."""
    try:
        return datetime.fromtimestamp(wall, zone).date()
    except (OverflowError, ValueError, OSError):
        return date.max if wall > 0 else date.min


def midnight_after(day: date, zone: tzinfo) -> float | None:
    """Wall seconds when the day is over; None at the end of the calendar."""
    try:
        return datetime.combine(day + timedelta(days=1), time(), zone).timestamp()
    except (OverflowError, ValueError):
        return None


def parse_date(text: str) -> date | None:
    """An ISO date, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _counted(anchor: date, length: int, day: date) -> tuple[date, date]:
    behind = (day - anchor).days % length
    return _shifted(day, -behind), _shifted(day, length - 1 - behind)


def _monthly(first: int, day: date) -> tuple[date, date]:
    start = _begin(first, day.year, day.month)
    if day < start:
        start = _begin(first, *_month(day.year, day.month, -1))
    following = _begin(first, *_month(start.year, start.month, 1))
    return min(start, day), _shifted(following, -1) if following > start else date.max


def _by_months(anchor: date, length: int, day: date) -> tuple[date, date]:
    """Counted from the anchor, not from cycle to cycle: the 31st must not become the 28th for ever."""
    number = ((day.year - anchor.year) * 12 + day.month - anchor.month) // length
    if months_later(anchor, number * length) > day:
        number -= 1
    elif months_later(anchor, (number + 1) * length) <= day:
        number += 1
    start, following = months_later(anchor, number * length), months_later(anchor, (number + 1) * length)
    return start, _shifted(following, -1) if day < following < date.max else date.max


def _begin(first: int, year: int, month: int) -> date:
    last = 29 if month == _FEBRUARY and _is_leap(year) else _LENGTHS[month - 1]
    return date(year, month, min(max(1, first), last))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month(year: int, month: int, step: int) -> tuple[int, int]:
    """The month `step` away; stays where it is at the ends of the calendar."""
    count = year * 12 + month - 1 + step
    return (count // 12, count % 12 + 1) if 12 <= count < 120_000 else (year, month)


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
