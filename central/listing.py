"""Terminals as the console lists them: searched, filtered, sorted, paged by key, counted; always within a sight.

Statements are put together from pieces of ours; every value that came from outside goes in by name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, get_args

from central.accounts.sight import Sight, where
from central.roster import NO_END
from central.store.core import SqlStore
from central.store.database import Row

Status = Literal["up", "late", "silent", "closed", "never"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""As central.fleet says; `closed`: not heard because the shop is at rest (central.liveness)."""
Ends = Literal["overdue", "7", "14", "30", "later", "unknown"]
ENDS: tuple[Ends, ...] = ("overdue", "7", "14", "30", "later", "unknown")
"""The renewal ladder: overdue, 0–7, 8–14, 15–30 days, later."""
SORTS: Mapping[str, tuple[str, bool]] = {
    "terminal": ("r.terminal", False),
    "name": ("r.name", False),
    "shop": ("r.shop", False),
    "status": ("CASE WHEN r.heard = 0 THEN 9e15 ELSE r.late_at END", False),
    "verdict": ("CASE r.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 WHEN 'info' THEN 2 ELSE 3 END", False),
    "heard": ("r.heard", True),
    "operator": ("r.operator", False),
    "signal": ("r.rsrp", False),
    "used": ("r.percent", True),
    "ends": ("r.expires_on", False),
}
"""Key → expression, and whether it begins with the largest. By status: the longest overdue first, the unheard last."""
NUMBERS = frozenset({"status", "verdict", "heard", "signal", "used"})
STATUS = """CASE WHEN r.heard = 0 THEN 'never' WHEN :now <= r.late_at THEN 'up'
WHEN EXISTS (SELECT 1 FROM watch w WHERE w.terminal = r.terminal AND w.state = 'closed') THEN 'closed'
WHEN :now <= r.silent_at THEN 'late' ELSE 'silent' END"""
AWAY = "r.late_at < :now"
"""Of whom STATUS says anything but `up`."""
MAX_LIMIT = 1000
_NEXT = """WITH RECURSIVE v(x) AS (SELECT min({column}) FROM roster WHERE {column} > ''
UNION ALL SELECT (SELECT min({column}) FROM roster WHERE {column} > v.x) FROM v WHERE v.x IS NOT NULL)
SELECT x FROM v WHERE x IS NOT NULL ORDER BY x LIMIT :most"""
"""From one to the next in the index: a hundredth of the time of a look at every row."""

_RESTS = "EXISTS (SELECT 1 FROM watch w WHERE w.terminal = r.terminal AND w.state = 'closed')"
_STATE: Mapping[Status, str] = {
    "never": "r.heard = 0",
    "up": "r.heard > 0 AND r.late_at >= :now",
    "closed": f"r.heard > 0 AND r.late_at < :now AND {_RESTS}",
    "late": f"r.heard > 0 AND r.late_at < :now AND r.silent_at >= :now AND NOT {_RESTS}",
    "silent": f"r.heard > 0 AND r.silent_at < :now AND NOT {_RESTS}",
}
"""STATUS as conditions, which are quicker than to tell everybody's."""

_MISSING = """EXISTS (SELECT 1 FROM incident_members m
WHERE m.incident = :incident AND m.terminal = r.terminal AND m.left_at IS NULL)"""
_PLACES = ("merchant", "shop", "region", "operator")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" and None ask for nothing."""

    q: str = ""
    """Part of a terminal's number, name, ICCID, IMEI, merchant, shop or region."""
    status: Status | None = None
    verdict: str = ""
    """A code, or "any": whatever is not well."""
    merchant: str = ""
    shop: str = ""
    region: str = ""
    operator: str = ""
    tag: str = ""
    incident: str = ""
    """Who is missing in it now."""
    ends: Ends | None = None
    sort: str = "terminal"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page begins: after this terminal, which has this value of what is sorted by."""

    value: str
    terminal: str


@dataclass(frozen=True, slots=True)
class Listing:
    store: SqlStore
    sight: Sight
    now: float
    today: date

    async def page(self, wanted: Wanted, after: Key | None = None, limit: int = 100) -> list[tuple[str, Key]]:
        """Terminals in order, each with the key that the page after it begins with."""
        expression, _ = SORTS[wanted.sort]
        tests, values = self._tests(wanted)
        if after is not None:
            sign = "<" if wanted.descending else ">"
            tests.append(f"({expression}, r.terminal) {sign} (:after_value, :after)")
            values |= {"after": after.terminal, "after_value": _value(wanted.sort, after.value)}
        way = "DESC" if wanted.descending else "ASC"
        statement = f"""SELECT r.terminal, {expression} FROM roster r WHERE {" AND ".join(tests)}
