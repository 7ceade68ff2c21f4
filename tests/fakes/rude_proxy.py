"""A proxy between terminal and centre that does to reports whatever lines, walled gardens and proxies do. Seeded."""

import re
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random

from agent.wire.websocket import CLOSE, Incoming, StreamError, frame

FAULTS = (
    *("drop", "twice", "late", "truncated", "reset", "no answer", "html", "refused", "unavailable", "garbage"),
    "two answers",
)
_ANSWERS = {
    "html": b"HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n<html>Please log in</html>",
    "refused": b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
    "unavailable": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
    "garbage": b"\x00\xff\x15\x03\x01 garbage \r\n\r\n" * 20,
}


@dataclass
class RudeProxy:
    """Serves until the `with` block ends; `port` of the centre may change meanwhile."""

    centre: int
    random: Random
    chance: float = 0.5
    """Of a fault, for each report."""
    done: Counter[str] = field(default_factory=Counter)

    def __enter__(self) -> "RudeProxy":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._held: list[Callable[[], bytes]] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        for sock in [self._listener, *self._open]:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(60)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.append(sock)
                thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with suppress(OSError, StreamError), sock:
            while request := read_message(sock):
                if b"\r\nUpgrade:" in request:
                    self._serve_stream(request, sock)
                    return
                if not self._met(partial(self._forwarded, request), sock):
                    return

    def _serve_stream(self, request: bytes, sock: socket.socket) -> None:
        """What a terminal says after its upgrade; each message has its own chance of a fault."""
        with socket.create_connection(("127.0.0.1", self.centre), 5.0) as line:
            line.sendall(request)
            head = read_message(line)
            sock.sendall(head)
            self.done["streams"] += 1
            terminal, centre = Incoming(masked=True, limit=2**20), Incoming(masked=False, limit=2**20)
            while head.startswith(b"HTTP/1.1 101") and (said := _next(sock, terminal)):
                passed_on = frame(said, mask=b"mask")
                if not self._met(lambda ask=passed_on: _asked(line, centre, ask), sock):  # type: ignore[misc]
                    return

    def _met(self, forwarded: Callable[[], bytes], sock: socket.socket) -> bool:
        """True while the connection goes on. `forwarded`: says it to the centre, and has its answer."""
        fault = self.random.choice(FAULTS) if self.random.random() < self.chance else "passed"
        self.done[fault] += 1
        if fault in _ANSWERS:
            sock.sendall(_ANSWERS[fault])
            return fault != "garbage"
        if fault == "drop":
            return False
        if fault == "late":  # it arrives with a later one, when the terminal has given it up, and said it again
            self._held.append(forwarded)
            return False
        answer = forwarded()
        self._deliver_late()
        if fault == "twice":
            answer = forwarded()
        if fault == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        if fault in ("no answer", "reset") or not answer:
            return False
        sock.sendall(answer[: self.random.randrange(len(answer))] if fault == "truncated" else answer)
        if fault == "two answers":
            sock.sendall(answer)
        return fault != "truncated"

    def _deliver_late(self) -> None:
        held, self._held = self._held, []
        for forwarded in held:
            with suppress(OSError):  # what was to go over a stream that has ended is lost
                forwarded()

    def _forwarded(self, request: bytes) -> bytes:
        """The centre's answer; empty if it gave none."""
        try:
            with socket.create_connection(("127.0.0.1", self.centre), 5.0) as line:
                line.sendall(request)
                return read_message(line)
        except OSError:
            return b""


def _asked(line: socket.socket, centre: Incoming, message: bytes) -> bytes:
    """The centre's answer as a frame; empty if it gave none."""
    line.sendall(message)
    answer = _next(line, centre)
    return b"" if answer is None else frame(answer)


def _next(sock: socket.socket, incoming: Incoming) -> bytes | None:
    while (message := incoming.next()) is None:
        more = sock.recv(65_536)
        if not more:
            return None
        incoming.feed(more)
    return None if message.kind == CLOSE else message.data


def read_message(sock: socket.socket) -> bytes:
    """One whole request or answer; empty at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65_536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)\r\ncontent-length: ?(\d+)", head)
    while len(body) < (int(found[1]) if found else 0):
        more = sock.recv(65_536)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body
