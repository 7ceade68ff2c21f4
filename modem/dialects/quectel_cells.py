"""Quectel's +QENG: the serving cell and its neighbours, by network and by family.

Sources: EC2x&EG2x-G&EG9x-G&EM05 AT Commands Manual, RG50xQ&RM5xxQ AT Commands Manual, BG95&BG77 QuecCell Application
Note, M35/M95 AT Commands Manual (2G); captures quectel-*.
"""

from collections.abc import Callable
from typing import Literal

from modem import signal
from modem.dialects import quectel_nb
from modem.dialects.quectel_radio import QUALCOMM, Convert, numbered_band, technology
from modem.fields import at, decimal_id, hex_id, integer, number, scaled, texts
from modem.operators import plmn
from modem.shapes import shape, shaped
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


_LTE = shape("word [FT]DD mcc mnc cell pci channel small small small area level level level num int", 13)
_CAT_M = shape("word [FT]DD mcc mnc cell pci channel small small small area level level level num int", 13, 15)
"""A BG95 was seen to end behind <sinr>."""


def _lte(fields: tuple[str, ...], sinr: Convert) -> tuple[Reading, ...] | None:
    """<rat>,<duplex>,<mcc>,<mnc>,<cell>,<pci>,<earfcn>,<band>,<ul>,<dl>,<tac>,<rsrp>,<rsrq>,<rssi>,<sinr>,…"""
    tech = technology(fields[0])
    if (at(fields, 6) or "").upper().startswith("EUTRAN"):
        return _lte_in_tenths(fields, tech)
    found = shaped(fields, _LTE if tech == "lte" else _CAT_M)
    if found is None:
        return None
    fields = found
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
    rsrp, rsrq, rssi = (number(at(fields, place)) for place in (11, 12, 13))
    return (cell, signal.signal(tech, rsrp=rsrp, rsrq=rsrq, rssi=rssi, sinr=sinr(at(fields, 14))))


_IN_TENTHS = shape(r"word [FT]DD mcc mnc nat pci EUTRAN-BAND\d+ channel small small area level level level", 13, 15)


def _lte_in_tenths(fields: tuple[str, ...], tech: Technology | None) -> tuple[Reading, ...] | None:
    """SIMCom's SIM8262 answers +QENG too: <cell> in decimal, the band by name before the channel, levels in tenths."""
    found = shaped(fields, _IN_TENTHS)
    if found is None:
        return None
    fields = found
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


_SA = shape("word [FT]DD mcc mnc wide pci area channel small small level level num int", 12)


def _sa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "NR5G-SA",<duplex>,<mcc>,<mnc>,<cell>,<pci>,<tac>,<arfcn>,<band>,<bandwidth>,<rsrp>,<rsrq>,<sinr>,…"""
    if (found := shaped(fields, _SA)) is None:
        return None
    fields = found
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


_NSA_EARLY = shape("word mcc mnc pci level num level", 7)
_NSA = shape("word mcc mnc pci level num level channel small small small", 7)


def _nsa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "NR5G-NSA",<mcc>,<mnc>,<pci>,<rsrp>,<sinr>,<rsrq>,<arfcn>,<band>: SINR before RSRQ, unlike everywhere else.

    Early RM500Q end behind <rsrq>, and their SINR is in tenths (180 beside 18.5 dB over QMI): too little to read it.
    """
    is_early = len(fields) == _NSA_EARLY.least
    if (found := shaped(fields, _NSA_EARLY if is_early else _NSA)) is None:
        return None
    fields = found
    cell = Cell(
        technology="nr_nsa",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        pci=integer(at(fields, 3)),
        channel=integer(at(fields, 7)),
        band=numbered_band(at(fields, 8), "nr_nsa"),
    )
    sinr = None if is_early else number(at(fields, 5))
    level = signal.signal("nr_nsa", rsrp=number(at(fields, 4)), sinr=sinr, rsrq=number(at(fields, 6)))
    return (cell, level)


_WCDMA = shape("word mcc mnc area cell channel pci int level level any any any any any", 10)


