"""Enrolment codes in the store, on either database: single use holds by one conditional UPDATE, whoever else tries.

Codes are few and short-lived and are looked up by their own name, before any terminal is known: the one table beside
the versions whose key does not begin with the terminal (where tables are distributed, it is a local one).
"""

from collections.abc import Sequence

from central.store import sql
from central.store.base import EnrolCode, StoreRefused, StoreUnavailable
from central.store.database import Session, Whole

_REMEMBERED_S = 90 * 86_400
"""After its end, so that people can see what became of a code."""

_ADD = """INSERT INTO enrol_codes (id, salt, digest, terminal, name, created_at, expires_at, attempts)
VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING"""
_FORGET = "DELETE FROM enrol_codes WHERE expires_at < ?"
_ATTEMPT = "UPDATE enrol_codes SET attempts = attempts + 1 WHERE id = ? AND expires_at > ? AND attempts < ?"
_CODE = """SELECT id, salt, digest, terminal, name, created_at, expires_at, attempts, used_at, used_by, used_sha256
FROM enrol_codes WHERE id = ?"""
_CODES = """SELECT id, salt, digest, terminal, name, created_at, expires_at, attempts, used_at, used_by, used_sha256
FROM enrol_codes WHERE expires_at > ? ORDER BY created_at DESC, id LIMIT ?"""
_USE = """UPDATE enrol_codes SET used_at = ?, used_by = ?, used_sha256 = ?
WHERE id = ? AND used_at IS NULL AND expires_at > ?"""
WITHDRAW_CODES = "DELETE FROM enrol_codes WHERE terminal = ? AND used_at IS NULL"
_WITHDRAW_CODE = "DELETE FROM enrol_codes WHERE id = ? AND used_at IS NULL RETURNING terminal"
_IS_THERE = "SELECT 1 FROM terminals WHERE id = ?"
_ADOPT = """INSERT INTO terminals (id, name, secret_sha256, created_at) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE
SET secret_sha256 = excluded.secret_sha256, rotated_at = excluded.created_at, revoked_at = NULL"""


class Enrolment:
    """The part of a SqlStore that keeps enrolment codes."""

    async def add_enrol_codes(self: Whole, codes: Sequence[EnrolCode]) -> None:
        def job(session: Session) -> None:
            if any(session.rows(_CODE, (code.id,)) for code in codes):
                raise StoreRefused("a code of that name exists already")
            session.run(_FORGET, (min(code.created_at for code in codes) - _REMEMBERED_S,))
            session.many(_ADD, [
                (code.id, code.salt, code.digest, code.terminal, code.name, code.created_at, code.expires_at)
                for code in codes
            ])  # fmt: skip

        await self.write(job)

    async def enrol_codes(self: Whole, now: int, limit: int = 1000) -> list[EnrolCode]:
        return await self.write(lambda session: [EnrolCode(*row) for row in session.rows(_CODES, (now, limit))])

    async def try_enrol_code(self: Whole, code: str, now: int, most: int) -> EnrolCode | None:
        def job(session: Session) -> EnrolCode | None:
            if not session.run(_ATTEMPT, (code, now, most)):
                return None
            return EnrolCode(*session.rows(_CODE, (code,))[0])

        return await self.write(job)

    async def enrol(self: Whole, code: str, terminal: str, secret_sha256: bytes, now: int) -> str:
        enrolled = await self.write(lambda session: _enrol(session, code, terminal, secret_sha256, now))
        self.changed(enrolled)
        return enrolled

    async def withdraw_enrol_code(self: Whole, code: str) -> str | None:
        rows = await self.write(lambda session: session.rows(_WITHDRAW_CODE, (code,)))
        return rows[0][0] if rows else None

    async def withdraw_enrol_codes(self: Whole, terminal: str) -> int:
        return await self.write(lambda session: session.run(WITHDRAW_CODES, (terminal,)))


def _enrol(session: Session, name: str, wish: str, secret_sha256: bytes, now: int) -> str:
    rows = session.rows(_CODE, (name,))
    if not rows:
        raise StoreRefused("the code is not known")
    code = EnrolCode(*rows[0])
    if code.used_at is not None:
        if code.used_sha256 is not None and bytes(code.used_sha256) == secret_sha256 and code.used_by:
            return code.used_by  # the answer was lost on the way, and it asks again
        raise StoreRefused("the code was used")
    terminal = code.terminal or wish
    if not code.terminal and session.rows(_IS_THERE, (terminal,)):
        raise StoreRefused("a terminal of that id exists already")
    if session.run(_USE, (now, terminal, secret_sha256, name, now)) != 1:
        raise StoreRefused("the code was used, or has expired")
    if code.terminal:
        session.run(_ADOPT, (terminal, code.name, secret_sha256, now))
    elif session.run(sql.ADD_TERMINAL, (terminal, code.name, secret_sha256, now)) != 1:
        raise StoreUnavailable("another process has just registered a terminal of that id")
    return terminal
