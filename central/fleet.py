"""Status of a terminal from what was last heard and the time now; pure.

Rules
- Every time here is the centre's own: the terminal's clock may say 1970.
- Status is computed when somebody reads it, never stored: a centre that slept tells the truth when it wakes.
- A terminal announces when it will be heard next. It is late when that moment and some grace have passed, silent when
  several of its intervals have passed after that. Whatever is heard later than the announced moment counts as life.
"""

from dataclasses import dataclass
from typing import Literal, get_args

Status = Literal["up", "late", "silent", "never"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class Rules:
    grace_min_s: float = 120.0
    grace_share: float = 0.5
    """Share of the terminal's own interval."""
    silent_intervals: float = 3.0
    """So many intervals after it became late, a terminal is silent."""
    default_interval_s: int = 900
    """For a terminal that was heard but has announced no interval yet."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What lateness is measured by; seconds since 1970 on the centre's clock, None = not known."""

    last_heard: int | None = None
    next_due: int | None = None
    interval_s: int | None = None


def next_due(heard: Heard, rules: Rules) -> float | None:
    """When the terminal is expected next; None before its first report."""
    if heard.last_heard is None:
        return None
    announced = heard.next_due if heard.next_due is not None else heard.last_heard + rules.default_interval_s
    return float(max(announced, heard.last_heard))


def late_at(heard: Heard, rules: Rules) -> float | None:
    due = next_due(heard, rules)
    return None if due is None else due + max(rules.grace_min_s, rules.grace_share * _interval(heard, rules))


def silent_at(heard: Heard, rules: Rules) -> float | None:
    late = late_at(heard, rules)
    return None if late is None else late + rules.silent_intervals * _interval(heard, rules)


def status(heard: Heard, now: float, rules: Rules) -> Status:
    late, silent = late_at(heard, rules), silent_at(heard, rules)
    if late is None or silent is None:
        return "never"
    if now <= late:
        return "up"
    return "late" if now <= silent else "silent"


def _interval(heard: Heard, rules: Rules) -> int:
    return heard.interval_s if heard.interval_s is not None else rules.default_interval_s
