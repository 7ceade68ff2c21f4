"""`posagent-central alert`."""

import json
from pathlib import Path

import pytest

from central.cli import main

PLAN = """
[[channel]]
name = "hook"
url = "http://127.0.0.1:9/hook"
secret = "0123456789abcdef"
[[rule]]
name = "all"
to = ["hook"]
"""


@pytest.fixture
def flags(tmp_path: Path) -> list[str]:
    (tmp_path / "alerts.toml").write_text(PLAN)
    (tmp_path / "config.toml").write_text(f'[alerts]\nalerts_file = "{tmp_path}/alerts.toml"\n')
    return ["--config", str(tmp_path / "config.toml"), "--database", str(tmp_path / "c.db")]


def test_check_tells_the_rules(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alert", "check", *flags]) == 0
    assert capsys.readouterr().out == "all: * from warning on, to hook\n"


def test_a_message_that_does_not_go_is_said(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alert", "test", "hook", "--json", *flags]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["sent"], "refused" in said["error"]) == (False, True)


def test_a_channel_nobody_knows_is_said(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alert", "test", "nobody", *flags]) == 1
    assert "no channel nobody" in capsys.readouterr().err


def test_the_log_of_nothing_is_empty(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alert", "log", *flags]) == 0
    assert capsys.readouterr().out == ""


def test_without_a_file_there_is_nothing_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alert", "check", "--database", str(tmp_path / "c.db")]) == 10
    assert "alerts_file" in capsys.readouterr().err


def test_a_plan_that_is_wrong_is_a_wrong_configuration(flags: list[str], tmp_path: Path) -> None:
    (tmp_path / "alerts.toml").write_text("[[channel]]\n")
    assert main(["alert", "check", *flags]) == 10
