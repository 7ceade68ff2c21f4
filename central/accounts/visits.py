"""Browsers that are signed in: rows in the database, found by the digest of what the cookie holds.

A visit ends when nobody looked for a while, after a working day in any case, with the user, and by signing out. Its id
is drawn anew at every step up and once an hour; the one before is good for another minute, for requests under way, and
whoever comes with it later has a stolen one: then the visit ends.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import partial
from typing import Literal

from central import auth
from central.accounts.people import Person
from central.accounts.sight import read_sight
from central.registry import Who, audit
from central.store.core import SqlStore
from central.store.database import Row, Session

Stage = Literal["code", "in"]
Duty = Literal["password", "second_step"]
"""What somebody has to do before anything else: choose a password of his own; turn on the second step."""
CODE_S = 300
"""For the second step."""
TURN_S = 3600
GRACE_S = 60
SEEN_EVERY_S = 60
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_COLUMNS = """v.digest, v.stage, v.began_at, v.seen_at, v.turned_at, v.was, v.was_until, v.address, v.browser,
u.name, u.role, u.sight, u.lang, u.zone, u.disabled_at, u.must_change, u.password <> '' AND u.totp IS NULL
FROM visits v JOIN users u ON u.name = v.person"""
_FIND = f"SELECT {_COLUMNS} WHERE v.digest = :digest OR v.was = :digest"
_OF = f"SELECT {_COLUMNS} WHERE v.person = ? AND v.stage = 'in' ORDER BY v.seen_at DESC LIMIT 100"
_NEW = """INSERT INTO visits (digest, person, stage, began_at, seen_at, turned_at, address, browser)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""
_SEEN = "UPDATE visits SET seen_at = ? WHERE digest = ?"
_TURN = "UPDATE visits SET digest = ?, was = ?, was_until = ?, turned_at = ?, seen_at = ? WHERE digest = ?"
_END = "DELETE FROM visits WHERE digest = ?"
_SWEEP = "DELETE FROM visits WHERE began_at < ? OR seen_at < ? OR (stage = 'code' AND began_at < ?)"
_SIGNED_IN = "UPDATE users SET signed_in_at = ? WHERE name = ?"


@dataclass(frozen=True, slots=True)
class Visit:
    digest: bytes
    stage: Stage
    began_at: int
    seen_at: int
    turned_at: int
    address: str
    browser: str
    person: Person
    is_current: bool = True
    """Asked for by its newest id."""
    duty: Duty | None = None


@dataclass(frozen=True, slots=True)
class Visits:
    store: SqlStore
    idle_s: int
    longest_s: int
    strict: frozenset[str] = frozenset()
    """Roles that need a second step, those who sign in by a provider apart: that is the provider's to ask."""

    async def find(self, cookie: str, now: int) -> Visit | None:
        """The visit of a cookie that still goes on. Raises StoreUnavailable."""
        if not _COOKIE.match(cookie):
            return None
        digest = auth.digest(cookie)
        rows = await self.store.read(_FIND, {"digest": digest})
        found = [_visit(row, digest, self.strict) for row in rows if self._goes_on(row, now)]
        if not found:
            return None
        if not found[0].is_current and now >= rows[0][6]:
            await self.end(found[0].digest)
            return None
        return found[0]

    async def begin(self, name: str, stage: Stage, now: int, address: str, browser: str, after: bytes = b"") -> str:
        """A new visit instead of `after`; what its cookie holds."""
        cookie = auth.new_secret()
        values = (auth.digest(cookie), name, stage, now, now, now, address[:64], browser[:200])
        ended = (now - self.longest_s, now - self.idle_s, now - CODE_S)
        await self.store.write(partial(_begin, values=values, after=after, ended=ended))
        return cookie

    async def seen(self, visit: Visit, now: int) -> str | None:
        """Somebody looks; the new cookie when it is time for one."""
        if visit.is_current and now - visit.turned_at >= TURN_S:
            return await self.turn(visit, now)
        if now - visit.seen_at >= SEEN_EVERY_S:
            await self.store.write(lambda session: session.run(_SEEN, (now, visit.digest)))
        return None

    async def turn(self, visit: Visit, now: int) -> str | None:
        """The same visit under a new id; None: another request was first."""
        cookie = auth.new_secret()
        values = (auth.digest(cookie), visit.digest, now + GRACE_S, now, now, visit.digest)
        return cookie if await self.store.write(lambda session: session.run(_TURN, values)) == 1 else None

    async def end(self, digest: bytes) -> None:
        await self.store.write(lambda session: session.run(_END, (digest,)))

    async def of(self, name: str, now: int) -> list[Visit]:
        """Where somebody is signed in, newest first."""
        return [
            _visit(row, row[0], self.strict) for row in await self.store.read(_OF, (name,)) if self._goes_on(row, now)
        ]

    def _goes_on(self, row: Row, now: int) -> bool:
        longest = CODE_S if row[1] == "code" else self.longest_s
        return row[14] is None and now - row[2] < longest and now - row[3] < self.idle_s


def csrf_of(cookie: str) -> str:
    """What the forms of a visit carry: only we and the pages of this browser can know it."""
    return hmac.new(cookie.encode(), b"csrf", hashlib.sha256).hexdigest()


def _begin(session: Session, values: tuple[object, ...], after: bytes, ended: tuple[int, int, int]) -> None:
    session.run(_SWEEP, ended)
    if after:
        session.run(_END, (after,))
    session.run(_NEW, values)
    if values[2] == "in":
        name, now = str(values[1]), int(str(values[3]))
        session.run(_SIGNED_IN, (now, name))
        audit(session, Who(name, now), "signed_in", "user", name, {"address": values[6]})


def _visit(row: Row, digest: bytes, strict: frozenset[str]) -> Visit:
    person = Person(row[9], row[10], read_sight(row[11]), row[12], row[13])
    found = bytes(row[0])
    duty: Duty | None = "password" if row[15] else "second_step" if row[16] and person.role in strict else None
    return Visit(found, row[1], row[2], row[3], row[4], row[7], row[8], person, found == digest, duty)
