"""What of renewals is worth a message, as conditions for the alerts desk: who must be ordered now, what a platform did
not take, who is paid for and still dead, spare cards past their day, pools near their end.
"""

from central.alerts.conditions import Condition
from central.renewals import orders
from central.renewals.office import Office
from central.renewals.worklist import Due

ORDER_DAYS = 3
"""Told so many days before the last day to order."""
MOST = 2000


async def conditions(office: Office) -> list[Condition]:
    """The most urgent first. Raises StoreUnavailable."""
    found = [_order(one) for one in (await office.worklist(ORDER_DAYS))[:MOST]
             if one.open is None and one.days_to_order <= ORDER_DAYS]  # fmt: skip
    found += [_troubled(orders.of_row(row)) for row in await office.store.read(orders.TROUBLED, (MOST,))]
    for dead in await office.dead():
        one = dead.renewal
        facts: dict[str, object] = {"iccid": one.iccid, "paid_on": office.day(one.paid_at), "batch": one.batch}
        found.append(Condition(one.terminal, "renewal.dead", "error", facts, one.id))
    for spare in await office.spares():
        if spare.days_left is not None:
            severity = "error" if spare.stale == "over" else "warning"
            facts = {"iccid": spare.iccid, "days_left": spare.days_left}
            found.append(Condition("", "card.stale", severity, facts, spare.iccid))
    for pool in await office.pools():
        if pool.near:
            facts = {"pool": pool.pool.name or pool.pool.id, "percent": pool.percent, "days_left": pool.days_left}
            found.append(Condition("", "pool.ending", "warning", facts, pool.pool.id))
    return found


def _troubled(one: orders.PlatformOrder) -> Condition:
    code = "renewal.order_refused" if one.state == "failed" else "renewal.order_unknown"
    facts = {"iccid": one.iccid, "account": one.account, "why": one.detail, "batch": one.batch}
    return Condition(one.terminal, code, "error", facts, one.renewal)


def _order(one: Due) -> Condition:
    severity = "error" if one.days_to_order < 0 else "warning"
    facts = {"name": one.holding.name, "iccid": one.holding.iccid, "order_by": one.order_by.isoformat()}
    facts["expires_on"] = one.first.isoformat()
    return Condition(one.holding.terminal, "renewal.order", severity, facts, one.period)
