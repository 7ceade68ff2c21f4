"""Suspended is what was said last: a good word since, and the old one counts no more."""

import pytest

from agent.assess.answer import Limits
from agent.assess.rules_plan import suspended
from agent.sample.base import PlanFact, PlanView, Reach, Snapshot

NOW = 1_795_320_000.0
DEAD = (Reach("internet", ok=False, way="card"), Reach("centre", ok=False, way="card"))


def dead_with(*facts: tuple[str, str, float]) -> Snapshot:
    """Each fact: what, value, hours ago."""
    told = tuple(
        PlanFact(fact, value, "carrier_sms", NOW - hours * 3600)  # type: ignore[arg-type]  # the test's own words
        for fact, value, hours in facts
    )
    return Snapshot(NOW, reach=DEAD, plan=PlanView(facts=told))


def test_a_suspension_that_was_told_and_data_that_fails_are_two_signs() -> None:
    assert suspended(dead_with(("suspended", "true", 5)), Limits()).holds is True


@pytest.mark.parametrize(
    "good", [("expires_on", "2027-05-20", 1.0), ("balance", "30.00", 1.0), ("remaining_bytes", "1000000", 1.0)]
)
def test_a_good_word_since_ends_it(good: tuple[str, str, float]) -> None:
    assert suspended(dead_with(("suspended", "true", 5), good), Limits()).holds is not True


@pytest.mark.parametrize(
    "other",
    [("expires_on", "2027-05-20", 9.0), ("balance", "0.00", 1.0), ("balance", "-3.20", 1.0), ("used_bytes", "5", 1.0)],
)
def test_an_older_word_or_a_bad_one_does_not(other: tuple[str, str, float]) -> None:
    assert suspended(dead_with(("suspended", "true", 5), other), Limits()).holds is True


def test_arrears_told_again_after_the_payment_count() -> None:
    facts = (("suspended", "true", 9.0), ("balance", "30.00", 5.0), ("arrears", "true", 1.0))
    assert suspended(dead_with(*facts), Limits()).holds is True
