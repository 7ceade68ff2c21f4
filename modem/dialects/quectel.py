"""Quectel: EC2x/EG2x, EC200/EC800 (ASR), BG9x, EP06/EM20, RG/RM5xx, M35/M95.

Sources: EC2x&EG2x-G&EG9x-G&EM05 AT Commands Manual, RG50xQ&RM5xxQ AT Commands Manual, BG95&BG77 QuecCell Application
Note; captures quectel-*. One name means several things by family, so the number of fields decides, and where it
cannot, the model (`QUECTEL_ASR`).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Literal

from modem import commands, signal, slots
from modem.commands import each, is_temperature, lines_of
from modem.dialect import Ask, Dialect, Parse, Question
from modem.dialects import quectel_data
from modem.dialects.makers import is_made_by
from modem.dialects.threegpp import nothing, urc, vendor
from modem.events import Reply
from modem.fields import at, hex_id, integer, number, scaled, texts, tidy
from modem.operators import name_of, plmn, plmn_of
from modem.values import (
    Cell,
    ContextActive,
    Counters,
    NetworkInfo,
    Operator,
    Reading,
    Registration,
    Signal,
    Sim,
    Technology,
    Temperature,
)

_TECHNOLOGY: dict[str, Technology] = {
    "GSM": "gsm",
    "GPRS": "gsm",
    "EDGE": "edge",
    "EGPRS": "edge",
    "WCDMA": "umts",
    "TDSCDMA": "umts",
    "HSDPA": "hspa",
    "HSUPA": "hspa",
    "HSPA": "hspa",
    "HSPA+": "hspa",
    "LTE": "lte",
    "FDD LTE": "lte",
    "TDD LTE": "lte",
    "CAT-M": "lte_m",
    "CAT-M1": "lte_m",  # BG96
    "EMTC": "lte_m",  # BG95
    "CAT-NB": "nb_iot",
    "CAT-NB1": "nb_iot",
    "NBIOT": "nb_iot",
    "NTN NBIOT": "nb_iot",  # BG95-S5
    "NR5G": "nr",
    "NR5G-SA": "nr",
    "NR5G-NSA": "nr_nsa",
    "FDD NR5G": "nr",
    "TDD NR5G": "nr",
}


def technology(text: str | None) -> Technology | None:
    return _TECHNOLOGY.get((text or "").strip().upper())


def band(text: str | None) -> str | None:
    """ "LTE BAND 3" → B3, "NR N78" and "NR5G BAND 78" → n78; a bare number needs the technology (`_band`).

    2G and 3G bands are called by their frequency ("GSM 900", "WCDMA 2100"), which is no band number.
    """
    if not any(word in (text or "").upper() for word in ("BAND", "NR")):
        return None
    words = (text or "").upper().replace("N", " N ").split()
    digits = next((word for word in reversed(words) if word.isdecimal()), None)
    if digits is None:
        return None
    return f"n{int(digits)}" if "NR" in (text or "").upper() else f"B{int(digits)}"


def _band(text: str | None, tech: Technology | None) -> str | None:
    value = integer(text)
    return f"{'n' if tech in ('nr', 'nr_nsa') else 'B'}{value}" if value else None


# Signal


def fifth_steps(text: str | None) -> float | None:
    """SINR of +QCSQ: 0…250 in steps of 1/5 dB from -20 dB (EC2x manual, +QCSQ); a negative number is dB already."""
    value = number(text)
    if value is None or not -40 <= value <= 250:
        return None
    return value if value < 0 else tidy(value / 5 - 20)


def doubled(text: str | None) -> float | None:
    """LTE SINR of +QENG on Qualcomm modules: dB = 2 * x - 20 for x of 0…25 (RG50xQ manual); negative: dB already.

    An EG25-G was seen to say 38 at -109 dBm: outside of every scale the manuals give, so it says nothing.
    """
    value = number(text)
    if value is None or value > 25:
        return None
    return 2 * value - 20 if value >= 0 else value


_MOST_SINR = 30
"""dB; no manual's scale goes further."""


def only_if_sure(text: str | None) -> float | None:
    """SINR where the platform is not known: what cannot be an index is dB; the rest could be either, so nothing.

    Above 30 it is neither: an EG25-G says 38 at -109 dBm.
    """
    value = number(text)
    return None if value is None or 0 <= value <= 25 or value > _MOST_SINR else value


Convert = Callable[[str | None], float | None]
QUALCOMM: Convert = doubled
ASR: Convert = number
UNKNOWN: Convert = only_if_sure


