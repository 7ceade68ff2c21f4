"""Huawei: E-series sticks, ME909, MU709, MH5000.

Sources: HUAWEI ME909s Series LTE Module AT Command Interface Specification, HUAWEI MU509 (^RSSI), captures huawei-*.
Vendor commands begin with ^; the E1752 says COMMAND NOT SUPPORT instead of ERROR.
"""

import ipaddress
from typing import Literal

from modem import card, signal, slots
from modem.board import is_temperature
from modem.causes import cause
from modem.dialect import Ask, Question
from modem.dialects import huawei_radio
from modem.dialects.threegpp import nothing, urc, vendor
from modem.events import Reply
from modem.fields import at, hex_id, hexadecimal, integer, number, texts, tidy
from modem.operators import plmn
from modem.replies import each, lines_of
from modem.values import (
    Cell,
    ContextActive,
    ContextParams,
    Counters,
    ErrorCause,
    NetworkInfo,
    Reading,
    Signal,
    Sim,
    Technology,
    Temperature,
)

_UNKNOWN = 255
_FIRST_CID = 1
"""The ECM/NDIS link of sticks has no context number of its own: it is the first."""


def _step(text: str | None, last: int, lowest: float, step: float) -> float | None:
    """^HCSQ's own indexes: n stands for lowest + n * step, 255 for not known."""
    index = integer(text)
    if index is None or index == _UNKNOWN or not 0 <= index <= last:
        return None
    return tidy(lowest + index * step)


def _level(text: str | None) -> float | None:
    """RSSI and RSCP: 0 is below -120 dBm, 96 is -25 dBm or more."""
    return _step(text, 96, -121, 1)


def hcsq(line: str) -> Signal | None:
    """^HCSQ: "LTE",<rssi>,<rsrp>,<sinr>,<rsrq>; "WCDMA",<rssi>,<rscp>,<ecio>; "GSM",<rssi>; "NR",<rsrp>,<sinr>,<rsrq>.

    NR uses LTE's scales for RSRP and SINR (MT5700M: 77,241 beside ^MONSC's -65 dBm and 29 dB). Its RSRQ of 31 stood
    beside -9 and -10 dB, which no scale explains: it is not read.
    """
    fields = texts(line)
    mode = fields[0].strip().upper() if fields else ""
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


_SERVICE: dict[int, Literal["none", "limited", "valid", "sleep"]] = {
    0: "none",
    1: "limited",
    2: "valid",
    3: "limited",  # restricted to the region
    4: "sleep",
}
_MODE_NAMES: dict[str, Technology] = {
    "GSM": "gsm",
    "GPRS": "gsm",
    "EDGE": "edge",
    "WCDMA": "umts",
    "TD-SCDMA": "umts",
    "HSDPA": "hspa",
    "HSUPA": "hspa",
    "HSPA": "hspa",
    "HSPA+": "hspa",
    "DC-HSPA+": "hspa",
    "LTE": "lte",
    "LTE+": "lte",
    "NR": "nr",
    "NR-5GC": "nr",
}
_NO_CARD = 255


def sysinfoex(line: str) -> tuple[Reading, ...] | None:
    """^SYSINFOEX: <service>,<domain>,<roaming>,<card>,<lock>,<mode>,<mode name>,<submode>,<submode name>."""
    fields = texts(line)
    service = integer(at(fields, 0))
    if service not in _SERVICE or len(fields) < 4:
        return None
    names = ((at(fields, 8) or "").upper(), (at(fields, 6) or "").upper())
    tech = next((_MODE_NAMES[name] for name in names if name in _MODE_NAMES), None)
    return _with_card(NetworkInfo(tech, service=_SERVICE[service]), integer(at(fields, 3)))


_MODES: dict[int, Technology] = {3: "gsm", 5: "umts", 15: "umts", 17: "lte"}
_GSM_SUBMODES = (0, 1, 2, 3, None)