def _wcdma(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "WCDMA",<mcc>,<mnc>,<lac>,<cell>,<uarfcn>,<psc>,<rac>,<rscp>,<ecio>,…"""
    if (found := shaped(fields, _WCDMA)) is None:
        return None
    fields = found
    cell = Cell(
        technology="umts",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        lac=hex_id(at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        channel=integer(at(fields, 5)),
        pci=integer(at(fields, 6)),
    )
    return (cell, signal.signal("umts", rscp=number(at(fields, 8)), ecio=number(at(fields, 9))))


_GSM = shape("word mcc mnc area area small channel any int any", 9)


def _gsm(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "GSM",<mcc>,<mnc>,<lac>,<cell>,<bsic>,<arfcn>,<band>,<rxlev>,…: rxlev in dBm, or as an index from -111 dBm."""
    if (found := shaped(fields, _GSM)) is None:
        return None
    fields = found
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


_LTE_NEIGHBOUR = shape("any word channel pci level level", 4)
_UMTS_NEIGHBOUR = shape("any word [0-9]{3,5} int int num", 4)


def _neighbour(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "neighbourcell intra","LTE",<earfcn>,<pci>,…; "neighbourcell","NR",<arfcn>,<pci>,… (RM500U)."""
    rat = (at(fields, 1) or "").upper()
    tech: Technology | None = "nr" if rat == "NR" else technology(rat)
    if tech == "gsm":
        return _gsm_neighbour(fields)
    found = shaped(fields, _UMTS_NEIGHBOUR if tech == "umts" else _LTE_NEIGHBOUR)
    if found is None or tech is None:
        return None
    pci = _scrambling_code(found) if tech == "umts" else integer(found[3])
    return (Cell(tech, serving=False, channel=integer(found[2]), pci=pci),)


def _scrambling_code(fields: tuple[str, ...]) -> int | None:
    """Behind the priority and two thresholds when seen from LTE, behind one figure from 3G; the RSCP follows it."""
    for place in (6, 4):
        rscp = number(at(fields, place + 1))
        if rscp is not None and rscp < 0:
            return integer(at(fields, place))
    return None


_OF_2G = 12
"""Fields of a GSM neighbour seen from GSM; from LTE there are eleven: <arfcn>,<priority>,…"""
_GSM_NEIGHBOUR = shape("any word mcc mnc area area small channel int", _OF_2G)
_GSM_FROM_LTE = shape("any word channel [0-9] [0-9]{1,2} [0-9]{1,2} small", _OF_2G - 1)


def _gsm_neighbour(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """Seen from GSM: <mcc>,<mnc>,<lac>,<cell>,<bsic>,<arfcn>,…"""
    found = shaped(fields, _GSM_NEIGHBOUR if len(fields) >= _OF_2G else _GSM_FROM_LTE)
    if found is None:
        return None
    if len(fields) < _OF_2G:
        return (Cell("gsm", serving=False, channel=integer(found[2])),)
    cell = Cell(
        "gsm",
        serving=False,
        plmn=plmn(found[2], found[3]),
        lac=hex_id(found[4]),
        cell_id=hex_id(found[5]),
        channel=integer(found[7]),
    )
    return (cell,)


_ENGINEERING = shape("0 mcc mnc area area channel small level num num", 12)


def _engineering(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """0,<mcc>,<mnc>,<lac>,<cell>,<bcch>,<bsic>,<dBm>,…: the serving cell of a 2G module (M35, M95, MC60)."""
    if quectel_nb.is_nb(fields):
        return quectel_nb.serving_cell(fields)
    found = shaped(fields, _ENGINEERING) if fields[0] == "0" else None
    network = plmn(found[1], found[2]) if found else None
    if found is None or network is None:
        return None
    cell = Cell("gsm", plmn=network, lac=hex_id(found[3]), cell_id=hex_id(found[4]), channel=integer(found[5]))
    return (cell, signal.signal("gsm", rssi=number(found[7])))


_OF_SCAN = shape("word mcc mnc channel pci level level num num wide area any", 5)
_SCANNED: dict[str, Technology] = {"LTE": "lte", "NR5G": "nr"}


def scanned(line: str) -> Cell | None:
    """+QSCAN: "LTE",<mcc>,<mnc>,<channel>,<pci>,<rsrp>,<rsrq>,<srxlev>,<squal>,<cell>,<tac>,…; of "NR5G" <scs> for
    <squal> (RG50x, RM520N). Levels of a scan are not our signal."""
    found = shaped(texts(line), _OF_SCAN)
    tech = _SCANNED.get(found[0].upper()) if found else None
    network = plmn(found[1], found[2]) if found else None
    if found is None or tech is None or network is None:
        return None
    ids = {"cell_id": hex_id(found[9]), "tac": hex_id(found[10])}
    return Cell(tech, serving=False, plmn=network, channel=integer(found[3]), pci=integer(found[4]), **ids)
