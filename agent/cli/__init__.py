"""`posagent`: the parser, and once for all commands: which error gets which message and which exit code.

A command is a file of this package (contract: agent/cli/context.py). Only the file of the command that was asked for
is imported; `posagent --help` imports none. With --json, errors are JSON too.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, cast

from agent.cli.context import (
    EXIT_CANNOT_TELL,
    EXIT_CONFIG,
    EXIT_FAILURE,
    EXIT_NO_DAEMON,
    EXIT_PORT,
    EXIT_USAGE,
    CliError,
    Context,
    Lang,
)
from agent.version import VERSION
from modem.frozen import dataclass

INTERRUPTED = 130
_ASKS = frozenset(("-h", "--help"))
COMMANDS: Mapping[str, tuple[str, str]] = {
    "diag": ("say what is wrong with this terminal and what to try first", "检查终端：哪里有问题，先做什么"),
    "status": ("what the running daemon knows now", "守护进程当前掌握的情况"),
    "usage": ("data used in this billing cycle", "本计费周期的流量"),
    "plan": ("expiry, balance and quota of the data card", "流量卡的有效期、余额和套餐"),
    "ports": ("candidate AT ports and who answers on them", "可用的 AT 串口"),
    "at": ("send raw AT commands", "直接发送 AT 指令"),
    "sms": ("list, read and send text messages", "短信"),
    "ussd": ("send a USSD code", "USSD 查询"),
    "decode": ("explain an AT dialogue", "解释一段 AT 对话"),
    "record": ("capture a real AT dialogue, redacted", "录制真实的 AT 对话（已脱敏）"),
    "simulate": ("play a virtual modem on a pseudo-terminal", "虚拟调制解调器"),
    "outbox": ("what waits to be sent", "等待上报的记录"),
    "hold": ("the payment application's lease: no AT traffic while held", "支付应用占用期间停止 AT 通信"),
    "enroll": ("get this terminal's own credential from the centre", "向中心登记本终端"),
    "config": ("check, show or begin a configuration", "检查、显示或生成配置"),
    "run": ("the daemon", "守护进程"),
    "demo": ("everything on this machine, as a story that runs by itself", "在本机演示全部功能"),
}
"""Name → one line for --help in English and Chinese; the order of the help."""

EXITS: Mapping[int, tuple[str, str]] = {
    0: ("nothing wrong", "没有问题"),
    1: ("unexpected failure", "意外错误"),
    2: ("wrong usage", "用法错误"),
    3: ("problems found", "发现问题"),
    4: ("cannot tell: a check could not run", "无法判断"),
    10: ("configuration not valid", "配置无效"),
    11: ("modem port absent, busy or not allowed", "串口不存在、被占用或无权限"),
    12: ("no daemon", "守护进程未运行"),
}

_ERRORS: tuple[tuple[str, str, str, int], ...] = (
    ("agent.config", "ConfigError", "config", EXIT_CONFIG),
    ("modem.errors", "PortLost", "port", EXIT_PORT),
    ("modem.errors", "ModemError", "modem", EXIT_FAILURE),
    ("agent.control", "NoDaemon", "no_daemon", EXIT_NO_DAEMON),
    ("agent.control", "Refused", "refused", EXIT_FAILURE),
    ("agent.outbox.base", "OutboxError", "outbox", EXIT_FAILURE),
)
"""Module, class, code in JSON, exit code; the first that fits counts. Looked up only in modules already imported."""

_CODES: Mapping[int, str] = {2: "usage", 3: "problems", 4: "cannot_tell", 10: "config", 11: "port", 12: "no_daemon"}


class Help(argparse.RawDescriptionHelpFormatter):
    """As wide as the terminal. argparse would ask shutil at each argument that is added: 4 ms, and half a megabyte."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong as an error of ours, so that --json holds for it too."""

    def error(self, message: str) -> NoReturn:
        raise CliError(f"{message} ({self.prog} --help)", EXIT_USAGE)


@dataclass(frozen=True, slots=True)
class _Command:
    """The contract of a command's module, typed."""

    help: str
    exits: Mapping[int, str]
    examples: Sequence[str]
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Context], int]


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of `posagent ARGV`."""
    words = list(sys.argv[1:] if argv is None else argv)
    context = Context(lang=_language(words), json=_wants_json(words))
    try:
        code = _run(words, context)
        context.out.stream.flush()
    except SystemExit as done:  # argparse, after --help and --version
        return done.code if isinstance(done.code, int) else EXIT_FAILURE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_standard_output()
        return EXIT_FAILURE
    except Exception as error:
        known = _known(error)
        if known is None:
            raise  # a bug: the traceback is what we need, and Python exits with 1
        return _say(context, str(error), *known)
    else:
        return code


def available() -> list[str]:
    """The commands that this installation has, in the order of the help."""
    here = Path(__file__).parent
    return [name for name in COMMANDS if (here / f"{name}.py").exists()]


def load(name: str) -> _Command:
    """The command's module, imported now."""
    module = importlib.import_module(f"agent.cli.{name}")
    return _Command(module.HELP, module.EXITS, module.EXAMPLES, module.arguments, module.run)


