"""The roster and what is listed by it, on both databases."""

import asyncio
import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from central import fleet
from central.accounts.sight import EVERYTHING, Sight
from central.fleet import Rules
from central.listing import SORTS, Key, Listing, Wanted
from central.registry import Registry, Who
from central.roster import SMALL, Roster
from central.store.base import Delivery, NewHeartbeat, NewReport
from central.store.core import SqlStore
from tests.central.databases import KINDS, store_of
from tests.central.helpers import EPOCH

NOW = 1_790_000_000
TODAY = date(2026, 9, 21)
RULES = Rules()
WHO = Who("operator", NOW)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(str(request.param), tmp_path) as made:
        yield made


def told(terminal: str, at: int, seq: int = 1, code: str = "ok", **beat: object) -> Delivery:
    body = json.dumps({"verdict": code} | beat)
    severity = "ok" if code == "ok" else "error"
    iccid = beat.get("iccid")
    newest = NewHeartbeat(seq, 900, at + 900, code, severity, iccid if isinstance(iccid, str) else None, body)
    return Delivery(terminal, EPOCH, at, 0, (NewReport(seq, "heartbeat", at, at, body),), heartbeat=newest)


async def filled(store: SqlStore) -> Roster:
    """a: well · b: expired, long silent · c: never heard · d: late."""
    registry = Registry(store)
    for name in "abcd":
        await store.add_terminal(name, f"till {name}", bytes(32), NOW - 10)
    await registry.describe("a", {"shop": "门店 1", "merchant": "M", "region": "华东", "tags": ["gold", "x"]}, WHO)
    await registry.describe("b", {"shop": "门店 2", "merchant": "N", "region": "华北", "tags": ["x"]}, WHO)
    await store.commit(told("a", NOW - 60, iccid="898600111", operator="CMCC", rsrp_dbm=-80.4, used_bytes=50,
                            quota_bytes=100, expires_on="2026-12-31", technology="lte", cell="X"))  # fmt: skip
    await store.commit(told("b", NOW - 90_000, code="plan.expired", iccid="898600222", operator="CU", rsrp_dbm=-110,
                            used_bytes=99, quota_bytes=100, expires_on="2026-09-20"))  # fmt: skip
    await store.commit(told("d", NOW - 900 - 460, iccid="898600333", expires_on="2026-09-30"))
    roster = Roster(store, RULES, lambda: float(NOW))
    await roster.look()
    return roster


def names(store: SqlStore, sight: Sight = EVERYTHING, **wanted: Any) -> list[str]:
    async def ask() -> list[str]:
        await filled(store)
        return [name for name, _ in await Listing(store, sight, NOW, TODAY).page(Wanted(**wanted))]

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "abcd"), ({"q": "8600222"}, "b"), ({"q": "TILL A"}, "a"), ({"q": "门店 2"}, "b"), ({"q": "%"}, ""),
        ({"status": "up"}, "a"), ({"status": "silent"}, "b"), ({"status": "late"}, "d"), ({"status": "never"}, "c"),
        ({"verdict": "plan.expired"}, "b"), ({"verdict": "any"}, "b"), ({"merchant": "M"}, "a"),
        ({"region": "华北"}, "b"), ({"operator": "CMCC"}, "a"), ({"tag": "gold"}, "a"), ({"tag": "x"}, "ab"),
        ({"tag": "gol"}, ""),
        ({"ends": "overdue"}, "b"), ({"ends": "14"}, "d"), ({"ends": "later"}, "a"), ({"ends": "unknown"}, "c"),
        ({"sort": "used", "descending": True}, "badc"), ({"sort": "ends"}, "bdac"),
        ({"sort": "heard", "descending": True}, "adbc"), ({"sort": "signal"}, "bacd"),
        ({"sort": "status"}, "bdac"), ({"sort": "name", "descending": True}, "dcba"),
    ],
)  # fmt: skip
def test_terminals_are_found_by_what_is_asked_for(store: SqlStore, wanted: dict[str, Any], expected: str) -> None:
    assert "".join(names(store, **wanted)) == expected


