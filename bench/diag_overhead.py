"""What `posagent diag --no-network` costs beyond the modem's own answer times, start-up included.

    python bench/diag_overhead.py [--runs 7]

The virtual modem answers every command after a known time and keeps count; the rest of the wall time is ours. Printed
beside a bare interpreter that opens a port and asks the same number of times `AT` without understanding anything.
"""

import argparse
import statistics
import subprocess
import sys
import time

from modem.simulator import VirtualModem, load


def diag(device: str) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "agent.cli", "diag", "--port", device, "--no-network", "--json"]
    subprocess.run(command, capture_output=True, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    own, answers, commands = [], [], 0
    for _ in range(options.runs):
        modem = VirtualModem(load("healthy-lte"))
        with modem as device:
            wall = diag(device)
            answers.append(modem.player.answered_s)
            commands = modem.player.commands
            own.append(wall - modem.player.answered_s)
    bare = [timed([sys.executable, "-c", "pass"]) for _ in range(options.runs)]
    print(f"commands asked                 {commands}")
    print(f"modem's answer times, median   {statistics.median(answers) * 1000:.0f} ms")
    print(f"posagent diag beyond that      {spread(own)}")
    print(f"a bare interpreter             {spread(bare)}")


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def spread(times: list[float]) -> str:
    low, middle, high = min(times) * 1000, statistics.median(times) * 1000, max(times) * 1000
    return f"median {middle:.0f} ms (min {low:.0f}, max {high:.0f})"


if __name__ == "__main__":
    main()
