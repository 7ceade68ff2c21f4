"""The outbox's questions to its tables, for the daemon and for those who only look. No transactions here."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice

from agent.outbox.base import MAX_DEFER_S, NEWEST_FIRST, Budget, Entry, Key, OutboxStats, Record, RecordClass, Recovered
from agent.outbox.budget import EARLIEST_CREDIBLE_AT, OVERHEAD_BYTES, Item

MAX_QUARANTINED = 200
MAX_QUARANTINED_BYTES = 1024 * 1024
MAX_ERROR_CHARS = 300

_FIELDS = "seq, class, at, body, attempts, due, last_error"
_Row = tuple[int, object, object, object, object, object, object]
"""As the columns are declared, unless the file has rotted."""


def insert(db: sqlite3.Connection, epoch: str, record: Record) -> Key:
    row = db.execute(
        "INSERT INTO entry(class, at, body) VALUES(?, ?, ?)", (int(record.record_class), record.at, record.body)
    )
    return Key(epoch, row.lastrowid or 0)


def reserve(db: sqlite3.Connection, count: int) -> int:
    """The first of `count` numbers that AUTOINCREMENT passes over from now on."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    if row is None:
        db.execute("INSERT INTO sqlite_sequence(name, seq) VALUES('entry', ?)", (count,))
        return 1
    db.execute("UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'entry'", (count,))
    return int(row[0]) + 1


def insert_entry(db: sqlite3.Connection, epoch: str, entry: Entry) -> Key:
    """Under its own number; one of another epoch gets a new one."""
    if entry.key.epoch != epoch:
        return insert(db, epoch, entry.record)
    record = entry.record
    db.execute(
        "INSERT INTO entry(seq, class, at, body, attempts, due, last_error) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (
            entry.key.seq, int(record.record_class), record.at, record.body,
            entry.attempts, entry.due, entry.last_error,
        ),
    )  # fmt: skip
    return entry.key


def due_entries(db: sqlite3.Connection, epoch: str, limit: int, max_bytes: int, now: float) -> list[Entry]:
    leased: list[Entry] = []
    total = 0
    for row in islice(_in_order(db, "AND (due <= ? OR due > ?)", (now, now + MAX_DEFER_S)), max(1, limit)):
        entry = _entry(epoch, row)
        total += len(entry.record.body)
        if leased and total > max_bytes:
            break
        leased.append(entry)
    return leased


def _in_order(db: sqlite3.Connection, only: str = "", values: tuple[float, ...] = ()) -> Iterator[_Row]:
    """By class, then age: the older first, but of heartbeats the newest, which says how things stand now."""
    known = ",".join(str(int(kind)) for kind in RecordClass)
    for kind in (*RecordClass, None):  # None: a class that nobody knows, in a file that has rotted
        which = f"class NOT IN ({known})" if kind is None else f"class = {int(kind)}"
        way = "DESC" if kind in NEWEST_FIRST else "ASC"
        rows = db.execute(
            f"SELECT {_FIELDS} FROM entry WHERE {which} {only} ORDER BY seq {way}",  # noqa: S608 - constants
            values,
        )
        with closing(rows):
            yield from rows


def delete(db: sqlite3.Connection, seqs: Iterable[int]) -> None:
    db.executemany("DELETE FROM entry WHERE seq = ?", ((seq,) for seq in seqs))


def postpone(db: sqlite3.Connection, seqs: Iterable[int], until: float, why: str) -> None:
    db.executemany(
        "UPDATE entry SET attempts = attempts + 1, due = ?, last_error = ? WHERE seq = ?",
        ((until, why[:MAX_ERROR_CHARS], seq) for seq in seqs),
    )


