"""Which terminals somebody sees, and how the database is asked so that it tells no more.

Rules
- A sight narrows every list, count, page, export and answer in the database (`where`), never after paging.
- A terminal of which nobody said where it stands is seen only by those who see everything. So are spare cards.
- What somebody does not see, he cannot change either, and is told what one is told of a terminal that does not exist.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

_EVERYTHING = "*"
_GROUPS = ("merchants", "regions", "tags")


@dataclass(frozen=True, slots=True)
class Sight:
    """Which terminals somebody sees: all, or those whose merchant, region or one of whose tags is named here."""

    everything: bool = False
    merchants: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def sees(self, merchant: str, region: str, tags: Iterable[str]) -> bool:
        return self.everything or (
            merchant in self.merchants or region in self.regions or not self.tags.isdisjoint(tags)
        )

    def in_words(self) -> str:
        """For the trail and for lists of commands."""
        if self.everything:
            return "everything"
        groups = (("merchant", self.merchants), ("region", self.regions), ("tag", self.tags))
        return ", ".join(f"{kind} {name}" for kind, names in groups for name in sorted(names)) or "nothing"

    def to_text(self) -> str:
        """As it is kept: `*`, or a JSON object."""
        if self.everything:
            return _EVERYTHING
        return json.dumps({name: sorted(getattr(self, name)) for name in _GROUPS}, ensure_ascii=False)


EVERYTHING = Sight(everything=True)


def where(sight: Sight, terminal: str) -> tuple[str, dict[str, object]]:
    """An SQL condition, and its named values, that holds for the terminals of a sight; `terminal` is the column with
    the terminal's id, such as `t.id` or `w.terminal` (ours, never foreign text).
    """
    if sight.everything:
        return "1 = 1", {}
    named: dict[str, object] = {}
    tests = [
        f"seen.{column} IN ({', '.join(_name(named, value) for value in sorted(values))})"
        for column, values in (("merchant", sight.merchants), ("region", sight.regions))
        if values
    ]
    for tag in sorted(sight.tags):
        # tags are kept as a JSON list: its first element, or one after a comma; a quote inside a tag has a backslash
        quoted = json.dumps(tag, ensure_ascii=False)
        first, later = _name(named, f"[{quoted}"), _name(named, f", {quoted}")
        tests.append(f"strpos(seen.tags, {first}) > 0 OR strpos(seen.tags, {later}) > 0")
    if not tests:
        return "1 = 0", {}
    either = " OR ".join(tests)
    return f"EXISTS (SELECT 1 FROM assets seen WHERE seen.terminal = {terminal} AND ({either}))", named  # noqa: S608


def read_sight(text: str) -> Sight:
    """What `to_text` wrote. Raises ValueError."""
    if text == _EVERYTHING:
        return EVERYTHING
    value = json.loads(text)
    merchants, regions, tags = (frozenset(map(str, value[name])) for name in _GROUPS)
    return Sight(merchants=merchants, regions=regions, tags=tags)


def _name(named: dict[str, object], value: str) -> str:
    name = f"seen_{len(named)}"
    named[name] = value
    return f":{name}"
