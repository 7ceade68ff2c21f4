"""Reports on an upgraded connection: what POST promises is promised there too; real sockets, one server."""

import asyncio
import json
import re
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.wire import MAX_BODY_BYTES
from agent.wire.websocket import CLOSE, PING, PONG, TEXT, Incoming, Message, accepted, frame
from central import auth
from central.app import make_intake
from central.config import Server as ServerSection
from central.config import Settings
from central.ingest.http import ReportsRoute
from central.ingest.stream import Streams
from central.intake import Intake
from central.server import Server, listen_on, make_server
from central.session import Sessions
from central.store.sqlite import SqliteStore
from tests.central.helpers import a_store, batch, beat, record, registered
from tests.fakes.clock import FakeClock

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
MASK = b"\x01\x02\x03\x04"


@dataclass
class Served:
    server: Server
    store: SqliteStore
    port: int
    credential: str

    def line(self) -> "Line":
        return Line(socket.create_connection(("127.0.0.1", self.port), timeout=60))

    def stream(self) -> "Line":
        line = self.line()
        session = json.loads(line.post("/v1/reports", batch(record(1)), self.credential)[1])["session"]
        assert line.upgrade(f"/~{session}") == 101
        return line


class Line:
    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.incoming = Incoming(masked=False, limit=2**20)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.sock.close()

    def post(self, path: str, body: bytes, credential: str = "") -> tuple[int, bytes]:
        who = f"Authorization: Bearer {credential}\r\n" if credential else ""
        head = f"POST {path} HTTP/1.1\r\nHost: c\r\n{who}Content-Length: {len(body)}\r\n\r\n"
        self.sock.sendall(head.encode() + body)
        return self.answer()

    def answer(self) -> tuple[int, bytes]:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.sock.recv(1)
        length = re.search(rb"content-length: (\d+)", head)
        return int(head.split()[1]), self.sock.recv(int(length[1]), socket.MSG_WAITALL) if length else b""

    def upgrade(self, path: str, version: str = "13", key: bytes = KEY, upgrade: str = "websocket") -> int:
        self.sock.sendall(
            f"GET {path} HTTP/1.1\r\nHost: c\r\nConnection: keep-alive, Upgrade\r\nUpgrade: {upgrade}\r\n"
            f"Sec-WebSocket-Version: {version}\r\nSec-WebSocket-Key: {key.decode()}\r\n\r\n".encode()
        )
        return self.answer()[0]

    def say(self, data: bytes, kind: int = 2) -> None:
        self.sock.sendall(frame(data, kind, MASK))

    def hear(self) -> Message | None:
        """None at the end of the connection."""
        while (message := self.incoming.next()) is None:
            more = self.sock.recv(65536)
            if not more:
                return None
            self.incoming.feed(more)
        return message

    def ask(self, data: bytes) -> dict[str, Any]:
        self.say(data)
        message = self.hear()
        assert message is not None
        return dict(json.loads(message.data or b"{}"))

    def ends_with(self) -> int:
        """The reason given, then the end."""
        message = self.hear()
        assert message is not None
        assert message.kind == CLOSE
        assert self.hear() is None
        return int.from_bytes(message.data, "big")


Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as held:

        def start(**settings: Any) -> Served:
            (credential,) = registered(tmp_path / "central.db", "t-1")
            store = held.enter_context(a_store(tmp_path / "central.db"))
            section = ServerSection(listen="127.0.0.1:0", **({"rate_per_minute": 0} | settings))
            server = make_server(Settings(server=section), store)
            listening = listen_on(Settings(server=section))
            thread = threading.Thread(target=server.run, args=([listening],))
            thread.start()
            held.callback(thread.join, 60)
            held.callback(server.stop)
            return Served(server, store, listening.getsockname()[1], credential)

        yield start


def seqs(served: Served) -> list[int]:
    return sorted(row.position.seq for row in asyncio.run(served.store.reports("t-1", limit=100)))


