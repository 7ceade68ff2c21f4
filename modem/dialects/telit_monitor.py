"""Telit's #MONI: the cell in use or its neighbours, in pairs of name and value, or as a table (AT#MONI=7).

Sources: GM862 guide 80000ST10025a (2G, the table), HE863 guide 80377ST10083a (3G), LE910Cx guide 80502ST10950A (4G), by
a public driver for 5G's names; transcripts of an LM960A18, where <id> of a list without area is a PCI in hexadecimal.
"""

import re
from dataclasses import replace

from modem import signal
from modem.events import Reply
from modem.fields import band_of, body_of, hex_id, hexadecimal, integer, number, texts
from modem.operators import plmn, plmn_of
from modem.replies import lines_of
from modem.shapes import shape, shaped
from modem.values import Cell, Reading, Signal, Technology

_PAIR = re.compile(r"\b([A-Za-z_]{2,10}):\s?(-?[0-9.]+(?= ?dbm)|-?[0-9A-Fa-f.]+)(?=[\s,]|dbm|$)", re.IGNORECASE)
_ROW = re.compile(
    r"(?P<who>S|N\d)\s+(?P<bsic>[0-9A-F]{1,3})\s+(?P<lac>[0-9A-F]{4})\s+(?P<cell>[0-9A-F]{4})\s+(?P<arfcn>\d{1,4})"
    r"\s+(?P<level>-\d{1,3})\s?dbm(?:\s+-?\d{1,3}){2}(?:\s+\d{1,3}\s+(?P<quality>\d)\b)?",
    re.IGNORECASE | re.ASCII,
)
"""S: <bsic> <lac> <id> <arfcn> <dBm> <C1> <C2> <ta> <RxQual> <name>; N1: without the last three."""
_HEAD = 512
_NO_CELL = 1024
"""A channel that GSM has not: the row holds nothing."""


def moni(reply: Reply) -> tuple[Reading, ...]:
    """#MONI: rows of the table where there is one; else the cell of the first line, or a list of neighbours.

    5G NR_RSRP NR_RSRQ NR_PCI NR_CH NR_BAND · 4G RSRP RSRQ TAC Id EARFCN PWR pci · 3G PSC RSCP LAC Id EcIo UARFCN PWR ·
    2G BSIC RxQual LAC Id ARFCN PWR.
    """
    lines = [body_of(line)[:_HEAD] for line in lines_of(reply, "#MONI:")]
    if table := [reading for line in lines if (match := _ROW.match(line)) for reading in _row(match)]:
        return tuple(table)
    cells = [{name.upper(): value for name, value in _PAIR.findall(line)} for line in lines]
    if not cells:
        return ()
    if all("RSRP" in said and "TAC" not in said and "CC" not in said for said in cells):
        first, *others = (_listed(said) for said in cells)
        return (replace(first, serving=True), _lte_level(cells[0]), *others)
    return _one(cells[0])


_ZIP = shape("plmn small small area cell channel level small", 8)


def monizip(line: str) -> tuple[Reading, ...] | None:
    """#MONIZIP: <plmn>,<bsic>,<rxqual>,<lac>,<cell>,<arfcn>,<dBm>,<timing advance>: 2G alone (GE863, GE910 guides)."""
    fields = texts(line)
    said = shaped(fields, _ZIP) if len(fields) == _ZIP.whole else None
    channel = integer(said[5]) if said else None
    if said is None or channel is None or channel >= _NO_CELL:
        return None
    cell = Cell("gsm", plmn=plmn_of(said[0]), lac=hex_id(said[3]), cell_id=hex_id(said[4]), channel=channel)
    return (cell, signal.signal("gsm", rssi=number(said[6]), ber=signal.ber_index(integer(said[2]))))


def _one(said: dict[str, str]) -> tuple[Reading, ...]:
    if "NR_RSRP" in said:
        return _nr(said)
    if "RSRP" in said:
        return _lte(said)
    if "RSCP" in said:
        return _umts(said)
    return _gsm(said) if "ARFCN" in said and "BSIC" in said else ()


def _row(match: re.Match[str]) -> tuple[Reading, ...]:
    channel = int(match["arfcn"])
    if channel >= _NO_CELL:
        return ()
    is_serving = match["who"].upper() == "S"
    cell = Cell("gsm", is_serving, lac=hex_id(match["lac"]), cell_id=hex_id(match["cell"]), channel=channel)
    if not is_serving:
        return (cell,)
    return (cell, signal.signal("gsm", rssi=number(match["level"]), ber=signal.ber_index(integer(match["quality"]))))


def _listed(said: dict[str, str]) -> Cell:
    """A cell of AT#MONI=1 and =2: channel and PCI; the first is the one in use (LM960, LN920: #RFSTS beside it)."""
    pci = hexadecimal(said.get("ID"))
    return Cell("lte", serving=False, channel=integer(said.get("EARFCN")), pci=int(pci, 16) if pci else None)


def _nr(said: dict[str, str]) -> tuple[Reading, ...]:
    """5G: the unit of NR_SINR is in no public source."""
    cell = Cell(
        "nr",
        pci=integer(said.get("NR_PCI")),
        channel=integer(said.get("NR_CH")),
        band=band_of(said.get("NR_BAND"), "n"),
    )
    return (cell, signal.signal("nr", rsrp=number(said["NR_RSRP"]), rsrq=number(said.get("NR_RSRQ"))))


def _lte(said: dict[str, str]) -> tuple[Reading, ...]:
    cell = replace(
        _where(said, "lte"),
        tac=hex_id(said.get("TAC")),
        pci=integer(said.get("PCI")),
        channel=integer(said.get("EARFCN")),
    )
    return (cell, _lte_level(said))


def _lte_level(said: dict[str, str]) -> Signal:
    rsrp, rsrq, rssi = (number(said.get(name)) for name in ("RSRP", "RSRQ", "PWR"))
    return signal.signal("lte", rsrp=rsrp, rsrq=rsrq, rssi=rssi)


def _umts(said: dict[str, str]) -> tuple[Reading, ...]:
    cell = replace(
        _where(said, "umts"),
        lac=hex_id(said.get("LAC")),
        pci=integer(said.get("PSC")),
        channel=integer(said.get("UARFCN")),
    )
    rscp, ecio, rssi = (number(said.get(name)) for name in ("RSCP", "ECIO", "PWR"))
    return (cell, signal.signal("umts", rscp=rscp, ecio=ecio, rssi=rssi))


def _gsm(said: dict[str, str]) -> tuple[Reading, ...]:
    cell = replace(_where(said, "gsm"), lac=hex_id(said.get("LAC")), channel=integer(said.get("ARFCN")))
    quality = signal.ber_index(integer(said.get("RXQUAL")))
    return (cell, signal.signal("gsm", rssi=number(said.get("PWR")), ber=quality))


def _where(said: dict[str, str], tech: Technology) -> Cell:
    return Cell(tech, plmn=plmn(said.get("CC"), said.get("NC")), cell_id=hex_id(said.get("ID")))
