"""Quectel's +QENG: the serving cell and its neighbours, by network and by family.

Sources: EC2x&EG2x-G&EG9x-G&EM05 AT Commands Manual, RG50xQ&RM5xxQ AT Commands Manual, BG95&BG77 QuecCell Application
Note, M35/M95 AT Commands Manual (2G); captures quectel-*.
"""

from collections.abc import Callable
from itertools import takewhile
from typing import Literal

from modem import signal
from modem.dialects import quectel_nb
from modem.dialects.quectel_radio import QUALCOMM, Convert, numbered_band, technology
from modem.fields import at, decimal_id, hex_id, integer, number, scaled, texts
from modem.operators import plmn
from modem.values import Cell, NetworkInfo, Reading, Technology

_LTE_LIKE = ("LTE", "CAT-M", "CAT-M1", "EMTC", "CAT-NB", "CAT-NB1", "NBIOT", "NTN NBIOT")
_SERVICE: dict[str, Literal["none", "limited", "valid"]] = {
    "SEARCH": "none",
    "LIMSRV": "limited",
    "NOCONN": "valid",
    "CONNECT": "valid",
}


def serving_cell(sinr: Convert) -> Callable[[str], tuple[Reading, ...] | None]:
    """Reader of +QENG lines, with the family's own meaning of the LTE <sinr>."""

    def read(line: str) -> tuple[Reading, ...] | None:
        fields = texts(line)
        if not fields:
            return None
        if fields[0].lower().startswith("neighbourcell"):
            return _neighbour(fields)
        if fields[0].lower() != "servingcell":
            return _of_rat(fields, sinr) or _engineering(fields)
        state = (at(fields, 1) or "").upper()
        if not fields[2:]:
            return _state(state)
        found = _of_rat(fields[2:], sinr)
        return (*_limited(state, fields[2]), *(found or ()))

    return read


def _of_rat(fields: tuple[str, ...], sinr: Convert) -> tuple[Reading, ...] | None:
    rat = fields[0].upper()
    if rat in _LTE_LIKE:
        return _lte(fields, sinr)
    reader = {"NR5G-NSA": _nsa, "NR5G-SA": _sa, "WCDMA": _wcdma, "GSM": _gsm}.get(rat)
    return reader(fields) if reader else None


def _limited(state: str, rat: str) -> tuple[Reading, ...]:
    """A cell in limited service is camped on, not used: suspended card, forbidden network."""
    return (NetworkInfo(technology(rat), service="limited"),) if state == "LIMSRV" else ()


def _state(state: str) -> tuple[Reading, ...] | None:
    """The state alone: searching, or the first of three lines of EN-DC. RG500Q says "NOCONN" here."""
    service = _SERVICE.get(state)
    return (NetworkInfo(service=service),) if service else None


