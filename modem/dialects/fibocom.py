"""Fibocom: FM150/FM190 (Qualcomm), FM350 (MediaTek), L850 (Intel XMM7360, `fibocom_xmm`).
Data connections: `fibocom_data`.

Sources: FIBOCOM FM350&FG360 AT Commands; captures fibocom-*.
+GTCCINFO prints channel and PCI in hexadecimal on the FM150 and in decimal on the FM350: the FM150 has headings.
"""

import re

from modem import card, signal, slots
from modem.dialect import Ask, Question
from modem.dialects import fibocom_data, fibocom_xmm
from modem.dialects.legs import as_legs
from modem.dialects.threegpp import nothing, urc, vendor
from modem.events import Reply
from modem.fields import at, hex_id, hexadecimal, integer, number, texts, tidy
from modem.identity import firmware
from modem.operators import plmn
from modem.replies import MAX_LINES, each, lines_of
from modem.shapes import shape, shaped
from modem.values import Capability, Cell, Reading, Signal, Technology, Temperature

_RATS: dict[str, Technology] = {"4": "lte", "9": "nr"}
"""2G and 3G rows (1, 2) have other fields, and nobody has shown one."""
_PADDED = len("00FFFFFFF")
"""Digits of every cell id of the FM350, which has no headings. Without either sign 30 could be 48."""


def gtccinfo(reply: Reply) -> tuple[Reading, ...]:
    """+GTCCINFO: a heading, then <serving>,<rat>,<mcc>,<mnc>,<tac>,<cell>,<channel>,<pci>,… a line for each cell."""
    rows = [texts(line) for line in reply.lines[:MAX_LINES]]
    cells = [row for row in rows if len(row) >= 10 and row[0] in ("1", "2")]
    has_headings = any("cell:" in line.lower() for line in reply.lines[:MAX_LINES])
    is_padded = any(len(row[5]) == _PADDED for row in cells)
    base = 16 if has_headings else 10 if is_padded else None
    return as_legs([reading for row in cells for reading in _cell(row, base)])


_SERVING = shape("[12] [0-9] mcc mnc cell wide cell hexpci nat small int small small small", 10)
_NEIGHBOUR = shape("[12] [0-9] mcc mnc cell wide cell hexpci nat|[0-9]* small", 10, 10)


def _cell(fields: tuple[str, ...], base: int | None) -> list[Reading]:
    tech = _RATS.get(fields[1])
    serving = fields[0] == "1"
    said = shaped(fields, _SERVING if serving else _NEIGHBOUR)
    if tech is None or said is None:
        return []
    fields = said
    channel, pci = _based(fields[6], base), _based(fields[7], base)
    found: list[Reading] = [
        Cell(
            tech,
            serving=serving,
            plmn=plmn(at(fields, 2), at(fields, 3)),
            tac=hex_id(fields[4]),
            cell_id=hex_id(fields[5]),
            pci=pci,
            channel=channel,
            band=_band(fields[8], tech),
        )
    ]
    if serving and any(fields[12:14]):
        found.append(_level(tech, fields))
    return found


def _level(tech: Technology, fields: tuple[str, ...]) -> Signal:
    """The last two of a serving cell are indexes like those of +CESQ.

    <rssnr> is in half dB on the FM350 by its manual (§11.1.15), in dB by those who compared, and on the FM150 and for
    5G no manual says: it stays unread.
    """
    rsrp, rsrq = integer(fields[12]), integer(fields[13])
    if tech == "nr":
        return signal.signal(tech, rsrp=signal.ss_rsrp_dbm(rsrp), rsrq=signal.ss_rsrq_db(rsrq))
    return signal.signal(tech, rsrp=signal.rsrp_dbm(rsrp), rsrq=signal.rsrq_db(rsrq))


def _based(text: str, base: int | None) -> int | None:
    digits = hexadecimal(text) if base == 16 else None
    return int(digits, 16) if digits else integer(text) if base == 10 else None


def _band(text: str, tech: Technology) -> str | None:
    """LTE 103 = B3; NR 505 and 5005 = n5, 5078 = n78."""
    value = integer(text)
    if value is None:
        return None
    if tech == "nr":
        return f"n{int(text[1:])}" if re.fullmatch(r"5[0-9]{2,3}", text) else None
    return f"B{value - 100}" if 100 < value < 200 else None


_PRIMARY = shape("[0-9]{3,4} pci channel small small small small small num", 4, 9)
_SECONDARY = shape("small small [0-9]{3,4} pci channel small small small", 6, 8)


