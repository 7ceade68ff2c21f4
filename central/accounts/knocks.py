"""How often somebody may try to sign in: counted in the database, before anything is looked at, for all processes.

Three counts in a window: an account from one address, an address, an account from anywhere. The last is generous,
so that a stranger who tries a name does not shut its owner out soon. IPv6 counts by the /64 that a line is given.
"""

import ipaddress
from collections.abc import Mapping
from functools import partial

from central.store.core import SqlStore
from central.store.database import Session

WINDOW_S = 15 * 60
MOST: Mapping[str, int] = {"pair": 8, "address": 40, "name": 100, "code": 6}
_KNOCK = """INSERT INTO knocks AS k (name, count, since) VALUES (:name, 1, :now) ON CONFLICT (name) DO UPDATE
SET count = CASE WHEN k.since <= :ended THEN 1 ELSE k.count + 1 END,
since = CASE WHEN k.since <= :ended THEN :now ELSE k.since END RETURNING count, since"""
_FORGET = "DELETE FROM knocks WHERE name = ?"
_SWEEP = "DELETE FROM knocks WHERE since <= ?"


class Knocks:
    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def at_the_door(self, name: str, address: str, now: int) -> int:
        """Counts an attempt; seconds to wait, 0: it may be looked at."""
        line = line_of(address)
        keys = [("address", f"address {line}"), ("pair", f"pair {name} {line}"), ("name", f"name {name}")]
        return await self._store.write(partial(_count, keys=keys, now=now))

    async def at_the_second_step(self, name: str, now: int) -> int:
        return await self._store.write(partial(_count, keys=[("code", f"code {name}")], now=now))

    async def came_in(self, name: str, address: str) -> None:
        """Who came in has a clean sheet."""

        def job(session: Session) -> None:
            for key in (f"pair {name} {line_of(address)}", f"code {name}"):
                session.run(_FORGET, (key,))

        await self._store.write(job)


def line_of(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def _count(session: Session, keys: list[tuple[str, str]], now: int) -> int:
    """Who is over one count is not counted further: names that nobody has would fill the table, and an address that has
    to wait anyway would shut out the owner of a name.
    """
    session.run(_SWEEP, (now - WINDOW_S,))
    for kind, name in keys:
        ((count, since),) = session.many_rows(_KNOCK, [{"name": name, "now": now, "ended": now - WINDOW_S}])
        if count > MOST[kind]:
            return max(1, int(since) + WINDOW_S - now)
    return 0
