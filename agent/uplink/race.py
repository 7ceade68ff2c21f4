"""The first of several addresses that answers: each gets a head start before the next is tried beside it (RFC 8305).

A dead IPv6 route costs HEAD_START_S and one or two SYNs, not a minute. The head start is longer than the RFC's quarter
of a second: a radio takes up to two seconds to wake, and a needless SYN costs the card 60 bytes.
"""

import errno
import os
import selectors
import socket
from collections.abc import Callable, Sequence

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError
from agent.uplink.lookup import Address

HEAD_START_S = 2.5

Make = Callable[[Address], socket.socket]
Lost = Callable[[socket.socket], object]


def interleaved(addresses: Sequence[Address]) -> list[Address]:
    """Families in turn, the first one's first; order within each as it was."""
    if not addresses:
        return []
    first = [address for address in addresses if address[0] == addresses[0][0]]
    other = [address for address in addresses if address[0] != addresses[0][0]]
    mixed: list[Address] = []
    while first or other:
        mixed += first[:1] + other[:1]
        first, other = first[1:], other[1:]
    return mixed


def connect_first(
    addresses: Sequence[Address], make: Make, lost: Lost, deadline: Deadline, clock: Clock
) -> tuple[socket.socket, Address]:
    """A connected socket; every other one made goes to `lost`, which closes it. Raises SendError."""
    race = _Race(list(addresses), make, lost, clock)
    try:
        return race.run(deadline)
    finally:
        race.end()


class _Race:
    def __init__(self, addresses: list[Address], make: Make, lost: Lost, clock: Clock) -> None:
        self._waiting = addresses
        self._make = make
        self._lost = lost
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._running: dict[socket.socket, Address] = {}
        self._why = SendError("connect", "there is no address to try", surely_not_received=True)

    def run(self, deadline: Deadline) -> tuple[socket.socket, Address]:
        while self._waiting or self._running:
            if self._waiting:
                self._start(self._waiting.pop(0))
            left = deadline.left(self._clock)
            if left <= 0:
                break
            head_start = min(left, HEAD_START_S) if self._waiting else left
            if winner := self._wait(head_start):
                return winner
        if self._running:
            hosts = ", ".join(where[0] for _, where in self._running.values())
            raise SendError("timeout", f"{hosts}: no connection in time", surely_not_received=True)
        raise self._why

    def end(self) -> None:
        for sock in list(self._running):
            self._drop(sock)
        self._selector.close()

    def _start(self, address: Address) -> None:
        sock = self._make(address)
        sock.setblocking(False)  # noqa: FBT003 - its name and shape
        self._running[sock] = address
        code = sock.connect_ex(address[1])
        if code not in (0, errno.EINPROGRESS):
            self._failed(sock, code)
        else:
            self._selector.register(sock, selectors.EVENT_WRITE)

    def _wait(self, seconds: float) -> tuple[socket.socket, Address] | None:
        """The winner; None when the time is over or nobody is left running."""
        until = self._clock.monotonic() + seconds
        while self._running and (left := until - self._clock.monotonic()) > 0:
            for key, _ in self._selector.select(left):
                sock = key.fileobj
                if not isinstance(sock, socket.socket):
                    continue
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code == 0:
                    self._selector.unregister(sock)
                    return sock, self._running.pop(sock)
                self._selector.unregister(sock)
                self._failed(sock, code)
        return None

    def _failed(self, sock: socket.socket, code: int) -> None:
        host = self._running[sock][1][0]
        self._why = SendError("connect", f"{host}: {os.strerror(code)}", surely_not_received=True)
        self._drop(sock)

    def _drop(self, sock: socket.socket) -> None:
        del self._running[sock]
        self._lost(sock)
