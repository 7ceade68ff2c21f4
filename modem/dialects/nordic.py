"""Nordic nRF91. Source: nRF91 AT Commands Command Reference Guide (%XMONITOR, %NCELLMEAS,
%XSNRSQ, %XICCID, %XVBAT, %XTEMP, %XTIME, %XCBAND, %SHORTSWVER)."""

import re

from modem import board, card, signal
from modem.board import degrees
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import at, band_of, body_of, hex_id, integer, split, texts
from modem.operators import plmn_of
from modem.registration import TECHNOLOGY
from modem.replies import each
from modem.shapes import shape, shaped
from modem.values import Cell, Clock, Identity, NetworkInfo, Reading, Signal, Technology, Voltage

_SNR_LAST = 49
_LTE_M: dict[Technology, Technology] = {"lte": "lte_m"}
"""The nRF91 has no other LTE: <AcT> 7 is LTE-M."""


_XMONITOR = shape("small any any plmn area [0-9]{1,2} small cell pci channel small small any", 12)


def xmonitor(line: str) -> tuple[Reading, ...] | None:
    """%XMONITOR: <status>,<name>,<short>,<plmn>,<tac>,<AcT>,<band>,<cell>,<pci>,<channel>,<rsrp>,<snr>,…"""
    fields = shaped(texts(line), _XMONITOR) or ()
    act = integer(at(fields, 5))
    tech = TECHNOLOGY.get(act) if act is not None else None
    if tech is None:
        return None
    tech = _LTE_M.get(tech, tech)
    cell = Cell(
        tech,
        plmn=plmn_of(fields[3]),
        tac=hex_id(fields[4]),
        cell_id=hex_id(fields[7]),
        pci=integer(fields[8]),
        channel=integer(fields[9]),
        band=band_of(fields[6]),
    )
    return (cell, signal.signal(tech, rsrp=signal.rsrp_dbm(integer(fields[10])), sinr=_sinr(fields[11])))


def _sinr(text: str) -> int | None:
    """0 is below -24 dB, 49 is 24 dB or more."""
    index = integer(text)
    return index - 25 if index is not None and 0 <= index <= _SNR_LAST else None


def cesq(line: str) -> Signal | None:
    """%CESQ: <rsrp>,<threshold>[,<rsrq>,<threshold>]: indexes like those of +CESQ, unasked; LTE-M or NB-IoT: not said.

    Firmware 0.7 of the nRF9160 has no RSRQ there.
    """
    index = [integer(text) for text in texts(line)]
    if len(index) not in (2, 4) or index[0] is None:
        return None
    return signal.signal(
        None, rsrp=signal.rsrp_dbm(index[0]), rsrq=signal.rsrq_db(index[2] if len(index) > 2 else None)
    )


_FIXED, _FIXED_BY_ID, _NEIGHBOUR = 10, 12, 5
"""Fields in front of the neighbours, of each cell found by its id, and of each neighbour."""


_MEASURED = shape("[02] cell plmn area nat channel pci small int [0-9]{1,19}", _FIXED, _FIXED)
_HEARD = shape("channel pci small int [0-9]{1,19}", _NEIGHBOUR)


def ncellmeas(line: str) -> tuple[Reading, ...] | None:
    """%NCELLMEAS: <status>, then in one of two forms, <status> 1 being a failure; levels are indexes of +CESQ.

    <cell>,<plmn>,<tac>,<ta>,<earfcn>,<pci>,<rsrp>,<rsrq>,<time>, then <earfcn>,<pci>,<rsrp>,<rsrq>,<time> of each
    neighbour, then perhaps the time of <ta>. After a search by cell id (AT%NCELLMEAS=3 to 5), for each cell: <cell>,
    <plmn>,<tac>,<ta>,<time of ta>,<earfcn>,<pci>,<rsrp>,<rsrq>,<time>,<serving>,<neighbours>, then its neighbours.
    """
    fields = split(body_of(line).rstrip(", "))
    if len(fields) < _FIXED or integer(fields[0].text) not in (0, 2):
        return None
    said = tuple(field.text for field in fields)
    by_id = any(field.quoted for field in fields[4:]) or (len(fields) - _FIXED) % _NEIGHBOUR not in (0, 1)
    if not by_id and shaped(said, _MEASURED) is None:
        return None
    return _cells_by_id(said) if by_id else (*_measured(said[1:4], said[5:9]), *_neighbours(said[_FIXED:]))


def _cells_by_id(said: tuple[str, ...]) -> tuple[Reading, ...]:
    found: list[Reading] = []
    at = 1
    while at + _FIXED_BY_ID <= len(said):
        one = said[at : at + _FIXED_BY_ID]
        count = integer(one[-1])
        if count is None or one[-2] not in ("0", "1"):
            break
        at += _FIXED_BY_ID
        end = at + _NEIGHBOUR * count
        found += (*_measured(one[:3], one[5:9], serving=one[-2] == "1"), *_neighbours(said[at:end]))
        at = end
    return tuple(found)


def _measured(place: tuple[str, ...], radio: tuple[str, ...], *, serving: bool = True) -> tuple[Reading, ...]:
    """A cell with its id; the level is ours only in the serving one. LTE-M or NB-IoT: not said."""
    cell = Cell(
        serving=serving,
        plmn=plmn_of(place[1]),
        tac=hex_id(place[2]),
        cell_id=hex_id(place[0]),
        pci=integer(radio[1]),
        channel=integer(radio[0]),
    )
    rsrp, rsrq = signal.rsrp_dbm(integer(radio[2])), signal.rsrq_db(integer(radio[3]))
    return (cell, signal.signal(None, rsrp=rsrp, rsrq=rsrq)) if serving else (cell,)


