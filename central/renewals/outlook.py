"""What terminals told of their cards, folded into one narrow row each: no report costs anything for it.

A chore reads terminal_state now and then and writes what has changed. Several processes may do it: what they write is
the same, and an older word never replaces a newer one.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Any

from central.renewals.use import Cycle, runs_out, taken_in
from central.store.core import SqlStore
from central.store.database import Row, Session
from central.view import read_object

PAGE = 1000
KEPT_CYCLES = 24
_NEWS = 0.02
"""Use is written again when it has changed by this share of the quota, or on another day."""

_STATE = """SELECT terminal, heartbeat_at, heartbeat, CASE WHEN change_seq IS NOT NULL
AND (change_epoch, change_seq) > (heartbeat_epoch, heartbeat_seq) THEN change_code ELSE verdict END
FROM terminal_state WHERE terminal > ? AND heartbeat IS NOT NULL AND last_heard >= ? ORDER BY terminal LIMIT ?"""
_NEWEST = "SELECT max(last_heard) FROM terminal_state WHERE last_heard <= ?"
"""Not what was stamped while a clock was wrong."""
READING = 2
"""Which reading of heartbeats this is: one more, and all are looked at anew. `pulse` notes how far each has come."""
_COME = "SELECT at FROM pulse WHERE id = ?"
_COME_TO = "INSERT INTO pulse (id, at) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at"
OVERLAP_S = 60
"""Looked at again: a report is stamped before its commit."""
_COLUMNS = """terminal, iccid, imei, carrier, expires_on, runs_out_on, early, late, used_bytes, quota_bytes, verdict,
heard"""
_KNOWN = f"SELECT {_COLUMNS} FROM outlook WHERE terminal IN "  # noqa: S608 - ours
_CYCLES = """SELECT terminal, iccid, began_on, last_on, used_bytes, quota_bytes FROM data_cycles
WHERE terminal IN ({places}) ORDER BY terminal, began_on"""
_PUT = f"""INSERT INTO outlook AS o ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (terminal) DO UPDATE SET iccid = excluded.iccid, imei = excluded.imei, carrier = excluded.carrier,
expires_on = excluded.expires_on, runs_out_on = excluded.runs_out_on, early = excluded.early, late = excluded.late,
used_bytes = excluded.used_bytes, quota_bytes = excluded.quota_bytes, verdict = excluded.verdict,
heard = excluded.heard WHERE excluded.heard >= o.heard"""  # noqa: S608 - ours
_PUT_CYCLE = """INSERT INTO data_cycles AS d (terminal, iccid, began_on, last_on, used_bytes, quota_bytes)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (terminal, iccid, began_on) DO UPDATE SET
last_on = greatest(d.last_on, excluded.last_on), used_bytes = greatest(d.used_bytes, excluded.used_bytes),
quota_bytes = coalesce(excluded.quota_bytes, d.quota_bytes)"""
_FORGET = "DELETE FROM data_cycles WHERE terminal = ? AND iccid = ? AND began_on = ?"


@dataclass(frozen=True, slots=True)
class Told:
    """One terminal, as the desk knows it."""

    terminal: str
    iccid: str
    imei: str
    carrier: str
    expires_on: str | None
    runs_out_on: str | None
    early: str | None
    late: str | None
    used_bytes: int | None
    quota_bytes: int | None
    verdict: str
    heard: int

    def is_news(self, was: "Told") -> bool:
        if any(getattr(self, name) != getattr(was, name) for name in _LOOKED_AT):
            return True
        step = abs((self.used_bytes or 0) - (was.used_bytes or 0))
        return step > _NEWS * (self.quota_bytes or 0) or self.heard - was.heard >= 86_400


_LOOKED_AT = ("iccid", "imei", "carrier", "expires_on", "runs_out_on", "quota_bytes", "verdict")


async def fold(store: SqlStore, zone: tzinfo, wall: Callable[[], float] = time.time) -> int:
    """Look at everybody who was heard since the last time; how many rows changed. Raises StoreUnavailable."""
    newest = (await store.read(_NEWEST, (int(wall()),)))[0][0] or 0
    come = await store.read(_COME, (READING,))
    since = min(come[0][0], newest) - OVERLAP_S if come else 0
    after, changed = "", 0
    while rows := await store.read(_STATE, (after, since, PAGE)):
        names = tuple(row[0] for row in rows)
        places = ", ".join("?" * len(names))
        known = {row[0]: Told(*row) for row in await store.read(f"{_KNOWN} ({places})", names)}
        cycles = _cycles(await store.read(_CYCLES.format(places=places), names))
        told, used = await asyncio.to_thread(_news, rows, known, cycles, zone)
        if told or used:
            await store.write(partial(_write, told=told, used=used, cycles=cycles))
        after, changed = names[-1], changed + len(told)
    if not come or come[0][0] != newest:
        await store.write(partial(_note, newest=newest))
    return changed


def read(terminal: str, heard: int, verdict: str, beat: Mapping[str, Any]) -> Told:
    """A heartbeat's words, as far as they can be what they say; pure."""
    used, quota = _bytes(beat.get("used_bytes")), _bytes(beat.get("quota_bytes"))
    carrier = _text(beat.get("operator"), 40) or _text(beat.get("plmn"), 8)
    return Told(
        terminal, _text(beat.get("iccid"), 22), _text(beat.get("imei"), 17), carrier, _day(beat.get("expires_on")),
        _day(beat.get("runs_out_on")), None, None, used, quota, verdict, heard,
    )  # fmt: skip


