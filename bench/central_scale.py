"""What a fleet's size costs: a report, the memory of the centre, its pages, with 1,000 to 1,000,000 terminals
registered and heard of (each has a credential, an epoch, a state and a report).

    python -m bench.central_scale [--sizes 1000,10000,100000,1000000] [--rounds 8] [--database postgres]

A million take a gigabyte of disk and some minutes, most of which the centre spends on its first look at everybody.

Each fleet has a database and a server of its own. All are served at once on one core, and are asked in turn, a round
after the other: what the machine does meanwhile falls on all of them alike. The reports come from terminals picked at
random out of all, once what the centre does when it starts is done: `first_look_cpu_s` is where it has never seen these
terminals, `start_cpu_s` where it is started again. The cost of a report is the CPU time of the server, the median of
the rounds, and is given as a ratio to the smallest fleet, beside the same ratio of raw SQLite, with one table of the
same key, and with a row of each terminal's state besides: rows of many terminals lie on many pages. `loop_us` and
`writer_us` are the parts of the two threads that a report passes. `written_kb_each` is what the server wrote for a
report, log and checkpoints included.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.central_ingest import RAW, RAW_ROW
from bench.central_serve import EPOCH, HEARTBEAT, Reports, Served, name_of, pin, register, serve, written
from bench.load import drive
from central.store.base import Delivery, NewHeartbeat, NewReport
from central.store.core import SqlStore
from central.store.opening import open_store
from central.store.sqlite import connect
from tests.fakes.postgres import Cluster

_BODY = HEARTBEAT.model_dump_json(exclude_none=True)


@dataclass(frozen=True, slots=True)
class Round:
    cpu_us: float
    loop_us: float
    writer_us: float
    written_kb: float
    per_s: float


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


def made(database: str, size: int) -> None:
    register(database, size)
    if not database.startswith("postgresql"):
        fill(Path(database), name_of(0))
        return
    store = open_store(database)
    asyncio.run(heard_of(store, range(size)))
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


@dataclass
class Fleet:
    """A served centre that knows `size` terminals, and what was measured of it."""

    size: int
    served: Served
    reports: Reports
    first_look_s: float
    start_s: float
    idle_mb: float
    rounds: list[Round] = field(default_factory=list)

    def ask(self, requests: int, connections: int) -> None:
        prepared = self.reports.more(requests)
        before, written_before = self.served.thread_us(), self.served.written_kb()
        load = drive(self.served.port, prepared, connections)
        if load.refused:
            raise SystemExit(f"{load.refused} requests were refused")
        after = self.served.thread_us()
        loop, *others = [(after[thread] - before.get(thread, 0.0)) / load.requests for thread in sorted(after)]
        wrote = (self.served.written_kb() - written_before) / load.requests
        self.rounds.append(Round(loop + sum(others), loop, max(others, default=0.0), wrote, load.per_s))

    def median(self, name: str) -> float:
        return statistics.median(getattr(one, name) for one in self.rounds)


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


def started(database: str, size: int, folder: Path, held: ExitStack) -> Fleet:
    made(database, size)
    with serve(database, folder) as served:
        looked = settled(served)
    served = held.enter_context(serve(database, folder))
    start = settled(served)
    picked = random.Random(size).sample(range(size), min(size, 20_000))
    return Fleet(size, served, Reports(picked, 1, served.lineage, first_seq=2), looked, start, served.rss_mb())


def measure(databases: Mapping[int, str], folder: Path, opts: argparse.Namespace) -> None:
    with ExitStack() as held:
        fleets = [started(database, size, folder, held) for size, database in databases.items()]
        for fleet in fleets:
            drive(fleet.served.port, fleet.reports.more(min(fleet.size, 20_000)), opts.connections)  # heard of by it
        raw: dict[int, list[list[float]]] = {fleet.size: [] for fleet in fleets}
        for _ in range(opts.rounds):
            for fleet in fleets:
                fleet.ask(opts.requests, opts.connections)
        for _ in range(3):
            for fleet in fleets:
                both = [raw_us(folder, fleet.size, 5 * opts.requests, with_state=state) for state in (False, True)]
                raw[fleet.size].append(both)
        alone = {size: [statistics.median(one) for one in zip(*rounds, strict=True)] for size, rounds in raw.items()}
        for fleet in fleets:
            written(told(fleet, fleets[0], alone[fleet.size], alone[fleets[0].size]))


def told(fleet: Fleet, smallest: Fleet, raw: Sequence[float], smallest_raw: Sequence[float]) -> dict[str, object]:
    served, cpu = fleet.served, fleet.median("cpu_us")
    grown = [round(now / was, 2) for now, was in zip(raw, smallest_raw, strict=True)]
    heard_mb = round(served.rss_mb())
    pages = {page: round(page_ms(served, page), 1) for page in _PAGES}
    return {
        "terminals": fleet.size,
        "reports_per_s": round(fleet.median("per_s")),
        "cpu_us_each": round(cpu, 1),
        "ratio_to_smallest": round(cpu / smallest.median("cpu_us"), 2),
        "loop_us": round(fleet.median("loop_us"), 1),
        "writer_us": round(fleet.median("writer_us"), 1),
        "written_kb_each": round(fleet.median("written_kb"), 1),
        "raw_sqlite_cpu_us": round(raw[0], 1),
        "raw_ratio_to_smallest": grown[0],
        "raw_with_state_cpu_us": round(raw[1], 1),
        "raw_with_state_ratio": grown[1],
        "first_look_cpu_s": round(fleet.first_look_s, 1),
        "start_cpu_s": round(fleet.start_s, 1),
        "rss_mb_idle": round(fleet.idle_mb),
        "rss_mb_after_reports": heard_mb,
        "rss_mb_after_pages": round(served.rss_mb()),
        "page_ms": pages,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    given = parser.parse_args()
    sizes = sorted(int(size) for size in given.sizes.split(","))
    with tempfile.TemporaryDirectory() as name, ExitStack() as held:
        folder = Path(name)
        databases = {size: str(folder / f"central{size}.db") for size in sizes}
        if given.database == "postgres":
            pin(0)
            cluster = Cluster("fsync=on")
            held.callback(cluster.stop)
            databases = {size: held.enter_context(cluster.database()) for size in sizes}
        measure(databases, folder, given)


if __name__ == "__main__":
    main()
