"""POST /v1/reports and POST /~<session>, the hot path: a plain ASGI application without a framework in between.

Order of the checks: who speaks, how often, how much, what. Nothing of a body is read for somebody unknown, and what
is read is bounded in bytes, and in time by central.server. The answer is sent after the commit. Over a session the
usual one, 204 and nothing else, says: all is stored, none rejected, and our clocks agree within a minute.
"""

from dataclasses import dataclass

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from agent.wire import MAX_BODY_BYTES
from central import auth
from central.intake import Headers, Intake, Refused, answer_body
from central.metrics import Metrics
from central.session import Sessions, claimed

_JSON = (b"content-type", b"application/json")
_CLOSE = (b"connection", b"close")


@dataclass(frozen=True, slots=True)
class _Speaker:
    terminal: str
    session: str | None
    """A new token for it; None: the one it has is good for long enough."""
    told_briefly: bool
    """It came over a session, and understands 204."""


@dataclass(slots=True)
class ReportsRoute:
    intake: Intake
    metrics: Metrics
    sessions: Sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, answer = await self._take(scope, receive)
        except Refused as refused:
            self.metrics.requests[refused.status, refused.code] += 1
            await respond(send, refused.status, error_body(refused.code, str(refused)), refused.headers)
        else:
            self.metrics.requests[status, ""] += 1
            await (respond(send, status, answer) if answer else _nothing_more(send))

    async def _take(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        if scope["method"] != "POST":
            raise Refused(405, "method_not_allowed", "only POST", ((b"allow", b"POST"),))
        head = _Head(scope["headers"])
        speaker = await self._who(scope["path"], head.authorization)
        self.intake.admit(speaker.terminal)
        taken = await self.intake.take(speaker.terminal, await self._body(head, receive))
        if speaker.told_briefly and speaker.session is None and taken.is_plain:
            return 204, b""
        return 200, answer_body(taken.answer(speaker.session))

    async def _who(self, path: str, authorization: bytes) -> _Speaker:
        if not authorization and (token := claimed(path)):
            return await self._of_session(*token)
        shown = auth.read_credential(authorization)
        if shown is None:
            raise _unauthorized()
        terminal, secret = shown
        known = await self.intake.known(terminal)
        same = auth.secret_matches(secret, known.secret_sha256 if known else None)
        if not same or known is None or known.revoked:
            raise _unauthorized()
        return _Speaker(terminal, self.sessions.issue(terminal, known.secret_sha256), told_briefly=False)

    async def _of_session(self, terminal: str, mac: str) -> _Speaker:
        known = await self.intake.known(terminal)
        secret = known.secret_sha256 if known else bytes(32)
        good = self.sessions.is_good(terminal, mac, secret)
        if not good or known is None or known.revoked:
            raise _unauthorized()
        new = self.sessions.is_new(terminal, mac, secret)
        return _Speaker(terminal, None if new else self.sessions.issue(terminal, secret), told_briefly=True)

    async def _body(self, head: "_Head", receive: Receive) -> bytes:
        if head.encoding not in (b"", b"identity"):
            raise Refused(415, "encoding_not_supported", "content-encoding: only identity", (_CLOSE,))
        if head.length > MAX_BODY_BYTES:
            raise _too_large()
        return await _whole(receive)


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


async def _nothing_more(send: Send) -> None:
    """204, which has neither a body nor a length."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def error_body(code: str, message: str) -> bytes:
    return to_json({"error": {"code": code, "message": message}})


def _unauthorized() -> Refused:
    return Refused(401, "unauthorized", "no valid credential", ((b"www-authenticate", b"Bearer"),))


def _too_large() -> Refused:
    return Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes", (_CLOSE,))
