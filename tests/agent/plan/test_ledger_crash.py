"""The ledger and kill -9: what was flushed is there, nothing is counted twice, the file is whole."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random

import pytest

from agent.plan.ledger import Ledger

ALWAYS = (date(1971, 1, 1), date(2199, 12, 31))
NOON = 1_795_147_200.0
WRITER = """
import sys
from pathlib import Path
from agent.plan.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
total = int(sys.argv[2])
for step in range(100_000):
    ledger.observe("interface", "if3", total, 0, 1_795_147_200.0 + step, 1000.0 + step, "b")
    ledger.flush()
    print(total, flush=True)
    total += 100
"""


def write_until_killed(path: Path, begin: int, lines: int) -> int:
    """Run a writer, kill it after `lines` flushes; the last total that it said was flushed."""
    command = [sys.executable, "-c", WRITER, str(path), str(begin)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        last = begin
        for _ in range(lines):
            last = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        said = writer.stdout.read().split("\n")
    whole = [int(line) for line in said[:-1] if line]
    return whole[-1] if whole else last


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_the_ledger_has_what_was_flushed_and_goes_on(tmp_path: Path, seed: int) -> None:
    path, random = tmp_path / "ledger.db", Random(seed)
    flushed = 0
    for _ in range(3):
        flushed = write_until_killed(path, flushed, random.randint(1, 60))
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with closing(Ledger(path)) as ledger:
            assert ledger.problem is None
            used = ledger.usage(ALWAYS).used_bytes
            assert used in (flushed, flushed + 100)
            ledger.observe("interface", "if3", flushed + 100, 0, NOON, 1000.0, "b")
            assert ledger.usage(ALWAYS).used_bytes == flushed + 100
        flushed += 100
