"""ZTE: MF sticks, ZM9000, and modules on ZTE chips (Tozed). Sources: ZTE AT Command Reference for WCDMA modules;
captures zte-*, tozed-lt70-c-01. AT+ZPAS? answers +ZPAS: or, on sticks, +BEARTYPE:; +CSQ says 99 on 5G alone."""

import re
from dataclasses import replace
from typing import Literal

from modem import card, signal
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import at, band_of, body_of, decimal_id, hex_id, hexadecimal, integer, number, texts
from modem.operators import name_of, plmn, plmn_of
from modem.replies import each
from modem.shapes import shape, shaped
from modem.values import Cell, NetworkInfo, Operator, Signal, Technology

_MODES: dict[str, Technology] = {
    "GSM": "gsm",
    "GPRS": "gsm",
    "EDGE": "edge",
    "UMTS": "umts",
    "WCDMA": "umts",
    "3G": "umts",  # MF626 and K3765-Z, which know no other 3G
    "TD-SCDMA": "umts",
    "HSDPA": "hspa",
    "HSUPA": "hspa",
    "HSPA": "hspa",
    "HSPA+": "hspa",
    "LTE": "lte",
    "NR5G-SA": "nr",
    "NR5G-NSA": "nr_nsa",
    "ENDC": "nr_nsa",
}
_SERVICE: dict[str, Literal["none", "limited"]] = {"NO SERVICE": "none", "LIMITED SERVICE": "limited"}


def zpas(line: str) -> NetworkInfo | None:
    """+ZPAS: <network>,<service domain>."""
    name = (at(texts(line), 0) or "").upper()
    if name in _SERVICE:
        return NetworkInfo(service=_SERVICE[name])
    return NetworkInfo(_MODES[name], service="valid") if name in _MODES else None


def zrssi(line: str) -> Signal | None:
    """+ZRSSI: <rsrp>,<rsrq>,<?>,<sinr> in dBm and dB (LTE, Tozed). Older sticks' three positive numbers stay unread."""
    values = [number(text) for text in texts(line)]
    if len(values) < 4 or values[0] is None or values[0] >= 0:
        return None
    return signal.signal("lte", rsrp=values[0], rsrq=values[1], sinr=values[3])


_LTE_BAND = re.compile(r"LTE B(\d{1,3})", re.ASCII | re.IGNORECASE)
_NAMED_CELL = re.compile(r"(tac|cellid|pci|band):\s*([0-9A-Fa-fx]{1,10})(?=[\",\s]|$)", re.IGNORECASE)
_AREA_FIRST, _CELL_FIRST = 3, 2
"""Where the band stands."""


def zcellinfo(line: str) -> Cell | None:
    """+ZCELLINFO: <cell>,<pci>,LTE B<n>,<earfcn> (MF821), 0X<tac>,0X<cell>,0X<pci>,LTE B<n>,<earfcn> (ME3630), or
    tac:…,cellid:…,pci:…,band:… (GM500): ids count only where 0X shows that they are hexadecimal."""
    named = {name.lower(): value for name, value in _NAMED_CELL.findall(body_of(line)[:256])}
    if named:
        return Cell("lte", pci=integer(named.get("pci")), band=band_of(named.get("band")))
    fields = texts(line)
    place = next((place for place, text in enumerate(fields) if _LTE_BAND.fullmatch(text)), None)
    if place is None:
        return None
    cell = Cell("lte", channel=integer(at(fields, place + 1)), band=f"B{int(fields[place][len('LTE B') :])}")
    if place == _CELL_FIRST:
        return replace(cell, pci=integer(fields[1]))
    if place != _AREA_FIRST or not all(text.upper().startswith("0X") for text in fields[:place]):
        return cell
    tac, cell_id, pci = hex_id(fields[0]), hex_id(fields[1]), hexadecimal(fields[2])
    return replace(cell, tac=tac, cell_id=cell_id, pci=int(pci, 16) if pci and cell_id else None)


def zsinr(line: str) -> Signal | None:
    """+ZSINR: <dB>,<tenths>[,…]: of the first receiver (MF821)."""
    fields = texts(line)
    whole, tenths = at(fields, 0) or "", at(fields, 1) or ""
    is_told = integer(whole) is not None and len(tenths) == 1 and tenths.isdecimal()
    return signal.signal("lte", sinr=number(f"{whole}.{tenths}")) if is_told else None


_OF_ZEMSCIQ = shape("small small nat small [0-9]{1,5} plmn pci channel small", 9)


def zemsciq(line: str) -> Cell | None:
    """+ZEMSCIQ: <stat>,<act>,<cell>,<rac>,<tac>,"<plmn>",<pci>,<earfcn>,<band>: ids in decimal (ZX7520, LTE alone)."""
    fields = shaped(texts(line), _OF_ZEMSCIQ)
    if fields is None:
        return None
    return Cell(
        "lte",
        plmn=plmn_of(fields[5]),
        tac=decimal_id(fields[4], 4),
        cell_id=decimal_id(fields[2]),
        pci=integer(fields[6]),
        channel=integer(fields[7]),
        band=band_of(fields[8]),
    )


_TRIES = each(card.tries(puk_at=1, count=2))


def zdonr(line: str) -> Operator | None:
    """+ZDONR: "<name>",<mcc>,<mnc>,"CS_PS","ROAM_OFF": the network that it is on now."""
    fields = texts(line)
    network, name = plmn(at(fields, 1), at(fields, 2)), name_of(at(fields, 0))
    return Operator(name=name, plmn=network) if network and name else None


ZTE = vendor(
    "zte",
    asks={
        Question.ICCID: (Ask("AT+ZGETICCID", (), each(card.number)),),
        Question.CELL: (Ask("AT+ZCELLINFO?", ("+ZCELLINFO:",), each(zcellinfo, "+ZCELLINFO:")),),
        Question.NETWORK_INFO: (Ask("AT+ZPAS?", ("+ZPAS:", "+BEARTYPE:"), each(zpas, "+ZPAS:", "+BEARTYPE:")),),
    },
    urcs={
        "+ZPASR:": urc(each(zpas)),
        "+ZDONR:": urc(each(zdonr)),
        **dict.fromkeys(("+ZUSIMR:", "+ZEND:", "+ZMSTAT:"), nothing),
    },
    parsers={
        "+ZCELLINFO": each(zcellinfo),
        "+ZPAS": each(zpas),
        "+BEARTYPE": each(zpas),
        "+ZRSSI": each(zrssi),
        "+ZSINR": each(zsinr),
        "+ZEMSCIQ": each(zemsciq),
        "+ZPINPUK": _TRIES,
        "+ZGETICCID": each(card.number),
        **dict.fromkeys(("+ZICCID", "*MICCID"), each(card.number)),
    },
)
ALL = (ZTE,)
