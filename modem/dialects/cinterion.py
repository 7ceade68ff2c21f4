"""Cinterion / Gemalto / Thales: EHS, PLS, ELS. Source: Cinterion PLS8-E AT Command Set (^SCID, ^SMONI, ^SBV, ^SCTM)."""

from modem import signal
from modem.commands import card, degrees, each
from modem.dialect import Ask, Question
from modem.dialects.threegpp import maker, nothing, vendor
from modem.fields import at, hex_id, integer, number, texts
from modem.operators import plmn
from modem.values import Cell, NetworkInfo, Reading, Voltage


def smoni(line: str) -> tuple[Reading, ...] | None:
    """^SMONI: 4G,<channel>,<band>,<dl>,<ul>,<mode>,<mcc>,<mnc>,<tac>,<cell>,<pci>,<rx>,<rsrp>,<rsrq>,<state>."""
    fields = texts(line)
    if (at(fields, 0) or "").upper() != "4G" or len(fields) < 14:
        return (NetworkInfo(service="none"),) if "SEARCH" in line.upper() else None
    band = integer(fields[2])
    cell = Cell(
        "lte",
        plmn=plmn(fields[6], fields[7]),
        tac=hex_id(fields[8]),
        cell_id=hex_id(fields[9]),
        pci=integer(fields[10]),
        channel=integer(fields[1]),
        band=f"B{band}" if band else None,
    )
    return (cell, signal.signal("lte", rsrp=number(fields[12]), rsrq=number(fields[13])))


def voltage(line: str) -> Voltage | None:
    """^SBV: <millivolts>."""
    value = integer(at(texts(line), 0))
    return Voltage(value) if value is not None and 500 <= value <= 60_000 else None


CINTERION = vendor(
    "cinterion",
    maker("cinterion", "gemalto", "thales"),
    asks={
        Question.ICCID: (Ask("AT^SCID", (), each(card)),),
        Question.CELL: (Ask("AT^SMONI", ("^SMONI:",), each(smoni, "^SMONI:")),),
        Question.VOLTAGE: (Ask("AT^SBV", ("^SBV:",), each(voltage, "^SBV:")),),
        Question.TEMPERATURE: (Ask("AT^SCTM?", ("^SCTM:",), each(degrees, "^SCTM:")),),
    },
    urcs=dict.fromkeys(("^SBC:", "^SHUTDOWN", "^SYSLOADING", "+PBREADY", "^SCKS:", "^EXIT"), nothing),
    parsers={"^SCID": each(card), "^SMONI": each(smoni), "^SBV": each(voltage), "^SCTM": each(degrees)},
    restarts=("^SYSSTART", "^SYSSTART AIRPLANE MODE"),
)
