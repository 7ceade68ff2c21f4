"""Can the centre be reached? Its name is looked up and its port is knocked at; nothing is said. Costs data: see below.

One deadline holds for the name and the connection together. The C library's resolver cannot be stopped, so it runs in
a daemon thread of its own; no more than two such threads may hang at a time.
"""

import errno
import ipaddress
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from agent.clock import Clock, Deadline
from agent.sample.base import Evidence, Reach

DNS_COST = 2 * (28 + 50) + 2 * (28 + 110)
"""IP bytes of one look-up, estimated: A and AAAA asked and answered (one CNAME), headers included."""
CONNECT_COST = 60 + 60 + 52 + 40
"""IP bytes of one connection, opened and reset at once: SYN, SYN-ACK, ACK, RST."""
REFUSED_COST = 60 + 40
SYN_COST = 60
_MAX_HANGING = 2
_MAX_TRIES = 3
_looking = threading.BoundedSemaphore(_MAX_HANGING)

SocketAddress = tuple[int, tuple[str, int]]
"""Address family, (textual address, port)."""
Resolver = Callable[[str, int], list[SocketAddress]]


@dataclass(frozen=True, slots=True)
class ReachPart:
    reach: tuple[Reach, ...] = ()
    cost_bytes: int = 0
    """IP bytes both ways, estimated."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """How a look-up ended: addresses, or why there are none (`ok` None: it could not be tried)."""

    ok: bool | None
    detail: str
    addresses: tuple[SocketAddress, ...] = ()
    ms: float | None = None


def target_of(url: str) -> tuple[str, int] | None:
    """Host and port of the centre's address, by its scheme's usual port; None when it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80, "mqtts": 8883, "coap+oscore": 5683}.get(parts.scheme)
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None


def resolve(host: str, port: int) -> list[SocketAddress]:
    """The C library's look-up, for TCP."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(int(family), (str(address[0]), int(address[1]))) for family, _, _, _, address in found]


def reach_centre(
    url: str, deadline: Deadline, clock: Clock, bind_interface: str = "", resolver: Resolver = resolve
) -> ReachPart:
    """Look up and knock at the centre of `url` until `deadline`; an empty or unusable `url` asks nothing."""
    target = target_of(url)
    if target is None:
        return ReachPart()
    host, port = target
    named = _literal(host, port)
    if named is not None:
        return _knocked(host, port, (named,), deadline, clock, bind_interface)
    found = look_up(host, port, deadline, clock, resolver)
    dns = Reach("dns", found.ok, found.detail, found.ms)
    seen = Evidence("reach.dns", "probe", f"look-up of {host}: {found.detail}", clock.wall())
    if not found.addresses:
        detail = "not tried: its name could not be looked up"
        return ReachPart((dns, Reach("centre", None, detail)), DNS_COST, (seen,))
    knock = _knocked(host, port, found.addresses, deadline, clock, bind_interface)
    return ReachPart((dns, *knock.reach), DNS_COST + knock.cost_bytes, (seen, *knock.evidence))


def look_up(host: str, port: int, deadline: Deadline, clock: Clock, resolver: Resolver = resolve) -> Found:
    """Addresses of a name, or why there are none; never later than the deadline."""
    if not _looking.acquire(blocking=False):
        return Found(ok=None, detail="earlier look-ups still hang")
    answer: list[Found] = []
    done = threading.Event()

    def ask() -> None:
        try:
            answer.append(_asked(host, port, resolver))
        finally:
            _looking.release()
            done.set()

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    patience = deadline.left(clock)
    done.wait(patience)
    return answer[0] if answer else Found(ok=False, detail=f"no answer within {patience:.0f} s")


def _asked(host: str, port: int, resolver: Resolver) -> Found:
    begun = time.monotonic()
    try:
        addresses = tuple(resolver(host, port))
    except socket.gaierror as error:
        return Found(ok=False, detail=_name_trouble(error), ms=_ms(begun))
    except (OSError, ValueError) as error:
        return Found(ok=False, detail=str(error) or type(error).__name__, ms=_ms(begun))
    if not addresses:
        return Found(ok=False, detail="the name has no address", ms=_ms(begun))
    return Found(
        ok=True, detail=", ".join(address for _, (address, _) in addresses[:4]), addresses=addresses, ms=_ms(begun)
    )


def _name_trouble(error: socket.gaierror) -> str:
    known = {
        socket.EAI_NONAME: "name not known",
        socket.EAI_AGAIN: "no name server answered",
        socket.EAI_FAIL: "the name server failed",
    }
    return known.get(error.errno or 0, error.strerror or "look-up failed")


def _knocked(
    host: str, port: int, addresses: tuple[SocketAddress, ...], deadline: Deadline, clock: Clock, bind_interface: str
) -> ReachPart:
    """One address after the other, each with its share of what time is left."""
    cost, detail, begun = 0, "no time left", time.monotonic()
    tries = addresses[:_MAX_TRIES]
    ok: bool | None = None
    for number, address in enumerate(tries):
        left = deadline.left(clock)
        if left <= 0:
            break
        error = _connect(address, left / (len(tries) - number), bind_interface)
        ok = error is None
        where = f"{address[1][0]} port {address[1][1]}"
        detail = f"{where} answers" if error is None else f"{where}: {_connect_trouble(error)}"
        cost += _cost(error)
        if ok:
            break
    seen = Evidence("reach.centre", "probe", f"connection to {host} port {port}: {detail}", clock.wall())
    return ReachPart((Reach("centre", ok, detail, _ms(begun)),), cost, (seen,))


def _connect(address: SocketAddress, timeout: float, bind_interface: str) -> OSError | None:
    """None when the port answers; the connection is reset at once, which is the cheapest way out."""
    family, where = address
    try:
        with socket.socket(family, socket.SOCK_STREAM) as knock:
            if bind_interface:
                knock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, bind_interface.encode() + b"\0")
            knock.settimeout(max(0.05, timeout))
            knock.connect(where)
            knock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError as error:
        return error
    return None


def _connect_trouble(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    known = {
        errno.ECONNREFUSED: "refused",
        errno.ENETUNREACH: "network unreachable",
        errno.EHOSTUNREACH: "host unreachable",
        errno.ENETDOWN: "network down",
        errno.EADDRNOTAVAIL: "no address of our own to connect from",
        errno.ENODEV: "no such interface",
        errno.EPERM: "not allowed by this machine",
        errno.EACCES: "not allowed by this machine",
    }
    number = error.errno or 0
    return known.get(number, os.strerror(number) if number else "failed")


def _cost(error: OSError | None) -> int:
    if error is None:
        return CONNECT_COST
    if error.errno == errno.ECONNREFUSED:
        return REFUSED_COST
    return 3 * SYN_COST if isinstance(error, TimeoutError) else 0


def _literal(host: str, port: int) -> SocketAddress | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return (socket.AF_INET6 if address.version == 6 else socket.AF_INET, (str(address), port))


def _ms(begun: float) -> float:
    return round((time.monotonic() - begun) * 1000, 1)
