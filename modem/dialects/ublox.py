"""u-blox: LISA, TOBY, LARA, SARA. Source: u-blox Cellular Modules AT Commands Manual (UBX-13002752); captures ublox-*.

+CREG says 6 (SMS only) on LTE while all is well; +CEREG may hold <rac_or_mme> after <AcT> (`modem.registration`).
"""

import re

from modem import card, contexts, signal
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, urc, vendor
from modem.events import Reply
from modem.fields import at, band_of, body_of, hex_id, integer, number, prefix_of, split, texts
from modem.operators import plmn
from modem.replies import each
from modem.shapes import shape, shaped
from modem.values import (
    Address,
    Cell,
    ContextActive,
    ContextParams,
    Counters,
    NetworkInfo,
    Reading,
    Signal,
    Sim,
    SimStatus,
    Technology,
)


def counters(line: str) -> tuple[Counters, ...] | None:
    """+UGCNTRD: <cid>,<sent>,<received>,<sent in all>,<received in all>: this session, and since the module started."""
    fields = texts(line)
    values = [value for text in fields if (value := integer(text)) is not None and value >= 0]
    if not 5 <= len(fields) == len(values):
        return None
    cid, sent, received, all_sent, all_received = values[:5]
    return (
        Counters(rx_bytes=received, tx_bytes=sent, cid=cid, scope="session"),
        Counters(rx_bytes=all_received, tx_bytes=all_sent, cid=cid, scope="since_boot"),
    )


_TRIES = card.tries(puk_at=2)
"""+UPINCNT: <PIN>,<PIN2>,<PUK>,<PUK2> tries left."""
_NOT_KNOWN = 255
_UCGED_PARTS = 15
"""Fields up to <rsrp> and <rsrq>."""
_NETWORK_FIELDS, _LTE = 4, "6"
"""<rat>,<svc>,<mcc>,<mnc>; 6 is E-UTRAN."""


def ucged(reply: Reply) -> tuple[Reading, ...]:
    """+UCGED: 2, then <rat>,<svc>,<mcc>,<mnc>, then the cell (SARA-R5), in the first line of enough fields.

    <earfcn>,<band>,<ul>,<dl>,<tac>,<cell>,<pci>,<m-tmsi>,<mme group>,<mme>,<rsrp>,<rsrq>,<sinr>,…: ids in hex, levels
    as indexes of +CESQ, SINR in dB.
    """
    bare = [tuple(field.text for field in split(line)) for line in reply.lines if prefix_of(line) is None]
    network: tuple[str, ...] = ("",)
    for fields in bare:
        if len(fields) == _NETWORK_FIELDS:
            network = fields
        elif len(fields) > _UCGED_PARTS:  # on 2G and 3G these fields are others
            return _cell(fields, plmn(network[2], network[3])) if network[0] == _LTE else ()
    return ()


_UCGED = shape("channel small small small area cell pci cell area area small small num any", _UCGED_PARTS)


def _cell(fields: tuple[str, ...], network: str | None) -> tuple[Reading, ...]:
    found = shaped(fields, _UCGED)
    if found is None or integer(found[1]) == _NOT_KNOWN:
        return ()
    fields = found
    cell = Cell(
        "lte",
        plmn=network,
        tac=hex_id(fields[4]),
        cell_id=hex_id(fields[5]),
        pci=integer(fields[6]),
        channel=integer(fields[0]),
        band=band_of(fields[1]),
    )
    level = signal.signal(
        "lte",
        rsrp=signal.rsrp_dbm(integer(fields[10])),
        rsrq=signal.rsrq_db(integer(fields[11])),
        sinr=number(fields[12]),
    )
    return (cell, level) if signal.is_measured(level) else (cell,)


_RSCP_LAST = 91
_CELL_2G = shape("small small mcc mnc area cell small", 7, 7)
_CELL_3G = shape("small small mcc mnc area cell small [0-9]{1,5} small small", 10, 10)
_CELL_4G = shape(f"small small mcc mnc cell pci area small small {'nat ' * 7}", 10)
_KINDS = {0: _CELL_2G, 1: _CELL_2G, 2: _CELL_3G, 3: _CELL_3G, 4: _CELL_3G, 5: _CELL_4G}
"""By <type>: a cell of 2G in use, beside; of 3G in use, beside, merely heard; of LTE in use."""


