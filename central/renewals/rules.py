"""A renewal's life: due → ordered → paid → pending → proved, or failed with a reason and what to do next. Pure.

Rules
- Only the terminal proves: its own proof (agent/plan/proof.py: a word of the carrier and data that flows), or a word of
  the carrier about this card that it heard after the payment, together with data that flows.
- A card that is not in the terminal proves nothing, whatever the terminal says of the other one.
- A platform books in up to so many working days; before that is over nothing has failed but a wrong card.
- A proof that comes late still counts: what had failed is proved then.
- A reason is a suspicion with evidence until somebody confirms it; the most likely comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from central.numbers import same_card

State = Literal["due", "ordered", "paid", "pending", "proved", "failed", "void"]
STATES: tuple[State, ...] = get_args(State)
Reason = Literal[
    "wrong_card", "machine_lock", "area_lock", "too_little", "wrong_plan", "wrong_account", "not_booked", "no_answer",
    "no_data", "other",
]  # fmt: skip
REASONS: tuple[Reason, ...] = get_args(Reason)
Why = Literal["term", "data"]
"""What ran out: the card's time, or the data of its cycle."""

MOVES: Mapping[State, frozenset[State]] = {
    "due": frozenset({"ordered", "void"}),
    "ordered": frozenset({"paid", "failed", "void"}),
    "paid": frozenset({"pending", "proved", "failed"}),
    "pending": frozenset({"proved", "failed"}),
    "failed": frozenset({"paid", "proved", "void"}),
    "proved": frozenset(),
    "void": frozenset(),
}
"""`failed` → `paid`: paid once more, or asked to be verified once more."""
OPEN: frozenset[State] = frozenset({"due", "ordered", "paid", "pending", "failed"})
WATCHED: tuple[State, ...] = ("paid", "pending", "failed")
"""What the terminal's words can still move."""
DEAD_AFTER_S = 24 * 3600
"""Paid so long ago and the terminal still cannot work: somebody should look."""
ANSWER_S = 7 * 86_400
"""A terminal that was not heard for so long after the payment is looked for."""
WATCH_S = 60 * 86_400
NO_DATA = (
    "plan.expired", "plan.exhausted", "plan.suspended", "data.", "registration.denied", "sim.", "internet.walled",
    "internet.unreachable", "link.", "dns.hijacked",
)  # fmt: skip
"""Verdicts, or how they begin, under which data does not flow."""
_LOCKED = ("sim.wrong_terminal", "sim.network_locked")
_AREA = ("registration.denied", "data.not_subscribed", "registration.roaming", "data.barred")
CARRIER_SAID = ("carrier_sms", "carrier_ussd")


@dataclass(frozen=True, slots=True)
class Paid:
    """A renewal that is being watched."""

    state: State
    iccid: str
    period: str
    """The card's last day before; of data: the month."""
    why: Why
    paid_at: int
    expected: str | None = None
    """The new last day that was bought, ISO."""
    price: Decimal | None = None
    amount: Decimal | None = None
    quota_bytes: int | None = None
    """Of the plan that was bought."""
    asked: bool = False
    """The terminal was asked to verify."""
    asked_at: int = 0
    """For the last time."""


@dataclass(frozen=True, slots=True)
class ProofSaid:
    """The newest word of the terminal's own proof since the payment."""

    iccid: str
    state: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What the terminal said since the payment; None = nothing."""

    now: int
    heard: int | None = None
    iccid: str | None = None
    verdict: str | None = None
    imei_differs: bool = False
    proof: ProofSaid | None = None
    carrier_end: str | None = None
    """A last day out of a carrier's message."""
    carrier_more: bool = False
    """The carrier told of more money or data."""
    expires_on: str | None = None
    quota_bytes: int | None = None
    outcome: str | None = None
    """Of the directive."""
    booked_by: int = 0
    """When the carrier's working days are over."""
    others_proved: int = 0
    """Of the same order."""


@dataclass(frozen=True, slots=True)
class Judged:
    state: State
    reason: Reason | None = None
    suspects: tuple[Reason, ...] = ()
    new_end: str | None = None


def may_move(was: State, now: State) -> bool:
    return now in MOVES[was]


def flows(verdict: str | None) -> bool:
    return verdict is not None and not verdict.startswith(NO_DATA)


