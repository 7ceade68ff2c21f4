"""Sequans Monarch, Calliope. Source: Sequans Monarch AT Commands Reference Manual (+SQNCCID, +SQNMONI)."""

import re

from modem import card, signal
from modem.dialect import Ask, Question
from modem.dialects.threegpp import nothing, vendor
from modem.events import Reply
from modem.fields import at, band_of, body_of, decimal_id, hex_id, integer, number, prefix_of, texts
from modem.operators import plmn
from modem.replies import each, lines_of
from modem.values import Cell, Reading

_PAIR = re.compile(r"\b([A-Za-z]{2,8}):(-?[0-9A-Fa-fx.]+)(?=\s|$)")


def sqnmoni(line: str) -> tuple[Reading, ...] | None:
    """+SQNMONI: <operator> Cc:<mcc> Nc:<mnc> RSRP:… CINR:… RSRQ:… TAC:<decimal> Id:<pci> EARFCN:… PWR:<rssi> …

    CID (hexadecimal) and BAND only on newer firmware. All figures -1 is "not measured".
    """
    said = {name.upper(): value for name, value in _PAIR.findall(body_of(line)[:512])}
    if "RSRP" not in said:
        return None
    cell = Cell(
        "lte",
        plmn=plmn(said.get("CC"), said.get("NC")),
        tac=decimal_id(said.get("TAC"), 4),
        cell_id=hex_id(said.get("CID")),
        pci=integer(said.get("ID")),
        channel=integer(said.get("EARFCN")),
        band=band_of(said.get("BAND")),
    )
    if number(said["RSRP"]) == -1:
        return (cell,)
    figures = {name: number(said.get(name)) for name in ("RSRP", "RSRQ", "CINR", "PWR")}
    level = signal.signal("lte", rsrp=figures["RSRP"], rsrq=figures["RSRQ"], sinr=figures["CINR"], rssi=figures["PWR"])
    return (cell, level)


def verizon(reply: Reply) -> tuple[Reading, ...]:
    """+VZWRSRP: <pci>,<earfcn>,<dBm>[,…] and +VZWRSRQ: likewise in dB: all measured cells, the serving one first."""
    for line in lines_of(reply, "+VZWRSRP:", "+VZWRSRQ:"):
        fields = texts(line)
        value = number(at(fields, 2))
        if value is None or integer(fields[0]) is None:
            continue
        is_level = prefix_of(line) == "+VZWRSRP:"
        level = signal.signal("lte", rsrp=value) if is_level else signal.signal("lte", rsrq=value)
        return (Cell("lte", pci=integer(fields[0]), channel=integer(fields[1])), level)
    return ()


SEQUANS = vendor(
    "sequans",
    asks={
        Question.ICCID: (Ask("AT+SQNCCID?", (), each(card.number)), Ask("AT+SQNCCID", (), each(card.number))),
        Question.CELL: (Ask("AT+SQNMONI=0", ("+SQNMONI:",), each(sqnmoni, "+SQNMONI:")),),
    },
    urcs=dict.fromkeys(("+SHUTDOWN", "+SQNSRING:", "+SQNSH:"), nothing),
    parsers={"+SQNCCID": each(card.number), "+SQNMONI": each(sqnmoni), "+VZWRSRP": verizon, "+VZWRSRQ": verizon},
    restarts=("+SYSSTART",),
)
ALL = (SEQUANS,)