def test_reports_on_a_stream_are_stored_before_they_are_answered(serve: Serve) -> None:
    served = serve()
    with served.stream() as line:
        for seq in range(2, 6):
            assert line.ask(batch(record(seq)))["acked"] == 1
            assert seqs(served) == list(range(1, seq + 1))


def test_the_upgrade_is_answered_as_the_standard_has_it(serve: Serve) -> None:
    served = serve()
    with served.line() as line:
        session = json.loads(line.post("/v1/reports", batch(record(1)), served.credential)[1])["session"]
        line.sock.sendall(
            f"GET /~{session} HTTP/1.1\r\nHost:c\r\nUpgrade:websocket\r\nConnection:Upgrade\r\n"
            f"Sec-WebSocket-Version:13\r\nSec-WebSocket-Key:{KEY.decode()}\r\n\r\n".encode()
        )
        head = line.sock.recv(4096)
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"\r\nSec-WebSocket-Accept: " + accepted(KEY) + b"\r\n" in head


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"version": "8"}, 405),
        ({"key": b"short"}, 405),
        ({"upgrade": "h2c"}, 405),
        ({"path": "/~t-1AAAAAAAAAAAA"}, 401),
        ({"path": "/v1/reports"}, 405),
    ],
)
def test_what_asks_otherwise_is_refused_and_posts_on(serve: Serve, how: dict[str, Any], status: int) -> None:
    served = serve()
    with served.line() as line:
        session = json.loads(line.post("/v1/reports", batch(record(1)), served.credential)[1])["session"]
        assert line.upgrade(**({"path": f"/~{session}"} | how)) == status
        assert line.post(f"/~{session}", batch(record(2)))[0] == 200


def test_streams_leave_room_for_requests(serve: Serve) -> None:
    served = serve(max_connections=4)
    with served.stream(), served.stream(), served.line() as line:
        session = json.loads(line.post("/v1/reports", batch(record(1)), served.credential)[1])["session"]
        assert line.upgrade(f"/~{session}") == 503
        assert line.post(f"/~{session}", batch(record(2)))[0] == 200


def test_a_stream_that_ended_makes_room(serve: Serve) -> None:
    served = serve(max_connections=3)
    for _ in range(3):
        with served.stream() as line:
            line.say(b"", CLOSE)
            line.ends_with()


def test_a_message_in_pieces_and_two_at_once_are_answered_in_their_order(serve: Serve) -> None:
    with serve().stream() as line:
        wire = frame(batch(record(2)), mask=MASK) + frame(batch(record(3), record(4)), mask=MASK)
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in (wire[:1], wire[1:9], wire[9:]):
            line.sock.sendall(piece)
        first, second = line.hear(), line.hear()
    assert first is not None
    assert second is not None
    assert [json.loads(answer.data)["acked"] for answer in (first, second)] == [1, 2]


def test_text_is_as_good_as_bytes_and_a_ping_is_answered(serve: Serve) -> None:
    with serve().stream() as line:
        line.say(b"here?", PING)
        assert line.hear() == Message(PONG, b"here?")
        line.say(batch(record(2)), TEXT)
        assert (line.hear() or Message(0, b"")).data.startswith(b'{"acked":1')


def test_refusals_say_what_they_say_to_a_post_and_the_stream_goes_on(serve: Serve) -> None:
    with serve(rate_per_minute=1, rate_burst=4).stream() as line:
        assert (line.ask(b"\xb1abc\x00")["status"], line.ask(b"nonsense")["status"]) == (409, 400)
        rejected = line.ask(batch(record(2) | {"body": beat(verdict="no code")}))
        assert (rejected["acked"], rejected["rejected"][0]["seq"]) == (0, 2)
        told = line.ask(batch(record(3)))
    assert (told["status"], told["error"]["code"]) == (429, "too_many_requests")
    assert 0 < told["retry_after_s"] <= 61


