"""Many reports as one row an hour, many hours as one row a day; pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

HOUR_S = 3600
DAY_S = 86_400


@dataclass(slots=True)
class Summary:
    """What is left of a span of history. Signal is RSRP in dBm, of the heartbeats that knew it."""

    start: int
    reports: int = 0
    beats: int = 0
    bad_beats: int = 0
    """Heartbeats whose verdict was not `ok`."""
    signals: int = 0
    signal_sum: float = 0.0
    signal_min: float | None = None
    used_max: int | None = None
    """Bytes used of the plan's cycle, the largest heard."""

    @property
    def signal_mean(self) -> float | None:
        return self.signal_sum / self.signals if self.signals else None

    def add_report(self, kind: str, body: dict[str, Any]) -> None:
        self.reports += 1
        if kind != "heartbeat":
            return
        self.beats += 1
        self.bad_beats += body.get("verdict") != "ok"
        if (signal := _number(body.get("rsrp_dbm"))) is not None:
            self.signals += 1
            self.signal_sum += signal
            self.signal_min = signal if self.signal_min is None else min(signal, self.signal_min)
        used = body.get("used_bytes")
        if isinstance(used, int) and not isinstance(used, bool) and 0 <= used < 2**62:
            self.used_max = max(used, self.used_max or 0)

    def add(self, other: "Summary") -> None:
        self.reports += other.reports
        self.beats += other.beats
        self.bad_beats += other.bad_beats
        self.signals += other.signals
        self.signal_sum += other.signal_sum
        self.signal_min = min((v for v in (self.signal_min, other.signal_min) if v is not None), default=None)
        self.used_max = max((v for v in (self.used_max, other.used_max) if v is not None), default=None)


def of_reports(reports: Iterable[tuple[str, int, dict[str, Any]]], span: int = HOUR_S) -> list[Summary]:
    """Of (type, happened_at, body), by `span` seconds of UTC, oldest first."""
    found: dict[int, Summary] = {}
    for kind, at, body in reports:
        start = at - at % span
        found.setdefault(start, Summary(start)).add_report(kind, body)
    return [found[start] for start in sorted(found)]


def of_summaries(summaries: Iterable[Summary], span: int = DAY_S) -> list[Summary]:
    """Shorter spans into longer ones, oldest first."""
    found: dict[int, Summary] = {}
    for one in summaries:
        start = one.start - one.start % span
        found.setdefault(start, Summary(start)).add(one)
    return [found[start] for start in sorted(found)]


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None
