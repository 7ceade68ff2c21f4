"""Credentials kept in memory for a moment. Without it every request reads the database, whose pages the reader has to
fetch anew after each commit of the writer: that was a third of the time of a request.

A change made by this process counts at once, one made by another (`posagent-central terminal revoke`) after TTL_S.
Terminals nobody knows are kept too, so that a stranger's second knock is answered as fast as a terminal's.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

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
        self._held[terminal] = (self._monotonic() + TTL_S, credential)
        self._held.move_to_end(terminal)
        if len(self._held) > self._size:
            self._held.popitem(last=False)

    def forget(self, terminal: str) -> None:
        self._held.pop(terminal, None)
