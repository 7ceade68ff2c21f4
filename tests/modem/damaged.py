"""Ways in which an answer comes damaged, and what may then be said of it. A helper, not a test; bench/damaged_answers
walks all of them.

The rule: each figure of a damaged answer is that of the whole one, or it is not known. What no reader can tell is not
tried: a last bare number that was cut, one digit put for another.
"""

import difflib
import functools
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modem import registration
from modem.decode import Decoded, decode
from modem.dialects import choose
from modem.final import read_final
from modem.simulator.tables import read_document

FOLDER = Path(__file__).parent
Readings = list[dict[str, Any]]
Lines = tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What was asked (None: nothing), and the lines that came."""

    source: str
    maker: str
    model: str
    command: str | None
    lines: Lines

    def read(self, lines: Lines | None = None) -> list[Decoded]:
        said = [*([self.command] if self.command else []), *(self.lines if lines is None else lines)]
        return list(decode("\n".join(said), choose(self.maker, self.model, "")))

    def readings(self, lines: Lines | None = None) -> Readings:
        return [reading for one in self.read(lines) for reading in one.json()["readings"]]


def answers() -> list[Answer]:
    """All that the tests know: of captures and of `readings`, each once."""
    found = {(one.maker, one.command, one.lines): one for one in (*_of_readings(), *_of_captures())}
    return [one for one in found.values() if one.lines]


def _of_readings() -> Iterator[Answer]:
    for path in sorted((FOLDER / "readings").glob("*.toml")):
        if path.stem == "logs":  # dressed by programs, which take their own way with broken lines
            continue
        document = read_document(path)
        for one in document["answer"]:
            said = {"maker": document["maker"], "model": document["model"]} | one
            yield Answer(path.stem, said["maker"], said["model"], said.get("cmd"), tuple(said["reply"]))


def _of_captures() -> Iterator[Answer]:
    for path in sorted((FOLDER / "captures").glob("*.toml")):
        document = read_document(path)
        maker, model = document.get("vendor", ""), document.get("model", "")
        for one in document.get("exchange", []):
            lines = tuple(line for line in re.split(r"[\r\n]+", one.get("reply", "")) if line)
            yield Answer(path.stem, maker, model, one.get("cmd"), lines)


# What may be said

_DERIVED = frozenset({"kind", "quality", "sms_only", "serving", "possibly_past", "problems", "pdu", "raw"})
_TEXTS = frozenset(
    {"manufacturer", "model", "firmware", "text", "pdu", "data", "raw", "values", "name", "apn", "operator", "sensors"}
)
"""Free text that was damaged stays text; it must be the damaged one, not that of another field."""
_LIKE = 0.5


def untrue(whole: Readings, damaged: Readings) -> list[str]:
    """Figures of `damaged` that no reading of `whole` has: "kind.field=value", against the reading that is nearest."""
    found: list[str] = []
    for reading in damaged:
        same = [_differences(reading, one) for one in whole if one["kind"] == reading["kind"]]
        worst = [f"={reading}"] if any(_leaves(reading)) else []
        found += [f"{reading['kind']}{one}" for one in min(same, key=len, default=worst)]
    return found


def _leaves(reading: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, value in reading.items() if name not in _DERIVED and value not in (None, [], ()))


_FAMILIES = {"edge": "gsm", "hspa": "umts", "nr_nsa": "nr"}
"""Less is said of the network, and nothing untrue: the word that says more was lost."""


def _differences(reading: Any, whole: Any, name: str = "") -> list[str]:
    if reading is None or reading == whole or name.rpartition(".")[2] in _DERIVED:
        return []
    if name.endswith(".technology") and reading == _FAMILIES.get(whole):
        return []
    if isinstance(reading, dict) and isinstance(whole, dict):
        return [one for key in reading for one in _differences(reading[key], whole.get(key), f"{name}.{key}")]
    if isinstance(reading, list) and isinstance(whole, list):
        nearest = (min((_differences(one, other, name) for other in whole), key=len, default=[f"{name}={one}"])
                   for one in reading)  # fmt: skip
        return [one for found in nearest for one in found]
    if name.rpartition(".")[2] in _TEXTS and _is_like(reading, whole):
        return []
    return [f"{name}={reading!r} for {whole!r}"]


def _is_like(one: Any, other: Any) -> bool:
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return one in other or other in one or difflib.SequenceMatcher(None, one, other).ratio() >= _LIKE


# Damage

Damage = Callable[[Lines, int, random.Random], Iterator[Lines]]
"""(lines, place of the line that is hit, chance) → the lines as they may come then, all of them."""
_NUMBER = re.compile(r"[0-9]+")
_SEPARATOR = re.compile(r"[,\"():]")
_HEAD = re.compile(r"\s*[+^%!*$#&]\w+\s?:\s*")
MASKS = ("X", "x", "*", ".", "#", "<redacted>")
GARBAGE = ("\ufffd", "\x00", "~", "\xff", "z", "OK", "$GPGGA", "\u0663")
_ECHOES = ("AT+CSQ", "AT", "at+creg?\r")
_STATE = re.compile(r'\+QENG: ?"servingcell","[A-Z]+"')
_OTHERS = ("+CSQ: 20,99", '+CREG: 1,"00C3","0000A1B2",7', "RDY")
"""News that runs into another line."""


def _with(lines: Lines, at: int, *instead: str) -> Lines:
    return (*lines[:at], *instead, *lines[at + 1 :])


def _body(line: str) -> int:
    """Where the fields begin: what is hit in front of them is no longer this answer."""
    match = _HEAD.match(line)
    return match.end() if match else 0


def cut(lines: Lines, at: int, _chance: random.Random) -> Iterator[Lines]:
    """Behind each character, but for the last bare field, which nobody can see cut; and all lines behind it lost."""
    line = lines[at]
    last = line.rfind(",") + 1
    is_bare = '"' not in line[last:] and ")" not in line[last:]
    for end in range(1, (last if is_bare else len(line) - 1) + 1):
        yield _with(lines, at, line[:end])


def cut_and_lost(lines: Lines, at: int, chance: random.Random) -> Iterator[Lines]:
    for kept in cut(lines, at, chance):
        yield kept[: at + 1]


def _commas(line: str) -> list[int]:
    return [place for place, char in enumerate(line) if char == "," and place > _body(line)]


def field_lost(lines: Lines, at: int, _chance: random.Random) -> Iterator[Lines]:
    start = _body(lines[at])
    fields = lines[at][start:].split(",")
    for place in range(len(fields) if len(fields) > 1 else 0):
        yield _with(lines, at, lines[at][:start] + ",".join([*fields[:place], *fields[place + 1 :]]))


def field_empty(lines: Lines, at: int, _chance: random.Random) -> Iterator[Lines]:
    start = _body(lines[at])
    fields = lines[at][start:].split(",")
    for place in range(len(fields)):
        yield _with(lines, at, lines[at][:start] + ",".join([*fields[:place], "", *fields[place + 1 :]]))


def word(lines: Lines, at: int, _chance: random.Random) -> Iterator[Lines]:
    """Letters where a number belongs."""
    for found in _NUMBER.finditer(lines[at], _body(lines[at])):
        for text in ("xyz", found[0][:-1] + "o"):
            yield _with(lines, at, lines[at][: found.start()] + text + lines[at][found.end() :])


def separator_lost(lines: Lines, at: int, _chance: random.Random) -> Iterator[Lines]:
    for found in _SEPARATOR.finditer(lines[at], _body(lines[at])):
        yield _with(lines, at, lines[at][: found.start()] + lines[at][found.end() :])


def comma_put_in(lines: Lines, at: int, _chance: random.Random) -> Iterator[Lines]:
    for place in _commas(lines[at]):
        yield _with(lines, at, lines[at][:place] + "," + lines[at][place:])


def masked(lines: Lines, at: int, chance: random.Random) -> Iterator[Lines]:
    """From 2 to all digits of a number, at its end, its middle or its front."""
    line = lines[at]
    for found in re.finditer(r"[0-9A-Fa-f]{4,}", line[_body(line) :]):
        start, end = (place + _body(line) for place in found.span())
        for mask in MASKS:
            size = chance.randint(2, end - start)
            first = chance.choice((start, end - size, start + (end - start - size) // 2))
            text = mask if len(mask) > 1 else mask * size
            yield _with(lines, at, line[:first] + text + line[first + size :])


def joined(lines: Lines, at: int, chance: random.Random) -> Iterator[Lines]:
    """Two lines run together: whole ones, one of them cut, or with a blank between them."""
    others = [*lines[at + 1 : at + 2], lines[at], *_OTHERS]
    for other in others:
        end = chance.randint(min(_body(lines[at]) + 1, len(lines[at])), len(lines[at]))
        for text in (lines[at] + other, f"{lines[at]} {other}", lines[at][:end] + other):
            yield (*lines[:at], text, *lines[at + 1 :])


def doubled(lines: Lines, at: int, chance: random.Random) -> Iterator[Lines]:
    yield _with(lines, at, lines[at], lines[at])
    yield _with(lines, at, lines[at][: chance.randint(1, len(lines[at]))], lines[at])


def echoed(lines: Lines, at: int, chance: random.Random) -> Iterator[Lines]:
    """A command's echo in the midst of a line, or the line broken there."""
    place = chance.randint(_body(lines[at]), len(lines[at]))
    for text in _ECHOES:
        yield _with(lines, at, lines[at][:place] + text + lines[at][place:])
        yield _with(lines, at, lines[at][:place] + text, lines[at][place:])
    yield _with(lines, at, lines[at][:place], lines[at][place:])


