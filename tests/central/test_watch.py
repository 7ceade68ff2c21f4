"""Flips: dated when they happened, written once however many sweep, and never for an outage of our own."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from central.fleet import Rules
from central.liveness import AFTER_OUTAGE_S
from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.watch import BATCH, Flip, Watch
from tests.central.databases import KINDS, store_of
from tests.central.helpers import a_delivery

START = 345_600  # a Monday
LATE = START + 900 + 450 + 1
SILENT = LATE + 2700


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def watch(store: SqlStore) -> Watch:
    return Watch(store, Rules(), ZoneInfo("UTC"))


def known(store: SqlStore, *names: str, at: int = START, seq: int = 1) -> None:
    async def all_of_them() -> None:
        if seq == 1:
            await asyncio.gather(*(store.add_terminal(name, "", b"1", 0) for name in names))
        await asyncio.gather(*(store.commit(a_delivery(name, at=at, seqs=(seq,))) for name in names))

    asyncio.run(all_of_them())


def sweep(watch: Watch, *moments: int) -> list[Flip]:
    """Sweeps every two minutes from the first moment to the last, as a centre does that was never down."""

    async def all_of_them() -> list[Flip]:
        found = []
        for first, last in zip(moments, (*moments[1:], moments[-1]), strict=True):
            for now in range(first, last, 120):
                await watch.pulse(now)
            found += await watch.sweep(last)
        return found

    return asyncio.run(all_of_them())


def seen(flips: list[Flip]) -> list[tuple[str, str, int]]:
    return [(flip.previous, flip.state, flip.at) for flip in flips]


def test_a_silence_is_dated_when_it_began(store: SqlStore, watch: Watch) -> None:
    known(store, "t-1")
    flips = sweep(watch, START, LATE + 77, SILENT + 5000)
    assert seen(flips) == [("up", "late", LATE), ("late", "silent", SILENT)]
    assert flips[0].noticed_at == LATE + 77


def test_a_sweep_that_comes_late_tells_every_step(store: SqlStore, watch: Watch) -> None:
    known(store, "t-1")
    assert seen(sweep(watch, START, SILENT + 9000)) == [("up", "late", LATE), ("late", "silent", SILENT)]


def test_coming_back_is_dated_by_the_first_report(store: SqlStore, watch: Watch) -> None:
    known(store, "t-1")
    sweep(watch, START, SILENT + 10)
    known(store, "t-1", at=SILENT + 100, seq=2)
    known(store, "t-1", at=SILENT + 400, seq=3)
    assert seen(sweep(watch, SILENT + 10, SILENT + 500)) == [("silent", "up", SILENT + 100)]


def test_whoever_reports_in_time_never_flips(store: SqlStore, watch: Watch) -> None:
    known(store, "t-1")
    for number in range(1, 6):
        known(store, "t-1", at=START + 900 * number, seq=number + 1)
        assert sweep(watch, START + 900 * number + 1) == []


def test_many_workers_write_each_flip_once(store: SqlStore, watch: Watch) -> None:
    names = [f"t-{number}" for number in range(BATCH + 20)]
    known(store, *names)
    sweep(watch, START, LATE - 60)

    async def all_at_once() -> list[Flip]:
        found = await asyncio.gather(*(watch.sweep(LATE + 50) for _ in range(4)))
        return [flip for part in found for flip in part]

    flips = asyncio.run(all_at_once())
    assert sorted(flip.terminal for flip in flips) == sorted(names)
    assert len(asyncio.run(watch.recent(since=0, limit=1000))) == len(names)


def test_an_outage_of_our_own_is_no_silence_of_theirs(store: SqlStore, watch: Watch) -> None:
    names = [f"t-{number}" for number in range(50)]
    known(store, *names)
    sweep(watch, START)
    back = START + 40_000
    assert asyncio.run(watch.sweep(back)) == []
    known(store, *names[1:], at=back + 600, seq=2)
    flips = sweep(watch, back, back + AFTER_OUTAGE_S + 60)
    assert [(flip.terminal, flip.state) for flip in flips if flip.terminal == "t-0"] == [("t-0", "late")]


def test_a_closed_shop_is_expected_when_it_opens(store: SqlStore, watch: Watch) -> None:
    evening = START + 20 * 3600 - 60
    known(store, "t-1", at=evening)
    sweep(watch, evening)
    asyncio.run(watch.set_hours("t-1", "mon-sun 8:00-20:00"))
    flips = sweep(watch, evening, evening + 3600, START + 32 * 3600 + 1000)
    assert [flip.state for flip in flips] == ["closed", "late"]
    assert flips[1].at == START + 32 * 3600 + 450 + 1


def test_hours_are_learned_from_history(store: SqlStore, watch: Watch) -> None:
    for seq, moment in enumerate((day * 86_400 + hour * 3600 for day in range(22) for hour in range(9, 18)), start=1):
        known(store, "t-1", at=START + moment, seq=seq)
    now = START + 22 * 86_400
    sweep(watch, now)
    assert asyncio.run(watch.learn(now)) == 1
    assert asyncio.run(watch.learn(now + 60)) == 0
    week, by_hand = asyncio.run(watch.hours_of("t-1"))
    assert (week, by_hand) == (("0" * 9 + "1" * 9 + "0" * 6) * 7, False)


def test_who_was_silent_is_at_rest_once_the_habit_is_known(store: SqlStore, watch: Watch) -> None:
    for seq, moment in enumerate((day * 86_400 + hour * 3600 for day in range(22) for hour in range(9, 18)), start=1):
        known(store, "t-1", at=START + moment + 3000, seq=seq)
    now = START + 22 * 86_400
    assert [flip.state for flip in sweep(watch, now)] == ["late", "silent"]
    asyncio.run(watch.learn(now))
    assert [flip.state for flip in sweep(watch, now + 15)] == ["closed"]


def test_a_silence_carries_the_last_words(store: SqlStore, watch: Watch) -> None:
    asyncio.run(store.add_terminal("t-1", "", b"1", 0))
    delivery = a_delivery(at=START)
    report = delivery.reports[0]._replace(body='{"verdict":"ok","expires_on":"1970-01-05"}')
    asyncio.run(store.commit(delivery._replace(reports=(report,))))
    sweep(watch, START, SILENT + 1)
    flips = asyncio.run(watch.flips("t-1"))
    assert [[reason.code for reason in flip.reasons] for flip in flips] == [["plan.expired"], []]


def test_a_silence_says_that_the_broker_lost_the_terminal_unless_it_came_back(store: SqlStore, watch: Watch) -> None:
    known(store, "t-1", "t-2", "t-3")
    sweep(watch, START)
    for name in ("t-1", "t-2"):
        asyncio.run(store.lost(name, START + 60))
    known(store, "t-2", at=START + 90, seq=2)
    flips = sweep(watch, START + 120, SILENT + 1000)
    told = {flip.terminal: [reason.code for reason in flip.reasons] for flip in flips if flip.state == "silent"}
    assert told == {"t-1": ["connection.lost"], "t-2": [], "t-3": []}


def test_a_loss_is_kept_of_a_terminal_that_nobody_watches_yet(store: SqlStore, watch: Watch) -> None:
    known(store, "t-1")
    asyncio.run(store.lost("t-1", START + 1))
    asyncio.run(store.lost("nobody", START + 1))
    flips = sweep(watch, START + 5, SILENT + 1000)
    assert [[reason.code for reason in flip.reasons] for flip in flips if flip.state == "silent"] == [
        ["connection.lost"]
    ]


def test_revoked_terminals_are_not_watched(store: SqlStore, watch: Watch) -> None:
    known(store, "t-1")
    sweep(watch, START)
    asyncio.run(store.revoke("t-1", START))
    assert sweep(watch, START, SILENT + 10) == []
    with pytest.raises(StoreRefused):
        asyncio.run(watch.set_hours("t-1", "mon 8:00-9:00"))
