"""bench/mutants.py can fail, and what it accepts exists."""

import os
import subprocess
import sys
from pathlib import Path

from bench.mutants_sites import accepted, stale

ROOT = Path(__file__).parents[2]
PLANTED = """
WORDS = {"one": 1, "two": 2}


def number(word: str) -> int | None:
    return WORDS[word] if word in WORDS else None
"""
TESTS = """
from planted import number


def test_one() -> None:
    assert number("one") == 1
    assert number("three") is None
"""


def hunted(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    (folder / "planted.py").write_text(PLANTED)
    (folder / "test_planted.py").write_text(tests)
    command = [sys.executable, "-m", "bench.mutants", "planted.py", "--tests", "test_planted.py"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_row_that_no_test_needs_is_found(tmp_path: Path) -> None:
    done = hunted(tmp_path, TESTS)
    assert "planted.py:2: drop row 'two'\n" in done.stdout, done.stderr
    assert "| `planted.py` | 4 | 4 | 3 | 1 | 0 |\n" in done.stdout
    assert done.returncode == 1


def test_nothing_is_found_where_each_row_has_a_test(tmp_path: Path) -> None:
    done = hunted(tmp_path, TESTS + '    assert number("two") == 2\n')
    assert "| `planted.py` | 4 | 4 | 4 | 0 | 0 |\n" in done.stdout, done.stderr
    assert done.returncode == 0


def test_every_accepted_survivor_exists_and_says_why() -> None:
    assert stale() == []
    assert all(len(why) > 20 for why in accepted().values())
