"""Which SIM slot is in use, and what is in the other: there are as many ways of asking as makers.

Slots are counted from 1, as they are printed on terminals; makers count from 0 or 1 (each reader says which). The
commands only ask: switching slots ends the data session and is nobody's business here.
"""

from collections.abc import Callable

from modem import iccid
from modem.fields import at, integer, texts
from modem.values import SimSlot, SimSlots

_HIGHEST = 4
_PAIRS = 4
_CARD, _GROUP = 5, 6
"""+QSIMCFG: six fields a slot: …, <active>, …, …, …, <ICCID>."""


def active(number: int | None) -> SimSlots | None:
    """Only which one is in use is known."""
    return SimSlots((SimSlot(number, active=True),)) if number is not None and 1 <= number <= _HIGHEST else None


def counted_from(first: int, place: int = 0) -> Callable[[str], SimSlots | None]:
    """The slot's number stands in field `place`, and the maker calls the first slot `first`.

    From 1: +QUIMSLOT (RG50xQ manual), #SIMSELECT (LE910Cx guide), +SIMCROSS (Neoway), +SMSIMCFG (SIM8200, field 1).
    From 0: +QDSIM (EC200x), +GTDUALSIM (FM350, beside "SUB1"), +BINDSIM (A76xx), ^SIMSWITCH, ^SCICHG, !UIMS (EM7xxx).
    """

    def read(line: str) -> SimSlots | None:
        number = integer(at(texts(line), place))
        return active(number - first + 1) if number is not None else None

    return read


def simslot(line: str) -> SimSlots | None:
    """^SIMSLOT: <present>,<active> for each slot (MeiG SRM8xx: 1,1,1,0 and 0,0,1,1)."""
    values = [integer(text) for text in texts(line)]
    if (
        len(values) != _PAIRS
        or any(value not in (0, 1) for value in values)
        or sum(use == 1 for use in values[1::2]) != 1
    ):
        return None
    pairs = ((values[0], values[1]), (values[2], values[3]))
    return SimSlots(
        tuple(
            SimSlot(number, active=use == 1, state=None if present else "absent")
            for number, (present, use) in enumerate(pairs, 1)
        )
    )


def dual_slot_status(line: str) -> SimSlots | None:
    """+QSIMCFG: "dual_slot_status",<?>,<active>,<?>,<ATR>,<?>,<ICCID> twice; an empty slot has the ICCID 0 (RM520N)."""
    fields = texts(line)
    if not fields or fields[0] != "dual_slot_status" or len(fields) != 1 + 2 * _GROUP:
        return None
    found = []
    for number in (1, 2):
        group = fields[1 + (number - 1) * _GROUP : 1 + number * _GROUP]
        card = iccid.normalise(group[_CARD])
        is_empty = group[_CARD] in ("", "0")
        found.append(SimSlot(number, active=group[1] == "1", iccid=card, state="absent" if is_empty else None))
    return SimSlots(tuple(found))
