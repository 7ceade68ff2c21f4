"""One TCP connection to the centre, under TLS or not, whose every wait keeps to one deadline.

Each receive is given what is left of the deadline, so that a peer which drips a byte now and then gains nothing.
"""

import socket
import ssl
import struct
import threading
from contextlib import suppress
from typing import Literal

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError
from agent.uplink.meter import Meter, Purpose, Traffic, reset_traffic, tcp_traffic
from agent.uplink.tls import Trust

_PROBE_EVERY_S = 10
_TICK_S = 0.05
"""In which the kernel's timers of this moment have run (a tick is 10 ms at most)."""
_PROBES = 3
_SLICE_S = 2.0
_MOST_BYTES = 256 * 1024
"""For an answer with all that TLS says beside it."""
_USER_TIMEOUT_MS = 25_000
"""What was sent and is not acknowledged for so long ends the connection: less than that a sleeping radio takes, more is
repeating ourselves into a NAT that has forgotten us."""
_WINDOW_BYTES = 8 * 1024
"""What the other end may send before it hears from us again: what a hostile or a needless answer costs at the least."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)

State = Literal["alive", "closed", "silent"]


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

    def secure(self, trust: Trust, host: str) -> None:
        """Put TLS on top, to a certificate of `host`; the handshake keeps to the deadline. Raises SendError."""
        context = trust.context()
        try:
            secured = context.wrap_socket(
                self._sock, server_hostname=host, do_handshake_on_connect=False, session=trust.session
            )
            self._sock = secured
            secured.settimeout(self._left())
            secured.do_handshake()
        except OSError as error:
            kind, text = _tls_trouble(error)
            alert = isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLCertVerificationError)
            raise SendError(kind, f"{host}: {text}", surely_not_received=True, may_widen=alert) from error
        trust.agreed(secured)

    def write(self, data: bytes) -> None:
        """All of it in one write. Raises OSError."""
        self._sock.settimeout(self._left())
        self._sock.sendall(data)

    def read_into(self, buffer: memoryview) -> int:
        """0 at the end. Raises OSError, TimeoutError past the deadline, SendError past `room`."""
        if self.room <= 0:
            raise SendError("answer", "the answer is too long")
        got = self._received(buffer[: self.room])
        self.room -= got
        return got

    def _received(self, buffer: memoryview) -> int:
        """In slices: what TLS takes in by itself, such as sessions without end, is seen in the kernel's count only."""
        left = self._left()
        while True:
            self._sock.settimeout(min(left, _SLICE_S))
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError as error:
                left -= _SLICE_S
                if left <= 0 or error.errno is not None:  # ETIMEDOUT: the kernel's word, not ours
                    raise
            traffic = tcp_traffic(self._sock)
            if traffic and (traffic - self._counted).received > _MOST_BYTES:
                raise SendError("answer", "more comes than was asked for")

    def stream(self) -> socket.socket:
        """The socket itself, for a protocol that keeps to our deadlines by other means."""
        return self._sock

    def state(self) -> State:
        """ "closed": the peer ended it, or said something unasked; "silent": the kernel's probes found nobody there."""
        try:
            self._sock.settimeout(0.0)
            self._sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return "alive"
        except TimeoutError:  # ETIMEDOUT, since the socket does not block
            return "silent"
        except OSError:
            return "closed"
        return "closed"

    def acknowledge_at_once(self) -> None:
        """The answer's last packet is answered now and not 40 ms later, so that it is counted with the report."""
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def probe_after(self, idle_s: float) -> None:
        """Have the kernel probe after so long a silence; 0 = never."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, int(idle_s > 0))
        if idle_s > 0:
            idle = max(1, int(idle_s))
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, idle)
            # the kernel waits so long after any probe, answered or not: never longer than the silence that is borne
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, min(_PROBE_EVERY_S, idle))
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, _PROBES)

    def probe_now(self, idle_s: float) -> None:
        """Have the kernel probe at once; by itself again after `idle_s`, which is longer than the silence until now.

        Its own timers are no clock: the longer one is, the coarser (a wheel; 215 s come up to 16 s late at 250 Hz).
        """
        with suppress(OSError):  # closed meanwhile: the next look at it says so
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
            self._clock.wait(_TICK_S, threading.Event())
            self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, max(1, int(idle_s)))

    def keep_session(self, trust: Trust) -> None:
        """For the next connection. After an exchange, since TLS 1.3 hands sessions out late."""
        if isinstance(self._sock, ssl.SSLSocket):
            trust.keep(self._sock)

    def count(self, purpose: Purpose) -> None:
        """Book what the connection has cost since the last call."""
        traffic = tcp_traffic(self._sock)
        if traffic:
            self._meter.count(purpose, traffic - self._counted)
            self._counted = traffic

    def close(self, purpose: Purpose, *, politely: bool = False) -> None:
        """With RST: 52 bytes where a FIN each way with what TLS says takes 260, and an end to repeating what was sent
        into a NAT that has forgotten us. All that mattered has been acknowledged by then, or will be sent again.

        `politely`: TLS is told first (75 bytes more). OpenSSL throws away a session that was not closed so, and with
        it what the next handshake would have saved.
        """
        if politely and isinstance(self._sock, ssl.SSLSocket):
            with suppress(OSError, ValueError):
                self._sock.settimeout(0.0)
                self._sock.unwrap()
        self.count(purpose)
        with suppress(OSError):
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        if self._is_open():
            self._meter.count("handshake", reset_traffic(self._sock))
        self._sock.close()

    def _is_open(self) -> bool:
        try:
            self._sock.getpeername()
        except OSError:
            return False
        return True

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


def prepare(sock: socket.socket, interface: str) -> None:
    """Before connecting. `interface`: SO_BINDTODEVICE; "" = as the routes say. Raises SendError."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW_BYTES)  # else the kernel lets the window grow
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP, _WINDOW_BYTES)
    if interface:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
        except OSError as error:
            text = f"interface {interface}: {error.strerror}"
            raise SendError("interface", text, surely_not_received=True) from error