def test_more_than_is_taken_is_refused_before_it_is_read(serve: Serve) -> None:
    with serve().stream() as line:
        line.sock.sendall(frame(bytes(MAX_BODY_BYTES + 1), mask=MASK)[:100])
        message = line.hear()
        assert message is not None
        assert json.loads(message.data)["status"] == 413
        assert line.ends_with() == 1009


@pytest.mark.parametrize("wire", [frame(b"no mask"), b"\xff" * 20, b"POST / HTTP/1.1\r\n"])
def test_what_is_no_frame_ends_the_stream(serve: Serve, wire: bytes) -> None:
    with serve().stream() as line:
        line.sock.sendall(wire)
        assert line.ends_with() == 1002


def test_who_is_revoked_meanwhile_is_not_heard_any_more(serve: Serve) -> None:
    served = serve()
    with served.stream() as line:
        asyncio.run(served.store.revoke("t-1", 1))
        assert line.ask(batch(record(2)))["status"] == 401
        assert line.ends_with() == 1001
    assert seqs(served) == [1]


def test_a_rotated_secret_ends_the_streams_of_the_old_one(serve: Serve) -> None:
    served = serve()
    with served.stream() as line:
        asyncio.run(served.store.rotate("t-1", auth.digest(auth.new_secret()), 2))
        assert line.ask(batch(record(2)))["status"] == 401


def test_a_stream_that_stays_silent_is_closed_after_its_time(serve: Serve) -> None:
    with serve(keep_alive_s=4).stream() as line:
        assert line.ends_with() == 1001


def test_a_centre_that_stops_says_so(serve: Serve) -> None:
    served = serve()
    with served.stream() as line:
        served.server.stop()
        assert line.ends_with() == 1001


def test_nobody_who_pings_and_does_not_read_fills_the_memory(serve: Serve) -> None:
    def ping(line: Line) -> None:
        while True:
            line.say(bytes(125), PING)

    with serve().stream() as line, pytest.raises(OSError, match=r"(?i)reset|pipe"):
        ping(line)


def test_each_day_brings_a_new_session_so_that_the_next_connection_is_known(tmp_path: Path) -> None:
    (credential,) = registered(tmp_path / "central.db", "t-1")
    clock = FakeClock()
    with a_store(tmp_path / "central.db") as store:
        intake = make_intake(Settings(), store, wall=clock.wall)
        route = ReportsRoute(intake, intake.metrics, Sessions(clock.wall))
        secret = auth.digest(credential.partition(":")[2])

        async def days() -> list[str | None]:
            streams = Streams(route)
            voice = await streams.greet(f"/~{route.sessions.issue('t-1', secret)}", None)
            found = []
            for seq in range(1, 6):
                said, _ = await streams.answer(
                    voice, batch(record(seq, at=int(clock.wall())), sent_at=int(clock.wall()))
                )
                found.append(json.loads(said or b"{}").get("session"))
                clock.advance(12 * 3600)
            return found

        told = asyncio.run(days())
    assert [bool(session) for session in told] == [False, True, False, True, False]


def test_a_mistake_of_ours_is_answered_and_counted_and_ends_nothing(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    served = serve()
    with served.stream() as stream, served.line() as line:
        session = json.loads(line.post("/v1/reports", batch(record(2)), served.credential)[1])["session"]
        with monkeypatch.context() as patched:
            patched.setattr(Intake, "admit", broken)
            said = [
                line.post(path, batch(record(3)), served.credential) for path in ("/v1/reports", "/v1/reports?usual")
            ]
            told = stream.ask(batch(record(3)))
            patched.setattr(Intake, "lineage", broken)
            refused = line.upgrade(f"/~{session}")
        assert line.post("/v1/reports", batch(record(3)), served.credential)[0] == 200
        assert stream.ask(batch(record(4)))["acked"] == 1
    assert [(status, json.loads(body)["error"]["code"]) for status, body in said] == [(500, "internal")] * 2
    assert (told["status"], told["error"]["code"], refused) == (500, "internal", 500)
    with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=60) as answer:
        assert 'report_requests_total{status="500",code="internal"} 4' in answer.read().decode()
