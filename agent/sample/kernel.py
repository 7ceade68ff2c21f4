"""The kernel's tables of routes and addresses, read from /proc. Parsers are pure and never raise."""

import ipaddress
import os
from functools import lru_cache
from pathlib import Path

from modem.again import again
from modem.frozen import dataclass

_RTF_UP = 0x1
_RTF_REJECT = 0x200
_MAX_TABLE = 1_000_000
"""Bytes of a table that we read; a terminal's has a dozen lines."""
_PAGE = 4096
"""All that most of them hold. Where the heap has no such room free, 64 KB would be mapped and given back each time."""


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the kernel's trees are; tests have their own."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")


REAL = Roots()


@dataclass(frozen=True, slots=True)
class Route:
    """A default route."""

    interface: str
    gateway: str | None
    metric: int


def default_routes(roots: Roots = REAL) -> list[Route]:
    """Default routes, the one in force first: IPv4 by metric, then IPv6 by metric."""
    return [*_in_force(text_of(f"{roots.proc}/net/route"), text_of(f"{roots.proc}/net/ipv6_route"))]


@again
def _in_force(table_v4: str, table_v6: str) -> tuple[Route, ...]:
    v4, v6 = parse_ipv4_routes(table_v4), parse_ipv6_routes(table_v6)
    return (*sorted(v4, key=_metric), *sorted(v6, key=_metric))


def _metric(route: Route) -> int:
    return route.metric


def parse_ipv4_routes(text: str) -> list[Route]:
    """Default routes of /proc/net/route: addresses are hexadecimal in the machine's (little-endian) order."""
    routes = []
    for fields in (line.split() for line in text.splitlines()[1:]):
        if len(fields) < 8 or fields[1] != "00000000" or fields[7] != "00000000":
            continue
        flags, metric = hexadecimal(fields[3]), decimal(fields[6])
        if flags is None or metric is None or not flags & _RTF_UP or flags & _RTF_REJECT:
            continue
        routes.append(Route(fields[0], _ipv4_gateway(fields[2]), metric))
    return routes


def parse_ipv6_routes(text: str) -> list[Route]:
    """Default routes of /proc/net/ipv6_route; the kernel's own "unreachable" entry on lo is none."""
    routes = []
    for fields in (line.split() for line in text.splitlines()):
        if len(fields) < 10 or fields[1] != "00" or set(fields[0]) != {"0"} or fields[9] == "lo":
            continue
        flags, metric = hexadecimal(fields[8]), hexadecimal(fields[5])
        if flags is None or metric is None or not flags & _RTF_UP or flags & _RTF_REJECT:
            continue
        routes.append(Route(fields[9], _ipv6(fields[4]), metric))
    return routes


@again
def parse_if_inet6(text: str) -> dict[str, tuple[str, ...]]:
    """Interface → IPv6 addresses, from /proc/net/if_inet6; link-local ones are no way to anywhere and are left out."""
    found: dict[str, tuple[str, ...]] = {}
    for fields in (line.split() for line in text.splitlines()):
        address = _ipv6(fields[0]) if len(fields) >= 6 else None
        if address and not address.startswith("fe80:"):
            found[fields[5]] = (*found.get(fields[5], ()), address)
    return found


def text_of(path: Path | str) -> str:
    """What a file of the kernel holds; empty when it cannot be read (a vanished interface, EINVAL while down).

    A dozen of them are read each minute, for years: a file object costs ten times what opening and reading do.
    """
    held = b""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            while len(held) < _MAX_TABLE and (more := os.read(descriptor, _PAGE)):
                held += more
        finally:
            os.close(descriptor)
    except OSError:
        return ""
    return held.decode("ascii", "replace")


def decimal(text: str) -> int | None:
    stripped = text.strip()
    return int(stripped) if stripped.isascii() and stripped.isdigit() and len(stripped) < 21 else None


def hexadecimal(text: str) -> int | None:
    try:
        return int(text.strip(), 16)
    except ValueError:
        return None


def _ipv4_gateway(text: str) -> str | None:
    number = hexadecimal(text)
    if not number or number >= 2**32:
        return None
    return str(ipaddress.IPv4Address(number.to_bytes(4, "little")))


@lru_cache(64)  # the same few each minute, and a tenth of what a look takes here
def _ipv6(text: str) -> str | None:
    number = hexadecimal(text)
    return str(ipaddress.IPv6Address(number)) if number and number < 2**128 else None
