"""The ASGI application: who may ask what, and which handler answers. Nothing global: all it knows is passed in."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from central import session
from central.accounts.access import Guard
from central.accounts.gate import Gate
from central.accounts.knocks import Knocks
from central.accounts.oidc import Provider
from central.accounts.tokens import Tokens
from central.accounts.users import Users
from central.accounts.visits import Visits
from central.alerts.desk import Desk
from central.alerts.plan import of_settings
from central.api.console import ConsoleApi
from central.api.directives import DirectivesApi
from central.api.endpoints import endpoints
from central.api.endpoints import routes as api_routes
from central.api.facts import Api, guarded
from central.api.fleet import FleetApi
from central.api.people import PeopleApi
from central.api.platforms import PlatformsApi
from central.api.renewals import RenewalsApi
from central.api.watch import WatchApi
from central.bases import Bases
from central.config import ConfigError, Settings, SignIn, read_oidc_secret
from central.console import admin, elsewhere, profile, signin
from central.console.alerts import AlertPages
from central.console.assets import Assets
from central.console.desk_frame import DeskFrame
from central.console.frame import Frame, environment
from central.console.incidents import IncidentPages
from central.console.now import Now
from central.console.problems import handlers
from central.console.renewals import RenewalPages
from central.console.reports import ReportPages
from central.console.shared import Console
from central.console.terminal import TerminalPages
from central.console.terminal_edit import TerminalEdit
from central.console.terminals import Terminals
from central.incidents import Incidents
from central.ingest.enrol import PATH as ENROL_PATH
from central.ingest.enrol import EnrolRoute
from central.ingest.http import ReportsRoute
from central.intake import Intake
from central.limits import RateLimit
from central.metrics import Metrics
from central.orders import Orders
from central.platforms.book import Book
from central.platforms.opening import Opened, opened
from central.registry import Registry
from central.renewals.office import Office
from central.roster import Roster
from central.session import Sessions
from central.store.base import Store
from central.store.core import SqlStore
from central.watch import Watch


def make_app(
    settings: Settings,
    store: SqlStore,
    *,
    operator_token: str | None = None,
    sessions: Sessions | None = None,
    wall: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    intake: Intake | None = None,
    has_users: bool = False,
    platforms: Sequence[Opened] | None = None,
) -> ASGIApp:
    """The centre as one ASGI application. Raises ConfigError: on a network it needs people or an operator token."""
    if operator_token is None and not has_users and not settings.server.is_loopback:
        wanted = "add a first user (posagent-central user add NAME --role admin) or set operator_token_file"
        raise ConfigError(f"listen = {settings.server.listen}: not loopback, so first {wanted}")
    intake = intake or make_intake(settings, store, wall, monotonic)
    counted, orders = intake.metrics, intake.orders
    sessions = sessions or Sessions(wall)
    reports = ReportsRoute(intake, counted, sessions)
    enrol = EnrolRoute(store, orders, counted, wall, monotonic, settings.signin.proxies)
    programs = Tokens(store, monotonic)
    users, rules = Users(store, monotonic), settings.signin
    visits = Visits(store, rules.idle_minutes * 60, rules.longest_hours * 3600, rules.strict_roles)
    gate = Gate(users, visits, Knocks(store), wall)
    known = opened(settings) if platforms is None else platforms
    frame = Frame(settings.fleet.zone, wall, Assets(), environment())
    console = Guard(
        _console(settings, store, counted, programs, gate, known, frame), operator_token, programs, users, visits,
        frame.refused, wall, sessions.key, settings.server.is_loopback, rules.proxies,
    )  # fmt: skip

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


def make_intake(
    settings: Settings,
    store: Store,
    wall: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
) -> Intake:
    """What all ways in share."""
    limit = RateLimit(settings.server.rate_per_minute, settings.server.rate_burst, monotonic)
    return Intake(store, limit, Metrics(), wall, Bases(store), Orders(store, wall, monotonic))


def _is_report(path: str) -> bool:
    return path == "/v1/reports" or path.startswith(session.PATH)


def _console(
    settings: Settings, store: SqlStore, counted: Metrics, programs: Tokens, gate: Gate, platforms: Sequence[Opened],
    frame: Frame,
) -> Starlette:  # fmt: skip
    rules, wall = settings.fleet.rules, gate.wall
    api = Api(store, rules, wall, counted, Book(store).figures if platforms else None)
    watch = Watch(store, rules, settings.fleet.zone)
    desk = Desk(store, of_settings(settings), settings.fleet.zone)
    console = Console(
        frame, store, rules, wall, Roster(store, rules, wall), Registry(store), watch, Incidents(store), desk
    )
    office = Office(store, settings, wall)
    acting = frozenset(one.name for one in platforms if one.may_act)
    table = endpoints(
        api,
        DirectivesApi(store, wall),
        WatchApi(store, watch, Incidents(store), desk, wall),
        FleetApi(Registry(store), programs, wall),
        PeopleApi(gate.users, store, wall),
        RenewalsApi(office, acting),
        ConsoleApi(console, office),
        PlatformsApi(Book(store), platforms, wall),
    )
    provider = _provider(settings.signin)
    return Starlette(
        routes=[
            *Now(console, office).routes(),
            *Terminals(console).routes(),
            *IncidentPages(console).routes(),
            *AlertPages(console).routes(),
            *ReportPages(console).routes(),
            *TerminalPages(console).routes(),
            *TerminalEdit(console).routes(),
            *RenewalPages(DeskFrame(console, office), platforms).routes(),
            *signin.routes(frame, gate, settings.signin.oidc_name if provider else ""),
            *elsewhere.routes(frame, gate, provider, settings.signin.oidc_name),
            *profile.routes(frame, gate),
            *admin.routes(console, gate.users, programs),
            *frame.assets.routes(),
            *api_routes(table),
            Route("/healthz", guarded(api.healthz)),
            Route("/readyz", guarded(api.readyz)),
            Route("/metrics", guarded(api.metrics)),
        ],
        exception_handlers=handlers(frame),
    )


def _provider(rules: SignIn) -> Provider | None:
    """Raises ConfigError."""
    if not rules.oidc_issuer:
        return None
    back = rules.public_url.rstrip("/") + f"{elsewhere.PATH}/back"
    secret = read_oidc_secret(Path(rules.oidc_client_secret_file))
    return Provider(rules.oidc_issuer, rules.oidc_client_id, secret, back, rules.oidc_claim, time.monotonic)
