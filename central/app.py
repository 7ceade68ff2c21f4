"""The ASGI application: who may ask what, and which handler answers. Nothing global: all it knows is passed in."""

import time
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from central import auth, session
from central.api import Api, guarded
from central.api_directives import DirectivesApi
from central.bases import Bases
from central.config import ConfigError, Settings
from central.ingest.enrol import PATH as ENROL_PATH
from central.ingest.enrol import EnrolRoute
from central.ingest.http import ReportsRoute, error_body
from central.intake import Intake
from central.limits import RateLimit
from central.metrics import Metrics
from central.orders import Orders
from central.pages import SECURITY_HEADERS, Pages, environment
from central.session import Sessions
from central.store.base import Store

_OPEN = ("/healthz", "/readyz")
_FOR_PROGRAMS = ("/api/", "/metrics")


def make_app(
    settings: Settings,
    store: Store,
    *,
    operator_token: str | None = None,
    sessions: Sessions | None = None,
    wall: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
) -> ASGIApp:
    """The centre as one ASGI application. Raises ConfigError: a console on a network needs an operator token."""
    if operator_token is None and not settings.server.is_loopback:
        raise ConfigError(f"listen = {settings.server.listen}: not loopback, so operator_token_file is required")
    counted = Metrics()
    limit = RateLimit(settings.server.rate_per_minute, settings.server.rate_burst, monotonic)
    orders = Orders(store, wall, monotonic)
    intake = Intake(store, limit, counted, wall, Bases(store), orders)
    reports = ReportsRoute(intake, counted, sessions or Sessions(wall))
    enrol = EnrolRoute(store, orders, counted, wall, monotonic)
    console = Guard(_console(settings, store, counted, wall), operator_token)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_report(scope["path"]):
            await reports(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == ENROL_PATH:
            await enrol(scope, receive, send)
        elif scope["type"] == "http":
            await console(scope, receive, send)
        else:
            raise RuntimeError(f"no {scope['type']} here")

    return app


def _is_report(path: str) -> bool:
    return path == "/v1/reports" or path.startswith(session.PATH)


class Guard:
    """Operators only: by token, or, where none is set, by asking from this very machine."""

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self._app = app
        self._token_sha256 = None if token is None else auth.digest(token)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in _OPEN or self._may(scope["headers"]):
            await self._app(scope, receive, send)
        else:
            await self._refuse(scope, receive, send)

    def _may(self, headers: auth.Headers) -> bool:
        if self._token_sha256 is None:
            return auth.is_local(headers)
        given = next((value for name, value in headers if name == b"authorization"), b"")
        return auth.token_matches(auth.operator_token(given), self._token_sha256)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        program = scope["path"].startswith(_FOR_PROGRAMS)
        if self._token_sha256 is None:
            status, code, message = 403, "forbidden", "without an operator token only http://localhost is served"
            extra = {}
        else:
            status, code, message = 401, "unauthorized", "an operator token is needed"
            extra = {"www-authenticate": "Bearer" if program else 'Basic realm="posagent", charset="UTF-8"'}
        headers = SECURITY_HEADERS | extra
        if program:
            refusal = Response(error_body(code, message), status, headers, "application/json")
        else:
            refusal = PlainTextResponse(message + "\n", status, headers)
        await refusal(scope, receive, send)


def _console(settings: Settings, store: Store, counted: Metrics, wall: Callable[[], float]) -> Starlette:
    rules = settings.fleet.rules
    pages = Pages(store, rules, wall, environment())
    api = Api(store, rules, wall, counted)
    directives = DirectivesApi(store, wall)
    one = "/api/v1/terminals/{terminal}"
    return Starlette(
        routes=[
            Route("/", pages.fleet),
            Route("/terminals/{terminal}", pages.terminal),
            Route("/static/console.css", _stylesheet()),
            Route("/api/v1/terminals", guarded(api.terminals)),
            Route(one, guarded(api.terminal)),
            Route(f"{one}/reports", guarded(api.reports)),
            Route(f"{one}/changes", guarded(api.changes)),
            Route(f"{one}/directives", guarded(directives.list), methods=["GET"]),
            Route(f"{one}/directives", guarded(directives.send), methods=["POST"]),
            Route(f"{one}/directives/{{directive}}", guarded(directives.withdraw), methods=["DELETE"]),
            Route("/healthz", guarded(api.healthz)),
            Route("/readyz", guarded(api.readyz)),
            Route("/metrics", guarded(api.metrics)),
        ]
    )


def _stylesheet() -> Callable[[Request], Response]:
    text = Path(__file__).with_name("static").joinpath("console.css").read_text(encoding="utf-8")
    headers = SECURITY_HEADERS | {"cache-control": "max-age=3600"}

    def stylesheet(_request: Request) -> Response:
        return Response(text, 200, headers, "text/css")

    return stylesheet
