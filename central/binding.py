"""Cards that may be bound to the machine they were first in (机卡绑定): what to say before one goes into a terminal.

Chinese IoT cards are mostly bound to the first IMEI that used them; moved to another modem they are cut off (机卡分离)
until the carrier unbinds them. The centre does not know a card's terms, so it tells what it has seen: where the card
was before, and whether the carrier, or a renewal, spoke of another machine.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from central.accounts.sight import Sight
from central.registry import Registry
from central.store.core import SqlStore

Sign = Literal["was_in", "platform", "renewal"]
"""It was in another terminal · its platform says another machine · a renewal failed for that."""
_AT_ONCE = 500
_NOW = "SELECT iccid, terminal FROM cards WHERE terminal IS NOT NULL AND iccid IN ({places})"
_PLACED = """SELECT object, detail FROM audit WHERE kind = 'card' AND action IN ('placed', 'taken_out')
AND object IN ({places}) ORDER BY at DESC, id"""
_SAID = "SELECT iccid FROM card_facts WHERE iccid IN ({places}) AND (' ' || reasons || ' ') LIKE '% other_device %'"
_FAILED = "SELECT DISTINCT iccid FROM renewals WHERE reason = 'machine_lock' AND iccid IN ({places})"


@dataclass(frozen=True, slots=True)
class Bound:
    """Why a card may not work in the terminal it is to go into."""

    iccid: str
    sign: Sign
    terminal: str = ""
    """Where it was, if that may be told."""


async def warnings(store: SqlStore, wanted: Mapping[str, str], sight: Sight) -> list[Bound]:
    """`wanted`: ICCID → the terminal it is to go into. In the order given; nothing about cards that stay."""
    found: list[Bound] = []
    names = list(wanted)
    for first in range(0, len(names), _AT_ONCE):
        part = names[first : first + _AT_ONCE]
        places = ", ".join("?" * len(part))
        was = await _before(store, part, places, wanted)
        visible = await Registry(store).named([terminal for terminal in was.values() if terminal])
        for iccid in part:
            if (terminal := was.get(iccid)) is not None:
                asset = visible.get(terminal)
                seen = asset is not None and sight.sees(asset.merchant, asset.region, asset.tags)
                found.append(Bound(iccid, "was_in", terminal if seen else ""))
        said = await store.read(_SAID.format(places=places), part)
        failed = await store.read(_FAILED.format(places=places), part)
        found += [Bound(str(row[0]), "platform") for row in said] + [Bound(str(row[0]), "renewal") for row in failed]
    return found


async def of_rows(
    store: SqlStore, rows: Sequence[tuple[int, Mapping[str, str]]], sight: Sight
) -> list[Bound]:  # fmt: skip
    """Of a sheet with columns iccid and terminal."""
    wanted = {row["iccid"]: row["terminal"] for _, row in rows if row.get("iccid") and row.get("terminal")}
    return await warnings(store, wanted, sight)


async def _before(store: SqlStore, part: Sequence[str], places: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """The last other terminal that each card was in; cards that are where they are to be are left out."""
    now = {str(row[0]): str(row[1]) for row in await store.read(_NOW.format(places=places), part)}
    last = {iccid: terminal for iccid, terminal in now.items() if terminal != wanted[iccid]}
    for iccid, detail in await store.read(_PLACED.format(places=places), part):
        told = json.loads(detail).get("terminal")
        for terminal in reversed(told) if isinstance(told, list) else ():
            if isinstance(terminal, str) and terminal not in ("", wanted[iccid]):
                last.setdefault(iccid, terminal)
    return {iccid: terminal for iccid, terminal in last.items() if now.get(iccid) != wanted[iccid]}
