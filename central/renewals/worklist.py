"""The worklist: who ends when, by date or by the rate of use, and by when it has to be ordered. Pure.

Rules
- Of the two ends the earlier one counts. The terminal's own word of its card goes before what is on record; a renewal
  that was proved goes before both.
- A card nobody knows the end of is on no list, but is counted: nothing is skipped in silence.
- What is already being renewed stays in sight, with its state, and cannot be chosen again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from central.numbers import same_card
from central.renewals.days import Calendar, order_by
from central.renewals.prices import Tier
from central.renewals.rules import State, Why

Rung = Literal["overdue", "week", "fortnight", "month", "later"]
RUNGS: tuple[Rung, ...] = ("overdue", "week", "fortnight", "month", "later")
AHEAD_DAYS = 45
"""A carrier that is closed for a fortnight, or takes orders until a day of the month, is looked at so much earlier."""
GROUPS = ("carrier", "account", "plan", "shop", "merchant", "order_by")


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan with its price, as the desk reckons with it."""

    id: str
    name: str = ""
    carrier: str = ""
    quota_bytes: int | None = None
    months: int | None = None
    price: Decimal | None = None
    currency: str = "CNY"
    tiers: tuple[Tier, ...] = ()
    lead_days: int | None = None
    order_day: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """A card in a terminal, as far as anybody knows; "" and None = not known."""

    terminal: str
    name: str = ""
    merchant: str = ""
    shop: str = ""
    region: str = ""
    iccid: str = ""
    """What the terminal says, else what is on record."""
    on_record: str = ""
    msisdn: str = ""
    account: str = ""
    pool: str = ""
    plan: str | None = None
    carrier: str = ""
    told_end: str | None = None
    """By the terminal."""
    kept_end: str | None = None
    """On record."""
    data_on: str | None = None
    """When the data of this cycle runs out."""
    early: str | None = None
    late: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A renewal under way."""

    id: str
    state: State
    batch: str


@dataclass(frozen=True, slots=True)
class Due:
    holding: Holding
    why: Why
    ends_on: date | None
    data_on: date | None
    first: date
    """Of the two."""
    order_by: date
    days_left: int
    days_to_order: int
    offer: Offer | None
    carrier: str
    open: Open | None = None
    swapped: bool = False
    """Another card is in the terminal than the one on record."""
    differs: bool = False
    """The terminal and the record name different ends."""

    @property
    def period(self) -> str:
        """What a renewal is one of: the card's end before it, or the month of the data."""
        return self.ends_on.isoformat() if self.why == "term" and self.ends_on else self.first.isoformat()[:7]

    @property
    def rung(self) -> Rung:
        return rung(self.days_left)

    def is_near(self, days: int) -> bool:
        """It ends, or has to be ordered, within so many days."""
        return min(self.days_left, self.days_to_order) <= days


@dataclass(frozen=True, slots=True)
class Known:
    """What the worklist is made with."""

    today: date
    calendar: Calendar
    offers: Mapping[str, Offer]
    open: Mapping[str, Open]
    """By ICCID."""
    covers: Mapping[tuple[str, str], str]
    """(ICCID, period) → the new end, or "" for data, of renewals that were proved."""
    lead_days: int = 3


def rung(days_left: int) -> Rung:
    if days_left < 0:
        return "overdue"
    return "week" if days_left <= 7 else "fortnight" if days_left <= 14 else "month" if days_left <= 30 else "later"


def due(one: Holding, known: Known) -> Due | None:
    """None: nobody knows when it ends."""
    offer = known.offers.get(one.plan or "")
    ends, data = _end(one, known), _data(one, known)
    if ends is None and data is None:
        return None
    why: Why = "data" if data is not None and (ends is None or data < ends) else "term"
    first = min(day for day in (ends, data) if day is not None)
    lead = known.lead_days if offer is None or offer.lead_days is None else offer.lead_days
    closing = order_by(first, known.calendar, lead, offer.order_day if offer and why == "term" else None)
    return Due(
        one, why, ends, data, first, closing, (first - known.today).days, (closing - known.today).days, offer,
        (offer.carrier if offer else "") or one.carrier, known.open.get(one.iccid),
        bool(one.on_record and one.iccid and not same_card(one.iccid, one.on_record)),
        None not in (one.told_end, one.kept_end) and one.told_end != one.kept_end,
    )  # fmt: skip


def horizon(known: Known, *, within_days: int) -> date:
    """Nothing that ends after this day has to be ordered within so many days: who is looked up, and no more."""
    last = known.today + timedelta(days=within_days)
    terms: set[tuple[int, int | None]] = {(known.lead_days, None)}
    for one in known.offers.values():
        lead = known.lead_days if one.lead_days is None else one.lead_days
        terms |= {(lead, one.order_day), (lead, None)}
    for ahead in range(AHEAD_DAYS, 0, -1):
        day = last + timedelta(days=ahead)
        if any(order_by(day, known.calendar, lead, order_day) <= last for lead, order_day in terms):
            return day
    return last


def worklist(holdings: Iterable[Holding], known: Known, *, within_days: int) -> list[Due]:
    """Those that end, or have to be ordered, within so many days; the most urgent first."""
    found = [one for holding in holdings if (one := due(holding, known)) is not None]
    near = [one for one in found if one.is_near(within_days)]
    return sorted(near, key=lambda one: (one.order_by, one.first, one.holding.terminal))


def ladder(dues: Iterable[Due]) -> dict[Rung, int]:
    counted = dict.fromkeys(RUNGS, 0)
    for one in dues:
        counted[one.rung] += 1
    return counted


def key_of(one: Due, group: str) -> str:
    """What `one` is grouped under, by one of GROUPS."""
    if group == "carrier":
        return one.carrier
    if group == "plan":
        return one.holding.plan or ""
    if group == "order_by":
        return one.order_by.isoformat()
    return str(getattr(one.holding, group)) if group in ("account", "shop", "merchant") else ""


def grouped(dues: Sequence[Due], group: str) -> list[tuple[str, list[Due]]]:
    """By name; within a group in the order given."""
    found: dict[str, list[Due]] = {}
    for one in dues:
        found.setdefault(key_of(one, group), []).append(one)
    return sorted(found.items())


def _end(one: Holding, known: Known) -> date | None:
    text = one.told_end or one.kept_end
    for _ in range(50):  # years of renewals, one after the other
        later = known.covers.get((one.iccid, text or ""))
        if not later or text is None or later <= text:
            break
        text = later
    return _day(text)


def _data(one: Holding, known: Known) -> date | None:
    day = _day(one.data_on)
    if day is None or (day - known.today).days < -31 or (one.iccid, day.isoformat()[:7]) in known.covers:
        return None
    return day


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
