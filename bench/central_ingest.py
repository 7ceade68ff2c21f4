"""How many durable single-heartbeat requests a second the centre takes, against raw SQLite inserts of the same run.

    python -m bench.central_ingest [--requests 30000] [--connections 64] [--terminals 2000]

The server runs in a process of its own on the first core, the load on the second. The raw number is what SQLite itself
does with the same key, the same row and as many rows a commit as the server's group commit made. Prints ratios, because
absolute numbers say more about the disk than about us.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from agent.wire import Batch, HeartbeatBody, ReportRecord
from central import auth
from central.store.sqlite import SqliteStore, connect

CORES = sorted(os.sched_getaffinity(0))
HEARTBEAT = HeartbeatBody(
    next_due_s=900, agent="0.1.0", verdict="ok", iccid="89860000000000000000", operator="CMCC", rsrp_dbm=-95.0,
    quality="good", used_bytes=12_345_678, quota_bytes=31_457_280, expires_on="2026-12-31", boot_id="3f2a",
)  # fmt: skip


@dataclass
class Load:
    requests: int = 0
    refused: int = 0


def request(credential: str, seq: int) -> bytes:
    body = HEARTBEAT.model_dump(exclude_none=True)
    record = ReportRecord(seq=seq, type="heartbeat", at=int(time.time()), body=body)
    batch = Batch(epoch="0123456789abcdef", sent_at=int(time.time()), records=[record]).model_dump_json().encode()
    head = ["POST /v1/reports HTTP/1.1", "Host: c", f"Authorization: Bearer {credential}"]
    return "\r\n".join([*head, f"Content-Length: {len(batch)}", "", ""]).encode() + batch


def prepare(credentials: list[str], requests: int) -> list[bytes]:
    return [
        request(credentials[number % len(credentials)], 1 + number // len(credentials)) for number in range(requests)
    ]


async def speak(port: int, prepared: list[bytes], load: Load) -> None:
    """One connection: requests one after the other, each after the answer to the one before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for data in prepared:
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head)[1])  # type: ignore[index]
        await reader.readexactly(length)
        load.requests += 1
        load.refused += not head.startswith(b"HTTP/1.1 200")
    writer.close()


async def drive(port: int, credentials: list[str], connections: int, total: int) -> tuple[Load, float]:
    load = Load()
    share = [prepare(credentials[number::connections], total // connections) for number in range(connections)]
    tasks = [speak(port, mine, load) for mine in share]
    started = time.perf_counter()
    await asyncio.gather(*tasks)
    return load, time.perf_counter() - started


async def register(path: Path, count: int) -> list[str]:
    store = SqliteStore(path)
    secrets = [(f"terminal-{number:06}", auth.new_secret()) for number in range(count)]
    await asyncio.gather(*(store.add_terminal(name, "", auth.digest(secret), 0) for name, secret in secrets))
    store.close()
    return [f"{name}:{secret}" for name, secret in secrets]


def raw(path: Path, terminals: int, rows: int, per_commit: int) -> float:
    """Rows a second of the same table, key and size, `per_commit` rows a commit."""
    body = HEARTBEAT.model_dump_json(exclude_none=True)
    connection = connect(path)
    connection.execute(
        """CREATE TABLE raw (terminal TEXT, epoch_number INTEGER, seq INTEGER, type TEXT, at INTEGER,
        happened_at INTEGER, received_at INTEGER, body TEXT, PRIMARY KEY (terminal, epoch_number, seq))
        STRICT, WITHOUT ROWID"""
    )
    statement = "INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    started = time.perf_counter()
    for first in range(0, rows, per_commit):
        connection.execute("BEGIN IMMEDIATE")
        for number in range(first, min(first + per_commit, rows)):
            name, now = f"terminal-{number % terminals:06}", 1_790_000_000
            connection.execute(statement, (name, 1, 1 + number // terminals, "heartbeat", now, now, now, body))
        connection.execute("COMMIT")
    taken = time.perf_counter() - started
    connection.close()
    return rows / taken


def metric(port: int, name: str) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return float(re.search(rf"^{name} (\S+)$", text, re.M)[1])  # type: ignore[index]


def serve(path: Path) -> tuple[subprocess.Popen[str], int]:
    command = [sys.executable, "-m", "central.cli", "serve", "--database", str(path), "--listen", "127.0.0.1:0"]
    pin(0)  # the child starts where its parent is, with all its threads
    process = subprocess.Popen([*command, "--rate-per-minute", "0"], stderr=subprocess.PIPE, text=True)
    assert process.stderr
    for line in process.stderr:
        if found := re.search(r"listening on http://127\.0\.0\.1:(\d+)", line):
            return process, int(found[1])
    raise SystemExit("the server did not start")


def pin(core: int) -> None:
    os.sched_setaffinity(0, {CORES[core % len(CORES)]})


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=30_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--terminals", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "central.db"
        credentials = asyncio.run(register(path, options.terminals))
        process, port = serve(path)
        pin(1)
        load, taken = asyncio.run(drive(port, credentials, options.connections, options.requests))
        commits, jobs = (metric(port, f"posagent_central_commit{what}_total") for what in ("s", "_jobs"))
        cpu = cpu_seconds(process.pid)
        process.send_signal(signal.SIGTERM)
        process.wait(5)
        held = sqlite3.connect(path).execute("SELECT count(*) FROM reports").fetchone()[0]
        assert held == load.requests - load.refused, "acknowledged and stored differ"
        per_commit = max(1, round(jobs / commits))
        pin(0)
        raw_rate = raw(Path(folder) / "raw.db", options.terminals, options.requests, per_commit)
    rate = load.requests / taken
    facts = {"requests_per_s": round(rate), "refused": load.refused, "rows_per_commit": per_commit,
             "server_cpu_us_per_request": round(cpu / load.requests * 1e6),
             "raw_inserts_per_s": round(raw_rate), "ratio_to_raw": round(rate / raw_rate, 3)}  # fmt: skip
    print(json.dumps(facts))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
