"""Huawei's cells: ^MONSC on every radio, ^MONNC, ^HFREQINFO.

Sources: HUAWEI ME909s AT Command Interface Specification; MT5700M manual §13.9 (NR); captures huawei-*.
"""

from modem import signal
from modem.fields import at, band_of, hex_id, hexadecimal, integer, number, texts
from modem.operators import plmn
from modem.values import Cell, NetworkInfo, Reading, Technology


def monsc(line: str) -> tuple[Reading, ...] | None:
    """^MONSC: <mode>,<mcc>,<mnc>,…: the serving cell; levels in dBm and dB, ids in hex. NONE: there is no cell."""
    fields = texts(line)
    mode = (at(fields, 0) or "").upper()
    if mode == "NONE":
        return (NetworkInfo(service="none"),)
    reader = {
        "LTE": _monsc_lte,
        "NR": _monsc_nr,
        "NR-5GC": _monsc_nr,
        "WCDMA": _monsc_wcdma,
        "GSM": _monsc_gsm,
    }.get(mode)
    return reader(fields) if reader and len(fields) >= 10 else None


def _hex_number(text: str) -> int | None:
    digits = hexadecimal(text)
    return int(digits, 16) if digits else None


def _monsc_lte(fields: tuple[str, ...]) -> tuple[Reading, ...]:
    """…,<earfcn>,<cell>,<pci>,<tac>,<rsrp>,<rsrq>,<rssi>; the PCI in hex too."""
    cell = Cell(
        "lte",
        plmn=plmn(fields[1], fields[2]),
        tac=hex_id(fields[6]),
        cell_id=hex_id(fields[4]),
        pci=_hex_number(fields[5]),
        channel=integer(fields[3]),
    )
    return (cell, signal.signal("lte", rsrp=number(fields[7]), rsrq=number(fields[8]), rssi=number(fields[9])))


def _monsc_nr(fields: tuple[str, ...]) -> tuple[Reading, ...]:
    """…,<arfcn>,<scs>,<cell>,<pci>,<tac>,<rsrp>,<rsrq>[,<sinr>]; the PCI in hex (MT5700M manual §13.9; on hardware 114
    beside ^NRSSBID's 276)."""
    cell = Cell(
        "nr",
        plmn=plmn(fields[1], fields[2]),
        tac=hex_id(fields[7]),
        cell_id=hex_id(fields[5]),
        pci=_hex_number(fields[6]),
        channel=integer(fields[3]),
    )
    return (cell, signal.signal("nr", rsrp=number(fields[8]), rsrq=number(fields[9]), sinr=number(at(fields, 10))))


def _monsc_wcdma(fields: tuple[str, ...]) -> tuple[Reading, ...]:
    """…,<uarfcn>,<psc>,<cell>,<lac>,<rscp>,<rxlev>,<ec/n0>,…"""
    cell = Cell(
        "umts",
        plmn=plmn(fields[1], fields[2]),
        lac=hex_id(fields[6]),
        cell_id=hex_id(fields[5]),
        pci=integer(fields[4]),
        channel=integer(fields[3]),
    )
    return (cell, signal.signal("umts", rscp=number(fields[7]), rssi=number(fields[8]), ecio=number(fields[9])))


def _monsc_gsm(fields: tuple[str, ...]) -> tuple[Reading, ...]:
    """^MONSC: GSM,<mcc>,<mnc>,<band>,<arfcn>,<bsic>,<cell>,<lac>,<rxlev>,…: ids in hex, the level in dBm."""
    cell = Cell(
        "gsm",
        plmn=plmn(fields[1], fields[2]),
        lac=hex_id(fields[7]),
        cell_id=hex_id(fields[6]),
        channel=integer(fields[4]),
    )
    return (cell, signal.signal("gsm", rssi=number(fields[8])))


_NEIGHBOURS: dict[str, Technology] = {"LTE": "lte", "NR": "nr"}


def neighbour(line: str) -> Cell | None:
    """^MONNC: LTE or NR,<channel>,<pci>,<rsrp>,…, the PCI in hex; WCDMA,<uarfcn>,<psc>,…"""
    fields = texts(line)
    mode = (at(fields, 0) or "").upper()
    tech = _NEIGHBOURS.get(mode)
    if tech and len(fields) >= 4:
        return Cell(tech, serving=False, channel=integer(fields[1]), pci=_hex_number(fields[2]))
    if mode == "WCDMA" and len(fields) >= 4:
        return Cell("umts", serving=False, channel=integer(fields[1]), pci=integer(at(fields, 2)))
    return None


_FREQUENCY_MODES: dict[int | None, Technology] = {1: "gsm", 2: "umts", 3: "umts", 6: "lte", 7: "nr"}


def hfreqinfo(line: str) -> Cell | None:
    """^HFREQINFO:<n>,<mode>,<band>,<channel>,…: what the receiver is tuned to."""
    fields = texts(line)
    tech = _FREQUENCY_MODES.get(integer(at(fields, 1)))
    if tech is None or len(fields) < 4:
        return None
    band = band_of(fields[2], "n" if tech == "nr" else "B") if tech != "gsm" else None
    return Cell(tech, channel=integer(fields[3]), band=band)
