"""What requests ask: query values and bodies, bounded and checked, with errors a program can act on."""

import json
import threading
from typing import Any

from starlette.requests import Request

from central import sheets
from central.accounts.people import person_of
from central.accounts.sight import Sight
from central.api.facts import ApiError
from central.aside import aside
from central.registry import Who
from central.store.base import MAX_PAGE, Store

MAX_JSON_BYTES = 64 * 1024
_READING = threading.Lock()


def number(request: Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 18 and least <= int(text) <= most):
        raise ApiError(400, "bad_query", f"{name}: {least} to {most}")
    return int(text)


def limit(request: Request) -> int:
    return number(request, "limit", 100, 1, MAX_PAGE)


def text(request: Request, name: str, most: int = 100) -> str:
    value = request.query_params.get(name, "")
    if len(value) > most or "\0" in value:
        raise ApiError(400, "bad_query", f"{name}: at most {most} characters")
    return value


async def json_object(request: Request) -> dict[str, Any]:
    """A JSON object that says it is one: a form on a stranger's page cannot send that in a browser's name."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise ApiError(415, "not_json", "content-type: application/json")
    data = await content(request, MAX_JSON_BYTES)
    try:
        asked = json.loads(data)
    except (ValueError, RecursionError):
        raise ApiError(400, "bad_json", "not JSON") from None
    if not isinstance(asked, dict):
        raise ApiError(400, "bad_json", "a JSON object is needed")
    return asked


async def content(request: Request, most: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > most:
            raise ApiError(413, "too_large", f"a body has at most {most} bytes")
    return b"".join(parts)


async def sheet(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """`sheets.read`, beside the loop: a workbook of 50 KB can take half a minute. One at a time. Raises BadSheet."""

    def in_turn() -> list[tuple[int, dict[str, str]]]:
        with _READING:
            return sheets.read(content)

    return await aside(in_turn)


def field(asked: dict[str, Any], name: str, default: str | None = None) -> str:
    value = asked.get(name, default)
    if not isinstance(value, str) or len(value) > 200:
        raise ApiError(400, "bad_body", f"{name}: a text of at most 200 characters")
    return value


def who(request: Request, now: float) -> Who:
    person = person_of(request)
    return Who(person.name, int(now), person.sight)


def sight(request: Request) -> Sight:
    return person_of(request).sight


async def known(request: Request, store: Store) -> str:
    """The terminal of the path, which whoever asks sees. Raises ApiError, StoreError."""
    name: str = request.path_params["terminal"]
    if await store.terminal(name, sight(request)) is None:
        raise ApiError(404, "not_found", "no such terminal")
    return name
