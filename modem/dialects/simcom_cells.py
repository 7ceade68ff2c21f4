"""SIMCom's cells beside +CPSI: engineering mode (+CENG), +CMGRMI, and pairs of name and value (+CNETCI, +CCINFO).

Sources: SIM800, SIM7080 and SIM7500/SIM7600 Series AT Command Manuals (+CENG, +CMGRMI); a program's model of an A7672
beside its +CPSI (+CNETCI); SIM5320 AT Command Manual and a program's log (+CCINFO).
"""

import re

from modem import signal
from modem.dialects.simcom_cpsi import below_zero, ecio_db, one_unit
from modem.events import Reply
from modem.fields import band_of, body_of, decimal_id, hex_id, integer, number, prefix_of, scaled, texts
from modem.operators import plmn
from modem.shapes import shape, shaped
from modem.values import Cell, Reading, Technology

_LTE: dict[str, Technology] = {"LTE CAT-M1": "lte_m", "LTE NB-IOT": "nb_iot"}
_FULL, _SHORT, _CAT_M = 12, 6, 11
"""Fields of a serving cell in modes 1 and 2 of a SIM800, in its mode 3, and of a SIM7080."""


def ceng(reply: Reply) -> tuple[Reading, ...]:
    """+CENG: <mode>,…[,<system>], then +CENG: <n>,"<figures>" a line for each cell; cell 0 is the serving one,
    of the others those that name their network.

    2G: <arfcn>,<rxl>,<rxq>,<mcc>,<mnc>,<bsic>,<cell>,<rla>,<txp>,<lac>,<ta> or, in mode 3,
    <mcc>,<mnc>,<lac>,<cell>,<bsic>,<rxl>;
    SIM7080: <earfcn>,<pci>,<rsrp>,<rssi>,<rsrq>,<sinr>,<tac>,<cell>,<mcc>,<mnc>,<tx power>, its ids in decimal.
    """
    tech: Technology = "gsm"
    serving: tuple[str, ...] = ()
    found: list[Reading] = []
    for line in reply.lines:
        fields = texts(line)
        tech = next((_LTE[text.upper()] for text in fields if text.upper() in _LTE), tech)
        figures = tuple(fields[1].split(",")) if len(fields) == 2 else ()
        if figures and fields[0] == "0" and not serving:
            serving = figures
            found += _gsm(figures) if tech == "gsm" else _cat_m(figures, tech)
        elif len(figures) > 1 and found:
            found += _gsm_neighbour(figures, len(serving)) if tech == "gsm" else _cat_m_neighbour(figures, tech)
    return tuple(found)


_NEIGHBOUR_SHORT = shape("mcc mnc area area small small", _SHORT)
_NEIGHBOUR = shape("channel small small mcc mnc area", _SHORT)
_NEIGHBOUR_ID = shape("channel small small area mcc mnc area", _SHORT + 1)
_SERVING_SHORT = _NEIGHBOUR_SHORT
_SERVING = shape("channel small small mcc mnc small area small small area small", _FULL - 1)
_SERVING_CAT_M = shape("channel pci level level level num nat nat mcc mnc int", _CAT_M - 1)


def _gsm_neighbour(figures: tuple[str, ...], of_serving: int) -> tuple[Cell, ...]:
    """As long as the serving cell's in mode 3; else <arfcn>,<rxl>,<bsic>,[<cell>,]<mcc>,<mnc>,<lac>."""
    channel: str | None = None
    cell_id: str | None = None
    form = _NEIGHBOUR_SHORT if of_serving == _SHORT else _NEIGHBOUR if len(figures) == _SHORT else _NEIGHBOUR_ID
    if not (figures := (shaped(figures, form) or ())):
        return ()
    if of_serving == _SHORT and len(figures) == _SHORT:
        mcc, mnc, lac, cell_id, *_ = figures
    elif of_serving != _SHORT and len(figures) in (_SHORT, _SHORT + 1):
        channel, mcc, mnc, lac = figures[0], *figures[-3:]
        cell_id = figures[3] if len(figures) > _SHORT else None
    else:
        return ()
    network = plmn(mcc, mnc)
    cell = Cell("gsm", serving=False, plmn=network, lac=hex_id(lac), cell_id=hex_id(cell_id), channel=integer(channel))
    return (cell,) if network else ()


def _cat_m_neighbour(figures: tuple[str, ...], tech: Technology) -> tuple[Cell, ...]:
    """<earfcn>,<pci>,<rsrp>,<rssi>,<rsrq>,<sinr> (SIM7080)."""
    channel, pci = integer(figures[0]), integer(figures[1])
    return (Cell(tech, serving=False, pci=pci, channel=channel),) if len(figures) == _SHORT and channel else ()


def _gsm(figures: tuple[str, ...]) -> tuple[Reading, ...]:
    figures = shaped(figures, _SERVING_SHORT if len(figures) == _SHORT else _SERVING) or ()
    if len(figures) == _SHORT:
        mcc, mnc, lac, cell_id, _, level = figures
        channel = None
    elif len(figures) in (_FULL - 1, _FULL):
        channel, level, _, mcc, mnc, _, cell_id, *_ = figures
        lac = figures[9]
    else:
        return ()
    network = plmn(mcc, mnc)
    if network is None:
        return ()
    cell = Cell("gsm", plmn=network, lac=hex_id(lac), cell_id=hex_id(cell_id), channel=integer(channel))
    return (cell, signal.signal("gsm", rssi=signal.rxlev_dbm(integer(level))))


