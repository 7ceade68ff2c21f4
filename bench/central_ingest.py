"""How many durable reports a second the centre takes over HTTP, on SQLite and PostgreSQL, beside raw SQLite with the
same key and as many rows a commit, influxdb 1.6 and victoria-metrics (where they are installed), all in one run.

    python -m bench.central_ingest [--seconds 4] [--connections 64] [--rounds 1] [--only sqlite,peers]

Each server is on the first core with all its threads and processes, the load on the second. Absolute numbers say as
much about the machine and its neighbours as about us: compare within one run, and look at the CPU time of each report.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.central_serve import HEARTBEAT, Reports, Served, name_of, pin, register, rss_of, serve, written
from bench.load import drive
from bench.peers import Sequel, available
from central.store.sqlite import connect
from tests.fakes.postgres import Cluster

TERMINALS = 2000
BATCH = 100
RAW = """CREATE TABLE raw (terminal TEXT, epoch_number INTEGER, seq INTEGER, type TEXT, at INTEGER,
happened_at INTEGER, received_at INTEGER, body TEXT, PRIMARY KEY (terminal, epoch_number, seq)) STRICT, WITHOUT ROWID"""
RAW_ROW = "INSERT INTO raw VALUES (?, 1, ?, 'heartbeat', 1790000000, 1790000000, 1790000000, ?)"


@dataclass
class Options:
    seconds: float
    connections: int


@dataclass
class Found:
    per_s: float
    cpu_us: float
    rows_a_commit: float = 0.0


def measured(
    port: int, cpu_s: Callable[[], float], more: Callable[[int], list[bytes]], size: int, opts: Options
) -> Found:
    """Warmed up, then for about `opts.seconds`. A heartbeat a `size`th of a request."""
    pin(1)
    few = drive(port, more(max(400, 4000 // size)), opts.connections)
    prepared = more(max(200, int(few.per_s * opts.seconds)))
    before = cpu_s()
    load = drive(port, prepared, opts.connections)
    if load.refused or few.refused:
        raise SystemExit(f"{load.refused + few.refused} requests were refused")
    return Found(load.per_s * size, (cpu_s() - before) / load.requests / size * 1e6)


def ours(served: Served, cpu_s: Callable[[], float], size: int, opts: Options, *, by_session: bool, part: int) -> Found:
    terminals = range(part * TERMINALS, (part + 1) * TERMINALS)
    reports = Reports(terminals, size, served.lineage if by_session else None)
    before = served.metric("posagent_central_commits_total"), served.metric("posagent_central_reports_total")
    found = measured(served.port, cpu_s, reports.more, size, opts)
    after = served.metric("posagent_central_commits_total"), served.metric("posagent_central_reports_total")
    found.rows_a_commit = (after[1] - before[1]) / (after[0] - before[0])
    return found


def raw(rows_a_commit: int, size: int, opts: Options) -> Found:
    """What SQLite does with the same rows and key, `rows_a_commit` at once, those of a terminal `size` together."""
    body = HEARTBEAT.model_dump_json(exclude_none=True)
    rows = max(20_000, int(15_000 * opts.seconds))
    pin(0)
    with tempfile.TemporaryDirectory() as folder:
        connection = connect(Path(folder) / "raw.db")
        connection.execute(RAW)
        values = [
            (name_of(one // size % TERMINALS), one // size // TERMINALS * size + one % size, body)
            for one in range(rows)
        ]
        cpu, started = time.process_time(), time.perf_counter()
        for first in range(0, rows, rows_a_commit):
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(RAW_ROW, values[first : first + rows_a_commit])
            connection.execute("COMMIT")
        taken, spent = time.perf_counter() - started, time.process_time() - cpu
        found = Found(rows / taken, spent / rows * 1e6, rows_a_commit)
        connection.close()
    return found


def centre(what: str, database: str, folder: Path, opts: Options) -> None:
    register(database, 4 * TERMINALS)
    with serve(database, folder) as served:
        ways = [
            ("single, by session", 1, True),
            ("single, by credential", 1, False),
            (f"{BATCH} a request", BATCH, True),
        ]
        for part, (way, size, by_session) in enumerate(ways):
            found = ours(served, served.cpu_s, size, opts, by_session=by_session, part=part)
            beside = raw(max(1, round(found.rows_a_commit)), size, opts)
            said(f"posagent, {what}, {way}", found, ratio_to_raw=round(found.per_s / beside.per_s, 2),
                 cpu_ratio_to_raw=round(found.cpu_us / beside.cpu_us, 1), rss_mb=round(served.rss_mb()))  # fmt: skip
            said(f"  raw SQLite, {round(found.rows_a_commit)} rows a commit", beside)


def peers(opts: Options) -> None:
    for make in available():
        with tempfile.TemporaryDirectory() as folder:
            for peer in make(Path(folder)):
                for size in (1, BATCH):
                    found = measured(peer.port, peer.cpu_s, Sequel(peer, size).more, size, opts)
                    said(f"{peer.name}, {size} a request", found, rss_mb=round(rss_of(peer.pid)))


def said(what: str, found: Found, **more: float) -> None:
    about = {"heartbeats_per_s": round(found.per_s), "cpu_us_each": round(found.cpu_us, 1)}
    if found.rows_a_commit:
        about["rows_a_commit"] = round(found.rows_a_commit)
    written({"what": what} | about | more)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", default="sqlite,postgres,peers")
    given = parser.parse_args()
    opts = Options(given.seconds, given.connections)
    for _ in range(given.rounds):
        if "sqlite" in given.only:
            with tempfile.TemporaryDirectory() as folder:
                centre("SQLite", str(Path(folder) / "central.db"), Path(folder), opts)
        if "postgres" in given.only:
            pin(0)
            cluster = Cluster("fsync=on")
            try:
                with tempfile.TemporaryDirectory() as folder:
                    centre("PostgreSQL", cluster.url(), Path(folder), opts)
            finally:
                cluster.stop()
        if "peers" in given.only:
            peers(opts)


if __name__ == "__main__":
    main()
