"""What `posagent run` costs the terminal: memory, wake-ups, processor time, threads; and how long it takes to import.

    python -m bench.daemon_footprint [--seconds 300] [--uplink none,http,https,coap] [--no-optimise]

Each daemon watches a virtual modem of its own; all run side by side, each with the environment of its unit
(systemd/posagent.service) and with compiled files on the disk, as a package has them. With an uplink they report to a
real centre on this machine. One message of the carrier's lies in the inbox and is read once, a minute after the start:
what its reading leaves behind is in the memory. The figures:

- resident (VmRSS) and private memory at the end;
- wake-ups: voluntary context switches of all threads together, a minute, over whole minutes at the end: each is a
  thread that had gone to sleep and was woken. A command to the modem is at least one, when its answer comes.
  No question to the carrier is under way: for ten minutes a day one makes us read the inbox each minute;
- commands to the modem a minute, in the same minutes;
- processor seconds a day, from the same minutes.

A deep look (some 28 questions) and a heartbeat come once in a quarter of an hour: with less than that, or with a part
of the next, it is chance how many of them the minutes have. So 16 minutes or more are measured over whole quarters.

Beside them: a bare interpreter, and the four packages that are loaded whatever we do.
"""

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.wire_bytes import TERMINAL, Place, prepare
from modem.simulator import VirtualModem, load

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "systemd" / "posagent.service"
UPLINKS = ("none", "http", "https", "coap")
CONFIG = """
[terminal]
id = "{terminal}"
[modem]
port = "{port}"
interface = "lo"
[paths]
state_dir = "{folder}/state"
run_dir = "{run}"
[plan]
ask = "off"
[uplink]
url = "{url}"
ca_file = "{authority}"
credential_file = "{credential}"
"""
MODEM = """
title = "A healthy LTE terminal whose counters grow, to which the carrier has written"
[modem]
persona = "quectel-ec20"
[state]
rx_rate = 420
tx_rate = 95
[[sms]]
from = "10086"
text = "尊敬的客户，您的话费余额为88.50元。【中国移动】"
"""
FOUR = "import serial, pydantic, tenacity, structlog, time; time.sleep(3600)"
BARE = "import time; time.sleep(3600)"
SETTLE_S = 60.0
QUARTER = 15
"""Minutes."""
IMPORTS = ("agent.daemon", "structlog, serial", "json")


@dataclass(frozen=True)
class Ports:
    """Of the centre."""

    http: int
    https: int
    coap: int

    def url(self, uplink: str) -> str:
        urls = {
            "none": "",
            "http": f"http://127.0.0.1:{self.http}",
            "https": f"https://127.0.0.1:{self.https}",
            "coap": f"coap+oscore://127.0.0.1:{self.coap}",
        }
        return urls[uplink]


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[bytes]
    modem: VirtualModem


@dataclass(frozen=True)
class Spent:
    wakeups: int
    cpu_s: float
    commands: int

    @classmethod
    def of(cls, running: "Running") -> "Spent":
        pid = running.process.pid
        return cls(wakeups(pid), cpu_s(pid), running.modem.player.commands)


def status(pid: int) -> dict[str, int]:
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    return {key: int(value) for key, value in re.findall(r"^(\w+):\s+(\d+)", text, flags=re.M)}


def wakeups(pid: int) -> int:
    return sum(
        int(count)
        for path in Path(f"/proc/{pid}/task").glob("*/status")
        for count in re.findall(r"^voluntary_ctxt_switches:\s+(\d+)", path.read_text(), flags=re.M)
    )


def cpu_s(pid: int) -> float:
    """In nanoseconds, which /proc/PID/stat has not."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def private_kb(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kb) for kb in re.findall(r"^Private_\w+:\s+(\d+) kB", text, flags=re.M))


def unit_environment() -> dict[str, str]:
    """What the unit's Environment= lines set."""
    lines = re.findall(r"^Environment=(.*)$", UNIT.read_text(encoding="utf-8"), flags=re.M)
    return dict(word.partition("=")[::2] for line in lines for word in line.split())


def compiled_in(folder: str) -> dict[str, str]:
    """An environment in which compiled files are kept in `folder`, whatever ours says."""
    own = os.environ | {"PYTHONPYCACHEPREFIX": folder, "PYTHONPATH": str(ROOT)}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    return own


def environment(folder: str, *, optimise: bool) -> dict[str, str]:
    """With compiled files in `folder`, after this has been called once for it."""
    own = compiled_in(folder)
    wanted = unit_environment() if optimise else {}
    everything = "import agent.daemon, agent.cli.run, agent.uplink.http, agent.uplink.coap, tenacity, pydantic"
    subprocess.run(
        [sys.executable, "-c", everything],
        env=own | {"PYTHONOPTIMIZE": wanted.get("PYTHONOPTIMIZE", "")},
        check=True,
    )
    return own | wanted


