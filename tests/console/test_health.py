"""What a terminal's page says of the agent itself, made of daily reports."""

import json

import pytest

from central.console import health

SELF = {
    "memory_kb": 35_368, "threads": 5, "files": 21, "at": {"exchanges": 9000, "expiries": 12, "restarts": 3},
    "steps": {"radio_cycle": 4}, "cured": {"radio_cycle": 2}, "queue": {"records": 7, "bytes": 900, "oldest_s": 60},
    "day": {"over_s": 86_400, "at": {"exchanges": 1440, "expiries": 2}, "steps": {"radio_cycle": 1}},
}  # fmt: skip


def daily(told: object, day: str = "2026-11-21") -> tuple[int, str]:
    return 1, json.dumps({"day": day, "by_purpose": {"report": 1}, "self": told})


def test_a_day_says_how_the_agent_is_and_what_came_to_it_that_day() -> None:
    (seen,) = health.of_days([daily(SELF)])
    assert (seen.memory_kb, seen.threads, seen.files, seen.waiting) == (35_368, 5, 21, 7)
    assert (seen.exchanges, seen.timeouts, seen.restarts) == (1440, 2, 0)
    assert (seen.steps, seen.cured) == ({"radio_cycle": 1}, 0)


def test_a_day_is_told_once_by_its_newest_report() -> None:
    rows = [daily({"memory_kb": 2}), daily({"memory_kb": 1}), daily({"memory_kb": 3}, "2026-11-20")]
    assert [(one.day, one.memory_kb) for one in health.of_days(rows)] == [("2026-11-21", 2), ("2026-11-20", 3)]


def test_what_was_not_told_is_not_known() -> None:
    (seen,) = health.of_days([daily({"threads": 5})])
    assert (seen.memory_kb, seen.waiting, seen.timeouts, seen.steps) == (None, None, None, {})
    assert health.of_days([daily(None), (1, "{}"), (1, '{"self": 7, "day": "x"}')]) == []


@pytest.mark.parametrize("value", ["7", -1, True, 1e300, [7], {"x": 1}, 2**60])
def test_what_is_no_count_is_not_shown(value: object) -> None:
    told = {"memory_kb": value, "at": {"expiries": value}, "steps": {"usb_reset": value}, "queue": value}
    (seen,) = health.of_days([daily(told)])
    assert (seen.memory_kb, seen.timeouts, seen.steps, seen.waiting) == (None, None, {}, None)
