"""Relays of carriers forget a silent connection and tell nobody: probes keep it; without them no report is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_relay_that_forgets_costs_probes_or_a_reconnection_and_never_a_report() -> None:
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    inside = f"mount -t tmpfs tmpfs /run && exec {sys.executable} -m tests.fakes.forgetful_nat"
    command = ["unshare", *as_root, "--net", "--mount", "sh", "-c", inside]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["stored"] == [1, 2, 101, 102, 201, 202]
    probed, forgotten, tended = (told["lives"][name] for name in ("1", "60", "tended"))
    for kept in (probed, tended):
        assert kept["lost_s"] is None, "probed each second, the connection lives on"
        assert 0 < kept["meter"]["keep_alive"] < forgotten["meter"]["report"]
    assert forgotten["lost_s"] is not None, "the silence was too long, and is remembered"
    assert forgotten["meter"]["handshake"] > probed["meter"]["handshake"]
