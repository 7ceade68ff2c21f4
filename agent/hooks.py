"""Commands of the owner's: at a change of verdict, and where recovery asks for one (power, reboot).

A hook is run without a shell, with a fixed environment and nothing of ours open, in a session of its own, with limits
on time, processor, files and output; whatever it leaves behind in its session is killed with it. What it gets to know
comes on its standard input as one JSON object, and in POSAGENT_* variables. One runs at a time, in a thread that
exists for that long; while it runs only the newest news waits for each kind. Under systemd the unit's own sandbox
holds for it too. docs/hooks.md is for users.
"""

import json
import os
import resource
import select
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass as mutable
from pathlib import Path

from agent.beside import NO_THREAD, beside
from agent.log import logger
from modem.frozen import dataclass
from modem.text import printable

MAX_OUTPUT = 4096
"""Bytes that are kept; the rest is read and dropped, so that a chatty hook does not block."""
MAX_INPUT = 16 * 1024
MAX_TEXT = 500
GRACE_S = 2.0
"""Between SIGTERM and SIGKILL."""
ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/",
}
LIMITS: Mapping[int, int] = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 16 * 2**20,
    resource.RLIMIT_NOFILE: 256,
    resource.RLIMIT_CPU: 60,
}


@dataclass(frozen=True, slots=True)
class HookSettings:
    on_verdict: tuple[str, ...] = ()
    """Program and arguments; empty: nothing is run."""
    on_recovery: tuple[str, ...] = ()
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command. `code`: None when it could not be started or did not end in time."""

    code: int | None
    output: str = ""
    why: str = ""

    @property
    def ok(self) -> bool:
        return self.code == 0


@mutable(slots=True)
class Counts:
    runs: int = 0
    failures: int = 0
    timeouts: int = 0
    dropped: int = 0
    """News that a newer one overtook while it waited."""


def run(command: Sequence[str], facts: Mapping[str, object], timeout_s: float) -> Ran:
    """Run it to its end, or until its time is over. Never raises. Blocks for `timeout_s` + GRACE_S at most."""
    try:
        child = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=dict(ENVIRONMENT) | _variables(facts),
            start_new_session=True,
            close_fds=True,
            umask=0o077,
            restore_signals=True,
        )
    except (OSError, ValueError) as error:
        return Ran(None, why=printable(str(error)))
    _limit(child.pid)
    given = json.dumps(facts, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")[:MAX_INPUT]
    output, in_time = _exchange(child, given, time.monotonic() + timeout_s)
    text = printable(output.decode("utf-8", "replace").strip())[:MAX_TEXT]
    if not in_time:
        return Ran(None, text, f"not over within {timeout_s:g} s")
    return Ran(child.returncode, text, "" if child.returncode == 0 else f"exit code {child.returncode}")


class Hooks:
    """Runs hooks beside everything else. `tell` returns at once; for the main thread."""

    def __init__(self, settings: HookSettings, run_: Callable[..., Ran] = run) -> None:
        self.settings = settings
        self.counts = Counts()
        self._run = run_
        self._lock = threading.Lock()
        self._waiting: dict[str, Mapping[str, object]] = {}
        self._busy = False

    def tell(self, event: str, facts: Mapping[str, object]) -> None:
        """News of this kind: "verdict" or "recovery"."""
        if not self._command(event):
            return
        with self._lock:
            self.counts.dropped += event in self._waiting
            self._waiting[event] = {"event": event, **facts}
            if self._busy:
                return
            self._busy = True
        if not beside(self._work, "hook"):
            self._waiting.clear()
            self._busy = False
            self._count(event, Ran(None, why=NO_THREAD))

    def told(self) -> dict[str, int]:
        """For status and metrics."""
        counts = self.counts
        return {
            "runs": counts.runs,
            "failures": counts.failures,
            "timeouts": counts.timeouts,
            "dropped": counts.dropped,
        }

    def _command(self, event: str) -> tuple[str, ...]:
        return self.settings.on_recovery if event == "recovery" else self.settings.on_verdict

    def _work(self) -> None:
        while True:
            with self._lock:
                event = next(iter(self._waiting), None)
                if event is None:
                    self._busy = False
                    return
                facts = self._waiting.pop(event)
            self._count(event, self._run(self._command(event), facts, self.settings.timeout_s))

    def _count(self, event: str, ran: Ran) -> None:
        self.counts.runs += 1
        self.counts.failures += not ran.ok
        self.counts.timeouts += ran.why.startswith("not over")
        if not ran.ok:
            logger("hooks").warning("a hook failed", kind=event, why=ran.why, output=ran.output)


def _variables(facts: Mapping[str, object]) -> dict[str, str]:
    """What a shell script can use without reading JSON: plain values only, printable, bounded."""
    plain = {name: value for name, value in facts.items() if isinstance(value, str | int | float | bool)}
    return {f"POSAGENT_{name.upper()}": _text(value) for name, value in plain.items()}


def _text(value: object) -> str:
    return printable(value if isinstance(value, str) else json.dumps(value))[:MAX_TEXT]


def _limit(pid: int) -> None:
    with suppress(OSError):  # where memory runs out it goes before us
        Path(f"/proc/{pid}/oom_score_adj").write_text("1000")
    for kind, most in LIMITS.items():
        with suppress(OSError, ValueError):  # it has ended, or has less already
            resource.prlimit(pid, kind, (most, most))


def _exchange(child: "subprocess.Popen[bytes]", given: bytes, until: float) -> tuple[bytes, bool]:
    """Write what it wants to read, read what it says, end it; (the beginning of that, did it end by itself).

    Its end is seen on a pidfd, not at the pipe: somebody it left behind may keep that open for ever. It is reaped only
    when its session is gone, so that the number of the group is nobody else's by then.
    """
    ended = os.pidfd_open(child.pid)
    try:
        said, in_time = _talk(child, ended, given, until)
        if not in_time:
            _kill(child.pid, signal.SIGTERM)
            select.select([ended], [], [], GRACE_S)
        _kill(child.pid, signal.SIGKILL)
        child.wait()
    finally:
        os.close(ended)
    return said, in_time


def _talk(child: "subprocess.Popen[bytes]", ended: int, given: bytes, until: float) -> tuple[bytes, bool]:
    assert child.stdin is not None  # noqa: S101  (for the type checker; both are pipes)
    assert child.stdout is not None  # noqa: S101
    said = bytearray()
    with selectors.DefaultSelector() as selector, child.stdin as stdin, child.stdout as stdout:
        os.set_blocking(stdin.fileno(), False)
        os.set_blocking(stdout.fileno(), False)
        selector.register(ended, selectors.EVENT_READ)
        selector.register(stdin, selectors.EVENT_WRITE)
        selector.register(stdout, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            ready = {key.fileobj for key, _ in selector.select(left)}
            if stdin in ready and not (given := _feed(stdin.fileno(), given)):
                selector.unregister(stdin)
                stdin.close()
            if stdout in ready and not _hear(stdout.fileno(), said):
                selector.unregister(stdout)
            if ended in ready:
                _hear(stdout.fileno(), said)
                return bytes(said), True
    return bytes(said), False


def _hear(descriptor: int, said: bytearray) -> bool:
    """False at the end."""
    try:
        chunk = os.read(descriptor, 65536)
    except BlockingIOError:
        return True
    except OSError:
        return False
    said += chunk[: max(0, MAX_OUTPUT - len(said))]
    return bool(chunk)


def _feed(descriptor: int, given: bytes) -> bytes:
    """What is left to write; nothing where nobody reads."""
    try:
        return given[os.write(descriptor, given) :]
    except BlockingIOError:
        return given
    except OSError:
        return b""


def _kill(group: int, number: int) -> None:
    with suppress(OSError):
        os.killpg(group, number)
