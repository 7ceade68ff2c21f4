"""`posagent record FILE`: what this modem really says, as a file that can be shown to anybody and played back.

Where the daemon runs, it does the look and hands over what was said since it opened the port, with stand-ins for
identities: the port is not fought for, and the daemon goes on.
"""

import argparse
import os
import tomllib
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from agent.cli.context import EXIT_OK, EXIT_PORT, EXIT_USAGE, CliError, Context

if TYPE_CHECKING:
    from agent.recover.hold import Speaker
    from agent.sample.modem import PatientModem
    from agent.settings import ModemPart
    from modem.recording import Recording

HELP = "capture a real AT dialogue, redacted, for posagent simulate and for support"
EXITS = {
    0: "recorded, also when the modem was silent: then the file says so",
    1: "the file cannot be written",
    2: "wrong usage, or the file exists already",
    4: "a payment holds the line (posagent hold)",
    10: "configuration not valid",
    11: "modem port absent, busy or not allowed, or the daemon did not give the dialogue",
}
EXAMPLES = (
    "posagent record modem.toml",
    "posagent record modem.toml --for 60",
    "posagent record modem.toml --also 'AT+QENG=\"servingcell\"' --also AT+CGDCONT?",
    "posagent simulate modem.toml",
)
START_S = 8.0
LOOK_S = 40.0
MAX_LISTEN_S = 3600.0
DAEMON_S = 90.0
"""A look that is going on is waited for."""
KEY_BYTES = 32
ALSO_S = 30.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="a new .toml file, readable by you only")
    parser.add_argument("--port", metavar="DEV", help="this port instead of the configured one")
    parser.add_argument(
        "--for", dest="seconds", type=_seconds, default=0.0, metavar="SECONDS", help="then listen, sending nothing"
    )
    parser.add_argument(
        "--also", action="append", default=[], metavar="CMD", help="send this too (not what posagent at would refuse)"
    )
    parser.add_argument("--overwrite", action="store_true", help="replace FILE if it exists")


def run(options: Namespace, context: Context) -> int:
    from agent.config import load

    _check(options)
    config = load(context.config_path)
    if options.port is None and (said := _of_daemon(options, config.run_dir)) is not None:
        _save(options, said)
        capture = tomllib.loads(said)
        replies = [one.get("reply") for one in capture.get("exchange", ())]
        _tell(options, context, replies, len(capture.get("urcs", ())))
        return EXIT_OK
    from agent.cli.own_line import own_line

    with own_line(config, "record") as line:
        with line.whole():
            device = options.port or (config.modem.port if config.modem.port != "auto" else _found())
        recording, about = _recorded(options, context, device, config.modem, line)
    _write(options, recording, about)
    _tell(options, context, [reply for _, reply in recording.exchanges], len(recording.urcs), device)
    return EXIT_OK


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= MAX_LISTEN_S:
        raise argparse.ArgumentTypeError(f"0 to {MAX_LISTEN_S:g}")
    return value


def _check(options: Namespace) -> None:
    from agent.at_guard import denied, well_formed

    if options.file.suffix.lower() != ".toml":
        raise CliError(f"{options.file}: the name must end in .toml, so that posagent simulate knows it", EXIT_USAGE)
    if options.file.exists() and not options.overwrite:
        raise CliError(f"{options.file} exists: --overwrite replaces it", EXIT_USAGE)
    for command in options.also:
        why = None if well_formed(command) else "is no AT command"
        if (row := denied(command)) is not None:
            why = row.why_en
        if why:
            raise CliError(f"{command}: {why}", EXIT_USAGE)


def _of_daemon(options: Namespace, run_dir: Path) -> str | None:
    """The capture of the daemon's next deep look, with the answers to `--also` behind it; None: there is no daemon."""
    from agent.control import NoAnswer, NoDaemon, Refused, ask_daemon

    if options.seconds:
        return None if _is_away(run_dir) else _listening_needs_the_port()
    key = os.urandom(KEY_BYTES)
    try:
        report = ask_daemon(run_dir, {"op": "diag", "network": False, "dialogue_key": key.hex()}, DAEMON_S)
        also = {"op": "at", "commands": options.also, "force": False, "timeout_s": ALSO_S}
        rows = ask_daemon(run_dir, also, ALSO_S * len(options.also) + 30)["results"] if options.also else []
    except NoAnswer as late:
        raise CliError(f"the daemon gave no answer: {late}", EXIT_PORT) from late
    except NoDaemon:
        return None
    except Refused as refused:
        raise CliError(f"the daemon cannot look now: {refused}", EXIT_PORT) from refused
    capture = report.get("capture")
    if not isinstance(capture, str):
        raise CliError("the daemon has no dialogue with a modem to hand over: posagent status says why", EXIT_PORT)
    return capture + _appended(rows, key)


