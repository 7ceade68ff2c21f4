"""The new end of a renewal that was proved before anybody said it: by bytes that flow, by a balance, right after the
old end. It is filled in when terminal or carrier tell it, within two weeks.
"""

from functools import partial

from central.registry import Who, audit
from central.renewals import records
from central.renewals.records import SELECT, Renewal
from central.store.core import SqlStore
from central.store.database import Session

_OPEN = f"""{SELECT} WHERE r.state = 'proved' AND r.why = 'term' AND r.new_end IS NULL AND r.settled_at > ?
AND (r.terminal, r.id) > (?, ?) ORDER BY r.terminal, r.id LIMIT ?"""
_TELL = """UPDATE renewals SET new_end = ?, version = version + 1
WHERE terminal = ? AND id = ? AND version = ? AND new_end IS NULL"""
CARD = """UPDATE cards SET expires_on = ? WHERE iccid = ? AND (expires_on IS NULL OR expires_on < ?)"""
PAGE = 500
LOOKED_AFTER_S = 14 * 86_400
"""After the proof; a terminal tells its plan at least once a day."""


async def without_end(store: SqlStore, now: int, after: tuple[str, str]) -> list[Renewal]:
    """The next page of proved renewals whose new end nobody said yet."""
    rows = await store.read(_OPEN, (now - LOOKED_AFTER_S, *after, PAGE))
    return [records.renewal(row) for row in rows]


async def tell(store: SqlStore, one: Renewal, end: str, now: int, who: str) -> bool:
    """Keep it, with the card; False where somebody else was faster."""
    return await store.write(partial(_tell, one=one, end=end, now=now, who=who))


def _tell(session: Session, one: Renewal, end: str, now: int, who: str) -> bool:
    if session.run(_TELL, (end, one.terminal, one.id, one.version)) != 1:
        return False
    session.run(CARD, (end, one.iccid, end))
    audit(session, Who(who, now), "new_end", "renewal", one.id, records.detail(new_end=end))
    return True
