"""The status of a terminal, as a table."""

import pytest

from central.fleet import Heard, Rules, late_at, next_due, silent_at, status

RULES = Rules(grace_min_s=120, grace_share=0.5, silent_intervals=3, default_interval_s=900)
EVERY_15_MIN = Heard(last_heard=1000, next_due=1900, interval_s=900)
EVERY_MINUTE = Heard(last_heard=1000, next_due=1060, interval_s=60)


@pytest.mark.parametrize(
    ("heard", "now", "expected"),
    [
        (Heard(), 5000, "never"),
        (EVERY_15_MIN, 1000, "up"),
        (EVERY_15_MIN, 1900 + 450, "up"),
        (EVERY_15_MIN, 1900 + 451, "late"),
        (EVERY_15_MIN, 1900 + 450 + 2700, "late"),
        (EVERY_15_MIN, 1900 + 450 + 2701, "silent"),
        (EVERY_MINUTE, 1060 + 120, "up"),
        (EVERY_MINUTE, 1060 + 121, "late"),
        (EVERY_MINUTE, 1060 + 120 + 181, "silent"),
        (Heard(last_heard=1000), 1900 + 450, "up"),
        (Heard(last_heard=1000), 1900 + 451, "late"),
    ],
)
def test_status_follows_the_announced_time(heard: Heard, now: int, expected: str) -> None:
    assert status(heard, now, RULES) == expected


def test_a_sign_of_life_after_the_announced_time_counts() -> None:
    heard = Heard(last_heard=2300, next_due=1900, interval_s=900)
    assert (next_due(heard, RULES), status(heard, 2700, RULES)) == (2300, "up")


def test_a_sign_of_life_before_it_does_not_put_it_off() -> None:
    assert next_due(Heard(last_heard=1800, next_due=1900, interval_s=900), RULES) == 1900


def test_nothing_is_due_from_a_terminal_never_heard() -> None:
    assert (next_due(Heard(), RULES), late_at(Heard(), RULES), silent_at(Heard(), RULES)) == (None, None, None)


def test_a_centre_whose_clock_goes_back_calls_nobody_late() -> None:
    assert status(EVERY_15_MIN, 0, RULES) == "up"
