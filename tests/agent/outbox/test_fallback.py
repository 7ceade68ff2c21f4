"""The disk fills, turns read-only and comes back: records are taken and sent all the same, each once."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from agent.outbox.base import Key, OutboxBusy, OutboxError, Record, RecordClass
from agent.outbox.fallback import RETRY_S, FallbackOutbox
from agent.outbox.sqlite import SqliteOutbox

NOW = 1_790_000_000.0


class SickDisk(SqliteOutbox):
    """Reads always; writes only while `well`."""

    well = True

    def put_many(self, records: Iterable[Record]) -> list[Key]:
        self._check()
        return super().put_many(records)

    def ack(self, keys: Iterable[Key]) -> None:
        self._check()
        super().ack(keys)

    def defer(self, keys: Iterable[Key], until: float, why: str) -> None:
        self._check()
        super().defer(keys, until, why)

    def reject(self, key: Key, why: str) -> None:
        self._check()
        super().reject(key, why)

    def _check(self) -> None:
        if not self.well:
            raise OutboxError("outbox: the disk is full")


class Bench:
    def __init__(self, folder: Path) -> None:
        self.now = 1000.0
        self.disk = SickDisk(folder / "outbox.db")
        self.box = FallbackOutbox(lambda: self.disk, lambda: self.now)

    def put(self, text: str, kind: RecordClass = RecordClass.CHANGE) -> Key:
        return self.box.put(Record(kind, NOW, text.encode()))

    def bodies(self, now: float = NOW) -> list[str]:
        return [entry.record.body.decode() for entry in self.box.lease(100, 1_000_000, now)]

    def send_all(self) -> list[str]:
        sent: list[str] = []
        while batch := self.box.lease(2, 1_000_000, NOW):
            sent += [entry.record.body.decode() for entry in batch]
            self.box.ack(entry.key for entry in batch)
        return sent

    def heal(self) -> None:
        self.disk.well = True
        self.now += RETRY_S


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.box.close()


def test_a_full_disk_loses_no_record(bench: Bench) -> None:
    bench.put("a")
    bench.disk.well = False
    bench.put("b")
    assert bench.box.problem == "outbox: the disk is full"
    assert sorted(bench.send_all()) == ["a", "b"]
    assert bench.bodies() == []


def test_what_was_acknowledged_is_not_sent_again_though_the_disk_cannot_forget_it(bench: Bench) -> None:
    for text in "abc":
        bench.put(text)
    bench.disk.well = False
    assert bench.send_all() == ["a", "b", "c"]
    assert bench.box.next_due(NOW) is None
    bench.heal()
    bench.put("d")
    assert bench.send_all() == ["d"]


def test_what_was_put_off_stays_so(bench: Bench) -> None:
    key = bench.put("a")
    bench.disk.well = False
    bench.box.defer([key], NOW + 60, "no network")
    assert bench.bodies() == []
    assert bench.box.next_due(NOW) == NOW + 60
    assert bench.bodies(NOW + 61) == ["a"]


def test_what_was_rejected_is_not_sent_again(bench: Bench) -> None:
    key = bench.put("a")
    bench.disk.well = False
    bench.box.reject(key, "bad")
    assert bench.bodies() == []


def test_a_disk_that_is_well_again_is_used_again_under_a_new_epoch(bench: Bench) -> None:
    first = bench.put("a")
    bench.disk.well = False
    second = bench.put("b")
    bench.heal()
    third = bench.put("c")
    assert len({first.epoch, second.epoch, third.epoch}) == 2, "while a waits, the old epoch is not done with"
    assert sorted(bench.send_all()) == ["a", "b", "c"]
    bench.heal()
    fourth = bench.put("d")
    assert fourth.epoch not in {first.epoch, second.epoch}
    assert bench.box.problem is None


def test_a_batch_is_of_one_epoch(bench: Bench) -> None:
    bench.put("old", RecordClass.HISTORY)
    bench.disk.well = False
    bench.put("new", RecordClass.CHANGE)
    assert bench.bodies() == ["new"]


def test_a_disk_that_is_missing_at_the_start_is_found_later(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    now = [0.0]

    def open_() -> SqliteOutbox:
        if not folder.exists():
            raise OutboxError("outbox: no such place")
        return SqliteOutbox(folder / "outbox.db")

    box = FallbackOutbox(open_, lambda: now[0])
    assert box.problem == "outbox: no such place"
    memory = box.put(Record(RecordClass.CHANGE, NOW, b"a"))
    folder.mkdir()
    now[0] += RETRY_S
    assert box.put(Record(RecordClass.CHANGE, NOW, b"b")).epoch != memory.epoch
    assert box.problem is None
    box.close()


def test_a_second_process_is_refused_as_ever(tmp_path: Path) -> None:
    open_: Callable[[], SqliteOutbox] = lambda: SqliteOutbox(tmp_path / "outbox.db")  # noqa: E731 - two users of one
    first = FallbackOutbox(open_, lambda: 0.0)
    with pytest.raises(OutboxBusy):
        FallbackOutbox(open_, lambda: 0.0)
    first.close()


def test_an_epoch_is_not_renewed_while_entries_wait(tmp_path: Path) -> None:
    box = SqliteOutbox(tmp_path / "outbox.db")
    key = box.put(Record(RecordClass.CHANGE, NOW, b"a"))
    with pytest.raises(OutboxError, match="wait"):
        box.renew()
    box.ack([key])
    box.renew()
    again = box.put(Record(RecordClass.CHANGE, NOW, b"b"))
    assert (again.epoch != key.epoch, again.seq) == (True, 2)
    box.close()
