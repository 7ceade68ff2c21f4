"""The card's plan as it stands today: settings, facts and the ledger, put together. Pure; no clock of its own.

With no trusted clock there is no "expired", no "expiring", no number of days: a time stamp is only as good as the
clock, and a terminal that wakes up in 1970 or 2038 must not frighten a shop.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, tzinfo
from typing import Literal

from agent.plan.calendar import CycleRule, local_date, parse_date
from agent.plan.facts import amount, best, day, flag, number, stale
from agent.plan.forecast import Forecast, forecast
from agent.plan.life import Life, cancelled_on, ends_on, stage_on
from agent.plan.packages import Package, drain
from agent.plan.reminders import DAYS
from agent.sample.base import PlanFact, PlanStatus, PlanView, UsageView
from modem.again import again
from modem.frozen import dataclass

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
    life: Life = field(default_factory=Life)
    packages: tuple[Package, ...] = ()
    """Beside `quota_mb`, which is a package that comes anew with every cycle."""
    pool_mb: float = 0
    pool_members: int = 0
    """A shared pool: all its data, and how many cards draw from it."""
    reminder_days: tuple[int, ...] = DAYS

    def all_packages(self, quota: int | None) -> tuple[Package, ...]:
        return (*([Package(quota)] if quota else []), *self.packages) if self.packages else ()


@again
def facts_from_settings(settings: PlanSettings) -> tuple[PlanFact, ...]:
    """What the configuration says, as facts."""
    source: Literal["config"] = "config"
    at = settings.as_of
    facts = []
    if settings.expires_on:
        facts.append(PlanFact("expires_on", settings.expires_on, source, at, f"expires_on = {settings.expires_on}"))
    elif (by_terms := ends_on(settings.life)) is not None:
        facts.append(PlanFact("expires_on", by_terms.isoformat(), source, at, f"by the card's terms: {by_terms}"))
    if settings.pool_mb > 0:
        facts.append(PlanFact("pool_total_bytes", str(int(settings.pool_mb * MEGABYTE)), source, at))
    if settings.pool_members > 0:
        facts.append(PlanFact("pool_members", str(settings.pool_members), source, at))
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
    zone: tzinfo = UTC,
    now: float | None = None,
) -> PlanView:
    """`facts` beside those of the settings; `daily`: bytes by local day, as far back as known; `now`: wall seconds, for
    the age of facts."""
    known = best((*facts_from_settings(settings), *facts))
    frame = _Frame(usage, daily or {}, today, zone)
    expires = day(known.get("expires_on"))
    quota, remaining = _data(known, settings, frame)
    days_left = (expires - today).days if expires is not None and clock_trusted else None
    money = amount(known.get("balance"))
    ends = parse_date(usage.cycle_end) if usage.cycle_end else None
    ahead = forecast(remaining, frame.daily, today, ends, expires) if clock_trusted else Forecast()
    span = stage_on(settings.life, today, expires) if clock_trusted and _has_life(settings) else None
    gone = cancelled_on(settings.life, expires) if _has_life(settings) else None
    return PlanView(
        state=_state(known, expires, days_left, remaining, settings),
        expires_on=expires.isoformat() if expires else None,
        days_left=days_left,
        quota_bytes=quota,
        remaining_bytes=remaining,
        balance_amount=format(money, "f") if money is not None else None,
        balance_currency=settings.currency if money is not None else None,
        runs_out_on=_iso(ahead.data_on),
        facts=tuple(known.values()),
        runs_out_early=_iso(ahead.data_early),
        runs_out_late=_iso(ahead.data_late),
        ends_on=_iso(ahead.ends_on),
        stage=span.stage if span else None,
        cancelled_on=_iso(gone),
        stale_facts=tuple(
            name for name, fact in known.items() if now is not None and clock_trusted and stale(fact, now)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """The time and the use that facts are measured against."""

    usage: UsageView
    daily: Mapping[date, int]
    today: date
    zone: tzinfo

    def since(self, on: date) -> int:
        """Bytes of the days after `on`."""
        return sum(used for day_, used in self.daily.items() if day_ > on)

    def uncounted(self) -> int:
        """What somebody said was used in this cycle beyond what we counted day by day."""
        start = self.usage.cycle_start or ""
        ours = sum(used for day_, used in self.daily.items() if start <= day_.isoformat() and day_ <= self.today)
        return max(0, (self.usage.used_bytes or 0) - ours)

    def said_on(self, fact: PlanFact | None) -> date | None:
        """The local day on which it was said, if that lies in this cycle: last month's use says nothing about this
        month's."""
        if fact is None or fact.at is None or self.usage.cycle_start is None:
            return None
        said = local_date(fact.at, self.zone)
        return said if said.isoformat() >= self.usage.cycle_start else None