def test_everything_is_narrowed_to_what_somebody_sees(store: SqlStore) -> None:
    async def ask() -> None:
        await filled(store)
        seen = Listing(store, Sight(regions=frozenset({"华东"})), NOW, TODAY)
        nothing = Listing(store, Sight(), NOW, TODAY)
        assert [name for name, _ in await seen.page(Wanted())] == ["a"]
        assert await seen.count(Wanted()) == 1
        assert await seen.choices("merchant") == ["M"]
        assert sum((await seen.by_status()).values()) == 1
        assert await seen.page(Wanted(tag="x")) == [("a", Key("a", "a"))]
        assert (await nothing.page(Wanted()), await nothing.choices("region")) == ([], [])

    asyncio.run(ask())


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_by_key_hold_everybody_once(store: SqlStore, sort: str, *, descending: bool) -> None:
    async def ask() -> list[str]:
        await filled(store)
        listing, found, after = Listing(store, EVERYTHING, NOW, TODAY), [], None
        while page := await listing.page(Wanted(sort=sort, descending=descending), after, 1):
            after = page[-1][1]
            found.append(page[0][0])
        return found

    assert sorted(asyncio.run(ask())) == list("abcd")


def test_nonsense_for_a_place_in_the_list_is_its_beginning(store: SqlStore) -> None:
    async def ask() -> int:
        await filled(store)
        return len(await Listing(store, EVERYTHING, NOW, TODAY).page(Wanted(sort="heard"), Key("<b>", "x")))

    assert asyncio.run(ask()) == 4


def test_the_status_is_what_the_fleet_says(store: SqlStore) -> None:
    async def ask() -> None:
        await filled(store)
        chance = random.Random(1)
        for _ in range(20):
            now = NOW + chance.randrange(0, 8000)
            listing = Listing(store, EVERYTHING, now, TODAY)
            for row in await store.terminals():
                status = fleet.status(row.heard, now, RULES)
                assert row.terminal in [name for name, _ in await listing.page(Wanted(status=status))]

    asyncio.run(ask())


def test_the_roster_follows_what_is_heard_changed_and_revoked(store: SqlStore) -> None:
    async def ask() -> None:
        roster = await filled(store)
        listing = Listing(store, EVERYTHING, NOW, TODAY)
        await store.commit(told("a", NOW, 2, code="sim.absent"))
        await Registry(store).describe("c", {"shop": "new shop"}, WHO)
        await store.revoke("d", NOW)
        await store.add_terminal("e", "", bytes(32), 0)
        assert await roster.freshen() == 4
        assert [name for name, _ in await listing.page(Wanted(verdict="sim.absent"))] == ["a"]
        assert [name for name, _ in await listing.page(Wanted(q="new shop"))] == ["c"]
        assert [name for name, _ in await listing.page(Wanted())] == list("abce")
        assert await roster.freshen() == 0

    asyncio.run(ask())


def test_other_rules_make_the_roster_anew(store: SqlStore) -> None:
    async def ask() -> None:
        await filled(store)
        patient = Roster(store, Rules(grace_share=50.0), lambda: float(NOW))
        assert await patient.freshen() == 3
        found = await Listing(store, EVERYTHING, NOW, TODAY).page(Wanted(status="late"))
        assert found == []

    asyncio.run(ask())


def test_a_large_fleet_is_looked_at_by_the_chore_and_not_by_each_reader(store: SqlStore) -> None:
    async def ask() -> None:
        roster = await filled(store)
        roster.size = SMALL + 1
        await store.commit(told("a", NOW, 2, code="sim.absent"))
        await roster.look()
        assert await Listing(store, EVERYTHING, NOW, TODAY).count(Wanted(verdict="sim.absent")) == 0

    asyncio.run(ask())


HOSTILE = {"cell": ["x"], "rsrp_dbm": True, "used_bytes": -4, "quota_bytes": "9", "expires_on": "9999-99-99",
           "technology": 7, "imei": {}, "operator": "\u202e" + "x" * 5000}  # fmt: skip


def test_a_hostile_heartbeat_makes_an_ordinary_row(store: SqlStore) -> None:
    async def ask() -> None:
        await store.add_terminal("z", "", bytes(32), NOW)
        await store.commit(told("z", NOW, **HOSTILE))
        await Roster(store, RULES, lambda: float(NOW)).freshen()
        ((operator, rsrp, used, percent),) = await store.read("SELECT operator, rsrp, used, percent FROM roster")
        assert (len(operator), rsrp, used, percent) == (200, 0, -1, -1)

    asyncio.run(ask())
