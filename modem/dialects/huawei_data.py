"""Huawei's data connections: ^NDISSTATQRY, ^DHCP, and what went through them, ^DSFLOWQRY and ^DSFLOWRPT.

Source: HUAWEI ME909s AT Command Interface Specification; captures huawei-*.
"""

import ipaddress

from modem import contexts
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


_REPORTED, _RATE_DIGITS = 7, 8
"""Fields of a report; digits of a time or a rate, the sums have twice as many."""


def dsflowrpt(line: str) -> Counters | None:
    """^DSFLOWRPT:<time>,<tx rate>,<rx rate>,<sent>,<received>,…: this session; hexadecimal."""
    fields = texts(line)
    if len(fields) != _REPORTED or any(len(text) > _RATE_DIGITS for text in fields[:3]):
        return None
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
    """^DHCP: <address>,<mask>,<gateway>,<dhcp>,<dns>,<dns>,<rates>; nothing where the mask shows another order."""
    fields = texts(line)
    if len(fields) < 6:
        return None
    own, mask = _little_endian(at(fields, 0)), _little_endian(at(fields, 1))
    if mask is not None and not contexts.is_mask(mask):
        return None
    return ContextParams(
        cid=_FIRST_CID,
        addresses=(own,) if own else (),
        mask=mask,
        gateway=_little_endian(at(fields, 2)),
        dns=tuple(one for one in (_little_endian(at(fields, 4)), _little_endian(at(fields, 5))) if one),
    )


def dhcpv6(line: str) -> ContextParams | None:
    """^DHCPV6: <address>,<prefix>,<gateway>,<dhcp>,<dns>,<dns>,<rates>: in text, :: for none (Balong)."""
    fields = texts(line)
    found = [contexts.addresses(text) for text in fields[:6]]
    if len(found) < 6 or not (found[0] or found[4] or found[5]):
        return None
    return ContextParams(_FIRST_CID, addresses=found[0], gateway=(*found[2], None)[0], dns=(*found[4], *found[5]))


def ndisstat(reply: Reply) -> tuple[Reading, ...]:
    """^NDISSTATQRY: [<cid>,]<state>,,,"IPV4"[,<state>,,,"IPV6"], on one line or several: 1 in any is a connection."""
    found: dict[int, list[int]] = {}
    for line in lines_of(reply, "^NDISSTATQRY:", "^NDISSTAT:"):
        cid, states = _states(texts(line))
        found.setdefault(cid, []).extend(states)
    return tuple(ContextActive(cid, active=1 in states) for cid, states in found.items() if states)


_BEFORE_FAMILY = 3
"""Fields from a state to the family it is of: <state>,<error>,<wx state>,<family>; MT5700M has been seen with four."""


def _states(fields: tuple[str, ...]) -> tuple[int, list[int]]:
    """(context, states of its families); where the line names no family, its first field is the only state."""
    families = [place for place, text in enumerate(fields) if text.upper().startswith("IPV")]
    near = [(fields[max(place - _BEFORE_FAMILY, 0)], fields[max(place - _BEFORE_FAMILY - 1, 0)]) for place in families]
    said = [integer(one or other) for one, other in near] if families else [integer(at(fields, 0))]
    has_cid = families[:1] == [_BEFORE_FAMILY + 1] and integer(fields[1]) is not None
    cid = integer(fields[0]) if has_cid else _FIRST_CID
    return cid or _FIRST_CID, [state for state in said if state in (0, 1, 2, 3)]
