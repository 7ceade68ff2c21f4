"""Telit's three ways to tell the serving cell on 2G, 3G and 4G: #RFSTS, #SERVINFO, #MONI.

Sources: Telit LE910Cx AT Commands Reference Guide 80502ST10950A and HE910/UE910 AT Commands Reference Guide
80378ST10091A, the three commands; GM862 guide 80000ST10025a (#MONI of 2G).
"""

import re

from modem import signal
from modem.commands import lines_of
from modem.events import Reply
from modem.fields import at, body_of, hex_id, integer, number, texts
from modem.operators import plmn, plmn_of
from modem.values import Cell, Reading

_PAIR = re.compile(r"\b([A-Za-z]{2,8}):(-?[0-9.]+(?= ?dbm)|-?[0-9A-Fa-f.]+)", re.IGNORECASE)
_IMSI = re.compile(r"[0-9]{14,15}")


def rfsts_umts(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """<plmn>,<uarfcn>,<psc>,<ec/io>,<rscp>,<rssi>,<lac>,<rac>,…,<cell>,<imsi>,…"""
    psc, ecio, rscp, rssi = (number(at(fields, place)) for place in (2, 3, 4, 5))
    if psc is None or psc < 0 or rscp is None or rscp >= 0:
        return None
    mcc, _, mnc = fields[0].partition(" ")
    cell = Cell(
        "umts",
        plmn=plmn(mcc, mnc),
        lac=hex_id(at(fields, 6)),
        cell_id=_before_imsi(fields),
        pci=integer(fields[2]),
        channel=integer(fields[1]),
    )
    return (cell, signal.signal("umts", ecio=ecio, rscp=rscp, rssi=rssi))


def rfsts_gsm(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """<plmn>,<arfcn>,<rssi>,<lac>,<rac>,<tx power>,<mm>,<rr>,<nom>,<cell>,<imsi>,…: one level, then the LAC in hex."""
    rssi, second = number(at(fields, 2)), at(fields, 3)
    if rssi is None or rssi >= 0 or second is None or second.startswith("-"):
        return None
    mcc, _, mnc = fields[0].partition(" ")
    cell = Cell(
        "gsm",
        plmn=plmn(mcc, mnc),
        lac=hex_id(second),
        cell_id=_before_imsi(fields),
        channel=integer(fields[1]),
    )
    return (cell, signal.signal("gsm", rssi=rssi))


def _before_imsi(fields: tuple[str, ...]) -> str | None:
    place = next((place for place, text in enumerate(fields) if place > 6 and _IMSI.fullmatch(text)), None)
    return hex_id(fields[place - 1]) if place is not None else None


_LTE_FIELDS, _UMTS_FIELDS = 9, 11


def servinfo(line: str) -> tuple[Reading, ...] | None:
    """#SERVINFO: <channel>,<dBm>,<name>,<plmn>, then by network:

    LTE <pci>,<tac>,<drx>,<sd>,<rsrp> · 3G <psc>,<lac>,<drx>,<sd>,<rscp>,<nom>,<rac> · 2G <bsic>,<lac>,<ta>,<gprs>,…
    """
    fields = texts(line)
    channel, level = integer(at(fields, 0)), number(at(fields, 1))
    if channel is None or level is None or len(fields) < 8:
        return None
    code, area, own = plmn_of(at(fields, 3)), hex_id(at(fields, 5)), number(at(fields, 8))
    is_measured = own is not None and own < 0
    if is_measured and len(fields) == _LTE_FIELDS:
        cell = Cell("lte", plmn=code, tac=area, pci=integer(at(fields, 4)), channel=channel)
        return (cell, signal.signal("lte", rssi=level, rsrp=own))
    if is_measured and len(fields) >= _UMTS_FIELDS:
        cell = Cell("umts", plmn=code, lac=area, pci=integer(at(fields, 4)), channel=channel)
        return (cell, signal.signal("umts", rssi=level, rscp=own))
    if integer(at(fields, 7)) not in (0, 1):
        return None
    return (Cell("gsm", plmn=code, lac=area, channel=channel), signal.signal("gsm", rssi=level))


def moni(reply: Reply) -> tuple[Reading, ...]:
    """#MONI: [<name> | Cc:<cc> Nc:<nc> ]name:value pairs; the first line is the cell in use. The table is not read.

    4G RSRP RSRQ TAC Id EARFCN PWR · 3G PSC RSCP LAC Id EcIo UARFCN PWR · 2G BSIC RxQual LAC Id ARFCN PWR.
    """
    for line in lines_of(reply, "#MONI:"):
        said = {name.upper(): value for name, value in _PAIR.findall(body_of(line)[:512])}
        if "RSRP" in said:
            return _lte(said)
        if "RSCP" in said:
            return _umts(said)
        return _gsm(said) if "ARFCN" in said and "BSIC" in said else ()
    return ()


def _lte(said: dict[str, str]) -> tuple[Reading, ...]:
    level = signal.signal("lte", rsrp=number(said["RSRP"]), rsrq=number(said.get("RSRQ")), rssi=number(said.get("PWR")))
    where = Cell(
        "lte",
        plmn=plmn(said.get("CC"), said.get("NC")),
        tac=hex_id(said.get("TAC")),
        channel=integer(said.get("EARFCN")),
    )
    return (where, level)


def _umts(said: dict[str, str]) -> tuple[Reading, ...]:
    cell = Cell(
        "umts",
        plmn=plmn(said.get("CC"), said.get("NC")),
        lac=hex_id(said.get("LAC")),
        cell_id=hex_id(said.get("ID")),
        pci=integer(said.get("PSC")),
        channel=integer(said.get("UARFCN")),
    )
    rscp, ecio, rssi = (number(said.get(name)) for name in ("RSCP", "ECIO", "PWR"))
    return (cell, signal.signal("umts", rscp=rscp, ecio=ecio, rssi=rssi))


def _gsm(said: dict[str, str]) -> tuple[Reading, ...]:
    cell = Cell(
        "gsm",
        plmn=plmn(said.get("CC"), said.get("NC")),
        lac=hex_id(said.get("LAC")),
        cell_id=hex_id(said.get("ID")),
        channel=integer(said.get("ARFCN")),
    )
    return (cell, signal.signal("gsm", rssi=number(said.get("PWR"))))
