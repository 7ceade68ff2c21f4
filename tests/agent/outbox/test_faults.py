"""The disk fills, turns read-only, rots; the file is somebody else's or nobody's. The agent goes on and says so."""

import os
import resource
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from agent.outbox.base import Budget, Key, OutboxError, Record, RecordClass
from agent.outbox.batch import BatchingOutbox
from agent.outbox.memory import MemoryOutbox
from agent.outbox.sqlite import SqliteOutbox
from agent.outbox.sqlite_file import MAX_SET_ASIDE
from agent.outbox.sqlite_view import SqliteView
from tests.fakes.forked import Forked

AT = 1_790_000_000.0
SEED = int(os.environ.get("SEED", "1"))


def change(body: bytes = b"{}") -> Record:
    return Record(RecordClass.CHANGE, AT, body)


def routine(body: bytes = b"{}", kind: RecordClass = RecordClass.HISTORY) -> Record:
    return Record(kind, AT, body)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def fill(path: Path, count: int = 50) -> str:
    with closing(SqliteOutbox(path)) as box:
        box.put_many(change(b"x" * 500) for _ in range(count))
        return box.stats().epoch


def test_only_one_process_may_have_it(path: Path) -> None:
    def open_and_tell(pipe: int) -> None:
        try:
            SqliteOutbox(path)
        except OutboxError as error:
            os.write(pipe, str(error).encode())
        signal.pause()

    with closing(SqliteOutbox(path)):
        other = Forked.run(open_and_tell)
        told = os.read(other.pipe, 1000).decode()
        other.kill()
        os.close(other.pipe)
    assert "another process has it open" in told
    with closing(SqliteOutbox(path)) as again:
        assert again.put(change()).seq == 1


def test_epoch_and_contents_survive_closing(path: Path) -> None:
    epoch = fill(path, 3)
    with closing(SqliteOutbox(path)) as box:
        key = box.put(change())
        assert key == Key(epoch, 4)
        box.defer([key], AT + 100, "why not")
    with closing(SqliteOutbox(path)) as box:
        entry = box.entries(10)[3]
        assert (entry.attempts, entry.due, entry.last_error) == (1, AT + 100, "why not")


def test_the_file_is_not_for_everybody_to_read(path: Path) -> None:
    fill(path)
    assert path.stat().st_mode & 0o007 == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"this is no database, it is a log somebody put here\n" * 100,
        lambda data: data[:5000],
        lambda data: data[:4096] + b"\0" * (len(data) - 4096),
        lambda data: b"\0" * len(data),
        lambda data: Random(SEED).randbytes(len(data)),
    ],
    ids=["text", "cut", "zeros behind the head", "zeros", "noise"],
)
def test_a_damaged_file_is_set_aside_and_a_new_epoch_begins(path: Path, damage: Callable[[bytes], bytes]) -> None:
    epoch = fill(path)
    rotten = damage(path.read_bytes())
    path.write_bytes(rotten)
    with closing(SqliteOutbox(path)) as box:
        recovered = box.stats().recovered
        assert recovered is not None
        assert recovered.set_aside == f"{path}.corrupt-1"
        assert box.put(change()).seq == 1
        assert box.stats().epoch != epoch
    assert Path(f"{path}.corrupt-1").read_bytes() == rotten
    with closing(SqliteOutbox(path)) as box:
        assert box.stats().recovered is None
        assert len(box.entries(10)) == 1


def test_any_rotten_byte_costs_at_most_the_contents_and_never_the_agent(path: Path, tmp_path: Path) -> None:
    fill(path, 200)
    good = path.read_bytes()
    random = Random(SEED)
    for number in range(60):
        data = bytearray(good)
        for _ in range(random.choice([1, 20])):
            data[random.randrange(len(data))] = random.randrange(256)
        rotten = tmp_path / f"rotten-{number}.db"
        rotten.write_bytes(data)
        with closing(SqliteOutbox(rotten)) as box:
            try:
                for entry in box.lease(500, 10**9, AT):
                    box.ack([entry.key])
                box.put(change())
                box.stats()
            except OutboxError as error:
                pytest.fail(f"seed {SEED}, round {number}: {error}")


def test_rot_that_shows_while_running_is_met_at_once(path: Path) -> None:
    with closing(SqliteOutbox(path)) as box:
        box.put_many(change(b"x" * 3000) for _ in range(300))
        epoch = box.stats().epoch
        assert box._db is not None
        box._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (path.stat().st_size - 4096))
        box._db.execute("PRAGMA cache_size=1")
        key = box.put(change())
        assert key.epoch != epoch
        assert box.stats().recovered is not None
        box.ack([Key(epoch, key.seq)])
        assert [entry.key for entry in box.entries(10)] == [key]


def test_what_was_set_aside_is_kept_within_bounds(path: Path) -> None:
    for number in range(MAX_SET_ASIDE + 3):
        path.write_bytes(b"rubbish %d" % number * 200)
        SqliteOutbox(path).close()
    kept = sorted(found.name for found in path.parent.glob("*.corrupt-*"))
    assert kept == [f"outbox.db.corrupt-{number}" for number in (4, 5, 6)]


