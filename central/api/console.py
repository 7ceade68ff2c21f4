"""What the console's pages show, as JSON: the overview, the list as it is searched, a terminal's drawings, reports."""

from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from central import view
from central.api import asked
from central.api.facts import ApiError, json_response
from central.availability import Tally
from central.console import health, history, now, reports
from central.console.charts import Point
from central.console.desk_frame import look
from central.console.incidents import incident_json, seen_incidents
from central.console.rows import ListRow, whole
from central.console.shared import Console
from central.console.terminals import after_of, rows_of, wanted_of
from central.listing import SORTS
from central.renewals.office import Office

HOUR_S = 3600
_RUNGS = {"overdue": "overdue", "week": "7", "fortnight": "14", "month": "30"}


@dataclass(frozen=True, slots=True)
class ConsoleApi:
    console: Console
    office: Office

    async def overview(self, request: Request) -> Response:
        console, since = self.console, int(self.console.wall()) - HOUR_S
        await console.roster.look()
        await look(console, self.office)
        listing = console.listing(request)
        seen, ladder = await now.overview(listing), await self.office.ladder(listing.sight)
        shown: dict[str, Any] = {
            "statuses": seen.statuses, "faults": seen.faults,
            "ladder": {_RUNGS[rung]: count for rung, count in ladder.items()},
            "causes": [asdict(cause) | {"total": cause.total} for cause in seen.causes],
            "last_hour": [asdict(one) | {"at": view.moment(one.at)} for one in await now.happened(listing, since)],
            "incidents": [incident_json(one) for one in await seen_incidents(listing, open_only=True)],
            "pools": [asdict(pool) | {"at": view.moment(pool.at)} for pool in await now.near_end(self.office, listing)],
        }  # fmt: skip
        return json_response(shown)

    async def search(self, request: Request) -> Response:
        """The same words in the URL as the page has; `after` and `after_value` as the answer's `next` gave them."""
        wanted, limit = wanted_of(request.query_params), asked.limit(request)
        if (sort := request.query_params.get("sort")) is not None and sort not in SORTS:
            raise ApiError(400, "bad_query", f"sort: one of {', '.join(SORTS)}")
        await self.console.roster.look()
        listing = self.console.listing(request)
        found = await listing.page(wanted, after_of(request), limit)
        shown = await rows_of(self.console, request, [terminal for terminal, _ in found])
        last = found[-1][1] if len(found) == limit else None
        following = last and {"after": last.terminal, "after_value": last.value}
        counts = await listing.by_status(wanted)
        return json_response({"terminals": [_row(row) for row in shown], "counts": counts, "next": following})

    async def signal(self, request: Request) -> Response:
        """RSRP by technology, and the medians of who last reported in the same one."""
        name, row = await self._one(request)
        beats = await history.beats(self.console.store, name, self._since(request))
        listing, technology, cell = self.console.listing(request), row.beat.get("technology"), row.beat.get("cell")
        known = isinstance(technology, str) and bool(technology)
        fleet = await history.median(listing, str(technology)) if known else None
        near = (
            await history.median(listing, str(technology), cell) if known and isinstance(cell, str) and cell else None
        )
        points = {name: _points(points) for name, points in history.by_technology(beats).items()}
        return json_response({"technologies": points, "median_fleet_dbm": fleet, "median_cell_dbm": near})

    async def usage(self, request: Request) -> Response:
        """Bytes used of the cycle, the quota, and the forecast with its range."""
        name, row = await self._one(request)
        points = history.usage(await history.beats(self.console.store, name, self._since(request)))
        ahead, quota = history.forecast(points), whole(row.beat.get("quota_bytes"))
        until = ahead.days_until(int(quota - points[-1][1])) if ahead and quota is not None else None
        named = until and dict(zip(("likely", "soonest", "latest"), until, strict=True))
        forecast = ahead and asdict(ahead) | {"days_until_used_up": named}
        return json_response({"used_bytes": _points(points), "quota_bytes": quota, "forecast": forecast})

    async def plan_facts(self, request: Request) -> Response:
        """Each fact as it was last told, with its source and age; and the cards that were in the slot."""
        name, _ = await self._one(request)
        store = self.console.store
        facts = history.facts(await history.changes_of(store, name, "plan_fact", 300))
        cards = history.cards(await history.changes_of(store, name, "card", 100))
        told = [asdict(one) | {"at": view.moment(one.at)} for one in facts]
        return json_response({"facts": told, "cards": [asdict(one) | {"at": view.moment(one.at)} for one in cards]})

    async def own_traffic(self, request: Request) -> Response:
        """What the agent itself cost the card, by day and purpose, and how it is."""
        name, row = await self._one(request)
        told = await history.daily(self.console.store, name, self._since(request))
        days = [{"day": day, "by_purpose": purposes, "total_bytes": total}
                for day, purposes, total in history.by_purpose(told)]  # fmt: skip
        known = [asdict(one) for one in health.of_days(told)]
        return json_response({"own_bytes": row.beat.get("own_bytes"), "days": days, "health": known})

    async def availability(self, request: Request) -> Response:
        month = request.query_params.get("month") or f"{self.console.today(request):%Y-%m}"
        if not reports.is_month(month):
            raise ApiError(400, "bad_query", "month: such as 2026-11")
        await self.console.roster.look()
        zone: ZoneInfo = self.console.frame.zone_of(request)
        made = await reports.of_month(self.console.listing(request), month, zone, int(self.console.wall()))
        groups = {kind: {name: _tally(one) for name, one in by.items()} for kind, by in made.groups.items()}
        causes = [{"cause": cause, "down_s": told[0], "silences": told[1], "terminals": told[2]}
                  for cause, told in made.causes.items()]  # fmt: skip
        days = [{"start": view.moment(start), "available_percent": share} for start, share in made.days]
        span = {"start": view.moment(made.start), "end": view.moment(made.end), "zone": zone.key}
        return json_response(span | {"whole": _tally(made.whole), "groups": groups, "causes": causes, "days": days})

    async def costs(self, request: Request) -> Response:
        """Cards in use by plan and what they cost a month, by the price list."""
        await self.console.roster.look()
        found = await reports.costs(self.console.listing(request))
        told = [asdict(one) | {"monthly": None if one.monthly is None else str(one.monthly)} for one in found]
        return json_response({"plans": told, "monthly": {name: str(sum_) for name, sum_ in reports.totals(found)}})

    async def _one(self, request: Request) -> tuple[str, ListRow]:
        name: str = request.path_params["terminal"]
        rows = await rows_of(self.console, request, [name]) if await self.console.sees(request, name) else []
        if not rows:
            raise ApiError(404, "not_found", "no such terminal")
        return name, rows[0]

    def _since(self, request: Request) -> int:
        return int(self.console.wall()) - asked.number(request, "days", 7, 0, 3660) * history.DAY_S


def _row(row: ListRow) -> dict[str, Any]:
    asset = {name: getattr(row.asset, name) for name in ("merchant", "shop", "region", "tags")}
    known = {"status": row.status, "days_left": row.days_left, "used_percent": row.percent}
    return view.terminal_json(row.view) | asset | known


def _points(points: list[Point]) -> list[dict[str, Any]]:
    return [{"at": view.moment(int(at)), "value": value} for at, value in points]


def _tally(one: Tally) -> dict[str, Any]:
    return {
        "terminals": one.terminals, "observed_s": one.observed_s, "down_s": one.down_s, "silences": one.silences,
        "available_percent": one.available, "worst_terminal": one.worst or None,
    }  # fmt: skip
