"""A terminal's days at full speed: the real daemon on a real pty and a real socket, while idle time is skipped.

`Warp` is real time plus what was skipped: whatever works takes as long as it takes, and once everybody sleeps the clock
jumps to the next thing that is due. So no deadline is shortened, and a day takes a minute or two. The virtual modem
lives by the same clock; its hour has a faulty line, a restart, an unplugged port and a question without answer (in
every fourth none has), and its carrier writes.
"""

import ctypes
import gc
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from agent.config_apart import load_apart
from agent.control import SOCKET_NAME, Json, NoDaemon, Refused, ask_daemon
from agent.daemon import Daemon, Parts
from agent.log import configure
from agent.worker import Worker
from modem.simulator import VirtualModem
from modem.simulator.player import Player
from tests.fakes.eventually import eventually

HOUR_S = 3600.0
STRIDE_S = 20.0
"""The longest jump: less than any worker may sleep without being called stuck."""
CONFIG = """
[terminal]
id = "T1"
[modem]
port = "{port}"
interface = ""
command_timeout_s = 0.5
announce_messages = true
[plan]
quota_mb = 500
expires_on = "2099-12-31"
ask_every_h = 12
ask_codes = ["ussd:*100#"]
[uplink]
{uplink}
heartbeat_s = 300
budget_mb = 1000
[outbox]
routine_write_s = 600
[recovery]
enabled = true
dry_run = true
patience_s = 30
steps_per_hour = 60
steps_per_day = 500
[hooks]
on_verdict = ["/bin/true"]
on_recovery = ["/bin/true"]
[paths]
state_dir = "{folder}/state"
run_dir = "{folder}/run"
metrics_file = "{folder}/posagent.prom"
"""
HEAD = """
title = "days of everything"
lasts_s = {lasts}
[modem]
persona = "quectel-ec20"
answer_ms = 1
[state]
rx_rate = 420
tx_rate = 95
[[ussd]]
code = "*100#"
text = "您的账户余额为22.35元，套餐内剩余流量320.5MB，有效期至2099-12-31。"
after_s = 0.05
"""
HOUR = """
[[change]]
at_s = {a}
urc = ["+CREG: 1", "+CGEV: ME PDN ACT 1", "+QIND: \\"SMS DONE\\"", "+CSQ: 17,99"]
[[change.sms]]
from = "10086"
text = "【中国移动】您的账户余额为{balance}.35元，套餐内剩余流量{left}.5MB。"
[[fault]]
kind = "garbage"
every = 3
size = 40
from_s = {b}
to_s = {c}
[[fault]]
kind = "split"
every = 2
size = 5
gap_s = 0.001
from_s = {c}
to_s = {d}
[[fault]]
kind = "silence"
command = "{deaf_to}"
from_s = {e}
to_s = {f}
[[fault]]
kind = "reboot"
from_s = {g}
seconds = 5
[[fault]]
kind = "disappear"
from_s = {h}
to_s = {i}
[[change]]
at_s = {j}
[change.set]
eps = 2
ps = 2
attached = false
active = false
[[change]]
at_s = {k}
[change.set]
eps = 1
ps = 1
attached = true
active = true
"""
MOMENTS = dict(zip("abcdefghijk", (300, 600, 780, 960, 1200, 1290, 1800, 2100, 2280, 2520, 2820), strict=True))
"""Seconds into each hour; the last minutes are quiet."""


class Warp:
    """An `agent.clock.Clock`: real time, and what was skipped."""

    def __init__(self, wall: float) -> None:
        self._wall = wall - time.monotonic()
        self.skipped = 0.0

    def wall(self) -> float:
        return self._wall + self.monotonic()

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        return stop.wait(max(0.0, seconds))


