"""`posagent diag`: what is wrong with this terminal, why we think so, and what to do first. At most 20 seconds.

A running daemon is asked first, so that the two never fight for the port; without one we look ourselves. One report,
two renderings: text for people, JSON for programs. It can be carried away as a file (`diag_bundle`), on a phone's
camera (`agent.qr`), or be made again and again until all is well (`diag_watch`). docs/diag.md.
"""

import argparse
import logging
import os
from argparse import Namespace
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent import locale
from agent.cli.context import (
    EXIT_CANNOT_TELL,
    EXIT_USAGE,
    CliError,
    Context,
    Lang,
)
from agent.cli.diag_looked import Looked, Report
from agent.cli.diag_steps import Progress, Steps
from agent.cli.diag_unchecked import may_read, unchecked
from agent.clock import Clock, Deadline, SystemClock
from agent.config import ConfigError, chosen_path, load
from agent.control import NoAnswer, NoDaemon, Refused, ask_daemon
from agent.settings import Config

if TYPE_CHECKING:
    from modem.port import Port
    from modem.recording import Recording

HELP = "say what is wrong with this terminal, why, and what to try first"
EXITS = {
    0: "nothing wrong (information only)",
    1: "the bundle cannot be written",
    2: "wrong usage",
    3: "problems found",
    4: "cannot tell: an essential reading is missing, the daemon cannot look now, or a payment holds the line",
    10: "configuration not valid",
    11: "modem port absent, busy or not allowed",
}
EXAMPLES = (
    "posagent diag",
    "posagent diag --lang zh",
    "posagent diag --quick --no-network",
    "posagent diag --port /dev/ttyUSB2",
    "posagent diag --watch",
    "posagent diag --qr",
    "posagent diag --bundle /media/usb/shop-0042.tar.gz",
    "posagent diag --json | jq -r .verdict.code",
)

WHOLE_S = 20.0
DAEMON_S = 16.5
"""Patience with the daemon: a modem that fell silent keeps it busy for 15 s."""
STATUS_S = 2.0
"""Then it is asked for what it knew before, which needs no modem."""
WRITING_S = 1.5
"""Kept of the whole for judging and writing."""
MAX_WATCH_S = 86400.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="DEV", help="look at this AT port ourselves, whatever a daemon does")
    parser.add_argument("--quick", action="store_true", help="only what is cheap: a few questions, no probes")
    parser.add_argument("--no-network", action="store_true", help="send nothing: no look-ups, no connections")
    parser.add_argument("--redact", action="store_true", help="show only the last four digits of card and modem")
    parser.add_argument("--watch", action="store_true", help="look again until all is well: on Enter, or --every")
    parser.add_argument("--every", type=_seconds, metavar="SECONDS", help="with --watch: look again so often")
    parser.add_argument(
        "--for", dest="seconds", type=_seconds, default=600.0, metavar="SECONDS", help="with --watch: no longer (600)"
    )
    parser.add_argument("--bundle", type=Path, metavar="FILE", help="write all findings, redacted, to a new .tar.gz")
    parser.add_argument("--overwrite", action="store_true", help="with --bundle: replace FILE if it exists")
    parser.add_argument(
        "--qr",
        nargs="?",
        const="auto",
        choices=("auto", "blocks", "ascii"),
        help="show the result as a QR code for a phone (blocks need a UTF-8 terminal)",
    )


def run(options: Namespace, context: Context) -> int:
    _check(options, context)
    logging.getLogger("modem").addHandler(logging.NullHandler())  # the report says it; nothing else may stand between
    config = _config(context)
    key = os.urandom(32) if options.bundle else None
    once = partial(_looked, options, config, context, key)
    if options.watch:
        from agent.cli.diag_watch import Watching, watch

        watching = Watching(options.seconds, options.every)
        return watch(once, lambda looked: show(looked, options, config, context), context, watching)
    looked = once()
    show(looked, options, config, context)
    if key is not None:
        from agent.cli.diag_bundle import write

        write(looked, options, config, context, key)
    return looked.exit_code


def show(looked: Looked, options: Namespace, config: Config, context: Context) -> None:
    """On standard output, in the form that was asked for."""
    report = looked.report
    if looked.remark:
        context.out.errors.flush()
        told = locale.label(looked.remark, context.lang)
        context.out.note(told) if context.json else context.out.line(told, "warn")
    if options.redact:
        from agent.cli.diag_text import redacted

        report = redacted(report)
    if context.json:
        context.out.json(report)
        return
    from agent.cli.diag_parts import Line
    from agent.cli.diag_text import again, render

    lines = render(report, context.lang, unchecked(report, options, config, context.lang))
    import shutil

    if context.out.stream.isatty() and len(lines) >= shutil.get_terminal_size().lines:
        lines += [Line(), *again(report, context.lang)]
    for line in lines:
        context.out.line(line.text, line.style)
    if options.qr:
        from agent.cli.diag_qr import show_code

        show_code(report, config.terminal.id, options.qr, context)


