"""`posagent run`: the daemon, in the foreground, as systemd wants it."""

import argparse
from typing import TYPE_CHECKING

from agent.cli.context import CliError, Context

if TYPE_CHECKING:
    from agent.settings import Config

HELP = "the daemon: watch, judge, report; in the foreground, until SIGTERM"
EXITS = {0: "ended by a signal", 1: "unexpected failure", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = ("posagent run", "posagent run --config ./config.toml", "posagent run --once --json")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="look once, say what was found, send nothing, and exit")
    # for posagent demo: the delays of conditions pass so many times faster
    parser.add_argument("--hurry", type=float, default=1.0, help=argparse.SUPPRESS)


def run(options: argparse.Namespace, context: Context) -> int:
    if options.once:
        return _once(context)
    from agent import log
    from agent.config_apart import START_S, load_apart

    config = load_apart(context.config_path, START_S)
    log.configure(config.log.level, config.log.format)
    return _daemon(config, options.hurry, context)


def _daemon(config: "Config", hurry: float, context: Context) -> int:
    from agent.clock import SystemClock
    from agent.daemon import Daemon, Parts
    from agent.plan.ledger import LedgerError

    try:
        daemon = Daemon(config, Parts(SystemClock(), hurry=hurry), context.config_path)
    except (OSError, ValueError, LedgerError) as error:  # a directory that cannot be made, another daemon, a bad URL
        raise CliError(str(error)) from error
    return daemon.run()


def _once(context: Context) -> int:
    """The same as `posagent diag`, with no daemon asked."""
    from agent.assess.diagnosis import diagnose
    from agent.cli.diag_looked import exit_code
    from agent.cli.diag_text import render
    from agent.clock import Deadline, SystemClock
    from agent.config import load
    from agent.examine import WHOLE_S, examine_with_cost
    from agent.report import diag_report

    config, clock = load(context.config_path), SystemClock()
    begun = clock.monotonic()
    seen = examine_with_cost(config.examine_settings(), clock, Deadline.after(WHOLE_S, clock), network=False)
    report = diag_report(
        seen.snapshot,
        diagnose(seen.snapshot, config.limits()),
        lang=context.lang,
        via="direct",
        duration_s=clock.monotonic() - begun,
        data_cost_bytes=seen.data_cost_bytes,
    )
    if context.json:
        context.out.json(report)
    else:
        for line in render(report, context.lang):
            context.out.line(line.text, line.style)
    return exit_code(report)
