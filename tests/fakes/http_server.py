"""A real HTTP server on 127.0.0.1 that misbehaves to order.

Each request is met by the next `Act` of the script (the last one stays). It speaks raw sockets, because a proper server
library would refuse to be this rude. Everything ends with the `with` block, also what still hangs.
"""

import json
import re
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from agent.wire.websocket import Incoming, accepted

TLS = Path(__file__).parent / "tls"
AUTHORITY = TLS / "authority.pem"


@dataclass(frozen=True)
class Act:
    """What to do with one request."""

    status: int = 200
    body: bytes | None = None
    """None: acknowledge all records of the batch."""
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    """Send exactly this instead of a proper answer."""
    drip_s: float | None = None
    """Send the answer byte by byte, this far apart."""
    cut_after: int | None = None
    """Send only so many bytes of the answer, then close."""
    reset: bool = False
    """Close with RST instead of answering."""
    silent: bool = False
    """Read the request, never answer, keep the connection open."""
    close: bool = False
    """Close the connection after the answer without saying so in it."""
    endless: bytes | None = None
    """After the answer's head, repeat this for as long as anybody listens."""
    stream: Sequence[bytes] | None = None
    """Take the upgrade; each message is answered with the next of these (frames, or what is none), then the end."""


@dataclass
class Request:
    line: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    connection: int
    """The how-manieth connection it came over, from 1."""


@dataclass
class RudeServer:
    script: Sequence[Act] = (Act(),)
    certificate: str | None = None
    """A file in tests/fakes/tls without .pem; None = plain http."""
    requests: list[Request] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    """Heard over streams."""
    connections: int = 0
    deaf: bool = False
    """Accept connections and say nothing, not even in TLS."""

    def __enter__(self) -> "RudeServer":
        self._stop = threading.Event()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if self.certificate:
            self._context.load_cert_chain(TLS / f"{self.certificate}.pem")
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for sock in [self._listener, *self._open]:
            _shut(sock)
        for thread in self._threads:
            thread.join(60)
        for sock in [self._listener, *self._open]:
            sock.close()

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://localhost:{self.port}"

    def drop_connections(self) -> None:
        """What a restart of the centre does to its clients."""
        for sock in self._open:
            _shut(sock)

    def _start(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(sock)
            self._start(self._serve, sock, self.connections)

    def _serve(self, raw: socket.socket, number: int) -> None:
        if self.deaf:
            return
        try:
            sock = self._secured(raw)
            with sock, sock.makefile("rb") as incoming:
                while request := _read_request(incoming, number):  # type: ignore[arg-type]
                    self.requests.append(request)
                    act = self.script[min(len(self.requests), len(self.script)) - 1]
                    if not self._perform(act, request, sock):
                        return
        except (OSError, ValueError):
            return

    def _secured(self, sock: socket.socket) -> socket.socket:
        if self.certificate is None:
            return sock
        try:
            sock.getpeername()
        except OSError:  # who has gone already: wrap_socket would leave a socket open
            sock.close()
            raise
        secured = self._context.wrap_socket(sock, server_side=True)
        self._open.append(secured)
        return secured

    def _perform(self, act: Act, request: Request, sock: socket.socket) -> bool:
        """True while the connection goes on."""
        if act.silent:
            self._stop.wait()
            return False
        if act.reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            return False
        if act.stream is not None:
            self._perform_stream(act.stream, request, sock)
            return False
        answer = act.raw if act.raw is not None else _answer(act, request)
        if act.cut_after is not None:
            sock.sendall(answer[: act.cut_after])
            return False
        self._send(answer, act.drip_s, sock)
        while act.endless and not self._stop.is_set():
            sock.sendall(act.endless)
        return not act.close

    def _perform_stream(self, answers: Sequence[bytes], request: Request, sock: socket.socket) -> None:
        accept = accepted(request.headers["sec-websocket-key"].encode()).decode()
        head = f"HTTP/1.1 101 Go\r\nupgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
        sock.sendall(head.encode())
        incoming = Incoming(masked=True, limit=2**20)
        for answer in answers:
            while (message := incoming.next()) is None:
                incoming.feed(sock.recv(65_536) or b"\0")  # at the end: what is no frame, and raises
            self.messages.append(message.data)
            sock.sendall(answer)

    def _send(self, answer: bytes, drip_s: float | None, sock: socket.socket) -> None:
        if drip_s is None:
            sock.sendall(answer)
            return
        for index in range(len(answer)):
            sock.sendall(answer[index : index + 1])
            if self._stop.wait(drip_s):
                return


def acknowledged(request: Request) -> bytes:
    """A proper centre's answer."""
    return json.dumps({"v": 1, "acked": len(json.loads(request.body)["records"]), "rejected": []}).encode()


def _answer(act: Act, request: Request) -> bytes:
    body = acknowledged(request) if act.body is None else act.body
    lines = [f"HTTP/1.1 {act.status} Whatever", *(f"{name}: {value}" for name, value in act.headers)]
    if not any(name.lower() in {"content-length", "transfer-encoding"} for name, _ in act.headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def _read_request(incoming: "socket.SocketIO", number: int) -> Request | None:
    line = incoming.readline(65_536).decode("latin-1").strip()
    if not line:
        return None
    headers: dict[str, str] = {}
    while text := incoming.readline(65_536).decode("latin-1").strip():
        name, _, value = text.partition(":")
        headers[name.lower()] = value.strip()
    length = int(re.sub(r"\D", "", headers.get("content-length", "0")) or 0)
    return Request(line, headers, incoming.read(length) or b"", number)


def _shut(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