ORDER BY {expression} {way}, r.terminal {way} LIMIT :limit"""  # noqa: S608 - ours
        rows = await self.store.read(statement, self._named(statement, values | {"limit": min(limit, MAX_LIMIT)}))
        return [(row[0], Key(str(row[1]), row[0])) for row in rows]

    async def count(self, wanted: Wanted) -> int:
        tests, values = self._tests(wanted)
        statement = f"SELECT count(*) FROM roster r WHERE {' AND '.join(tests)}"  # noqa: S608 - ours
        return int((await self.store.read(statement, self._named(statement, values)))[0][0])

    async def by_status(self, wanted: Wanted | None = None) -> dict[Status, int]:
        """How many of each, whatever status is asked for. Who is up is who is left, nearly everybody, where they can be
        counted without a look at each.
        """
        wanted = replace(wanted or Wanted(), status=None)
        tests, values = self._tests(wanted)
        if apart := not (wanted.q or wanted.tag):
            tests.append(AWAY)
        statement = f"SELECT {STATUS}, count(*) FROM roster r WHERE {' AND '.join(tests)} GROUP BY 1"  # noqa: S608
        counted: dict[str, int] = dict(await self.rows(statement, values))
        if apart:
            counted["up"] = max(0, await self.count(wanted) - sum(counted.values()))
        return {status: counted.get(status, 0) for status in STATUSES}

    async def choices(self, column: Literal["merchant", "region", "operator", "verdict"], most: int = 200) -> list[str]:
        """The values there are, for a filter to choose from."""
        if self.sight.everything:
            return [str(row[0]) for row in await self.store.read(_NEXT.format(column=column), {"most": most})]
        tests, values = self._tests(Wanted())
        statement = f"""SELECT r.{column} FROM roster r WHERE {" AND ".join(tests)} AND r.{column} <> ''
GROUP BY r.{column} ORDER BY r.{column} LIMIT :most"""  # noqa: S608 - ours
        return [str(row[0]) for row in await self.rows(statement, values | {"most": most})]

    async def rows(self, statement: str, values: Mapping[str, object] | None = None) -> Sequence[Row]:
        """A statement about `roster r` that `seen()` narrows; the values it does not name are left out."""
        return await self.store.read(statement, self._named(statement, values or {}))

    def seen(self) -> tuple[str, dict[str, object]]:
        """The condition that keeps a statement within the sight, and its values."""
        return self.seen_by("r.terminal")

    def seen_by(self, column: str) -> tuple[str, dict[str, object]]:
        """The same for another table's column of terminals."""
        return where(self.sight, column)

    def _tests(self, wanted: Wanted) -> tuple[list[str], dict[str, object]]:
        seen, values = self.seen()
        tests = [seen]
        if text := " ".join(wanted.q.casefold().split()):
            tests += [f"strpos(r.seek, :q{place}) > 0" for place, _ in enumerate(text.split()[:6])]
            values |= {f"q{place}": word for place, word in enumerate(text.split()[:6])}
        if wanted.status:
            tests.append(_STATE[wanted.status])
        if wanted.verdict == "any":
            tests.append("r.verdict NOT IN ('ok', '')")
        elif wanted.verdict:
            tests.append("r.verdict = :verdict")
        tests += [f"r.{name} = :{name}" for name in _PLACES if getattr(wanted, name)]
        if wanted.tag:
            tagged, named = where(Sight(tags=frozenset({wanted.tag})), "r.terminal")
            tests.append(tagged.replace(":seen_", ":tag_"))
            values |= {name.replace("seen_", "tag_"): value for name, value in named.items()}
        if wanted.incident:
            tests.append(_MISSING)
        if wanted.ends:
            tests.append(_ENDS[wanted.ends])
        values |= {"verdict": wanted.verdict, "incident": wanted.incident}
        return tests, values | {name: getattr(wanted, name) for name in _PLACES}

    def _named(self, statement: str, values: Mapping[str, object]) -> dict[str, object]:
        days = {f"in_{number}": (self.today + timedelta(days=number)).isoformat() for number in (0, 7, 14, 30)}
        known = days | {"now": self.now, "no_end": NO_END} | dict(values)
        return {name: value for name, value in known.items() if f":{name}" in statement}


_ENDS: Mapping[Ends, str] = {
    "overdue": "r.expires_on < :in_0",
    "7": "r.expires_on >= :in_0 AND r.expires_on <= :in_7",
    "14": "r.expires_on > :in_7 AND r.expires_on <= :in_14",
    "30": "r.expires_on > :in_14 AND r.expires_on <= :in_30",
    "later": "r.expires_on > :in_30 AND r.expires_on < :no_end",
    "unknown": "r.expires_on = :no_end",
}


def _value(sort: str, text: str) -> float | str:
    """What a link carried, as the database compares it; nonsense is before everything."""
    if sort not in NUMBERS:
        return text
    try:
        return float(text)
    except ValueError:
        return -1e300
