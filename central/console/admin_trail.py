"""Admin: the audit trail, filtered, paged by key, and as a sheet."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import handed, words
from central.console.frame import link, local_time
from central.console.shared import Console
from central.registry import AuditLine, Kind
from central.store.base import MAX_PAGE
from central.text import printable
from central.words import Lang, refusals

PATH = "/admin/audit"
PAGE = 100
MAX_SHEET = 50_000
KINDS: tuple[str, ...] = get_args(Kind)
COLUMNS = ("at", "who", "action", "kind", "object", "detail")
_FAR = 2**60
_LAST = "~"
_VALUES: Mapping[str, str] = {"role": "role_{}", "why": "rn_why_{}", "reason": "rn_reason_{}"}
"""Field → the key of what it holds."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for; as arguments of Registry.trail."""

    kind: str
    name: str
    who: str
    since: int
    before: int
    after: str = _LAST


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail, and what it says in words."""

    line: AuditLine
    action: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Trail:
    console: Console

    def routes(self) -> list[Route]:
        return [
            self.console.page(PATH, "admin", self.show),
            self.console.page(f"{PATH}.{{kind}}", "admin", self.sheet),
        ]

    async def show(self, request: Request) -> Response:
        wanted, lang = self._wanted(request), self.console.frame.lang(request)
        lines = await self.console.registry.trail(**asdict(wanted), limit=PAGE + 1)
        last = lines[PAGE - 1] if len(lines) > PAGE else None
        query = dict(request.query_params)
        more = link(PATH, query, at=last.at, after=last.id) if last else None
        values: dict[str, object] = {
            "lines": [worded(line, lang) for line in lines[:PAGE]],
            "kinds": [(kind, _word(f"kind_{kind}", kind, lang)) for kind in KINDS],
            "asked": {name: query.get(name, "") for name in ("kind", "object", "who", "from", "to")},
            "first": link(PATH, query, at=None, after=None) if "at" in query else None,
            "more": more,
            "query": urlencode({key: value for key, value in query.items() if key not in ("at", "after", "lang")}),
        }
        return self.console.frame.page(request, "admin_trail.html", 200, **values)

    async def sheet(self, request: Request) -> Response:
        """At most MAX_SHEET lines, the newest."""
        kind = request.path_params["kind"]
        if kind not in handed.KINDS:
            raise HTTPException(404, "csv or xlsx")
        return await handed.answer("audit", kind, COLUMNS, self._exported(request))

    async def _exported(self, request: Request) -> handed.Parts:
        zone, lang = self.console.frame.zone_of(request), self.console.frame.lang(request)
        asked, left = asdict(self._wanted(request)), MAX_SHEET
        while left > 0 and (page := await self.console.registry.trail(**asked, limit=min(MAX_PAGE, left))):
            yield [
                {
                    **asdict(line),
                    "at": local_time(line.at, zone, "%Y-%m-%d %H:%M:%S"),
                    "detail": told(line.detail, lang),
                }
                for line in page
            ]
            left -= len(page)
            asked |= {"before": page[-1].at, "after": page[-1].id}

    def _wanted(self, request: Request) -> _Wanted:
        query = request.query_params
        kind = query.get("kind", "")
        until = self._day(request, query.get("to", ""), days=1) or _FAR
        at, after = query.get("at", ""), query.get("after", "")[:64]
        is_later = at.isascii() and at.isdigit() and len(at) < 15
        return _Wanted(
            kind if kind in KINDS else "",
            query.get("object", "")[:200].replace("\0", ""),
            query.get("who", "")[:200].replace("\0", ""),
            self._day(request, query.get("from", "")) or 0,
            min(until, int(at)) if is_later else until,
            after.replace("\0", "") if is_later and after else _LAST,
        )

    def _day(self, request: Request, text: str, days: int = 0) -> int | None:
        """The beginning of a day of the reader's calendar, or of the day after it."""
        try:
            day = date.fromisoformat(text[:10]) + timedelta(days=days)
            return int(datetime(day.year, day.month, day.day, tzinfo=self.console.frame.zone_of(request)).timestamp())
        except (ValueError, OverflowError):
            return None


def worded(line: AuditLine, lang: Lang) -> Line:
    colon = words.word("colon", lang)
    action = colon.join(_word(f"did_{part}", part, lang) for part in line.action.split(": "))
    return Line(line, action, _word(f"kind_{line.kind}", line.kind, lang), told(line.detail, lang))


def _word(key: str, otherwise: str, lang: Lang) -> str:
    return words.word(key, lang) if words.known(key) else otherwise


def told(detail: Mapping[str, Any], lang: Lang) -> str:
    """What changed, in one line: `shop: old → new`."""
    parts = []
    for name, value in detail.items():
        pair, field = isinstance(value, list) and len(value) == 2, refusals.field(name, lang)
        said = " → ".join(_valued(name, one, lang) for one in (value if pair else [value]))
        parts.append(f"{field}: {said}")
    return printable("; ".join(parts), 1000)


def _valued(name: str, value: object, lang: Lang) -> str:
    """A role, a sight and a refusal in words; all else as it stands."""
    text = _one(value)
    if name == "sees" and lang == "zh":
        return words.word("comma", lang).join(map(_seen, text.split(", ")))
    return _word(_VALUES[name].format(text), text, lang) if name in _VALUES else refusals.refusal(text, lang)


def _seen(part: str) -> str:
    """`everything`, or such as `region 华东` (Sight.in_words)."""
    kind, space, name = part.partition(" ")
    return _word(kind if space else f"sees_{kind}", kind, "zh") + space + name


def _one(value: object) -> str:
    if value is None or value in ("", [], ()):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
