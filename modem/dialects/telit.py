"""Telit: LE910, ME910, LN920. Source: Telit LE910Cx AT Commands Reference Guide, the commands that begin with #."""

from modem import board, card, contexts, identity, signal, slots
from modem.dialect import Ask, Question
from modem.dialects import telit_cells, telit_monitor, telit_survey
from modem.dialects.threegpp import nothing, urc, vendor
from modem.events import Reply
from modem.fields import at, body_of, integer, number, prefix_of, texts
from modem.replies import each, lines_of
from modem.values import (
    Address,
    Clock,
    ContextActive,
    Counters,
    NetworkInfo,
    Reading,
    Sim,
    SimStatus,
    Technology,
    Temperature,
    Voltage,
)

_QSS: dict[int, SimStatus] = {0: "absent", 1: "unknown", 2: "busy", 3: "ready"}
"""1 is all that older ones and modes 0 and 1 tell of a card (GM862, ME910 manuals): ready, or waiting for its PIN?"""


def qss(line: str) -> Sim | None:
    """#QSS: [<mode>,]<state>: 0 no card, 1 inserted, 2 and PIN unlocked, 3 and ready."""
    fields = texts(line)
    state = integer(fields[-1]) if fields else None
    return Sim(_QSS[state]) if state in _QSS else None


def nitz(line: str) -> Clock | None:
    """#NITZ: <time and zone>,<dst>: without the zone it was cut, or is set to less (AT#NITZ=<val>)."""
    found = board.clock(line)
    return found if found and found.utc_offset_minutes is not None else None


def cbc(line: str) -> Voltage | None:
    """#CBC: <state>,<hundredths of a volt>."""
    value = integer(at(texts(line), 1))
    return Voltage(value * 10) if value is not None else None


def temperature(line: str) -> Temperature | None:
    """#TEMPMEAS: <level>,<degrees>; level 0 is the normal range."""
    value = number(at(texts(line), 1))
    return Temperature(value) if value is not None else None


def volume(reply: Reply) -> tuple[Reading, ...]:
    """#GDATAVOL: <cid>,<total>,<sent>,<received>; =1 the last session, =2 all since it was last set to zero."""
    is_lifetime = "=2" in reply.command.text
    found: list[Reading] = []
    for line in reply.lines:
        fields = texts(line)
        values = [value for text in fields if (value := integer(text)) is not None and value >= 0]
        if prefix_of(line) == "#GDATAVOL:" and 4 <= len(fields) == len(values):
            cid, _, sent, received = values[:4]
            found.append(Counters(received, sent, cid, "lifetime" if is_lifetime else "session"))
    return tuple(found)


_NETWORKS: dict[int, Technology] = {0: "gsm", 1: "edge", 2: "umts", 3: "hspa", 4: "lte"}


def psnt(line: str) -> NetworkInfo | None:
    """#PSNT: [<mode>,]<network>: 5 is not known."""
    network = integer((texts(line) or ("",))[-1])
    return NetworkInfo(_NETWORKS[network]) if network in _NETWORKS else None


def sgact(reply: Reply) -> tuple[Reading, ...]:
    """AT#SGACT? → #SGACT: <cid>,<state>; AT#SGACT=<cid>,1 → #SGACT: <address>."""
    asked = integer(reply.command.text.partition("=")[2].partition(",")[0])
    found: list[Reading] = []
    for line in lines_of(reply, "#SGACT:"):
        address = contexts.addresses(body_of(line))
        if address and asked is not None:
            found += [ContextActive(asked, active=True), Address(asked, address)]
        elif state := contexts.cgact(line):
            found.append(state)
    return tuple(found)


TELIT = vendor(
    "telit",
    asks={
        Question.ICCID: (Ask("AT#CCID", (), each(card.number)),),
        Question.SIM_SLOTS: (Ask("AT#SIMSELECT?", ("#SIMSELECT:",), each(slots.counted_from(1), "#SIMSELECT:")),),
        Question.CELL: (
            Ask("AT#RFSTS", ("#RFSTS:",), each(telit_cells.rfsts, "#RFSTS:")),
            Ask("AT#SERVINFO", ("#SERVINFO:",), each(telit_cells.servinfo, "#SERVINFO:")),
            Ask("AT#MONI", ("#MONI:",), telit_monitor.moni),
        ),
        Question.VOLTAGE: (Ask("AT#CBC", ("#CBC:",), each(cbc, "#CBC:")),),
        Question.TEMPERATURE: (Ask("AT#TEMPMON=1", ("#TEMPMEAS:",), each(temperature, "#TEMPMEAS:")),),
        Question.COUNTERS: (Ask("AT#GDATAVOL=2", ("#GDATAVOL:",), volume),),
    },
    urcs={
        "#QSS:": urc(each(qss)),
        "#PSNT:": urc(each(psnt)),
        "#NITZ:": urc(each(nitz)),  # #CCLKMODE sets it and +CCLK alike to local time, as they come, or to GMT
        "#CESQ:": urc(each(signal.cesq)),
        **dict.fromkeys(("SRING:", "#STN:"), nothing),
    },
    parsers={
        "#CGMI": each(identity.manufacturer),
        "#CGMM": each(identity.model),
        "#CGMR": each(identity.firmware),
        "#CGSN": each(identity.imei),
        "#CIMI": each(card.imsi),
        "#CCLK": each(board.clock),
        "#MONIZIP": each(telit_monitor.monizip),
        "#CESQ": each(signal.cesq),
        "#CGPADDR": each(contexts.cgpaddr),
        "#SGACT": sgact,
        "#PSNT": each(psnt),
        "#CCID": each(card.number),
        "#RFSTS": each(telit_cells.rfsts),
        "#MONI": telit_monitor.moni,
        "#SERVINFO": each(telit_cells.servinfo),
        "#CSURVC": telit_survey.csurvc,
        "#SIMSELECT": each(slots.counted_from(1)),
        "#QSS": each(qss),
        "#CBC": each(cbc),
        "#TEMPMEAS": each(temperature),
        "#GDATAVOL": volume,
    },
    quiet_gap_s=0.02,  # LE910C AT commands reference, §2.2.5
)
ALL = (TELIT,)
