"""Makers whose modems need little beyond 27.007: their names, their news at start-up, one or two commands of their own.

Neoway N58 (logicrom's boot lines) and N720, MikroTik R11e (*BANDIND), Wavecom (+WIND), Qualcomm reference firmware
($QCRSRP), Ericsson MBM (*E2IPCFG), Icera (%IPDPADDR), Altair (%MEAS). Captures of the same names, and corpus-pdp-01.
"""

import re

from modem import card, contexts, signal, slots
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, urc, vendor
from modem.fields import at, band_of, body_of, hex_id, integer, number, prefix_of, scaled, texts
from modem.operators import plmn, plmn_of
from modem.registration import TECHNOLOGY
from modem.replies import each
from modem.values import Address, Cell, ContextActive, ContextParams, NetworkInfo, Reading, Signal, Technology

_TAGGED = re.compile(r'\(([123]),"([^"]{1,45})"\)')


def bandind(line: str) -> NetworkInfo | None:
    """*BANDIND: <n>, <band>, <AcT> (MikroTik R11e, Marvell and ASR chips)."""
    fields = texts(line)
    act = integer(at(fields, 2))
    tech = TECHNOLOGY.get(act) if act is not None else None
    band = band_of(at(fields, 1), "n" if tech in ("nr", "nr_nsa") else "B")
    return NetworkInfo(tech, band=band) if band and tech else None


def e2ipcfg(line: str) -> ContextParams | None:
    """*E2IPCFG: (1,<address>)(2,<gateway>)(3,<dns>)(3,<dns>)."""
    found = [(tag, address) for tag, text in _TAGGED.findall(body_of(line)) for address in contexts.addresses(text)]
    if not found:
        return None
    by_tag = {tag: tuple(address for its, address in found if its == tag) for tag in "123"}
    return ContextParams(1, addresses=by_tag["1"], gateway=(*by_tag["2"], None)[0], dns=by_tag["3"])


def ipdpaddr(line: str) -> ContextParams | None:
    """%IPDPADDR: <cid>, <address>, <gateway>, <dns>, <dns>, <nbns>, <nbns>[, <mask>, <mask>, <gateway>]."""
    fields = texts(line)
    cid = integer(at(fields, 0))
    if cid is None or len(fields) < 5:
        return None
    found = [contexts.addresses(text) for text in fields[1:]]
    gateway = found[1] or (found[9 - 1] if len(found) > 8 else ())
    return ContextParams(cid, addresses=found[0], gateway=(*gateway, None)[0], dns=(*found[2], *found[3]))


def qcrsrp(line: str) -> Signal | None:
    """$QCRSRP: <pci>,<channel>,"<dBm>"; $QCRSRQ: likewise in dB."""
    value = number(at(texts(line), 2))
    if not value:  # 0 stands for none
        return None
    return signal.signal("lte", rsrq=value) if prefix_of(line) == "$QCRSRQ:" else signal.signal("lte", rsrp=value)


_QC_MODES: dict[str, Technology] = {
    "GSM": "gsm",
    "GPRS": "gsm",
    "EDGE": "edge",
    "WCDMA": "umts",
    "TDSCDMA": "umts",
    "TD-SCDMA": "umts",
    "HSDPA": "hspa",
    "HSUPA": "hspa",
    "HSPA": "hspa",
    "LTE": "lte",
}


def qcsysmode(line: str) -> NetworkInfo | None:
    """AT$QCSYSMODE? → the network's name alone."""
    name = body_of(line).strip('" ').upper()
    return NetworkInfo(_QC_MODES[name]) if name in _QC_MODES else None


_MEASURED = re.compile(r"\b(RSRP|RSRQ|SINR|RSSI) ?= ?(-?[0-9.]{1,6})(?![0-9.])", re.IGNORECASE)


def meas(line: str) -> Signal | None:
    """%MEAS: Signal Quality: RSRP = -91, RSRQ = -10, SINR = 12, RSSI = -60 (Altair ALT1250); N/A for none."""
    text = body_of(line)[:256]
    if "RSRP" not in text.upper():
        return None
    said = {name.upper(): number(value) for name, value in _MEASURED.findall(text)}
    rsrp, rsrq, sinr, rssi = (said.get(name) for name in ("RSRP", "RSRQ", "SINR", "RSSI"))
    return signal.signal(None, rsrp=rsrp, rsrq=rsrq, sinr=sinr, rssi=rssi)


_LTE_BAND = re.compile(r"LTE BAND (\d{1,3})", re.ASCII)


def netdmsg(line: str) -> tuple[Reading, ...] | None:
    """+NETDMSG: "460+11",<tac>,<cell>,<pci>,<mode>,LTE BAND <n>,<earfcn>,<rssi>,…,<rsrp>,<rsrq>,<?> (Neoway N720).

    RSRP and RSRQ are in tenths; of other networks and of the last figure no public answer tells enough.
    """
    fields = texts(line)
    band = _LTE_BAND.fullmatch(fields[5].upper()) if len(fields) >= 15 else None
    if band is None:
        return None
    mcc, _, mnc = fields[0].partition("+")
    cell = Cell(
        "lte",
        plmn=plmn(mcc, mnc),
        tac=hex_id(fields[1]),
        cell_id=hex_id(fields[2]),
        pci=integer(fields[3]),
        channel=integer(fields[6]),
        band=f"B{int(band[1])}",
    )
    rsrp, rsrq = scaled(fields[12], 0.1), scaled(fields[13], 0.1)
    return (cell, signal.signal("lte", rsrp=rsrp, rsrq=rsrq, rssi=number(fields[7])))


_GENERATIONS: dict[int, Technology] = {2: "gsm", 3: "umts", 4: "lte"}


