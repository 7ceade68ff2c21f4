"""How the agent itself is: memory, threads, open files, the modem's line; for status, metrics and the daily report."""

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agent.sample.kernel import text_of

Json = dict[str, Any]
LEVELS = frozenset({"memory_kb", "threads", "files"})
"""What goes up and down; the rest is counted."""
Figures = Mapping[str, int]
"""Of the modem's line since the start: exchanges, expiries, restarts …"""


def care(line: Json, at: Figures, recovery: Json | None, hooks: Json | None, proc: Path = Path("/proc/self")) -> Json:
    """Counts since the start of the process. What cannot be told is None."""
    told: Json = {
        "memory_kb": memory_kb(proc),
        "threads": threading.active_count(),
        "files": _entries(f"{proc}/fd"),
        "at": {name: at.get(name, 0) for name in ("exchanges", "expiries", "restarts")},
        "line": {name: line[name] for name in ("leases", "held_s", "refused", "overruns", "breaths", "postponed")},
    }
    if recovery is not None:
        told["steps"], told["cured"] = recovery["steps"], recovery["cured"]
    if hooks is not None:
        told["hooks"] = hooks
    return told


def grown(now: Json, before: Json) -> Json:
    """By how much the counts of `care` went up since `before`; those that did not are left out."""
    told: Json = {}
    for name, value in now.items():
        past = before.get(name)
        more: Json | int = 0
        if isinstance(value, dict):
            more = grown(value, past if isinstance(past, dict) else {})
        elif value is not None and name not in LEVELS:
            more = round(value - (past or 0))
        if more:
            told[name] = more
    return told


def memory_kb(proc: Path = Path("/proc/self")) -> int | None:
    """What of it is in memory now (RSS, with what it shares)."""
    try:
        pages = int(text_of(f"{proc}/statm").split()[1])
    except (ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024


def _entries(folder: str) -> int | None:
    try:
        return len(os.listdir(folder)) - 1  # noqa: PTH208 - one is the listing's own
    except OSError:
        return None
