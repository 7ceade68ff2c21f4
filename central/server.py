"""uvicorn around the application: listening, HTTPS, bounds on what a client may do before it has said who it is,
systemd's notifications and a stop that drains what was taken in.
"""

import asyncio
import gc
import logging
import signal
import socket
import ssl
import time
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import uvicorn
import uvloop

from central.accounts.users import Users
from central.app import make_app, make_intake
from central.chores import Chores
from central.config import ConfigError, Settings, read_operator_token, read_session_key, split_listen
from central.ingest.http import ReportsRoute
from central.ingest.protocol import protocol_for
from central.ingest.ways import other_ways
from central.platforms.acts import Acts
from central.platforms.book import Book
from central.platforms.opening import Opened, opened
from central.platforms.poll import Poller
from central.renewals.errands import Errands
from central.sdnotify import Notifier
from central.session import Sessions
from central.store.base import Store, StoreError, StoreUnavailable
from central.store.core import SqlStore
from central.store.opening import open_store as open_database
from central.store.opening import shown
from central.text import printable

BACKLOG = 2048
GRACEFUL_STOP_S = 1
"""For requests under way; with the commit that follows, a stop takes less than two seconds."""

Background = Callable[[], Coroutine[None, None, None]]
log = logging.getLogger("central.server")


class Server(uvicorn.Server):
    """Serves until `should_exit`; tells systemd. Signals are the caller's (see `run`)."""

    def __init__(
        self, config: uvicorn.Config, store: Store, notifier: Notifier, background: Sequence[Background] = ()
    ) -> None:
        super().__init__(config)
        self._store = store
        self._notifier = notifier
        self._background = background

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        tasks = [asyncio.create_task(work()) for work in (self._watchdog, *self._background)]
        try:
            await super().serve(sockets)
        finally:
            for task in tasks:
                task.cancel()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._notifier.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._notifier.stopping()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing: uvicorn's own would die of the signal again after a clean stop."""
        yield

    def stop(self) -> None:
        self.should_exit = True

    async def _watchdog(self) -> None:
        """Alive is said while the loop turns and the database answers, be it with an error; not while either hangs."""
        while (period := self._notifier.watchdog_s) is not None:
            try:
                async with asyncio.timeout(period / 2):
                    await self._store.ready()
            except StoreUnavailable:
                self._notifier.alive()  # a full disk is answered with 503; starting again would not empty it
            except (StoreError, TimeoutError) as error:
                log.error("the database hangs: %(why)s", {"why": printable(str(error))})
            else:
                self._notifier.alive()
            await asyncio.sleep(period / 3)


def make_server(
    settings: Settings,
    store: SqlStore,
    notifier: Notifier | None = None,
    background: Sequence[Background] = (),
    platforms: Sequence[Opened] = (),
) -> Server:
    """A server for the application on `store`, not yet listening. Raises ConfigError."""
    server = settings.server
    check_tls(settings)
    intake = make_intake(settings, store)
    token = read_operator_token(Path(server.operator_token_file)) if server.operator_token_file else None
    key = read_session_key(Path(server.session_key_file)) if server.session_key_file else None
    sessions = Sessions(time.time, key) if key else Sessions(time.time)
    has_users = asyncio.run(Users(store).any())
    if token is None and not has_users:
        log.info("no users yet: who is at this machine may do everything; posagent-central user add NAME --role admin")
    config = uvicorn.Config(
        make_app(
            settings,
            store,
            operator_token=token,
            has_users=has_users,
            sessions=sessions,
            intake=intake,
            platforms=platforms,
        ),
        http=protocol_for(ReportsRoute(intake, intake.metrics, sessions)),
        loop="uvloop",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        limit_concurrency=server.max_connections,
        timeout_keep_alive=server.keep_alive_s,
        timeout_graceful_shutdown=GRACEFUL_STOP_S,
        ssl_certfile=server.tls_cert or None,
        ssl_keyfile=server.tls_key or None,
    )
    config.load()
    if config.ssl:
        _spare_bytes(config.ssl)
    return Server(config, store, notifier or Notifier(), [*background, *other_ways(settings, intake, store)])


def _spare_bytes(context: ssl.SSLContext) -> None:
    """Metered cards pay for our handshakes: one session ticket instead of two (300 bytes), and of the ciphers the one
    that the terminal likes best: it knows which is short on the wire and quick on its processor.
    """
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+CHACHA20:ECDHE+AESGCM")
    context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    context.num_tickets = 1


def check_tls(settings: Settings) -> None:
    """Raises ConfigError when certificate and key cannot be used together."""
    cert, key = settings.server.tls_cert, settings.server.tls_key
    if not cert:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError(f"tls_cert {cert}, tls_key {key}: {error}") from None


def listen_on(settings: Settings) -> socket.socket:
    """The listening socket; port 0 takes a free one. Raises OSError."""
    host, port = split_listen(settings.server.listen)
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    listening = socket.socket(family, kind)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises ConfigError, StoreError, OSError before it serves."""
    store = open_store(settings)
    try:
        chores, platforms = Chores(store, settings), opened(settings)
        background: list[Background] = [chores.run]
        if platforms:
            acts = Acts(Book(store), platforms)
            background += [Poller(acts.book, platforms).run, Errands(store, acts).run]
        server = make_server(settings, store, Notifier.from_environment(), background, platforms)
        listening = listen_on(settings)
        if not (settings.server.is_loopback or settings.server.tls_cert):
            log.warning("no tls_cert: credentials travel in the clear unless a proxy in front speaks HTTPS")
        log.info(
            "listening on %(address)s, database %(database)s",
            {"address": shown_address(settings, listening), "database": shown(settings.storage.database)},
        )
        _collect_rarely()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_until_signal(server, listening))
    finally:
        store.close()
        log.info("stopped")


def _collect_rarely() -> None:
    """What is loaded by now stays; what a report leaves behind holds no cycles. Looking for some after every 700 things
    that were made took a tenth of the time of a report.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def open_store(settings: Settings) -> SqlStore:
    return open_database(settings.storage.database)


def shown_address(settings: Settings, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    scheme = "https" if settings.server.tls_cert else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


async def _until_signal(server: Server, listening: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve([listening])
