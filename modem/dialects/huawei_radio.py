"""Huawei's levels, on its own scales (^HCSQ) and in dBm (^LTERSRP, ^CERSSI, ^CSNR); its ^EONS and ^NWTIME.

Sources: HUAWEI ME909s, ME909u-521 and MU509 (^RSSI, ^CSNR) AT Command Interface Specification; the firmware source of
a Balong V7 and a B593's log (^CERSSI); capture of an E3276.
"""

from modem import board, signal
from modem.fields import at, integer, number, texts, tidy
from modem.operators import name_of, plmn_of
from modem.shapes import shape, shaped
from modem.values import Clock, Operator, Signal


def _step(text: str | None, last: int, lowest: float, step: float) -> float | None:
    """^HCSQ's own indexes: n stands for lowest + n * step, 255 for not known."""
    index = integer(text)
    if index is None or not 0 <= index <= last:
        return None
    return tidy(lowest + index * step)


def _level(text: str | None) -> float | None:
    """RSSI and RSCP: 0 is below -120 dBm, 96 is -25 dBm or more."""
    return _step(text, 96, -121, 1)


_HCSQ_3G = shape("word int int int", 1)
_HCSQ = {
    "LTE": shape("word int int int int", 1),
    "GSM": shape("word int", 1),
    "NOSERVICE": shape("word", 1),
}


def hcsq(line: str) -> Signal | None:
    """^HCSQ: "LTE",<rssi>,<rsrp>,<sinr>,<rsrq>; "WCDMA",<rssi>,<rscp>,<ecio>; "GSM",<rssi>; "NR",<rsrp>,<sinr>,<rsrq>.

    NR uses LTE's scales for RSRP and SINR (MT5700M: 77,241 beside ^MONSC's -65 dBm and 29 dB). Its RSRQ of 31 stood
    beside -9 and -10 dB, which no scale explains: it is not read.
    """
    fields = texts(line)
    mode = (at(fields, 0) or "").upper()
    fields = shaped(fields, _HCSQ.get(mode, _HCSQ_3G)) or ()
    if mode and not fields:
        return None
    if mode == "LTE":
        return signal.signal(
            "lte",
            rssi=_level(at(fields, 1)),
            rsrp=_step(at(fields, 2), 97, -141, 1),
            sinr=_step(at(fields, 3), 251, -20.2, 0.2),
            rsrq=_step(at(fields, 4), 34, -20, 0.5),
        )
    if mode in ("NR", "NR-5GC", "NR5G"):
        return signal.signal(
            "nr",
            rsrp=_step(at(fields, 1), 97, -141, 1),
            sinr=_step(at(fields, 2), 251, -20.2, 0.2),
        )
    if mode in ("WCDMA", "TD-SCDMA"):
        ecio = _step(at(fields, 3), 65, -32.5, 0.5)
        return signal.signal("umts", rssi=_level(at(fields, 1)), rscp=_level(at(fields, 2)), ecio=ecio)
    if mode == "GSM":
        return signal.signal("gsm", rssi=_level(at(fields, 1)))
    return Signal() if mode == "NOSERVICE" else None


def rssi(line: str) -> Signal | None:
    """^RSSI:<n>: the index of +CSQ, sent unasked."""
    index = integer(at(texts(line), 0))
    return None if index is None else signal.signal(None, rssi=signal.rssi_of_csq(index))


def ltersrp(line: str) -> Signal | None:
    """^LTERSRP: <rsrp>,<rsrq>, in dBm and dB."""
    fields = texts(line)
    rsrp = number(at(fields, 0))
    return signal.signal("lte", rsrp=rsrp, rsrq=number(at(fields, 1))) if rsrp is not None else None


def cerssi(line: str) -> Signal | None:
    """^CERSSI: zeros,255,<rsrp>,<rsrq>,<sinr>,<rank>,<cqi>,<cqi>[,<receivers>,<rsrp>…,<sinr>…]: LTE, in dBm and dB.

    Two zeros stand before the 255, or four (B593). MT5700M has other figures behind longer zeros: not read.
    """
    fields = texts(line)
    place = next((place for place, text in enumerate(fields[:5]) if integer(text) == 255), None)
    if place is None or any(integer(text) != 0 for text in fields[:place]):
        return None
    rsrp, rsrq, sinr = (number(at(fields, place + step)) for step in (1, 2, 3))
    return signal.signal("lte", rsrp=rsrp, rsrq=rsrq, sinr=sinr) if rsrp is not None and rsrp < 0 else None


def csnr(line: str) -> Signal | None:
    """^CSNR: <rscp>,<ec/io>, in dBm and dB; off 3G 0,0 or the other ends of the scales, -145,-32."""
    fields = texts(line)
    rscp = number(at(fields, 0))
    if rscp is None:
        return None
    return signal.radios(signal.signal("umts", rscp=rscp, ecio=number(at(fields, 1))))[0]


def eons(line: str) -> Operator | None:
    """^EONS: <kind>[,<plmn>,<name>,<name>,…]; ^EONS:0 has none."""
    fields = texts(line)
    number_, name = plmn_of(at(fields, 1)), name_of(at(fields, 2))
    return Operator(name=name, plmn=number_) if number_ or name else None


def eons_ucs2(line: str) -> Operator | None:
    """^EONSUCS2: <long name>,<short name>, in UCS2 (Balong V7)."""
    said = at(texts(line), 0) or ""
    name = name_of(said)
    return Operator(name=name) if name and name != said else None


_LTE_OF_ANQUERY = 6


def anquery(line: str) -> Signal | None:
    """^ANQUERY: <rscp>,<ec/io>,<rssi>,<bars>,<cell>, on LTE 0,99,<rssi>,<bars>,<rsrp>,<rsrq>: figures below zero come
    without their sign, 99 and 0 are none, <rssi> is the index of +CSQ (E5372, firmware source of a Balong V7)."""
    fields = texts(line)
    values = [integer(text) for text in fields[:4]]
    if len(fields) not in (5, _LTE_OF_ANQUERY) or None in values:
        return None
    rssi = signal.rssi_of_csq(values[2])
    if len(fields) == _LTE_OF_ANQUERY:
        rsrp, rsrq = _below_zero(fields[4]), _below_zero(fields[5])
        return signal.signal("lte", rssi=rssi, rsrp=rsrp, rsrq=rsrq) if values[:2] == [0, 99] else None
    if not fields[4].lower().startswith("0x"):
        return None
    if not values[0]:
        return signal.signal("gsm", rssi=rssi) if not values[1] else None
    return signal.signal("umts", rssi=rssi, rscp=_below_zero(fields[0]), ecio=_below_zero(fields[1]))


def _below_zero(text: str) -> int | None:
    value = integer(text)
    return -abs(value) if value is not None and abs(value) not in (0, 99) else None


def nwtime(line: str) -> Clock | None:
    """^NWTIME: yy/MM/dd,hh:mm:ss±zz,<dst>: in GMT, with the local zone beside it, unlike +CCLK (ME909s manual)."""
    return board.gmt(line)
