"""The roster: one narrow row for each terminal in use, by which the console searches, sorts and counts.

Reports never touch it: receiving stays as cheap as it was. It is brought up to date from what was heard or changed
since the last time, now and then by a chore, in a small fleet whenever somebody looks. All of it can be told anew from
the other tables; a row that is a few seconds old sorts a terminal, and what is then shown of it is read fresh.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from central import fleet
from central.fleet import Heard, Rules
from central.store.base import StoreUnavailable
from central.store.core import SqlStore
from central.store.database import Row, Session
from central.text import printable
from central.view import read_object

SMALL = 2000
"""Terminals up to which the roster is brought up to date at every look."""
STALE_S = 60
"""A look at a larger fleet does it too when no chore did for so long."""
OVERLAP_S = 10
"""Looked at again: a report is stamped before its commit, and clocks of several centres differ a little."""
PULSE_S = 30
"""So often it is noted how far the roster has come when nothing changed: a look writes nothing then."""
NO_END = "9999-12-31"
_CHUNK = 500
_MAX_TEXT = 200
_MAX_COUNT = 2**53

COLUMNS = (
    "terminal", "name", "merchant", "shop", "region", "tags", "heard", "late_at", "silent_at", "verdict", "severity",
    "changed_at", "iccid", "operator", "cell", "technology", "rsrp", "used", "quota", "percent", "expires_on", "seek",
)  # fmt: skip
_PULSE = "SELECT at, rules FROM roster_pulse WHERE id = 1"
_BEAT = """INSERT INTO roster_pulse (id, at, rules) VALUES (1, ?, ?)
ON CONFLICT (id) DO UPDATE SET at = excluded.at, rules = excluded.rules"""
_MOVED = """SELECT terminal FROM terminal_state WHERE last_heard >= :since
UNION SELECT id FROM terminals WHERE created_at >= :since OR revoked_at >= :since OR rotated_at >= :since
UNION SELECT object FROM audit WHERE kind = 'terminal' AND at >= :since
UNION SELECT t.id FROM terminals t WHERE t.revoked_at IS NULL
AND NOT EXISTS (SELECT 1 FROM roster r WHERE r.terminal = t.id)"""
_EVERYBODY = "SELECT id FROM terminals UNION SELECT terminal FROM roster"
_LIVE = f"""SELECT t.id, t.name, t.revoked_at, a.merchant, a.shop, a.region, a.tags, a.imei, s.last_heard, s.next_due,
s.interval_s, s.verdict, s.severity, s.change_code, s.change_since, s.iccid, s.heartbeat, c.expires_on, c.iccid,
{", ".join(f"r.{name}" for name in COLUMNS)} FROM terminals t LEFT JOIN assets a ON a.terminal = t.id
LEFT JOIN terminal_state s ON s.terminal = t.id LEFT JOIN cards c ON c.terminal = t.id AND c.state = 'in_use'
LEFT JOIN roster r ON r.terminal = t.id WHERE t.id IN """  # noqa: S608 - ours
_OURS = 19
"""Columns of _LIVE before the roster's own."""
_PUT = f"""INSERT INTO roster ({", ".join(COLUMNS)}) VALUES ({", ".join("?" * len(COLUMNS))})
ON CONFLICT (terminal) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])}"""  # noqa: S608
_DROP = "DELETE FROM roster WHERE terminal = ?"

log = logging.getLogger("central.roster")


