"""The lean way in: CoAP over UDP under OSCORE (docs/coap.md). One datagram up, one down, and nothing in between.

Rules: who speaks is who holds the keys; a datagram that cannot be read costs one lookup and at most a few bytes of
answer, never larger than the question. A request that comes again (its datagram was repeated) gets the answer it had.
A number is used once: the window of each context is kept in a file, in steps, ahead of what was accepted, so that after
a restart nothing that was accepted before is accepted again. So one process answers one address.
"""

import asyncio
import logging
import sqlite3
from collections import OrderedDict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from aiocoap import oscore
from aiocoap.message import Message
from aiocoap.numbers.codes import Code
from aiocoap.numbers.types import Type
from pydantic_core import to_json

from agent.wire import MAX_BODY_BYTES
from agent.wire.oscore import CONTEXT_BYTES, KID_BYTES, NO_CONTEXT, REPLAYED, Context, kid_of, named
from central.config import split_listen
from central.intake import Intake, Refused
from central.store.base import MAX_PAGE, Credential, StoreError
from central.text import printable

STEP = 64
MAX_AT_ONCE = 1000
_ANSWERS = 20_000
_CONTEXTS = 50_000
_ASSEMBLIES = 500
_REFRESH_S = 10.0
_CODES = {
    400: Code.BAD_REQUEST, 401: Code.UNAUTHORIZED, 409: Code.CONFLICT, 413: Code.REQUEST_ENTITY_TOO_LARGE,
    429: Code.TOO_MANY_REQUESTS,
}  # fmt: skip
log = logging.getLogger("central.coap")
V = TypeVar("V")
Peer = tuple[Any, ...]


class Windows:
    """For each context: the number from which on nothing was accepted yet. Raises sqlite3.Error."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(directory / "windows.db", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS windows (terminal TEXT, context BLOB, upto INTEGER NOT NULL,"
            " at INTEGER NOT NULL, PRIMARY KEY (terminal, context)) STRICT, WITHOUT ROWID"
        )

    def newest(self, terminal: str) -> bytes | None:
        """The context that was last begun."""
        sql = "SELECT context FROM windows WHERE terminal = ? ORDER BY at DESC, upto DESC LIMIT 1"
        with closing(self._db.execute(sql, (terminal,))) as found:
            row = found.fetchone()
        return bytes(row[0]) if row else None

    def upto(self, terminal: str, context: bytes) -> int:
        sql = "SELECT upto FROM windows WHERE terminal = ? AND context = ?"
        with closing(self._db.execute(sql, (terminal, context))) as found:
            row = found.fetchone()
        return int(row[0]) if row else 0

    def keep(self, terminal: str, context: bytes, upto: int, now: int) -> None:
        """Durable when it returns."""
        self._db.execute("INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?)", (terminal, context, upto, now))

    def close(self) -> None:
        self._db.close()


@dataclass(slots=True)
class _Peer:
    """A terminal's context as it is held here."""

    terminal: str
    secret_sha256: bytes
    context: Context
    upto: int


