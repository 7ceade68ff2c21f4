"""Run by test_meter_truth in a network namespace of its own: sends reports to a real centre over its loopback, and
prints what our meter counted and what the kernel's interface counted.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from agent.clock import Deadline, SystemClock
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.tls import TlsSettings
from tests.fakes.centre import real_centre
from tests.fakes.eventually import eventually
from tests.fakes.http_server import AUTHORITY


def main(keep_alive_s: float, reports: int) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    clock, meter = SystemClock(), Meter()
    with tempfile.TemporaryDirectory() as folder, real_centre(Path(folder), secure=True) as centre:
        settings = HttpSettings(centre.url, centre.credential, TlsSettings(AUTHORITY), keep_alive_s=keep_alive_s)
        transport = HttpTransport(settings, clock, meter)
        for seq in range(1, reports + 1):
            transport.send(batch(seq, int(clock.wall())), Deadline.after(10.0, clock))
        transport.close()
        eventually(settled, "the wire is quiet")
    counted = {purpose: traffic.total for purpose, traffic in meter.snapshot().items()}
    sys.stdout.write(json.dumps({"meter": counted, "interface": interface_bytes()}) + "\n")


def batch(seq: int, at: int) -> bytes:
    body = {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok", "used_bytes": seq * 31_337}
    record = {"seq": seq, "type": "heartbeat", "at": at, "body": body}
    return json.dumps({"v": 1, "epoch": "00112233445566aa", "sent_at": at, "records": [record]}).encode()


def interface_bytes() -> int:
    """Each packet passes the loopback once, whichever way it goes, and is counted from its IP header on."""
    lines = Path("/proc/net/dev").read_text().splitlines()  # of this namespace, which /sys is not
    return int(next(line.split()[1] for line in lines if line.strip().startswith("lo:")))


_seen: list[int] = []


def settled() -> bool:
    _seen.append(interface_bytes())
    return len(_seen) > 10 and len(set(_seen[-10:])) == 1


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
