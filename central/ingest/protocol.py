"""HTTP as the centre serves it: uvicorn's protocol, bounded, with a short way for reports.

The short way is for what nearly all requests are: a POST to a report's path that arrives whole, in one piece, while
nothing else is under way on its connection. It is answered with one write, without a scope, an ASGI cycle and its
events. Everything else (bodies in pieces or chunks, Expect, HTTP/1.0, pipelines, other paths) goes the usual way, and
both end in the same `ReportsRoute`.
"""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, ClassVar, Literal

from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from central.ingest.http import Head, Reply, ReportsRoute, is_report
from central.ingest.stream import StreamProtocol, Streams, key_of, switching
from central.session import PATH as SESSION

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application

MAX_HEAD_BYTES = 16 * 1024
HEAD_TIMEOUT_S = 15.0
BODY_TIMEOUT_S = 120.0
"""64 KiB over a GPRS link of 10 kbit/s take a minute."""

httptools_impl.STATUS_LINE[204] = b"HTTP/1.1 204 \r\n"
"""The usual answer to a report, without its optional phrase (RFC 9112, section 4): ten bytes of some hundred."""
_NOTHING_MORE = httptools_impl.STATUS_LINE[204] + b"\r\n"
_JSON = b"content-type: application/json\r\ncontent-length: %d\r\n"
_BODY = (b"content-length", b"transfer-encoding")
_ASIDE = (b"transfer-encoding", b"expect", b"upgrade")
"""Headers of which the usual way knows what they mean."""
_SESSION = SESSION.encode()


class BoundedProtocol(HttpToolsProtocol):
    """A request's head has at most MAX_HEAD_BYTES, head and body each have a time: nobody holds a connection for free.

    The timer runs only for what did not arrive in one piece, so the usual request never sets it.
    """

    _head_bytes = 0
    _framing_bytes = 0
    """What came after the head and was no body: sizes and extensions of chunks, trailers (RFC 9112, section 7.1)."""
    _answering: RequestResponseCycle | None = None
    _timer: asyncio.TimerHandle | None = None
    _part: Literal["head", "body", "none"] = "head"
    cut: ClassVar[Counter[str]] = Counter()
    """Connections that came to no request, by reason; given by `protocol_for`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        self._tell_gone()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._part == "body":
            self._framing_bytes += len(data)
        super().data_received(data)
        if self._part == "none":
            return
        if self._part == "head":
            self._head_bytes += len(data)
        if max(self._head_bytes, self._framing_bytes) > MAX_HEAD_BYTES:
            self._hang_up("too_large")
        elif self._timer is None:
            self._watch()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part = "head"

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._part == "head":  # else a trailer, which would pass for a header of the request
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._begin_body()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._framing_bytes -= 2 * len(body)  # chunks of a few bytes may be framed by as many
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._enter("none")
        super().on_message_complete()

    def _begin_body(self) -> None:
        """Raises, which is answered with 400 and the end of the connection, where a body comes with Upgrade: the parser
        then ends the message before its body, which would be read as the next request (of somebody else, where a proxy
        puts requests of many on one connection). Without a body Upgrade is ignored, as RFC 9110, 7.8, lets us.
        """
        if self.parser.should_upgrade() and any(name in _BODY for name, _ in self.headers):
            raise ValueError("a body with Upgrade")
        self._framing_bytes = 0
        self._enter("body")

    def send_400_response(self, msg: str) -> None:
        self.cut["not_http"] += 1
        super().send_400_response(msg)
        self._tell_gone()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: "ASGI3Application") -> None:
        self._answering = cycle
        if app is service_unavailable:
            self.cut["too_many"] += 1
        super()._start_asgi_task(cycle, app)

    def _hang_up(self, reason: str) -> None:
        self.cut[reason] += 1
        self.transport.close()
        self._tell_gone()

    def _tell_gone(self) -> None:
        """To whoever answers, or would next: to write to a closed connection is a traceback in the log."""
        if self._answering is not None:
            self._answering.disconnected = True
        self.pipeline.clear()

    def _enter(self, part: Literal["body", "none"]) -> None:
        self._part = part
        self._head_bytes = 0
        if self._timer is not None:
            self._unwatch()

    def _watch(self) -> None:
        patience = HEAD_TIMEOUT_S if self._part == "head" else BODY_TIMEOUT_S
        self._timer = self.loop.call_later(patience, self._hang_up, "too_slow")

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Woken:
    """The event of a cycle for which nobody waits."""

    def set(self) -> None:
        return


class _Report:
    """What uvicorn's protocol asks of the cycle of the request under way."""

    message_event = _Woken()

    def __init__(self, *, keep_alive: bool) -> None:
        self.body = b""
        self.disconnected = False
        self.keep_alive = keep_alive
        self.response_complete = False


