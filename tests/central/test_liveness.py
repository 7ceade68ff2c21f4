"""There, missing or at rest; and the last words before a silence."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central import fleet, hours
from central.fleet import Heard, Rules
from central.liveness import AFTER_OUTAGE_S, FAR, Around, Outage, course, last_words

ZONE = ZoneInfo("UTC")
RULES = Rules()
THERE = Around(ZONE)
MONDAY = 4 * 86_400  # 5 January 1970
HEARD = Heard(MONDAY, MONDAY + 900, 900)


def states(heard: Heard, around: Around, *moments: int) -> list[str]:
    found = course(heard, RULES, around)
    assert found is not None
    return [found.at(moment).state for moment in moments]


def test_a_terminal_never_heard_has_no_course() -> None:
    assert course(Heard(), RULES, THERE) is None


@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**5), st.integers(0, 10**7),
    st.builds(Rules, st.floats(0, 600), st.floats(0, 2), st.floats(0, 5), st.integers(1, 2000)),
)  # fmt: skip
def test_without_hours_and_outages_it_is_what_the_fleet_says(
    last: int, due: int, interval: int, now: int, rules: Rules
) -> None:
    heard = Heard(last, due, interval)
    found = course(heard, rules, THERE)
    assert found is not None
    assert now < last or found.at(now).state == fleet.status(heard, now, rules)
    assert found.next_change(now) > now


def test_a_state_begins_when_its_deadline_passed() -> None:
    found = course(HEARD, RULES, THERE)
    assert found is not None
    late, silent = MONDAY + 900 + 450, MONDAY + 900 + 450 + 2700
    assert [(step.state, step.since) for step in found.steps] == [
        ("up", MONDAY), ("late", late + 1), ("silent", silent + 1),
    ]  # fmt: skip
    assert (found.next_change(MONDAY), found.next_change(silent + 1)) == (late + 1, FAR)


def test_a_closed_shop_is_not_missing_until_it_opens() -> None:
    week = hours.parse("mon-sun 8:00-20:00")
    evening = Heard(MONDAY + 20 * 3600 - 60, MONDAY + 20 * 3600 + 840, 900)
    opens = MONDAY + 32 * 3600
    assert states(evening, Around(ZONE, week), MONDAY + 22 * 3600, opens + 440, opens + 460, opens + 460 + 2700) == [
        "closed", "closed", "late", "silent",
    ]  # fmt: skip


def test_a_shop_that_never_opens_is_never_missing() -> None:
    assert states(HEARD, Around(ZONE, "0" * 168), MONDAY + 10**7) == ["closed"]


def test_a_terminal_due_in_our_outage_has_time_to_come_back() -> None:
    outage = Outage(MONDAY + 600, MONDAY + 7200)
    back = outage.until + AFTER_OUTAGE_S
    assert states(HEARD, Around(ZONE, None, [outage]), outage.until + 60, back - 1, back + 2) == ["up", "up", "late"]


def test_an_outage_long_after_excuses_nothing() -> None:
    outage = Outage(MONDAY + 50_000, MONDAY + 60_000)
    assert states(HEARD, Around(ZONE, None, [outage]), MONDAY + 2000, MONDAY + 55_000) == ["late", "silent"]


def beat(**facts: Any) -> tuple[str, dict[str, Any]]:
    return "heartbeat", {"verdict": "ok"} | facts


@pytest.mark.parametrize(
    ("reports", "code"),
    [
        ([("stopped", {"reason": "SIGTERM"}), beat()], "stopped"),
        ([beat(expires_on="1970-01-05"), beat()], "plan.expired"),
        ([beat(used_bytes=99, quota_bytes=100)], "plan.exhausted"),
        ([beat(verdict="signal.noisy")], "signal.noisy"),
        ([("verdict", {"code": "sim.absent"}), beat()], "sim.absent"),
        ([beat(rsrp_dbm=-118.0)], "signal.weak"),
        ([beat(rsrp_dbm=-104)] * 4 + [beat(rsrp_dbm=-95)] * 6, "signal.fading"),
    ],
)
def test_last_words_explain_a_silence(reports: list[tuple[str, dict[str, Any]]], code: str) -> None:
    assert [reason.code for reason in last_words(reports, MONDAY, ZONE)] == [code]


@pytest.mark.parametrize(
    "reports",
    [
        [],
        [beat(expires_on="1970-01-06", used_bytes=1, quota_bytes=100, rsrp_dbm=-80)],
        [beat(expires_on=None, used_bytes=True, quota_bytes=0, rsrp_dbm="?")],
        [beat(), ("stopped", {"reason": "update"}), beat()],
    ],
)
def test_nothing_is_made_up(reports: list[tuple[str, dict[str, Any]]]) -> None:
    assert last_words(reports, MONDAY, ZONE) == []


def test_the_day_of_expiry_is_a_day_of_the_shop() -> None:
    reports = [beat(expires_on="1970-01-06")]
    evening = MONDAY + 20 * 3600
    assert last_words(reports, evening, ZONE) == []
    assert last_words(reports, evening, ZoneInfo("Asia/Shanghai"))[0].code == "plan.expired"
