"""Which directives go along with an answer. Most terminals have none, and that is known without asking the database:
who has any is read once in TTL_S for all of them, by whoever comes first; the others meanwhile go by what was known.
"""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from agent.wire import Directive, ReportRecord, WireError
from agent.wire.directives import Acknowledgement, read_body
from agent.wire.kinds import MAX_BODY_CHARS, MAX_OPEN, Kind, is_kind
from central.store.base import Acknowledged, DirectiveRow, Store, StoreRefused
from central.text import printable

TTL_S = 2.0
MAX_LIFE_S = 30 * 86_400
MAX_SAID_CHARS = 32 * 1024
"""Of directives in one answer: terminals read answers of 64 KB (agent/uplink/talk.py). Others come with the next."""
_ID_CHARS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(slots=True)
class Orders:
    store: Store
    wall: Callable[[], float]
    monotonic: Callable[[], float]
    _known: frozenset[str] = frozenset()
    _good_until: float = field(default=float("-inf"))

    async def due(self, terminal: str) -> list[Directive]:
        """Raises StoreError."""
        now = int(self.wall())
        if self.monotonic() >= self._good_until:
            self._good_until = self.monotonic() + TTL_S
            self._known = await self.store.terminals_with_directives(now)
        if terminal not in self._known:
            return []
        rows = _fitting(await self.store.directives_due(terminal, now, MAX_OPEN))
        return [
            Directive(id=row.id, kind=row.kind, expires_at=row.expires_at, body=json.loads(row.body)) for row in rows
        ]

    async def acknowledged(self, terminal: str, records: Sequence[ReportRecord]) -> None:
        """What the terminal says about directives, in records that are stored. Raises StoreError."""
        told = [one for record in records if record.type == "directive" and (one := _told(record.body))]
        if told:
            await self.store.acknowledge_directives(terminal, told, int(self.wall()))

    async def was_told_to(self, terminal: str, kind: Kind) -> bool:
        """Whether such a directive waits to be acknowledged. Raises StoreError."""
        return any(row.kind == kind for row in await self.store.directives_due(terminal, int(self.wall()), MAX_OPEN))


def _fitting(rows: Sequence[DirectiveRow]) -> list[DirectiveRow]:
    """The first ones, as many as an answer has room for."""
    sums = accumulate(len(row.body) for row in rows)
    return [row for row, said in zip(rows, sums, strict=True) if said <= MAX_SAID_CHARS]


def _told(body: dict[str, Any]) -> Acknowledged | None:
    try:
        said = Acknowledgement.model_validate(body)
    except ValueError:
        return None
    if said.outcome == "part":
        return None
    return Acknowledged(said.id, said.outcome, printable(said.detail, 200))


def new_directive(terminal: str, kind: str, body: object, now: int, life_s: int, sent_by: str) -> DirectiveRow:
    """Raises StoreRefused for what no terminal would do."""
    known = is_kind(kind)
    if known is None:
        raise StoreRefused("not a directive that there is")
    if not 60 <= life_s <= MAX_LIFE_S:
        raise StoreRefused(f"a directive is good for 60 s to {MAX_LIFE_S // 86_400} days")
    try:
        checked = read_body(known, body)
    except WireError as error:
        raise StoreRefused(f"the directive {kind} cannot say that: {error}") from None
    text = json.dumps(checked.model_dump(exclude_none=True, exclude_defaults=True), separators=(",", ":"))
    if len(text) > MAX_BODY_CHARS:
        raise StoreRefused(f"at most {MAX_BODY_CHARS} characters")
    drawn = "".join(secrets.choice(_ID_CHARS) for _ in range(10))
    return DirectiveRow(terminal, drawn, kind, text, now, now + life_s, sent_by[:64])
