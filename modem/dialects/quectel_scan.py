"""What Quectel's modules hear beside the cell in use: +QOPS, neighbours of 5G in +QNWCFG.

Sources: EC2x&EG2x AT Commands Manual §6.15 (+QOPS), programs for RM5xx (+QNWCFG). Levels of a scan are not our signal.
"""

from modem.events import Reply
from modem.fields import at, hex_id, integer, texts
from modem.operators import plmn_of
from modem.replies import MAX_LINES
from modem.shapes import shape, shaped
from modem.values import Cell

_NAMED = 3


def qops(reply: Reply) -> tuple[Cell, ...]:
    """+QOPS: <name>,<short name>,<plmn>, then a line for each of its cells: <n>,"2G",<arfcn>,<lac>,<cell>,<bsic>,…
    <n>,"3G",<uarfcn>,<psc>,<lac>,<cell>,… <n>,"4G",<earfcn>,<pci>,<tac>,<cell>,…; ids in hexadecimal."""
    network: str | None = None
    found: list[Cell] = []
    for line in reply.lines[:MAX_LINES]:
        fields = texts(line)
        if line.startswith("+QOPS:"):
            network = plmn_of(fields[2]) if len(fields) == _NAMED else None
        elif not line[:1].isdecimal():
            network = None  # a network's line, damaged: the cells behind it are of another than the last
        elif network and (cell := _heard(fields, network)):
            found.append(cell)
    return tuple(found)


_CELLS = {
    "2G": shape("small any channel area cell small int int int int", 9),
    "3G": shape("small any channel small area cell level int int", 9),
    "4G": shape("small any channel pci area cell level int int", 9),
}


def _heard(line: tuple[str, ...], network: str) -> Cell | None:
    kind = _CELLS.get(at(line, 1) or "")
    fields = shaped(line, kind) if kind else None
    if fields is None:
        return None
    channel, first, second, third = integer(fields[2]), *fields[3:6]
    if fields[1] == "2G":
        return Cell("gsm", serving=False, plmn=network, channel=channel, lac=hex_id(first), cell_id=hex_id(second))
    cell, pci = hex_id(third), integer(first)
    if fields[1] == "3G":
        return Cell("umts", serving=False, plmn=network, channel=channel, pci=pci, lac=hex_id(second), cell_id=cell)
    if fields[1] == "4G":
        return Cell("lte", serving=False, plmn=network, channel=channel, pci=pci, tac=hex_id(second), cell_id=cell)
    return None


_MEASURED = shape("any small channel pci level level", 6)


def qnwcfg(line: str) -> Cell | None:
    """+QNWCFG: "nr5g_meas_info",<kind>,<arfcn>,<pci>,<rsrp>,<rsrq>: a 5G cell nearby; its other names are settings."""
    fields = shaped(texts(line), _MEASURED)
    if fields is None or fields[0].lower() != "nr5g_meas_info" or not integer(fields[2]):
        return None
    return Cell("nr", serving=False, channel=integer(fields[2]), pci=integer(fields[3]))
