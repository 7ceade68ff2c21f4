"""Hooks: real commands, and what they can do to us, which is nothing."""

import json
import os
import sys
import threading
from pathlib import Path

import pytest

from agent import hooks
from agent.hooks import Hooks, HookSettings, Ran, run
from tests.fakes.eventually import eventually
from tests.fakes.no_threads import no_threads

FACTS = {"event": "verdict", "verdict": "plan.expired", "previous": "ok", "titles": {"zh": "已过期"}}


def shell(script: str) -> tuple[str, ...]:
    return ("/bin/sh", "-c", script)


def test_half_a_character_reaches_a_hook_as_json_spells_it() -> None:
    done = run(("/bin/cat",), {"text": "\ud800"}, 10)
    assert done.output == '{"text": "\\ud800"}'


def test_a_hook_gets_its_facts_as_json_and_as_variables(tmp_path: Path) -> None:
    told = tmp_path / "told"
    done = run(shell(f'cat > {told}; echo "$POSAGENT_VERDICT after $POSAGENT_PREVIOUS"'), FACTS, 10.0)
    assert done == Ran(0, "plan.expired after ok")
    assert json.loads(told.read_text()) == FACTS


def test_its_environment_is_fixed_and_nothing_of_ours_is_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET", "do not tell")
    with (tmp_path / "ours").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        script = (
            "import os, json; print(json.dumps([sorted(os.environ), sorted(os.listdir('/proc/self/fd')), os.getcwd()]))"
        )
        done = run((sys.executable, "-I", "-c", script), {"event": "verdict"}, 10.0)
    names, descriptors, folder = json.loads(done.output)
    assert set(names) <= {"PATH", "LANG", "HOME", "LC_CTYPE", "POSAGENT_EVENT"}
    assert descriptors == ["0", "1", "2", "3"], "the last is the listing itself"
    assert folder == "/"


def test_where_memory_runs_out_it_goes_before_us() -> None:
    assert (
        run(shell("until [ $(cat /proc/self/oom_score_adj) = 1000 ]; do :; done; echo yes"), {}, 30.0).output == "yes"
    )


def test_arguments_never_see_a_shell() -> None:
    assert run(("/bin/echo", "$(id); `id` && *"), {}, 10.0).output == "$(id); `id` && *"


def test_one_that_takes_too_long_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    child = tmp_path / "child"
    for patience in (0.5, 5.0, 50.0):  # a busy machine may not even have begun it by then
        done = run(shell(f"trap '' TERM; sleep 1000 & echo $! > {child}; wait; sleep 1000"), {}, patience)
        assert done.code is None
        assert "not over within" in done.why
        if child.exists() and child.read_text().strip():
            break
    number = child.read_text().strip()
    eventually(lambda: not _runs(number), "its child is gone too")


def test_what_one_leaves_behind_neither_delays_us_nor_stays(tmp_path: Path) -> None:
    child = tmp_path / "child"
    done = run(shell(f"sleep 1000 & echo $! > {child}; echo done"), {}, 60.0)
    assert done == Ran(0, "done")
    eventually(lambda: not _runs(child.read_text().strip()), "it is gone")


def test_output_without_end_is_read_and_dropped() -> None:
    done = run(shell("yes | head -c 3000000; exit 3"), FACTS, 30.0)
    assert done.code == 3
    assert len(done.output) <= hooks.MAX_TEXT


def test_one_that_cannot_be_started_says_why() -> None:
    for command in (("/nonexistent",), ("/etc/passwd",), ("a\0b",)):
        done = run(command, {}, 5.0)
        assert done.code is None
        assert done.why


def test_one_that_reads_nothing_is_no_trouble() -> None:
    assert run(shell("exec 0<&-; exit 0"), {"text": "x" * 100_000}, 10.0).ok


def test_only_the_newest_news_waits_while_one_runs_and_all_is_counted() -> None:
    told: list[str] = []
    first, go_on = threading.Event(), threading.Event()

    def slowly(command: tuple[str, ...], facts: dict[str, object], timeout_s: float) -> Ran:
        first.set()
        go_on.wait(60)
        told.append(str(facts["verdict"]))
        return Ran(None, why="not over within 1 s") if facts["verdict"] == "d" else Ran(0)

    made = Hooks(HookSettings(("x",)), slowly)
    made.tell("verdict", {"verdict": "a"})
    assert first.wait(60)
    for code in "bcd":
        made.tell("verdict", {"verdict": code})
    made.tell("recovery", {"verdict": "not asked for"})
    go_on.set()
    eventually(lambda: told == ["a", "d"], "the newest was told")
    eventually(lambda: made.told() == {"runs": 2, "failures": 1, "timeouts": 1, "dropped": 2}, "and all is counted")


def test_one_for_which_there_is_no_thread_is_counted_and_the_next_is_run() -> None:
    told: list[str] = []

    def quickly(_command: tuple[str, ...], facts: dict[str, object], _timeout_s: float) -> Ran:
        told.append(str(facts["verdict"]))
        return Ran(0)

    made = Hooks(HookSettings(("x",)), quickly)
    with no_threads():
        made.tell("verdict", {"verdict": "a"})
    made.tell("verdict", {"verdict": "b"})
    eventually(lambda: told == ["b"], "the next was told")
    eventually(lambda: made.told() == {"runs": 2, "failures": 1, "timeouts": 0, "dropped": 0}, "and both are counted")


def _runs(number: str) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
