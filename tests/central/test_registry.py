"""Terminals, plans and cards as people keep them, on both databases; every change leaves a line."""

import asyncio
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from central.registry import BadValue, Registry, Who, sheet_row
from central.store.base import StoreRefused
from central.store.core import SqlStore
from tests.central.databases import KINDS, store_of

T = TypeVar("T")
ALICE = Who("alice", 1000)
CARD, OTHER = "89860000000000000001", "89860000000000000002"


def wait(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with store_of(request.param, tmp_path) as made:
        for name in ("t-1", "t-2", "t-3"):
            wait(made.add_terminal(name, "", b"1", 0))
        yield made


@pytest.fixture
def registry(store: SqlStore) -> Registry:
    return Registry(store)


def actions(registry: Registry, **only: str) -> list[tuple[str, str, str]]:
    return sorted((line.action, line.kind, line.object) for line in wait(registry.trail(**only)))


def test_a_terminal_is_described_and_found_by_place_and_tag(registry: Registry) -> None:
    wait(
        registry.describe("t-1", {"merchant": "Acme", "shop": "人民路", "tags": ["vip", "24h"], "name": "1号机"}, ALICE)
    )
    wait(registry.describe("t-2", {"merchant": "Acme", "tags": "vi_p%"}, ALICE))
    found = wait(registry.asset("t-1"))
    assert found is not None
    assert (found.name, found.shop, found.tags) == ("1号机", "人民路", ("24h", "vip"))
    assert [one.terminal for one in wait(registry.assets(merchant="Acme"))] == ["t-1", "t-2"]
    assert [one.terminal for one in wait(registry.assets(tag="vip"))] == ["t-1"]
    assert [one.terminal for one in wait(registry.assets(tag="vi_p%"))] == ["t-2"]
    assert [one.terminal for one in wait(registry.assets(after="t-1"))] == ["t-2", "t-3"]


def test_a_change_tells_what_was_and_what_is(registry: Registry) -> None:
    wait(registry.describe("t-1", {"shop": "north"}, ALICE))
    wait(registry.describe("t-1", {"shop": "south"}, Who("bob", 2000)))
    wait(registry.describe("t-1", {"shop": "south"}, Who("bob", 3000)))
    first, second = wait(registry.trail(kind="terminal", name="t-1"))
    assert (first.who, first.at, first.action, first.detail) == ("bob", 2000, "moved", {"shop": ["north", "south"]})
    assert second.action == "changed"


def test_a_retired_terminal_is_out_and_its_card_is_spare(registry: Registry, store: SqlStore) -> None:
    wait(registry.put_card(CARD, {}, ALICE))
    wait(registry.place(CARD, "t-1", ALICE))
    wait(registry.retire("t-1", ALICE))
    card, credential = wait(registry.card(CARD)), wait(store.credential("t-1"))
    assert card is not None
    assert credential is not None
    assert (card.state, card.terminal, credential.revoked) == ("spare", None, True)
    assert [one.terminal for one in wait(registry.assets())] == ["t-2", "t-3"]
    assert len(wait(registry.assets(retired=True))) == 3


def test_a_terminal_has_one_card(registry: Registry) -> None:
    for iccid in (CARD, OTHER):
        wait(registry.put_card(iccid, {"batch": "2026-11"}, ALICE))
        wait(registry.place(iccid, "t-1", ALICE))
    assert [(one.iccid, one.state) for one in wait(registry.cards())] == [(CARD, "spare"), (OTHER, "in_use")]
    assert [one.iccid for one in wait(registry.cards(state="in_use"))] == [OTHER]
    assert wait(registry.batches()) == {"t-1": "2026-11"}
    assert ("taken_out", "card", CARD) in actions(registry, kind="card")


def test_a_card_moves_from_one_terminal_to_another(registry: Registry) -> None:
    wait(registry.put_card(CARD, {}, ALICE))
    wait(registry.place(CARD, "t-1", ALICE))
    wait(registry.place(CARD, "t-2", ALICE))
    found = [wait(registry.asset(name)) for name in ("t-1", "t-2")]
    assert [one and one.iccid for one in found] == [None, CARD]


def test_a_retired_card_stays_out(registry: Registry) -> None:
    wait(registry.put_card(CARD, {}, ALICE))
    wait(registry.retire_card(CARD, ALICE))
    with pytest.raises(StoreRefused, match="retired"):
        wait(registry.place(CARD, "t-1", ALICE))


def test_plans_are_kept(registry: Registry) -> None:
    wait(registry.put_plan("iot-30", {"carrier": "CMCC", "quota_mb": 30, "price": "3.00"}, ALICE))
    wait(registry.put_plan("iot-30", {"months": 12}, ALICE))
    (plan,) = wait(registry.plans())
    assert (plan.carrier, plan.quota_mb, plan.months, plan.price) == ("CMCC", 30, 12, "3.00")
    assert wait(registry.put_card(CARD, {"plan": "iot-30"}, ALICE)).plan == "iot-30"


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r.describe("t-1", {"imei": "12"}, ALICE),
        lambda r: r.describe("t-1", {"secret": "x"}, ALICE),
        lambda r: r.describe("t-1", {"name": "x" * 300}, ALICE),
        lambda r: r.describe("t-1", {"name": 7}, ALICE),
        lambda r: r.describe("t-1", {"tags": {"a": 1}}, ALICE),
        lambda r: r.put_card("123", {}, ALICE),
        lambda r: r.put_card(CARD, {"plan": "none"}, ALICE),
        lambda r: r.put_card(CARD, {"expires_on": "soon"}, ALICE),
        lambda r: r.put_plan("a b", {}, ALICE),
        lambda r: r.put_plan("a", {"quota_mb": "30"}, ALICE),
        lambda r: r.put_plan("a", {"price": "three"}, ALICE),
    ],
)
def test_a_value_that_cannot_be_is_refused(registry: Registry, change: Any) -> None:
    with pytest.raises(BadValue):
        wait(change(registry))
    assert wait(registry.trail()) == []


def test_a_sheet_comes_in_whole(registry: Registry) -> None:
    rows = [
        (2, {"terminal": "t-1", "shop": "north", "tags": "vip; 24h", "iccid": CARD}),
        (3, {"terminal": "new-1", "name": "新机"}),
        (4, {"terminal": "t-2", "shop": ""}),
    ]
    checked = wait(registry.bring_in(rows, ALICE, only_check=True))
    assert (checked.created, checked.changed, checked.same, checked.errors) == (1, 1, 1, ())
    assert wait(registry.asset("new-1")) is None
    done = wait(registry.bring_in(rows, ALICE))
    assert done == checked
    again = wait(registry.bring_in(rows, ALICE))
    assert (again.created, again.changed, again.same) == (0, 0, 3)
    found = wait(registry.asset("t-1"))
    assert found is not None
    assert sheet_row(found) | {"name": ""} == {
        "terminal": "t-1", "name": "", "merchant": "", "shop": "north", "region": "", "tags": "24h, vip", "note": "",
        "imei": "", "address": "", "contact": "", "iccid": CARD,
    }  # fmt: skip


def test_one_wrong_row_holds_up_the_sheet_and_is_named(registry: Registry) -> None:
    rows = [(2, {"terminal": "t-1", "shop": "north"}), (3, {"terminal": "t-2", "imei": "x"}), (4, {"terminal": "t-1"})]
    done = wait(registry.bring_in(rows, ALICE))
    assert [error.split(":")[0] for error in done.errors] == ["row 3", "row 4"]
    found = wait(registry.asset("t-1"))
    assert found is not None
    assert found.shop == ""
