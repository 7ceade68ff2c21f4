"""Cinterion / Gemalto / Thales: EHS, PLS, ELS. Source: Cinterion EHS6 AT Command Set 8.12 (^SMONI); ^SBV, ^SCID."""

from dataclasses import replace

from modem import board, card, signal
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, urc, vendor
from modem.events import Reply
from modem.fields import at, band_of, body_of, hex_id, integer, number, texts
from modem.operators import plmn
from modem.replies import each, lines_of
from modem.shapes import shape, shaped
from modem.values import (
    Cell,
    Clock,
    NetworkInfo,
    Reading,
    Sim,
    SimStatus,
    SmsStorage,
    SmsStore,
    Technology,
    Temperature,
    Voltage,
)


def smoni(line: str) -> tuple[Reading, ...] | None:
    """^SMONI: the serving cell, with fields of its own for 2G, 3G and 4G.

    "<net>,SEARCH" where there is none; "Searching" alone on a TX62.
    """
    fields = texts(line)
    if any((text or "").upper().startswith("SEARCH") for text in (at(fields, 0), at(fields, 1))):
        return (NetworkInfo(service="none"),)
    reader = {"2G": _gsm, "3G": _umts, "4G": _lte}.get((at(fields, 0) or "").upper())
    return reader(fields) if reader else None


_GSM = shape("2G channel level mcc mnc area area any", 7)
_UMTS = shape("3G channel pci num level mcc mnc area cell any", 9)
_LTE = shape("4G channel small small small [FT]DD mcc mnc area cell pci num level level any", 14)


