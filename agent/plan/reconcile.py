"""One figure from several that disagree: our counters, the carrier's word, a person's. Pure.

- Our counters see what this machine and this modem moved; the carrier sees what the card moved, and is what is billed.
- The carrier's figure is late: platforms show yesterday's midnight, around the turn of the month even older ones. So it
  is compared with what we had counted by then, and being less than ours says nothing.
- Being much more says that others use the card (or that we did not count from the cycle's beginning: then two words of
  the carrier are compared with what we counted between them, and a single one says nothing).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from agent.sample.base import UsageSource
from modem.frozen import dataclass

MIN_ELSEWHERE_BYTES = 20 * 2**20
SMALL_ELSEWHERE_BYTES = 3 * 2**20
QUOTA_SHARE = 0.2
"""Of a small card less is much: this share of its quota, but never less than the figure above."""
MIN_ELSEWHERE_SHARE = 0.25
"""Carriers count headers and round up by session or by 10 KB: 5 to 15 % more than the kernel is common."""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody else's figure for this cycle's use."""

    used_bytes: int
    at: float
    """Wall seconds."""
    day: date
    """The local day of it."""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Reconciled:
    used_bytes: int | None
    """The figure to go by."""
    sources: tuple[UsageSource, ...]
    """Every figure as it was told, with its time."""
    drift_bytes: int | None
    """The newest word from outside less what we had counted by then; None without such a word."""
    elsewhere_bytes: int | None
    """What the card used and this terminal did not; 0 = nothing worth mentioning, None = cannot tell."""


def reconcile(
    counted: int | None,
    counters: tuple[UsageSource, ...],
    daily: Mapping[date, int],
    said: Iterable[Said],
    *,
    cycle_start: date,
    counted_since: date | None,
    quota: int | None = None,
) -> Reconciled:
    """`counted` and `counters`: the ledger's figures for this cycle; `daily`: its bytes by day; `said`: the words from
    outside within this cycle, in any order; `counted_since`: the first day on which we counted for this card; `quota`:
    the cycle's, in bytes, where it is known."""
    words = sorted(said, key=lambda word: (word.at, word.used_bytes, word.by_hand))
    newest = words[-1] if words else None
    sources = (*counters, *_told(words))
    if newest is None:
        return Reconciled(counted, sources, None, None)
    since = sum(used for day, used in daily.items() if day > newest.day)
    used = max(counted if counted is not None else 0, newest.used_bytes + since)
    drift = newest.used_bytes - _until(daily, cycle_start, newest.day)
    carrier = [word for word in words if not word.by_hand]
    more = _more(carrier, daily, cycle_start, counted_since)
    return Reconciled(used, sources, drift, None if more is None else _worth_mentioning(*more, quota))


def _more(
    words: Sequence[Said], daily: Mapping[date, int], cycle_start: date, counted_since: date | None
) -> tuple[int, int] | None:
    """The carrier's bytes and ours over the same days; None where they cannot be compared."""
    if not words or counted_since is None:
        return None
    newest = words[-1]
    if counted_since <= cycle_start:
        return newest.used_bytes, _until(daily, cycle_start, newest.day)
    earlier = [word for word in words if counted_since < word.day < newest.day]
    if not earlier:
        return None
    # The earlier word's day counts on our side too: its figure may have been taken at that day's beginning.
    ours = sum(used for day, used in daily.items() if earlier[0].day <= day <= newest.day)
    return newest.used_bytes - earlier[0].used_bytes, ours


def _worth_mentioning(theirs: int, ours: int, quota: int | None) -> int:
    least = MIN_ELSEWHERE_BYTES
    if quota is not None:
        least = min(least, max(SMALL_ELSEWHERE_BYTES, int(QUOTA_SHARE * quota)))
    more = theirs - ours
    return more if more > max(least, MIN_ELSEWHERE_SHARE * theirs) else 0


def _until(daily: Mapping[date, int], start: date, end: date) -> int:
    return sum(used for day, used in daily.items() if start <= day <= end)


def _told(words: Sequence[Said]) -> tuple[UsageSource, ...]:
    """The newest of each kind."""
    newest = {word.by_hand: word for word in words}
    return tuple(
        UsageSource("manual" if by_hand else "carrier", word.used_bytes, word.at)
        for by_hand, word in sorted(newest.items())
    )
