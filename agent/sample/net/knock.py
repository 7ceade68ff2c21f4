"""TCP connections, several at the same time, each reset as soon as the other side has answered, or kept for more."""

import contextlib
import errno
import os
import select
import socket
import struct
from collections.abc import Iterable
from typing import Literal

from agent.clock import Clock, Deadline
from agent.sample.net.way import Way, six_more
from agent.uplink.meter import tcp_traffic
from modem.frozen import dataclass

CONNECT_COST = 60 + 60 + 52 + 40
"""IP bytes of one connection, opened and reset at once: SYN, SYN-ACK, ACK, RST."""
REFUSED_COST = 60 + 40
SYN_COST = 60
_MOST_AT_ONCE = 64 * 1024
TIMEOUT_COST = 3 * SYN_COST
_COSTS = {"answers": (CONNECT_COST, 4), "refused": (REFUSED_COST, 2), "timeout": (TIMEOUT_COST, 3)}
"""IPv4 bytes and packets."""
Outcome = Literal["answers", "refused", "timeout", "unreachable", "no_route", "link", "not_allowed", "failed"]
_OUTCOMES: dict[int, Outcome] = {
    errno.ECONNREFUSED: "refused",
    errno.ECONNRESET: "refused",
    errno.ETIMEDOUT: "timeout",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "no_route",
    errno.ENETDOWN: "link",
    errno.ENODEV: "link",
    errno.EADDRNOTAVAIL: "link",
    errno.EPERM: "not_allowed",
    errno.EACCES: "not_allowed",
}
WORDS: dict[Outcome, str] = {
    "answers": "answers",
    "refused": "refused",
    "timeout": "timed out",
    "unreachable": "host unreachable",
    "no_route": "network unreachable",
    "link": "the interface cannot be used",
    "not_allowed": "not allowed by this machine",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Door:
    """Where to knock: an address, never a name."""

    key: str
    """For whom; the caller's own word."""
    address: str
    port: int
    keep: bool = False
    """The open connection is wanted."""
    room: int = 0
    """Bytes that may come in at once over a connection that is kept; 0: as the kernel likes."""

    @property
    def shown(self) -> str:
        return f"{self.address} port {self.port}"


@dataclass(frozen=True, slots=True)
class Knock:
    door: Door
    outcome: Outcome
    ms: float
    cost_bytes: int
    kept: socket.socket | None = None
    detail: str = ""

    @property
    def words(self) -> str:
        return f"{self.door.shown}: {self.detail or WORDS[self.outcome]}"


def knock_all(doors: Iterable[Door], way: Way, deadline: Deadline, clock: Clock) -> list[Knock]:
    """Knock at all of them at the same time; every door gets its line, in the order given."""
    begun = clock.monotonic()
    waiting: dict[int, tuple[Door, socket.socket]] = {}
    done: dict[Door, Knock] = {}
    order = list(dict.fromkeys(doors))
    for door in order:
        held, error = _begin(door, way)
        if error:
            done[door] = _ended(door, held, error, begun, clock)
        else:
            waiting[held.fileno()] = (door, held)
    while waiting and not deadline.passed(clock):
        _, ready, _ = select.select([], list(waiting), [], deadline.left(clock))
        for number in ready:
            door, held = waiting.pop(number)
            error = held.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            done[door] = _ended(door, held, error, begun, clock)
    for door, held in waiting.values():
        done[door] = _ended(door, held, errno.ETIMEDOUT, begun, clock)
    return [done[door] for door in order]


def _begin(door: Door, way: Way) -> tuple[socket.socket, int]:
    """The socket on its way, and the number of what went wrong at once (0: nothing yet)."""
    held = socket.socket(socket.AF_INET6 if ":" in door.address else socket.AF_INET, socket.SOCK_STREAM)
    held.setblocking(False)  # noqa: FBT003 - the library's own shape
    try:
        way.towards(door.address).tie(held)
        if door.room:
            hold_back(held, door.room)
        error = held.connect_ex((door.address, door.port))
    except OSError as trouble:
        return held, trouble.errno or errno.EIO
    return held, 0 if error in (0, errno.EINPROGRESS) else error


def _ended(door: Door, held: socket.socket, error: int, begun: float, clock: Clock) -> Knock:
    outcome: Outcome = "answers" if error == 0 else _OUTCOMES.get(error, "failed")
    took = round((clock.monotonic() - begun) * 1000, 1)
    keep = door.keep and outcome == "answers"
    if not keep:
        reset(held)
    detail = os.strerror(error) if outcome == "failed" else ""
    return Knock(door, outcome, took, _cost(outcome, door.address), held if keep else None, detail)


def hold_back(held: socket.socket, room: int) -> None:
    """Let the other side send so much before it hears from us again; at least about 1 KB, see tcp(7).

    The first window follows from the buffer, and is given before the connection is made; a later one from its clamp.
    """
    room = min(max(room, 1), _MOST_AT_ONCE)
    with contextlib.suppress(OSError):  # no TCP
        if (so_far := tcp_traffic(held)) is None or not so_far.total:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        held.setsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP, room)


def reset(held: socket.socket) -> None:
    """Close at once with a reset: the cheapest way out."""
    with contextlib.suppress(OSError):  # it was never connected
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    held.close()


def _cost(outcome: Outcome, address: str) -> int:
    cost, packets = _COSTS.get(outcome, (0, 0))
    return cost + packets * six_more(address)
