"""How far each terminal has come with the numbers of its CoAP contexts (RFC 8613, section 7.4), for all processes of
the centre together.

A process reserves the numbers that follow the one it was asked with, and counts for itself within them: one write for
many reports. Of two processes only one gets a number; to the other it is a replay. So is, after a restart, whatever
was reserved before it.
"""

from central.store.database import Whole

_UPTO = "SELECT upto FROM coap_windows WHERE terminal = ? AND context = ?"
_NEWEST = "SELECT context FROM coap_windows WHERE terminal = ? ORDER BY begun_at DESC, upto DESC LIMIT 1"
_TAKE = """INSERT INTO coap_windows (terminal, context, upto, begun_at) VALUES (?, ?, ?, ?)
ON CONFLICT (terminal, context) DO UPDATE SET upto = excluded.upto, begun_at = excluded.begun_at
WHERE coap_windows.upto <= ?"""


class Windows:
    """Raises StoreError. Contexts are told as hexadecimal digits."""

    def __init__(self, store: Whole) -> None:
        self._store = store

    async def newest(self, terminal: str) -> str | None:
        """The context whose numbers were reserved last."""
        rows = await self._store.read(_NEWEST, (terminal,))
        return str(rows[0][0]) if rows else None

    async def upto(self, terminal: str, context: str) -> int:
        """No number from this one on was reserved."""
        rows = await self._store.read(_UPTO, (terminal, context))
        return int(rows[0][0]) if rows else 0

    async def take(self, terminal: str, context: str, first: int, upto: int, now: int) -> bool:
        """The numbers from `first` to below `upto` are ours, durable; False: somebody has come further."""
        values = (terminal, context, upto, now, first)
        return await self._store.write(lambda session: session.run(_TAKE, values) == 1)
