"""`/`: who is up, late or down and by what cause, what changed, what runs out. Kept fresh in an open page."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import words
from central.console import charts, pools
from central.console.desk_frame import look
from central.console.incidents import seen_incidents
from central.console.shared import COUNTED_FOR_S, Console
from central.listing import AWAY, STATUS, STATUSES, Listing, Status
from central.renewals.office import Office
from central.store.database import Row

HOUR_S = 3600
SHOWN = 12
POOLS_FOR_S = LADDER_FOR_S = 60.0
_OVERVIEW = "SELECT r.verdict, r.severity, count(*) FROM roster r WHERE {seen} GROUP BY 1, 2"
_AWAY = f"""SELECT r.verdict || '', r.severity || '', {STATUS}, count(*) FROM roster r
WHERE {{seen}} AND {AWAY} GROUP BY 1, 2, 3"""  # noqa: S608 - ours
"""In the order of the rows, not of the index by verdict: few are away, and those of one verdict lie far apart."""
_FLIPS = """SELECT f.terminal, f.at, f.state, f.previous, r.name, r.shop FROM flips f
JOIN roster r ON r.terminal = f.terminal WHERE f.at >= :since AND {seen} ORDER BY f.at DESC, f.terminal LIMIT :most"""
_FLIPPED = """SELECT f.state, count(*) FROM flips f JOIN roster r ON r.terminal = f.terminal
WHERE f.at >= :since AND {seen} GROUP BY 1"""
_VERDICTS = """SELECT r.terminal, r.changed_at, r.verdict, r.severity, r.name, r.shop FROM roster r
WHERE r.changed_at >= :since AND {seen} ORDER BY r.changed_at DESC, r.terminal LIMIT :most"""
_RANK = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How many terminals have this verdict, by status."""

    code: str
    severity: str
    by_status: dict[Status, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True)
class Overview:
    statuses: dict[Status, int]
    faults: int
    """Heard in time, and yet not well."""
    causes: list[CauseCount]

    @property
    def total(self) -> int:
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True)
class Happened:
    """Something of the last hour: a flip, or a new verdict."""

    terminal: str
    at: int
    kind: str
    """`flip` or `verdict`."""
    what: str
    was: str
    """The state before, or the severity of a verdict."""
    name: str
    shop: str


async def overview(listing: Listing) -> Overview:
    """Who is up is counted as who is left: it is nearly everybody."""
    seen, values = listing.seen()
    away = await listing.rows(_AWAY.format(seen=seen), values)
    left = {(row[0], row[1]): row[2] for row in await listing.rows(_OVERVIEW.format(seen=seen), values)}
    for verdict, severity, _, count in away:
        left[verdict, severity] = left.get((verdict, severity), count) - count
    up = [(verdict, severity, "up", count) for (verdict, severity), count in left.items() if count > 0]
    return of_counts([*up, *away])


def of_counts(rows: Sequence[Row]) -> Overview:
    """Of (verdict, severity, status, count)."""
    statuses = dict.fromkeys(STATUSES, 0)
    causes: dict[str, CauseCount] = {}
    for verdict, severity, status, count in rows:
        statuses[status] += count
        if verdict not in ("", "ok") or status in ("late", "silent"):
            code = verdict if verdict not in ("", "ok") else "not_heard"
            cause = causes.setdefault(code, CauseCount(code, severity if verdict != "ok" else "", {}))
            cause.by_status[status] = cause.by_status.get(status, 0) + count
    faults = sum(row[3] for row in rows if row[0] not in ("", "ok") and row[2] == "up")
    ordered = sorted(causes.values(), key=lambda cause: (_RANK.get(cause.severity, 3), -cause.total, cause.code))
    return Overview(statuses, faults, ordered)


async def happened(listing: Listing, since: int) -> list[Happened]:
    """Newest first, at most SHOWN."""
    seen, values = listing.seen()
    values = values | {"since": since, "most": SHOWN}
    flips = [Happened(row[0], row[1], "flip", row[2], row[3], row[4], row[5])
             for row in await listing.rows(_FLIPS.format(seen=seen), values)]  # fmt: skip
    verdicts = [Happened(row[0], row[1], "verdict", row[2], row[3], row[4], row[5])
                for row in await listing.rows(_VERDICTS.format(seen=seen), values)]  # fmt: skip
    return sorted((*flips, *verdicts), key=lambda one: (-one.at, one.terminal))[:SHOWN]


async def near_end(office: Office, listing: Listing) -> list[pools.Pool]:
    return await pools.near_end(listing, await office.pools(listing.sight))


async def flipped(listing: Listing, since: int) -> dict[str, int]:
    seen, values = listing.seen()
    return dict(await listing.rows(_FLIPPED.format(seen=seen), values | {"since": since}))


@dataclass(frozen=True, slots=True)
class Now:
    console: Console
    office: Office

    def routes(self) -> list[Route]:
        return [self.console.page("/", "see", self.show)]

    async def show(self, request: Request) -> Response:
        console, since = self.console, int(self.console.wall()) - HOUR_S
        await console.roster.look()
        await look(console, self.office)
        listing, office = console.listing(request), self.office
        seen = await console.counted(request, "overview", lambda: overview(listing), COUNTED_FOR_S)
        lang = console.frame.lang(request)
        return console.frame.page(
            request, "now.html", seen=seen,
            ladder=await console.counted(request, "ladder", lambda: office.ladder(listing.sight), LADDER_FOR_S),
            incidents=await seen_incidents(listing, open_only=True),
            happened=await console.counted(request, "happened", lambda: happened(listing, since), COUNTED_FOR_S),
            flipped=await flipped(listing, since), since=since,
            pools=await console.counted(request, "pools", lambda: near_end(self.office, listing), POOLS_FOR_S),
            stack=charts.stack([(words.word(status, lang), seen.statuses[status], status) for status in STATUSES]),
        )  # fmt: skip
