"""Killed at any moment, a hundred times and more: nothing that was promised is lost, nothing arrives twice.

The seed is in every failure's message; give another one by SEED (up to the kernel's scheduling).
"""

import os
import select
import socket
import sqlite3
import struct
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from agent.clock import Deadline, SystemClock
from agent.outbox.base import Key, Record, RecordClass
from agent.outbox.sqlite import SqliteOutbox
from agent.uplink.base import SendError
from agent.uplink.retry import Pace
from agent.uplink.sender import Sender, SenderSettings
from agent.wire import Answer, answer_bytes, read_answer, read_batch, stored
from tests.fakes.forked import Forked

SEED = int(os.environ.get("SEED", "1"))
PUT_ROUNDS = 120
SEND_ROUNDS = 100
_SAID = struct.Struct("=cq")
"""One message of a child: b"p" put (the key is promised), b"a" about to acknowledge; and the seq."""


def body(token: int, size: int) -> bytes:
    """A body that shows when half of it is missing."""
    text = b"%d " % token + b"x" * size
    return text + b" %08x" % zlib.crc32(text)


def is_whole(data: bytes) -> bool:
    return data[-8:] == b"%08x" % zlib.crc32(data[:-9])


def putting(path: Path, seed: int) -> Callable[[int], None]:
    """A child that puts, acknowledges, defers and rejects for ever, saying what it did once it is done."""

    def work(pipe: int) -> None:
        random = Random(seed)
        box = SqliteOutbox(path)
        while True:
            records = [
                Record(
                    RecordClass(random.randrange(5)), 1.7e9, body(random.getrandbits(32), random.choice([5, 400, 9000]))
                )
                for _ in range(random.choice([1, 1, 1, 7]))
            ]
            keys = box.put_many(records)
            os.write(pipe, b"".join(_SAID.pack(b"p", key.seq) for key in keys))
            leased = box.lease(5, 20_000, 2e9)
            chosen = [entry.key for entry in leased if random.random() < 0.5]
            os.write(pipe, b"".join(_SAID.pack(b"a", key.seq) for key in chosen))
            random.choice([box.ack, box.ack, lambda keys: box.defer(keys, 1.9e9, "x"), _rejecting(box)])(chosen)

    return work


def _rejecting(box: SqliteOutbox) -> Callable[[list[Key]], None]:
    def reject(keys: list[Key]) -> None:
        for key in keys:
            box.reject(key, "x")

    return reject


def until_busy(child: Forked, random: Random, number: int) -> None:
    """Let it work for a random while: from before it has opened the file to well into its work.

    Every third one until it has promised something, however slow the machine: else they may all come to nothing.
    """
    wait = random.choice([0.0, random.uniform(0.0, 0.005), random.uniform(0.005, 0.04)])
    if number % 3 == 0:
        assert select.select([child.pipe], [], [], 60)[0], f"seed {SEED}, round {number}: nothing in a minute"
    select.select([], [], [], wait)


def test_every_key_that_was_promised_is_there_after_any_kill(tmp_path: Path) -> None:
    random = Random(SEED)
    path = tmp_path / "outbox.db"
    promised: set[int] = set()
    maybe_gone: set[int] = set()
    epochs: set[str] = set()
    highest = 0
    for number in range(PUT_ROUNDS):
        child = Forked.run(putting(path, random.getrandbits(32)))
        until_busy(child, random, number)
        child.kill()
        said = child.output()
        said = said[: len(said) - len(said) % _SAID.size]
        fresh = {seq for what, seq in _SAID.iter_unpack(said) if what == b"p"}
        where = f"seed {SEED}, round {number}"
        assert not fresh & promised, f"{where}: a number was given twice"
        assert min(fresh, default=highest + 1) > highest, f"{where}: a number below {highest} was given"
        promised |= fresh
        maybe_gone |= {seq for what, seq in _SAID.iter_unpack(said) if what == b"a"}
        with closing(SqliteOutbox(path)) as box:
            stats = box.stats()
            kept = box.entries(1_000_000)
        epochs.add(stats.epoch)
        assert stats.recovered is None, f"{where}: taken for damaged"
        assert promised - {entry.key.seq for entry in kept} <= maybe_gone, f"{where}: lost"
        assert all(is_whole(entry.record.body) for entry in kept), f"{where}: half a record"
        assert stats.next_seq > max(promised, default=0), f"{where}: numbers would be used again"
        highest = stats.next_seq - 1
    assert len(epochs) == 1
    assert len(promised) >= PUT_ROUNDS / 3, "the children came to nothing"


