"""Money: what a renewal costs, what many at once cost, what was paid. Pure; exact decimals, never floats."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal, InvalidOperation

CENT = Decimal("0.01")
MOST = Decimal(10**10)
_TIER = re.compile(r"(\d{1,7})\s*[:=]\s*(\d{1,9}(?:\.\d{1,4})?)")


@dataclass(frozen=True, slots=True)
class Tier:
    """From so many cards in one order on, one card costs so much."""

    count: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Bulk:
    """Cards that end a little later, ordered along, bring the whole order into a cheaper tier."""

    cards: int
    """Due now."""
    more: int
    """To take along."""
    price: Decimal
    price_then: Decimal
    saves: Decimal
    """Over all of them, against ordering these now and those later, each at its own tier."""


def money(text: object) -> Decimal | None:
    """An amount of 0 or more with at most four decimals; None when it is none."""
    cleaned = str(text).strip().replace(",", "").removeprefix("¥").removeprefix("￥").strip()
    if not re.fullmatch(r"\d{1,11}(?:\.\d{1,4})?", cleaned):
        return None
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        return None
    return value if value <= MOST else None


def read_tiers(text: str) -> tuple[Tier, ...]:
    """`50=2.80 200=2.50`, by count. Raises ValueError."""
    found = [Tier(int(count), Decimal(price)) for count, price in _TIER.findall(text)]
    if _TIER.sub("", text).strip(" ,;，；\t"):
        raise ValueError("tiers: such as 50=2.80 200=2.50 (from 50 cards on 2.80 each)")
    if len({tier.count for tier in found}) != len(found) or any(tier.count < 2 for tier in found):
        raise ValueError("tiers: each count once, from 2 on")
    return tuple(sorted(found, key=lambda tier: tier.count))


def unit_price(price: Decimal, tiers: Iterable[Tier], count: int) -> Decimal:
    """What one card costs in an order of `count`."""
    return min([price, *(tier.price for tier in tiers if tier.count <= count)])


def shares(amount: Decimal, count: int) -> list[Decimal]:
    """`amount` over `count` cards, to the cent; the sum is the amount."""
    each = (amount / count).quantize(CENT, ROUND_DOWN)
    rest = amount - each * count
    return [each + rest, *([each] * (count - 1))]


def bulk(price: Decimal, tiers: Iterable[Tier], due: int, later: int) -> Bulk | None:
    """The cheapest way to take some of `later` cards along with the `due` ones; None when nothing is saved by it."""
    known = tuple(tiers)
    now = unit_price(price, known, due)
    best: Bulk | None = None
    for tier in known:
        more = tier.count - due
        if due < 1 or not 0 < more <= later:
            continue
        apart = now * due + unit_price(price, known, more) * more
        saves = apart - unit_price(price, known, tier.count) * tier.count
        if saves > 0 and (best is None or saves > best.saves):
            best = Bulk(due, more, now, unit_price(price, known, tier.count), saves)
    return best


def month_of(day: date) -> str:
    return day.isoformat()[:7]
