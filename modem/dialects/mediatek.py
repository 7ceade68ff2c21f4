"""MediaTek's own commands: +EREG and +EGREG, +ECSQ, +ECELL (sticks like the DWM-157, phones, FM350).

Sources: MediaTek's radio layer as makers of phones publish it (fields, units, <eAct>), radio logs of phones; its levels
are in quarters of a dB, and 1 or 32767 stands for none.
"""

from collections.abc import Mapping

from modem import registration, signal
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import Field, at, body_of, hex_id, integer, scaled, split, texts
from modem.operators import plmn
from modem.replies import each
from modem.values import Cell, Domain, Reading, Registration, Signal, Technology

_UMTS, _HSPA_FIRST, _HSPA_LAST = 0x04, 0x08, 0xE0
_LTE, _LTE_CA, _NR = 0x1000, 0x2000, 0x8000
_SYSTEMS: Mapping[int, Technology] = {1: "gsm", 2: "edge", _UMTS: "umts", _LTE: "lte", _LTE_CA: "lte", _NR: "nr"}


def _technology(act: int | None) -> Technology | None:
    """<eAct>: a bit for each way; those between 8 and 0xE0 are combinations of HSDPA and HSUPA."""
    if act is not None and _HSPA_FIRST <= act <= _HSPA_LAST:
        return "hspa"
    return _SYSTEMS.get(act) if act is not None else None


_DOMAINS: Mapping[str, Domain] = {"+EREG": "cs", "+EGREG": "ps"}
_OWN_FIELDS = 2
"""<nwk_existence>,<roam_indicator>, in front of the cause."""


def ereg(line: str) -> Registration | None:
    """+EREG: [<n>,]<stat>,<lac>,<ci>,<eAct>,<existence>,<roaming>[,<cause type>,<cause>]; +EGREG: with <rac> behind
    <eAct>. Like +CREG and +CGREG but for <eAct>, which is no <AcT>."""
    domain = _DOMAINS.get(line.partition(":")[0].strip().upper())
    fields = split(body_of(line))
    if domain is None or not fields:
        return None
    fields = fields[1:] if registration.has_mode_in_front(fields) else fields
    stat = registration.stat_of(fields[0])
    place, rest = fields[1:3], fields[4:]
    if stat is None or not all(field.quoted for field in place):
        return None
    own = int(domain == "ps")  # the RAC
    rac, cause = rest[:own], rest[own + _OWN_FIELDS :]
    said = (*place, Field(""), *rac, *cause) if place[1:] else place
    technology = _technology(integer(fields[3].text)) if len(fields) > 4 else None
    return registration.from_status(domain, stat, said, technology)


_SHORT, _WITH_ACT = 5, 8
_WITH_SINR = (10, 13)
_QUARTER = 0.25
_NETWORKS: Mapping[int | None, Technology] = {7: "lte", _LTE: "lte", _LTE_CA: "lte", _NR: "nr"}
"""By <act>."""


def ecsq(line: str) -> Signal | None:
    """+ECSQ: <sig1>,<sig2>,<rssi>,<rscp>,<ec/no>[,<rsrq>,<rsrp>,<act>[,<sinr>,<band>…]].

    Which levels are below zero tells the network, <act> that it is 5G. Newer chips have bits for <act>, and only they
    tell a SINR. Two figures alone are indexes, of a network that nobody names.
    """
    fields = texts(line)
    values = [integer(text) for text in fields]
    if len(values) < _SHORT:
        return None
    below = [scaled(text, _QUARTER) if (integer(text) or 0) < 0 else None for text in fields[2:7]] + [None, None]
    rssi, rscp, ecio, rsrq, rsrp = below[:5]
    if None in values[:_WITH_ACT] or any(level is not None for level in below[3:] if len(values) < _WITH_ACT):
        return None
    if rsrp is not None:
        tech = _NETWORKS.get(values[7])
        is_told = values[7] != 7 and len(values) in _WITH_SINR
        sinr = scaled(fields[8], _QUARTER) if is_told else None
        return signal.signal(tech, rsrp=rsrp, rsrq=rsrq, sinr=sinr) if tech else None
    if rscp is not None:
        return signal.signal("umts", rscp=rscp, ecio=ecio)
    return signal.signal("gsm", rssi=rssi) if rssi is not None else Signal()


_CELL_NETWORKS: Mapping[str, Technology] = {"0": "gsm", "2": "umts", "7": "lte"}
_LEAST_OF_CELL = 13


def ecell(line: str) -> tuple[Reading, ...] | None:
    """+ECELL: <cells>, then for each <act>,"<cell>","<area>",<mcc>,<mnc>,<psc or pci>,<sig1>,<sig2>,<sig1 in quarters>,
    <sig2 in quarters>,<ta>,…: as many fields for each as the firmware has, at least 13; the first one serves."""
    fields = texts(line)
    count = integer(at(fields, 0))
    if not count or count < 0 or (len(fields) - 1) % count or (width := (len(fields) - 1) // count) < _LEAST_OF_CELL:
        return None
    rows = [fields[start : start + width] for start in range(1, len(fields), width)]
    return tuple(reading for place, row in enumerate(rows) for reading in _cell(row, serving=place == 0))


def _cell(row: tuple[str, ...], *, serving: bool) -> tuple[Reading, ...]:
    tech = _CELL_NETWORKS.get(row[0])
    if tech is None:
        return ()
    area = hex_id(row[2])
    lac, tac = (None, area) if tech == "lte" else (area, None)
    pci = integer(row[5]) if tech != "gsm" else None
    cell = Cell(tech, serving, plmn=plmn(row[3], row[4]), lac=lac, tac=tac, cell_id=hex_id(row[1]), pci=pci)
    if not serving:
        return (cell,)
    first, second = (scaled(text, _QUARTER) if (integer(text) or 0) < 0 else None for text in row[8:10])
    if tech == "lte":
        return (cell, signal.signal(tech, rsrp=first, rsrq=second))
    if tech == "umts":
        return (cell, signal.signal(tech, rscp=first, ecio=second))
    return (cell, signal.signal(tech, rssi=first))


MEDIATEK = vendor(
    "mediatek",
    urcs={
        **dict.fromkeys(("+EREG:", "+EGREG:"), urc(each(ereg))),
        "+ECSQ:": urc(each(ecsq)),
        **dict.fromkeys(("+PSBEARER:", "+EIAREG:", "+ELTEBWINFO:", "+ESIMS:", "+ERPRAT:"), nothing),
    },
    parsers={**dict.fromkeys(("+EREG", "+EGREG"), each(ereg)), "+ECSQ": each(ecsq), "+ECELL": each(ecell)},
)
ALL = (MEDIATEK,)