def _neighbours(said: tuple[str, ...]) -> tuple[Cell, ...]:
    starts = range(0, len(said) - _NEIGHBOUR + 1, _NEIGHBOUR)
    cells = [said[at : at + _NEIGHBOUR] for at in starts]
    if any(shaped(one, _HEARD) != one for one in cells):
        return ()
    return tuple(Cell(serving=False, pci=integer(one[1]), channel=integer(one[0])) for one in cells)


_CONEVAL = shape("small small small small small small cell plmn pci channel small any", 11)


def coneval(line: str) -> tuple[Reading, ...] | None:
    """%CONEVAL: 0,<rrc>,<energy>,<rsrp>,<rsrq>,<snr>,"<cell>","<plmn>",<pci>,<earfcn>,<band>,…; other first figures are
    reasons why nothing was measured."""
    fields = shaped(texts(line), _CONEVAL)
    if fields is None or fields[0] != "0":
        return None
    rsrp, rsrq = signal.rsrp_dbm(integer(fields[3])), signal.rsrq_db(integer(fields[4]))
    cell = Cell(
        plmn=plmn_of(fields[7]),
        cell_id=hex_id(fields[6]),
        pci=integer(fields[8]),
        channel=integer(fields[9]),
        band=band_of(fields[10]),
    )
    return (cell, signal.signal(None, rsrp=rsrp, rsrq=rsrq, sinr=_sinr(fields[5])))


def xsnrsq(line: str) -> Signal | None:
    """%XSNRSQ: <snr>,<srxlev>,<coverage level>; 127 is not known."""
    fields = texts(line)
    return signal.signal(None, sinr=_sinr(fields[0])) if len(fields) == 3 else None


def voltage(line: str) -> Voltage | None:
    """%XVBAT: <millivolts>."""
    value = integer(at(texts(line), 0))
    return Voltage(value) if value is not None else None


_XTIME = re.compile(r"[0-9]{12}(?:[0-9][0-9A-Fa-f])?", re.ASCII)
_XTIME_ZONE = re.compile(r"[0-9][0-9A-F]", re.ASCII)
_MINUS, _NO_QUARTERS = 8, 99


def xtime(line: str) -> Clock | None:
    """%XTIME: [<zone>],[<universal time>],[<dst>]: octets of 24.008 §10.5.3.8 and §10.5.3.9, their digits swapped.

    "80" and "23" are +2 h and +8 h (logs of nRF9160); "08", the guide's own example, would be minus nothing: no zone.
    """
    fields = texts(line)
    zone, said = at(fields, 0), at(fields, 1)
    if said is None or not _XTIME.fullmatch(said):
        return None
    year, month, day, hour, minute, second = (said[place + 1] + said[place] for place in range(0, 12, 2))
    known = board.clock(f"{year}/{month}/{day},{hour}:{minute}:{second}+00")
    if known is None or known.time is None:
        return None
    quarters = _quarters(zone.upper()) if zone else None
    return Clock(known.time) if quarters is None else board.from_gmt(Clock(known.time, 15 * quarters))


def _quarters(zone: str) -> int | None:
    """Of an hour. Bit 3 of the tens, which stand second, is the sign."""
    if not _XTIME_ZONE.fullmatch(zone):
        return None
    tens = int(zone[1], 16)
    quarters = (tens % _MINUS) * 10 + int(zone[0])
    if tens >= _MINUS:
        quarters = -quarters or _NO_QUARTERS
    return quarters if quarters in board.QUARTERS else None


def xcband(line: str) -> NetworkInfo | None:
    """%XCBAND: <band>: the one in use; 0 where there is none. A list in brackets is what it could."""
    band = band_of(at(texts(line), 0))
    return NetworkInfo(band=band) if band else None


def shortswver(line: str) -> Identity | None:
    """%SHORTSWVER: nrf9160_1.1.2."""
    text = body_of(line)
    return Identity(firmware=text) if text.lower().startswith("nrf91") else None


NORDIC = vendor(
    "nordic",
    asks={
        Question.ICCID: (Ask("AT%XICCID", (), each(card.number)),),
        Question.CELL: (Ask("AT%XMONITOR", ("%XMONITOR:",), each(xmonitor, "%XMONITOR:")),),
        Question.VOLTAGE: (Ask("AT%XVBAT", ("%XVBAT:",), each(voltage, "%XVBAT:")),),
        Question.TEMPERATURE: (Ask("AT%XTEMP?", ("%XTEMP:",), each(degrees, "%XTEMP:")),),
    },
    urcs={
        "%CESQ:": urc(each(cesq)),
        "%NCELLMEAS:": urc(each(ncellmeas)),
        "%XTIME:": urc(each(xtime)),
        **dict.fromkeys(("%MDMEV:", "%XSIM:", "%XMODEMSLEEP:"), nothing),
    },
    parsers={
        "%XICCID": each(card.number),
        "%XMONITOR": each(xmonitor),
        "%CONEVAL": each(coneval),
        "%XSNRSQ": each(xsnrsq),
        "%NCELLMEAS": each(ncellmeas),
        "%XVBAT": each(voltage),
        "%XTEMP": each(degrees),
        "%XCBAND": each(xcband),
        "%SHORTSWVER": each(shortswver),
    },
    setup=("AT+CNEC=24",),
)
ALL = (NORDIC,)
