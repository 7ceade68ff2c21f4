"""A card's life on its carrier's platform, as spans of whole days. Pure.

Test (free, little data) → silent (in stock; the first use, or its end, activates it) → active → grace (stopped, the
number is kept, a renewal brings it back) → pre-cancelled (预销户: renewal only by hand at the carrier) → cancelled.
Terms count in days from the activation day, in months from it, or in whole months: then the month of activation is
billed whole, and the term ends with a month.
"""

from datetime import date, timedelta
from typing import Literal

from agent.plan.calendar import months_later
from modem.frozen import dataclass

Stage = Literal["test", "silent", "active", "grace", "pre_cancelled", "cancelled"]


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of the card's contract; 0 and None mean "not part of it" or "not known"."""

    delivered_on: date | None = None
    """First day of the test period, or of the silent one."""
    test_days: int = 0
    silent_days: int = 0
    activated_on: date | None = None
    term_days: int = 0
    term_months: int = 0
    whole_months: bool = False
    """The activation month counts as the first whole month of the term."""
    grace_days: int = 0
    pre_cancel_days: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Both ends belong to it."""

    stage: Stage
    first: date
    last: date


def activation(life: Life) -> date | None:
    """The first active day: the one that is known, else the day after test and silence, which activates by itself."""
    if life.activated_on is not None:
        return life.activated_on
    if life.delivered_on is None or not (life.test_days or life.silent_days):
        return None
    return _later(life.delivered_on, life.test_days + life.silent_days)


def ends_on(life: Life) -> date | None:
    """The last active day by the terms of the contract alone; None where it has none."""
    start = activation(life)
    if start is None:
        return None
    if life.term_months and life.whole_months:
        return _later(months_later(start.replace(day=1), life.term_months), -1)
    if life.term_months:
        return _later(months_later(start, life.term_months), -1)
    return _later(start, life.term_days - 1) if life.term_days else None


def spans(life: Life, expires_on: date | None = None) -> tuple[Span, ...]:
    """The whole life, in order and without gaps. `expires_on`: what somebody said, which goes before the contract."""
    start, end = activation(life), expires_on or ends_on(life)
    if end is None:
        return (*_before(life, start), Span("active", start, date.max)) if start is not None else ()
    begin = min(start, end) if start is not None else date.min
    return (*_before(life, begin), Span("active", begin, end), *_after(life, end))


def stage_on(life: Life, day: date, expires_on: date | None = None) -> Span | None:
    """Where in its life the card is on this day; None: before everything that is known."""
    return next((span for span in spans(life, expires_on) if span.first <= day <= span.last), None)


def cancelled_on(life: Life, expires_on: date | None = None) -> date | None:
    """The first day on which the number is gone for good; None where nobody said how long the grace is."""
    return next((span.first for span in spans(life, expires_on) if span.stage == "cancelled"), None)


def _before(life: Life, start: date | None) -> tuple[Span, ...]:
    """Test and silence, as far as activation leaves room for them."""
    if life.delivered_on is None or start is None:
        return ()
    last = _later(start, -1)
    test = Span("test", life.delivered_on, min(last, _later(life.delivered_on, life.test_days - 1)))
    silent = Span("silent", _later(life.delivered_on, life.test_days), last)
    return tuple(span for span in (test, silent) if span.first <= span.last)


def _after(life: Life, end: date) -> tuple[Span, ...]:
    if end == date.max:
        return ()
    if not (life.grace_days or life.pre_cancel_days):
        return (Span("grace", _later(end, 1), date.max),)
    pre, gone = _later(end, 1 + life.grace_days), _later(end, 1 + life.grace_days + life.pre_cancel_days)
    parts = (
        Span("grace", _later(end, 1), _later(pre, -1)),
        Span("pre_cancelled", pre, _later(gone, -1)),
        Span("cancelled", gone, date.max),
    )
    return tuple(span for span in parts if span.first <= span.last)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