@dataclass(slots=True)
class Roster:
    store: SqlStore
    rules: Rules
    wall: Callable[[], float]
    size: int = 0
    """Rows, when last counted."""
    _done_at: float = field(default=float("-inf"))

    async def look(self) -> None:
        """Before something is shown. A database that cannot be written now shows what it has."""
        if self.size > SMALL and self.wall() - self._done_at < STALE_S:
            return
        try:
            await self.freshen()
        except StoreUnavailable as error:
            log.warning("the roster is not brought up to date: %(why)s", {"why": printable(str(error))})

    async def freshen(self) -> int:
        """How many rows changed. Raises StoreUnavailable."""
        now, rules = int(self.wall()), repr(self.rules)
        pulse = await self.store.read(_PULSE)
        known = bool(pulse) and pulse[0][1] == rules
        if known:
            names = await self.store.read(_MOVED, {"since": min(pulse[0][0], now) - OVERLAP_S})
        else:
            names = await self.store.read(_EVERYBODY)
        changed = 0
        for first in range(0, len(names), _CHUNK):
            changed += await self._chunk([row[0] for row in names[first : first + _CHUNK]])
        if changed or not known or now - pulse[0][0] >= PULSE_S:
            await self.store.write(partial(_run, statement=_BEAT, values=(now, rules)))
        self.size = (await self.store.read("SELECT count(*) FROM roster"))[0][0]
        self._done_at = self.wall()
        return changed

    async def _chunk(self, names: Sequence[str]) -> int:
        found = await self.store.read(f"{_LIVE} ({', '.join('?' * len(names))})", tuple(names))
        known = {row[0] for row in found}
        gone = [row[0] for row in found if row[2] is not None and row[_OURS] is not None]
        gone += [name for name in names if name not in known]
        rows = [now for row in found if row[2] is None and (now := self._row(row)) != tuple(row[_OURS:])]
        if gone or rows:  # in order, so that two centres that do it at once wait for each other instead of for ever
            await self.store.write(partial(_apply, rows=sorted(rows, key=_name), gone=sorted(gone)))
        return len(rows) + len(gone)

    def _row(self, row: Row) -> tuple[object, ...]:
        name, _, merchant, shop, region, tags, imei, *state, beat, card_ends, card = row[1:_OURS]
        last_heard, next_due, interval, verdict, severity, change_code, change_since, iccid = state
        heard = Heard(last_heard, next_due, interval)
        told = read_object(beat) if beat else {}
        used, quota = _count(told.get("used_bytes")), _count(told.get("quota_bytes"))
        places = (merchant or "", shop or "", region or "")
        imeis = (imei or "", _text(told.get("imei")))
        seek = " ".join(dict.fromkeys((row[0], name, iccid or "", card or "", *imeis, *places)))
        return (
            row[0], name, *places, tags or "[]", last_heard or 0, fleet.late_at(heard, self.rules) or 0.0,
            fleet.silent_at(heard, self.rules) or 0.0, verdict or change_code or "", severity or "",
            change_since if change_since is not None and change_code == (verdict or change_code) else 0,
            iccid or "", _text(told.get("operator")) or _text(told.get("plmn")), _text(told.get("cell")),
            _text(told.get("technology")), _signal(told.get("rsrp_dbm")), used, quota,
            min(100 * used // quota, 1000) if used >= 0 and quota > 0 else -1,
            _day(told.get("expires_on")) or _day(card_ends) or NO_END, seek.casefold(),
        )  # fmt: skip


def _name(row: tuple[object, ...]) -> str:
    return str(row[0])


def _apply(session: Session, rows: Sequence[tuple[object, ...]], gone: Iterable[str]) -> None:
    if rows:
        session.many(_PUT, rows)
    for name in gone:
        session.run(_DROP, (name,))


def _run(session: Session, statement: str, values: tuple[object, ...]) -> int:
    return session.run(statement, values)


def _text(value: object) -> str:
    return value.replace("\0", "")[:_MAX_TEXT] if isinstance(value, str) else ""


def _count(value: object) -> int:
    known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MAX_COUNT
    return value if known and isinstance(value, int) else -1


def _signal(value: Any) -> int:
    """RSRP in whole dBm; 0 = not known."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and -200 <= value < 0
    return round(value) if known else 0


def _day(value: object) -> str:
    text = value if isinstance(value, str) else ""
    shape = len(text) == 10 and text.isascii() and text[4] == text[7] == "-" and text.replace("-", "").isdigit()
    return text if shape else ""
