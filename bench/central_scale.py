"""What a fleet's size costs: a report, the memory of the centre, its pages, with 1,000 to 1,000,000 terminals
registered and heard of (each has a credential, an epoch, a state and a report).

    python -m bench.central_scale [--sizes 1000,10000,100000,1000000] [--requests 20000] [--database postgres]

A million take three gigabytes of disk and some minutes, most of which the centre spends on its first look at everybody.

The reports measured come from terminals picked at random out of all of them, once what the centre does when it starts
is done: `first_look_cpu_s` is where it has never seen these terminals, `start_cpu_s` where it is started again. The
cost of a report is the CPU time of the server, and is given as a ratio to the smallest fleet of the same run, beside
the same ratio of raw SQLite, with one table of the same key, and with a row of each terminal's state besides: rows of
many terminals lie on many pages. `written_kb_each`
is what the server wrote for a report, log and checkpoints included. On a busy machine look at `ratio_at_equal_speed`:
CPU times in units of `core_ms`, a fixed piece of work done before and after.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from bench.central_ingest import RAW, RAW_ROW
from bench.central_serve import EPOCH, HEARTBEAT, Reports, Served, core_ms, name_of, pin, register, serve, written
from bench.load import drive
from central.store.base import Delivery, NewHeartbeat, NewReport
from central.store.core import SqlStore
from central.store.opening import open_store
from central.store.sqlite import connect
from tests.fakes.postgres import Cluster

_BODY = HEARTBEAT.model_dump_json(exclude_none=True)
_PAGES = ("/", "/terminals", "/api/v1/terminals?limit=100")
_ASKED = 7


async def heard_of(store: SqlStore, terminals: Sequence[int]) -> None:
    """Each has reported once, an hour ago at most."""
    now = int(time.time())

    def first(who: int) -> Delivery:
        at = now - who % 800
        beat = NewHeartbeat(1, 900, at + 900, "ok", "ok", "8986", _BODY)
        return Delivery(name_of(who), EPOCH, at, 0, (NewReport(1, "heartbeat", at, at, _BODY),), heartbeat=beat)

    for start in range(0, len(terminals), 5000):
        await asyncio.gather(*(store.commit(first(who)) for who in terminals[start : start + 5000]))


_FILLED = (
    """INSERT INTO epochs (terminal, epoch, number, first_heard)
SELECT id, :epoch, 1, :now - 900 FROM terminals WHERE id >= :first""",
    """INSERT INTO terminal_state (terminal, last_heard, clock_skew_s, repeats, epoch, epoch_number, block, bits,
heartbeat_epoch, heartbeat_seq, heartbeat_at, interval_s, next_due, verdict, severity, iccid, heartbeat)
SELECT id, at, 0, 0, :epoch, 1, 0, 2, 1, 1, at, 7200, at + 7200, 'ok', 'ok', '8986', :body
FROM (SELECT id, :now - abs(random() % 900) AS at FROM terminals WHERE id >= :first)""",
    """INSERT INTO reports (terminal, epoch_number, seq, type, at, happened_at, received_at, body)
