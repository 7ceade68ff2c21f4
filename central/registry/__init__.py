"""What people say of the fleet: where terminals stand, which plans there are, which card is where. Every change leaves
a line in the audit trail, written in the same transaction: who, when, what it was and what it is.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from typing import Any

from central.accounts.sight import EVERYTHING, Sight, where
from central.registry import assets, cards, plans, sheets, trail
from central.registry.sheets import sheet_row
from central.registry.trail import audit
from central.registry.values import (
    ASSET_FIELDS,
    CARD_FIELDS,
    CARD_SHEET,
    CARD_STATES,
    PLAN_FIELDS,
    SHEET,
    Asset,
    AuditLine,
    BadValue,
    Card,
    Imported,
    Kind,
    PlanRow,
    Who,
)
from central.store.base import MAX_PAGE
from central.store.core import SqlStore

__all__ = [
    "ASSET_FIELDS",
    "CARD_FIELDS",
    "CARD_SHEET",
    "CARD_STATES",
    "PLAN_FIELDS",
    "SHEET",
    "Asset",
    "AuditLine",
    "BadValue",
    "Card",
    "Imported",
    "Kind",
    "PlanRow",
    "Registry",
    "Who",
    "audit",
    "sheet_row",
]


class Registry:
    """All changes raise StoreRefused (BadValue for a value) before anything is written, StoreUnavailable otherwise."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def asset(self, terminal: str, sight: Sight = EVERYTHING) -> Asset | None:
        seen, values = where(sight, "t.id")
        rows = await self._store.read(assets.SEEN_ONE.format(seen=seen), values | {"terminal": terminal})
        return assets.asset(rows[0]) if rows else None

    async def named(self, terminals: Sequence[str]) -> dict[str, Asset]:
        """Those of `terminals` that there are; at most MAX_PAGE."""
        wanted = tuple(terminals[:MAX_PAGE])
        if not wanted:
            return {}
        rows = await self._store.read(f"{assets.ASSET} WHERE t.id IN ({', '.join('?' * len(wanted))})", wanted)
        return {row[0]: assets.asset(row) for row in rows}

    async def assets(
        self, *, after: str = "", limit: int = 100, merchant: str = "", shop: str = "", region: str = "", tag: str = "",
        retired: bool = False, sight: Sight = EVERYTHING,
    ) -> list[Asset]:  # fmt: skip
        seen, named = where(sight, "t.id")
        quoted = json.dumps(tag, ensure_ascii=False).replace("!", "!!").replace("_", "!_").replace("%", "!%")
        values = {
            "after": after, "limit": min(limit, MAX_PAGE), "merchant": merchant, "shop": shop, "region": region,
            "tag": tag, "like": f"%{quoted}%", "retired": int(retired),
        }  # fmt: skip
        return [assets.asset(row) for row in await self._store.read(assets.PAGE.format(seen=seen), named | values)]

    async def sheet(self, sight: Sight = EVERYTHING) -> AsyncIterator[list[dict[str, str]]]:
        """All terminals as rows of SHEET, the retired ones too; a page at a time."""
        after = ""
        while page := await self.assets(after=after, limit=MAX_PAGE, retired=True, sight=sight):
            yield [sheet_row(row) for row in page]
            after = page[-1].terminal

    async def card_sheet(self, sight: Sight = EVERYTHING) -> AsyncIterator[list[dict[str, str]]]:
        """All cards as rows of CARD_SHEET but the retired ones; a page at a time."""
        after = ""
        while page := await self.cards(after=after, limit=MAX_PAGE, sight=sight):
            yield [{name: str(getattr(row, name) or "") for name in CARD_SHEET} for row in page
                   if row.state != "retired"]  # fmt: skip
            after = page[-1].iccid

    async def describe(self, terminal: str, fields: Mapping[str, Any], who: Who) -> Asset:
        """Some of ASSET_FIELDS become what `fields` says; the terminal as it then is."""
        return await self._store.write(partial(assets.describe, terminal=terminal, fields=dict(fields), who=who))

    async def retire(self, terminal: str, who: Who) -> None:
        """Out of use: its credential is refused, its card is spare, its history stays."""
        await self._store.write(partial(cards.retire, terminal=terminal, who=who))
        self._store.changed(terminal)

    async def plans(self) -> list[PlanRow]:
        return [PlanRow(*row) for row in await self._store.read(f"{plans.PLAN} ORDER BY id")]

    async def put_plan(self, plan: str, fields: Mapping[str, Any], who: Who) -> PlanRow:
        return await self._store.write(partial(plans.put_plan, plan=plan, fields=dict(fields), who=who))

    async def card(self, iccid: str, sight: Sight = EVERYTHING) -> Card | None:
        seen, values = where(sight, "cards.terminal")
        rows = await self._store.read(cards.SEEN_CARD.format(seen=seen), values | {"iccid": iccid})
        return Card(*rows[0]) if rows else None

    async def cards(
        self, *, after: str = "", limit: int = 100, state: str = "", plan: str = "", batch: str = "",
        sight: Sight = EVERYTHING,
    ) -> list[Card]:  # fmt: skip
        """Those in terminals in sight; spare ones are for those who see everything."""
        seen, values = where(sight, "cards.terminal")
        values |= {"after": after, "limit": min(limit, MAX_PAGE), "state": state, "plan": plan, "batch": batch}
        return [Card(*row) for row in await self._store.read(cards.CARDS.format(seen=seen), values)]

    async def put_card(self, iccid: str, fields: Mapping[str, Any], who: Who) -> Card:
        """A new card, or what is known of one."""
        return await self._store.write(partial(cards.put_card, iccid=iccid, fields=dict(fields), who=who))

    async def place(self, iccid: str, terminal: str | None, who: Who) -> Card:
        """Put a card into a terminal; None: take it out, it is spare. The one that was there becomes spare."""
        return await self._store.write(partial(cards.place, iccid=iccid, terminal=terminal, who=who))

    async def retire_card(self, iccid: str, who: Who) -> Card:
        return await self._store.write(partial(cards.retire_card, iccid=iccid, who=who))

    async def batches(self) -> dict[str, str]:
        """The batch of the card in each terminal."""
        return {row[0]: row[1] for row in await self._store.read(cards.BATCHES)}

    async def bring_in(
        self, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool = False
    ) -> Imported:
        """Rows of a sheet with columns of SHEET (`terminal` at least): all of them, or none when one has an error.

        A terminal nobody knew is made, without a credential yet. An empty cell means nothing is known.
        """
        done: Imported = await self._store.write(partial(sheets.bring_in, rows=rows, who=who, only_check=only_check))
        return done

    async def bring_in_cards(
        self, rows: Sequence[tuple[int, Mapping[str, str]]], who: Who, *, only_check: bool = False
    ) -> Imported:
        """Rows of a sheet with columns of CARD_SHEET (`iccid` at least): all of them, or none when one has an error.

        A card nobody knew is added; where a terminal is named, the card is in it. An empty cell means nothing is known.
        """
        return await self._store.write(partial(sheets.bring_in_cards, rows=rows, who=who, only_check=only_check))

    async def trail(
        self, *, kind: str = "", name: str = "", who: str = "", since: int = 0, before: int = 2**60,
        after: str = trail.LAST, limit: int = 100,
    ) -> list[AuditLine]:  # fmt: skip
        """Newest first; those before a moment, or of that moment and behind the line `after` in order."""
        values = {
            "kind": kind, "name": name, "who": who, "since": since, "before": before, "after": after,
            "limit": min(limit, MAX_PAGE),
        }  # fmt: skip
        return [AuditLine(*(*row[:6], json.loads(row[6]))) for row in await self._store.read(trail.TRAIL, values)]
