"""Huawei: E-series sticks, ME909, MU709, MH5000.

Sources: HUAWEI ME909s Series LTE Module AT Command Interface Specification, HUAWEI MU509 (^RSSI), captures huawei-*.
Vendor commands begin with ^; the E1752 says COMMAND NOT SUPPORT instead of ERROR.
"""

from typing import Literal

from modem import card, slots
from modem.causes import cause
from modem.dialect import Ask, Question
from modem.dialects import huawei_cells, huawei_data, huawei_radio
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import at, body_of, integer, texts, tidy
from modem.replies import each
from modem.shapes import shape, shaped
from modem.values import (
    ErrorCause,
    Identity,
    NetworkInfo,
    Reading,
    Sim,
    SimStatus,
    Technology,
    Temperature,
    is_temperature,
)

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
_CARDS: dict[int | None, SimStatus] = {1: "ready", 255: "absent"}
"""0 is an invalid one or one that waits for its PIN, 2 to 4 are invalid for calls, for data or for both (^SYSINFO)."""


def sysinfoex(line: str) -> tuple[Reading, ...] | None:
    """^SYSINFOEX: <service>,<domain>,<roaming>,<card>,<lock>,<mode>,<mode name>,<submode>,<submode name>."""
    fields = texts(line)
    service = integer(at(fields, 0))
    if service not in _SERVICE or len(fields) < 4:
        return None
    names = ((at(fields, 8) or "").upper(), (at(fields, 6) or "").upper())
    tech = next((_MODE_NAMES[name] for name in names if name in _MODE_NAMES), None)
    return _with_card(NetworkInfo(tech, service=_SERVICE[service]), integer(at(fields, 3)))


_MODES: dict[int | None, Technology] = {3: "gsm", 5: "umts", 9: "lte", 15: "umts", 17: "lte"}
"""9 is Qualcomm's own number, which Neoway N58 shows; Huawei's is 17."""
_GSM_SUBMODES = (0, 1, 2, 3, None)
_SUBMODES: dict[tuple[Technology, int | None], Technology] = {
    ("gsm", 3): "edge",
    **{("umts", submode): "hspa" for submode in (5, 6, 7, 9, 17, 18)},  # HSDPA, HSUPA, both, HSPA+ (plain, 64QAM, MIMO)
}
"""<submode> of ^SYSINFO and ^MODE (Huawei datacard manual V2.3, ^SYSINFO): where it is faster than the mode."""


_SYSINFO = shape("[0-4] [0-4] [0-9] [0-9]{1,2} [0-9]{1,3} any [0-9]{0,2}", 5, 5)


def sysinfo(line: str) -> tuple[Reading, ...] | None:
    """^SYSINFO:<service>,<domain>,<roaming>,<mode>,<card>[,<lock>,<submode>]: where the modes differ neither counts."""
    fields = shaped(texts(line), _SYSINFO) or ()
    service = integer(at(fields, 0))
    if service not in _SERVICE:
        return None
    tech = _MODES.get(integer(at(fields, 3)))
    if tech is not None:
        tech = _by_submode(tech, integer(at(fields, 6)))
    return _with_card(NetworkInfo(tech, service=_SERVICE[service]), integer(at(fields, 4)))


def _by_submode(tech: Technology, submode: int | None) -> Technology | None:
    return None if tech == "gsm" and submode not in _GSM_SUBMODES else _SUBMODES.get((tech, submode), tech)


def mode(line: str) -> NetworkInfo | None:
    """^MODE:<mode>[,<submode>]: as in ^SYSINFO (ME909s manual); 0 is no service."""
    fields = texts(line)
    said, submode = integer(at(fields, 0)), integer(at(fields, 1))
    tech = _MODES.get(said)
    if tech is None:
        return NetworkInfo(service="none") if said == 0 and len(fields) <= 2 else None
    named = _by_submode(tech, submode)
    return NetworkInfo(named) if named else None


def _with_card(info: NetworkInfo, card: int | None) -> tuple[Reading, ...]:
    return (info, Sim(_CARDS[card])) if card in _CARDS else (info,)


def simst(line: str) -> Sim | None:
    """^SIMST:<n>: 255 no card, 1 valid; 0 is an invalid one or one that waits for its PIN."""
    state = integer(at(texts(line), 0))
    return None if state is None else Sim(_CARDS.get(state, "unknown"))


_SLOT_STATES: dict[int, SimStatus] = {
    0: "absent",
    3: "network_locked",
    10: "busy",
    11: "ready",
    12: "ready",
    98: "failure",
    99: "absent",
    100: "failure",
}


def simsq(line: str) -> Sim | None:
    """^SIMSQ: <mode>,<state> (Balong V7, MT5700M manual §6.6): 1 is inserted, 2 waits for its PIN or its PUK."""
    state = integer(at(texts(line), 1))
    return Sim(_SLOT_STATES.get(state, "unknown")) if state in (*_SLOT_STATES, 1, 2) and state is not None else None


def version(line: str) -> Identity | None:
    """^VERSION:EXTS:<software>, which +CGMR says too; of the other lines some are empty, and none is the firmware."""
    name, _, text = body_of(line).partition(":")
    return Identity(firmware=text.strip()) if name.strip().upper() == "EXTS" and text.strip() else None


