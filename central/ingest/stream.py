"""Reports as messages on a connection that was upgraded (RFC 6455; docs/wire.md): GET /~<session>, then no more HTTP.

Who speaks was shown by the session at the beginning; a secret that was rotated meanwhile, or a credential that was
revoked, ends the stream with the next message. Rate, size, commit before the answer and what is counted are those of
POST. A message is answered by one: nothing in it says that all is stored, else the JSON that a POST gets, where a
refusal has its status beside it. One message at a time: what comes meanwhile waits in the kernel.
"""

import asyncio
from dataclasses import dataclass
from typing import cast

from pydantic_core import to_json
from uvicorn.server import ServerState

from agent.wire import MAX_BODY_BYTES
from agent.wire.websocket import (
    BINARY,
    CLOSE,
    GOING_AWAY,
    PING,
    PONG,
    TEXT,
    TOO_BIG,
    VERSION,
    Incoming,
    StreamError,
    accepted,
    closing,
    frame,
)
from central.ingest.http import ReportsRoute, unauthorized
from central.intake import Refused, as_refused
from central.session import Sessions
from central.store.base import Credential

SHARE = 2
"""Of the connections that a centre bears one in so many at most is a stream: behind a proxy POST needs few of them, a
stream has one for itself."""
_MOST_UNREAD = 64 * 1024
"""Of what we wrote to a peer that pings and does not read."""
_SWITCHING = b"HTTP/1.1 101 \r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"


@dataclass(slots=True)
class Voice:
    """Who speaks on a stream, as shown when it began."""

    terminal: str
    secret_sha256: bytes
    session: str
    """The newest it was told."""
    lineage: bytes | None = None
    """What the session is bound to while the credential is an old one."""

    def is_of(self, known: Credential | None) -> bool:
        return known is not None and not known.revoked and known.secret_sha256 == self.secret_sha256


@dataclass(slots=True)
class Streams:
    """What messages mean, without a connection."""

    route: ReportsRoute
    open: int = 0

    async def greet(self, path: str, most: int | None) -> Voice:
        """Raises Refused. `most`: connections that may be open."""
        if most is not None and self.open >= most // SHARE:
            raise Refused(503, "too_many_streams", "no more streams now; POST goes on")
        speaker = await self.route.who(path, b"")
        known = await self.route.intake.known(speaker.terminal)
        if known is None:
            raise unauthorized()
        lineage = await self.route.intake.lineage(speaker.terminal)
        session = self._sessions.issue(speaker.terminal, lineage or known.secret_sha256)
        return Voice(speaker.terminal, known.secret_sha256, "" if speaker.session else session, lineage)

    async def answer(self, voice: Voice, message: bytes) -> tuple[bytes, bool]:
        """What to say, and whether the stream goes on."""
        intake = self.route.intake
        try:
            await self._check(voice)
            intake.admit(voice.terminal)
            taken = await intake.take(voice.terminal, message)
        except Exception as error:
            refused = as_refused(error)
            return self.refusal(refused), refused.status != 401
        fresh = self._sessions.issue(voice.terminal, voice.lineage or voice.secret_sha256)
        news, voice.session = (fresh if fresh != voice.session else None), fresh
        plain = taken.is_plain and news is None
        if not taken.is_empty:
            self.route.metrics.requests[204 if plain else 200, ""] += 1
        return b"" if plain else taken.answer_body(news), True

    async def _check(self, voice: Voice) -> None:
        """Raises Refused. Nothing is read of one whose credential is as it was when it began."""
        intake, was = self.route.intake, voice.lineage
        voice.lineage = await intake.lineage(voice.terminal)
        if voice.lineage is not None and voice.lineage == was:
            return
        is_good = voice.is_of(await intake.known(voice.terminal))
        if not (is_good or voice.is_of(await intake.known(voice.terminal, afresh=True))):
            raise unauthorized()

    def refusal(self, refused: Refused) -> bytes:
        self.route.metrics.requests[refused.status, refused.code] += 1
        error = {"code": refused.code, "message": str(refused)}
        after = {"retry_after_s": refused.retry_after_s} if refused.retry_after_s else {}
        return bytes(to_json({"error": error, "status": refused.status} | after))

    @property
    def _sessions(self) -> Sessions:
        return self.route.sessions