class FastModem(VirtualModem):
    """By that clock."""

    def __init__(self, scenario: Path, link: Path, clock: Warp) -> None:
        super().__init__(str(scenario), link=link)
        self.player = Player(self.script, clock.wall())
        self._clock = clock
        self._born = clock.monotonic()

    @property
    def now(self) -> float:
        return self._clock.monotonic() - self._born

    def nudge(self) -> None:
        """The clock has jumped."""
        os.write(self._wake_write, b"n")


@dataclass(frozen=True)
class Figures:
    """At the end of an hour."""

    memory_kb: int
    blocks: int
    """Live pieces of Python's memory: what leaks is never given back, whatever the heap's holes do to `memory_kb`."""
    heap_kb: int
    """In use in the C library's heap: Python's larger pieces, SQLite's, OpenSSL's. Without the holes too."""
    threads: int
    files: int
    exchanges: int
    timeouts: int
    restarts: int
    leases: int
    rehearsed: int
    hooks: int
    sent: int
    waiting: int


class _Mallinfo2(ctypes.Structure):
    """mallinfo(3), glibc 2.33 and later."""

    _fields_ = [
        *((name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks")),
        *((name, ctypes.c_size_t) for name in ("uordblks", "fordblks", "keepcost")),
    ]


def heap_kb() -> int:
    """What is allocated and not given back: from the heap, and in mappings of its own."""
    ask = ctypes.CDLL(None).mallinfo2
    ask.restype = _Mallinfo2
    told = ask()
    return (int(told.uordblks) + int(told.hblkhd)) // 1024


@dataclass
class FastDay:
    """`run` it hour by hour; `figures` after each."""

    folder: Path
    daemon: Daemon
    modem: FastModem
    clock: Warp
    began: float = 0.0
    asked: int = 0
    refused: int = 0
    ended: list[int] = field(default_factory=list)
    """Exit codes that the daemon wanted: none."""

    def hour(self) -> None:
        """One hour passes, with what people and programs do in it."""
        self._until(60)
        for minute in (2, 8, 14, 27, 36, 45):
            self._until(minute * 60)
            self._ask_with_one_way_shut("status")
            self._held(10.0)
        self._until(52 * 60)
        for op, more in EVERYTHING:
            self._ask(op, more)
        self._until(60 * 60)
        self.began += HOUR_S

    def figures(self) -> Figures:
        self._settle()
        known = ask_daemon(self.daemon.config.run_dir, {"op": "status"})
        care, uplink, outbox = known["self"], known["uplink"] or {}, known["outbox"] or {}
        gc.collect()
        return Figures(
            care["memory_kb"], sys.getallocatedblocks(), heap_kb(), care["threads"], care["files"],
            care["at"]["exchanges"], care["at"]["expiries"], care["at"]["restarts"], care["line"]["leases"],
            sum(care["steps"].values()), care["hooks"]["runs"], uplink.get("sent", 0), outbox.get("waiting", 0),
        )  # fmt: skip

    def figures_within(self, before: Figures) -> Figures | None:
        """None while there are more threads or files than before: a hook or a client may be at work just now."""
        now = self.figures()
        return now if now.threads <= before.threads and now.files <= before.files else None

    # -- time -----------------------------------------------------------------------------------------------------

    def _until(self, seconds: float) -> None:
        """Of this hour."""
        end = self.began + seconds
        while (left := end - self.clock.monotonic()) > 0:
            self._settle()
            self._jump(min(left, STRIDE_S, max(0.0, self._next_due() - self.clock.monotonic()) + 0.01))

    def _next_due(self) -> float:
        return min(worker.progress.until for worker in self.daemon.workers)

    def _jump(self, seconds: float) -> None:
        self.clock.skipped += seconds
        before = {worker.name: worker.progress.steps for worker in self.daemon.workers}
        self.modem.nudge()
        for worker in self.daemon.workers:
            worker.body.wake()
        self._turn_main()
        _soon(lambda: all(not n or w.progress.steps > n for w, n in self._steps(before)))

    def _settle(self) -> None:
        """Until nobody is at work."""
        _soon(lambda: not any(worker.progress.in_call for worker in self.daemon.workers))

    def _steps(self, before: dict[str, int]) -> Iterator[tuple[Worker, int]]:
        for worker in self.daemon.workers:
            yield worker, before[worker.name]

    def _turn_main(self) -> None:
        """A question that only wakes the main thread, and is answered once it has taken all that came before."""
        with suppress(Refused):
            ask_daemon(self.daemon.config.run_dir, {"op": "turn"}, 60)

    # -- clients --------------------------------------------------------------------------------------------------

    def _ask(self, op: str, more: Json) -> None:
        self.asked += 1
        try:
            ask_daemon(self.daemon.config.run_dir, {"op": op, **more}, 120)
        except Refused:
            self.refused += 1

    def _ask_with_one_way_shut(self, op: str) -> None:
        self.asked += 1
        with self._connected() as link:
            link.sendall(json.dumps({"op": op}).encode() + b"\n")
            link.shutdown(socket.SHUT_WR)
            assert link.makefile("rb").readline(), "answered although the client said all it had to say"

    def _held(self, seconds: float) -> None:
        """A payment of so long; half of them hang up before the end."""
        self.asked += 1
        with self._connected() as link:
            link.sendall(json.dumps({"op": "hold", "seconds": seconds}).encode() + b"\n")
            if b'"ok": true' not in link.makefile("rb").readline():
                self.refused += 1
                return
            self._jump(seconds / 2 if self.asked % 4 else seconds + 1)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
            link.settimeout(60)
            link.connect(str(self.daemon.config.run_dir / SOCKET_NAME))
            yield link


EVERYTHING: tuple[tuple[str, Json], ...] = (
    ("diag", {"network": False}),
    ("usage", {}),
    ("plan", {}),
    ("at", {"commands": ["AT+CSQ", "AT+CGMR", "AT+NOSUCH"]}),
    ("sms_list", {}),
    ("ussd", {"code": "*100#"}),
    ("outbox_flush", {}),
    ("sample_now", {}),
    ("nonsense", {}),
)


@contextmanager
def fast_day(folder: Path, hours: int, uplink: str = "") -> Iterator[FastDay]:
    """`uplink`: lines of that section."""
    configure("error")
    clock = Warp(time.time())
    scenario, link, config = folder / "days.toml", folder / "modem", folder / "config.toml"
    scenario.write_text(_script(hours), encoding="utf-8")
    config.write_text(CONFIG.format(port=link, folder=folder, uplink=uplink), encoding="utf-8")
    modem, ended = FastModem(scenario, link, clock), list[int]()
    with modem:
        daemon = Daemon(load_apart(config), Parts(clock, exit=ended.append), config)
        main = threading.Thread(target=daemon.run, name="main", daemon=True)
        main.start()
        day = FastDay(folder, daemon, modem, clock, clock.monotonic(), ended=ended)
        try:
            eventually(lambda: _answers(daemon), "the daemon answers")
            yield day
        finally:
            daemon.stop()
            main.join(60)


def _answers(daemon: Daemon) -> bool:
    try:
        return bool(ask_daemon(daemon.config.run_dir, {"op": "status"}))
    except NoDaemon:
        return False


def _script(hours: int) -> str:
    parts = [HEAD.format(lasts=(hours + 1) * 3600)]
    for hour in range(hours):
        at = {name: hour * 3600 + second for name, second in MOMENTS.items()}
        deaf_to = "AT" if hour % 4 == 3 else "AT+QCSQ"
        parts.append(HOUR.format(deaf_to=deaf_to, balance=90 - hour % 80, left=400 - hour % 300, **at))
    return "".join(parts)


def _soon(true: Callable[[], bool]) -> None:
    """In real time, without sleeping long: a look takes milliseconds."""
    until = time.monotonic() + 120
    pause = threading.Event()
    while not true():
        assert time.monotonic() < until, "somebody works for two minutes"
        pause.wait(0.0005)
