"""The `posagent-central` command: the parser, and once for all how errors become a message and an exit code.

A command is one file here, with HELP, EXITS, EXAMPLES, `arguments(parser)` and `run(options) -> int`. Commands speak
English; what they say becomes Chinese here, for who reads Chinese (`--lang`, else the locale). JSON stays as it is.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from importlib import import_module, metadata
from keyword import iskeyword
from types import ModuleType
from typing import Any, NoReturn

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_CONFIG = 10

COMMANDS: Mapping[str, str] = {
    "serve": "take reports in, show the console",
    "terminal": "register terminals: add, list, rotate, revoke",
    "enroll-code": "make single-use codes with which terminals get their credential",
    "user": "people who sign in: add, list, role, password, disable, enable, totp-reset",
    "token": "tokens for programs: add, list, revoke",
    "import": "bring in where terminals stand, from a sheet",
    "export": "write where terminals stand as a sheet",
    "directive": "ask something of terminals: send, list, withdraw",
    "renewals": "what is to be renewed: list, export an order, who is paid for and still dead",
    "platform": "carriers' platforms: list, check, poll now, bring in a portal's sheet",
    "migrate": "bring the database up to date",
    "retention": "thin out old history now",
    "alert": "check alert rules, send a test message, show what was sent",
    "backup": "copy the database while it is in use",
    "restore": "bring a copy back",
    "simulate": "a fleet of simulated terminals, for trying things out",
    "check": "check configuration, files and database, and say what is wrong",
}


_CHINESE = ContextVar("chinese", default=False)


class CliError(Exception):
    """Something a person can act on: shown as one line, without a traceback."""

    def __init__(self, message: str, exit_code: int = EXIT_FAILURE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    lang, given = _language(given)
    _CHINESE.set(lang == "zh")
    options = parser(next((word for word in given if word in COMMANDS), None)).parse_args(given)
    try:
        return int(options.run(options))
    except CliError as error:
        return _explain(str(error), error.exit_code, as_json=options.json)
    except KeyboardInterrupt:
        return EXIT_FAILURE
    except BrokenPipeError:
        sys.stderr.close()
        return EXIT_FAILURE
    except Exception as error:
        code = _known(error)
        if code is None:
            raise
        return _explain(_told(error), code, as_json=options.json)


class _Parser(argparse.ArgumentParser):
    """One of the language at hand; so are those below it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{"formatter_class": _formatter(), **more})

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {_said(message)}\n")


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """The parser; only `command` is loaded whole, so that help stays quick."""
    top = _Parser(prog="posagent-central", description="The centre of a fleet of posagent terminals.")
    top.add_argument("--version", action=_Version)
    _add_language(top)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        if command not in (None, name):
            commands.add_parser(name, help=summary)
            continue
        module = import_module(f"central.cli.{name.replace('-', '_')}{'_' * iskeyword(name)}")
        one = commands.add_parser(
            name,
            help=summary,
            description=module.HELP,
            epilog=_epilog(module),
        )
        module.arguments(one)
        one.set_defaults(run=module.run)
    return top


def _formatter() -> type[argparse.HelpFormatter]:
    """Chinese words are loaded only for who reads them."""
    if not _CHINESE.get():
        return argparse.RawDescriptionHelpFormatter
    from central.cli.chinese import ChineseHelp

    return ChineseHelp


class _Version(argparse.Action):
    """Looked up only where it is asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show program's version number and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"{parser.prog} {metadata.version('posagent')}\n")
        parser.exit()


def _add_language(one: argparse.ArgumentParser) -> None:
    """For the help: it was taken out of the words before."""
    one.add_argument("--lang", choices=("zh", "en"), help="language (default: the locale's)")


def _language(words: list[str]) -> tuple[str, list[str]]:
    """The last --lang, wherever it stands, else the locale's, and the other words."""
    found, others = "", []
    rest = iter(words)
    for word in rest:
        value = next(rest, "") if word == "--lang" else word.partition("--lang=")[2]
        if value in ("zh", "en"):
            found = value
        else:
            others += [word, value] if word == "--lang" else [word]
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return found or ("zh" if locale.lower().startswith("zh") else "en"), others


def common(one: argparse.ArgumentParser) -> None:
    """Flags of every command."""
    one.add_argument("--config", metavar="FILE", help="default: /etc/posagent-central/config.toml")
    one.add_argument("--database", metavar="DB", help="a path, sqlite:///path or postgresql://…")
    one.add_argument("--json", action="store_true", help="facts as JSON, for programs")
    _add_language(one)


def emit(value: object) -> None:
    """One JSON value on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """One line for people, in their language, made printable."""
    from central.text import printable

    sys.stdout.write(printable(_said(text)) + "\n")


def _said(text: str) -> str:
    if not _CHINESE.get():
        return text
    from central.words.cli import said

    return said(text)


def _help_said(text: str) -> str:
    if not _CHINESE.get():
        return text
    from central.words.cli import help_said

    return help_said(text)


def _epilog(module: ModuleType) -> str:
    exits = "\n".join(f"  {code:>3}  {_help_said(meaning)}" for code, meaning in module.EXITS.items())
    examples = "\n".join(f"  {line}" for line in module.EXAMPLES)
    return f"{_help_said('exit codes:')}\n{exits}\n\n{_help_said('examples:')}\n{examples}"


def _known(error: Exception) -> int | None:
    from central.config import ConfigError
    from central.store.base import StoreError

    if isinstance(error, ConfigError):
        return EXIT_CONFIG
    return EXIT_FAILURE if isinstance(error, StoreError | OSError) else None


def _told(error: Exception) -> str:
    """`missing.csv: No such file or directory`, without Python's number."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _explain(message: str, code: int, *, as_json: bool) -> int:
    from central.text import printable

    lines = [printable(line) for line in message.splitlines()]
    if as_json:
        sys.stderr.write(json.dumps({"error": {"message": "\n".join(lines), "exit_code": code}}) + "\n")
    else:
        sys.stderr.writelines(f"posagent-central: {_said(line)}\n" for line in lines)
    return code
