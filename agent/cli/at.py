"""`posagent at CMD…`: raw AT commands, through the daemon's own channel when it runs, else directly."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agent.cli.context import EXIT_OK, EXIT_PROBLEMS, EXIT_USAGE, CliError, Context

if TYPE_CHECKING:
    from agent.recover.hold import Speaker
    from agent.settings import ModemPart

HELP = "send raw AT commands through the daemon's channel, or directly when there is none"
EXITS = {
    0: "every command was accepted",
    1: "the modem gave no answer in time",
    2: "wrong usage, or a command that can put the terminal out of service (see --denied, --force)",
    3: "the modem refused a command",
    4: "a payment holds the line (posagent hold)",
    10: "configuration not valid",
    11: "modem port absent, busy or not allowed",
}
EXAMPLES = (
    "posagent at AT+CSQ AT+CEREG?",
    "posagent at 'AT+QENG=\"servingcell\"' --json",
    "posagent at --denied",
    "posagent at --timeout 180 --force 'AT+COPS=?'",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("commands", nargs="*", metavar="CMD", help="AT+CSQ, ATI …; one after the other")
    parser.add_argument("--force", action="store_true", help="send even what can put the terminal out of service")
    parser.add_argument("--timeout", type=_seconds, default=10.0, metavar="S", help="seconds for each (default 10)")
    parser.add_argument("--port", metavar="DEV", help="without a daemon: this port instead of the configured one")
    parser.add_argument("--denied", action="store_true", help="list what is refused without --force")


def run(options: argparse.Namespace, context: Context) -> int:
    if options.denied:
        return _list_denied(context)
    commands = _checked(options, context)
    rows = _results(commands, options, context)
    for row in rows:
        _show(row, context)
    return EXIT_OK if all(row["ok"] for row in rows) else EXIT_PROBLEMS


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 180:
        raise argparse.ArgumentTypeError("more than 0, at most 180")
    return value


def _checked(options: argparse.Namespace, context: Context) -> list[str]:
    from agent.at_guard import denied, well_formed

    if not options.commands:
        raise CliError("which command? (posagent at --help)", EXIT_USAGE)
    for command in options.commands:
        if not well_formed(command):
            raise CliError(f"{command!r} is no AT command", EXIT_USAGE)
        why = denied(command)
        if why and not options.force:
            reason = why.why_en if context.lang == "en" else why.why_zh
            hint = "sends it all the same" if context.lang == "en" else "可强制发送"
            raise CliError(f"{command}: {reason} (--force {hint})", EXIT_USAGE)
    return list(options.commands)


def _results(commands: list[str], options: argparse.Namespace, context: Context) -> list[Mapping[str, Any]]:
    from agent.config import load
    from agent.control import NoDaemon, ask_daemon

    config = load(context.config_path)
    request = {"op": "at", "commands": commands, "force": options.force, "timeout_s": options.timeout}
    if options.port is None:
        try:
            answer = ask_daemon(config.run_dir, request, options.timeout * len(commands) + 30)
        except NoDaemon:
            pass  # then we may have the port ourselves
        else:
            return list(answer["results"])
    from agent.cli.own_line import own_line

    with own_line(config, "at") as line:
        return _directly(commands, options.timeout, options.port or config.modem.port, config.modem, line)


def _directly(
    commands: list[str], timeout_s: float, port: str, settings: "ModemPart", line: "Speaker"
) -> list[Mapping[str, Any]]:
    from agent.workers.modem import run_command
    from modem.client import Modem
    from modem.port import SerialPort

    with line.whole():
        device = _found() if port == "auto" else port
    modem = Modem(SerialPort(device, settings.baud), restore_settings=settings.restore_settings, gate=line)
    try:
        modem.start(8.0)
        return [run_command(modem, command, timeout_s) for command in commands]
    finally:
        modem.close()


def _found() -> str:
    """The first port that answers. Raises PortMissing."""
    from modem.discover import Probed, candidates, probe
    from modem.errors import PortLost, PortMissing

    for candidate in candidates():
        try:
            if probe(candidate.device) is Probed.ANSWERS:
                return candidate.device
        except PortLost:
            continue
    raise PortMissing("no port answers; posagent ports shows what there is")


def _show(row: Mapping[str, Any], context: Context) -> None:
    if context.json:
        context.out.json(row)
        return
    context.out.line(f"> {row['command']}", "dim")
    for line in row["lines"]:
        context.out.line(line)
    context.out.line(str(row["final"]), "good" if row["ok"] else "bad")


def _list_denied(context: Context) -> int:
    from agent.at_guard import DENIED

    for row in DENIED:
        if context.json:
            context.out.json({"pattern": row.pattern.pattern, "why": row.why_en})
        else:
            context.out.line(row.why_en if context.lang == "en" else row.why_zh, "bold")
            context.out.line(f"    {row.pattern.pattern}", "dim")
    return EXIT_OK
