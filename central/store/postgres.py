"""The centre's database on PostgreSQL (12 or later), for any number of `posagent-central serve` at once.

psycopg 3, one writing connection a process with group commit and pipelined statements, a few that read. A connection
that is lost is made anew at the next transaction; until then reports get 503 and stay with their terminals.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from central.store import partitions, sql
from central.store.base import StoreUnavailable
from central.store.core import SqlStore
from central.store.database import Row, Session, Values, for_postgres
from central.store.migrate import Migration, known, migrate_with, names, pending

_LOCK = 0x706F7361
"""Of the advisory lock that migrations hold: "posa"."""
_CONNECT = {
    "connect_timeout": "5",
    "application_name": "posagent-central",
    "keepalives_idle": "30",
    "tcp_user_timeout": "15000",
    "client_encoding": "UTF8",
}
_READERS = 4
_READ_LIMIT = "SET statement_timeout = '30s'; SET default_transaction_read_only = on"
_WRITE_LIMIT = "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'"
_DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
_APPLIED = "SELECT version FROM schema_versions"


class PostgresConnection:
    """A `central.store.database.Connection` to `url`; connects at the first transaction."""

    def __init__(self, url: str, *, reads: bool = False) -> None:
        self._url = url
        self._reads = reads
        self._raw: psycopg.Connection[Row] | None = None

    def begin(self) -> None:
        raw = self._raw
        if raw is None or raw.closed or raw.broken:
            raw = self._raw = connect(self._url)
            raw.execute(_READ_LIMIT if self._reads else _WRITE_LIMIT)
        if not self._reads:
            raw.execute("BEGIN")

    def commit(self) -> None:
        if not self._reads:
            self._connected().execute("COMMIT")

    def rollback(self) -> None:
        raw = self._raw
        if raw is None:
            return
        with suppress(psycopg.Error):
            if raw.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                raw.execute("ROLLBACK")
            return
        raw.close()

    def hits_all(self, error: Exception) -> bool:
        retry = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)
        return isinstance(error, psycopg.OperationalError | StoreUnavailable) and not isinstance(error, retry)

    def close(self) -> None:
        if self._raw is not None:
            self._raw.close()

    def rows(self, statement: str, values: Values = ()) -> list[Row]:
        return self._connected().execute(for_postgres(statement).encode(), values).fetchall()

    def run(self, statement: str, values: Values = ()) -> int:
        return self._connected().execute(for_postgres(statement).encode(), values).rowcount

    def many(self, statement: str, values: Sequence[Values]) -> None:
        with self._connected().cursor() as cursor:
            cursor.executemany(for_postgres(statement).encode(), values)

    def many_rows(self, statement: str, values: Sequence[Values]) -> list[Row]:
        found: list[Row] = []
        with self._connected().cursor() as cursor:
            cursor.executemany(for_postgres(statement).encode(), values, returning=True)
            for result in cursor.results():
                found += result.fetchall()
        return found

    def _connected(self) -> psycopg.Connection[Row]:
        if self._raw is None:
            raise StoreUnavailable("not connected to the database")
        return self._raw


class PostgresStore(SqlStore):
    """On the database `url` (postgresql://…), brought up to date first. Raises StoreError."""

    partitioned = True

    def __init__(self, url: str) -> None:
        migrate(url)
        self.url = url
        super().__init__(PostgresConnection(url), lambda: PostgresConnection(url, reads=True), _READERS)

    async def _credential_rows(self, terminals: Sequence[str]) -> list[Row]:
        return await self.read(sql.POSTGRES_CREDENTIALS, (list(terminals),))


def connect(url: str) -> psycopg.Connection[Row]:
    """A connection in autocommit mode whose commits are durable. Raises StoreUnavailable."""
    try:
        chosen = conninfo_to_dict(url)
        ours = {key: value for key, value in _CONNECT.items() if key not in chosen}
        raw = psycopg.connect(make_conninfo(url, **ours), autocommit=True)
        raw.execute(_DURABLE)
    except psycopg.Error as error:
        raise StoreUnavailable(f"cannot open the database {shown(url)}: {first_line(error)}") from None
    return raw


def shown(url: str) -> str:
    """`url` as it may be logged: without the password."""
    try:
        said = conninfo_to_dict(url)
    except psycopg.Error:
        return "postgresql://…"
    host = said.get("host") or "localhost"
    port = f":{said['port']}" if said.get("port") else ""
    return f"postgresql://{host}{port}/{said.get('dbname') or ''}"


def migrate(url: str, now: int | None = None, migrations: list[Migration] | None = None) -> list[str]:
    """Bring the database up to date; the names of what was applied. Several that start at once wait for each other.

    Raises StoreError.
    """
    moment = int(time.time()) if now is None else now
    return _alone(url, lambda session: _bring_up(session, moment, migrations))


def pending_in(url: str) -> list[str]:
    """The migrations the database still needs; it is only read. Raises StoreError."""
    connection = PostgresConnection(url, reads=True)
    try:
        connection.begin()
        there = connection.rows("SELECT to_regclass('schema_versions')")[0][0] is not None
        applied = {int(row[0]) for row in connection.rows(_APPLIED)} if there else set()
        return names(pending(applied, known("postgres")))
    except psycopg.Error as error:
        raise StoreUnavailable(f"cannot read the database {shown(url)}: {first_line(error)}") from None
    finally:
        connection.close()


def _bring_up(session: Session, now: int, migrations: list[Migration] | None) -> list[str]:
    applied = migrate_with(session, now, known("postgres") if migrations is None else migrations)
    if migrations is None:
        partitions.ensure(session, now)
    return applied


def _alone(url: str, work: Callable[[Session], list[str]]) -> list[str]:
    connection = PostgresConnection(url)
    try:
        connection.begin()
        connection.run("SET LOCAL lock_timeout = '60s'")
        connection.run("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
        done = work(connection)
        connection.commit()
    except psycopg.Error as error:
        raise StoreUnavailable(f"cannot migrate the database {shown(url)}: {first_line(error)}") from None
    finally:
        connection.close()
    return done


def first_line(error: Exception) -> str:
    """psycopg's message without the statement's text, on one line; never with a password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def tables(url: str) -> list[str]:
    """What the database holds already. Raises StoreError."""
    with connect(url) as raw:
        found = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    return [str(row[0]) for row in found]


_VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
    "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY", "service": "PGSERVICE", "passfile": "PGPASSFILE", "options": "PGOPTIONS",
}  # fmt: skip


def environment(url: str) -> dict[str, str]:
    """`url` as the variables that PostgreSQL's own programs read, so that no password is on a command line."""
    given = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    return {"PGDATABASE": "postgres"} | {_VARIABLES[key]: value for key, value in given.items() if key in _VARIABLES}
