"""The meter against the kernel's own interface counters, in a network namespace where nobody else sends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("way", "reports"), [("225", 40), ("0", 6), ("coap", 40)], ids=["kept", "a connection each", "coap"]
)
def test_what_is_counted_is_what_the_interface_saw_within_five_percent(way: str, reports: int) -> None:
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", *as_root, "--net", sys.executable, "-m", "tests.fakes.metered"]
    done = subprocess.run([*command, way, str(reports)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    counted = sum(amount for purpose, amount in told["meter"].items() if purpose != "name")  # hosts file: no packets
    assert abs(counted - told["interface"]) <= 0.05 * told["interface"], told
