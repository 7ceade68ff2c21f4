"""A short talk over one TCP connection, plain or TLS: bounded in bytes and by one deadline, however it drips.

TLS is done over memory, so that no peer can hold us in a handshake, and so that every byte is counted.
"""

import contextlib
import socket
import ssl
from dataclasses import field

from agent.clock import Clock, Deadline
from agent.sample.net.knock import hold_back
from agent.sample.net.way import SIX_MORE
from agent.uplink.http_answer import HttpAnswer, Incoming, NotHttp
from agent.uplink.meter import tcp_traffic
from modem.frozen import dataclass

MAX_RECEIVED = 16 * 1024
"""Of one talk: a long certificate chain and a short answer."""
SEGMENT_COST = 52
"""IP and TCP headers with time stamps, and so is the acknowledgement of what we receive; where nobody counts."""
_CHUNK = 4096
_ENOUGH = 512
"""Bytes of a body: who speaks is clear by then."""
LEAST_WINDOW = 1000
"""TCP lets the other side send about so much at the least; what it sends beyond the room is no more than this."""


class TalkEnded(Exception):
    """The other side stopped before it was due; the message says how."""


class TooDear(TalkEnded):
    """We stopped: going on would cost the card more than it may."""


@dataclass(slots=True)
class Talk:
    held: socket.socket
    deadline: Deadline
    clock: Clock
    room: int = MAX_RECEIVED
    """What may still be spent, bytes."""
    sent: int = 0
    received: int = 0
    segments: int = 0
    _before: int | None = None
    """The connection's bytes so far, by the kernel; None where it does not count them."""

    def __post_init__(self) -> None:
        self._before = self._counted()

    @property
    def cost_bytes(self) -> int:
        """IP bytes both ways, beside opening and closing: what the kernel counted, or reckoned from what was said."""
        now = self._counted()
        if now is not None and self._before is not None:
            return now - self._before
        return (
            self.sent
            + self.received
            + self.segments * (SEGMENT_COST + (SIX_MORE if self.held.family == socket.AF_INET6 else 0))
        )

    def send(self, data: bytes) -> None:
        """TalkEnded when it cannot be sent in time, or should not be."""
        if self.cost_bytes + len(data) > self.room:
            raise TooDear("the budget for probes is spent")
        try:
            self.held.settimeout(self._left())
            self.held.sendall(data)
        except OSError as error:
            raise TalkEnded(_why(error)) from error
        self.sent += len(data)
        self.segments += 2

    def receive(self) -> bytes:
        """At least one byte. TalkEnded on silence, on a reset, and at the end.

        Reading opens the other side's window again, by no less than LEAST_WINDOW: with less room than that we stop.
        """
        if self.received >= MAX_RECEIVED:
            raise TalkEnded("the answer is too long")
        left = self.room - self.cost_bytes
        if left < LEAST_WINDOW:
            raise TooDear("the budget for probes is spent")
        hold_back(self.held, left)
        try:
            self.held.settimeout(self._left())
            data = self.held.recv(_CHUNK)
        except OSError as error:
            raise TalkEnded(_why(error)) from error
        if not data:
            raise TalkEnded("the connection was closed")
        self.received += len(data)
        self.segments += 2
        return data

    def _counted(self) -> int | None:
        traffic = tcp_traffic(self.held)
        return traffic.total if traffic is not None else None

    def _left(self) -> float:
        left = self.deadline.left(self.clock)
        if left <= 0:
            raise TalkEnded("timed out")
        return left


def _why(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    return "reset" if isinstance(error, ConnectionError) else error.strerror or "broken"


@dataclass(slots=True)
class Secure:
    """TLS over a talk. `open` raises ssl.SSLError and TalkEnded."""

    talk: Talk
    context: ssl.SSLContext
    host: str
    _in: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    _out: ssl.MemoryBIO = field(default_factory=ssl.MemoryBIO)
    _tls: ssl.SSLObject | None = None

    def open(self) -> ssl.SSLObject:
        tls = self._tls = self.context.wrap_bio(self._in, self._out, server_hostname=self.host)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._in.write(self.talk.receive())
            except ssl.SSLError:
                self._say_goodbye()
                raise
            else:
                self._flush()
                return tls

    def send(self, data: bytes) -> None:
        assert self._tls is not None  # noqa: S101 - opened before
        self._tls.write(data)
        self._flush()

    def receive(self) -> bytes:
        assert self._tls is not None  # noqa: S101 - opened before
        while True:
            try:
                data = self._tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                self._in.write(self.talk.receive())
            except ssl.SSLError as error:
                raise TalkEnded("the connection was closed") from error
            else:
                if not data:
                    raise TalkEnded("the connection was closed")
                return data

    def _flush(self) -> None:
        pending = self._out.read()
        if pending:
            self.talk.send(pending)

    def _say_goodbye(self) -> None:
        """The alert that says why we hang up: the centre's log is then as clear as ours."""
        with contextlib.suppress(TalkEnded):
            self._flush()


def converse(line: "Talk | Secure", request: bytes) -> HttpAnswer:
    """One request, and its answer, or the head of it with what of the body came along. TalkEnded without one."""
    line.send(request)
    incoming, begun = Incoming(), None
    try:
        while begun is None or len(begun.body) < _ENOUGH:
            whole = incoming.feed(line.receive())
            if whole:
                return whole
            begun = incoming.begun()
    except NotHttp as error:
        raise TalkEnded("this is not HTTP") from error
    except TalkEnded:
        if begun is None:
            raise
    return begun
