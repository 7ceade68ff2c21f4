"""What happened, said in words no table of phrases holds: a thing and what became of it in one sentence. Pure.

The tables of `signal_words` know whole phrases and are asked first. Where they found nothing at all, the roots of a
thing (line, data, plan, payment) and of a state (cut, spent, ended, …) that stand near each other say the same: no
language has so many ways to put them that their distance would not tell. The doubts of `signals` (if, will, to avoid,
asked, sold) apply to what is found here as well.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Literal, Protocol

from agent.plan.messages import roots_europe, roots_scripts, roots_world
from agent.plan.messages.layout import Layout
from agent.plan.messages.model import Kind
from agent.plan.messages.roots import STATES, THINGS, ZH_STATES, ZH_THINGS, State, Thing
from modem.frozen import dataclass

Meant = Kind | Literal["exhausted", "expiring"]
REACH, REACH_ZH = 48, 16
"""Characters between a thing and its state: longer than any object between them, shorter than two statements."""

MEANS: Mapping[tuple[Thing, State], Meant] = {
    ("line", "cut"): "suspended",
    ("data", "cut"): "suspended",
    ("data", "spent"): "exhausted",
    ("plan", "ended"): "expiring",
    ("line", "ended"): "expiring",
    ("plan", "changed"): "plan_change",
    ("plan", "failed"): "topup_failed",
    ("paying", "failed"): "topup_failed",
    ("ordering", "failed"): "topup_failed",
    ("paying", "done"): "topup_ok",
    ("paying", "owed"): "arrears",
    ("money", "owed"): "arrears",
    ("money", "spent"): "arrears",
    ("money", "filled"): "topup_ok",
    ("line", "filled"): "topup_ok",
    ("bill", "owed"): "arrears",
    ("ordering", "done"): "plan_change",
    ("ordering", "changed"): "plan_change",
}


class Hit(Protocol):
    """What a signal is judged by: a match of a pattern, or a thing and its state."""

    def start(self) -> int: ...
    def end(self) -> int: ...
    def group(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
    """As a match of a pattern: where a thing and its state stand."""

    first: int
    last: int
    text: str

    def start(self) -> int:
        return self.first

    def end(self) -> int:
        return self.last

    def group(self) -> str:
        return self.text


def composed(plain: str, where: Layout) -> Iterator[tuple[Meant, Said]]:
    """Every thing with a state near it in its sentence; each meaning's in the order of the text."""
    tables = [(_patterns(), REACH), (_patterns_zh(), REACH_ZH), (_patterns_scripts(), REACH)]
    tables += [(_patterns_world(), REACH)] if roots_world.SPOKEN.search(plain) else []
    for (thing, state), kind in MEANS.items():
        for patterns, reach in tables:
            if thing not in patterns or state not in patterns:
                continue
            things = _found(patterns[thing], plain)
            for hit in _found(patterns[state], plain) if things else ():
                near = [one for one in things if 0 <= _gap(one, hit) <= reach]
                near = [one for one in near if where.sentence(one.start()) == where.sentence(hit.start())]
                if near:
                    one = min(near, key=partial(_gap, hit))
                    start, end = min(one.start(), hit.start()), max(one.end(), hit.end())
                    yield kind, Said(start, end, plain[start:end])


def behind(thing: Thing, plain: str, start: int, end: int) -> int | None:
    """Where the last word for `thing` between `start` and `end` ends; None where there is none."""
    ends = [hit.end() for hit in _patterns()[thing].finditer(plain, start, end)]
    ends += [hit.end() for hit in _patterns_zh()[thing].finditer(plain, start, end)]
    return max(ends, default=None)


@lru_cache(maxsize=128)
def _found(words: re.Pattern[str], plain: str) -> tuple[re.Match[str], ...]:
    """Asked for the same text by every pair and by every question about it: reading one message takes a third less."""
    return tuple(words.finditer(plain))


def _gap(one: re.Match[str], other: re.Match[str]) -> int:
    return max(one.start() - other.end(), other.start() - one.end())


_Patterns = Mapping[Thing | State, re.Pattern[str]]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    first: dict[Thing | State, str] = {name: table for one in (THINGS, STATES) for name, table in one.items()}
    europe: dict[Thing | State, str] = {
        name: table for one in (roots_europe.THINGS, roots_europe.STATES) for name, table in one.items()
    }
    return {name: _pattern(f"{first.get(name, '')} {europe.get(name, '')}") for name in (*first, *europe)}


@lru_cache(maxsize=1)
def _patterns_zh() -> _Patterns:
    return {name: re.compile(text) for name, text in (*ZH_THINGS.items(), *ZH_STATES.items())}


@lru_cache(maxsize=1)
def _patterns_scripts() -> _Patterns:
    return {name: re.compile(text) for name, text in (*roots_scripts.THINGS.items(), *roots_scripts.STATES.items())}


@lru_cache(maxsize=1)
def _patterns_world() -> _Patterns:
    return {name: re.compile(text) for name, text in (*roots_world.THINGS.items(), *roots_world.STATES.items())}


def _pattern(table: str) -> re.Pattern[str]:
    return re.compile("|".join(map(_piece, sorted(set(table.split()), key=len, reverse=True))))


def _piece(entry: str) -> str:
    body = re.escape(entry.strip("*.").replace("_", " ").rstrip()).replace(r"\ ", r"\s")
    before = r"[^\W\d_]{0,14}" if entry.startswith("*") else r"(?<![^\W\d_])"
    return before + body + (r"(?![^\W\d_])" if entry.endswith(".") else r"[^\W\d_]{0,12}")
