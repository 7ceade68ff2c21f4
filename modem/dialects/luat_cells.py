"""Cells of the chips in Luat's and others' Cat 1 modules: ASR's engineering mode (+EEM…), EigenComm's +ECSTATUS.

Sources: a FAQ of a maker of ASR modules with the fields and lines of all networks (+EEMLTESVC, +EEMGINFOSVC,
+EEMUMTSSVC and their neighbours), Luat's sample scripts, trackers' logs; EigenComm's firmware source (+ECSTATUS). Ids
are in decimal, codes of networks in BCD: 1120 is 0x460.
"""

import re

from modem import card, signal
from modem.fields import at, band_of, body_of, decimal_id, integer, number, prefix_of, texts
from modem.operators import plmn
from modem.replies import LineReader
from modem.shapes import shape, shaped
from modem.values import Cell, Functionality, Reading, Signal

_MNC_DIGITS = (2, 3)
_FIGURES = 10
_PLACE = "[0-9]{3,4} small nat nat pci channel channel small small nat"
_LEVELS = f"{'small ' * 9} {'int ' * 8}"
_OLDER, _NEWER = shape(f"{_PLACE} {_LEVELS}", _FIGURES), shape(f"{_PLACE} nat {_LEVELS} int int", _FIGURES)
"""The newer has one more in front of its levels."""
_ALIKE = 3
"""So far the level of all receivers and that of the first may be apart: it tells where they stand."""


def eemltesvc(line: str) -> tuple[Reading, ...] | None:
    """+EEMLTESVC: <mcc>,<digits of mnc>,<mnc>,<tac>,<pci>,<channel>,<uplink>,<band>,<width>,<cell>,[<?>,]<rsrp>,<rsrq>,
    <sinr>,<rsrp of the first receiver>,…: levels are indexes of +CESQ, the unit of the SINR is not known."""
    fields = texts(line)
    of = _NEWER if len(fields) >= _NEWER.whole else _OLDER
    said = shaped(fields, of)
    if said is None:
        return None
    mcc, mnc, digits, band = said[0], said[2], integer(said[1]), band_of(said[7])
    cell = Cell(
        "lte",
        plmn=_bcd(mcc, mnc, digits) if digits in _MNC_DIGITS else None,
        tac=decimal_id(said[3]),
        cell_id=decimal_id(said[9]),
        pci=integer(said[4]) if band else None,
        channel=integer(said[5]) if band else None,
        band=band,
    )
    level = _level(said, _FIGURES + (of is _NEWER)) if len(fields) == of.whole else None
    return (cell, level) if level else (cell,)


def _level(fields: tuple[str, ...], first: int) -> Signal | None:
    rsrp, rsrq, again = (integer(fields[place]) for place in (first, first + 1, first + 3))
    if not rsrp or again is None or abs(rsrp - again) > _ALIKE:
        return None
    return signal.signal("lte", rsrp=signal.rsrp_dbm(rsrp), rsrq=signal.rsrq_db(rsrq))


def _bcd(mcc: str | None, mnc: str | None, digits: int = 2) -> str | None:
    first, second = integer(mcc), integer(mnc)
    if not first or second is None or first < 0 or second < 0:
        return None
    return plmn(f"{first:X}", f"{second:X}".zfill(digits))


_BESIDE = "small pci channel small small"
_BARE, _NAMED = shape(_BESIDE, 5), shape(f"{_BESIDE} nat nat nat nat", 5)


def neighbour(line: str) -> Cell | None:
    """+EEMLTEINTRA and +EEMLTEINTER: <n>,<pci>,<channel>,<rsrp>,<rsrq>[,<mcc>,<mnc>,<tac>,<cell>]."""
    heard = texts(line)
    fields = shaped(heard, _NAMED if len(heard) > _BARE.whole else _BARE) or ()
    pci, channel = integer(at(fields, 1)), integer(at(fields, 2))
    if pci is None or not channel:
        return None
    return Cell(
        "lte",
        serving=False,
        plmn=_bcd(at(fields, 5), at(fields, 6)),
        tac=decimal_id(at(fields, 7)),
        cell_id=decimal_id(at(fields, 8)),
        pci=pci,
        channel=channel,
    )


