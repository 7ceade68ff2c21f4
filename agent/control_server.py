"""The daemon's side of its local socket.

Rules: sizes, clients and times are bounded, so that nobody who can open the socket can hurt the daemon. Who asks is
told by the kernel (SO_PEERCRED), not by the request: operations that write are for root and for the daemon's own user.
A handler may answer later and from another thread; the socket's thread never waits for one.
"""

import json
import os
import select
import selectors
import socket
import stat
import struct
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from pathlib import Path

from agent.control import MAX_REPLY_BYTES, SOCKET_NAME, Json, Refused, address_of, failure
from modem.frozen import dataclass

MAX_REQUEST_BYTES = 64 * 1024
MAX_CLIENTS = 16
CLIENT_PATIENCE_S = 10.0
"""To send a request, or to take an answer; how long the answer itself may take is the handler's affair."""
WRITING_OPS = frozenset(
    {"at", "outbox_flush", "sample_now", "plan_set", "plan_forget", "plan_accept", "plan_verify"}
) | {
    "sms_list", "sms_read", "sms_send", "sms_delete", "ussd",
}  # fmt: skip
"""Reading messages is among them: they are private, and reading marks them as read."""

Answer = Callable[[Json], None]


@dataclass(frozen=True, slots=True)
class Peer:
    """Who asks, by the kernel's word."""

    pid: int
    uid: int
    gid: int

    def may_write(self) -> bool:
        return self.uid in (0, os.geteuid())


@dataclass(frozen=True, slots=True)
class Stay:
    """The connection stays open after the answer, until the client hangs up or this moment (monotonic seconds)."""

    until: float
    gone: Callable[[], object]
    """Called when it has ended, however it ended, answered or not; on the socket's thread."""


Handler = Callable[[Json, Peer, Answer], Stay | None]
"""Takes a request, answers once, now or later, from any thread; may raise Refused."""


@dataclass(slots=True)
class _Client:
    link: socket.socket
    peer: Peer
    give_up_at: float | None
    """Monotonic; None while a handler is at work on its request."""
    received: bytearray = field(default_factory=bytearray)
    to_send: bytes = b""
    asked: bool = False
    stay: Stay | None = None
    said_all: bool = False
    """It has shut its writing side and waits for the answer; not watched until there is one."""


