"""Incidents over a fleet that comes and goes, on both databases."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from central.causes import Cause
from central.fleet import Rules
from central.incidents import Incidents, Outcome
from central.store.core import SqlStore
from central.watch import Watch
from tests.central.databases import KINDS, store_of
from tests.central.helpers import a_delivery

START = 1_790_000_000
SILENT = START + 900 + 450 + 2700 + 10


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(request.param, tmp_path) as made:
        yield made


def heard(store: SqlStore, names: Sequence[str], plmn: str, at: int, seq: int) -> None:
    async def all_of_them() -> None:
        if seq == 1:
            await asyncio.gather(*(store.add_terminal(name, "", b"1", 0) for name in names))
        beat = json.dumps({"verdict": "ok", "plmn": plmn})
        for name in names:
            delivery = a_delivery(name, at=at, seqs=(seq,))
            assert delivery.heartbeat is not None
            await store.commit(delivery._replace(heartbeat=delivery.heartbeat._replace(body=beat)))

    asyncio.run(all_of_them())


def look(store: SqlStore, now: int) -> Outcome:
    """The centre was there all the time: it swept shortly before."""

    async def both() -> Outcome:
        await store.write(lambda session: session.run("UPDATE pulse SET at = ?", (now - 60,)))
        await Watch(store, Rules(), ZoneInfo("UTC")).sweep(now)
        return await Incidents(store).look(now)

    return asyncio.run(both())


DOWN = [f"down-{n:03}" for n in range(40)]
FINE = [f"fine-{n:03}" for n in range(40)]


@pytest.fixture
def outage(store: SqlStore) -> Outcome:
    """Every terminal of one carrier is silent, the others are heard."""
    heard(store, DOWN, "46000", START, 1)
    heard(store, FINE, "46001", START, 1)
    look(store, START + 1)
    heard(store, FINE, "46001", SILENT - 60, 2)
    return look(store, SILENT)


def test_forty_silences_are_one_incident(store: SqlStore, outage: Outcome) -> None:
    (incident,) = outage.opened
    assert (incident.cause, incident.peak) == (Cause("carrier", "46000"), 40)
    assert outage.explained == set(DOWN)
    found = asyncio.run(Incidents(store).one(incident.id))
    assert found is not None
    assert [one.terminal for one in found[1]] == DOWN


def test_it_is_known_before_any_of_them_is_silent(store: SqlStore) -> None:
    late = START + 900 + 450 + 10
    heard(store, DOWN, "46000", START, 1)
    heard(store, FINE, "46001", START, 1)
    look(store, START + 1)
    heard(store, FINE, "46001", late - 60, 2)
    outcome = look(store, late)
    assert [one.cause for one in outcome.opened] == [Cause("carrier", "46000")]
    heard(store, FINE, "46001", SILENT - 60, 3)
    assert look(store, SILENT).opened == ()


def test_it_opens_once(store: SqlStore, outage: Outcome) -> None:
    again = look(store, SILENT + 15)
    assert (again.opened, again.closed, len(again.explained)) == ((), (), 40)
    assert len(asyncio.run(Incidents(store).list())) == 1


def test_those_that_come_back_leave(store: SqlStore, outage: Outcome) -> None:
    heard(store, DOWN[:10], "46000", SILENT + 60, 2)
    after = look(store, SILENT + 120)
    (incident,) = asyncio.run(Incidents(store).open())
    assert (after.closed, incident.missing, incident.peak) == ((), 30, 40)
    assert after.explained == set(DOWN[10:])


def test_it_closes_when_most_are_back(store: SqlStore, outage: Outcome) -> None:
    heard(store, DOWN[3:], "46000", SILENT + 60, 2)
    after = look(store, SILENT + 120)
    assert [one.cause for one in after.closed] == [Cause("carrier", "46000")]
    assert after.explained == frozenset()
    assert asyncio.run(Incidents(store).open()) == []


def test_several_workers_open_it_once(store: SqlStore) -> None:
    heard(store, DOWN, "46000", START, 1)
    heard(store, FINE, "46001", START, 1)
    look(store, START + 1)
    heard(store, FINE, "46001", SILENT - 60, 2)

    async def all_at_once() -> list[Outcome]:
        await store.write(lambda session: session.run("UPDATE pulse SET at = ?", (SILENT - 60,)))
        await Watch(store, Rules(), ZoneInfo("UTC")).sweep(SILENT)
        return list(await asyncio.gather(*(Incidents(store).look(SILENT) for _ in range(3))))

    assert sum(len(one.opened) for one in asyncio.run(all_at_once())) == 1


def test_our_own_way_in_is_one_incident_not_many(store: SqlStore) -> None:
    """The centre runs, but nobody gets through to it: a proxy, a certificate, a name."""
    heard(store, DOWN, "46000", START, 1)
    heard(store, FINE, "46001", START, 1)
    look(store, START + 1)
    outcome = look(store, SILENT)
    assert [one.cause.kind for one in outcome.opened] == ["everyone"]
    assert len(outcome.explained) == 80


def test_who_falls_silent_after_the_count_is_not_counted_twice(store: SqlStore) -> None:
    """Nearly everybody goes just after everybody was counted: it is the way in, not one carrier beside another."""
    incidents = Incidents(store)
    heard(store, DOWN, "46000", START, 1)
    heard(store, FINE, "46001", START, 1)
    look(store, START + 1)
    asyncio.run(incidents._count(SILENT - 60, {}))

    async def both() -> Outcome:
        await store.write(lambda session: session.run("UPDATE pulse SET at = ?", (SILENT - 60,)))
        await Watch(store, Rules(), ZoneInfo("UTC")).sweep(SILENT)
        return await incidents.look(SILENT)

    (incident,) = asyncio.run(both()).opened
    assert (incident.cause.kind, incident.peak) == ("everyone", 80)
