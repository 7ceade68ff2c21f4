"""A card's life at its carrier, and packages that end each on their own day, against brute force."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.plan.calendar import CycleRule, cycle_of
from agent.plan.life import Life, activation, cancelled_on, ends_on, spans, stage_on
from agent.plan.packages import MEGABYTE, Package, drain, open_on, read_package

D = date


@pytest.mark.parametrize(
    ("life", "end"),
    [
        (Life(activated_on=D(2026, 11, 15), term_months=12), D(2027, 11, 14)),
        (Life(activated_on=D(2026, 11, 15), term_months=12, whole_months=True), D(2027, 10, 31)),
        (Life(activated_on=D(2026, 11, 30), term_months=1, whole_months=True), D(2026, 11, 30)),
        (Life(activated_on=D(2024, 2, 29), term_months=12), D(2025, 2, 27)),
        (Life(activated_on=D(2024, 1, 31), term_months=1), D(2024, 2, 28)),
        (Life(activated_on=D(2026, 1, 1), term_days=365), D(2026, 12, 31)),
        (Life(activated_on=D(2026, 1, 1)), None),
        (Life(delivered_on=D(2026, 1, 1), test_days=31, silent_days=28, term_days=30), D(2026, 3, 30)),
        (Life(term_months=12), None),
    ],
)
def test_the_last_day_by_the_terms(life: Life, end: date | None) -> None:
    assert ends_on(life) == end


WHOLE = Life(
    D(2026, 1, 1), 30, 180, D(2026, 5, 10), term_months=12, whole_months=True, grace_days=90, pre_cancel_days=30
)


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (D(2025, 12, 31), None),
        (D(2026, 1, 1), "test"),
        (D(2026, 1, 30), "test"),
        (D(2026, 1, 31), "silent"),
        (D(2026, 5, 9), "silent"),
        (D(2026, 5, 10), "active"),
        (D(2027, 4, 30), "active"),
        (D(2027, 5, 1), "grace"),
        (D(2027, 7, 29), "grace"),
        (D(2027, 7, 30), "pre_cancelled"),
        (D(2027, 8, 28), "pre_cancelled"),
        (D(2027, 8, 29), "cancelled"),
    ],
)
def test_a_whole_life(day: date, stage: str | None) -> None:
    span = stage_on(WHOLE, day)
    assert (span.stage if span else None) == stage


def test_silence_that_ends_activates_by_itself() -> None:
    assert activation(Life(D(2026, 1, 1), 0, 180)) == D(2026, 6, 30)


def test_what_somebody_said_goes_before_the_terms() -> None:
    renewed = stage_on(WHOLE, D(2027, 6, 1), D(2028, 4, 30))
    assert renewed is not None
    assert renewed.stage == "active"
    assert cancelled_on(WHOLE, D(2028, 4, 30)) == D(2028, 8, 29)
    assert cancelled_on(Life(), D(2028, 4, 30)) is None


DATES = st.dates(D(2024, 1, 1), D(2028, 12, 31))
COUNT = st.integers(0, 400)
LIVES = st.builds(
    Life, st.none() | DATES, COUNT, COUNT, st.none() | DATES, COUNT, st.integers(0, 40), st.booleans(), COUNT, COUNT
)


@given(LIVES, st.none() | DATES)
def test_spans_follow_each_other_without_gap(life: Life, said: date | None) -> None:
    parts = spans(life, said)
    assert all(part.first <= part.last for part in parts)
    for one, following in pairwise(parts):
        assert following.first == one.last + timedelta(days=1)


@pytest.mark.parametrize("life", [Life(), Life(activated_on=D(9999, 12, 31), term_days=9), Life(D(9999, 1, 1), 999, 9)])
def test_the_ends_of_the_calendar_do_not_raise(life: Life) -> None:
    spans(life)
    stage_on(life, D.max)


PACKAGES = st.lists(
    st.builds(Package, st.integers(0, 60), st.none() | DATES, st.none() | DATES, st.booleans()), max_size=4
)
CYCLES = st.sampled_from(
    [CycleRule(), CycleRule("day_of_month", 27), CycleRule("every_days", days=28, anchor=D(2025, 3, 1))]
)
USE = st.dictionaries(DATES, st.integers(0, 90), max_size=30)


def drained_by_hand(packages: list[Package], rule: CycleRule, daily: dict[date, int], today: date) -> int:
    """Day by day through five years, byte by byte."""
    left: dict[tuple[int, object], int] = {}
    day = D(2024, 1, 1)
    while day <= today:
        for _ in range(daily.get(day, 0)):
            open_ = [
                (min(p.last or D.max, D.max if p.once else cycle_of(rule, day)[1]), at, p)
                for at, p in enumerate(packages)
                if (p.first or D.min) <= day <= (p.last or D.max)
            ]
            for _, at, package in sorted(open_, key=lambda item: (item[0], _first(item[2], rule, day), item[1])):
                key = (at, None if package.once else cycle_of(rule, day))
                if left.setdefault(key, package.quota_bytes) > 0:
                    left[key] -= 1
                    break
        day += timedelta(days=1)
    return sum(
        left.get((at, None if p.once else cycle_of(rule, today)), p.quota_bytes)
        for at, p in enumerate(packages)
        if (p.first or D.min) <= today <= (p.last or D.max)
    )


def _first(package: Package, rule: CycleRule, day: date) -> date:
    first = package.first or D.min
    return first if package.once else max(first, cycle_of(rule, day)[0])


@settings(max_examples=40, deadline=None)
@given(PACKAGES, CYCLES, USE, DATES)
def test_stacked_packages_drain_as_by_hand_over_five_years(
    packages: list[Package], rule: CycleRule, daily: dict[date, int], today: date
) -> None:
    found = drain(packages, rule, daily, today)
    assert found.left_bytes == drained_by_hand(packages, rule, daily, today)
    assert all(0 <= bucket.used_bytes <= bucket.quota_bytes for bucket in found.open)
    assert all(bucket.first <= today <= bucket.last for bucket in found.open)


def test_the_bucket_that_ends_first_is_drawn_from_first() -> None:
    packages = [Package(100), Package(50, last=D(2026, 11, 20), once=True)]
    found = drain(packages, CycleRule(), {D(2026, 11, 3): 60, D(2026, 10, 3): 99}, D(2026, 11, 10))
    # October's 99 came from October's own bucket, which ended before the one-off one.
    assert [(bucket.package, bucket.used_bytes) for bucket in found.open] == [(1, 50), (0, 10)]


def test_what_no_bucket_covers_is_over_within_this_cycle_only() -> None:
    daily = {D(2026, 10, 31): 500, D(2026, 11, 1): 130}
    assert drain([Package(100)], CycleRule(), daily, D(2026, 11, 2)).over_bytes == 30


def test_a_package_of_last_month_is_gone() -> None:
    assert open_on([Package(5, last=D(2026, 10, 31))], CycleRule(), D(2026, 11, 1)) == []


def test_packages_are_read_from_a_line() -> None:
    assert read_package("1024 2026-11-01 2027-01-31 once") == Package(
        1024 * MEGABYTE, D(2026, 11, 1), D(2027, 1, 31), True
    )
    assert read_package("30 - - cycle") == Package(30 * MEGABYTE)


@pytest.mark.parametrize("text", ["", "30", "30 - - twice", "30 2026-02-30 - once", "-3 - - once", "３ - - once"])
def test_other_lines_are_no_packages(text: str) -> None:
    assert read_package(text) is None
