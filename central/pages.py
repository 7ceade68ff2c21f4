"""The console: HTML made on the server, escaped by default, no scripts, nothing from elsewhere."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from central import view, words
from central.fleet import STATUSES, Rules, Status
from central.store.base import ChangeRow, Filter, Store, StoreError, TerminalRow
from central.text import printable
from central.words import Lang

PAGE = 100
RECENT = 50
_RAW_SHOWN = 20_000
_FACTS_SHOWN = 60
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


def environment() -> Environment:
    """Autoescape everything; every text is made printable first, so that it cannot turn the page's direction around."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"moment": view.moment, "size": words.size}
    return made


def _shown(value: object) -> object:
    if isinstance(value, Markup):
        return value
    return "" if value is None else printable(str(value), _RAW_SHOWN)


@dataclass(frozen=True, slots=True)
class Pages:
    store: Store
    rules: Rules
    wall: Callable[[], float]
    templates: Environment

    async def fleet(self, request: Request) -> Response:
        """`/`: every terminal with its state, PAGE at a time, all or those of one status."""
        lang, now = _lang(request), self.wall()
        status = _status(request.query_params.get("status"))
        only = Filter(status, now, self.rules) if status else None
        after = request.query_params.get("after", "")[:64]
        try:
            rows = await self.store.terminals(after=after, limit=PAGE + 1, only=only)
            counts = await self.store.count(now, self.rules)
        except StoreError:
            return self._problem(lang, 503, "unavailable")
        views = [view.terminal_view(row, now, self.rules) for row in rows[:PAGE]]
        following = rows[PAGE - 1].terminal if len(rows) > PAGE else None
        values = {"terminals": views, "counts": counts, "chosen": status, "after": after, "following": following}
        return self._page("fleet.html", lang, now, values)

    async def terminal(self, request: Request) -> Response:
        """`/terminals/{id}`: the last state, recent changes with their evidence, the last report as received."""
        lang, now, name = _lang(request), self.wall(), request.path_params["terminal"]
        try:
            row = await self.store.terminal(name)
            if row is None:
                return self._problem(lang, 404, "not_found")
            changes = await self.store.changes(name, limit=RECENT)
            reports = await self.store.reports(name, limit=1)
            rejections = await self.store.rejections(name)
        except StoreError:
            return self._problem(lang, 503, "unavailable")
        values = {
            "view": view.terminal_view(row, now, self.rules),
            "facts": _facts(row),
            "changes": [_change(change, lang) for change in changes],
            "raw": _pretty(view.report_json(reports[0])) if reports else None,
            "rejections": rejections,
        }
        return self._page("terminal.html", lang, now, values)

    def _problem(self, lang: Lang, status: int, key: str) -> Response:
        return self._page("problem.html", lang, self.wall(), {"problem": words.word(key, lang)}, status)

    def _page(self, template: str, lang: Lang, now: float, values: dict[str, Any], status: int = 200) -> Response:
        html = self.templates.get_template(template).render(
            values,
            lang=lang,
            now=int(now),
            statuses=STATUSES,
            w=lambda key: words.word(key, lang),
            duration=lambda seconds: words.duration(seconds, lang),
            link=lambda path, **query: _link(path, lang, query),
            here=lambda wanted: _link("", wanted, {"status": values.get("chosen"), "after": values.get("after")}),
            title_of=lambda verdict: _title(verdict, lang),
        )
        return HTMLResponse(html, status, SECURITY_HEADERS)


def _facts(row: TerminalRow) -> list[tuple[str, str]]:
    """What the last heartbeat says, a line a field, as far as it is known."""
    beat = view.read_object(row.heartbeat.body) if row.heartbeat else {}
    known = [(printable(key), printable(str(value))) for key, value in beat.items() if value is not None]
    return known[:_FACTS_SHOWN]


def _lang(request: Request) -> Lang:
    return words.choose(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def _status(text: str | None) -> Status | None:
    return next((status for status in STATUSES if status == text), None)


def _link(path: str, lang: Lang, query: dict[str, str | None]) -> str:
    return f"{path}?{urlencode({'lang': lang} | {key: value for key, value in query.items() if value})}"


def _title(verdict: view.VerdictView, lang: Lang) -> str:
    return verdict.titles.get(lang) or verdict.code


def _change(row: ChangeRow, lang: Lang) -> dict[str, Any]:
    body = view.read_object(row.body)
    titles = body.get("titles") if row.type == "verdict" else None
    title = titles.get(lang) if isinstance(titles, dict) else None
    evidence = view.evidence(body)
    shown = None if evidence or row.type == "verdict" else printable(json.dumps(body, ensure_ascii=False))
    return {
        "at": row.happened_at,
        "kind": words.word(row.type, lang),
        "title": title if isinstance(title, str) else row.code,
        "code": row.code,
        "previous": body.get("previous") if isinstance(body.get("previous"), str) else None,
        "evidence": evidence,
        "body": shown,
    }


def _pretty(value: dict[str, Any]) -> Markup:
    """Indented JSON; line by line, because the line ends are ours and all the rest is the terminal's."""
    lines = json.dumps(value, ensure_ascii=False, indent=2).splitlines()
    return Markup("\n").join(printable(line, _RAW_SHOWN) for line in lines)