def qcsq(line: str) -> Signal | None:
    """+QCSQ: "LTE",<rssi>,<rsrp>,<sinr>,<rsrq>; "WCDMA",<rssi>,<rscp>,<ecio>; "NR5G",<rsrp>,<sinr>,<rsrq>.

    The SINR of LTE is an index, that of 5G is in dB: RM5xx say the same as in +QENG of the same second.
    """
    fields = texts(line)
    if not fields or fields[0][:1].isdigit():
        return None
    tech = technology(fields[0])
    value = [number(at(fields, index)) for index in range(1, 5)]
    if tech in ("nr", "nr_nsa") and value[3] is not None:  # with an RSSI in front, as on LTE
        return signal.signal(tech, rssi=value[0], rsrp=value[1], sinr=value[2], rsrq=value[3])
    if tech in ("nr", "nr_nsa"):
        return signal.signal(tech, rsrp=value[0], sinr=value[1], rsrq=value[2])
    if tech in ("lte", "lte_m", "nb_iot"):
        return signal.signal(tech, rssi=value[0], rsrp=value[1], sinr=fifth_steps(at(fields, 3)), rsrq=value[3])
    if tech in ("umts", "hspa"):
        return signal.signal(tech, rssi=value[0], rscp=value[1], ecio=value[2])
    return signal.signal(tech, rssi=value[0]) if tech or fields[0].upper() == "NOSERVICE" else None


# The serving cell

_LTE_LIKE = ("LTE", "CAT-M", "CAT-M1", "EMTC", "CAT-NB", "CAT-NB1", "NBIOT", "NTN NBIOT")
_SERVICE: dict[str, Literal["none", "limited", "valid"]] = {
    "SEARCH": "none",
    "LIMSRV": "limited",
    "NOCONN": "valid",
    "CONNECT": "valid",
}


def serving_cell(sinr: Convert) -> Callable[[str], tuple[Reading, ...] | None]:
    """Reader of +QENG lines, with the family's own meaning of the LTE <sinr>."""

    def read(line: str) -> tuple[Reading, ...] | None:
        fields = texts(line)
        if not fields:
            return None
        if fields[0].lower().startswith("neighbourcell"):
            return _neighbour(fields)
        if fields[0].lower() != "servingcell":
            return _of_rat(fields, sinr) or quectel_data.engineering(fields)
        state = (at(fields, 1) or "").upper()
        if not fields[2:]:
            return _state(state)
        found = _of_rat(fields[2:], sinr)
        return (*_limited(state, fields[2]), *found) if found else None

    return read


def _of_rat(fields: tuple[str, ...], sinr: Convert) -> tuple[Reading, ...] | None:
    rat = fields[0].upper()
    if rat in _LTE_LIKE:
        return _lte(fields, sinr)
    reader = {"NR5G-NSA": _nsa, "NR5G-SA": _sa, "WCDMA": _wcdma, "GSM": _gsm}.get(rat)
    return reader(fields) if reader else None


def _limited(state: str, rat: str) -> tuple[Reading, ...]:
    """A cell in limited service is camped on, not used: suspended card, forbidden network."""
    return (NetworkInfo(technology(rat), service="limited"),) if state == "LIMSRV" else ()


def _state(state: str) -> tuple[Reading, ...] | None:
    """The state alone: searching, or the first of three lines of EN-DC. RG500Q says "NOCONN" here."""
    service = _SERVICE.get(state)
    return (NetworkInfo(service=service),) if service else None


