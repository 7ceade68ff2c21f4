"""The plan as it stands: facts, ledger and settings together; what a wrong clock must not say; the forecast."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.plan.facts import amount, best, number
from agent.plan.forecast import daily_rate, runs_out_on
from agent.plan.plan import MEGABYTE, PlanSettings, facts_from_settings, plan_view
from agent.sample.base import PlanFact, PlanView, UsageView

TODAY = date(2026, 11, 20)
MB = MEGABYTE


def at(day: int) -> float:
    return datetime(2026, 11, day, 12, tzinfo=UTC).timestamp()


def usage(used: int | None = None) -> UsageView:
    return UsageView("2026-11-01", "2026-11-30", used)


def view(settings: PlanSettings, used: int | None = None, *facts: PlanFact, trusted: bool | None = True) -> PlanView:
    return plan_view(settings, facts, usage(used), TODAY, clock_trusted=trusted)


@pytest.mark.parametrize(
    ("expires", "state", "left"),
    [
        ("2026-11-19", "expired", -1),
        ("2026-11-20", "expiring", 0),
        ("2026-12-05", "expiring", 15),
        ("2026-12-06", "active", 16),
    ],
)
def test_the_last_day_still_belongs_to_the_plan(expires: str, state: str, left: int) -> None:
    plan = view(PlanSettings(expires_on=expires))
    assert (plan.state, plan.days_left, plan.expires_on) == (state, left, expires)


@pytest.mark.parametrize("trusted", [False, None])
def test_without_a_trusted_clock_nothing_expires(trusted: bool | None) -> None:
    plan = view(PlanSettings(expires_on="2020-01-01"), trusted=trusted)
    assert (plan.state, plan.days_left, plan.expires_on) == ("unknown", None, "2020-01-01")


def test_nothing_known_is_unknown_and_not_active() -> None:
    assert view(PlanSettings(), 123) == PlanView()


def test_a_quota_used_up_is_exhausted() -> None:
    plan = view(PlanSettings(quota_mb=30), 30 * MB + 5)
    assert (plan.state, plan.quota_bytes, plan.remaining_bytes) == ("exhausted", 30 * MB, 0)


def test_a_quota_without_known_use_leaves_the_rest_unknown() -> None:
    plan = view(PlanSettings(quota_mb=30))
    assert (plan.state, plan.remaining_bytes) == ("unknown", None)


def test_expired_goes_before_exhausted_and_suspended_before_both() -> None:
    gone = PlanSettings(expires_on="2026-11-01", quota_mb=1)
    assert view(gone, 2 * MB).state == "expired"
    assert view(gone, 2 * MB, PlanFact("suspended", "true", "centre", at(20))).state == "suspended"


def test_the_newest_fact_counts_whoever_said_it() -> None:
    old = PlanFact("expires_on", "2026-11-30", "centre", at(1))
    new = PlanFact("expires_on", "2027-11-30", "carrier_sms", at(10))
    assert view(PlanSettings(expires_on="2026-11-15"), None, old, new).expires_on == "2027-11-30"


def test_of_facts_of_one_time_the_centre_s_counts() -> None:
    said = [PlanFact("balance", "1.00", "manual", at(5)), PlanFact("balance", "2.00", "centre", at(5))]
    assert best(said)["balance"].value == best(reversed(said))["balance"].value == "2.00"


def test_what_the_carrier_says_is_left_goes_on_falling_with_use() -> None:
    said = PlanFact("remaining_bytes", str(10 * MB), "carrier_sms", at(18))
    daily = {date(2026, 11, 17): 5 * MB, date(2026, 11, 19): 2 * MB, date(2026, 11, 20): MB}
    plan = plan_view(PlanSettings(quota_mb=30), [said], usage(8 * MB), TODAY, clock_trusted=True, daily=daily)
    assert plan.remaining_bytes == 7 * MB


def test_last_month_s_remaining_data_says_nothing() -> None:
    said = PlanFact("remaining_bytes", "0", "carrier_sms", at(1) - 5 * 86_400)
    assert view(PlanSettings(quota_mb=30), 10 * MB, said).remaining_bytes == 20 * MB


def test_use_read_by_hand_counts_with_what_came_since() -> None:
    settings = PlanSettings(quota_mb=30, used_mb=20, used_as_of="2026-11-18")
    daily = {date(2026, 11, 18): MB, date(2026, 11, 19): 2 * MB}
    plan = plan_view(settings, (), usage(3 * MB), TODAY, clock_trusted=True, daily=daily)
    assert plan.remaining_bytes == 8 * MB


@pytest.mark.parametrize("value", ["", "soon", "-1", "1e9", "９", "1" * 40, "NaN", "Infinity", "\x00"])
def test_unreadable_values_are_no_facts(value: str) -> None:
    names: tuple[Literal["quota_bytes", "expires_on", "suspended"], ...] = ("quota_bytes", "expires_on", "suspended")
    assert best(PlanFact(name, value, "manual", at(1)) for name in names) == {}


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1,5", "", "x"])
def test_only_amounts_are_balances(value: str) -> None:
    assert amount(PlanFact("balance", value, "manual")) is None


def test_a_balance_may_be_negative() -> None:
    plan = view(PlanSettings(balance="-3.50"))
    assert (plan.balance_amount, plan.balance_currency) == ("-3.50", "CNY")


def test_settings_become_facts_that_say_where_they_came_from() -> None:
    facts = facts_from_settings(PlanSettings(expires_on="2026-12-31", quota_mb=30, balance="5"))
    assert [(fact.fact, fact.source) for fact in facts] == [
        ("expires_on", "config"),
        ("quota_bytes", "config"),
        ("balance", "config"),
    ]
    assert number(facts[1]) == 31_457_280


def days(*amounts: int) -> dict[date, int]:
    """Ending yesterday."""
    return {TODAY - timedelta(days=len(amounts) - index): used for index, used in enumerate(amounts)}


def test_two_days_are_not_enough_for_a_forecast() -> None:
    assert daily_rate(days(5, 5), TODAY) is None


def test_one_day_of_updates_does_not_ring_the_alarm() -> None:
    assert daily_rate(days(*[MB] * 9, 1000 * MB), TODAY) == pytest.approx(1.2 * MB)


def test_days_without_traffic_count_as_such() -> None:
    assert daily_rate({TODAY - timedelta(days=4): 8, TODAY - timedelta(days=1): 8}, TODAY) == 4


def test_it_says_the_day_on_which_data_runs_out_within_the_cycle() -> None:
    assert runs_out_on(5 * MB, days(*[MB] * 5), TODAY, date(2026, 11, 30)) == date(2026, 11, 25)
    assert runs_out_on(50 * MB, days(*[MB] * 5), TODAY, date(2026, 11, 30)) is None


def test_the_plan_has_the_forecast_only_with_a_trusted_clock() -> None:
    for trusted, expected in ((True, "2026-11-25"), (False, None)):
        settings = PlanSettings(quota_mb=10)
        plan = plan_view(settings, (), usage(5 * MB), TODAY, clock_trusted=trusted, daily=days(*[MB] * 5))
        assert plan.runs_out_on == expected


@given(
    st.integers(0, 2**50),
    st.dictionaries(st.dates(date(2026, 9, 1), date(2026, 12, 1)), st.integers(0, 2**40), max_size=40),
)
def test_a_forecast_is_never_in_the_past(remaining: int, daily: dict[date, int]) -> None:
    day = runs_out_on(remaining, daily, TODAY, None)
    assert day is None or day >= TODAY


POOL = PlanSettings(pool_mb=1000, pool_members=10)


@pytest.mark.parametrize(
    ("used_mb", "pool_left_mb", "left_mb"),
    [
        (40, None, 60),  # its even share, as long as nobody tells more
        (100, None, None),  # the share is used up, and whether the pool has a rest is not known
        (40, 500, 60),
        (95, 500, 50),  # of the pool's rest at least the even part
        (100, 500, 50),
        (250, 500, 50),
        (40, 0, 0),  # others used it all
    ],
)
def test_of_a_shared_pool_this_terminal_has_its_share_and_the_pool_s_rest(
    used_mb: int, pool_left_mb: int | None, left_mb: int | None
) -> None:
    told = () if pool_left_mb is None else (PlanFact("pool_remaining_bytes", str(pool_left_mb * MB), "centre", at(19)),)
    plan = view(POOL, used_mb * MB, *told)
    assert plan.quota_bytes == 100 * MB
    assert plan.remaining_bytes == (None if left_mb is None else left_mb * MB)


def test_last_month_s_rest_of_a_pool_says_nothing() -> None:
    told = PlanFact("pool_remaining_bytes", "0", "centre", at(1) - 86_400)
    assert view(POOL, 40 * MB, told).remaining_bytes == 60 * MB