def gtcainfo(reply: Reply) -> tuple[Reading, ...]:
    """PCC:<band>,<pci>,<channel>,… and SCC 1:<state>,<uplink>,<band>,<pci>,<channel>,…"""
    found: list[Reading] = []
    for line in reply.lines:
        match = re.match(r"\s*(PCC|SCC)[ 0-9]{0,3}:\s*(.*)", line)
        if match is None:
            continue
        said = shaped(tuple(match[2].split(",")), _SECONDARY if match[1] == "SCC" else _PRIMARY)
        fields = said[2 if match[1] == "SCC" else 0 :] if said else ()
        if not fields or not (integer(fields[0]) and integer(fields[2])):
            continue
        tech: Technology = "nr" if fields[0].startswith("5") else "lte"
        band = _band(fields[0], tech)
        found.append(Cell(tech, match[1] == "PCC", pci=integer(fields[1]), channel=integer(fields[2]), band=band))
    return as_legs(found)


_ALLOWED: dict[int | None, tuple[str, ...]] = {
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
    allowed = _ALLOWED.get(fields[0]) if fields else None
    if allowed is None:
        return None
    wished = [_FIRST[one] for one in fields[1:3] if one in _FIRST and _FIRST[one] in allowed]
    return Capability("+GTRAT", tuple(dict.fromkeys([*wished, *allowed])))


def temperature(line: str) -> Temperature | None:
    """+GTSENRDTEMP: <sensor>,<thousandths of a degree>; a figure below a degree is of another unit, or no figure."""
    value = number(at(texts(line), 1))
    if value is None:
        return None
    degrees = tidy(value / 1000)
    return Temperature(degrees if abs(degrees) >= 1 else None)


def gtdualsim(reply: Reply) -> tuple[Reading, ...]:
    """+GTDUALSIM: <slot from 0>,"SUB<n>",<service>: one line is the slot in use; of two it is not said which."""
    lines = lines_of(reply, "+GTDUALSIM:")
    found = slots.counted_from(0)(lines[0]) if len(lines) == 1 else None
    return (found,) if found else ()


_TRIES = card.tries(puk_at=2)
"""+EPINC: <PIN>,<PIN2>,<PUK>,<PUK2> (FM350, MediaTek's command; its +CPINR is refused), Intel's +XPINCNT likewise."""
_CELL = (Ask("AT+GTCCINFO?", (), gtccinfo), Ask("AT+XMCI=1", ("+XMCI:",), each(fibocom_xmm.xmci, "+XMCI:")))


FIBOCOM = vendor(
    "fibocom",
    asks={
        Question.SIGNAL: (Ask("AT+XCESQ?", ("+XCESQ:",), each(fibocom_xmm.xcesq, "+XCESQ:")),),
        Question.CELL: _CELL,
        Question.PIN_RETRIES: (Ask("AT+EPINC?", ("+EPINC:",), each(_TRIES, "+EPINC:")),),
        Question.SIM_SLOTS: (Ask("AT+GTDUALSIM?", ("+GTDUALSIM:",), gtdualsim),),
        Question.TEMPERATURE: (
            Ask("AT+GTSENRDTEMP=1", ("+GTSENRDTEMP:",), each(temperature, "+GTSENRDTEMP:")),
            Ask("AT+MTSM=1", ("+MTSM:",), each(fibocom_xmm.mtsm, "+MTSM:")),
        ),
    },
    urcs={
        "+MIPCALL:": urc(each(fibocom_data.mipcall)),
        "+XSIM:": urc(each(fibocom_xmm.xsim)),
        **dict.fromkeys(("+SIM READY", "+SIM DROP", "+PBREADY", "+XCAPTEST:", "+XNITZINFO:", "+GTUSIM:"), nothing),
    },
    parsers={
        "+GTCCINFO": gtccinfo,
        "+GTCAINFO": gtcainfo,
        "+GTSENRDTEMP": each(temperature),
        "+GTPKGVER": each(firmware),
        "+GTDNS": each(fibocom_data.gtdns),
        "+GTRNDIS": each(fibocom_data.gtrndis),
        "+MIPCALL": each(fibocom_data.mipcall),
        "+MTSM": each(fibocom_xmm.mtsm),
        "+XCESQ": each(fibocom_xmm.xcesq),
        "+XMCI": fibocom_xmm.of_xmci,
        "+XCCINFO": each(fibocom_xmm.xccinfo),
        "+XLEC": each(fibocom_xmm.xlec),
        "+XREG": each(fibocom_xmm.xreg),
        "+XSIM": each(fibocom_xmm.xsim),
        "+XDNS": each(fibocom_xmm.xdns),
        "+GTDUALSIM": gtdualsim,
        "+GTRAT": each(gtrat),
        **dict.fromkeys(("+EPINC", "+XPINCNT"), each(_TRIES)),
    },
)
ALL = (FIBOCOM,)
