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


def hunted(folder: Path, tests: str, planted: str = PLANTED) -> subprocess.CompletedProcess[str]:
    (folder / "planted.py").write_text(planted)
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


def test_a_function_that_ran_as_another_module_was_loaded_is_tried_there_too(tmp_path: Path) -> None:
    planted = "def full(words: list[str]) -> list[str]:\n    return [word for word in words if word]\n"
    (tmp_path / "keeper.py").write_text('from planted import full\n\nWORDS = full(["one", ""])\n')
    test = 'from keeper import WORDS\n\n\ndef test_words() -> None:\n    assert WORDS == ["one"]\n'
    done = hunted(tmp_path, test, planted)
    assert "| `planted.py` | 1 | 1 | 1 | 0 | 0 |\n" in done.stdout, done.stderr


def test_a_spelling_that_no_test_tries_is_found(tmp_path: Path) -> None:
    planted = "def is_on(word: str) -> bool:\n    return word.upper() == 'ON'\n"
    test = "from planted import is_on\n\n\ndef test_on() -> None:\n    assert is_on('ON')\n"
    assert "is_on: drop .upper of word.upper()" in hunted(tmp_path, test, planted).stdout
    assert "| `planted.py` | 1 | 1 | 1 | 0 | 0 |" in hunted(tmp_path, test + "    assert is_on('on')\n", planted).stdout


def test_every_accepted_survivor_exists_and_says_why() -> None:
    assert stale() == []
    assert all(len(why) > 20 for why in accepted().values())
