"""The desk: looks at the fleet, keeps the alerts, posts the letters. Several processes may do it at once: an alert
changes by naming the version it had, a letter is taken by naming the moment it was due; who comes second finds nothing.
"""

import asyncio
import json
import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from central.accounts.sight import EVERYTHING, Sight, where
from central.alerts import board, channels, conditions, letters
from central.alerts.board import Alert, Told
from central.alerts.conditions import Condition, Facts
from central.alerts.letters import Letter
from central.alerts.plan import Channel, Plan, Rule
from central.aside import aside
from central.incidents import Incident
from central.store.base import MAX_PAGE, StoreRefused
from central.store.core import SqlStore
from central.store.database import Row, Session
from central.text import printable
from central.view import read_object, read_titles

LEASE_S = 120
TOGETHER = 100
"""Letters in one message."""
_PAGE = 1000

log = logging.getLogger("central.alerts")
Sender = Callable[[Channel, str, Sequence[tuple[str, Letter]], int, ZoneInfo], None]

_FACTS = """SELECT t.id, t.name, w.state, w.since, s.verdict, s.severity, s.heartbeat, s.change_code, s.change_titles,
c.iccid, a.imei, a.merchant, a.shop, a.region, a.tags FROM terminals t
LEFT JOIN terminal_state s ON s.terminal = t.id LEFT JOIN watch w ON w.terminal = t.id
LEFT JOIN assets a ON a.terminal = t.id LEFT JOIN cards c ON c.terminal = t.id AND c.state = 'in_use'
WHERE t.id > ? AND t.revoked_at IS NULL AND a.retired_at IS NULL AND s.terminal IS NOT NULL ORDER BY t.id LIMIT ?"""
_SHARED = "SELECT iccid FROM terminal_state WHERE iccid IS NOT NULL GROUP BY iccid HAVING count(*) > 1"
_COLUMNS = """terminal, rule, code, subject, state, since, changed_at, told_at, escalated_at, acked_at, starts,
severity, facts, version, acked_by"""
_ALERTS = f"SELECT {_COLUMNS} FROM alerts"  # noqa: S608 - ours
_LIST = f"""SELECT {_COLUMNS} FROM alerts a WHERE state NOT IN ('over', 'pending') AND {{seen}}
ORDER BY since DESC, terminal, rule, code LIMIT :limit"""  # noqa: S608 - ours
_INSERT = """INSERT INTO alerts (state, since, changed_at, told_at, escalated_at, acked_at, starts, severity, facts,
version, terminal, rule, code, subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_UPDATE = """UPDATE alerts SET state = ?, since = ?, changed_at = ?, told_at = ?, escalated_at = ?, acked_at = ?,
starts = ?, severity = ?, facts = ?, version = version + 1
WHERE terminal = ? AND rule = ? AND code = ? AND subject = ? AND version = ?"""
_DELETE = "DELETE FROM alerts WHERE terminal = ? AND rule = ? AND code = ? AND subject = ? AND version = ?"
_ACK = """UPDATE alerts SET acked_at = :now, acked_by = :who, version = version + 1 WHERE terminal = :terminal
AND code = :code AND subject = :subject AND state NOT IN ('over', 'pending') AND acked_at IS NULL AND {seen}"""
_LETTER = """INSERT INTO deliveries (id, channel, terminal, made_at, due_at, state, attempts, severity, message)
VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, ?)"""
_DUE = """SELECT id, channel, made_at, due_at, attempts, message FROM deliveries
WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT ?"""
_CLAIM = "UPDATE deliveries SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND state = 'waiting' AND due_at = ?"
_DONE = "UPDATE deliveries SET state = ?, error = ?, done_at = ?, due_at = ? WHERE id = ?"
_LOG = """SELECT d.id, d.channel, d.terminal, d.made_at, d.due_at, d.state, d.attempts, d.severity, d.message, d.error,
d.done_at FROM deliveries d WHERE d.made_at < :before AND {seen} ORDER BY d.made_at DESC, d.id LIMIT :limit"""
_OUTAGES = "SELECT start, until FROM outages WHERE until > ?"
OUTAGE_TOLD_S = 3600
"""So long after its end an outage of the centre is a condition."""
_FORGET = "DELETE FROM deliveries WHERE state <> 'waiting' AND made_at < ?"
LOG_FOR_S = 90 * 86_400

Key = tuple[str, str, str, str]
"""terminal, rule, code, subject"""


@dataclass(frozen=True, slots=True)
class Kept:
    key: Key
    alert: Alert
    severity: str
    facts: str
    version: int
    acked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    key: Key
    was: Kept | None
    alert: Alert | None
    told: Told | None
    condition: Condition
    rule: Rule


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a look at everybody brought: conditions by rule, and the facts of those that are looked at together."""

    found: dict[str, list[Condition]]
    facts: dict[str, Facts]
    shared: frozenset[str]
    """Cards that more than one terminal names."""
    wanted: set[str]
    """Terminals of whom other rooms said something."""


