"""Scenarios: a virtual modem and a real network namespace, one thing broken (or two), through `posagent diag --json`.

python bench/scenarios/run.py [NAME…] [--jobs N] [--kind single|double|healthy] [--verbose]

Needs Linux, iproute2 and util-linux, and either root or permission to make user namespaces; touches nothing outside
of the namespaces it makes. Prints what was said for what was broken; exit code 1 when a single fault or a healthy
terminal was judged wrongly, 4 when no namespaces can be made here.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]
LIMIT_S = 120.0
MUST = ("single", "healthy")


@dataclass(frozen=True)
class Played:
    scenario: Mapping[str, Any]
    said: str
    """The verdict's code, or why there is none."""
    confidence: str
    took_s: float
    cost_bytes: int
    """As the report says."""
    wire_bytes: int
    """As the interface counted."""
    report: Mapping[str, Any] | None
    trouble: str = ""

    @property
    def name(self) -> str:
        return str(self.scenario["name"])

    @property
    def expected(self) -> tuple[str, ...]:
        return (str(self.scenario["expect"]), *self.scenario.get("or", ()))

    @property
    def right(self) -> bool:
        found = {finding["code"] for finding in self.report["findings"]} if self.report else set()
        return self.said in self.expected and found.issuperset(self.scenario.get("finds", ()))


def namespaces() -> list[str] | None:
    """The command in front that makes them; None when neither way is allowed here."""
    ways = [["unshare", "--user", "--map-root-user", "--net", "--mount"]]
    if os.geteuid() == 0:
        ways.append(["unshare", "--net", "--mount"])
    for way in ways:
        probe = ["ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"]
        try:
            if subprocess.run([*way, *probe], capture_output=True, timeout=10, check=False).returncode == 0:
                return way
        except (OSError, subprocess.TimeoutExpired):
            continue
    return None


def play(scenario: Mapping[str, Any], way: Sequence[str]) -> Played:
    command = [*way, sys.executable, str(HERE / "world.py"), str(scenario["name"])]
    try:
        told, trouble = _ended(command)
        result = json.loads(told)
    except subprocess.TimeoutExpired:
        return Played(scenario, "(hangs)", "", LIMIT_S, 0, 0, None)
    except ValueError:
        return Played(scenario, "(no world)", "", 0.0, 0, 0, None, trouble[-2000:])
    report = result["report"]
    if report is None:
        return Played(scenario, f"(exit {result['exit']})", "", result["took_s"], 0, 0, None, result["said"][-2000:])
    verdict = report["verdict"]
    cost, wire = int(report["data_cost_bytes"]), int(result["wire_bytes"])
    return Played(scenario, verdict["code"], verdict["confidence"], result["took_s"], cost, wire, report)


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


def play_all(chosen: Iterable[Mapping[str, Any]], way: Sequence[str], jobs: int) -> list[Played]:
    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(lambda scenario: play(scenario, way), chosen))


def matrix(played: Sequence[Played]) -> list[str]:
    """Expected code → what was said, with counts; only what was seen has a line."""
    seen = Counter((one.scenario["expect"], one.said) for one in played)
    lines = [f"{'expected':28} {'said':28} count"]
    for (expected, said), count in sorted(seen.items()):
        mark = "" if expected == said else "  <"
        lines.append(f"{expected:28} {said:28} {count:5}{mark}")
    return lines


def summary(played: Sequence[Played], took_s: float) -> list[str]:
    lines = []
    for kind in ("single", "double", "healthy"):
        of = [one for one in played if one.scenario["kind"] == kind]
        if of:
            lines.append(f"{kind:8} {sum(one.right for one in of)} of {len(of)} right")
    slowest = max(played, key=lambda one: one.took_s)
    dearest = max(played, key=lambda one: one.cost_bytes)
    lines.append(f"slowest  {slowest.took_s:.1f} s ({slowest.name}); dearest {dearest.cost_bytes} B ({dearest.name})")
    lines.append(f"took     {took_s:.0f} s")
    return lines


def _line(one: Played) -> str:
    mark = "ok " if one.right else "BAD"
    wanted = "" if one.right else f"  expected {' or '.join(one.expected)}"
    took = f"{one.took_s:5.1f} s {one.cost_bytes:5} of {one.wire_bytes:5} B"
    return f"{mark} {one.name:44} {one.said:26} {one.confidence:7}{took}{wanted}"


def _details(one: Played) -> list[str]:
    if one.report is None:
        return [f"    {line}" for line in one.trouble.splitlines()[-8:]]
    findings = [f"    {f['code']} root={f['root']}: {' | '.join(f['evidence'])}" for f in one.report["findings"]]
    reach = [f"    {r['target']}: {r['ok']} {r['detail']}" for r in one.report["reach"]]
    return findings + reach


def main() -> int:
    from world import scenarios  # the simulator is loaded with it

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only scenarios that begin so")
    parser.add_argument("--kind", choices=("single", "double", "healthy"))
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--verbose", action="store_true", help="every scenario with its findings")
    options = parser.parse_args()
    way = namespaces()
    if way is None:
        print("no network namespaces can be made here: run as root, or allow user namespaces", file=sys.stderr)
        return 4
    chosen = [one for one in scenarios().values() if options.kind in (None, one["kind"])]
    chosen = [one for one in chosen if not options.names or one["name"].startswith(tuple(options.names))]
    if shutil.which("faketime") is None and any("clock" in one for one in chosen):
        print("those with a clock of their own are left out: they need faketime", file=sys.stderr)
        chosen = [one for one in chosen if "clock" not in one]
    begun = time.monotonic()
    played = play_all(chosen, way, options.jobs)
    for one in played:
        print(_line(one))
        if options.verbose or not one.right:
            print("\n".join(_details(one)))
    print("", *matrix(played), "", *summary(played, time.monotonic() - begun), sep="\n")
    return 1 if any(not one.right for one in played if one.scenario["kind"] in MUST) else 0


if __name__ == "__main__":
    sys.exit(main())
