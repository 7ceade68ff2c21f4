"""What `posagent diag --no-network` costs beyond the modem's own answer times, start-up included.

    python -m bench.diag_overhead [--runs 9]

The virtual modem answers every command after a known time and keeps count; the rest of the wall time is ours. The
processor's time stands beside it, which other work on the machine does not lengthen. Compiled files are on the disk, as
an installation has them. Beside it: a bare interpreter.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

from bench.daemon_footprint import compiled_in
from modem.simulator import VirtualModem, load


def diag(device: str, env: dict[str, str]) -> tuple[float, float]:
    """Wall seconds, processor seconds."""
    return timed([sys.executable, "-m", "agent.cli", "diag", "--port", device, "--no-network", "--json"], env)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    own, processor, answers, commands = [], [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        env = compiled_in(folder)
        for number in range(options.runs + 1):
            modem = VirtualModem(load("healthy-lte"))
            with modem as device:
                wall, cpu = diag(device, env)
            if number:  # the first one compiles
                answers.append(modem.player.answered_s)
                commands = modem.player.commands
                own.append(wall - modem.player.answered_s)
                processor.append(cpu)
        bare = [timed([sys.executable, "-c", "pass"], env) for _ in range(options.runs)]
    print(f"commands asked                 {commands}")
    print(f"modem's answer times, median   {statistics.median(answers) * 1000:.0f} ms")
    print(f"posagent diag beyond that      {spread(own)}, processor {spread(processor)}")
    print(f"a bare interpreter             {spread([wall for wall, _ in bare])}")


def timed(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    used = os.wait4(process.pid, 0)[2]
    process.returncode = 0
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


def spread(times: list[float]) -> str:
    low, middle, high = min(times) * 1000, statistics.median(times) * 1000, max(times) * 1000
    return f"median {middle:.0f} ms (min {low:.0f}, max {high:.0f})"


if __name__ == "__main__":
    main()