def sysinfo(line: str) -> tuple[Reading, ...] | None:
    """^SYSINFO:<service>,<domain>,<roaming>,<mode>,<card>[,<lock>,<submode>]: where the modes differ neither counts."""
    fields = texts(line)
    service = integer(at(fields, 0))
    if service not in _SERVICE or len(fields) < 5:
        return None
    tech = _MODES.get(integer(at(fields, 3)) or 0)
    if tech == "gsm" and integer(at(fields, 6)) not in _GSM_SUBMODES:
        tech = None
    return _with_card(NetworkInfo(tech, service=_SERVICE[service]), integer(at(fields, 4)))


def _with_card(info: NetworkInfo, card: int | None) -> tuple[Reading, ...]:
    return (info, Sim("absent")) if card == _NO_CARD else (info,)


def simst(line: str) -> Sim | None:
    """^SIMST:<n>: 255 no card, 1 valid; 0 is an invalid one or one that waits for its PIN."""
    state = integer(at(texts(line), 0))
    return None if state is None else Sim("absent" if state == _NO_CARD else "ready" if state == 1 else "unknown")


def cpin(line: str) -> Sim | None:
    """^CPIN: <code>,[<tries>],<PUK tries>,<PIN tries>,…"""
    fields = texts(line)
    known = card.cpin(f"+CPIN: {fields[0]}") if fields else None
    if known is None:
        return None
    return Sim(known.state, pin_retries=integer(at(fields, 3)), puk_retries=integer(at(fields, 2)))


def dsflowqry(line: str) -> Counters | None:
    """^DSFLOWQRY:<time>,<sent>,<received>,<time>,<sent>,<received>: last session, then all since cleared; hex."""
    fields = texts(line)
    sent, received = hexadecimal(at(fields, 4)), hexadecimal(at(fields, 5))
    if sent is None or received is None:
        return None
    return Counters(rx_bytes=int(received, 16), tx_bytes=int(sent, 16), scope="lifetime")


def dsflowrpt(line: str) -> Counters | None:
    """^DSFLOWRPT:<time>,<tx rate>,<rx rate>,<sent>,<received>,…: this session; hexadecimal."""
    fields = texts(line)
    sent, received = hexadecimal(at(fields, 3)), hexadecimal(at(fields, 4))
    if sent is None or received is None:
        return None
    return Counters(rx_bytes=int(received, 16), tx_bytes=int(sent, 16), scope="session")


def _little_endian(text: str | None) -> str | None:
    """An IPv4 address as a little endian number in hex, leading zeros dropped: 1010A0A = 10.10.1.1."""
    digits = hexadecimal(text)
    if digits is None or len(digits) > 8 or not int(digits, 16):
        return None
    return str(ipaddress.IPv4Address(int(digits, 16).to_bytes(4, "little")))


def dhcp(line: str) -> ContextParams | None:
    """^DHCP: <address>,<mask>,<gateway>,<dhcp>,<dns>,<dns>,<rates>."""
    fields = texts(line)
    own = _little_endian(at(fields, 0))
    if len(fields) < 6:
        return None
    return ContextParams(
        cid=_FIRST_CID,
        addresses=(own,) if own else (),
        mask=_little_endian(at(fields, 1)),
        gateway=_little_endian(at(fields, 2)),
        dns=tuple(one for one in (_little_endian(at(fields, 4)), _little_endian(at(fields, 5))) if one),
    )


def ndisstat(reply: Reply) -> tuple[Reading, ...]:
    """^NDISSTATQRY: <state>,,,"IPV4"[,<state>,,,"IPV6"], on one line or several: 1 in any is a connection."""
    lines = lines_of(reply, "^NDISSTATQRY:", "^NDISSTAT:")
    states = [integer(text) for line in lines for text in texts(line)[::4]]
    known = [state for state in states if state in (0, 1, 2, 3)]
    return (ContextActive(_FIRST_CID, active=1 in known),) if known else ()


