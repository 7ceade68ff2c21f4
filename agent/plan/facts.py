"""What people, carriers and the centre said about the plan, merged: of each fact the one to go by. Pure.

A word stands for a while against later ones of lower rank, then the newer one is right whoever said it: the centre's
record does not fall to a typing error of the same day, and last month's record does not stand against a renewal that
the carrier announces today. The order in which facts are heard decides nothing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.plan.calendar import parse_date
from agent.sample.base import PlanFact

RANK: Mapping[str, int] = {"centre": 5, "carrier_ussd": 4, "carrier_sms": 3, "manual": 2, "agent": 1, "config": 0}
"""Decides between facts of the same time."""
STANDS_S: Mapping[str, float] = {
    "centre": 72 * 3600.0,
    "carrier_ussd": 48 * 3600.0,
    "carrier_sms": 48 * 3600.0,
    "agent": 12 * 3600.0,
}
"""So many seconds a source's word counts as newer than it is. By hand and configuration: not at all."""
STALE_DAYS: Mapping[str, float] = {
    "balance": 10,
    "used_bytes": 4,
    "remaining_bytes": 4,
    "pool_remaining_bytes": 4,
    "suspended": 10,
    "arrears": 10,
    "expires_on": 60,
    "quota_bytes": 60,
}
"""From when on a fact is shown as old. Figures of use are a day late by themselves and a month's at the turn of it."""
DAY_S = 86_400.0
_INTEGERS = {"quota_bytes", "used_bytes", "remaining_bytes", "pool_total_bytes", "pool_remaining_bytes", "pool_members"}
_FLAGS = {"suspended", "arrears"}
MAX_BYTES = 2**60


def best(facts: Iterable[PlanFact]) -> dict[str, PlanFact]:
    """Fact name → the fact to go by (see above); facts without a time are older than all others."""
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


def age_days(fact: PlanFact, now: float) -> float | None:
    """How old the word is; None when nobody knows. A word from the future (the clock went back) is new."""
    return None if fact.at is None else max(0.0, (now - fact.at) / DAY_S)


def stale(fact: PlanFact, now: float) -> bool | None:
    """Too old to rely on; None when nobody knows how old it is."""
    age = age_days(fact, now)
    return None if age is None else age > STALE_DAYS.get(fact.fact, 60)


def outranked(fact: PlanFact, facts: Iterable[PlanFact]) -> PlanFact | None:
    """The fact that will be gone by although `fact` was said; None: `fact` itself counts."""
    chosen = best((*facts, fact)).get(fact.fact)
    return None if chosen is None or chosen == fact else chosen


def disputed_by(fact: PlanFact, words: Iterable[PlanFact]) -> PlanFact | None:
    """The newest word by hand that came after `fact`, says otherwise and is not gone by; shown beside it."""
    later = [
        word
        for word in words
        if word.source == "manual" and word.fact == fact.fact and word.value != fact.value and readable(word)
        if word.at is not None and fact.at is not None and word.at > fact.at
    ]
    return max(later, key=lambda word: word.at or 0.0, default=None) if fact.source != "manual" else None


def _weight(fact: PlanFact) -> tuple[float, int, float, str, str]:
    """A total order, so that the same facts give the same choice in whatever order they came."""
    said = fact.at if fact.at is not None else float("-inf")
    until = said + STANDS_S.get(fact.source, 0.0)
    return (until, RANK.get(fact.source, -1), said, fact.value, fact.text or "")
