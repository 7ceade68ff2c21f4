"""One alert's life: pending, firing, over; and what of it is told. Pure: a condition that holds or not, and a time.

Rules
- Debounce: what holds for `delay` fires; what is over for `delay` ends. A pending one that ends was never told.
- Flapping: more than FLAPS_MAX starts within FLAPS_S are told once as flapping; it is over when quiet for FLAPS_S,
  however often it comes and goes.
- Told again every `repeat`, and escalated once, only while nobody has acknowledged it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from central.alerts.plan import Rule

State = Literal["pending", "firing", "ending", "flapping", "over"]
Told = Literal["raised", "repeated", "escalated", "ended", "flapping"]
FLAPS_MAX = 3
FLAPS_S = 3600


@dataclass(frozen=True, slots=True)
class Alert:
    state: State
    since: int
    """When the condition began to hold."""
    changed_at: int
    """When it last began or ceased to hold."""
    told_at: int | None = None
    escalated_at: int | None = None
    acked_at: int | None = None
    starts: tuple[int, ...] = ()
    """The newest moments at which it began."""


def step(alert: Alert | None, *, holds: bool, now: int, rule: Rule) -> tuple[Alert | None, Told | None]:
    """The alert after a look at `now`, and what is to be told. None: there is nothing to remember."""
    if alert is None or alert.state == "over":
        return (_begin(alert, now), None) if holds else (_forget(alert, now), None)
    if alert.state == "flapping":
        return _flapping(alert, holds=holds, now=now)
    if holds:
        return _holding(alert, now, rule)
    return _ceasing(alert, now, rule)


def acknowledge(alert: Alert, now: int) -> Alert:
    return replace(alert, acked_at=now)


def _begin(alert: Alert | None, now: int) -> Alert:
    starts = (*_recent(alert.starts if alert else (), now), now)[-FLAPS_MAX - 1 :]
    return Alert("pending", now, now, starts=starts)


def _forget(alert: Alert | None, now: int) -> Alert | None:
    return alert if alert is not None and _recent(alert.starts, now) else None


def _recent(starts: Sequence[int], now: int) -> tuple[int, ...]:
    return tuple(start for start in starts if now - start < FLAPS_S)


def _holding(alert: Alert, now: int, rule: Rule) -> tuple[Alert, Told | None]:
    if alert.state == "ending":  # it came back before it was over
        alert = replace(alert, state="firing", changed_at=now, starts=(*_recent(alert.starts, now), now))
    if len(_recent(alert.starts, now)) > FLAPS_MAX:
        return replace(alert, state="flapping", changed_at=now, told_at=now), "flapping"
    if alert.state == "pending":
        if now - alert.since < rule.delay_minutes * 60:
            return alert, None
        return replace(alert, state="firing", told_at=now), "raised"
    return _remind(alert, now, rule)


def _remind(alert: Alert, now: int, rule: Rule) -> tuple[Alert, Told | None]:
    if alert.acked_at is not None:
        return alert, None
    begun = alert.told_at if alert.told_at is not None else now
    if rule.escalate_minutes and alert.escalated_at is None and now - alert.since >= rule.escalate_minutes * 60:
        return replace(alert, escalated_at=now, told_at=now), "escalated"
    if rule.repeat_hours and now - begun >= rule.repeat_hours * 3600:
        return replace(alert, told_at=now), "repeated"
    return alert, None


def _ceasing(alert: Alert, now: int, rule: Rule) -> tuple[Alert | None, Told | None]:
    if alert.state == "pending":
        return replace(alert, state="over", changed_at=now), None
    if alert.state == "firing":
        alert = replace(alert, state="ending", changed_at=now)
    if now - alert.changed_at < rule.delay_minutes * 60:
        return alert, None
    return replace(alert, state="over"), "ended" if rule.tell_end else None


def _flapping(alert: Alert, *, holds: bool, now: int) -> tuple[Alert | None, Told | None]:
    if holds:
        return replace(alert, changed_at=now), None
    if now - alert.changed_at < FLAPS_S:
        return alert, None
    return replace(alert, state="over", starts=()), "ended"
