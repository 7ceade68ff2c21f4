"""Orders through carriers' platforms, each step a transaction: asked for by somebody, carried by one process, told.

Rules
- Asked for, an order is a row; nobody waits for the platform in front of a page (errands.py carries it there).
- Who carries an order holds it for a while. Whoever takes over from a process that died asks under the same key, and
  central/platforms/acts.py answers what became of it: nothing is ordered twice, and what nobody knows stays `unknown`.
- Only somebody who looked at the platform frees what is `unknown`; a new order goes under a new key.
"""

from central.registry import Who, audit
from central.renewals import moves, orders, records
from central.renewals.orders import SELECT, OrderState, PlatformOrder
from central.renewals.records import Renewal
from central.store.base import StoreRefused
from central.store.database import Session

HOLD_S = 900
_PRODUCTS = "SELECT id, CASE WHEN product = '' THEN id ELSE product END FROM plans"
_PUT = """INSERT INTO renewal_orders (terminal, renewal, batch, iccid, account, product, key, asked_at, asked_by, state,
next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT (terminal, renewal) DO UPDATE SET
account = excluded.account, product = excluded.product, key = excluded.key, asked_at = excluded.asked_at,
asked_by = excluded.asked_by, state = 'waiting', detail = '', tries = 0, next_at = excluded.next_at, held_until = 0,
settled_at = NULL"""
_NEXT = f"""{SELECT} WHERE state = 'waiting' AND account = ? AND next_at <= ? AND held_until <= ?
ORDER BY next_at, key LIMIT 1"""
_HOLD = """UPDATE renewal_orders SET holder = ?, held_until = ?, tries = tries + 1
WHERE terminal = ? AND renewal = ? AND key = ? AND state = 'waiting' AND held_until <= ?"""
_LATER = """UPDATE renewal_orders SET detail = ?, next_at = ?, held_until = 0
WHERE terminal = ? AND renewal = ? AND key = ? AND state = 'waiting'"""
_TOLD = """UPDATE renewal_orders SET state = ?, detail = ?, held_until = 0, settled_at = ?
WHERE terminal = ? AND renewal = ? AND key = ? AND state IN ('waiting', 'unknown')"""
_RENEWAL = f"{records.SELECT} WHERE r.terminal = ? AND r.id = ?"
_ORDERED = "UPDATE renewals SET ordered_at = ? WHERE terminal = ? AND id = ?"
_SEEN = """UPDATE renewal_orders SET state = 'done', detail = ?, held_until = 0, settled_at = ?
WHERE terminal = ? AND renewal = ? AND key = ? AND state = ?"""


def ask(session: Session, batch: str, accounts: frozenset[str], who: Who) -> int:
    """What is due of a batch goes to its platform; what the platform refused before, once more. How many."""
    asked = 0
    due = [one for one in moves.whole(session, batch, who) if one.state == "due" and one.account in accounts]
    if not due:
        raise StoreRefused("nothing of this batch can be ordered at a platform")
    products = _products(session)
    for one in due:
        before = orders.of_renewal(session, one)
        if before is None or before.state == "failed":
            _put(session, one, before, products, who)
            asked += 1
    return asked


def again(session: Session, id_: str, who: Who) -> None:
    """Raises StoreRefused: nobody waits for a word about it."""
    one, before = _answered(session, id_, who)
    _put(session, one, before, _products(session), who)


def was_ordered(session: Session, id_: str, who: Who) -> None:
    """Raises StoreRefused: nobody waits for a word about it."""
    one, before = _answered(session, id_, who)
    session.run(_SEEN, (f"{who.name}: {before.detail}"[:200], who.now, one.terminal, one.id, before.key, before.state))
    _ordered(session, one, who, {"key": before.key})


def take(session: Session, account: str, holder: str, now: int) -> PlatformOrder | None:
    """The next order of an account, for `holder` to carry; None: none waits."""
    rows = session.rows(_NEXT, (account, now, now))
    if not rows:
        return None
    found = orders.of_row(rows[0])
    held = (holder, now + HOLD_S, found.terminal, found.renewal, found.key, now)
    return found if session.run(_HOLD, held) == 1 else None


def put_off(session: Session, one: PlatformOrder, why: str, until: int) -> None:
    """Nothing was done: once more after a while."""
    session.run(_LATER, (why, until, one.terminal, one.renewal, one.key))


def told(session: Session, one: PlatformOrder, state: OrderState, detail: str, now: int) -> bool:
    """What became of it, and what follows for the renewal. False: it was known already."""
    if session.run(_TOLD, (state, detail, now, one.terminal, one.renewal, one.key)) != 1:
        return False
    who = Who(f"platform:{one.account}", now)
    if state == "done":
        _ordered(session, _renewal(session, one), who, {"by": one.asked_by, "reference": detail or None})
    else:
        audit(session, who, f"order: {state}", "renewal", one.renewal, {"detail": detail, "by": one.asked_by})
    return True


def _put(
    session: Session, one: Renewal, before: PlatformOrder | None, products: dict[str, str], who: Who
) -> None:  # fmt: skip
    product = products.get(one.plan or "")
    if product is None:
        raise StoreRefused(f"card {one.iccid}: without a plan nobody knows what to order")
    number = int(before.key.rpartition("-")[2]) + 1 if before else 1
    key = f"{one.id}-{number}"
    session.run(
        _PUT, (one.terminal, one.id, one.batch, one.iccid, one.account, product, key, who.now, who.name, who.now)
    )
    told_of = records.detail(platform=one.account, product=product, key=key)
    audit(session, who, "sent to order", "renewal", one.id, told_of)


def _answered(session: Session, id_: str, who: Who) -> tuple[Renewal, PlatformOrder]:
    one = moves.mine(session, id_, who)
    before = orders.of_renewal(session, one)
    if one.state != "due" or before is None or before.state not in ("failed", "unknown"):
        raise StoreRefused("no order of this card waits for a word")
    return one, before


def _ordered(session: Session, one: Renewal, who: Who, detail: dict[str, object]) -> None:
    if not moves.move(session, one, "ordered"):
        raise StoreRefused("somebody else changed it; look again", "changed_meanwhile")
    session.run(_ORDERED, (who.now, one.terminal, one.id))
    audit(session, who, "ordered", "renewal", one.id, records.detail(batch=one.batch, **detail))


def _renewal(session: Session, one: PlatformOrder) -> Renewal:
    return records.renewal(session.rows(_RENEWAL, (one.terminal, one.renewal))[0])


def _products(session: Session) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in session.rows(_PRODUCTS)}
