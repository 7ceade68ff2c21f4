"""How long terminals were there, and what kept them away; pure.

Rules
- Down is the time in the state `silent`, from the moment it began to the first report after it. Late is not down, and a
  closed shop is at rest. What falls into an outage of the centre itself was excused when the flip was made.
- A terminal is observed from when it was registered. One that was never heard is not counted: nothing was promised yet.
- A silence is laid at the door of the incident the terminal was in, else of its last words, else of nobody.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

NOBODY = "not_known"


@dataclass(frozen=True, slots=True)
class Placed:
    """A terminal and what it is counted by."""

    terminal: str
    since: int
    """Registered."""
    groups: Mapping[str, str]
    """Kind of group → its name: shop, merchant, region, operator."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of state."""

    terminal: str
    at: int
    state: str
    reason: str = ""
    """A code; the surest of its last words."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A terminal was in an incident of this cause."""

    terminal: str
    start: int
    end: int | None
    cause: str


@dataclass(frozen=True, slots=True)
class Silence:
    terminal: str
    start: int
    end: int
    cause: str


@dataclass(slots=True)
class Tally:
    """One group's month."""

    terminals: int = 0
    observed_s: int = 0
    down_s: int = 0
    silences: int = 0
    worst: str = ""
    """The terminal that was down the longest."""
    _worst_s: int = field(default=0, repr=False)

    @property
    def available(self) -> float | None:
        """Of a hundred."""
        return 100 * (1 - self.down_s / self.observed_s) if self.observed_s else None

    def add(self, terminal: str, down_s: int, silences: int) -> None:
        self.down_s += down_s
        self.silences += silences
        if down_s > self._worst_s:
            self.worst, self._worst_s = terminal, down_s


@dataclass(frozen=True, slots=True)
class Report:
    """A span of time of some terminals."""

    start: int
    end: int
    whole: Tally
    groups: Mapping[str, Mapping[str, Tally]]
    """Kind of group → name → tally."""
    causes: Mapping[str, tuple[int, int, int]]
    """Cause → seconds down, silences, terminals; most first."""
    days: Sequence[tuple[int, float]]
    """Start of each day, and how much of a hundred was available in it."""


class Book:
    """A span of time. All are counted, by groups (`joined`, `count`); those of `silent` are then added one by one: a
    large fleet costs hardly more than a small one.
    """

    def __init__(
        self, turns: Iterable[Turn], begun: Mapping[str, str], explained: Iterable[Explained], span: tuple[int, int],
        days: Sequence[int],
    ) -> None:  # fmt: skip
        """`turns` within the span, oldest first; `begun`: the state each terminal came into it with, `up` where not
        said; `days`: where each day begins.
        """
        self._start, self._end = span
        self._silences: defaultdict[str, list[Silence]] = defaultdict(list)
        for one in silences_of(turns, begun, explained, span):
            self._silences[one.terminal].append(one)
        self._days = list(pairwise([*days, self._end]))
        self._starts = [first for first, _ in self._days]
        self._partly = [0] * len(self._days)
        """Seconds of each day, of terminals that were registered in it."""
        self._joined = [0] * (len(self._days) + 1)
        """Terminals by the first day of which they were there from its beginning."""
        self._counted: list[Silence] = []
        self._whole = Tally()
        self._groups: dict[str, dict[str, Tally]] = {}

    @property
    def silent(self) -> list[str]:
        """Terminals with a silence."""
        return list(self._silences)

    def joined(self, since: int, terminals: int) -> None:
        """So many were registered at that moment, or before the span when it is its beginning."""
        self._whole.terminals += terminals
        self._whole.observed_s += terminals * max(0, self._end - since)
        place = bisect_left(self._starts, since)
        self._joined[place] += terminals
        if place > 0:
            self._partly[place - 1] += terminals * max(0, self._days[place - 1][1] - since)

    def count(self, kind: str, name: str, terminals: int, observed_s: int) -> None:
        tally = self._groups.setdefault(kind, {}).setdefault(name, Tally())
        tally.terminals += terminals
        tally.observed_s += observed_s

    def add(self, placed: Iterable[Placed]) -> None:
        """The silences of terminals that were counted."""
        for terminal in placed:
            mine = self._silences[terminal.terminal]
            observed = max(0, self._end - max(self._start, terminal.since))
            told = (terminal.terminal, min(sum(one.end - one.start for one in mine), observed), len(mine))
            self._whole.add(*told)
            for kind, name in terminal.groups.items():
                self._groups[kind][name].add(*told)
            self._counted += mine

    def report(self) -> Report:
        there = accumulate(self._joined[:-1])
        days = [
            (day, partly + many * (day[1] - day[0]))
            for day, partly, many in zip(self._days, self._partly, there, strict=True)
        ]
        shares = [(first, _share(self._counted, first, last, seen)) for (first, last), seen in days if seen]
        return Report(self._start, self._end, self._whole, self._groups, _causes(self._counted), shares)


def silences_of(
    turns: Iterable[Turn], begun: Mapping[str, str], explained: Iterable[Explained], span: tuple[int, int]
) -> list[Silence]:
    start, end = span
    open_since = {terminal: (start, "") for terminal, state in begun.items() if state == "silent"}
    reasons: defaultdict[str, list[Explained]] = defaultdict(list)
    for one in explained:
        reasons[one.terminal].append(one)
    found: list[Silence] = []

    def close(terminal: str, until: int) -> None:
        since, reason = open_since.pop(terminal)
        if until > since:
            found.append(Silence(terminal, since, until, _cause(reasons.get(terminal, ()), since, until, reason)))

    for turn in turns:
        at = min(max(turn.at, start), end)
        if turn.state == "silent":
            open_since.setdefault(turn.terminal, (at, turn.reason))
        elif turn.terminal in open_since:
            close(turn.terminal, at)
    for terminal in list(open_since):
        close(terminal, end)
    return found


def _cause(explained: Sequence[Explained], since: int, until: int, reason: str) -> str:
    for one in explained:
        if one.start < until and (one.end is None or one.end > since):
            return one.cause
    return reason or NOBODY


def _causes(silences: Iterable[Silence]) -> dict[str, tuple[int, int, int]]:
    seconds: defaultdict[str, int] = defaultdict(int)
    times: defaultdict[str, int] = defaultdict(int)
    terminals: defaultdict[str, set[str]] = defaultdict(set)
    for one in silences:
        seconds[one.cause] += one.end - one.start
        times[one.cause] += 1
        terminals[one.cause].add(one.terminal)
    order = sorted(seconds, key=lambda cause: (-seconds[cause], cause))
    return {cause: (seconds[cause], times[cause], len(terminals[cause])) for cause in order}


def _share(silences: Iterable[Silence], first: int, last: int, observed: int) -> float:
    down = sum(max(0, min(last, one.end) - max(first, one.start)) for one in silences)
    return 100 * (1 - min(down, observed) / observed)
