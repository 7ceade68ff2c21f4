"""SIMCom: contexts of the modem's own stack (+CNACT, +CIFSR), +CNWINFO, time and heat of the 2G ones.

Sources: SIM800 Series AT Command Manual (+CIFSR, *PSUTTZ, +CMTE), SIM7080 Series AT Command Manual (+CNACT), SIM7500
and SIM7600 Series AT Command Manual (+SPIC).
"""

import re

from modem import board, contexts
from modem.fields import at, body_of, hex_id, hexadecimal, integer, number, texts
from modem.operators import name_of, plmn, plmn_of
from modem.values import Address, Cell, Clock, ContextActive, Operator, Reading, Sim, Temperature


def cnact(line: str) -> tuple[Reading, ...] | None:
    """+CNACT: <pdp>,<state>,"<address>" (SIM7080), <state>,"<address>" (SIM7000): the URC has words."""
    fields = texts(line)
    if len(fields) == 2 and contexts.addresses(fields[1]):
        fields = ("1", *fields)
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    if cid is None or state not in (0, 1, 2) or len(fields) < 3:
        return None
    found = contexts.addresses(fields[2])
    return (ContextActive(cid, active=state == 1), *((Address(cid, found),) if found else ()))


def cifsr(line: str) -> Address | None:
    """AT+CIFSR answers with the bare address of the one context of a SIM800, and with nothing else."""
    found = contexts.addresses(body_of(line))
    return Address(1, found) if found else None


def csmins(line: str) -> Sim | None:
    """+CSMINS: <n>,<inserted> (SIM800 manual): 0 no card; an inserted one need not be ready."""
    fields = texts(line)
    inserted = integer(at(fields, 1)) if len(fields) == len(("n", "inserted")) else None
    return Sim("absent") if inserted == 0 else Sim("unknown") if inserted == 1 else None


_SCANNED = re.compile(r'(MCC|MNC|Cellid|Arfcn|Lac) ?: ?"?([0-9A-Fa-f]{1,8})(?=[",\s]|$)', re.IGNORECASE)


def cnetscan(line: str) -> Cell | None:
    """+CNETSCAN: Operator:"…",MCC:460,MNC:01,Rxlev:20,Cellid:1FA7,Arfcn:120[,Lac:1816,Bsic:22] (SIM800 manual)."""
    said = {name.upper(): value for name, value in _SCANNED.findall(body_of(line)[:256])}
    network = plmn(said.get("MCC"), said.get("MNC"))
    if network is None or "CELLID" not in said:
        return None
    lac, channel = hex_id(said.get("LAC")), integer(said.get("ARFCN"))
    return Cell("gsm", serving=False, plmn=network, lac=lac, cell_id=hex_id(said["CELLID"]), channel=channel)


_ENB_BITS = 8
"""A cell's number is that of its base station, and eight bits (36.300 §8.2)."""


def cnwinfo(line: str) -> Cell | None:
    """+CNWINFO: LTE,<mcc, mnc and cell in decimal>,0x<base station>,… (SIM8230): the base station, which is said twice,
    tells how long the MNC is."""
    fields = texts(line)
    digits, station = at(fields, 1) or "", hexadecimal(at(fields, 2))
    if (at(fields, 0) or "").upper() != "LTE" or not digits.isdecimal() or not station or not int(station, 16):
        return None
    found = [end for end in (5, 6) if digits[end:] and int(digits[end:]) >> _ENB_BITS == int(station, 16)]
    if len(found) != 1:
        return None
    return Cell("lte", plmn=plmn_of(digits[: found[0]]), cell_id=hex_id(f"{int(digits[found[0] :]):X}"))


def psnwid(line: str) -> Operator | None:
    """*PSNWID: "<mcc>","<mnc>","<name>",<ci>,"<short name>",<ci>: the network's own name (SIM800 manual, AT+CLTS)."""
    fields = texts(line)
    network, name = plmn(at(fields, 0), at(fields, 1)), name_of(at(fields, 2))
    return Operator(name=name, plmn=network) if network and name else None


_ZONE_OF_NEWER = re.compile(r'"?\d{2,4}/\d{1,2}/\d{1,2},\d{1,2}:\d{1,2}:\d{1,2}"?,"([+-]\d{1,2})",\d', re.ASCII)


def psuttz(line: str) -> Clock | None:
    """*PSUTTZ: <year>,<month>,<day>,<hour>,<min>,<sec>,"<zone>",<dst>: universal time (SIM800 manual, AT+CLTS).

    A SIM800 that said 18,3,45,"+4" had a message of 19:03:40+04 in its store. Of the newer firmwares' form, which has
    lost a quote (25/04/02,09:49:27","+08",1), nobody says whether it is universal too: only its zone is told.
    """
    if newer := _ZONE_OF_NEWER.fullmatch(body_of(line)[:64]):
        return board.zone(f"+CTZV: {newer[1]}")
    values = [integer(text) for text in texts(line)[:7]]
    if len(values) < 7 or None in values:
        return None
    year, month, day, hour, minute, second, quarters = values
    return board.gmt(f"{year}/{month}/{day},{hour}:{minute}:{second}{quarters:+}")


def cmte(line: str) -> Temperature | None:
    """+CMTE: <mode>,<degrees> (SIM800, SIM900). A single figure is the setting, or a warning that came unasked."""
    value = number(at(texts(line), 1))
    return Temperature(value) if value is not None else None
