"""The card's plan as it stands today: settings, facts and the ledger, put together. Pure; no clock of its own.

With no trusted clock there is no "expired", no "expiring", no number of days: a time stamp is only as good as the
clock, and a terminal that wakes up in 1970 or 2038 must not frighten a shop.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from agent.plan.calendar import CycleRule, parse_date
from agent.plan.facts import amount, best, day, flag, number
from agent.plan.forecast import runs_out_on
from agent.sample.base import PlanFact, PlanStatus, PlanView, UsageView

MEGABYTE = 2**20
"""Chinese carriers' own sums agree: 14GB319.90MB + 704.10MB = 15GB."""


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """The [plan] section. Empty text and 0 mean "not known"."""

    expires_on: str = ""
    quota_mb: float = 0
    balance: str = ""
    currency: str = "CNY"
    expiring_days: int = 15
    used_mb: float = 0
    used_as_of: str = ""
    """ISO date on which somebody read `used_mb` from the carrier's page."""
    as_of: float | None = None
    """Wall seconds when these settings were written, where that is known."""
    cycle: CycleRule = field(default_factory=CycleRule)


def facts_from_settings(settings: PlanSettings) -> tuple[PlanFact, ...]:
    """What the configuration says, as facts."""
    source: Literal["config"] = "config"
    at = settings.as_of
    facts = []
    if settings.expires_on:
        facts.append(PlanFact("expires_on", settings.expires_on, source, at, f"expires_on = {settings.expires_on}"))
    if settings.quota_mb > 0:
        quota = str(int(settings.quota_mb * MEGABYTE))
        facts.append(PlanFact("quota_bytes", quota, source, at, f"quota_mb = {settings.quota_mb:g}"))
    if settings.balance:
        facts.append(PlanFact("balance", settings.balance, source, at, f"balance = {settings.balance}"))
    if settings.used_mb > 0:
        used = str(int(settings.used_mb * MEGABYTE))
        when = _noon(settings.used_as_of)
        facts.append(PlanFact("used_bytes", used, source, when, f"used_mb = {settings.used_mb:g}"))
    return tuple(facts)


def plan_view(
    settings: PlanSettings,
    facts: Iterable[PlanFact],
    usage: UsageView,
    today: date,
    *,
    clock_trusted: bool | None,
    daily: Mapping[date, int] | None = None,
) -> PlanView:
    """`facts` beside those of the settings; `daily`: bytes by local day, for the forecast."""
    known = best((*facts_from_settings(settings), *facts))
    expires = day(known.get("expires_on"))
    quota = number(known.get("quota_bytes"))
    remaining = remaining_bytes(known, quota, usage, daily or {})
    days_left = (expires - today).days if expires is not None and clock_trusted else None
    money = amount(known.get("balance"))
    ends = parse_date(usage.cycle_end) if usage.cycle_end else None
    out = runs_out_on(remaining, daily or {}, today, ends) if clock_trusted else None
    return PlanView(
        state=_state(known, expires, days_left, remaining, settings),
        expires_on=expires.isoformat() if expires else None,
        days_left=days_left,
        quota_bytes=quota,
        remaining_bytes=remaining,
        balance_amount=format(money, "f") if money is not None else None,
        balance_currency=settings.currency if money is not None else None,
        runs_out_on=out.isoformat() if out else None,
        facts=tuple(known.values()),
    )


def remaining_bytes(
    known: Mapping[str, PlanFact], quota: int | None, usage: UsageView, daily: Mapping[date, int]
) -> int | None:
    """What is left: what the carrier said in this cycle less the use of the days since, else quota less use."""
    said = number(known.get("remaining_bytes"))
    on = _said_on(known.get("remaining_bytes"), usage)
    if said is not None and on is not None:
        return max(0, said - sum(used for day_, used in daily.items() if day_ > on))
    used = max(
        (value for value in (usage.used_bytes, _said_used(known, usage, daily)) if value is not None), default=None
    )
    return max(0, quota - used) if quota is not None and used is not None else None


def _said_used(known: Mapping[str, PlanFact], usage: UsageView, daily: Mapping[date, int]) -> int | None:
    """A figure read from the carrier's page counts from its day on; what the ledger saw since is added."""
    said = number(known.get("used_bytes"))
    on = _said_on(known.get("used_bytes"), usage)
    if said is None or on is None:
        return None
    return said + sum(used for day_, used in daily.items() if day_ > on)


def _said_on(fact: PlanFact | None, usage: UsageView) -> date | None:
    """The day on which it was said, if that lies in this cycle: last month's use says nothing about this month."""
    if fact is None or fact.at is None or usage.cycle_start is None:
        return None
    said = datetime.fromtimestamp(min(max(fact.at, 0.0), 253_402_300_799.0), UTC).date()
    return said if said.isoformat() >= usage.cycle_start else None


def _state(
    known: Mapping[str, PlanFact],
    expires: date | None,
    days_left: int | None,
    remaining: int | None,
    settings: PlanSettings,
) -> PlanStatus:
    if flag(known.get("suspended")):
        return "suspended"
    if days_left is not None and days_left < 0:
        return "expired"
    if remaining == 0:
        return "exhausted"
    if expires is not None and days_left is None:
        return "unknown"
    if days_left is not None and days_left <= settings.expiring_days:
        return "expiring"
    return "active" if expires is not None or remaining is not None else "unknown"


def _noon(text: str) -> float | None:
    said = parse_date(text) if text else None
    return datetime(said.year, said.month, said.day, 12, tzinfo=UTC).timestamp() if said else None