def srvst(line: str) -> NetworkInfo | None:
    """^SRVST:<service>: the first figure of ^SYSINFO (ME909s manual)."""
    service = integer(at(texts(line), 0))
    return NetworkInfo(service=_SERVICE[service]) if service in _SERVICE else None


_CPIN_FIELDS = 6


def cpin(line: str) -> Sim | None:
    """^CPIN: <code>,[<tries>],<PUK tries>,<PIN tries>,…"""
    fields = texts(line)
    known = card.cpin(f"+CPIN: {fields[0]}") if fields else None
    if known is None:
        return None
    left = [integer(text) for text in fields[2:4]]
    if len(fields) != _CPIN_FIELDS or any(one is None or not 0 <= one <= card.MAX_TRIES for one in left):
        return Sim(known.state)
    return Sim(known.state, pin_retries=left[1], puk_retries=left[0])


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


_AMPLIFIERS = 3


def chiptemp(line: str) -> Temperature | None:
    """^CHIPTEMP: tenths of a degree, the hottest counts, 65535 is no sensor; of five fields the last two are no tenths
    (card, battery)."""
    fields = texts(line)
    values = [value for text in fields if (value := integer(text)) is not None]
    if not values or len(values) != len(fields):
        return None
    tenths = values[:_AMPLIFIERS] if len(values) == _AMPLIFIERS + 2 else values
    real = [tidy(one / 10) for one in tenths if is_temperature(one / 10)]
    return Temperature(max(real, default=None))


HUAWEI = vendor(
    "huawei",
    asks={
        Question.ICCID: (Ask("AT^ICCID?", (), each(card.number)),),
        Question.PIN_RETRIES: (Ask("AT^CPIN?", ("^CPIN:",), each(cpin, "^CPIN:")),),
        Question.SIM_SLOTS: (
            Ask("AT^SCICHG?", ("^SCICHG:",), each(slots.counted_from(0), "^SCICHG:")),
            Ask("AT^SIMSWITCH?", ("^SIMSWITCH:",), each(slots.counted_from(0), "^SIMSWITCH:")),
        ),
        Question.SIGNAL: (Ask("AT^HCSQ?", ("^HCSQ:",), each(huawei_radio.hcsq, "^HCSQ:")),),
        Question.NETWORK_INFO: (
            Ask("AT^SYSINFOEX", ("^SYSINFOEX:",), each(sysinfoex, "^SYSINFOEX:")),
            Ask("AT^SYSINFO", ("^SYSINFO:",), each(sysinfo, "^SYSINFO:")),
        ),
        Question.COUNTERS: (Ask("AT^DSFLOWQRY", ("^DSFLOWQRY:",), each(huawei_data.dsflowqry, "^DSFLOWQRY:")),),
        Question.CELL: (
            Ask("AT^MONSC", ("^MONSC:",), each(huawei_cells.monsc, "^MONSC:")),
            Ask("AT^HFREQINFO?", ("^HFREQINFO:",), each(huawei_cells.hfreqinfo, "^HFREQINFO:")),
        ),
        Question.TEMPERATURE: (Ask("AT^CHIPTEMP?", ("^CHIPTEMP:",), each(chiptemp, "^CHIPTEMP:")),),
    },
    urcs={
        "^HCSQ:": urc(each(huawei_radio.hcsq)),
        "^RSSI:": urc(each(huawei_radio.rssi)),
        "^SIMST:": urc(each(simst)),
        "^DSFLOWRPT:": urc(each(huawei_data.dsflowrpt)),
        "^NDISSTAT:": urc(huawei_data.ndisstat),
        "^SRVST:": urc(each(srvst)),
        "^SIMSQ:": urc(each(simsq)),
        "^MODE:": urc(each(mode)),
        **dict.fromkeys(("^BOOT:", "^STIN:", "^TIME:"), nothing),
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
        "^HCSQ": each(huawei_radio.hcsq),
        "^SYSINFOEX": each(sysinfoex),
        "^SYSINFO": each(sysinfo),
        "^DSFLOWQRY": each(huawei_data.dsflowqry),
        "^DHCP": each(huawei_data.dhcp),
        "^DHCPV6": each(huawei_data.dhcpv6),
        "^SIMSQ": each(simsq),
        "^VERSION": each(version),
        "^NDISSTATQRY": huawei_data.ndisstat,
        "^HFREQINFO": each(huawei_cells.hfreqinfo),
        "^MONSC": each(huawei_cells.monsc),
        "^REJINFO": each(rejinfo),
        "^CHIPTEMP": each(chiptemp),
        "^RSSI": each(huawei_radio.rssi),
        "^NWTIME": each(huawei_radio.nwtime),
        "^LTERSRP": each(huawei_radio.ltersrp),
        "^CSNR": each(huawei_radio.csnr),
        "^CERSSI": each(huawei_radio.cerssi),
        "^EONS": each(huawei_radio.eons),
        "^EONSUCS2": each(huawei_radio.eons_ucs2),
        "^ANQUERY": each(huawei_radio.anquery),
        "^NETSCAN": huawei_cells.netscan,
        "^MONNC": each(huawei_cells.neighbour),
        "^SIMSWITCH": each(slots.counted_from(0)),
        "^SCICHG": each(slots.counted_from(0)),
    },
    restarts=("^SYSSTART",),
)
ALL = (HUAWEI,)
