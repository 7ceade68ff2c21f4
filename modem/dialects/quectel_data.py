"""Quectel beyond the serving cell: contexts, clock, receivers' levels, 2G engineering mode.

Sources: EC2x&EG2x AT Commands Manual (+QIACT, +QICSGP, +QLTS), RG50xQ&RM5xxQ manual (+QMAP, +QRSRP, +QRSRQ, +QSINR),
M35/M95 AT Commands Manual (+QENG of 2G).
"""

from modem import commands, contexts, signal
from modem.contexts import apn_network_identifier
from modem.events import Reply
from modem.fields import at, hex_id, integer, number, texts
from modem.operators import plmn
from modem.values import Address, Cell, Clock, Context, ContextActive, Contexts, Reading, Signal, Technology

_SYSTEMS: dict[str, Technology] = {"LTE": "lte", "NR5G": "nr", "WCDMA": "umts"}
_NOT_MEASURED = (-140, -44)
"""What 5G modules write for a receiver that hears nothing: either end of the scale."""


def qiact(line: str) -> tuple[Reading, ...] | None:
    """+QIACT: <cid>,<state>,<type>[,<address>[,<address>]]: contexts of the modem's own stack."""
    fields = texts(line)
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    if cid is None or state not in (0, 1):
        return None
    found = tuple(one for text in fields[3:5] for one in contexts.addresses(text))
    return (ContextActive(cid, active=state == 1), *((Address(cid, found),) if found else ()))


def qmap(reply: Reply) -> tuple[Reading, ...]:
    """+QMAP: "WWAN",<connected>,<profile>,"IPV4",<address>, a line for each family; other forms say none."""
    found: dict[int, list[str]] = {}
    for line in reply.lines:
        fields = texts(line)
        cid = integer(at(fields, 2))
        if len(fields) >= 5 and fields[0].upper() == "WWAN" and cid is not None:
            found.setdefault(cid, []).extend(contexts.addresses(fields[4]))
    return tuple(Address(cid, tuple(addresses)) for cid, addresses in found.items())


_TYPES = {1: "IP", 2: "IPV6", 3: "IPV4V6"}


def qicsgp(reply: Reply) -> tuple[Reading, ...]:
    """AT+QICSGP=<cid> → +QICSGP: <type>,<APN>,<user>,<password>,<auth>; user and password are nobody's reading."""
    cid = integer(reply.command.text.partition("=")[2])
    fields = next((texts(line) for line in reply.lines), ())
    kind = _TYPES.get(integer(at(fields, 0)) or 0)
    if cid is None or kind is None or len(fields) < 2:
        return ()
    return (Contexts((Context(cid, kind, apn_network_identifier(fields[1])),)),)


def qlts(reply: Reply) -> tuple[Reading, ...]:
    """+QLTS: "yyyy/MM/dd,hh:mm:ss±zz,<dst>": GMT with the local zone beside it; local time with AT+QLTS=2."""
    is_local = reply.command.text.strip().endswith("=2")
    found = commands.each(commands.clock, "+QLTS:")(reply)
    return found if is_local else tuple(commands.from_gmt(one) for one in found if isinstance(one, Clock))


def _of_receivers(line: str) -> tuple[Technology | None, float | None]:
    """(technology, the first receiver's figure) of <prx>,<drx>,<rx2>,<rx3>,<system>."""
    fields = texts(line)
    tech = _SYSTEMS.get((at(fields, 4) or "").upper())
    first = number(at(fields, 0))
    return tech, None if first in _NOT_MEASURED else first


def qrsrp(line: str) -> Signal:
    tech, value = _of_receivers(line)
    return signal.signal(tech, rsrp=value)


def qrsrq(line: str) -> Signal:
    tech, value = _of_receivers(line)
    return signal.signal(tech, rsrq=value)


def qsinr(line: str) -> Signal:
    tech, value = _of_receivers(line)
    return signal.signal(tech, sinr=value)


def engineering(fields: tuple[str, ...]) -> tuple[Reading, ...] | None:
    """0,<mcc>,<mnc>,<lac>,<cell>,<bcch>,<bsic>,<dBm>,…: the serving cell of a 2G module (M35, M95, MC60)."""
    if len(fields) < 12 or fields[0] != "0":
        return None
    network = plmn(at(fields, 1), at(fields, 2))
    if network is None:
        return None
    cell = Cell("gsm", plmn=network, lac=hex_id(fields[3]), cell_id=hex_id(fields[4]), channel=integer(at(fields, 5)))
    return (cell, signal.signal("gsm", rssi=number(at(fields, 7))))
