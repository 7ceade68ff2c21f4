"""The heartbeats that frames are told against: the last ones of each terminal, in memory for those lately heard of,
else from the store. Any process of a centre can read any frame; what none holds is asked for anew (409).
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agent.wire.frame import Base
from central.store.base import NewReport, ReportRow, Store

_TERMINALS = 10_000
_EACH = 2
"""The last acknowledged, and the one whose acknowledgement the terminal may not have heard."""
_LOOK_BACK = (_EACH, 64)
"""Reports of the terminal that are gone through for its last heartbeats: mostly these are the newest there are."""


class _Kept(NamedTuple):
    """As text: a tenth of the memory of what it says."""

    epoch: str
    seq: int
    at: int
    body: str

    def base(self) -> Base:
        return Base(self.epoch, self.seq, self.at, json.loads(self.body))


class Bases:
    def __init__(self, store: Store, terminals: int = _TERMINALS) -> None:
        self._store = store
        self._terminals = terminals
        self._held: OrderedDict[str, tuple[_Kept, ...]] = OrderedDict()

    async def named(self, terminal: str, name: bytes) -> Base | None:
        """Raises StoreError."""
        if found := _named(self._held.get(terminal, ()), name):
            return found
        for limit in _LOOK_BACK:
            rows = await self._store.reports(terminal, limit=limit)
            if found := _named([_kept(row) for row in rows if row.type == "heartbeat"], name):
                return found
        return None

    def remember(self, terminal: str, epoch: str, stored: Iterable[NewReport]) -> None:
        newest: NewReport | None = None
        for report in stored:
            if report.type == "heartbeat" and (newest is None or report.seq > newest.seq):
                newest = report
        if newest is None:
            return
        known = self._held.pop(terminal, ())
        self._held[terminal] = (*known[-_EACH + 1 :], _Kept(epoch, newest.seq, newest.at, newest.body))
        if len(self._held) > self._terminals:
            self._held.popitem(last=False)


def _named(kept: Sequence[_Kept], name: bytes) -> Base | None:
    """The newest is the likeliest."""
    return next((base for base in map(_Kept.base, sorted(kept, key=_age)) if base.name == name), None)


def _age(one: _Kept) -> int:
    return -one.seq


def _kept(row: ReportRow) -> _Kept:
    return _Kept(row.epoch, row.position.seq, row.at, row.body)
