"""The same facts as JSON, for programs. Lists are paged: `limit`, and `cursor` as the answer's `next` gave it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from central import metrics, view
from central.accounts.people import person_of
from central.fleet import STATUSES, Rules
from central.store.base import MAX_PAGE, ChangeRow, Filter, Position, ReportRow, Store, StoreError, StoreRefused
from central.text import printable

Handler = Callable[[Request], Awaitable[Response]]
_STATUS: Mapping[str, int] = {"bad_value": 400, "not_found": 404}
"""Of refusals; all others contradict what is stored (409)."""
_CURSOR = re.compile(r"(\d{1,15})\.(\d{1,16})")


class ApiError(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def guarded(handler: Handler) -> Handler:
    """`handler` with its errors as `{"error": {"code", "message"}}`."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ApiError as error:
            return json_response({"error": {"code": error.code, "message": str(error)}}, error.status)
        except StoreRefused as refusal:
            body = {"error": {"code": refusal.code, "message": printable(str(refusal))}}
            return json_response(body, _STATUS.get(refusal.code, 409))
        except StoreError:
            body = {"error": {"code": "unavailable", "message": "the database is not available now"}}
            return json_response(body, 503, {"retry-after": "5"})

    return answer


def json_response(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    fixed = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(to_json(value), status, fixed | (headers or {}), "application/json")


@dataclass(frozen=True, slots=True)
class Api:
    store: Store
    rules: Rules
    wall: Callable[[], float]
    counted: metrics.Metrics
    platforms: Callable[[], Awaitable[Mapping[str, Mapping[str, int]]]] | None = None

    async def terminals(self, request: Request) -> Response:
        now, limit = self.wall(), _limit(request)
        rows = await self.store.terminals(
            after=request.query_params.get("cursor", "")[:64], limit=limit, only=self._filter(request, now),
            sight=person_of(request).sight,
        )  # fmt: skip
        shown = [view.terminal_json(view.terminal_view(row, now, self.rules)) for row in rows]
        return json_response({"terminals": shown, "next": rows[-1].terminal if len(rows) == limit else None})

    async def terminal(self, request: Request) -> Response:
        row = await self.store.terminal(request.path_params["terminal"], person_of(request).sight)
        if row is None:
            raise ApiError(404, "not_found", "no such terminal")
        rejections = [view.rejection_json(item) for item in await self.store.rejections(row.terminal)]
        body = view.terminal_json(view.terminal_view(row, self.wall(), self.rules))
        return json_response(body | {"rejections": rejections})

    async def reports(self, request: Request) -> Response:
        name, limit = await self._known(request), _limit(request)
        rows = await self.store.reports(name, before=_position(request), limit=limit)
        return json_response({"reports": [view.report_json(row) for row in rows], "next": _next(rows, limit)})

    async def changes(self, request: Request) -> Response:
        name, limit = await self._known(request), _limit(request)
        rows = await self.store.changes(name, before=_position(request), limit=limit)
        return json_response({"changes": [view.change_json(row) for row in rows], "next": _next(rows, limit)})

    async def healthz(self, _request: Request) -> Response:
        return json_response({"status": "ok"})

    async def readyz(self, _request: Request) -> Response:
        await self.store.ready()
        return json_response({"status": "ok"})

    async def metrics(self, request: Request) -> Response:
        if not person_of(request).sight.everything:
            raise ApiError(403, "forbidden", "these are the figures of the whole centre")
        counts = await self.store.count(self.wall(), self.rules)
        by_status = {str(status): n for status, n in counts.items()}
        figures = await self.platforms() if self.platforms else None
        text = metrics.render(self.counted, self.store.stats(), by_status, figures)
        return Response(text, media_type=None, headers={"content-type": metrics.CONTENT_TYPE})

    async def _known(self, request: Request) -> str:
        name: str = request.path_params["terminal"]
        if await self.store.terminal(name, person_of(request).sight) is None:
            raise ApiError(404, "not_found", "no such terminal")
        return name

    def _filter(self, request: Request, now: float) -> Filter | None:
        wanted = request.query_params.get("status")
        if wanted is None:
            return None
        for status in STATUSES:
            if status == wanted:
                return Filter(status, now, self.rules)
        raise ApiError(400, "bad_query", f"status: one of {', '.join(STATUSES)}")


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", "100")
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MAX_PAGE):
        raise ApiError(400, "bad_query", f"limit: 1 to {MAX_PAGE}")
    return int(text)


def _position(request: Request) -> Position | None:
    text = request.query_params.get("cursor")
    if text is None:
        return None
    match = _CURSOR.fullmatch(text)
    if match is None:
        raise ApiError(400, "bad_query", "cursor: as an answer's `next` gave it")
    return Position(int(match[1]), int(match[2]))


def _next(rows: list[ReportRow] | list[ChangeRow], limit: int) -> str | None:
    if len(rows) < limit:
        return None
    last = rows[-1].position
    return f"{last.epoch_number}.{last.seq}"
