"""How connections to the centre are made: names, addresses, proxy, TLS; the same way for all of them."""

import socket

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Sure, always, unsure
from agent.uplink.link import Link, prepare
from agent.uplink.lookup import Address, Lookup
from agent.uplink.meter import Meter
from agent.uplink.proxy import Proxy, go_through
from agent.uplink.race import connect_first, interleaved
from agent.uplink.tls import Trust
from modem.frozen import dataclass

_REMEMBERED_SHARE = 1 / 3
"""Of the deadline, for the address that last worked, before names are asked."""


@dataclass(frozen=True, slots=True)
class Opener:
    """Owned by one thread."""

    host: str
    port: int
    lookup: Lookup
    """Of the centre, or of the proxy before it."""
    trust: Trust | None
    """None: plain HTTP."""
    clock: Clock
    meter: Meter
    interface: str = ""
    proxy: Proxy | None = None
    sure: Sure = always
    """Asked once the connection is there: on a slow way a card may be swapped while it is made."""

    def open(self, deadline: Deadline) -> Link:
        """Raises SendError. Spares the name servers while the address that last worked still does."""
        remembered = self.lookup.remembered()
        if remembered:
            share = Deadline.after(deadline.left(self.clock) * _REMEMBERED_SHARE, self.clock)
            try:
                return self._open([remembered], share, deadline)
            except SendError as error:
                if error.kind not in {"connect", "timeout", "tls"} or deadline.passed(self.clock):
                    raise
                self.lookup.doubt()
        return self._open(self.lookup.addresses(deadline), deadline, deadline)

    def _open(self, addresses: list[Address], until: Deadline, deadline: Deadline) -> Link:
        """`until`: for connecting; `deadline`: for all of it."""
        try:
            return self._connected(addresses, until, deadline)
        except SendError as error:
            if error.kind != "tls" or self.trust is None or not error.may_widen or not self.trust.widen():
                raise
        return self._connected(addresses, until, deadline)

    def _connected(self, addresses: list[Address], until: Deadline, deadline: Deadline) -> Link:
        sock, address = connect_first(interleaved(addresses), self._make, self._lost, until, self.clock)
        link = Link(sock, self.clock, self.meter, deadline)
        try:
            if self.proxy:
                go_through(link, self.proxy, self.host, self.port)
            if self.trust:
                link.secure(self.trust, self.host)
            if not self.sure(deadline.left(self.clock)):
                raise unsure(surely_not_received=True)
        except SendError:
            link.close("handshake")
            raise
        link.count("handshake")
        self.lookup.worked(address)
        return link

    def _make(self, address: Address) -> socket.socket:
        sock = socket.socket(address[0], socket.SOCK_STREAM)
        try:
            prepare(sock, self.interface)
        except SendError:
            sock.close()
            raise
        return sock

    def _lost(self, sock: socket.socket) -> None:
        Link(sock, self.clock, self.meter, Deadline(0.0)).close("handshake")