def monsc(line: str) -> tuple[Reading, ...] | None:
    """^MONSC: <mode>,<mcc>,<mnc>,…: the serving cell; levels in dBm and dB, ids in hex. NONE: there is no cell."""
    fields = texts(line)
    mode = fields[0].strip().upper() if fields else ""
    if mode == "NONE":
        return (NetworkInfo(service="none"),)
    reader = {
        "LTE": _monsc_lte,
        "NR": _monsc_nr,
        "NR-5GC": _monsc_nr,
        "WCDMA": _monsc_wcdma,
        "GSM": huawei_radio.gsm_cell,
    }.get(mode)
    return reader(fields) if reader and len(fields) >= 10 else None


def _monsc_lte(fields: tuple[str, ...]) -> tuple[Reading, ...]:
    """…,<earfcn>,<cell>,<pci>,<tac>,<rsrp>,<rsrq>,<rssi>; the PCI in hex too."""
    pci = hexadecimal(at(fields, 5))
    cell = Cell(
        "lte",
        plmn=plmn(fields[1], fields[2]),
        tac=hex_id(fields[6]),
        cell_id=hex_id(fields[4]),
        pci=int(pci, 16) if pci and len(pci) <= 3 else None,
        channel=integer(fields[3]),
    )
    return (cell, signal.signal("lte", rsrp=number(fields[7]), rsrq=number(fields[8]), rssi=number(fields[9])))


