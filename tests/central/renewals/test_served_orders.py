"""`posagent-central serve` itself carries an order to the platform."""

import asyncio
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from agent.cli.demo import free_port
from central.renewals.desk import Book
from central.store.sqlite import SqliteStore
from tests.central.renewals.desk_helpers import CARDS, Fleet
from tests.fakes.eventually import eventually
from tests.fakes.platforms import FakeCard, FakeJasper

CONFIG = """[server]
listen = "127.0.0.1:{port}"
[storage]
database = "{folder}/central.db"
[platforms."主账户"]
kind = "jasper"
url = "{url}"
user = "{user}"
secret_file = "{folder}/secret"
may_act = true
calls_per_second = 50
calls_per_day = 1000000
"""


def test_a_served_centre_orders_what_was_asked_for(tmp_path: Path) -> None:
    with FakeJasper() as fake:
        fake.add(*(FakeCard(iccid) for iccid in CARDS[:2]))
        store = SqliteStore(tmp_path / "central.db")
        fleet = Fleet(store, 2)
        fleet.batch()
        asyncio.run(Book(store).order_there("batch-0001", frozenset({"主账户"}), fleet.who))
        store.close()
        (tmp_path / "secret").write_text(fake.secret)
        port = free_port()
        config = tmp_path / "central.toml"
        config.write_text(CONFIG.format(port=port, folder=tmp_path, url=fake.url, user=fake.user), encoding="utf-8")
        words = [sys.executable, "-m", "central.cli", "serve", "--config", str(config)]
        with subprocess.Popen(words, stderr=subprocess.DEVNULL) as centre:
            try:
                states = eventually(lambda: ordered(port), "both are ordered")
            finally:
                centre.send_signal(signal.SIGTERM)
        assert states == {"ordered": 2}
        assert len([line for line in fake.asked if line.startswith("PUT")]) == 2


def ordered(port: int) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/api/v1/renewals/batches/batch-0001", timeout=30
        ) as answer:
            states: dict[str, Any] = json.load(answer)["states"]
    except (OSError, urllib.error.URLError):
        return None
    return states if states.get("ordered") == 2 else None
