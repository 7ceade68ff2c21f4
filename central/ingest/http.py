"""POST /v1/reports and POST /~<session>, the hot path: a plain ASGI application without a framework in between.

Order of the checks: who speaks, how often, how much, what. Nothing of a body is read for somebody unknown, and what
is read is bounded in bytes, and in time by central.server. The answer is sent after the commit. Over a session the
usual one, 204 and nothing else, says: all is stored, none rejected, and our clocks agree within a minute.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from pydantic_core import to_json
from starlette.types import Receive, Scope, Send

from agent.wire import MAX_BODY_BYTES
from central import auth
from central.intake import Headers, Intake, Refused, as_refused
from central.metrics import Metrics
from central.session import Sessions, claimed
from central.store.base import Credential

_JSON = (b"content-type", b"application/json")
_CLOSE = (b"connection", b"close")
_TARGET = re.compile(rb"/v1/reports|/~[A-Za-z0-9._-]{13,76}")


class _Speaker(NamedTuple):
    terminal: str
    session: str | None
    """A new token for it; None: the one it has is good for long enough."""
    told_briefly: bool
    """It came over a session, and understands 204."""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    """JSON; 204 has none."""
    headers: Headers = ()


_NOTHING_MORE = Reply(204)
_NOTHING_TOLD = Reply(204, headers=())
"""To an empty batch (`posagent diag` looks whether the way is open and the credential good): not counted."""


@dataclass(slots=True)
class ReportsRoute:
    intake: Intake
    metrics: Metrics
    sessions: Sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reply = await self.reply(scope["method"], scope["path"], Head(scope["headers"]), receive)
        await (respond(send, reply.status, reply.body, reply.headers) if reply.body else _nothing_more(send))

    async def reply(self, method: str, path: str, head: "Head", body: bytes | Receive) -> Reply:
        """`body`: where it is there already, else from where it comes."""
        try:
            reply = await self._take(method, path, head, body)
        except Exception as error:
            return self.refusal(error)
        if reply is not _NOTHING_TOLD:
            self.metrics.requests[reply.status, ""] += 1
        return reply

    def refusal(self, error: Exception) -> Reply:
        """Counted by its code, and told."""
        refused = as_refused(error)
        self.metrics.requests[refused.status, refused.code] += 1
        return Reply(refused.status, error_body(refused.code, str(refused)), refused.headers)

    async def _take(self, method: str, path: str, head: "Head", body: bytes | Receive) -> Reply:
        if method != "POST":
            raise Refused(405, "method_not_allowed", "only POST", ((b"allow", b"POST"),))
        speaker = await self.who(path, head.authorization)
        self.intake.admit(speaker.terminal)
        head.check()
        taken = await self.intake.take(speaker.terminal, body if isinstance(body, bytes) else await _whole(body))
        if taken.is_empty:
            return _NOTHING_TOLD
        if speaker.told_briefly and speaker.session is None and taken.is_plain:
            return _NOTHING_MORE
        return Reply(200, taken.answer_body(speaker.session))

    async def who(self, path: str, authorization: bytes) -> _Speaker:
        """Raises Refused. What is remembered of a credential may be a moment old: before one is refused, the database
        is asked, because a terminal that is refused stays away for long.
        """
        by_session = claimed(path) if not authorization else None
        claim = by_session or auth.read_credential(authorization)
        if claim is None:
            raise unauthorized()
        lineage = await self.intake.lineage(claim[0])
        if by_session and lineage and (speaker := self._bound(*claim, lineage, lineage)):
            return speaker
        check = self._of_session if by_session else self._of_credential
        speaker = check(*claim, await self.intake.known(claim[0]), lineage)
        speaker = speaker or check(*claim, await self.intake.known(claim[0], afresh=True), lineage)
        if speaker is None:
            raise unauthorized()
        return speaker

    def _of_credential(
        self, terminal: str, shown: str, known: Credential | None, lineage: bytes | None
    ) -> _Speaker | None:
        same = auth.secret_matches(shown, known.secret_sha256 if known else None)
        if not same or known is None or known.revoked:
            return None
        session = self.sessions.issue(terminal, lineage or known.secret_sha256)
        return _Speaker(terminal, session, told_briefly=False)

    def _of_session(
        self, terminal: str, shown: str, known: Credential | None, lineage: bytes | None
    ) -> _Speaker | None:
        """One that was issued while the credential was new."""
        secret = known.secret_sha256 if known else bytes(32)
        speaker = self._bound(terminal, shown, secret, lineage or secret)
        return None if known is None or known.revoked else speaker

    def _bound(self, terminal: str, shown: str, bound: bytes, next_bound: bytes) -> _Speaker | None:
        age = self.sessions.age(terminal, shown, bound)
        if age is None:
            return None
        return _Speaker(terminal, self.sessions.issue(terminal, next_bound) if age else None, told_briefly=True)


class Head:
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

    def check(self) -> None:
        """Raises Refused for a body that would not be read."""
        if self.encoding not in (b"", b"identity"):
            raise Refused(415, "encoding_not_supported", "content-encoding: only identity", (_CLOSE,))
        if self.length > MAX_BODY_BYTES:
            raise _too_large()


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


def is_report(target: bytes) -> bool:
    """Whether the target of a request is this route's, written plainly: without a query and without %xx."""
    return _TARGET.fullmatch(target) is not None


def error_body(code: str, message: str) -> bytes:
    return to_json({"error": {"code": code, "message": message}})


def unauthorized() -> Refused:
    return Refused(401, "unauthorized", "no valid credential", ((b"www-authenticate", b"Bearer"),))


def _too_large() -> Refused:
    return Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes", (_CLOSE,))
