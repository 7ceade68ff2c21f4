"""`posagent simulate`: a virtual modem on a pseudo-terminal, from a capture or a scenario."""

import argparse
import signal
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.cli.context import EXIT_OK, EXIT_USAGE, CliError, Context
from modem.simulator import Script, ScriptError, VirtualModem, load, scenario_names
from modem.text import printable

HELP = "play a virtual modem: a capture of a real one, or a scenario"
EXITS = {0: "played to its end, or stopped", 2: "the file cannot be used, or wrong usage"}
EXAMPLES = (
    "posagent simulate --list",
    "posagent simulate healthy-lte",
    "posagent simulate sim-pin --link /tmp/modem --trace",
    "posagent simulate my-capture.toml --urcs between",
    "posagent simulate demo-story --speed 5 --for 10 --json",
)
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_SHOWN_BYTES = 400


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="capture (.toml, .json), scenario (.toml) or name")
    parser.add_argument("--list", action="store_true", help="the scenarios that come with posagent")
    parser.add_argument("--link", type=Path, metavar="PATH", help="keep a symbolic link on the device")
    parser.add_argument("--for", dest="seconds", type=float, metavar="SECONDS", help="end after so many seconds")
    parser.add_argument("--speed", type=float, default=1.0, metavar="FACTOR", help="how fast the script's time runs")
    parser.add_argument(
        "--urcs", choices=("none", "start", "between"), default="none", help="unsolicited lines of a capture"
    )
    parser.add_argument("--trace", action="store_true", help="show the dialogue on standard error")


def run(options: Namespace, context: Context) -> int:
    if options.list:
        return _list(context)
    if options.file is None:
        raise CliError("simulate what? Give a capture, a scenario or a name (posagent simulate --list)", EXIT_USAGE)
    _check(options)
    try:
        with _interrupts() as stop:
            _play(load(options.file, options.urcs), options, context, stop)
    except ScriptError as error:
        raise CliError(str(error), EXIT_USAGE) from error
    return EXIT_OK


def _check(options: Namespace) -> None:
    if not 0.01 <= options.speed <= 1000:
        raise CliError("--speed must be from 0.01 to 1000", EXIT_USAGE)
    if options.seconds is not None and not 0 <= options.seconds <= threading.TIMEOUT_MAX:
        raise CliError("--for must be a number of seconds, 0 or more", EXIT_USAGE)


def _list(context: Context) -> int:
    scripts = [load(name) for name in scenario_names()]
    if context.json:
        context.out.json([{"name": one.name, "title": one.title, "lasts_s": one.lasts_s} for one in scripts])
        return EXIT_OK
    for one in scripts:
        lasts = f"  ({one.lasts_s:g} s)" if one.lasts_s else ""
        context.out.line(f"{one.name:18}{one.title}{lasts}")
    return EXIT_OK


def _play(script: Script, options: Namespace, context: Context, stop: threading.Event) -> None:
    """The device's path is the first line of standard output; everything else goes to standard error."""

    def trace(direction: str, data: bytes) -> None:
        context.out.note(f"{direction} {printable(data.decode('latin-1'))[:_SHOWN_BYTES]}")

    modem = VirtualModem(script, link=options.link, speed=options.speed, trace=trace if options.trace else None)
    with modem as device:
        if context.json:
            context.out.json({"device": device})
        else:
            context.out.line(device)
            context.out.stream.flush()
        stop.wait(options.seconds)


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """An event that SIGTERM, SIGINT and SIGHUP set; what they did before comes back at the end."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
