"""How a terminal's agent itself is, by day, from what its daily reports say of it (`self`); pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from central import view

_MOST = 2**53
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Health:
    """At the end of a day, and what came to it since the report before. None: not told."""

    day: str
    memory_kb: int | None
    threads: int | None
    files: int | None
    waiting: int | None
    """Records that the centre did not have."""
    exchanges: int | None
    """With the modem."""
    timeouts: int | None
    restarts: int | None
    """Of the modem's line."""
    steps: Mapping[str, int]
    """Recovery steps made: rung → times."""
    cured: int


def of_days(rows: Iterable[tuple[int, str]]) -> list[Health]:
    """Of (at, body of a `daily`), newest first; days of which nothing is told are left out."""
    found: dict[str, Health] = {}
    for _, text in rows:
        body = view.read_object(text)
        day, told = body.get("day"), _table(body.get("self"))
        if isinstance(day, str) and told and day not in found:
            found[day] = _health(day[:10], told)
    return list(found.values())


def _health(day: str, told: Json) -> Health:
    grown = _table(told.get("day"))
    since, line = grown or told, _table((grown or told).get("at"))
    steps = {name[:40]: count for name, value in _table(since.get("steps")).items() if (count := _count(value))}
    cures = sum(_count(value) or 0 for value in _table(since.get("cured")).values())
    exchanges, expiries, restarts = (
        _count(line.get(name, 0)) if "at" in told else None for name in ("exchanges", "expiries", "restarts")
    )
    return Health(
        day, _count(told.get("memory_kb")), _count(told.get("threads")), _count(told.get("files")),
        _count(_table(told.get("queue")).get("records")), exchanges, expiries,
        restarts, steps, cures,
    )  # fmt: skip


def _table(value: object) -> Json:
    return {str(key): one for key, one in value.items()} if isinstance(value, dict) else {}


def _count(value: object) -> int | None:
    known = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST
    return value if known and isinstance(value, int) else None
