"""Fibocom: FM150/FM190 (Qualcomm), FM350 (MediaTek), L850 (Intel XMM7360) and the XMM family's own commands.

Sources: FIBOCOM FM350&FG360 AT Commands, FIBOCOM L8-Family AT Commands; captures fibocom-*, intel-xmm7360-xcesq-01.
+GTCCINFO prints channel and PCI in hexadecimal on the FM150 and in decimal on the FM350: the FM150 has headings.
"""

import re
from dataclasses import replace

from modem import signal, slots
from modem.board import is_temperature
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, vendor
from modem.events import Reply
from modem.fields import at, body_of, hex_id, hexadecimal, integer, number, prefix_of, split, texts, tidy
from modem.identity import firmware
from modem.operators import plmn
from modem.replies import each, lines_of
from modem.values import Capability, Cell, NetworkInfo, Reading, Signal, Sim, Technology, Temperature

_RATS: dict[int, Technology] = {1: "gsm", 2: "umts", 4: "lte", 9: "nr"}
_NO_CELL = "00FFFFFFF"


def gtccinfo(reply: Reply) -> tuple[Reading, ...]:
    """+GTCCINFO: a heading, then <serving>,<rat>,<mcc>,<mnc>,<tac>,<cell>,<channel>,<pci>,… a line for each cell."""
    is_hex = any("cell:" in line.lower() for line in reply.lines)
    found: list[Reading] = []
    for line in reply.lines:
        fields = tuple(field.text for field in split(body_of(line) if prefix_of(line) else line))
        if len(fields) >= 10 and fields[0] in ("1", "2"):
            found += _cell(fields, 16 if is_hex else 10)
    return _as_legs(found)


def _as_legs(found: list[Reading]) -> tuple[Reading, ...]:
    """5G beside a serving LTE cell is the second leg of EN-DC, not 5G alone."""
    cells = [one for one in found if isinstance(one, Cell) and one.serving]
    if not any(cell.technology == "lte" for cell in cells):
        return tuple(found)
    return tuple(
        replace(one, technology="nr_nsa") if isinstance(one, Cell | Signal) and one.technology == "nr" else one
        for one in found
    )


def _cell(fields: tuple[str, ...], base: int) -> list[Reading]:
    tech = _RATS.get(integer(fields[1]) or 0)
    if tech not in ("lte", "nr"):
        return []
    serving = fields[0] == "1"
    area, cell_id = hex_id(fields[4]), at(fields, 5)
    channel, pci = _based(fields[6], base), _based(fields[7], base)
    found: list[Reading] = [
        Cell(
            tech,
            serving=serving,
            plmn=plmn(at(fields, 2), at(fields, 3)),
            tac=area if serving else None,
            cell_id=None if cell_id in (None, _NO_CELL) else hex_id(cell_id),
            pci=pci,
            channel=channel,
            band=_band(fields[8], tech),
        )
    ]
    if serving and len(fields) >= 14:
        found.append(_level(tech, integer(fields[12]), integer(fields[13])))
    return found


def _level(tech: Technology, rsrp: int | None, rsrq: int | None) -> Signal:
    """The last two of a serving cell: indexes like those of +CESQ."""
    if tech == "nr":
        return signal.signal(tech, rsrp=signal.ss_rsrp_dbm(rsrp), rsrq=signal.ss_rsrq_db(rsrq))
    return signal.signal(tech, rsrp=signal.rsrp_dbm(rsrp), rsrq=signal.rsrq_db(rsrq))


def _based(text: str, base: int) -> int | None:
    digits = hexadecimal(text) if base == 16 else text.strip()
    return int(digits, base) if digits and (base == 16 or integer(digits) is not None) and len(digits) < 9 else None


def _band(text: str, tech: Technology) -> str | None:
    """LTE 103 = B3; NR 505 and 5005 = n5, 5078 = n78."""
    value = integer(text)
    if value is None:
        return None
    if tech == "nr":
        return f"n{int(text[1:])}" if re.fullmatch(r"5[0-9]{2,3}", text) else None
    return f"B{value - 100}" if 100 < value < 200 else None