def _lte(fields: tuple[str, ...], sinr: Convert) -> tuple[Reading, ...] | None:
    """<rat>,<duplex>,<mcc>,<mnc>,<cell>,<pci>,<earfcn>,<band>,<ul>,<dl>,<tac>,<rsrp>,<rsrq>,<rssi>,<sinr>,…"""
    if len(fields) < 13:
        return None
    tech = technology(fields[0])
    if fields[6].upper().startswith("EUTRAN"):
        return _lte_in_tenths(fields, tech)
    cell = Cell(
        technology=tech,
        plmn=plmn(at(fields, 2), at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        pci=integer(at(fields, 5)),
        channel=integer(at(fields, 6)),
        band=numbered_band(at(fields, 7), tech),
        tac=hex_id(at(fields, 10)),
    )
    if fields[0].upper().startswith("CAT-"):  # so called by the BG96 alone, a Qualcomm module
        sinr = QUALCOMM.lte
    said = tuple(takewhile(_is_level, fields[11:15]))
    rsrp, rsrq, rssi = (number(at(said, place)) for place in range(3))
    return (cell, signal.signal(tech, rsrp=rsrp, rsrq=rsrq, rssi=rssi, sinr=sinr(at(said, 3))))


def _is_level(text: str) -> bool:
    """A number, or the dash of "not measured". "-11.-72" lost its comma, and all that follows stands one place off."""
    return number(text) is not None or text in ("", "-")


def _lte_in_tenths(fields: tuple[str, ...], tech: Technology | None) -> tuple[Reading, ...]:
    """SIMCom's SIM8262 answers +QENG too: <cell> in decimal, the band by name before the channel, levels in tenths."""
    cell = Cell(
        technology=tech,
        plmn=plmn(at(fields, 2), at(fields, 3)),
        cell_id=decimal_id(at(fields, 4)),
        pci=integer(at(fields, 5)),
        channel=integer(at(fields, 7)),
        band=numbered_band(fields[6][len("EUTRAN-BAND") :], tech),
        tac=hex_id(at(fields, 10)),
    )
    rsrp, rsrq, rssi = (scaled(at(fields, place), 0.1) for place in (11, 12, 13))
    return (cell, signal.signal(tech, rsrp=rsrp, rsrq=rsrq, rssi=rssi))


def _sa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "NR5G-SA",<duplex>,<mcc>,<mnc>,<cell>,<pci>,<tac>,<arfcn>,<band>,<bandwidth>,<rsrp>,<rsrq>,<sinr>,…"""
    if len(fields) < 12:
        return None
    cell = Cell(
        technology="nr",
        plmn=plmn(at(fields, 2), at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        pci=integer(at(fields, 5)),
        tac=hex_id(at(fields, 6)),
        channel=integer(at(fields, 7)),
        band=numbered_band(at(fields, 8), "nr"),
    )
    level = signal.signal("nr", rsrp=number(at(fields, 10)), rsrq=number(at(fields, 11)), sinr=number(at(fields, 12)))
    return (cell, level)


def _nsa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "NR5G-NSA",<mcc>,<mnc>,<pci>,<rsrp>,<sinr>,<rsrq>,<arfcn>,<band>: SINR before RSRQ, unlike everywhere else.

    Early RM500Q end behind <rsrq>, and their SINR is in tenths (180 beside 18.5 dB over QMI): too little to read it.
    """
    if len(fields) < 7:
        return None
    cell = Cell(
        technology="nr_nsa",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        pci=integer(at(fields, 3)),
        channel=integer(at(fields, 7)),
        band=numbered_band(at(fields, 8), "nr_nsa"),
    )
    sinr = number(at(fields, 5)) if len(fields) > 7 else None
    level = signal.signal("nr_nsa", rsrp=number(at(fields, 4)), sinr=sinr, rsrq=number(at(fields, 6)))
    return (cell, level)


def _wcdma(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "WCDMA",<mcc>,<mnc>,<lac>,<cell>,<uarfcn>,<psc>,<rac>,<rscp>,<ecio>,…"""
    if len(fields) < 10:
        return None
    cell = Cell(
        technology="umts",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        lac=hex_id(at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        channel=integer(at(fields, 5)),
        pci=integer(at(fields, 6)),
    )
    return (cell, signal.signal("umts", rscp=number(at(fields, 8)), ecio=number(at(fields, 9))))


def _gsm(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "GSM",<mcc>,<mnc>,<lac>,<cell>,<bsic>,<arfcn>,<band>,<rxlev>,…: rxlev in dBm, or as an index from -111 dBm."""
    if len(fields) < 9:
        return None
    cell = Cell(
        technology="gsm",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        lac=hex_id(at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        channel=integer(at(fields, 6)),
    )
    level = integer(at(fields, 8))
    rssi = level if level is None or level < 0 else signal.rxlev_dbm(level)
    return (cell, signal.signal("gsm", rssi=rssi))


def _neighbour(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "neighbourcell intra","LTE",<earfcn>,<pci>,…; "neighbourcell","NR",<arfcn>,<pci>,… (RM500U)."""
    rat = (at(fields, 1) or "").upper()
    tech: Technology | None = "nr" if rat == "NR" else technology(rat)
    if len(fields) < 4 or tech is None:
        return None
    if tech == "gsm":
        return (_gsm_neighbour(fields),)
    pci = _scrambling_code(fields) if tech == "umts" else integer(fields[3])
    return (Cell(tech, serving=False, channel=integer(fields[2]), pci=pci),)


def _scrambling_code(fields: tuple[str, ...]) -> int | None:
    """Behind the priority and two thresholds when seen from LTE, behind one figure from 3G; the RSCP follows it."""
    for place in (6, 4):
        rscp = number(at(fields, place + 1))
        if rscp is not None and rscp < 0:
            return integer(at(fields, place))
    return None


_OF_2G = 12
"""Fields of a GSM neighbour seen from GSM; from LTE there are eleven: <arfcn>,<priority>,…"""


def _gsm_neighbour(fields: tuple[str, ...]) -> Cell:
    """Seen from GSM: <mcc>,<mnc>,<lac>,<cell>,<bsic>,<arfcn>,…"""
    if len(fields) < _OF_2G:
        return Cell("gsm", serving=False, channel=integer(fields[2]))
    return Cell(
        "gsm",
        serving=False,
        plmn=plmn(fields[2], fields[3]),
        lac=hex_id(fields[4]),
        cell_id=hex_id(fields[5]),
        channel=integer(fields[7]),
    )


def _engineering(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """0,<mcc>,<mnc>,<lac>,<cell>,<bcch>,<bsic>,<dBm>,…: the serving cell of a 2G module (M35, M95, MC60)."""
    if quectel_nb.is_nb(fields):
        return quectel_nb.serving_cell(fields)
    if len(fields) < 12 or fields[0] != "0":
        return None
    network = plmn(at(fields, 1), at(fields, 2))
    if network is None:
        return None
    cell = Cell("gsm", plmn=network, lac=hex_id(fields[3]), cell_id=hex_id(fields[4]), channel=integer(at(fields, 5)))
    return (cell, signal.signal("gsm", rssi=number(at(fields, 7))))


_SCANNED: dict[str, Technology] = {"LTE": "lte", "NR5G": "nr"}


def scanned(line: str) -> Cell | None:
    """+QSCAN: "LTE",<mcc>,<mnc>,<channel>,<pci>,<rsrp>,<rsrq>,<srxlev>,<squal>,<cell>,<tac>,…; of "NR5G" <scs> for
    <squal> (RG50x, RM520N). Levels of a scan are not our signal."""
    fields = texts(line)
    tech = _SCANNED.get((at(fields, 0) or "").upper())
    network = plmn(at(fields, 1), at(fields, 2))
    if tech is None or network is None:
        return None
    ids = {"cell_id": hex_id(at(fields, 9)), "tac": hex_id(at(fields, 10))}
    return Cell(tech, serving=False, plmn=network, channel=integer(at(fields, 3)), pci=integer(at(fields, 4)), **ids)