@dataclass(slots=True)
class CoapWay:
    listen: str
    directory: Path
    intake: Intake
    port: int = 0
    """Where it listens, once it does."""
    _windows: Windows | None = None
    _transport: asyncio.DatagramTransport | None = None
    _names: dict[bytes, list[str]] = field(default_factory=dict)
    _names_until: float = float("-inf")
    _peers: "OrderedDict[tuple[str, bytes], _Peer]" = field(default_factory=OrderedDict)
    _last: "OrderedDict[str, bytes]" = field(default_factory=OrderedDict)
    """The context a terminal last spoke in."""
    _answers: "OrderedDict[tuple[Peer, bytes], bytes | None]" = field(default_factory=OrderedDict)
    _bodies: "OrderedDict[str, bytearray]" = field(default_factory=OrderedDict)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    async def run(self) -> None:
        """Until cancelled."""
        await self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def start(self) -> None:
        """Raises OSError."""
        self._windows = Windows(self.directory)
        where = split_listen(self.listen)
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=where)
        self.port = int(self._transport.get_extra_info("sockname")[1])
        log.info("listening on udp port %d", self.port)

    async def stop(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        if self._transport is not None:
            self._transport.close()
        if self._windows is not None:
            self._windows.close()

    def begin(self, data: bytes, peer: Peer) -> None:
        """A datagram came in."""
        key = (peer, data)
        if key in self._answers:
            said = self._answers[key]
            if said is not None and self._transport is not None:
                self._transport.sendto(said, peer)
            return
        if len(self._tasks) >= MAX_AT_ONCE:
            return  # it will be repeated
        _put(self._answers, key, None, _ANSWERS)
        task = asyncio.get_running_loop().create_task(self._take(data, peer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, data: bytes, peer: Peer) -> None:
        try:
            said = await self._answer(data)
        except Exception:  # hostile bytes must not end the way in
            log.exception("a datagram could not be handled")
            said = None
        if said is None or self._transport is None:
            self._answers.pop((peer, data), None)
            return
        _put(self._answers, (peer, data), said, _ANSWERS)
        self._transport.sendto(said, peer)

    # -- one request --------------------------------------------------------------------------------------------------

    async def _answer(self, data: bytes) -> bytes | None:
        """The datagram to send back; None: nothing."""
        request = _decoded(data)
        if request is None or request.mtype not in (Type.CON, Type.NON):
            return None
        if not request.code.is_request():
            return b"\x70\x00" + data[2:4] if request.mtype == Type.CON and request.code == Code.EMPTY else None
        try:
            opened = await self._opened(request)
        except Refused as refused:
            self.intake.metrics.requests[refused.status, refused.code] += 1
            if refused.status not in _CODES:  # we cannot know who it is now: it will be repeated
                return None
            return _sent(Message(code=_CODES[refused.status], payload=str(refused).encode()), request)
        except StoreError:
            return None
        peer, inner, request_id = opened
        answer = await self._handled(peer.terminal, inner)
        protected, _ = peer.context.protect(answer, request_id)
        return _sent(protected, request)

    async def _opened(self, request: Message) -> tuple[_Peer, Message, Any]:
        """Who speaks, and what they say. Raises Refused, which is said in the clear; StoreError."""
        kid, context = _named(request)
        for terminal in await self._terminals(kid):
            # what is remembered of a credential may be a moment old: ask the database before one is refused
            for afresh in (False, True):
                opened = self._tried(terminal, await self.intake.known(terminal, afresh=afresh), context, request)
                if opened is not None:
                    return opened
        raise Refused(401, "unauthorized", NO_CONTEXT.decode())

    def _tried(
        self, terminal: str, known: Credential | None, context: bytes | None, request: Message
    ) -> tuple[_Peer, Message, Any] | None:
        """None: not with this credential. Raises Refused for what was said before."""
        if known is None or known.revoked:
            return None
        peer = self._peer(terminal, known.secret_sha256, context)
        if peer is None:
            return None
        try:
            inner, request_id = peer.context.unprotect(request)
        except oscore.ReplayError:
            raise Refused(401, "replayed", REPLAYED.decode()) from None
        except Exception as error:  # wrong keys, or bytes made to hurt
            log.debug("not readable: %s", type(error).__name__)
            return None
        self._accept(peer, int.from_bytes(request_id.partial_iv))
        return peer, inner, request_id

    def _peer(self, terminal: str, secret_sha256: bytes, context: bytes | None) -> _Peer | None:
        windows = self._windows
        assert windows is not None  # noqa: S101 - set before anything can come in
        context = context or self._last.get(terminal) or windows.newest(terminal)
        if context is None:
            return None
        held = self._peers.get((terminal, context))
        if held is not None and held.secret_sha256 == secret_sha256:
            return held
        upto = windows.upto(terminal, context)
        made = Context(terminal, secret_sha256, context, "centre", window_from=upto)
        return _Peer(terminal, secret_sha256, made, upto)

    def _accept(self, peer: _Peer, number: int) -> None:
        """It was really the terminal: remember the context, and the number before it counts."""
        assert peer.context.id_context is not None  # noqa: S101
        context = bytes(peer.context.id_context)
        if number >= peer.upto and self._windows is not None:
            peer.upto = number + STEP
            self._windows.keep(peer.terminal, context, peer.upto, int(self.intake.wall()))
        _put(self._peers, (peer.terminal, context), peer, _CONTEXTS)
        _put(self._last, peer.terminal, context, _CONTEXTS)

    async def _terminals(self, kid: bytes) -> list[str]:
        """Who may have this key id: usually one, or nobody. Raises StoreError."""
        now = asyncio.get_running_loop().time()
        if kid not in self._names and now >= self._names_until:
            self._names_until = now + _REFRESH_S
            self._names = await self._all_names()
        return self._names.get(kid, [])

    async def _all_names(self) -> dict[bytes, list[str]]:
        names: dict[bytes, list[str]] = {}
        after = ""
        while rows := await self.intake.store.terminals(after=after, limit=MAX_PAGE):
            after = rows[-1].terminal
            for row in rows:
                names.setdefault(kid_of(row.terminal), []).append(row.terminal)
        return names

    async def _handled(self, terminal: str, inner: Message) -> Message:
        try:
            body = self._whole(terminal, inner)
            if body is None:
                answer = Message(code=Code.CONTINUE)
                answer.opt.block1 = inner.opt.block1
                return answer
            self.intake.admit(terminal)
            taken = await self.intake.take(terminal, body)
        except Refused as refused:
            self.intake.metrics.requests[refused.status, refused.code] += 1
            log.info("%s: %s", printable(terminal), refused.code)
            error = {"code": refused.code, "message": str(refused)}
            after = {"retry_after_s": refused.retry_after_s} if refused.retry_after_s else {}
            said = bytes(to_json({"error": error, "status": refused.status} | after))
            return Message(code=_CODES.get(refused.status, Code.SERVICE_UNAVAILABLE), payload=said)
        self.intake.metrics.requests[200, ""] += 1
        # JSON says once which frames are read here; a frame shows that this is known
        plain = taken.is_plain and body[:1] >= b"\x80"
        return Message(code=Code.CHANGED, payload=b"" if plain else taken.answer_body())

    def _whole(self, terminal: str, inner: Message) -> bytes | None:
        """The body; None while blocks of it are still to come. Raises Refused."""
        block = inner.opt.block1
        if block is None:
            return bytes(inner.payload)
        held = self._bodies.get(terminal) if block.block_number else bytearray()
        if held is None or len(held) != block.start:
            raise Refused(400, "cut_off", "a block is missing: begin again")
        held += inner.payload
        if len(held) > MAX_BODY_BYTES:
            self._bodies.pop(terminal, None)
            raise Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
        if block.more:
            _put(self._bodies, terminal, held, _ASSEMBLIES)
            return None
        self._bodies.pop(terminal, None)
        return bytes(held)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, way: CoapWay) -> None:
        self._way = way

    def datagram_received(self, data: bytes, addr: Peer) -> None:
        self._way.begin(data, addr)

    def error_received(self, _exc: Exception) -> None:
        """Somebody is not there any more: nothing to do."""


def _decoded(data: bytes) -> Message | None:
    try:
        return Message.decode(data)
    except Exception:  # the library raises what the bytes make it raise
        return None


def _named(request: Message) -> tuple[bytes, bytes | None]:
    """Key id and ID context in the clear. Raises Refused."""
    try:
        kid, context = named(request)
    except Exception:
        raise Refused(400, "bad_request", "OSCORE is needed") from None
    if len(kid) != KID_BYTES or len(context or bytes(CONTEXT_BYTES)) != CONTEXT_BYTES:
        raise Refused(401, "unauthorized", NO_CONTEXT.decode())
    return kid, context


def _sent(answer: Message, request: Message) -> bytes:
    """On the request's acknowledgement."""
    answer.mtype, answer.mid, answer.token = (
        Type.ACK if request.mtype == Type.CON else Type.NON,
        request.mid,
        request.token,
    )
    return bytes(answer.encode())


def _put(held: "OrderedDict[Any, V]", key: Any, value: V, most: int) -> None:
    held[key] = value
    held.move_to_end(key)
    if len(held) > most:
        held.popitem(last=False)
