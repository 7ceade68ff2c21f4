"""`make rig-test`: both packages on a Debian 12 that boots, treated badly. One line a check; exits 1 if one fails.

rig_story.py has the checks, rig_features.py those of what people configure, rig_rounds.py the kills, hangs and power
cuts, rig_tally.py counts, rig_machine.py is the machine. Real serial ports, udev, lost writes and a whole machine of
1970 need a virtual one: docs/packaging.md.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rig_features import Features
from rig_machine import Failed, Machine
from rig_story import Story

ROOT = Path(__file__).parents[1]
GIVE_UP = 3
"""Checks may fail before the rest is left out: they build on each other."""


def main() -> int:
    chosen = arguments()
    if not list(chosen.deb_dir.glob("posagent*_*.deb")):
        subprocess.run([ROOT / "scripts/make-deb"], check=True)
    debs = [max(chosen.deb_dir.glob(f"{name}_*.deb")) for name in ("posagent", "posagent-central")]
    began, machine = time.monotonic(), Machine(chosen.folder)
    story = Story(machine, debs, chosen.rounds)
    skipped = [word for word in chosen.skip.split(",") if word]
    checks = [check for check in all_checks(story) if not any(word in check.__name__ for word in skipped)]
    made = failed = 0
    try:
        while made < len(checks) and failed < GIVE_UP:
            failed += tell(checks[made])
            made += 1
    finally:
        machine.cut_power() if chosen.keep else machine.remove()
    print(f"{made} of {len(checks)} checks made, {failed} failed, {(time.monotonic() - began) / 60:.0f} min")
    return 1 if failed else 0


def all_checks(story: Story) -> list[Callable[[], str]]:
    """In their order: the features where all runs and nothing has been broken yet."""
    features = Features(story.at, story.tally)
    checks, more = (
        [getattr(one, name) for name in vars(type(one)) if not name.startswith("_")] for one in (story, features)
    )
    at = checks.index(story.kills_hangs_and_power_cuts)
    return checks[:at] + more + checks[at:]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rig-test", description="both packages on a real boot, treated badly")
    parser.add_argument(
        "--deb-dir", type=Path, default=ROOT / "dist", help="where the .debs are (else built: make deb)"
    )
    parser.add_argument(
        "--rounds", type=int, default=50, help="of kills, hangs and power cuts, at least three of these each (50)"
    )
    parser.add_argument(
        "--skip", default="", help="leave out checks whose name holds one of these words, comma-separated"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("/var/tmp/posagent-rig-test"), help="where machines are kept"
    )
    parser.add_argument("--keep", action="store_true", help="leave the machine's disk")
    return parser.parse_args()


def tell(check: Callable[[], str]) -> bool:
    """Runs it and says how it went; True if it failed."""
    began = time.monotonic()
    try:
        said, failed = check(), False
    except (Failed, OSError, subprocess.SubprocessError, ValueError, LookupError) as why:
        said, failed = f"{type(why).__name__}: {why}", True
    words = check.__name__.replace("_", " ")
    print(f"{'FAIL' if failed else 'ok  '}  {words:52} {time.monotonic() - began:6.1f} s  {said}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
