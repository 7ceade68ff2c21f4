"""Policy rules for other programs: by mark, user, protocol or port. Read by netlink, which any user may.

Our own probes match no such rule, so they cannot tell where it leads somebody else. That it is there can be said.
"""

import contextlib
import socket
import struct
from collections.abc import Iterator

from modem.frozen import dataclass

_RTM_NEWRULE, _RTM_GETRULE = 32, 34
_NLM_F_REQUEST_DUMP = 0x301
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_PRIORITY, _FWMARK, _TABLE, _FWMASK, _UID_RANGE, _IP_PROTO, _SPORT, _DPORT = 6, 10, 15, 16, 20, 22, 23, 24
"""FRA_* of include/uapi/linux/fib_rules.h."""
_TO_TABLE, _REFUSING = 1, {6: "blackhole", 7: "unreachable", 8: "prohibit"}
_TABLES = {253: "default", 254: "main", 255: "local"}
_ALL_BITS = 0xFFFFFFFF
_MOST = 64
"""Parts of an answer that we read; a terminal's fits into one."""
_WAIT_S = 1.0


@dataclass(frozen=True, slots=True)
class OthersRule:
    priority: int
    selects: str
    """As ip-rule(8) writes it: "fwmark 0x1", "uidrange 1000-1000", "ipproto 6 dport 443"."""
    leads: str
    """ "lookup 100", "prohibit" …"""

    @property
    def words(self) -> str:
        return f"{self.priority}: {self.selects} {self.leads}"


def rules_for_others() -> tuple[OthersRule, ...]:
    """Rules of IPv4 and IPv6 that a plain socket of ours does not match; empty where the kernel does not tell."""
    found: dict[str, OthersRule] = {}
    for family in (socket.AF_INET, socket.AF_INET6):
        for rule in parse_rules(_dump(family)):
            found.setdefault(rule.words, rule)
    return tuple(found.values())


def parse_rules(data: bytes) -> tuple[OthersRule, ...]:
    """Of the messages of a dump (rtnetlink(7)); what is cut off or of another kind is passed over."""
    made = (_rule(body) for kind, body in _messages(data) if kind == _RTM_NEWRULE)
    return tuple(rule for rule in made if rule is not None)


def _rule(body: bytes) -> OthersRule | None:
    """struct fib_rule_hdr: family, dst_len, src_len, tos, table, res1, res2, action: a byte each; then flags."""
    if len(body) < 12:
        return None
    table, action = body[4], body[7]
    said = dict(_attributes(body[12:]))
    selects = " ".join(_selectors(said))
    if not selects:
        return None
    table = _number(said.get(_TABLE)) or table
    leads = f"lookup {_TABLES.get(table, table)}" if action == _TO_TABLE else _REFUSING.get(action, "")
    return OthersRule(_number(said.get(_PRIORITY)) or 0, selects, leads) if leads else None


def _selectors(said: dict[int, bytes]) -> Iterator[str]:
    if mark := _number(said.get(_FWMARK)):
        mask = _number(said.get(_FWMASK))
        yield f"fwmark {mark:#x}" + (f"/{mask:#x}" if mask not in (None, _ALL_BITS) else "")
    if (users := _range(said.get(_UID_RANGE), "=II")) is not None:
        yield f"uidrange {users[0]}-{users[1]}"
    if protocol := said.get(_IP_PROTO):
        yield f"ipproto {protocol[0]}"
    for name, kind in (("sport", _SPORT), ("dport", _DPORT)):
        if (ports := _range(said.get(kind), "=HH")) is not None:
            yield f"{name} {ports[0]}" + (f"-{ports[1]}" if ports[1] != ports[0] else "")


def _number(data: bytes | None) -> int | None:
    return int(struct.unpack("=I", data)[0]) if data is not None and len(data) == 4 else None


def _range(data: bytes | None, shape: str) -> tuple[int, int] | None:
    if data is None or len(data) != struct.calcsize(shape):
        return None
    low, high = struct.unpack(shape, data)
    return int(low), int(high)


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and body of each (struct nlmsghdr)."""
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, at)
        if not 16 <= length <= len(data) - at:
            return
        yield kind, data[at + 16 : at + length]
        at += -(-length // 4) * 4


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        length, kind = struct.unpack_from("=HH", data, at)
        if not 4 <= length <= len(data) - at:
            return
        yield kind, data[at + 4 : at + length]
        at += -(-length // 4) * 4


def _dump(family: int) -> bytes:
    """Every message of the answer; what there is, where it is cut short."""
    question = struct.pack("=IHHIIBxxxxxxxI", 28, _RTM_GETRULE, _NLM_F_REQUEST_DUMP, 1, 0, family, 0)
    told = b""
    with contextlib.suppress(OSError), socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as held:
        held.settimeout(_WAIT_S)
        held.send(question)
        for _ in range(_MOST):
            part = held.recv(65536)
            told += part
            if any(kind in (_NLMSG_DONE, _NLMSG_ERROR) for kind, _ in _messages(part)):
                break
    return told
