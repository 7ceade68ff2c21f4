"""Directives as JSON: what was asked of a terminal and what became of it, and asking for something new."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from agent.wire.kinds import MAX_OPEN
from central.accounts.people import person_of
from central.api import asked
from central.api.facts import ApiError, json_response
from central.orders import new_directive
from central.store.base import DirectiveRow, Store, StoreRefused
from central.view import moment

MAX_BODY_BYTES = 16 * 1024
DEFAULT_LIFE_S = 7 * 86_400


@dataclass(frozen=True, slots=True)
class DirectivesApi:
    store: Store
    wall: Callable[[], float]

    async def list(self, request: Request) -> Response:
        rows = await self.store.directives(await asked.known(request, self.store))
        now = self.wall()
        return json_response({"directives": [directive_json(row, now) for row in rows]})

    async def send(self, request: Request) -> Response:
        said = await _asked(request)
        kind, life, body = said.get("kind"), said.get("expires_s", DEFAULT_LIFE_S), said.get("body", {})
        if not isinstance(kind, str) or not isinstance(life, int) or isinstance(life, bool):
            raise ApiError(400, "bad_directive", "kind: a text; expires_s: a number of seconds")
        terminal = await asked.known(request, self.store)
        try:
            row = new_directive(terminal, kind, body, int(self.wall()), life, person_of(request).name)
            await self.store.send_directives([row], MAX_OPEN)
        except StoreRefused as refusal:
            raise ApiError(400, "bad_directive", str(refusal)) from None
        return json_response(directive_json(row, self.wall()), 201)

    async def withdraw(self, request: Request) -> Response:
        terminal = await asked.known(request, self.store)
        if not await self.store.withdraw_directive(terminal, request.path_params["directive"], int(self.wall())):
            raise ApiError(404, "not_found", "no such directive waits")
        return json_response({"withdrawn": True})


async def _asked(request: Request) -> dict[str, Any]:
    """A JSON object that says it is one: a form on a stranger's page cannot send that in a browser's name."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError(415, "not_json", "content-type: application/json")
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > MAX_BODY_BYTES:
            raise ApiError(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise ApiError(400, "bad_json", "not JSON") from None
    if not isinstance(said, dict):
        raise ApiError(400, "bad_json", "a JSON object is needed")
    return said


def directive_json(row: DirectiveRow, now: float) -> dict[str, Any]:
    state = "acknowledged" if row.acked_at is not None else "expired" if row.expires_at <= now else "waiting"
    return {
        "terminal": row.terminal,
        "id": row.id,
        "kind": row.kind,
        "body": json.loads(row.body),
        "sent_at": moment(row.created_at),
        "sent_by": row.sent_by,
        "expires_at": moment(row.expires_at),
        "state": state,
        "acknowledged_at": moment(row.acked_at),
        "outcome": row.outcome,
        "detail": row.detail or None,
    }
