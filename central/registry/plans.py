"""Plans, inside a transaction."""

from typing import Any

from central.registry import assets, checks
from central.registry.trail import audit
from central.registry.values import PLAN_FIELDS, BadValue, PlanRow, Who
from central.renewals.prices import money, read_tiers
from central.store.database import Session

_PLAN_NUMBERS = {"quota_mb": 2**40, "months": 240, "lead_days": 60, "order_day": 31}
"""Each with the most it may be."""
PLAN = f"SELECT id, {', '.join(PLAN_FIELDS)} FROM plans"  # noqa: S608 - ours
_PUT_PLAN = f"""INSERT INTO plans (id, {", ".join(PLAN_FIELDS)}) VALUES (?{", ?" * len(PLAN_FIELDS)})
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in PLAN_FIELDS)}"""  # noqa: S608 - ours


def put_plan(session: Session, plan: str, fields: dict[str, Any], who: Who) -> PlanRow:
    assets.need_everything(who, "plans")
    if not checks.ID.match(plan):
        raise BadValue("a plan's id has 1 to 64 letters, digits, '.', '_' or '-'")
    checks.only(fields, PLAN_FIELDS)
    rows = session.rows(f"{PLAN} WHERE id = ?", (plan,))
    was = PlanRow(*rows[0]) if rows else PlanRow(plan)
    values = {name: getattr(was, name) for name in PLAN_FIELDS}
    for name, value in fields.items():
        values[name] = (
            checks.count(name, value, _PLAN_NUMBERS[name]) if name in _PLAN_NUMBERS else checks.text(name, value)
        )
    if values["price"] and money(values["price"]) is None:
        raise BadValue("price: such as 36.00")
    try:
        read_tiers(values["tiers"])
    except ValueError as error:
        raise BadValue(str(error)) from None
    now = PlanRow(plan, **values)
    session.run(_PUT_PLAN, (plan, *(values[name] for name in PLAN_FIELDS)))
    audit(session, who, "changed" if rows else "added", "plan", plan, checks.difference(was, now))
    return now
