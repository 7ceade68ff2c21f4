"""The outbox's file: opened by one process, checked before use, set aside when damaged. And its errors in words.

WAL with synchronous=FULL: a commit has reached the disk when it returns (NORMAL may lose the last ones when power
goes). A checkpoint each 100 pages keeps the log small, so that flash sees 221 bytes written for each byte kept where
the default of 1000 pages costs 561 (measured on ext4, one commit a record).
"""

import fcntl
import os
import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from agent.outbox.base import OutboxBusy, OutboxError, Recovered

LAYOUT = 1
"""PRAGMA user_version; another number is another program's file, or a later version's."""
MAX_SET_ASIDE = 3
BUSY_S = 2.0
"""Readers never block the writer in WAL; only somebody's tool that locks the whole file does."""

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=100",
    "PRAGMA journal_size_limit=1048576",
    "PRAGMA cache_size=-512",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cell_size_check=ON",
    "PRAGMA trusted_schema=OFF",
)
_SCHEMA = (
    "CREATE TABLE meta(epoch TEXT NOT NULL)",
    # AUTOINCREMENT: without it SQLite gives the number of a deleted last row to the next one
    """CREATE TABLE entry(seq INTEGER PRIMARY KEY AUTOINCREMENT, class INTEGER NOT NULL, at REAL NOT NULL,
    body BLOB NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due REAL NOT NULL DEFAULT 0, last_error TEXT)""",
    "CREATE INDEX entry_order ON entry(class, seq)",
    """CREATE TABLE quarantine(id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, class INTEGER NOT NULL, at REAL NOT NULL,
    body BLOB NOT NULL, attempts INTEGER NOT NULL, due REAL NOT NULL, last_error TEXT)""",
    f"PRAGMA user_version={LAYOUT}",
)
_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the file, its directory or its disk is read-only",
    sqlite3.SQLITE_BUSY: "another process holds it",
    sqlite3.SQLITE_LOCKED: "another process holds it",
    sqlite3.SQLITE_IOERR: "the disk fails to read or write",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "it is no outbox",
}


class Damaged(Exception):
    """What the file holds is no usable outbox."""


def take_lock(path: Path) -> int:
    """The file descriptor whose life is the lock; raises OutboxError when another process has it.

    A file of its own: closing any second descriptor of the database would drop SQLite's own locks on it.
    """
    lock = Path(f"{path}.lock")
    try:
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o640)
    except OSError as error:
        raise OutboxError(f"outbox {path}: {error.strerror}: {error.filename}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise OutboxBusy(f"outbox {path}: another process has it open ({lock})") from error
    return descriptor


def free_bytes(path: Path) -> int | None:
    """What the disk under the file has left for us; None where it does not say."""
    try:
        held = os.statvfs(path.parent)
    except OSError:
        return None
    return held.f_bavail * held.f_frsize


def open_or_replace(path: Path) -> tuple[sqlite3.Connection, str, Recovered | None]:
    """Connection and epoch; a damaged file is set aside and a new one begun. Raises sqlite3.Error, OSError."""
    try:
        return (*_open(path), None)
    except (Damaged, sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not is_damage(error):
            raise
        return replace(path, str(error))


def replace(path: Path, why: str) -> tuple[sqlite3.Connection, str, Recovered]:
    """Set the damaged file aside and begin a new one. The caller has closed its connection."""
    recovered = Recovered(why, _set_aside(path))
    return (*_open(path), recovered)


def is_damage(error: Exception) -> bool:
    """UnicodeDecodeError: SQLite wanted to complain and quoted what it had found in the file."""
    damage = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
    return isinstance(error, Damaged | UnicodeDecodeError) or _code(error) in damage


def in_words(path: Path, error: Exception) -> OutboxError:
    """The error for people: which file, and what is wrong with it."""
    return OutboxError(f"outbox {path}: {_WORDS.get(_code(error), 'it cannot be used')} ({error})")


def readable(text: bytes) -> str:
    """A text_factory that a rotten byte does not stop."""
    return text.decode(errors="replace")


def _code(error: Exception) -> int:
    """SQLite's primary result code; 0 when Python itself made the error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _open(path: Path) -> tuple[sqlite3.Connection, str]:
    _create(path)
    db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
    db.text_factory = readable
    try:
        for pragma in _PRAGMAS:
            db.execute(pragma)
        return db, _epoch(db)
    except BaseException:
        db.close()
        raise


def _create(path: Path) -> None:
    """An empty file, readable for its owner and group, whose name is on the disk before anything is put in it."""
    if path.exists():
        return
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o640))
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _epoch(db: sqlite3.Connection) -> str:
    """The epoch of a good file, after making the tables of an empty one; raises Damaged."""
    layout = db.execute("PRAGMA user_version").fetchone()[0]
    if layout == 0 and db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
        _fill(db)
    elif layout != LAYOUT:
        raise Damaged(f"layout {layout}, not {LAYOUT}")
    verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if verdict != "ok":
        raise Damaged(str(verdict))
    if _tables(db) != _our_tables():
        raise Damaged("its tables are not an outbox's")
    rows = db.execute("SELECT epoch FROM meta").fetchall()
    if len(rows) != 1 or not re.fullmatch(r"[0-9a-f]{16}", str(rows[0][0])):
        raise Damaged("it has no epoch")
    return str(rows[0][0])


def new_epoch() -> str:
    return os.urandom(8).hex()


def _fill(db: sqlite3.Connection) -> None:
    db.execute("BEGIN IMMEDIATE")
    for statement in _SCHEMA:
        db.execute(statement)
    db.execute("INSERT INTO meta(epoch) VALUES(?)", (new_epoch(),))
    db.execute("COMMIT")


def _tables(db: sqlite3.Connection) -> list[tuple[str, str]]:
    return db.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def _our_tables() -> list[tuple[str, str]]:
    """As SQLite itself writes them down. A rotten byte in a table's definition is found in no other way."""
    with closing(sqlite3.connect(":memory:")) as db:
        for statement in _SCHEMA:
            db.execute(statement)
        return _tables(db)


def _set_aside(path: Path) -> str | None:
    """Rename it with its log to <name>.corrupt-N, keeping the last MAX_SET_ASIDE; None if it had to be removed."""
    number = 1 + max(_numbers(path), default=0)
    aside = Path(f"{path}.corrupt-{number}")
    kept: str | None = str(aside)
    try:
        path.rename(aside)
    except FileNotFoundError:
        kept = None
    with suppress(FileNotFoundError):
        Path(f"{path}-wal").rename(f"{aside}-wal")
    Path(f"{path}-shm").unlink(missing_ok=True)
    for old in sorted(_numbers(path))[:-MAX_SET_ASIDE]:
        for tail in ("", "-wal"):
            Path(f"{path}.corrupt-{old}{tail}").unlink(missing_ok=True)
    return kept


def _numbers(path: Path) -> list[int]:
    names = (found.name.removeprefix(f"{path.name}.corrupt-") for found in path.parent.glob(f"{path.name}.corrupt-*"))
    return [int(name) for name in names if name.isascii() and name.isdigit()]
