"""Tokens of programs: each with a name, scopes and perhaps an end. Shown once; the centre keeps their digest.

`pat_<id>_<secret>`: found by the id, compared by the digest of the secret, so that no search ever goes by a secret.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

from central import auth
from central.accounts.sight import EVERYTHING, Sight, read_sight
from central.registry import BadValue, Who, audit
from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.store.database import Row, Session

Scope = Literal["read", "write", "alerts", "directives", "renew", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
ALL: frozenset[str] = frozenset(SCOPES)
KEPT_S = 5.0
"""A token that was revoked by another process is refused after this."""
_FORM = re.compile(r"pat_([0-9a-f]{16})_([A-Za-z0-9_-]{43})\Z")
_MAX_KEPT = 1000

_FIND = "SELECT name, secret_sha256, scopes, expires_at, sight FROM tokens WHERE id = ? AND revoked_at IS NULL"
_LIST = """SELECT id, name, scopes, created_at, expires_at, revoked_at, sight FROM tokens
ORDER BY created_at DESC, id LIMIT 10000"""
_ADD = """INSERT INTO tokens (id, name, secret_sha256, scopes, created_at, expires_at, sight)
VALUES (?, ?, ?, ?, ?, ?, ?)"""
_REVOKE = "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class Token:
    id: str
    name: str
    scopes: frozenset[str]
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    sight: Sight = EVERYTHING


@dataclass(frozen=True, slots=True)
class Known:
    """A good token."""

    name: str
    scopes: frozenset[Scope]
    sight: Sight


class Tokens:
    def __init__(self, store: SqlStore, monotonic: Callable[[], float]) -> None:
        self._store = store
        self._monotonic = monotonic
        self._kept: dict[str, tuple[float, Row | None]] = {}

    async def check(self, given: str, now: float) -> Known | None:
        """Raises StoreUnavailable."""
        match = _FORM.match(given)
        if match is None:
            return None
        row = await self._row(match[1])
        same = auth.secret_matches(match[2], None if row is None else bytes(row[1]))
        if row is None or not same or (row[3] is not None and now >= row[3]):
            return None
        scopes = str(row[2]).split()
        return Known(str(row[0]), frozenset(one for one in SCOPES if one in scopes), read_sight(row[4]))

    async def add(
        self, name: str, scopes: Sequence[str], expires_at: int | None, who: Who, sight: Sight = EVERYTHING
    ) -> tuple[str, str]:
        """Id and the token itself. Raises BadValue."""
        if not 0 < len(name) <= 100:
            raise BadValue("name: 1 to 100 characters")
        if not scopes or not ALL.issuperset(scopes):
            raise BadValue(f"scopes: some of {', '.join(SCOPES)}")
        if "admin" in scopes and not sight.everything:
            raise BadValue("a token with the scope admin sees everything")
        id_, secret = secrets.token_hex(8), auth.new_secret()
        values = (id_, name, auth.digest(secret), " ".join(sorted(set(scopes))), who.now, expires_at, sight.to_text())
        await self._store.write(partial(_add, values=values, who=who))
        return id_, f"pat_{id_}_{secret}"

    async def revoke(self, id_: str, who: Who) -> None:
        """Raises StoreRefused."""
        await self._store.write(partial(_revoke, id_=id_, who=who))
        self._kept.pop(id_, None)

    async def list(self) -> list[Token]:
        return [_token(row) for row in await self._store.read(_LIST)]

    async def _row(self, id_: str) -> Row | None:
        kept = self._kept.get(id_)
        if kept is not None and self._monotonic() < kept[0]:
            return kept[1]
        rows = await self._store.read(_FIND, (id_,))
        row = rows[0] if rows else None
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        self._kept[id_] = (self._monotonic() + KEPT_S, row)
        return row


def _token(row: Row) -> Token:
    id_, name, scopes, created_at, expires_at, revoked_at, sight = row
    return Token(id_, name, frozenset(scopes.split()), created_at, expires_at, revoked_at, read_sight(sight))


def _add(session: Session, values: tuple[object, ...], who: Who) -> None:
    session.run(_ADD, values)
    audit(
        session,
        who,
        "added",
        "token",
        str(values[0]),
        {"name": values[1], "scopes": values[3], "sees": read_sight(str(values[6])).in_words()},
    )


def _revoke(session: Session, id_: str, who: Who) -> None:
    if session.run(_REVOKE, (who.now, id_)) != 1:
        raise StoreRefused("no such token", "not_found")
    audit(session, who, "revoked", "token", id_, {})
