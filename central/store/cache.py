"""What spares the hot path a look at the database, whose pages a reader has to fetch anew after each commit of the
writer: credentials kept for a moment, and the few whose credential was changed lately, known all at once.

A change made by this process counts at once, one made by another (`posagent-central terminal revoke`) after TTL_S.
Terminals nobody knows are kept too, so that a stranger's second knock is answered as fast as a terminal's.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from central.store.base import Credential

TTL_S = 2.0
_MAX = 50_000
LATELY_S = 3 * 86_400
"""A session is good for two days at most (central.session); the third is for clocks that differ."""
MAX_LATELY = 10_000
"""When more credentials than that were changed, as after a roll-out, each is looked at: they are not held."""


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


class Changed(NamedTuple):
    """As the database had it a moment ago."""

    lineage: bytes
    terminals: frozenset[str] | None
    """Those whose credential was changed in the last LATELY_S; None: too many to be held."""


class Lately:
    """Read for everybody once in TTL_S, when somebody comes; who comes meanwhile waits for the same answer. So a report
    over a session costs the same whether a thousand terminals speak or a million.
    """

    def __init__(
        self, answer: Callable[[int], Awaitable[Changed]], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`answer`: what was changed since a moment."""
        self._answer = answer
        self._monotonic = monotonic
        self._known: Changed | None = None
        self._good_until = float("-inf")
        self._asking: asyncio.Task[Changed] | None = None
        self._here: set[str] = set()
        """Changed by this process, and perhaps not in what is known yet."""

    async def known(self, since: int) -> Changed:
        """Raises what `answer` raises."""
        if self._known is not None and self._monotonic() < self._good_until:
            return self._known
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._ask(since))
        return await asyncio.shield(self._asking)  # whoever asked first may be gone before the answer

    def here(self, terminal: str) -> bool:
        return terminal in self._here

    def add(self, terminal: str) -> None:
        self._here.add(terminal)

    async def _ask(self, since: int) -> Changed:
        good_until, committed = self._monotonic() + TTL_S, set(self._here)
        known = await self._answer(since)
        self._known, self._good_until = known, good_until
        self._here -= committed
        return known
