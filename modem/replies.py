"""From a reader of one line to a parse function of a whole reply.

Parse functions are pure, take the whole reply, never raise, and give nothing for what they cannot read.
"""

from collections.abc import Callable

from modem.dialect import Parse
from modem.events import Reply
from modem.fields import body_of, prefix_of
from modem.values import Capability, Reading

LineReader = Callable[[str], Reading | tuple[Reading, ...] | None]
MAX_LINES = 256
"""Of one reply that are looked at; no answer of ours is longer."""


def each(reader: LineReader, *prefixes: str) -> Parse:
    """A parse function that reads line after line those with one of `prefixes` (none given: every line)."""

    def parse(reply: Reply) -> tuple[Reading, ...]:
        found: list[Reading] = []
        for line in lines_of(reply, *prefixes):
            result = reader(line)
            found.extend(result if isinstance(result, tuple) else [result] if result is not None else [])
        return tuple(found)

    return parse


def lines_of(reply: Reply, *prefixes: str) -> tuple[str, ...]:
    """The lines of a reply that have one of the prefixes; all of them when no prefix is given.

    A line that ends with a comma goes on in the next one without a prefix (L860, whose long lines are broken).
    """
    lines = reply.lines[:MAX_LINES]
    if not prefixes:
        return lines
    found: list[str] = []
    is_open = False
    for line in lines:
        prefix = prefix_of(line)
        if prefix in prefixes:
            found.append(line)
        elif is_open and prefix is None:
            found[-1] += line
        is_open = line.endswith(",") and (prefix in prefixes or (is_open and prefix is None))
    return tuple(found)


def any_of(*parsers: Parse) -> Parse:
    """The readings of all `parsers`, for compound commands."""
    return lambda reply: tuple(reading for parser in parsers for reading in parser(reply))


def capability(command: str) -> Parse:
    """An answer to a test command: what the modem listed, as it listed it."""

    def parse(reply: Reply) -> tuple[Reading, ...]:
        return tuple(Capability(command, (body,)) for line in reply.lines[:MAX_LINES] if (body := body_of(line)))

    return parse