def judge(one: Paid, seen: Seen) -> Judged:
    """How a renewal stands after what was seen. The state itself when nothing moves it."""
    heard = seen.heard is not None and seen.heard > one.paid_at
    mine = seen.proof is not None and same_card(seen.proof.iccid, one.iccid)
    if mine and seen.proof is not None and seen.proof.state == "proved":
        return Judged("proved", new_end=new_end(one, seen) or _bought(one))
    in_place = seen.iccid is not None and same_card(seen.iccid, one.iccid)
    if heard and in_place and _carrier_confirms(one, seen) and flows(seen.verdict):
        return Judged("proved", new_end=new_end(one, seen) or _bought(one))
    if one.state == "failed":
        return Judged("failed", None, suspects(one, seen))
    if heard and seen.iccid is not None and not in_place:
        return Judged("failed", "wrong_card", suspects(one, seen))
    found = suspects(one, seen)
    if mine and seen.proof is not None and seen.proof.state == "failed" and seen.now >= seen.booked_by:
        return Judged("failed", found[0], found)
    if seen.now >= max(seen.booked_by, max(one.paid_at, one.asked_at) + ANSWER_S):
        return Judged("failed", found[0], found)
    begun = one.asked and seen.outcome is not None
    return Judged("pending" if begun or mine else one.state, None, found)


def suspects(one: Paid, seen: Seen) -> tuple[Reason, ...]:
    """What may be wrong, the most likely first; never empty."""
    heard = seen.heard is not None and seen.heard > one.paid_at
    verdict, proof = seen.verdict or "", seen.proof.reason if seen.proof else ""
    another = heard and seen.iccid is not None and not same_card(seen.iccid, one.iccid)
    in_area = verdict in _AREA or proof == "not_attached"
    signs: tuple[tuple[Reason, bool], ...] = (
        ("wrong_card", another or proof == "wrong_card"),
        ("machine_lock", verdict in _LOCKED or (seen.imei_differs and in_area)),
        ("too_little", one.price is not None and one.amount is not None and one.amount < one.price),
        ("wrong_plan", _wrong_plan(one, seen)),
        ("not_booked", seen.now < seen.booked_by),
        ("area_lock", in_area),
        ("no_answer", not heard),
        *_of_silence(one, seen, heard=heard),
    )
    return tuple(dict.fromkeys(reason for reason, holds in signs if holds)) or ("other",)


def _of_silence(one: Paid, seen: Seen, *, heard: bool) -> tuple[tuple[Reason, bool], ...]:
    """What it may mean that a terminal that is there knows of no renewal: where others of the order were booked, the
    money went to another number.
    """
    if heard and _carrier_confirms(one, seen):
        return (("no_data", True),)
    over = heard and seen.now >= seen.booked_by
    return ("wrong_account", over or (heard and seen.others_proved > 0)), ("not_booked", over)


def is_dead(state: State, paid_at: int | None, now: int, *, verdict: str | None, heard: int | None) -> bool:
    """Paid a day ago or more, and the terminal still cannot work, or was not heard since."""
    if state not in WATCHED or paid_at is None or now - paid_at < DEAD_AFTER_S:
        return False
    return heard is None or heard <= paid_at or now - heard > DEAD_AFTER_S or not flows(verdict)


def expected_end(period: str, months: int | None) -> str | None:
    """The last day after `months` more: the day before the same day of that month; months' ends stay months' ends."""
    try:
        ends = date.fromisoformat(period)
    except ValueError:
        return None
    if not months:
        return None
    first = date.fromordinal(ends.toordinal() + 1)
    total = first.year * 12 + first.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if year > 9998:
        return None
    longest = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date.fromordinal(date(year, month, min(first.day, longest)).toordinal() - 1).isoformat()


def _carrier_confirms(one: Paid, seen: Seen) -> bool:
    if one.why == "data":
        return seen.carrier_more
    if seen.carrier_end is None:
        return False
    return seen.carrier_end >= one.expected if one.expected else seen.carrier_end > one.period


def _wrong_plan(one: Paid, seen: Seen) -> bool:
    later = seen.carrier_end or ""
    if one.why == "term" and one.expected and one.period < later < one.expected:
        return True
    return None not in (one.quota_bytes, seen.quota_bytes) and (seen.quota_bytes or 0) < 0.9 * (one.quota_bytes or 0)


def new_end(one: Paid, seen: Seen) -> str | None:
    """What the terminal or the carrier says of this card, if that is later than before; None: nobody said it yet."""
    if one.why != "term" or seen.iccid is None or not same_card(seen.iccid, one.iccid):
        return None
    said: Sequence[str] = [end for end in (seen.carrier_end, seen.expires_on) if end and end > one.period]
    return max(said) if said else None


def _bought(one: Paid) -> str | None:
    return one.expected if one.why == "term" else None
