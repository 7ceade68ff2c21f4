"""Run by test_meter_truth in a network namespace of its own: sends reports to a real centre over its loopback, and
prints what our meter counted and what the kernel's interface counted.
"""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.clock import Deadline, SystemClock
from agent.uplink.base import Transport
from agent.uplink.coap import CoapSettings, CoapTransport
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.tls import TlsSettings
from tests.central.helpers import Process, registered
from tests.fakes.centre import real_centre
from tests.fakes.eventually import eventually
from tests.fakes.http_server import AUTHORITY

CLOCK = SystemClock()
COAP_PORT = 5683
"""Nobody else is in this namespace."""


def main(way: str, reports: int) -> None:
    """`way`: "coap", or for how long an HTTPS connection is kept."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    clock, meter = CLOCK, Meter()
    with tempfile.TemporaryDirectory() as folder, line(way, Path(folder), meter) as transport:
        before = interface_bytes()
        for seq in range(1, reports + 1):
            transport.send(batch(seq, int(clock.wall())), Deadline.after(10.0, clock))
        transport.close()
        eventually(settled, "the wire is quiet")
    counted = {purpose: traffic.total for purpose, traffic in meter.snapshot().items()}
    sys.stdout.write(json.dumps({"meter": counted, "interface": interface_bytes() - before}) + "\n")


@contextmanager
def line(way: str, folder: Path, meter: Meter) -> Iterator[Transport]:
    if way == "coap":
        (credential,) = registered(folder / "central.db", "shop-1")
        (folder / "credential").touch(0o600)
        (folder / "credential").write_text(credential)
        settings = CoapSettings("coap+oscore://127.0.0.1", folder / "credential", folder / "numbers")
        with Process(folder / "central.db", ("--coap-listen", f"127.0.0.1:{COAP_PORT}")):
            eventually(is_heard, "the way in is open")
            yield CoapTransport(settings, CLOCK, meter)
        return
    with real_centre(folder, secure=True) as centre:
        tls = TlsSettings(AUTHORITY)
        yield HttpTransport(HttpSettings(centre.url, centre.credential, tls, keep_alive_s=float(way)), CLOCK, meter)


def is_heard() -> bool:
    """Does it answer a ping of CoAP?"""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(1.0)
        sock.connect(("127.0.0.1", COAP_PORT))
        try:
            sock.send(b"\x40\x00\x12\x34")
            return sock.recv(100) == b"\x70\x00\x12\x34"
        except OSError:
            return False


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
    main(sys.argv[1], int(sys.argv[2]))
