"""How the card stands at this moment: ledger, facts and settings together, for daemon, diag and commands alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agent.plan.calendar import cycle_of, local_date, zone_of
from agent.plan.facts import best, number
from agent.plan.habits import habit
from agent.plan.plan import PlanSettings, facts_from_settings, plan_view
from agent.plan.reconcile import Said, reconcile
from agent.sample.base import Evidence, EvidenceSource, PlanFact, PlanView, UsageView
from modem.frozen import dataclass, replace

if TYPE_CHECKING:
    from agent.plan.ledger import Ledger

HISTORY_DAYS = 400
_ABOUT: Mapping[str, str] = {
    "expires_on": "plan.expires_on",
    "balance": "plan.balance_amount",
    "quota_bytes": "plan.quota_bytes",
    "remaining_bytes": "plan.remaining_bytes",
    "suspended": "plan.state",
    "arrears": "plan.balance_amount",
    "used_bytes": "usage.elsewhere_bytes",
}
_SOURCES: Mapping[str, EvidenceSource] = {
    "centre": "centre",
    "carrier_sms": "message",
    "carrier_ussd": "message",
    "agent": "ledger",
}


@dataclass(frozen=True, slots=True)
class Standing:
    usage: UsageView = field(default_factory=UsageView)
    plan: PlanView = field(default_factory=PlanView)
    evidence: tuple[Evidence, ...] = ()
    cycle: tuple[date, date] | None = None
    """None while the clock is known to be wrong: then nobody can say which cycle this is."""


def standing(
    settings: PlanSettings,
    ledger: "Ledger | None",
    facts: Sequence[PlanFact],
    wall: float,
    timezone: str,
    *,
    clock_trusted: bool | None,
    card: str | None = None,
    strange: bool = False,
) -> Standing:
    """`facts`: all words about this card. `strange`: another card than the accepted one is in, so what the
    configuration says is not about it."""
    zone = zone_of(timezone)
    settings = _of_cycle_only(settings) if strange else settings
    today = local_date(wall, zone)
    if clock_trusted is False:
        plan = plan_view(settings, facts, UsageView(), today, clock_trusted=False, zone=zone)
        return Standing(UsageView(), plan, evidence_of(plan))
    cycle = cycle_of(settings.cycle, today)
    daily = _daily(ledger, today, cycle, card)
    usage = _usage(settings, ledger, facts, cycle, daily, today, card, timezone)
    plan = plan_view(settings, facts, usage, today, clock_trusted=clock_trusted, daily=daily, zone=zone, now=wall)
    return Standing(usage, plan, (*evidence_of(plan), *_history(usage), *_odd_use(usage)), cycle)


def evidence_of(plan: PlanView) -> tuple[Evidence, ...]:
    """What the plan's facts were read from, quotable."""
    return tuple(
        Evidence(_ABOUT.get(fact.fact, "plan.facts"), _SOURCES.get(fact.source, "config"), fact.text, fact.at)
        for fact in plan.facts
        if fact.text
    )


def _history(usage: UsageView) -> tuple[Evidence, ...]:
    """What worked until when: the other half of every "it fails"."""
    if usage.last_day is None or usage.last_day_bytes is None:
        return ()
    text = f"data last came over this card on {usage.last_day}: {usage.last_day_bytes / 2**20:.1f} MB that day"
    return (Evidence("usage.last_day", "ledger", text),)


def _odd_use(usage: UsageView) -> tuple[Evidence, ...]:
    """The figures behind `usage.abnormal` and `usage.elsewhere`, where there is something to show."""
    found = []
    today, usual, limit = usage.day_bytes, usage.usual_day_bytes, usage.day_limit_bytes
    if today is not None and usual is not None and limit is not None and today > limit:
        text = f"used today: {_mb(today)}; on an ordinary day {_mb(usual)}, odd above {_mb(limit)}"
        found.append(Evidence("usage.day_bytes", "ledger", text))
    said = next((one for one in usage.sources if one.source == "carrier"), None)
    if usage.elsewhere_bytes and said:
        text = f"the carrier counts {_mb(said.used_bytes)}: {_mb(usage.elsewhere_bytes)} more than this terminal did"
        found.append(Evidence("usage.elsewhere_bytes", "ledger", text, said.at))
    return tuple(found)


def _mb(count: int) -> str:
    return f"{count / 2**20:.1f} MB"


def _daily(ledger: "Ledger | None", today: date, cycle: tuple[date, date], card: str | None) -> dict[date, int]:
    if ledger is None:
        return {}
    back = min(HISTORY_DAYS, (today - date.min).days)
    return ledger.daily(min(today - timedelta(days=back), cycle[0]), cycle[1], card)


def _usage(
    settings: PlanSettings,
    ledger: "Ledger | None",
    facts: Iterable[PlanFact],
    cycle: tuple[date, date],
    daily: Mapping[date, int],
    today: date,
    card: str | None,
    timezone: str,
) -> UsageView:
    counted = UsageView(cycle[0].isoformat(), cycle[1].isoformat()) if ledger is None else ledger.usage(cycle, card)
    since = ledger.counted_since(card) if ledger is not None else None
    words = (*facts_from_settings(settings), *facts)
    said, quota = _said(words, cycle[0], timezone), number(best(words).get("quota_bytes"))
    last = ledger.last_received(today, card) if ledger is not None else None
    found = reconcile(
        counted.used_bytes, counted.sources, daily, said, cycle_start=cycle[0], counted_since=since, quota=quota
    )
    usual = habit(daily, today, since, quota)
    return replace(
        counted,
        used_bytes=found.used_bytes,
        sources=found.sources,
        day_bytes=daily.get(today, 0) if since is not None else None,
        usual_day_bytes=usual.usual_bytes if usual else None,
        day_limit_bytes=usual.limit_bytes if usual else None,
        drift_bytes=found.drift_bytes,
        elsewhere_bytes=found.elsewhere_bytes,
        last_day=last[0].isoformat() if last else None,
        last_day_bytes=last[1] if last else None,
    )


def _said(facts: Iterable[PlanFact], start: date, timezone: str) -> list[Said]:
    """The words about use that fall into this cycle."""
    zone = zone_of(timezone)
    return [
        Said(used, fact.at, day, fact.source in ("manual", "config"))
        for fact in facts
        if fact.fact == "used_bytes"
        and fact.at is not None
        and (used := number(fact)) is not None
        and (day := local_date(fact.at, zone)) >= start
    ]


def _of_cycle_only(settings: PlanSettings) -> PlanSettings:
    """Without what the configuration says of one particular card."""
    return PlanSettings(
        currency=settings.currency,
        expiring_days=settings.expiring_days,
        cycle=settings.cycle,
        reminder_days=settings.reminder_days,
    )