_GSM_CHANNEL = 22
_GSM_SERVING = shape(f"nat nat nat nat {'small ' * 18} [0-9]{{1,4}} {'nat ' * 13}", 36)
_GSM_NEIGHBOUR = shape("small nat nat nat small nat small small int int [0-9]{1,4} int int", 13)


def gsm(line: str) -> Cell | None:
    """+EEMGINFOSVC: <mcc>,<mnc>,<lac>,<cell>,…, the channel as the 23rd of 36; +EEMGINFONC: <n>,<mcc>,<mnc>,<lac>,
    <rac>,<cell>,<rxlev>,<bsic>,<c1>,<c2>,<channel>,…"""
    serving = prefix_of(line) == "+EEMGINFOSVC:"
    fields = shaped(texts(line), _GSM_SERVING if serving else _GSM_NEIGHBOUR)
    if fields is None:
        return None
    network = _bcd(fields[0], fields[1]) if serving else _bcd(fields[1], fields[2])
    area, cell = (fields[2], fields[3]) if serving else (fields[3], fields[5])
    channel = integer(fields[_GSM_CHANNEL if serving else 10])
    ids = decimal_id(area, 4), decimal_id(cell)
    return Cell("gsm", serving, plmn=network, lac=ids[0], cell_id=ids[1], channel=channel) if network else None


_PLACE_OF_3G = {"1": 12, "0": 10}
"""Where the code of the network stands, by the fourth field: 1 W-CDMA, 0 TD-SCDMA."""
_OF_3G = {
    start: shape(f"3 1 1 [01] {'int ' * (start - 4)} [0-9]{{3,4}} nat nat nat nat pci [0-9]{{1,5}} {rest}", start + 8)
    for start, rest in ((12, "int " * 4), (10, "int " * 9))
}


def umts(line: str) -> Cell | None:
    """+EEMUMTSSVC: 3,1,1,<kind>,<level>,…,<mcc>,<mnc>,<lac>,<cell>,<ura>,<psc>,<channel>,…"""
    fields = texts(line)
    start = _PLACE_OF_3G.get(at(fields, 3) or "") if fields[:3] == ("3", "1", "1") else None
    said = shaped(fields, _OF_3G[start]) if start else None
    if start is None or said is None:
        return None
    mcc, mnc, lac, cell, _, code, channel = said[start : start + 7]
    network = _bcd(mcc, mnc)
    if network is None:
        return None
    ids = decimal_id(lac, 4), decimal_id(cell)
    return Cell("umts", plmn=network, lac=ids[0], cell_id=ids[1], pci=integer(code), channel=integer(channel))


READERS: dict[str, LineReader] = {
    "+EEMLTESVC": eemltesvc,
    **dict.fromkeys(("+EEMLTEINTRA", "+EEMLTEINTER"), neighbour),
    **dict.fromkeys(("+EEMGINFOSVC", "+EEMGINFONC"), gsm),
    "+EEMUMTSSVC": umts,
}

_PAIR = re.compile(r"\b([A-Za-z0-9]{2,12}):(\")?(-?[0-9]{1,15})(?(2)\")(?=(,|$))")


def ecstatus(line: str) -> tuple[Reading, ...] | None:
    """+ECSTATUS: PHY, DlEarfcn:…, PCI:…, Band:…, RSRP:…, RSRQ:…, in dBm and dB; RRC, State:…, TAC:…, CellId:…, ids in
    decimal; CCM, Cfun:…, IMSI:"…". NB-IoT or LTE is not said, and the scale of SNR neither."""
    layer, _, rest = body_of(line)[:512].partition(",")
    said = {name.lower(): value for name, _, value, behind in _PAIR.findall(rest) if behind or layer != "PHY"}
    if layer == "PHY" and "dlearfcn" in said:
        pci, channel, band = integer(said.get("pci")), integer(said["dlearfcn"]), band_of(said.get("band"))
        if not channel:
            return None
        level = signal.signal(None, rsrp=number(said.get("rsrp")), rsrq=number(said.get("rsrq")))
        return (Cell(pci=pci, channel=channel, band=band), level)
    if layer == "RRC" and (cell := decimal_id(said.get("cellid"))):
        return (Cell(tac=decimal_id(said.get("tac"), 4), cell_id=cell),)
    if layer != "CCM":
        return None
    fun, imsi = integer(said.get("cfun")), card.imsi(said.get("imsi", ""))
    return (*((Functionality(fun),) if fun is not None else ()), *((imsi,) if imsi else ()))
