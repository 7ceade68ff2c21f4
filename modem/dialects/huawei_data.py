"""Huawei's data connections: ^NDISSTATQRY, ^DHCP, and what went through them, ^DSFLOWQRY and ^DSFLOWRPT.

Source: HUAWEI ME909s AT Command Interface Specification; captures huawei-*.
"""

import ipaddress

from modem.events import Reply
from modem.fields import at, hexadecimal, integer, texts
from modem.replies import lines_of
from modem.values import ContextActive, ContextParams, Counters, Reading

_FIRST_CID = 1
"""The ECM/NDIS link of sticks has no context number of its own: it is the first."""


def dsflowqry(line: str) -> Counters | None:
    """^DSFLOWQRY:<time>,<sent>,<received>,<time>,<sent>,<received>: last session, then all since cleared; hex."""
    fields = texts(line)
    sent, received = hexadecimal(at(fields, 4)), hexadecimal(at(fields, 5))
    if sent is None or received is None:
        return None
    return Counters(rx_bytes=int(received, 16), tx_bytes=int(sent, 16), scope="lifetime")


def dsflowrpt(line: str) -> Counters | None:
    """^DSFLOWRPT:<time>,<tx rate>,<rx rate>,<sent>,<received>,…: this session; hexadecimal."""
    fields = texts(line)
    sent, received = hexadecimal(at(fields, 3)), hexadecimal(at(fields, 4))
    if sent is None or received is None:
        return None
    return Counters(rx_bytes=int(received, 16), tx_bytes=int(sent, 16), scope="session")


def _little_endian(text: str | None) -> str | None:
    """An IPv4 address as a little endian number in hex, leading zeros dropped: 1010A0A = 10.10.1.1."""
    digits = hexadecimal(text)
    if digits is None or len(digits) > 8 or not int(digits, 16):
        return None
    return str(ipaddress.IPv4Address(int(digits, 16).to_bytes(4, "little")))


def dhcp(line: str) -> ContextParams | None:
    """^DHCP: <address>,<mask>,<gateway>,<dhcp>,<dns>,<dns>,<rates>."""
    fields = texts(line)
    own = _little_endian(at(fields, 0))
    if len(fields) < 6:
        return None
    return ContextParams(
        cid=_FIRST_CID,
        addresses=(own,) if own else (),
        mask=_little_endian(at(fields, 1)),
        gateway=_little_endian(at(fields, 2)),
        dns=tuple(one for one in (_little_endian(at(fields, 4)), _little_endian(at(fields, 5))) if one),
    )


def ndisstat(reply: Reply) -> tuple[Reading, ...]:
    """^NDISSTATQRY: <state>,,,"IPV4"[,<state>,,,"IPV6"], on one line or several: 1 in any is a connection."""
    lines = lines_of(reply, "^NDISSTATQRY:", "^NDISSTAT:")
    states = [integer(text) for line in lines for text in texts(line)[::4]]
    known = [state for state in states if state in (0, 1, 2, 3)]
    return (ContextActive(_FIRST_CID, active=1 in known),) if known else ()
