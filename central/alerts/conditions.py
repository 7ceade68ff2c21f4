"""What is wrong in the fleet right now, terminal by terminal; pure. Codes are the catalogue's, and a few that only the
centre can know: `silent`, `incident`, `card.shared`, `card.swapped`, `imei.changed`, `centre.was_down`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from central.alerts.plan import Rule
from central.numbers import same_card, same_machine

_EXPIRY = ("plan.expiring", "plan.expired")


@dataclass(frozen=True, slots=True)
class Facts:
    """One terminal, as far as alerts look at it."""

    terminal: str
    name: str = ""
    silent_since: int | None = None
    explained: bool = False
    """An open incident stands for its silence."""
    verdict: str = "ok"
    severity: str = "ok"
    titles: Mapping[str, str] = field(default_factory=dict)
    beat: Mapping[str, Any] = field(default_factory=dict)
    iccid_expected: str | None = None
    imei_expected: str | None = None
    groups: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is so. `subject` tells apart what one terminal may have twice, and names an incident."""

    terminal: str
    code: str
    severity: str
    facts: Mapping[str, Any]
    subject: str = ""


def of_terminal(one: Facts, rule: Rule, today: date) -> list[Condition]:
    """What holds of one terminal by the thresholds of `rule`."""
    found: dict[str, Condition] = {}

    def say(code: str, severity: str, **facts: Any) -> None:
        found.setdefault(code, Condition(one.terminal, code, severity, {"name": one.name} | facts))

    if one.silent_since is not None and not one.explained:
        say("silent", "error", since=one.silent_since)
    if one.verdict not in ("ok", "unsure") and one.silent_since is None:
        say(one.verdict, one.severity, titles=dict(one.titles))
    for code, severity, facts in (*_dates(one, rule, today), *_amounts(one, rule), *_identity(one)):
        say(code, severity, **facts)
    return list(found.values())


def of_fleet(everybody: Iterable[Facts]) -> list[Condition]:
    """The same card in two terminals: one of the two reports is about a card that was moved, or copied."""
    where: defaultdict[str, list[Facts]] = defaultdict(list)
    for one in everybody:
        iccid = one.beat.get("iccid")
        if isinstance(iccid, str) and len(iccid) >= 18 and one.silent_since is None:
            where[iccid].append(one)
    return [
        Condition(
            one.terminal, "card.shared", "warning", {"name": one.name, "iccid": iccid, "others": _others(one, here)}
        )
        for iccid, here in where.items()
        if len(here) > 1
        for one in here
    ]


def _others(one: Facts, here: Sequence[Facts]) -> list[str]:
    return [other.terminal for other in here if other is not one][:5]


Found = tuple[str, str, dict[str, Any]]


def _dates(one: Facts, rule: Rule, today: date) -> list[Found]:
    try:
        ends = date.fromisoformat(str(one.beat.get("expires_on") or ""))
    except ValueError:
        return []
    left = (ends - today).days
    if left < 0:
        return [("plan.expired", "error", {"expires_on": ends.isoformat(), "days_left": left})]
    if left <= rule.expiring_days:
        return [("plan.expiring", "warning", {"expires_on": ends.isoformat(), "days_left": left})]
    return []


def _amounts(one: Facts, rule: Rule) -> list[Found]:
    found: list[Found] = []
    used, quota = one.beat.get("used_bytes"), one.beat.get("quota_bytes")
    if isinstance(used, int) and isinstance(quota, int) and quota > 0:
        percent = 100 * used / quota
        if percent >= 100:
            found.append(("plan.exhausted", "error", {"percent": round(percent)}))
        elif percent >= rule.usage_percent:
            found.append(("plan.running_out", "warning", {"percent": round(percent)}))
    try:
        balance = Decimal(str(one.beat.get("balance")))
    except InvalidOperation:
        return found
    if balance.is_finite() and balance < Decimal(str(rule.balance_low)):
        currency = str(one.beat.get("currency") or "")[:3]
        found.append(("plan.balance_low", "warning", {"balance": str(balance)[:20], "currency": currency}))
    return found


def _identity(one: Facts) -> list[Found]:
    found: list[Found] = []
    iccid, imei = one.beat.get("iccid"), one.beat.get("imei")
    if one.iccid_expected and isinstance(iccid, str) and iccid and not same_card(iccid, one.iccid_expected):
        found.append(("card.swapped", "warning", {"iccid": iccid[:22], "expected": one.iccid_expected}))
    if one.imei_expected and isinstance(imei, str) and imei and not same_machine(imei, one.imei_expected):
        found.append(("imei.changed", "warning", {"imei": imei[:16], "expected": one.imei_expected}))
    return found
