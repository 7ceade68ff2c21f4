"""Database versions, forward only: numbered SQL files, each applied once, in order, all of them under one lock.

A database that is newer than the program is refused: an old program would not know what it breaks.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from central.store.base import StoreError
from central.store.database import Session

_VERSIONS = """CREATE TABLE IF NOT EXISTS schema_versions
    (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"""


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


def migrate_with(session: Session, now: int, migrations: list[Migration]) -> list[str]:
    """Apply what is missing inside the caller's transaction, which nobody else can have at the same time."""
    session.run(_VERSIONS)
    applied = {int(row[0]) for row in session.rows("SELECT version FROM schema_versions")}
    todo = pending(applied, migrations)
    for migration in todo:
        for statement in statements(migration.sql):
            session.run(statement)
        values = (migration.version, migration.name, now)
        session.run("INSERT INTO schema_versions (version, name, applied_at) VALUES (?, ?, ?)", values)
    return names(todo)


def names(migrations: list[Migration]) -> list[str]:
    return [f"{migration.version:04d}_{migration.name}" for migration in migrations]


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