def ucellinfo(line: str) -> tuple[Reading, ...] | None:
    """+UCELLINFO: <mode>,<type>,<mcc>,<mnc>,…: 2G <lac>,<cell>,<rxlev>; 3G <lac>,<cell>,<psc>,<channel>,<rscp>,
    <ec/no>; LTE <cell>,<pci>,<tac>,<rsrp>,<rsrq>: ids in hex, levels as indexes, RSCP from -115 dBm."""
    heard = texts(line)
    kind = integer(at(heard, 1))
    fields = shaped(heard, _KINDS[kind]) if kind in _KINDS else None
    if fields is None:
        return None
    network, serving = plmn(fields[2], fields[3]), kind in (0, 2, 5)
    if kind == 5:
        cell = Cell("lte", plmn=network, cell_id=hex_id(fields[4]), pci=integer(fields[5]), tac=hex_id(fields[6]))
        rsrp, rsrq = signal.rsrp_dbm(integer(fields[7])), signal.rsrq_db(integer(fields[8]))
        return (cell, signal.signal("lte", rsrp=rsrp, rsrq=rsrq))
    lac, cell_id = hex_id(fields[4]), hex_id(fields[5])
    if kind in (0, 1):
        cell = Cell("gsm", serving, plmn=network, lac=lac, cell_id=cell_id)
        return (cell, signal.signal("gsm", rssi=signal.rxlev_dbm(integer(fields[6])))) if serving else (cell,)
    code, channel = integer(fields[6]), integer(fields[7])
    cell = Cell("umts", serving, plmn=network, lac=lac, cell_id=cell_id, pci=code, channel=channel)
    index = integer(fields[8])
    rscp = index - 116 if index is not None and 0 <= index <= _RSCP_LAST else None
    return (cell, signal.signal("umts", rscp=rscp, ecio=signal.ecno_db(integer(fields[9])))) if serving else (cell,)


def level(line: str) -> Signal | None:
    """+RSRP: <pci>,<earfcn>,"<dBm>"[,…] and +RSRQ: likewise, of AT+UCGED? in mode 5 (SARA-R4): the serving cell."""
    fields = texts(line)
    value = number(at(fields, 2))
    if value is None or value >= 0:
        return None
    return signal.signal("lte", rsrp=value) if prefix_of(line) == "+RSRP:" else signal.signal("lte", rsrq=value)


_PAIR = re.compile(r"\b(MCC|MNC|LAC|CI|Arfcn|DLF)\s*:\s*(\"?-?[0-9A-Za-z]{1,10})(?=[\",\s]|$)", re.IGNORECASE)


def cged(reply: Reply) -> tuple[Reading, ...]:
    """+CGED: the serving cell of 2G and 3G modules in pairs of name and value, neighbours in the lines below.

    MCC:310, MNC:410, LAC:2cf7, CI:8a5a782, then DLF (the channel) on 3G, Arfcn and RxLev on 2G; ids in hexadecimal.
    RxLev is not read: the manual calls it hexadecimal, drivers do not agree.
    """
    for line in reply.lines:
        said = {name.upper(): value.strip('"') for name, value in _PAIR.findall(body_of(line)[:512])}
        if "MCC" not in said or "CI" not in said:
            continue
        cell = Cell(
            "umts" if "DLF" in said else "gsm" if "ARFCN" in said or "BSIC" in line.upper() else None,
            plmn=plmn(said["MCC"], said.get("MNC")),
            lac=hex_id(said.get("LAC")),
            cell_id=hex_id(said["CI"]),
            channel=integer(said.get("DLF") or said.get("ARFCN")),
        )
        return (cell,)
    return ()


_ADDRESS, _STATE = 0, 8


