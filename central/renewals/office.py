"""What the desk looks at: the worklist and its ladder, who is paid for and still dead, stock, pools, plan fit, costs.

Every list is narrowed to what somebody sees in the database.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from central.accounts.sight import EVERYTHING, Sight, where
from central.config import Settings
from central.registry import BadValue, PlanRow, Registry, Who, audit
from central.renewals import layouts, outlook, records, rules
from central.renewals.days import Calendar, read_lines
from central.renewals.desk import Book
from central.renewals.follow import Rules
from central.renewals.holdings import MONTH_DAYS, MOST, Holdings
from central.renewals.outlook import cycle
from central.renewals.prices import Bulk, bulk, money, read_tiers
from central.renewals.records import SELECT, Pool, Renewal
from central.renewals.stock import MEGABYTE, PoolState, Spare
from central.renewals.stockroom import Stockroom
from central.renewals.use import Cycle, Fit, fit
from central.renewals.worklist import AHEAD_DAYS, Due, Known, Offer, Rung, due, horizon, worklist
from central.store.core import SqlStore
from central.store.database import Session

BULK_DAYS = 90
"""Who ends within so many days more can be ordered along."""
_WATCHED = f"""{SELECT} WHERE r.state IN ('paid', 'pending', 'failed') AND r.paid_at <= :until AND {{seen}}
ORDER BY r.paid_at, r.terminal, r.id LIMIT :limit"""
_STATES = """SELECT s.terminal, s.last_heard, CASE WHEN s.change_seq IS NOT NULL AND (s.change_epoch, s.change_seq)
> (s.heartbeat_epoch, s.heartbeat_seq) THEN s.change_code ELSE s.verdict END FROM terminal_state s
WHERE s.terminal IN ({names})"""
_CYCLES = """SELECT t.id, c.plan, d.iccid, d.began_on, d.last_on, d.used_bytes, d.quota_bytes FROM terminals t
JOIN cards c ON c.terminal = t.id AND c.state = 'in_use' AND c.plan IS NOT NULL
JOIN data_cycles d ON d.terminal = t.id AND d.iccid = c.iccid
WHERE {seen} ORDER BY t.id, d.began_on LIMIT :limit"""
_COSTS = """SELECT r.{group}, r.currency, count(*), r.amount FROM renewals r WHERE r.paid_at >= :since
AND r.paid_at < :before AND r.amount IS NOT NULL AND r.state <> 'void' AND {seen} GROUP BY 1, 2, 4"""
_COVERED_S = 800 * 86_400
_EVER = "9999-12-31"
_HOLIDAYS = "SELECT day, works, name FROM holidays ORDER BY day"
COST_GROUPS = ("carrier", "account", "plan", "merchant", "shop", "batch")


@dataclass(frozen=True, slots=True)
class Cost:
    group: str
    currency: str
    cards: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Dead:
    """Paid, and the terminal still cannot work."""

    renewal: Renewal
    verdict: str | None
    heard: int | None


@dataclass(frozen=True, slots=True)
class Offered:
    """What one plan's cards cost together."""

    carrier: str
    account: str
    offer: Offer
    bulk: Bulk


