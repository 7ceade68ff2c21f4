"""SIMCom's +CPSI: which cell, and how well it is heard, on every network and in every firmware's units.

Sources: SIM7500/SIM7600 Series AT Command Manual, SIM7000 Series AT Command Manual, A7600 Series AT Command Manual,
SIM8200 Series AT Command Manual; captures simcom-*. LTE levels come in tenths (SIM7600), in whole dB (SIM7000) or as
27.007 indexes (A76xx).
"""

import re

from modem import signal
from modem.fields import at, decimal_id, hex_id, integer, number, scaled, texts, tidy
from modem.operators import plmn
from modem.shapes import Shape, shape, shaped
from modem.values import Cell, NetworkInfo, Reading, Signal, Technology

_MODES: dict[str, Technology] = {
    "GSM": "gsm",
    "WCDMA": "umts",
    "TDS": "umts",
    "LTE": "lte",
    "LTE CAT-M1": "lte_m",
    "LTE NB-IOT": "nb_iot",
    "LTE NB-IOT2": "nb_iot",
    "NR5G_SA": "nr",
    "NR5G": "nr",
}
_NO_BAND = "B0"
"""EUTRAN-BAND0: between two cells (SIM7600); the zeros beside it are no more than that."""
_BAND = re.compile(r"BAND\s*([0-9]{1,3})", re.IGNORECASE)


def _band(text: str | None) -> str | None:
    """EUTRAN-BAND3 → B3, NR5G_BAND78 → n78."""
    text = text or ""
    match = _BAND.search(text)
    return None if match is None else f"{'n' if 'NR' in text.upper() else 'B'}{int(match[1])}"


def _plmn(text: str | None) -> str | None:
    mcc, _, mnc = (text or "").partition("-")
    return plmn(mcc, mnc)


def cpsi(line: str) -> tuple[Reading, ...] | None:
    """+CPSI: <mode>,<operation mode>[,<mcc>-<mnc>,<lac or tac>,<cell>,…]: which cell, and how well it is heard."""
    fields = texts(line)
    mode = (at(fields, 0) or "").upper()
    if mode == "NO SERVICE":
        return (NetworkInfo(service="none"),)
    if mode == "NR5G_NSA" or (mode == "NR5G" and integer(at(fields, 1)) is not None):
        return _nsa(fields) or _nsa_older(fields)
    tech = _MODES.get(mode)
    if tech is None:
        return None
    found = shaped(fields, _shape_of(tech, fields))
    readers = {"gsm": _gsm, "umts": _wcdma, "nr": _nr}
    return readers.get(tech, _lte)(found, tech) if found else None


_GSM = shape(r"word word plmn area nat [0-9]{1,4}(\s.*)? level int any", 7, 8)
_WCDMA = shape("word word plmn area int any pci channel num num num num", 7)
_LTE = shape("word word plmn area nat pci word channel small small num num num num", 7)
_NR = shape("word word plmn area nat pci word channel num num num", 7)
_NR_OLDER = shape("word word plmn area nat pci channel num num num", 7)
_NSA = shape("word pci word channel num num num", 5)
_NSA_OLDER = shape("word pci channel num num num", 5)


def _shape_of(tech: Technology, fields: tuple[str, ...]) -> Shape:
    if tech == "nr":
        return _NR if _band(at(fields, 6)) else _NR_OLDER
    return {"gsm": _GSM, "umts": _WCDMA}.get(tech, _LTE)


def _cell(
    fields: tuple[str, ...],
    tech: Technology,
    *,
    pci: int | None = None,
    band: str | None = None,
    channel: int | None = None,
) -> Cell:
    area, cell_id = hex_id(at(fields, 3)), decimal_id(at(fields, 4))
    lac, tac = (area, None) if tech in ("gsm", "umts") else (None, area)
    return Cell(tech, plmn=_plmn(at(fields, 2)), lac=lac, tac=tac, cell_id=cell_id, pci=pci, band=band, channel=channel)


