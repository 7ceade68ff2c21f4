"""How many durable single-heartbeat deliveries a second each store takes, without HTTP in front: SQLite, and PostgreSQL
in a cluster made for the occasion (fsync on, unix socket).

    python -m bench.central_store [--deliveries 20000] [--waiting 256]

`waiting` is how many terminals wait for their acknowledgement at the same time: they share commits.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path

from bench.central_serve import HEARTBEAT
from central.store.base import Delivery, NewHeartbeat, NewReport
from central.store.core import SqlStore
from central.store.postgres import PostgresStore
from central.store.sqlite import SqliteStore
from tests.fakes.postgres import Cluster

BODY = HEARTBEAT.model_dump_json(exclude_none=True)
TERMINALS = 2000
NOW = 1_790_000_000


def delivery(number: int) -> Delivery:
    seq = 1 + number // TERMINALS
    beat = NewHeartbeat(seq, 900, NOW + 900, "ok", "ok", "8986", BODY)
    report = NewReport(seq, "heartbeat", NOW, NOW, BODY)
    return Delivery(f"terminal-{number % TERMINALS:06}", "0123456789abcdef", NOW, 0, (report,), heartbeat=beat)


async def drive(store: SqlStore, number: int, waiting: int) -> dict[str, float]:
    left = iter([delivery(place) for place in range(number)])

    async def one() -> None:
        for item in left:
            await store.commit(item)

    started, spent = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(waiting)))
    taken, spent = time.perf_counter() - started, time.process_time() - spent
    stats = store.stats()
    return {"deliveries_per_s": round(number / taken), "cpu_us_each": round(spent / number * 1e6, 1),
            "a_commit": round(stats.jobs / stats.commits)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--deliveries", type=int, default=20_000)
    parser.add_argument("--waiting", type=int, default=256)
    options = parser.parse_args()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        store: SqlStore = SqliteStore(Path(folder) / "central.db")
        found["sqlite"] = asyncio.run(drive(store, options.deliveries, options.waiting))
        store.close()
    cluster = Cluster("fsync=on")
    try:
        store = PostgresStore(cluster.url())
        found["postgres"] = asyncio.run(drive(store, options.deliveries, options.waiting))
        store.close()
    finally:
        cluster.stop()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
