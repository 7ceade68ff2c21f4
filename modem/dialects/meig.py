"""MeiG: SRM810 and SRM825 (5G), SLM770A and SLM750 (LTE).

Sources: public drivers' notes of the SLM770A/SLM750 AT manual and lines of a SLM770A-R (+MENG, whose manual forgets
<sinr> in the format and has it in the table); SRM810 logs (+SGCELLINFOEX).
"""

import re

from modem import signal, slots
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, vendor
from modem.events import Reply
from modem.fields import at, band_of, hex_id, integer, number, scaled, texts, tidy
from modem.operators import plmn
from modem.replies import each, lines_of
from modem.shapes import shape, shaped
from modem.values import Cell, Reading, Technology, Temperature, is_temperature

_SG = re.compile(r"\b([A-Z][A-Z0-9_]{1,20})[ \t]*:[ \t]*\"?(-?[A-Za-z0-9.-]{1,20})(?=[\",\s]|$)")
_SG_MODES: dict[str, Technology] = {"LTE": "lte", "EN-DC": "nr_nsa", "NSA": "nr_nsa", "SA": "nr", "5G": "nr"}


def sgcellinfoex(reply: Reply) -> tuple[Reading, ...]:
    """+SGCELLINFOEX: name:value pairs, on one line or many (SRM810, SLM770A): CURR_MODE, MCC, MNC, BAND, PCI, EARFCN,
    TAC, RSRP and RSRQ in dBm and dB, SINR in tenths."""
    pairs = "\n".join(line.removeprefix("+SGCELLINFOEX:") for line in reply.lines)
    said = dict(reversed(_SG.findall(pairs[:2048])))
    mode = said.get("CURR_MODE", "").upper()
    tech = next((tech for word, tech in _SG_MODES.items() if word in mode), None)
    if tech is None:
        return ()
    cell = Cell(
        tech,
        plmn=plmn(said.get("MCC"), said.get("MNC")),
        pci=integer(said.get("PCI")),
        channel=integer(said.get("EARFCN") or said.get("ARFCN")),
        band=band_of(said.get("BAND"), "B" if tech == "lte" else "n"),
    )
    rsrp, rsrq = number(said.get("RSRP")), number(said.get("RSRQ"))
    return (cell, signal.signal(tech, rsrp=rsrp, rsrq=rsrq, sinr=scaled(said.get("SINR"), 0.1)))


_SERVING_WITH_SINR = 18
_SERVING = shape("word any word any mcc mnc cell pci channel small small small area level level level num", 17)
_NEIGHBOUR = shape("any word channel pci level level", 5)


def meng(line: str) -> tuple[Reading, ...] | None:
    """+MENG: "servingcell",<state>,"LTE",<tdd>,<mcc>,<mnc>,<cell>,<pci>,<earfcn>,<band>,<ul>,<dl>,<tac>,<rsrp>,<rsrq>,
    <rssi>[,<sinr>],<srxlev>, and "neighbourcell intra","LTE",<earfcn>,<pci>,<rsrp>,<rsrq>,…: ids in hex, SINR in dB."""
    fields = texts(line)
    kind = fields[0].lower() if fields else ""
    found = shaped(fields, _NEIGHBOUR) if kind.startswith("neighbourcell") else None
    if found and found[1].upper() == "LTE":
        return (Cell("lte", serving=False, channel=integer(found[2]), pci=integer(found[3])),)
    has_sinr = len(fields) >= _SERVING_WITH_SINR
    found = shaped(fields, _SERVING) if kind == "servingcell" else None
    if found is None or found[2].upper() != "LTE":
        return None
    fields = found
    cell = Cell(
        "lte",
        plmn=plmn(fields[4], fields[5]),
        tac=hex_id(fields[12]),
        cell_id=hex_id(fields[6]),
        pci=integer(fields[7]),
        channel=integer(fields[8]),
        band=band_of(fields[9]),
    )
    rsrp, rsrq, rssi = (number(at(fields, place)) for place in (13, 14, 15))
    sinr = number(at(fields, 16)) if has_sinr else None
    return (cell, signal.signal("lte", rsrp=rsrp, rsrq=rsrq, rssi=rssi, sinr=sinr))


_CELLINFO: dict[str, Technology] = {"5G": "nr", "LTE": "lte", "LTE-NR": "lte", "EN-DC": "lte", "EMTC": "lte_m"}
_OF_LTE = shape("any word mcc mnc nat pci nat wide area small nat nat nat level level level int", 17)
_OF_NR = shape("any word mcc mnc wide pci area small nat nat nat nat nat level level level int", 17)


def cellinfo(line: str) -> tuple[Reading, ...] | None:
    """^CELLINFO: "LTE",<duplex>,<mcc>,<mnc>,<?>,<pci>,<?>,<cell>,<tac>,<band>,…; "5G",<duplex>,<mcc>,<mnc>,<cell>,
    <pci>,<tac>,<band>,…; both with <rsrp>,<rsrq>,<sinr> in the 15th to 17th place, SINR in tenths (drivers after the
    SRM8xx manual V3.9 §8.10, which do not say whether ids are decimal). Of EN-DC the drivers place the 5G leg
    differently: it is not read.
    """
    said = texts(line)
    tech = _CELLINFO.get((at(said, 0) or "").upper())
    fields = shaped(said, _OF_NR if tech == "nr" else _OF_LTE)
    if tech is None or fields is None:
        return None
    band = band_of(fields[7], "n") if tech == "nr" else band_of(fields[9])
    cell = Cell(tech, plmn=plmn(fields[2], fields[3]), pci=integer(fields[5]), band=band)
    rsrp, rsrq, sinr = number(fields[14]), number(fields[15]), scaled(fields[16], 0.1)
    return (cell, signal.signal(tech, rsrp=rsrp, rsrq=rsrq, sinr=sinr))


_THOUSANDTHS = 1000


def temperature(reply: Reply) -> tuple[Reading, ...]:
    """AT+TEMP → +TEMP: "<sensor>","<degrees>" a line for each, in thousandths on Unisoc ("soc-thmzone","38500")."""
    sensors: list[tuple[str, float]] = []
    for line in lines_of(reply, "+TEMP:"):
        fields = texts(line)
        value = number(at(fields, 1))
        if value is not None:
            degrees = tidy(value / 1000) if abs(value) >= _THOUSANDTHS else value
            sensors += [(fields[0], degrees)] if is_temperature(degrees) else []
    return (Temperature(max(value for _, value in sensors), tuple(sensors)),) if sensors else ()


MEIG = vendor(
    "meig",
    asks={
        Question.SIM_SLOTS: (Ask("AT^SIMSLOT?", ("^SIMSLOT:",), each(slots.simslot, "^SIMSLOT:")),),
        Question.CELL: (
            Ask("AT+SGCELLINFOEX?", (), sgcellinfoex),
            Ask('AT+MENG="servingcell"', ("+MENG:",), each(meng, "+MENG:")),
        ),
        Question.TEMPERATURE: (Ask("AT+TEMP", ("+TEMP:",), temperature),),
    },
    urcs=dict.fromkeys(("^MODE:", "^SIMST:", "^DEND:", "+SIM:"), nothing),
    parsers={
        "^SIMSLOT": each(slots.simslot),
        "+SGCELLINFOEX": sgcellinfoex,
        "+MENG": each(meng),
        "^CELLINFO": each(cellinfo),
        "+TEMP": temperature,
    },
)
ALL = (MEIG,)
