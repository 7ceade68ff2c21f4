"""`posagent config check|show|init`."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.context import EXIT_CONFIG, EXIT_OK, EXIT_USAGE, CliError, Context
from agent.settings import SECTIONS, limit_of, plain

if TYPE_CHECKING:
    from agent.config import ConfigError
    from agent.settings import Config

HELP = "check, show or begin a configuration"
EXITS = {0: "the settings can be used", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = (
    "posagent config check",
    "posagent config check --config /tmp/new.toml --json",
    "posagent config show",
    "posagent config init > config.toml",
)

_TEXTS = {
    "valid": ("{path}：配置有效", "{path}: the settings can be used"),
    "absent": ("{path} 不存在：全部使用默认值", "{path} does not exist: everything has its default"),
}

_HEAD = """\
# posagent: every setting with its default. Keep only the lines you change: what is absent has its default.
# /etc/posagent/config.toml is read first, then /etc/posagent/conf.d/*.toml in the order of their names.
# `posagent config check` names file, line and key of a mistake.
# Secrets never stand here, only the names of the files that hold them.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("check", "show", "init"), help="init prints an example with every setting")
    parser.add_argument("--output", metavar="FILE", help="init: write to this new file instead of standard output")


def run(options: argparse.Namespace, context: Context) -> int:
    if options.action == "init":
        return _init(options.output, context)
    return _check(context) if options.action == "check" else _show(context)


def _check(context: Context) -> int:
    from agent.config import ConfigError, chosen_path, load

    path = chosen_path(context.config_path)
    try:
        load(context.config_path)
    except ConfigError as error:
        if not context.json:
            raise
        context.out.json({"error": {"code": "config", "message": str(error), **_details(error)}})
        return EXIT_CONFIG
    if context.json:
        context.out.json({"valid": True, "file": str(path), "exists": path.exists()})
    else:
        text = _TEXTS["valid" if path.exists() else "absent"][context.lang == "en"]
        context.out.line(text.format(path=path), "good")
    return EXIT_OK


def _details(error: "ConfigError") -> Mapping[str, str | int | None]:
    return {name: getattr(error, name) for name in ("file", "line", "key", "found", "allowed")}


def _show(context: Context) -> int:
    from agent.config import load

    config = load(context.config_path)
    if context.json:
        context.out.json(plain(config))
    else:
        for line in settings_shown(config).splitlines():
            context.out.line(line)
    return EXIT_OK


def settings_shown(config: "Config") -> str:
    """The settings in force, as TOML without the words."""
    lines: list[str] = []
    for section, values in plain(config).items():
        lines += ["", f"[{section}]", *(f"{key} = {toml(value)}" for key, value in values.items())]
    return "\n".join([*lines[1:], ""])


def _init(output: str | None, context: Context) -> int:
    if output is None:
        context.out.stream.write(example())
        return EXIT_OK
    try:
        with Path(output).open("x", encoding="utf-8") as file:
            file.write(example())
    except FileExistsError:
        raise CliError(f"{output} exists already and is left as it is", EXIT_USAGE) from None
    except OSError as error:
        raise CliError(f"{output}: {error.strerror}") from None
    context.out.note(output)
    return EXIT_OK


def example() -> str:
    """config.example.toml: every setting of agent/settings.py with its default, what it is for and what is allowed."""
    from agent.config import allowed_text

    lines = [_HEAD]
    for name, section in SECTIONS.items():
        lines += [f"# {section.words}", f"[{name}]"]
        for each in fields(section):
            lines += [f"# {limit_of(each).words}", f"#   allowed: {allowed_text(name, each.name)}"]
            lines += [f"{each.name} = {toml(each.default)}", ""]
    return "\n".join(lines)


def toml(value: Any) -> str:
    """A setting's value as TOML spells it. JSON's strings, numbers and lists of them are TOML too."""
    return json.dumps(value, ensure_ascii=False)
