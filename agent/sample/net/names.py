"""DNS questions of our own, over UDP (RFC 1035): which server is asked, through which interface, and what it costs.

The C library's resolver tells neither, cannot be stopped, and asks whichever server it likes. Pure reading and
writing of messages first, then the one exchange. Answers are foreign: bounded, checked against the question, and
whatever does not fit is passed over as if it had not come.
"""

import ipaddress
import os
import select
import socket
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from agent.clock import Clock, Deadline
from agent.sample.kernel import text_of
from agent.sample.net.way import Way, six_more
from modem.frozen import dataclass

A, AAAA = 1, 28
PORT = 53
UDP_HEADERS = 28
"""IPv4 and UDP; `six_more` on IPv6."""
REPEAT_S = 1.2
"""Without an answer by then the question goes to every server, this one again."""
MAX_SERVERS = 3
MAX_ADDRESSES = 8
MAX_MESSAGE = 1500
_MAX_NAME = 253
Outcome = Literal["address", "no_address", "no_such_name", "server_failed", "server_refused", "silent", "not_sent"]
_RCODES: dict[int, Outcome] = {0: "no_address", 3: "no_such_name", 5: "server_refused"}


@dataclass(frozen=True, slots=True)
class Found:
    """How asking for one name ended."""

    name: str
    outcome: Outcome
    addresses: tuple[str, ...] = ()
    server: str | None = None
    """Who answered; None when nobody did."""
    ms: float | None = None
    cost_bytes: int = 0
    detail: str = ""
    """Why it could not even be sent."""


def question(name: str, kind: int, number: int) -> bytes:
    """One question with recursion wanted. ValueError for what is no name."""
    try:
        labels = name.rstrip(".").encode("idna").split(b".")
    except UnicodeError as error:
        raise ValueError(f"{name!r} is no host name") from error
    if not name or len(name) > _MAX_NAME or any(not 0 < len(label) < 64 for label in labels):
        raise ValueError(f"{name!r} is no host name")
    wire = b"".join(bytes((len(label),)) + label for label in labels) + b"\0"
    return struct.pack(">6H", number, 0x0100, 1, 0, 0, 0) + wire + struct.pack(">2H", kind, 1)


def answer(data: bytes, asked: bytes) -> tuple[Outcome, tuple[str, ...]] | None:
    """What a message says to the question `asked`; None when it is no answer to it."""
    body = asked[12:]
    if len(data) < 12 + len(body) or data[:2] != asked[:2] or not data[2] & 0x80:
        return None
    if data[12 : 12 + len(body)].lower() != body.lower():
        return None
    rcode = data[3] & 0x0F
    if rcode:
        return _RCODES.get(rcode, "server_failed"), ()
    records = struct.unpack_from(">H", data, 6)[0]
    addresses = tuple(dict.fromkeys(_addresses(data, 12 + len(body), records)))[:MAX_ADDRESSES]
    return ("address" if addresses else "no_address"), addresses


def _addresses(data: bytes, at: int, records: int) -> Iterator[str]:
    for _ in range(min(records, 64)):
        at = _after_name(data, at)
        if at + 10 > len(data):
            return
        kind, _klass, _ttl, length = struct.unpack_from(">HHIH", data, at)
        at += 10
        rdata = data[at : at + length]
        at += length
        if (kind, len(rdata)) in ((A, 4), (AAAA, 16)):
            yield str(ipaddress.ip_address(rdata))


def _after_name(data: bytes, at: int) -> int:
    while at < len(data):
        length = data[at]
        if length & 0xC0 == 0xC0:
            return at + 2
        if length == 0:
            return at + 1
        at += 1 + length
    return len(data) + 1


def name_servers(text: str) -> tuple[str, ...]:
    """The servers of a resolv.conf, at most three, as the C library has it."""
    words = (line.split() for line in text.splitlines()[:200])
    named = (fields[1] for fields in words if len(fields) >= 2 and fields[0] == "nameserver")
    return tuple(address for address in named if usable(address))[:MAX_SERVERS]


def configured_servers(path: Path = Path("/etc/resolv.conf")) -> tuple[str, ...]:
    return name_servers(text_of(path))


def in_hosts_file(name: str, path: Path = Path("/etc/hosts")) -> tuple[str, ...]:
    """What this machine's own list says of a name; it goes before any name server."""
    wanted = name.lower().rstrip(".")
    lines = (line.partition("#")[0].lower().split() for line in text_of(path).splitlines()[:5000])
    return tuple(fields[0] for fields in lines if wanted in fields[1:] and usable(fields[0]))[:MAX_ADDRESSES]


