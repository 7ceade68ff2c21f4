"""What recovery remembers over reboots and power cuts: attempts, what cured what, and how long the agent has run.

Time here is running time: seconds that the agent has run since this file was born, whatever the clock says. It is
written with every change and at a clean stop; what a power cut loses of it only makes budgets stricter. An attempt is
on the disk before it is made; where the disk refuses, it is not made. A file that cannot be read counts as a day full
of attempts: who damaged the memory has not earned a fresh budget.
"""

import json
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from agent.log import logger
from agent.state import replace_file
from modem.frozen import dataclass

Rung = Literal["reattach", "pdp_cycle", "radio_cycle", "modem_reset", "usb_reset", "power", "ask", "reboot"]
"""The ladder, the gentlest first. `power`: by a command of the owner's; `ask`: a person is asked to do it."""
Outcome = Literal["begun", "failed", "cured", "not_cured", "interrupted"]
"""`begun`: made, and not judged yet; `failed`: could not be made; `interrupted`: the power went, or the agent ended."""

VERSION = 1
MAX_BYTES = 256 * 1024
MAX_ATTEMPTS = 400
MAX_SCORES = 200
KEEP_S = 2 * 86_400.0
"""Attempts are kept for longer than any budget looks back."""
PAUSE_S = 86_400.0
"""After damage."""


@dataclass(frozen=True, slots=True)
class Attempt:
    rung: Rung
    code: str
    """The verdict it was made for."""
    at: float
    """Running time of its beginning."""
    outcome: Outcome = "begun"
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Memory:
    attempts: tuple[Attempt, ...] = ()
    """The oldest first."""
    scores: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """"code rung" → how often it was tried, and how often that cured."""
    well_at: float = -1.0
    """Running time when all was well last."""
    run_s: float = 0.0
    blocked_until: float = 0.0
    """Running time before which nothing is done: the memory was damaged."""
    usb: str = ""
    """Where the modem was last, "1-1.2": needed when it is gone."""

    def score(self, code: str, rung: Rung) -> tuple[int, int]:
        return self.scores.get(f"{code} {rung}", (0, 0))

    def made(self, *, dry_run: bool) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.dry_run == dry_run]

    @property
    def open(self) -> Attempt | None:
        """The attempt that is not judged yet."""
        last = self.attempts[-1] if self.attempts else None
        return last if last and last.outcome == "begun" else None

    def begin(self, rung: Rung, code: str, now: float, *, dry_run: bool) -> "Memory":
        kept = [attempt for attempt in self.attempts if now - attempt.at < KEEP_S][-MAX_ATTEMPTS + 1 :]
        return replace(self, attempts=(*kept, Attempt(rung, code, now, "begun", dry_run)), run_s=now)

    def end(self, outcome: Outcome, now: float) -> "Memory":
        """Judge the open attempt. A cure is learned, a failure too; a rehearsal teaches nothing."""
        last = self.open
        if last is None:
            return self
        judged = replace(self, attempts=(*self.attempts[:-1], replace(last, outcome=outcome)), run_s=now)
        if last.dry_run or outcome == "interrupted":
            return judged
        tries, cures = self.score(last.code, last.rung)
        scores = dict(self.scores)
        if len(scores) < MAX_SCORES or f"{last.code} {last.rung}" in scores:
            scores[f"{last.code} {last.rung}"] = (tries + 1, cures + (outcome == "cured"))
        return replace(judged, scores=scores)


def load(path: Path) -> Memory:
    """Never raises. No file: a new memory; not even its folder: a disk that is not there, and may come back."""
    try:
        with path.open("rb") as file:
            return _read(json.loads(file.read(MAX_BYTES)))
    except FileNotFoundError:
        if path.parent.is_dir():
            return Memory()
        logger("recovery").error("the folder of its memory is missing: a day's pause", path=str(path.parent))
        return Memory(blocked_until=PAUSE_S)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        logger("recovery").error("what was done before cannot be read: a day's pause", why=str(error))
        return Memory(blocked_until=PAUSE_S)


def save(path: Path, memory: Memory) -> bool:
    """Durable when it returns True."""
    said = {
        "version": VERSION,
        "run_s": round(memory.run_s, 1),
        "well_at": round(memory.well_at, 1),
        "blocked_until": memory.blocked_until,
        "usb": memory.usb,
        "attempts": [[one.rung, one.code, round(one.at, 1), one.outcome, one.dry_run] for one in memory.attempts],
        "scores": {name: list(score) for name, score in memory.scores.items()},
    }
    try:
        replace_file(path, json.dumps(said), durable=True)
    except OSError as error:
        logger("recovery").error("cannot write", why=str(error))
        return False
    return True


def _read(said: Any) -> Memory:
    if said["version"] != VERSION:
        raise ValueError(f"version {said['version']!r}")
    run_s = _figure(said["run_s"])
    attempts = tuple(  # none is younger than the file: one that is would hold everything up until its time has come
        Attempt(
            _one_of(rung, Rung), str(code)[:80], min(run_s, _figure(at)), _one_of(outcome, Outcome), dry_run is True
        )
        for rung, code, at, outcome, dry_run in said["attempts"][-MAX_ATTEMPTS:]
    )
    scores = {
        str(name)[:80]: (int(tries), int(cures)) for name, (tries, cures) in list(said["scores"].items())[:MAX_SCORES]
    }
    return Memory(
        attempts,
        scores,
        min(run_s, _figure(said["well_at"])),
        run_s,
        min(run_s + PAUSE_S, _figure(said["blocked_until"])),
        str(said["usb"])[:40],
    )


def _one_of(value: object, kind: Any) -> Any:
    if value not in get_args(kind):
        raise ValueError(f"{value!r}")
    return value


def _figure(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
        raise ValueError(f"{value!r} is no time")
    return float(value)
