"""`posagent-central` for who reads Chinese: help, complaints and results."""

import argparse
import json
from collections.abc import Iterator
from importlib import import_module
from keyword import iskeyword
from pathlib import Path

import pytest

from central.cli import COMMANDS, common, main
from central.words import cli as words

Capture = pytest.CaptureFixture[str]
NAMES = tuple(COMMANDS)


def run(*given: object) -> int:
    try:
        return main([str(word) for word in given])
    except SystemExit as done:
        return int(done.code or 0)


def texts(parser: argparse.ArgumentParser) -> Iterator[str]:
    if parser.description:
        yield parser.description
    yield from (group.title for group in parser._action_groups if group.title)
    for action in parser._actions:
        if action.help and action.help != argparse.SUPPRESS:
            yield action.help
        if isinstance(action, argparse._SubParsersAction):
            yield from (choice.help for choice in action._choices_actions if choice.help)
            for below in action.choices.values():
                yield from texts(below)


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_of_the_help_has_its_chinese(name: str) -> None:
    module = import_module(f"central.cli.{name.replace('-', '_')}{'_' * iskeyword(name)}")
    parser = argparse.ArgumentParser(description=module.HELP)
    module.arguments(parser)
    said = [COMMANDS[name], *module.EXITS.values(), *texts(parser)]
    assert [text for text in said if words.help_said(text) == text] == []


@pytest.mark.parametrize("name", NAMES)
def test_help_is_chinese_for_who_asks_for_it(name: str, capsys: Capture) -> None:
    assert run("--lang", "zh", name, "--help") == 0
    shown = capsys.readouterr().out
    assert ("用法：" in shown, "退出码：" in shown, "示例：" in shown) == (True, True, True)
    assert ("usage:" in shown, "exit codes:" in shown) == (False, False)


def test_the_locale_chooses_and_the_flag_wins(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert run("--help") == 0
    assert "接收上报" in capsys.readouterr().out
    assert run("serve", "--lang", "en", "--help") == 0
    assert "exit codes:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "缺少参数：COMMAND"),
        (["dance"], "没有 'dance'"),
        (["migrate", "--fast"], "不认识的参数：--fast"),
        (["enroll-code", "--terminal", "a b"], "终端编号不对：'a b'"),
        (["enroll-code", "--new", "--expires", "1y"], "实为 '1y'"),
        (["export", "x.pdf"], "x.pdf：文件名须以 .csv 或 .xlsx 结尾"),
    ],
)
def test_wrong_usage_is_said_in_chinese(given: list[str], said: str, capsys: Capture) -> None:
    assert run("--lang=zh", *given) == 2
    assert said in capsys.readouterr().err


def test_results_and_refusals_are_said_in_chinese(tmp_path: Path, capsys: Capture) -> None:
    there = ("--database", tmp_path / "central.db", "--lang", "zh")
    assert run("terminal", "add", "t-1", "--credential-file", tmp_path / "c", *there) == 0
    assert "的凭据已写入" in capsys.readouterr().out
    assert run("terminal", "revoke", "t-2", *there) == 1
    assert "没有这台终端" in capsys.readouterr().err
    (tmp_path / "in.csv").write_text("terminal,imei\nt-1,abc\n")
    assert run("import", tmp_path / "in.csv", *there) == 1
    shown = capsys.readouterr().out
    assert ("第 2 行：" in shown, "没有写入" in shown) == (True, True)


def test_a_setting_nobody_knows_is_said_in_chinese(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "c.toml").write_text("[server]\nlisen = 1\n")
    assert run("check", "--config", tmp_path / "c.toml", "--lang", "zh") == 10
    assert "没有这项设置，是否 listen？" in capsys.readouterr().err


def test_json_is_the_same_in_every_language(tmp_path: Path, capsys: Capture) -> None:
    there = ("terminal", "revoke", "t-2", "--json", "--database", tmp_path / "central.db")
    assert run(*there, "--lang", "en") == 1
    english = json.loads(capsys.readouterr().err)
    assert run(*there, "--lang", "zh") == 1
    assert json.loads(capsys.readouterr().err) == english


@pytest.mark.parametrize("words", [["--lang", "fr", "migrate", "--help"], ["migrate", "--lang"]])
def test_a_language_nobody_speaks_is_wrong_usage(words: list[str]) -> None:
    assert run(*words) == 2


def test_the_language_may_stand_anywhere(capsys: Capture) -> None:
    assert run("terminal", "--lang", "zh", "--help") == 0
    assert "用法：" in capsys.readouterr().out


def test_the_version_is_told(capsys: Capture) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.startswith("posagent-central 0.")


def test_what_nobody_translated_stays_as_it_is() -> None:
    assert words.said("something new") == words.help_said("something new") == "something new"


def test_flags_of_every_command_have_their_chinese() -> None:
    parser = argparse.ArgumentParser()
    common(parser)
    assert [text for text in texts(parser) if words.help_said(text) == text] == []
