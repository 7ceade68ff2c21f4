"""Sequans Monarch, Calliope. Source: Sequans Monarch AT Commands Reference Manual (+SQNCCID, +SQNMONI)."""

import re

from modem import signal
from modem.commands import card, each
from modem.dialect import Ask, Question
from modem.dialects.threegpp import maker, nothing, vendor
from modem.fields import body_of, integer, number
from modem.operators import plmn
from modem.values import Cell, Reading

_PAIR = re.compile(r"\b([A-Za-z]{2,8}):(-?[0-9A-Fa-fx.]+)")


def sqnmoni(line: str) -> tuple[Reading, ...] | None:
    """+SQNMONI: <operator> Cc:<mcc> Nc:<mnc> RSRP:<dBm> CINR:<dB> RSRQ:<dB> … Id:<pci> EARFCN:<channel> …"""
    said = {name.upper(): value for name, value in _PAIR.findall(body_of(line)[:512])}
    if "RSRP" not in said:
        return None
    cell = Cell(
        "lte",
        plmn=plmn(said.get("CC"), said.get("NC")),
        pci=integer(said.get("ID")),
        channel=integer(said.get("EARFCN")),
    )
    figures = {name: number(said.get(name)) for name in ("RSRP", "RSRQ", "CINR")}
    return (cell, signal.signal("lte", rsrp=figures["RSRP"], rsrq=figures["RSRQ"], sinr=figures["CINR"]))


SEQUANS = vendor(
    "sequans",
    maker("sequans"),
    asks={
        Question.ICCID: (Ask("AT+SQNCCID?", (), each(card)),),
        Question.CELL: (Ask("AT+SQNMONI=0", ("+SQNMONI:",), each(sqnmoni, "+SQNMONI:")),),
    },
    urcs=dict.fromkeys(("+SHUTDOWN", "+SQNSRING:", "+SQNSH:"), nothing),
    parsers={"+SQNCCID": each(card), "+SQNMONI": each(sqnmoni)},
    restarts=("+SYSSTART",),
)
