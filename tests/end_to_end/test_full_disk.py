"""The disk is filled to the last byte under a running daemon: nothing is lost, the trouble is told, and it passes."""

import json
import os
import subprocess
import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_full_disk_loses_nothing_is_told_and_is_over_when_there_is_room() -> None:
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", *as_root, "--mount", sys.executable, "-m", "tests.fakes.full_disk"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["exit"] == 0
    lives = {epoch: [seq for _, seq in keys] for epoch, keys in groupby(told["keys"], key=lambda key: key[0])}
    assert len(lives) == 3, "the disk, memory, the disk again"
    for epoch, seqs in lives.items():
        assert seqs == list(range(seqs[0], seqs[0] + len(seqs))), f"something of epoch {epoch} is missing: {told}"
    assert all(lives[epoch][0] == 1 for epoch in (1, 2))
