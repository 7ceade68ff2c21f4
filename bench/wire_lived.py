"""What a quarter of an hour costs behind a NAT that forgets, lived through in real time, keep-alives and all.

    sudo python -m bench.wire_lived [--nat 300] [--reports 5] [--cadence 900] [--rtt-ms 100] [--no-timestamps]

`bench/wire_bytes.py` reckons its months from one report and one keep-alive; this waits for the real ones. The terminal
reports on a grid, as the daemon does, and its connection is kept as the daemon's is. The first reports (handshake,
credential, upgrade) are shown and left out of the month.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.wire_bytes import URL, Place, centre, expect, names, prepare, say
from bench.wire_net import Wire, run_in, wire

SETTLING = 3
"""Reports until the connection has become a stream."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nat", type=float, default=300.0, help="seconds of silence after which it forgets")
    parser.add_argument("--reports", type=int, default=5, help="that are counted")
    parser.add_argument("--cadence", type=float, default=900.0)
    parser.add_argument("--keep-alive", default="225")
    parser.add_argument("--stream-after", default=str(SETTLING), help="0: POST throughout")
    parser.add_argument("--rtt-ms", type=float, default=100.0)
    parser.add_argument("--no-timestamps", action="store_true")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("network namespaces need root")
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        wire(options.rtt_ms / 1000, options.nat, timestamps=not options.no_timestamps) as net,
    ):
        place = Place(Path(folder))
        prepare(place)
        with names(net), centre(net, place):
            each = lived(net, place, options)
    print(
        f"{each:.0f} B a report with what lies before it, {each * 30 * 86_400 / options.cadence / 1e6:.2f} MB a month"
    )
    return 0


def lived(net: Wire, place: Place, options: argparse.Namespace) -> float:
    common = (URL, place.authority, place.credential)
    child = run_in(
        net.client, sys.executable, "-m", "bench.wire_client", "ours", *common, options.keep_alive, "1.2",
        options.stream_after, str(int(options.cadence)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    costs: list[int] = []
    try:
        expect(child, "ready")
        began, counted = time.monotonic(), 0
        for number in range(SETTLING + options.reports):
            late = max(0, number - SETTLING + 1)
            time.sleep(max(0.0, began + late * options.cadence + min(number, SETTLING - 1) - time.monotonic()))
            before = net.count().total
            say(child, "send")
            expect(child, "sent")
            total = net.settle().total
            print(
                f"report {number + 1}: {total - before} B, with the silence before it {total - counted} B", flush=True
            )
            costs += [total - counted] if late else []
            counted = total
        say(child, "usage")
        print(f"by purpose: {expect(child, '')}")
    finally:
        child.kill()
        child.wait()
    return sum(costs) / len(costs)


if __name__ == "__main__":
    sys.exit(main())
