"""The desk's book: batches, orders, payments, vouchers. A change is one transaction with its line in the audit trail.

- Nothing is renewed twice: a renewal takes two locks of its card, `open` and its period, before it exists. Who comes
  second finds them taken, in whichever process.
- What a form or a program sends twice is done once: batches and payments are named by whoever sends them.
- Marked as paid, the terminal is asked to verify in the same transaction.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from agent.wire.kinds import MAX_OPEN
from central.orders import new_directive
from central.registry import BadValue, Who, audit
from central.renewals import records, rules
from central.renewals.prices import money, shares, unit_price
from central.renewals.records import SELECT, Batch, Payment, Renewal, Voucher, shown
from central.renewals.rules import Reason, State
from central.renewals.worklist import Due
from central.sight import EVERYTHING, Sight, where
from central.store.base import MAX_PAGE, StoreRefused
from central.store.core import SqlStore
from central.store.database import Session

T = TypeVar("T")
MAX_CARDS = 2000
"""In one order."""
MAX_VOUCHER = 10 * 1024 * 1024
MAX_VOUCHERS = 20
VERIFY_S = 14 * 86_400
VOUCHER_KINDS: Mapping[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
    "application/ofd": (b"PK\x03\x04",),
    "text/xml": (b"<?xml", b"\xef\xbb\xbf<?xml"),
}
"""What is taken for a voucher, by its first bytes, never by its name. Chinese e-invoices come as PDF, OFD or XML."""
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")

_LOCK = "INSERT INTO renewal_locks (iccid, what, renewal) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_FREE = "DELETE FROM renewal_locks WHERE iccid = ? AND renewal = ? AND (what = 'open' OR ? = 1)"
_ADD = f"""INSERT INTO renewals ({", ".join(records.COLUMNS)})
VALUES ({", ".join("?" for _ in records.COLUMNS)})"""  # noqa: S608 - ours
_ADD_BATCH = """INSERT INTO renewal_batches (id, made_at, made_by, title, carrier, account)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_BATCH = "SELECT id, made_at, made_by, title, carrier, account, reference FROM renewal_batches"
_BATCHES = f"""{_BATCH} b WHERE made_at < :before
AND EXISTS (SELECT 1 FROM renewals r WHERE r.batch = b.id AND {{seen}}) ORDER BY made_at DESC, id LIMIT :limit"""  # noqa: S608 - ours
_COUNTS = """SELECT r.batch, r.state, count(*) FROM renewals r WHERE r.batch IN ({names}) AND {seen} GROUP BY 1, 2"""
_LIST = f"""{SELECT} WHERE (r.made_at < :made OR (r.made_at = :made AND r.id > :after))
AND (:state = '' OR r.state = :state) AND (:batch = '' OR r.batch = :batch)
AND (:terminal = '' OR r.terminal = :terminal) AND (:iccid = '' OR r.iccid = :iccid)
AND {{seen}} ORDER BY r.made_at DESC, r.id LIMIT :limit"""
_ONE = f"{SELECT} WHERE r.id = :id AND {{seen}}"
_OF_BATCH = f"{SELECT} WHERE r.batch = :batch ORDER BY r.terminal, r.id"
_HIDDEN = "SELECT count(*) FROM renewals r WHERE r.batch = :batch AND NOT ({seen})"
_MOVE = """UPDATE renewals SET state = ?, version = version + 1 WHERE terminal = ? AND id = ? AND version = ?"""
_PAYMENT = """INSERT INTO payments (id, batch, at, who, paid_on, amount, currency, reference, cards)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_PAID = """UPDATE renewals SET amount = ?, currency = ?, paid_at = ?, paid_by = ?, payment = ?, directive = ?,
reason = NULL, suspects = '', settled_at = NULL WHERE terminal = ? AND id = ?"""
_DIRECTIVE = """INSERT INTO directives (terminal, id, kind, body, created_at, expires_at, sent_by)
VALUES (?, ?, ?, ?, ?, ?, ?)"""
_WAITING = "SELECT count(*) FROM directives WHERE terminal = ? AND acked_at IS NULL AND expires_at > ?"
_GOOD = "SELECT 1 FROM terminals WHERE id = ? AND revoked_at IS NULL"
_VOUCHERS = "SELECT id, batch, name, kind, size, sha256, at, who FROM vouchers WHERE batch = ? ORDER BY at, id"
_ADD_VOUCHER = """INSERT INTO vouchers (id, batch, name, kind, size, sha256, at, who, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""


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

    async def renewal(self, id_: str, sight: Sight = EVERYTHING) -> Renewal | None:
        seen, values = where(sight, "r.terminal")
        rows = await self.store.read(_ONE.format(seen=seen), values | {"id": id_})
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

    async def vouchers(self, batch: str, sight: Sight = EVERYTHING) -> list[Voucher]:
        """Only for who sees the whole batch: a voucher names all its cards and their price."""
        if await self._hides(batch, sight):
            return []
        return [Voucher(*row) for row in await self.store.read(_VOUCHERS, (batch,))]

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
        await self._change(partial(_make, key=key, title=_text("title", title), dues=tuple(dues), who=who))
        return key

    async def order(self, batch: str, reference: str, who: Who) -> int:
        """Ordered at the carrier; how many. Again: 0."""
        return await self._change(partial(_order, batch=batch, reference=_text("reference", reference), who=who))

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
        payment = _Payment(key, batch, sum_, currency, _day(paid_on), _text("reference", reference), tuple(only))
        return await self._change(partial(_pay, payment=payment, who=who))

    async def fail(self, id_: str, reason: str, note: str, who: Who) -> None:
        """Somebody found out why it did not work."""
        known = next((one for one in rules.REASONS if one == reason), None)
        if known is None:
            raise BadValue(f"reason: one of {', '.join(rules.REASONS)}")
        await self._change(partial(_settle, id_=id_, to="failed", reason=known, note=_text("note", note), who=who))

    async def void(self, id_: str, note: str, who: Who) -> None:
        """Withdrawn, or the money came back: the card can be renewed anew for this period."""
        await self._change(partial(_settle, id_=id_, to="void", reason=None, note=_text("note", note), who=who))

    async def verify(self, id_: str, who: Who) -> None:
        """Ask the terminal again."""
        await self._change(partial(_verify, id_=id_, who=who))

    async def add_voucher(self, batch: str, name: str, content: bytes, who: Who) -> Voucher:
        kind = kind_of(content)
        if kind is None or len(content) > MAX_VOUCHER:
            raise BadValue(f"a voucher is a PDF, PNG, JPEG, WebP, OFD or XML file of at most {MAX_VOUCHER >> 20} MB")
        digest = hashlib.sha256(content).hexdigest()
        made = Voucher(secrets.token_hex(12), batch, file_name(name), kind, len(content), digest, who.now, who.name)
        return await self._change(partial(_add_voucher, made=made, content=content, who=who))

    # -- of these -----------------------------------------------------------------------------------------------------

    async def _change(self, job: Callable[[Session], T]) -> T:
        return await self.store.write(partial(_or_nothing, job))

    async def _hides(self, batch: str, sight: Sight) -> bool:
        seen, values = where(sight, "r.terminal")
        return bool((await self.store.read(_HIDDEN.format(seen=seen), values | {"batch": batch}))[0][0])

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


@dataclass(frozen=True, slots=True)
class _Payment:
    key: str
    batch: str
    amount: Decimal
    currency: str
    paid_on: str
    reference: str
    only: tuple[str, ...]


def kind_of(content: bytes) -> str | None:
    """The kind of a voucher by its first bytes; None: not taken."""
    found = next((kind for kind, starts in VOUCHER_KINDS.items() if content.startswith(starts)), None)
    return None if found == "image/webp" and content[8:12] != b"WEBP" else found


def file_name(name: str) -> str:
    """A name for a file as people gave it: without a path, without what a file system or a header may mistake."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = "".join(char if char.isprintable() and char not in '<>:"|?*;%\\' else "_" for char in last).strip(" .")
    return cleaned[-100:] or "voucher"


def ask_to_verify(session: Session, terminal: str, expected: str | None, now: int, who: str) -> str | None:
    """The directive's id; None when nothing can be asked of the terminal now."""
    if not session.rows(_GOOD, (terminal,)) or session.rows(_WAITING, (terminal, now))[0][0] >= MAX_OPEN:
        return None
    row = new_directive(terminal, "verify-renewal", {"expected": expected} if expected else {}, now, VERIFY_S, who)
    session.run(_DIRECTIVE, (terminal, row.id, row.kind, row.body, now, row.expires_at, row.sent_by))
    return row.id


def free(session: Session, one: Renewal, *, whole: bool) -> None:
    """The card may be renewed again; `whole`: for the same period too."""
    session.run(_FREE, (one.iccid, one.id, int(whole)))


def move(session: Session, one: Renewal, to: State) -> bool:
    """False: somebody else moved it meanwhile. Raises StoreRefused where the rules have no such move."""
    if not rules.may_move(one.state, to):
        raise StoreRefused(f"a renewal that is {one.state} cannot become {to}")
    return session.run(_MOVE, (to, one.terminal, one.id, one.version)) == 1


def _or_nothing(job: Callable[[Session], T], session: Session) -> T:
    """What is refused half-way leaves nothing: the transaction is shared with others (central/store/writer.py)."""
    session.run("SAVEPOINT desk")
    try:
        result = job(session)
    except StoreRefused:
        session.run("ROLLBACK TO SAVEPOINT desk")
        session.run("RELEASE SAVEPOINT desk")
        raise
    session.run("RELEASE SAVEPOINT desk")
    return result


def _make(session: Session, key: str, title: str, dues: Sequence[Due], who: Who) -> None:
    carriers = {due.carrier for due in dues}
    accounts = {due.holding.account for due in dues}
    head = (carriers.pop() if len(carriers) == 1 else "", accounts.pop() if len(accounts) == 1 else "")
    if session.run(_ADD_BATCH, (key, who.now, who.name, title, *head)) != 1:
        return
    counts: dict[str, int] = {}
    for due in dues:
        counts[due.holding.plan or ""] = counts.get(due.holding.plan or "", 0) + 1
    for due in dues:
        _begin(session, key, due, counts[due.holding.plan or ""], who)


def _begin(session: Session, batch: str, due: Due, count: int, who: Who) -> None:
    holding, offer = due.holding, due.offer
    if not holding.iccid:
        raise StoreRefused(f"the card of {holding.terminal} is not known")
    id_ = secrets.token_hex(8)
    for what in ("open", f"{due.why}:{due.period}"):
        if session.run(_LOCK, (holding.iccid, what, id_)) != 1:
            raise StoreRefused(f"card {holding.iccid} is being renewed already, or was for {due.period}")
    price = unit_price(offer.price, offer.tiers, count) if offer and offer.price is not None else None
    expected = rules.expected_end(due.period, offer.months) if offer and due.why == "term" else None
    made = Renewal(
        holding.terminal, id_, holding.iccid, due.why, due.period, batch, "due", None, holding.msisdn, due.carrier,
        holding.account, holding.plan, holding.merchant, holding.shop, price, None, offer.currency if offer else "CNY",
        expected, None, "", who.now, None, None, None, None, None, None, (), 1,
    )  # fmt: skip
    values = records.to_json(made) | {"suspects": ""}
    session.run(_ADD, tuple(values[name] for name in records.COLUMNS))
    told = records.detail(batch=batch, iccid=made.iccid, terminal=made.terminal, why=made.why, period=made.period)
    audit(session, who, "begun", "renewal", id_, told)


def _order(session: Session, batch: str, reference: str, who: Who) -> int:
    chosen = [one for one in _whole(session, batch, who) if one.state == "due"]
    for one in chosen:
        if move(session, one, "ordered"):
            session.run(
                "UPDATE renewals SET ordered_at = ? WHERE terminal = ? AND id = ?", (who.now, one.terminal, one.id)
            )
            audit(session, who, "ordered", "renewal", one.id, records.detail(batch=batch, reference=reference or None))
    if chosen or reference:
        session.run(
            "UPDATE renewal_batches SET reference = ? WHERE id = ? AND (? = 1 OR reference = '')",
            (reference, batch, int(bool(chosen))),
        )
    return len(chosen)


def _pay(session: Session, payment: _Payment, who: Who) -> int:
    everybody = _whole(session, payment.batch, who)
    if session.rows("SELECT 1 FROM payments WHERE id = ?", (payment.key,)):
        return 0
    if payment.only:
        chosen = [one for one in everybody if one.id in payment.only and one.state in ("ordered", "failed")]
        if len(chosen) != len(set(payment.only)):
            raise StoreRefused("some of these are not ordered, or are paid already")
    else:
        chosen = [one for one in everybody if one.state == "ordered"]
    if not chosen:
        raise StoreRefused("nothing of this batch waits to be paid")
    paid = (payment.paid_on or _today(who.now), shown(payment.amount), payment.currency, payment.reference, len(chosen))
    if session.run(_PAYMENT, (payment.key, payment.batch, who.now, who.name, *paid)) != 1:
        return 0
    for one, share in zip(chosen, shares(payment.amount, len(chosen)), strict=True):
        _pay_one(session, one, share, payment, who)
    return len(chosen)


def _pay_one(session: Session, one: Renewal, share: Decimal, payment: _Payment, who: Who) -> None:
    if not move(session, one, "paid"):
        raise StoreRefused("somebody else changed it; look again")
    amount = share + (one.amount or Decimal(0))
    directive = ask_to_verify(session, one.terminal, one.expected, who.now, who.name)
    paid = (shown(amount), payment.currency, who.now, who.name, payment.key, directive)
    session.run(_PAID, (*paid, one.terminal, one.id))
    told = records.detail(batch=one.batch, amount=shown(share), currency=payment.currency, reference=payment.reference)
    audit(session, who, "paid", "renewal", one.id, told)


def _settle(session: Session, id_: str, to: State, reason: Reason | None, note: str, who: Who) -> None:
    one = _mine(session, id_, who)
    if one.state == "failed" and to == "failed":
        session.run("UPDATE renewals SET version = version + 1 WHERE terminal = ? AND id = ?", (one.terminal, one.id))
    elif not move(session, one, to):
        raise StoreRefused("somebody else changed it; look again")
    session.run(
        "UPDATE renewals SET reason = coalesce(?, reason), note = ?, settled_at = ? WHERE terminal = ? AND id = ?",
        (reason, note or one.note, who.now, one.terminal, one.id),
    )
    if to == "void":
        free(session, one, whole=True)
    audit(session, who, to, "renewal", id_, records.detail(reason=reason, note=note or None))


def _verify(session: Session, id_: str, who: Who) -> None:
    one = _mine(session, id_, who)
    if one.state not in rules.WATCHED or one.paid_at is None:
        raise StoreRefused(f"a renewal that is {one.state} cannot be verified")
    if one.state == "failed" and not move(session, one, "paid"):
        raise StoreRefused("somebody else changed it; look again")
    directive = ask_to_verify(session, one.terminal, one.expected, who.now, who.name)
    if directive is None:
        raise StoreRefused("nothing can be asked of the terminal now")
    session.run("UPDATE renewals SET directive = ? WHERE terminal = ? AND id = ?", (directive, one.terminal, one.id))
    audit(session, who, "asked", "renewal", id_, {"directive": directive})


def _add_voucher(session: Session, made: Voucher, content: bytes, who: Who) -> Voucher:
    _whole(session, made.batch, who)
    known = [Voucher(*row) for row in session.rows(_VOUCHERS, (made.batch,))]
    same = next((one for one in known if one.sha256 == made.sha256), None)
    if same is not None:
        return same
    if len(known) >= MAX_VOUCHERS:
        raise StoreRefused(f"{MAX_VOUCHERS} vouchers are kept for a batch")
    values = (getattr(made, name) for name in Voucher.__slots__)
    session.run(_ADD_VOUCHER, (*values, content))
    told = {"voucher": made.id, "name": made.name, "size": made.size, "sha256": made.sha256}
    audit(session, who, "voucher", "renewal", made.batch, told)
    return made


def _whole(session: Session, batch: str, who: Who) -> list[Renewal]:
    """All renewals of a batch, for somebody who sees all of them."""
    found = [records.renewal(row) for row in session.rows(_OF_BATCH, {"batch": batch})]
    seen, values = where(who.sight, "r.terminal")
    hidden = session.rows(_HIDDEN.format(seen=seen), values | {"batch": batch})[0][0]
    if not found or hidden == len(found):
        raise StoreRefused("no such batch")
    if hidden:
        raise StoreRefused("part of this batch lies outside of what you see")
    return found


def _mine(session: Session, id_: str, who: Who) -> Renewal:
    seen, values = where(who.sight, "r.terminal")
    rows = session.rows(_ONE.format(seen=seen), values | {"id": id_})
    if not rows:
        raise StoreRefused("no such renewal")
    return records.renewal(rows[0])


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


def _today(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
