"""Small questions about an address, asked by several of the rooms around."""

import ipaddress

_OWN_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
    )
)


def literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def inside(address: str) -> bool:
    """Not an address of the internet (RFC 1918, loopback, link-local). Documentation addresses are taken for such."""
    known = literal(address.partition("%")[0])
    parsed = ipaddress.ip_address(known) if known is not None else None
    return parsed is not None and any(
        parsed in network for network in _OWN_NETWORKS if network.version == parsed.version
    )


def here(address: str) -> bool:
    """This machine itself: loopback, or "any" (0.0.0.0), where a connection ends on this machine too."""
    known = literal(address)
    parsed = ipaddress.ip_address(known) if known is not None else None
    return parsed is not None and (parsed.is_loopback or parsed.is_unspecified)
