"""Huawei's cells: ^MONSC on every radio, ^MONNC, ^NETSCAN, ^HFREQINFO.

Sources: HUAWEI ME909s AT Command Interface Specification; MT5700M manual §13.9 (NR); captures huawei-*.
"""

from modem import signal
from modem.events import Reply
from modem.fields import at, band_of, hex_id, hexadecimal, integer, number, texts
from modem.operators import plmn
from modem.replies import lines_of
from modem.shapes import shape, shaped
from modem.values import Cell, NetworkInfo, Reading, Technology

_LTE = shape("word mcc mnc channel cell hexpci area level level level", 10)
_NR = shape("word mcc mnc channel small wide hexpci area level level num", 10, 10)
_WCDMA = shape("word mcc mnc channel pci cell area level level level any", 10)
_GSM = shape("word mcc mnc small channel small area area level any", 10)
_NEIGHBOUR = shape("word channel hexpci level", 4)
_NEIGHBOUR_3G = shape("word channel pci level", 4)
_TUNED = shape("small small small channel nat nat nat nat nat", 4)


def monsc(line: str) -> tuple[Reading, ...] | None:
    """^MONSC: <mode>,<mcc>,<mnc>,…: the serving cell; levels in dBm and dB, ids in hex. NONE: there is no cell."""
    fields = texts(line)
    mode = (at(fields, 0) or "").upper()
    if mode == "NONE":
        return (NetworkInfo(service="none"),)
    reader, form = {
        "LTE": (_monsc_lte, _LTE),
        "NR": (_monsc_nr, _NR),
        "NR-5GC": (_monsc_nr, _NR),
        "WCDMA": (_monsc_wcdma, _WCDMA),
        "GSM": (_monsc_gsm, _GSM),
    }.get(mode, (None, _LTE))
    found = shaped(fields, form)
    return reader(found) if reader and found else None


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
    found = shaped(fields, _NEIGHBOUR if tech else _NEIGHBOUR_3G)
    if found and tech:
        return Cell(tech, serving=False, channel=integer(found[1]), pci=_hex_number(found[2]))
    if found and mode == "WCDMA":
        return Cell("umts", serving=False, channel=integer(found[1]), pci=integer(found[2]))
    return None


_SCANNED: dict[int | None, Technology] = {0: "gsm", 1: "umts", 2: "lte", 3: "nr", 4: "nr", None: "gsm"}
"""<mode> of AT^NETSCAN=<n>,<level>[,<mode>[,<band>]]."""
_OF_SCAN = shape("[0-9]{1,7} any any area mcc mnc small level cell small [0-9]{1,3} pci", 12)


def netscan(reply: Reply) -> tuple[Reading, ...]:
    """^NETSCAN: <channel>,,,<area>,<mcc>,<mnc>,<bsic>,<level>,<cell>,<band>,<psc>,<pci>,…: ids in hexadecimal, codes
    in decimal (firmware source of a Balong V7)."""
    asked = reply.command.text.partition("=")[2].split(",")
    tech = _SCANNED.get(integer(at(tuple(asked), 2))) if len(asked) > 1 else None
    rows = (shaped(texts(line), _OF_SCAN) for line in lines_of(reply, "^NETSCAN:"))
    return tuple(_heard(row, tech) for row in rows if tech and row)


def _heard(fields: tuple[str, ...], tech: Technology) -> Cell:
    area = hex_id(fields[3])
    lac, tac = (area, None) if tech in ("gsm", "umts") else (None, area)
    code = {"umts": fields[10], "lte": fields[11], "nr": fields[11]}.get(tech)
    return Cell(
        tech,
        serving=False,
        plmn=plmn(fields[4], fields[5]),
        lac=lac,
        tac=tac,
        cell_id=hex_id(fields[8]),
        pci=integer(code),
        channel=integer(fields[0]),
    )


_FREQUENCY_MODES: dict[int | None, Technology] = {1: "gsm", 2: "umts", 3: "umts", 6: "lte", 7: "nr"}


def hfreqinfo(line: str) -> Cell | None:
    """^HFREQINFO:<n>,<mode>,<band>,<channel>,…: what the receiver is tuned to."""
    fields = texts(line)
    tech = _FREQUENCY_MODES.get(integer(at(fields, 1)))
    found = shaped(fields, _TUNED)
    if tech is None or found is None:
        return None
    fields = found
    band = band_of(fields[2], "n" if tech == "nr" else "B") if tech != "gsm" else None
    return Cell(tech, channel=integer(fields[3]), band=band)
