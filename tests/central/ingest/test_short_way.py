"""The short way for reports and the usual one give the same answers; real sockets, one server in this process."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from central.config import Server as ServerSection
from central.config import Settings
from central.server import listen_on, make_server
from tests.central.helpers import a_store, batch, record, registered


@dataclass
class Served:
    port: int
    credential: str

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def request(self, seq: int, *headers: str, target: str = "/v1/reports", version: str = "1.1") -> bytes:
        body = batch(record(seq))
        lines = [f"POST {target} HTTP/{version}", "Host: c", f"Authorization: Bearer {self.credential}", *headers]
        if not any(header.startswith("Transfer-Encoding") for header in headers):
            return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body
        half = len(body) // 2
        chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))
        return "\r\n".join([*lines, "", ""]).encode() + chunks


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("short"), keep_alive_s=300) as made:
        yield made


@contextmanager
def serving(folder: Path, keep_alive_s: int) -> Iterator[Served]:
    database = folder / "central.db"
    (credential,) = registered(database, "t-1")
    with a_store(database) as store:
        settings = Settings(server=ServerSection(listen="127.0.0.1:0", rate_per_minute=0, keep_alive_s=keep_alive_s))
        server = make_server(settings, store)
        listening = listen_on(settings)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield Served(listening.getsockname()[1], credential)
        server.stop()
        thread.join(60)


def answers(client: socket.socket, number: int) -> list[tuple[int, bytes]]:
    """Status and body of that many answers, 100 left out."""
    heard = b""
    found: list[tuple[int, bytes]] = []
    while len(found) < number:
        more = client.recv(65536)
        assert more, heard
        heard += more
        while whole := re.match(rb"HTTP/1.1 (\d+)(?:.*\r\n)+?\r\n", heard):
            length = re.search(rb"content-length: (\d+)", whole[0])
            end = whole.end() + (int(length[1]) if length else 0)
            if len(heard) < end:
                break
            if whole[1] != b"100":
                found.append((int(whole[1]), heard[whole.end() : end]))
            heard = heard[end:]
    return found


def acked(client: socket.socket, number: int = 1) -> list[bool]:
    return [status == 200 and b'"acked":1' in body for status, body in answers(client, number)]


def is_closed(client: socket.socket) -> bool:
    return client.recv(65536) == b""


@pytest.mark.parametrize(
    "way",
    [
        {},
        {"headers": ("Expect: 100-continue",)},
        {"headers": ("Transfer-Encoding: chunked",)},
        {"headers": ("Connection: keep-alive",)},
        {"target": "/v1/%72eports"},
        {"target": "/v1/reports?x=1"},
    ],
)
def test_a_report_is_taken_whichever_way_it_comes_and_the_connection_kept(
    served: Served, way: dict[str, tuple[str, ...] | str]
) -> None:
    headers, target = way.get("headers", ()), way.get("target", "/v1/reports")
    assert isinstance(target, str)
    with served.connect() as client:
        for seq in (1, 2):
            client.sendall(served.request(seq, *headers, target=target))
            assert acked(client) == [True]
        client.sendall(served.request(3))
        assert acked(client) == [True]


@pytest.mark.parametrize("cut", [10, 120, -1])
def test_a_report_in_pieces_is_put_together(served: Served, cut: int) -> None:
    client = served.connect()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    whole = served.request(4)
    with client:
        client.sendall(whole[:cut])
        with served.connect() as other:  # the server has seen the first piece when it answers this
            other.sendall(served.request(5))
            assert acked(other) == [True]
        client.sendall(whole[cut:])
        assert acked(client) == [True]
        client.sendall(whole)
        assert acked(client) == [True]


def test_many_reports_in_one_piece_are_answered_in_their_order(served: Served) -> None:
    with served.connect() as client:
        client.sendall(served.request(6) + b"GET /healthz HTTP/1.1\r\nHost: c\r\n\r\n" + served.request(7) * 3)
        found = answers(client, 5)
    assert [status for status, _ in found] == [200] * 5
    assert [b"status" in body for _, body in found] == [False, True, False, False, False]


def test_after_half_a_request_the_whole_one_before_it_is_answered(served: Served) -> None:
    with served.connect() as client:
        client.sendall(served.request(8) + served.request(9)[:-5])
        assert acked(client) == [True]
        client.sendall(served.request(9)[-5:])
        assert acked(client) == [True]


@pytest.mark.parametrize(("headers", "version"), [(("Connection: close",), "1.1"), ((), "1.0")])
def test_who_does_not_keep_the_connection_has_it_closed(served: Served, headers: tuple[str, ...], version: str) -> None:
    with served.connect() as client:
        client.sendall(served.request(10, *headers, version=version))
        assert acked(client) == [True]
        assert is_closed(client)


def test_an_idle_connection_is_closed_after_its_time_and_not_before(tmp_path: Path) -> None:
    with serving(tmp_path, keep_alive_s=4) as served, served.connect() as client:
        for _ in range(3):
            client.sendall(served.request(11))
            assert acked(client) == [True]
        assert is_closed(client)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ((b"Bearer t-1", b"Bearer t-2"), 401),
        ((b"Host: c", b"Content-Encoding: gzip"), 415),
        ((b'"epoch"', b'"epooh"'), 400),
        ((b"POST", b"PUT"), 405),
    ],
)
def test_a_refusal_reads_the_same_both_ways(served: Served, change: tuple[bytes, bytes], status: int) -> None:
    wrong = served.request(12).replace(*change)
    with served.connect() as client:
        client.sendall(wrong)
        ((short, told),) = answers(client, 1)
        client.sendall(wrong.replace(b" HTTP/1.1", b"?usual HTTP/1.1"))
        ((usual, told_too),) = answers(client, 1) if status != 415 else ((415, told),)
    assert (short, usual, told) == (status, status, told_too)


def test_what_is_not_http_behind_a_report_ends_the_connection(served: Served) -> None:
    with served.connect() as client:
        client.sendall(served.request(13) + b"\x00\x01\r\n\r\n")
        heard = b""
        while more := client.recv(65536):
            heard += more
    assert b"400 Bad Request" in heard
