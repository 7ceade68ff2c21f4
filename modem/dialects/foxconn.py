"""Foxconn (Dell DW5821e, DW5930e): Qualcomm modules that name the maker their customer chose. Captures foxconn-*.

AT^DEBUG? is free text of name:value pairs with units; ids are decimal (the same cell as in capture simcom-sim7906-01).
"""

import re

from modem import signal
from modem.dialect import Ask, Question
from modem.dialects.threegpp import vendor
from modem.events import Reply
from modem.fields import band_of, decimal_id, integer, number
from modem.operators import plmn
from modem.values import Cell, Reading

_PAIR = re.compile(r"([A-Za-z][A-Za-z0-9_]{1,24}):\s?(-?[0-9.]+|[A-Z][A-Z0-9_-]+)(?=[\s,(]|dBm?\b|MHz\b|$)")


def debug(reply: Reply) -> tuple[Reading, ...]:
    """^DEBUG?: the LTE cell and its level; other networks' texts stay unread."""
    said = {name.lower(): value for line in reply.lines for name, value in reversed(_PAIR.findall(line))}
    if said.get("rat") != "LTE":
        return ()
    cell = Cell(
        "lte",
        plmn=plmn(said.get("mcc"), said.get("mnc")),
        tac=decimal_id(said.get("lte_tac")),
        cell_id=decimal_id(said.get("lte_cell_id")),
        pci=integer(said.get("pci")),
        channel=integer(said.get("channel")),
        band=band_of(said.get("lte_band")),
    )
    level = signal.signal(
        "lte",
        rssi=number(said.get("lte_rssi")),
        rsrp=number(said.get("lte_rsrp")),
        rsrq=number(said.get("rsrq")),
        sinr=number(said.get("lte_snr")),
    )
    return (cell, level)


FOXCONN = vendor(
    "foxconn",
    asks={Question.CELL: (Ask("AT^DEBUG?", (), debug),)},
    parsers={"^DEBUG": debug},
)
ALL = (FOXCONN,)
