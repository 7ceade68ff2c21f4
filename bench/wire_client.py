"""One client of bench/wire_bytes.py: each line on standard input is a command, each answer one line.

`send`: the next heartbeat of a simulated trace is sent; `history`: with an hour of looks behind it; `usage`: bytes by
purpose, as our meter has it.
"""

import json
import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from agent import record
from agent.assess.base import Assessment, Verdict
from agent.clock import Deadline, SystemClock
from agent.outbox.base import Record
from agent.sample.base import (
    ContextView,
    DataView,
    ModemView,
    NetworkView,
    PlanView,
    SimView,
    Snapshot,
    UsageView,
)
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.tls import TlsSettings
from agent.wire import numbered
from bench.wire_others import paho, zabbix
from modem.values import Cell, Signal

EPOCH = "00112233445566aa"
BOOT_ID = "0b2c4e1a-6f1d-4d0e-9d53-0f6a0d1c2b3a"


TENDED: list[HttpTransport] = []
"""What its line needs between reports is seen to, as by the daemon's worker."""


class Trace:
    """A terminal in a shop, each quarter of an hour: the signal wanders, the card is used a little."""

    def __init__(self, next_due_s: int = 900) -> None:
        self.next_due_s = next_due_s
        self.random = Random(1)
        self.seq = 12_000
        self.boot = int(time.time()) - 86_400
        self.rsrp, self.rssi = -97, -67
        self.used, self.own = 7_340_032, 123_456

    def batch(self, *, history: bool) -> bytes:
        """Time in it is the real one, or the centre would correct our clock."""
        at = int(time.time())
        records = [self._heartbeat(at), *([self._history(at)] if history else [])]
        kept = []
        for made in records:
            self.seq += 1
            kept.append(numbered(made.body, self.seq))
        return b'{"v":1,"epoch":"%s","sent_at":%d,"records":[%s]}' % (EPOCH.encode(), at, b",".join(kept))

    def _heartbeat(self, at: int) -> Record:
        self.rsrp = min(-80, max(-115, self.rsrp + self.random.choice((-3, -2, -1, 0, 0, 1, 2, 3))))
        self.rssi = min(-55, max(-85, self.rssi + self.random.choice((-2, 0, 0, 0, 2))))
        self.used += self.random.randrange(2_000, 90_000)
        self.own += self.random.randrange(300, 650)
        snapshot = Snapshot(
            at,
            modem=ModemView(model="EC20F", imei="356938035643809"),
            sim=SimView(state="ready", iccid="89860711790001234567", imsi="460001234567890"),
            network=NetworkView(
                registration="home",
                operator_name="CMCC",
                operator_plmn="46000",
                technology="lte",
                cell=Cell(tac="5A1B", cell_id="0A1B2C3D"),
            ),
            data=DataView(contexts=(ContextView(1, apn="cmiot", active=True),)),
            signal=Signal(rsrp_dbm=self.rsrp, rssi_dbm=self.rssi, quality="good"),
            usage=UsageView(used_bytes=self.used, own_bytes=self.own),
            plan=PlanView(quota_bytes=31_457_280, expires_on="2026-12-31"),
        )
        healthy = Assessment((), Verdict("ok", "high"))
        return record.heartbeat(
            snapshot, healthy, next_due_s=self.next_due_s, agent="0.1.0", uptime_s=at - self.boot, boot_id=BOOT_ID
        )

    def _history(self, at: int) -> Record:
        looks = []
        for minute in range(60, 0, -1):
            self.rsrp = min(-80, max(-115, self.rsrp + self.random.choice((-2, -1, 0, 0, 0, 0, 1, 2))))
            looks.append((at - 60.0 * minute, Signal(rsrp_dbm=self.rsrp), True))
        return record.history(looks, at)


def ours(
    url: str, authority: str, credential: str, keep_alive_s: str, version: str, stream_after: str, _cadence: str = ""
) -> tuple[Callable[[bytes], None], Meter]:
    meter, clock = Meter(), SystemClock()
    tls = TlsSettings(Path(authority), "1.3" if version == "1.3" else "1.2")
    settings = HttpSettings(
        url, Path(credential), tls, keep_alive_s=float(keep_alive_s), stream_after=int(stream_after)
    )
    transport = HttpTransport(settings, clock, meter)
    TENDED.append(transport)
    return lambda batch: _acknowledged(transport, batch, clock), meter


def _acknowledged(transport: HttpTransport, batch: bytes, clock: SystemClock) -> None:
    answer = transport.send(batch, Deadline.after(30.0, clock))
    if not answer.acked or answer.rejected:
        raise AssertionError(answer)


