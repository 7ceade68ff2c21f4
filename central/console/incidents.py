"""`/incidents`: many silences with one cause; one of them with its members. Somebody who sees a part of the fleet sees
the incidents that part is in, and counts only his own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.causes import Cause
from central.console.shared import Console
from central.console.terminals import rows_of
from central.listing import Listing
from central.store.database import Row
from central.view import moment

PAGE = 50
MEMBERS = 200
_FAR = 2**50
_SEEN = """SELECT i.id, i.kind, i.value, i.opened_at, i.closed_at, count(*), sum(CASE WHEN m.left_at IS NULL
AND i.closed_at IS NULL THEN 1 ELSE 0 END) FROM incidents i JOIN incident_members m ON m.incident = i.id
JOIN terminals r ON r.id = m.terminal WHERE {which} AND {seen}
GROUP BY i.id, i.kind, i.value, i.opened_at, i.closed_at ORDER BY i.opened_at DESC, i.id LIMIT :most"""
_MEMBERS = """SELECT m.terminal, m.joined_at, m.left_at FROM incident_members m WHERE m.incident = :incident
AND m.terminal > :after AND {seen} ORDER BY m.terminal LIMIT :most"""


@dataclass(frozen=True, slots=True)
class SeenIncident:
    """An incident as far as somebody's sight reaches."""

    id: str
    cause: Cause
    opened_at: int
    closed_at: int | None
    members: int
    missing: int


@dataclass(frozen=True, slots=True)
class Member:
    terminal: str
    joined_at: int
    left_at: int | None


async def seen_incidents(
    listing: Listing, *, open_only: bool = False, before: int = _FAR, most: int = PAGE
) -> list[SeenIncident]:
    """Newest first."""
    which = "i.opened_at < :before" + (" AND i.closed_at IS NULL" if open_only else "")
    seen, values = listing.seen_by("m.terminal")
    rows = await listing.rows(_SEEN.format(which=which, seen=seen), values | {"before": before, "most": most})
    return [_incident(row) for row in rows]


async def seen_incident(listing: Listing, incident: str) -> SeenIncident | None:
    seen, values = listing.seen_by("m.terminal")
    statement = _SEEN.format(which="i.id = :incident", seen=seen)
    rows = await listing.rows(statement, values | {"incident": incident, "most": 1})
    return _incident(rows[0]) if rows else None


async def members(listing: Listing, incident: str, after: str = "", most: int = MEMBERS) -> list[Member]:
    seen, values = listing.seen_by("m.terminal")
    values = values | {"incident": incident, "after": after, "most": most}
    return [Member(*row) for row in await listing.rows(_MEMBERS.format(seen=seen), values)]


@dataclass(frozen=True, slots=True)
class IncidentPages:
    console: Console

    def routes(self) -> list[Route]:
        page = self.console.page
        return [page("/incidents", "see", self.list), page("/incidents/{incident}", "see", self.one)]

    async def list(self, request: Request) -> Response:
        only_open = request.query_params.get("open") == "1"
        before = _number(request.query_params.get("before"))
        found = await seen_incidents(self.console.listing(request), open_only=only_open, before=before, most=PAGE + 1)
        following = found[PAGE - 1].opened_at if len(found) > PAGE else None
        return self.console.frame.page(
            request, "incidents.html", incidents=found[:PAGE], only_open=only_open, following=following,
            paged=before != _FAR,
        )  # fmt: skip

    async def one(self, request: Request) -> Response:
        listing, name = self.console.listing(request), request.path_params["incident"][:64]
        found = await seen_incident(listing, name)
        if found is None:
            return self.console.frame.problem(request, 404, "no_such_incident")
        after = request.query_params.get("after", "")[:64].replace("\0", "")
        held = await members(listing, name, after, MEMBERS + 1)
        shown = held[:MEMBERS]
        terminals = {row.asset.terminal: row for row in await rows_of(
            self.console, request, [one.terminal for one in shown])}  # fmt: skip
        return self.console.frame.page(
            request, "incident.html", incident=found, members=shown, terminals=terminals, paged=bool(after),
            following=shown[-1].terminal if len(held) > MEMBERS else None,
        )  # fmt: skip


def incident_json(row: SeenIncident) -> dict[str, Any]:
    return {
        "id": row.id, "kind": row.cause.kind, "value": row.cause.value, "opened_at": moment(row.opened_at),
        "closed_at": moment(row.closed_at), "missing": row.missing, "members": row.members,
    }  # fmt: skip


def _incident(row: Row | Sequence[Any]) -> SeenIncident:
    return SeenIncident(row[0], Cause(row[1], row[2]), row[3], row[4], row[5], row[6] or 0)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 15 else _FAR
