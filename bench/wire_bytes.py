"""What one heartbeat costs the data card: IP bytes both ways, headers included, ours beside what else is used.

    sudo python -m bench.wire_bytes [--reports 8] [--rtt-ms 100] [--no-timestamps]

The real centre serves HTTPS in one network namespace, each client runs in another, and every packet between them is
counted (bench/wire_net.py). requests and zabbix_sender are compared with where they are installed. The months are
worked out from that, for NATs that forget a silent connection after so many seconds.
"""

import argparse
import asyncio
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from agent.uplink.pace import KEEP_ALIVE_B, probes, worth_keeping
from agent.uplink.patience import Patience
from agent.uplink.stream import PROVEN
from bench.wire_net import SERVER, Count, Wire, run_in, wire
from bench.wire_others import has_zabbix, trapper
from central import auth
from central.store.sqlite import SqliteStore

HOST, TERMINAL = "centre.example", "POS-004217"
URL = f"https://{HOST}"
DAYS = 30
NATS = (240, 300, 600, 1200, 3600)
LOST_B = 1100
"""Said into a NAT that has forgotten us, before it is noticed: six repetitions."""
SESSION_S = 7200
"""So long a TLS session may be resumed at the centre itself; behind nginx as documented a day."""
TARGETS = {"kept": 330, "posted": 330, "resumed": 1400, "month": 1_800_000}


@dataclass(frozen=True)
class Place:
    folder: Path

    @property
    def authority(self) -> str:
        return str(self.folder / "authority.pem")

    @property
    def credential(self) -> str:
        return str(self.folder / "credential")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=8)
    parser.add_argument("--rtt-ms", type=float, default=100.0)
    parser.add_argument("--no-timestamps", action="store_true", help="TCP timestamps off, as a server may have them")
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("network namespaces need root")
        return 2
    with (
        tempfile.TemporaryDirectory() as folder,
        wire(options.rtt_ms / 1000, timestamps=not options.no_timestamps) as net,
    ):
        place = Place(Path(folder))
        prepare(place)
        with names(net), centre(net, place):
            return told(net, place, options.reports, KEEP_ALIVE_B - 24 * options.no_timestamps)


def told(net: Wire, place: Place, reports: int, keep_alive_b: int) -> int:
    print(f"{'a heartbeat, IP bytes both ways':<58}{'first':>7}{'then':>7}{'up':>6}{'down':>6}{'packets':>9}")
    common = (URL, place.authority, place.credential)
    ours = {"keep_alive": keep_alive_b}
    for name, arguments, title in (
        ("kept", ("225", "1.2", "1"), "posagent, connection kept, as a stream"),
        ("posted", ("225", "1.2", "0"), "posagent, connection kept, by POST"),
        ("posted13", ("225", "1.3", "0"), "posagent, connection kept, by POST, TLS 1.3"),
        ("resumed", ("0", "1.2", "0"), "posagent, connection resumed each time"),
        ("resumed13", ("0", "1.3", "0"), "posagent, connection resumed each time, TLS 1.3"),
    ):
        first, ours[name] = row(net, title, ("ours", *common, *arguments), ["send"] * reports)
        ours.setdefault("full", first)
    once = ("ours", *common, "225", "1.2", "2")
    asked = row(net, "posagent, by POST and asking for a stream", once, ["send"] * 2)[1]
    ours["upgrade"] = asked - ours["posted"]
    hours = ("ours", *common, "225", "1.2", "1")
    ours["history"] = row(net, "posagent, a stream, with an hour of history", hours, ["history"] * reports)[1]
    row(net, "http.client, kept, fewest headers, JSON", ("standard", *common), ["send"] * reports)
    row(net, "curl, a process each, JSON", ("curl", *common), ["send"] * min(reports, 4))
    if importlib.util.find_spec("requests"):
        row(net, "requests, Session kept, JSON", ("requests", *common, "kept"), ["send"] * reports)
        row(net, "requests, a Session each, JSON", ("requests", *common, "new"), ["send"] * min(reports, 4))
        row(net, "OTLP/HTTP as JSON, gzip, kept", ("otlp", *common), ["send"] * reports)
    else:
        print("(requests is not installed: not compared)")
    if has_zabbix():
        with trapper(net, place.folder):
            key_file = str(place.folder / "psk.hex")
            row(net, "zabbix_sender, TLS-PSK, a process each", ("zabbix", key_file), ["send"] * min(reports, 4))
    else:
        print("(zabbix_sender or stunnel is not installed: not compared)")
    return verdict(ours)


def verdict(ours: dict[str, int]) -> int:
    print("a month of 30 days, with keep-alives, history, a reconnection a day and what learning costs, in MB")
    print(f"{'':<18}" + "".join(f"{f'NAT {nat} s':>12}" for nat in NATS))
    by_post = ours | {
        "kept": ours["posted"],
        "upgrade": 0,
        "full": ours["full"] - ours["upgrade"],
        "history": ours["history"] + ours["posted"] - ours["kept"],
    }
    for minutes in (5, 15, 60):
        for way, costs in (("as a stream", ours), ("by POST", by_post)):
            cells = "".join(f"{month(costs, minutes, nat) / 1e6:>12.2f}" for nat in NATS)
            print(f"{minutes:>3} min {way:<11}" + cells)
    found = {"kept": ours["kept"], "posted": ours["posted"], "resumed": ours["resumed"]}
    found["month"] = max(month(ours, 15, nat) for nat in NATS)
    met = {name: f"{name} {found[name]} (at most {most})" for name, most in TARGETS.items()}
    missed = [met[name] for name, most in TARGETS.items() if found[name] > most]
    print("targets missed: " + ", ".join(missed) if missed else "targets met: " + ", ".join(met.values()))
    return 1 if missed else 0