def theirs(url: str, authority: str, credential: str, mode: str) -> tuple[Callable[[bytes], None], Meter]:
    """What most agents do: requests, JSON."""
    import requests

    headers = {"Authorization": f"Bearer {Path(credential).read_text().strip()}", "Content-Type": "application/json"}
    kept = requests.Session()
    kept.trust_env = False  # else a variable may name other authorities
    kept.verify = authority

    def send(batch: bytes) -> None:
        session = kept
        if mode == "new":
            session = requests.Session()
            session.trust_env = False
            session.verify = authority
        session.post(f"{url}/v1/reports", data=batch, headers=headers, timeout=30).raise_for_status()
        if mode == "new":
            session.close()

    return send, Meter()


def standard(url: str, authority: str, credential: str) -> tuple[Callable[[bytes], None], Meter]:
    """http.client, kept, no needless header: the best that the usual libraries can."""
    import http.client
    import ssl
    from urllib.parse import urlsplit

    connection = http.client.HTTPSConnection(
        urlsplit(url).hostname or "", context=ssl.create_default_context(cafile=authority)
    )
    headers = {"Authorization": f"Bearer {Path(credential).read_text().strip()}", "Accept-Encoding": "identity"}

    def send(batch: bytes) -> None:
        connection.request("POST", "/v1/reports", batch, headers)
        connection.getresponse().read()

    return send, Meter()


def otlp(url: str, authority: str, credential: str) -> tuple[Callable[[bytes], None], Meter]:
    """The same figures as an OTLP/HTTP export has them (JSON, gzip), over requests, kept. Our centre refuses it, in
    about as many bytes as a collector takes to accept it.
    """
    import gzip

    import requests

    kept = requests.Session()
    kept.trust_env = False  # else a variable may name other authorities
    kept.verify = authority
    headers = {"Authorization": f"Bearer {Path(credential).read_text().strip()}", "Content-Type": "application/json"}

    def send(batch: bytes) -> None:
        beat = json.loads(batch)["records"][0]
        nanos = str(beat["at"] * 10**9)
        text = {key: value for key, value in beat["body"].items() if isinstance(value, str)}
        points = [
            {"name": f"posagent.{key}", "gauge": {"dataPoints": [{"timeUnixNano": nanos, "asDouble": value}]}}
            for key, value in beat["body"].items()
            if not isinstance(value, str)
        ]
        attributes = [{"key": key, "value": {"stringValue": value}} for key, value in text.items()]
        scope = [{"scope": {"name": "posagent"}, "metrics": points}]
        told = {"resourceMetrics": [{"resource": {"attributes": attributes}, "scopeMetrics": scope}]}
        kept.post(f"{url}/v1/reports", data=gzip.compress(json.dumps(told).encode()), headers=headers, timeout=30)

    return send, Meter()


def curl(url: str, authority: str, credential: str) -> tuple[Callable[[bytes], None], Meter]:
    import subprocess

    def send(batch: bytes) -> None:
        header = f"Authorization: Bearer {Path(credential).read_text().strip()}"
        command = ["curl", "-sf", "--http1.1", "--cacert", authority, "-H", header, "--data-binary", "@-"]
        subprocess.run([*command, f"{url}/v1/reports"], input=batch, check=True, capture_output=True)

    return send, Meter()


CLIENTS: dict[str, Callable[..., tuple[Callable[[bytes], None], Meter]]] = {
    "ours": ours,
    "requests": theirs,
    "standard": standard,
    "otlp": otlp,
    "curl": curl,
    "zabbix": zabbix,
    "paho": paho,
}


def commands() -> Iterator[str]:
    """Unbuffered, because between them the line is tended."""
    held = b""
    while True:
        while not select.select([0], [], [], min([60.0, *(line.tend() for line in TENDED)]))[0]:
            continue
        more = os.read(0, 4096)
        if not more:
            return
        *lines, held = (held + more).split(b"\n")
        yield from (line.decode().strip() for line in lines)


def main() -> None:
    send, meter = CLIENTS[sys.argv[1]](*sys.argv[2:])
    trace = Trace(int(sys.argv[8])) if len(sys.argv) > 8 else Trace()
    print("ready", flush=True)
    for command in commands():
        if command in ("send", "history"):
            send(trace.batch(history=command == "history"))
            print("sent", flush=True)
        else:
            sums = {purpose: traffic.total for purpose, traffic in meter.snapshot().items()}
            print(json.dumps(sums), flush=True)


if __name__ == "__main__":
    main()