@dataclass(frozen=True, slots=True)
class Office:
    store: SqlStore
    settings: Settings
    wall: Callable[[], float]

    @property
    def book(self) -> Book:
        return Book(self.store)

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.fleet.zone

    def today(self) -> date:
        return datetime.fromtimestamp(self.wall(), self.zone).date()

    def day(self, moment: int | None) -> str | None:
        """The fleet's day of a moment."""
        return None if moment is None else datetime.fromtimestamp(moment, self.zone).date().isoformat()

    # -- what it is reckoned with -------------------------------------------------------------------------------------

    async def offers(self) -> dict[str, Offer]:
        return {row.id: offer_of(row) for row in await Registry(self.store).plans()}

    async def holidays(self) -> list[tuple[date, bool, str]]:
        return [(date.fromisoformat(row[0]), bool(row[1]), row[2]) for row in await self.store.read(_HOLIDAYS)]

    async def calendar(self) -> Calendar:
        return Calendar({day: works for day, works, _ in await self.holidays()})

    async def put_holidays(self, text: str, who: Who) -> int:
        """All days anew, of lines as central/renewals/days.py reads them. Raises BadValue."""
        try:
            days = read_lines(text)
        except ValueError as error:
            raise BadValue(str(error)) from None
        by_day = {day: (day.isoformat(), int(works), name) for day, works, name in days}
        await self.store.write(partial(_put_holidays, rows=sorted(by_day.values()), who=who))
        return len(by_day)

    async def rules(self) -> Rules:
        return Rules(await self.calendar(), await self.offers(), self.settings.renewals.lead_days, self.zone)

    def layouts(self) -> Mapping[str, layouts.Layout]:
        """Raises ConfigError."""
        return _layouts(self.settings)

    async def _known(self, until: str) -> Known:
        """For cards of which something ends until that day."""
        held, lead = Holdings(self.store), self.settings.renewals.lead_days
        covers = await held.covers(self._since(), until)
        return Known(self.today(), await self.calendar(), await self.offers(), await held.open(), covers, lead)

    def _since(self) -> int:
        """Renewals proved since then count."""
        return int(self.wall()) - _COVERED_S

    # -- lists --------------------------------------------------------------------------------------------------------

    async def worklist(self, within_days: int | None = None, sight: Sight = EVERYTHING) -> list[Due]:
        """Those that end, or are to be ordered, within so many days; the most urgent first, MOST at most."""
        days = self.settings.renewals.worklist_days if within_days is None else within_days
        known = await self._known((self.today() + timedelta(days=days + AHEAD_DAYS)).isoformat())
        held = await Holdings(self.store).near(horizon(known, within_days=days).isoformat(), sight)
        return await asyncio.to_thread(worklist, held, known, within_days=days)

    async def due(self, terminal: str, sight: Sight = EVERYTHING) -> Due | None:
        """How one terminal's card stands, however far away its end."""
        held = await Holdings(self.store).of(terminal, sight)
        return due(held, await self._known(_EVER)) if held else None

    async def ladder(self, sight: Sight = EVERYTHING) -> dict[Rung, int]:
        """How many end when, those already proved left out; whoever shows a ladder shows this one."""
        until = (self.today() + timedelta(days=MONTH_DAYS)).isoformat()
        return await Holdings(self.store).ladder(await self._known(until), self._since(), sight)

    async def unknown(self, sight: Sight = EVERYTHING) -> int:
        """Cards of which nobody knows the end."""
        return await Holdings(self.store).unknown(sight)

    async def look(self) -> None:
        """What terminals told meanwhile; a chore does it for large fleets. Raises StoreUnavailable."""
        await outlook.fold(self.store, self.zone)

    async def dead(self, sight: Sight = EVERYTHING, limit: int = 500) -> list[Dead]:
        """Paid a day ago or more, and the terminal still cannot work; the oldest first."""
        now = int(self.wall())
        seen, values = where(sight, "r.terminal")
        named = {"until": now - rules.DEAD_AFTER_S, "limit": min(limit, MOST)}
        found = [records.renewal(row) for row in await self.store.read(_WATCHED.format(seen=seen), values | named)]
        states = await self._states([one.terminal for one in found])
        looked = [Dead(one, *states.get(one.terminal, (None, None))) for one in found]
        return [
            one for one in looked
            if rules.is_dead(one.renewal.state, one.renewal.paid_at, now, verdict=one.verdict, heard=one.heard)
        ]  # fmt: skip

    # -- stock --------------------------------------------------------------------------------------------------------

    async def spares(self, sight: Sight = EVERYTHING, limit: int = 1000) -> list[Spare]:
        """Cards in stock that go stale; for those who see everything."""
        return await Stockroom(self.store, self.today()).spares(sight, min(limit, MOST))

    async def pools(self, sight: Sight = EVERYTHING) -> list[PoolState]:
        """With what is seen of their cards; pools without one of these are for those who see everything."""
        return await Stockroom(self.store, self.today()).pools(sight)

    async def put_pool(self, id_: str, fields: Mapping[str, Any], who: Who) -> Pool:
        """Raises BadValue."""
        return await Stockroom(self.store, self.today()).put_pool(id_, fields, who)

    # -- money --------------------------------------------------------------------------------------------------------

    async def fits(self, sight: Sight = EVERYTHING, limit: int = 500) -> list[Fit]:
        """Who should move to another plan; what is saved most first, then who needs more."""
        seen, values = where(sight, "t.id")
        rows = await self.store.read(_CYCLES.format(seen=seen), values | {"limit": MOST * 12})
        offers = await self.offers()
        return (await asyncio.to_thread(_fits, rows, offers))[:limit]

    async def bulks(self, sight: Sight = EVERYTHING) -> list[Offered]:
        """Where a few cards more reach a cheaper price for the whole order."""
        offers, soon = await self.offers(), self.settings.renewals.worklist_days
        if not any(one.tiers for one in offers.values()):
            return []
        counted: defaultdict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
        for one in await self.worklist(soon + BULK_DAYS, sight):
            if one.open is None and one.offer and one.offer.tiers:
                counted[(one.carrier, one.holding.account, one.holding.plan or "")][not one.is_near(soon)] += 1
        found = []
        for (carrier, account, plan), (urgent_ones, others) in sorted(counted.items()):
            offer = offers[plan]
            better = bulk(offer.price, offer.tiers, urgent_ones, others) if offer.price is not None else None
            if better is not None:
                found.append(Offered(carrier, account, offer, better))
        return found

    async def costs(self, since: int, before: int, group: str, sight: Sight = EVERYTHING) -> list[Cost]:
        """What was paid, by one of COST_GROUPS and currency; the most first."""
        if group not in COST_GROUPS:
            raise BadValue(f"group: one of {', '.join(COST_GROUPS)}")
        seen, values = where(sight, "r.terminal")
        named = {"since": since, "before": before}
        found: defaultdict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for name, currency, count, amount in await self.store.read(
            _COSTS.format(seen=seen, group=group), values | named
        ):
            sums = found[(name or "", currency)]
            sums[0] += count
            sums[1] += (money(amount) or 0) * count
        made = [Cost(name, currency, int(cards), amount) for (name, currency), (cards, amount) in found.items()]
        return sorted(made, key=lambda one: (-one.amount, one.group, one.currency))

    async def names(self, terminals: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for first in range(0, len(terminals), 500):
            part = terminals[first : first + 500]
            places = ", ".join("?" for _ in part)
            rows = await self.store.read(f"SELECT id, name FROM terminals WHERE id IN ({places})", part)  # noqa: S608
            found |= {str(row[0]): str(row[1]) for row in rows}
        return found

    async def _states(self, terminals: Sequence[str]) -> dict[str, tuple[str | None, int | None]]:
        found: dict[str, tuple[str | None, int | None]] = {}
        for first in range(0, len(terminals), 500):
            part = terminals[first : first + 500]
            rows = await self.store.read(_STATES.format(names=", ".join("?" for _ in part)), part)
            found |= {row[0]: (row[2], row[1]) for row in rows}
        return found


def offer_of(row: PlanRow) -> Offer:
    try:
        tiers = read_tiers(row.tiers)
    except ValueError:
        tiers = ()
    quota = row.quota_mb * MEGABYTE if row.quota_mb else None
    price = money(row.price) if row.price else None
    return Offer(
        row.id, row.name, row.carrier, quota, row.months, price, row.currency, tiers, row.lead_days, row.order_day
    )


def _fits(rows: Sequence[Sequence[Any]], offers: Mapping[str, Offer]) -> list[Fit]:
    cycles: defaultdict[tuple[str, str], list[Cycle]] = defaultdict(list)
    for terminal, plan, *rest in rows:
        cycles[(terminal, plan)].append(cycle(rest))
    found = []
    for (terminal, plan), mine in cycles.items():
        offer = offers.get(plan)
        better = fit(terminal, offer, offers.values(), mine[:-1]) if offer else None  # the last one is not over
        if better is not None:
            found.append(better)
    return sorted(found, key=lambda one: (one.direction == "larger", -one.saves, one.terminal))


def _layouts(settings: Settings) -> Mapping[str, layouts.Layout]:
    path = settings.renewals.layouts_path
    return layouts.LAYOUTS if path is None else layouts.read(path)


def _put_holidays(session: Session, rows: Sequence[tuple[str, int, str]], who: Who) -> None:
    session.run("DELETE FROM holidays")
    if rows:
        session.many("INSERT INTO holidays (day, works, name) VALUES (?, ?, ?)", rows)
    audit(session, who, "changed", "holidays", "holidays", {"days": len(rows)})
