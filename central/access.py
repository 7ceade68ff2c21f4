"""Who may ask what of the console and the API. People by signing in; the operator by the operator token; where there is
neither, whoever asks from this very machine; programs by tokens of their own, for the API only and as far as their
scopes go.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from central import auth, tokens
from central.console.headers import SECURITY_HEADERS
from central.forms import FORM_TYPES, BadForm, csrf_token, is_same, read_form
from central.people import Act, Person
from central.store.base import StoreError
from central.tokens import Tokens

OPEN = ("/healthz", "/readyz")
FOR_PROGRAMS = ("/api/", "/metrics")
_SAFE = ("GET", "HEAD")
_FORMS = (b"", b"text/plain", *FORM_TYPES)
"""What a stranger's page can make a browser send in an operator's name without asking us first (Fetch, 2.2.2)."""
_ADMIN = ("/api/v1/tokens", "/api/v1/audit")
_CHANGES: Mapping[str, tokens.Scope] = {"/api/v1/alerts": "alerts"}
"""What changing something under a path needs; else `directives` or `write`."""
ACT_OF: Mapping[tokens.Scope, Act] = {
    "read": "see", "write": "fleet", "alerts": "direct", "directives": "direct", "admin": "admin",
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

    def reaches(self, method: str, path: str) -> bool:
        """As far as the API goes."""
        scope = needed(method, path)
        return self.person.may(ACT_OF[scope]) if self.scopes is None else scope in self.scopes


@dataclass(frozen=True, slots=True)
class Guard:
    """Sets `state["person"]`, `state["csrf"]`, and `state["who"]`: the name for the audit trail."""

    app: ASGIApp
    operator_token: str | None = field(repr=False)
    programs: Tokens | None = None
    wall: Callable[[], float] = time.time
    csrf_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        try:
            asker = await self._asker(scope)
        except StoreError:
            await _refuse(scope, receive, send, 503, "unavailable", "the database is not available now")
            return
        if asker is None:
            await self._stranger(scope, receive, send)
        else:
            await self._known(asker, scope, receive, send)

    async def _known(self, asker: Asker, scope: Scope, receive: Receive, send: Send) -> None:
        path, method, kind = scope["path"], scope["method"], _content_type(scope)
        program = path.startswith(FOR_PROGRAMS)
        if program and not asker.reaches(method, path):
            message = "the token's scopes, or your role, do not reach that far"
            await _refuse(scope, receive, send, 403, "forbidden", message)
        elif program and method == "POST" and kind in _FORMS:
            await _refuse(scope, receive, send, 415, "not_json", "content-type: application/json")
        else:
            if not program and method not in _SAFE:
                try:
                    receive = await _checked(asker, kind, scope, receive)
                except BadForm as error:
                    await _refuse(scope, receive, send, 400, "bad_form", str(error))
                    return
            state = {"person": asker.person, "csrf": asker.csrf, "who": asker.person.name}
            scope.setdefault("state", {}).update(state)
            await self.app(scope, receive, send)

    async def _asker(self, scope: Scope) -> Asker | None:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        token = auth.operator_token(given) if given else None
        if token is not None and token.startswith("pat_"):
            return await self._program(token, scope["path"])
        if self.operator_token is None:
            return self._by_name("local") if auth.is_local(scope["headers"]) else None
        return self._by_name("operator") if auth.token_matches(token, auth.digest(self.operator_token)) else None

    def _by_name(self, name: str) -> Asker:
        return Asker(Person(name, "admin"), csrf_token(self.csrf_key, name))

    async def _program(self, token: str, path: str) -> Asker | None:
        if self.programs is None or not path.startswith(FOR_PROGRAMS):
            return None
        found = await self.programs.check(token, self.wall())
        if found is None:
            return None
        name, scopes = found
        person = Person(f"token:{name}", "viewer", acts=frozenset(ACT_OF[scope] for scope in scopes))
        return Asker(person, "", scopes)

    async def _stranger(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.operator_token is None:
            message = "without an operator token only http://localhost is served"
            await _refuse(scope, receive, send, 403, "forbidden", message)
            return
        program = scope["path"].startswith(FOR_PROGRAMS)
        challenge = {"www-authenticate": "Bearer" if program else 'Basic realm="posagent", charset="UTF-8"'}
        await _refuse(scope, receive, send, 401, "unauthorized", "an operator token is needed", challenge)


async def _checked(asker: Asker, kind: bytes, scope: Scope, receive: Receive) -> Receive:
    """Raises BadForm: not a form of one of our own pages."""
    if kind not in FORM_TYPES:
        raise BadForm("a form is needed")
    form, again = await read_form(scope, receive)
    if not is_same(form.get("csrf"), asker.csrf):
        raise BadForm("the page is out of date: load it again and repeat what you did")
    return again


def _content_type(scope: Scope) -> bytes:
    value: bytes = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return value.partition(b";")[0].strip().lower()


async def _refuse(
    scope: Scope,
    receive: Receive,
    send: Send,
    status: int,
    code: str,
    message: str,
    extra: dict[str, str] | None = None,
) -> None:
    headers = SECURITY_HEADERS | (extra or {})
    refusal: Any
    if scope["path"].startswith(FOR_PROGRAMS):
        refusal = Response(to_json({"error": {"code": code, "message": message}}), status, headers, "application/json")
    else:
        refusal = PlainTextResponse(message + "\n", status, headers)
    await refusal(scope, receive, send)
