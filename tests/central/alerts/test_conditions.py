"""What is wrong in the fleet, from facts alone."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.alerts.conditions import Facts, of_fleet, of_terminal
from central.alerts.plan import Rule

RULE = Rule(name="r", to=["ops"])
TODAY = date(2026, 11, 22)
CARD = "89860000000000000001"


def codes(**facts: Any) -> list[str]:
    return [one.code for one in of_terminal(Facts("t-1", **facts), RULE, TODAY)]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"silent_since": 1}, "silent"),
        ({"verdict": "sim.absent", "severity": "error"}, "sim.absent"),
        ({"beat": {"expires_on": "2026-12-07"}}, "plan.expiring"),
        ({"beat": {"expires_on": "2026-11-22"}}, "plan.expiring"),
        ({"beat": {"expires_on": "2026-11-21"}}, "plan.expired"),
        ({"beat": {"used_bytes": 90, "quota_bytes": 100}}, "plan.running_out"),
        ({"beat": {"used_bytes": 100, "quota_bytes": 100}}, "plan.exhausted"),
        ({"beat": {"balance": "4.99"}}, "plan.balance_low"),
        ({"beat": {"iccid": CARD}, "iccid_expected": "8986"}, "card.swapped"),
        ({"beat": {"imei": "1"}, "imei_expected": "2"}, "imei.changed"),
    ],
)
def test_each_condition_is_found(facts: dict[str, Any], code: str) -> None:
    assert codes(**facts) == [code]


def test_a_healthy_terminal_has_nothing() -> None:
    beat = {
        "expires_on": "2027-06-01",
        "used_bytes": 1,
        "quota_bytes": 100,
        "balance": "20",
        "iccid": CARD,
        "imei": "2",
    }
    assert codes(beat=beat, iccid_expected=CARD, imei_expected="2") == []


@pytest.mark.parametrize("kept", [CARD[:19], CARD, f"{CARD[:19]}F"])
def test_a_card_without_its_check_digit_is_the_same_card(kept: str) -> None:
    assert codes(beat={"iccid": CARD}, iccid_expected=kept) == []


@pytest.mark.parametrize("kept", ["86000000000001", "860000000000017", "8600000000000105"])
def test_a_machine_is_known_by_fourteen_digits(kept: str) -> None:
    assert codes(beat={"imei": "860000000000012"}, imei_expected=kept) == []


def test_a_silence_that_an_incident_explains_is_not_told() -> None:
    assert codes(silent_since=1, explained=True) == []


def test_the_verdict_of_a_silent_terminal_is_old_news() -> None:
    assert codes(silent_since=1, verdict="signal.weak", severity="warning") == ["silent"]


def test_one_card_in_two_terminals_is_told_of_both() -> None:
    fleet = [Facts("a", beat={"iccid": CARD}), Facts("b", beat={"iccid": CARD}), Facts("c", beat={"iccid": "8986" * 5})]
    assert [(one.terminal, one.facts["others"]) for one in of_fleet(fleet)] == [("a", ["b"]), ("b", ["a"])]


def test_a_card_that_was_moved_is_not_shared_with_the_silent_one() -> None:
    assert of_fleet([Facts("a", beat={"iccid": CARD}, silent_since=5), Facts("b", beat={"iccid": CARD})]) == []


ODD = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.integers(), max_size=2)
)


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("expires_on", "used_bytes", "quota_bytes", "balance", "currency", "iccid", "imei"), ODD)
    )
)
def test_no_heartbeat_breaks_it(beat: dict[str, Any]) -> None:
    one = Facts("t-1", beat=beat, iccid_expected="x", imei_expected="y")
    of_terminal(one, RULE, TODAY)
    of_fleet([one, one])


def test_rules_choose_by_code_severity_and_group() -> None:
    rule = Rule(name="r", to=["ops"], codes=["plan.*", "silent"], min_severity="warning", groups=["Acme"], tags=["vip"])
    here, vip = frozenset(["Acme", "north"]), frozenset(["vip"])
    assert rule.wants("plan.expired", "error", here, vip)
    assert not rule.wants("signal.weak", "error", here, vip)
    assert not rule.wants("plan.expired", "info", here, vip)
    assert not rule.wants("plan.expired", "error", frozenset(["north"]), vip)
    assert not rule.wants("plan.expired", "error", here, frozenset())
