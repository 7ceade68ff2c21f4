"""The frame of all commands: help, options, errors and exit codes."""

import argparse
import io
import json
import os
import subprocess
import sys
import tomllib
import types
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent import cli
from agent.cli import help_zh
from agent.cli.context import CliError, Context
from agent.config import ConfigError
from agent.control import NoDaemon
from agent.version import VERSION
from modem.errors import PortBusy

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[..., int]], None]:
    """Puts a command called `probe` in place, whose run is the test's."""

    def install(run: Callable[..., int]) -> None:
        module = types.ModuleType("agent.cli.probe")
        module.__dict__.update(
            HELP="probe", EXITS={0: "fine"}, EXAMPLES=("posagent probe",), arguments=lambda parser: None, run=run
        )
        monkeypatch.setitem(sys.modules, "agent.cli.probe", module)
        monkeypatch.setattr(cli, "COMMANDS", {"probe": ("probe", "探")})
        monkeypatch.setattr(cli, "available", lambda: ["probe"])

    return install


def raising(error: BaseException) -> Callable[..., int]:
    def run(options: object, context: Context) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "exit_code"),
    [
        (CliError("no", 4), "cannot_tell", 4),
        (ConfigError("f", 1, "k", "x", "y"), "config", 10),
        (PortBusy("held", "ModemManager"), "port", 11),
        (NoDaemon("none"), "no_daemon", 12),
    ],
)
def test_errors_for_people_have_a_code_and_no_traceback(
    command: Callable[[Callable[..., int]], None],
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: str,
    exit_code: int,
) -> None:
    command(raising(error))
    assert cli.main(["probe"]) == exit_code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("posagent: ")
    assert cli.main(["probe", "--json"]) == exit_code
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


def test_a_bug_is_not_hidden(command: Callable[[Callable[..., int]], None]) -> None:
    command(raising(ZeroDivisionError("bug")))
    with pytest.raises(ZeroDivisionError):
        cli.main(["probe"])


def test_an_interrupt_is_130_and_silent(
    command: Callable[[Callable[..., int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    command(raising(KeyboardInterrupt()))
    assert cli.main(["probe"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("words", [["--lang", "zh", "probe", "--json"], ["--json", "probe", "--lang", "zh"]])
def test_common_options_stand_before_or_after_the_command(
    command: Callable[[Callable[..., int]], None], words: list[str]
) -> None:
    seen: list[Context] = []

    def run(options: object, context: Context) -> int:
        seen.append(context)
        return 3

    command(run)
    assert cli.main(words) == 3
    assert (seen[0].lang, seen[0].json) == ("zh", True)


@pytest.mark.parametrize("words", [[], ["dance"], ["config"], ["config", "burn"], ["--lang", "fr", "config", "show"]])
def test_wrong_usage_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(words) == 2
    capsys.readouterr()


def test_the_locale_chooses_the_language(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert cli.main(["--help"]) == 0
    assert "退出码" in capsys.readouterr().out
    assert cli.main(["--lang", "en", "--help"]) == 0
    assert "exit codes" in capsys.readouterr().out


@pytest.mark.parametrize("name", cli.available())
def test_every_command_keeps_the_contract(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert "exit codes:" in text
    assert f"posagent {name}" in text.partition("examples:")[2]


@pytest.mark.parametrize("name", cli.available())
def test_help_of_each_command_is_chinese_for_who_reads_chinese(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = cli.load(name)
    assert cli.main(["--lang", "zh", name, "--help"]) == 0
    shown = capsys.readouterr().out
    parser = argparse.ArgumentParser(add_help=False)
    command.arguments(parser)
    texts = [command.help, *_helps(parser)]
    assert [text for text in texts if help_zh.said(text) == text] == []
    assert [text for text in command.exits.values() if help_zh.exit_meaning(text) not in shown] == []
    assert [text for text in command.exits.values() if help_zh.exit_meaning(text) == text] == []
    assert ("用法：" in shown, "usage:" in shown, "options:" in shown) == (True, False, False)


def _helps(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.help and action.help != argparse.SUPPRESS:
            yield action.help
        if isinstance(action, argparse._SubParsersAction):
            yield from (one.help for one in action._choices_actions if one.help)
            for below in action.choices.values():
                yield from _helps(below)


def test_help_of_an_action_has_exit_codes_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", "set", "--help"]) == 0
    assert {"exit codes:", "examples:"} <= set(capsys.readouterr().out.splitlines())


def test_help_imports_no_command() -> None:
    program = (
        "import sys; from agent.cli import main; main(['--help']);"
        "print([name for name in sys.modules if name.startswith(('agent.cli.', 'pydantic', 'structlog', 'serial'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['agent.cli.context']"


def test_help_of_one_command_imports_no_other() -> None:
    program = (
        "import sys; from agent.cli import main; main(['config', '--help']);"
        "print([name for name in sys.modules if name.startswith(('agent.cli.', 'pydantic'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['agent.cli.context', 'agent.cli.config']"


def test_a_reader_that_goes_away_gets_no_traceback() -> None:
    command = [sys.executable, "-m", "agent.cli", "config", "init"]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_foreign_text_cannot_command_the_terminal() -> None:
    context = Context()
    context.out.stream = io.StringIO()
    context.out.line("\x1b[2Jgone")
    assert context.out.stream.getvalue() == "\\x1b[2Jgone\n"


def test_foreign_text_cannot_command_the_terminal_as_json_either() -> None:
    context = Context()
    context.out.stream = io.StringIO()
    value = {"text": "\x9b2J \u202e gone \ud83d \U000e0041 余额 😀 \x1b"}
    context.out.json(value)
    shown = context.out.stream.getvalue()
    assert json.loads(shown) == value
    assert shown.removesuffix("\n").isprintable()
    assert "余额 😀" in shown


def test_the_version_is_the_projects() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION
