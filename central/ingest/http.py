"""POST /v1/reports, the hot path: a plain ASGI application without a framework in between.

Order of the checks: who speaks, how often, how much, what. Nothing of a body is read for somebody unknown, and what
is read is bounded in bytes, and in time by central.server. The answer is sent after the commit.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from agent.wire import MAX_BODY_BYTES, Answer, RejectedRecord
from central import auth
from central.limits import RateLimit
from central.metrics import Metrics
from central.receive import BadBatch, delivery, read_batch
from central.store.base import Delivery, Receipt, Store, StoreError

RETRY_AFTER_COMMIT_S = 5
_JSON = (b"content-type", b"application/json")
_CLOSE = (b"connection", b"close")

Headers = tuple[tuple[bytes, bytes], ...]


class Refused(Exception):
    """The request gets `status` and an error body; nothing was stored."""

    def __init__(self, status: int, code: str, message: str, headers: Headers = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers


@dataclass(slots=True)
class ReportsRoute:
    store: Store
    limit: RateLimit
    metrics: Metrics
    wall: Callable[[], float]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._take(scope, receive)
        except Refused as refused:
            self.metrics.requests[refused.status, refused.code] += 1
            await respond(send, refused.status, error_body(refused.code, str(refused)), refused.headers)
        else:
            self.metrics.requests[200, ""] += 1
            await respond(send, 200, answer)

    async def _take(self, scope: Scope, receive: Receive) -> bytes:
        if scope["method"] != "POST":
            raise Refused(405, "method_not_allowed", "only POST", ((b"allow", b"POST"),))
        head = _Head(scope["headers"])
        terminal = await self._who(head.authorization)
        if wait := self.limit.take(terminal):
            seconds = str(int(wait) + 1).encode()
            raise Refused(429, "too_many_requests", "too many requests", ((b"retry-after", seconds),))
        body = await self._body(head, receive)
        try:
            parsed = read_batch(body)
        except BadBatch as bad:
            raise Refused(400, bad.code, str(bad)) from None
        heard = delivery(terminal, parsed, int(self.wall()))
        return self._answer(heard, await self._commit(heard))

    async def _who(self, authorization: bytes) -> str:
        claimed = auth.read_credential(authorization)
        if claimed is None:
            raise _unauthorized()
        terminal, secret = claimed
        try:
            known = await self.store.credential(terminal)
        except StoreError:
            raise _unavailable() from None
        same = auth.secret_matches(secret, known.secret_sha256 if known else None)
        if not same or known is None or known.revoked:
            raise _unauthorized()
        return terminal

    async def _body(self, head: "_Head", receive: Receive) -> bytes:
        if head.encoding not in (b"", b"identity"):
            raise Refused(415, "encoding_not_supported", "content-encoding: only identity", (_CLOSE,))
        if head.length > MAX_BODY_BYTES:
            raise _too_large()
        return await _whole(receive)

    async def _commit(self, heard: Delivery) -> Receipt:
        try:
            receipt = await self.store.commit(heard)
        except StoreError:
            raise _unavailable() from None
        counted = self.metrics.reports
        counted["new"] += receipt.new
        counted["repeated"] += receipt.repeated
        counted["rejected"] += len(heard.rejections)
        return receipt

    def _answer(self, heard: Delivery, receipt: Receipt) -> bytes:
        acked = receipt.new + receipt.repeated
        if not heard.rejections:
            return b'{"v":1,"acked":%d,"rejected":[],"server_time":%d}' % (acked, heard.received_at)
        rejected = [RejectedRecord(seq=bad.seq, reason=f"{bad.reason}: {bad.detail}") for bad in heard.rejections]
        return Answer(acked=acked, rejected=rejected, server_time=heard.received_at).model_dump_json().encode()


class _Head:
    """The headers this route looks at."""

    def __init__(self, headers: list[tuple[bytes, bytes]]) -> None:
        self.authorization = b""
        self.encoding = b""
        self.length = 0
        for name, value in headers:
            if name == b"authorization":
                self.authorization = value
            elif name == b"content-encoding":
                self.encoding = value.strip().lower()
            elif name == b"content-length":
                self.length = int(value) if value.isdigit() and len(value) < 20 else MAX_BODY_BYTES + 1


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "cut_off", "the connection was closed before the body was complete")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY_BYTES:
            raise _too_large()
        more = message.get("more_body", False)
    return b"".join(parts)


async def respond(send: Send, status: int, body: bytes, headers: Headers = ()) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [_JSON, length, *headers]})
    await send({"type": "http.response.body", "body": body})


def error_body(code: str, message: str) -> bytes:
    return to_json({"error": {"code": code, "message": message}})


def _unauthorized() -> Refused:
    return Refused(401, "unauthorized", "no valid credential", ((b"www-authenticate", b"Bearer"),))


def _unavailable() -> Refused:
    retry = (b"retry-after", str(RETRY_AFTER_COMMIT_S).encode())
    return Refused(503, "unavailable", "the centre cannot store reports now", (retry,))


def _too_large() -> Refused:
    return Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes", (_CLOSE,))
