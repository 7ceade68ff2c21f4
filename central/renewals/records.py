"""What the desk keeps, as values, and the statements that read it; for both databases."""

import json
from dataclasses import dataclass
from decimal import Decimal

from central.renewals.prices import money
from central.renewals.rules import OPEN, Reason, State, Why
from central.store.database import Row

COLUMNS = (
    "terminal", "id", "iccid", "why", "period", "batch", "state", "reason", "msisdn", "carrier", "account", "plan",
    "merchant", "shop", "price", "amount", "currency", "expected", "new_end", "note", "made_at", "ordered_at",
    "paid_at", "paid_by", "payment", "settled_at", "directive", "suspects", "version",
)  # fmt: skip
SELECT = f"SELECT {', '.join(f'r.{name}' for name in COLUMNS)} FROM renewals r"  # noqa: S608 - ours
OPEN_STATES = ", ".join(f"'{state}'" for state in sorted(OPEN))


@dataclass(frozen=True, slots=True)
class Renewal:
    terminal: str
    id: str
    iccid: str
    why: Why
    period: str
    batch: str
    state: State
    reason: Reason | None
    msisdn: str
    carrier: str
    account: str
    plan: str | None
    merchant: str
    shop: str
    price: Decimal | None
    amount: Decimal | None
    currency: str
    expected: str | None
    new_end: str | None
    note: str
    made_at: int
    ordered_at: int | None
    paid_at: int | None
    paid_by: str | None
    payment: str | None
    settled_at: int | None
    directive: str | None
    suspects: tuple[Reason, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Batch:
    id: str
    made_at: int
    made_by: str
    title: str
    carrier: str
    account: str
    reference: str
    cards: int = 0
    """Of those that are seen."""
    states: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    id: str
    batch: str
    at: int
    who: str
    paid_on: str
    amount: str
    currency: str
    reference: str
    cards: int


@dataclass(frozen=True, slots=True)
class Voucher:
    id: str
    batch: str
    name: str
    kind: str
    size: int
    sha256: str
    at: int
    who: str


@dataclass(frozen=True, slots=True)
class Pool:
    id: str
    name: str = ""
    carrier: str = ""
    account: str = ""
    total_mb: int | None = None
    cycle_day: int | None = None
    ends_on: str | None = None
    note: str = ""


def renewal(row: Row) -> Renewal:
    """Of a row of SELECT."""
    values = dict(zip(COLUMNS, row, strict=True))
    values |= {name: money(values[name]) if values[name] is not None else None for name in ("price", "amount")}
    values["suspects"] = tuple(str(values["suspects"]).split())
    return Renewal(**values)


def shown(value: Decimal | None) -> str | None:
    """An amount as it is kept and told: without an exponent."""
    return None if value is None else format(value, "f")


def to_json(one: Renewal) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(one, name) for name in COLUMNS}
    return values | {"price": shown(one.price), "amount": shown(one.amount), "suspects": list(one.suspects)}


def detail(**values: object) -> dict[str, object]:
    """For the audit trail, without what is not known."""
    known: dict[str, object] = json.loads(json.dumps({k: v for k, v in values.items() if v is not None}, default=str))
    return known