class ControlServer:
    """Serves the socket. `serve_once` blocks for one round, `wake` and answers end the round early from any thread."""

    def __init__(self, run_dir: Path, handler: Handler, now: Callable[[], float], group: int | None = None) -> None:
        self._path = run_dir / SOCKET_NAME
        self._handler = handler
        self._now = now
        self._answers: deque[tuple[_Client, Json]] = deque()
        self._listener = _listen(self._path, group)
        self._selector = selectors.DefaultSelector()
        self._bell, self._ring = socket.socketpair()
        self._bell.settimeout(0)
        self._ring.settimeout(0)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._clients: list[_Client] = []
        self._lock = threading.Lock()

    def serve_once(self, timeout_s: float) -> None:
        """One round: wait until something happens (at most so long), then serve what happened."""
        for key, _ in self._selector.select(self._patience(timeout_s)):
            if key.fileobj is self._listener:
                self._accept()
            elif key.fileobj is self._bell:
                self._quiet()
            else:
                self._serve(key.data)
        self._take_answers()
        self._drop_late()

    def wait(self, timeout_s: float) -> None:
        """Sleep until there is something to serve; serves nothing."""
        self._selector.select(self._patience(timeout_s))

    def wake(self) -> None:
        """End the present round of `serve_once`."""
        with suppress(OSError):  # full: it rings already; closed: nobody sleeps any more
            self._ring.send(b"!")

    def close(self) -> None:
        """Hang up on everybody and remove the socket."""
        for client in list(self._clients):
            self._drop(client)
        self._selector.close()
        for link in (self._listener, self._bell, self._ring):
            link.close()
        self._path.unlink(missing_ok=True)

    def _patience(self, timeout_s: float) -> float:
        ends = [client.give_up_at for client in self._clients if client.give_up_at is not None]
        return max(0.0, min([timeout_s, *(end - self._now() for end in ends)]))

    def _accept(self) -> None:
        try:
            link, _ = self._listener.accept()
        except OSError:
            return
        if len(self._clients) >= MAX_CLIENTS:
            self._drop_gone()
        if len(self._clients) >= MAX_CLIENTS:
            link.close()
            return
        link.settimeout(0)
        client = _Client(link, _peer(link), self._now() + CLIENT_PATIENCE_S)
        self._clients.append(client)
        self._selector.register(link, selectors.EVENT_READ, client)

    def _quiet(self) -> None:
        with suppress(OSError):
            self._bell.recv(4096)

    def _serve(self, client: _Client) -> None:
        if client.to_send:
            self._send(client)
        else:
            self._receive(client)

    def _receive(self, client: _Client) -> None:
        try:
            chunk = client.link.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        if not chunk:
            self._end_of_words(client)
            return
        if client.asked:
            self._drop(client)  # it says more than its one line
            return
        client.received += chunk
        line, newline, _ = client.received.partition(b"\n")
        if newline:
            self._ask(client, bytes(line))
        elif len(client.received) > MAX_REQUEST_BYTES:
            self._answer_now(client, failure("too_long", f"a request has at most {MAX_REQUEST_BYTES} bytes"))

    def _end_of_words(self, client: _Client) -> None:
        """It hung up, or has shut its writing side alone, as `echo … | socat -` does: then it waits for its answer.
        A stay ends either way."""
        if client.received and not client.asked and not _hung_up(client.link):
            self._ask(client, bytes(client.received))  # a last line needs no newline
        if client.to_send or client not in self._clients:
            return
        if client.stay or not client.asked or _hung_up(client.link):
            self._drop(client)
            return
        client.said_all = True
        self._selector.unregister(client.link)  # its end would be reported without end

    def _drop_gone(self) -> None:
        """Nobody tells us of those that are not watched."""
        for client in [held for held in self._clients if held.said_all and _hung_up(held.link)]:
            self._drop(client)

    def _ask(self, client: _Client, line: bytes) -> None:
        client.asked, client.give_up_at = True, None
        client.received.clear()
        request = _request(line)
        if request is None:
            self._answer_now(client, failure("bad_request", "one line with a JSON object that has an op, please"))
        elif request["op"] in WRITING_OPS and not client.peer.may_write():
            self._answer_now(client, failure("forbidden", f"{request['op']} is for root and the daemon's own user"))
        else:
            self._handle(client, request)

    def _handle(self, client: _Client, request: Json) -> None:
        def answer(value: Json) -> None:
            with self._lock:
                self._answers.append((client, value))
            self.wake()

        try:
            client.stay = self._handler(request, client.peer, answer)
            client.give_up_at = client.stay.until if client.stay else None
        except Refused as refusal:
            self._answer_now(client, failure(refusal.code, str(refusal)))

    def _take_answers(self) -> None:
        while True:
            with self._lock:
                if not self._answers:
                    return
                client, value = self._answers.popleft()
            if client in self._clients and not client.to_send:
                self._answer_now(client, value)

    def _answer_now(self, client: _Client, value: Json) -> None:
        line = json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        if len(line) > MAX_REPLY_BYTES:
            line = json.dumps(failure("too_long", "the answer is too long")).encode() + b"\n"
        client.to_send, client.asked = line, True
        client.give_up_at = self._now() + CLIENT_PATIENCE_S
        if client.said_all:
            client.said_all = False
            self._selector.register(client.link, selectors.EVENT_WRITE, client)
        else:
            self._selector.modify(client.link, selectors.EVENT_WRITE, client)
        self._send(client)

    def _send(self, client: _Client) -> None:
        try:
            sent = client.link.send(client.to_send)
        except BlockingIOError:
            return
        except OSError:
            sent = len(client.to_send)
        client.to_send = client.to_send[sent:]
        if not client.to_send and client.stay:
            client.give_up_at = client.stay.until
            self._selector.modify(client.link, selectors.EVENT_READ, client)
        elif not client.to_send:
            self._drop(client)

    def _drop_late(self) -> None:
        now = self._now()
        for client in [held for held in self._clients if held.give_up_at is not None and held.give_up_at <= now]:
            self._drop(client)

    def _drop(self, client: _Client) -> None:
        if client in self._clients:
            self._clients.remove(client)
            if not client.said_all:
                self._selector.unregister(client.link)
            client.link.close()
            if client.stay:
                client.stay.gone()


def _request(line: bytes) -> Json | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and isinstance(value.get("op"), str) else None


def _hung_up(link: socket.socket) -> bool:
    """Closed in both directions (POLLHUP and POLLERR are told unasked); a shut writing side alone is not."""
    poll = select.poll()
    poll.register(link, 0)
    return bool(poll.poll(0))


def _peer(link: socket.socket) -> Peer:
    raw = link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return Peer(*struct.unpack("3i", raw))


def _listen(path: Path, group: int | None) -> socket.socket:
    """A listening socket at `path`, mode 0660. A file left by a dead daemon is replaced, a living one's never."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o117)
    try:
        with address_of(path) as address:
            listener.bind(address)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(mask)
    if group is not None:
        os.chown(path, -1, group)
    listener.listen(MAX_CLIENTS)
    listener.settimeout(0)
    return listener


def _remove_stale(path: Path) -> None:
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise FileExistsError(f"{path} is in the way and is no socket")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            with address_of(path) as address:
                probe.connect(address)
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
        except OSError:
            pass  # it lives, even if it is too busy to say so
    raise FileExistsError(f"{path}: another daemon is running")
