"""Quectel's words for networks and bands, its levels, and which network it is on: +QCSQ, +QRSRP, +QNWINFO, +QCAINFO …

Sources: EC2x&EG2x-G&EG9x-G&EM05 AT Commands Manual, RG50xQ&RM5xxQ AT Commands Manual (+QRSRP, +QRSRQ, +QSINR).
"""

from collections.abc import Callable
from typing import NamedTuple

from modem import signal
from modem.dialects.legs import as_legs
from modem.events import Reply
from modem.fields import at, body_of, integer, number, texts, tidy
from modem.operators import name_of, plmn_of
from modem.replies import lines_of
from modem.shapes import Shape, shape, shaped
from modem.values import MAX_PCI, Cell, NetworkInfo, Operator, Reading, Signal, Technology

_TECHNOLOGY: dict[str, Technology] = {
    "GSM": "gsm",
    "GPRS": "gsm",
    "EDGE": "edge",
    "EGPRS": "edge",
    "WCDMA": "umts",
    "TDSCDMA": "umts",
    "HSDPA": "hspa",
    "HSUPA": "hspa",
    "HSPA": "hspa",
    "HSPA+": "hspa",
    "LTE": "lte",
    "FDD LTE": "lte",
    "TDD LTE": "lte",
    "CAT-M": "lte_m",
    "CAT-M1": "lte_m",  # BG96
    "EMTC": "lte_m",  # BG95
    "CAT-NB": "nb_iot",
    "CAT-NB1": "nb_iot",
    "NBIOT": "nb_iot",
    "NTN NBIOT": "nb_iot",  # BG95-S5
    "NR5G": "nr",
    "NR5G-SA": "nr",
    "NR5G-NSA": "nr_nsa",
    "FDD NR5G": "nr",
    "TDD NR5G": "nr",
}


def technology(text: str | None) -> Technology | None:
    return _TECHNOLOGY.get((text or "").upper())


def band(text: str | None) -> str | None:
    """ "LTE BAND 3" → B3, "NR N78" and "NR5G BAND 78" → n78; a bare number needs the technology (`numbered_band`).

    2G and 3G bands are called by their frequency ("GSM 900", "WCDMA 2100"), which is no band number.
    """
    name = (text or "").upper()
    words = name.replace("N", " N ").split()
    digits = next((word for word in reversed(words) if word.isdecimal()), None)
    if digits is None or not ("BAND" in name or "NR" in name):
        return None
    return f"n{int(digits)}" if "NR" in name else f"B{int(digits)}"


def numbered_band(text: str | None, tech: Technology | None) -> str | None:
    value = integer(text)
    return f"{'n' if tech in ('nr', 'nr_nsa') else 'B'}{value}" if value else None


# Signal


def fifth_steps(text: str | None) -> float | None:
    """SINR of +QCSQ: 0…250 in steps of 1/5 dB from -20 dB on every family (EC2x, BG9x manuals); negative: dB already.

    A QDC507 measured both: 55 here (-9 dB) beside -9 in +QENG.
    """
    value = number(text)
    if value is None or not -40 <= value <= 250:
        return None
    return value if value < 0 else tidy(value / 5 - 20)


def doubled(text: str | None) -> float | None:
    """LTE SINR of +QENG on Qualcomm modules: dB = 2 * x - 20 for x of 0…25 (RG50xQ manual); negative: dB already.

    An EG25-G was seen to say 38 at -109 dBm: outside of every scale the manuals give, so it says nothing.
    """
    value = number(text)
    if value is None or value > 25:
        return None
    return 2 * value - 20 if value >= 0 else value


_MOST_SINR = 30
"""dB; no manual's scale goes further."""


def only_if_sure(text: str | None) -> float | None:
    """SINR where the platform is not known: what cannot be an index is dB; the rest could be either, so nothing.

    No other field tells: RG502Q (index) and RM500U (dB) print the same ones behind it. +QCSQ has one scale for all.
    Above 30 it is neither: an EG25-G says 38 at -109 dBm.
    """
    value = number(text)
    return None if value is None or 0 <= value <= 25 or value > _MOST_SINR else value


def nr_if_sure(text: str | None) -> float | None:
    """SINR of +QCSQ on 5G where the family is not known: fifths where it cannot be dB (RG255AA: 115 = 3 dB, and 2 in
    +QENG), dB where it cannot be an index."""
    value = number(text)
    if value is None or 0 <= value <= _MOST_DB:
        return None
    return fifth_steps(text)


_MOST_DB = 50
Convert = Callable[[str | None], float | None]


class Scales(NamedTuple):
    """What a family's SINR counts."""

    lte: Convert
    """In +QENG."""
    nr: Convert
    """In +QCSQ; the others of 5G are in dB everywhere."""


QUALCOMM = Scales(doubled, number)
"""RM5xx say the same on 5G as in +QENG of the same second."""
ASR = Scales(number, number)
UNKNOWN = Scales(only_if_sure, nr_if_sure)


_QCSQ_LTE, _QCSQ_2G = shape("word level level num level", 2), shape("word num", 1)
_QCSQ: dict[Technology | None, Shape] = {
    **dict.fromkeys(("lte", "lte_m", "nb_iot"), _QCSQ_LTE),
    **dict.fromkeys(("umts", "hspa"), shape("word level level level", 2)),
    **dict.fromkeys(("nr", "nr_nsa"), shape("word level num level", 2)),
}
_NR_WITH_RSSI = 5


