"""What the console's pages cost the server, with 10,000 and 100,000 terminals: time from request to answer, no network.

    python -m bench.console_pages [--sizes 10000,100000] [--asked 15]

`first_ms` is the first time in a fresh process, with the roster already made; `median_ms` and `worst_ms` are of the
times after it, `cpu_ms` is the mean of all threads' own time in them. The numbers beside the list (how many of each
status, what filters can choose from) are remembered for some seconds in a large fleet; `cold_ms` is a page when nothing
is remembered, `cold_cpu_ms` the processor's part of it: what counts on a busy machine.
"""

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from central.app import make_app
from central.config import Settings
from central.console.shared import Memory
from central.roster import Roster
from central.simulation import fleet
from central.store.database import Session
from central.store.sqlite import SqliteStore
from tests.central.helpers import ask

PAGES = (
    "/", "/terminals", "/terminals?sort=used", "/terminals?sort=shop&order=desc", "/terminals?q=4242",
    "/terminals?q=no-such-thing", "/terminals?verdict=any&region=华东", "/terminals?status=silent&sort=status",
    "/terminals?ends=7&sort=ends", "/terminals?sort=used&after=sim-05000&after_value=1", "/terminals/sim-00042",
    "/incidents", "/alerts", "/reports", "/api/v1/search/terminals?sort=signal", "/api/v1/now",
)  # fmt: skip
_VERDICTS = ("ok", "plan.expired", "signal.weak", "registration.denied", "sim.absent")


def fill(store: SqliteStore, size: int) -> None:
    """Terminals that were heard within a quarter of an hour, but for some; each with a place and a card."""
    chance, now = random.Random(1), int(time.time())
    simulated = fleet(size)

    def job(session: Session) -> None:
        rows: dict[str, list[tuple[object, ...]]] = {name: [] for name in ("t", "s", "a", "c")}
        for number, one in enumerate(simulated):
            beat = one.batch(now, 900)["records"][-1]["body"]
            beat["verdict"] = chance.choices(_VERDICTS, [90, 3, 3, 2, 2])[0]
            beat["severity"] = "ok" if beat["verdict"] == "ok" else "error"
            heard = now - chance.randrange(0, 900) if chance.random() < 0.97 else now - chance.randrange(900, 90_000)
            rows["t"].append((one.name, f"收银 {number % 9} 号", bytes(32), now - 10**6))
            rows["s"].append((one.name, heard, heard, heard + 900, beat["verdict"], beat["severity"], one.iccid,
                              json.dumps(beat)))  # fmt: skip
            rows["a"].append((one.name, f"商户 {number % 50}", f"门店 {number // 3}",
                              ("华东", "华北", "华南", "西南")[number % 4], one.imei))  # fmt: skip
            rows["c"].append((one.iccid, one.name))
        session.many("INSERT INTO terminals VALUES (?, ?, ?, ?, NULL, NULL)", rows["t"])
        session.many("""INSERT INTO terminal_state (terminal, last_heard, clock_skew_s, repeats, heartbeat_epoch,
heartbeat_seq, heartbeat_at, interval_s, next_due, verdict, severity, iccid, heartbeat)
VALUES (?, ?, 0, 0, 1, 1, ?, 900, ?, ?, ?, ?, ?)""", rows["s"])  # fmt: skip
        session.many("INSERT INTO assets (terminal, merchant, shop, region, imei) VALUES (?, ?, ?, ?, ?)", rows["a"])
        session.many("INSERT INTO cards (iccid, state, terminal) VALUES (?, 'in_use', ?)", rows["c"])

    asyncio.run(store.write(job))


async def measured(app: Any, page: str, asked: int) -> dict[str, object]:
    async def once() -> float:
        started = time.perf_counter()
        answer = await ask(app, "GET", page)
        assert answer.status == 200, (page, answer.status)
        return (time.perf_counter() - started) * 1000

    first, spent = await once(), time.process_time()
    times = sorted([await once() for _ in range(asked)])
    spent = (time.process_time() - spent) * 1000 / asked
    cold: list[float] = []
    remember = Memory.get
    Memory.get = _forgetful  # type: ignore[method-assign, assignment]
    try:
        began = time.process_time()
        cold = [await once() for _ in range(3)]
        cold_cpu = (time.process_time() - began) * 1000 / 3
    finally:
        Memory.get = remember  # type: ignore[method-assign]
    return {
        "first_ms": round(first, 1), "median_ms": round(statistics.median(times), 1), "worst_ms": round(times[-1], 1),
        "cpu_ms": round(spent, 1), "cold_ms": round(statistics.median(cold), 1),
        "cold_cpu_ms": round(cold_cpu, 1), "page": page,
    }  # fmt: skip


async def _forgetful(_memory: Memory, _key: object, make: Any, _good_for_s: float) -> Any:
    return await make()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--asked", type=int, default=15)
    given = parser.parse_args()
    for size in map(int, given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as name:
            store, settings = SqliteStore(Path(name) / "central.db"), Settings()
            fill(store, size)
            started = time.perf_counter()
            asyncio.run(Roster(store, settings.fleet.rules, time.time).freshen())
            print(json.dumps({"terminals": size, "roster_made_s": round(time.perf_counter() - started, 2)}))
            app = make_app(settings, store)
            for page in PAGES:
                print(json.dumps(asyncio.run(measured(app, page, given.asked)), ensure_ascii=False), flush=True)
            store.close()


if __name__ == "__main__":
    main()