def _gsm(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """2G,<arfcn>,<dBm>,<mcc>,<mnc>,<lac>,<cell>,…"""
    if (found := shaped(fields, _GSM)) is None:
        return None
    fields = found
    cell = Cell("gsm", plmn=plmn(fields[3], fields[4]), lac=hex_id(fields[5]), cell_id=hex_id(fields[6]))
    return (replace(cell, channel=integer(fields[1])), signal.signal("gsm", rssi=number(fields[2])))


def _umts(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """3G,<uarfcn>,<psc>,<ec/n0>,<rscp>,<mcc>,<mnc>,<lac>,<cell>,…"""
    if (found := shaped(fields, _UMTS)) is None:
        return None
    fields = found
    cell = Cell(
        "umts",
        plmn=plmn(fields[5], fields[6]),
        lac=hex_id(fields[7]),
        cell_id=hex_id(fields[8]),
        pci=integer(fields[2]),
        channel=integer(fields[1]),
    )
    return (cell, signal.signal("umts", ecio=number(fields[3]), rscp=number(fields[4])))


def _lte(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """4G,<channel>,<band>,<dl>,<ul>,<mode>,<mcc>,<mnc>,<tac>,<cell>,<pci>,<rx>,<rsrp>,<rsrq>,<state>."""
    if (found := shaped(fields, _LTE)) is None:
        return None
    fields = found
    cell = Cell(
        "lte",
        plmn=plmn(fields[6], fields[7]),
        tac=hex_id(fields[8]),
        cell_id=hex_id(fields[9]),
        pci=integer(fields[10]),
        channel=integer(fields[1]),
        band=band_of(fields[2]),
    )
    return (cell, signal.signal("lte", rsrp=number(fields[12]), rsrq=number(fields[13])))


_OF_CELL = 9
"""Fields of each; zeros where the identity could not be read."""
_CELL = shape("mcc mnc [0-9A-F]{4} [0-9A-F]{4} [0-9A-F]{1,2} [0-9]{1,4} small int int", _OF_CELL)


def smonc(line: str) -> tuple[Cell, ...]:
    """^SMONC: <mcc>,<mnc>,<lac>,<cell>,<bsic>,<channel>,<level>,<c1>,<c2> of 2G cells, the serving first."""
    fields = texts(line)
    starts = range(0, 0 if len(fields) % _OF_CELL else len(fields), _OF_CELL)
    rows = [shaped(fields[start : start + _OF_CELL], _CELL) or ("",) * _OF_CELL for start in starts]
    found = [
        Cell(
            "gsm",
            serving=place == 0,
            plmn=plmn(row[0], row[1]),
            lac=hex_id(row[2]),
            cell_id=hex_id(row[3]),
            channel=integer(row[5]),
        )
        for place, row in enumerate(rows)
    ]
    return tuple(one for one in found if one.plmn or one.channel)


def voltage(line: str) -> Voltage | None:
    """^SBV: <millivolts>."""
    value = integer(at(texts(line), 0))
    return Voltage(value) if value is not None else None


def temperature(line: str) -> Temperature | None:
    """^SCTM: <urcs>,<state>[,<degrees>]: without the degrees there is a state only (EHS6 command set)."""
    value = number(at(texts(line), 2))
    return Temperature(value) if value is not None else None


_SIM_STATES: dict[int, SimStatus] = {0: "absent", 1: "busy", 2: "busy", 3: "failure", 4: "absent", 5: "ready"}
"""EHS6 command set, ^SIND "simstatus": 0 removed, 1 inserted, 2 locked or initialising, 3 error, 4 removed, 5 ready."""
_VALUE = 2


_PACKET_SYSTEMS: dict[int, Technology] = {
    **dict.fromkeys((1, 2), "gsm"),
    **dict.fromkeys((3, 4), "edge"),
    **dict.fromkeys((5, 6), "umts"),
    **dict.fromkeys((7, 8, 9, 10), "hspa"),
    **dict.fromkeys((16, 17), "lte"),
}
"""^SIND "psinfo": for each network, that there is one, and that it is attached (PLS8, EHS6 command sets)."""


def sind(line: str) -> Reading | None:
    """^SIND: <name>,<mode>,<value>…: simstatus, psinfo, nitz, iccid; the other indicators say less than +CREG."""
    fields = texts(line)
    name, value = (at(fields, 0) or "").lower(), at(fields, _VALUE)
    if value is None:
        return None
    if name == "simstatus":
        number_ = integer(value)
        return Sim(_SIM_STATES[number_]) if number_ in _SIM_STATES else None
    if name == "psinfo":
        tech = _PACKET_SYSTEMS.get(number_) if (number_ := integer(value)) is not None else None
        return NetworkInfo(tech) if tech else None
    if name == "nitz":  # <UT>,<TZ>[,<DST>]: universal time, TZ holds the summer time already (manual, §3.2)
        said = board.gmt("".join(fields[_VALUE : _VALUE + 2]))
        is_bare = said is not None and said.time is not None and said.utc_offset_minutes is None
        return Clock(f"{said.time}+00:00") if said is not None and is_bare else said
    return card.number(value) if name == "iccid" else None


def indicated(line: str) -> Reading | None:
    """+CIEV: <name>,<value>…: news of the indicators of ^SIND, which has a mode behind the name."""
    name, _, rest = body_of(line).partition(",")
    return sind(f"^SIND: {name.strip()},1,{rest}")


def scks(line: str) -> Sim | None:
    """^SCKS: [<mode>,]<state>: 0 no card, 1 a card (MC55: or an empty tray), 2 its interface fails."""
    state = integer((texts(line) or ("",))[-1])
    return Sim("absent") if state == 0 else Sim("unknown") if state in (1, 2) else None


def slms(reply: Reply) -> tuple[Reading, ...]:
    """^SLMS: <storage>,<total>,<used>: a line for each."""
    stores = []
    for line in lines_of(reply, "^SLMS:"):
        fields = texts(line)
        total, used = integer(at(fields, 1)), integer(at(fields, 2))
        if fields and fields[0].isalpha() and total is not None and used is not None:
            stores.append(SmsStore(fields[0], used, total))
    return (SmsStorage(tuple(stores)),) if stores else ()


CINTERION = vendor(
    "cinterion",
    asks={
        Question.ICCID: (Ask("AT^SCID", (), each(card.number)),),
        Question.CELL: (Ask("AT^SMONI", ("^SMONI:",), each(smoni, "^SMONI:")),),
        Question.VOLTAGE: (Ask("AT^SBV", ("^SBV:",), each(voltage, "^SBV:")),),
        Question.TEMPERATURE: (Ask("AT^SCTM?", ("^SCTM:",), each(temperature, "^SCTM:")),),
    },
    urcs={
        **dict.fromkeys(
            ("^SBC:", "^SHUTDOWN", "^SYSLOADING", "+PBREADY", "^EXIT", "^SIS:", "^SISR:", "^SISW:"), nothing
        ),
        "^SCKS:": urc(each(scks)),
        "+CIEV:": urc(each(indicated)),
    },
    parsers={
        "^SCID": each(card.number),
        "^SMONI": each(smoni),
        "^SMONC": each(smonc),
        "^SIND": each(sind),
        "^SBV": each(voltage),
        "^SCTM": each(temperature),
        "^SCKS": each(scks),
        "^SLMS": slms,
    },
    restarts=("^SYSSTART AIRPLANE MODE",),
    quiet_gap_s=0.1,  # ENS22-E AT command set, §1.5: else a URC may collide with the command
)
ALL = (CINTERION,)
