"""What every outbox promises, whatever it is made of."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.outbox.base import MAX_DEFER_S, Budget, Dropped, Key, Outbox, OutboxError, Record, RecordClass
from agent.outbox.batch import BatchingOutbox
from agent.outbox.fallback import FallbackOutbox
from agent.outbox.memory import MemoryOutbox
from agent.outbox.sqlite import SqliteOutbox

NOW = 1_790_000_000.0


def _no_disk(folder: Path) -> SqliteOutbox:
    raise OutboxError(f"outbox {folder}: read-only")


KINDS: dict[str, Callable[[Path], Outbox]] = {
    "memory": lambda _: MemoryOutbox(),
    "sqlite": lambda folder: SqliteOutbox(folder / "outbox.db"),
    "fallback": lambda folder: FallbackOutbox(lambda: SqliteOutbox(folder / "outbox.db"), lambda: 0.0),
    "fallen back": lambda folder: FallbackOutbox(lambda: _no_disk(folder), lambda: 0.0),
    "batching": lambda folder: BatchingOutbox(SqliteOutbox(folder / "outbox.db")),
}


@pytest.fixture(params=sorted(KINDS))
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    box = KINDS[request.param](tmp_path)
    yield box
    box.close()


def record(body: str, kind: RecordClass = RecordClass.CHANGE, at: float = NOW) -> Record:
    return Record(kind, at, body.encode())


def bodies(box: Outbox, limit: int = 100, max_bytes: int = 1_000_000, now: float = NOW) -> list[str]:
    return [entry.record.body.decode() for entry in box.lease(limit, max_bytes, now)]


def test_an_empty_outbox_has_nothing_to_lease_and_no_next_time(outbox: Outbox) -> None:
    assert outbox.lease(10, 1000, NOW) == []
    assert outbox.next_due(NOW) is None


def test_keys_count_upwards_within_one_epoch(outbox: Outbox) -> None:
    first = outbox.put(record("a"))
    second = outbox.put(record("b"))
    assert first.epoch == second.epoch
    assert (first.seq, second.seq) == (1, 2)
    assert len(first.epoch) == 16
    assert int(first.epoch, 16) >= 0


def test_a_number_is_not_given_twice_even_after_its_record_is_gone(outbox: Outbox) -> None:
    gone = outbox.put(record("a"))
    outbox.ack([gone])
    assert outbox.put(record("b")).seq == gone.seq + 1


def test_of_heartbeats_the_newest_comes_first_and_before_all_history(outbox: Outbox) -> None:
    for text in ("old", "older still", "new"):
        outbox.put(record(f"history {text}", RecordClass.HISTORY))
        outbox.put(record(text, RecordClass.HEARTBEAT))
    outbox.put(record("change"))
    assert bodies(outbox)[:4] == ["change", "new", "older still", "old"]


def test_records_put_together_get_keys_in_their_order(outbox: Outbox) -> None:
    keys = outbox.put_many(record(text) for text in "abc")
    assert [key.seq for key in keys] == [1, 2, 3]
    assert bodies(outbox) == ["a", "b", "c"]


def test_putting_nothing_is_nothing(outbox: Outbox) -> None:
    assert outbox.put_many([]) == []


def test_what_was_put_comes_back_as_it_was(outbox: Outbox) -> None:
    original = Record(RecordClass.PLAN_FACT, NOW - 0.25, bytes(range(256)))
    key = outbox.put(original)
    (entry,) = outbox.lease(1, 10_000, NOW)
    assert (entry.key, entry.record, entry.attempts, entry.last_error) == (key, original, 0, None)


def test_the_important_goes_first_and_then_the_old(outbox: Outbox) -> None:
    for text, kind in [("h1", 3), ("b", 2), ("c1", 0), ("h2", 3), ("f", 1), ("c2", 0)]:
        outbox.put(record(text, RecordClass(kind)))
    assert bodies(outbox) == ["c1", "c2", "f", "b", "h1", "h2"]
    assert [entry.record.body for entry in outbox.entries(2)] == [b"c1", b"c2"]


def test_a_lease_keeps_to_its_number_and_to_its_bytes(outbox: Outbox) -> None:
    outbox.put_many(record(letter * 10) for letter in "abcd")
    assert len(outbox.lease(2, 1000, NOW)) == 2
    assert len(outbox.lease(10, 25, NOW)) == 2


def test_a_record_larger_than_the_lease_is_leased_alone(outbox: Outbox) -> None:
    outbox.put_many([record("x" * 500), record("y")])
    assert bodies(outbox, max_bytes=100) == ["x" * 500]


def test_a_lease_removes_nothing(outbox: Outbox) -> None:
    outbox.put(record("a"))
    assert bodies(outbox) == bodies(outbox) == ["a"]


def test_what_was_acknowledged_is_forgotten(outbox: Outbox) -> None:
    first, second = outbox.put_many([record("a"), record("b")])
    outbox.ack([first])
    assert bodies(outbox) == ["b"]
    outbox.ack([first, second])
    assert outbox.stats().waiting[RecordClass.CHANGE] == 0


def test_keys_of_another_epoch_mean_nothing(outbox: Outbox) -> None:
    key = outbox.put(record("a"))
    stranger = Key("f" * 16, key.seq)
    outbox.ack([stranger])
    outbox.defer([stranger], NOW + 60, "no")
    outbox.reject(stranger, "no")
    (entry,) = outbox.entries(10)
    assert (entry.key, entry.attempts) == (key, 0)


def test_what_was_deferred_waits_for_its_time_and_says_why(outbox: Outbox) -> None:
    key, _ = outbox.put_many([record("a"), record("b")])
    outbox.defer([key], NOW + 60, "no route")
    assert bodies(outbox) == ["b"]
    assert bodies(outbox, now=NOW + 60) == ["a", "b"]
    (entry, _) = outbox.entries(10)
    assert (entry.attempts, entry.due, entry.last_error) == (1, NOW + 60, "no route")


def test_the_next_time_is_that_of_the_first_due(outbox: Outbox) -> None:
    first, second = outbox.put_many([record("a"), record("b")])
    outbox.defer([first], NOW + 60, "x")
    assert outbox.next_due(NOW) == NOW
    outbox.defer([second], NOW + 30, "x")
    assert outbox.next_due(NOW) == NOW + 30


def test_a_clock_set_back_does_not_bury_what_was_deferred(outbox: Outbox) -> None:
    key = outbox.put(record("a"))
    outbox.defer([key], NOW + 3600, "x")
    back_in_1970 = 1000.0
    assert back_in_1970 + MAX_DEFER_S < NOW + 3600
    assert outbox.next_due(back_in_1970) == back_in_1970
    assert bodies(outbox, now=back_in_1970) == ["a"]


def test_everything_can_be_leased_whatever_its_time(outbox: Outbox) -> None:
    key = outbox.put(record("a"))
    outbox.defer([key], NOW + 3600, "x")
    assert bodies(outbox, now=float("inf")) == ["a"]


def test_what_was_rejected_waits_no_longer_and_is_kept_with_the_reason(outbox: Outbox) -> None:
    bad, _ = outbox.put_many([record("bad"), record("good")])
    outbox.reject(bad, "unknown type")
    assert bodies(outbox) == ["good"]
    (entry,) = outbox.quarantine(10)
    assert (entry.key, entry.record.body, entry.last_error) == (bad, b"bad", "unknown type")
    assert outbox.stats().quarantined == 1


def test_the_quarantine_is_bounded_and_keeps_the_newest(outbox: Outbox) -> None:
    keys = outbox.put_many(record(str(number)) for number in range(230))
    for key in keys:
        outbox.reject(key, "x")
    kept = outbox.quarantine(1000)
    assert len(kept) == 200
    assert kept[0].key == keys[-1]


def test_rejecting_the_unknown_is_nothing(outbox: Outbox) -> None:
    key = outbox.put(record("a"))
    outbox.ack([key])
    outbox.reject(key, "late")
    assert outbox.stats().quarantined == 0


def test_trimming_takes_the_least_valuable_first_and_tells_the_range(outbox: Outbox) -> None:
    outbox.put_many(record("c", RecordClass.CHANGE) for _ in range(3))
    outbox.put_many(record("h", RecordClass.HISTORY) for _ in range(4))
    dropped = outbox.trim(Budget(max_count=4), NOW)
    assert dropped == [Dropped(RecordClass.HISTORY, 3, 4, 6, "count")]
    assert bodies(outbox) == ["c", "c", "c", "h"]


def test_trimming_within_the_budget_drops_nothing(outbox: Outbox) -> None:
    outbox.put(record("a"))
    assert outbox.trim(Budget(), NOW) == []


def test_trimming_by_bytes(outbox: Outbox) -> None:
    outbox.put_many(record("x" * 1000) for _ in range(5))
    (dropped,) = outbox.trim(Budget(max_bytes=2500), NOW)
    assert (dropped.count, dropped.why) == (3, "bytes")


def test_the_gap_is_reported_in_the_same_breath(outbox: Outbox) -> None:
    outbox.put(record("old", at=NOW - 100))
    (dropped,) = outbox.trim(Budget(max_age_s=50), NOW, lambda gaps: record(f"gap {gaps[0].first_seq}"))
    assert dropped == Dropped(RecordClass.CHANGE, 1, 1, 1, "age")
    assert bodies(outbox) == ["gap 1"]


def test_counts_for_people(outbox: Outbox) -> None:
    outbox.put_many([record("ab", RecordClass.CHANGE, NOW - 5), record("cde", RecordClass.HISTORY)])
    stats = outbox.stats()
    assert stats.waiting == dict.fromkeys(RecordClass, 0) | {RecordClass.CHANGE: 1, RecordClass.HISTORY: 1}
    assert (stats.waiting_bytes, stats.oldest_at, stats.next_seq, stats.quarantined) == (5, NOW - 5, 3, 0)
    assert stats.recovered is None


def test_a_closed_outbox_says_so_and_closes_twice(outbox: Outbox) -> None:
    outbox.close()
    outbox.close()
    with pytest.raises(OutboxError, match="closed"):
        outbox.put(record("a"))


def test_threads_share_one_outbox_and_no_number_is_given_twice(outbox: Outbox) -> None:
    keys: list[Key] = []

    def work() -> None:
        for number in range(25):
            key = outbox.put(record(str(number)))
            keys.append(key)
            if number % 2:
                outbox.ack([key])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key.seq for key in keys) == list(range(1, 101))
    assert outbox.stats().waiting[RecordClass.CHANGE] == 52
