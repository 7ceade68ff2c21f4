"""The centre's database in one file.

WAL with synchronous FULL: a commit is on the disk when it returns (with NORMAL the last commits can be lost with the
power, https://www.sqlite.org/pragma.html#pragma_synchronous). The one read of the hot path, credentials, comes from
memory or is one statement for all who ask in one turn of the loop, on the caller's thread: a hop to another would cost
more than the read.
"""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from central.store import sql
from central.store.base import StoreUnavailable
from central.store.core import SqlStore
from central.store.database import Row, Values, for_sqlite
from central.store.migrate import Migration, known, migrate_with, names, waiting

_BUSY_S = 5.0
"""Seconds to wait for another process that writes, such as `posagent-central terminal add`."""

_ROOM = "PRAGMA cache_size = -8192"
"""8 MB for pages that are written again and again: the usual 2 hold none of them with 100,000 terminals."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode. Raises StoreUnavailable."""
    _begin_file(path)
    try:
        connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA wal_autocheckpoint = 8000")  # 32 MB: pages written often reach the file once
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot open the database {path}: {error}") from None
    return connection


def _begin_file(path: Path) -> None:
    """A new file is nobody else's to read; SQLite gives its log and index the same owner and mode."""
    if str(path) == ":memory:":
        return
    with suppress(OSError):  # it is there, or cannot be made: SQLite says why
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        give_to_folders_owner(path)


def give_to_folders_owner(path: Path) -> None:
    """What root makes (`user add` before the first start, `restore`) is the service's to write. Raises OSError."""
    if os.geteuid() == 0:
        folder = path.absolute().parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)


def _use_wal(connection: sqlite3.Connection) -> None:
    """The first switch of a new file needs it alone and does not wait by itself: SQLite answers "locked" at once."""
    give_up = time.monotonic() + _BUSY_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def migrate(path: Path) -> list[str]:
    """Bring the file up to date, making it if need be; the names of the migrations applied."""
    connection = SqliteConnection(connect(path))
    try:
        return migrate_connection(connection, int(time.time()), known())
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot migrate the database {path}: {error}") from None
    finally:
        connection.close()


def migrate_connection(connection: "SqliteConnection", now: int, migrations: list[Migration]) -> list[str]:
    connection.begin()
    try:
        applied = migrate_with(connection, now, migrations)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return applied


def pending(path: Path) -> list[str]:
    """The migrations an existing file still needs; it is only read. Raises StoreError."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            return names(waiting(connection))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"cannot read the database {path}: {error}") from None


class SqliteConnection:
    """A `central.store.database.Connection` on `raw`, which is in autocommit mode. One that only reads needs no
    transaction: a statement is one.
    """

    def __init__(self, raw: sqlite3.Connection, *, reads: bool = False) -> None:
        self.raw = raw
        self._reads = reads
        if reads:
            raw.execute("PRAGMA query_only = ON")

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        return self.raw.execute(for_sqlite(statement), values).fetchall()

    def run(self, statement: str, values: Values = ()) -> int:
        return self.raw.execute(for_sqlite(statement), values).rowcount

    def many(self, statement: str, values: Sequence[Values]) -> None:
        if len(values) == 1:
            self.raw.execute(for_sqlite(statement), values[0])
        else:
            self.raw.executemany(for_sqlite(statement), values)

    def many_rows(self, statement: str, values: Sequence[Values]) -> list[Row]:
        text, execute = for_sqlite(statement), self.raw.execute
        return [row for one in values for row in execute(text, one).fetchall()]

    def begin(self) -> None:
        if not self._reads:
            self.raw.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        if not self._reads:
            self.raw.execute("COMMIT")

    def rollback(self) -> None:
        try:
            if self.raw.in_transaction:
                self.raw.execute("ROLLBACK")
        except sqlite3.Error:  # it says so again at the next begin
            return

    def hits_all(self, error: Exception) -> bool:
        return isinstance(error, sqlite3.OperationalError)  # locked, full, read-only, I/O

    def close(self) -> None:
        self.raw.close()


class SqliteStore(SqlStore):
    """On the file `path`, brought up to date first. Raises StoreError."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        self.path = path
        self._credentials = connect(path)
        self._credentials_lock = threading.Lock()
        writer = connect(path)
        writer.execute(_ROOM)
        super().__init__(SqliteConnection(writer), lambda: SqliteConnection(connect(path), reads=True))

    async def _credential_rows(self, terminals: Sequence[str]) -> list[Row]:
        try:
            with self._credentials_lock:
                return self._credentials.execute(sql.SQLITE_CREDENTIALS, (json.dumps(terminals),)).fetchall()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database cannot be read: {error}") from None

    def close(self) -> None:
        super().close()
        self._credentials.close()