SELECT terminal, 1, 1, 'heartbeat', last_heard, last_heard, last_heard, :body FROM terminal_state
WHERE terminal >= :first ORDER BY terminal""",
)
"""As `heard_of` leaves it, in seconds for a million; due again in two hours, when all is measured."""


def fill(path: Path, first: str) -> None:
    connection = connect(path)
    for statement in _FILLED:
        connection.execute(statement, {"epoch": EPOCH, "now": int(time.time()), "body": _BODY, "first": first})
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def grow(database: str, before: int, size: int) -> None:
    register(database, size, before)
    if not database.startswith("postgresql"):
        fill(Path(database), name_of(before))
        return
    store = open_store(database)
    asyncio.run(heard_of(store, range(before, size)))
    store.close()


def settled(served: Served) -> float:
    """Waits for three quiet seconds; the CPU seconds spent since the start. On a busy machine who works hard may get a
    twentieth of a core.
    """
    quiet = 0
    while quiet < 3:
        before = served.cpu_s()
        time.sleep(1)
        quiet = quiet + 1 if served.cpu_s() - before <= 0.03 else 0
    return before


def page_ms(served: Served, page: str) -> float:
    """Median of the CPU time the server spends on it."""
    url = f"http://127.0.0.1:{served.port}{page}"
    found = []
    for _ in range(_ASKED):
        before, started = served.cpu_s(), time.perf_counter()
        with urllib.request.urlopen(url, timeout=120) as answer:
            answer.read()
        found.append(max(served.cpu_s() - before, 0.0) or time.perf_counter() - started)
    return statistics.median(found) * 1000


def cost(served: Served, size: int, requests: int, connections: int) -> tuple[float, float, float]:
    """CPU microseconds a report, KB written for each, and reports a second."""
    picked = random.Random(size).sample(range(size), min(size, 20_000))
    reports = Reports(picked, 1, served.lineage, first_seq=2)
    drive(served.port, reports.more(len(picked)), connections)  # each has been heard of by this process
    prepared = reports.more(requests)
    before, written_before = served.cpu_s(), served.written_kb()
    load = drive(served.port, prepared, connections)
    if load.refused:
        raise SystemExit(f"{load.refused} requests were refused")
    spent, wrote = served.cpu_s() - before, served.written_kb() - written_before
    return spent / load.requests * 1e6, wrote / load.requests, load.per_s


_STATE = "CREATE TABLE state (terminal TEXT NOT NULL PRIMARY KEY, heard INTEGER, heartbeat TEXT) STRICT"
_STATE_ROW = "UPDATE state SET heard = ?, heartbeat = ? WHERE terminal = ?"


def raw_us(folder: Path, size: int, rows: int, *, with_state: bool) -> float:
    """CPU microseconds of SQLite itself for such a row, with as many terminals in its table, 30 rows a commit; and with
    a row of the terminal's state besides, which each report changes.
    """
    path = folder / f"raw{size}.db"
    connection = connect(path)
    connection.execute(RAW)
    connection.execute(_STATE)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(RAW_ROW, ((name_of(one), 1, _BODY) for one in range(size)))
    connection.executemany("INSERT INTO state VALUES (?, 1, ?)", ((name_of(one), _BODY) for one in range(size)))
    connection.execute("COMMIT")
    picked = random.Random(size)
    values = [(name_of(picked.randrange(size)), 2 + one, _BODY) for one in range(rows)]
    states = [(seq, body, terminal) for terminal, seq, body in values]
    started = time.process_time()
    for first in range(0, rows, 30):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(RAW_ROW, values[first : first + 30])
        if with_state:
            connection.executemany(_STATE_ROW, states[first : first + 30])
        connection.execute("COMMIT")
    spent = time.process_time() - started
    connection.close()
    path.unlink()
    return spent / rows * 1e6


def measure(database: str, folder: Path, sizes: Sequence[int], requests: int, connections: int) -> None:
    smallest, smallest_core, before = 0.0, 0.0, 0
    smallest_raw = [0.0, 0.0]
    for size in sizes:
        grow(database, before, size)
        before = size
        with serve(database, folder) as served:
            looked = settled(served)
        with serve(database, folder) as served:
            started = settled(served)
            idle = served.rss_mb()
            core = core_ms()
            cpu, wrote, per_s = cost(served, size, requests, connections)
            core = (core + core_ms()) / 2
            smallest, smallest_core = smallest or cpu, smallest_core or core
            alone = [raw_us(folder, size, requests, with_state=state) for state in (False, True)]
            smallest_raw = smallest_raw if any(smallest_raw) else alone
            grown = [round(now / was, 2) for now, was in zip(alone, smallest_raw, strict=True)]
            after = served.rss_mb()
            pages = {page: round(page_ms(served, page), 1) for page in _PAGES}
            found = {
                "terminals": size,
                "reports_per_s": round(per_s),
                "cpu_us_each": round(cpu, 1),
                "ratio_to_smallest": round(cpu / smallest, 2),
                "ratio_at_equal_speed": round(cpu / smallest * smallest_core / core, 2),
                "core_ms": round(core, 1),
                "written_kb_each": round(wrote, 1),
                "raw_sqlite_cpu_us": round(alone[0], 1),
                "raw_ratio_to_smallest": grown[0],
                "raw_with_state_cpu_us": round(alone[1], 1),
                "raw_with_state_ratio": grown[1],
                "cpu_us_more_than_smallest": round(cpu - smallest, 1),
                "raw_with_state_us_more": round(alone[1] - smallest_raw[1], 1),
                "first_look_cpu_s": round(looked, 1),
                "start_cpu_s": round(started, 1),
                "rss_mb_idle": round(idle),
                "rss_mb_after_reports": round(after),
                "rss_mb_after_pages": round(served.rss_mb()),
                "page_ms": pages,
            }
            written(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    given = parser.parse_args()
    sizes = sorted(int(size) for size in given.sizes.split(","))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.database == "sqlite":
            measure(str(folder / "central.db"), folder, sizes, given.requests, given.connections)
            return
        pin(0)
        cluster = Cluster("fsync=on")
        try:
            measure(cluster.url(), folder, sizes, given.requests, given.connections)
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
