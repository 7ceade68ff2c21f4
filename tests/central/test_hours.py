"""Opening hours, set and learned."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central import hours

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = int(datetime(2026, 11, 2, tzinfo=ZONE).timestamp())
H = 3600


def heard(days: int, first: int, last: int) -> list[int]:
    """A report a half hour, from `first` to `last` o'clock, for so many days from Monday."""
    return [MONDAY + day * 24 * H + half * 1800 for day in range(days) for half in range(first * 2, last * 2)]


def test_hours_are_written_by_days() -> None:
    week = hours.parse("mon-fri 9:00-21:00; sat,sun 10:00-18:00")
    assert week.count("1") == 5 * 12 + 2 * 8
    assert (week[8], week[9], week[20], week[21]) == ("0", "1", "1", "0")


def test_hours_may_run_past_midnight_and_past_the_week() -> None:
    week = hours.parse("fri-sun 18:00-2:00")
    assert (week[0], week[1], week[2]) == ("1", "1", "0")
    assert week.count("1") == 24


@pytest.mark.parametrize(
    "text",
    ["", "always", "mon 9-10", "mon 25:00-26:00", "mon 9:00-9:00", "mon-tue-wed 1:00-2:00", "abc 1:00-2:00", ";;"],
)
def test_what_says_no_hours_is_refused(text: str) -> None:
    with pytest.raises(hours.BadHours):
        hours.parse(text)


def test_a_habit_is_learned_in_local_time() -> None:
    week = hours.learn(heard(21, 9, 21), MONDAY + 22 * 24 * H, ZONE)
    assert week == hours.parse("mon-sun 9:00-21:00")


def test_a_holiday_does_not_change_a_habit() -> None:
    days = [moment for moment in heard(21, 9, 21) if not MONDAY + 7 * 24 * H <= moment < MONDAY + 9 * 24 * H]
    assert hours.learn(days, MONDAY + 22 * 24 * H, ZONE) == hours.parse("mon-sun 9:00-21:00")


@pytest.mark.parametrize("moments", [[], heard(6, 9, 21), heard(21, 0, 24)], ids=["nothing", "one week", "always"])
def test_no_habit_is_no_habit(moments: list[int]) -> None:
    assert hours.learn(moments, MONDAY + 22 * 24 * H, ZONE) is None


def test_the_next_opening_is_the_start_of_an_hour() -> None:
    week = hours.parse("mon-fri 9:00-21:00")
    friday_night = MONDAY + (4 * 24 + 22) * H + 1234
    assert hours.next_opening(week, friday_night, ZONE) == MONDAY + (7 * 24 + 9) * H
    assert hours.next_opening("0" * 168, friday_night, ZONE) is None


def test_an_hour_begins_by_the_clock_of_the_shop() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    opening = hours.next_opening(hours.parse("mon 9:00-10:00"), MONDAY - 24 * H, kolkata)
    assert opening is not None
    assert datetime.fromtimestamp(opening, kolkata).strftime("%a %H:%M") == "Mon 09:00"


WEEKS = st.text("01", min_size=168, max_size=168)


@given(WEEKS, st.integers(0, 2**32), st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kolkata", "UTC"]))
def test_an_opening_is_open_and_not_before(week: str, moment: int, zone: str) -> None:
    opening = hours.next_opening(week, moment, ZoneInfo(zone))
    assert (opening is None) == ("1" not in week)
    assert opening is None or (opening >= moment and hours.is_open(week, opening, ZoneInfo(zone)))
