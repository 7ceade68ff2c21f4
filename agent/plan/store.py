"""What was said about the card, what was told and what was asked: SQLite, WAL, synchronous FULL, beside the ledger.

Every change is durable when the call returns: facts are few, and what acts on them must not outlive them. Facts belong
to a card (ICCID; "" while none is known); of each source the last few words of each fact are kept, so that readings
can be compared. A damaged file is set aside and a new one begun, as with the ledger; nothing else is lost with it.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, closing
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from agent.plan.ledger_file import keep_private, set_aside
from agent.plan.reminders import Reminder, What
from agent.sample.base import PlanFact
from modem.frozen import dataclass

KEEP_WORDS = 12
"""Of each fact and source."""
KEEP_ASKS = 60
MAX_TEXT = 500
MAX_CARD = 24
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact(id INTEGER PRIMARY KEY, card TEXT NOT NULL, fact TEXT NOT NULL, source TEXT NOT NULL,
    value TEXT NOT NULL, at REAL, text TEXT);
CREATE INDEX IF NOT EXISTS fact_of ON fact(card, fact, source);
CREATE TABLE IF NOT EXISTS reminder(card TEXT, about TEXT, day TEXT, threshold INTEGER, at REAL NOT NULL,
    PRIMARY KEY(card, about, day, threshold)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS asked(id INTEGER PRIMARY KEY, card TEXT NOT NULL, query TEXT NOT NULL, at REAL NOT NULL,
    outcome TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS forgotten(card TEXT, fact TEXT, at REAL NOT NULL, PRIMARY KEY(card, fact)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_MOST_READ = 32
_Read = dict[tuple[str, tuple[object, ...]], tuple[tuple[Any, ...], ...]]
"""Question → its rows."""
_NAMES = frozenset(get_args(get_type_hints(PlanFact)["fact"]))
_SOURCES = frozenset(get_args(get_type_hints(PlanFact)["source"]))


class PlanStoreError(Exception):
    """The file cannot be read or written now; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the carrier."""

    query: str
    """`Query.key`."""
    at: float
    """Wall seconds."""
    outcome: str
    """"sent", "answered", "no_answer", "refused", "nothing"."""


class PlanStore:
    """Any thread may call any method."""

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        """`path` None: in memory only. Raises PlanStoreError."""
        self.problem: str | None = None
        """What was wrong with the file that was found; None when all was well."""
        self._path = path
        self._lock = threading.Lock()
        self._undated: dict[int, float] = {}
        self._read: _Read = {}
        """What the file said since it was last written to: it is asked the same few things each minute, for weeks."""
        try:
            self._db = self._open(path, read_only=read_only)
        except (sqlite3.Error, OSError) as error:
            raise PlanStoreError(f"{path}: {error}") from error

    # -- facts --------------------------------------------------------------------------------------------------------

    def hear(self, card: str, facts: Iterable[PlanFact], monotonic: float | None = None) -> list[PlanFact]:
        """Keep what is new of it; returns that. With `monotonic`, facts without a time get one later."""
        fresh = []
        with self._writing():
            for fact in facts:
                if (added := self._add(card[:MAX_CARD], fact)) is None:
                    continue
                fresh.append(fact)
                if fact.at is None and monotonic is not None:
                    self._undated[added] = monotonic
        return fresh

    def facts(self, card: str | None) -> tuple[PlanFact, ...]:
        """All words about this card, and those said while no card was known."""
        rows = self._rows(
            "SELECT fact, source, value, at, text FROM fact WHERE card IN (?, '') ORDER BY id", (card or "",)
        )
        return tuple(fact for row in rows if (fact := _fact(row)) is not None)

    def forget(self, card: str | None, fact: str) -> int:
        """Drop every word about this fact; how many there were. Those, and older ones, are not heard again: the message
        that one was read from lies on the card, and is read again and again.
        """
        with self._writing():
            newest = "SELECT ?, ?, max(at) FROM fact WHERE card IN (?, '') AND fact=? HAVING max(at) IS NOT NULL"
            self._db.execute(f"INSERT OR REPLACE INTO forgotten {newest}", (card or "", fact, card or "", fact))
            return self._db.execute("DELETE FROM fact WHERE card IN (?, '') AND fact=?", (card or "", fact)).rowcount

    def adopt(self, card: str) -> None:
        """What was said while no card was known is about this one."""
        with self._writing():
            self._db.execute("UPDATE fact SET card=? WHERE card=''", (card[:MAX_CARD],))

    def date_the_undated(self, wall: float, monotonic: float) -> None:
        """The clock is right now: words of this run that had no time get theirs."""
        if not self._undated:
            return
        with self._writing():
            rows = [(wall - max(0.0, monotonic - heard), number) for number, heard in self._undated.items()]
            self._db.executemany("UPDATE fact SET at=? WHERE id=? AND at IS NULL", rows)
            self._undated.clear()

    # -- reminders ----------------------------------------------------------------------------------------------------

    def told(self, card: str, about: What, on: date) -> frozenset[int]:
        """The thresholds that were told for this end."""
        rows = self._rows("SELECT threshold FROM reminder WHERE card=? AND about=? AND day=?", (card, about, f"{on}"))
        return frozenset(int(threshold) for (threshold,) in rows)

    def tell(self, card: str, reminder: Reminder, at: float) -> None:
        rows = [(card, reminder.about, f"{reminder.end}", threshold, at) for threshold in reminder.stands_for]
        with self._writing():
            self._db.executemany("INSERT OR IGNORE INTO reminder VALUES(?,?,?,?,?)", rows)
            self._db.execute("DELETE FROM reminder WHERE day < date(?, '-3 years')", (f"{reminder.end}",))

    # -- asking -------------------------------------------------------------------------------------------------------

    def note_ask(self, card: str, asked: Asked) -> None:
        with self._writing():
            self._db.execute(
                "INSERT INTO asked(card, query, at, outcome) VALUES(?,?,?,?)",
                (card, asked.query, asked.at, asked.outcome),
            )
            self._db.execute(
                "DELETE FROM asked WHERE card=? AND id NOT IN"
                " (SELECT id FROM asked WHERE card=? ORDER BY id DESC LIMIT ?)",
                (card, card, KEEP_ASKS),
            )

    def note_outcome(self, card: str, query: str, outcome: str) -> None:
        """What became of the last question of this kind."""
        with self._writing():
            self._db.execute(
                "UPDATE asked SET outcome=? WHERE id=(SELECT max(id) FROM asked WHERE card=? AND query=?)",
                (outcome, card, query),
            )

    def asked(self, card: str) -> tuple[Asked, ...]:
        """Oldest first."""
        rows = self._rows("SELECT query, at, outcome FROM asked WHERE card=? ORDER BY id", (card,))
        return tuple(Asked(str(query), float(at), str(outcome)) for query, at, outcome in rows)

    # -- small things -------------------------------------------------------------------------------------------------

    def keep(self, name: str, value: dict[str, Any] | None) -> None:
        """A small JSON object by name; None removes it."""
        with self._writing():
            if value is None:
                self._db.execute("DELETE FROM kept WHERE name=?", (name,))
            else:
                text = json.dumps(value, ensure_ascii=False, sort_keys=True)
                self._db.execute("INSERT OR REPLACE INTO kept VALUES(?,?)", (name, text))

    def kept(self, name: str) -> dict[str, Any] | None:
        rows = self._rows("SELECT value FROM kept WHERE name=?", (name,))
        held = _object(rows[0][0]) if rows else None
        return None if held is None else dict(held)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _add(self, card: str, fact: PlanFact) -> int | None:
        """Its row; None if it is held already, or is none of ours."""
        if fact.fact not in _NAMES or fact.source not in _SOURCES:
            return None
        key = (card, fact.fact, fact.source, fact.value[:MAX_TEXT], fact.at)
        held = "SELECT 1 FROM fact WHERE card=? AND fact=? AND source=? AND value=? AND at IS ?"
        if self._db.execute(held, key).fetchone() or self._is_forgotten(card, fact):
            return None
        text = None if fact.text is None else fact.text[:MAX_TEXT]
        added = self._db.execute(
            "INSERT INTO fact(card, fact, source, value, at, text) VALUES(?,?,?,?,?,?)", (*key, text)
        ).lastrowid
        self._db.execute(
            "DELETE FROM fact WHERE card=? AND fact=? AND source=? AND id NOT IN (SELECT id FROM fact"
            " WHERE card=? AND fact=? AND source=? ORDER BY at IS NULL DESC, at DESC, value DESC LIMIT ?)",
            (*key[:3], *key[:3], KEEP_WORDS),
        )
        # older than all that are kept: a card full of messages, read anew every quarter of an hour, is no news
        return added if self._db.execute(held, key).fetchone() else None

    def _is_forgotten(self, card: str, fact: PlanFact) -> bool:
        about = (card, fact.fact, fact.at)
        return bool(self._db.execute("SELECT 1 FROM forgotten WHERE card=? AND fact=? AND at>=?", about).fetchone())

    def _rows(self, sql: str, values: tuple[object, ...]) -> Sequence[tuple[Any, ...]]:
        with self._lock:
            held = self._read.get((sql, values))
            if held is not None:
                return held
            try:
                held = tuple(self._db.execute(sql, values).fetchall())
            except sqlite3.Error as error:
                raise PlanStoreError(f"{self._path}: {error}") from error
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            self._read[sql, values] = held
            return held

    def _writing(self) -> AbstractContextManager[None]:
        return _Writing(self._db, self._lock, self._path, self._read)

    def _open(self, path: Path | None, *, read_only: bool) -> sqlite3.Connection:
        if path is None:
            return _prepared(sqlite3.connect(":memory:", check_same_thread=False))
        if read_only:
            return sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0, check_same_thread=False
            )
        try:
            return _connected(path)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            aside = set_aside(path)
            self.problem = f"{path} was damaged ({error}); kept as {aside.name}, facts are gathered anew"
            return _connected(path)


class _Writing(AbstractContextManager[None]):
    """The lock, one commit, and errors that name the file."""

    def __init__(self, db: sqlite3.Connection, lock: threading.Lock, path: Path | None, read: "_Read") -> None:
        self._db, self._lock, self._path, self._read = db, lock, path, read

    def __enter__(self) -> None:
        self._lock.acquire()
        self._read.clear()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if error is None:
                self._db.commit()
            else:
                self._db.rollback()
        except sqlite3.Error as failed:
            raise PlanStoreError(f"{self._path}: {failed}") from failed
        finally:
            self._lock.release()
        if isinstance(error, sqlite3.Error):
            raise PlanStoreError(f"{self._path}: {error}") from error


def _connected(path: Path) -> sqlite3.Connection:
    keep_private(path)
    db = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
    try:
        with closing(db.execute("PRAGMA quick_check(1)")) as check:
            if check.fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("its pages contradict each other")
        return _prepared(db)
    except BaseException:
        db.close()
        raise


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise sqlite3.OperationalError(f"written by a newer version ({version})")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA cache_size=-512")  # else it fills to 2 MB, a page or two an hour: bench/soak.py
    db.executescript(_SCHEMA + f"PRAGMA user_version={_VERSION};")
    return db


@lru_cache(8)  # the same two or three with each look
def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError, TypeError):
        return None
    return value if isinstance(value, dict) else None


def _fact(row: tuple[Any, ...]) -> PlanFact | None:
    """A row that we would not have written is no fact."""
    name, source, value, at, text = row
    if name not in _NAMES or source not in _SOURCES or not isinstance(value, str):
        return None
    said = float(at) if isinstance(at, int | float) else None
    return PlanFact(name, value, source, said, text if isinstance(text, str) else None)
