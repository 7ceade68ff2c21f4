"""Memory, wake-ups and start-up of `posagent run` against a virtual modem.

    python bench/daemon_footprint.py [--seconds 300] [--optimise]

Prints resident memory (VmRSS), private memory, threads, voluntary context switches a minute summed over all threads
(what wakes the processor), CPU seconds a day, and beside it a bare interpreter and the four packages alone.
"""

import argparse
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from modem.simulator import VirtualModem, load

CONFIG = """
[terminal]
id = "BENCH-1"
[modem]
port = "{port}"
interface = "lo"
[paths]
state_dir = "{state}"
run_dir = "{run}"
"""
FOUR = "import serial, pydantic, tenacity, structlog, time; time.sleep(600)"
BARE = "import time; time.sleep(600)"
LIGHT_CPU_TICKS = os.sysconf("SC_CLK_TCK")


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
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / LIGHT_CPU_TICKS


def private_kb(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(kb) for kb in re.findall(r"^Private_\w+:\s+(\d+) kB", text, flags=re.M))


@contextlib.contextmanager
def child(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *command])
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--optimise", action="store_true", help="run the daemon with -OO, as the unit does")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryDirectory(dir="/dev/shm") as run,  # in memory, as /run is
        VirtualModem(load("healthy-lte")) as device,
    ):
        config = Path(folder) / "config.toml"
        config.write_text(CONFIG.format(port=device, state=f"{folder}/state", run=f"{run}/posagent"))
        flags = ["-OO"] if options.optimise else []
        with (
            child(*flags, "-m", "agent.cli", "--config", str(config), "run") as daemon,
            child("-c", FOUR) as four,
            child("-c", BARE) as bare,
        ):
            time.sleep(min(30.0, options.seconds / 2))
            before, cpu_before, at = wakeups(daemon.pid), cpu_s(daemon.pid), time.monotonic()
            time.sleep(options.seconds - min(30.0, options.seconds / 2))
            minutes = (time.monotonic() - at) / 60
            print(f"{'':28}{'RSS kB':>10}{'private kB':>12}{'threads':>9}{'wakes/min':>11}{'cpu s/day':>11}")
            for name, process in (("posagent run", daemon), ("four packages", four), ("bare interpreter", bare)):
                facts = status(process.pid)
                row = f"{name:28}{facts['VmRSS']:>10}{private_kb(process.pid):>12}{facts['Threads']:>9}"
                if process is daemon:
                    row += f"{(wakeups(process.pid) - before) / minutes:>11.1f}"
                    row += f"{(cpu_s(process.pid) - cpu_before) / minutes * 1440:>11.1f}"
                print(row)
    for module in ("agent.daemon", "json"):
        print(f"import {module}: median {median_import_ms(module):.0f} ms")


def median_import_ms(module: str) -> float:
    return statistics.median(import_ms(module) for _ in range(7))


def import_ms(module: str) -> float:
    code = f"import time; t = time.perf_counter(); import {module}; print((time.perf_counter() - t) * 1000)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)


if __name__ == "__main__":
    main()
