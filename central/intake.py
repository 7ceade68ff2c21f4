"""What every way in does with a terminal's bytes once it is known who speaks: bound its rate, read, commit, remember,
hand out directives. HTTP, MQTT and CoAP differ in how they learn who it is and how they say the answer.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.wire import VERSION, Answer, Directive, RejectedRecord, answer_bytes
from agent.wire.dictionary import NEWEST
from agent.wire.frame import base_name, is_frame
from central.bases import Bases
from central.failures import Failures
from central.limits import RateLimit
from central.metrics import Metrics
from central.orders import Orders
from central.receive import SKEW_TOLERATED_S, BadBatch, Parsed, delivery, read_batch, read_frame
from central.store.base import Credential, Delivery, Receipt, Store, StoreError

RETRY_AFTER_COMMIT_S = 5
STATUSES = {"unknown_base": 409, "too_large": 413}
"""Of what a batch may be refused for; else 400."""

_USUAL = f'{{"acked":%d,"server_time":%d,%s"dictionary":{NEWEST},"v":{VERSION}}}'

Headers = tuple[tuple[bytes, bytes], ...]
log = logging.getLogger("central.intake")


class Refused(Exception):
    """The request gets `status` and an error body; nothing was stored."""

    def __init__(self, status: int, code: str, message: str, headers: Headers = (), retry_after_s: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers
        self.retry_after_s = retry_after_s


class Taken(NamedTuple):
    """A batch that is on the disk."""

    heard: Delivery
    receipt: Receipt
    directives: list[Directive]

    @property
    def is_plain(self) -> bool:
        """Nothing to say but: all is stored, none rejected, nothing asked, and the clocks agree within a minute."""
        agreed = abs(self.heard.clock_skew_s) <= SKEW_TOLERATED_S
        return agreed and not self.heard.rejections and not self.directives

    @property
    def is_empty(self) -> bool:
        """Nothing was told: somebody looked whether the way here is open, and that is no report."""
        return not self.heard.reports and not self.heard.rejections

    def answer(self, session: str | None = None) -> Answer:
        rejected = [RejectedRecord(seq=bad.seq, reason=f"{bad.reason}: {bad.detail}") for bad in self.heard.rejections]
        return Answer(
            acked=self.receipt.new + self.receipt.repeated,
            rejected=rejected,
            server_time=self.heard.received_at,
            session=session,
            dictionary=NEWEST,
            directives=self.directives,
        )

    def answer_body(self, session: str | None = None) -> bytes:
        """As it travels: what is not there is not said. The usual one is written at once."""
        if self.heard.rejections or self.directives:
            return answer_bytes(self.answer(session))
        receipt = self.receipt
        said = f'"session":"{session}",' if session else ""
        text = _USUAL % (receipt.new + receipt.repeated, self.heard.received_at, said)
        return text.encode()


@dataclass(slots=True)
class Intake:
    store: Store
    limit: RateLimit
    metrics: Metrics
    wall: Callable[[], float]
    bases: Bases
    orders: Orders
    failures: Failures = field(init=False)

    def __post_init__(self) -> None:
        self.failures = Failures(self.wall)

    async def known(self, terminal: str, *, afresh: bool = False) -> Credential | None:
        """What is remembered of it for a moment, or what the database says now (`afresh`). Raises Refused."""
        try:
            if afresh:
                self.store.forget(terminal)
            return await self.store.credential(terminal)
        except StoreError:
            raise unavailable() from None

    async def lineage(self, terminal: str) -> bytes | None:
        """What its session may be bound to in place of its secret (central.store.base). Raises Refused."""
        try:
            return await self.store.lineage(terminal, int(self.wall()))
        except StoreError:
            raise unavailable() from None

    def admit(self, terminal: str) -> None:
        """Raises Refused for one that speaks too often."""
        if wait := self.limit.take(terminal):
            seconds = int(wait) + 1
            headers = ((b"retry-after", str(seconds).encode()),)
            raise Refused(429, "too_many_requests", "too many requests", headers, seconds)

    async def take(self, terminal: str, body: bytes) -> Taken:
        """`body` of a terminal that is who it says; durable when it returns. Raises Refused, whatever goes wrong."""
        try:
            return await self._taken(terminal, body)
        except Refused:
            raise
        except Exception as error:
            what = type(error).__name__
            if self.failures.met(terminal, error):
                raise Refused(
                    422, "not_handled", f"the centre fails over this report, time and again ({what})"
                ) from None
            raise Refused(500, "internal", f"the centre failed over this report ({what})") from None

    async def _taken(self, terminal: str, body: bytes) -> Taken:
        try:
            parsed = await self._read(terminal, body)
        except BadBatch as bad:
            raise Refused(STATUSES.get(bad.code, 400), bad.code, str(bad)) from None
        heard = delivery(terminal, parsed, int(self.wall()))
        if not parsed.records and not parsed.rejected:
            return Taken(heard, Receipt(0, 0), [])
        receipt, directives = await self._commit(heard, parsed)
        return Taken(heard, receipt, directives)

    async def _read(self, terminal: str, body: bytes) -> Parsed:
        if not body:
            return Parsed("", int(self.wall()), (), ())
        if not is_frame(body):
            return read_batch(body)
        name = base_name(body)
        try:
            return read_frame(body, await self.bases.named(terminal, name) if name else None)
        except StoreError:
            raise unavailable() from None

    async def _commit(self, heard: Delivery, parsed: Parsed) -> tuple[Receipt, list[Directive]]:
        records = parsed.records
        if heard.rejections:
            stored = {report.seq for report in heard.reports}
            records = tuple(item for item in records if item.seq in stored)
        try:
            receipt = await self.store.commit(heard)
            await self.orders.acknowledged(heard.terminal, records)
            directives = await self.orders.due(heard.terminal)
        except StoreError:
            raise unavailable() from None
        counted = self.metrics.reports
        counted["new"] += receipt.new
        if receipt.repeated:
            counted["repeated"] += receipt.repeated
        if heard.rejections:
            counted["rejected"] += len(heard.rejections)
            self.metrics.rejected.update(bad.reason for bad in heard.rejections)
        self.bases.remember(heard.terminal, heard.epoch, heard.reports)
        return receipt, directives


def as_refused(error: Exception) -> Refused:
    """What is answered to `error`. One that is no refusal is a mistake of ours: the log has it, and the terminal keeps
    its records.
    """
    if isinstance(error, Refused):
        return error
    log.error("a report could not be answered", exc_info=error)
    return Refused(500, "internal", "the centre failed over this report")


def unavailable() -> Refused:
    retry = (b"retry-after", str(RETRY_AFTER_COMMIT_S).encode())
    return Refused(503, "unavailable", "the centre cannot store reports now", (retry,), RETRY_AFTER_COMMIT_S)