@dataclass(frozen=True, slots=True)
class Delivery:
    id: str
    channel: str
    made_at: int
    due_at: int
    attempts: int
    letter: Letter


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the log of deliveries."""

    id: str
    channel: str
    terminal: str
    made_at: int
    due_at: int
    state: str
    attempts: int
    severity: str
    letter: Letter
    error: str | None
    done_at: int | None


class Desk:
    def __init__(self, store: SqlStore, plan: Plan, zone: ZoneInfo, sender: Sender = channels.send) -> None:
        self._store = store
        self.plan = plan
        self._zone = zone
        self._send = sender

    async def look(
        self,
        now: int,
        incidents: Sequence[Incident] = (),
        explained: frozenset[str] = frozenset(),
        more: Sequence[Condition] = (),
    ) -> int:
        """Compare the fleet with the alerts; how many changed. `more`: what other rooms found out (the renewal desk).
        Raises StoreUnavailable.
        """
        gathered = await self._gather(now, explained, more)
        kept = {one.key: one for one in map(_kept, await self._store.read(_ALERTS))}
        outages = await self._store.read(_OUTAGES, (now - OUTAGE_TOLD_S,))
        at_large = [*map(_of_incident, incidents), *map(_of_outage, outages)]
        changes = await asyncio.to_thread(self._compare, gathered, kept, at_large, now, more)
        for first in range(0, len(changes), TOGETHER):
            part = changes[first : first + TOGETHER]
            await self._store.write(partial(_apply, changes=part, letters_of=self._letters, now=now))
        return len(changes)

    async def post(self, now: int) -> int:
        """Send what is due; how many letters went. Failures are kept with their reason and tried again later."""
        rows = await self._store.read(_DUE, (now, MAX_PAGE))
        waiting: defaultdict[str, list[Delivery]] = defaultdict(list)
        for row in rows:
            waiting[row[1]].append(Delivery(row[0], row[1], row[2], row[3], row[4], letters.read(row[5])))
        sent = 0
        for name, mine in waiting.items():
            for first in range(0, len(mine), TOGETHER):
                sent += await self._post(name, mine[first : first + TOGETHER], now)
        return sent

    async def test(self, name: str, now: int) -> str | None:
        """Send a test message at once; None when it went, else why not. Raises StoreRefused: no such channel."""
        channel = self.plan.channel_named(name)
        if channel is None:
            raise StoreRefused(f"no channel {name}", "not_found")
        one = Letter("raised", "test", "test", "info", "", now, now, {})
        try:
            await aside(partial(self._send, channel, secrets.token_hex(8), [("test", one)], now, self._zone))
        except channels.NotSent as error:
            return str(error)
        return None

    async def alerts(self, limit: int = 100, sight: Sight = EVERYTHING) -> list[Kept]:
        """What fires now, newest first. What concerns no one terminal is for those who see everything."""
        seen, values = where(sight, "a.terminal")
        rows = await self._store.read(_LIST.format(seen=seen), values | {"limit": min(limit, MAX_PAGE)})
        return [_kept(row) for row in rows]

    async def acknowledge(
        self, terminal: str, code: str, subject: str, who: str, now: int, sight: Sight = EVERYTHING
    ) -> None:
        """No more reminders and no escalation until it is over. Raises StoreRefused: nothing of the kind fires."""
        seen, values = where(sight, "alerts.terminal")
        values |= {"terminal": terminal, "code": code, "subject": subject, "who": who, "now": now}
        await self._store.write(partial(_acknowledge, statement=_ACK.format(seen=seen), values=values))

    async def log(self, *, before: int = 2**60, limit: int = 100, sight: Sight = EVERYTHING) -> list[Logged]:
        seen, values = where(sight, "d.terminal")
        values |= {"before": before, "limit": min(limit, MAX_PAGE)}
        rows = await self._store.read(_LOG.format(seen=seen), values)
        return [Logged(*(*row[:8], letters.read(row[8]), *row[9:])) for row in rows]

    async def forget(self, now: int) -> None:
        """Old lines of the log."""
        await self._store.write(lambda session: session.run(_FORGET, (now - LOG_FOR_S,)))

    async def _gather(self, now: int, explained: frozenset[str], more: Sequence[Condition]) -> Gathered:
        """What holds, terminal by terminal and page by page: never the whole fleet in memory."""
        today = datetime.fromtimestamp(now, UTC).astimezone(self._zone).date()
        shared = frozenset(row[0] for row in await self._store.read(_SHARED))
        gathered = Gathered({rule.name: [] for rule in self.plan.rule}, {}, shared, {one.terminal for one in more})
        after = ""
        while rows := await self._store.read(_FACTS, (after, _PAGE)):
            after = rows[-1][0]
            await asyncio.to_thread(self._page, rows, explained, today, gathered)
        return gathered

    def _page(self, rows: Sequence[Row], explained: frozenset[str], today: date, gathered: Gathered) -> None:
        for one in (_one(row, explained) for row in rows):
            for rule in self.plan.rule:
                gathered.found[rule.name] += [
                    c for c in conditions.of_terminal(one, rule, today) if _wants(rule, c, one)
                ]
            if one.terminal in gathered.wanted or one.beat.get("iccid") in gathered.shared:
                gathered.facts[one.terminal] = one

    def _compare(
        self,
        gathered: Gathered,
        kept: dict[Key, Kept],
        at_large: Sequence[Condition],
        now: int,
        more: Sequence[Condition] = (),
    ) -> list[Change]:
        shared = conditions.of_fleet(gathered.facts.values())
        told = [one for one in more if one.terminal]
        at_large = [*at_large, *(one for one in more if not one.terminal)]
        changes: list[Change] = []
        for rule in self.plan.rule:
            found = gathered.found[rule.name]
            found += [c for c in (*shared, *told) if _wants(rule, c, gathered.facts.get(c.terminal))]
            everywhere = (frozenset(rule.groups), frozenset(rule.tags))
            found += [c for c in at_large if rule.wants(c.code, c.severity, *everywhere)]
            changes += _changes(rule, found, kept, now)
        return changes

    def _letters(self, change: Change, now: int) -> list[tuple[object, ...]]:
        """Rows of deliveries for what is to be told."""
        if change.told is None or change.alert is None:
            return []
        rule, condition = change.rule, change.condition
        names = [*rule.to, *rule.escalate_to] if change.told == "escalated" else list(rule.to)
        if change.alert.escalated_at is not None and change.told == "ended":
            names += rule.escalate_to
        one = letters.letter(condition, change.told, rule.name, change.alert.since, now)
        rows: list[tuple[object, ...]] = []
        for channel in (self.plan.channel_named(name) for name in dict.fromkeys(names)):
            if channel is not None:
                due = letters.due_at(channel, condition.severity, now, self._zone)
                place = (secrets.token_hex(12), channel.name, condition.terminal, now, due)
                rows.append((*place, condition.severity, one.to_json()))
        return rows

    async def _post(self, name: str, mine: Sequence[Delivery], now: int) -> int:
        taken = await self._store.write(partial(_claim, mine=mine, now=now))
        if not taken:
            return 0
        channel, error = self.plan.channel_named(name), "there is no such channel any more"
        if channel is not None:
            pairs = [(one.id, one.letter) for one in taken]
            try:
                await aside(partial(self._send, channel, taken[0].id, pairs, now, self._zone))
                error = ""
            except channels.NotSent as failed:
                error = str(failed)
            except Exception as failed:  # a library's mistake is a failure of this message, not of the desk
                error = f"{type(failed).__name__}"
                log.exception("channel %(channel)s failed", {"channel": name})
        await self._store.write(partial(_done, taken=taken, error=error, final=channel is None, now=now))
        if error:
            log.warning(
                "%(messages)d messages to %(channel)s did not go: %(why)s",
                {"messages": len(taken), "channel": name, "why": printable(error)},
            )
        return 0 if error else len(taken)


def _one(row: Row, explained: frozenset[str]) -> Facts:
    terminal, name, state, since, verdict, severity, beat, changed, titles, iccid, imei, *places, tags = row
    return Facts(
        terminal=terminal, name=name, silent_since=since if state == "silent" else None,
        explained=terminal in explained, verdict=verdict or "ok", severity=severity or "ok",
        titles=read_titles(titles) if titles and changed == verdict else {}, beat=read_object(beat) if beat else {},
        iccid_expected=iccid, imei_expected=imei, groups=frozenset(place for place in places if place),
        tags=frozenset(json.loads(tags)) if tags else frozenset(),
    )  # fmt: skip


def _wants(rule: Rule, condition: Condition, one: Facts | None) -> bool:
    one = one or Facts(condition.terminal)  # a card that ends before it was ever heard
    return rule.wants(condition.code, condition.severity, one.groups, one.tags)


def _of_incident(one: Incident) -> Condition:
    facts = {"kind": one.cause.kind, "value": one.cause.value, "missing": one.missing}
    return Condition("", "incident", "error", facts, one.id)


def _of_outage(row: Row) -> Condition:
    """Our own: told once, instead of a message for each terminal that was not heard meanwhile."""
    return Condition("", "centre.was_down", "warning", {"minutes": (row[1] - row[0]) // 60}, str(row[0]))


def _changes(rule: Rule, found: Iterable[Condition], kept: dict[Key, Kept], now: int) -> list[Change]:
    holding = {(one.terminal, rule.name, one.code, one.subject): one for one in found}
    changes = []
    for key in holding.keys() | {key for key in kept if key[1] == rule.name}:
        was, condition = kept.get(key), holding.get(key)
        alert, told = board.step(was.alert if was else None, holds=condition is not None, now=now, rule=rule)
        if condition is None:
            condition = _remembered(key, was)
        if told is not None or alert != (was.alert if was else None):
            changes.append(Change(key, was, alert, told, condition, rule))
    return changes


def _remembered(key: Key, was: Kept | None) -> Condition:
    facts, severity = (read_object(was.facts), was.severity) if was else ({}, "info")
    return Condition(key[0], key[2], severity, facts, key[3])


def _apply(
    session: Session,
    changes: Sequence[Change],
    letters_of: Callable[[Change, int], list[tuple[object, ...]]],
    now: int,
) -> None:
    rows: list[tuple[object, ...]] = []
    for change in changes:
        if _keep(session, change):
            rows += letters_of(change, now)
    if rows:
        session.many(_LETTER, rows)


def _keep(session: Session, change: Change) -> bool:
    alert, was = change.alert, change.was
    if alert is None:
        return was is not None and session.run(_DELETE, (*change.key, was.version)) == 1
    state, starts = (alert.state, alert.since, alert.changed_at), json.dumps(alert.starts)
    told = (alert.told_at, alert.escalated_at, alert.acked_at)
    facts = json.dumps(dict(change.condition.facts), ensure_ascii=False, default=str)
    values = (*state, *told, starts, change.condition.severity, facts)
    if was is None:
        return session.run(_INSERT, (*values, *change.key)) == 1
    return session.run(_UPDATE, (*values, *change.key, was.version)) == 1


def _acknowledge(session: Session, statement: str, values: dict[str, object]) -> None:
    if session.run(statement, values) < 1:
        raise StoreRefused("nothing of the kind fires, or it is acknowledged already")


def _claim(session: Session, mine: Sequence[Delivery], now: int) -> list[Delivery]:
    return [
        replace(one, attempts=one.attempts + 1)
        for one in mine
        if session.run(_CLAIM, (now + LEASE_S, one.id, one.due_at)) == 1
    ]


def _done(session: Session, taken: Sequence[Delivery], error: str, *, final: bool, now: int) -> None:
    for one in taken:
        again = None if final or not error else letters.retry_at(one.attempts, one.made_at, now)
        state = "sent" if not error else "failed" if again is None else "waiting"
        done_at = None if state == "waiting" else now
        session.run(_DONE, (state, error or None, done_at, again or now, one.id))


def _kept(row: Row) -> Kept:
    starts = tuple(json.loads(row[10]))
    alert = Alert(row[4], row[5], row[6], row[7], row[8], row[9], starts)
    return Kept((row[0], row[1], row[2], row[3]), alert, row[11], row[12], row[13], row[14])
