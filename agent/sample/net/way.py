"""Which way a probe takes: through the card's interface, not through whatever the routes prefer.

SO_BINDTODEVICE is open to every user since Linux 5.7 (before: CAP_NET_RAW). Where it is refused the interface's own
address is taken as the source, which policy routing honours; where there is none, the routes decide, and we say so.
"""

import errno
import socket
from ipaddress import ip_address
from typing import Literal

from modem.frozen import dataclass

Tied = Literal["device", "source", "routes"]
SIX_MORE = 20
"""Bytes that an IPv6 header is longer than one of IPv4: what costs are reckoned with."""


def six_more(address: str) -> int:
    """Of each packet to or from there."""
    return SIX_MORE if ":" in address else 0


@dataclass(frozen=True, slots=True)
class Way:
    device: str = ""
    """"" = as the routes say."""
    addresses: tuple[str, ...] = ()
    """The interface's own."""

    def tie(self, held: socket.socket) -> Tied:
        """Make this socket take the way. OSError when the interface is gone."""
        if not self.device:
            return "routes"
        try:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.device.encode() + b"\0")
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.EACCES):
                raise
            return self._tie_by_source(held)
        return "device"

    def _tie_by_source(self, held: socket.socket) -> Tied:
        version = 6 if held.family == socket.AF_INET6 else 4
        own = next((address for address in self.addresses if _version(address) == version), None)
        if own is None:
            return "routes"
        held.bind((own, 0))
        return "source"

    def towards(self, address: str) -> "Way":
        """This machine itself is never behind the card."""
        return Way() if _loopback(address) else self

    def speaks(self, address: str) -> bool:
        """Is it of a kind (IPv4, IPv6) that the interface has? To the other kind it has no way, whatever routes say."""
        return _version(address) in self.versions()

    def versions(self) -> tuple[int, ...]:
        """4, 6 or both, as the interface has addresses; both when nobody knows."""
        known = {_version(address) for address in self.addresses} - {0}
        return tuple(sorted(known)) or (4, 6)


def leaving_from(address: str, way: Way | None = None) -> str | OSError:
    """Our own address towards `address`, as routes and policy rules have it; or why there is none. Sends nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as held:
            if way is not None:
                way.tie(held)
            held.connect((address, 9))
            return str(held.getsockname()[0])
    except OSError as error:
        return error


def _loopback(address: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _version(address: str) -> int:
    try:
        return ip_address(address.partition("%")[0].partition("/")[0]).version
    except ValueError:
        return 0
