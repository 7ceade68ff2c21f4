"""Who is down and why, as JSON: flips, opening hours, incidents, outages, summaries, alerts."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from central import retention, summary
from central.alerts.desk import Desk, Kept, Logged
from central.alerts.letters import line
from central.api import asked
from central.api.facts import ApiError, json_response
from central.hours import BadHours
from central.incidents import Incident, Incidents
from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.view import moment, read_object
from central.watch import Flip, Watch
from central.words.verdicts import titles

_FAR = 2**50
_OUTAGES = "SELECT start, until, cause FROM outages WHERE start < ? ORDER BY start DESC LIMIT ?"


@dataclass(frozen=True, slots=True)
class WatchApi:
    store: SqlStore
    watch: Watch
    incidents: Incidents
    desk: Desk
    wall: Callable[[], float]

    async def flips(self, request: Request) -> Response:
        since, before = asked.number(request, "since", 0, 0, _FAR), asked.number(request, "before", _FAR, 0, _FAR)
        limit, sight = asked.limit(request), asked.sight(request)
        rows = await self.watch.recent(since=since, before=before, limit=limit, sight=sight)
        return json_response({"flips": [flip_json(row) for row in rows]})

    async def flips_of(self, request: Request) -> Response:
        name, before = await asked.known(request, self.store), asked.number(request, "before", _FAR, 0, _FAR)
        rows = await self.watch.flips(name, before=before, limit=asked.limit(request))
        return json_response({"flips": [flip_json(row) for row in rows]})

    async def hours(self, request: Request) -> Response:
        week, by_hand = await self.watch.hours_of(await asked.known(request, self.store))
        return json_response({"week": week, "source": "set" if by_hand else "learned" if week else None})

    async def set_hours(self, request: Request) -> Response:
        name, body = await asked.known(request, self.store), await asked.json_object(request)
        try:
            await self.watch.set_hours(name, asked.field(body, "hours"), asked.who(request, self.wall()))
        except BadHours as error:
            raise ApiError(400, "bad_body", str(error)) from None
        return await self.hours(request)

    async def forget_hours(self, request: Request) -> Response:
        name = await asked.known(request, self.store)
        await self.watch.set_hours(name, None, asked.who(request, self.wall()))
        return await self.hours(request)

    async def summaries(self, request: Request) -> Response:
        spans = {"hour": summary.HOUR_S, "day": summary.DAY_S}
        span = spans.get(request.query_params.get("span", "hour"))
        if span is None:
            raise ApiError(400, "bad_query", "span: hour or day")
        since, until = asked.number(request, "since", 0, 0, _FAR), asked.number(request, "before", _FAR, 0, _FAR)
        rows = await retention.summaries(self.store, await asked.known(request, self.store), span, since, until)
        shown = [asdict(row) | {"start": moment(row.start), "signal_mean": row.signal_mean} for row in rows]
        return json_response({"summaries": shown})

    async def list_incidents(self, request: Request) -> Response:
        before = asked.number(request, "before", _FAR, 0, _FAR)
        limit, sight = asked.limit(request), asked.sight(request)
        only_open = request.query_params.get("open") == "1"
        rows = await self.incidents.list(before=before, limit=limit, sight=sight, only_open=only_open)
        return json_response({"incidents": [incident_json(row) for row in rows]})

    async def incident(self, request: Request) -> Response:
        found = await self.incidents.one(request.path_params["incident"], asked.sight(request))
        if found is None:
            raise ApiError(404, "not_found", "no such incident")
        members = [
            {"terminal": one.terminal, "joined_at": moment(one.joined_at), "left_at": moment(one.left_at)}
            for one in found[1]
        ]
        return json_response(incident_json(found[0]) | {"members": members})

    async def outages(self, request: Request) -> Response:
        rows = await self.store.read(_OUTAGES, (_FAR, asked.limit(request)))
        shown = [{"start": moment(row[0]), "until": moment(row[1]), "cause": row[2]} for row in rows]
        return json_response({"outages": shown})

    async def alerts(self, request: Request) -> Response:
        rows = await self.desk.alerts(asked.limit(request), asked.sight(request))
        return json_response({"alerts": [alert_json(row) for row in rows]})

    async def acknowledge(self, request: Request) -> Response:
        body, who = await asked.json_object(request), asked.who(request, self.wall())
        key = (asked.field(body, "terminal", ""), asked.field(body, "code"), asked.field(body, "subject", ""))
        await self.desk.acknowledge(*key, who.name, who.now, who.sight)
        return json_response({"acknowledged": True})

    async def test_channel(self, request: Request) -> Response:
        """The test button."""
        channel = asked.field(await asked.json_object(request), "channel")
        try:
            error = await self.desk.test(channel, int(self.wall()))
        except StoreRefused as refusal:
            raise ApiError(404, "not_found", str(refusal)) from None
        return json_response({"channel": channel, "sent": error is None, "error": error})

    async def deliveries(self, request: Request) -> Response:
        before = asked.number(request, "before", _FAR, 0, _FAR)
        rows = await self.desk.log(before=before, limit=asked.limit(request), sight=asked.sight(request))
        return json_response({"deliveries": [self._delivery(row) for row in rows]})

    async def channels(self, request: Request) -> Response:
        """Names only: their URLs are secrets. Rules name merchants and shops: they are for those who see everything."""
        plan, everything = self.desk.plan, asked.sight(request).everything
        channels = [{"name": one.name, "lang": one.lang, "quiet": one.quiet or None} for one in plan.channel]
        return json_response({"channels": channels, "rules": [rule.model_dump() for rule in plan.rule if everything]})

    def _delivery(self, row: Logged) -> dict[str, Any]:
        return {
            "id": row.id, "channel": row.channel, "terminal": row.terminal or None, "made_at": moment(row.made_at),
            "state": row.state, "attempts": row.attempts, "severity": row.severity, "error": row.error,
            "due_at": moment(row.due_at) if row.state == "waiting" else None, "done_at": moment(row.done_at),
            "text": line(row.letter, "en", self.watch.zone),
        }  # fmt: skip


def flip_json(row: Flip) -> dict[str, Any]:
    return {
        "terminal": row.terminal, "at": moment(row.at), "state": row.state, "previous": row.previous,
        "noticed_at": moment(row.noticed_at), "reasons": [asdict(reason) for reason in row.reasons],
    }  # fmt: skip


def incident_json(row: Incident) -> dict[str, Any]:
    return {
        "id": row.id, "kind": row.cause.kind, "value": row.cause.value, "opened_at": moment(row.opened_at),
        "closed_at": moment(row.closed_at), "missing": row.missing, "peak": row.peak,
    }  # fmt: skip


def alert_json(row: Kept) -> dict[str, Any]:
    alert, facts = row.alert, read_object(row.facts)
    return {
        "terminal": row.key[0] or None, "rule": row.key[1], "code": row.key[2],
        "titles": titles(row.key[2], facts.get("titles")), "subject": row.key[3] or None,
        "state": alert.state, "severity": row.severity, "since": moment(alert.since), "told_at": moment(alert.told_at),
        "acknowledged_at": moment(alert.acked_at), "acknowledged_by": row.acked_by, "facts": facts,
    }  # fmt: skip
