"""Reminders before a card ends: each once, none skipped."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.plan.reminders import DAYS, due

END = date(2026, 12, 31)


def test_far_from_the_end_nothing_is_due() -> None:
    assert due("expires_on", END, END - timedelta(days=31), ()) is None


def test_the_threshold_itself_is_due_and_only_once() -> None:
    found = due("expires_on", END, END - timedelta(days=30), ())
    assert found is not None
    assert (found.stands_for, found.days_left) == ((30,), 30)
    assert due("expires_on", END, END - timedelta(days=30), (30,)) is None
    assert due("expires_on", END, END - timedelta(days=29), (30,)) is None


def test_a_terminal_that_was_off_says_once_what_passed() -> None:
    found = due("expires_on", END, END - timedelta(days=5), (30,))
    assert found is not None
    assert (found.stands_for, found.days_left, found.key) == ((7, 14), 5, "expires_on:2026-12-31:7")


def test_the_day_after_is_told_even_long_after() -> None:
    found = due("expires_on", END, END + timedelta(days=40), (30, 14, 7, 3, 1, 0))
    assert found is not None
    assert (found.stands_for, found.days_left) == ((-1,), -40)


def test_a_threshold_that_is_configured_late_does_not_go_back() -> None:
    assert due("expires_on", END, END - timedelta(days=6), (30, 7), (30, 14, 7)) is None


@given(st.sets(st.integers(-3, 60), min_size=1, max_size=8), st.lists(st.integers(-60, 70), min_size=1, max_size=60))
def test_over_any_sequence_of_days_each_threshold_is_told_once_and_none_is_missed(
    thresholds: set[int], lefts: list[int]
) -> None:
    told: list[int] = []
    for left in sorted(lefts, reverse=True):  # the terminal is on on these days only
        reminder = due("expires_on", END, END - timedelta(days=left), told, thresholds)
        told += reminder.stands_for if reminder else ()
    assert len(told) == len(set(told))
    assert set(told) == {threshold for threshold in thresholds if min(lefts) <= threshold}


@given(st.lists(st.integers(-60, 70), min_size=1, max_size=60))
def test_a_clock_that_jumps_about_repeats_nothing(lefts: list[int]) -> None:
    told: list[int] = []
    for left in lefts:
        reminder = due("expires_on", END, END - timedelta(days=left), told, DAYS)
        told += reminder.stands_for if reminder else ()
    assert len(told) == len(set(told))


@given(st.lists(st.tuples(st.integers(0, 29), st.integers(0, 40)), min_size=1, max_size=60))
def test_a_forecast_that_moves_about_reminds_of_each_threshold_once_a_cycle(looks: list[tuple[int, int]]) -> None:
    """Each look: a day of the cycle, and in how many days the data runs out by then."""
    first, told = END - timedelta(days=29), list[int]()
    for day, left in sorted(looks):
        today = first + timedelta(days=day)
        reminder = due("runs_out_on", today + timedelta(days=left), today, told, DAYS, cycle_end=END)
        told += reminder.stands_for if reminder else ()
        assert reminder is None or (reminder.end == END and reminder.key.startswith(f"runs_out_on:{END}:"))
    assert len(told) == len(set(told))
    assert set(told) == {threshold for threshold in DAYS if min(left for _, left in looks) <= threshold}