def look(told: Told, beat: Mapping[str, Any], cycles: Sequence[Cycle], today: date) -> tuple[Told, Cycle | None]:
    """With the cycle its use belongs to, and when the data runs out where the terminal itself does not say; pure."""
    if told.used_bytes is None or not told.iccid:
        return told, None
    start = _day(beat.get("cycle_start"))
    mine = [one for one in cycles if one.iccid == told.iccid]
    start_on = date.fromisoformat(start) if start else None
    now = taken_in(mine[-1] if mine else None, told.iccid, told.used_bytes, told.quota_bytes, today, start_on)
    before = [one for one in mine if one.began_on < now.began_on]
    if told.runs_out_on is None and "cycle_start" not in beat:
        ahead = runs_out(now, before, today)
        if ahead is not None:
            ends = [day and day.isoformat() for day in (ahead.on, ahead.early, ahead.late)]
            told = Told(*_values(told)[:5], *ends, *_values(told)[8:])
    return told, now


def _news(
    rows: Sequence[Row], known: Mapping[str, Told], cycles: Mapping[str, list[Cycle]], zone: tzinfo
) -> tuple[list[Told], list[tuple[str, Cycle]]]:
    told: list[Told] = []
    used: list[tuple[str, Cycle]] = []
    for terminal, heard, body, verdict in rows:
        was = known.get(terminal)
        if was is not None and heard < was.heard:
            continue
        beat = read_object(body)
        today = datetime.fromtimestamp(heard, zone).date()
        now, cycle = look(read(terminal, heard, verdict or "", beat), beat, cycles.get(terminal, []), today)
        if was is None or now.is_news(was):
            told.append(now)
            if cycle is not None:
                used.append((terminal, cycle))
    return told, used


def _write(
    session: Session, told: Sequence[Told], used: Sequence[tuple[str, Cycle]], cycles: Mapping[str, list[Cycle]]
) -> None:
    if told:
        session.many(_PUT, [_values(one) for one in told])
    for terminal, one in used:
        days = (one.began_on.isoformat(), one.last_on.isoformat())
        session.run(_PUT_CYCLE, (terminal, one.iccid, *days, one.used_bytes, one.quota_bytes))
        for old in cycles.get(terminal, [])[:-KEPT_CYCLES]:
            session.run(_FORGET, (terminal, old.iccid, old.began_on.isoformat()))


def _note(session: Session, newest: int) -> None:
    session.run(_COME_TO, (READING, newest))


def _values(one: Told) -> tuple[Any, ...]:
    return tuple(getattr(one, name) for name in Told.__slots__)


def _cycles(rows: Sequence[Row]) -> dict[str, list[Cycle]]:
    found: defaultdict[str, list[Cycle]] = defaultdict(list)
    for terminal, *rest in rows:
        found[terminal].append(cycle(rest))
    return found


def cycle(row: Sequence[Any]) -> Cycle:
    """Of columns iccid, began_on, last_on, used_bytes, quota_bytes."""
    return Cycle(row[0], date.fromisoformat(row[1]), date.fromisoformat(row[2]), row[3], row[4])


def _text(value: object, most: int) -> str:
    return value.strip()[:most].replace("\0", "") if isinstance(value, str) else ""


def _bytes(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62 else None


def _day(value: object) -> str | None:
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None
