"""Telit's ways to tell the serving cell on 2G, 3G and 4G in one line: #RFSTS and #SERVINFO. (#MONI: `telit_monitor`.)

Sources: Telit LE910Cx AT Commands Reference Guide 80502ST10950A and HE910/UE910 AT Commands Reference Guide
80378ST10091A, the two commands; a transcript of an LM960A18 (#SERVINFO).
"""

import re
from dataclasses import replace

from modem import signal
from modem.fields import at, band_of, hex_id, hexadecimal, integer, number, texts
from modem.operators import plmn, plmn_of
from modem.values import Cell, Reading

_IMSI = re.compile(r"[0-9]{14,15}|[0-9]{5,14}(?:\.{2,}|[*xX#\u2026]+)")
"""Also as people mask it: it marks a place, no more."""
_MODE = range(1, 8)
"""Fields of a cell's measurements: empty while data flows on 3G."""
_PAST_TAC = 6
_ACTIVE_SET = 3
"""Places from the IMSI to the number of cells in use; then <uarfcn>,<psc>,<ec/io> of each."""


def rfsts(line: str) -> tuple[Reading, ...] | None:
    """#RFSTS: each network has fields of its own, seen by what stands where LTE has its three levels.

    Before a cell is found every figure is a placeholder, the level too: without a channel there is no cell.
    """
    fields = texts(line)
    imsi = next((place for place, text in enumerate(fields) if place > 5 and _IMSI.fullmatch(text)), None)
    if imsi is None:  # cut in front of it: what LTE has up to its TAC stands where it always does
        found = _lte(fields, None) if len(fields) > _PAST_TAC else None
    else:
        found = _lte(fields, imsi) or _umts(fields, imsi) or _umts_in_use(fields, imsi) or _gsm(fields, imsi)
    if not found:
        return None
    cell, level = found
    mcc, _, mnc = fields[0].partition(" ")
    return (replace(cell, plmn=plmn(mcc, mnc)), level) if cell.channel is not None else None


def _lte(fields: tuple[str, ...], imsi: int | None) -> tuple[Cell, Reading] | None:
    """<plmn>,<earfcn>,<rsrp>,<rssi>,<rsrq>,<tac>,…,<cell>,<imsi>,[<name>],<sd>,<band>,…; some firmware leaves a field
    out between TAC and cell."""
    levels = [number(at(fields, place)) for place in (2, 3, 4)]
    if any(level is None or level >= 0 for level in levels):
        return None
    cell = Cell(
        "lte",
        tac=hex_id(fields[5]),
        cell_id=hex_id(fields[imsi - 1]) if imsi else None,
        channel=integer(fields[1]),
        band=band_of(at(fields, imsi + 3)) if imsi else None,
    )
    return cell, signal.signal("lte", rsrp=levels[0], rssi=levels[1], rsrq=levels[2])


def _umts(fields: tuple[str, ...], imsi: int) -> tuple[Cell, Reading] | None:
    """<plmn>,<uarfcn>,<psc>,<ec/io>,<rscp>,<rssi>,<lac>,<rac>,…,<cell>,<imsi>,…"""
    psc, ecio, rscp, rssi = (number(at(fields, place)) for place in (2, 3, 4, 5))
    if psc is None or psc < 0 or rscp is None or rscp >= 0:
        return None
    cell = Cell(
        "umts",
        lac=hex_id(at(fields, 6)),
        cell_id=hex_id(fields[imsi - 1]),
        pci=integer(fields[2]),
        channel=integer(fields[1]),
    )
    return cell, signal.signal("umts", ecio=ecio, rscp=rscp, rssi=rssi)


def _umts_in_use(fields: tuple[str, ...], imsi: int) -> tuple[Cell, Reading] | None:
    """<plmn>,,,,,,,,<tx power>,…,<cell>,<imsi>,<name>,<sd>,<cells in use>,<uarfcn>,<psc>,<ec/io>,…"""
    first = imsi + _ACTIVE_SET + 1
    if any(fields[place] for place in _MODE) or not integer(at(fields, first - 1)) or not integer(at(fields, first)):
        return None
    cell = Cell(
        "umts", cell_id=hex_id(fields[imsi - 1]), channel=integer(fields[first]), pci=integer(at(fields, first + 1))
    )
    return cell, signal.signal("umts", ecio=number(at(fields, first + 2)))


def _gsm(fields: tuple[str, ...], imsi: int) -> tuple[Cell, Reading] | None:
    """<plmn>,<arfcn>,<rssi>,<lac>,<rac>,<tx power>,<mm>,<rr>,<nom>,<cell>,<imsi>,…: one level, then the LAC in hex."""
    rssi, second = number(at(fields, 2)), at(fields, 3)
    if rssi is None or rssi >= 0 or second is None or second.startswith("-"):
        return None
    cell = Cell("gsm", lac=hex_id(second), cell_id=hex_id(fields[imsi - 1]), channel=integer(fields[1]))
    return cell, signal.signal("gsm", rssi=rssi)


_SHORT = 9
_PCI_DIGITS = 3
_LAST_PCI = 503
_MODES_OF_OPERATION = {"I", "II", "III"}
"""Only 2G and 3G have them (<nom>)."""


def servinfo(line: str) -> tuple[Reading, ...] | None:
    """#SERVINFO: <channel>,<dBm>,<name>,<plmn>, then by network:

    LTE <pci>,<tac>,<drx>,<sd>,<rsrp> (ME310 has its PCI in hexadecimal there, LM960 the cell's id) · 3G <psc>,<lac>,
    <drx>,<sd>,<rscp>,<nom>,<rac> · 2G <bsic>,<lac>,<ta>,<gprs>,… While data flows on 3G channel and levels are empty.
    """
    fields = texts(line)
    channel, level = integer(at(fields, 0)), number(at(fields, 1))
    if len(fields) < 8:
        return None
    code, area, own = plmn_of(at(fields, 3)), hex_id(at(fields, 5)), number(at(fields, 8))
    if own is None and at(fields, 8):
        return (Cell(plmn=code, channel=channel),) if code else None
    if channel is None or level is None:
        is_old = not _MODES_OF_OPERATION.isdisjoint(fields)
        return (Cell(plmn=code, lac=area if is_old else None),) if code else None
    is_measured = own is not None and own < 0
    if is_measured and len(fields) == _SHORT:
        return _short(Cell(plmn=code, channel=channel), fields[4], area, level, own)
    if is_measured:
        cell = Cell("umts", plmn=code, lac=area, pci=integer(at(fields, 4)), channel=channel)
        return (cell, signal.signal("umts", rssi=level, rscp=own))
    if integer(at(fields, 7)) not in (0, 1):
        return None
    return (Cell("gsm", plmn=code, lac=area, channel=channel), signal.signal("gsm", rssi=level))


def _short(cell: Cell, text: str, area: str | None, rssi: float, own: float | None) -> tuple[Reading, ...]:
    """Nine fields: LTE by its long number; else LTE (LE910C) or 3G without <nom> and <rac> (HE910), so only what both
    have is known."""
    if len(text) <= _PCI_DIGITS:
        return (replace(cell, pci=integer(text)), signal.signal(None, rssi=rssi))
    digits = hexadecimal(text)
    value = int(digits, 16) if digits else None
    is_pci = value is not None and value <= _LAST_PCI
    named = replace(cell, technology="lte", tac=area, pci=value if is_pci else None)
    named = named if is_pci else replace(named, cell_id=hex_id(text))
    return (named, signal.signal("lte", rssi=rssi, rsrp=own))
