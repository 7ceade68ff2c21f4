"""Which lines of an answer said something: the readings of lines that belong together, and the places of the others.

Rules: a line counts as read only if the readings are poorer without it, or hold what it says alone. A line that makes
the readings poorer (damaged, and in front of the one that a reader looks for) is left out, and the others are read
without it. So no line is lost, and none hides another. The work grows with the lines, not with their square: where a
reader takes a line and what hangs on it by itself, only those are compared, and else WINDOW lines at a time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields

from modem.fields import prefix_of
from modem.replies import MAX_LINES
from modem.values import Reading, as_json

Readings = tuple[Reading, ...]
Read = Callable[[Sequence[str]], Readings]
WINDOW = 64
ROUNDS = 8
"""So often lines are left out, as many at a time as there are parts."""


def shared_out(read: Read, lines: Sequence[str]) -> tuple[Readings, list[int]]:
    """(readings, places of lines that said nothing); readers look at MAX_LINES lines at most."""
    if len(lines) == 1:
        alone = read(lines)
        return alone, [] if alone else [0]
    readings: list[Reading] = []
    missed: list[int] = []
    for start, part in _cut(lines, MAX_LINES):
        found, silent = _of_part(read, part)
        readings += found
        missed += [start + place for place in silent]
    return tuple(readings), missed


def _of_part(read: Read, lines: Sequence[str]) -> tuple[Readings, list[int]]:
    places = list(range(len(lines)))
    found, silent, harmful = _weighed(read, lines)
    for _ in range(ROUNDS):
        out = set(harmful) or _hiding(read, [lines[place] for place in places], silent, found)
        if not out:
            break
        places = [place for at, place in enumerate(places) if at not in out]
        found, silent, harmful = _weighed(read, [lines[place] for place in places])
    heard = {place for at, place in enumerate(places) if at not in silent}
    return found, [place for place in range(len(lines)) if place not in heard]


def _hiding(read: Read, lines: Sequence[str], silent: set[int], found: Readings) -> set[int]:
    """The silent lines, if the readings are richer without all of them."""
    rest = [line for at, line in enumerate(lines) if at not in silent]
    return silent if silent and _told(read(rest)) > _told(found) else set()


def _weighed(read: Read, lines: Sequence[str]) -> tuple[Readings, set[int], list[int]]:
    """(readings, places that said nothing, places that are better left out)."""
    found = read(lines)
    silent: set[int] = set()
    harmful: list[int] = []
    for start, part, whole in _parts(read, lines, found):
        gains = _gains(read, part, whole)
        is_heading = [
            bool(found) and line.rstrip().endswith(":") for line in part
        ]  # of what was read: no reading itself
        silent |= {start + place for place, gain in enumerate(gains) if gain <= 0 and not is_heading[place]}
        if min(gains) < 0:
            harmful.append(start + max(place for place, gain in enumerate(gains) if gain == min(gains)))
        elif not whole and (end := _readable(read, part)):
            harmful += range(start + end, start + len(part))
    return found, silent, harmful


def _parts(read: Read, lines: Sequence[str], found: Readings) -> Iterator[tuple[int, Sequence[str], Readings]]:
    """(place, lines, their readings) of what is compared with itself only."""
    blocks = [(start, block, read(block)) for start, block in _blocks(lines)]
    if sum((readings for _, _, readings in blocks), ()) != found:
        blocks = [(0, lines, found)]
    for start, block, readings in blocks:
        for more, part in _cut(block, WINDOW):
            yield start + more, part, readings if len(part) == len(block) else read(part)


def _gains(read: Read, lines: Sequence[str], whole: Readings) -> list[int]:
    """What the readings owe to each line: nothing if they are the same without it, less if they are poorer with it.

    Where all that the lines say alone is in the readings, none of these lines can be in another's way.
    """
    alone = [read([line]) for line in lines]
    is_held = [all(any(_holds(one, reading) for one in whole) for reading in readings) for readings in alone]
    return [
        1
        if alone[place] and all(is_held)
        else _gain(
            whole, read([*lines[:place], *lines[place + 1 :]]), is_told=bool(alone[place]), is_held=is_held[place]
        )
        for place in range(len(lines))
    ]


def _gain(whole: Readings, without: Readings, *, is_told: bool, is_held: bool) -> int:
    if without != whole:
        return min(_told(whole) - _told(without), 0) or 1
    return int(is_told and (is_held or not whole))


def _holds(one: Reading, other: Reading) -> bool:
    """Does `one`, of several lines perhaps, say what `other` says?"""
    return type(one) is type(other) and all(
        (mine := getattr(one, field.name)) == (its := getattr(other, field.name))
        or (isinstance(its, tuple) and all(item in mine for item in its))
        for field in fields(other)
    )


def _readable(read: Read, lines: Sequence[str]) -> int:
    """Of lines that say nothing together: how many of them, from the first one on, do say something."""
    return next((end for end in range(len(lines) - 1, 1, -1) if read(lines[:end])), 0)


def _told(readings: Readings) -> int:
    return sum(_leaves(as_json(reading)) for reading in readings)


def _leaves(value: object) -> int:
    """How much a reading knows."""
    if isinstance(value, Mapping):
        return sum(map(_leaves, value.values()))
    return sum(map(_leaves, value)) if isinstance(value, list | tuple) else value is not None


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """(place, lines): a line with a name, and those without one behind it."""
    start = 0
    for place in range(1, len(lines) + 1):
        if place == len(lines) or prefix_of(lines[place]) is not None:
            yield start, lines[start:place]
            start = place


def _cut(lines: Sequence[str], most: int) -> Iterator[tuple[int, Sequence[str]]]:
    """(place, lines), `most` of them at a time, and cut in front of a line with a name if there is one."""
    start = 0
    while start < len(lines):
        end = start + most
        if end < len(lines):
            end = next((at for at in range(end, start, -1) if prefix_of(lines[at]) is not None), end)
        yield start, lines[start:end]
        start = end
