"""Billing cycles against brute force."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.plan.calendar import CycleRule, cycle_of, local_date, parse_date, zone_of

DAYS = st.dates(min_value=date(1999, 1, 1), max_value=date(2099, 12, 31))
RULES = st.one_of(
    st.just(CycleRule()),
    st.integers(1, 31).map(lambda day: CycleRule("day_of_month", day)),
    st.builds(CycleRule, st.just("every_days"), st.just(1), st.integers(1, 400), st.none() | DAYS),
)


def begins(rule: CycleRule, day: date) -> bool:
    """By the words of the rule alone: does a cycle begin on this day?"""
    if rule.kind == "calendar_month":
        return day.day == 1
    if rule.kind == "day_of_month":
        return day.day == min(rule.day, monthrange(day.year, day.month)[1])
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
