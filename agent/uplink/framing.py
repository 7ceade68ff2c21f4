"""What is agreed with the centre on how reports are told: the dictionary it reads and the heartbeat it holds.

Carriers share this: a batch comes in as JSON, and goes out as JSON or as a frame (`agent.wire.frame`). Nothing of it
outlives the process; the first batch after a start is JSON, and its answer says what the centre reads.
"""

import json

from agent.wire import Answer, WireError
from agent.wire.dictionary import NEWEST
from agent.wire.frame import Base, Json, base_of, pack


class Framing:
    """Owned by one thread."""

    def __init__(self) -> None:
        self._dictionary = 0
        self._base: Base | None = None
        self._framed = False

    def packed(self, batch: bytes) -> bytes:
        """The batch as it is to travel now."""
        self._framed = False
        if not self._dictionary:
            return batch
        try:
            frame = pack(json.loads(batch), self._base, self._dictionary)
        except (ValueError, KeyError, TypeError, WireError, RecursionError):
            return batch  # what cannot be told briefly is told at length
        self._framed = True
        return frame

    def acknowledged(self, batch: bytes, answer: Answer) -> None:
        """The centre stored it, but for what it rejected."""
        if answer.dictionary:
            self._dictionary = min(NEWEST, answer.dictionary)
        self._base = base_of(_without(json.loads(batch), {bad.seq for bad in answer.rejected})) or self._base

    @property
    def interval_s(self) -> float | None:
        """Until the next report, as the last acknowledged heartbeat announced it."""
        due = self._base.body.get("next_due_s") if self._base else None
        return float(due) if isinstance(due, int) else None

    def try_otherwise(self, status: int, code: str) -> bool:
        """After a refusal: True if the same batch, packed anew, deserves another try."""
        if not self._framed:
            return False
        if status == 409:
            had, self._base = self._base, None
            return had is not None
        if status == 400 and code in {"unknown_version", "bad_frame"}:
            self._dictionary, self._base = 0, None
            return True
        return False


def count_of(batch: bytes) -> int:
    """How many records a batch has."""
    return len(json.loads(batch)["records"])


def _without(batch: Json, bad: set[int]) -> Json:
    return batch | {"records": [record for record in batch["records"] if record["seq"] not in bad]}
