"""The sweep: who fell silent, who came back. Any number of processes may sweep at once.

A report never touches the watch list; the sweep looks at a terminal when its time comes and asks the state then. A flip
is an update that names the state it found: of several workers one changes the row and writes the flip, the others
change nothing. Flips carry the moment they happened, however late the sweep was.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from zoneinfo import ZoneInfo

from central import hours, liveness
from central.accounts.sight import EVERYTHING, Sight, where
from central.fleet import Heard, Rules
from central.liveness import Around, Course, Outage, Reason, State
from central.registry import Who, audit
from central.store.base import MAX_PAGE, StoreRefused
from central.store.core import SqlStore
from central.store.database import Row, Session, Values
from central.view import read_object

BATCH = 500
ADOPT_EVERY_S = 60
"""New terminals and revoked ones are looked for so often: that is a look at everybody."""
_OVERLAP_S = 60
GAP_S = 180
"""No sweep for so long: the centre was not there."""
LEARN_EVERY_S = 86_400
LEARN_FROM_S = 28 * 86_400
_WORDS = 24

_NEW = """SELECT s.terminal FROM terminal_state s JOIN terminals t ON t.id = s.terminal
WHERE s.terminal > :after AND s.last_heard >= :since AND t.revoked_at IS NULL
AND NOT EXISTS (SELECT 1 FROM watch w WHERE w.terminal = s.terminal) ORDER BY s.terminal LIMIT :limit"""
_ADOPT = """INSERT INTO watch (terminal, state, since, check_at, heard)
SELECT s.terminal, 'up', s.last_heard, CAST(greatest(coalesce(s.next_due, s.last_heard + :interval), s.last_heard)
+ greatest(:grace_min, :grace_share * coalesce(s.interval_s, :interval)) AS bigint) + 1, s.last_heard
FROM terminal_state s WHERE s.terminal = :terminal ON CONFLICT DO NOTHING"""
"""Looked at again when it becomes late (central/fleet.py): who reports costs the sweep nothing more."""
_GONE = """SELECT t.id FROM terminals t JOIN watch w ON w.terminal = t.id
WHERE t.revoked_at IS NOT NULL AND t.revoked_at >= :since"""
_DROP = "DELETE FROM watch WHERE terminal = ?"
_ROW = """SELECT w.terminal, w.state, w.since, w.check_at, w.heard, coalesce(w.hours_set, w.hours_learned),
s.last_heard, s.next_due, s.interval_s FROM watch w JOIN terminal_state s ON s.terminal = w.terminal"""
_DUE = f"{_ROW} WHERE w.check_at <= ? ORDER BY w.check_at LIMIT ?"
_BACK = f"{_ROW} WHERE w.state <> 'up' AND s.last_heard > w.heard LIMIT ?"
_MOVE = """UPDATE watch SET state = :state, since = :since, check_at = :check_at, heard = :heard
WHERE terminal = :terminal AND state = :was AND since = :was_since AND check_at = :was_check"""
_FLIP = """INSERT INTO flips (terminal, at, state, previous, noticed_at, reason)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_HEARD_AFTER = """SELECT min(received_at) FROM reports WHERE terminal = ? AND received_at > ?"""
_FLIPS = """SELECT terminal, at, state, previous, noticed_at, reason FROM flips WHERE terminal = ?
AND at < ? ORDER BY at DESC, noticed_at DESC LIMIT ?"""
_RECENT = """SELECT f.terminal, f.at, f.state, f.previous, f.noticed_at, f.reason FROM flips f
WHERE f.at < :before AND f.at >= :since AND {seen} ORDER BY f.at DESC, f.terminal LIMIT :limit"""
_WATCHED = """SELECT terminal, state, since, coalesce(hours_set, hours_learned), hours_set IS NOT NULL FROM watch
WHERE terminal = ?"""
_OUTAGES = "SELECT start, until FROM outages WHERE until > ? ORDER BY start"
_SET_HOURS = "UPDATE watch SET hours_set = ?, check_at = 0 WHERE terminal = ?"
_TO_LEARN = """SELECT terminal FROM watch WHERE hours_set IS NULL AND (learned_at IS NULL OR learned_at <= ?)
ORDER BY terminal LIMIT ?"""
_LOST_AT = "SELECT lost_at FROM watch WHERE terminal = ?"
_HEARD_AT = "SELECT received_at FROM reports WHERE terminal = ? AND received_at > ?"
_LEARNED = """UPDATE watch SET hours_learned = :week, learned_at = :now, check_at = CASE
WHEN coalesce(hours_learned, '') = coalesce(:week, '') THEN check_at ELSE 0 END WHERE terminal = :terminal"""
"""A new habit is looked at at once: who was silent may be at rest."""


