"""POST /v1/enroll: a code, once, for a credential; or the present credential for a new one, where that was asked for.

Every wrong code gets the same answer after the same work, and counts as an attempt on that code. The whole route is
limited by sender and altogether: a shop enrols once in years. What is said to be wrong never repeats what was sent.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send

from agent.wire import WireError
from agent.wire.enrol import MAX_BODY_BYTES, EnrolAnswer, EnrolRequest, parts, read_request, tidy
from central import auth, enrolment
from central.accounts.access import address_of
from central.accounts.knocks import line_of
from central.ingest.http import error_body, respond
from central.intake import Refused
from central.limits import RateLimit
from central.metrics import Metrics
from central.orders import Orders
from central.store.base import Store, StoreError, StoreRefused
from central.text import printable

PATH = "/v1/enroll"
_EACH_PER_MINUTE, _EACH_AT_ONCE = 30.0, 30
"""From one address. Many terminals of one carrier share one."""
_ALL_PER_MINUTE, _ALL_AT_ONCE = 600.0, 100
_CHECKING = 4
"""Codes looked at at the same time; each takes 16 MB for 30 ms."""


@dataclass(slots=True)
class EnrolRoute:
    store: Store
    orders: Orders
    metrics: Metrics
    wall: Callable[[], float]
    monotonic: Callable[[], float]
    trusted_proxies: tuple[str, ...] = ()
    each: RateLimit = field(init=False)
    all: RateLimit = field(init=False)
    _checking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_CHECKING))

    def __post_init__(self) -> None:
        self.each = RateLimit(_EACH_PER_MINUTE, _EACH_AT_ONCE, self.monotonic)
        self.all = RateLimit(_ALL_PER_MINUTE, _ALL_AT_ONCE, self.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._take(scope, receive)
        except Refused as refused:
            self.metrics.enrolments[refused.code] += 1
            await respond(send, refused.status, error_body(refused.code, str(refused)), refused.headers)
        else:
            self.metrics.enrolments[""] += 1
            await respond(send, 200, answer.model_dump_json(exclude_none=True).encode())

    async def _take(self, scope: Scope, receive: Receive) -> EnrolAnswer:
        if scope["method"] != "POST":
            raise Refused(405, "method_not_allowed", "only POST", ((b"allow", b"POST"),))
        self._limit(scope)
        try:
            request = read_request(await _body(receive))
        except WireError as error:
            raise Refused(400, "bad_request", printable(str(error), 200)) from None
        try:
            terminal = (
                await self._with_code(request, request.code) if request.code else await self._renewed(scope, request)
            )
        except StoreRefused as refusal:
            raise Refused(409, "not_enrolled", str(refusal)) from None
        except StoreError:
            retry = ((b"retry-after", b"5"),)
            raise Refused(503, "unavailable", "the centre cannot enrol now", retry) from None
        return EnrolAnswer(terminal=terminal, server_time=int(self.wall()))

    def _limit(self, scope: Scope) -> None:
        sender = line_of(address_of(scope, self.trusted_proxies))
        if wait := self.each.take(sender) or self.all.take(""):  # who has to wait takes nothing from the others
            seconds = str(int(wait) + 1).encode()
            raise Refused(429, "too_many_requests", "too many attempts", ((b"retry-after", seconds),))

    async def _with_code(self, request: EnrolRequest, typed: str) -> str:
        try:
            name, secret = parts(tidy(typed))
        except WireError as error:
            raise Refused(400, "bad_code", str(error)) from None
        now = int(self.wall())
        kept = await self.store.try_enrol_code(name, now, enrolment.MAX_ATTEMPTS)
        async with self._checking:
            good = await asyncio.to_thread(enrolment.matches, secret, kept)
        if not good or kept is None:
            raise Refused(403, "code_refused", "the code is wrong, expired, or was tried too often")
        wish = request.terminal or enrolment.new_terminal_id()
        return await self.store.enrol(name, wish, bytes.fromhex(request.secret_sha256), now)

    async def _renewed(self, scope: Scope, request: EnrolRequest) -> str:
        """A terminal changes its own secret, because it was told to: else a stolen credential could lock it out."""
        shown = auth.read_credential(next((value for name, value in scope["headers"] if name == b"authorization"), b""))
        if shown:
            self.store.forget(shown[0])  # another process may have changed it a moment ago
        known = await self.store.credential(shown[0]) if shown else None
        same = auth.secret_matches(shown[1] if shown else "", known.secret_sha256 if known else None)
        if not same or known is None or known.revoked:
            raise Refused(401, "unauthorized", "no valid credential", ((b"www-authenticate", b"Bearer"),))
        fresh = bytes.fromhex(request.secret_sha256)
        if fresh != known.secret_sha256:  # equal: it has it already, and the answer was lost
            if not await self.orders.was_told_to(known.terminal, "rotate-credential"):
                raise Refused(403, "not_asked", "no directive to rotate the credential waits for this terminal")
            await self.store.rotate(known.terminal, fresh, int(self.wall()))
        return known.terminal


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "cut_off", "the connection was closed before the body was complete")
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes", ((b"connection", b"close"),))
        more = message.get("more_body", False)
    return body
