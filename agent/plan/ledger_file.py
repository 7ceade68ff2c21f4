"""The ledger's file: SQLite, WAL, synchronous FULL (NORMAL may lose the last commits when power goes).

A damaged file is set aside as ledger.db.corrupt-1 and a new one begun. A file written by a newer version is left as
it is: that is no damage, and an older agent must not begin anew over it. What is counted between two commits is noted
in a file beside it (`ledger_tail`).
"""

import os
import sqlite3
from contextlib import suppress
from datetime import date
from pathlib import Path

from agent.plan.books import UNDATED, Books, Seen
from agent.plan.counting import Look, Source
from agent.plan.ledger_tail import Tail, apply

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS usage(day TEXT, source TEXT, card TEXT, rx INTEGER NOT NULL, tx INTEGER NOT NULL,
    PRIMARY KEY(day, source, card)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS own(day TEXT, purpose TEXT, bytes INTEGER NOT NULL, PRIMARY KEY(day, purpose)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS look(source TEXT, identity TEXT, rx INTEGER NOT NULL, tx INTEGER NOT NULL,
    monotonic REAL NOT NULL, boot_id TEXT, wall REAL NOT NULL, PRIMARY KEY(source, identity)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS saved(saves INTEGER NOT NULL);
"""
TAIL = "-tail"


class LedgerError(Exception):
    """The ledger's file cannot be read or written now; the message says which file and why."""


class Damaged(Exception):
    """The file is no ledger, or one that rotted."""


class LedgerFile:
    """An open ledger. Not for several threads at once: the ledger's lock sees to that."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Opens, checks, and makes what is missing. Raises LedgerError, or Damaged (then nothing is held open)."""
        self.path = path
        try:
            self._db = _connect(path, read_only=read_only)
        except sqlite3.Error as error:
            raise LedgerError(f"{path}: {error}") from error
        try:
            self._prepare(read_only=read_only)
            self.books = _read(self._db)
            """What the files held when they were opened."""
            self._saves = _saves(self._db)
            self._tail = Tail(path.with_name(path.name + TAIL))
            noted = self._tail.read(self._saves)
            if noted is not None:
                apply(noted, self.books)
            if read_only:
                self.books.saved()  # nobody waits for it to be written
        except BaseException as error:
            self._db.close()
            raise _explained(path, error) from error

    def save(self, books: Books) -> None:
        """All that is touched, in one commit; then `books` are clean. Raises LedgerError: then they are as before."""
        try:
            with self._db:
                self._save_use(books)
                self._save_own(books)
                self._save_seen(books)
                self._db.execute("DELETE FROM saved")
                self._db.execute("INSERT INTO saved VALUES(?)", (self._saves + 1,))
        except sqlite3.Error as error:
            raise LedgerError(f"{self.path}: {error}") from error
        self._saves += 1
        books.saved()

    def note(self, books: Books) -> bool:
        """All that is touched, in a block beside the file; `books` stay as they are. False: too much for it.

        Raises LedgerError.
        """
        try:
            return self._tail.write(self._saves, books)
        except OSError as error:
            raise LedgerError(f"{self._tail.path}: {error.strerror or error}") from error

    def close(self) -> None:
        self._db.close()

    def _prepare(self, *, read_only: bool) -> None:
        if self._db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise Damaged("its pages contradict each other")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise LedgerError(f"{self.path}: written by a newer version ({version})")
        if not read_only:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA cache_size=-512")  # else it fills to 2 MB, a page or two an hour: bench/soak.py
            self._db.execute("PRAGMA wal_autocheckpoint=100")  # a log that stays small: 35 KB of flash a commit, not 59
            self._db.executescript(_SCHEMA + f"PRAGMA user_version={_VERSION};")

    def _save_use(self, books: Books) -> None:
        gone = [key for key in books.touched_use if key not in books.use]
        self._db.executemany("DELETE FROM usage WHERE day=? AND source=? AND card=?", gone)
        kept = [(*key, *books.use[key]) for key in books.touched_use if key in books.use]
        self._db.executemany("INSERT OR REPLACE INTO usage VALUES(?,?,?,?,?)", kept)

    def _save_own(self, books: Books) -> None:
        gone = [key for key in books.touched_own if key not in books.own]
        self._db.executemany("DELETE FROM own WHERE day=? AND purpose=?", gone)
        kept = [(*key, books.own[key]) for key in books.touched_own if key in books.own]
        self._db.executemany("INSERT OR REPLACE INTO own VALUES(?,?,?)", kept)

    def _save_seen(self, books: Books) -> None:
        gone = [key for key in books.touched_seen if key not in books.seen]
        self._db.executemany("DELETE FROM look WHERE source=? AND identity=?", gone)
        kept = [(key, books.seen[key]) for key in books.touched_seen if key in books.seen]
        rows = [(*key, s.look.rx, s.look.tx, s.look.monotonic, s.look.boot_id, s.wall) for key, s in kept]
        self._db.executemany("INSERT OR REPLACE INTO look VALUES(?,?,?,?,?,?,?)", rows)


def open_or_begin_anew(path: Path) -> tuple[LedgerFile, str | None]:
    """The file, and what was wrong with the one that was there (None: nothing). Raises LedgerError."""
    try:
        return LedgerFile(path), None
    except Damaged as damage:
        why = str(damage)
    try:
        aside = set_aside(path)
        return LedgerFile(path), f"{path} was damaged ({why}); kept as {aside.name}, counting begins anew"
    except (OSError, Damaged) as error:
        raise LedgerError(f"{path}: {error}") from error


def set_aside(path: Path) -> Path:
    """Rename a damaged file, and what belongs to it, to the next free .corrupt-N; returns the new name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in ("-wal", "-shm", TAIL):
        companion = path.with_name(path.name + ending)
        if companion.exists():
            companion.rename(aside.with_name(aside.name + ending))
    return aside


def keep_private(path: Path) -> None:
    """A new file is for its owner and group: what carriers write is nobody else's. Why it cannot be, SQLite says.

    One that is there is not opened: closing it would give up the locks that this process has on it (POSIX).
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640))


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    if not read_only:
        keep_private(path)
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    return sqlite3.connect(uri, uri=True, timeout=5.0, check_same_thread=False)


def _explained(path: Path, error: BaseException) -> BaseException:
    """Disk full, read-only, locked are passing troubles of the machine; a broken file is Damaged."""
    if isinstance(error, sqlite3.OperationalError):
        text = str(error)
        broken = text.startswith(("no such column", "malformed", "table "))
        return Damaged(text) if broken else LedgerError(f"{path}: {text}")
    if isinstance(error, sqlite3.DatabaseError | ValueError | TypeError):
        return Damaged(str(error))
    return error


def _read(db: sqlite3.Connection) -> Books:
    """Raises ValueError or TypeError for rows that we would not have written."""
    books = Books()
    for day, source, card, rx, tx in db.execute("SELECT day, source, card, rx, tx FROM usage"):
        books.use[_day(day), _source(source), str(card)] = (_count(rx), _count(tx))
    for day, purpose, amount in db.execute("SELECT day, purpose, bytes FROM own"):
        books.own[_day(day), str(purpose)] = _count(amount)
    rows = db.execute("SELECT source, identity, rx, tx, monotonic, boot_id, wall FROM look")
    for source, identity, rx, tx, monotonic, boot_id, wall in rows:
        look = Look(_count(rx), _count(tx), float(monotonic), None if boot_id is None else str(boot_id))
        books.seen[_source(source), str(identity)] = Seen(look, float(wall))
    return books


def _saves(db: sqlite3.Connection) -> int:
    """How often the file was saved to; 0 in a file of before this was counted, opened to be read only."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name='saved'").fetchone():
        return 0
    row = db.execute("SELECT saves FROM saved").fetchone()
    return _count(row[0]) if row else 0


def _count(value: object) -> int:
    if isinstance(value, int) and value >= 0:
        return value
    raise ValueError(f"not a count: {value!r}")


def _source(text: object) -> Source:
    if text == "interface":
        return "interface"
    if text == "modem":
        return "modem"
    raise ValueError(f"unknown source {text!r}")


def _day(text: object) -> str:
    day = str(text)
    if not day.startswith(UNDATED):
        date.fromisoformat(day)
    return day
