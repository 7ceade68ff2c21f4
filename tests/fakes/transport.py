"""A centre in memory and a line to it that drops, repeats, delays and cuts. Seeded: a failure can be repeated."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from agent.clock import Deadline
from agent.uplink.base import SendError
from agent.wire import Answer, RejectedRecord, ReportRecord, read_batch


@dataclass
class FakeCentre:
    """Keeps records by (epoch, seq) as the real one does: commits, then acknowledges; repeats change nothing."""

    poison: Callable[[ReportRecord], bool] = lambda record: False
    """A batch that holds such a record is refused with 400."""
    unwanted: Callable[[ReportRecord], bool] = lambda record: False
    """Such a record is named in `rejected`, the rest of the batch is taken."""
    records: dict[tuple[str, int], ReportRecord] = field(default_factory=dict)
    repeats: int = 0
    batches: list[int] = field(default_factory=list)
    """The number of records in each batch that was read."""

    def receive(self, data: bytes) -> Answer:
        batch = read_batch(data)
        self.batches.append(len(batch.records))
        if any(self.poison(record) for record in batch.records):
            raise SendError("status", "HTTP 400: malformed", status=400, speaker="centre")
        rejected = [
            RejectedRecord(seq=record.seq, reason="unwanted") for record in batch.records if self.unwanted(record)
        ]
        bad = {item.seq for item in rejected}
        for record in batch.records:
            if record.seq not in bad:
                self._keep((batch.epoch, record.seq), record)
        return Answer(acked=len(batch.records) - len(bad), rejected=rejected)

    def _keep(self, key: tuple[str, int], record: ReportRecord) -> None:
        if key in self.records:
            self.repeats += 1
            if self.records[key] != record:
                raise AssertionError(f"key {key} came with two records: {self.records[key]} and {record}")
        self.records[key] = record

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """In the order of arrival."""
        return [record.body for record in self.records.values()]


@dataclass
class FlakyTransport:
    """An `agent.uplink.base.Transport` to a FakeCentre; the chances are of each fault, at most one a send."""

    centre: FakeCentre
    random: Random = field(default_factory=lambda: Random(0))
    drop: float = 0.0
    """The request never arrives."""
    repeat: float = 0.0
    """It arrives twice."""
    delay: float = 0.0
    """It arrives only with a later one, after the sender has given up on it."""
    cut: float = 0.0
    """It arrives, and the answer is lost."""
    failures: list[SendError] = field(default_factory=list)
    """Raised first, one a send, before anything else."""
    sends: int = 0
    late: list[bytes] = field(default_factory=list)
    closed: bool = False

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        self.sends += 1
        if self.failures:
            raise self.failures.pop(0)
        fault = self._fault()
        if fault == "drop":
            raise SendError("connect", "dropped", surely_not_received=True)
        if fault == "delay":
            self.late.append(batch)
            raise SendError("timeout", "delayed")
        self._deliver_late()
        answer = self.centre.receive(batch)
        if fault == "repeat":
            self.centre.receive(batch)
        if fault == "cut":
            raise SendError("lost", "cut")
        return answer

    def close(self) -> None:
        self.closed = True

    def _fault(self) -> str | None:
        drawn = self.random.random()
        for name in ("drop", "repeat", "delay", "cut"):
            drawn -= getattr(self, name)
            if drawn < 0:
                return name
        return None

    def _deliver_late(self) -> None:
        late, self.late = self.late, []
        for batch in late:
            try:
                self.centre.receive(batch)
            except SendError:
                continue  # nobody waits for this answer any more
