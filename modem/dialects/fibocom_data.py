"""Fibocom's data connections: +GTDNS, +GTRNDIS, and +MIPCALL, which China Mobile's ML307 has too.

Sources: FIBOCOM FM350&FG360 AT Commands §12.2.17 (+GTDNS); public logs of L718, FG650 (+GTRNDIS), L610 and ML307R
(+MIPCALL).
"""

from modem import contexts
from modem.fields import at, integer, texts
from modem.values import Address, ContextActive, ContextParams, Reading

_FIRST_CID = 1
"""Of a connection that is not named: all these modules have one."""


def gtdns(line: str) -> ContextParams | None:
    """+GTDNS: <cid>,<dns>,<dns>, 0.0.0.0 where there is none."""
    fields = texts(line)
    cid = integer(at(fields, 0))
    if cid is None or len(fields) < 2:
        return None
    return ContextParams(cid, dns=tuple(one for text in fields[1:] for one in contexts.addresses(text)))


def gtrndis(line: str) -> tuple[Reading, ...] | None:
    """+GTRNDIS: 1,<cid>,<addresses>,<dns>,<dns>, both families of one in one field; 0 alone: not connected."""
    fields = texts(line)
    state, cid = integer(at(fields, 0)), integer(at(fields, 1)) or _FIRST_CID
    if state not in (0, 1):
        return None
    found = [contexts.addresses(text) for text in fields[2:5]]
    if not state or not found or not found[0]:
        return (ContextActive(cid, active=state == 1),)
    dns = tuple(one for servers in found[1:] for one in servers)
    return (ContextActive(cid, active=True), ContextParams(cid, addresses=found[0], dns=dns))


def mipcall(line: str) -> tuple[Reading, ...] | None:
    """+MIPCALL: <cid>,<state>[,<IPv4>[,<IPv6>]] (ML307), or <state>[,<IPv4>,…] of the one connection (L610)."""
    fields = texts(line)
    first, second = integer(at(fields, 0)), integer(at(fields, 1))
    cid, state, rest = (first, second, fields[2:4]) if second is not None else (_FIRST_CID, first, fields[1:2])
    if cid is None or state not in (0, 1):
        return None
    found = tuple(one for text in rest for one in contexts.addresses(text)) if state else ()
    return (ContextActive(cid, active=state == 1), *((Address(cid, found),) if found else ()))