class ReportsProtocol(BoundedProtocol):
    """With the short way to `route`, which is given by `protocol_for`, and the way to streams."""

    route: ReportsRoute
    streams: Streams
    _report: _Report | None = None
    """On the short way, and not yet whole."""
    _idle_since: float | None = None
    """One timer watches a connection's idle time; to set one anew for each request costs more than to parse it."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._report is not None:
            self._go_the_usual_way(self._report)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()

    def _unset_keepalive_if_required(self) -> None:
        self._idle_since = None

    def on_response_complete(self) -> None:
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_again_in(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._idle_since is None:  # a request is under way; its end sets the timer
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._look_again_in(left)
        else:
            self.transport.close()

    def _look_again_in(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def on_message_begin(self) -> None:
        """The scope is made for those who need one."""
        self._part = "head"
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        self._begin_body()
        if self._is_short():
            self._report = _Report(keep_alive=self.parser.should_keep_alive())
        elif not (self.parser.should_upgrade() and self._should_upgrade()):
            self._make_scope()

    def on_body(self, body: bytes) -> None:
        if self._report is None:
            super().on_body(body)
        elif self._report.body:
            self._report.body += body
        else:
            self._report.body = body

    def on_message_complete(self) -> None:
        report, self._report = self._report, None
        if report is None:
            super().on_message_complete()
            return
        self._enter("none")
        self.cycle = report  # type: ignore[assignment]
        task = self.loop.create_task(self._answer(report, self.url.decode("ascii"), Head(self.headers)))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _is_short(self) -> bool:
        if self.parser.get_method() != b"POST" or not is_report(self.url):
            return False
        if self._is_busy():
            return False
        limit = self.limit_concurrency
        if limit is not None and (len(self.connections) >= limit or len(self.tasks) >= limit):
            return False
        return self.parser.get_http_version() == "1.1" and not any(name in _ASIDE for name, _ in self.headers)

    def _is_busy(self) -> bool:
        cycle: object = self.cycle  # None before the first request
        return not getattr(cycle, "response_complete", True)

    def _should_upgrade(self) -> bool:
        """To a stream. Whatever else a connection could turn into is not heard of here."""
        return self.url.startswith(_SESSION) and is_report(self.url) and not self._is_busy() and bool(self._key())

    def _key(self) -> bytes:
        return key_of(self.parser.get_method(), self.headers)

    def handle_websocket_upgrade(self) -> None:
        self.flow.pause_reading()
        task = self.loop.create_task(self._switch(self.url.decode("ascii"), self._key()))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _switch(self, path: str, key: bytes) -> None:
        try:
            voice = await self.streams.greet(path, self.limit_concurrency)
        except Exception as error:
            reply = self.route.refusal(error)
            if not self.transport.is_closing():
                self.transport.write(_written(reply, keep=True))
                self.on_response_complete()
            return
        if self.transport.is_closing():
            return
        self.route.metrics.requests[101, ""] += 1
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
        self.connections.discard(self)
        stream = StreamProtocol(
            self.transport, self.server_state, self.streams, voice,
            idle_s=self.timeout_keep_alive, message_s=BODY_TIMEOUT_S,
        )  # fmt: skip
        self.transport.set_protocol(stream)
        self.transport.write(switching(key))
        self.flow.resume_reading()

    def _make_scope(self) -> None:
        url, headers, expect = self.url, self.headers, self.expect_100_continue
        HttpToolsProtocol.on_message_begin(self)
        self.url, self.expect_100_continue = url, expect
        self.headers += headers
        HttpToolsProtocol.on_headers_complete(self)

    def _go_the_usual_way(self, report: _Report) -> None:
        """It did not come in one piece: nothing more of it is read before it is known who speaks."""
        self._report = None
        if self.transport.is_closing():
            return
        self._make_scope()
        if report.body:
            HttpToolsProtocol.on_body(self, report.body)

    async def _answer(self, report: _Report, path: str, head: Head) -> None:
        reply = await self.route.reply("POST", path, head, report.body)
        report.response_complete = True
        if report.disconnected or self.transport.is_closing():
            return
        keep = report.keep_alive and (b"connection", b"close") not in reply.headers
        self.transport.write(_NOTHING_MORE if keep and reply.status == 204 else _written(reply, keep=keep))
        if not keep:
            self.transport.close()
        self.on_response_complete()


def _written(reply: Reply, *, keep: bool) -> bytes:
    parts = [httptools_impl.STATUS_LINE[reply.status]]
    if reply.status != 204:
        parts.append(_JSON % len(reply.body))
    parts += [b"%b: %b\r\n" % header for header in reply.headers]
    if not keep and (b"connection", b"close") not in reply.headers:
        parts.append(b"connection: close\r\n")
    return b"".join((*parts, b"\r\n", reply.body))


def protocol_for(route: ReportsRoute) -> type[ReportsProtocol]:
    """uvicorn makes a protocol a connection out of a class."""
    kept = {"route": route, "streams": Streams(route), "cut": route.metrics.cut}
    return type("Protocol", (ReportsProtocol,), kept)
