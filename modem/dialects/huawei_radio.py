"""Huawei's older and smaller radio commands: ^LTERSRP, ^CERSSI, ^CSNR, ^EONS, ^NWTIME, ^MONSC on GSM, ^MONNC.

Sources: HUAWEI ME909u-521 and ME909s AT Command Interface Specification; MU509 (^CSNR); the firmware source of a Balong
V7 and a B593's log (^CERSSI); capture of an E3276.
"""

from modem import board, signal
from modem.fields import at, hex_id, hexadecimal, integer, number, texts
from modem.operators import name_of, plmn, plmn_of
from modem.values import Cell, Clock, Operator, Reading, Signal


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
    place = next((place for place, text in enumerate(fields[:5]) if text.strip() == "255"), None)
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


def nwtime(line: str) -> Clock | None:
    """^NWTIME: yy/MM/dd,hh:mm:ss±zz,<dst>: in GMT, with the local zone beside it, unlike +CCLK (ME909s manual)."""
    said = board.clock(line)
    return board.from_gmt(said) if said else None


def gsm_cell(fields: tuple[str, ...]) -> tuple[Reading, ...]:
    """^MONSC: GSM,<mcc>,<mnc>,<band>,<arfcn>,<bsic>,<cell>,<lac>,<rxlev>,…: ids in hex, the level in dBm."""
    cell = Cell(
        "gsm",
        plmn=plmn(fields[1], fields[2]),
        lac=hex_id(fields[7]),
        cell_id=hex_id(fields[6]),
        channel=integer(fields[4]),
    )
    return (cell, signal.signal("gsm", rssi=number(fields[8])))


def neighbour(line: str) -> Cell | None:
    """^MONNC: LTE,<earfcn>,<pci>,<rsrp>,…, the PCI in hex; WCDMA,<uarfcn>,<psc>,…"""
    fields = texts(line)
    mode = (at(fields, 0) or "").upper()
    if mode == "LTE" and len(fields) >= 4:
        pci = hexadecimal(at(fields, 2))
        return Cell(
            "lte", serving=False, channel=integer(fields[1]), pci=int(pci, 16) if pci and len(pci) < 4 else None
        )
    if mode == "WCDMA" and len(fields) >= 4:
        return Cell("umts", serving=False, channel=integer(fields[1]), pci=integer(at(fields, 2)))
    return None
