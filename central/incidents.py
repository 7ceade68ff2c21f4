"""Incidents: kept, joined, left and closed as terminals come and go. Several processes may do it at once: of each cause
one incident is open, and what a second one writes is already there.
"""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from central import causes
from central.accounts.sight import EVERYTHING, Sight, where
from central.causes import Cause, Missing
from central.store.base import MAX_PAGE
from central.store.core import SqlStore
from central.store.database import Row, Session
from central.view import read_object

RECENT_S = 86_400
FEATURES_FOR_S = 600
_PAGE = 1000

_BATCH = "LEFT JOIN cards c ON c.terminal = w.terminal AND c.state = 'in_use'"
_MISSING = f"""SELECT w.terminal, w.since, s.heartbeat, c.batch FROM watch w
JOIN terminal_state s ON s.terminal = w.terminal {_BATCH}
WHERE w.state IN ('silent', 'late') AND (w.since > :since OR EXISTS (SELECT 1 FROM incident_members m
WHERE m.terminal = w.terminal AND m.left_at IS NULL)) ORDER BY w.terminal"""  # noqa: S608 - ours
_EXPECTED = f"""SELECT w.terminal, s.heartbeat, c.batch FROM watch w
JOIN terminal_state s ON s.terminal = w.terminal {_BATCH}
WHERE w.terminal > :after AND (w.state = 'up' OR (w.state IN ('silent', 'late') AND w.since > :since))
ORDER BY w.terminal LIMIT :limit"""  # noqa: S608 - ours
_COLUMNS = "id, kind, value, opened_at, closed_at, peak, missing"
_OPEN = f"SELECT {_COLUMNS} FROM incidents WHERE closed_at IS NULL"  # noqa: S608 - ours
_LIST = f"""SELECT {_COLUMNS} FROM incidents WHERE opened_at < :before
AND (:only_open = 0 OR closed_at IS NULL) ORDER BY opened_at DESC, id LIMIT :limit"""  # noqa: S608 - ours
_ONE = f"SELECT {_COLUMNS} FROM incidents WHERE id = :id"  # noqa: S608 - ours
_SEEN = """SELECT i.id, i.kind, i.value, i.opened_at, i.closed_at, count(*),
sum(CASE WHEN m.left_at IS NULL THEN 1 ELSE 0 END) FROM incidents i, incident_members m
WHERE m.incident = i.id AND {seen}"""
"""To somebody who does not see everything an incident is as large as what he sees of it."""
_SEEN_LIST = f"""{_SEEN} AND i.opened_at < :before AND (:only_open = 0 OR i.closed_at IS NULL)
GROUP BY i.id ORDER BY i.opened_at DESC, i.id LIMIT :limit"""
_SEEN_ONE = f"{_SEEN} AND i.id = :id GROUP BY i.id"
_MEMBERS = """SELECT m.terminal, m.joined_at, m.left_at FROM incident_members m WHERE m.incident = :id AND {seen}
ORDER BY m.terminal LIMIT :limit"""
_HELD = "SELECT incident, terminal FROM incident_members WHERE left_at IS NULL"
_INSERT = """INSERT INTO incidents (id, kind, value, opened_at, peak, missing) VALUES (?, ?, ?, ?, 0, 0)
ON CONFLICT DO NOTHING"""
_JOIN = """INSERT INTO incident_members AS m (terminal, incident, joined_at) VALUES (?, ?, ?)
ON CONFLICT (terminal, incident) DO UPDATE SET left_at = NULL"""
_LEAVE = "UPDATE incident_members SET left_at = ? WHERE terminal = ? AND incident = ? AND left_at IS NULL"
_SIZE = "UPDATE incidents SET missing = ?, peak = greatest(peak, ?) WHERE id = ? AND closed_at IS NULL"
_CLOSE = "UPDATE incidents SET closed_at = ?, missing = ? WHERE id = ? AND closed_at IS NULL"


@dataclass(frozen=True, slots=True)
class Incident:
    id: str
    cause: Cause
    opened_at: int
    closed_at: int | None
    peak: int
    missing: int


