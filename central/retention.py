"""History grows thinner as it grows old: raw reports, then a row an hour, then a row a day, then nothing.

Each batch is one short job among the reports that come in. It deletes old rows and adds them to their summary in the
same transaction, from what the deletion itself returns: stopped at any moment, or run twice at once, nothing is lost or
counted twice. Changes (verdicts, cards, plan facts) are kept as long as the daily rows.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from functools import partial

from central import summary
from central.store import partitions
from central.store.base import MAX_PAGE
from central.store.core import SqlStore
from central.store.database import Row, Session, Values
from central.summary import DAY_S, HOUR_S, Summary
from central.view import read_object

BATCH = 200
_FEW = 8
_NAMES = [field.name for field in fields(Summary)]
_COLUMNS = ", ".join(_NAMES)

_OLD = """EXISTS (SELECT 1 FROM (SELECT received_at FROM {table} WHERE terminal = s.terminal
ORDER BY epoch_number, seq LIMIT :few) AS first WHERE received_at < :{before})"""
_OLD_SPAN = "EXISTS (SELECT 1 FROM summaries WHERE terminal = s.terminal AND span = :{span} AND start < :{before})"
_TERMINALS = f"""SELECT s.terminal, {_OLD.format(table="reports", before="raw")},
{_OLD_SPAN.format(span="hour", before="hourly")}, {_OLD_SPAN.format(span="day", before="daily")},
{_OLD.format(table="changes", before="daily")}
FROM terminal_state s WHERE s.terminal > :after ORDER BY s.terminal LIMIT :limit"""  # noqa: S608 - ours
"""And which of its four kinds of rows have to be thinned: mostly none."""
_FIRST_RAW = """SELECT epoch_number, seq, received_at FROM reports WHERE terminal = ?
ORDER BY epoch_number, seq LIMIT ?"""
_TAKE_RAW = """DELETE FROM reports WHERE terminal = :terminal AND (epoch_number, seq) <= (:epoch, :seq)
AND received_at < :before RETURNING type, happened_at, body"""
_FIRST_SUMMARIES = "SELECT start FROM summaries WHERE terminal = ? AND span = ? AND start < ? ORDER BY start LIMIT ?"
_DROP_SUMMARIES = "DELETE FROM summaries WHERE terminal = ? AND span = ? AND start <= ?"
_TAKE_SUMMARIES = f"{_DROP_SUMMARIES} RETURNING {_COLUMNS}"
_FIRST_CHANGES = """SELECT epoch_number, seq, received_at FROM changes WHERE terminal = ?
ORDER BY epoch_number, seq LIMIT ?"""
_DROP_CHANGES = """DELETE FROM changes WHERE terminal = :terminal AND (epoch_number, seq) <= (:epoch, :seq)
AND received_at < :before"""
_ADD = f"""INSERT INTO summaries AS s (terminal, span, {_COLUMNS}) VALUES (?, ?{", ?" * len(_NAMES)})
ON CONFLICT (terminal, span, start) DO UPDATE SET reports = s.reports + excluded.reports,
beats = s.beats + excluded.beats, bad_beats = s.bad_beats + excluded.bad_beats,
signals = s.signals + excluded.signals, signal_sum = s.signal_sum + excluded.signal_sum,
signal_min = least(coalesce(s.signal_min, excluded.signal_min), coalesce(excluded.signal_min, s.signal_min)),
used_max = greatest(coalesce(s.used_max, excluded.used_max), coalesce(excluded.used_max, s.used_max))"""  # noqa: S608
_LIST = f"""SELECT {_COLUMNS} FROM summaries WHERE terminal = ? AND span = ? AND start >= ? AND start < ?
ORDER BY start LIMIT ?"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Keep:
    """How long, in days."""

    raw_days: int = 30
    hourly_days: int = 365
    daily_days: int = 1826


@dataclass(slots=True)
class Thinned:
    """What a pass did."""

    reports: int = 0
    hours: int = 0
    days: int = 0
    changes: int = 0
    partitions: int = 0
    after: str = ""
    """Where to go on; "" = everybody has had his turn."""


