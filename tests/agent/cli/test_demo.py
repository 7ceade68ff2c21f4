"""`posagent demo`: the whole story with real children, and what happens when one of them dies."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from agent.cli.demo import end
from agent.cli.demo_scene import EVENING, NEXT_DAY, Calendar
from agent.cli.demo_words import WORDS
from tests.fakes.eventually import eventually

ROOT = Path(__file__).resolve().parents[3]
STORY = (
    "runs out on",
    "a fact of the plan: expires_on",
    "a reminder: ends on",
    "(plan.expired, before",
    "paid, 30.00 CNY",
    "the renewal's proof: pending",
    "proved, valid until",
)
"""What is told, in this order: usage → forecast → message → reminder → expiry → renewal at the centre → proved."""


def start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "agent.cli", "demo", *words],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def children(folder: Path) -> dict[int, str]:
    """Command lines of processes that work in `folder`."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:
            continue
        if str(folder) in line:
            found[int(path.parent.name)] = line
    return found


def the_agent(folder: Path) -> int | None:
    """Its process; what it has just begun itself looks the same for a moment, and came later."""
    pids = [pid for pid, line in children(folder).items() if "agent.cli run" in line]
    return min(pids, default=None)


def test_once_plays_to_the_end_and_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    told, errors = start(folder, "--once", "--speed", "4", "--json", "--lang", "en").communicate(timeout=600)
    terminal = json.loads(told)
    shown = (terminal["terminal"], terminal["status"], terminal["verdict"]["code"])
    assert shown == ("demo-pos-1", "up", "ok"), errors
    assert terminal["records"] > 10
    assert (terminal["renewal"]["state"], terminal["renewal"]["amount"]) == ("proved", "30.00")
    assert terminal["renewal"]["new_end"] == terminal["heartbeat"]["expires_on"]
    at = [errors.find(text) for text in STORY]
    assert at == sorted(at), errors
    assert -1 not in at, errors
    assert children(folder) == {}
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_being_interrupted_leaves_nothing_either(tmp_path: Path, number: signal.Signals) -> None:
    folder = tmp_path / "here"
    demo = start(folder)
    eventually(lambda: len(children(folder)) >= 2, "agent and centre run")
    demo.send_signal(number)
    demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert children(folder) == {}
    assert list(folder.iterdir()) == []


def test_a_child_that_dies_is_shown_with_the_end_of_its_log(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    demo = start(folder, "--lang", "en")
    os.kill(eventually(lambda: the_agent(folder), "the agent runs"), signal.SIGKILL)
    _, errors = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert "agent died (exit code -9)" in errors
    assert children(folder) == {}


def test_a_child_that_will_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.cli.demo.STOP_S", 0.2)
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert child.stdout
    child.stdout.readline()
    end(child)
    child.stdout.close()
    assert child.returncode == -signal.SIGKILL


def test_both_languages_are_told_the_same() -> None:
    fields = [[{name for _, name, _, _ in Formatter().parse(text) if name} for text in pair] for pair in WORDS.values()]
    assert all(chinese == english for chinese, english in fields)


@pytest.mark.parametrize("begins", [0, 1, 21_600, 43_200, 64_799, 64_800, 64_801, 86_399])
def test_midnight_comes_when_it_is_called_and_the_modem_keeps_the_day(tmp_path: Path, begins: int) -> None:
    calendar = Calendar(1_795_305_600 + begins)
    calendar.write(tmp_path)
    days = {}
    for name in (EVENING, NEXT_DAY):
        with (tmp_path / "zones" / name).open("rb") as file:
            zone = ZoneInfo.from_file(file)
        moments = [datetime.fromtimestamp(calendar.begins + hours * 3600, zone) for hours in (0, 5)]
        days[name] = {moment.date() for moment in moments}
    assert days == {EVENING: {calendar.last_day}, NEXT_DAY: {calendar.last_day + timedelta(days=1)}}
    for hours in (0, 5):
        assert calendar.modem_clock(calendar.begins + hours * 3600).startswith(calendar.last_day.isoformat())
    assert -48 <= calendar.quarters <= 56


def test_a_directory_of_an_earlier_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "central.db").write_text("earlier")
    demo = start(tmp_path / "x", "--state", str(tmp_path), "--lang", "en")
    _, errors = demo.communicate(timeout=60)
    assert demo.returncode == 1
    assert "earlier demo" in errors
    assert (tmp_path / "central.db").read_text() == "earlier"
