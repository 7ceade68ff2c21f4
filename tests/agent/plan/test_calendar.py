"""Billing cycles against brute force."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.plan.calendar import CycleRule, cycle_of, local_date, midnight_after, months_later, parse_date, zone_of

DAYS = st.dates(min_value=date(1999, 1, 1), max_value=date(2099, 12, 31))
RULES = st.one_of(
    st.just(CycleRule()),
    st.integers(1, 31).map(lambda day: CycleRule("day_of_month", day)),
    st.builds(CycleRule, st.just("every_days"), st.just(1), st.integers(1, 400), st.none() | DAYS),
    st.builds(CycleRule, st.just("every_months"), st.just(1), st.just(30), st.none() | DAYS, st.integers(1, 36)),
)


def begins(rule: CycleRule, day: date) -> bool:
    """By the words of the rule alone: does a cycle begin on this day?"""
    if rule.kind == "calendar_month":
        return day.day == 1
    if rule.kind == "day_of_month":
        return day.day == min(rule.day, monthrange(day.year, day.month)[1])
    if rule.kind == "every_months":
        anchor = rule.anchor or date(1970, 1, 1)
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        return months % rule.months == 0 and day.day == min(anchor.day, monthrange(day.year, day.month)[1])
    return (day - (rule.anchor or date(1970, 1, 1))).days % rule.days == 0


@given(RULES, DAYS)
def test_a_cycle_begins_on_its_first_day_and_no_other_begins_within(rule: CycleRule, day: date) -> None:
    start, end = cycle_of(rule, day)
    assert start <= day <= end
    assert begins(rule, start)
    assert begins(rule, end + timedelta(days=1))
    assert not any(begins(rule, start + timedelta(days=step)) for step in range(1, (end - start).days + 1))


@given(RULES, DAYS)
def test_every_day_of_a_cycle_lies_in_the_same_cycle(rule: CycleRule, day: date) -> None:
    start, end = cycle_of(rule, day)
    assert cycle_of(rule, start) == cycle_of(rule, end) == (start, end)


@given(RULES)
@pytest.mark.parametrize("day", [date.min, date(1, 1, 31), date(9999, 12, 1), date.max])
def test_the_ends_of_the_calendar_do_not_raise(day: date, rule: CycleRule) -> None:
    start, end = cycle_of(rule, day)
    assert start <= day <= end


@pytest.mark.parametrize(
    ("day", "cycle"),
    [
        (date(2026, 2, 27), (date(2026, 1, 31), date(2026, 2, 27))),
        (date(2026, 2, 28), (date(2026, 2, 28), date(2026, 3, 30))),
        (date(2028, 2, 29), (date(2028, 2, 29), date(2028, 3, 30))),
        (date(2026, 4, 30), (date(2026, 4, 30), date(2026, 5, 30))),
    ],
)
def test_a_cycle_from_the_31st_begins_on_a_short_month_s_last_day(day: date, cycle: tuple[date, date]) -> None:
    assert cycle_of(CycleRule("day_of_month", 31), day) == cycle


FIVE_YEARS = [date(2023, 12, 1) + timedelta(days=step) for step in range(5 * 366)]
REAL = {
    "calendar month": CycleRule(),
    "27th to 26th": CycleRule("day_of_month", 27),
    "from the 31st": CycleRule("day_of_month", 31),
    "28 days": CycleRule("every_days", days=28, anchor=date(2024, 2, 29)),
    "30 days": CycleRule("every_days", days=30, anchor=date(2024, 1, 31)),
    "31 days": CycleRule("every_days", days=31, anchor=date(2026, 7, 4)),
    "year card": CycleRule("every_months", anchor=date(2024, 2, 29), months=12),
    "half a year": CycleRule("every_months", anchor=date(2024, 8, 31), months=6),
    "a month from the 30th": CycleRule("every_months", anchor=date(2025, 1, 30)),
}


@pytest.mark.parametrize("rule", REAL.values(), ids=REAL)
def test_five_years_of_days_fall_into_cycles_without_gap_or_overlap(rule: CycleRule) -> None:
    start, end = cycle_of(rule, FIVE_YEARS[0])
    for day in FIVE_YEARS:
        if day > end:
            start, end = end + timedelta(days=1), cycle_of(rule, day)[1]
        assert cycle_of(rule, day) == (start, end)
        assert begins(rule, day) == (day == start)


@pytest.mark.parametrize(
    ("rule", "day", "cycle"),
    [
        ("27th to 26th", date(2026, 12, 26), (date(2026, 11, 27), date(2026, 12, 26))),
        ("27th to 26th", date(2028, 2, 29), (date(2028, 2, 27), date(2028, 3, 26))),
        ("year card", date(2026, 2, 27), (date(2025, 2, 28), date(2026, 2, 27))),
        ("year card", date(2028, 2, 29), (date(2028, 2, 29), date(2029, 2, 27))),
        ("28 days", date(2024, 3, 27), (date(2024, 2, 29), date(2024, 3, 27))),
        ("half a year", date(2025, 2, 28), (date(2025, 2, 28), date(2025, 8, 30))),
        ("a month from the 30th", date(2025, 3, 29), (date(2025, 2, 28), date(2025, 3, 29))),
    ],
)
def test_real_cycles(rule: str, day: date, cycle: tuple[date, date]) -> None:
    assert cycle_of(REAL[rule], day) == cycle


@given(year=st.integers(1, 9998), month=st.integers(1, 12))
def test_a_month_has_its_own_last_day(year: int, month: int) -> None:
    last = monthrange(year, month)[1]
    assert months_later(date(year + 1, 1, 31), month - 13) == date(year, month, last)


def test_months_later_keeps_the_day_where_the_month_has_it() -> None:
    assert months_later(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_later(date(2024, 1, 31), 13) == date(2025, 2, 28)
    assert months_later(date(2024, 1, 31), -2) == date(2023, 11, 30)


def test_the_shop_s_midnight_decides_the_day() -> None:
    before = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC).timestamp()
    assert local_date(before, zone_of("Asia/Shanghai")) == date(2026, 11, 30)
    assert local_date(before + 1, zone_of("Asia/Shanghai")) == date(2026, 12, 1)


def test_an_unknown_zone_is_utc() -> None:
    assert zone_of("Nowhere/Atall") is UTC
    assert zone_of("../../etc/passwd") is UTC


@pytest.mark.parametrize("wall", [1e18, -1e18, float("inf"), float("-inf")])
def test_absurd_clocks_give_an_end_of_the_calendar(wall: float) -> None:
    assert local_date(wall, UTC) in (date.min, date.max)


def test_only_iso_dates_are_dates() -> None:
    assert parse_date("2026-12-31") == date(2026, 12, 31)
    assert parse_date("2026-02-30") is None
    assert parse_date("soon") is None


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Pacific/Apia"])
def test_days_are_whole_where_clocks_change_with_the_season(zone: str) -> None:
    """Days of 23 and 25 hours, of clocks that change at midnight: each begins when the one before is over."""
    place = zone_of(zone)
    for number in range(5 * 366):
        day = date(2024, 1, 1) + timedelta(days=number)
        over = midnight_after(day, place)
        assert over is not None
        assert (local_date(over - 1, place), local_date(over, place)) == (day, day + timedelta(days=1))
    assert midnight_after(date.max, place) is None
