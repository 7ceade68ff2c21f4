"""Conditions over time: hysteresis, stale evidence, masking. Pure: time comes in, and nothing is read from outside.

- A condition flips only when every look of a whole delay that could tell said the same: raising and clearing are both
  delayed (conditions.py). One look the other way starts the delay anew.
- A look that cannot tell (None) flips nothing; it marks the evidence as stale.
- A change is dated when it began, not when it was believed.
- The delays keep "ok" standing through a flicker; they do not make it. After trouble, or at the start, "ok" is said
  only once no error waits to be believed.
- The monotonic clock starts anew with the machine, so `dump` keeps how long a wish has lasted; the time without power
  does not count.
"""

import math
from collections.abc import Mapping
from dataclasses import field, replace
from typing import Any

from agent.assess.answer import Answer, Limits, shown, signs
from agent.assess.base import Assessment, Severity, Verdict
from agent.assess.conditions import CATALOGUE
from agent.assess.diagnosis import Active, Well, conclude, well
from agent.assess.rules import RULES, judge
from agent.sample.base import Evidence, EvidenceSource, Snapshot
from modem.frozen import dataclass

DUMP_VERSION = 1
MAX_KEPT_EVIDENCE = 8
UNSURE_AFTER_S = 120.0
"""So long an essential fact may be missing before the board stops saying what it last knew."""
_SOURCES: Mapping[str, EvidenceSource] = {
    "at": "at",
    "urc": "urc",
    "modemmanager": "modemmanager",
    "kernel": "kernel",
    "probe": "probe",
    "config": "config",
    "message": "message",
    "ledger": "ledger",
    "centre": "centre",
    "clock": "clock",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A condition began or ended to hold."""

    code: str
    severity: Severity
    holds: bool
    at: float
    """Wall seconds when it began or ended, as far as the clock could be trusted then."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(slots=True)
class _Held:
    bad: bool = False
    wish: bool = False
    lasted_s: float = 0.0
    """How long the wish had lasted at the last look."""
    wish_wall: float = 0.0
    since_wall: float | None = None
    """Wall seconds since when `bad` holds; None while it does not."""
    evidence: tuple[Evidence, ...] = ()
    signs: int = 1
    stale: bool = True
    known: bool = False
    """Some look could tell: without one, a condition that does not hold is not ruled out."""


@dataclass(slots=True)
class Board:
    """One terminal's conditions. `observe` each snapshot, ask for the `assessment` at any time."""

    limits: Limits = field(default_factory=Limits)
    _held: dict[str, _Held] = field(default_factory=lambda: {code: _Held() for code in RULES})
    _looked_at: float | None = None
    _otherwise: Well = field(default_factory=lambda: Well("modem", "low"))
    _gap_s: float = 0.0
    _well: bool = False
    """"ok" was earned by a look that found nothing, and stands."""
    _found: Assessment | None = None
    """What was concluded after the last look."""

    def observe(self, snapshot: Snapshot, now_monotonic: float, now_wall: float) -> list[Change]:
        """Take one look in; the changes it brought, in the catalogue's order."""
        passed = 0.0 if self._looked_at is None else max(0.0, now_monotonic - self._looked_at)
        self._looked_at = now_monotonic
        self._note_gap(well(snapshot), passed)
        answers = judge(snapshot, self.limits)
        taken = [self._take(code, answer, snapshot, passed, now_wall) for code, answer in answers.items()]
        self._found = self._concluded()
        self._well = self._found.verdict.code == "ok" and (self._well or not self._waiting())
        return [change for change in taken if change is not None]

    def assessment(self) -> Assessment:
        """What holds by now, its root cause and its consequences."""
        found = self._found or self._concluded()
        if found.verdict.code == "ok" and not self._well:
            return replace(found, verdict=Verdict("unsure", "low"))
        return found

    def _waiting(self) -> bool:
        """An error was seen, and its delay is not over yet."""
        return any(
            held.wish and not held.bad and CATALOGUE[code].severity == "error" for code, held in self._held.items()
        )

    def _concluded(self) -> Assessment:
        active = {
            code: Active(held.evidence, held.signs, held.since_wall, held.stale)
            for code, held in self._held.items()
            if held.bad
        }
        denied = [code for code, held in self._held.items() if held.known and not (held.bad or held.stale or held.wish)]
        return conclude(active, denied, self._otherwise)

    def _note_gap(self, now: Well, passed: float) -> None:
        """One look that could not tell is no reason to be unsure."""
        self._gap_s = self._gap_s + passed if now.gap is not None and self._otherwise.gap is None else 0.0
        if now.gap is None or self._otherwise.gap is not None or self._gap_s >= UNSURE_AFTER_S:
            self._otherwise = now

    def _take(self, code: str, answer: Answer, snapshot: Snapshot, passed: float, now_wall: float) -> Change | None:
        held = self._held[code]
        held.stale = answer.holds is None
        held.lasted_s += passed
        if answer.holds is None:
            return None
        held.known = True
        if answer.holds != held.wish:
            held.wish, held.lasted_s, held.wish_wall = answer.holds, 0.0, now_wall
        if answer.holds:
            held.evidence = shown(code, snapshot, answer)[:MAX_KEPT_EVIDENCE]
            held.signs = signs(snapshot, answer.support)
        return self._flip(code, held) if held.wish != held.bad and held.lasted_s >= _delay(code, held) else None

    def _flip(self, code: str, held: _Held) -> Change:
        held.bad = held.wish
        held.since_wall = held.wish_wall if held.bad else None
        return Change(code, CATALOGUE[code].severity, held.bad, held.wish_wall, held.evidence)

    def dump(self) -> dict[str, Any]:
        """What must survive a restart, as plain JSON values; only conditions that hold or are on their way."""
        kept = {code: _dumped(held) for code, held in self._held.items() if held.bad or held.wish}
        return {"version": DUMP_VERSION, "conditions": kept, "well": self._well}

    def restore(self, state: object) -> None:
        """Take a dump in. What cannot be read is left out: a damaged file costs memory of the past, nothing else."""
        conditions = (
            state.get("conditions") if isinstance(state, dict) and state.get("version") == DUMP_VERSION else None
        )
        if not isinstance(conditions, dict) or not isinstance(state, dict):
            return
        self._well, self._found = state.get("well") is True, None
        for code, values in conditions.items():
            held = _restored(values)
            if code in self._held and held is not None:
                self._held[code] = held


def _delay(code: str, held: _Held) -> float:
    condition = CATALOGUE[code]
    return condition.raise_after_s if held.wish else condition.clear_after_s


def _dumped(held: _Held) -> dict[str, Any]:
    return {
        "bad": held.bad,
        "wish": held.wish,
        "lasted_s": held.lasted_s,
        "wish_wall": held.wish_wall,
        "since_wall": held.since_wall,
        "signs": held.signs,
        "evidence": [[item.about, item.source, item.text, item.at] for item in held.evidence],
    }


def _restored(values: object) -> _Held | None:
    if not isinstance(values, dict):
        return None
    bad, wish = values.get("bad"), values.get("wish")
    lasted, wish_wall, since = (_number(values.get(key)) for key in ("lasted_s", "wish_wall", "since_wall"))
    if not isinstance(bad, bool) or not isinstance(wish, bool) or lasted is None or wish_wall is None:
        return None
    count = values.get("signs")
    return _Held(
        bad,
        wish,
        max(0.0, lasted),
        wish_wall,
        since if bad else None,
        _restored_evidence(values.get("evidence")),
        count if isinstance(count, int) and 0 < count < 100 else 1,
    )


def _restored_evidence(values: object) -> tuple[Evidence, ...]:
    rows = values if isinstance(values, list) else []
    found: list[Evidence] = []
    for row in rows[:MAX_KEPT_EVIDENCE]:
        match row:
            case [str(about), str(source), str(text), at] if source in _SOURCES:
                found.append(Evidence(about, _SOURCES[source], text, _number(at)))
            case _:
                continue
    return tuple(found)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
