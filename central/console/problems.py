"""What somebody is shown who may not, or who asks for what is not there: a page for people, JSON for programs."""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from central.access import FOR_PROGRAMS, OPEN
from central.api import json_response
from central.console.frame import Frame
from central.console.headers import SECURITY_HEADERS
from central.store.base import StoreError, StoreRefused
from central.text import printable

Handler = Callable[[Request, Exception], Response]
_KEYS = {403: "not_allowed", 404: "no_such_page"}
_CODES = {403: "forbidden", 404: "not_found", 405: "not_allowed"}


def handlers(frame: Frame) -> dict[type[Exception], Handler]:
    """For Starlette."""

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        message = printable(str(error.detail)) if isinstance(error, HTTPException) else ""
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        if request.url.path.startswith(FOR_PROGRAMS):
            body = {"error": {"code": _CODES.get(status, "refused"), "message": message}}
            return json_response(body, status, headers)
        if status not in _KEYS or request.url.path in OPEN:
            return PlainTextResponse(message + "\n", status, SECURITY_HEADERS | headers)
        return frame.problem(request, status, _KEYS[status])

    def broken(request: Request, error: Exception) -> Response:
        """A page that met the database's refusal, or met no database."""
        if isinstance(error, StoreRefused):
            return frame.page(request, "problem.html", 409, problem=printable(str(error)))
        return frame.problem(request, 503, "unavailable")

    return {HTTPException: refused, StoreError: broken}