def test_records_put_together_survive_together(tmp_path: Path) -> None:
    random = Random(SEED)
    path = tmp_path / "outbox.db"
    size = 9

    def work(pipe: int) -> None:
        box = SqliteOutbox(path)
        while True:
            box.put_many(Record(RecordClass.HISTORY, 1.7e9, body(0, 3000)) for _ in range(size))

    for number in range(15):
        child = Forked.run(work)
        select.select([], [], [], random.choice([0.0, random.uniform(0.0, 0.005), random.uniform(0.005, 0.04)]))
        child.kill()
        child.output()
        with closing(SqliteOutbox(path)) as box:
            assert box.stats().waiting[RecordClass.HISTORY] % size == 0, f"seed {SEED}, round {number}"


@pytest.mark.parametrize("tail", [b"", b"\0" * 700, b"\xa5" * 5000], ids=["cut", "zeros", "garbage"])
def test_a_log_torn_anywhere_by_a_power_cut_leaves_a_whole_beginning(tmp_path: Path, tail: bytes) -> None:
    """What SIGKILL cannot show: the last pages of the log may be on the disk in part, or as rubbish."""
    random = Random(SEED)
    source = tmp_path / "outbox.db"
    box = SqliteOutbox(source)
    log = Path(f"{source}-wal")
    ends = []
    for number in range(20):
        box.put(Record(RecordClass.CHANGE, 1.7e9, body(number, random.choice([5, 5000]))))
        ends.append(log.stat().st_size)
    whole, base = log.read_bytes(), source.read_bytes()
    for number in range(40):
        cut = random.randrange(len(whole) + 1)
        torn = tmp_path / f"torn-{number}.db"
        torn.write_bytes(base)
        Path(f"{torn}-wal").write_bytes(whole[:cut] + tail)
        with closing(SqliteOutbox(torn)) as again:
            kept = [entry.key.seq for entry in again.entries(100)]
            # before the first commit of the log there is nothing yet: then a new outbox begins, and says its epoch
            least = sum(end <= cut for end in ends)
            assert len(kept) >= least, f"seed {SEED}, cut at {cut}: {least} were committed, {len(kept)} are there"
            assert kept == list(range(1, len(kept) + 1)), f"seed {SEED}, cut at {cut}"
            assert all(is_whole(entry.record.body) for entry in again.entries(100))
    box.close()


def test_what_is_committed_has_reached_the_disk(tmp_path: Path) -> None:
    with closing(SqliteOutbox(tmp_path / "outbox.db")) as box:
        assert box._db is not None
        assert box._db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert box._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


class LoopbackTransport:
    """Length, batch; length, answer. A new connection each, so that any receiver may serve it."""

    def __init__(self, port: int) -> None:
        self._port = port

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=0.05) as sock:
                sock.sendall(len(batch).to_bytes(4, "big") + batch)
                return read_answer(_receive(sock))
        except (OSError, EOFError) as error:
            raise SendError("lost", str(error)) from error

    def close(self) -> None:
        return


def _receive(sock: socket.socket) -> bytes:
    def exactly(count: int) -> bytes:
        data = b""
        while len(data) < count:
            got = sock.recv(count - len(data))
            if not got:
                raise EOFError("closed")
            data += got
        return data

    return exactly(int.from_bytes(exactly(4), "big"))


