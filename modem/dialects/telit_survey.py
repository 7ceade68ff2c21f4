"""Telit's AT#CSURVC: the cells that a survey of the band found, as lists of numbers.

Sources: LE910 V2 guide 80446ST10707A (2G, 3G), a public transcript of an LM960 (4G). The ids are decimal by default and
hexadecimal of fixed width after AT#CSURVF=1: their own form tells, else they are not known. A survey takes minutes, in
which the modem has no network: it is read here, never asked.
"""

from dataclasses import replace

from modem.events import Reply
from modem.fields import hex_id, integer, number, texts
from modem.operators import plmn
from modem.values import Cell, Reading

_GSM_FIELDS, _UMTS_FIELDS, _LTE_FIELDS = 10, 10, 11
_AREA_DIGITS, _MOST_DIGITS = 4, 16


def csurvc(reply: Reply) -> tuple[Reading, ...]:
    """2G <arfcn>,<bsic>,<dBm>,<ber>,<mcc>,<mnc>,<lac>,<cell>,… · 3G <uarfcn>,<dBm>,<mcc>,<mnc>,<psc>,<cell>,<lac>,
    <state>,<rscp>,<ec/io> · 4G <earfcn>,<dBm>,<mcc>,<mnc>,<cell>,<tac>,<pci>,<state>,<rsrp>,<rsrq>,<bandwidth>.
    """
    return tuple(replace(cell, serving=False) for line in reply.lines if (cell := _cell(texts(line))))


def _cell(fields: tuple[str, ...]) -> Cell | None:
    levels = [number(text) for text in fields[:11]]
    below = [level is not None and level < 0 for level in levels]
    if len(fields) >= _GSM_FIELDS and below[2] and not below[1]:
        lac, cell = _ids(fields[6], fields[7], digits=_AREA_DIGITS)
        return Cell("gsm", plmn=plmn(fields[4], fields[5]), lac=lac, cell_id=cell, channel=integer(fields[0]))
    if len(fields) == _UMTS_FIELDS and below[1] and below[8]:
        lac, cell = _ids(fields[6], fields[5], digits=8)
        found = Cell("umts", plmn=plmn(fields[2], fields[3]), lac=lac, cell_id=cell, pci=integer(fields[4]))
    elif len(fields) == _LTE_FIELDS and below[1] and below[8]:
        tac, cell = _ids(fields[5], fields[4], digits=8)
        found = Cell("lte", plmn=plmn(fields[2], fields[3]), tac=tac, cell_id=cell, pci=integer(fields[6]))
    else:
        return None
    return replace(found, channel=integer(fields[0]))


def _ids(area: str, cell: str, digits: int) -> tuple[str | None, str | None]:
    """Area and cell in hexadecimal. The 28 bits of a cell's id in eight digits begin with 0."""
    both = f"{area}{cell}"
    is_fixed = len(area) == _AREA_DIGITS and len(cell) == digits
    if is_fixed and (not both.isdecimal() or "0" in (area[0], cell[0])):
        return hex_id(area), hex_id(cell)
    if both.isdecimal() and both.isascii() and (not is_fixed or digits > _AREA_DIGITS) and len(both) < _MOST_DIGITS:
        return hex_id(f"{int(f'0{area}'):04X}"), hex_id(f"{int(f'0{cell}'):X}")
    return None, None
