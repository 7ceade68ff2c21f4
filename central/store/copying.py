"""Copies of the database, made while it is in use and checked before they get their name; and the way back.

SQLite: its online backup (https://www.sqlite.org/backup.html). PostgreSQL: pg_dump and pg_restore, which belong to it;
the password goes to them in the environment, never on a command line.
"""

import os
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from central.store import opening, sql
from central.store.base import StoreError, StoreUnavailable
from central.store.database import for_postgres
from central.store.migrate import waiting
from central.store.sqlite import give_to_folders_owner

_PAGES = 2000
"""Copied at a time: eight megabytes, between which others may write."""
_MAGIC = b"PGDMP"


def backup(database: str, target: Path) -> None:
    """A whole copy of `database` in `target`, durable when it returns. Raises StoreError, OSError; `target` stays."""
    if not opening.is_postgres(database) and _is_same(opening.path_of(database), target):
        raise StoreError(f"{target} is the database itself: whoever has it open would go on writing to what is gone")
    draft = target.with_name(target.name + ".part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600))
        if opening.is_postgres(database):
            _tool("pg_dump", database, "--format=custom", f"--file={draft}")
        else:
            _copy(opening.path_of(database), draft)
            examine(draft)
        _sync(draft)
        draft.replace(target)
        _sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def restore(source: Path, database: str, *, replace: bool) -> Path | None:
    """`source` becomes `database`. What was there is kept under the returned name. Raises StoreError, OSError.

    Nobody may be using the database.
    """
    if opening.is_postgres(database):
        _restore_postgres(source, database)
        return None
    examine(source)
    target = opening.path_of(database)
    if target.exists() and not replace:
        raise StoreError(f"{target} exists: --replace puts it aside and takes the copy")
    draft = target.with_name(target.name + ".part")
    try:
        _copy(source, draft)
        _draw_lineage(draft)
        draft.chmod(0o640)
        give_to_folders_owner(draft)
        _sync(draft)
        kept = _put_aside(target) if target.exists() else None
        draft.replace(target)
        _sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)
    return kept


def _is_same(database: Path, target: Path) -> bool:
    """Or its log, or under another name."""
    parts = (database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm"))
    return target.exists() and any(part.exists() and part.samefile(target) for part in parts)


def examine(copy: Path) -> None:
    """Raises StoreError when `copy` is not a sound database of ours, or one of a newer program."""
    with _reading(copy) as connection:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
        if problems != ["ok"]:
            raise StoreError(f"{copy} is damaged: {problems[0]}")
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_versions'").fetchone():
            raise StoreError(f"{copy} is not a database of the centre")
        waiting(connection)


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{path} cannot be read: {error}") from None


def _copy(source: Path, target: Path) -> None:
    with _reading(source) as connection:
        target.unlink(missing_ok=True)
        with closing(sqlite3.connect(target)) as copy:
            target.chmod(0o600)
            connection.backup(copy, pages=_PAGES)
            copy.execute("PRAGMA journal_mode = DELETE")


def _draw_lineage(copy: Path) -> None:
    """Sessions that were issued after the copy was made are not of this database."""
    with closing(sqlite3.connect(copy)) as connection, connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'lineage'").fetchone():
            connection.execute(sql.DRAW_LINEAGE, (secrets.token_hex(16),))


def _put_aside(target: Path) -> Path:
    """The database with its log, brought together under another name. Raises StoreError while somebody uses it."""
    try:
        with closing(sqlite3.connect(target, isolation_level=None, timeout=1)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise StoreError(f"{target} is in use: stop the centre first ({error})") from None
    except sqlite3.DatabaseError:
        pass  # damaged: all the more reason to put it aside
    number = next(n for n in range(1, 10_000) if not target.with_name(f"{target.name}.{n}.old").exists())
    kept = target.with_name(f"{target.name}.{number}.old")
    target.rename(kept)
    for suffix in ("-wal", "-shm"):
        log = target.with_name(target.name + suffix)
        if log.exists():
            log.rename(kept.with_name(kept.name + suffix))
    return kept


def _restore_postgres(source: Path, database: str) -> None:
    with source.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise StoreError(f"{source} is not a copy made by pg_dump --format=custom")
    from central.store.postgres import connect, tables

    if tables(database):
        raise StoreError(f"{opening.shown(database)} is not empty: a copy goes into a new database (createdb)")
    _tool("pg_restore", database, "--no-owner", "--exit-on-error", "--single-transaction", str(source))
    if "lineage" in tables(database):
        with connect(database) as raw:
            raw.execute(for_postgres(sql.DRAW_LINEAGE).encode(), (secrets.token_hex(16),))


def _tool(name: str, database: str, *arguments: str) -> None:
    from central.store.postgres import environment

    program = shutil.which(name)
    if program is None:
        raise StoreError(f"{name} is not installed (Debian: postgresql-client)")
    variables = os.environ | environment(database)
    where = f"--dbname={variables['PGDATABASE']}"
    done = subprocess.run(
        [program, "--no-password", where, *arguments],
        env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise StoreUnavailable(f"{name}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
