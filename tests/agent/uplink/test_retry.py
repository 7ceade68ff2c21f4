"""The table from outcome to verdict, and the time of the next attempt."""

from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.uplink.base import SendError, SendKind, Speaker
from agent.uplink.retry import (
    CREDENTIAL_WAITS_S,
    KINDS,
    RETRY_AFTER_CAP_S,
    Pace,
    Verdict,
    Wait,
    decide,
    retry_after_s,
    wait_s,
)

PACE = Pace(5.0, 3600.0)
WALL = 1_790_000_000.0


@pytest.mark.parametrize(
    ("status", "speaker", "verdict", "trouble"),
    [
        (400, "centre", Verdict.SPLIT, None),
        (400, "unknown", Verdict.SPLIT, None),
        (400, "stranger", Verdict.DEFER, "centre.refused"),
        (413, "centre", Verdict.SPLIT, None),
        (422, "centre", Verdict.SPLIT, None),
        (422, "stranger", Verdict.DEFER, "centre.refused"),
        (401, "centre", Verdict.DEFER, "centre.credential"),
        (401, "unknown", Verdict.DEFER, "centre.credential"),
        (403, "unknown", Verdict.DEFER, "centre.credential"),
        (403, "stranger", Verdict.DEFER, "centre.refused"),
        (404, "unknown", Verdict.DEFER, "centre.refused"),
        (302, "unknown", Verdict.DEFER, "centre.refused"),
        (204, "unknown", Verdict.DEFER, "centre.refused"),
        (408, "unknown", Verdict.DEFER, "centre.unreachable"),
        (425, "unknown", Verdict.DEFER, "centre.unreachable"),
        (429, "centre", Verdict.DEFER, "centre.unreachable"),
        (500, "stranger", Verdict.DEFER, "centre.unreachable"),
        (503, "centre", Verdict.DEFER, "centre.unreachable"),
        (599, "unknown", Verdict.DEFER, "centre.unreachable"),
    ],
)
def test_each_status_has_its_consequence(status: int, speaker: Speaker, verdict: Verdict, trouble: str | None) -> None:
    decision = decide(SendError("status", "x", status=status, speaker=speaker))
    assert (decision.verdict, decision.trouble) == (verdict, trouble)


def test_every_kind_of_failure_is_in_the_table_and_none_condemns() -> None:
    assert set(KINDS) | {"status"} == set(get_args(SendKind))
    assert {decision.verdict for decision in KINDS.values()} == {Verdict.DEFER}


@given(status=st.integers(100, 999), speaker=st.sampled_from(get_args(Speaker)))
def test_only_three_statuses_can_ever_condemn(status: int, speaker: Speaker) -> None:
    decision = decide(SendError("status", "x", status=status, speaker=speaker))
    assert decision.verdict is Verdict.DEFER or status in {400, 413, 422}


@given(failures=st.integers(1, 10_000), seed=st.integers())
def test_the_wait_is_anything_up_to_the_doubled_one_and_never_more_than_the_cap(failures: int, seed: int) -> None:
    wait = wait_s(PACE, Wait.BACKOFF, failures, None, Random(seed))
    assert 0.0 <= wait <= min(3600.0, 5.0 * 2.0 ** min(failures - 1, 60))


def test_at_the_cap_a_fleet_still_spreads_out() -> None:
    waits = sorted(wait_s(PACE, Wait.BACKOFF, 50, None, Random(seed)) for seed in range(200))
    assert waits[10] < 600.0 < 3000.0 < waits[-10]


def test_after_a_retry_after_a_fleet_does_not_come_back_at_once() -> None:
    waits = [wait_s(PACE, Wait.BACKOFF, 3, 100.0, Random(seed)) for seed in range(50)]
    assert min(waits) >= 100.0
    assert max(waits) - min(waits) > 5.0


def test_trouble_that_a_person_must_end_is_asked_about_seldom() -> None:
    for failures, least in ((1, 120.0), (2, 600.0), (3, 3600.0), (300, 3600.0)):
        assert wait_s(PACE, Wait.LONG, failures, None, Random(1)) >= least
    assert list(CREDENTIAL_WAITS_S) == sorted(CREDENTIAL_WAITS_S)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999999999", RETRY_AFTER_CAP_S),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("Mon, 21 Sep 2026 14:15:20 GMT", 120.0),
        ("Monday, 21-Sep-26 14:15:20 GMT", 120.0),
        ("Mon, 21 Sep 2020 14:15:20 GMT", 0.0),
        ("Mon, 21 Sep 2099 14:15:20 GMT", RETRY_AFTER_CAP_S),
        ("Mon, 99 Xxx 2026 99:99:99 GMT", None),
        ("١٢", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, WALL) == seconds


@given(st.text(max_size=60))
def test_any_retry_after_is_readable_or_none(value: str) -> None:
    seconds = retry_after_s(value, WALL)
    assert seconds is None or 0.0 <= seconds <= RETRY_AFTER_CAP_S