def month(ours: dict[str, int], minutes: int, nat_s: float) -> int:
    """As `agent.uplink.patience` and `agent.uplink.stream` would live through it."""
    every_s, patience, spent, posted, session_s = minutes * 60.0, Patience(), 0, 0, 0.0
    for _ in range(DAYS * 1440 // minutes):
        if not worth_keeping(every_s, patience.idle_s):
            session_s = 0.0 if session_s + every_s >= SESSION_S else session_s + every_s
            spent += ours["resumed"] if session_s else ours["full"] - ours["upgrade"]
        elif min(patience.idle_s, every_s) < nat_s:
            posted += 1
            spent += ours["posted"] if posted <= PROVEN else ours["kept"]
            spent += ours["upgrade"] if posted == PROVEN else 0
            spent += probes(every_s, patience.idle_s) * ours["keep_alive"]
            patience = patience.survived(every_s)
        else:
            spent += ours["resumed"] + LOST_B
            patience, posted = patience.lost(), 0
    hours = min(DAYS * 24, DAYS * 1440 // minutes)
    is_kept = worth_keeping(every_s, patience.idle_s)
    # a day later no session is left to resume; "full" has its upgrade
    anew = ours["full"] + PROVEN * (ours["posted"] - ours["kept"]) - ours["kept"] if is_kept else 0
    return spent + hours * (ours["history"] - ours["kept"]) + DAYS * anew


def row(net: Wire, title: str, arguments: tuple[str, ...], commands: list[str]) -> tuple[int, int]:
    """Prints it; the first, and the median of all but that."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    child = run_in(
        net.client, sys.executable, "-m", "bench.wire_client", *arguments,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
    )  # fmt: skip
    try:
        expect(child, "ready")
        costs: list[Count] = []
        for command in commands:
            before = net.settle()
            say(child, command)
            expect(child, "sent")
            costs.append(net.settle() - before)
    finally:
        child.kill()
        child.wait()
        net.settle()
    steady = costs[2:] or costs[1:] or costs
    up, down = median(cost.up for cost in steady), median(cost.down for cost in steady)
    packets = median(cost.packets for cost in steady)
    then = int(median(cost.total for cost in steady))
    print(f"{title:<58}{costs[0].total:>7}{then:>7}{up:>6.0f}{down:>6.0f}{packets:>9.0f}", flush=True)
    return costs[0].total, then


def say(child: "subprocess.Popen[str]", command: str) -> None:
    assert child.stdin is not None
    child.stdin.write(command + "\n")
    child.stdin.flush()


def expect(child: "subprocess.Popen[str]", word: str) -> str:
    assert child.stdout is not None
    line = child.stdout.readline().strip()
    if word and line != word:
        raise RuntimeError(f"the client said {line!r}, not {word!r}")
    return line


def prepare(place: Place) -> None:
    """A P-256 authority and leaf, a registered terminal, an operator's token."""
    make_certificate(place.folder)
    secret = auth.new_secret()
    store = SqliteStore(place.folder / "central.db")
    asyncio.run(store.add_terminal(TERMINAL, "", auth.digest(secret), 0))
    store.close()
    credential = Path(place.credential)
    credential.write_text(f"{TERMINAL}:{secret}\n")
    credential.chmod(0o600)
    (place.folder / "token").write_text("0123456789abcdef")


def make_certificate(folder: Path) -> None:
    (folder / "leaf.ext").write_text(
        f"subjectAltName=DNS:{HOST},IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
    )
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for command in (
        ("req", "-x509", *curve, "-keyout", "ca.key", "-out", "authority.pem", "-days", "30", "-subj", "/CN=Bench"),
        ("req", *curve, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", f"/CN={HOST}"),
        ("x509", "-req", "-in", "leaf.csr", "-CA", "authority.pem", "-CAkey", "ca.key", "-CAcreateserial",
         "-days", "30", "-extfile", "leaf.ext", "-out", "leaf.pem"),
    ):  # fmt: skip
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)


@contextmanager
def names(net: Wire) -> Iterator[None]:
    """`ip netns exec` shows /etc/netns/<name>/hosts as /etc/hosts."""
    folder = Path("/etc/netns") / net.client
    folder.mkdir(parents=True)
    (folder / "hosts").write_text(f"{SERVER} {HOST}\n")
    try:
        yield
    finally:
        (folder / "hosts").unlink()
        folder.rmdir()


@contextmanager
def centre(net: Wire, place: Place) -> Iterator[None]:
    folder = place.folder
    served = run_in(
        net.server, sys.executable, "-m", "central.cli", "serve", "--listen", f"{SERVER}:443",
        "--database", str(folder / "central.db"), "--operator-token-file", str(folder / "token"),
        "--tls-cert", str(folder / "leaf.pem"), "--tls-key", str(folder / "leaf.key"), "--rate-per-minute", "0",
        stderr=subprocess.PIPE,
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


def usage_of(child: "subprocess.Popen[str]") -> dict[str, int]:
    """What the client's own meter says, by purpose."""
    say(child, "usage")
    plain: dict[str, int] = json.loads(expect(child, ""))
    return plain


if __name__ == "__main__":
    sys.exit(main())