def _data(known: Mapping[str, PlanFact], settings: PlanSettings, frame: _Frame) -> tuple[int | None, int | None]:
    """Quota and what is left of it: of packages, of a share in a pool, or of the one quota."""
    quota = number(known.get("quota_bytes"))
    packages = settings.all_packages(quota)
    if packages:
        state = drain(packages, settings.cycle, frame.daily, frame.today)
        said = _said_left(known, frame)
        counted = max(0, state.left_bytes - frame.uncounted()) if frame.usage.used_bytes is not None else None
        return state.quota_bytes, said if said is not None else counted
    pool, members = number(known.get("pool_total_bytes")), number(known.get("pool_members"))
    if quota is None and pool is not None and members:
        share = pool // members
        return share, _left_of_pool(known, share, members, frame)
    return quota, remaining_bytes(known, quota, frame)


def _left_of_pool(known: Mapping[str, PlanFact], share: int, members: int, frame: _Frame) -> int | None:
    """A card that used its share goes on as long as the pool has a rest: at least its even part of that."""
    own = remaining_bytes(known, share, frame)
    rest = number(known.get("pool_remaining_bytes")) if frame.said_on(known.get("pool_remaining_bytes")) else None
    if rest is None:
        return None if own == 0 else own
    return 0 if rest == 0 else max(own or 0, rest // members, 1)


def remaining_bytes(known: Mapping[str, PlanFact], quota: int | None, frame: _Frame) -> int | None:
    """What is left: what the carrier said in this cycle less the use of the days since, else quota less use."""
    said = _said_left(known, frame)
    if said is not None:
        return said
    used = max(
        (value for value in (frame.usage.used_bytes, _said_used(known, frame)) if value is not None), default=None
    )
    return max(0, quota - used) if quota is not None and used is not None else None


def _said_left(known: Mapping[str, PlanFact], frame: _Frame) -> int | None:
    said = number(known.get("remaining_bytes"))
    on = frame.said_on(known.get("remaining_bytes"))
    return max(0, said - frame.since(on)) if said is not None and on is not None else None


def _said_used(known: Mapping[str, PlanFact], frame: _Frame) -> int | None:
    """A figure read from the carrier's page counts from its day on; what the ledger saw since is added."""
    said = number(known.get("used_bytes"))
    on = frame.said_on(known.get("used_bytes"))
    return said + frame.since(on) if said is not None and on is not None else None


def still_suspended(known: Mapping[str, PlanFact]) -> bool:
    """Suspended, unless something good was said later: money or data left, or a new end (then it was paid)."""
    fact = known.get("suspended")
    if fact is None or not flag(fact):
        return False
    money, left = amount(known.get("balance")), number(known.get("remaining_bytes"))
    good = [known.get("expires_on")]
    good += [known.get("balance")] if money is not None and money > 0 else []
    good += [known.get("remaining_bytes")] if left else []
    return not any(other and other.at is not None and fact.at is not None and other.at > fact.at for other in good)


@again
def _has_life(settings: PlanSettings) -> bool:
    return settings.life != Life()


def _iso(day_: date | None) -> str | None:
    return day_.isoformat() if day_ is not None else None


def _state(
    known: Mapping[str, PlanFact],
    expires: date | None,
    days_left: int | None,
    remaining: int | None,
    settings: PlanSettings,
) -> PlanStatus:
    if still_suspended(known):
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
