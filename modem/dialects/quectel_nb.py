"""Quectel's NB-IoT modules: +QENG of BC26, BC66, BC660K and AT+NUESTATS of BC28, BC35, BC95.

Sources: BC66 and BC660K-GL AT Commands Manuals (ids in hex, levels in dBm and dB); BC95 AT Commands Manual (ids in
decimal, levels in tenths); public logs of both.
"""

import re

from modem import signal
from modem.dialects.quectel_radio import numbered_band
from modem.events import Reply
from modem.fields import at, band_of, decimal_id, hex_id, integer, number, scaled
from modem.replies import MAX_LINES
from modem.shapes import shape, shaped
from modem.values import Cell, Reading

_LEAST = 11


def is_nb(fields: tuple[str, ...]) -> bool:
    """+QENG: 0,… of NB-IoT has a level, or nothing, where a 2G module has its channel."""
    level = number(at(fields, 5))
    return len(fields) >= _LEAST and fields[0] == "0" and (level < 0 if level is not None else at(fields, 5) is None)


_SHAPE = shape("0 channel num pci cell level level num num small area any", _LEAST)


def serving_cell(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """0,<earfcn>,<offset>,<pci>,<cell>,<rsrp>,<rsrq>,<rssi>,<sinr>,<band>,<tac>,<ecl>,<tx power>,<mode>."""
    found = shaped(fields, _SHAPE)
    if found is None:
        return None
    fields = found
    cell = Cell(
        "nb_iot",
        tac=hex_id(fields[10]),
        cell_id=hex_id(fields[4]),
        pci=integer(fields[3]),
        channel=integer(fields[1]),
        band=numbered_band(fields[9], "nb_iot"),
    )
    rsrp, rsrq, rssi, sinr = (number(text) for text in fields[5:9])
    return (cell, signal.signal("nb_iot", rsrp=rsrp, rsrq=rsrq, rssi=rssi, sinr=sinr))


_ROW = re.compile(r"\+?NUESTATS: ?\"?CELL\"?,([-0-9,]{9,80})", re.IGNORECASE)
_ROW_FIELDS = 7


def _row(line: str) -> tuple[Reading, ...]:
    """AT+NUESTATS=CELL → NUESTATS:CELL,<earfcn>,<pci>,<serving>,<rsrp>,<rsrq>,<rssi>,<snr> for each cell."""
    found = _ROW.fullmatch(line.strip()[:100])
    fields = found[1].split(",") if found else []
    if len(fields) != _ROW_FIELDS or fields[2] not in ("0", "1"):
        return ()
    cell = Cell("nb_iot", fields[2] == "1", channel=integer(fields[0]), pci=integer(fields[1]))
    rsrp, rsrq, rssi, sinr = (scaled(text, 0.1) for text in fields[3:])
    level = signal.signal("nb_iot", rsrp=rsrp, rsrq=rsrq, rssi=rssi, sinr=sinr)
    return (cell, level) if cell.serving else (cell,)


_PAIR = re.compile(
    r"(?:\+?NUESTATS:\s*)?(?:\"?RADIO\"?,)?\s*\"?([A-Z][A-Z ]{2,15})\"?\s*[:,]\s*(-?[0-9]{1,10})\s*", re.IGNORECASE
)


def nuestats(reply: Reply) -> tuple[Reading, ...]:
    """AT+NUESTATS: a name and a number in each line, "Signal power:-819", with or without prefix and quotes."""
    pairs = [found for line in reply.lines[:MAX_LINES] if (found := _PAIR.fullmatch(line[:80]))]
    said = {found[1].upper(): found[2] for found in pairs}
    if "SIGNAL POWER" not in said or "CELL ID" not in said:
        return tuple(reading for line in reply.lines[:MAX_LINES] for reading in _row(line))
    cell = Cell(
        "nb_iot",
        cell_id=decimal_id(said["CELL ID"]),
        pci=integer(said.get("PCI")),
        channel=integer(said.get("EARFCN")),
        band=band_of(said.get("CURRENT BAND")),
    )
    names = ("SIGNAL POWER", "RSRQ", "TOTAL POWER", "SNR")
    rsrp, rsrq, rssi, sinr = (scaled(said.get(name), 0.1) for name in names)
    return (cell, signal.signal("nb_iot", rsrp=rsrp, rsrq=rsrq, rssi=rssi, sinr=sinr))
