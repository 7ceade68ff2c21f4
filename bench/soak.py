"""A terminal's days at full speed: what grows?

    python -m bench.soak [--hours 24] [--no-centre]

The real daemon with a virtual modem on a pty, a real centre, recovery rehearsed, hooks, metrics, leases and clients of
its socket; idle time is skipped (tests/fakes/fast_day.py). A line for each hour, then the slopes over the second half,
by least squares. Daemon and virtual modem share the process, so memory is of both together, and the C library's heap
is set as systemd/posagent.service sets it: with one heap for each thread, as by default, holes make the process 45 kB
larger an hour while nothing more is alive in it. Ends with 1 if threads or open files grew, Python's live blocks by
more than 100 an hour (of some 170,000), or memory by more than 25 kB.
"""

import argparse
import os
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import astuple, fields
from pathlib import Path

from tests.fakes.centre_process import CentreProcess
from tests.fakes.fast_day import Figures, fast_day

MAX_SLOPE_KB = 25.0
"""Of some 42,000. Seen: 2 to 7 kB an hour over the second half of one day, 2 on the third: holes that fill."""
MAX_SLOPE_BLOCKS = 100.0
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
    memory, blocks = slope(flat, lambda one: one.memory_kb), slope(flat, lambda one: one.blocks)
    threads, files = slope(flat, lambda one: one.threads), slope(flat, lambda one: one.files)
    print(
        f"an hour: memory {memory:+.1f} kB, live blocks {blocks:+.1f}, threads {threads:+.3f}, open files {files:+.3f}"
    )
    grew = memory > MAX_SLOPE_KB or blocks > MAX_SLOPE_BLOCKS
    return int(grew or flat[-1].threads > flat[0].threads or flat[-1].files > flat[0].files)


def slope(told: list[Figures], figure: Callable[[Figures], int]) -> float:
    """Of `figure` by the hour."""
    if len(told) < 2:
        return 0.0
    return statistics.linear_regression(range(len(told)), [figure(one) for one in told]).slope


if __name__ == "__main__":
    sys.exit(main())
