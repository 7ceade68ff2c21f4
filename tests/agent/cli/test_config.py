"""`posagent config`."""

import json
from pathlib import Path

import pytest

from agent.cli import main


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "c.toml"
    path.write_text("[sample]\nlight_s = 0\n")
    return path


def test_a_mistake_is_told_with_its_place(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check", "--config", str(wrong)]) == 10
    assert f"{wrong}:2: sample.light_s: found 0; allowed: a whole number, 1 to 3600" in capsys.readouterr().err


def test_programs_get_the_place_in_parts(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "check", "--json", "--config", str(wrong)]) == 10
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["line"], error["key"]) == ("config", 2, "sample.light_s")


def test_good_settings_are_said_to_be_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.toml"
    path.write_text("")
    assert main(["config", "check", "--config", str(path), "--lang", "zh"]) == 0
    assert "配置有效" in capsys.readouterr().out


def test_what_is_shown_can_be_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.toml"
    path.write_text("[terminal]\nname = '店 \"1\"'\n[probe]\npayment_hosts = ['a:1', 'b:2']\n")
    assert main(["config", "show", "--config", str(path)]) == 0
    shown = tmp_path / "shown.toml"
    shown.write_text(capsys.readouterr().out)
    assert main(["config", "show", "--json", "--config", str(shown)]) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(["config", "show", "--json", "--config", str(path)]) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert first["terminal"]["name"] == '店 "1"'


def test_init_writes_a_file_that_is_valid_and_never_overwrites(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "new.toml"
    assert main(["config", "init", "--output", str(path)]) == 0
    assert main(["config", "check", "--config", str(path)]) == 0
    assert main(["config", "init", "--output", str(path)]) == 2
    capsys.readouterr()
