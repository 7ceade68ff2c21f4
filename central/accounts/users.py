"""The people who sign in: kept, changed, shut out. Every change leaves a line in the audit trail.

A name is kept as it is compared: NFKC, case folded. Whoever administers sees everything. The last one who administers
and may come in cannot be taken away. When a password or a second step changes, other browsers are signed out.
"""

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import get_args
from zoneinfo import available_timezones

from central.accounts.people import ROLES, Person, Role
from central.accounts.sight import Sight, read_sight
from central.registry import BadValue, Who, audit
from central.store.base import StoreRefused
from central.store.core import SqlStore
from central.store.database import Row, Session
from central.words import Lang

_NAME = re.compile(r"[\w.@+-]{1,64}\Z")
_TAKEN = ("local", "operator", "nobody")
"""Names that the audit trail gives to others."""
_KEPT_S = 2.0
"""So long it may take until the first user closes the door that stood open on this machine."""
_COLUMNS = """name, password, role, sight, lang, zone, totp, totp_step, oidc, created_at, password_at, signed_in_at,
disabled_at, must_change"""
_ONE = f"SELECT {_COLUMNS} FROM users WHERE name = ?"  # noqa: S608 - ours
_ALL = f"SELECT {_COLUMNS} FROM users ORDER BY name LIMIT 10000"  # noqa: S608 - ours
_BY_OIDC = f"SELECT {_COLUMNS} FROM users WHERE oidc = ?"  # noqa: S608 - ours
_ADD = """INSERT INTO users (name, password, role, sight, oidc, created_at, password_at, must_change)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_ROLE = "UPDATE users SET role = ?, sight = ? WHERE name = ?"
_NEW_HASH = "UPDATE users SET password = ?, password_at = ?, must_change = ? WHERE name = ?"
_DISABLE = "UPDATE users SET disabled_at = ? WHERE name = ?"
_TOTP = "UPDATE users SET totp = ?, totp_step = 0 WHERE name = ?"
_STEP = "UPDATE users SET totp_step = ? WHERE name = ? AND totp_step < ?"
_BIND = "UPDATE users SET oidc = ? WHERE name = ? AND oidc IS NULL"
_TASTE = "UPDATE users SET lang = ?, zone = ? WHERE name = ?"
_OTHER_ADMINS = "SELECT 1 FROM users WHERE role = 'admin' AND disabled_at IS NULL AND name <> ? LIMIT 1"
_OTHERS = "DELETE FROM visits WHERE person = ? AND digest <> ?"
_ADD_CODE = "INSERT INTO recovery_codes (person, digest) VALUES (?, ?)"
_NO_CODES = "DELETE FROM recovery_codes WHERE person = ?"
_USE_CODE = "DELETE FROM recovery_codes WHERE person = ? AND digest = ?"
_CODES_LEFT = "SELECT count(*) FROM recovery_codes WHERE person = ?"
NO_VISIT = b""


@dataclass(frozen=True, slots=True)
class User:
    name: str
    password: str
    role: Role
    sight: Sight
    lang: Lang | None
    zone: str | None
    totp: str | None
    totp_step: int
    oidc: str | None
    created_at: int
    password_at: int | None
    signed_in_at: int | None
    disabled_at: int | None
    must_change: int = 0
    """1: somebody else chose the password."""

    @property
    def person(self) -> Person:
        return Person(self.name, self.role, self.sight, self.lang, self.zone)


class Users:
    """Changes raise StoreRefused (BadValue for a value) before anything is written, StoreUnavailable otherwise."""

    def __init__(self, store: SqlStore, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._monotonic = monotonic
        self._any = False
        self._asked_at = float("-inf")

    async def any(self) -> bool:
        """Whether anybody was ever added: then nobody comes in without saying who he is."""
        if not self._any and self._monotonic() - self._asked_at >= _KEPT_S:
            self._any = bool(await self._store.read("SELECT 1 FROM users LIMIT 1"))
            self._asked_at = self._monotonic()
        return self._any

    async def get(self, name: str) -> User | None:
        rows = await self._store.read(_ONE, (name,))
        return _user(rows[0]) if rows else None

    async def of_oidc(self, oidc: str) -> User | None:
        rows = await self._store.read(_BY_OIDC, (oidc,))
        return _user(rows[0]) if rows else None

    async def bind(self, name: str, oidc: str) -> bool:
        """From now on he is whom the provider calls so; False: he is somebody already."""
        return await self._store.write(lambda session: session.run(_BIND, (oidc, name))) == 1

    async def everybody(self) -> list[User]:
        return [_user(row) for row in await self._store.read(_ALL)]

    async def add(
        self, name: str, password: str, role: str, sight: Sight, who: Who, oidc: str | None = None, *,
        must_change: bool = False,
    ) -> User:  # fmt: skip
        """`password` is its hash, "" for none. `must_change`: he is to choose one of his own first."""
        name, role = checked_name(name), checked_role(role, sight)
        since, change = who.now if password else None, int(must_change and bool(password))
        values = (name, password, role, sight.to_text(), oidc, who.now, since, change)
        added: User = await self._store.write(partial(_add, values=values, who=who))
        self._any = True
        return added

    async def set_role(self, name: str, role: str, sight: Sight, who: Who) -> User:
        checked = checked_role(role, sight)
        return await self._store.write(partial(_set_role, name=name, role=checked, sight=sight, who=who))

    async def set_password(
        self, name: str, password: str, who: Who, keep: bytes = NO_VISIT, *, must_change: bool = False
    ) -> None:  # fmt: skip
        """A new hash; every browser but the one of the visit `keep` is signed out."""
        job = partial(_set_password, name=name, password=password, who=who, keep=keep, must_change=must_change)
        await self._store.write(job)

    async def set_disabled(self, name: str, who: Who, *, disabled: bool) -> None:
        await self._store.write(partial(_set_disabled, name=name, who=who, disabled=disabled))

    async def set_totp(
        self, name: str, secret: str | None, codes: list[bytes], who: Who, keep: bytes = NO_VISIT
    ) -> None:  # fmt: skip
        """A second step with its recovery codes (digests); None: no more."""
        await self._store.write(partial(_set_totp, name=name, secret=secret, codes=codes, who=who, keep=keep))

    async def use_step(self, name: str, step: int) -> bool:
        """False: a code of this time or a later one was used already."""
        return await self._store.write(lambda session: session.run(_STEP, (step, name, step))) == 1

    async def use_recovery(self, name: str, code: bytes) -> bool:
        """False: there is no such code any more."""
        return await self._store.write(lambda session: session.run(_USE_CODE, (name, code))) == 1

    async def recovery_left(self, name: str) -> int:
        return int((await self._store.read(_CODES_LEFT, (name,)))[0][0])

    async def set_taste(self, name: str, lang: str, zone: str) -> None:
        """Language and time zone; "" for the browser's and the fleet's."""
        if lang not in ("", *get_args(Lang)):
            raise BadValue("lang: zh or en")
        if zone and zone not in available_timezones():
            raise BadValue("zone: a name of the time zone database, for example Asia/Shanghai")
        await self._store.write(lambda session: session.run(_TASTE, (lang or None, zone or None, name)))

    async def sign_out_everywhere(self, name: str, who: Who, keep: bytes = NO_VISIT) -> None:
        def job(session: Session) -> None:
            session.run(_OTHERS, (name, keep))
            audit(session, who, "signed_out", "user", name, {})

        await self._store.write(job)


def folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def checked_name(name: str) -> str:
    """Raises BadValue."""
    found = folded(name)
    if not _NAME.match(found) or found in _TAKEN:
        raise BadValue("name: 1 to 64 letters, digits, '.', '_', '@', '+' or '-'")
    return found


def checked_role(role: str, sight: Sight) -> Role:
    """Raises BadValue."""
    if role not in ROLES:
        raise BadValue(f"role: one of {', '.join(ROLES)}")
    if role == "admin" and not sight.everything:
        raise BadValue("an admin sees everything")
    return role


def _user(row: Row) -> User:
    return User(row[0], row[1], row[2], read_sight(row[3]), *row[4:])


def _found(session: Session, name: str) -> User:
    rows = session.rows(_ONE, (name,))
    if not rows:
        raise StoreRefused("no such user", "not_found")
    return _user(rows[0])


def _add(session: Session, values: tuple[object, ...], who: Who) -> User:
    name, role, sight = str(values[0]), values[2], values[3]
    if session.run(_ADD, values) != 1:
        raise StoreRefused(f"user {name} exists already", "taken")
    audit(session, who, "added", "user", name, {"role": role, "sees": read_sight(str(sight)).in_words()})
    return _found(session, name)


def _set_role(session: Session, name: str, role: Role, sight: Sight, who: Who) -> User:
    was = _found(session, name)
    if role != "admin":
        _need_other_admin(session, was)
    session.run(_ROLE, (role, sight.to_text(), name))
    changed = {"role": (was.role, role), "sees": (was.sight.in_words(), sight.in_words())}
    detail = {key: [before, after] for key, (before, after) in changed.items() if before != after}
    audit(session, who, "changed", "user", name, detail)
    return _found(session, name)


def _set_password(
    session: Session, name: str, password: str, who: Who, keep: bytes, *, must_change: bool
) -> None:  # fmt: skip
    _found(session, name)
    session.run(_NEW_HASH, (password, who.now, int(must_change), name))
    session.run(_OTHERS, (name, keep))
    audit(session, who, "password", "user", name, {})


def _set_disabled(session: Session, name: str, who: Who, *, disabled: bool) -> None:
    was = _found(session, name)
    if disabled:
        _need_other_admin(session, was)
    session.run(_DISABLE, (who.now if disabled else None, name))
    if disabled:
        session.run(_OTHERS, (name, NO_VISIT))
    audit(session, who, "disabled" if disabled else "enabled", "user", name, {})


def _set_totp(
    session: Session, name: str, secret: str | None, codes: list[bytes], who: Who, keep: bytes
) -> None:  # fmt: skip
    _found(session, name)
    session.run(_TOTP, (secret, name))
    session.run(_NO_CODES, (name,))
    session.many(_ADD_CODE, [(name, code) for code in codes])
    session.run(_OTHERS, (name, keep))
    audit(session, who, "second_step_off" if secret is None else "second_step_on", "user", name, {})


def _need_other_admin(session: Session, was: User) -> None:
    """Raises StoreRefused: `was` is the only one who may administer."""
    alone = was.role == "admin" and was.disabled_at is None
    if alone and not session.rows(_OTHER_ADMINS, (was.name,)):
        raise StoreRefused("the last admin stays")