def _run(words: list[str], context: Context) -> int:
    before, name, after = _split(words)
    options = _top_parser(context.lang, shown=name is None).parse_args(before)
    if name is None:
        _top_parser(context.lang, shown=True).print_help()
        return EXIT_USAGE
    if name not in available():
        raise CliError(f"no command {name!r}; posagent --help lists them", EXIT_USAGE)
    command = load(name)
    shown = not _ASKS.isdisjoint(after)
    options = _command_parser(name, command, context.lang, shown=shown).parse_args(after, options)
    context.config_path = _config_path(options.config)
    context.lang = cast("Lang", options.lang or context.lang)
    context.json = options.json
    return command.run(options, context)


def _split(words: list[str]) -> tuple[list[str], str | None, list[str]]:
    """Options before the command, the command, what belongs to it."""
    index = 0
    while index < len(words) and words[index].startswith("-"):
        index += 2 if words[index] in ("--config", "--lang") else 1
    return words[:index], (words[index] if index < len(words) else None), words[index + 1 :]


def _common(parser: argparse.ArgumentParser, *, defaults: bool) -> None:
    missing = None if defaults else argparse.SUPPRESS
    parser.add_argument(
        "--config", metavar="FILE", default=missing, help="settings (default: $POSAGENT_CONFIG, else /etc)"
    )
    parser.add_argument("--lang", choices=("zh", "en"), default=missing, help="language (default: the locale's)")
    parser.add_argument("--json", action="store_true", default=missing if not defaults else False, help="for programs")


def _formatter(lang: Lang, *, shown: bool) -> type[Help]:
    """Chinese words are loaded only where help is shown."""
    if lang != "zh" or not shown:
        return Help
    from agent.cli.help_zh import ChineseHelp

    return ChineseHelp


def _top_parser(lang: Lang, *, shown: bool) -> _Parser:
    chinese = lang == "zh"
    about = (
        "说明 POS 终端为什么（或即将）断网" if chinese else "Knows why a POS terminal is, or is about to be, offline."
    )
    rows = [f"  {name:10}{COMMANDS[name][chinese]}" for name in available()]
    heads = (
        ("命令：", "退出码：", "每个命令：posagent 命令 --help")
        if chinese
        else ("commands:", "exit codes:", "more about one: posagent COMMAND --help")
    )
    exits = [f"  {code:<4}{words[chinese]}" for code, words in EXITS.items()]
    epilog = "\n".join([heads[0], *rows, "", heads[1], *exits, "", heads[2]])
    parser = _Parser(
        "posagent", "posagent [OPTIONS] COMMAND …", about, epilog, formatter_class=_formatter(lang, shown=shown)
    )
    parser.add_argument("--version", action="version", version=f"posagent {VERSION}")
    _common(parser, defaults=True)
    return parser


def _command_parser(name: str, command: _Command, lang: Lang, *, shown: bool = False) -> _Parser:
    """`shown`: its help is asked for, in `lang`."""
    formatter = _formatter(lang, shown=shown)
    told: Callable[[str], str] = str
    meaning: Callable[[str], str] = str
    if formatter is not Help:
        from agent.cli import help_zh

        told, meaning = help_zh.said, help_zh.exit_meaning
    exits = [f"  {code:<4}{meaning(words)}" for code, words in command.exits.items()]
    examples = [f"  {line}" for line in command.examples]
    epilog = "\n".join([told("exit codes:"), *exits, "", told("examples:"), *examples])
    parser = _Parser(f"posagent {name}", None, told(command.help), epilog, formatter_class=formatter)
    _common(parser, defaults=False)
    command.arguments(parser)
    return parser


def _columns() -> int:
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _config_path(given: str | None) -> Path | None:
    return Path(given) if given else None


def _language(words: Sequence[str]) -> Lang:
    """--lang if it was given, else the locale's; needed before the words are parsed, for help and errors."""
    for index, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and index + 1 < len(words):
            value = words[index + 1]
        if value in ("zh", "en"):
            return cast("Lang", value)
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def _wants_json(words: Sequence[str]) -> bool:
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def _known(error: Exception) -> tuple[str, int] | None:
    """(code in JSON, exit code) of an error that is no bug."""
    if isinstance(error, CliError):
        return _CODES.get(error.exit_code, "failure"), error.exit_code
    if getattr(error, "code", "") == "held":  # the daemon's word for a payment: it passes
        return "held", EXIT_CANNOT_TELL
    for module_name, class_name, code, exit_code in _ERRORS:
        module = sys.modules.get(module_name)
        if module is not None and isinstance(error, getattr(module, class_name)):
            return code, exit_code
    return None


def _say(context: Context, message: str, code: str, exit_code: int) -> int:
    if context.json:
        context.out.json({"error": {"code": code, "message": message}})
    else:
        context.out.note(f"posagent: {message}")
    return exit_code


def _forget_standard_output() -> None:
    """The reader went away (`| head`): nothing to say, and nothing to flush at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