def quarantine(db: sqlite3.Connection, seq: int, why: str) -> None:
    """Move one entry; the oldest of the quarantine make room, by number and by bytes."""
    moved = db.execute(
        "INSERT INTO quarantine(seq, class, at, body, attempts, due, last_error)"
        " SELECT seq, class, at, body, attempts, due, ? FROM entry WHERE seq = ?",
        (why[:MAX_ERROR_CHARS], seq),
    )
    if not moved.rowcount:
        return
    delete(db, [seq])
    rows = db.execute("SELECT id, length(body) FROM quarantine ORDER BY id DESC").fetchall()
    total = 0
    for place, (row_id, size) in enumerate(rows):
        total += size
        if place and (place >= MAX_QUARANTINED or total > MAX_QUARANTINED_BYTES):
            db.execute("DELETE FROM quarantine WHERE id <= ?", (row_id,))
            break


def file_bytes(db: sqlite3.Connection) -> int:
    """As large as the file is, free pages within it included."""
    (pages,), (size,) = db.execute("PRAGMA page_count").fetchone(), db.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(size)


def is_over(db: sqlite3.Connection, budget: Budget, now: float) -> bool:
    """Whether anything must be dropped at all: the cheap question before the dear one."""
    count, room, oldest = db.execute(
        "SELECT count(*), total(length(body) + ?), min(CASE WHEN at >= ? THEN at END) FROM entry",
        (OVERHEAD_BYTES, EARLIEST_CREDIBLE_AT),
    ).fetchone()
    aged = oldest is not None and now - _number(oldest) > budget.max_age_s
    return bool(aged or count > budget.max_count or room > budget.max_bytes)


def items(db: sqlite3.Connection) -> list[Item]:
    rows = db.execute("SELECT seq, class, at, length(body) FROM entry ORDER BY seq")
    return [Item(seq, _class(kind), _number(at), int(_number(size))) for seq, kind, at, size in rows]


def next_due(db: sqlite3.Connection, now: float) -> float | None:
    row = db.execute(
        "SELECT min(CASE WHEN due <= ?1 OR due > ?2 THEN ?1 ELSE due END) FROM entry", (now, now + MAX_DEFER_S)
    ).fetchone()
    return None if row[0] is None else _number(row[0])


def stats(db: sqlite3.Connection, epoch: str, recovered: Recovered | None) -> OutboxStats:
    waiting = dict.fromkeys(RecordClass, 0)
    total = 0
    oldest: list[float] = []
    rows = db.execute("SELECT class, count(*), total(length(body)), min(at) FROM entry GROUP BY class")
    for kind, count, size, at in rows.fetchall():
        waiting[_class(kind)] += count
        total += int(size)
        oldest.append(_number(at))
    quarantined = db.execute("SELECT count(*) FROM quarantine").fetchone()[0]
    last = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'entry'").fetchone()
    next_seq = (last[0] if last else 0) + 1
    return OutboxStats(epoch, waiting, total, min(oldest, default=None), quarantined, next_seq, recovered)


def entries(db: sqlite3.Connection, epoch: str, limit: int) -> list[Entry]:
    return [_entry(epoch, row) for row in islice(_in_order(db), max(0, limit))]


def quarantined(db: sqlite3.Connection, epoch: str, limit: int) -> list[Entry]:
    rows = db.execute(
        f"SELECT {_FIELDS} FROM quarantine ORDER BY id DESC LIMIT ?",  # noqa: S608 - constants
        (max(0, limit),),
    )
    return [_entry(epoch, row) for row in rows.fetchall()]


def _entry(epoch: str, row: _Row) -> Entry:
    seq, kind, at, body, attempts, due, error = row
    record = Record(_class(kind), _number(at), body if isinstance(body, bytes) else b"")
    return Entry(Key(epoch, seq), record, int(_number(attempts)), _number(due), None if error is None else str(error))


def _class(kind: object) -> RecordClass:
    """A class that a later version may have written is the least of ours."""
    return RecordClass(kind) if isinstance(kind, int) and 0 <= kind <= max(RecordClass) else max(RecordClass)


def _number(value: object) -> float:
    """A rotten byte can turn a column into another type, which SQLite does not call damage."""
    return float(value) if isinstance(value, int | float) else 0.0