def mysysinfo(line: str) -> NetworkInfo | None:
    """$MYSYSINFO: <generation>,<operator> (Neoway N58, N720): 0 no service, 2, 3, 4 as two programs read it."""
    generation = integer(at(texts(line), 0))
    if generation == 0:
        return NetworkInfo(service="none")
    tech = _GENERATIONS.get(generation) if generation is not None else None
    return NetworkInfo(tech) if tech else None


def linked(line: str) -> tuple[Reading, ...] | None:
    """+XIIC: <state>,<address> of the one link, $MYNETACT: <link>,<state>,"<address>" (Neoway M590, N10, N58, N720).

    Links count from 0, as in AT$MYNETACT=0,1, and so does our context. 0.0.0.0 is a link that has no address yet.
    """
    fields = texts(line)
    fields = ("1", *fields) if prefix_of(line) == "+XIIC:" else fields
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    if cid is None or state not in (0, 1) or len(fields) < 3:
        return None
    found = contexts.addresses(fields[2])
    if state == 1 and not found:
        return None
    return (ContextActive(cid, active=state == 1), *((Address(cid, found),) if found else ()))


def ipdpact(line: str) -> ContextActive | None:
    """%IPDPACT: <cid>,<state>,<cause>: 0 off, 1 on; 2 and 3 are on the way."""
    fields = texts(line)
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    return ContextActive(cid, active=state == 1) if cid is not None and state in (0, 1) else None


_ICERA_NETWORKS: dict[str, Technology] = {
    "2g": "gsm",
    "2g-gprs": "gsm",
    "2g-edge": "edge",
    "3g": "umts",
    **dict.fromkeys(("3g-hsdpa", "3g-hsupa", "3g-hsdpa-hsupa", "3g-hspa", "3g-hspa+"), "hspa"),
    "lte": "lte",
}


def nwstate(line: str) -> NetworkInfo | None:
    """%NWSTATE: <bars>,<plmn>,<network>,<network of the connection>,<regulation>: "-" is none."""
    fields = texts(line)
    if len(fields) != 5:
        return None
    around, connected = (word.lower() for word in fields[2:4])
    tech = _ICERA_NETWORKS.get(around if connected in ("", "-") else connected)
    return NetworkInfo(tech, plmn=plmn_of(fields[1])) if tech else None


_GSM_RADIO: dict[int | None, Technology] = {1: "gsm", 2: "edge"}
_UMTS_RADIO: dict[int | None, Technology] = {1: "umts", 2: "hspa", 3: "hspa"}


def erinfo(line: str) -> NetworkInfo | None:
    """*ERINFO: [<mode>,]<gsm>,<umts>: 1 GPRS, 2 EDGE; 1 UMTS, 2 HSDPA, 3 HSPA+."""
    values = [integer(text) for text in texts(line)]
    if len(values) not in (2, 3) or None in values:
        return None
    tech = _UMTS_RADIO.get(values[-1]) or _GSM_RADIO.get(values[-2])
    return NetworkInfo(tech) if tech else None


NEOWAY = vendor(
    "neoway",
    asks={
        Question.SIM_SLOTS: (Ask("AT+SIMCROSS?", ("+SIMCROSS:",), each(slots.counted_from(1), "+SIMCROSS:")),),
        Question.CELL: (Ask("AT+NETDMSG", ("+NETDMSG:",), each(netdmsg, "+NETDMSG:")),),
    },
    urcs=dict.fromkeys(("+SER:", "+USIM:", "+EIND:", "+TCPRECV:", "+PBREADY"), nothing),
    parsers={
        "+NETDMSG": each(netdmsg),
        "+SIMCROSS": each(slots.counted_from(1)),
        "$MYSYSINFO": each(mysysinfo),
        "$MYCCID": each(card.number),
        **dict.fromkeys(("+XIIC", "$MYNETACT"), each(linked)),
    },
)
MIKROTIK = vendor(
    "mikrotik",
    asks={Question.NETWORK_INFO: (Ask("AT*BANDIND?", ("*BANDIND:",), each(bandind, "*BANDIND:")),)},
    parsers={"*BANDIND": each(bandind)},
)
WAVECOM = vendor("wavecom", urcs=dict.fromkeys(("+WIND:",), nothing))
ERICSSON = vendor(
    "ericsson",
    asks={Question.CONTEXT_PARAMS: (Ask("AT*E2IPCFG?", ("*E2IPCFG:",), each(e2ipcfg, "*E2IPCFG:")),)},
    urcs={"*ERINFO:": urc(each(erinfo)), **dict.fromkeys(("*EMRDY:", "*E2NAP:", "*EPPSD:"), nothing)},
    parsers={"*E2IPCFG": each(e2ipcfg), "*ERINFO": each(erinfo), "*EPIN": each(card.tries(puk_at=1))},
)
ICERA = vendor(
    "icera",
    urcs={"%NWSTATE:": urc(each(nwstate)), "%IPDPACT:": urc(each(ipdpact))},
    parsers={"%IPDPADDR": each(ipdpaddr), "%NWSTATE": each(nwstate), "%PINNUM": each(card.tries(puk_at=1))},
)
QUALCOMM = vendor(
    "qualcomm",
    parsers={
        **dict.fromkeys(("$QCRSRP", "$QCRSRQ"), each(qcrsrp)),
        "$QCSYSMODE": each(qcsysmode),
        "%MEAS": each(meas),
    },
    urcs=dict.fromkeys(("$QCSIMSTAT:",), nothing),
)
ALL = (NEOWAY, MIKROTIK, WAVECOM, ERICSSON, ICERA, QUALCOMM)
