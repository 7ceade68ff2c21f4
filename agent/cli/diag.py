"""`posagent diag`: what is wrong with this terminal, why we think so, and what to do first. At most 20 seconds.

A running daemon is asked first, so that the two never fight for the port; without one we look ourselves. One report,
two renderings: text for people, JSON for programs.
"""

import argparse
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from agent import locale
from agent.cli.context import EXIT_CANNOT_TELL, EXIT_OK, EXIT_PORT, EXIT_PROBLEMS, CliError, Context, Lang
from agent.clock import Clock, Deadline, SystemClock
from agent.config import load
from agent.control import NoDaemon, Refused, ask_daemon
from agent.settings import Config

HELP = "say what is wrong with this terminal, why, and what to try first"
EXITS = {
    0: "nothing wrong (information only)",
    2: "wrong usage",
    3: "problems found",
    4: "cannot tell: an essential reading is missing, or the daemon cannot look now",
    10: "configuration not valid",
    11: "modem port absent, busy or not allowed",
}
EXAMPLES = (
    "posagent diag",
    "posagent diag --lang zh",
    "posagent diag --quick --no-network",
    "posagent diag --port /dev/ttyUSB2",
    "posagent diag --json | jq -r .verdict.code",
)

WHOLE_S = 20.0
DAEMON_S = 14.0
"""Patience with the daemon; what is left of the whole is enough for a look of our own."""
WRITING_S = 0.5
"""Kept of the whole for judging and writing."""
Report = Mapping[str, Any]
Progress = Callable[[str], None]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="DEV", help="look at this AT port ourselves, whatever a daemon does")
    parser.add_argument("--quick", action="store_true", help="only what is cheap: a few questions, no probes")
    parser.add_argument("--no-network", action="store_true", help="send nothing: no look-ups, no connections")


def run(options: Namespace, context: Context) -> int:
    config = load(context.config_path)
    report = look(options, config, context.lang, SystemClock(), _progress(context))
    if context.json:
        context.out.json(report)
    else:
        _show(report, context)
    return exit_code(report)


def look(options: Namespace, config: Config, lang: Lang, clock: Clock, say: Progress) -> Report:
    """The report, from the daemon or by looking ourselves. CliError when a daemon runs that will not tell."""
    deadline = Deadline.after(WHOLE_S - WRITING_S, clock)
    if options.port is None:
        report = _ask(options, config, lang, say)
        if report is not None:
            return report
    return _look_ourselves(options, config, lang, clock, deadline, say)


def exit_code(report: Report) -> int:
    """What scripts go by."""
    code = str(report["verdict"]["code"])
    if code.startswith("port."):
        return EXIT_PORT
    if code == "unsure":
        return EXIT_CANNOT_TELL
    troubles = [f for f in report["findings"] if f["root"] and f["severity"] != "info"]
    return EXIT_PROBLEMS if troubles else EXIT_OK


def _ask(options: Namespace, config: Config, lang: Lang, say: Progress) -> Report | None:
    """The daemon's report; None when none runs. What it will not tell now is not looked up behind its back."""
    request = {"op": "diag", "lang": lang, "quick": options.quick, "network": not options.no_network}
    say("asking the daemon")
    try:
        answer = ask_daemon(config.run_dir, request, DAEMON_S)
    except NoDaemon:
        return None
    except Refused as refused:
        raise CliError(f"the daemon cannot look now: {refused}", EXIT_CANNOT_TELL) from refused
    if not _is_report(answer):
        raise CliError("the daemon's answer is no diagnosis; is it of another version?", EXIT_CANNOT_TELL)
    return answer


def _is_report(answer: Report) -> bool:
    verdict, findings = answer.get("verdict"), answer.get("findings")
    return (
        str(answer.get("schema", "")).startswith("posagent.diag/")
        and isinstance(verdict, Mapping)
        and "code" in verdict
        and isinstance(findings, list)
        and all(isinstance(f, Mapping) and {"root", "severity"} <= f.keys() for f in findings)
    )


def _look_ourselves(
    options: Namespace, config: Config, lang: Lang, clock: Clock, deadline: Deadline, say: Progress
) -> Report:
    from agent.assess.diagnosis import diagnose
    from agent.examine import examine_with_cost
    from agent.report import diag_report

    begun = clock.monotonic()
    seen = examine_with_cost(
        config.examine_settings(),
        clock,
        deadline,
        network=not options.no_network,
        quick=options.quick,
        port=options.port,
        progress=say,
    )
    return diag_report(
        seen.snapshot,
        diagnose(seen.snapshot, config.limits()),
        lang=lang,
        via="direct",
        duration_s=clock.monotonic() - begun,
        data_cost_bytes=seen.data_cost_bytes,
    )


def _progress(context: Context) -> Progress:
    """Steps are told to a person at a terminal, and to nobody else."""
    if context.json or not context.out.errors.isatty():
        return lambda _: None
    return lambda line: context.out.note(locale.label("progress", context.lang) + locale.progress(line, context.lang))


def _show(report: Report, context: Context) -> None:
    from agent.cli.diag_text import render

    for line in render(report, context.lang):
        context.out.line(line.text, line.style)