def _is_away(run_dir: Path) -> bool:
    from agent.control import NoDaemon, Refused, ask_daemon

    try:
        ask_daemon(run_dir, {"op": "status"}, 5.0)
    except NoDaemon:
        return True
    except Refused:
        pass
    return False


def _listening_needs_the_port() -> NoReturn:
    message = "--for listens on the port itself, which is the daemon's: stop it first (systemctl stop posagent)"
    raise CliError(message, EXIT_PORT)


def _appended(rows: list[dict[str, Any]], key: bytes) -> str:
    """Raw commands and their answers as exchanges of the same capture, with the same stand-ins."""
    from modem.recording import Recording, document

    recording = Recording()
    for row in rows:
        recording.sent(f"{row['command']}\r".encode())
        lines = [*row.get("lines", ()), *filter(None, [row.get("final")])]
        recording.received("".join(f"\r\n{line}\r\n" for line in lines).encode("utf-8"))
    _, exchange, rest = document(recording, {}, key).partition("\n[[exchange]]")
    return exchange + rest


def _found() -> str:
    from agent.find_port import ask_all, choose
    from modem.discover import candidates
    from modem.errors import PortMissing

    devices = [candidate.device for candidate in candidates()]
    device, trouble = choose(devices, ask_all(devices, 2.0))
    if trouble is not None:
        raise trouble
    if device is None:
        raise PortMissing("no port answers; posagent ports shows what there is, --port names one")
    return device


def _recorded(
    options: Namespace, context: Context, device: str, settings: "ModemPart", line: "Speaker"
) -> tuple["Recording", dict[str, str]]:
    from agent.clock import Deadline, SystemClock
    from agent.sample.modem import PatientModem
    from agent.version import VERSION
    from modem.errors import PortLost
    from modem.port import SerialPort
    from modem.recording import RecordedPort, Recording

    clock = SystemClock()
    recording = Recording()
    port = RecordedPort(SerialPort(device, settings.baud), recording)
    modem = PatientModem(port, clock, settings.command_timeout_s, Deadline.after(LOOK_S, clock), gate=line)
    about = {"source": f"posagent record {VERSION}"}
    try:
        about |= _dialogue(modem, options, recording)
    except PortLost as lost:
        context.out.note(f"posagent: {lost}; what came before is kept")
        about["notes"] = "the port was lost during the recording"
    finally:
        modem.close()
    return recording, about


def _dialogue(modem: "PatientModem", options: Namespace, recording: "Recording") -> dict[str, str]:
    from agent.clock import Deadline, SystemClock
    from agent.sample.modem import read_modem
    from modem.errors import CommandExpired, ModemGarbled, ModemSilent
    from modem.events import Command

    clock = SystemClock()
    about: dict[str, str] = {}
    try:
        modem.start(START_S)
        read_modem(modem, clock.wall(), "deep", Deadline.after(LOOK_S, clock), clock)
        for command in options.also:
            modem.exchange(Command(command, (), ALSO_S))
    except (ModemSilent, ModemGarbled) as mute:
        about["notes"] = f"no look was possible: {'silent' if isinstance(mute, ModemSilent) else 'garbled'}"
    except CommandExpired as expired:
        about["notes"] = f"not everything was answered: {expired.command}"
    _listen(modem, options.seconds, recording)
    who = modem.identity
    return {"model": who.model or "", "vendor": who.manufacturer or "", "firmware": who.firmware or ""} | about


def _listen(modem: "PatientModem", seconds: float, recording: "Recording") -> None:
    from agent.clock import Deadline, SystemClock

    clock = SystemClock()
    until = Deadline.after(seconds, clock)
    modem.poll(0.0)
    recording.listen()
    while not until.passed(clock):
        modem.poll(until.left(clock))


def _write(options: Namespace, recording: "Recording", about: dict[str, str]) -> None:
    from modem.recording import document

    if recording.truncated:
        about["notes"] = f"{about.get('notes', '')} the modem said more than is kept".strip()
    _save(options, document(recording, about))


def _save(options: Namespace, text: str) -> None:
    from modem.recording import save

    try:
        save(options.file, text, overwrite=options.overwrite)
    except OSError as error:
        raise CliError(f"{options.file}: {error.strerror}") from error


def _tell(
    options: Namespace, context: Context, replies: list[str | None], urcs: int, device: str | None = None
) -> None:
    """`device` None: the daemon did it."""
    count, unanswered = len(replies), replies.count(None)
    via = "daemon" if device is None else "direct"
    facts = {"file": str(options.file), "device": device, "via": via, "exchanges": count, "unanswered": unanswered}
    if context.json:
        context.out.json(facts | {"urcs": urcs})
    elif context.lang == "zh":
        context.out.line(f"{options.file}：{count} 条命令（{unanswered} 条无应答），号码和短信已替换")
    else:
        context.out.line(
            f"{options.file}: {count} commands ({unanswered} unanswered), identities and messages replaced"
        )
