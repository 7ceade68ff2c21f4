"""Intel's XMM chips (Fibocom L850, L860): the commands that begin with +X, and +MTSM.

Sources: FIBOCOM L8-Family AT Commands; +XCCINFO's fields by its §9.1.14, the band's numbers by +XACT in public drivers;
captures fibocom-l850-gl-*, intel-xmm7360-xcesq-01.
"""

import re
from dataclasses import replace

from modem import contexts, signal
from modem.events import Reply
from modem.fields import at, hex_id, hexadecimal, integer, number, scaled, texts, tidy
from modem.operators import plmn
from modem.replies import each, lines_of
from modem.shapes import shape, shaped
from modem.values import (
    Cell,
    ContextParams,
    NetworkInfo,
    Reading,
    Signal,
    Sim,
    SimStatus,
    Technology,
    Temperature,
)


def mtsm(line: str) -> Temperature | None:
    """+MTSM: <degrees> (XMM7360; L8-Family AT Commands §4.2.4)."""
    fields = texts(line)
    value = number(fields[0]) if len(fields) == 1 else None
    return Temperature(value) if value is not None else None


_XCESQ = shape("[0-9] small small small small small small num", 8)


_XCESQ_LENGTHS = (8, 9, 12, 14)


def xcesq(line: str) -> tuple[Signal, ...] | None:
    """+XCESQ: <n>,<rxlev>,<ber>,<rscp>,<ecno>,<rsrq>,<rsrp>,<rssnr>: +CESQ with SINR in half dB, signed."""
    fields = texts(line)
    index = [integer(text) for text in shaped(fields, _XCESQ) or ()]
    if not index or len(fields) not in _XCESQ_LENGTHS:
        return None
    _, rxlev, ber, rscp, ecno, rsrq, rsrp, snr = index[:8]
    rsrp_dbm = signal.rsrp_dbm(rsrp)
    sinr = tidy(snr / 2) if snr is not None and rsrp_dbm is not None else None
    return signal.radios(
        signal.signal("lte", rsrp=rsrp_dbm, rsrq=signal.rsrq_db(rsrq), sinr=sinr),
        signal.signal("umts", rscp=signal.rscp_dbm(rscp), ecio=signal.ecno_db(ecno)),
        signal.signal("gsm", rssi=signal.rxlev_dbm(rxlev), ber=signal.ber_index(ber)),
    )


_XMCI = shape("[45] mcc mnc area cell cell cell cell cell small small num cell cell", 12)
_XMCI_2G = shape("0 mcc mnc area cell small small small", 8)
_XMCI_3G = shape("2 mcc mnc area cell cell cell cell cell small small small", 12)
_XCCINFO = shape("[0-9] mcc mnc cell [0-9] small area any any area any", 10)


def xmci(line: str) -> tuple[Reading, ...] | None:
    """+XMCI: 4,<mcc>,<mnc>,<tac>,<cell>,<pci>,<channel>,<ul>,<pathloss>,<rsrp>,<rsrq>,<rssnr>: 4 LTE, 5 neighbour."""
    fields = texts(line)
    kind = integer(at(fields, 0))
    if kind not in (4, 5):
        return xmci_older(fields)
    if (found := shaped(fields, _XMCI)) is None:
        return None
    fields = found
    cell = Cell(
        "lte",
        serving=kind == 4,
        plmn=plmn(at(fields, 1), at(fields, 2)),
        tac=hex_id(fields[3]),
        cell_id=hex_id(fields[4]),
        pci=_number(fields[5]),
        channel=_number(fields[6]),
    )
    rsrp, rsrq = signal.rsrp_dbm(integer(fields[9])), signal.rsrq_db(integer(fields[10]))
    level = signal.signal("lte", rsrp=rsrp, rsrq=rsrq, sinr=scaled(fields[11], 0.5))
    return (cell, level) if kind == 4 else (cell,)


