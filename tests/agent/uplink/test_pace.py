"""Thirty days on every plan: our own bytes stay inside the budget, and changes go all the same."""

from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.uplink.pace import DEFAULT_BUDGET_B, RUNGS_S, Account, budget_of, cost_of, learned, paced, worth_keeping

MB, DAY = 2**20, 86_400.0
CYCLE = 30 * DAY


@dataclass
class Month:
    """A terminal's month: reports as paced, changes at random moments, a line that costs `line` times the reckoning."""

    budget_b: int
    wished_s: float
    line: float = 1.0
    probe_s: float = 225.0
    changes_a_day: float = 1.0
    random: Random = field(default_factory=lambda: Random(1))
    spent_b: int = 3_800
    """The first connection, and all that is said at a start."""
    reports: int = 0
    changes: int = 0
    longest_s: float = 0.0

    def live(self) -> "Month":
        at, price = 0.0, 1.0
        while at < CYCLE:
            plan = paced(Account(self.budget_b, self.spent_b, CYCLE, CYCLE - at), self.wished_s, price, self.probe_s)
            self.longest_s = max(self.longest_s, plan.interval_s)
            at += plan.interval_s
            if at >= CYCLE:
                break
            reckoned = cost_of(plan.interval_s, self.probe_s)
            cost = int(reckoned * self.line * self.random.uniform(0.8, 1.2))
            price = learned(price, cost, reckoned)
            self.spent_b += cost
            self.reports += 1
            self._change(plan.interval_s)
        return self

    def _change(self, seconds: float) -> None:
        expected = self.changes_a_day * seconds / DAY
        for _ in range(int(expected) + (self.random.random() < expected % 1)):
            self.spent_b += int(1_300 * self.line)
            self.changes += 1


@pytest.mark.parametrize("wished_s", [60.0, 300.0, 900.0, 3600.0])
@pytest.mark.parametrize("plan_mb", [None, 1, 2, 5, 10, 30, 100, 1000, 10_000])
@pytest.mark.parametrize("probe_s", [30.0, 225.0, 1800.0])
def test_every_plan_lasts_the_month(plan_mb: int | None, wished_s: float, probe_s: float) -> None:
    budget = budget_of(0, plan_mb * MB if plan_mb else None)
    month = Month(budget, wished_s, probe_s=probe_s).live()
    assert month.spent_b <= budget
    assert month.changes >= 15


@pytest.mark.parametrize("line", [0.2, 0.5, 2.0, 5.0])
@pytest.mark.parametrize("plan_mb", [5, 30, 1000])
def test_a_line_that_costs_more_than_reckoned_is_found_out_in_time(line: float, plan_mb: int) -> None:
    budget = budget_of(0, plan_mb * MB)
    assert Month(budget, 300.0, line=line).live().spent_b <= budget


def test_a_budget_that_suffices_stretches_nothing() -> None:
    month = Month(DEFAULT_BUDGET_B, 900.0).live()
    assert month.longest_s == 900.0
    assert month.reports > 2870


def test_it_is_stretched_no_further_than_it_must() -> None:
    whole = Account(DEFAULT_BUDGET_B, 0, CYCLE, CYCLE)
    stretched = [paced(whole, wished_s).interval_s for wished_s in (60.0, 300.0, 450.0, 900.0)]
    assert stretched == [600.0, 600.0, 450.0, 900.0]


def test_a_lean_way_is_not_stretched_as_if_it_were_dear() -> None:
    budget, lean = budget_of(0, 5 * MB), 121 / cost_of(900.0, 225.0)
    month = Month(budget, 900.0, line=lean).live()
    assert month.spent_b <= budget
    assert month.reports > 2400


def test_a_small_plan_is_reported_from_daily_or_oftener_to_the_end() -> None:
    month = Month(budget_of(0, 5 * MB), 900.0).live()
    assert month.reports >= 30


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.floats(0, CYCLE), st.floats(1, 86_400), st.floats(0.5, 20))
def test_it_never_reports_oftener_than_wished_nor_less_than_weekly(
    budget: int, spent: int, left_s: float, wished_s: float, price: float
) -> None:
    plan = paced(Account(budget, spent, CYCLE, left_s), wished_s, price)
    assert wished_s <= plan.interval_s <= RUNGS_S[-1]
    assert plan.stretched == bool(plan.why)


@given(st.integers(0, 10**8), st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, CYCLE))
def test_who_has_spent_more_never_reports_oftener(budget: int, spent: int, more: int, left_s: float) -> None:
    thrifty = paced(Account(budget, spent, CYCLE, left_s), 900.0)
    lavish = paced(Account(budget, spent + more, CYCLE, left_s), 900.0)
    assert lavish.interval_s >= thrifty.interval_s


def test_the_budget_is_a_tenth_of_a_small_plan_three_megabytes_of_a_large_one_or_what_is_set() -> None:
    assert budget_of(0, 10 * MB) == MB
    assert budget_of(0, 1000 * MB) == budget_of(0, None) == 3 * MB
    assert budget_of(7 * MB, 10 * MB) == 7 * MB


def test_a_connection_is_not_kept_through_a_silence_that_costs_more_than_a_new_one() -> None:
    assert worth_keeping(900.0, 225.0)
    assert not worth_keeping(3600.0, 225.0)
    assert worth_keeping(3600.0, 1800.0)
    assert cost_of(86_400.0, 225.0) == 1300
