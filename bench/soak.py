"""A terminal's days at full speed: what grows?

    python -m bench.soak [--hours 24] [--no-centre]

The real daemon with a virtual modem on a pty, a real centre, recovery rehearsed, hooks, metrics, leases and clients of
its socket; idle time is skipped (tests/fakes/fast_day.py). A line for each hour, then what grows over the second half:
by the hour, and between what and what in 95 of 100 such days. Daemon and virtual modem share the process, so memory is
of both together, and the C library's heap is set as systemd/posagent.service sets it: with one heap for each thread, as
by default, holes make the process 45 kB larger an hour while nothing more is alive in it. Ends with 1 if threads or
open files grew, or if one of these surely grew by more than its limit: Python's live blocks, the bytes alive in the C
library's heap, resident memory. What is alive is counted and says the same on a busy machine; resident memory does not.
"""

import argparse
import math
import os
import shlex
import statistics
import sys
import tempfile
import time
from dataclasses import astuple, dataclass, fields
from itertools import combinations
from pathlib import Path

from tests.fakes.centre_process import CentreProcess
from tests.fakes.fast_day import Figures, fast_day

LIMITS = {"memory_kb": 25.0, "heap_kb": 15.0, "blocks": 100.0}
"""An hour; of some 43,000, 10,000 and 170,000. The heap takes a page or two of SQLite's an hour until its caches are
full (512 kB each of outbox, ledger and plan), and nothing else: seen by counting its pieces by size and caller."""
ENOUGH_HOURS = 8
UNIT = Path(__file__).parents[1] / "systemd/posagent.service"
SHOWN = tuple(one.name for one in fields(Figures))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--no-centre", action="store_true")
    options = parser.parse_args()
    as_the_unit_does()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        centre = None if options.no_centre else CentreProcess(folder, flags=("--rate-per-minute", "0"))
        uplink = ""
        if centre:
            credential = centre.register("T1")
            centre.start()
            uplink = f'url = "{centre.url}"\ncredential_file = "{credential}"'
        try:
            told = soaked(folder, options.hours, uplink)
        finally:
            if centre:
                centre.stop()
    return verdict(told)


def as_the_unit_does() -> None:
    """Begins anew with the unit's environment, unless that is there: the C library reads it at its start."""
    lines = [line.partition("=")[2] for line in UNIT.read_text().splitlines() if line.startswith("Environment=")]
    wanted = dict(word.split("=", 1) for line in lines for word in shlex.split(line))
    if not wanted.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, "-m", "bench.soak", *sys.argv[1:]], os.environ | wanted)  # noqa: S606


def soaked(folder: Path, hours: int, uplink: str) -> list[Figures]:
    began, told = time.monotonic(), list[Figures]()
    print("hour " + " ".join(f"{name:>10}" for name in SHOWN))
    with fast_day(folder, hours, uplink) as day:
        for hour in range(1, hours + 1):
            day.hour()
            told.append(day.figures())
            print(f"{hour:4} " + " ".join(f"{value:>10}" for value in astuple(told[-1])), flush=True)
        print(
            f"{hours} h in {time.monotonic() - began:.0f} s; {day.asked} asked over the socket, {day.refused} refused"
        )
        assert not day.ended, "the daemon wanted to end"
    return told


def verdict(told: list[Figures]) -> int:
    flat = told[len(told) // 2 :]
    if len(flat) < ENOUGH_HOURS:
        print(f"fewer than {2 * ENOUGH_HOURS} hours: what grows slowly cannot be told")
        return 0
    grew = []
    for name, most in LIMITS.items():
        seen = trend([getattr(one, name) for one in flat])
        print(f"{name:10} {seen.middle:+8.1f} an hour ({seen.least:+.1f} to {seen.most:+.1f}, at most {most:g})")
        grew += [name] if seen.least > most else []
    grew += [name for name in ("threads", "files") if getattr(flat[-1], name) > getattr(flat[0], name)]
    print(f"grew: {', '.join(grew) or 'nothing'}")
    return int(bool(grew))


@dataclass(frozen=True)
class Trend:
    """By the hour."""

    middle: float
    least: float
    most: float


def trend(values: list[int]) -> Trend:
    """The median of the slopes between any two hours (Theil), and its range at 95 % (Sen, by Kendall's count).

    One step, as of a heap that takes its next page, does not turn it; a leak does.
    """
    slopes = sorted((b - a) / (j - i) for (i, a), (j, b) in combinations(enumerate(values), 2))
    count = len(values)
    spread = 1.96 * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    outer = max(0, int((len(slopes) - spread) / 2))
    return Trend(statistics.median(slopes), slopes[outer], slopes[-1 - outer])


if __name__ == "__main__":
    sys.exit(main())
