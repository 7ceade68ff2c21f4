"""What every page of the console shares: who asks, in which language, zone and colours; navigation, words, headers.

A page is made on the server and works without scripts. All text is escaped and made printable first, so that foreign
text can neither become markup nor turn the direction of the page around. A page asked for again with the ETag it had is
answered 304: that is how an open page stays fresh (static/console.js) without being built twice in the browser.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from central import view, words
from central.accounts.people import Act, Person
from central.console.assets import Assets
from central.console.headers import SECURITY_HEADERS
from central.text import printable
from central.words import Lang, refusals, verdicts

Theme = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
NAVIGATION: tuple[tuple[str, str, Act], ...] = (
    ("now", "/", "see"),
    ("terminals", "/terminals", "see"),
    ("renewals", "/renewals", "see"),
    ("incidents", "/incidents", "see"),
    ("alerts", "/alerts", "see"),
    ("reports", "/reports", "see"),
    ("admin", "/admin", "admin"),
)
_SHOWN = 20_000
_COOKIE_S = 365 * 86_400


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent.with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "marked": marked,
        "moment": view.moment,
        "size": words.size,
        "local_time": _local_filter,
        "local_day": _day_filter,
    }
    return made


def marked(text: object, asked: str) -> Markup:
    """`text` with the words somebody searched for marked, escaped."""
    shown = str(_shown(text))
    looked_for = "|".join(re.escape(word) for word in asked.split()[:6])
    parts = re.split(f"({looked_for})", shown, flags=re.IGNORECASE) if looked_for else [shown]
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )


def local_time(seconds: float | None, zone: ZoneInfo, form: str = "%Y-%m-%d %H:%M") -> str:
    """A moment as the reader's clock shows it; "" when it is not known or beyond the calendar."""
    if seconds is None:
        return ""
    try:
        return datetime.fromtimestamp(seconds, UTC).astimezone(zone).strftime(form)
    except (ValueError, OverflowError, OSError):
        return ""


def _whoever(request: Request) -> Person | None:
    """Nobody is known yet where somebody signs in."""
    return getattr(request.state, "person", None)


@dataclass(frozen=True, slots=True)
class Frame:
    zone: ZoneInfo
    """The fleet's, for a person who has chosen none."""
    wall: Callable[[], float]
    assets: Assets
    templates: Environment

    def lang(self, request: Request) -> Lang:
        """`?lang=` wins and is remembered in a cookie; then the person's own; then the browser's wish."""
        person = _whoever(request)
        asked = request.query_params.get("lang"), request.cookies.get("lang"), person and person.lang
        chosen = next((one for one in asked if one in words.LANGS), None)
        return words.choose(chosen, request.headers.get("accept-language", ""))

    def zone_of(self, request: Request) -> ZoneInfo:
        person = _whoever(request)
        try:
            return ZoneInfo(person.zone) if person and person.zone else self.zone
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return self.zone

    def word(self, request: Request, key: str, **values: object) -> str:
        return words.word(key, self.lang(request), **values)

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        """`template` with `values` and what every page knows (`_common`)."""
        html = self.templates.get_template(template).render(self._common(request) | values)
        tag = f'W/"{hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()[:24]}"'
        headers = SECURITY_HEADERS | {"etag": tag, "vary": "cookie, accept-language"}
        if status == 200 and request.headers.get("if-none-match") == tag:
            return Response(None, 304, headers)
        answer = HTMLResponse(html, status, headers)
        _remember(request, answer)
        return answer

    def problem(self, request: Request, status: int, key: str) -> Response:
        """A page that says in a sentence what is wrong."""
        return self.page(request, "problem.html", status, problem=self.word(request, key))

    def refusal(self, request: Request, why: object) -> str:
        """Why something was refused, as it was raised, in the reader's language."""
        return refusals.refusal(printable(str(why)), self.lang(request))

    def refused(self, request: Request, status: int, why: object, headers: Mapping[str, str] | None = None) -> Response:
        """A page that says why something was refused."""
        answer = self.page(request, "problem.html", status, problem=self.refusal(request, why), stranger=status == 401)
        answer.headers.update(headers or {})
        return answer

    def done(self, path: str, code: str = "done", **query: str) -> Response:
        """After a form: the page to look at, with a line that says what was done (a key of the words)."""
        sign = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{sign}{urlencode(query | {'done': code})}", 303, SECURITY_HEADERS)

    def _common(self, request: Request) -> dict[str, object]:
        person, lang, zone = _whoever(request), self.lang(request), self.zone_of(request)
        done = request.query_params.get("done")
        return {
            "request": request,
            "person": person,
            "may": person.may if person else lambda _act: False,
            "csrf": getattr(request.state, "csrf", ""),
            "lang": lang,
            "zone": zone,
            "zone_name": zone_name(self.wall(), zone),
            "theme": _theme(request),
            "now": int(self.wall()),
            "path": request.url.path,
            "navigation": [item for item in NAVIGATION if person and person.may(item[2])],
            "asset": self.assets.href,
            "done": words.word(done, lang) if done and words.known(done) else None,
            "w": lambda key, **places: words.word(key, lang, **places),
            "refusal": lambda text: refusals.refusal(str(text), lang),
            "verdict_word": lambda code, told=None: verdicts.title(code, lang, told),
            "duration": lambda seconds: words.duration(int(seconds), lang),
            "span": lambda seconds: words.span(max(0, int(seconds)), lang),
            "here": partial(link, request.url.path, request.query_params),
            "link": link,
        }


def link(path: str, was: Mapping[str, str] | None = None, /, **changed: object) -> str:
    """`path` with the query `was`, changed; None and "" take a key away. `here(...)` is this very page, changed."""
    query = {key: value for key, value in (was or {}).items() if key not in ("done", "lang", "theme")}
    wanted = query | {key: "" if value is None else str(value) for key, value in changed.items()}
    text = urlencode([(key, value) for key, value in wanted.items() if value])
    return f"{path}?{text}" if text else path


def zone_name(seconds: float, zone: ZoneInfo) -> str:
    """`Asia/Shanghai (UTC+08:00)`, as it is at that moment."""
    if zone.key == "UTC":
        return zone.key
    east = datetime.fromtimestamp(seconds, zone).utcoffset() or timedelta(0)
    minutes = round(east.total_seconds() / 60)
    return f"{zone.key} (UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02})"


def _theme(request: Request) -> Theme:
    asked = request.query_params.get("theme"), request.cookies.get("theme")
    return next((theme for one in asked for theme in THEMES if theme == one), "auto")


def _remember(request: Request, answer: Response) -> None:
    secure = request.url.scheme == "https"
    for name, allowed in (("lang", words.LANGS), ("theme", THEMES)):
        chosen = request.query_params.get(name, "")
        if chosen in allowed:
            answer.set_cookie(name, chosen, max_age=_COOKIE_S, httponly=True, samesite="lax", secure=secure)


def _shown(value: object) -> object:
    if isinstance(value, Markup):
        return value
    return "" if value is None else printable(str(value), _SHOWN)


@pass_context
def _local_filter(context: Context, seconds: float | None, form: str = "%Y-%m-%d %H:%M") -> str:
    return local_time(seconds, context["zone"], form)


@pass_context
def _day_filter(context: Context, seconds: float | None) -> str:
    return local_time(seconds, context["zone"], "%Y-%m-%d")