@contextmanager
def child(*command: str, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *command], env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def centre(folder: Path, listen: str, *more: str) -> Iterator[None]:
    served = subprocess.Popen(
        [sys.executable, "-m", "central.cli", "serve", "--listen", listen, "--database", str(folder / "central.db"),
         "--operator-token-file", str(folder / "token"), "--rate-per-minute", "0", *more],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert served.stderr is not None
        while "listening on" not in (line := served.stderr.readline()):
            if not line:
                raise RuntimeError("the centre did not start")
        yield
    finally:
        served.kill()
        served.wait()


@contextmanager
def centres(folder: Path, wanted: set[str]) -> Iterator[Ports]:
    """One process each for HTTP (with CoAP beside it) and HTTPS, on one database."""
    prepare(Place(folder))
    ports = Ports(*(free_port() for _ in range(3)))
    with ExitStack() as stack:
        if wanted & {"http", "coap"}:
            coap = ("--coap-listen", f"127.0.0.1:{ports.coap}")
            stack.enter_context(centre(folder, f"127.0.0.1:{ports.http}", *coap))
        if "https" in wanted:
            tls = ("--tls-cert", str(folder / "leaf.pem"), "--tls-key", str(folder / "leaf.key"))
            stack.enter_context(centre(folder, f"127.0.0.1:{ports.https}", *tls))
        yield ports


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def daemon(folder: Path, uplink: str, url: str, env: dict[str, str]) -> Iterator[Running]:
    """With a run folder in memory, as /run is."""
    own = folder / f"posagent-{uplink}"
    own.mkdir()
    (own / "modem.toml").write_text(MODEM, encoding="utf-8")
    place, modem = Place(folder), VirtualModem(load(own / "modem.toml"))
    with tempfile.TemporaryDirectory(dir="/dev/shm") as run, modem as device:
        config = own / "config.toml"
        text = CONFIG.format(
            terminal=TERMINAL, port=device, folder=own, run=run, url=url,
            authority=place.authority, credential=place.credential,
        )  # fmt: skip
        config.write_text(text)
        with child("-m", "agent.cli", "--config", str(config), "run", env=env) as process:
            yield Running(process, modem)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--uplink", default="none", help="a list of " + ", ".join(UPLINKS))
    parser.add_argument("--no-optimise", action="store_true", help="without the unit's environment")
    options = parser.parse_args()
    uplinks = options.uplink.split(",")
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        env = environment(f"{name}/compiled", optimise=not options.no_optimise)
        folder = Path(name)
        ports = stack.enter_context(centres(folder, set(uplinks)))
        daemons = {uplink: stack.enter_context(daemon(folder, uplink, ports.url(uplink), env)) for uplink in uplinks}
        beside = {
            "four packages": stack.enter_context(child("-c", FOUR, env=env)),
            "bare interpreter": stack.enter_context(child("-c", BARE, env=env)),
        }
        measure(daemons, beside, options.seconds)
        for modules in IMPORTS:
            print(f"import {modules}: {import_ms(modules, env)}")


def measure(daemons: dict[str, Running], beside: dict[str, subprocess.Popen[bytes]], seconds: float) -> None:
    """Over whole quarters of an hour where there is time for one, else over whole minutes."""
    minutes = max(1, int((seconds - SETTLE_S) // 60))
    minutes -= minutes % QUARTER if minutes >= QUARTER else 0
    time.sleep(max(0.0, seconds - minutes * 60))
    before = {uplink: Spent.of(running) for uplink, running in daemons.items()}
    time.sleep(minutes * 60)
    after = {uplink: Spent.of(running) for uplink, running in daemons.items()}
    heads = ("RSS kB", "private kB", "threads", "wakes/min", "asked/min", "cpu s/day")
    print(f"{'':28}" + "".join(f"{head:>11}" for head in heads))
    for uplink, running in daemons.items():
        now, then = after[uplink], before[uplink]
        wakes, asked = (now.wakeups - then.wakeups) / minutes, (now.commands - then.commands) / minutes
        cpu = (now.cpu_s - then.cpu_s) / minutes * 1440
        row = memory(f"posagent run, uplink {uplink}", running.process.pid)
        print(f"{row}{wakes:>11.1f}{asked:>11.1f}{cpu:>11.1f}", flush=True)
    for name, process in beside.items():
        print(memory(name, process.pid))


def memory(name: str, pid: int) -> str:
    facts = status(pid)
    return f"{name:28}{facts['VmRSS']:>11}{private_kb(pid):>11}{facts['Threads']:>11}"


def import_ms(modules: str, env: dict[str, str]) -> str:
    """Processor and wall time; the least of nine is what a machine without other work needs."""
    code = (
        "import time; t, c = time.perf_counter(), time.process_time()\n"
        f"import {modules}\n"
        "print((time.perf_counter() - t) * 1000, (time.process_time() - c) * 1000)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(9)
    ]
    wall, cpu = ([float(run[which]) for run in runs] for which in (0, 1))
    return f"wall {min(wall):.0f} ms (median {statistics.median(wall):.0f}), processor {min(cpu):.0f} ms"


if __name__ == "__main__":
    main()
