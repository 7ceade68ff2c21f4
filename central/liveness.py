"""Whether a terminal is there, missing, or at rest; and why it may have fallen silent; pure.

Rules
- What fleet.py says of lateness holds; here the shop's hours and the centre's own outages are added.
- A report that was due while the shop is closed is expected at the next opening. Until then the terminal is `closed`.
- A report that was due while the centre itself was not there, or soon after, is expected by the end of the outage and a
  while: terminals space their attempts out up to an hour.
- A state begins when its deadline passed, not when somebody looked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from central import fleet, hours
from central.fleet import Heard, Rules

State = Literal["up", "late", "silent", "closed"]
STATES: tuple[State, ...] = ("up", "late", "silent", "closed")
AFTER_OUTAGE_S = 3600 + 300
"""`uplink.retry_cap_s` of a terminal and a little."""
FAR = 2**40
WEAK_RSRP_DBM = -110.0
FADING_DB = 6.0
"""The mean of the last reports is so much below that of those before."""
_LAST = 4


@dataclass(frozen=True, slots=True)
class Outage:
    start: int
    until: int


@dataclass(frozen=True, slots=True)
class Around:
    """What of a terminal's surroundings counts."""

    zone: ZoneInfo
    week: str | None = None
    """Opening hours (central.hours)."""
    outages: Sequence[Outage] = ()
    """Of the centre, oldest first."""


@dataclass(frozen=True, slots=True)
class Step:
    state: State
    since: int


@dataclass(frozen=True, slots=True)
class Course:
    """How a terminal goes from its last report on, if nothing more is heard: steps in order of time."""

    steps: tuple[Step, ...]

    def at(self, now: float) -> Step:
        return [step for step in self.steps if step.since <= now or step is self.steps[0]][-1]

    def next_change(self, now: float) -> int:
        return next((step.since for step in self.steps[1:] if step.since > now), FAR)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a terminal may be silent: a verdict code, or `stopped`, `signal.fading`, or `connection.lost` (the broker
    says); with what was seen.
    """

    code: str
    facts: Mapping[str, str | int | float]


def course(heard: Heard, rules: Rules, around: Around) -> Course | None:
    """None for a terminal that was never heard."""
    late, silent = fleet.late_at(heard, rules), fleet.silent_at(heard, rules)
    if heard.last_heard is None or late is None or silent is None:
        return None
    excused = _after_outages(late, around.outages)
    steps = [Step("up", heard.last_heard)]
    if around.week is not None and not hours.is_open(around.week, excused, around.zone):
        steps.append(Step("closed", _up(excused)))
        opening = hours.next_opening(around.week, excused, around.zone)
        if opening is None:
            return Course(tuple(steps))
        excused = _after_outages(opening + (late - (fleet.next_due(heard, rules) or late)), around.outages)
    steps += [Step("late", _up(excused)), Step("silent", _up(excused + silent - late))]
    return Course(tuple(steps))


def _after_outages(moment: float, outages: Sequence[Outage]) -> float:
    for outage in outages:
        if outage.start <= moment <= outage.until + AFTER_OUTAGE_S:
            moment = max(moment, float(outage.until + AFTER_OUTAGE_S))
    return moment


def _up(moment: float) -> int:
    """The first whole second at which fleet.status agrees that the deadline has passed."""
    return int(moment) + 1


def last_words(reports: Sequence[tuple[str, Mapping[str, Any]]], silent_at: int, zone: ZoneInfo) -> list[Reason]:
    """What the last reports (type, body), newest first, say about a silence that began at `silent_at`; surest first."""
    if not reports:
        return []
    beats = [body for kind, body in reports if kind == "heartbeat"]
    verdicts = [body for kind, body in reports if kind in ("verdict", "heartbeat")]
    found = [
        _stopped(reports[0]),
        *(_plan(beats[0], silent_at, zone) if beats else ()),
        _complained(verdicts[0]) if verdicts else None,
        _signal(beats),
    ]
    reasons: dict[str, Reason] = {}
    for reason in found:
        if reason is not None:
            reasons.setdefault(reason.code, reason)
    return list(reasons.values())


def _stopped(newest: tuple[str, Mapping[str, Any]]) -> Reason | None:
    """Its very last word was goodbye: switched off, or updated, on purpose."""
    kind, body = newest
    if kind != "stopped":
        return None
    return Reason("stopped", {"reason": str(body.get("reason") or "")[:80]})


def _plan(beat: Mapping[str, Any], silent_at: int, zone: ZoneInfo) -> list[Reason]:
    found = []
    ends, today = beat.get("expires_on"), datetime.fromtimestamp(silent_at, UTC).astimezone(zone).date().isoformat()
    if isinstance(ends, str) and len(ends) == 10 and ends <= today:
        found.append(Reason("plan.expired", {"expires_on": ends}))
    used, quota = _whole(beat.get("used_bytes")), _whole(beat.get("quota_bytes"))
    if used is not None and quota and used >= 0.98 * quota:
        found.append(Reason("plan.exhausted", {"used_bytes": used, "quota_bytes": quota}))
    return found


def _complained(body: Mapping[str, Any]) -> Reason | None:
    code = body.get("verdict", body.get("code"))
    if not isinstance(code, str) or code in ("ok", "unsure", ""):
        return None
    return Reason(code[:64], {})


def _signal(beats: Sequence[Mapping[str, Any]]) -> Reason | None:
    levels = [float(level) for beat in beats if isinstance(level := beat.get("rsrp_dbm"), int | float)]
    last, before = levels[:_LAST], levels[_LAST:]
    if not last:
        return None
    mean = sum(last) / len(last)
    if mean <= WEAK_RSRP_DBM:
        return Reason("signal.weak", {"rsrp_dbm": round(mean, 1)})
    if len(before) >= _LAST and (lost := sum(before) / len(before) - mean) >= FADING_DB:
        return Reason("signal.fading", {"rsrp_dbm": round(mean, 1), "lost_db": round(lost, 1)})
    return None


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