@dataclass(frozen=True, slots=True)
class Flip:
    terminal: str
    at: int
    state: State
    previous: State
    noticed_at: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Watched:
    """One row of the watch list, as it was read."""

    terminal: str
    state: State
    since: int
    check_at: int
    heard: int
    week: str | None
    now_heard: Heard


@dataclass(slots=True)
class Watch:
    store: SqlStore
    rules: Rules
    zone: ZoneInfo
    _adopted_at: int | None = None

    async def sweep(self, now: int) -> list[Flip]:
        """Everything that is due, in batches; the flips that this worker made. Raises StoreUnavailable."""
        await self.pulse(now)
        await self._adopt(now)
        outages = await self._outages(now)
        flips: list[Flip] = []
        for statement, values in ((_BACK, (BATCH,)), (_DUE, (now, BATCH))):
            for _ in range(10_000):
                rows = [_watched(row) for row in await self.store.read(statement, values)]
                flips += await self._move(rows, outages, now)
                if len(rows) < BATCH:
                    break
        return flips

    async def _adopt(self, now: int) -> None:
        """Page by page, and written only where there is news: the writer is for reports."""
        before = self._adopted_at
        if before is not None and 0 <= now - before < ADOPT_EVERY_S:
            return
        since = 0 if before is None else min(before, now) - _OVERLAP_S
        if gone := await self.store.read(_GONE, {"since": since}):
            await self.store.write(partial(_many, statement=_DROP, values=gone))
        rules, after = self.rules, ""
        known = {"interval": rules.default_interval_s, "grace_min": rules.grace_min_s, "grace_share": rules.grace_share}
        while rows := await self.store.read(_NEW, {"after": after, "since": since, "limit": BATCH}):
            after = rows[-1][0]
            await self.store.write(
                partial(_many, statement=_ADOPT, values=[known | {"terminal": row[0]} for row in rows])
            )
        self._adopted_at = now

    async def pulse(self, now: int) -> Outage | None:
        """Say that the centre watches; a gap since it last did is noted as an outage of its own."""
        return await self.store.write(partial(_pulse, now=now))

    async def flips(self, terminal: str, *, before: int = 2**60, limit: int = 100) -> list[Flip]:
        return [_flip(row) for row in await self.store.read(_FLIPS, (terminal, before, min(limit, MAX_PAGE)))]

    async def recent(
        self, *, since: int, before: int = 2**60, limit: int = 100, sight: Sight = EVERYTHING
    ) -> list[Flip]:
        seen, values = where(sight, "f.terminal")
        values |= {"before": before, "since": since, "limit": min(limit, MAX_PAGE)}
        return [_flip(row) for row in await self.store.read(_RECENT.format(seen=seen), values)]

    async def set_hours(self, terminal: str, text: str | None, who: Who | None = None) -> None:
        """Opening hours by hand; None goes back to what was learned. Raises BadHours, StoreRefused."""
        week = None if text is None else hours.parse(text)
        await self.store.write(partial(_set_hours, terminal=terminal, week=week, text=text, who=who))

    async def hours_of(self, terminal: str) -> tuple[str | None, bool]:
        """The week of a terminal and whether it was set by hand."""
        rows = await self.store.read(_WATCHED, (terminal,))
        return (rows[0][3], bool(rows[0][4])) if rows else (None, False)

    async def learn(self, now: int, limit: int = 50) -> int:
        """Look at the habits of some terminals whose turn it is; how many."""
        rows = await self.store.read(_TO_LEARN, (now - LEARN_EVERY_S, limit))
        for (terminal,) in rows:
            heard = await self.store.read(_HEARD_AT, (terminal, now - LEARN_FROM_S))
            week = hours.learn((row[0] for row in heard), now, self.zone)
            learned = {"week": week, "now": now, "terminal": terminal}
            await self.store.write(partial(_run, statement=_LEARNED, values=learned))
        return len(rows)

    async def _outages(self, now: int) -> list[Outage]:
        return [Outage(*row) for row in await self.store.read(_OUTAGES, (now - 30 * 86_400,))]

    async def _move(self, rows: Sequence[Watched], outages: Sequence[Outage], now: int) -> list[Flip]:
        moves: list[tuple[Watched, Course, list[Flip]]] = []
        for row in rows:
            course = liveness.course(row.now_heard, self.rules, Around(self.zone, row.week, outages))
            if course is not None:
                moves.append((row, course, await self._flips_of(row, course, now)))
        if not moves:
            return []
        return await self.store.write(partial(_apply, moves=moves, now=now))

    async def _flips_of(self, row: Watched, course: Course, now: int) -> list[Flip]:
        """From the state that was noted to the one that holds now, by way of those in between."""
        found: list[Flip] = []
        previous, begun = row.state, row.heard
        last = row.now_heard.last_heard or 0
        if previous != "up" and last > row.heard:
            found.append(Flip(row.terminal, await self._first_heard(row, last), "up", previous, now))
            previous, begun = "up", last
        done = course.steps[: course.steps.index(course.at(now)) + 1]
        states = [step.state for step in done]
        if previous not in states:  # hours were changed, or an outage excused it
            return [*found, Flip(row.terminal, now, states[-1], previous, now)]
        for step in done[states.index(previous) + 1 :]:
            reasons = await self._reasons(row.terminal, step.since) if step.state == "silent" else ()
            found.append(Flip(row.terminal, max(step.since, begun), step.state, previous, now, reasons))
            previous = step.state
        return found

    async def _first_heard(self, row: Watched, last: int) -> int:
        found = await self.store.read(_HEARD_AFTER, (row.terminal, row.heard))
        first = found[0][0] if found else None
        return last if first is None else int(first)

    async def _reasons(self, terminal: str, at: int) -> tuple[Reason, ...]:
        rows = await self.store.reports(terminal, limit=_WORDS)
        words = [(row.type, read_object(row.body)) for row in rows]
        found = liveness.last_words(words, at, self.zone)
        lost = await self.store.read(_LOST_AT, (terminal,))
        if lost and lost[0][0] is not None and (not rows or lost[0][0] >= rows[0].received_at):
            found.append(Reason("connection.lost", {"at": lost[0][0]}))
        return tuple(found)