def _monsc_nr(fields: tuple[str, ...]) -> tuple[Reading, ...]:
    """…,<arfcn>,<scs>,<cell>,<pci>,<tac>,<rsrp>,<rsrq>[,<sinr>]; the PCI in hex (MT5700M manual §13.9; on hardware 114
    beside ^NRSSBID's 276)."""
    pci = hexadecimal(fields[6])
    cell = Cell(
        "nr",
        plmn=plmn(fields[1], fields[2]),
        tac=hex_id(fields[7]),
        cell_id=hex_id(fields[5]),
        pci=int(pci, 16) if pci and len(pci) <= 3 else None,
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


_E_UTRAN = 2
_LAST_OF_3GPP = 255
"""Above it are the chip's own: authentication failed (256), no answer (301 …)."""


def rejinfo(line: str) -> ErrorCause | None:
    """^REJINFO: <plmn>,<domain>,<cause>,<radio>,<kind>,<first cause>,<lac>,<rac>,<cell>: the network has just refused.

    MT5700M manual §13.14; radio 2 is E-UTRAN. For the other radios the layer is not known.
    """
    fields = texts(line)
    refused, radio = integer(at(fields, 2)), integer(at(fields, 3))
    if refused is None or refused <= 0 or radio is None:
        return None
    if refused > _LAST_OF_3GPP:
        return ErrorCause(cause("vendor", refused))
    return ErrorCause(cause("emm" if radio == _E_UTRAN else None, refused))


_NO_SENSOR = 65535
_AMPLIFIERS = 3


def chiptemp(line: str) -> Temperature | None:
    """^CHIPTEMP: tenths of a degree, the hottest counts; of five fields the last two (card, battery) are no tenths."""
    values = [integer(text) for text in texts(line)]
    if not values or None in values:
        return None
    tenths = values[:_AMPLIFIERS] if len(values) == _AMPLIFIERS + 2 else values
    real = [tidy(one / 10) for one in tenths if one is not None and one != _NO_SENSOR and is_temperature(one / 10)]
    return Temperature(max(real, default=None))


_FREQUENCY_MODES: dict[int, Technology] = {1: "gsm", 2: "umts", 3: "umts", 6: "lte", 7: "nr"}


def hfreqinfo(line: str) -> Cell | None:
    """^HFREQINFO:<n>,<mode>,<band>,<channel>,…: what the receiver is tuned to."""
    fields = texts(line)
    tech = _FREQUENCY_MODES.get(integer(at(fields, 1)) or 0)
    if tech is None or len(fields) < 4:
        return None
    number = integer(fields[2])
    band = f"{'n' if tech == 'nr' else 'B'}{number}" if number and tech in ("lte", "nr", "umts") else None
    return Cell(tech, channel=integer(fields[3]), band=band)


HUAWEI = vendor(
    "huawei",
    asks={
        Question.ICCID: (Ask("AT^ICCID?", (), each(card.number)),),
        Question.PIN_RETRIES: (Ask("AT^CPIN?", ("^CPIN:",), each(cpin, "^CPIN:")),),
        Question.SIM_SLOTS: (
            Ask("AT^SCICHG?", ("^SCICHG:",), each(slots.counted_from(0), "^SCICHG:")),
            Ask("AT^SIMSWITCH?", ("^SIMSWITCH:",), each(slots.counted_from(0), "^SIMSWITCH:")),
        ),
        Question.SIGNAL: (Ask("AT^HCSQ?", ("^HCSQ:",), each(hcsq, "^HCSQ:")),),
        Question.NETWORK_INFO: (
            Ask("AT^SYSINFOEX", ("^SYSINFOEX:",), each(sysinfoex, "^SYSINFOEX:")),
            Ask("AT^SYSINFO", ("^SYSINFO:",), each(sysinfo, "^SYSINFO:")),
        ),
        Question.COUNTERS: (Ask("AT^DSFLOWQRY", ("^DSFLOWQRY:",), each(dsflowqry, "^DSFLOWQRY:")),),
        Question.CELL: (
            Ask("AT^MONSC", ("^MONSC:",), each(monsc, "^MONSC:")),
            Ask("AT^HFREQINFO?", ("^HFREQINFO:",), each(hfreqinfo, "^HFREQINFO:")),
        ),
        Question.TEMPERATURE: (Ask("AT^CHIPTEMP?", ("^CHIPTEMP:",), each(chiptemp, "^CHIPTEMP:")),),
    },
    urcs={
        "^HCSQ:": urc(each(hcsq)),
        "^RSSI:": urc(each(rssi)),
        "^SIMST:": urc(each(simst)),
        "^DSFLOWRPT:": urc(each(dsflowrpt)),
        "^NDISSTAT:": urc(ndisstat),
        **dict.fromkeys(("^MODE:", "^SRVST:", "^BOOT:", "^STIN:", "^TIME:"), nothing),
        "^EONS:": urc(each(huawei_radio.eons)),
        "^NWTIME:": urc(each(huawei_radio.nwtime)),
        "^LTERSRP:": urc(each(huawei_radio.ltersrp)),
        "^CSNR:": urc(each(huawei_radio.csnr)),
        "^CERSSI:": urc(each(huawei_radio.cerssi)),
        **dict.fromkeys(("^ORIG:", "^CONF:", "^CONN:", "^CEND:", "^ANLEVEL:", "^SMMEMFULL:", "^HCSQEX:"), nothing),
        **dict.fromkeys(("^RFSWITCH:", "^CRSSI:", "^HDRRSSI:", "^DSDORMANT:"), nothing),
        "^REJINFO:": urc(each(rejinfo)),
        **dict.fromkeys(("^THERM:", "^LWURC:", "^PDCPDATAINFO:", "^DCONN:"), nothing),
    },
    parsers={
        "^ICCID": each(card.number),
        "^CPIN": each(cpin),
        "^HCSQ": each(hcsq),
        "^SYSINFOEX": each(sysinfoex),
        "^SYSINFO": each(sysinfo),
        "^DSFLOWQRY": each(dsflowqry),
        "^DHCP": each(dhcp),
        "^NDISSTATQRY": ndisstat,
        "^HFREQINFO": each(hfreqinfo),
        "^MONSC": each(monsc),
        "^REJINFO": each(rejinfo),
        "^CHIPTEMP": each(chiptemp),
        "^RSSI": each(rssi),
        "^NWTIME": each(huawei_radio.nwtime),
        "^LTERSRP": each(huawei_radio.ltersrp),
        "^CSNR": each(huawei_radio.csnr),
        "^CERSSI": each(huawei_radio.cerssi),
        "^EONS": each(huawei_radio.eons),
        "^MONNC": each(huawei_radio.neighbour),
        "^SIMSWITCH": each(slots.counted_from(0)),
        "^SCICHG": each(slots.counted_from(0)),
    },
    restarts=("^SYSSTART",),
)
ALL = (HUAWEI,)