def _lte(fields: tuple[str, ...], sinr: Convert) -> tuple[Reading, ...] | None:
    """<rat>,<duplex>,<mcc>,<mnc>,<cell>,<pci>,<earfcn>,<band>,<ul>,<dl>,<tac>,<rsrp>,<rsrq>,<rssi>,<sinr>,…"""
    if len(fields) < 13:
        return None
    tech = technology(fields[0])
    if fields[6].upper().startswith("EUTRAN"):
        return _lte_in_tenths(fields, tech)
    cell = Cell(
        technology=tech,
        plmn=plmn(at(fields, 2), at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        pci=integer(at(fields, 5)),
        channel=integer(at(fields, 6)),
        band=_band(at(fields, 7), tech),
        tac=hex_id(at(fields, 10)),
    )
    if fields[0].upper().startswith("CAT-"):  # so called by the BG96 alone, a Qualcomm module
        sinr = QUALCOMM
    level = signal.signal(
        tech,
        rsrp=number(at(fields, 11)),
        rsrq=number(at(fields, 12)),
        rssi=number(at(fields, 13)),
        sinr=sinr(at(fields, 14)),
    )
    return (cell, level)


def _lte_in_tenths(fields: tuple[str, ...], tech: Technology | None) -> tuple[Reading, ...]:
    """SIMCom's SIM8262 answers +QENG too: <cell> in decimal, the band by name before the channel, levels in tenths."""
    cell_id, number_ = integer(at(fields, 4)), integer(fields[6][len("EUTRAN-BAND") :])
    cell = Cell(
        technology=tech,
        plmn=plmn(at(fields, 2), at(fields, 3)),
        cell_id=hex_id(f"{cell_id:X}") if cell_id and cell_id > 0 else None,
        pci=integer(at(fields, 5)),
        channel=integer(at(fields, 7)),
        band=_band(str(number_), tech) if number_ else None,
        tac=hex_id(at(fields, 10)),
    )
    rsrp, rsrq, rssi = (scaled(at(fields, place), 0.1) for place in (11, 12, 13))
    return (cell, signal.signal(tech, rsrp=rsrp, rsrq=rsrq, rssi=rssi))


def _sa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "NR5G-SA",<duplex>,<mcc>,<mnc>,<cell>,<pci>,<tac>,<arfcn>,<band>,<bandwidth>,<rsrp>,<rsrq>,<sinr>,…"""
    if len(fields) < 12:
        return None
    cell = Cell(
        technology="nr",
        plmn=plmn(at(fields, 2), at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        pci=integer(at(fields, 5)),
        tac=hex_id(at(fields, 6)),
        channel=integer(at(fields, 7)),
        band=_band(at(fields, 8), "nr"),
    )
    level = signal.signal("nr", rsrp=number(at(fields, 10)), rsrq=number(at(fields, 11)), sinr=number(at(fields, 12)))
    return (cell, level)


def _nsa(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "NR5G-NSA",<mcc>,<mnc>,<pci>,<rsrp>,<sinr>,<rsrq>,<arfcn>,<band>: SINR before RSRQ, unlike everywhere else."""
    if len(fields) < 7:
        return None
    cell = Cell(
        technology="nr_nsa",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        pci=integer(at(fields, 3)),
        channel=integer(at(fields, 7)),
        band=_band(at(fields, 8), "nr_nsa"),
    )
    level = signal.signal("nr_nsa", rsrp=number(at(fields, 4)), sinr=number(at(fields, 5)), rsrq=number(at(fields, 6)))
    return (cell, level)


def _wcdma(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "WCDMA",<mcc>,<mnc>,<lac>,<cell>,<uarfcn>,<psc>,<rac>,<rscp>,<ecio>,…"""
    if len(fields) < 10:
        return None
    cell = Cell(
        technology="umts",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        lac=hex_id(at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        channel=integer(at(fields, 5)),
        pci=integer(at(fields, 6)),
    )
    return (cell, signal.signal("umts", rscp=number(at(fields, 8)), ecio=number(at(fields, 9))))


def _gsm(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "GSM",<mcc>,<mnc>,<lac>,<cell>,<bsic>,<arfcn>,<band>,<rxlev>,…: rxlev in dBm, or as an index from -111 dBm."""
    if len(fields) < 9:
        return None
    cell = Cell(
        technology="gsm",
        plmn=plmn(at(fields, 1), at(fields, 2)),
        lac=hex_id(at(fields, 3)),
        cell_id=hex_id(at(fields, 4)),
        channel=integer(at(fields, 6)),
    )
    level = integer(at(fields, 8))
    rssi = level if level is None or level < 0 else signal.rxlev_dbm(level)
    return (cell, signal.signal("gsm", rssi=rssi))


_MAX_PCI = 1007  # 38.211 §7.4.2.1


def _neighbour(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """ "neighbourcell intra","LTE",<earfcn>,<pci>,…; "neighbourcell","NR",<arfcn>,<pci>,… (RM500U)."""
    rat = (at(fields, 1) or "").upper()
    tech: Technology | None = "nr" if rat == "NR" else technology(rat)
    if len(fields) < 4 or tech is None:
        return None
    if tech == "gsm":
        return (_gsm_neighbour(fields),)
    pci = _scrambling_code(fields) if tech == "umts" else integer(fields[3])
    return (Cell(tech, serving=False, channel=integer(fields[2]), pci=pci),)


def _scrambling_code(fields: tuple[str, ...]) -> int | None:
    """Behind the priority and two thresholds when seen from LTE, behind one figure from 3G; the RSCP follows it."""
    for place in (6, 4):
        rscp = number(at(fields, place + 1))
        if rscp is not None and rscp < 0:
            return integer(at(fields, place))
    return None


_OF_2G = 12
"""Fields of a GSM neighbour seen from GSM; from LTE there are eleven: <arfcn>,<priority>,…"""


def _gsm_neighbour(fields: tuple[str, ...]) -> Cell:
    """Seen from GSM: <mcc>,<mnc>,<lac>,<cell>,<bsic>,<arfcn>,…"""
    if len(fields) < _OF_2G:
        return Cell("gsm", serving=False, channel=integer(fields[2]))
    return Cell(
        "gsm",
        serving=False,
        plmn=plmn(fields[2], fields[3]),
        lac=hex_id(fields[4]),
        cell_id=hex_id(fields[5]),
        channel=integer(fields[7]),
    )


# Network, counters, card


def qnwinfo(reply: Reply) -> tuple[Reading, ...]:
    """+QNWINFO: <act>,<plmn>,<band>,<channel>, a second line for the NR leg of EN-DC; "No Service" alone."""
    rows = [texts(line) for line in lines_of(reply, "+QNWINFO:")]
    rows = [row for row in rows if row]
    has_lte = any(technology(row[0]) == "lte" for row in rows)
    found: list[Reading] = []
    for row in rows:
        tech = technology(row[0])
        if tech is None:
            found += [NetworkInfo(service="none")] if row[0].strip().lower() == "no service" else []
            continue
        tech = "nr_nsa" if tech == "nr" and has_lte else tech
        found.append(NetworkInfo(tech, plmn_of(at(row, 1)), None, band(at(row, 2)), integer(at(row, 3))))
    return tuple(found)


def qspn(line: str) -> Operator | None:
    """+QSPN: <full name>,<short name>,<name on the card>,<alphabet>,<plmn>: of the network, not of the card."""
    fields = texts(line)
    if len(fields) < 5:
        return None
    return Operator(name=name_of(fields[0]), plmn=plmn_of(fields[4]))


def qcainfo(line: str) -> Cell | None:
    """+QCAINFO: "PCC",<channel>,<width>,<band>,[<state>,]<pci>,…: the primary is the serving one.

    Without a state (5G primary, RM551E) a level follows the PCI at once: the first of the two that can be a PCI.
    """
    fields = texts(line)
    if len(fields) < 5 or fields[0].upper() not in ("PCC", "SCC"):
        return None
    tech: Technology | None = "nr" if "NR" in fields[3].upper() else "lte" if "LTE" in fields[3].upper() else None
    second = integer(at(fields, 5))
    pci = second if second is not None and 0 <= second <= _MAX_PCI else integer(fields[4])
    return Cell(tech, serving=fields[0].upper() == "PCC", pci=pci, channel=integer(fields[1]), band=band(fields[3]))


def qgdcnt(line: str) -> Counters | None:
    """+QGDCNT: <sent>,<received>, in bytes. At power-on they start from what was last saved (+QAUGDCNT)."""
    fields = texts(line)
    sent, received = integer(at(fields, 0)), integer(at(fields, 1))
    if sent is None or received is None or sent < 0 or received < 0:
        return None
    return Counters(rx_bytes=received, tx_bytes=sent, scope="lifetime")


def qtemp(reply: Reply) -> tuple[Reading, ...]:
    """+QTEMP: <pmic>,<xo>,<pa> (EC2x) · "<sensor>","<degrees>" lines (5G) · <mode>,<millivolts>,<degrees> (M95)."""
    sensors: list[tuple[str, float]] = []
    lines = lines_of(reply, "+QTEMP:")
    for line in lines:
        fields = texts(line)
        values = [number(field) for field in fields]
        if len(fields) == 2 and values[0] is None and values[1] is not None:
            sensors.append((fields[0], values[1]))
        elif len(values) == 3 and (values[1] or 0) > 255:
            sensors += [("module", values[2])] if values[2] is not None else []
        else:
            sensors += [(f"sensor{place}", one) for place, one in enumerate(values, 1) if one is not None]
    if not sensors:
        return ()
    real = tuple((name, value) for name, value in sensors if is_temperature(value))
    return (Temperature(max((value for _, value in real), default=None), real),)


def qsimstat(line: str) -> Sim | None:
    """+QSIMSTAT: <enable>,<inserted>: 0 removed, 1 inserted (which is not yet ready), 2 not known."""
    inserted = integer(at(texts(line), 1))
    return Sim("absent") if inserted == 0 else Sim("unknown") if inserted in (1, 2) else None


def qinistat(line: str) -> Sim | None:
    """+QINISTAT: bits 1 = card ready, 2 = messages ready, 4 = phone book ready."""
    state = integer(at(texts(line), 0))
    return None if state is None else Sim("ready" if state & 1 else "busy")


def qpinc(line: str) -> Sim | None:
    """+QPINC: "SC",<PIN tries>,<PUK tries>."""
    fields = texts(line)
    if len(fields) < 3 or fields[0].upper() != "SC":
        return None
    return Sim(pin_retries=integer(fields[1]), puk_retries=integer(fields[2]))


def _deactivated(lines: tuple[str, ...]) -> tuple[Reading, ...]:
    """+QIURC: "pdpdeact",<context>: the network took the address away."""
    fields = texts(lines[0]) if lines else ()
    cid = integer(at(fields, 1))
    return (ContextActive(cid, active=False),) if cid is not None and fields[0] == "pdpdeact" else ()


def _asks(sinr: Convert) -> dict[Question, tuple[Ask, ...]]:
    return {
        Question.ICCID: (Ask("AT+QCCID", (), each(commands.card)),),
        Question.PIN_RETRIES: (Ask('AT+QPINC="SC"', ("+QPINC:",), each(qpinc, "+QPINC:")),),
        Question.SIM_SLOTS: (
            Ask('AT+QSIMCFG="dual_slot_status"', ("+QSIMCFG:",), each(slots.dual_slot_status, "+QSIMCFG:")),
            Ask("AT+QUIMSLOT?", ("+QUIMSLOT:",), each(slots.counted_from(1), "+QUIMSLOT:")),
            Ask("AT+QDSIM?", ("+QDSIM:",), each(slots.counted_from(0), "+QDSIM:")),
        ),
        Question.SIGNAL: (Ask("AT+QCSQ", ("+QCSQ:",), each(qcsq, "+QCSQ:")),),
        Question.CELL: (Ask('AT+QENG="servingcell"', ("+QENG:",), each(serving_cell(sinr), "+QENG:")),),
        Question.NETWORK_INFO: (Ask("AT+QNWINFO", ("+QNWINFO:",), qnwinfo),),
        Question.COUNTERS: (Ask("AT+QGDCNT?", ("+QGDCNT:",), each(qgdcnt, "+QGDCNT:")),),
        Question.TEMPERATURE: (Ask("AT+QTEMP", ("+QTEMP:",), qtemp), Ask("AT+QTEMP?", ("+QTEMP:",), qtemp)),
    }


def _indicated(lines: tuple[str, ...]) -> tuple[Reading, ...]:
    """+QIND: "csq",<rssi>,<ber>; other indications say "something is ready"."""
    fields = texts(lines[0]) if lines else ()
    if len(fields) < 3 or fields[0] != "csq":
        return ()
    found = signal.csq(f"+CSQ: {fields[1]},{fields[2]}")
    return (found,) if found else ()


_URCS = {
    "+QIND:": _indicated,
    "+QIURC:": _deactivated,
    "+QSIMSTAT:": urc(each(qsimstat)),
    "+CFUN:": urc(each(commands.functionality)),
    **dict.fromkeys(("+QUSIM:", "+QNITZ:", "+QSTK:", "+QSSLURC:", "+QMTSTAT:", "+QGPSURC:"), nothing),
    **dict.fromkeys(
        ("+QMTRECV:", "+QNTP:", "POWERED DOWN", "NORMAL POWER DOWN", "APP RDY", "Call Ready", "SMS Ready"), nothing
    ),
}
_RESTARTS = ("APP RDY", "NORMAL POWER DOWN", "POWERED DOWN")


def _parsers(sinr: Convert) -> dict[str, Parse]:
    return {
        "+QCCID": each(commands.card),
        "+QCSQ": each(qcsq),
        "+QENG": each(serving_cell(sinr)),
        "+QNWINFO": qnwinfo,
        "+QSPN": each(qspn),
        "+QCAINFO": each(qcainfo),
        "+QGDCNT": each(qgdcnt),
        "+QTEMP": qtemp,
        "+QSIMSTAT": each(qsimstat),
        "+QINISTAT": each(qinistat),
        "+QPINC": each(qpinc),
        "+QGDNRCNT": each(qgdcnt),
        "+QIACT": each(quectel_data.qiact),
        "+QMAP": quectel_data.qmap,
        "+QICSGP": quectel_data.qicsgp,
        "+QLTS": quectel_data.qlts,
        "+QRSRP": each(quectel_data.qrsrp),
        "+QRSRQ": each(quectel_data.qrsrq),
        "+QSINR": each(quectel_data.qsinr),
        "+QUIMSLOT": each(slots.counted_from(1)),
        "+QDSIM": each(slots.counted_from(0)),
        "+QSIMCFG": each(slots.dual_slot_status),
    }


def _is_asr(manufacturer: str, model: str, ati: str) -> bool:
    said = f"{model}\n{ati}".upper()
    return is_made_by("quectel", manufacturer, model, ati) and any(word in said for word in _ASR_MODELS)


_ASR_MODELS = ("EC200", "EG912", "EG915", "EC600", "EC800", "EG800", "EC100", "RM500U", "RG500U", "RG200U")
"""ASR and Unisoc platforms: the <sinr> of +QENG is in dB (capture quectel-ec200t-01)."""


def _cat_m(parse: Parse) -> Parse:
    """<AcT> 8 is LTE Cat M1 on the BG series (BG96 manual, +COPS and +CEREG), EC-GSM-IoT in 27.007."""

    def read(reply: Reply) -> tuple[Reading, ...]:
        return tuple(
            replace(one, technology="lte_m") if isinstance(one, Registration | Operator) and one.act == 8 else one
            for one in parse(reply)
        )

    return read


_WITH_ACT = (
    Question.REGISTRATION_CS,
    Question.REGISTRATION_PS,
    Question.REGISTRATION_EPS,
    Question.OPERATOR,
)


def _bg_series(plain: Dialect, found_by: Callable[[str, str, str], bool]) -> Dialect:
    asks = {
        question: tuple(replace(ask, parse=_cat_m(ask.parse)) for ask in ways) if question in _WITH_ACT else ways
        for question, ways in plain.asks.items()
    }
    parsers = {
        name: _cat_m(parse) if name in ("+CREG", "+CGREG", "+CEREG", "+COPS") else parse
        for name, parse in plain.parsers.items()
    }
    return replace(plain, found_by=found_by, asks=asks, parsers=parsers)


def _is_bg(manufacturer: str, model: str, ati: str) -> bool:
    said = f"{model}\n{ati}".upper()
    return is_made_by("quectel", manufacturer, model, ati) and any(word in said for word in ("BG9", "BG7", "BG600"))


def _is_altair(manufacturer: str, model: str, ati: str) -> bool:
    """BG770A, BG773A (Sony ALT1350): what their <sinr> counts is not known."""
    return _is_bg(manufacturer, model, ati) and any(word in f"{model}\n{ati}".upper() for word in ("BG770", "BG773"))


def _quectel(found_by: Callable[[str, str, str], bool], sinr: Convert) -> Dialect:
    return vendor("quectel", found_by, asks=_asks(sinr), urcs=_URCS, parsers=_parsers(sinr), restarts=_RESTARTS)


def _is_qualcomm(manufacturer: str, model: str, ati: str) -> bool:
    said = f"{model}\n{ati}".upper()
    return is_made_by("quectel", manufacturer, model, ati) and any(
        word in said for word in _QUALCOMM_MODELS + _MORE_QUALCOMM_MODELS
    )


_QUALCOMM_MODELS = (
    "EC20",
    "EC21",
    "EC25",
    "EG21",
    "EG25",
    "EG9",
    "EP06",
    "EG06",
    "EM05",
    "EM06",
    "EM1",
    "EM20",
    "EG12",
)
_MORE_QUALCOMM_MODELS = ("EG18", "AG35", "RG50", "RG52", "RM50", "RM51", "RM52")

QUECTEL = _bg_series(_quectel(partial(is_made_by, "quectel"), UNKNOWN), partial(is_made_by, "quectel"))
"""Of an unknown model: <AcT> 8 is Cat M1 all the same, for no Quectel module speaks EC-GSM-IoT."""
QUECTEL_ASR = _quectel(_is_asr, ASR)
QUECTEL_QUALCOMM = _quectel(_is_qualcomm, QUALCOMM)
QUECTEL_BG = _bg_series(QUECTEL_QUALCOMM, _is_bg)
QUECTEL_ALTAIR = _bg_series(QUECTEL, _is_altair)
ALL = (QUECTEL_ASR, QUECTEL_ALTAIR, QUECTEL_BG, QUECTEL_QUALCOMM, QUECTEL)
"""The special before the general: EC200 must not be taken for EC20."""
