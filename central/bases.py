"""The heartbeats that frames are told against: the last ones of each terminal, in memory for those lately heard of,
else from the store. Any process of a centre can read any frame; what none holds is asked for anew (409).
"""

import json
from collections import OrderedDict
from collections.abc import Iterable

from agent.wire import ReportRecord
from agent.wire.frame import Base
from central.store.base import ReportRow, Store

_TERMINALS = 10_000
_EACH = 2
"""The last acknowledged, and the one whose acknowledgement the terminal may not have heard."""
_LOOK_BACK = 64
"""Reports of the terminal that are gone through for its last heartbeats."""


class Bases:
    def __init__(self, store: Store, terminals: int = _TERMINALS) -> None:
        self._store = store
        self._terminals = terminals
        self._held: OrderedDict[str, tuple[Base, ...]] = OrderedDict()

    async def named(self, terminal: str, name: bytes) -> Base | None:
        """Raises StoreError."""
        for base in self._held.get(terminal, ()):
            if base.name == name:
                return base
        rows = await self._store.reports(terminal, limit=_LOOK_BACK)
        return next((base for base in map(_base, rows) if base is not None and base.name == name), None)

    def remember(self, terminal: str, epoch: str, stored: Iterable[ReportRecord]) -> None:
        newest: ReportRecord | None = None
        for record in stored:
            if record.type == "heartbeat" and (newest is None or record.seq > newest.seq):
                newest = record
        if newest is None:
            return
        known = self._held.pop(terminal, ())
        self._held[terminal] = (*known[-_EACH + 1 :], Base(epoch, newest.seq, newest.at, newest.body))
        if len(self._held) > self._terminals:
            self._held.popitem(last=False)


def _base(row: ReportRow) -> Base | None:
    return Base(row.epoch, row.position.seq, row.at, json.loads(row.body)) if row.type == "heartbeat" else None