class StreamProtocol(asyncio.Protocol):
    """The bytes of one stream. To uvicorn it is a connection like the one it came from."""

    def __init__(
        self, transport: asyncio.Transport, state: ServerState, streams: Streams, voice: Voice,
        *, idle_s: float, message_s: float,
    ) -> None:  # fmt: skip
        """`idle_s`: so long it may be silent; `message_s`: so long a message may take to come."""
        self._transport = transport
        self._state = state
        self._streams = streams
        self._voice = voice
        self._idle_s, self._message_s = idle_s, message_s
        self._loop = asyncio.get_running_loop()
        self._incoming = Incoming(masked=True, limit=MAX_BODY_BYTES)
        self._busy = self._paused = self._last = False
        self._heard_at = self._loop.time()
        self._idle = self._loop.call_later(idle_s, self._look_whether_idle)
        self._late: asyncio.TimerHandle | None = None
        streams.open += 1
        self._connections = cast("set[object]", state.connections)
        """Of which uvicorn wants `shutdown`, and their number."""
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._incoming.feed(data)
        if not self._busy:
            self._go_on()
        elif not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def connection_lost(self, _exc: Exception | None) -> None:
        self._connections.discard(self)
        self._streams.open -= 1
        self._idle.cancel()
        self._not_late()

    def shutdown(self) -> None:
        """uvicorn stops: what is being committed is still answered."""
        self._last = True
        if not self._busy:
            self._end(GOING_AWAY)

    def _go_on(self) -> None:
        try:
            while not self._busy and not self._transport.is_closing() and (message := self._incoming.next()):
                self._met(message.kind, message.data)
        except StreamError as error:
            if error.code == TOO_BIG:
                refused = Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
                self._transport.write(frame(self._streams.refusal(refused)))
            self._end(error.code)
        if self._busy or not self._incoming.begun:
            self._not_late()
        elif self._late is None:
            self._late = self._loop.call_later(self._message_s, self._transport.close)

    def _met(self, kind: int, data: bytes) -> None:
        if kind in (BINARY, TEXT):
            self._busy = True
            task = self._loop.create_task(self._answer(data))
            self._state.tasks.add(task)
            task.add_done_callback(self._state.tasks.discard)
        elif kind == CLOSE:
            self._end(int.from_bytes(data[:2], "big") or GOING_AWAY)
        elif kind == PING:
            self._transport.write(frame(data, PONG))
            if self._transport.get_write_buffer_size() > _MOST_UNREAD:
                self._transport.abort()

    async def _answer(self, message: bytes) -> None:
        said, goes_on = await self._streams.answer(self._voice, message)
        self._busy = False
        self._heard_at = self._loop.time()
        self._state.total_requests += 1
        if self._transport.is_closing():
            return
        self._transport.write(frame(said))
        if self._last or not goes_on:
            self._end(GOING_AWAY)
            return
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        self._go_on()

    def _end(self, code: int) -> None:
        if not self._transport.is_closing():
            self._transport.write(closing(code))
            self._transport.close()

    def _not_late(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _look_whether_idle(self) -> None:
        left = self._heard_at + self._idle_s - self._loop.time()
        if left > 0 or self._busy:
            self._idle = self._loop.call_later(max(left, 1.0), self._look_whether_idle)
        else:
            self._end(GOING_AWAY)


def key_of(method: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    """`Sec-WebSocket-Key` of a request that asks for a stream; empty where it does not, or not as RFC 6455 has it."""
    found = dict(headers)
    asks = method == b"GET" and found.get(b"upgrade", b"").strip().lower() == b"websocket"
    if not asks or found.get(b"sec-websocket-version", b"").strip() != VERSION.encode():
        return b""
    key = found.get(b"sec-websocket-key", b"").strip()
    return key if len(key) == 24 else b""


def switching(key: bytes) -> bytes:
    return _SWITCHING % accepted(key)
