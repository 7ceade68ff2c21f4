"""When the card stops: its data or its plan, whichever is first, and how sure that is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.plan.forecast import Forecast, daily_rate, forecast, rate_range

TODAY = date(2026, 11, 20)
END = date(2026, 11, 30)
MB = 2**20


def past(*amounts: int) -> dict[date, int]:
    return {TODAY - timedelta(days=len(amounts) - at): used for at, used in enumerate(amounts)}


def test_nothing_known_forecasts_nothing() -> None:
    assert forecast(None, {}, TODAY, None, None) == Forecast()


def test_a_steady_terminal_gets_one_day() -> None:
    found = forecast(5 * MB, past(*[MB] * 20), TODAY, END, date(2027, 1, 31))
    assert found == Forecast(
        date(2026, 11, 25), "data", date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 25), date(2027, 1, 31)
    )


def test_a_plan_that_ends_first_is_the_end() -> None:
    found = forecast(5 * MB, past(*[MB] * 20), TODAY, END, date(2026, 11, 22))
    assert (found.ends_on, found.because, found.data_on) == (date(2026, 11, 22), "plan", None)


def test_data_that_comes_anew_before_it_is_used_up_lasts() -> None:
    found = forecast(50 * MB, past(*[MB] * 20), TODAY, END, None)
    assert found == Forecast()


def test_a_restless_terminal_gets_a_range() -> None:
    found = forecast(40 * MB, past(*[MB, 9 * MB, 2 * MB] * 4), TODAY, None, None)
    assert found.data_early is not None
    assert found.data_on is not None
    assert found.data_early < found.data_on
    assert found.data_late is None or found.data_on < found.data_late


def test_if_the_slow_end_of_the_range_is_beyond_the_cycle_it_may_last() -> None:
    found = forecast(20 * MB, past(*[MB, 3 * MB, 3 * MB] * 4), TODAY, END, None)
    assert found.data_on is not None
    assert found.data_late is None


def test_empty_is_today() -> None:
    assert forecast(0, past(MB, MB, MB), TODAY, END, END).ends_on == TODAY


AMOUNTS = st.lists(st.integers(0, 2**34), min_size=3, max_size=40)


@given(AMOUNTS)
def test_the_middle_lies_within_the_range(amounts: list[int]) -> None:
    rate, ends = daily_rate(past(*amounts), TODAY), rate_range(past(*amounts), TODAY)
    assert rate is not None
    assert ends is not None
    assert ends[0] <= rate <= ends[1]


@given(AMOUNTS, st.integers(0, 2**40), st.dates(TODAY, date(2028, 1, 1)), st.dates(TODAY, date(2028, 1, 1)))
def test_days_are_in_order_and_within_what_lasts(amounts: list[int], left: int, cycle: date, plan: date) -> None:
    found = forecast(left, past(*amounts), TODAY, cycle, plan)
    days = [day for day in (found.data_early, found.data_on, found.data_late) if day is not None]
    assert days == sorted(days)
    assert all(TODAY <= day <= min(cycle, plan) for day in days)
    assert found.ends_on == (found.data_on or plan)


@pytest.mark.parametrize("unused", [past(0, 0, 0, 0), {}])
def test_who_uses_nothing_never_runs_out(unused: dict[date, int]) -> None:
    assert forecast(1, unused, TODAY, END, None).data_on is None
