"""One TCP connection to the centre, under TLS or not, whose every wait keeps to one deadline.

Each receive is given what is left of the deadline, so that a peer which drips a byte now and then gains nothing.
"""

import io
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError
from agent.uplink.lookup import Address
from agent.uplink.meter import Meter, Purpose, Traffic, tcp_traffic

_CLOSING = Traffic(2 * 52, 2 * 52)
"""FIN and ACK each way, after which the kernel can no longer be asked."""
_PROBE_EVERY_S = 15
_PROBES = 4


@dataclass(frozen=True, slots=True)
class Tls:
    context: ssl.SSLContext
    host: str
    """The name the certificate must bear."""
    session: ssl.SSLSession | None = None
    """Of an earlier connection: resuming it saves about a third of the handshake's bytes."""


class Link:
    """An open connection; `deadline` and `room` are set anew for each request. Owned by one thread."""

    def __init__(self, sock: socket.socket, clock: Clock, meter: Meter, deadline: Deadline) -> None:
        self.deadline = deadline
        self.room = 0
        """Bytes that may still be received; more is an error."""
        self._sock = sock
        self._clock = clock
        self._meter = meter
        self._counted = Traffic()

    def secure(self, tls: Tls) -> None:
        """Put TLS on top; the whole handshake keeps to the deadline. Raises SendError."""
        try:
            secured = tls.context.wrap_socket(
                self._sock, server_hostname=tls.host, do_handshake_on_connect=False, session=tls.session
            )
            self._sock = secured
            secured.settimeout(self._left())
            secured.do_handshake()
        except OSError as error:
            kind, text = _tls_trouble(error)
            raise SendError(kind, f"{tls.host}: {text}", surely_not_received=True) from error

    def write(self, data: bytes) -> None:
        """All of it in one write. Raises OSError."""
        self._sock.settimeout(self._left())
        self._sock.sendall(data)

    def read_into(self, buffer: memoryview) -> int:
        """0 at the end. Raises OSError, TimeoutError past the deadline, SendError past `room`."""
        if self.room <= 0:
            raise SendError("answer", "the answer is too long")
        self._sock.settimeout(self._left())
        got = self._sock.recv_into(buffer[: self.room])
        self.room -= got
        return got

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - the name and shape http.client asks for
        return io.BufferedReader(_Reader(self))

    def as_socket(self) -> socket.socket:
        """For http.client.HTTPResponse, which of a socket uses only `makefile`."""
        return cast("socket.socket", self)

    def is_alive(self) -> bool:
        """False if the peer has closed it, or said something unasked, while it was idle."""
        try:
            self._sock.settimeout(0.0)
            self._sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        return False

    @property
    def session(self) -> ssl.SSLSession | None:
        return self._sock.session if isinstance(self._sock, ssl.SSLSocket) else None

    def count(self, purpose: Purpose) -> None:
        """Book what the connection has cost since the last call."""
        traffic = tcp_traffic(self._sock)
        if traffic:
            self._meter.count(purpose, traffic - self._counted)
            self._counted = traffic

    def close(self, purpose: Purpose) -> None:
        self.count(purpose)
        self._meter.count("handshake", _CLOSING)
        self._sock.close()

    def _left(self) -> float:
        left = self.deadline.left(self._clock)
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        return left


def _tls_trouble(error: OSError) -> tuple[Literal["timeout", "tls"], str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "tls", f"certificate: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "tls", f"TLS: {error.reason or error}"
    if isinstance(error, TimeoutError):
        return "timeout", "the TLS handshake took too long"
    return "tls", f"broken during the TLS handshake: {error.strerror or error}"


class _Reader(io.RawIOBase):
    def __init__(self, link: Link) -> None:
        self._link = link

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        return self._link.read_into(memoryview(cast("bytearray", buffer)))


@dataclass(frozen=True, slots=True)
class Opener:
    """How connections are made; the same for all of them."""

    clock: Clock
    meter: Meter
    interface: str = ""
    """Bind to this network interface (SO_BINDTODEVICE); "" = as the routes say."""

    def open(
        self, addresses: Sequence[Address], tls: Tls | None, deadline: Deadline, keep_alive_s: float
    ) -> tuple[Link, Address]:
        """Try the addresses in turn, none with more than its share of the time. Raises SendError.

        After `keep_alive_s` idle seconds the kernel probes, which keeps a NAT's mapping alive; 0 = never.
        """
        why = SendError("connect", "there is no address to try", surely_not_received=True)
        for index, address in enumerate(addresses):
            share = deadline.left(self.clock) / (len(addresses) - index)
            try:
                return self._connect(address, tls, Deadline.after(share, self.clock), keep_alive_s), address
            except SendError as error:
                why = error
                if error.kind == "interface":
                    break
        raise why

    def _connect(self, address: Address, tls: Tls | None, deadline: Deadline, keep_alive_s: float) -> Link:
        family, where = address
        sock = socket.socket(family, socket.SOCK_STREAM)
        link = Link(sock, self.clock, self.meter, deadline)
        try:
            self._bind(sock)
            _connect_tcp(sock, where, deadline.left(self.clock))
            _prepare(sock, keep_alive_s)
            if tls:
                link.secure(tls)
        except SendError:
            link.close("handshake")
            raise
        link.count("handshake")
        return link

    def _bind(self, sock: socket.socket) -> None:
        if self.interface:
            try:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, self.interface.encode() + b"\0")
            except OSError as error:
                text = f"interface {self.interface}: {error.strerror}"
                raise SendError("interface", text, surely_not_received=True) from error


def _connect_tcp(sock: socket.socket, where: tuple[str, int], left: float) -> None:
    try:
        sock.settimeout(max(0.001, left))
        sock.connect(where)
    except TimeoutError as error:
        raise SendError("timeout", f"{where[0]}: no connection in time", surely_not_received=True) from error
    except OSError as error:
        raise SendError("connect", f"{where[0]}: {error.strerror or error}", surely_not_received=True) from error


def _prepare(sock: socket.socket, keep_alive_s: float) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if keep_alive_s > 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, max(1, int(keep_alive_s)))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, _PROBE_EVERY_S)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _PROBES)
