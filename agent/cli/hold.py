"""`posagent hold`: the line for a payment, for some seconds or for as long as a command runs. docs/hold.md.

With a daemon the lease is taken over its socket; without one, and from the moment when it goes away, the lock on
run_dir/hold takes its place, so that a daemon that starts meanwhile finds it. A payment comes first: whatever happens
to the lease, the command runs.
"""

import argparse
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cli.context import EXIT_CANNOT_TELL, EXIT_USAGE, CliError, Context
from agent.recover.lock_file import open_lock

if TYPE_CHECKING:
    from types import FrameType

HELP = "the payment application's lease: nothing is sent to modem or network while it is held"
EXITS = {
    0: "held as long as asked; with a command: whatever the command exits with",
    1: "the command cannot be run (as a shell has it: 126, 127); 128 + N when signal N ended it",
    2: "wrong usage",
    4: "the lease was refused, or ended early (without a command)",
    10: "configuration not readable (without a command)",
}
EXAMPLES = ("posagent hold 60", "posagent hold -- /opt/pay/authorise --amount 12.30", "posagent hold 90 -- pay-batch")
DEFAULT_S = 60.0
QUIET_S = 2.0
"""For what is being sent just now to end; the lease is in force from the first moment on."""
MOST_S = 3600.0
HANDED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def arguments(parser: argparse.ArgumentParser) -> None:
    words = "how long at most, in seconds (60), and after -- a command to run meanwhile, with its arguments"
    parser.add_argument("words", nargs="*", metavar="SECONDS | -- CMD", help=words)


def run(options: argparse.Namespace, context: Context) -> int:
    seconds, command = _understood(options.words)
    held = Held(_run_dir(context, paying=bool(command)), seconds, context)
    try:
        held.take()
        return _run(command, held) if command else _sit(held)
    finally:
        held.close()


def _run_dir(context: Context, *, paying: bool) -> Path:
    """Settings that cannot be read are no reason not to pay: then the usual place."""
    from agent.config import ConfigError, run_dir
    from agent.settings import Config

    try:
        return run_dir(context.config_path)
    except ConfigError as error:
        if not paying:
            raise
        context.out.note(f"posagent hold: {error}; going on all the same")
        return Config().run_dir


@dataclass
class Held:
    run_dir: Path
    seconds: float
    context: Context
    link: socket.socket | None = None
    lock: int = -1
    until: float = field(default=0.0)
    """Monotonic seconds."""
    refused: bool = False

    def take(self) -> None:
        """Over the socket, else by the file. Never raises: the payment goes on anyhow."""
        self.until = time.monotonic() + self.seconds
        try:
            self._ask()
        except (OSError, ValueError):
            self.close()
            self._lock()

    def watch(self) -> list[socket.socket]:
        return [self.link] if self.link else []

    def heard(self) -> None:
        """The daemon says something, or hung up."""
        assert self.link is not None  # noqa: S101  (for the type checker)
        try:
            told = self.link.recv(4096)
        except OSError:
            told = b""
        if told and not self.refused:
            self._read(told)
            return
        self.link.close()
        self.link = None
        if time.monotonic() < self.until - 1.0 and not self.refused:
            self._lock()  # it went away; the next one shall know

    def close(self) -> None:
        if self.link:
            self.link.close()
        if self.lock >= 0:
            os.close(self.lock)
        self.link, self.lock = None, -1

    def _ask(self) -> None:
        link = self.link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(QUIET_S)
        link.connect(str(self.run_dir / "control.sock"))
        link.sendall(json.dumps({"op": "hold", "seconds": self.seconds}).encode() + b"\n")
        with suppress(TimeoutError):  # something long is being sent; it is the last
            told = link.recv(4096)
            if not told:
                raise ConnectionResetError("it hung up")
            self._read(told)

    def _read(self, told: bytes) -> None:
        answer = json.loads(told)
        if answer.get("ok") is True:
            self.until = time.monotonic() + float(answer["result"]["seconds"])
            if self.context.json:
                self.context.out.json(answer["result"])
            return
        self.refused = True
        self.context.out.note(f"posagent hold: {answer.get('error', {}).get('message', 'refused')}")

    def _lock(self) -> None:
        with suppress(OSError):
            self.lock = open_lock(self.run_dir / "hold")
            until = time.monotonic() + QUIET_S
            while True:
                try:
                    fcntl.flock(self.lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    if time.monotonic() >= until:
                        break
                    time.sleep(0.05)
        self.context.out.note("posagent hold: no daemon, and no lock either; going on without a lease")


def _sit(held: Held) -> int:
    """Hold the line, and nothing else."""
    while not held.refused and (left := held.until - time.monotonic()) > 0:
        if not held.link and held.lock < 0:
            return EXIT_CANNOT_TELL
        ready, _, _ = select.select(held.watch(), [], [], left)
        if ready:
            held.heard()
    return EXIT_CANNOT_TELL if held.refused else 0


def _run(command: list[str], held: Held) -> int:
    """The command, beside the lease; its exit code, as a shell has it."""
    try:
        child = subprocess.Popen(command)
    except FileNotFoundError:
        raise CliError(f"{command[0]}: not found", 127) from None
    except OSError as error:
        raise CliError(f"{command[0]}: {error.strerror}", 126) from None

    def hand_on(number: int, _frame: "FrameType | None") -> None:
        child.send_signal(number)

    before = {number: signal.signal(number, hand_on) for number in HANDED_ON}
    try:
        _wait(child, held)
        return child.wait() if child.returncode >= 0 else 128 - child.returncode
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(child: "subprocess.Popen[bytes]", held: Held) -> None:
    """Until the child has ended; a lease that ends before is said once."""
    ended = os.pidfd_open(child.pid)
    told = False
    try:
        while child.poll() is None:
            left = None if told else max(0.0, held.until - time.monotonic())
            ready, _, _ = select.select([ended, *(link.fileno() for link in held.watch())], [], [], left)
            if held.link and held.link.fileno() in ready:
                held.heard()
            if not told and time.monotonic() >= held.until:
                told = True
                held.close()
                held.context.out.note("posagent hold: the lease is over; the command goes on")
    finally:
        os.close(ended)


def _understood(words: list[str]) -> tuple[float, list[str]]:
    """Seconds and command. Raises CliError."""
    try:
        seconds = float(words[0]) if words else DEFAULT_S
    except ValueError:
        return DEFAULT_S, words
    if not 0 < seconds <= MOST_S:
        raise CliError(f"SECONDS: more than 0, at most {MOST_S:g}", EXIT_USAGE)
    return seconds, words[1:]
