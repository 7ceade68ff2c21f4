"""Quectel's data contexts, counters and clock.

Sources: EC2x&EG2x AT Commands Manual (+QIACT, +QICSGP, +QGDCNT, +QLTS, +QNETDEVSTATUS),
RG50xQ&RM5xxQ manual (+QMAP); dial logs of RM500U (+QNETDEVSTATUS in full).
"""

from modem import board, contexts, replies
from modem.contexts import apn_network_identifier
from modem.events import Reply
from modem.fields import at, body_of, integer, texts
from modem.values import Address, Context, ContextActive, ContextParams, Contexts, Counters, Reading


def qiact(line: str) -> tuple[Reading, ...] | None:
    """+QIACT: <cid>,<state>,<type>[,<address>[,<address>]]: contexts of the modem's own stack."""
    fields = texts(line)
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    if cid is None or state not in (0, 1):
        return None
    found = tuple(one for text in fields[3:5] for one in contexts.addresses(text))
    return (ContextActive(cid, active=state == 1), *((Address(cid, found),) if found else ()))


def local_address(line: str) -> Address | None:
    """AT+QILOCIP → the bare address of the one context (M95); +IP: <address>, news of the NB-IoT ones (BC66)."""
    found = contexts.addresses(body_of(line))
    return Address(1, found) if found else None


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
    lines = [texts(line) for line in replies.lines_of(reply, "+QICSGP:")]
    found = [
        Context(cid, kind, apn_network_identifier(fields[1]))
        for fields in lines
        if cid is not None and len(fields) > 1 and (kind := _TYPES.get(integer(fields[0]) or 0))
    ]
    return (Contexts(tuple(found)),) if found else ()


def qlwwanstatus(line: str) -> Address | None:
    """+QLWWANSTATUS: <cid>,"<IPv4>","<IPv6>": the module's own connection (EG25-G on hardware)."""
    fields = texts(line)
    cid = integer(at(fields, 0))
    if cid is None or len(fields) < 2:
        return None
    return Address(cid, tuple(one for text in fields[1:3] for one in contexts.addresses(text)))


_FAMILY = 6
"""Fields of one family: <address>,<mask>,<gateway>,<dhcp>,<dns>,<dns>."""


def qnetdevstatus(reply: Reply) -> tuple[Reading, ...]:
    """+QNETDEVSTATUS of three kinds; one number alone only says whether news are wished for.

    <on>,<state>,<4 or 6>,<instance>: state 0 off, 1 ready, 2 in use (EC2x manual);
    <cid>,<state>,"<type>",<error>: the news of 5G modules; <address>,…,<dns>, for IPv4, then for IPv6: the answer to
    AT+QNETDEVSTATUS=<cid> (RM500U).
    """
    for line in replies.lines_of(reply, "+QNETDEVSTATUS:"):
        fields = texts(line)
        if len(fields) >= _FAMILY:
            return _network_card(integer(reply.command.text.partition("=")[2]) or 1, fields)
        first, state = integer(at(fields, 0)), integer(at(fields, 1))
        kind = (at(fields, 2) or "").upper()
        if first is not None and state in (0, 1, 2) and (kind in ("4", "6") or kind.startswith("IP")):
            return (ContextActive(first if kind.startswith("IP") else 1, active=state != 0),)
    return ()


def _network_card(cid: int, fields: tuple[str, ...]) -> tuple[Reading, ...]:
    found = [contexts.addresses(text) for text in fields[: 2 * _FAMILY]]
    families = [found[:_FAMILY], found[_FAMILY:] + [()] * _FAMILY]
    addresses = tuple(one for family in families for one in family[0])
    if not addresses:
        return ()
    params = ContextParams(
        cid,
        addresses=addresses,
        mask=(*families[0][1], None)[0],
        gateway=(*families[0][2], None)[0],
        dns=tuple(one for family in families for place in (4, 5) for one in family[place]),
    )
    return (ContextActive(cid, active=True), params)


def deactivated(lines: tuple[str, ...]) -> tuple[Reading, ...]:
    """+QIURC: "pdpdeact",<context>: the network took the address away."""
    fields = texts(lines[0]) if lines else ()
    cid = integer(at(fields, 1))
    return (ContextActive(cid, active=False),) if cid is not None and fields[0] == "pdpdeact" else ()


def qgdcnt(line: str) -> Counters | None:
    """+QGDCNT: <sent>,<received>, in bytes. At power-on they start from what was last saved (+QAUGDCNT)."""
    fields = texts(line)
    sent, received = integer(at(fields, 0)), integer(at(fields, 1))
    if sent is None or received is None or sent < 0 or received < 0:
        return None
    return Counters(rx_bytes=received, tx_bytes=sent, scope="lifetime")


def qlts(reply: Reply) -> tuple[Reading, ...]:
    """+QLTS: "yyyy/MM/dd,hh:mm:ss±zz,<dst>": GMT with the local zone beside it; local time with AT+QLTS=2."""
    is_local = reply.command.text.endswith("=2")
    found = tuple(clock for line in replies.lines_of(reply, "+QLTS:") if (clock := board.clock(line)))
    return found if is_local else tuple(board.from_gmt(one) for one in found)
