"""The console: HTML made on the server, escaped by default, no scripts, nothing from elsewhere."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from central import view, words
from central.console.frame import Frame
from central.fleet import STATUSES, Rules, Status
from central.store.base import ChangeRow, Filter, Store, StoreError, TerminalRow
from central.text import printable
from central.words import Lang

PAGE = 100
RECENT = 50
_RAW_SHOWN = 20_000
_FACTS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Pages:
    store: Store
    rules: Rules
    wall: Callable[[], float]
    frame: Frame

    async def fleet(self, request: Request) -> Response:
        """`/`: every terminal with its state, PAGE at a time, all or those of one status."""
        lang, now = self.frame.lang(request), self.wall()
        status = _status(request.query_params.get("status"))
        only = Filter(status, now, self.rules) if status else None
        after = request.query_params.get("after", "")[:64]
        try:
            rows = await self.store.terminals(after=after, limit=PAGE + 1, only=only)
            counts = await self.store.count(now, self.rules)
        except StoreError:
            return self.frame.problem(request, 503, "unavailable")
        views = [view.terminal_view(row, now, self.rules) for row in rows[:PAGE]]
        following = rows[PAGE - 1].terminal if len(rows) > PAGE else None
        values: dict[str, Any] = {"statuses": STATUSES, "title_of": partial(_title, lang=lang)}
        values |= {"terminals": views, "counts": counts, "chosen": status, "after": after, "following": following}
        return self.frame.page(request, "fleet.html", 200, **values)

    async def terminal(self, request: Request) -> Response:
        """`/terminals/{id}`: the last state, recent changes with their evidence, the last report as received."""
        lang, now, name = self.frame.lang(request), self.wall(), request.path_params["terminal"]
        try:
            row = await self.store.terminal(name)
            if row is None:
                return self.frame.problem(request, 404, "not_found")
            changes = await self.store.changes(name, limit=RECENT)
            reports = await self.store.reports(name, limit=1)
            rejections = await self.store.rejections(name)
        except StoreError:
            return self.frame.problem(request, 503, "unavailable")
        values = {
            "view": view.terminal_view(row, now, self.rules),
            "facts": _facts(row),
            "changes": [_change(change, lang) for change in changes],
            "raw": _pretty(view.report_json(reports[0])) if reports else None,
            "rejections": rejections,
            "title_of": partial(_title, lang=lang),
        }
        return self.frame.page(request, "terminal.html", 200, **values)


def _facts(row: TerminalRow) -> list[tuple[str, str]]:
    """What the last heartbeat says, a line a field, as far as it is known."""
    beat = view.read_object(row.heartbeat.body) if row.heartbeat else {}
    known = [(printable(key), printable(str(value))) for key, value in beat.items() if value is not None]
    return known[:_FACTS_SHOWN]


def _status(text: str | None) -> Status | None:
    return next((status for status in STATUSES if status == text), None)


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
