"""Who may ask what of the console and the API. People by signing in; the operator by the operator token; where there is
neither, whoever asks from this very machine; programs by tokens of their own, for the API only and as far as their
scopes go.
"""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from pydantic_core import to_json
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from central import auth
from central.accounts import tokens
from central.accounts.people import Act, Person
from central.accounts.sight import Sight
from central.accounts.tokens import Tokens
from central.accounts.users import Users
from central.accounts.visits import Duty, Visit, Visits, csrf_of
from central.console.headers import SECURITY_HEADERS
from central.forms import FORM_TYPES, MAX_FORM_BYTES, SMALL_FORM_BYTES, BadForm, csrf_token, is_same, read_form
from central.store.base import StoreError

OPEN = ("/healthz", "/readyz")
AT_THE_DOOR = ("/signin", "/static/")
"""Shown to whoever asks."""
SIGN_IN = "/signin"
FOR_PROGRAMS = ("/api/", "/metrics")
FOR_ONESELF = re.compile(r"/(?:profile|static|signin)(?:/|\Z)|/signout\Z")
"""Shown to whoever has something to do before all else."""
NOBODY = Person("", "viewer", Sight(), acts=frozenset())
COOKIE, PLAIN_COOKIE = "__Host-posagent", "posagent"
"""The second where the browser asks this very machine without TLS."""
_SAFE = ("GET", "HEAD")
_FORMS = (b"", b"text/plain", *FORM_TYPES)
"""What a stranger's page can make a browser send in an operator's name without asking us first (Fetch, 2.2.2)."""
_ADMIN = ("/api/v1/tokens", "/api/v1/audit", "/api/v1/users", "/api/v1/codes")
_CHANGES: Mapping[str, tokens.Scope] = {"/api/v1/alerts": "alerts", "/api/v1/renewals": "renew"}
"""What changing something under a path needs; else `directives` or `write`."""
Refused = Callable[[Request, int, str, Mapping[str, str]], Response]
"""A page that says why (central/console/frame.py)."""
ACT_OF: Mapping[tokens.Scope, Act] = {
    "read": "see", "write": "fleet", "alerts": "direct", "directives": "direct", "renew": "renew",
    "admin": "admin",
}  # fmt: skip


