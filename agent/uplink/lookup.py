"""Name → addresses, within a deadline. getaddrinfo knows none, so it runs in a thread that may be left behind.

At most one is left behind: while a lookup hangs, the next caller waits for the same one. When names fail, the
addresses that last worked are used again: on a metered line with a sick resolver that is the difference between
reporting the trouble and being part of it, and over TLS a wrong address cannot pass for the centre.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import field
from functools import partial

from agent.beside import NO_THREAD, beside
from agent.clock import Clock, Deadline
from agent.uplink.base import SendError
from agent.uplink.meter import Meter, Traffic
from modem.frozen import dataclass

MAX_ADDRESSES = 4
REMEMBERED_S = 86_400.0
"""So long the address that worked is used without asking again (272 bytes a question, for A and AAAA)."""

Address = tuple[socket.AddressFamily, tuple[str, int]]
Resolve = Callable[[str, int], list[Address]]


def system_resolve(host: str, port: int) -> list[Address]:
    """The system's resolver, IPv4 and IPv6 in its own order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, (str(where[0]), int(where[1]))) for family, _, _, _, where in found]


@dataclass(slots=True)
class _Job:
    done: threading.Event = field(default_factory=threading.Event)
    addresses: list[Address] = field(default_factory=list)
    error: str | None = None


class Lookup:
    """Of one host and port; owned by one thread."""

    def __init__(self, host: str, port: int, clock: Clock, meter: Meter, resolve: Resolve = system_resolve) -> None:
        self._host = host
        self._port = port
        self._clock = clock
        self._meter = meter
        self._resolve = resolve
        self._job: _Job | None = None
        self._good: list[Address] = []
        self._good_until = 0.0

    def addresses(self, deadline: Deadline) -> list[Address]:
        """At most MAX_ADDRESSES, the one that last worked first; raises SendError("name")."""
        if numeric := _numeric(self._host, self._port):
            return [numeric]
        found, why = self._ask(deadline)
        if found:
            first = [address for address in self._good if address in found and self.remembered()]
            return list(dict.fromkeys(first + found))[:MAX_ADDRESSES]
        if self._good:
            return self._good
        raise SendError("name", f"{self._host}: {why}", surely_not_received=True)

    def remembered(self) -> Address | None:
        """The address that last worked, while that is not too long ago."""
        return self._good[0] if self._good and self._clock.monotonic() < self._good_until else None

    def worked(self, address: Address) -> None:
        if not self._good or self._clock.monotonic() >= self._good_until or self._good != [address]:
            self._good_until = self._clock.monotonic() + REMEMBERED_S
        self._good = [address]

    def doubt(self) -> None:
        """It did not work this time: ask again."""
        self._good_until = 0.0

    def _ask(self, deadline: Deadline) -> tuple[list[Address], str]:
        job = self._job or self._start()
        if not job.done.wait(deadline.left(self._clock)):
            return [], "no answer from the name servers in time"
        self._job = None
        return job.addresses, job.error or "it has no address"

    def _start(self) -> _Job:
        self._job = job = _Job()
        name = self._host.encode()
        # an estimate, query and answer for A and AAAA over UDP: the resolver is another program's socket
        self._meter.count("name", Traffic(2 * (46 + len(name)), 2 * (80 + len(name))))
        if not beside(partial(self._run, job), "lookup"):
            job.error = NO_THREAD
            job.done.set()
        return job

    def _run(self, job: _Job) -> None:
        try:
            job.addresses = self._resolve(self._host, self._port)
        except (OSError, UnicodeError) as error:
            job.error = str(getattr(error, "strerror", None) or error)
        finally:
            job.done.set()


def _numeric(host: str, port: int) -> Address | None:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except OSError:
            continue
        return family, (host, port)
    return None