def qcsq(nr_sinr: Convert) -> Callable[[str], Signal | None]:
    """Reader of +QCSQ: "LTE",<rssi>,<rsrp>,<sinr>,<rsrq>; "WCDMA",<rssi>,<rscp>,<ecio>; "NR5G",<rsrp>,<sinr>,<rsrq>."""

    def read(line: str) -> Signal | None:
        fields = texts(line)
        tech = technology(fields[0]) if fields else None
        if fields and fields[0].upper() == "NOSERVICE":
            return signal.signal(None)
        found = shaped(
            fields,
            _QCSQ.get(tech, _QCSQ_2G) if len(fields) != _NR_WITH_RSSI or tech != "nr" or not fields[2] else _QCSQ_LTE,
        )
        if found is None:
            return None
        fields = found
        value = [number(at(fields, index)) for index in range(1, 5)]
        if tech in ("nr", "nr_nsa"):
            first = 1 if value[3] is None else 2  # an RSSI in front, as on LTE (RG6xx)
            rssi, level = (None, value[0]) if first == 1 else (value[0], value[1])
            return signal.signal(
                tech, rssi=rssi, rsrp=level, sinr=nr_sinr(at(fields, first + 1)), rsrq=value[first + 1]
            )
        if tech in ("lte", "lte_m", "nb_iot"):
            return signal.signal(tech, rssi=value[0], rsrp=value[1], sinr=fifth_steps(at(fields, 3)), rsrq=value[3])
        if tech in ("umts", "hspa"):
            return signal.signal(tech, rssi=value[0], rscp=value[1], ecio=value[2])
        return signal.signal(tech, rssi=value[0]) if tech else None

    return read


_SYSTEMS: dict[str, Technology] = {"LTE": "lte", "NR5G": "nr", "WCDMA": "umts"}
_NOT_MEASURED = (-140, -44)
"""What 5G modules write for a receiver that hears nothing: either end of the scale."""


def _of_receivers(line: str) -> tuple[Technology | None, float | None]:
    """(technology, the first receiver's figure) of <prx>,<drx>,<rx2>,<rx3>,<system>."""
    fields = texts(line)
    tech = _SYSTEMS.get((at(fields, 4) or "").upper())
    first = number(at(fields, 0))
    return tech, None if first in _NOT_MEASURED else first


def qrsrp(line: str) -> Signal:
    tech, value = _of_receivers(line)
    return signal.signal(tech, rsrp=value)


def qrsrq(line: str) -> Signal:
    tech, value = _of_receivers(line)
    return signal.signal(tech, rsrq=value)


def qsinr(line: str) -> Signal:
    tech, value = _of_receivers(line)
    return signal.signal(tech, sinr=value)


# Which network


def qnwinfo(reply: Reply) -> tuple[Reading, ...]:
    """+QNWINFO: <act>,<plmn>,<band>,<channel>, a second line for the NR leg of EN-DC; "No Service" alone."""
    rows = [texts(line) for line in lines_of(reply, "+QNWINFO:")]
    rows = [row for row in rows if row]
    has_lte = any(technology(row[0]) == "lte" for row in rows)
    found: list[Reading] = []
    for row in rows:
        tech = technology(row[0])
        if tech is None:
            found += [NetworkInfo(service="none")] if row[0].lower() == "no service" else []
            continue
        tech = "nr_nsa" if tech == "nr" and has_lte else tech
        found.append(NetworkInfo(tech, plmn_of(at(row, 1)), None, band(at(row, 2)), integer(at(row, 3))))
    return tuple(found)


def qspn(line: str) -> Operator | None:
    """+QSPN: <full name>,<short name>,<name on the card>,<alphabet>,<plmn>: of the network, not of the card."""
    fields = texts(line)
    if len(fields) < 5:
        return None
    return Operator(name=name_of(fields[0]), plmn=plmn_of(fields[4]))


def qcainfo(reply: Reply) -> tuple[Reading, ...]:
    """+QCAINFO: "PCC",<channel>,<width>,<band>,[<state>,]<pci>,…: the primary is the serving one.

    RM551E loses the line break between two carriers, and the next begins behind the last figure: "-,-+QCAINFO: …".
    """
    parts = (part for line in lines_of(reply) for part in body_of(line).split("+QCAINFO:"))
    found = (_carrier(texts(part)) for part in parts)
    return as_legs(one for one in found if one)


_CARRIER = shape("word channel small word any", 5)
_STATES = range(4)


def _pci(fields: tuple[str, ...], *, is_last_whole: bool) -> int | None:
    """Behind a state, or without one (5G primary, RM551E) in front of a level, where there is one."""
    first, second = integer(fields[4]), integer(at(fields, 5))
    if len(fields) == _CARRIER.least:
        return None if first in _STATES else first  # a state, and the PCI cut off
    if fields[4] and second is not None and 0 <= second <= MAX_PCI:
        return second if is_last_whole or len(fields) > _CARRIER.least + 1 else None
    is_level = second is not None and not 0 <= second <= MAX_PCI
    return first if is_level and first not in _STATES else None


def _carrier(fields: tuple[str, ...]) -> Cell | None:
    """Without a state (5G primary, RM551E) a level follows the PCI at once: the first of the two that can be a PCI."""
    found = shaped(fields, _CARRIER) if fields and fields[0].upper() in ("PCC", "SCC") else None
    if found is None:
        return None
    tech: Technology | None = "nr" if "NR" in found[3].upper() else "lte" if "LTE" in found[3].upper() else None
    pci = _pci(fields, is_last_whole=(found[0].upper(), tech) == ("SCC", "lte")) if found[4] else None
    fields = found
    return Cell(tech, serving=fields[0].upper() == "PCC", pci=pci, channel=integer(fields[1]), band=band(fields[3]))
