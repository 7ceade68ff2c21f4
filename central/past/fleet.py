"""A small fleet that never was, with two weeks behind it: shops in four regions, cards that end, a carrier's cell that
failed this morning, signal that fades, a card that was swapped, a renewal desk at work (desk.py).

`posagent demo` and the README's pictures are of it, and the browser tests walk through it. It is told through the
centre's own ways in, by a clock of its own, into a database that nobody serves yet.
"""

import json
from collections.abc import Sequence

from central.config import Settings
from central.incidents import Incidents, Outcome
from central.orders import new_directive
from central.past import desk
from central.past.terminals import DAY, EXPIRED, HOUR, TERMINALS, Told, iccid_of, said
from central.receive import delivery, read_batch
from central.registry import Registry, Who
from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.watch import Watch

REGIONS = ("华东", "华北", "华南", "西南")


async def tell(store: SqlStore, settings: Settings, now: int) -> Outcome:
    """Everything up to `now`, into a database without terminals. Raises StoreRefused: there are some."""
    if await store.terminals(limit=1):
        raise StoreRefused("there are terminals already: the past of a fleet is told to a new database")
    await _fleet_model(Registry(store), now)
    told = [one for number in range(1, TERMINALS) for one in said(number, now)]
    for one in sorted(told, key=lambda one: one.at):
        await _heard(store, one)
        if one.records[-1]["type"] == "card":
            await looked(store, settings, one.at + 1)
    outcome = await looked(store, settings, now)
    await _asked(store, now)
    await desk.tell(store, settings, now)
    return outcome


async def looked(store: SqlStore, settings: Settings, now: int) -> Outcome:
    """The chores as they would have run: nobody was away meanwhile."""
    await store.write(lambda session: session.run("UPDATE pulse SET at = ? WHERE id = 1", (now - 10,)))
    await Watch(store, settings.fleet.rules, settings.fleet.zone).sweep(now)
    return await Incidents(store).look(now, await Registry(store).batches())


async def _heard(store: SqlStore, told: Told) -> None:
    body = {"v": 1, "epoch": f"{int(told.terminal[4:]):016x}", "sent_at": told.at, "records": told.records}
    await store.commit(delivery(told.terminal, read_batch(json.dumps(body).encode()), told.at))


async def _fleet_model(registry: Registry, now: int) -> None:
    who = Who("operator", now - 15 * DAY)
    year = {"name": "物联网 30 MB", "carrier": "CMCC", "quota_mb": 30, "months": 12, "price": "36.00"}
    month = {"name": "物联网 100 MB", "carrier": "CHN-UNICOM", "quota_mb": 100, "months": 1, "price": "5.00"}
    await registry.put_plan("iot-30m", year, who)
    await registry.put_plan("iot-100m", month, who)
    await registry.bring_in(_numbered([_place(number) for number in range(1, TERMINALS + 1)]), who)
    await registry.bring_in_cards(_numbered([_card(number) for number in range(1, TERMINALS + 1)]), who)


def _numbered(rows: Sequence[dict[str, str]]) -> list[tuple[int, dict[str, str]]]:
    """As a sheet has them."""
    return list(enumerate(rows, start=2))


def _place(number: int) -> dict[str, str]:
    shop = (number - 1) // 3 + 1
    return {
        "terminal": f"pos-{number:04}", "name": f"收银 {number % 3 + 1} 号", "merchant": f"商户 {'ABC'[shop % 3]}",
        "shop": f"门店 {shop:02}", "region": REGIONS[shop % 4], "tags": "试点" if number % 8 == 0 else "",
        "iccid": iccid_of(number),
    }  # fmt: skip


def _card(number: int) -> dict[str, str]:
    plan = "iot-100m" if number % 5 == 0 else "iot-30m"
    return {"iccid": iccid_of(number), "plan": plan, "batch": f"2026-0{number % 3 + 1}"}


async def _asked(store: SqlStore, now: int) -> None:
    balance = new_directive(EXPIRED, "ask-balance", {}, now - 2 * HOUR, 7 * DAY, "operator")
    diag = new_directive(EXPIRED, "run-diag", {"lang": "zh"}, now - HOUR, 7 * DAY, "operator")
    await store.send_directives([balance, diag], 32)
