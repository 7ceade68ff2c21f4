"""Pools of data that cards share, and spare cards, as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from central.accounts.sight import Sight, where
from central.registry import BadValue, Who, audit
from central.renewals import stock
from central.renewals.records import Pool
from central.renewals.stock import PoolState, Spare
from central.store.core import SqlStore
from central.store.database import Session

_SPARES = """SELECT iccid, plan, account, received_on, use_by, expires_on FROM cards WHERE state = 'spare' AND {seen}
AND (use_by <= :until OR expires_on <= :until OR received_on <= :since) ORDER BY coalesce(use_by, expires_on, '9999'),
iccid LIMIT :limit"""
_POOLS = f"SELECT {', '.join(Pool.__slots__)} FROM pools ORDER BY id"  # noqa: S608 - ours
_POOL_USE = """SELECT c.pool, o.used_bytes FROM terminals t
JOIN cards c ON c.terminal = t.id AND c.state = 'in_use' AND c.pool > ''
LEFT JOIN outlook o ON o.terminal = t.id AND o.iccid = c.iccid WHERE {seen}"""
_PUT_POOL = f"""INSERT INTO pools ({", ".join(Pool.__slots__)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in Pool.__slots__[1:])}"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Stockroom:
    store: SqlStore
    today: date

    async def spares(self, sight: Sight, limit: int) -> list[Spare]:
        """Cards in stock that go stale; for those who see everything."""
        seen, values = where(sight, "cards.terminal")
        until, since = self.today + timedelta(days=stock.SOON_DAYS), self.today - timedelta(days=stock.LONG_DAYS)
        named = {"until": until.isoformat(), "since": since.isoformat(), "limit": limit}
        rows = await self.store.read(_SPARES.format(seen=seen), values | named)
        found = (stock.spare(row[0], row[1], row[2], row[3], row[4], row[5], self.today) for row in rows)
        return [one for one in found if one is not None]

    async def pools(self, sight: Sight) -> list[PoolState]:
        """With what is seen of their cards; pools without one of these are for those who see everything."""
        seen, values = where(sight, "t.id")
        used = stock.by_pool([(row[0], row[1]) for row in await self.store.read(_POOL_USE.format(seen=seen), values)])
        found = [Pool(*row) for row in await self.store.read(_POOLS)]
        return [stock.pool_state(one, used.get(one.id, []), self.today) for one in found
                if sight.everything or one.id in used]  # fmt: skip

    async def put_pool(self, id_: str, fields: Mapping[str, Any], who: Who) -> Pool:
        """Raises BadValue."""
        made = _pool(id_, fields)
        if not who.sight.everything:
            raise BadValue("pools are kept by those who see everything")
        await self.store.write(partial(_put_pool, made=made, who=who))
        return made


def _pool(id_: str, fields: Mapping[str, Any]) -> Pool:
    unknown = [name for name in fields if name not in Pool.__slots__[1:]]
    if unknown:
        raise BadValue(f"{str(unknown[0])[:40]}: unknown; known here: {', '.join(Pool.__slots__[1:])}")
    if not id_ or len(id_) > 64 or not id_.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise BadValue("a pool's id has 1 to 64 letters, digits, '.', '_' or '-'")
    values = dict(fields)
    for name, most in (("total_mb", 2**40), ("cycle_day", 28)):
        value = values.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most):
            raise BadValue(f"{name}: 1 to {most}, or null")
    for name in ("name", "carrier", "account", "note"):
        if not isinstance(values.get(name, ""), str) or len(values.get(name, "")) > 200:
            raise BadValue(f"{name}: a text of at most 200 characters")
    try:
        values["ends_on"] = date.fromisoformat(values["ends_on"]).isoformat() if values.get("ends_on") else None
    except (ValueError, TypeError):
        raise BadValue("ends_on: a date such as 2026-12-31") from None
    return Pool(id_, **values)


def _put_pool(session: Session, made: Pool, who: Who) -> None:
    session.run(_PUT_POOL, tuple(getattr(made, name) for name in Pool.__slots__))
    audit(session, who, "changed", "pool", made.id, {name: getattr(made, name) for name in Pool.__slots__})
