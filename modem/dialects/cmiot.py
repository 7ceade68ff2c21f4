"""China Mobile's own modules: ML302, ML305, ML307 (LTE), MN316 and M5311 (NB-IoT).

Source: CMIoT's extended AT manual (AT+MUESTATS §4.5, AT+MCCID §4.6); its levels are in tenths, -32768 for none. Its
NB-IoT modules answer +MCHIPINFO like the BC95 (their firmware's source).
"""

from collections.abc import Mapping

from modem import card, signal
from modem.dialect import Ask, Question
from modem.dialects import quectel_nb
from modem.dialects.quectel_module import chip_info
from modem.dialects.threegpp import nothing, vendor
from modem.events import Reply
from modem.fields import at, band_of, hex_id, integer, scaled, texts
from modem.operators import plmn
from modem.replies import each, lines_of
from modem.shapes import shape, shaped
from modem.values import Cell, NetworkInfo, Reading, Signal, Technology

_NETWORKS: Mapping[str, Technology] = {"4": "lte", "5": "lte_m", "6": "nb_iot"}
_GSM = "1"
_TENTHS = 0.1
_SHAPES = {
    "radio": shape("word small num num num num num cell num num channel pci num", 13),
    "scell": shape("word small mcc mnc channel any pci num num num num", 11),
    "ncell": shape("word small mcc mnc channel any pci num", 8),
}


def muestats(reply: Reply) -> tuple[Reading, ...]:
    """+MUESTATS: "radio",…, "scell",… and "ncell",…, "sband",<band>; counts of blocks and rates are no readings."""
    found: list[Reading] = []
    for line in lines_of(reply, "+MUESTATS:"):
        fields = texts(line)
        kind = (at(fields, 0) or "").lower()
        if kind == "sband" and (band := band_of(at(fields, 1))):
            found.append(NetworkInfo(band=band))
        elif kind == "radio" and at(fields, 1) == _GSM:
            found.append(signal.signal("gsm", rssi=signal.rxlev_dbm(integer(at(fields, 2)))))
        elif kind in _SHAPES and (tech := _NETWORKS.get(at(fields, 1) or "")):
            said = shaped(fields, _SHAPES[kind])
            found += _of_kind(kind, said, tech) if said else ()
    return tuple(found)


def _of_kind(kind: str, fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...]:
    if kind == "radio":
        return _radio(fields, tech)
    network, channel, pci = plmn(fields[2], fields[3]), integer(fields[4]), integer(fields[6])
    if kind == "ncell":
        return (Cell(tech, serving=False, plmn=network, channel=channel, pci=pci),)
    level = _level(tech, rsrp=fields[7], rsrq=fields[8], rssi=fields[9], sinr=fields[10])
    return (Cell(tech, plmn=network, channel=channel, pci=pci), level)


def _radio(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...]:
    """ "radio",<rat>,<rsrp>,<rssi>,<tx power>,<tx time>,<rx time>,<cell>,<ecl>,<sinr>,<earfcn>,<pci>,<rsrq>."""
    cell = Cell(tech, cell_id=hex_id(fields[7]), channel=integer(fields[10]), pci=integer(fields[11]))
    level = _level(tech, rsrp=fields[2], rsrq=fields[12], rssi=fields[3], sinr=fields[9])
    return (level,) if cell == Cell(tech) else (cell, level)


def _level(tech: Technology, *, rsrp: str, rsrq: str, rssi: str, sinr: str) -> Signal:
    figures = [scaled(text, _TENTHS) for text in (rsrp, rsrq, rssi, sinr)]
    return signal.signal(tech, rsrp=figures[0], rsrq=figures[1], rssi=figures[2], sinr=figures[3])


_OF_ENGINFOSC = 12


def enginfosc(line: str) -> tuple[Reading, ...] | None:
    """*ENGINFOSC: <earfcn>,<offset>,<pci>,"<cell>",<rsrp>,<rsrq>,<rssi>,<snr>,<band>,"<tac>",<ecl>,… (M5311)."""
    fields = texts(line)
    return quectel_nb.serving_cell(("0", *fields)) if len(fields) <= _OF_ENGINFOSC else None


CMIOT = vendor(
    "cmiot",
    asks={
        Question.ICCID: (Ask("AT+MCCID", ("+MCCID:",), each(card.number, "+MCCID:")),),
        Question.CELL: (Ask('AT+MUESTATS="cell"', ("+MUESTATS:",), muestats),),
    },
    urcs=dict.fromkeys(("+MATREADY", "+MIPURC:", "+MLPMPSTA:", "+MMQTTURC:", "+MHTTPURC:"), nothing),
    parsers={
        "+MUESTATS": muestats,
        "+MCCID": each(card.number),
        "+MCHIPINFO": each(chip_info),
        "*ENGINFOSC": each(enginfosc),
    },
)
ALL = (CMIOT,)