@dataclass(frozen=True, slots=True)
class Membership:
    terminal: str
    joined_at: int
    left_at: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look changed."""

    opened: tuple[Incident, ...] = ()
    closed: tuple[Incident, ...] = ()
    explained: frozenset[str] = frozenset()
    """Late and silent terminals that an open incident stands for."""


@dataclass(slots=True)
class Incidents:
    store: SqlStore
    _counted: Counter[Cause] = field(default_factory=Counter)
    _total: int = 0
    _counted_at: int = -FEATURES_FOR_S

    async def look(self, now: int, batches: Mapping[str, str] | None = None) -> Outcome:
        """Open, join, leave and close. `batches`: plan batch by terminal, where it is not on record. Raises
        StoreUnavailable.
        """
        missing = [_missing(row, batches or {}) for row in await self.store.read(_MISSING, {"since": now - RECENT_S})]
        open_now = await self.open()
        if len(missing) < causes.MIN_MEMBERS and not open_now:
            return Outcome()
        await self._count(now, batches or {})
        found = causes.explain(missing, self._counted, max(self._total, len(missing)))
        begun = {one.terminal: one.since for one in missing}
        return await self.store.write(partial(_apply, found=found, begun=begun, missing=missing, now=now))

    async def open(self) -> list[Incident]:
        return [_incident(row) for row in await self.store.read(_OPEN)]

    async def list(
        self, *, before: int = 2**60, limit: int = 100, sight: Sight = EVERYTHING, only_open: bool = False
    ) -> list[Incident]:
        """Newest first; those with a member in sight."""
        seen, values = where(sight, "m.terminal")
        values |= {"before": before, "limit": min(limit, MAX_PAGE), "only_open": int(only_open)}
        statement = _LIST if sight.everything else _SEEN_LIST.format(seen=seen)
        return [_incident(row) for row in await self.store.read(statement, values)]

    async def one(
        self, incident: str, sight: Sight = EVERYTHING
    ) -> tuple[Incident, Sequence[Membership]] | None:  # fmt: skip
        """None: nobody knows it, or it has no member in sight."""
        seen, values = where(sight, "m.terminal")
        values |= {"id": incident, "limit": 10_000}
        rows = await self.store.read(_ONE if sight.everything else _SEEN_ONE.format(seen=seen), values)
        if not rows:
            return None
        members = await self.store.read(_MEMBERS.format(seen=seen), values)
        return _incident(rows[0]), [Membership(*row) for row in members]

    async def _count(self, now: int, batches: Mapping[str, str]) -> None:
        """Everybody who is expected, by what they have in common; counted anew every ten minutes. Those who are missing
        since lately are among them: who falls silent after the count must not be counted twice.
        """
        if now - self._counted_at < FEATURES_FOR_S:
            return
        counted: Counter[Cause] = Counter()
        total, after = 0, ""
        while rows := await self.store.read(_EXPECTED, {"after": after, "since": now - RECENT_S, "limit": _PAGE}):
            after, total = rows[-1][0], total + len(rows)
            counted += causes.count(_features(row[0], row[1], row[2], batches) for row in rows)
        self._counted, self._total, self._counted_at = counted, total, now


def _apply(
    session: Session, found: Mapping[Cause, list[str]], begun: Mapping[str, int], missing: Sequence[Missing], now: int
) -> Outcome:
    was = {one.cause: one for one in map(_incident, session.rows(_OPEN))}
    members: dict[str, set[str]] = {}
    for incident, terminal in session.rows(_HELD):
        members.setdefault(incident, set()).add(terminal)
    silent = {one.terminal: one for one in missing}
    opened, closed, explained = [], [], set[str]()
    for cause, terminals in found.items():
        if cause not in was:
            made = Incident(secrets.token_hex(8), cause, causes.began([begun[name] for name in terminals]), None, 0, 0)
            if session.run(_INSERT, (made.id, cause.kind, cause.value, made.opened_at)) != 1:
                continue  # another process was first
            was[cause] = made
            opened.append(made)
    for cause, incident in was.items():
        held = members.get(incident.id, set())
        staying = {name for name in held if name in silent} | set(found.get(cause, ()))
        _change_members(session, incident.id, held, staying, now)
        peak = max(incident.peak, len(staying))
        if causes.lasts(len(staying), peak):
            session.run(_SIZE, (len(staying), len(staying), incident.id))
            explained |= staying
        elif session.run(_CLOSE, (now, len(staying), incident.id)) == 1:
            _change_members(session, incident.id, staying, set(), now)
            closed.append(Incident(incident.id, cause, incident.opened_at, now, peak, len(staying)))
    fresh = tuple(Incident(o.id, o.cause, o.opened_at, None, len(found[o.cause]), len(found[o.cause])) for o in opened)
    return Outcome(fresh, tuple(closed), frozenset(explained))


def _change_members(session: Session, incident: str, held: set[str], staying: set[str], now: int) -> None:
    if joining := sorted(staying - held):
        session.many(_JOIN, [(name, incident, now) for name in joining])
    if leaving := sorted(held - staying):
        session.many(_LEAVE, [(now, name, incident) for name in leaving])


def _missing(row: Row, batches: Mapping[str, str]) -> Missing:
    return Missing(row[0], row[1], _features(row[0], row[2], row[3], batches))


def _features(
    terminal: str, heartbeat: str | None, batch: str | None, batches: Mapping[str, str]
) -> frozenset[Cause]:  # fmt: skip
    return causes.features(read_object(heartbeat) if heartbeat else {}, batch or batches.get(terminal))


def _incident(row: Row) -> Incident:
    return Incident(row[0], Cause(row[1], row[2]), *row[3:])
