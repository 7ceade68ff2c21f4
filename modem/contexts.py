"""Data contexts: +CGDCONT, +CGACT, +CGPADDR, +CGCONTRDP (27.007 §10.1) and the addresses inside them.

Addresses come as 10.1.2.3, as 2001:db8::1, as 16 decimal octets (an IPv6 address by 27.007), as 8 or 32 octets (address
and mask in one), and as all zero where there is none.
"""

import ipaddress
import re

from modem.fields import integer, texts
from modem.values import Address, Context, ContextActive, ContextParams

_OPERATOR_PART = re.compile(r"\.mnc[0-9]{2,3}\.mcc[0-9]{3}(\.gprs)?$", re.IGNORECASE)
_OCTETS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})*")
_IP_IN_TEXT = re.compile(r"IPV[46]:([0-9A-Fa-f.:]+)(?=[\s,;]|$)", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;\s]+")
_TYPE = re.compile(r"|IP|IPV[46]|IPV4V6|PPP|X\.?25|OSP:IHOSS|Non-?IP|Ethernet|Unstructured", re.IGNORECASE)
"""27.007 §10.1.1, and IPV4 of some modems."""
_LOOPBACK = ipaddress.IPv6Address(1)
MAX_CID = 255


def apn_network_identifier(apn: str | None) -> str | None:
    """The APN without the operator's part that networks append (ibox.tim.it.mnc001.mcc222.gprs → ibox.tim.it).

    That is what people enter, and what a shop's records hold (23.003 §9.1).
    """
    return _OPERATOR_PART.sub("", (apn or "").strip()) or None


def addresses(text: str) -> tuple[str, ...]:
    """The addresses in one field, in the usual spelling; placeholders and anything else give nothing."""
    labelled = _IP_IN_TEXT.findall(text)  # Luat: "IPV4:10.32.140.122    IPV6:::18C9:CE33:97B7:75BD" in one field
    # Two families in one field: "10.64.1.2,36.8.132.…" (Fibocom), "10.64.1.2 36.9.…" (27.007 §10.1.1, +CGDCONT)
    found = [_address(one) for one in labelled or _BETWEEN.split(text)]
    return tuple(dict.fromkeys(one for one in found if one))


def address_and_mask(text: str) -> tuple[str | None, str | None]:
    """`text` as (address, mask): octets of both may be joined ("2.197.17.49.255.255.255.255")."""
    text = text.strip()
    parts = text.split(".")
    if _OCTETS.fullmatch(text) and len(parts) in (8, 32):
        half = len(parts) // 2
        return _address(".".join(parts[:half])), _address(".".join(parts[half:]))
    return _address(text), None


def _address(text: str) -> str | None:
    text = text.strip()
    parts = text.split(".")
    if len(parts) == 16 and _OCTETS.fullmatch(text):
        octets = [int(part) for part in parts]
        text = str(ipaddress.IPv6Address(bytes(octets))) if max(octets) < 256 else ""
    elif _OCTETS.fullmatch(text):
        text = ".".join(str(int(part)) for part in parts)  # Python refuses 010.001.002.003, some modems pad so
    try:
        address = ipaddress.ip_address(text.partition("/")[0])
    except ValueError:
        return None
    is_placeholder = address.is_unspecified or address == _LOOPBACK  # FM350: 0.0.….0.1 for a family without one
    return None if is_placeholder else str(address)


def _cid(text: str | None) -> int | None:
    value = integer(text)
    return value if value is not None and 0 <= value <= MAX_CID else None


def cgdcont(line: str) -> Context | None:
    """+CGDCONT: <cid>,<type>,<APN>,<address>,…: one defined context."""
    fields = texts(line)
    cid = _cid(fields[0]) if fields else None
    if cid is None or len(fields) < 2 or not _TYPE.fullmatch(fields[1]) or not _is_apn(*fields[2:3]):
        return None  # of another type, or with an address for its name: a field or a comma was lost
    apn = apn_network_identifier(fields[2]) if len(fields) > 2 else None
    return Context(cid, fields[1].upper() or None, apn, addresses(fields[3]) if len(fields) > 3 else ())


def _is_apn(text: str = "") -> bool:
    """Not an address, not a type, and none that holds what parts fields."""
    return not (_OCTETS.fullmatch(text) or (text and _TYPE.fullmatch(text)) or "," in text)


def cgact(line: str) -> ContextActive | None:
    """+CGACT: <cid>,<state>."""
    fields = texts(line)
    if len(fields) < 2 or (cid := _cid(fields[0])) is None or integer(fields[1]) not in (0, 1):
        return None
    return ContextActive(cid, active=integer(fields[1]) == 1)


def cgpaddr(line: str) -> Address | None:
    """+CGPADDR: <cid>[,<address>[,<address>]]."""
    fields = texts(line)
    cid = _cid(fields[0]) if fields else None
    if cid is None:
        return None
    return Address(cid, tuple(dict.fromkeys(one for text in fields[1:] for one in addresses(text))))


def cgcontrdp(line: str) -> ContextParams | None:
    """+CGCONTRDP: <cid>,<bearer>[,<APN>[,<address and mask>[,<gateway>[,<dns>[,<dns>…[,…,<mtu>]]]]]].

    Release 8 has the mask in a field of its own, which moves all that follow by one; so does Luat's empty one, known
    by a second name server without a first.
    """
    fields = list(texts(line))
    cid = _cid(fields[0]) if fields else None
    if cid is None or len(fields) < 2 or (fields[1] and integer(fields[1]) is None):
        return None
    fields += [""] * (13 - len(fields))
    if _OCTETS.fullmatch(fields[2]) or not (_OCTETS.match(fields[3]) or ":" in fields[3] or fields[3] in ("", "-")):
        return None  # an address for its name, or a name for its address: a field or a comma was lost or put in
    own, mask = address_and_mask(fields[3])
    if mask is None and own and ":" not in own and (is_mask(fields[4]) or _is_empty_mask(fields)):
        mask = fields.pop(4) or None
        fields.append("")
    second = address_and_mask(fields[4])[0] if own and ":" not in own else None
    second = second if second and ":" in second else None
    if second is not None:  # both families in one line: the IPv6 address stands before its gateway (Quectel RM520N)
        fields.pop(4)
        fields.append("")
    mtu = integer(fields[11])
    return ContextParams(
        cid=cid,
        bearer=integer(fields[1]),
        apn=apn_network_identifier(fields[2]),
        addresses=tuple(one for one in (own, second) if one),
        mask=mask,
        gateway=_address(fields[4]),
        dns=tuple(one for one in (_address(fields[5]), _address(fields[6])) if one),
        mtu=mtu if mtu and 0 < mtu <= 65535 else None,
    )


def _is_empty_mask(fields: list[str]) -> bool:
    return not fields[4] and _address(fields[5]) is None and _address(fields[6]) is not None


def is_mask(text: str) -> bool:
    """An IPv4 netmask: ones, then zeros (255.255.255.255 too, the usual one on a cellular link)."""
    try:
        bits = f"{int(ipaddress.IPv4Address(text.strip())):032b}"
    except ValueError:
        return False
    return bits.startswith("1") and "01" not in bits
