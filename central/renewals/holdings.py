"""Cards in terminals, as rows of the database: what ends when, who is being renewed, the ladder."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from central.accounts.sight import Sight, where
from central.numbers import same_card
from central.renewals.records import OPEN_STATES
from central.renewals.worklist import RUNGS, Holding, Known, Open, Rung, due
from central.store.core import SqlStore

MOST = 20_000
"""Rows of a worklist; the most urgent ones."""
_COLUMNS = """t.id, t.name, coalesce(a.merchant, ''), coalesce(a.shop, ''), coalesce(a.region, ''),
coalesce(o.iccid, ''), coalesce(c.iccid, ''), coalesce(c.msisdn, ''), coalesce(c.account, ''), coalesce(c.pool, ''),
c.plan, coalesce(o.carrier, ''), o.expires_on, c.expires_on, o.runs_out_on, o.early, o.late"""
_FROM = """FROM terminals t LEFT JOIN assets a ON a.terminal = t.id LEFT JOIN outlook o ON o.terminal = t.id
LEFT JOIN cards c ON c.terminal = t.id AND c.state = 'in_use' WHERE t.revoked_at IS NULL AND a.retired_at IS NULL"""
_ENDING = """t.id IN (SELECT terminal FROM outlook WHERE expires_on <= :until
UNION SELECT terminal FROM outlook WHERE runs_out_on <= :until
UNION SELECT terminal FROM cards WHERE state = 'in_use' AND expires_on <= :until)"""
_HOLDINGS = f"""SELECT {_COLUMNS} {_FROM} AND {{seen}} AND {_ENDING}
ORDER BY least(coalesce(o.expires_on, c.expires_on, '9999'), coalesce(o.runs_out_on, '9999')), t.id LIMIT :limit"""
_HOLDING = f"SELECT {_COLUMNS} {_FROM} AND {{seen}} AND t.id = :terminal"
_UNKNOWN = f"""SELECT count(*) {_FROM} AND {{seen}} AND coalesce(o.expires_on, c.expires_on) IS NULL
AND (o.iccid <> '' OR c.iccid IS NOT NULL)"""
_OPEN = f"SELECT iccid, id, state, batch FROM renewals WHERE state IN ({OPEN_STATES})"  # noqa: S608 - ours
_END = """CASE WHEN o.expires_on IS NOT NULL THEN o.expires_on
WHEN coalesce(o.iccid, '') NOT IN ('', c.iccid) AND (length(o.iccid) = length(c.iccid)
OR substr(o.iccid, 1, 19) <> substr(c.iccid, 1, 19)) THEN NULL ELSE c.expires_on END"""
"""As `holding` has it: what is on record of another card than the one that is in says nothing (same_card)."""
_COVERED = f"""EXISTS (SELECT 1 FROM renewals r WHERE r.terminal = t.id AND r.state = 'proved' AND r.settled_at > :since
AND (r.period = {_END} OR r.period = substr(o.runs_out_on, 1, 7)))"""  # noqa: S608 - ours
_COVERS = f"""SELECT t.iccid, t.period, coalesce(t.new_end, '') FROM renewals t WHERE t.state = 'proved'
AND t.settled_at > :since AND (:until = '9999-12-31' OR {_ENDING.replace("t.id", "t.terminal")})"""  # noqa: S608 - ours
_BY_END = f"""SELECT {_END}, o.runs_out_on, count(*) {_FROM} AND {{seen}} AND {_ENDING} AND NOT {_COVERED}
GROUP BY 1, 2"""
_RENEWED = f"""SELECT {_COLUMNS} {_FROM} AND {{seen}} AND {_ENDING} AND {_COVERED} LIMIT :limit"""
MONTH_DAYS = 30


@dataclass(frozen=True, slots=True)
class Holdings:
    store: SqlStore

    async def near(self, until: str, sight: Sight) -> list[Holding]:
        """Those of which something ends until that day; the most urgent MOST."""
        seen, values = where(sight, "t.id")
        rows = await self.store.read(_HOLDINGS.format(seen=seen), values | {"until": until, "limit": MOST})
        return [holding(row) for row in rows]

    async def of(self, terminal: str, sight: Sight) -> Holding | None:
        seen, values = where(sight, "t.id")
        rows = await self.store.read(_HOLDING.format(seen=seen), values | {"terminal": terminal})
        return holding(rows[0]) if rows else None

    async def unknown(self, sight: Sight) -> int:
        """Cards of which nobody knows the end."""
        seen, values = where(sight, "t.id")
        return int((await self.store.read(_UNKNOWN.format(seen=seen), values))[0][0])

    async def open(self) -> dict[str, Open]:
        """Renewals under way, by ICCID."""
        return {row[0]: Open(*row[1:]) for row in await self.store.read(_OPEN)}

    async def covers(self, since: int, until: str) -> dict[tuple[str, str], str]:
        """(ICCID, period) → the new end, of renewals proved since, of cards of which something ends until that day."""
        rows = await self.store.read(_COVERS, {"since": since, "until": until})
        return {(row[0], row[1]): row[2] for row in rows}

    async def ladder(self, known: Known, since: int, sight: Sight) -> dict[Rung, int]:
        """How many end when, within MONTH_DAYS: counted by day in the database, but for cards that were renewed since,
        which are looked at one by one.
        """
        seen, values = where(sight, "t.id")
        until = (known.today + timedelta(days=MONTH_DAYS)).isoformat()
        values |= {"until": until, "since": since}
        counted: Counter[Rung] = Counter()
        for told_end, data_on, count in await self.store.read(_BY_END.format(seen=seen), values):
            found = due(Holding("", told_end=told_end, data_on=data_on), known)
            if found is not None:
                counted[found.rung] += count
        for row in await self.store.read(_RENEWED.format(seen=seen), values | {"limit": MOST}):
            found = due(holding(row), known)
            if found is not None:
                counted[found.rung] += 1
        return {rung: counted[rung] for rung in RUNGS if rung != "later"}


def holding(row: Sequence[Any]) -> Holding:
    terminal, name, merchant, shop, region, told, kept, msisdn, account, pool, plan, carrier, *ends = row
    made = Holding(
        terminal, name, merchant, shop, region, told or kept, kept, msisdn, account, pool, plan, carrier, *ends
    )
    if kept and told and not same_card(told, kept):  # what is on record is about another card
        return replace(made, msisdn="", account="", pool="", plan=None, kept_end=None)
    return made
