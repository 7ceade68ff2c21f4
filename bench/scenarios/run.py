"""Scenarios: a virtual modem and a real network namespace, one thing broken (or two), through `posagent diag --json`.

python bench/scenarios/run.py [NAME…] [--jobs N] [--kind single|double|healthy] [--patience N] [--verbose]

Needs Linux, iproute2 and util-linux, and either root or permission to make user namespaces; touches nothing outside
of the namespaces it makes. Prints what was said for what was broken, as it ends; exit code 1 when a single fault or a
healthy terminal was judged wrongly, 4 when no namespaces can be made here.

A machine that is busy answers late, and late looks like silent. So the patience of the program under test grows with
the load, and a wrong verdict on a machine that was seen to be late is no result: that one is played again, alone with
all its patience. One that is wrong on a machine that kept up is wrong.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from told import Played, details, line, matrix, summary  # noqa: E402

LIMIT_S = 300.0
"""For one world, setting up and all, on a machine that does much else."""
MUST = ("single", "healthy")
MOST_PATIENCE = 4.0
LATE_S = 0.1
"""Who waited so long for a processor may have missed an answer."""
MAX_TRIES = 3


def namespaces() -> list[str] | None:
    """The command in front that makes them; None when neither way is allowed here."""
    ways = [["unshare", "--user", "--map-root-user", "--net", "--mount"]]
    if os.geteuid() == 0:
        ways.append(["unshare", "--net", "--mount"])
    for way in ways:
        probe = ["ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"]
        try:
            if subprocess.run([*way, *probe], capture_output=True, timeout=30, check=False).returncode == 0:
                return way
        except (OSError, subprocess.TimeoutExpired):
            continue
    return None


def play(scenario: Mapping[str, Any], way: Sequence[str], patience: float | None = None) -> Played:
    """`patience`: by how much the program waits longer than the scenario says; None: as the load wants it."""
    factor = patience or min(MOST_PATIENCE, max(1.0, 1.5 * os.getloadavg()[0] / (os.cpu_count() or 1)))
    command = [*way, sys.executable, str(HERE / "world.py"), str(scenario["name"]), f"{factor:.2f}"]
    try:
        told, trouble = _ended(command)
        result = json.loads(told)
    except subprocess.TimeoutExpired:
        return Played(scenario, "(hangs)", took_s=LIMIT_S)
    except ValueError:
        return Played(scenario, "(no world)", trouble=trouble[-2000:])
    report, late = result["report"], float(result["late_s"])
    if report is None:
        trouble = str(result["said"])[-2000:]
        return Played(scenario, f"(exit {result['exit']})", took_s=result["took_s"], trouble=trouble, late_s=late)
    verdict = report["verdict"]
    return Played(
        scenario,
        verdict["code"],
        verdict["confidence"],
        result["took_s"],
        int(report["data_cost_bytes"]),
        int(result["wire_bytes"]),
        report,
        exit_code=result["exit"],
        late_s=late,
    )


def settle(scenario: Mapping[str, Any], way: Sequence[str], patience: float | None = None) -> Played:
    """Played until it is right, or until it was wrong on a machine that kept up."""
    one = play(scenario, way, patience)
    while not one.right and one.late_s > LATE_S and one.tries < MAX_TRIES:
        one = replace(play(scenario, way, MOST_PATIENCE), tries=one.tries + 1)
    return one


def _ended(command: Sequence[str]) -> tuple[str, str]:
    """What it printed. One that hangs goes with its whole family: an orphaned daemon would take the next one's port."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as world:
        try:
            return world.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(world.pid, signal.SIGKILL)
            raise


def play_all(
    chosen: Iterable[Mapping[str, Any]], way: Sequence[str], jobs: int, patience: float | None
) -> Iterator[Played]:
    """As they end."""
    with ThreadPoolExecutor(jobs) as pool:
        for future in as_completed([pool.submit(settle, scenario, way, patience) for scenario in chosen]):
            yield future.result()


def _chosen(options: argparse.Namespace) -> list[dict[str, Any]]:
    from world import scenarios  # the simulator is loaded with it

    chosen = [one for one in scenarios().values() if options.kind in (None, one["kind"])]
    chosen = [one for one in chosen if not options.names or one["name"].startswith(tuple(options.names))]
    if shutil.which("faketime") is None and any("clock" in one for one in chosen):
        print("those with a clock of their own are left out: they need faketime", file=sys.stderr)
        chosen = [one for one in chosen if "clock" not in one]
    return chosen


def main() -> int:
    from agent.assess.conditions import CATALOGUE

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only scenarios that begin so")
    parser.add_argument("--kind", choices=("single", "double", "healthy"))
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--patience", type=float, help="1 to 4; else as the load of this machine wants it")
    parser.add_argument("--verbose", action="store_true", help="every scenario with its findings")
    options = parser.parse_args()
    way = namespaces()
    if way is None:
        print("no network namespaces can be made here: run as root, or allow user namespaces", file=sys.stderr)
        return 4
    begun, chosen, played = time.monotonic(), _chosen(options), []
    for one in play_all(chosen, way, options.jobs, options.patience):
        played.append(one)
        print(f"[{len(played):3}/{len(chosen)}] {line(one)}", flush=True)
        if options.verbose or not one.right:
            print("\n".join(details(one)), flush=True)
    if not played:
        parser.error("no scenario begins so")
    print("", *matrix(played), "", *summary(played, tuple(CATALOGUE), time.monotonic() - begun), sep="\n")
    return 1 if any(not one.right for one in played if one.scenario["kind"] in MUST) else 0


if __name__ == "__main__":
    sys.exit(main())
