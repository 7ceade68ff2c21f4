"""What the centre's benches share: a served centre on a core of its own, terminals in its database, reports to send."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from agent.wire import HeartbeatBody
from bench.load import post
from central import auth
from central.session import Sessions
from central.store.opening import open_store

CORES = sorted(os.sched_getaffinity(0))
KEY = "k" * 43
EPOCH = "0123456789abcdef"
HEARTBEAT = HeartbeatBody(
    next_due_s=900, agent="0.1.0", verdict="ok", iccid="89860000000000000000", operator="CMCC", rsrp_dbm=-95.0,
    quality="good", used_bytes=12_345_678, quota_bytes=31_457_280, expires_on="2026-12-31", boot_id="3f2a",
)  # fmt: skip
_BODY = HEARTBEAT.model_dump_json(exclude_none=True)
_TICKS = os.sysconf("SC_CLK_TCK")


def pin(core: int) -> None:
    os.sched_setaffinity(0, {CORES[core % len(CORES)]})


def name_of(number: int) -> str:
    return f"terminal-{number:07}"


def secret_of(number: int) -> str:
    return f"{number:043}"


def register(database: str, count: int, first: int = 0) -> None:
    """Terminals `first` to `count` - 1, in the database itself: 100,000 in a second or two."""
    open_store(database).close()  # migrated
    rows = [(name_of(one), "", auth.digest(secret_of(one)), 0) for one in range(first, count)]
    statement = "INSERT INTO terminals (id, name, secret_sha256, created_at) VALUES ({0}, {0}, {0}, {0})"
    if database.startswith("postgresql"):
        with psycopg.connect(database) as raw, raw.cursor() as cursor:
            cursor.executemany(statement.format("%s").encode(), rows)
        return
    import sqlite3

    with sqlite3.connect(database) as connection:
        connection.executemany(statement.format("?"), rows)
    connection.close()


@dataclass
class Served:
    process: "subprocess.Popen[str]"
    port: int
    lineage: bytes
    """What sessions of old credentials are bound to, as those are that `register` makes."""

    def cpu_s(self) -> float:
        return cpu_of(self.process.pid)

    def thread_us(self) -> dict[int, float]:
        """CPU time of each thread, by its number; that of the loop is the lowest."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return {int(one.name): int((one / "schedstat").read_text(encoding="ascii").split()[0]) / 1e3 for one in tasks}

    def rss_mb(self) -> float:
        return rss_of(self.process.pid)

    def written_kb(self) -> float:
        """Handed to files and sockets."""
        told = Path(f"/proc/{self.process.pid}/io").read_text(encoding="ascii")
        return int(told.split("wchar: ")[1].split()[0]) / 1024

    def metric(self, name: str) -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60) as answer:
            text = answer.read().decode()
        return sum(float(value) for value in re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", text, re.M))


@contextmanager
def serve(database: str, folder: Path) -> Iterator[Served]:
    """On the first core, with all its threads; whoever calls goes on on the second."""
    key = folder / "session.key"
    key.write_text(KEY, encoding="ascii")
    key.chmod(0o600)
    command = [sys.executable, "-m", "central.cli", "serve", "--database", database, "--listen", "127.0.0.1:0"]
    pin(0)
    process = subprocess.Popen(
        [*command, "--rate-per-minute", "0", "--session-key-file", str(key)], stderr=subprocess.PIPE, text=True
    )
    pin(1)
    try:
        assert process.stderr
        for line in process.stderr:
            if found := re.search(r"listening on http://127\.0\.0\.1:(\d+)", line):
                yield Served(process, int(found[1]), _lineage(database))
                return
        raise SystemExit("the server did not start")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _lineage(database: str) -> bytes:
    store = open_store(database)
    try:
        found = asyncio.run(store.lineage("", int(time.time())))
    finally:
        store.close()
    assert found
    return found


def cpu_of(pid: int) -> float:
    """Seconds, of the process and all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def rss_of(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    assert found
    return int(found[1]) / 1024


def batch(first_seq: int, size: int, now: int) -> bytes:
    records = ",".join(
        f'{{"seq":{first_seq + one},"type":"heartbeat","at":{now - 900 * (size - 1 - one)},"body":{_BODY}}}'
        for one in range(size)
    )
    return f'{{"v":1,"epoch":"{EPOCH}","sent_at":{now},"records":[{records}]}}'.encode()


class Reports:
    """Requests that follow on each other: each terminal of `terminals` in turn, its numbers growing. Over sessions that
    are bound to `lineage`; None: each shows its credential.
    """

    def __init__(self, terminals: Sequence[int], size: int, lineage: bytes | None, first_seq: int = 1) -> None:
        self._terminals, self._size, self._lineage = terminals, size, lineage
        self._sessions = Sessions(time.time, KEY.encode())
        self._sent, self._first_seq = 0, first_seq

    def more(self, number: int) -> list[bytes]:
        now = int(time.time())
        return [self._one(now) for _ in range(number)]

    def _one(self, now: int) -> bytes:
        turn, place = divmod(self._sent, len(self._terminals))
        self._sent += 1
        who = self._terminals[place]
        body = batch(self._first_seq + turn * self._size, self._size, now)
        if self._lineage:
            return post("/~" + self._sessions.issue(name_of(who), self._lineage), body)
        return post("/v1/reports", body, f"Authorization: Bearer {name_of(who)}:{secret_of(who)}")


def written(found: dict[str, object]) -> None:
    print(json.dumps(found), flush=True)
