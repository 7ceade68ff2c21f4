"""The lean way in: CoAP over UDP under OSCORE (docs/coap.md). One datagram up, one down, and nothing in between.

Rules: who speaks is who holds the keys (coap_keys.py); a datagram that cannot be read costs a few lookups and at most a
few bytes of answer, never larger than the question, and is counted with its reason. A request that comes again (its
datagram was repeated) gets the answer it had.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from aiocoap.message import Message
from aiocoap.numbers.codes import Code
from aiocoap.numbers.types import Type

from central.config import split_listen
from central.ingest.coap_blocks import Blocks
from central.ingest.coap_keys import Keys, put
from central.ingest.words import Words
from central.intake import Intake, Refused
from central.store.database import Whole
from central.store.windows import Windows

MAX_AT_ONCE = 1000
MAX_DATAGRAM = 1500
"""Ours are a block and its protection, below any MTU; what is remembered of each is bounded by it."""
_ANSWERS = 20_000
_CODES = {
    400: Code.BAD_REQUEST, 401: Code.UNAUTHORIZED, 408: Code.REQUEST_ENTITY_INCOMPLETE, 409: Code.CONFLICT,
    413: Code.REQUEST_ENTITY_TOO_LARGE, 422: Code.UNPROCESSABLE_ENTITY, 429: Code.TOO_MANY_REQUESTS,
    500: Code.INTERNAL_SERVER_ERROR,
}  # fmt: skip
log = logging.getLogger("central.coap")
Address = tuple[Any, ...]


@dataclass(slots=True)
class CoapWay:
    listen: str
    intake: Intake
    store: Whole
    port: int = 0
    """Where it listens, once it does."""
    _keys: Keys = field(init=False)
    _words: Words = field(init=False)
    _blocks: Blocks = field(default_factory=Blocks)
    _transport: asyncio.DatagramTransport | None = None
    _answers: "OrderedDict[tuple[Address, bytes], bytes | None]" = field(default_factory=OrderedDict)
    _tasks: "set[asyncio.Task[None]]" = field(default_factory=set)

    def __post_init__(self) -> None:
        self._keys = Keys(self.intake, Windows(self.store))
        self._words = Words(self.intake, "coap")

    async def run(self) -> None:
        """Until cancelled."""
        await self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def start(self) -> None:
        """Raises OSError."""
        where = split_listen(self.listen)
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), local_addr=where)
        self.port = int(self._transport.get_extra_info("sockname")[1])
        log.info("listening on udp port %(port)d", {"port": self.port})

    async def stop(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        if self._transport is not None:
            self._transport.close()

    def begin(self, data: bytes, address: Address) -> None:
        """A datagram came in."""
        key = (address, data)
        if key in self._answers:
            said = self._answers[key]
            if said is not None and self._transport is not None:
                self._transport.sendto(said, address)
            return
        if len(data) > MAX_DATAGRAM or len(self._tasks) >= MAX_AT_ONCE:
            self._count(*((413, "too_large") if len(data) > MAX_DATAGRAM else (429, "dropped")))
            return  # it will be repeated
        put(self._answers, key, None, _ANSWERS)
        task = asyncio.get_running_loop().create_task(self._take(data, address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, data: bytes, address: Address) -> None:
        try:
            said = await self._answer(data)
        except Exception:  # hostile bytes must not end the way in
            log.exception("a datagram could not be handled")
            self._count(500, "internal")
            said = None
        if said is None or self._transport is None:
            self._answers.pop((address, data), None)
            return
        put(self._answers, (address, data), said, _ANSWERS)
        self._transport.sendto(said, address)

    # -- one request --------------------------------------------------------------------------------------------------

    async def _answer(self, data: bytes) -> bytes | None:
        """The datagram to send back; None: nothing."""
        request = _decoded(data)
        if request is None:
            self._count(400, "bad_datagram")
            return None
        if request.mtype not in (Type.CON, Type.NON):
            return None
        if not request.code.is_request():
            return b"\x70\x00" + data[2:4] if request.mtype == Type.CON and request.code == Code.EMPTY else None
        try:
            opened = await self._keys.opened(request)
        except Refused as refused:
            self._count(refused.status, refused.code)
            if refused.status not in _CODES:  # we cannot know who it is now: it will be repeated
                return None
            return _sent(Message(code=_CODES[refused.status], payload=str(refused).encode()), request)
        answer = await self._handled(opened.peer.terminal, opened.inner)
        protected, _ = opened.peer.context.protect(answer, opened.request_id)
        return _sent(protected, request)

    async def _handled(self, terminal: str, inner: Message) -> Message:
        blocks = self._blocks
        try:
            more = blocks.next(terminal, inner)
            if more is not None:
                return more
            body = blocks.whole(terminal, inner)
            if body is None:
                return blocks.go_on(inner)
            answer = Message(code=Code.CHANGED, payload=await self._words.answer(terminal, body))
        except Refused as refused:
            code = _CODES.get(refused.status, Code.SERVICE_UNAVAILABLE)
            answer = Message(code=code, payload=self._words.refusal(terminal, refused))
        return blocks.first(terminal, answer)

    def _count(self, status: int, code: str) -> None:
        self.intake.metrics.requests[status, code] += 1


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, way: CoapWay) -> None:
        self._way = way

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._way.begin(data, addr)

    def error_received(self, _exc: Exception) -> None:
        """Somebody is not there any more: nothing to do."""


def _decoded(data: bytes) -> Message | None:
    try:
        return Message.decode(data)
    except Exception:  # the library raises what the bytes make it raise
        return None


def _sent(answer: Message, request: Message) -> bytes:
    """On the request's acknowledgement."""
    answer.mtype, answer.mid, answer.token = (
        Type.ACK if request.mtype == Type.CON else Type.NON,
        request.mid,
        request.token,
    )
    return bytes(answer.encode())
