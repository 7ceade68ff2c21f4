"""One way to speak to either database, so that what is kept is written once.

Statements are written in the SQL that both know, with `?` or `:name` for values, `greatest`/`least` for the larger
and smaller of two, `strpos(text, part)` for where a part begins (0: nowhere), and `FOR UPDATE` where a row that is read
is then changed (SQLite's transactions are alone); `for_sqlite` and `for_postgres` turn them into what the drivers
read. Every table that holds something of a terminal begins its key with the terminal (docs/central-postgres.md says
why).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol, TypeVar

Values = Mapping[str, object] | Sequence[object]
Row = tuple[Any, ...]
T = TypeVar("T")

_PLACES = re.compile(r"'(?:[^']|'')*'|::|:([a-z]\w*)|\?|%")
_SQLITE_WORDS = {"greatest(": "max(", "least(": "min(", "strpos(": "instr(", " FOR UPDATE": ""}


class Session(Protocol):
    """One connection inside one transaction, used by one thread. Errors are the driver's own."""

    def rows(self, statement: str, values: Values = ()) -> list[Row]: ...

    def run(self, statement: str, values: Values = ()) -> int:
        """How many rows it touched."""

    def many(self, statement: str, values: Sequence[Values]) -> None:
        """The same statement for each of `values`."""

    def many_rows(self, statement: str, values: Sequence[Values]) -> list[Row]:
        """The rows a statement returns, for each of `values` in turn."""


class Connection(Session, Protocol):
    """A session with its transactions; owned by one thread at a time."""

    def begin(self) -> None:
        """Connects again when the connection was lost."""

    def commit(self) -> None: ...

    def rollback(self) -> None:
        """Never raises; nothing to do is fine."""

    def hits_all(self, error: Exception) -> bool:
        """Whether the database itself is the trouble (gone, full, read-only), not what was asked of it."""

    def close(self) -> None: ...


Job = Callable[[Session], Any]


class Whole(Protocol):
    """What the parts of a store (enrolment.py, directives.py) ask of the whole."""

    async def write(self, job: Callable[[Session], T]) -> T:
        """`job` in a transaction; durable when it returns. Raises StoreUnavailable, StoreRefused."""

    async def read(self, statement: str, values: Values = ()) -> list[Row]:
        """Raises StoreUnavailable."""

    def changed(self, terminal: str) -> None:
        """Its credential, by this process."""


@cache
def for_sqlite(statement: str) -> str:
    for ours, theirs in _SQLITE_WORDS.items():
        statement = statement.replace(ours, theirs)
    return statement


@cache
def for_postgres(statement: str) -> str:
    return _PLACES.sub(_postgres_place, statement)


def _postgres_place(found: re.Match[str]) -> str:
    text = found[0]
    if found[1]:
        return f"%({found[1]})s"
    return "%s" if text == "?" else text.replace("%", "%%")
