"""Directives in the store: written once, handed out with every answer until their acknowledgement is stored.

The first acknowledgement counts; one that comes again changes nothing.
"""

from collections.abc import Sequence

from central.store.base import Acknowledged, DirectiveRow, StoreRefused
from central.store.database import Session, Whole

_ADD = """INSERT INTO directives (terminal, id, kind, body, created_at, expires_at, sent_by)
VALUES (?, ?, ?, ?, ?, ?, ?)"""
_IS_THERE = "SELECT 1 FROM terminals WHERE id = ? AND revoked_at IS NULL"
_OPEN_OF = "SELECT count(*) FROM directives WHERE terminal = ? AND acked_at IS NULL AND expires_at > ?"
_WHO = "SELECT DISTINCT terminal FROM directives WHERE acked_at IS NULL AND expires_at > ?"
_DUE = """SELECT terminal, id, kind, body, created_at, expires_at, sent_by, acked_at, outcome, detail FROM directives
WHERE terminal = ? AND acked_at IS NULL AND expires_at > ? ORDER BY created_at, id LIMIT ?"""
_LIST = """SELECT terminal, id, kind, body, created_at, expires_at, sent_by, acked_at, outcome, detail FROM directives
WHERE terminal = ? ORDER BY created_at DESC, id LIMIT ?"""
_ACK = "UPDATE directives SET acked_at = ?, outcome = ?, detail = ? WHERE terminal = ? AND id = ? AND acked_at IS NULL"
_WITHDRAW = """UPDATE directives SET acked_at = ?, outcome = 'withdrawn', detail = ''
WHERE terminal = ? AND id = ? AND acked_at IS NULL"""


class Directives:
    """The part of a SqlStore that keeps directives."""

    async def send_directives(self: Whole, rows: Sequence[DirectiveRow], most: int) -> None:
        def job(session: Session) -> None:
            for row in rows:
                if not session.rows(_IS_THERE, (row.terminal,)):
                    raise StoreRefused(f"terminal {row.terminal} is not known, or revoked", "not_found")
                if session.rows(_OPEN_OF, (row.terminal, row.created_at))[0][0] >= most:
                    raise StoreRefused(f"{most} directives wait for terminal {row.terminal} already", "too_many")
            session.many(_ADD, [
                (row.terminal, row.id, row.kind, row.body, row.created_at, row.expires_at, row.sent_by) for row in rows
            ])  # fmt: skip

        await self.write(job)

    async def terminals_with_directives(self: Whole, now: int) -> frozenset[str]:
        return frozenset(row[0] for row in await self.read(_WHO, (now,)))

    async def directives_due(self: Whole, terminal: str, now: int, limit: int) -> list[DirectiveRow]:
        return [DirectiveRow(*row) for row in await self.read(_DUE, (terminal, now, limit))]

    async def directives(self: Whole, terminal: str, limit: int = 100) -> list[DirectiveRow]:
        return [DirectiveRow(*row) for row in await self.read(_LIST, (terminal, limit))]

    async def acknowledge_directives(self: Whole, terminal: str, told: Sequence[Acknowledged], now: int) -> None:
        def job(session: Session) -> None:
            session.many(_ACK, [(now, one.outcome, one.detail, terminal, one.id) for one in told])

        await self.write(job)

    async def withdraw_directive(self: Whole, terminal: str, directive: str, now: int) -> bool:
        return await self.write(lambda session: session.run(_WITHDRAW, (now, terminal, directive)) == 1)
