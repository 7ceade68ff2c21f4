"""What others make of the same heartbeat, for bench/wire_bytes.py and bench/lean_bytes.py: Zabbix's own sender over
TLS-PSK, and MQTT 3.1.1 with paho as most write it (JSON, QoS 1, keepalive 60 s).

The sender is the real one; the trapper behind stunnel is played here, since only its short answer counts.

    python -m bench.wire_others trapper PORT
"""

import json
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.uplink.meter import Meter
from bench.wire_net import SERVER, Wire, run_in

ZABBIX_PORT, TRAPPER_PORT = 10051, 10052
IDENTITY = "POS-004217"
Client = tuple[Callable[[bytes], None], Meter]


def has_zabbix() -> bool:
    return bool(shutil.which("zabbix_sender") and shutil.which("stunnel"))


@contextmanager
def trapper(net: Wire, folder: Path) -> Iterator[None]:
    """A trapper under TLS-PSK at the server's end."""
    key = secrets.token_hex(32)
    (folder / "psk.hex").write_text(key)
    (folder / "psk.txt").write_text(f"{IDENTITY}:{key}\n")
    (folder / "psk.txt").chmod(0o600)
    (folder / "stunnel.conf").write_text(
        f"foreground = yes\npid =\n[zabbix]\naccept = {SERVER}:{ZABBIX_PORT}\nconnect = 127.0.0.1:{TRAPPER_PORT}\n"
        f"ciphers = PSK\nPSKsecrets = {folder}/psk.txt\n"
    )
    running = [
        run_in(net.server, sys.executable, "-m", "bench.wire_others", "trapper", str(TRAPPER_PORT)),
        run_in(net.server, "stunnel", str(folder / "stunnel.conf"), stderr=subprocess.DEVNULL),
    ]
    try:
        time.sleep(1.5)
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def zabbix(key_file: str) -> Client:
    """One run of zabbix_sender a heartbeat, all of its items in it."""
    command = ["zabbix_sender", "-z", SERVER, "-p", str(ZABBIX_PORT), "-i", "-", "--tls-connect", "psk"]
    command += ["--tls-psk-identity", IDENTITY, "--tls-psk-file", key_file]

    def send(batch: bytes) -> None:
        body = json.loads(batch)["records"][0]["body"]
        lines = "".join(f'"{IDENTITY}" posagent.{key} "{value}"\n' for key, value in body.items())
        subprocess.run(command, input=lines.encode(), check=True, capture_output=True, timeout=30)

    return send, Meter()


def paho(host: str, authority: str, credential: str, mode: str) -> Client:
    """`mode`: kept, or a connection each."""
    from paho.mqtt import client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    name, _, password = Path(credential).read_text().strip().partition(":")

    def joined() -> mqtt.Client:
        made = mqtt.Client(CallbackAPIVersion.VERSION2, f"other-{name}", protocol=mqtt.MQTTv311)
        made.tls_set(authority)
        made.username_pw_set(name, password)
        ready = threading.Event()
        made.on_connect = lambda *_: ready.set()
        made.connect(host, 8883, 60)
        made.loop_start()
        if not ready.wait(20):
            raise AssertionError("no connection to the broker")
        return made

    kept = joined() if mode == "kept" else None

    def send(batch: bytes) -> None:
        line = kept or joined()
        line.publish(f"other/{name}/status", batch, qos=1).wait_for_publish(20)
        if kept is None:
            line.disconnect()
            line.loop_stop()

    return send, Meter()


def serve(port: int) -> None:
    """Zabbix's header is "ZBXD", one byte of flags, and two lengths of four bytes, the second of which is reserved."""
    said = b'{"response":"success","info":"processed: 20; failed: 0; total: 20; seconds spent: 0.000255"}'
    with socket.create_server(("127.0.0.1", port)) as listening:
        while True:
            held, _ = listening.accept()
            with held, held.makefile("rb") as incoming:
                head = incoming.read(13)
                if len(head) == 13:
                    incoming.read(struct.unpack("<I", head[5:9])[0])
                    held.sendall(b"ZBXD\x01" + struct.pack("<II", len(said), 0) + said)


if __name__ == "__main__":
    serve(int(sys.argv[2]))