def usable(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return not (parsed.is_unspecified or parsed.is_multicast)


def look_up(
    name: str, servers: Iterable[str], way: Way, deadline: Deadline, clock: Clock, kinds: tuple[int, ...] = (A, AAAA)
) -> Found:
    """Addresses of `name` by the first server that answers. `kinds` in turn, until one brings an address."""
    spent, found = 0, Found(name, "not_sent", detail="no name server is known")
    candidates = tuple(dict.fromkeys(servers))[:MAX_SERVERS]
    for kind in kinds if candidates else ():
        found = _asked(name, kind, candidates, way, deadline, clock)
        spent += found.cost_bytes
        if found.outcome != "no_address":
            break
    return Found(name, found.outcome, found.addresses, found.server, found.ms, spent, found.detail)


def _asked(name: str, kind: int, servers: tuple[str, ...], way: Way, deadline: Deadline, clock: Clock) -> Found:
    try:
        message = question(name, kind, int.from_bytes(os.urandom(2), "big"))
    except ValueError as error:
        return Found(name, "not_sent", detail=str(error))
    exchange = _Exchange(message, way, clock)
    try:
        return exchange.run(name, servers, deadline)
    finally:
        exchange.close()


class _Exchange:
    """One question, asked of one server, then of all."""

    def __init__(self, message: bytes, way: Way, clock: Clock) -> None:
        self._message, self._way, self._clock = message, way, clock
        self._sockets: dict[int, tuple[socket.socket, str]] = {}
        self._trouble = ""
        self._cost = 0
        self._refused: set[str] = set()

    def run(self, name: str, servers: tuple[str, ...], deadline: Deadline) -> Found:
        begun = self._clock.monotonic()
        last: tuple[Outcome, str] = ("silent", "")
        for number, until in enumerate(self._rounds(deadline)):
            for server in servers[:1] if number == 0 else servers:
                self._send(server)
            for server, (outcome, addresses) in self._answers(until):
                if outcome in ("address", "no_such_name", "no_address"):
                    took = round((self._clock.monotonic() - begun) * 1000, 1)
                    return Found(name, outcome, addresses, server, took, self._cost)
                last = (outcome, server)
        if not self._sockets:
            return Found(name, "not_sent", cost_bytes=self._cost, detail=self._trouble)
        if self._refused and last[0] == "silent":
            last = ("server_refused", sorted(self._refused)[0])
        return Found(name, last[0], (), last[1] or None, None, self._cost, self._trouble)

    def close(self) -> None:
        for held, _ in self._sockets.values():
            held.close()

    def _rounds(self, deadline: Deadline) -> Iterator[Deadline]:
        first = min(deadline.at, self._clock.monotonic() + min(REPEAT_S, deadline.left(self._clock) / 2))
        yield Deadline(first)
        if not deadline.passed(self._clock):
            yield deadline

    def _send(self, server: str) -> None:
        try:
            held = next((one for one, whose in self._sockets.values() if whose == server), None) or self._open(server)
            held.send(self._message)
            self._cost += UDP_HEADERS + six_more(server) + len(self._message)
        except OSError as error:
            self._trouble = error.strerror or "cannot be sent"

    def _open(self, server: str) -> socket.socket:
        six = ":" in server
        held = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._way.towards(server).tie(held)
            held.setblocking(False)  # noqa: FBT003 - the library's own shape
            held.connect((server, PORT))
        except OSError:
            held.close()
            raise
        self._sockets[held.fileno()] = (held, server)
        return held

    def _answers(self, until: Deadline) -> Iterator[tuple[str, tuple[Outcome, tuple[str, ...]]]]:
        waiting = {number for number, (_, server) in self._sockets.items() if server not in self._refused}
        while waiting and not until.passed(self._clock):
            ready, _, _ = select.select(list(waiting), [], [], until.left(self._clock))
            for number in ready:
                held, server = self._sockets[number]
                try:
                    data = held.recv(MAX_MESSAGE)
                except OSError:
                    self._refused.add(server)  # ICMP: nobody listens there
                    waiting.discard(number)
                    continue
                self._cost += UDP_HEADERS + six_more(server) + len(data)
                read = answer(data, self._message)
                if read is not None:
                    waiting.discard(number)
                    yield server, read