def test_a_later_layout_is_set_aside_and_not_overwritten(path: Path) -> None:
    fill(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version=99")
    with closing(SqliteOutbox(path)) as box:
        recovered = box.stats().recovered
    assert recovered is not None
    assert "layout 99" in recovered.why
    with closing(sqlite3.connect(f"{path}.corrupt-1")) as db:
        assert db.execute("SELECT count(*) FROM entry").fetchone() == (50,)


@pytest.mark.parametrize(
    "statement", ["DROP TABLE quarantine", "DELETE FROM meta", "ALTER TABLE entry RENAME at TO ta"]
)
def test_a_database_with_other_tables_is_no_outbox(path: Path, statement: str) -> None:
    fill(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)
    with closing(SqliteOutbox(path)) as box:
        assert box.stats().recovered is not None
        assert box.put(change()).seq == 1


def full(box: SqliteOutbox) -> None:
    """SQLite's own "disk is full", without filling one."""
    assert box._db is not None
    pages = box._db.execute("PRAGMA page_count").fetchone()[0]
    box._db.execute(f"PRAGMA max_page_count={pages}")


def test_a_full_disk_is_said_and_what_was_there_stays(path: Path) -> None:
    with closing(SqliteOutbox(path)) as box:
        key = box.put(change())
        full(box)
        with pytest.raises(OutboxError, match=rf"{path}: the disk is full"):
            box.put_many(change(b"x" * 5000) for _ in range(10))
        assert [entry.key for entry in box.lease(10, 10**6, AT)] == [key]
        box.ack([key])
        assert box._db is not None
        box._db.execute("PRAGMA max_page_count=100000")
        assert box.put(change()).seq == 2


def test_a_real_write_error_of_the_kernel_is_said_and_passes(path: Path) -> None:
    """RLIMIT_FSIZE makes write() itself fail, in a child, because it holds for the whole process."""

    def work(pipe: int) -> None:
        box = SqliteOutbox(path)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
        try:
            while True:
                box.put(change(b"x" * 20_000))
        except OutboxError as error:
            os.write(pipe, f"{error}\n".encode())
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        os.write(pipe, f"{len(box.entries(100))} kept, next {box.put(change()).seq}".encode())
        signal.pause()

    child = Forked.run(work)
    said = os.read(child.pipe, 1000)
    said += b"" if b"next" in said else os.read(child.pipe, 1000)
    child.kill()
    os.close(child.pipe)
    trouble, kept = said.decode().splitlines()
    assert f"outbox {path}: the disk" in trouble
    count, after = int(kept.split()[0]), int(kept.split()[-1])
    assert after > count > 0


def test_read_only_is_said(path: Path) -> None:
    with closing(SqliteOutbox(path)) as box:
        box.put(change())
        assert box._db is not None
        box._db.execute("PRAGMA query_only=1")
        with pytest.raises(OutboxError, match="read-only"):
            box.put(change())
        assert len(box.entries(10)) == 1


@pytest.mark.parametrize("where", ["/proc/outbox.db", "/dev/null/outbox.db"])
def test_a_place_where_nothing_can_be_written_is_said(where: str) -> None:
    with pytest.raises(OutboxError, match=where):
        SqliteOutbox(Path(where))


def test_a_locked_file_is_said_and_passes(path: Path) -> None:
    with closing(SqliteOutbox(path)) as box, closing(sqlite3.connect(path, isolation_level=None)) as tool:
        assert box._db is not None
        box._db.execute("PRAGMA busy_timeout=1")
        tool.execute("BEGIN IMMEDIATE")
        with pytest.raises(OutboxError, match="another process holds it"):
            box.put(change())
        tool.execute("ROLLBACK")
        assert box.put(change()).seq == 1


def test_looking_changes_nothing_and_needs_no_right_to_write(path: Path) -> None:
    epoch = fill(path, 5)
    before = path.read_bytes()
    with closing(SqliteView(path)) as view:
        assert view.stats().epoch == epoch
        assert len(view.entries(3)) == 3
        assert view.quarantine(3) == []
    assert path.read_bytes() == before


def test_looking_works_after_a_crash_too(path: Path) -> None:
    def work(pipe: int) -> None:
        SqliteOutbox(path).put(change())
        os.write(pipe, b".")
        signal.pause()

    child = Forked.run(work)
    os.read(child.pipe, 1)
    child.kill()
    os.close(child.pipe)
    with closing(SqliteView(path)) as view:
        assert len(view.entries(3)) == 1


def test_an_empty_file_is_a_new_outbox(path: Path) -> None:
    path.touch()
    with closing(SqliteOutbox(path)) as box:
        assert box.stats().recovered is None
        assert box.put(change()).seq == 1


@pytest.fixture
def inner() -> MemoryOutbox:
    return MemoryOutbox()


def test_routine_records_wait_in_memory_until_they_are_enough(inner: MemoryOutbox) -> None:
    box = BatchingOutbox(inner, max_records=3, max_wait_s=900)
    assert [box.add(routine(), 0.0) for _ in range(2)] == [None, None]
    assert (box.held, inner.entries(9)) == (2, [])
    key = box.add(routine(b"third"), 0.0)
    assert key is not None
    assert inner.entries(9)[-1].key == key
    assert box.held == 0


def test_routine_records_wait_no_longer_than_they_may(inner: MemoryOutbox) -> None:
    box = BatchingOutbox(inner, max_records=64, max_wait_s=900)
    assert box.tick(0.0) is None
    box.add(routine(), 100.0)
    assert box.tick(400.0) == 600.0
    assert box.tick(1000.0) is None
    assert len(inner.entries(9)) == 1


def test_a_change_is_written_at_once_and_takes_along_what_waits(path: Path) -> None:
    with closing(BatchingOutbox(SqliteOutbox(path))) as box:
        box.add(routine(b"1"), 0.0)
        box.add(routine(b"2", RecordClass.HEARTBEAT), 0.0)
        assert box.add(change(b"3"), 0.0) == Key(box.stats().epoch, 3)
        assert sorted(entry.key.seq for entry in box.entries(9)) == [1, 2, 3]


def test_stopping_writes_what_waits(path: Path) -> None:
    box = BatchingOutbox(SqliteOutbox(path))
    box.add(routine(), 0.0)
    box.close()
    with closing(SqliteOutbox(path)) as again:
        assert len(again.entries(9)) == 1


class Full(MemoryOutbox):
    full = True

    def put_many(self, records: object) -> list[Key]:
        if self.full:
            raise OutboxError("outbox x: the disk is full")
        return super().put_many(records)  # type: ignore[arg-type]

    def reserve(self, count: int) -> Key:
        if self.full:
            raise OutboxError("outbox x: the disk is full")
        return super().reserve(count)


def test_what_is_sent_at_once_never_touches_the_disk(path: Path) -> None:
    with closing(BatchingOutbox(SqliteOutbox(path))) as box:
        box.add(routine(b"first", RecordClass.HEARTBEAT), 0.0)
        (first,) = box.lease(9, 999, AT)
        box.ack([first.key])
        before = path.with_name("outbox.db-wal").stat().st_size
        for number in range(50):
            box.add(routine(b"%d" % number, RecordClass.HEARTBEAT), 0.0)
            (entry,) = box.lease(9, 999, AT)
            box.ack([entry.key])
        assert path.with_name("outbox.db-wal").stat().st_size == before
        assert box.stats().waiting == dict.fromkeys(box.stats().waiting, 0)


def test_numbers_that_were_given_out_are_not_given_again_after_a_power_cut(path: Path) -> None:
    box = BatchingOutbox(SqliteOutbox(path))
    box.add(routine(), 0.0)
    (sent,) = box.lease(9, 999, AT)
    os.close(box._inner._lock_file)  # type: ignore[attr-defined]
    with closing(BatchingOutbox(SqliteOutbox(path))) as again:
        assert again.put(change()).seq > sent.key.seq
        again.add(routine(), 0.0)
        assert min(entry.key.seq for entry in again.lease(9, 999, AT)) > sent.key.seq


def test_what_could_not_be_sent_is_written_under_the_number_it_was_sent_with(path: Path) -> None:
    with closing(BatchingOutbox(SqliteOutbox(path))) as box:
        box.add(routine(b"x", RecordClass.HEARTBEAT), 0.0)
        (sent,) = box.lease(9, 999, AT)
        box.defer([sent.key], AT + 60, "no network")
        assert box.lease(9, 999, AT) == []
        assert box.next_due(AT) == AT + 60
        box.flush()
        (kept,) = box.entries(9)
        assert (kept.key, kept.attempts, kept.due) == (sent.key, 1, AT + 60)
        box.ack([sent.key])
        assert box.entries(9) == []


def test_a_full_disk_loses_only_the_oldest_of_the_routine(path: Path) -> None:
    inner = Full()
    box = BatchingOutbox(inner, max_records=2)
    refusals = 0
    for number in range(25):
        try:
            box.add(routine(b"%d" % number), 0.0)
        except OutboxError:
            refusals += 1
    assert refusals == 24
    assert (box.held, box.lost) == (20, 5)
    assert box.lease(9, 999, AT) == []
    inner.full = False
    box.add(change(b"change"), 0.0)
    assert [entry.record.body for entry in inner.entries(99)] == [b"change", *(b"%d" % n for n in range(5, 25))]


def test_on_a_short_disk_the_file_stays_as_large_as_it_is_and_changes_stay(path: Path) -> None:
    short = Budget(min_free_bytes=2**62)  # no disk has so much free
    with closing(SqliteOutbox(path)) as box:
        box.put_many([change(b"c" * 500)] + [routine(b"r" * 500) for _ in range(600)])
        box.trim(short, AT)
        checkpoint(path)
        before = path.stat().st_size
        for _ in range(20):
            box.put_many(routine(b"r" * 500) for _ in range(64))
            dropped = box.trim(short, AT, lambda gone: change(gone[0].why.encode()))
        checkpoint(path)
        assert path.stat().st_size <= before
        assert [one.why for one in dropped] == ["disk"]
        assert box.lease(1, 1000, AT)[0].record.body == b"c" * 500


def checkpoint(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
