"""What people, carriers and the centre said about the plan, merged: of each fact the one to go by. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.plan.calendar import parse_date
from agent.sample.base import PlanFact

RANK: Mapping[str, int] = {"centre": 5, "carrier_ussd": 4, "carrier_sms": 3, "manual": 2, "agent": 1, "config": 0}
"""Decides between facts of the same time; else the newest is right, whoever said it."""
_INTEGERS = {"quota_bytes", "used_bytes", "remaining_bytes"}
_FLAGS = {"suspended", "arrears"}
MAX_BYTES = 2**60


def best(facts: Iterable[PlanFact]) -> dict[str, PlanFact]:
    """Fact name → the fact to go by: the newest readable one; facts without a time are older than all others."""
    chosen: dict[str, PlanFact] = {}
    for fact in facts:
        if readable(fact) and (fact.fact not in chosen or _weight(fact) > _weight(chosen[fact.fact])):
            chosen[fact.fact] = fact
    return chosen


def readable(fact: PlanFact) -> bool:
    """Whether the value is what the fact's name promises; what is not is shown but never reckoned with."""
    if fact.fact in _INTEGERS:
        return number(fact) is not None
    if fact.fact in _FLAGS:
        return fact.value in ("true", "false")
    if fact.fact == "balance":
        return amount(fact) is not None
    return day(fact) is not None


def number(fact: PlanFact | None) -> int | None:
    """A count of bytes, 0 to 2^60."""
    if fact is None or not fact.value.isascii() or not fact.value.isdigit() or len(fact.value) > 19:
        return None
    value = int(fact.value)
    return value if value <= MAX_BYTES else None


def amount(fact: PlanFact | None) -> Decimal | None:
    """An amount of money; may be negative (arrears)."""
    if fact is None or len(fact.value) > 20:
        return None
    try:
        value = Decimal(fact.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def day(fact: PlanFact | None) -> date | None:
    return parse_date(fact.value) if fact is not None else None


def flag(fact: PlanFact | None) -> bool | None:
    return {"true": True, "false": False}.get(fact.value) if fact is not None else None


def _weight(fact: PlanFact) -> tuple[float, int]:
    return (fact.at if fact.at is not None else float("-inf"), RANK.get(fact.source, -1))
