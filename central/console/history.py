"""What a terminal's page draws and lists of the past, made from rows; pure but for the readers at the end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from central import view
from central.console.charts import Point
from central.listing import Listing
from central.store.core import SqlStore

DAY_S = 86_400
MAX_BEATS = 3000
_BEATS = """SELECT happened_at, body FROM reports WHERE terminal = ? AND type = 'heartbeat' AND received_at >= ?
ORDER BY epoch_number DESC, seq DESC LIMIT ?"""
_DAILY = """SELECT happened_at, body FROM reports WHERE terminal = ? AND type = 'daily' AND received_at >= ?
ORDER BY epoch_number DESC, seq DESC LIMIT ?"""
_KIND = """SELECT code, happened_at, body FROM changes WHERE terminal = ? AND type = ?
ORDER BY epoch_number DESC, seq DESC LIMIT ?"""
_MEDIAN = """SELECT r.rsrp FROM roster r WHERE {which} AND {seen} ORDER BY r.rsrp LIMIT 1 OFFSET
(SELECT count(*) / 2 FROM roster r WHERE {which} AND {seen})"""
_ALIKE = "r.technology = :technology AND r.rsrp < 0"

Beats = Sequence[tuple[int, Mapping[str, Any]]]
"""(seconds, heartbeat), oldest first."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the plan, as it was last told."""

    fact: str
    value: str
    source: str
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class CardChange:
    at: int
    iccid: str
    previous: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where the usage goes if it goes on like this: bytes a day, likely between low and high."""

    rate: float
    low: float
    high: float
    days: int
    """Of history it is made from."""

    def days_until(self, rest: int) -> tuple[float, float, float] | None:
        """Days until `rest` bytes are used: likely, soonest, latest; None when nothing is being used."""
        if self.rate <= 0 or rest < 0:
            return None
        return rest / self.rate, rest / max(self.high, self.rate), rest / max(self.low, self.rate / 10, 1.0)


def by_technology(beats: Beats) -> dict[str, list[Point]]:
    """RSRP, or RSSI where there is none, in dBm."""
    found: dict[str, list[Point]] = {}
    for at, beat in beats:
        level = _number(beat.get("rsrp_dbm"))
        level = level if level is not None else _number(beat.get("rssi_dbm"))
        if level is not None:
            name = beat.get("technology")
            found.setdefault(name if isinstance(name, str) and name else "unknown", []).append((at, level))
    return found


def usage(beats: Beats) -> list[Point]:
    """Bytes used of the cycle; a new cycle begins lower."""
    told = ((at, _number(beat.get("used_bytes"))) for at, beat in beats)
    return [(at, used) for at, used in told if used is not None and used >= 0]


def this_cycle(points: Sequence[Point]) -> list[Point]:
    """Since the counter last began anew."""
    first = max((place for place in range(1, len(points)) if points[place][1] < points[place - 1][1]), default=0)
    return list(points[first:])


def forecast(points: Sequence[Point]) -> Forecast | None:
    """From the days of this cycle; None with less than a day of them. The range is the quietest and busiest day's in
    ten, and half and twice the mean while there are fewer than three whole days.
    """
    known = this_cycle(points)
    if len(known) < 2 or known[-1][0] - known[0][0] < DAY_S / 2:
        return None
    days = (known[-1][0] - known[0][0]) / DAY_S
    rate = (known[-1][1] - known[0][1]) / days
    daily = sorted(_per_day(known))
    if len(daily) < 3:
        return Forecast(rate, rate / 2, rate * 2, max(1, round(days)))
    edge = len(daily) // 10
    return Forecast(rate, min(daily[edge], rate), max(daily[-1 - edge], rate), len(daily))


def _per_day(points: Sequence[Point]) -> list[float]:
    """Whole days from the last point back."""
    found, end, place = [], points[-1], len(points) - 1
    while place > 0:
        place -= 1
        if end[0] - points[place][0] >= DAY_S:
            found.append((end[1] - points[place][1]) * DAY_S / (end[0] - points[place][0]))
            end = points[place]
    return found


def facts(rows: Iterable[tuple[str, int, str]]) -> list[Fact]:
    """Of (fact, at, body), newest first: the newest of each."""
    found: dict[str, Fact] = {}
    for name, at, text in rows:
        body = view.read_object(text)
        heard = body.get("heard_at")
        moment = heard if isinstance(heard, int) and not isinstance(heard, bool) and 0 < heard <= at else at
        value, source, said = (str(body.get(key, "")) for key in ("value", "source", "text"))
        found.setdefault(name, Fact(name, value, source, moment, said))
    return [found[name] for name in sorted(found)]


def cards(rows: Iterable[tuple[str, int, str]]) -> list[CardChange]:
    bodies = ((at, view.read_object(text)) for _, at, text in rows)
    return [
        CardChange(at, *(str(body.get(key) or "") for key in ("iccid", "previous_iccid", "issuer")))
        for at, body in bodies
    ]


def by_purpose(rows: Iterable[tuple[int, str]]) -> list[tuple[str, dict[str, int], int]]:
    """Of (at, body of a `daily`): day, the agent's own bytes by purpose, and all of them; newest first."""
    found: dict[str, tuple[str, dict[str, int], int]] = {}
    for _, text in rows:
        body = view.read_object(text)
        told, day = body.get("by_purpose"), body.get("day")
        if isinstance(told, dict) and isinstance(day, str) and day not in found:
            own = {str(key)[:40]: int(n) for key, n in told.items() if isinstance(n, int) and 0 <= n < 2**53}
            found[day] = (day[:10], own, sum(own.values()))
    return list(found.values())


async def beats(store: SqlStore, terminal: str, since: int) -> Beats:
    rows = await store.read(_BEATS, (terminal, since, MAX_BEATS))
    return sorted(((row[0], view.read_object(row[1])) for row in rows), key=lambda beat: beat[0])


async def daily(store: SqlStore, terminal: str, since: int) -> list[tuple[int, str]]:
    return [(row[0], row[1]) for row in await store.read(_DAILY, (terminal, since, 62))]


async def changes_of(
    store: SqlStore, terminal: str, kind: Literal["plan_fact", "card"], most: int
) -> list[tuple[str, int, str]]:
    return [(row[0], row[1], row[2]) for row in await store.read(_KIND, (terminal, kind, most))]


async def median(listing: Listing, technology: str, cell: str = "") -> int | None:
    """Of the RSRP of those who last reported in this technology (and this cell); None when there are none."""
    seen, values = listing.seen()
    which = _ALIKE + (" AND r.cell = :cell" if cell else "")
    rows = await listing.rows(_MEDIAN.format(which=which, seen=seen), values | {"technology": technology, "cell": cell})
    return int(rows[0][0]) if rows else None


def _number(value: object) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and -(2**53) < value < 2**53
    return float(value) if known and isinstance(value, int | float) else None