def needed(method: str, path: str) -> tokens.Scope:
    """The scope a program needs."""
    if path.startswith(_ADMIN):
        return "admin"
    if method in _SAFE:
        return "read"
    found = next((scope for start, scope in _CHANGES.items() if path.startswith(start)), None)
    return found or ("directives" if "/directives" in path else "write")


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks, and the word that his forms must carry."""

    person: Person
    csrf: str
    scopes: frozenset[tokens.Scope] | None = None
    """Of a program."""
    visit: Visit | None = None

    def reaches(self, method: str, path: str) -> bool:
        """As far as the API goes."""
        scope = needed(method, path)
        return self.person.may(ACT_OF[scope]) if self.scopes is None else scope in self.scopes


@dataclass(frozen=True, slots=True)
class Guard:
    """Sets of `state`: person, csrf, visit, address, and who: the name for the audit trail."""

    app: ASGIApp
    operator_token: str | None = field(repr=False)
    programs: Tokens
    users: Users
    visits: Visits
    refused: Refused
    wall: Callable[[], float] = time.time
    csrf_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    is_loopback: bool = True
    """Only then can anybody be let in for asking from this machine."""
    trusted_proxies: tuple[str, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        self._introduce(Asker(NOBODY, ""), scope)
        if "\0" in scope["path"]:  # no name of anything holds one, and PostgreSQL would refuse to look for it
            await self._refuse(scope, receive, send, 400, "bad_path", "the path cannot be read")
            return
        try:
            asker = await self._asker(scope)
            if asker is not None:
                await self._known(asker, scope, receive, send)
            else:
                await self._stranger(scope, receive, send)
        except StoreError:
            await self._refuse(scope, receive, send, 503, "unavailable", "the database is not available now")

    async def _known(self, asker: Asker, scope: Scope, receive: Receive, send: Send) -> None:
        path, method, kind = scope["path"], scope["method"], _content_type(scope)
        program = path.startswith(FOR_PROGRAMS)
        self._introduce(asker, scope)
        if asker.visit is not None and asker.visit.duty is not None and not FOR_ONESELF.match(path):
            await self._first_of_all(asker.visit.duty, scope, receive, send)
            return
        if program and not asker.reaches(method, path):
            await self._refuse(
                scope, receive, send, 403, "forbidden", "the token's scopes, or your role, do not reach that far"
            )
        elif program and method == "POST" and kind in _FORMS:
            await self._refuse(scope, receive, send, 415, "not_json", "content-type: application/json")
        else:
            if not program and method not in _SAFE:
                try:
                    receive = await _checked(asker, kind, scope, receive)
                except BadForm as error:
                    await self._refuse(scope, receive, send, 400, "bad_form", str(error))
                    return
            await self.app(scope, receive, await self._seen(asker, scope, send))

    def _introduce(self, asker: Asker, scope: Scope) -> None:
        state = {"person": asker.person, "csrf": asker.csrf, "who": asker.person.name, "visit": asker.visit}
        scope.setdefault("state", {}).update(state | {"address": address_of(scope, self.trusted_proxies)})

    async def _first_of_all(self, duty: Duty, scope: Scope, receive: Receive, send: Send) -> None:
        """To where somebody does what he has to do before anything else."""
        if not scope["path"].startswith(FOR_PROGRAMS) and scope["method"] in _SAFE:
            place = "/profile" if duty == "password" else "/profile/second-step"
            await RedirectResponse(place, 303, SECURITY_HEADERS)(scope, receive, send)
        elif duty == "password":
            await self._refuse(scope, receive, send, 403, "forbidden", "choose a password of your own first")
        else:
            await self._refuse(scope, receive, send, 403, "forbidden", "turn on the second step first")

    async def _seen(self, asker: Asker, scope: Scope, send: Send) -> Send:
        """Somebody looks, not a script of an open page: he stays signed in, now and then under a new id."""
        visit = asker.visit
        if visit is None or visit.stage != "in" or _header(scope, b"sec-fetch-dest") == b"empty":
            return send
        if scope["path"].startswith((*FOR_PROGRAMS, *AT_THE_DOOR)):
            return send
        cookie = await self.visits.seen(visit, int(self.wall()))
        return send if cookie is None else _with_cookie(send, cookie_header(scope, cookie))

    async def _asker(self, scope: Scope) -> Asker | None:
        given = _header(scope, b"authorization")
        token = auth.operator_token(given) if given else None
        if token is not None and token.startswith("pat_"):
            return await self._program(token, scope["path"])
        if self.operator_token is not None and auth.token_matches(token, auth.digest(self.operator_token)):
            return self._by_name("operator")
        if (asker := await self._visitor(scope)) is not None:
            return asker
        return self._by_name("local") if await self._stands_open(scope) else None

    async def _stands_open(self, scope: Scope) -> bool:
        """Before there are people or a token, whoever is at this machine."""
        asks_here = self.operator_token is None and self.is_loopback and auth.is_local(scope["headers"])
        return asks_here and not await self.users.any()

    def _by_name(self, name: str) -> Asker:
        return Asker(Person(name, "admin"), csrf_token(self.csrf_key, name))

    async def _visitor(self, scope: Scope) -> Asker | None:
        cookie = cookie_of(scope)
        visit = await self.visits.find(cookie, int(self.wall())) if cookie else None
        if visit is None:
            return None
        if visit.stage == "in":
            return Asker(visit.person, csrf_of(cookie), visit=visit)
        return Asker(NOBODY, csrf_of(cookie), visit=visit) if scope["path"].startswith(AT_THE_DOOR) else None

    async def _program(self, token: str, path: str) -> Asker | None:
        found = await self.programs.check(token, self.wall()) if path.startswith(FOR_PROGRAMS) else None
        if found is None:
            return None
        acts = frozenset(ACT_OF[scope] for scope in found.scopes)
        return Asker(Person(f"token:{found.name}", "viewer", found.sight, acts=acts), "", found.scopes)

    async def _stranger(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, program = scope["path"], scope["path"].startswith(FOR_PROGRAMS)
        if path.startswith(AT_THE_DOOR):
            await self._at_the_door(scope, receive, send)
        elif await self.users.any():
            if program or scope["method"] not in _SAFE:
                challenge = {"www-authenticate": "Bearer"} if program else {}
                await self._refuse(scope, receive, send, 401, "unauthorized", "sign in, or use a token", challenge)
            else:
                await RedirectResponse(_sign_in_for(scope), 303, SECURITY_HEADERS)(scope, receive, send)
        elif self.operator_token is None:
            await self._refuse(
                scope, receive, send, 403, "forbidden",
                "without an operator token or users only http://localhost is served",
            )  # fmt: skip
        else:
            challenge = {"www-authenticate": "Bearer" if program else 'Basic realm="posagent", charset="UTF-8"'}
            await self._refuse(scope, receive, send, 401, "unauthorized", "an operator token is needed", challenge)

    async def _at_the_door(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in _SAFE:
            if not _is_from_here(scope):
                await self._refuse(scope, receive, send, 403, "forbidden", "a form of another site")
                return
            try:
                _, receive = await _form(_content_type(scope), scope, receive, SMALL_FORM_BYTES)
            except BadForm as error:
                await self._refuse(scope, receive, send, 400, "bad_form", str(error))
                return
        await self.app(scope, receive, send)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, status: int, code: str, message: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        if scope["path"].startswith(FOR_PROGRAMS):
            body, given = to_json({"error": {"code": code, "message": message}}), SECURITY_HEADERS | dict(headers or {})
            answer = Response(body, status, given, "application/json")
        else:
            answer = self.refused(Request(scope), status, message, headers or {})
        await answer(scope, receive, send)


def address_of(scope: Scope, trusted_proxies: tuple[str, ...]) -> str:
    """Who is at the other end: the connection's, or what a proxy of ours says of it."""
    peer = str((scope.get("client") or ("",))[0])
    forwarded = _header(scope, b"x-forwarded-for").decode("latin-1")
    if peer not in trusted_proxies or not forwarded:
        return peer
    return forwarded.rpartition(",")[2].strip()[:64]