def look(
    options: Namespace, config: Config, lang: Lang, clock: Clock, say: Progress, key: bytes | None = None
) -> Looked:
    """The report, from the daemon or by looking ourselves. CliError when a daemon runs that will not tell.

    With a `key` the dialogue comes along; the daemon's has stand-ins for identities that are made with it.
    """
    deadline = Deadline.after(WHOLE_S - WRITING_S, clock)
    if options.port is None:
        told = _ask(options, config, lang, say, key)
        if told is not None:
            return told
    return _look_ourselves(options, config, lang, clock, deadline, say, listen=key is not None)


def _check(options: Namespace, context: Context) -> None:
    if options.qr and context.json:
        raise CliError("--qr is for people and --json for programs: take one of them", EXIT_USAGE)
    if options.bundle and options.watch:
        raise CliError("--bundle keeps one look: not together with --watch", EXIT_USAGE)
    if options.bundle and not options.overwrite and options.bundle.exists():
        raise CliError(f"{options.bundle} exists: --overwrite replaces it", EXIT_USAGE)


def _config(context: Context) -> Config:
    """A default configuration that this user may not read is replaced by the defaults; the page says so."""
    try:
        return load(context.config_path)
    except ConfigError:
        if context.config_path is not None or may_read(chosen_path()):
            raise
        return Config()


def _seconds(text: str) -> float:
    value = float(text)
    if not 1 <= value <= MAX_WATCH_S:
        raise argparse.ArgumentTypeError(f"1 to {MAX_WATCH_S:g}")
    return value


def _looked(options: Namespace, config: Config, context: Context, key: bytes | None) -> Looked:
    with Steps(context) as steps:
        return look(options, config, context.lang, SystemClock(), steps.say, key)


def _ask(options: Namespace, config: Config, lang: Lang, say: Progress, key: bytes | None) -> Looked | None:
    """The daemon's report; None when none runs. What it will not tell now is not looked up behind its back."""
    request = {"op": "diag", "lang": lang, "quick": options.quick, "network": not options.no_network}
    if key is not None:
        request["dialogue_key"] = key.hex()
    say("asking the daemon")
    try:
        answer = ask_daemon(config.run_dir, request, DAEMON_S)
    except NoAnswer:
        return _known_before(config, lang)
    except NoDaemon:
        return None
    except Refused as refused:
        raise CliError(f"the daemon cannot look now: {refused}", EXIT_CANNOT_TELL) from refused
    if not _is_report(answer):
        raise CliError("the daemon's answer is no diagnosis; is it of another version?", EXIT_CANNOT_TELL)
    capture = answer.pop("capture", None)
    return Looked(answer, capture=capture if isinstance(capture, str) else None)


def _known_before(config: Config, lang: Lang) -> Looked:
    """The daemon's last diagnosis. To look ourselves would be vain: the port is the daemon's."""
    try:
        before = ask_daemon(config.run_dir, {"op": "status", "lang": lang}, STATUS_S).get("diag")
    except (NoDaemon, Refused):
        before = None
    if not isinstance(before, dict) or not _is_report(before):
        raise CliError("the daemon runs and does not answer (systemctl restart posagent)", EXIT_CANNOT_TELL)
    return Looked(before, remark="known_before")


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
    options: Namespace, config: Config, lang: Lang, clock: Clock, deadline: Deadline, say: Progress, *, listen: bool
) -> Looked:
    from agent.assess.diagnosis import diagnose
    from agent.cli.own_line import own_line
    from agent.examine import examine_with_cost
    from agent.report import diag_report
    from modem.port import SerialPort

    begun = clock.monotonic()
    recording = _recording() if listen else None
    with own_line(config, "diag") as line:
        seen = examine_with_cost(
            config.examine_settings(),
            clock,
            deadline,
            network=not options.no_network,
            quick=options.quick,
            port=options.port,
            progress=say,
            opener=SerialPort if recording is None else partial(_listened_to, recording),
            gate=line,
        )
    report = diag_report(
        seen.snapshot,
        diagnose(seen.snapshot, config.limits()),
        lang=lang,
        via="direct",
        duration_s=clock.monotonic() - begun,
        data_cost_bytes=seen.data_cost_bytes,
    )
    return Looked(report, recording)


def _recording() -> "Recording":
    from modem.recording import LOOK_BYTES, Recording

    return Recording(LOOK_BYTES)


def _listened_to(recording: "Recording", device: str, baud: int) -> "Port":
    from modem.port import SerialPort
    from modem.recording import RecordedPort

    return RecordedPort(SerialPort(device, baud), recording)
