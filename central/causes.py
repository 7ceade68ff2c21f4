"""Many silences, one cause: what do those who fell silent have in common that the others have not? Pure.

Rules
- Looked at are terminals that became late or silent within a day: many that are late with one cause are worth knowing
  before any of them is silent. They share a cause when at least MIN_MEMBERS that have it fell
  silent within WINDOW_S of each other, they are at least MIN_SHARE of all that have it, and it is LIFT times
  as common a fate there as among the rest.
- Nearly everybody silent is nobody's card: the way in to the centre, or the centre, comes first.
- Of several causes the one that explains most wins, less those who have it and are well (half of a carrier may be
  silent because one of its APNs is, and a batch of cards besides); of equal ones the one that fewest have. Each
  terminal has one.
- An incident lasts while a fifth of its largest number is still missing, so that it does not open and close with every
  terminal that comes and goes.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["everyone", "cell", "plan_batch", "apn", "agent_version", "carrier"]
KINDS: tuple[Kind, ...] = ("everyone", "cell", "plan_batch", "carrier", "apn", "agent_version")
"""From what wins to what yields, where they explain the same terminals and as many have them."""
MIN_MEMBERS = 5
MIN_SHARE = 0.5
EVERYONE_SHARE = 0.8
LIFT = 3.0
WINDOW_S = 7200
GAP_S = 1800
"""A pause before which silences are another story: reports are due every quarter of an hour, mostly."""
LASTS_SHARE = 0.2
_MAX_VALUE = 100


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    kind: Kind
    value: str


EVERYONE = Cause("everyone", "")


@dataclass(frozen=True, slots=True)
class Missing:
    terminal: str
    since: int
    causes: frozenset[Cause]
    """Everything that may be its cause."""


def features(heartbeat: Mapping[str, Any], batch: str | None = None) -> frozenset[Cause]:
    """What a terminal has in common with others, from its last heartbeat and the batch its card was bought in."""
    cell = heartbeat.get("cell")
    if isinstance(cell, Mapping):
        cell = "-".join(str(cell[key]) for key in ("tac", "lac", "cell_id") if cell.get(key))
    found: list[tuple[Kind, object]] = [
        ("carrier", heartbeat.get("plmn") or heartbeat.get("operator")),
        ("apn", heartbeat.get("apn")),
        ("cell", cell),
        ("agent_version", heartbeat.get("agent")),
        ("plan_batch", batch),
    ]
    known = [(kind, value) for kind, value in found if isinstance(value, str) and value.strip()]
    return frozenset(Cause(kind, value.strip()[:_MAX_VALUE]) for kind, value in known)


def explain(missing: Sequence[Missing], population: Mapping[Cause, int], total: int) -> dict[Cause, list[str]]:
    """Causes, each with the terminals it explains. `population` counts everybody expected, those missing included; whom
    one cause explains is nobody's for the next.
    """
    left, others, found = list(missing), Counter(population), dict[Cause, list[str]]()
    while best := _best(left, others, total):
        taken = [one for one in left if best == EVERYONE or best in one.causes]
        found[best] = sorted(one.terminal for one in taken)
        left = [one for one in left if not (best == EVERYONE or best in one.causes)]
        others.subtract(count(one.causes for one in taken))
        total -= len(taken)
    return found


def began(times: Sequence[int]) -> int:
    """When those that fell silent together began to: from the densest window back, without a pause of GAP_S."""
    ordered = sorted(times)
    place = max(range(len(ordered)), key=lambda one: (_within(ordered, one), -one))
    while place and ordered[place] - ordered[place - 1] <= GAP_S:
        place -= 1
    return ordered[place]


def lasts(still_missing: int, peak: int) -> bool:
    return still_missing >= max(2, LASTS_SHARE * peak)


def count(everybody: Iterable[frozenset[Cause]]) -> Counter[Cause]:
    return Counter(cause for causes in everybody for cause in causes)


def _best(left: Sequence[Missing], population: Mapping[Cause, int], total: int) -> Cause | None:
    if len(left) < MIN_MEMBERS:
        return None
    if len(left) >= EVERYONE_SHARE * total and _together([one.since for one in left]) >= MIN_MEMBERS:
        return EVERYONE
    since: defaultdict[Cause, list[int]] = defaultdict(list)
    for one in left:
        for cause in one.causes:
            since[cause].append(one.since)
    good = [cause for cause, times in since.items() if _holds(times, population.get(cause, 0), len(left), total)]

    def order(cause: Cause) -> tuple[int, int, int, str]:
        silent, have = len(since[cause]), population.get(cause, 0)
        return max(have - silent, 0) - silent, have, KINDS.index(cause.kind), cause.value

    return min(good, key=order, default=None)


def _holds(times: Sequence[int], have: int, missing: int, total: int) -> bool:
    have = max(have, len(times))
    share = len(times) / have
    others, others_missing = total - have, missing - len(times)
    elsewhere = others_missing / others if others > 0 else 0.0
    return _together(times) >= MIN_MEMBERS and share >= MIN_SHARE and share >= LIFT * elsewhere


def _together(times: Sequence[int]) -> int:
    """The most of them within WINDOW_S."""
    ordered = sorted(times)
    return max((_within(ordered, place) for place in range(len(ordered))), default=0)


def _within(ordered: Sequence[int], place: int) -> int:
    """How many there are from this one on within WINDOW_S."""
    return bisect_right(ordered, ordered[place] + WINDOW_S) - place
