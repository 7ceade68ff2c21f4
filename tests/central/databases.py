"""A store on each database, for tests that hold on both."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from central.store.core import SqlStore
from tests.central.helpers import a_postgres_store, a_store
from tests.fakes import postgres

KINDS = ("sqlite", "postgres")


@contextmanager
def store_of(kind: str, folder: Path) -> Iterator[SqlStore]:
    if kind == "sqlite":
        with a_store(folder / "central.db") as made:
            yield made
    else:
        with postgres.shared().database() as url, a_postgres_store(url) as other:
            yield other
