"""What lies in stock and what is shared: spare cards going stale, pools near their end. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from central.renewals.records import Pool

SOON_DAYS = 60
LONG_DAYS = 180
"""A spare card that was not used for so long is looked at."""
NEAR_DAYS = 30
NEAR_PERCENT = 90
MEGABYTE = 2**20

Staleness = Literal["over", "soon", "long"]


@dataclass(frozen=True, slots=True)
class Spare:
    iccid: str
    plan: str | None
    account: str
    received_on: str | None
    use_by: str | None
    expires_on: str | None
    stale: Staleness
    days_left: int | None


@dataclass(frozen=True, slots=True)
class PoolState:
    pool: Pool
    cards: int
    used_bytes: int
    percent: int | None
    runs_out_on: date | None
    """In this cycle, at the rate so far."""
    days_left: int | None
    """Of the pool's own end."""
    near: bool


def spare(
    iccid: str,
    plan: str | None,
    account: str,
    received_on: str | None,
    use_by: str | None,
    expires_on: str | None,
    today: date,
) -> Spare | None:
    """None: it may lie."""
    ends = min((day for day in (_day(use_by), _day(expires_on)) if day is not None), default=None)
    left = (ends - today).days if ends else None
    came = _day(received_on)
    stale: Staleness | None = None
    if left is not None and left <= SOON_DAYS:
        stale = "over" if left < 0 else "soon"
    elif came is not None and (today - came).days > LONG_DAYS:
        stale = "long"
    return Spare(iccid, plan, account, received_on, use_by, expires_on, stale, left) if stale else None


def pool_state(pool: Pool, used: Sequence[int], today: date) -> PoolState:
    """`used`: bytes of each card's cycle, as far as terminals told it."""
    total, spent = (pool.total_mb or 0) * MEGABYTE, sum(used)
    percent = min(999, round(100 * spent / total)) if total else None
    ends = _day(pool.ends_on)
    left = (ends - today).days if ends else None
    began, closes = cycle_of(pool.cycle_day or 1, today)
    days = (today - began).days
    on = today if total and spent >= total else None
    if total and on is None and days >= 3 and spent > 0:
        on = today + timedelta(days=min(3660, int((total - spent) * days / spent)))
    on = on if on is not None and on <= closes else None
    near = (left is not None and left <= NEAR_DAYS) or (percent or 0) >= NEAR_PERCENT or on is not None
    return PoolState(pool, len(used), spent, percent, on, left, near)


def cycle_of(day: int, today: date) -> tuple[date, date]:
    """First and last day of the cycle that begins on `day` of each month (1 to 28)."""
    day = min(max(day, 1), 28)
    month = today.replace(day=1)
    if today.day < day:
        month = (month - timedelta(days=1)).replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    return month.replace(day=day), following.replace(day=day) - timedelta(days=1)


def by_pool(rows: Sequence[tuple[str, int | None]]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for pool, used in rows:
        found.setdefault(pool, []).append(used or 0)
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
