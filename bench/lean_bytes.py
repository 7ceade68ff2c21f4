"""What one heartbeat costs over CoAP with OSCORE and over MQTT: IP bytes both ways, headers included.

    sudo python -m bench.lean_bytes [--reports 8] [--rtt-ms 100]

The same wire and the same simulated shop as bench/wire_bytes.py; a real mosquitto stands beside the centre.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from agent.clock import Deadline, SystemClock
from agent.uplink.base import Transport
from agent.uplink.coap import CoapSettings, CoapTransport
from agent.uplink.meter import Meter
from agent.uplink.mqtt import MqttSettings, MqttTransport
from agent.uplink.tls import TlsSettings
from bench.wire_bytes import HOST, TERMINAL, Place, expect, names, prepare, say
from bench.wire_client import Trace
from bench.wire_net import SERVER, Count, Wire, run_in, wire

TARGETS = {"coap": 125, "mqtt": 270}
SETTLING = 8
"""Reports until the broker's kernel has learned that an answer follows, and acknowledges with it."""
PASSWORD = "centre-password"  # noqa: S105 - of a broker that lives for a minute


def main() -> int:
    if sys.argv[1:2] == ["client"]:
        return client(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=8)
    parser.add_argument("--rtt-ms", type=float, default=100.0)
    options = parser.parse_args()
    if os.geteuid() != 0:
        print("network namespaces need root")
        return 2
    with tempfile.TemporaryDirectory() as folder, wire(options.rtt_ms / 1000) as net:
        place = Place(Path(folder))
        prepare(place)
        with names(net), broker(net, place), centre(net, place):
            print(f"{'a heartbeat, IP bytes both ways':<40}{'first':>7}{'then':>7}{'up':>6}{'down':>6}{'packets':>9}")
            coap = row(net, place, "coap+oscore", "coap", ["send"] * options.reports)
            row(net, place, "coap+oscore, with an hour of history", "coap", ["history"] * options.reports)
            mqtt = row(net, place, "mqtts, connection kept", "mqtt", ["send"] * (options.reports + SETTLING))
            paho = ("paho", HOST, place.authority, place.credential)
            others = ["send"] * options.reports
            row_of(net, "paho, MQTT 3.1.1, QoS 1, JSON, kept", "bench.wire_client", (*paho, "kept"), others)
            row_of(net, "paho, MQTT 3.1.1, a connection each", "bench.wire_client", (*paho, "new"), others[:4])
    print(f"a month at 15 minutes: {coap * 96 * 30 / 1e6:.2f} MB by coap+oscore")
    found = {"coap": coap, "mqtt": mqtt}
    missed = [f"{name} {found[name]} (at most {most})" for name, most in TARGETS.items() if found[name] > most]
    print("targets missed: " + ", ".join(missed) if missed else f"targets met: {found}, at most {TARGETS}")
    return 1 if missed else 0


def row(net: Wire, place: Place, title: str, way: str, commands: list[str]) -> int:
    return row_of(net, title, "bench.lean_bytes", ("client", way, str(place.folder)), commands)


def row_of(net: Wire, title: str, module: str, arguments: tuple[str, ...], commands: list[str]) -> int:
    """Prints it; the median of the later half."""
    child = run_in(
        net.client, sys.executable, "-m", module, *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip
    costs: list[Count] = []
    try:
        expect(child, "ready")
        for command in commands:
            before = net.settle()
            say(child, command)
            expect(child, "sent")
            costs.append(net.settle() - before)
    finally:
        child.kill()
        child.wait()
        net.settle()
    steady = costs[len(costs) // 2 :]
    up, down = median(cost.up for cost in steady), median(cost.down for cost in steady)
    then, packets = int(median(cost.total for cost in steady)), median(cost.packets for cost in steady)
    print(f"{title:<40}{costs[0].total:>7}{then:>7}{up:>6.0f}{down:>6.0f}{packets:>9.0f}", flush=True)
    return then


def client(way: str, folder: str) -> int:
    place, clock = Place(Path(folder)), SystemClock()
    transport: Transport
    if way == "coap":
        settings = CoapSettings(f"coap+oscore://{HOST}", Path(place.credential), place.folder / "coap.json")
        transport = CoapTransport(settings, clock, Meter())
    else:
        tls = TlsSettings(Path(place.authority))
        transport = MqttTransport(MqttSettings(f"mqtts://{HOST}", Path(place.credential), tls), clock, Meter())
    trace = Trace()
    print("ready", flush=True)
    for line in sys.stdin:
        answer = transport.send(trace.batch(history=line.strip() == "history"), Deadline.after(30.0, clock))
        assert answer.acked
        assert not answer.rejected
        print("sent", flush=True)
    return 0


@contextmanager
def broker(net: Wire, place: Place) -> Iterator[None]:
    folder = place.folder
    secret = Path(place.credential).read_text().strip().partition(":")[2]
    (folder / "passwords").touch()
    for name, password in (("centre", PASSWORD), (TERMINAL, secret)):
        command = ["mosquitto_passwd", "-b", str(folder / "passwords"), name, password]
        subprocess.run(command, check=True, capture_output=True)
    (folder / "broker.conf").write_text(
        f"user root\nper_listener_settings false\npassword_file {folder}/passwords\nallow_anonymous false\n"
        f"listener 8883 {SERVER}\ncertfile {folder}/leaf.pem\nkeyfile {folder}/leaf.key\nlistener 1883 127.0.0.1\n"
        "set_tcp_nodelay true\n"
    )
    running = run_in(net.server, "mosquitto", "-c", str(folder / "broker.conf"), stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        yield
    finally:
        running.kill()
        running.wait()


@contextmanager
def centre(net: Wire, place: Place) -> Iterator[None]:
    folder = place.folder
    (folder / "mqtt-password").write_text(PASSWORD)
    served = run_in(
        net.server, sys.executable, "-m", "central.cli", "serve", "--listen", "127.0.0.1:8480",
        "--database", str(folder / "central.db"), "--rate-per-minute", "0", "--coap-listen", f"{SERVER}:5683",
        "--mqtt-url", "mqtt://centre@127.0.0.1",
        "--mqtt-password-file", str(folder / "mqtt-password"), stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert served.stderr is not None
        seen = ""
        while "at the broker" not in seen or "udp port" not in seen:
            line = served.stderr.readline()
            if not line:
                raise RuntimeError(f"the centre did not start: {seen}")
            seen += line
        yield
    finally:
        served.kill()
        served.wait()


if __name__ == "__main__":
    sys.exit(main())