def gtcainfo(reply: Reply) -> tuple[Reading, ...]:
    """PCC:<band>,<pci>,<channel>,… and SCC 1:<state>,<uplink>,<band>,<pci>,<channel>,…"""
    found: list[Reading] = []
    for line in reply.lines:
        match = re.match(r"\s*(PCC|SCC)[ 0-9]{0,3}:\s*(.*)", line)
        fields = match[2].split(",") if match else []
        if match and match[1] == "SCC":
            fields = fields[2:]
        if match is None or len(fields) < 3 or not (integer(fields[0]) and integer(fields[2])):
            continue
        tech: Technology = "nr" if fields[0].startswith("5") else "lte"
        band = _band(fields[0].strip(), tech)
        found.append(Cell(tech, match[1] == "PCC", pci=integer(fields[1]), channel=integer(fields[2]), band=band))
    return _as_legs(found)


_ALLOWED: dict[int, tuple[str, ...]] = {
    0: ("gsm",),
    2: ("umts",),
    3: ("lte",),
    4: ("lte", "umts"),
    10: ("automatic",),
    14: ("nr",),
    17: ("nr", "lte"),
    20: ("nr", "lte", "umts"),
}
"""AT+GTRAT: what FM160's manual and drivers for FM650, L610, L710 agree on; 16 is NR/WCDMA in one, 5G/4G in another."""
_FIRST: dict[int, str] = {2: "umts", 3: "lte", 6: "nr"}


def gtrat(line: str) -> Capability | None:
    """+GTRAT: <networks>[,<first choice>[,<second>]]: the networks it may use, the preferred ones first."""
    fields = [integer(text) for text in texts(line)]
    allowed = _ALLOWED.get(fields[0]) if fields and fields[0] is not None else None
    if allowed is None:
        return None
    wished = [_FIRST[one] for one in fields[1:3] if one in _FIRST and _FIRST[one] in allowed]
    return Capability("+GTRAT", tuple(dict.fromkeys([*wished, *allowed])))


def epinc(line: str) -> Sim | None:
    """+EPINC: <PIN>,<PIN2>,<PUK>,<PUK2> tries left (FM350, MediaTek's command; its +CPINR is refused)."""
    values = [integer(text) for text in texts(line)]
    return Sim(pin_retries=values[0], puk_retries=values[2]) if len(values) == 4 and None not in values else None


def temperature(line: str) -> Temperature | None:
    """+GTSENRDTEMP: <sensor>,<thousandths of a degree>."""
    value = number(at(texts(line), 1))
    if value is None:
        return None
    degrees = tidy(value / 1000)
    return Temperature(degrees if is_temperature(degrees) else None)


def mtsm(line: str) -> Temperature | None:
    """+MTSM: <degrees> (XMM7360; L8-Family AT Commands §4.2.4)."""
    fields = texts(line)
    value = number(fields[0]) if len(fields) == 1 else None
    return Temperature(value if is_temperature(value) else None) if value is not None else None


def xcesq(line: str) -> tuple[Signal, ...] | None:
    """+XCESQ: <n>,<rxlev>,<ber>,<rscp>,<ecno>,<rsrq>,<rsrp>,<rssnr>: +CESQ with SINR in half dB, signed."""
    index = [integer(text) for text in texts(line)]
    if len(index) < 8:
        return None
    _, rxlev, ber, rscp, ecno, rsrq, rsrp, snr = index[:8]
    rsrp_dbm = signal.rsrp_dbm(rsrp)
    sinr = tidy(snr / 2) if snr is not None and -100 <= snr <= 100 and rsrp_dbm is not None else None
    return signal.radios(
        signal.signal("lte", rsrp=rsrp_dbm, rsrq=signal.rsrq_db(rsrq), sinr=sinr),
        signal.signal("umts", rscp=signal.rscp_dbm(rscp), ecio=signal.ecno_db(ecno)),
        signal.signal("gsm", rssi=signal.rxlev_dbm(rxlev), ber=signal.ber_index(ber)),
    )