async def thin(store: SqlStore, keep: Keep, now: int, after: str = "", most: int | None = None) -> Thinned:
    """A pass over every terminal behind `after`, or over `most` of them: a large fleet takes minutes, in which nobody
    else should have to wait. Raises StoreUnavailable; what was done until then stays done.
    """
    done, count = Thinned(), 0
    raw, hourly, daily = (now - days * DAY_S for days in (keep.raw_days, keep.hourly_days, keep.daily_days))
    async for terminal, reports, hours, days, changes in _terminals(store, after, raw, hourly, daily):
        if count == most:
            return done
        count, done.after = count + 1, terminal
        done.reports += await _thin_reports(store, terminal, raw) if reports else 0
        done.hours += await _thin_hours(store, terminal, hourly) if hours or reports else 0
        done.days += await _drop_days(store, terminal, daily) if days or hours or reports else 0
        done.changes += await _drop_changes(store, terminal, daily) if changes else 0
    done.partitions = await _partitions(store, now, raw)
    done.after = ""
    return done


async def summaries(store: SqlStore, terminal: str, span: int, since: int, until: int) -> list[Summary]:
    """Of one terminal, oldest first; `span` is HOUR_S or DAY_S."""
    rows = await store.read(_LIST, (terminal, span, since, until, MAX_PAGE))
    return [Summary(*row) for row in rows]


async def _terminals(store: SqlStore, after: str, raw: int, hourly: int, daily: int) -> AsyncIterator[Row]:
    values = {"raw": raw, "hourly": hourly, "daily": daily, "hour": HOUR_S, "day": DAY_S, "few": _FEW}
    while rows := await store.read(_TERMINALS, values | {"after": after, "limit": MAX_PAGE}):
        for row in rows:
            yield row
        after = rows[-1][0]


async def _thin_reports(store: SqlStore, terminal: str, before: int) -> int:
    count = 0
    while place := await _old_rows(store, _FIRST_RAW, terminal, before):
        taken = await store.write(partial(_take_reports, terminal=terminal, place=place, before=before))
        if not taken:
            break
        count += taken
    return count


def _take_reports(session: Session, terminal: str, place: Row, before: int) -> int:
    values = {"terminal": terminal, "epoch": place[0], "seq": place[1], "before": before}
    rows = session.rows(_TAKE_RAW, values)
    _add(session, terminal, HOUR_S, summary.of_reports((row[0], row[1], read_object(row[2])) for row in rows))
    return len(rows)


async def _thin_hours(store: SqlStore, terminal: str, before: int) -> int:
    count = 0
    while rows := await store.read(_FIRST_SUMMARIES, (terminal, HOUR_S, before, BATCH)):
        count += await store.write(partial(_take_hours, terminal=terminal, last=rows[-1][0]))
    return count


def _take_hours(session: Session, terminal: str, last: int) -> int:
    rows = [Summary(*row) for row in session.rows(_TAKE_SUMMARIES, (terminal, HOUR_S, last))]
    _add(session, terminal, DAY_S, summary.of_summaries(rows))
    return len(rows)


async def _drop_days(store: SqlStore, terminal: str, before: int) -> int:
    count = 0
    while rows := await store.read(_FIRST_SUMMARIES, (terminal, DAY_S, before, BATCH)):
        count += await store.write(partial(_run, statement=_DROP_SUMMARIES, values=(terminal, DAY_S, rows[-1][0])))
    return count


async def _drop_changes(store: SqlStore, terminal: str, before: int) -> int:
    count = 0
    while place := await _old_rows(store, _FIRST_CHANGES, terminal, before):
        values = {"terminal": terminal, "epoch": place[0], "seq": place[1], "before": before}
        dropped = await store.write(partial(_run, statement=_DROP_CHANGES, values=values))
        if not dropped:
            break
        count += dropped
    return count


async def _old_rows(store: SqlStore, first: str, terminal: str, before: int) -> Row | None:
    """The last old row of the first BATCH in the order of their keys, which is nearly that of time; None = no more.

    Most terminals have none or a few, and rows lie apart: only where all of the first few are old there may be many.
    """
    rows: list[Row] = []
    for limit in (_FEW, BATCH):
        rows = [row for row in await store.read(first, (terminal, limit)) if row[2] < before]
        if len(rows) < limit:
            break
    return rows[-1] if rows else None


def _run(session: Session, statement: str, values: Values) -> int:
    return session.run(statement, values)


def _add(session: Session, terminal: str, span: int, found: list[Summary]) -> None:
    if found:
        session.many(_ADD, [(terminal, span, *(getattr(one, name) for name in _NAMES)) for one in found])


async def _partitions(store: SqlStore, now: int, before: int) -> int:
    """On PostgreSQL: partitions for the weeks to come; empty old ones go."""
    if not store.partitioned:
        return 0
    await store.write(lambda session: partitions.ensure(session, now))
    return len(await store.write(lambda session: partitions.drop_empty(session, before)))