def garbage(lines: Lines, at: int, chance: random.Random) -> Iterator[Lines]:
    for text in GARBAGE:
        place = chance.randint(_body(lines[at]), len(lines[at]))
        yield _with(lines, at, lines[at][:place] + text + lines[at][place:])


def line_lost(lines: Lines, at: int, _chance: random.Random) -> Iterator[Lines]:
    yield _with(lines, at)


DAMAGES: tuple[Damage, ...] = (
    cut, cut_and_lost, field_lost, field_empty, word, separator_lost, comma_put_in, masked, joined, doubled, echoed,
    garbage, line_lost,
)  # fmt: skip


def hit(answer: Answer) -> Iterator[int]:
    """Places of the lines that can be damaged: all but the final one."""
    return (at for at, line in enumerate(answer.lines) if line.strip() and read_final(line) is None)


def says_another(answer: Answer, lines: Lines) -> bool:
    """Is what is left a whole line that really says something else? `+CEREG: 5` is news of a roaming modem."""
    return any(registration.is_unsolicited(line) for line in lines if line not in answer.lines)


@functools.cache
def truth(answer: Answer, damage: Damage) -> Readings:
    """What the whole answer says, the lines that were put to it, and a cell's state, which may stand alone."""
    states = [line[: found.end()] for line in answer.lines if (found := _STATE.match(line))]
    others = [
        reading for line in (*states, *(_OTHERS if damage is joined else ())) for reading in answer.readings((line,))
    ]
    return [*answer.readings(), *others]


def tries(answer: Answer, at: int, most: int) -> Iterator[tuple[Damage, Lines]]:
    """At most `most` of each damage to that line, the same in every run."""
    for damage in DAMAGES:
        chance = random.Random(f"{answer.command}{answer.lines}{at}{damage.__name__}")
        found = [lines for lines in damage(answer.lines, at, chance) if not says_another(answer, lines)]
        for lines in found if len(found) <= most else chance.sample(found, most):
            yield damage, lines


def name_of(answer: Answer, at: int) -> str:
    """Whose reader reads that line: its prefix, or the command."""
    match = _HEAD.match(answer.lines[at])
    return match[0].strip(" :") if match else (answer.command or "news")[:24]