def xmci(line: str) -> tuple[Reading, ...] | None:
    """+XMCI: 4,<mcc>,<mnc>,<tac>,<cell>,<pci>,<channel>,<ul>,<pathloss>,<rsrp>,<rsrq>,<rssnr>: 4 LTE, 5 neighbour."""
    fields = texts(line)
    kind = integer(at(fields, 0))
    if kind not in (4, 5) or len(fields) < 12:
        return xmci_older(fields)
    cell = Cell(
        "lte",
        serving=kind == 4,
        plmn=plmn(at(fields, 1), at(fields, 2)),
        tac=hex_id(fields[3]),
        cell_id=hex_id(fields[4]),
        pci=_based(fields[5], 16),
        channel=_based(fields[6], 16),
    )
    snr = integer(fields[11])
    sinr = tidy(snr / 2) if snr is not None and snr != 255 else None
    level = signal.signal(
        "lte", rsrp=signal.rsrp_dbm(integer(fields[9])), rsrq=signal.rsrq_db(integer(fields[10])), sinr=sinr
    )
    return (cell, level) if kind == 4 else (cell,)


def xmci_older(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """0,<mcc>,<mnc>,<lac>,<cell>, then <bsic>,<rxlev>,<ber> on 2G; 2,… <psc>,<channel>,…,<rssi>,<rscp>,<ecno> on 3G."""
    kind = integer(at(fields, 0))
    where = Cell(plmn=plmn(at(fields, 1), at(fields, 2)), lac=hex_id(at(fields, 3)), cell_id=hex_id(at(fields, 4)))
    if kind == 0 and len(fields) >= 8:
        level = signal.signal(
            "gsm", rssi=signal.rxlev_dbm(integer(fields[6])), ber=signal.ber_index(integer(fields[7]))
        )
        return (replace(where, technology="gsm"), level)
    if kind != 2 or len(fields) < 12:
        return None
    cell = replace(where, technology="umts", pci=_based(fields[5], 16), channel=_based(fields[6], 16))
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


def gtdualsim(reply: Reply) -> tuple[Reading, ...]:
    """+GTDUALSIM: <slot from 0>,"SUB<n>",<service>: one line is the slot in use; of two it is not said which."""
    lines = lines_of(reply, "+GTDUALSIM:")
    found = slots.counted_from(0)(lines[0]) if len(lines) == 1 else None
    return (found,) if found else ()


def xlec(line: str) -> NetworkInfo | None:
    """+XLEC: <n>,<cells>,<bandwidth>…,BAND_LTE_<band>."""
    match = re.search(r"BAND_LTE_(\d{1,2})", line, re.ASCII)
    return NetworkInfo("lte", band=f"B{int(match[1])}") if match else None


_CELL = (Ask("AT+GTCCINFO?", (), gtccinfo), Ask("AT+XMCI=1", ("+XMCI:",), each(xmci, "+XMCI:")))


def _of_xmci(reply: Reply) -> tuple[Reading, ...]:
    return each(xmci)(Reply(reply.command, reply.final, lines_of(reply, "+XMCI:"), reply.elapsed_s))


FIBOCOM = vendor(
    "fibocom",
    asks={
        Question.SIGNAL: (Ask("AT+XCESQ?", ("+XCESQ:",), each(xcesq, "+XCESQ:")),),
        Question.CELL: _CELL,
        Question.PIN_RETRIES: (Ask("AT+EPINC?", ("+EPINC:",), each(epinc, "+EPINC:")),),
        Question.SIM_SLOTS: (Ask("AT+GTDUALSIM?", ("+GTDUALSIM:",), gtdualsim),),
        Question.TEMPERATURE: (
            Ask("AT+GTSENRDTEMP=1", ("+GTSENRDTEMP:",), each(temperature, "+GTSENRDTEMP:")),
            Ask("AT+MTSM=1", ("+MTSM:",), each(mtsm, "+MTSM:")),
        ),
    },
    urcs=dict.fromkeys(("+SIM READY", "+SIM DROP", "+PBREADY", "+XCAPTEST:", "+XNITZINFO:", "+GTUSIM:"), nothing),
    parsers={
        "+GTCCINFO": gtccinfo,
        "+GTCAINFO": gtcainfo,
        "+GTSENRDTEMP": each(temperature),
        "+GTPKGVER": each(firmware),
        "+MTSM": each(mtsm),
        "+XCESQ": each(xcesq),
        "+XMCI": _of_xmci,
        "+XLEC": each(xlec),
        "+XREG": each(xreg),
        "+GTDUALSIM": gtdualsim,
        "+GTRAT": each(gtrat),
        "+EPINC": each(epinc),
    },
)
ALL = (FIBOCOM,)
