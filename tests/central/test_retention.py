"""History grows thinner with age, in small steps, and nothing is counted twice."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central import summary
from central.retention import BATCH, Keep, summaries, thin
from central.store.base import Delivery, NewReport
from central.store.core import SqlStore
from central.summary import DAY_S, HOUR_S, Summary
from tests.central.databases import KINDS, store_of
from tests.central.helpers import EPOCH, a_change, a_delivery

START = 1_790_000_000 - 1_790_000_000 % DAY_S
KEEP = Keep(raw_days=30, hourly_days=365, daily_days=1826)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(request.param, tmp_path) as made:
        yield made


def beats(store: SqlStore, count: int, *, first: int = 1, every: int = 900, terminal: str = "t-1") -> None:
    async def deliver() -> None:
        reports = [
            NewReport(
                seq, "heartbeat", 0, START + every * (seq - 1),
                json.dumps({"verdict": ("bad", "ok")[seq % 2], "rsrp_dbm": -100 - seq % 4, "used_bytes": seq}),
            )
            for seq in range(first, first + count)
        ]  # fmt: skip
        sent = [store.commit(Delivery(terminal, EPOCH, one.happened_at, 0, (one,))) for one in reports]
        await asyncio.gather(*sent)

    asyncio.run(deliver())


def hours(store: SqlStore, span: int = HOUR_S) -> list[Summary]:
    return asyncio.run(summaries(store, "t-1", span, 0, 2**40))


def after(days: float) -> int:
    return int(START + days * DAY_S)


def test_what_is_young_stays_as_it_is(store: SqlStore) -> None:
    beats(store, 4)
    done = asyncio.run(thin(store, KEEP, after(29)))
    assert (done.reports, done.hours, done.days, done.changes) == (0, 0, 0, 0)
    assert len(asyncio.run(store.reports("t-1"))) == 4


def test_old_reports_become_one_row_an_hour(store: SqlStore) -> None:
    beats(store, 6)
    assert asyncio.run(thin(store, KEEP, after(31))).reports == 6
    first, second = hours(store)
    assert (first.start, first.reports, first.beats, first.bad_beats, first.used_max) == (START, 4, 4, 2, 4)
    assert (first.signal_min, first.signal_mean) == (-103.0, -101.5)
    assert (second.start, second.beats) == (START + HOUR_S, 2)
    assert asyncio.run(store.reports("t-1")) == []


def test_more_than_a_batch_goes_in_batches(store: SqlStore) -> None:
    beats(store, BATCH * 2 + 50, every=60)
    assert asyncio.run(thin(store, KEEP, after(40))).reports == BATCH * 2 + 50
    assert sum(one.beats for one in hours(store)) == BATCH * 2 + 50


def test_two_passes_at_once_count_nothing_twice(store: SqlStore) -> None:
    beats(store, BATCH + 50, every=60)

    async def both() -> int:
        done = await asyncio.gather(*(thin(store, KEEP, after(40)) for _ in range(3)))
        return sum(one.reports for one in done)

    assert asyncio.run(both()) == BATCH + 50
    assert sum(one.beats for one in hours(store)) == BATCH + 50


def test_what_comes_late_joins_its_hour(store: SqlStore) -> None:
    beats(store, 2)
    asyncio.run(thin(store, KEEP, after(31)))
    beats(store, 2, first=3)
    asyncio.run(thin(store, KEEP, after(31)))
    assert [(one.beats, one.used_max) for one in hours(store)] == [(4, 4)]


def test_old_hours_become_days_and_old_days_go(store: SqlStore) -> None:
    beats(store, 96 * 2)
    asyncio.run(thin(store, KEEP, after(40)))
    assert asyncio.run(thin(store, KEEP, after(370))).hours == 48
    assert [(one.start, one.beats) for one in hours(store, DAY_S)] == [(START, 96), (START + DAY_S, 96)]
    assert hours(store) == []
    assert asyncio.run(thin(store, KEEP, after(1828))).days == 2


def test_changes_outlive_routine_history(store: SqlStore) -> None:
    asyncio.run(store.commit(a_change(at=START)))
    asyncio.run(thin(store, KEEP, after(1000)))
    assert len(asyncio.run(store.changes("t-1"))) == 1
    assert asyncio.run(thin(store, KEEP, after(1828))).changes == 1


def test_a_repeat_of_what_was_thinned_is_still_a_repeat(store: SqlStore) -> None:
    beats(store, 3)
    asyncio.run(thin(store, KEEP, after(31)))
    beats(store, 3)
    assert asyncio.run(store.reports("t-1")) == []


ODD = st.fixed_dictionaries(
    {
        "verdict": st.text(max_size=3),
        "rsrp_dbm": st.floats() | st.text(max_size=2) | st.none(),
        "used_bytes": st.integers(),
    }
)


@given(st.lists(st.tuples(st.sampled_from(["heartbeat", "gap"]), st.integers(0, 10**6), ODD)), st.integers(0, 10))
def test_days_from_hours_are_days_from_reports(reports: list[tuple[str, int, dict[str, object]]], cut: int) -> None:
    """However history was cut into batches."""
    parts = [*summary.of_reports(reports[:cut]), *summary.of_reports(reports[cut:])]
    whole = summary.of_reports(reports, DAY_S)
    days = summary.of_summaries(parts)
    assert [(one.start, one.reports, one.bad_beats, one.signal_min, one.used_max) for one in days] == [
        (one.start, one.reports, one.bad_beats, one.signal_min, one.used_max) for one in whole
    ]


def test_a_large_fleet_is_thinned_a_few_at_a_time_and_nobody_is_left_out(tmp_path: Path) -> None:
    async def story(store: SqlStore) -> list[tuple[int, str]]:
        for number in range(7):
            await store.commit(a_delivery(f"t-{number}", at=1_790_000_000))
        found: list[tuple[int, str]] = []
        after = ""
        for _ in range(4):
            done = await thin(store, Keep(), 1_790_000_000 + 40 * 86_400, after, 2)
            after = done.after
            found.append((done.reports, after))
        return found

    with store_of("sqlite", tmp_path) as store:
        assert asyncio.run(story(store)) == [(2, "t-1"), (2, "t-3"), (2, "t-5"), (1, "")]