def _many(session: Session, statement: str, values: Sequence[Values]) -> None:
    session.many(statement, values)


def _pulse(session: Session, now: int) -> Outage | None:
    rows = session.rows("SELECT at FROM pulse WHERE id = 1")
    if not rows:
        session.run("INSERT INTO pulse (id, at) VALUES (1, ?) ON CONFLICT DO NOTHING", (now,))
        return None
    was = int(rows[0][0])
    if now <= was or session.run("UPDATE pulse SET at = ? WHERE id = 1 AND at = ?", (now, was)) != 1:
        return None
    if now - was <= GAP_S:
        return None
    session.run("INSERT INTO outages (start, until, cause) VALUES (?, ?, 'down') ON CONFLICT DO NOTHING", (was, now))
    return Outage(was, now)


def _apply(session: Session, moves: Sequence[tuple[Watched, Course, list[Flip]]], now: int) -> list[Flip]:
    made: list[Flip] = []
    for row, course, flips in moves:
        last = flips[-1] if flips else None
        state, since = (last.state, last.at) if last else (row.state, row.since)
        values = {
            "terminal": row.terminal, "state": state, "since": since, "check_at": course.next_change(now),
            "heard": row.now_heard.last_heard, "was": row.state, "was_since": row.since, "was_check": row.check_at,
        }  # fmt: skip
        if session.run(_MOVE, values) == 1:
            made += flips
    if made:
        session.many(_FLIP, [_values(flip) for flip in made])
    return made


def _values(flip: Flip) -> tuple[object, ...]:
    reasons = json.dumps([asdict(reason) for reason in flip.reasons]) if flip.reasons else None
    return flip.terminal, flip.at, flip.state, flip.previous, flip.noticed_at, reasons


def _set_hours(session: Session, terminal: str, week: str | None, text: str | None, who: Who | None) -> None:
    if session.run(_SET_HOURS, (week, terminal)) != 1:
        raise StoreRefused("terminal is not watched: it was never heard, or is revoked")
    if who is not None:
        audit(session, who, "changed", "terminal", terminal, {"hours": text or "learned"})


def _run(session: Session, statement: str, values: Values) -> int:
    return session.run(statement, values)


def _watched(row: Row) -> Watched:
    terminal, state, since, check_at, heard, week, last, due, interval = row
    return Watched(terminal, state, since, check_at, heard, week, Heard(last, due, interval))


def _flip(row: Row) -> Flip:
    reasons = tuple(Reason(one["code"], one["facts"]) for one in json.loads(row[5])) if row[5] else ()
    terminal, at, state, previous, noticed_at = row[:5]
    return Flip(terminal, at, state, previous, noticed_at, reasons)