def xmci_older(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """0,<mcc>,<mnc>,<lac>,<cell>, then <bsic>,<rxlev>,<ber> on 2G; 2,… <psc>,<channel>,…,<rssi>,<rscp>,<ecno> on 3G."""
    kind = integer(at(fields, 0))
    if (found := shaped(fields, _XMCI_2G if kind == 0 else _XMCI_3G)) is None:
        return None
    fields = found
    where = Cell(plmn=plmn(at(fields, 1), at(fields, 2)), lac=hex_id(at(fields, 3)), cell_id=hex_id(at(fields, 4)))
    if kind == 0:
        level = signal.signal(
            "gsm", rssi=signal.rxlev_dbm(integer(fields[6])), ber=signal.ber_index(integer(fields[7]))
        )
        return (replace(where, technology="gsm"), level)
    if kind != 2:
        return None
    cell = replace(where, technology="umts", pci=_number(fields[5]), channel=_number(fields[6]))
    rscp, ecio = signal.rscp_dbm(integer(fields[10])), signal.ecno_db(integer(fields[11]))
    return (cell, signal.signal("umts", rscp=rscp, ecio=ecio))


_BAND_SYSTEMS: dict[str, Technology] = {"LTE": "lte", "UMTS": "umts", "GSM": "gsm"}
_BAND_NAME = re.compile(r"BAND_(LTE|UMTS|GSM)_([0-9IVX]{1,4})")


def xreg(line: str) -> NetworkInfo | None:
    """+XREG: <n>,<state>,BAND_LTE_<band>,…: the states are the chip's own; the band says which network it is."""
    match = _BAND_NAME.search(line[:256])
    if match is None:
        return None
    tech = _BAND_SYSTEMS[match[1]]
    return NetworkInfo(tech, band=f"B{match[2]}" if tech == "lte" and match[2].isdecimal() else None)


def xlec(line: str) -> NetworkInfo | None:
    """+XLEC: <n>,<cells>,<bandwidth>…,BAND_LTE_<band>."""
    match = re.search(r"BAND_LTE_(\d{1,2})", line, re.ASCII)
    return NetworkInfo("lte", band=f"B{int(match[1])}") if match else None


_LTE_BANDS = {str(100 + number): f"B{number}" for number in range(1, 100)}


def xccinfo(line: str) -> Cell | None:
    """+XCCINFO: <mode>,<mcc>,<mnc>,<cell>,<rat>,<band>,<lac>,<?>,<rac>,<tac>,…: <band> 103 is LTE's B3;
    of other networks no answer has been seen."""
    fields = shaped(texts(line), _XCCINFO)
    if fields is None or fields[5] not in _LTE_BANDS:
        return None
    place = plmn(at(fields, 1), at(fields, 2)), hex_id(fields[9]), hex_id(fields[3])
    return Cell("lte", plmn=place[0], tac=place[1], cell_id=place[2], band=_LTE_BANDS[fields[5]])


def of_xmci(reply: Reply) -> tuple[Reading, ...]:
    """+XMCI, whose long lines are broken in two."""
    return each(xmci)(Reply(reply.command, reply.final, lines_of(reply, "+XMCI:"), reply.elapsed_s))


def _number(text: str) -> int | None:
    digits = hexadecimal(text)
    return int(digits, 16) if digits else None


_SIM_STATES: dict[int, SimStatus] = {
    0: "absent",
    1: "pin_required",
    2: "ready",
    3: "ready",
    4: "puk_required",
    5: "failure",
    6: "failure",
    7: "ready",
    8: "failure",
    9: "absent",
}


def xsim(line: str) -> Sim | None:
    """+XSIM: <state> (AT+XSIMSTATE, Telit HE863 manual, the same chips): 5 blocked for ever, 7 ready to attach."""
    state = integer(at(texts(line), 0))
    return Sim(_SIM_STATES[state]) if state in _SIM_STATES else None


def xdns(line: str) -> ContextParams | None:
    """+XDNS: <cid>,"<server>","<server>"."""
    fields = texts(line)
    cid = integer(at(fields, 0))
    found = tuple(one for text in fields[1:3] for one in contexts.addresses(text))
    return ContextParams(cid, dns=found) if cid is not None and found else None
