"""Which reports are held already: numbers as bitmaps, BLOCK of them a row of `received`. Exact, a fifth of a byte a
report, and still there when history was thinned out: that is why `reports` may be partitioned by time, and why a report
that comes again after a year is still a repeat.

The newest block of a terminal, its window, stands in `terminal_state`, which a report changes anyway: reports in their
usual order never touch `received`. The window moves forward only. What it leaves behind is written to `received`, and
what comes for an older block is looked for there, by a statement that returns what the bits were before it set them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from central.store.base import NewReport

BLOCK = 60
"""Bits of a signed 64-bit integer, and a rounder number than 63."""

Bits = dict[int, int]
"""Block → bits, in order."""


@dataclass(slots=True)
class Window:
    """The newest block; whoever has it holds its row."""

    epoch_number: int = 0
    block: int = 0
    bits: int = 0


@dataclass(slots=True)
class Sifted:
    """What a delivery asks of the window and of `received`."""

    held: Bits
    """Of the blocks the window knows of: what was held before."""
    older: Bits
    """To be asked of `received`, and set there."""
    left: tuple[Window, ...] = ()
    """To be written to `received`."""


def blocks(reports: Sequence[NewReport]) -> Bits:
    if len(reports) == 1:
        block, bit = divmod(reports[0].seq, BLOCK)
        return {block: 1 << bit}
    found: Bits = {}
    for report in reports:
        block, bit = divmod(report.seq, BLOCK)
        found[block] = found.get(block, 0) | 1 << bit
    return dict(sorted(found.items()))


def sift(window: Window, epoch_number: int, wanted: Bits) -> Sifted:
    """Moves `window` over `wanted`, the blocks of a delivery."""
    found = Sifted({}, {})
    for block, bits in wanted.items():
        here = (epoch_number, block)
        newest = (window.epoch_number, window.block)
        if here < newest:
            found.older[block] = bits
            continue
        if here > newest:
            if window.bits:
                found.left = (*found.left, Window(*newest, window.bits))
            window.epoch_number, window.block, window.bits = epoch_number, block, 0
        found.held[block] = window.bits
        window.bits |= bits
    return found


def not_held(reports: Sequence[NewReport], held: Bits) -> list[NewReport]:
    """Each number once."""
    found = []
    for report in reports:
        block, bit = divmod(report.seq, BLOCK)
        if not held[block] >> bit & 1:
            held[block] |= 1 << bit
            found.append(report)
    return found
