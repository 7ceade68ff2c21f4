"""Group commit: one thread writes; whoever waits while it commits shares the next commit.

What one turn of an event loop brings is handed over at once, at the turn's end: a thread that is woken for each job
takes the interpreter from the loop that has the next one ready, and commits them one by one.

Deliveries of a group are stored together, other jobs one after the other, all in one transaction. A job refuses
(StoreRefused) before it has written anything, or it succeeds. When anything else goes wrong the whole transaction is
rolled back and the jobs are tried one by one, so that one bad job cannot take others with it; a database that cannot
write fails them all with StoreUnavailable.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from central.store.base import Delivery, Receipt, StoreError, StoreRefused, StoreStats, StoreUnavailable
from central.store.database import Connection, Session

log = logging.getLogger("central.store")
Result = TypeVar("Result")
Job = Callable[[Session], Result]
Deliver = Callable[[Session, Sequence[Delivery]], Sequence[Receipt]]


@dataclass(slots=True)
class _Waiting(Generic[Result]):
    job: Job[Result] | Delivery
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Result]"
    result: Result | None = None
    error: StoreError | None = None

    def resolve(self) -> None:
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(cast("Result", self.result))  # the job succeeded: its result is there


def _no_deliveries(_session: Session, _deliveries: Sequence[Delivery]) -> Sequence[Receipt]:
    raise StoreError("this writer takes no deliveries")


class GroupWriter:
    """Owns `connection` until `close`. `deliver` stores deliveries and returns a receipt for each."""

    def __init__(
        self,
        connection: Connection,
        deliver: Deliver = _no_deliveries,
        *,
        max_waiting: int = 20_000,
        max_group: int = 1024,
    ) -> None:
        self._connection = connection
        self._deliver = deliver
        self._max_waiting = max_waiting
        self._max_group = max_group
        self._queue: queue.SimpleQueue[list[_Waiting[Any]] | None] = queue.SimpleQueue()
        self._brought: dict[asyncio.AbstractEventLoop, list[_Waiting[Any]]] = {}
        """Of the present turn of each loop."""
        self._offered = self._taken = 0
        self._closed = False
        self._commits = self._jobs = self._failures = 0
        self._seconds = 0.0
        self.last_failure: str | None = None
        """Why the newest commit failed; None when it did not."""
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    async def run(self, job: Job[Result]) -> Result:
        """`job`'s result once it is durable. Raises StoreUnavailable, or what the job refused with."""
        return await cast("asyncio.Future[Result]", self._put(job))

    async def deliver(self, delivery: Delivery) -> Receipt:
        """Durable when it returns. Raises StoreUnavailable."""
        return await cast("asyncio.Future[Receipt]", self._put(delivery))

    def _put(self, job: Any) -> "asyncio.Future[Any]":
        if self._closed:
            raise StoreUnavailable("the store is closed")
        if self._offered - self._taken >= self._max_waiting:
            raise StoreUnavailable("too many requests wait for the database")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        brought = self._brought.get(loop)
        if brought is None:
            brought = self._brought[loop] = []
            loop.call_soon(self._hand_over, loop)
        brought.append(_Waiting(job, loop, future))
        self._offered += 1
        return future

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        if brought := self._brought.pop(loop, None):
            self._queue.put(brought)

    def stats(self) -> StoreStats:
        waiting = self._offered - self._taken
        return StoreStats(self._commits, self._jobs, waiting, self._seconds, self._failures)

    def alive(self) -> bool:
        return self._thread.is_alive()

    def close(self, timeout: float = 5.0) -> None:
        """Commit what waits, then stop."""
        self._closed = True
        for loop in list(self._brought):
            self._hand_over(loop)
        self._queue.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            group, last = self._gather(first)
            self._commit(group)
            _hand_back(group)
            if last:
                break
        self._connection.close()

    def _gather(self, first: list[_Waiting[Any]]) -> tuple[list[_Waiting[Any]], bool]:
        """Whole turns, until there are max_group jobs. (To wait for more, as with PostgreSQL's commit_delay, was tried:
        it costs more than the commits it saves.)
        """
        group, last = first, False
        while len(group) < self._max_group and not last:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            group += more or ()
            last = more is None
        self._taken += len(group)
        return group, last

    def _commit(self, group: list[_Waiting[Any]]) -> None:
        started = time.perf_counter()
        try:
            self._transaction(group)
        except Exception as error:
            if len(group) == 1 or self._connection.hits_all(error):
                self._fail(group, error)
            else:  # a bug in one job must not cost the others theirs
                for waiting in group:
                    self._commit([waiting])
            return
        self._seconds += time.perf_counter() - started

    def _transaction(self, group: list[_Waiting[Any]]) -> None:
        connection = self._connection
        try:
            connection.begin()
            self._work(group)
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        if self.last_failure is not None:
            log.warning("the database commits again")
        self.last_failure = None
        self._commits += 1
        self._jobs += len(group)

    def _work(self, group: list[_Waiting[Any]]) -> None:
        deliveries: list[Delivery] = []
        brought: list[_Waiting[Any]] = []
        for waiting in group:
            waiting.error = None
            if isinstance(waiting.job, Delivery):
                deliveries.append(waiting.job)
                brought.append(waiting)
                continue
            try:
                waiting.result = waiting.job(self._connection)
            except StoreRefused as refusal:
                waiting.error = refusal
        if deliveries:
            for waiting, receipt in zip(brought, self._deliver(self._connection, deliveries), strict=True):
                waiting.result = receipt

    def _fail(self, group: list[_Waiting[Any]], error: Exception) -> None:
        self._failures += 1
        said, self.last_failure = self.last_failure, f"{type(error).__name__}: {error}".strip()
        if said != self.last_failure:  # once, not once a request
            log.error("the database cannot commit: %(why)s", {"why": self.last_failure})
        for waiting in group:
            waiting.error = StoreUnavailable(f"the database cannot commit: {self.last_failure}")


def _hand_back(group: list[_Waiting[Any]]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting[Any]]] = {}
    for waiting in group:
        by_loop.setdefault(waiting.loop, []).append(waiting)
    for loop, mine in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve_all, mine)
        except RuntimeError:  # the loop is gone, and with it whoever waited; the commit stands
            continue


def _resolve_all(group: list[_Waiting[Any]]) -> None:
    for waiting in group:
        waiting.resolve()
