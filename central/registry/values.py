"""What is kept of terminals, plans and cards, who changes it, and what came of a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from central.accounts.sight import EVERYTHING, Sight
from central.store.base import StoreRefused

Kind = Literal["terminal", "plan", "card", "token", "alert", "user", "code", "renewal", "pool", "holidays"]
CardState = Literal["spare", "in_use", "retired"]
CARD_STATES: tuple[CardState, ...] = ("spare", "in_use", "retired")
ASSET_FIELDS = ("name", "merchant", "shop", "region", "tags", "note", "imei", "address", "contact")
PLAN_FIELDS = (
    "name", "carrier", "apn", "quota_mb", "months", "price", "currency", "tiers", "lead_days", "order_day", "product",
)  # fmt: skip
CARD_FIELDS = ("msisdn", "plan", "batch", "expires_on", "note", "account", "pool", "received_on", "use_by")
CARD_SHEET = ("iccid", "terminal", *CARD_FIELDS)
SHEET = ("terminal", "name", "merchant", "shop", "region", "tags", "note", "imei", "address", "contact", "iccid")
MAX_TEXT = 200


class BadValue(StoreRefused):
    """A value that cannot be kept; the message names the field and what is allowed."""

    code = "bad_value"


@dataclass(frozen=True, slots=True)
class Asset:
    terminal: str
    name: str = ""
    created_at: int = 0
    revoked_at: int | None = None
    merchant: str = ""
    shop: str = ""
    region: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    imei: str | None = None
    retired_at: int | None = None
    address: str = ""
    contact: str = ""
    """Whom to call in the shop: a name, a number."""
    iccid: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    iccid: str
    state: CardState = "spare"
    terminal: str | None = None
    msisdn: str = ""
    plan: str | None = None
    batch: str = ""
    expires_on: str | None = None
    note: str = ""
    account: str = ""
    """At the carrier."""
    pool: str = ""
    received_on: str | None = None
    use_by: str | None = None
    """Of a spare one: it begins to cost, or ends, by itself after this day."""


@dataclass(frozen=True, slots=True)
class PlanRow:
    """As people wrote it; `central.renewals.worklist.Offer` is the same in numbers."""

    id: str
    name: str = ""
    carrier: str = ""
    apn: str = ""
    quota_mb: int | None = None
    months: int | None = None
    price: str | None = None
    currency: str = "CNY"
    tiers: str = ""
    """What many at once cost: `50=2.80 200=2.50`."""
    lead_days: int | None = None
    """Working days until the carrier has booked an order."""
    order_day: int | None = None
    """Orders of a month are taken until this day of it."""
    product: str = ""
    """What the carrier's platform calls it when it is ordered there; "" = as it is called here."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    id: str
    at: int
    who: str
    action: str
    kind: str
    object: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    created: int
    changed: int
    same: int
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """Who makes a change, and when."""

    name: str
    now: int
    sight: Sight = EVERYTHING
    """What he does not see, he does not change."""
