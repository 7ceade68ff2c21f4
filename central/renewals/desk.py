"""The desk's book: batches, orders, payments, vouchers. A change is one transaction with its line in the audit trail.

- Nothing is renewed twice (moves.py: locks) and nothing ordered twice at a platform (placing.py: keys).
- What a form or a program sends twice is done once: batches and payments are named by whoever sends them.
- Marked as paid, the terminal is asked to verify in the same transaction.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, TypeVar

from central.accounts.sight import EVERYTHING, Sight, where
from central.registry import BadValue, Who
from central.renewals import moves, orders, placing, records, rules, vouchers
from central.renewals.moves import HIDDEN, ONE, NewPayment
from central.renewals.orders import PlatformOrder
from central.renewals.prices import money
from central.renewals.records import SELECT, Batch, Payment, Renewal, Voucher
from central.renewals.vouchers import MAX_VOUCHER, VOUCHERS
from central.renewals.worklist import Due
from central.store.base import MAX_PAGE
from central.store.core import SqlStore
from central.store.database import Session

T = TypeVar("T")
MAX_CARDS = 2000
"""In one order."""
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")
_BATCH = "SELECT id, made_at, made_by, title, carrier, account, reference FROM renewal_batches"
_BATCHES = f"""{_BATCH} b WHERE made_at < :before
AND EXISTS (SELECT 1 FROM renewals r WHERE r.batch = b.id AND {{seen}}) ORDER BY made_at DESC, id LIMIT :limit"""  # noqa: S608 - ours
_COUNTS = """SELECT r.batch, r.state, count(*) FROM renewals r WHERE r.batch IN ({names}) AND {seen} GROUP BY 1, 2"""
_LIST = f"""{SELECT} WHERE (r.made_at < :made OR (r.made_at = :made AND r.id > :after))
AND (:state = '' OR r.state = :state) AND (:batch = '' OR r.batch = :batch)
AND (:terminal = '' OR r.terminal = :terminal) AND (:iccid = '' OR r.iccid = :iccid)
AND {{seen}} ORDER BY r.made_at DESC, r.id LIMIT :limit"""


@dataclass(frozen=True, slots=True)
class Book:
    """Raises StoreRefused (BadValue for a value) before anything is written, StoreUnavailable otherwise."""

    store: SqlStore

    # -- reading ------------------------------------------------------------------------------------------------------

    async def renewals(
        self, *, state: str = "", batch: str = "", terminal: str = "", iccid: str = "", limit: int = 100,
        after: tuple[int, str] = (2**60, ""), sight: Sight = EVERYTHING,
    ) -> list[Renewal]:  # fmt: skip
        """Newest first; `after`: when the last one of the page before was made, and its id."""
        seen, values = where(sight, "r.terminal")
        named = {"state": state, "batch": batch, "terminal": terminal, "iccid": iccid, "limit": min(limit, MAX_PAGE)}
        named |= {"made": after[0], "after": after[1]}
        return [records.renewal(row) for row in await self.store.read(_LIST.format(seen=seen), values | named)]

    async def of_batch(self, batch: str, sight: Sight = EVERYTHING) -> list[Renewal]:
        """All of it that is in sight; at most MAX_CARDS."""
        rows: list[Renewal] = []
        while page := await self.renewals(
            batch=batch, limit=MAX_PAGE, sight=sight, after=(rows[-1].made_at, rows[-1].id) if rows else (2**60, "")
        ):
            rows += page
        return rows

    async def renewal(self, id_: str, sight: Sight = EVERYTHING) -> Renewal | None:
        seen, values = where(sight, "r.terminal")
        rows = await self.store.read(ONE.format(seen=seen), values | {"id": id_})
        return records.renewal(rows[0]) if rows else None

    async def batches(self, *, before: int = 2**60, limit: int = 100, sight: Sight = EVERYTHING) -> list[Batch]:
        """Those with a renewal in sight, newest first."""
        seen, values = where(sight, "r.terminal")
        named = {"before": before, "limit": min(limit, MAX_PAGE)}
        rows = await self.store.read(_BATCHES.format(seen=seen), values | named)
        counts = await self._counts([row[0] for row in rows], sight)
        return [_batch(row, counts.get(row[0], {})) for row in rows]

    async def batch(self, id_: str, sight: Sight = EVERYTHING) -> Batch | None:
        rows = await self.store.read(f"{_BATCH} WHERE id = ?", (id_,))
        counts = await self._counts([id_], sight) if rows else {}
        return _batch(rows[0], counts[id_]) if rows and id_ in counts else None

    async def payments(self, batch: str) -> list[Payment]:
        columns = ", ".join(Payment.__slots__)
        rows = await self.store.read(f"SELECT {columns} FROM payments WHERE batch = ? ORDER BY at, id", (batch,))  # noqa: S608
        return [Payment(*row) for row in rows]

    async def orders(self, batch: str, sight: Sight = EVERYTHING) -> dict[str, PlatformOrder]:
        """By renewal: what carriers' platforms were told, or will be; for who sees the whole batch."""
        if await self._hides(batch, sight):
            return {}
        return {one.renewal: one for one in map(orders.of_row, await self.store.read(orders.OF_BATCH, (batch,)))}

    async def vouchers(self, batch: str, sight: Sight = EVERYTHING) -> list[Voucher]:
        """Only for who sees the whole batch: a voucher names all its cards and their price."""
        if await self._hides(batch, sight):
            return []
        return [Voucher(*row) for row in await self.store.read(VOUCHERS, (batch,))]

    async def voucher(self, id_: str, sight: Sight = EVERYTHING) -> tuple[Voucher, bytes] | None:
        names = ", ".join(Voucher.__slots__)
        rows = await self.store.read(f"SELECT {names}, content FROM vouchers WHERE id = ?", (id_,))  # noqa: S608
        if not rows or await self._hides(rows[0][1], sight):
            return None
        return Voucher(*rows[0][:8]), bytes(rows[0][8])

    # -- changing -----------------------------------------------------------------------------------------------------

    async def make(self, key: str, title: str, dues: Sequence[Due], who: Who) -> str:
        """A batch out of what is due; its id. The same key again: the batch that was made. Raises StoreRefused when one
        of the cards is being renewed already, or was for this period.
        """
        if not _KEY.match(key):
            raise BadValue("key: 8 to 64 letters, digits, '_' or '-'")
        if not 0 < len(dues) <= MAX_CARDS:
            raise BadValue(f"1 to {MAX_CARDS} cards")
        await self._change(partial(moves.make, key=key, title=_text("title", title), dues=tuple(dues), who=who))
        return key

    async def order(self, batch: str, reference: str, who: Who) -> int:
        """Ordered at the carrier; how many. Again: 0."""
        return await self._change(partial(moves.order, batch=batch, reference=_text("reference", reference), who=who))

    async def order_there(self, batch: str, accounts: frozenset[str], who: Who) -> int:
        """To be ordered at the platforms of these accounts; how many. What is on its way already stays so."""
        return await self._change(partial(placing.ask, batch=batch, accounts=accounts, who=who))

    async def order_again(self, id_: str, who: Who) -> None:
        """Somebody looked at the platform: it was not ordered."""
        await self._change(partial(placing.again, id_=id_, who=who))

    async def was_ordered(self, id_: str, who: Who) -> None:
        """Somebody looked at the platform: it was ordered, or has been now by hand."""
        await self._change(partial(placing.was_ordered, id_=id_, who=who))

    async def pay(
        self, batch: str, key: str, amount: str, who: Who, *, currency: str = "CNY", paid_on: str = "",
        reference: str = "", only: Sequence[str] = (),
    ) -> int:  # fmt: skip
        """`amount` for what was ordered, or for `only` these, failed ones too; how many. The same key again: 0."""
        sum_ = money(amount)
        if sum_ is None:
            raise BadValue("amount: such as 1234.50")
        if not _KEY.match(key):
            raise BadValue("key: 8 to 64 letters, digits, '_' or '-'")
        if not re.fullmatch(r"[A-Z]{3}", currency):
            raise BadValue("currency: three capital letters, such as CNY")
        payment = NewPayment(key, batch, sum_, currency, _day(paid_on), _text("reference", reference), tuple(only))
        return await self._change(partial(moves.pay, payment=payment, who=who))

    async def fail(self, id_: str, reason: str, note: str, who: Who) -> None:
        """Somebody found out why it did not work."""
        known = next((one for one in rules.REASONS if one == reason), None)
        if known is None:
            raise BadValue(f"reason: one of {', '.join(rules.REASONS)}")
        await self._change(partial(moves.settle, id_=id_, to="failed", reason=known, note=_text("note", note), who=who))

    async def void(self, id_: str, note: str, who: Who) -> None:
        """Withdrawn, or the money came back: the card can be renewed anew for this period."""
        await self._change(partial(moves.settle, id_=id_, to="void", reason=None, note=_text("note", note), who=who))

    async def verify(self, id_: str, who: Who) -> None:
        """Ask the terminal again."""
        await self._change(partial(moves.verify, id_=id_, who=who))

    async def add_voucher(self, batch: str, name: str, content: bytes, who: Who) -> Voucher:
        kind = vouchers.kind_of(content)
        if kind is None or len(content) > MAX_VOUCHER:
            raise BadValue(f"a voucher is a PDF, PNG, JPEG, WebP, OFD or XML file of at most {MAX_VOUCHER >> 20} MB")
        digest = hashlib.sha256(content).hexdigest()
        made = Voucher(
            secrets.token_hex(12), batch, vouchers.file_name(name), kind, len(content), digest, who.now, who.name
        )
        return await self._change(partial(_add_voucher, made=made, content=content, who=who))

    # -- of these -----------------------------------------------------------------------------------------------------

    async def _change(self, job: Callable[[Session], T]) -> T:
        return await self.store.write(partial(moves.or_nothing, job))

    async def _hides(self, batch: str, sight: Sight) -> bool:
        seen, values = where(sight, "r.terminal")
        return bool((await self.store.read(HIDDEN.format(seen=seen), values | {"batch": batch}))[0][0])

    async def _counts(self, names: Sequence[str], sight: Sight) -> dict[str, dict[str, int]]:
        if not names:
            return {}
        seen, values = where(sight, "r.terminal")
        named = {f"b{place}": name for place, name in enumerate(names)}
        statement = _COUNTS.format(names=", ".join(f":{key}" for key in named), seen=seen)
        counts: dict[str, dict[str, int]] = {}
        for batch, state, number in await self.store.read(statement, values | named):
            counts.setdefault(batch, {})[state] = number
        return counts


def _add_voucher(session: Session, made: Voucher, content: bytes, who: Who) -> Voucher:
    moves.whole(session, made.batch, who)
    return vouchers.add(session, made, content, who)


def _batch(row: Sequence[Any], counts: Mapping[str, int]) -> Batch:
    ordered = tuple((state, counts[state]) for state in rules.STATES if state in counts)
    id_, made_at, made_by, title, carrier, account, reference = row
    return Batch(id_, made_at, made_by, title, carrier, account, reference, sum(counts.values()), ordered)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > 200 or "\0" in value:
        raise BadValue(f"{name}: a text of at most 200 characters")
    return value.strip()


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise BadValue("paid_on: a date such as 2026-12-31") from None
