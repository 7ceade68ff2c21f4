"""Which database a setting names, and how it is opened. PostgreSQL's driver is only imported where it is used."""

from pathlib import Path

from central.store import sqlite
from central.store.base import StoreError
from central.store.core import SqlStore

POSTGRES = ("postgresql://", "postgres://")
SQLITE = "sqlite:///"


def is_postgres(database: str) -> bool:
    return database.startswith(POSTGRES)


def path_of(database: str) -> Path:
    """The file of a SQLite setting."""
    return Path(database.removeprefix(SQLITE))


def open_store(database: str) -> SqlStore:
    """Brought up to date first. Raises StoreError."""
    if is_postgres(database):
        _need_driver()
        from central.store.postgres import PostgresStore

        return PostgresStore(database)
    return sqlite.SqliteStore(path_of(database))


def migrate(database: str) -> list[str]:
    """The names of the migrations applied. Raises StoreError."""
    if is_postgres(database):
        _need_driver()
        from central.store import postgres

        return postgres.migrate(database)
    return sqlite.migrate(path_of(database))


def pending(database: str) -> list[str]:
    """The migrations an existing database still needs; it is only read. Raises StoreError."""
    if is_postgres(database):
        _need_driver()
        from central.store import postgres

        return postgres.pending_in(database)
    return sqlite.pending(path_of(database))


def shown(database: str) -> str:
    """As it may be logged: without a password."""
    if not is_postgres(database):
        return str(path_of(database))
    try:
        from central.store.postgres import shown as shown_url
    except ImportError:
        return "postgresql://…"
    return shown_url(database)


def _need_driver() -> None:
    try:
        import psycopg  # noqa: F401 - whether it is there
    except ImportError:
        raise StoreError("PostgreSQL needs its driver: pip install 'posagent[central,postgres]'") from None
