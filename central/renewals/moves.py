"""What changes a renewal, each inside somebody's transaction, with its line in the audit trail.

A renewal takes two locks of its card, `open` and its period, before it exists: who comes second finds them taken, in
whichever process. What moves one names the version it had.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from agent.wire.kinds import MAX_OPEN
from central.accounts.sight import where
from central.orders import new_directive
from central.registry import Who, audit
from central.renewals import orders, records, rules
from central.renewals.prices import shares, unit_price
from central.renewals.records import SELECT, Renewal, shown
from central.renewals.rules import Reason, State
from central.renewals.worklist import Due
from central.store.base import StoreRefused
from central.store.database import Session

T = TypeVar("T")
VERIFY_S = 14 * 86_400
_LOCK = "INSERT INTO renewal_locks (iccid, what, renewal) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_FREE = "DELETE FROM renewal_locks WHERE iccid = ? AND renewal = ? AND (what = 'open' OR ? = 1)"
_ADD = f"""INSERT INTO renewals ({", ".join(records.COLUMNS)})
VALUES ({", ".join("?" for _ in records.COLUMNS)})"""  # noqa: S608 - ours
_ADD_BATCH = """INSERT INTO renewal_batches (id, made_at, made_by, title, carrier, account)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
ONE = f"{SELECT} WHERE r.id = :id AND {{seen}}"
_OF_BATCH = f"{SELECT} WHERE r.batch = :batch ORDER BY r.terminal, r.id"
HIDDEN = "SELECT count(*) FROM renewals r WHERE r.batch = :batch AND NOT ({seen})"
_MOVE = """UPDATE renewals SET state = ?, version = version + 1 WHERE terminal = ? AND id = ? AND version = ?"""
_PAYMENT = """INSERT INTO payments (id, batch, at, who, paid_on, amount, currency, reference, cards)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_PAID = """UPDATE renewals SET amount = ?, currency = ?, paid_at = ?, paid_by = ?, payment = ?, directive = ?,
reason = NULL, suspects = '', settled_at = NULL WHERE terminal = ? AND id = ?"""
_DIRECTIVE = """INSERT INTO directives (terminal, id, kind, body, created_at, expires_at, sent_by)
VALUES (?, ?, ?, ?, ?, ?, ?)"""
_WAITING = "SELECT count(*) FROM directives WHERE terminal = ? AND acked_at IS NULL AND expires_at > ?"
_GOOD = "SELECT 1 FROM terminals WHERE id = ? AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class NewPayment:
    key: str
    batch: str
    amount: Decimal
    currency: str
    paid_on: str
    reference: str
    only: tuple[str, ...]


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
        raise StoreRefused(f"a renewal that is {one.state} cannot become {to}", "wrong_state")
    return session.run(_MOVE, (to, one.terminal, one.id, one.version)) == 1


def or_nothing(job: Callable[[Session], T], session: Session) -> T:
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


def make(session: Session, key: str, title: str, dues: Sequence[Due], who: Who) -> None:
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
            raise StoreRefused(
                f"card {holding.iccid} is being renewed already, or was for {due.period}", "renewed_already"
            )
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


def order(session: Session, batch: str, reference: str, who: Who) -> int:
    elsewhere = orders.under_way(session, batch)
    waiting = [one for one in whole(session, batch, who) if one.state == "due"]
    chosen = [one for one in waiting if one.id not in elsewhere]
    if waiting and not chosen:
        raise StoreRefused("these are on their way to the platform, or may be ordered there already", "at_platform")
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


def pay(session: Session, payment: NewPayment, who: Who) -> int:
    everybody = whole(session, payment.batch, who)
    if session.rows("SELECT 1 FROM payments WHERE id = ?", (payment.key,)):
        return 0
    if payment.only:
        chosen = [one for one in everybody if one.id in payment.only and one.state in ("ordered", "failed")]
        if len(chosen) != len(set(payment.only)):
            raise StoreRefused("some of these are not ordered, or are paid already", "wrong_state")
    else:
        chosen = [one for one in everybody if one.state == "ordered"]
    if not chosen:
        raise StoreRefused("nothing of this batch waits to be paid", "wrong_state")
    paid = (payment.paid_on or _today(who.now), shown(payment.amount), payment.currency, payment.reference, len(chosen))
    if session.run(_PAYMENT, (payment.key, payment.batch, who.now, who.name, *paid)) != 1:
        return 0
    for one, share in zip(chosen, shares(payment.amount, len(chosen)), strict=True):
        _pay_one(session, one, share, payment, who)
    return len(chosen)


def _pay_one(session: Session, one: Renewal, share: Decimal, payment: NewPayment, who: Who) -> None:
    if not move(session, one, "paid"):
        raise StoreRefused("somebody else changed it; look again", "changed_meanwhile")
    amount = share + (one.amount or Decimal(0))
    directive = ask_to_verify(session, one.terminal, one.expected, who.now, who.name)
    paid = (shown(amount), payment.currency, who.now, who.name, payment.key, directive)
    session.run(_PAID, (*paid, one.terminal, one.id))
    told = records.detail(batch=one.batch, amount=shown(share), currency=payment.currency, reference=payment.reference)
    audit(session, who, "paid", "renewal", one.id, told)


def settle(session: Session, id_: str, to: State, reason: Reason | None, note: str, who: Who) -> None:
    one = mine(session, id_, who)
    if one.state == "due":
        orders.drop(session, one)
    if one.state == "failed" and to == "failed":
        session.run("UPDATE renewals SET version = version + 1 WHERE terminal = ? AND id = ?", (one.terminal, one.id))
    elif not move(session, one, to):
        raise StoreRefused("somebody else changed it; look again", "changed_meanwhile")
    session.run(
        "UPDATE renewals SET reason = coalesce(?, reason), note = ?, settled_at = ? WHERE terminal = ? AND id = ?",
        (reason, note or one.note, who.now, one.terminal, one.id),
    )
    if to == "void":
        free(session, one, whole=True)
    audit(session, who, to, "renewal", id_, records.detail(reason=reason, note=note or None))


def verify(session: Session, id_: str, who: Who) -> None:
    one = mine(session, id_, who)
    if one.state not in rules.WATCHED or one.paid_at is None:
        raise StoreRefused(f"a renewal that is {one.state} cannot be verified", "wrong_state")
    if one.state == "failed" and not move(session, one, "paid"):
        raise StoreRefused("somebody else changed it; look again", "changed_meanwhile")
    directive = ask_to_verify(session, one.terminal, one.expected, who.now, who.name)
    if directive is None:
        raise StoreRefused("nothing can be asked of the terminal now")
    session.run("UPDATE renewals SET directive = ? WHERE terminal = ? AND id = ?", (directive, one.terminal, one.id))
    audit(session, who, "asked", "renewal", id_, {"directive": directive})


def whole(session: Session, batch: str, who: Who) -> list[Renewal]:
    """All renewals of a batch, for somebody who sees all of them."""
    found = [records.renewal(row) for row in session.rows(_OF_BATCH, {"batch": batch})]
    seen, values = where(who.sight, "r.terminal")
    hidden = session.rows(HIDDEN.format(seen=seen), values | {"batch": batch})[0][0]
    if not found or hidden == len(found):
        raise StoreRefused("no such batch", "not_found")
    if hidden:
        raise StoreRefused("part of this batch lies outside of what you see", "out_of_sight")
    return found


def mine(session: Session, id_: str, who: Who) -> Renewal:
    seen, values = where(who.sight, "r.terminal")
    rows = session.rows(ONE.format(seen=seen), values | {"id": id_})
    if not rows:
        raise StoreRefused("no such renewal", "not_found")
    return records.renewal(rows[0])


def _today(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
