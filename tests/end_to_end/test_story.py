"""Virtual modem, real daemon, real centre: the modem goes silent, its port goes and comes back, the centre is down for
a while, power goes. Everything arrives once, the important first."""

import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from pathlib import Path

import pytest

from agent.outbox.base import OutboxError
from agent.outbox.sqlite_view import SqliteView
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess
from tests.fakes.centre_process import CentreProcess
from tests.fakes.eventually import eventually

HURRY = 120.0
"""A delay of a minute passes in half a second."""
TOLD = ("ok", "port.missing", "sim.absent")
"""What the story is made of. Delays are hurried and looks are not: a slow one shows what passes in between too."""


@dataclass
class Shop:
    agent: AgentProcess
    centre: CentreProcess
    link: Path

    def plugged(self, scenario: str) -> VirtualModem:
        """A modem under the name the agent follows; `start` and `stop` plug and unplug it."""
        return VirtualModem(scenario, link=self.link)

    def centre_says(self, code: str) -> None:
        eventually(
            lambda: self.centre.verdict("T1") == code,
            f"the centre shows {code}, not {self.centre.verdict('T1')}\n{self.agent.log()}",
            40.0,
        )

    def waiting(self) -> int:
        """On the disk; -1 where its owner makes or leaves the file just now."""
        try:
            with closing(SqliteView(self.agent.state_dir / "outbox.db")) as view:
                return sum(view.stats().waiting.values())
        except OutboxError:
            return -1

    def stop(self) -> None:
        """A stop whose last word was heard. It has a second for that, which a busy machine may not give it: then the
        word comes with the next start.
        """
        self.agent.stop()
        while self.waiting():
            self.agent.start()
            eventually(lambda: self.waiting() == 0, "the last word is sent")
            self.agent.stop()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    centre = CentreProcess(tmp_path)
    link = tmp_path / "modem"
    agent = AgentProcess(tmp_path, str(link), hurry=HURRY)
    try:
        credential = centre.register("T1")
        centre.start()
        agent.uplink = f'url = "{centre.url}"\ncredential_file = "{credential}"'
        yield Shop(agent, centre, link)
    finally:
        agent.end()
        centre.stop()


def test_whatever_happens_everything_arrives_once(shop: Shop) -> None:
    with shop.plugged("healthy-lte"):
        shop.agent.start()
        shop.centre_says("ok")

    shop.centre_says("port.missing")  # unplugged

    with shop.plugged("sim-absent"):
        shop.centre_says("sim.absent")  # plugged in again, and the card is out

    with shop.plugged("healthy-lte"):
        shop.centre_says("ok")
        shop.centre.stop()
    eventually(lambda: shop.agent.verdict() == "port.missing", "the agent goes on without the centre")
    eventually(lambda: shop.waiting() > 0, "a change waits, on the disk")

    shop.agent.stop(signal.SIGKILL)  # power goes
    shop.agent.start()
    with shop.plugged("healthy-lte"):
        eventually(lambda: shop.agent.verdict() in ("ok", "centre.unreachable"), "the modem is back")
        shop.centre.start()
        eventually(lambda: shop.waiting() == 0, "all that waited is sent")
        eventually(lambda: shop.agent.verdict() == "ok", "the way to the centre is well again")
        shop.centre_says("ok")
        shop.stop()

    records = shop.centre.records("T1")
    assert len({(record["epoch"], record["seq"]) for record in records}) == len(records)
    records = records[: 1 + next(place for place, record in enumerate(records) if record["type"] == "stopped")]
    numbers = [record["seq"] for record in records]
    skipped = [after for before, after in pairwise(numbers) if after != before + 1]
    assert len(skipped) <= 1, "none is missing but the numbers that were reserved in memory when the power went"
    verdicts = [record["body"]["code"] for record in records if record["type"] == "verdict"]
    assert [code for code, _ in groupby(code for code in verdicts if code in TOLD)] == [
        "ok",
        "port.missing",
        "sim.absent",
        "ok",
        "port.missing",
        "ok",
    ]
    started = [record["body"].get("clean") for record in records if record["type"] == "started"]
    assert started == [None, False]


def test_what_waited_comes_once_and_changes_come_first(shop: Shop) -> None:
    shop.centre.stop()
    shop.agent.uplink += "\nbatch_records = 1"
    with shop.plugged("healthy-lte"):
        shop.agent.start()
        eventually(lambda: shop.waiting() >= 6 and _heartbeats(shop) >= 2, "changes and heartbeats wait")
        began = time.time()
        shop.centre.start()
        eventually(lambda: shop.waiting() == 0, "all that waited is sent")
        known = eventually(lambda: shop.centre.ask("/api/v1/terminals/T1"), "the centre answers")
        shop.agent.stop()
    assert known["repeats"] == 0
    records = shop.centre.records("T1")
    waited = [record for record in records if datetime.fromisoformat(record["at"]).timestamp() < int(began)]
    changes = [record["received_at"] for record in waited if record["type"] not in ("heartbeat", "history")]
    beats = [record["received_at"] for record in waited if record["type"] == "heartbeat"]
    assert max(changes) <= min(beats)


def _heartbeats(shop: Shop) -> int:
    outbox = (shop.agent.ask("status") or {}).get("outbox") or {}
    return int(outbox.get("by_class", {}).get("heartbeat", 0)) + int(outbox.get("in_memory", 0))
