"""Routine in memory, changes at once: numbers grow with time whatever way a record took."""

from pathlib import Path

import pytest

from agent.outbox.base import Key, Record, RecordClass
from agent.outbox.batch import BatchingOutbox
from agent.outbox.sqlite import SqliteOutbox


@pytest.fixture
def outbox(tmp_path: Path) -> BatchingOutbox:
    return BatchingOutbox(SqliteOutbox(tmp_path / "outbox.db"))


def beat(at: float) -> Record:
    return Record(RecordClass.HEARTBEAT, at, b"{}")


def change(at: float) -> Record:
    return Record(RecordClass.CHANGE, at, b"{}")


def sent(outbox: BatchingOutbox) -> dict[float, Key]:
    """Everything that is due, acknowledged: moment of the record → its key."""
    entries = outbox.lease(100, 1 << 20, 0.0)
    outbox.ack([entry.key for entry in entries])
    return {entry.record.at: entry.key for entry in entries}


def test_numbers_grow_with_time_through_memory_and_disk(outbox: BatchingOutbox) -> None:
    keys: dict[float, Key] = {}
    for at in range(1, 40):
        outbox.add(change(at) if at % 7 == 0 else beat(at), 0.0)
        if at % 3 == 0:
            keys |= sent(outbox)
    keys |= sent(outbox)
    assert sorted(keys) == list(range(1, 40))
    assert [keys[at].seq for at in sorted(keys)] == sorted(key.seq for key in keys.values())
    outbox.close()


def test_a_change_takes_the_waiting_ones_along_in_one_commit(outbox: BatchingOutbox) -> None:
    outbox.add(beat(1), 0.0)
    sent(outbox)
    outbox.add(beat(2), 0.0)
    outbox.add(change(3), 0.0)
    assert outbox.held == 0
    assert sum(outbox.stats().waiting.values()) == 2
    outbox.close()


def test_numbers_that_a_dead_process_had_reserved_are_not_used_again(tmp_path: Path) -> None:
    first = BatchingOutbox(SqliteOutbox(tmp_path / "outbox.db"))
    first.add(beat(1), 0.0)
    before = max(key.seq for key in sent(first).values())
    first.close()
    second = BatchingOutbox(SqliteOutbox(tmp_path / "outbox.db"))
    assert second.add(change(2), 0.0).seq > before  # type: ignore[union-attr]
    second.close()
