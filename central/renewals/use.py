"""Data used: cycles out of what terminals tell, when the data runs out, and which plan would fit. Pure.

A terminal that forecasts by itself (`runs_out_on` in its heartbeat) knows its days and is believed. Of the others we
know the sum of the cycle: the rate is use by days, its range comes from the terminal's own cycles before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from central.renewals.prices import CENT
from central.renewals.worklist import Offer

MIN_DAYS = 3
"""Fewer days of a cycle say nothing about the rest of it."""
MIN_CYCLES = 2
CYCLES = 12
"""So many whole cycles say what is needed; older ones are another shop."""
FULL = 0.9
"""Who uses more of the quota than this is near its end every month."""
SPARE = 1.2
"""A plan should hold the largest cycle and a fifth more."""
_FARTHEST = 366


@dataclass(frozen=True, slots=True)
class Cycle:
    iccid: str
    began_on: date
    last_on: date
    used_bytes: int
    quota_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class RunsOut:
    on: date
    early: date | None = None
    late: date | None = None
    """None: it may as well last."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Another plan for a card. Money is for a year."""

    terminal: str
    plan: str
    to: str
    direction: Literal["smaller", "larger"]
    need_low: int
    """Bytes of a middling cycle."""
    need_high: int
    """Of the largest, with something to spare."""
    saves: Decimal
    saves_least: Decimal
    saves_most: Decimal
    """Negative: it costs so much more."""
    cycles: int
    currency: str


def taken_in(last: Cycle | None, iccid: str, used: int, quota: int | None, today: date, start: date | None) -> Cycle:
    """The cycle after a terminal told its use: the same one, or a new one where another card is in, another start was
    told, or the sum has fallen.
    """
    if last is not None and last.iccid == iccid and start in (None, last.began_on) and used >= last.used_bytes:
        return replace(last, last_on=max(today, last.last_on), used_bytes=used, quota_bytes=quota or last.quota_bytes)
    began = start or (today if last is not None and last.iccid == iccid else today.replace(day=1))
    return Cycle(iccid, began, today, used, quota)


def runs_out(now: Cycle, before: Sequence[Cycle], today: date) -> RunsOut | None:
    """When the quota is used up, if that is before the cycle ends; None: it lasts, or nobody can tell."""
    days = (today - now.began_on).days
    if not now.quota_bytes or now.quota_bytes <= 0:
        return None
    left = now.quota_bytes - now.used_bytes
    ends = cycle_end(now, before)
    if left <= 0:
        return RunsOut(min(today, ends), min(today, ends), min(today, ends))
    if days < MIN_DAYS or now.used_bytes <= 0:
        return None
    rates = [now.used_bytes / days, *(rate for one in before[-CYCLES:] if (rate := _rate(one)) is not None)]
    on = _after(today, left, rates[0])
    if on is None or on > ends:
        return None
    early, late = _after(today, left, max(rates)), _after(today, left, min(rates))
    return RunsOut(on, min(on, early or on), late if late is not None and late <= ends else None)


def cycle_end(now: Cycle, before: Sequence[Cycle]) -> date:
    """Its last day: as long as the one before was, else a calendar month."""
    if before and 20 <= (length := (now.began_on - before[-1].began_on).days) <= 400:
        return now.began_on + timedelta(days=length - 1)
    year, month = now.began_on.year + now.began_on.month // 12, now.began_on.month % 12 + 1
    longest = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(now.began_on.day, longest)) - timedelta(days=1)


def fit(terminal: str, plan: Offer, offers: Iterable[Offer], whole: Sequence[Cycle]) -> Fit | None:
    """The cheapest plan that holds what the cycles needed; None when that is the one it has, or too little is known.

    The range: what is saved with the plan for the largest cycle, and with the one for a middling cycle.
    """
    used = sorted(one.used_bytes for one in whole[-CYCLES:])
    if len(used) < MIN_CYCLES or not plan.quota_bytes or (paid := yearly(plan)) is None:
        return None
    low, high = used[len(used) // 2], int(used[-1] * SPARE)
    rivals = [one for one in offers if (one.carrier, one.currency) == (plan.carrier, plan.currency)]
    safe, bold = cheapest(rivals, high), cheapest(rivals, low)
    if safe is None or safe.id == plan.id:
        return None
    to, cost = safe, yearly(safe) or paid
    direction: Literal["smaller", "larger"] = "larger" if used[-1] > FULL * plan.quota_bytes else "smaller"
    if direction == "smaller" and cost >= paid:
        return None
    if direction == "larger" and (to.quota_bytes or 0) <= plan.quota_bytes:
        return None
    most = paid - (yearly(bold) or cost) if bold is not None else paid - cost
    sums = [value.quantize(CENT) for value in (paid - cost, min(paid - cost, most), max(paid - cost, most))]
    return Fit(terminal, plan.id, to.id, direction, low, high, sums[0], sums[1], sums[2], len(used), plan.currency)


def cheapest(offers: Iterable[Offer], need: int) -> Offer | None:
    """The cheapest a year that holds `need` bytes a cycle; of equal ones the larger."""
    good = [(cost, -(one.quota_bytes or 0), one.id, one) for one in offers
            if (cost := yearly(one)) is not None and (one.quota_bytes or 0) >= need]  # fmt: skip
    return min(good)[3] if good else None


def yearly(offer: Offer) -> Decimal | None:
    return None if offer.price is None or not offer.months else offer.price * 12 / offer.months


def _rate(one: Cycle) -> float | None:
    days = (one.last_on - one.began_on).days
    return one.used_bytes / days if days >= MIN_DAYS else None


def _after(today: date, left: int, rate: float) -> date | None:
    if rate <= 0 or left / rate > _FARTHEST:
        return None
    return today + timedelta(days=int(left / rate))
