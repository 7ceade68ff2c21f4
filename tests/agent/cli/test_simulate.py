"""`posagent simulate` as people and scripts call it."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.cli import main
from modem.simulator import scenario_names


@contextmanager
def _running(*words: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "agent.cli", "simulate", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    assert select.select([process.stdout], [], [], 20.0)[0]
    return process.stdout.readline().strip()


def _ask(device: str, command: bytes) -> bytes:
    descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY)
    os.write(descriptor, command)
    heard = b""
    while b"OK" not in heard and select.select([descriptor], [], [], 5.0)[0]:
        heard += os.read(descriptor, 4096)
    os.close(descriptor)
    return heard


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_it_is_told_to_stop_and_leaves_no_link(tmp_path: Path, number: signal.Signals) -> None:
    link = tmp_path / "modem"
    with _running("sim-pin", "--link", str(link), "--trace") as process:
        assert _first_line(process) == str(link)
        assert b"+CPIN: SIM PIN" in _ask(str(link), b"AT+CPIN?\r")
        process.send_signal(number)
        _, trace = process.communicate(timeout=60)
        assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []
    assert "> AT+CPIN?\\x0d" in trace


def test_it_ends_by_itself_and_says_the_device_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "healthy-lte", "--for", "0", "--json", "--link", str(tmp_path / "m")]) == 0
    assert json.loads(capsys.readouterr().out) == {"device": str(tmp_path / "m")}
    assert list(tmp_path.iterdir()) == []


def test_the_list_names_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--list"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in scenario_names())
    assert main(["simulate", "--list", "--json"]) == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)] == list(scenario_names())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--list"),
        (["nothing"], "healthy-lte"),
        (["gone.toml"], "gone.toml: No such file"),
        (["healthy-lte", "--speed", "0"], "--speed"),
        (["healthy-lte", "--speed", "nan"], "--speed"),
        (["healthy-lte", "--for", "-1"], "--for"),
        (["healthy-lte", "--for", "inf"], "--for"),
        (["healthy-lte", "--link", "/nowhere/at/all"], "No such file"),
    ],
)
def test_wrong_usage_is_one_line_that_helps(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *words]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1
    assert shown.out == ""


def test_a_hostile_file_name_is_shown_safely(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "\x1b[2J.toml"]) == 2
    assert "\x1b" not in capsys.readouterr().err
