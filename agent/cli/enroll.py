"""`posagent enroll URL`: a single-use code → this terminal's own credential."""

import argparse
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.context import EXIT_FAILURE, EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, CliError, Context

if TYPE_CHECKING:
    from agent.settings import Config
    from agent.uplink.enrol import EnrolSettings

HELP = "get this terminal's own credential from the centre, with a code that is good once"
EXITS = {
    0: "the credential is written",
    1: "no credential: no way to the centre, or the file cannot be written",
    2: "wrong usage, or a code that is mistyped",
    3: "the centre refused the code",
    10: "configuration not valid",
}
EXAMPLES = (
    "posagent enroll https://centre.example",
    "posagent enroll https://centre.example --code-file ./code",
    "posagent enroll https://centre.example --credential-file ./credential < code",
)
ENROL_S = 60.0
_MAX_CODE_BYTES = 256

_TEXTS = {
    "prompt": ("登记码（如 7KQ2M-4XW9-PBTC）：", "Code (like 7KQ2M-4XW9-PBTC): "),
    "done": ("已登记为 {terminal}，凭据写入 {path}", "enrolled as {terminal}; the credential is in {path}"),
    "differs": (
        "配置中 terminal.id 是 {found!r}，请改为 {terminal!r}",
        'the configuration says terminal.id = "{found}": make it "{terminal}"',
    ),
    "url": ("请在配置中设置 uplink.url = {url!r}", 'set uplink.url = "{url}" in the configuration'),
    "systemd": (
        "{path} 由 systemd 提供，不能写入：先用 --credential-file 写到别处，再用 systemd-creds（docs/enrolment.md）",
        "{path} is systemd's and cannot be written: use --credential-file, then systemd-creds (docs/enrolment.md)",
    ),
    "refused": ("中心拒绝登记：{why}", "the centre refused: {why}"),
    "no_way": ("无法登记：{why}。登记码未作废，可再次执行", "not enrolled: {why}. The code is still good: try again"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", metavar="URL", help="https:// address of the centre")
    parser.add_argument("--code-file", type=Path, metavar="FILE", help="the code (else asked for, or read from a pipe)")
    parser.add_argument(
        "--credential-file", type=Path, metavar="FILE", help="write here (else as uplink.credential_file)"
    )
    parser.add_argument("--ca-file", type=Path, metavar="FILE", help="trust these authorities (else as uplink.ca_file)")


def run(options: argparse.Namespace, context: Context) -> int:
    from agent.cli.plan_card import before_moving
    from agent.config import load
    from agent.uplink.place import parse_url

    config = load(context.config_path)
    try:
        parse_url(options.url)
    except ValueError as error:
        raise CliError(str(error), EXIT_USAGE) from None
    settings = _settings(options, config, context)
    terminal = _enrol(settings, _code(options.code_file, context), config.terminal.id, context)
    if (warned := before_moving(context)) is not None:
        context.out.note(warned)
    if context.json:
        context.out.json({"terminal": terminal, "credential_file": str(settings.credential_file)})
        return EXIT_OK
    context.out.line(_say("done", context).format(terminal=terminal, path=settings.credential_file), "good")
    if config.terminal.id != terminal:
        context.out.note(_say("differs", context).format(found=config.terminal.id, terminal=terminal))
    if not config.uplink.url:
        context.out.note(_say("url", context).format(url=options.url))
    return EXIT_OK


def _settings(options: argparse.Namespace, config: "Config", context: Context) -> "EnrolSettings":
    from dataclasses import replace

    from agent.uplink.credential import is_systemds

    usual = config.enrol_settings()
    path: Path = options.credential_file or usual.credential_file
    if is_systemds(path):
        raise CliError(_say("systemd", context).format(path=path))
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise CliError(f"{path.parent}: no directory that can be written")
    tls = replace(usual.tls, ca_file=options.ca_file) if options.ca_file else usual.tls
    return replace(usual, url=options.url, credential_file=path, tls=tls)


def _enrol(settings: "EnrolSettings", code: str, wish: str, context: Context) -> str:
    from agent.clock import Deadline, SystemClock
    from agent.uplink.base import SendError
    from agent.uplink.enrol import enrol

    clock = SystemClock()
    try:
        return enrol(settings, code, clock, Deadline.after(ENROL_S, clock), wish=wish)
    except SendError as error:
        if error.status is not None and error.status not in (429, 503):
            raise CliError(_say("refused", context).format(why=error.detail), EXIT_PROBLEMS) from error
        raise CliError(_say("no_way", context).format(why=error.detail), EXIT_FAILURE) from error
    except OSError as error:
        raise CliError(f"{error.filename or settings.credential_file}: {error.strerror or error}") from error


def _code(file: Path | None, context: Context) -> str:
    """From a file, the keyboard or a pipe; never from the command line, which others can read."""
    from agent.wire import WireError
    from agent.wire.enrol import tidy

    if file is not None:
        typed = _from_file(file)
    elif sys.stdin.isatty():
        context.out.errors.write(_say("prompt", context))
        context.out.errors.flush()
        typed = sys.stdin.readline(_MAX_CODE_BYTES)
    else:
        typed = sys.stdin.readline(_MAX_CODE_BYTES)
    try:
        return tidy(typed.strip())
    except WireError as error:
        raise CliError(str(error), EXIT_USAGE) from None


def _from_file(file: Path) -> str:
    try:
        if not stat.S_ISREG(file.stat().st_mode):
            raise CliError(f"{file}: not a regular file", EXIT_USAGE)
        with file.open("rb") as opened:
            return opened.read(_MAX_CODE_BYTES).decode("ascii", "replace")
    except OSError as error:
        raise CliError(f"{file}: {error.strerror}", EXIT_USAGE) from error


def _say(name: str, context: Context) -> str:
    return _TEXTS[name][context.lang == "en"]
