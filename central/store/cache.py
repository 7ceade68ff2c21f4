"""Credentials kept in memory for a moment. Without it every request reads the database, whose pages the reader has to
fetch anew after each commit of the writer: that was a third of the time of a request.

A change made by this process counts at once, one made by another (`posagent-central terminal revoke`) after TTL_S.
Terminals nobody knows are kept too, so that a stranger's second knock is answered as fast as a terminal's.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence

from central.store.base import Credential

TTL_S = 2.0
_MAX = 50_000


class CredentialCache:
    def __init__(self, monotonic: Callable[[], float] = time.monotonic, size: int = _MAX) -> None:
        self._monotonic = monotonic
        self._size = size
        self._held: OrderedDict[str, tuple[float, Credential | None]] = OrderedDict()

    def get(self, terminal: str) -> tuple[bool, Credential | None]:
        """Whether it is known here, and what: None = there is no such terminal."""
        found = self._held.get(terminal)
        if found is None or self._monotonic() >= found[0]:
            return False, None
        return True, found[1]

    def put(self, terminal: str, credential: Credential | None) -> None:
        now = self._monotonic()
        self._held[terminal] = (now + TTL_S, credential)
        self._held.move_to_end(terminal)
        for _ in range(2):  # those that are good no more go as others come
            oldest = next(iter(self._held))
            if self._held[oldest][0] > now and len(self._held) <= self._size:
                break
            del self._held[oldest]

    def forget(self, terminal: str) -> None:
        self._held.pop(terminal, None)


class Together:
    """Who asks in the same turn of the loop, or while a question is under way, shares the next question: pages that
    each would have to fetch anew are fetched once. What `answer` raises, each of them gets.
    """

    def __init__(self, answer: Callable[[Sequence[str]], Awaitable[Mapping[str, Credential]]]) -> None:
        self._answer = answer
        self._asked: dict[str, list[asyncio.Future[Credential | None]]] = {}
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, terminal: str) -> Credential | None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Credential | None] = loop.create_future()
        self._asked.setdefault(terminal, []).append(future)
        if self._asking is None or self._asking.done():  # a task: whoever asked first may be gone before the answer
            self._asking = loop.create_task(self._go_on())
        return await future

    async def _go_on(self) -> None:
        while self._asked:
            asked, self._asked = self._asked, {}
            found: Mapping[str, Credential] = {}
            failed: Exception | None = None
            try:
                found = await self._answer(list(asked))
            except Exception as error:  # each who asked is to know
                failed = error
            for terminal, future in ((name, one) for name, many in asked.items() for one in many):
                if future.done():
                    continue
                if failed is not None:
                    future.set_exception(failed)
                else:
                    future.set_result(found.get(terminal))
