"""`/reports`: a month's availability per shop and carrier, what kept terminals away, what cards cost. Made to print."""

import asyncio
import heapq
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import handed, words
from central.availability import Book, Explained, Placed, Report, Tally, Turn
from central.console import charts
from central.console.shared import Console
from central.listing import Listing
from central.renewals.stock import MEGABYTE
from central.store.database import Row
from central.words import Lang, verdicts

GROUPS = ("shop", "merchant", "region", "operator")
SHOWN = 100
GOOD_FOR_S = 120.0
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z")
_FROM = """FROM roster r JOIN terminals t ON t.id = r.terminal
WHERE r.heard > 0 AND t.created_at < :until AND {seen}"""
_PLACED = f"SELECT r.terminal, t.created_at, {', '.join(f'r.{kind}' for kind in GROUPS)} {_FROM} AND r.terminal IN "
_EACH = "SELECT '{kind}', {kind}, count(*), sum(:until - since) FROM g GROUP BY {kind}"
_COUNTED = f"""WITH g AS (SELECT {", ".join(f"r.{kind}" for kind in GROUPS)}, greatest(t.created_at, :since) AS since
{_FROM}) SELECT '' AS kind, CAST(since AS text) AS name, count(*), 0 FROM g GROUP BY since UNION ALL
{" UNION ALL ".join(_EACH.format(kind=kind) for kind in GROUPS)}"""  # noqa: S608 - ours
"""Everybody by each kind of group, and by the moment since when: the database counts faster than we."""
_AT_ONCE = 500
_TURNS = """SELECT f.terminal, f.at, f.state, f.reason FROM flips f WHERE f.at >= :since AND f.at < :until AND {seen}
ORDER BY f.at, f.noticed_at"""
_BEGUN = """SELECT f.terminal, f.state FROM flips f JOIN (SELECT terminal, max(at) AS at FROM flips WHERE at < :since
GROUP BY terminal) last ON last.terminal = f.terminal AND last.at = f.at
WHERE f.state IN ('silent', 'up') AND {seen} ORDER BY f.noticed_at"""
_EXPLAINED = """SELECT m.terminal, m.joined_at, m.left_at, i.kind, i.value, i.opened_at FROM incident_members m
JOIN incidents i ON i.id = m.incident WHERE i.opened_at < :until AND (i.closed_at IS NULL OR i.closed_at > :since)
AND {seen}"""
_COSTS = """SELECT coalesce(p.id, ''), coalesce(p.name, ''), coalesce(p.carrier, g.operator), p.price, p.months,
p.currency, p.quota_mb, CAST(sum(g.cards) AS bigint), CAST(sum(g.used) AS bigint)
FROM (SELECT c.plan, r.operator, count(*) AS cards, sum(CASE WHEN r.used > 0 THEN r.used ELSE 0 END) AS used
FROM roster r LEFT JOIN cards c ON c.terminal = r.terminal AND c.state = 'in_use' WHERE {seen} GROUP BY 1, 2) g
LEFT JOIN plans p ON p.id = g.plan GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 8 DESC, 1, 3"""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cards of one plan in use."""

    plan: str
    name: str
    carrier: str
    cards: int
    monthly: Decimal | None
    """Of all of them; None where no price is known."""
    currency: str
    used: int
    quota: int | None


@dataclass(frozen=True, slots=True)
class ReportPages:
    console: Console

    def routes(self) -> list[Route]:
        page = self.console.page
        return [page("/reports", "see", self.show), page("/reports.{kind}", "see", self.export)]

    async def show(self, request: Request) -> Response:
        console, lang = self.console, self.console.frame.lang(request)
        month, by = self._month(request), _by(request)
        made = await self._report(request, month)
        ranked = made.groups.get(by, {})
        worst = heapq.nsmallest(SHOWN, ranked.items(), key=worst_first)
        listing = console.listing(request)
        found = await console.counted(request, "costs", lambda: costs(listing), GOOD_FOR_S)
        return console.frame.page(
            request, "reports.html", report=made, month=month, by=by, groups=GROUPS, ranked=worst,
            left_out=max(0, len(ranked) - SHOWN), causes=[(cause_title(code, lang), code, told)
                                                          for code, told in made.causes.items()],
            chart=self._chart(request, made), before=_next(month, -1), after=_next(month, 1),
            has_after=_next(month, 1) <= f"{console.today(request):%Y-%m}", costs=found, totals=totals(found),
        )  # fmt: skip

    async def export(self, request: Request) -> Response:
        """All groups of the table that is shown."""
        kind, by = request.path_params["kind"], _by(request)
        if kind not in handed.KINDS:
            return self.console.frame.problem(request, 404, "no_such_page")
        month = self._month(request)
        made = await self._report(request, month)
        rows = [_row(name, tally) for name, tally in sorted(made.groups.get(by, {}).items(), key=worst_first)]
        names = (by, "terminals", "available_percent", "down_s", "silences", "worst_terminal")
        lines = [dict(zip(names, row, strict=True)) for row in rows]
        return await handed.answer(f"availability-{month}-{by}", kind, names, handed.whole(lines))

    async def _report(self, request: Request, month: str) -> Report:
        await self.console.roster.look()
        listing, zone = self.console.listing(request), self.console.frame.zone_of(request)
        now = int(self.console.wall())
        return await self.console.counted(
            request, f"report {month} {zone.key}", lambda: of_month(listing, month, zone, now), GOOD_FOR_S
        )

    def _month(self, request: Request) -> str:
        """The one that is asked for, else this one."""
        asked = request.query_params.get("month", "")
        return asked if is_month(asked) else f"{self.console.today(request):%Y-%m}"

    def _chart(self, request: Request, made: Report) -> Markup:
        lang, zone = self.console.frame.lang(request), self.console.frame.zone_of(request)
        bars = [(f"{datetime.fromtimestamp(day, UTC).astimezone(zone):%m-%d}", 100 - share, tone(share))
                for day, share in made.days]  # fmt: skip
        says = words.word("down_by_day", lang)
        return charts.columns(bars, shown=lambda value: f"{value:g} %", says=says)


async def costs(listing: Listing) -> list[Cost]:
    """By plan and carrier, most cards first."""
    return [_cost(*row) for row in await _asked(listing, _COSTS, "r.terminal", {})]


def is_month(text: str) -> bool:
    return bool(_MONTH.match(text)) and "1971" < text < "2999"


async def of_month(listing: Listing, month: str, zone: ZoneInfo, now: int) -> Report:
    """The month as far as it has come."""
    days = [edge for edge in day_edges(month, zone) if edge < now]
    start, until = day_edges(month, zone)[0], min(day_edges(month, zone)[-1], now)
    values: dict[str, object] = {"since": start, "until": max(until, start)}
    book = await asyncio.to_thread(
        _book, await _asked(listing, _TURNS, "f.terminal", values), await _asked(listing, _BEGUN, "f.terminal", values),
        await _asked(listing, _EXPLAINED, "m.terminal", values), (start, max(until, start)),
        [day for day in days if day < until],
    )  # fmt: skip
    await asyncio.to_thread(_count, book, await _asked(listing, _COUNTED, "r.terminal", values))
    for first in range(0, len(silent := book.silent), _AT_ONCE):
        names = {f"name{place}": name for place, name in enumerate(silent[first : first + _AT_ONCE])}
        statement = f"{_PLACED} ({', '.join(f':{key}' for key in names)})"
        rows = await _asked(listing, statement, "r.terminal", values | names)
        await asyncio.to_thread(book.add, map(_placed, rows))
    return await asyncio.to_thread(book.report)


def _book(
    turns: Sequence[Row], begun: Sequence[Row], explained: Sequence[Row], span: tuple[int, int], edges: Sequence[int]
) -> Book:
    return Book(
        (Turn(row[0], row[1], row[2], _reason(row[3])) for row in turns),
        {row[0]: row[1] for row in begun},
        (Explained(row[0], min(row[1], row[5]), row[2], f"incident {row[3]} {row[4]}".strip()) for row in explained),
        span, edges,
    )  # fmt: skip


def _count(book: Book, rows: Sequence[Row]) -> None:
    for kind, name, terminals, observed_s in rows:
        if kind:
            book.count(kind, name, terminals, int(observed_s))
        else:
            book.joined(int(name), terminals)


def _placed(row: Row) -> Placed:
    return Placed(row[0], row[1], dict(zip(GROUPS, row[2:], strict=True)))


async def _asked(listing: Listing, statement: str, column: str, values: dict[str, object]) -> Sequence[Row]:
    seen, named = listing.seen_by(column)
    return await listing.rows(statement.format(seen=seen), values | named)


def day_edges(month: str, zone: ZoneInfo) -> list[int]:
    """Where the days of a month begin in that zone, and where the next month does."""
    first = date.fromisoformat(f"{month}-01")
    days = [first + timedelta(days=number) for number in range(32)]
    last = next(day for day in days if day.month != first.month)
    return [int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) for day in days if day <= last]


def worst_first(group: tuple[str, Tally]) -> tuple[float, str]:
    return (group[1].available if group[1].available is not None else 101.0, group[0])


def tone(share: float) -> str:
    return "good" if share >= 99 else "warn" if share >= 95 else "bad"


def cause_title(code: str, lang: Lang) -> str:
    """An incident's cause, a verdict's title, or nobody knows."""
    if code.startswith("incident "):
        _, kind, *value = code.split(" ", 2)
        return " ".join((words.word("incidents", lang), words.word(f"cause_{kind}", lang), *value))
    return verdicts.title(code, lang)


def totals(costs: Sequence[Cost]) -> list[tuple[str, Decimal]]:
    """Per currency."""
    found: dict[str, Decimal] = {}
    for one in costs:
        if one.monthly is not None:
            found[one.currency] = found.get(one.currency, Decimal(0)) + one.monthly
    return sorted(found.items())


def _cost(
    plan: str, name: str, carrier: str, price: str | None, months: int | None, currency: str | None,
    quota_mb: int | None, cards: int, used: int,
) -> Cost:  # fmt: skip
    monthly = None
    try:
        each = Decimal(price or "nan")
        monthly = (each / (months or 1) * cards).quantize(Decimal("0.01")) if each.is_finite() else None
    except InvalidOperation:
        pass
    quota = quota_mb * MEGABYTE * cards if quota_mb else None
    return Cost(plan, name, carrier or "", cards, monthly, currency or "", used, quota)


def _row(name: str, tally: Tally) -> tuple[str, ...]:
    share = "" if tally.available is None else f"{tally.available:.3f}"
    return name, str(tally.terminals), share, str(tally.down_s), str(tally.silences), tally.worst


def _reason(text: object) -> str:
    """The code of the surest of its last words."""
    found = re.search(r'"code": ?"([a-z_.]{1,64})"', text) if isinstance(text, str) else None
    return found[1] if found else ""


def _by(request: Request) -> str:
    return next((group for group in GROUPS if group == request.query_params.get("by")), "shop")


def _next(month: str, step: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + step
    return f"{number // 12:04}-{number % 12 + 1:02}"
