"""Who may ask what of the console and the API. Operators by the operator token, or, where none is set, by asking from
this very machine; programs by tokens of their own, for the API only and as far as their scopes go.
"""

import time
from collections.abc import Callable
from typing import Any

from pydantic_core import to_json
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from central import auth, tokens
from central.pages import SECURITY_HEADERS
from central.store.base import StoreError
from central.tokens import Tokens

OPEN = ("/healthz", "/readyz")
FOR_PROGRAMS = ("/api/", "/metrics")
_SAFE = ("GET", "HEAD")
_FORMS = (b"", b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data")
"""What a stranger's page can make a browser send in an operator's name without asking us first (Fetch, 2.2.2)."""


def needed(method: str, path: str) -> tokens.Scope:
    """The scope a program needs."""
    if path.startswith(("/api/v1/tokens", "/api/v1/audit")):
        return "admin"
    if method in _SAFE:
        return "read"
    if path.startswith("/api/v1/alerts"):
        return "alerts"
    return "directives" if "/directives" in path else "write"


class Guard:
    """Sets `state["who"]`: the name of whoever asks, for the audit trail."""

    def __init__(
        self,
        app: ASGIApp,
        operator_token: str | None,
        programs: Tokens | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._token_sha256 = None if operator_token is None else auth.digest(operator_token)
        self._programs = programs
        self._wall = wall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in OPEN:
            await self._app(scope, receive, send)
            return
        try:
            who, scopes = await self._who(scope)
        except StoreError:
            await _refuse(scope, receive, send, 503, "unavailable", "the database is not available now")
            return
        if who is None:
            await self._stranger(scope, receive, send)
        elif needed(scope["method"], scope["path"]) not in scopes:
            await _refuse(scope, receive, send, 403, "forbidden", "the token's scopes do not reach that far")
        elif scope["method"] not in _SAFE and _content_type(scope) in _FORMS and scope["method"] == "POST":
            await _refuse(scope, receive, send, 415, "not_json", "content-type: application/json")
        else:
            scope.setdefault("state", {})["who"] = who
            await self._app(scope, receive, send)

    async def _who(self, scope: Scope) -> tuple[str | None, frozenset[str]]:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        token = auth.operator_token(given) if given else None
        if token is not None and token.startswith("pat_"):
            return await self._program(token, scope["path"])
        if self._token_sha256 is None:
            return ("local" if auth.is_local(scope["headers"]) else None), tokens.ALL
        return ("operator" if auth.token_matches(token, self._token_sha256) else None), tokens.ALL

    async def _program(self, token: str, path: str) -> tuple[str | None, frozenset[str]]:
        if self._programs is None or not path.startswith(FOR_PROGRAMS):
            return None, frozenset()
        found = await self._programs.check(token, self._wall())
        return (None, frozenset()) if found is None else (f"token:{found[0]}", found[1])

    async def _stranger(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._token_sha256 is None:
            message = "without an operator token only http://localhost is served"
            await _refuse(scope, receive, send, 403, "forbidden", message)
            return
        program = scope["path"].startswith(FOR_PROGRAMS)
        challenge = {"www-authenticate": "Bearer" if program else 'Basic realm="posagent", charset="UTF-8"'}
        await _refuse(scope, receive, send, 401, "unauthorized", "an operator token is needed", challenge)


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