def cookie_of(scope: Scope) -> str:
    return Request(scope).cookies.get(cookie_name(scope), "")


def cookie_header(scope: Scope, value: str | None) -> bytes:
    """A Set-Cookie; None takes the cookie away."""
    name = cookie_name(scope)
    secure = "; Secure" if name == COOKIE else ""
    end = "; Max-Age=0" if value is None else ""
    return f"{name}={value or ''}; Path=/; HttpOnly; SameSite=Lax{secure}{end}".encode()


def cookie_name(scope: Scope) -> str:
    return PLAIN_COOKIE if scope["scheme"] == "http" and auth.is_local(scope["headers"]) else COOKIE


def _with_cookie(send: Send, cookie: bytes) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie)]}
        await send(message)

    return sending


def _is_from_here(scope: Scope) -> bool:
    """A form of one of our own pages, as the browser says. Programs say nothing, and nobody is in their cookies."""
    site = _header(scope, b"sec-fetch-site")
    if site:
        return site in (b"same-origin", b"none")
    origin, host = _header(scope, b"origin").decode("latin-1"), _header(scope, b"host").decode("latin-1")
    return not origin or _without_port(urlsplit(origin).netloc) == _without_port(host)


def _without_port(host: str) -> str:
    return re.sub(r":\d{1,5}\Z", "", host.lower())


def _sign_in_for(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return SIGN_IN if wanted == "/" else f"{SIGN_IN}?next={quote(wanted[:500], safe='')}"


async def _checked(asker: Asker, kind: bytes, scope: Scope, receive: Receive) -> Receive:
    """Raises BadForm: not a form of one of our own pages."""
    form, again = await _form(kind, scope, receive, SMALL_FORM_BYTES if asker.person is NOBODY else MAX_FORM_BYTES)
    if not is_same(form.get("csrf"), asker.csrf):
        raise BadForm("the page is out of date: load it again and repeat what you did")
    return again


async def _form(kind: bytes, scope: Scope, receive: Receive, most: int) -> tuple[FormData, Receive]:
    if kind not in FORM_TYPES:
        raise BadForm("a form is needed")
    return await read_form(scope, receive, most)


def _content_type(scope: Scope) -> bytes:
    return _header(scope, b"content-type").partition(b";")[0].strip().lower()


def _header(scope: Scope, name: bytes) -> bytes:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found
