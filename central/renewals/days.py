"""Working days: the week, holidays, and weekends that are worked for them (调休). Pure.

Who orders late pays with a shop that cannot take payment: the last day to order is counted back over days on which the
carrier works, so that nothing is left for the week of the Spring Festival.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_FAR = 400
"""No row of days without work is longer; a calendar that says otherwise is not followed for ever."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days that differ from the week: True = worked, False = closed."""

    differs: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        return self.differs.get(day, day.weekday() < 5)

    def last_working(self, day: date) -> date:
        """`day`, or the nearest working day before it."""
        return next((one for one in _back(day) if self.works(one)), day)

    def back(self, day: date, working_days: int) -> date:
        """The latest working day such that `working_days` working days after it are over by `day`."""
        left = working_days
        for one in _back(day):
            if self.works(one):
                if left <= 0:
                    return one
                left -= 1
        return day

    def forth(self, day: date, working_days: int) -> date:
        """The day on which so many working days after `day` are over."""
        left, one = working_days, day
        while left > 0 and (one - day).days < _FAR:
            one += timedelta(days=1)
            left -= self.works(one)
        return one


def order_by(ends: date, calendar: Calendar, lead_days: int, order_day: int | None = None) -> date:
    """The last day to order for a card whose last day is `ends`; the carrier needs `lead_days` working days.

    `order_day`: platforms that take the orders of a month only until that day of it.
    """
    last = calendar.back(ends, lead_days)
    if order_day:
        closing = _on_day(ends, order_day)
        last = min(last, calendar.last_working(closing))
    return last


def read_lines(text: str) -> list[tuple[date, bool, str]]:
    """Lines `2027-02-05..2027-02-11 off 春节`, `2027-01-31 work 春节`. Raises ValueError naming the line."""
    found: list[tuple[date, bool, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.replace(",", " ").replace("，", " ").split(maxsplit=2)
        if not words or words[0].startswith("#"):
            continue
        try:
            found += _line(words)
        except (ValueError, IndexError):
            raise ValueError(f"line {number}: DATE or DATE..DATE, then off or work, then a name") from None
        if len(found) > 2000:
            raise ValueError("at most 2000 days")
    return found


def write_lines(days: Iterable[tuple[date, bool, str]]) -> str:
    """Days in order, neighbours of one kind and name on one line."""
    runs: list[list[object]] = []
    ends: list[date] = []
    for day, works, name in sorted(days):
        if runs and ends[-1] == day - timedelta(days=1) and runs[-1][1:] == [works, name]:
            ends[-1] = day
        else:
            runs.append([day, works, name])
            ends.append(day)
    return "\n".join(
        f"{first}{'' if last == first else f'..{last}'} {'work' if works else 'off'} {name}".rstrip()
        for (first, works, name), last in zip(runs, ends, strict=True)
    )


def _line(words: list[str]) -> list[tuple[date, bool, str]]:
    first, _, last = words[0].partition("..")
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    works = {"off": False, "work": True, "0": False, "1": True, "休": False, "班": True}.get(words[1].lower())
    if works is None or not 0 <= (end - start).days <= _FAR:
        raise ValueError
    name = words[2].strip()[:60] if len(words) > 2 else ""
    return [(start + timedelta(days=step), works, name) for step in range((end - start).days + 1)]


def _back(day: date) -> Iterable[date]:
    return (day - timedelta(days=step) for step in range(_FAR) if day.toordinal() > step)


def _on_day(ends: date, wanted: int) -> date:
    """Day `wanted` of the month of `ends`; of the month before, where `ends` is not after it."""
    month = ends.replace(day=1)
    if ends.day <= wanted:
        month = (month - timedelta(days=1)).replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    return min(month.replace(day=1) + timedelta(days=wanted - 1), following - timedelta(days=1))
