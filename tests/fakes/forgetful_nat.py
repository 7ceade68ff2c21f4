"""Run by test_forgetful_nat in namespaces of its own: reports through a relay that forgets a silent connection without
telling anybody, as carriers do. Prints, for each silence, what it cost the line and what was learned.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from agent.clock import Deadline, SystemClock
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from bench.wire_net import SERVER, Wire, run_in, wire
from central import auth
from central.store.sqlite import SqliteStore

FORGETS_S = 2.0
PORT = 8480


def main() -> None:
    with tempfile.TemporaryDirectory() as name, wire(0.02, forgets_after_s=FORGETS_S) as net:
        folder = Path(name)
        credential = prepare(folder)
        served = run_in(
            net.server, sys.executable, "-m", "central.cli", "serve", "--listen", f"{SERVER}:{PORT}",
            "--database", str(folder / "central.db"), "--operator-token-file", str(folder / "token"),
            "--rate-per-minute", "0", stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert served.stderr is not None
            while "listening on" not in (line := served.stderr.readline()):
                assert line, "the centre did not start"
            lives = (("1", 1), ("60", 101), ("tended", 201))
            told = {probe: lived(net, credential, probe, first) for probe, first in lives}
        finally:
            served.kill()
            served.wait()
        store = SqliteStore(folder / "central.db")
        rows = asyncio.run(store.reports("shop-1", limit=100))
        store.close()
    sys.stdout.write(json.dumps({"lives": told, "stored": sorted(row.position.seq for row in rows)}) + "\n")


def prepare(folder: Path) -> Path:
    secret = auth.new_secret()
    store = SqliteStore(folder / "central.db")
    asyncio.run(store.add_terminal("shop-1", "", auth.digest(secret), 0))
    store.close()
    (folder / "token").write_text("0123456789abcdef")
    credential = folder / "credential"
    credential.write_text(f"shop-1:{secret}\n")
    credential.chmod(0o600)
    return credential


def batch(seq: int, at: int) -> bytes:
    """The next one is due so soon that the connection is worth its probes."""
    body = {"next_due_s": 4, "agent": "0.1.0", "verdict": "ok"}
    record = {"seq": seq, "type": "heartbeat", "at": at, "body": body}
    return json.dumps({"v": 1, "epoch": "00112233445566aa", "sent_at": at, "records": [record]}).encode()


def lived(net: Wire, credential: Path, probe_s: str, first: int) -> dict[str, object]:
    command = (sys.executable, "-m", "tests.fakes.forgetful_nat", "client", str(credential), probe_s, str(first))
    child = run_in(net.client, *command, stdout=subprocess.PIPE)
    said, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    told: dict[str, object] = json.loads(said)
    return told


def client(credential: str, probe_s: str, first: int) -> None:
    """Two reports, a silence between them of twice what the relay bears. `probe_s`: "tended" is 1, seen to by us."""
    clock, meter = SystemClock(), Meter()
    settings = HttpSettings(
        f"http://{SERVER}:{PORT}", Path(credential), allow_plain_http=True,
        keep_alive_s=1.0 if probe_s == "tended" else float(probe_s),
    )  # fmt: skip
    transport = HttpTransport(settings, clock, meter)
    for seq in (first, first + 1):
        answer = transport.send(batch(seq, int(clock.wall())), Deadline.after(9.0, clock))
        assert answer.acked == 1
        until = clock.monotonic() + (2 * FORGETS_S if seq == first else 0.0)
        while (left := until - clock.monotonic()) > 0:
            clock.wait(min(left, transport.tend()) if probe_s == "tended" else left, threading.Event())
    by_purpose = {purpose: traffic.total for purpose, traffic in meter.snapshot().items()}
    sys.stdout.write(json.dumps({"meter": by_purpose, "lost_s": transport.patience.lost_s}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["client"]:
        client(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