def _cat_m(figures: tuple[str, ...], tech: Technology) -> tuple[Reading, ...]:
    if not (figures := (shaped(figures, _SERVING_CAT_M) or ())):
        return ()
    cell = Cell(
        tech,
        plmn=plmn(figures[8], figures[9]),
        tac=decimal_id(figures[6], 4),
        cell_id=decimal_id(figures[7]),
        pci=integer(figures[1]),
        channel=integer(figures[0]),
    )
    rsrp, rssi, rsrq, sinr = (number(text) for text in figures[2:6])
    return (cell, signal.signal(tech, rsrp=rsrp, rssi=rssi, rsrq=rsrq, sinr=sinr))


_CNETCI = re.compile(r"\b(MCC-MNC|TAC|cellid|rsrp|rsrq|pci|earfcn):\s*(-?[0-9]+(?:-[0-9]+)?)(?=[\s,]|$)", re.IGNORECASE)


def cnetci(reply: Reply) -> tuple[Reading, ...]:
    """+CNETCISRVINFO: MCC-MNC: 250-02,TAC: 9738,cellid: …,rsrp: 47,rsrq: 21, pci: 299,earfcn: 2850, and +CNETCINONINFO:
    <n>,… for each neighbour: ids in decimal, levels as indexes of +CESQ (A7672: 47 and 21 beside +CPSI's 47 and 21)."""
    found: list[Reading] = []
    for line in reply.lines:
        prefix = prefix_of(line)
        if prefix in ("+CNETCISRVINFO:", "+CNETCINONINFO:"):
            said = {name.upper(): value for name, value in _CNETCI.findall(body_of(line)[:256])}
            found += _of_cnetci(said, serving=prefix == "+CNETCISRVINFO:")
    return tuple(found)


def _of_cnetci(said: dict[str, str], *, serving: bool) -> tuple[Reading, ...]:
    cell = Cell(
        "lte",
        serving,
        plmn=plmn(*said.get("MCC-MNC", "").partition("-")[::2]),
        tac=decimal_id(said.get("TAC"), 4),
        cell_id=decimal_id(said.get("CELLID")),
        pci=integer(said.get("PCI")),
        channel=integer(said.get("EARFCN")),
    )
    if not serving:
        return (cell,)
    rsrp, rsrq = signal.rsrp_dbm(integer(said.get("RSRP"))), signal.rsrq_db(integer(said.get("RSRQ")))
    return (cell, signal.signal("lte", rsrp=rsrp, rsrq=rsrq))


def _padded_plmn(mcc: str, mnc: str) -> str | None:
    """Of an MNC in three digits everywhere: "001" is 01 but in North America (beginning with 3), where it is 001."""
    is_padded = len(mnc) == 3 and mnc[0] == "0" and mcc[:1] != "3"
    return plmn(mcc, mnc[1:] if is_padded else mnc)


_CCINFO = re.compile(r"\b([A-Za-z]{2,6}):\s*(-?[0-9.]+)(?=[\s,]|dbm|$)", re.IGNORECASE)


def ccinfo(line: str) -> tuple[Reading, ...] | None:
    """+CCINFO:[SCELL],UARFCN:…,MCC:…,MNC:…,LAC:…,ID:…,PSC:…,RSCP:…,ECIO:…,RXLev:-88dbm, [NCell1],… (SIM5320): ids in
    decimal, RSCP and Ec/Io without their sign."""
    body = body_of(line)
    said = {name.upper(): value for name, value in _CCINFO.findall(body[:256])}
    tech: Technology | None = "umts" if "UARFCN" in said else "gsm" if "ARFCN" in said else None
    if tech is None or not body.startswith("["):
        return None
    serving = body.upper().startswith("[SCELL]")
    cell = Cell(
        tech,
        serving,
        plmn=_padded_plmn(said.get("MCC", ""), said.get("MNC", "")),
        lac=decimal_id(said.get("LAC"), 4),
        cell_id=decimal_id(said.get("ID")),
        pci=integer(said.get("PSC")),
        channel=integer(said.get("UARFCN") or said.get("ARFCN")),
    )
    if not serving:
        return (cell,)
    if tech == "gsm":
        return (cell, signal.signal(tech, rssi=number(said.get("RXLEV"))))
    return (cell, signal.signal(tech, rscp=below_zero(said.get("RSCP")), ecio=ecio_db(said.get("ECIO"))))


_CMGRMI = shape("word channel mcc mnc nat [0-9] nat small small small num pci num num num num", 15)


def cmgrmi(line: str) -> tuple[Reading, ...] | None:
    """+CMGRMI: Serving_Cell,<earfcn>,<mcc>,<mnc>,<tac>,<digits>,<cell>,<band>,<dl>,<ul>,<snr>,<pci>,<rsrq>,<rsrp>,…

    Levels in tenths, ids in decimal (SIM7500/SIM7600; the same cell as +CPSI's on a SIM7906).
    """
    fields = shaped(texts(line), _CMGRMI)
    if fields is None or fields[0] != "Serving_Cell":
        return None
    cell = Cell(
        "lte",
        plmn=plmn(fields[2], fields[3]),
        tac=decimal_id(fields[4]),
        cell_id=decimal_id(fields[6]),
        pci=integer(fields[11]),
        channel=integer(fields[1]),
        band=band_of(fields[7]),
    )
    if one_unit(number(fields[13]), number(fields[14])) != 0.1:
        return (cell,)
    rsrq, rsrp, rssi = (scaled(fields[place], 0.1) for place in (12, 13, 14))
    return (cell, signal.signal("lte", rsrq=rsrq, rsrp=rsrp, rssi=rssi, sinr=number(fields[10])))
