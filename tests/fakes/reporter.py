"""A terminal that does nothing but make records and send them, to be killed at any moment."""

import os
from pathlib import Path
from random import Random

from agent.clock import SystemClock
from agent.outbox.base import Record, RecordClass
from agent.outbox.sqlite import SqliteOutbox
from agent.uplink.retry import Pace
from agent.uplink.sender import Sender, SenderSettings
from agent.wire import stored
from tests.fakes.roads import transport


class Reporter:
    """`wall`: what its clock believes, beside what it is."""

    def __init__(self, folder: Path, url: str, seed: int, clock_wrong_by_s: float = 0.0) -> None:
        self.clock = WrongClock(clock_wrong_by_s)
        self.box = SqliteOutbox(folder / "outbox.db")
        self.random = Random(seed)
        self.line = transport(url, folder, self.clock, self.random)
        self.sender = Sender(
            self.box,
            self.line,
            SenderSettings(batch_records=7, timeout_s=1.0, pace=Pace(0.01, 0.05)),
            self.clock,
            self.random,
        )

    def make_and_send(self, pipe: int) -> None:
        """For ever: each key is told to `pipe` once its record is durable."""
        while True:
            key = self.box.put(self._record())
            os.write(pipe, f"{key.epoch} {key.seq}\n".encode())
            self.send()

    def send(self) -> None:
        self.sender.poke(self.clock.monotonic(), force=True)
        self.sender.step(self.clock.monotonic())

    def drain(self) -> bool:
        """True when nothing waits any more."""
        self.send()
        return not sum(self.box.stats().waiting.values())

    def close(self) -> None:
        self.line.close()
        self.box.close()

    def _record(self) -> Record:
        at = self.clock.wall()
        if self.random.random() < 0.5:
            body = {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok", "used_bytes": self.random.randrange(10**6)}
            return Record(RecordClass.HEARTBEAT, at, stored("heartbeat", at, body))
        return Record(RecordClass.CHANGE, at, stored("card", at, {"iccid": str(self.random.randrange(10**18))}))


class WrongClock(SystemClock):
    def __init__(self, wrong_by_s: float) -> None:
        self.wrong_by_s = wrong_by_s

    def wall(self) -> float:
        return super().wall() + self.wrong_by_s
