"""`/terminals/{id}`: all that is known of one terminal, and what can be asked of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.wire.kinds import KINDS, MAX_OPEN
from central import handed, summary, view, words
from central.api.directives import directive_json
from central.bundle import bundle
from central.console import charts, health, history, hours_words, timeline
from central.console.admin_trail import worded
from central.console.asking import asked_words, body_of
from central.console.carrier_word import carrier_word
from central.console.charts import Level, Series
from central.console.frame import local_time
from central.console.headers import SECURITY_HEADERS
from central.console.history import DAY_S, Beats, Forecast
from central.console.rows import ListRow, whole
from central.console.shared import Console
from central.console.terminals import LIFE_S, rows_of
from central.listing import Listing
from central.numbers import same_card
from central.orders import new_directive
from central.renewals.stock import MEGABYTE
from central.retention import summaries
from central.store.base import ChangeRow, DirectiveRow
from central.text import printable
from central.words import Lang, verdicts

SPANS = (1, 7, 30, 365)
"""Days that the drawings show."""
EVENTS, MORE_EVENTS = 40, 400
DIRECTIVES = 30
MEDIAN_FOR_S = 60.0
FACTS = ("expires_on", "balance", "quota_bytes", "used_bytes", "remaining_bytes")
"""What is told by hand of one card; the others belong to the renewal desk."""
_RAW = 20_000
_KIND = {"lte": 0, "umts": 1, "hspa": 1, "nr": 2, "nr_nsa": 2, "gsm": 3, "edge": 3, "lte_m": 4, "nb_iot": 4}
"""Technology → style of its line."""


@dataclass(frozen=True, slots=True)
class Drawn:
    picture: Markup
    legend: Markup
    says: str
    """In words; "" when nothing is known."""


@dataclass(frozen=True, slots=True)
class TerminalPages:
    console: Console

    def routes(self) -> list[Route]:
        page = self.console.page
        return [
            page("/terminals/{terminal}", "see", self.show),
            page("/terminals/{terminal}/ask", "direct", self.ask, "POST"),
            page("/terminals/{terminal}/withdraw", "direct", self.withdraw, "POST"),
            page("/terminals/{terminal}/bundle/{directive}", "direct", self.fetch),
        ]

    async def show(self, request: Request) -> Response:
        console, name = self.console, request.path_params["terminal"]
        row = await self._seen(request, name)
        if row is None:
            return console.frame.problem(request, 404, "not_found")
        store, lang, now = console.store, console.frame.lang(request), int(console.wall())
        days = _days(request.query_params.get("days"))
        more = request.query_params.get("events") == "all"
        beats = await history.beats(store, name, now - min(days, 30) * DAY_S)
        changes = await store.changes(name, limit=MORE_EVENTS if more else 120)
        flips = await console.watch.flips(name, limit=MORE_EVENTS if more else EVENTS)
        reports = await store.reports(name, limit=1)
        week, by_hand = await console.watch.hours_of(name)
        days_told = await history.daily(store, name, now - 62 * DAY_S)
        card = None if row.asset.iccid is None else await console.registry.card(row.asset.iccid)
        return console.frame.page(
            request, "terminal.html", row=row, advice=_advice(row, lang),
            verdict_change=_verdict(changes, row),
            signal=await self._signal(request, name, row, beats, days), usage=self._usage(request, row, beats, days),
            days=days, spans=SPANS, more=more, may_be_more=len(changes) == 120,
            events=timeline.timeline(flips, changes, MORE_EVENTS if more else EVENTS, lang),
            facts=history.facts(await history.changes_of(store, name, "plan_fact", 300)),
            cards=history.cards(await history.changes_of(store, name, "card", 30)),
            card=card, same_card=same_card, carrier=await carrier_word(store, card, now) if card else None,
            own=history.by_purpose(days_told)[:7], health=health.of_days(days_told)[:7],
            fact_value=timeline.fact_value, asked_words=asked_words,
            rejections=await store.rejections(name),
            hours=hours_words.shown(week, lang) if week else "", by_hand=by_hand,
            directives=await self._directives(name, changes),
            trail=[worded(line, lang) for line in await console.registry.trail(kind="terminal", name=name, limit=10)],
            kinds_named=[(kind, words.word(f"directive_{kind}", lang)) for kind in KINDS],
            fact_choices=[(fact, words.word(f"fact_{fact}", lang)) for fact in FACTS],
            raw=_pretty(view.report_json(reports[0])) if reports else None,
        )  # fmt: skip

    async def ask(self, request: Request) -> Response:
        """Ask something of the terminal."""
        name, form = request.path_params["terminal"], await request.form()
        if await self._seen(request, name) is None:
            return self.console.frame.problem(request, 404, "not_found")
        who, kind = self.console.who(request), str(form.get("kind", ""))
        asked = new_directive(name, kind, body_of(kind, form), who.now, LIFE_S, who.name)
        await self.console.store.send_directives([asked], MAX_OPEN)
        return self.console.frame.done(f"/terminals/{name}", "asked_one")

    async def withdraw(self, request: Request) -> Response:
        name, form = request.path_params["terminal"], await request.form()
        if await self._seen(request, name) is None:
            return self.console.frame.problem(request, 404, "not_found")
        directive = str(form.get("directive", ""))
        gone = await self.console.store.withdraw_directive(name, directive, int(self.console.wall()))
        return self.console.frame.done(f"/terminals/{name}", "withdrawn" if gone else "too_late")

    async def fetch(self, request: Request) -> Response:
        """The bundle that `send-bundle` brought, as a file."""
        name, directive = request.path_params["terminal"], request.path_params["directive"]
        if await self._seen(request, name) is None:
            return self.console.frame.problem(request, 404, "not_found")
        data = await bundle(self.console.store, name, directive)
        file = {"content-disposition": handed.attachment(f"{name}-{directive}.tar.gz")}
        return Response(data, 200, SECURITY_HEADERS | file, "application/gzip")

    async def _seen(self, request: Request, name: str) -> ListRow | None:
        if not await self.console.sees(request, name):
            return None
        found = await rows_of(self.console, request, [name])
        return found[0] if found else None

    async def _directives(self, name: str, changes: Sequence[ChangeRow]) -> list[dict[str, Any]]:
        """Newest first, each with what the terminal answered."""
        results: dict[str, Markup] = {}
        for change in changes:
            body = view.read_object(change.body) if change.type == "directive" else {}
            if isinstance(body.get("result"), dict) and "data" not in body["result"]:
                results.setdefault(str(body.get("id")), _pretty(body["result"]))
        rows: list[DirectiveRow] = await self.console.store.directives(name, DIRECTIVES)
        now = self.console.wall()
        return [
            directive_json(row, now) | {"created_at": row.created_at, "acked_at": row.acked_at,
                                        "result": results.get(row.id), "asked": view.read_object(row.body)}
            for row in rows
        ]  # fmt: skip

    async def _signal(self, request: Request, name: str, row: ListRow, beats: Beats, days: int) -> Drawn:
        console, lang, zone = self.console, self.console.frame.lang(request), self.console.frame.zone_of(request)
        series = [
            Series(words.word(f"tech_{technology}", lang), _KIND.get(technology, 5), points)
            for technology, points in history.by_technology(beats).items()
        ]
        if days > 30:
            old = await summaries(console.store, name, summary.DAY_S, int(console.wall()) - days * DAY_S, 2**50)
            points = [(one.start, one.signal_mean) for one in old if one.signal_mean is not None]
            series.append(Series(words.word("daily_mean", lang), 5, points, gap_s=3 * DAY_S))
        levels = await self._levels(request, console.listing(request), row)
        since = console.wall() - days * DAY_S
        series = [replace(one, points=[point for point in one.points if point[0] >= since]) for one in series]
        shown = [one for one in series if one.points]
        if not shown:
            return Drawn(Markup(), Markup(), "")
        values = [value for one in shown for _, value in one.points]
        says = words.word(
            "signal_says", lang, low=round(min(values)), high=round(max(values)), last=round(shown[-1].points[-1][1])
        )
        picture = charts.lines(
            shown, span=_span(console.wall(), days), shown=lambda value: f"{value:.0f}", when=_clock(zone, days),
            says=says, levels=levels, holds=(-118.0, -82.0),
        )  # fmt: skip
        entries = [(f"s{one.kind}", one.name) for one in shown] + [(f"level {one.kind}", one.name) for one in levels]
        return Drawn(picture, charts.legend(entries), says)

    async def _levels(self, request: Request, listing: Listing, row: ListRow) -> list[Level]:
        """The median of the fleet and of the cell, in the technology it last reported in."""
        lang = self.console.frame.lang(request)
        technology, cell = row.beat.get("technology"), row.beat.get("cell")
        if not isinstance(technology, str) or not technology:
            return []
        asked = [("fleet", "")] + ([("cell", cell)] if isinstance(cell, str) and cell else [])
        found: list[Level] = []
        for kind, place in asked:
            middle = await self.console.counted(
                request, f"median {technology} {place}", partial(history.median, listing, technology, place),
                MEDIAN_FOR_S,
            )  # fmt: skip
            if middle is not None:
                found.append(Level(words.word(f"median_{kind}", lang, dbm=middle), float(middle), kind))
        return found

    def _usage(self, request: Request, row: ListRow, beats: Beats, days: int) -> Drawn:
        lang, zone, now = self.console.frame.lang(request), self.console.frame.zone_of(request), self.console.wall()
        points, quota = history.usage(beats), whole(row.beat.get("quota_bytes"))
        if not points:
            return Drawn(Markup(), Markup(), "")
        ahead = history.forecast(points)
        days = min(days, 30)
        start, end = _span(now, days)
        end += days * DAY_S * 0.4 if ahead else 0
        megabytes = [(at, used / MEGABYTE) for at, used in points]
        levels = [Level(words.word("quota", lang), quota / MEGABYTE, "quota")] if quota else []
        band = _band(megabytes[-1], ahead, end) if ahead else None
        says = usage_says(points[-1][1], quota, ahead, points[-1][0], lang, zone)
        picture = charts.lines(
            [Series(words.word("data_used", lang), 0, megabytes, gap_s=30 * DAY_S)], span=(start, end),
            shown=lambda value: f"{value:g} MB", when=_clock(zone, days), says=says, levels=levels, band=band,
            holds=(0.0,),
        )  # fmt: skip
        entries = [("s0", words.word("data_used", lang))] + [(f"level {one.kind}", one.name) for one in levels]
        entries += [("band", words.word("forecast", lang))] if band else []
        return Drawn(picture, charts.legend(entries), says)


def usage_says(used: float, quota: int | None, ahead: Forecast | None, at: float, lang: Lang, zone: ZoneInfo) -> str:
    """Usage, quota and when it runs out, with the range, in a sentence."""
    known = [words.word("used_of", lang, used=words.size(int(used)), quota=words.size(quota) if quota else "–")]
    if ahead is None:
        return known[0]
    until = ahead.days_until(int(quota - used)) if quota else None
    known.append(words.word("used_a_day", lang, rate=words.size(int(ahead.rate)), days=ahead.days))
    if until and until[0] < 366:
        likely, soonest, latest = (local_time(at + days * DAY_S, zone, "%Y-%m-%d") for days in map(_bounded, until))
        known.append(words.word("runs_out", lang, likely=likely, soonest=soonest, latest=latest))
    return " ".join(known) if lang == "en" else "".join(known)


def _bounded(days: float) -> float:
    return min(days, 3650.0)


def _band(last: tuple[float, float], ahead: Forecast, end: float) -> charts.Band:
    days = (end - last[0]) / DAY_S
    low, high = (last[1] + rate * days / MEGABYTE for rate in (max(ahead.low, 0.0), ahead.high))
    return charts.Band([(last[0], last[1], last[1]), (end, low, high)])


def _advice(row: ListRow, lang: Lang) -> verdicts.Advice | None:
    return verdicts.advice(row.view.verdict.code, lang) if row.view.verdict else None


def _verdict(changes: Sequence[ChangeRow], row: ListRow) -> Mapping[str, Any] | None:
    """What the terminal said when its verdict became what it is: confidence and findings with their evidence."""
    if row.view.verdict is None:
        return None
    for change in changes:
        if change.type == "verdict":
            body = view.read_object(change.body)
            if change.code != row.view.verdict.code:
                return None
            found = body.get("findings")
            findings = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
            return {"confidence": body.get("confidence"), "findings": [_finding(one) for one in findings[:12]]}
    return None


def _finding(body: Mapping[str, Any]) -> dict[str, Any]:
    lines = body.get("evidence")
    told = [line for line in lines if isinstance(line, str)][:8] if isinstance(lines, list) else []
    return {
        "code": str(body.get("code", "")), "severity": str(body.get("severity", "")),
        "root": body.get("root") is True, "evidence": told,
    }  # fmt: skip


def _days(text: str | None) -> int:
    return next((days for days in SPANS if str(days) == text), 7)


def _span(now: float, days: int) -> tuple[float, float]:
    return now - days * DAY_S, now


def _clock(zone: ZoneInfo, days: int) -> charts.When:
    form = "%H:%M" if days == 1 else "%m-%d" if days <= 30 else "%Y-%m"
    return lambda at: datetime.fromtimestamp(at, UTC).astimezone(zone).strftime(form)


def _pretty(value: object) -> Markup:
    """Indented JSON; line by line, because the line ends are ours and all the rest is the terminal's."""
    lines = json.dumps(value, ensure_ascii=False, indent=2).splitlines()
    return Markup("\n").join(printable(line, _RAW) for line in lines)
