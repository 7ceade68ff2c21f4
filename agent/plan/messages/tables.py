"""A table: a line of headings ("总量 已用 剩余"), below it lines with as many amounts. Pure."""

import re
from collections.abc import Iterator, Sequence

from agent.plan.messages.grammar import Amount
from agent.plan.messages.words import Role, labels

_HEADINGS = frozenset({Role.TOTAL, Role.USED, Role.LEFT})


def columns(plain: str, amounts: Sequence[Amount]) -> dict[int, Role]:
    """Where each amount of bytes in a table's lines starts, and the role of its column."""
    told: dict[int, Role] = {}
    heading: list[Role] = []
    for start, end in _lines(plain):
        inside = [one for one in amounts if start <= one.start < end and one.bytes is not None]
        if not inside:
            roles = [one.role for one in labels(plain[start:end]) if one.role in _HEADINGS]
            if len(roles) > 1 and len(set(roles)) == len(roles):
                heading = [] if _PROSE.search(plain, start, end) else roles
        elif len(inside) == len(heading):
            told.update(zip((one.start for one in inside), heading, strict=True))
    return told


_PROSE = re.compile(r"。|\d\s?元|,[^,\n]{12,}")
""" "您当前余额42.66元。截至13日18时,您各项套餐使用情况如下:": words for columns, and no heading."""


def _lines(plain: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in plain.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)