def _lte(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<pci>,<band>,<earfcn>,<dl>,<ul>,<rsrq>,<rsrp>,<rssi>,<rssnr>."""
    band = _band(at(fields, 6))
    pci, channel = (integer(at(fields, place)) for place in (5, 7))
    if band == _NO_BAND and channel == 0:
        pci = channel = None
    cell = _cell(fields, tech, pci=pci, band=band, channel=channel)
    return (cell, _lte_level(fields, tech)) if any(fields[10:14]) else (cell,)


def _lte_level(fields: tuple[str, ...], tech: Technology) -> Signal:
    rsrq, rsrp, rssi, snr = (number(at(fields, index)) for index in range(10, 14))
    if not any((rsrq, rsrp, rssi)):
        return signal.signal(tech)  # zeros all along: a cell that has just been left (SIM7600)
    if rsrp is not None and rsrp >= 0:  # A76xx: indexes of +CESQ, and the RSSI like <rxlev>
        return signal.signal(
            tech,
            rsrq=signal.rsrq_db(integer(at(fields, 10))),
            rsrp=signal.rsrp_dbm(integer(at(fields, 11))),
            rssi=signal.rxlev_dbm(integer(at(fields, 12))),
            sinr=snr,
        )
    unit = one_unit(rsrp, rssi)
    if unit is None:
        return signal.signal(tech, sinr=snr)
    levels = [scaled(at(fields, index), unit) for index in (10, 11, 12)]
    return signal.signal(tech, rsrq=levels[0], rsrp=levels[1], rssi=levels[2], sinr=snr)


_LEAST_DBM = -200
"""Below it a level must be in tenths."""


def one_unit(rsrp: float | None, rssi: float | None) -> float | None:
    """0.1 for levels in tenths, 1 for whole ones; None where there is none, or the two contradict each other (in the
    wrong order)."""
    tenths = {level < _LEAST_DBM for level in (rsrp, rssi) if level is not None and level < 0}
    if len(tenths) != 1:
        return None
    return 0.1 if True in tenths else 1.0


def _nr(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<pci>,[<band>,]<arfcn>,<rsrp>,<rsrq>,<snr>: the band is missing in SIM8200's manual V1.00."""
    band = _band(at(fields, 6))
    rest = fields[7 if band else 6 :]
    cell = _cell(
        fields,
        tech,
        pci=integer(at(fields, 5)),
        band=band,
        channel=integer(at(rest, 0)),
    )
    return (cell, _nr_level(rest[1:], tech))


_SNR_RANGE = range(-23, 41)
"""dB that are possible (38.133 §10.1.16)."""


def nr_snr(text: str | None) -> float | None:
    """290 and 153 are tenths, 8.5 is dB. A whole number that is possible in dB may be either: 40 on a test bench at
    -52 dBm is dB, beside levels in tenths; the manual of SIM8200 has 15 in one example and 153 in the next."""
    value = number(text)
    if text is None or "." in text:
        return value
    return None if value is None or value in _SNR_RANGE else tidy(value / 10)


def _nr_level(fields: tuple[str, ...], tech: Technology) -> Signal:
    """<rsrp>,<rsrq>,<snr>: levels in tenths or whole, which only the RSRP tells."""
    unit = one_unit(number(at(fields, 0)), None)
    rsrp, rsrq = (scaled(at(fields, place), unit) if unit else None for place in (0, 1))
    return signal.signal(tech, rsrp=rsrp, rsrq=rsrq, sinr=nr_snr(at(fields, 2)))


def _nsa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """NR5G_NSA,<pci>,<band>,<arfcn>,<rsrp>,<rsrq>,<snr>: the second line of EN-DC."""
    found = shaped(fields, _NSA) if _band(at(fields, 2)) else None
    if found is None:
        return None
    fields = found
    cell = Cell("nr_nsa", pci=integer(at(fields, 1)), band=_band(at(fields, 2)), channel=integer(at(fields, 3)))
    return (cell, _nr_level(fields[4:], "nr_nsa"))


def _nsa_older(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """NR5G,<pci>,<arfcn>,<rsrq>,<rsrp>,<snr>: SIM8200 manual V1.00.01 §4.2.14, SIM8202 firmware of that time."""
    found = shaped(fields, _NSA_OLDER)
    rsrp = number(at(found, 4)) if found else None
    if found is None or rsrp is None or rsrp >= 0:
        return None
    fields, rsrq = found, number(at(found, 3))
    cell = Cell("nr_nsa", pci=integer(fields[1]), channel=integer(fields[2]))
    return (cell, signal.signal("nr_nsa", rsrq=rsrq, rsrp=rsrp, sinr=nr_snr(at(fields, 5))))


def _gsm(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<arfcn and band>,<rx level>,…: "27 EGSM 900", -64 dBm."""
    channel = integer((at(fields, 5) or "").split(" ")[0])
    cell = _cell(fields, tech, channel=channel)
    return (cell, signal.signal(tech, rssi=number(at(fields, 6))))


def _wcdma(fields: tuple[str, ...], tech: Technology) -> tuple[Reading, ...] | None:
    """…,<band>,<psc>,<uarfcn>,<ssc>,<ec/io>,<rscp>,…"""
    cell = _cell(
        fields,
        tech,
        pci=integer(at(fields, 6)),
        channel=integer(at(fields, 7)),
    )
    return (cell, signal.signal(tech, ecio=ecio_db(at(fields, 9)), rscp=below_zero(at(fields, 10))))


def below_zero(text: str | None) -> float | None:
    """A level that SIMCom prints without its sign."""
    value = number(text)
    return None if value is None else -abs(value)


def ecio_db(text: str | None) -> float | None:
    """Ec/Io, mostly without its sign: dB where it has a fraction or a sign. "21" of a SIM5320 is in half dB (its Squal
    of 15 says so), and other firmwares may print whole dB: nothing."""
    return below_zero(text) if text and ("." in text or text.startswith("-")) else None