def upsnd(line: str) -> Reading | None:
    """+UPSND: <profile>,<what>,<value>: 0 the address, 8 whether it is active; the rest is asked elsewhere."""
    fields = texts(line)
    profile, what = integer(at(fields, 0)), integer(at(fields, 1))
    if profile is None or len(fields) < 3:
        return None
    if what == _ADDRESS and (found := contexts.addresses(fields[2])):
        return Address(profile, found)
    state = integer(fields[2])
    return ContextActive(profile, active=state == 1) if what == _STATE and state in (0, 1) else None


_SIM_STATES: dict[int, SimStatus] = {
    0: "absent",
    1: "pin_required",
    2: "puk_required",
    3: "failure",
    4: "failure",
    5: "ready",  # with fixed or barred dialling
    6: "ready",
}


def sim_state(line: str) -> Sim | None:
    """+UUSIMSTAT: <state> (SARA-R4 manual §11.3): 2 PIN blocked, 3 PUK too; above 6 it is no card's state."""
    state = integer(at(texts(line), 0))
    return Sim(_SIM_STATES[state]) if state in _SIM_STATES else None


_SERVICES: dict[int, Technology] = {1: "gsm", 2: "edge", 3: "umts", 4: "hspa", 5: "hspa", 6: "hspa", 7: "lte"}


def ureg(line: str) -> NetworkInfo | None:
    """+UREG: [<n>,]<state>: 0 not registered for packets; 8 and 9 differ by series and are left out."""
    fields = texts(line)
    state = integer(fields[-1]) if fields else None
    if state == 0 and len(fields) <= _MODE_AND_STATE:
        return NetworkInfo(service="none")
    return NetworkInfo(_SERVICES[state]) if state in _SERVICES and len(fields) <= _MODE_AND_STATE else None


_MODE_AND_STATE = 2


def closed(line: str) -> ContextActive | None:
    """+UUPSDD: <profile>: its connection is gone."""
    profile = integer(at(texts(line), 0))
    return ContextActive(profile, active=False) if profile is not None else None


def uipaddr(line: str) -> ContextParams | None:
    """+UIPADDR: <cid>,<interface>,<IPv4>,<mask>,<IPv6>,<link local>."""
    fields = texts(line)
    cid = integer(at(fields, 0))
    if cid is None or len(fields) < 4:
        return None
    found = tuple(one for text in (fields[2], *fields[4:5]) for one in contexts.addresses(text.partition("/")[0]))
    mask = fields[3] if contexts.is_mask(fields[3]) else None
    return ContextParams(cid, addresses=found, mask=mask) if found else None


UBLOX = vendor(
    "ublox",
    asks={
        Question.COUNTERS: (Ask("AT+UGCNTRD", ("+UGCNTRD:",), each(counters, "+UGCNTRD:")),),
        Question.PIN_RETRIES: (Ask("AT+UPINCNT", ("+UPINCNT:",), each(_TRIES, "+UPINCNT:")),),
    },
    urcs={
        "+UUSIMSTAT:": urc(each(sim_state)),
        "+UREG:": urc(each(ureg)),
        "+UUPSDD:": urc(each(closed)),
        **dict.fromkeys(
            (
                "+UUPSDA:",
                "+UUSORD:",
                "+UUSORF:",
                "+UUSOCL:",
                "+UUSOLI:",
                "+UUPING:",
                "+UUHTTPCR:",
                "+UMWI:",
                "+UUMQTTC:",
            ),
            nothing,
        ),
    },
    parsers={
        "+UGCNTRD": each(counters),
        "+UPINCNT": each(_TRIES),
        "+UCGED": ucged,
        "+UCELLINFO": each(ucellinfo),
        "+CGED": cged,
        "+RSRP": each(level),
        "+RSRQ": each(level),
        "+UPSND": each(upsnd),
        "+UREG": each(ureg),
        "+UIPADDR": each(uipaddr),
    },
    quiet_gap_s=0.02,  # SARA-R4 AT commands manual UBX-17003787, §2.2.5: for the URCs it has held back
)
ALL = (UBLOX,)
