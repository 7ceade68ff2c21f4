"""Other receivers, from Debian's packages, given the same heartbeats: influxdb 1.6 and victoria-metrics.

What they promise is not the same: influxdb's write-ahead log is on the disk before it answers, as ours is;
victoria-metrics keeps the last seconds in memory. Neither knows who speaks, nor drops a repeat by its number.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.central_serve import HEARTBEAT, cpu_of, name_of, pin
from bench.load import post

_FIELDS = HEARTBEAT.model_dump(exclude_none=True)
_NUMBERS = {name: value for name, value in _FIELDS.items() if isinstance(value, int | float)}
_START = 1_790_000_000


@dataclass
class Peer:
    name: str
    pid: int
    port: int
    request: Callable[[int, int], bytes]
    """Of the number of its first heartbeat, and how many there are in it."""

    def cpu_s(self) -> float:
        return cpu_of(self.pid)


class Sequel:
    """Requests to a peer, one after the other in time."""

    def __init__(self, peer: Peer, size: int) -> None:
        self._peer, self._size, self._sent = peer, size, 0

    def more(self, number: int) -> list[bytes]:
        first, self._sent = self._sent, self._sent + number
        return [self._peer.request(one * self._size, self._size) for one in range(first, self._sent)]


def available() -> list[Callable[[Path], Iterator[Peer]]]:
    found = {"influxd": influxdb, "victoria-metrics": victoria_metrics}
    return [make for program, make in found.items() if shutil.which(program)]


def influxdb(folder: Path) -> Iterator[Peer]:
    port, other = _free_port(), _free_port()
    config = folder / "influx.conf"
    config.write_text(
        f"""reporting-disabled = true
bind-address = "127.0.0.1:{other}"
[meta]
 dir = "{folder}/influx/meta"
[data]
 dir = "{folder}/influx/data"
 wal-dir = "{folder}/influx/wal"
 query-log-enabled = false
[http]
 bind-address = "127.0.0.1:{port}"
 log-enabled = false
[monitor]
 store-enabled = false
""",
        encoding="utf-8",
    )
    with _running(["influxd", "-config", str(config)], port) as pid:
        made = urllib.parse.urlencode({"q": "CREATE DATABASE pos"}).encode()
        urllib.request.urlopen(f"http://127.0.0.1:{port}/query", made, timeout=30).close()
        yield Peer("influxdb", pid, port, _line_protocol)


def victoria_metrics(folder: Path) -> Iterator[Peer]:
    port = _free_port()
    flags = [f"-storageDataPath={folder}/vm", f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y"]
    with _running(["victoria-metrics", *flags], port) as pid:
        yield Peer("victoria-metrics", pid, port, _prometheus)


def _line_protocol(first: int, size: int) -> bytes:
    fields = ",".join(
        f'{name}="{value}"' if isinstance(value, str) else f"{name}={value}{'i' if isinstance(value, int) else ''}"
        for name, value in _FIELDS.items()
    )
    lines = [f"hb,terminal={_who(one)} {fields} {_when(one)}" for one in range(first, first + size)]
    return post("/write?db=pos&precision=s", "\n".join(lines).encode())


def _prometheus(first: int, size: int) -> bytes:
    """It keeps numbers only; texts are left out, which is to its advantage."""
    lines = [
        f'pos_{name}{{terminal="{_who(one)}"}} {value} {_when(one)}000'
        for one in range(first, first + size)
        for name, value in _NUMBERS.items()
    ]
    return post("/api/v1/import/prometheus", ("\n".join(lines) + "\n").encode())


def _who(one: int) -> str:
    return name_of(one % 2000)


def _when(one: int) -> int:
    return _START + one // 2000 * 300


@contextmanager
def _running(command: list[str], port: int) -> Iterator[int]:
    pin(0)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | {"GOMAXPROCS": "1"}, **quiet)
    pin(1)
    try:
        _wait_for(port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nothing listens on {port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
