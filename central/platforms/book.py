"""What platforms said of cards, in the database: whose turn it is, what is new, what the terminal was told of it.

Several processes may run on one database: an account is asked by the one that holds it (`claim`), so that its budget is
kept by all of them together.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import blake2b
from typing import Any, cast

from central.accounts.sight import EVERYTHING, Sight, where
from central.platforms.base import CardId, Reason, Standing, State, Usage
from central.platforms.budget import pause
from central.registry import Who, audit
from central.store.core import SqlStore
from central.store.database import Session
from central.text import printable

HOLD_S = 900
END_EVERY_S = 7 * 86_400
"""When a plan ends is asked so often; and daily in its last weeks."""
END_SOON_S = 35 * 86_400
TRY_AGAIN_S = 6 * 3600

_FACTS = """iccid, account, asked_at, state, reasons, said, used_bytes, quota_bytes, remaining_bytes, balance,
expires_on, end_asked_at, next_at, error, told, told_at, directive"""
_SELECT = f"SELECT {_FACTS} FROM card_facts"  # noqa: S608 - ours
_PUT = f"""INSERT INTO card_facts ({_FACTS}) VALUES (?{", ?" * 16}) ON CONFLICT (iccid) DO UPDATE SET
account = excluded.account, asked_at = excluded.asked_at, state = excluded.state, reasons = excluded.reasons,
said = excluded.said, used_bytes = excluded.used_bytes, quota_bytes = excluded.quota_bytes,
remaining_bytes = excluded.remaining_bytes, balance = excluded.balance, expires_on = excluded.expires_on,
end_asked_at = excluded.end_asked_at, next_at = excluded.next_at, error = excluded.error"""  # noqa: S608 - ours
_DUE = """SELECT c.iccid, c.msisdn, c.terminal FROM cards c LEFT JOIN card_facts f ON f.iccid = c.iccid
WHERE c.account = ? AND c.state <> 'retired' AND coalesce(f.next_at, 0) <= ?
ORDER BY coalesce(f.next_at, 0), c.iccid LIMIT ?"""
_COUNTS = """SELECT c.account, count(*), count(f.asked_at), min(f.asked_at),
sum(CASE WHEN f.error <> '' THEN 1 ELSE 0 END) FROM cards c LEFT JOIN card_facts f ON f.iccid = c.iccid
WHERE c.account <> '' AND c.state <> 'retired' GROUP BY c.account"""
_SEEN = f"""{_SELECT} WHERE iccid = :iccid
AND EXISTS (SELECT 1 FROM cards WHERE cards.iccid = card_facts.iccid AND {{seen}})"""  # noqa: S608 - ours
_HOLDERS = "SELECT iccid, msisdn, terminal FROM cards WHERE iccid IN ({places})"
_CARD_END = "SELECT expires_on FROM cards WHERE iccid = ?"
_SET_END = "UPDATE cards SET expires_on = ? WHERE iccid = ?"
_TOLD = "UPDATE card_facts SET told = ?, told_at = ?, directive = ? WHERE iccid = ?"
_CLAIM = """INSERT INTO platform_state AS s (account, holder, held_until) VALUES (:account, :holder, :until)
ON CONFLICT (account) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE (s.held_until <= :now OR s.holder = excluded.holder) AND s.pause_until <= :now"""
_RELEASE = "UPDATE platform_state SET held_until = 0 WHERE account = ? AND holder = ?"
_WENT = """UPDATE platform_state SET calls = calls + ?, good_at = ?, failures = 0, error = '' WHERE account = ?"""
_FAILED = """UPDATE platform_state SET calls = calls + ?, errors = errors + 1, throttled = throttled + ?,
failures = failures + 1, error = ?, error_at = ? WHERE account = ?"""
_PAUSE = "UPDATE platform_state SET pause_until = ? WHERE account = ?"
_FAILURES = "SELECT failures FROM platform_state WHERE account = ?"
_STATES = """SELECT account, pause_until, failures, calls, errors, throttled, good_at, error, error_at
FROM platform_state"""


@dataclass(frozen=True, slots=True)
class Facts:
    """One card, as its platform has it."""

    iccid: str
    account: str
    asked_at: int | None = None
    state: State | None = None
    reasons: tuple[Reason, ...] = ()
    said: str = ""
    used_bytes: int | None = None
    quota_bytes: int | None = None
    remaining_bytes: int | None = None
    balance: str | None = None
    expires_on: str | None = None
    end_asked_at: int | None = None
    next_at: int = 0
    error: str = ""
    told: Mapping[str, str] | None = None
    """What the terminal was told last, fact by fact."""
    told_at: int | None = None
    directive: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    card: CardId
    terminal: str | None
    known: Facts | None


@dataclass(frozen=True, slots=True)
class Account:
    """How it goes with one account."""

    name: str
    cards: int = 0
    asked: int = 0
    oldest: int | None = None
    """When the card that waits longest was asked about."""
    in_error: int = 0
    pause_until: int = 0
    failures: int = 0
    calls: int = 0
    errors: int = 0
    throttled: int = 0
    good_at: int | None = None
    error: str = ""
    error_at: int | None = None


@dataclass(frozen=True, slots=True)
class Book:
    store: SqlStore

    async def claim(self, account: str, holder: str, now: int) -> bool:
        """Whether `holder` asks this account for the next while."""
        values = {"account": account, "holder": holder, "until": now + HOLD_S, "now": now}
        return await self.store.write(lambda session: session.run(_CLAIM, values)) == 1

    async def release(self, account: str, holder: str) -> None:
        await self.store.write(lambda session: session.run(_RELEASE, (account, holder)))

    async def due(self, account: str, now: int, limit: int) -> list[Due]:
        rows = await self.store.read(_DUE, (account, now, limit))
        known = await self.facts([row[0] for row in rows])
        return [Due(CardId(row[0], row[1]), row[2], known.get(row[0])) for row in rows]

    async def facts(self, iccids: Sequence[str]) -> dict[str, Facts]:
        if not iccids:
            return {}
        places = ", ".join("?" * len(iccids))
        rows = await self.store.read(f"{_SELECT} WHERE iccid IN ({places})", iccids)
        return {row[0]: _facts(row) for row in rows}

    async def holders(self, iccids: Sequence[str]) -> dict[str, Due]:
        """Cards on record, with what is known of them, as if each were due."""
        if not iccids:
            return {}
        rows = await self.store.read(_HOLDERS.format(places=", ".join("?" * len(iccids))), iccids)
        known = await self.facts(iccids)
        return {row[0]: Due(CardId(row[0], row[1]), row[2], known.get(row[0])) for row in rows}

    async def card(self, iccid: str, sight: Sight = EVERYTHING) -> Facts | None:
        seen, values = where(sight, "cards.terminal")
        rows = await self.store.read(_SEEN.format(seen=seen), values | {"iccid": iccid})
        return _facts(rows[0]) if rows else None

    async def keep(self, facts: Sequence[Facts], who: Who) -> None:
        """Write them, and the end on record where it has moved, with a line in the trail."""
        await self.store.write(partial(_keep, facts=facts, who=who))

    async def told(self, iccid: str, told: Mapping[str, str], now: int, directive: str) -> None:
        text = json.dumps(dict(told), separators=(",", ":"))
        await self.store.write(lambda session: session.run(_TOLD, (text, now, directive, iccid)))

    async def went(self, account: str, calls: int, now: int) -> None:
        await self.store.write(lambda session: session.run(_WENT, (calls, now, account)))

    async def failed(self, account: str, calls: int, now: int, why: str, *, throttled: bool) -> float:
        """For how many seconds the account is left in peace."""

        def job(session: Session) -> float:
            session.run(_FAILED, (calls, int(throttled), printable(why, 200), now, account))
            rows = session.rows(_FAILURES, (account,))
            seconds = pause(int(rows[0][0]) if rows else 1)
            session.run(_PAUSE, (int(now + seconds), account))
            return seconds

        return await self.store.write(job)

    async def accounts(self) -> dict[str, Account]:
        rows = await self.store.read(_COUNTS)
        found = {name: Account(name, cards, asked, oldest, int(wrong)) for name, cards, asked, oldest, wrong in rows}
        for row in await self.store.read(_STATES):
            names = ("pause_until", "failures", "calls", "errors", "throttled", "good_at", "error", "error_at")
            known = found.get(row[0], Account(row[0]))
            found[row[0]] = replace(known, **dict(zip(names, row[1:], strict=True)))
        return found

    async def figures(self) -> dict[str, dict[str, int]]:
        """For metrics."""
        return {
            name: {
                "cards": one.cards, "cards_in_error": one.in_error, "calls_total": one.calls,
                "errors_total": one.errors, "throttled_total": one.throttled,
            }
            for name, one in (await self.accounts()).items()
        }  # fmt: skip


def taken_in(
    iccid: str, was: Facts, standing: Standing | None, usage: Usage | None, end: date | None, *,
    asked_end: bool, now: int, every_s: float,
) -> Facts:  # fmt: skip
    """What is known of a card after it was asked about; what was not told stays as it was. Pure."""
    if standing is None and usage is None and end is None:
        return replace(was, error="the platform does not know this card", next_at=now + TRY_AGAIN_S)
    now_known = replace(was, asked_at=now, error="", next_at=int(now + _turn(iccid, every_s)))
    if standing is not None:
        now_known = replace(now_known, state=standing.state, reasons=standing.reasons, said=standing.said)
    if usage is not None:
        used = {name: getattr(usage, name) for name in ("used_bytes", "quota_bytes", "remaining_bytes", "balance")}
        now_known = replace(now_known, **{name: value for name, value in used.items() if value is not None})
    if asked_end:
        now_known = replace(now_known, end_asked_at=now)
    return replace(now_known, expires_on=end.isoformat()) if end is not None else now_known


def wants_end(known: Facts | None, now: int) -> bool:
    """Whether it is time to ask when the plan ends: that is a call a card, and seldom news."""
    if known is None or known.end_asked_at is None:
        return True
    if known.expires_on is None:
        return now - known.end_asked_at >= END_EVERY_S
    left = (date.fromisoformat(known.expires_on) - date.fromordinal(719_163 + now // 86_400)).days * 86_400
    return now - known.end_asked_at >= (86_400 - 3600 if left < END_SOON_S else END_EVERY_S)


def _turn(iccid: str, every_s: float) -> float:
    """A tenth more or less, the same for a card always: what begins together does not stay together."""
    drawn = int.from_bytes(blake2b(iccid.encode(), digest_size=2).digest()) / 65_535
    return every_s * (0.9 + 0.2 * drawn)


def _keep(session: Session, facts: Sequence[Facts], who: Who) -> None:
    for one in facts:
        values = (
            one.iccid, one.account, one.asked_at, one.state or "", " ".join(one.reasons), one.said, one.used_bytes,
            one.quota_bytes, one.remaining_bytes, one.balance, one.expires_on, one.end_asked_at, one.next_at, one.error,
            "", None, None,
        )  # fmt: skip
        session.run(_PUT, values)
        rows = session.rows(_CARD_END, (one.iccid,)) if one.expires_on else []
        if rows and rows[0][0] != one.expires_on:
            session.run(_SET_END, (one.expires_on, one.iccid))
            audit(session, who, "changed", "card", one.iccid, {"expires_on": [rows[0][0], one.expires_on]})


def _facts(row: Sequence[Any]) -> Facts:
    values = list(row)
    values[3] = cast("State", row[3]) if row[3] else None
    values[4] = tuple(cast("Reason", word) for word in row[4].split())
    values[14] = json.loads(row[14]) if row[14] else None
    return Facts(*values)
