"""Saved views: a person's own searches, by name. What is kept is the query of the page's URL."""

from dataclasses import dataclass
from functools import partial

from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.store.database import Session

MOST = 50
_LIST = "SELECT name, query FROM saved_views WHERE person = ? AND page = ? ORDER BY name LIMIT ?"
_COUNT = "SELECT count(*) FROM saved_views WHERE person = ? AND page = ?"
_SAVE = """INSERT INTO saved_views (person, page, name, query, saved_at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (person, page, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at"""
_FORGET = "DELETE FROM saved_views WHERE person = ? AND page = ? AND name = ?"


@dataclass(frozen=True, slots=True)
class View:
    name: str
    query: str


async def views(store: SqlStore, person: str, page: str) -> list[View]:
    return [View(*row) for row in await store.read(_LIST, (person, page, MOST))]


async def save(store: SqlStore, person: str, page: str, name: str, query: str, now: int) -> None:
    """Raises StoreRefused when there are too many."""
    await store.write(partial(_save, values=(person, page, name.replace("\0", ""), query.replace("\0", ""), now)))


async def forget(store: SqlStore, person: str, page: str, name: str) -> None:
    await store.write(partial(_forget, values=(person, page, name)))


def _save(session: Session, values: tuple[str, str, str, str, int]) -> None:
    if session.rows(_COUNT, values[:2])[0][0] >= MOST:
        raise StoreRefused(f"at most {MOST} saved views")
    session.run(_SAVE, values)


def _forget(session: Session, values: tuple[str, str, str]) -> None:
    session.run(_FORGET, values)
