"""What somebody is shown who may not, or who asks for what is not there: a page for people, JSON for programs."""

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from central.accounts.access import FOR_PROGRAMS
from central.api.facts import json_response
from central.console.frame import Frame
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
            return _said(status, _CODES.get(status, "refused"), message, headers)
        if status in _KEYS:
            return frame.problem(request, status, _KEYS[status])
        return frame.refused(request, status, message, headers)

    def broken(request: Request, error: Exception) -> Response:
        """A page that met the database's refusal, or met no database."""
        if isinstance(error, StoreRefused):
            return frame.refused(request, 409, error)
        return frame.problem(request, 503, "unavailable")

    def failed(request: Request, _error: Exception) -> Response:
        """A mistake of ours; the log has it."""
        if request.url.path.startswith(FOR_PROGRAMS):
            return _said(500, "internal", "the centre failed over this; its log says why")
        return frame.problem(request, 500, "failed")

    return {HTTPException: refused, StoreError: broken, Exception: failed}


def _said(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    return json_response({"error": {"code": code, "message": message}}, status, headers)
