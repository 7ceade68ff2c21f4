"""Database versions, forward only: numbered SQL files, each applied once, in order, all of them under one lock.

A database that is newer than the program is refused: an old program would not know what it breaks.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from central.store.base import StoreError

_VERSIONS = """CREATE TABLE IF NOT EXISTS schema_versions
    (version INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT"""


class WrongVersion(StoreError):
    """The database was made by a newer program."""


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    sql: str


def known(dialect: str = "sqlite") -> list[Migration]:
    """The migrations this program carries, by version: files `0001_first.sql` of central/store/migrations/<dialect>."""
    folder = Path(__file__).with_name("migrations") / dialect
    files = sorted(folder.glob("*.sql"))
    return [Migration(int(file.name[:4]), file.name[5:-4], file.read_text(encoding="utf-8")) for file in files]


def pending(applied: set[int], migrations: list[Migration]) -> list[Migration]:
    """What is still to be done. Raises WrongVersion when the database knows versions the program does not."""
    newest = max((migration.version for migration in migrations), default=0)
    unknown = sorted(version for version in applied if version > newest)
    if unknown:
        raise WrongVersion(f"the database is at version {unknown[-1]}, this program knows {newest}: update the program")
    return [migration for migration in migrations if migration.version not in applied]


def migrate_sqlite(connection: sqlite3.Connection, now: int, migrations: list[Migration] | None = None) -> list[str]:
    """Bring the database up to date; the names of what was applied. `connection` is in autocommit mode."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(_VERSIONS)
        applied = {int(row[0]) for row in connection.execute("SELECT version FROM schema_versions")}
        todo = pending(applied, known() if migrations is None else migrations)
        for migration in todo:
            _apply(connection, migration, now)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return [f"{migration.version:04d}_{migration.name}" for migration in todo]


def waiting(connection: sqlite3.Connection) -> list[Migration]:
    """What `migrate_sqlite` would apply; nothing is written."""
    made = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_versions'").fetchone()
    rows = connection.execute("SELECT version FROM schema_versions") if made else []
    return pending({int(row[0]) for row in rows}, known())


def statements(sql: str) -> list[str]:
    """One by one: `executescript` would commit the lock away before it starts."""
    found, held = [], ""
    for line in sql.splitlines(keepends=True):
        held += line
        if sqlite3.complete_statement(held):
            found.append(held.strip())
            held = ""
    return found


def _apply(connection: sqlite3.Connection, migration: Migration, now: int) -> None:
    for statement in statements(migration.sql):
        connection.execute(statement)
    connection.execute("INSERT INTO schema_versions VALUES (?, ?, ?)", (migration.version, migration.name, now))