def receiving(listener: socket.socket, path: Path) -> Callable[[int], None]:
    """A child that is the centre: commit, then acknowledge; repeats are dropped by key."""

    def work(pipe: int) -> None:
        db = sqlite3.connect(path, isolation_level=None)
        while True:
            sock, _ = listener.accept()
            with sock:
                sock.settimeout(0.2)
                try:
                    take(db, sock)
                except (OSError, EOFError):
                    continue

    return work


def take(db: sqlite3.Connection, sock: socket.socket) -> None:
    batch = read_batch(_receive(sock))
    db.execute("BEGIN IMMEDIATE")
    for record in batch.records:
        row = (batch.epoch, record.seq, record.body["n"])
        db.execute("INSERT INTO report VALUES(?, ?, ?) ON CONFLICT DO NOTHING", row)
    db.execute("COMMIT")
    answer = answer_bytes(Answer(acked=len(batch.records)))
    sock.sendall(len(answer).to_bytes(4, "big") + answer)


def sending(path: Path, port: int, first: int, seed: int) -> Callable[[int], None]:
    """A child that is the terminal: puts numbered records and sends what waits."""

    def work(pipe: int) -> None:
        random = Random(seed)
        box = SqliteOutbox(path)
        sender = sender_of(box, port, random)
        number = first
        clock = SystemClock()
        while True:
            if random.random() < 0.3:
                box.put(numbered_record(number))
                os.write(pipe, number.to_bytes(8, "big"))
                number += 1
            select.select([], [], [], min(0.002, sender.step(clock.monotonic())))

    return work


def numbered_record(number: int) -> Record:
    return Record(RecordClass(number % 5), 1.7e9, stored("verdict", 1.7e9, {"n": number}))


def sender_of(box: SqliteOutbox, port: int, random: Random) -> Sender:
    settings = SenderSettings(batch_records=5, pace=Pace(0.002, 0.01))
    return Sender(box, LoopbackTransport(port), settings, SystemClock(), random)


def test_terminal_and_centre_killed_at_random_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    random = Random(SEED)
    there, here = tmp_path / "central.db", tmp_path / "outbox.db"
    with closing(sqlite3.connect(there)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE report(epoch TEXT, seq INTEGER, n INTEGER, PRIMARY KEY(epoch, seq))")
    promised: set[int] = set()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        port = listener.getsockname()[1]
        centre = Forked.run(receiving(listener, there))
        for number in range(SEND_ROUNDS):
            terminal = Forked.run(sending(here, port, number * 1_000_000, random.getrandbits(32)))
            until_busy(terminal, random, number)
            if random.random() < 0.5:
                centre.kill()
                centre.output()
                centre = Forked.run(receiving(listener, there))
                until_busy(terminal, random, number)
            terminal.kill()
            said = terminal.output()
            promised |= {int.from_bytes(said[at : at + 8], "big") for at in range(0, len(said) - 7, 8)}
        drain(here, port, random)
        centre.kill()
        centre.output()
    with closing(sqlite3.connect(there)) as db:
        arrived = [row[0] for row in db.execute("SELECT n FROM report")]
    assert promised <= set(arrived), f"seed {SEED}: lost {sorted(promised - set(arrived))[:5]}"
    assert len(arrived) == len(set(arrived)), f"seed {SEED}: something arrived under two keys"
    assert len(arrived) >= SEND_ROUNDS / 4, "the children came to nothing"


def drain(path: Path, port: int, random: Random) -> None:
    with closing(SqliteOutbox(path)) as box:
        sender = sender_of(box, port, random)
        sender.poke(SystemClock().monotonic(), force=True)
        for _ in range(100_000):
            wait = sender.step(SystemClock().monotonic())
            if not sum(box.stats().waiting.values()):
                return
            select.select([], [], [], min(0.01, wait))
    raise AssertionError(f"seed {SEED}: the outbox did not empty")
