"""EN-DC: 5G beside a serving LTE cell is its second leg, not 5G alone."""

from collections.abc import Iterable
from dataclasses import replace

from modem.values import Cell, Reading, Signal


def as_legs(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """The readings of one answer, their 5G called NSA where LTE serves."""
    found = tuple(readings)
    if not any(isinstance(one, Cell) and one.serving and one.technology == "lte" for one in found):
        return found
    return tuple(
        replace(one, technology="nr_nsa") if isinstance(one, Cell | Signal) and one.technology == "nr" else one
        for one in found
    )
