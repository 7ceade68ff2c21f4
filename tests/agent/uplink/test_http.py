"""The HTTP carrier against a real server on this machine that misbehaves in every way we have met."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.cli.demo import free_port
from agent.clock import Deadline, SystemClock
from agent.uplink.base import SendError
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.http_answer import MAX_ANSWER_BYTES
from agent.uplink.lookup import Address, Resolve, system_resolve
from agent.uplink.meter import Meter
from agent.uplink.place import parse_url
from agent.uplink.tls import TlsSettings
from agent.wire import stored
from tests.fakes.http_server import AUTHORITY, Act, RudeServer

CLOCK = SystemClock()
SECRET = "s" * 43
BATCH = (
    b'{"v":1,"epoch":"00112233445566aa","sent_at":1,"records":['
    + stored("verdict", 1, {}).replace(b"{", b'{"seq":1,', 1)
    + b"]}"
)


@pytest.fixture
def credential(tmp_path: Path) -> Path:
    path = tmp_path / "credential"
    path.write_text(f"shop-1:{SECRET}\n")
    path.chmod(0o600)
    return path


class Client:
    def __init__(self, url: str, credential: Path, resolve: Resolve = system_resolve, **settings: object) -> None:
        self.meter = Meter()
        facts: dict[str, object] = {"tls": TlsSettings(AUTHORITY)} | settings
        self.transport = HttpTransport(HttpSettings(url, credential, **facts), CLOCK, self.meter, resolve)  # type: ignore[arg-type]

    def send(self, seconds: float = 30.0) -> int:
        return self.transport.send(BATCH, Deadline.after(seconds, CLOCK)).acked

    def fail(self, seconds: float = 30.0) -> SendError:
        with pytest.raises(SendError) as caught:
            self.send(seconds)
        return caught.value


@pytest.fixture
def clients() -> Iterator[list[Client]]:
    made: list[Client] = []
    yield made
    for client in made:
        client.transport.close()


@pytest.fixture
def client_of(clients: list[Client], credential: Path):  # type: ignore[no-untyped-def]
    def make(url: str, resolve: Resolve = system_resolve, **settings: object) -> Client:
        client = Client(url, credential, resolve, **settings)
        clients.append(client)
        return client

    return make


@pytest.mark.parametrize("certificate", [None, "server"])
def test_a_batch_arrives_and_its_answer_comes_back(client_of, certificate: str | None) -> None:
    with RudeServer(certificate=certificate) as server:
        assert client_of(server.url).send() == 1
    (request,) = server.requests
    assert request.line == "POST /v1/reports HTTP/1.1"
    assert request.body == BATCH
    assert request.headers == {
        "host": f"localhost:{server.port}",
        "authorization": f"Bearer shop-1:{SECRET}",
        "content-type": "application/json",
        "content-length": str(len(BATCH)),
    }


def test_the_path_of_the_url_is_kept(client_of) -> None:
    with RudeServer() as server:
        client_of(server.url + "/pos/").send()
    assert server.requests[0].line == "POST /pos/v1/reports HTTP/1.1"


@pytest.mark.parametrize("certificate", [None, "server"])
def test_one_connection_serves_many_requests(client_of, certificate: str | None) -> None:
    with RudeServer(certificate=certificate) as server:
        client = client_of(server.url)
        for _ in range(3):
            client.send()
    assert [request.connection for request in server.requests] == [1, 1, 1]


def test_without_keep_alive_every_request_has_its_own_connection(client_of) -> None:
    with RudeServer() as server:
        client = client_of(server.url, keep_alive_s=0.0)
        client.send()
        client.send()
    assert server.connections == 2


def test_a_connection_that_the_centre_ends_is_not_used_again(client_of) -> None:
    with RudeServer([Act(headers=(("Connection", "close"),))]) as server:
        client = client_of(server.url)
        client.send()
        client.send()
    assert server.connections == 2


@pytest.mark.parametrize("certificate", [None, "server"])
def test_a_kept_connection_that_died_meanwhile_is_replaced_in_the_same_send(client_of, certificate: str | None) -> None:
    with RudeServer(certificate=certificate) as server:
        client = client_of(server.url)
        client.send()
        server.drop_connections()
        assert client.send() == 1
        assert client.send() == 1
    assert server.connections == 2


def test_a_kept_connection_that_is_reset_in_the_middle_is_replaced_in_the_same_send(client_of) -> None:
    with RudeServer([Act(), Act(reset=True), Act()]) as server:
        client = client_of(server.url)
        client.send()
        assert client.send() == 1
    assert server.connections == 2


def test_a_kept_connection_that_falls_silent_is_replaced_and_probed_more_often_from_then_on(client_of) -> None:
    with RudeServer([Act(), Act(silent=True), Act()]) as server:
        client = client_of(server.url)
        client.send()
        before = client.transport.patience.idle_s
        assert client.send(8.0) == 1
        assert client.transport.patience.idle_s == before / 2
    assert server.connections == 2


@pytest.mark.parametrize(
    "act",
    [Act(drip_s=0.05, headers=(("X-Pad", "x" * 2000),)), Act(drip_s=0.05, body=b" " * 5000), Act(silent=True)],
    ids=["head", "body", "silence"],
)
@pytest.mark.parametrize("certificate", [None, "server"])
def test_however_slowly_an_answer_drips_the_deadline_holds(client_of, act: Act, certificate: str | None) -> None:
    with RudeServer([act], certificate=certificate) as server:
        begun = CLOCK.monotonic()
        error = client_of(server.url).fail(0.6)
        if error.surely_not_received:  # a busy machine has not even asked by then
            begun = CLOCK.monotonic()
            error = client_of(server.url).fail(10.0)
        took = CLOCK.monotonic() - begun
    assert error.kind == "timeout"
    assert not error.surely_not_received
    assert took < 50.0  # the whole answer would take 100 s


def test_a_server_that_is_deaf_in_tls_does_not_hold_us_beyond_the_deadline(client_of) -> None:
    with RudeServer(certificate="server", deaf=True) as server:
        error = client_of(server.url).fail(1.0)
    assert (error.kind, error.surely_not_received) == ("timeout", True)


@pytest.mark.parametrize(
    ("certificate", "words"), [("other-name", "mismatch"), ("expired", "expired"), ("untrusted", "certificate")]
)
def test_only_the_right_certificate_will_do(client_of, certificate: str, words: str) -> None:
    with RudeServer(certificate=certificate) as server:
        error = client_of(server.url).fail()
    assert (error.kind, error.surely_not_received) == ("tls", True)
    assert words in error.detail
    assert server.requests == []


def test_plain_http_on_the_tls_port_is_a_tls_trouble(client_of) -> None:
    with RudeServer() as server:
        error = client_of(server.url.replace("http:", "https:")).fail(1.0)
    assert error.kind in {"tls", "timeout"}


def test_a_missing_authority_file_is_said_by_name(client_of, tmp_path: Path) -> None:
    with RudeServer(certificate="server") as server:
        error = client_of(server.url, tls=TlsSettings(tmp_path / "none.pem")).fail()
    assert error.kind == "tls"
    assert "none.pem" in error.detail


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (Act(body=b"<html>Please log in</html>"), "answer"),
        (Act(body=b"{}"), "answer"),
        (Act(body=b'{"v":2,"acked":1}'), "answer"),
        (Act(body=b'{"v":1,"acked":"many"}'), "answer"),
        (Act(body=b"[" * 60_000), "answer"),
        (Act(body=b"\xff\x00"), "answer"),
        (Act(body=b" " * (MAX_ANSWER_BYTES + 1)), "answer"),
        (Act(endless=b"x" * 1000, headers=(("Transfer-Encoding", "none"),)), "answer"),
        (
            Act(endless=b"3e8\r\n" + b"x" * 1000 + b"\r\n", headers=(("Transfer-Encoding", "chunked"),), body=b""),
            "answer",
        ),
        (Act(raw=b"SSH-2.0-OpenSSH_9.2\r\n", close=True), "answer"),
        (Act(raw=b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000), "answer"),
        (Act(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"), "answer"),
        (Act(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000), "answer"),
        (Act(raw=b"HTTP/1.1 999999 Odd\r\n\r\n", close=True), "answer"),
        (Act(raw=b"\x15\x03\x01\x00\x02\x02\x46", close=True), "answer"),
        (Act(headers=(("Transfer-Encoding", "chunked"),), body=b"zz\r\nnot a size\r\n"), "answer"),
        (Act(cut_after=0), "lost"),
        (Act(cut_after=20), "lost"),
        (Act(cut_after=60), "lost"),
        (Act(reset=True), "lost"),
        (Act(headers=(("Content-Length", "9999"),), close=True), "lost"),
        (Act(status=302, headers=(("Location", "http://portal.example/"),)), "status"),
        (Act(status=204, body=b""), "status"),
        (Act(status=503, body=b""), "status"),
    ],
)
def test_every_other_answer_is_an_error_that_says_which(client_of, act: Act, kind: str) -> None:
    with RudeServer([act]) as server:
        error = client_of(server.url).fail()
    assert error.kind == kind
    assert len(error.detail) < 300
    assert error.detail.isprintable()
    assert SECRET not in error.detail


def test_after_any_bad_answer_the_next_send_starts_afresh(client_of) -> None:
    with RudeServer([Act(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}{}garbage"), Act()]) as server:
        client = client_of(server.url)
        client.fail()
        assert client.send() == 1


def test_a_redirect_is_not_followed(client_of) -> None:
    with RudeServer() as portal, RudeServer([Act(status=307, headers=(("Location", portal.url),))]) as server:
        assert client_of(server.url).fail().status == 307
    assert portal.requests == []


@pytest.mark.parametrize(
    ("body", "content_type", "speaker"),
    [
        (b'{"error": "seq 3: type"}', "application/json", "centre"),
        (b"<html>", "text/plain", "stranger"),
        (b"Bad Request", "text/html; charset=utf-8", "stranger"),
        (b"", "text/plain", "unknown"),
        (b"[1]", "application/json", "unknown"),
    ],
)
def test_who_refused_is_judged_by_how_it_speaks(client_of, body: bytes, content_type: str, speaker: str) -> None:
    with RudeServer([Act(status=400, body=body, headers=(("Content-Type", content_type),))]) as server:
        error = client_of(server.url).fail()
    assert (error.status, error.speaker) == (400, speaker)


def test_the_centres_words_are_passed_on_made_safe(client_of) -> None:
    body = json.dumps({"error": {"code": "no", "message": "没有\x1b[2J权限" + "x" * 1000}}).encode()
    with RudeServer([Act(status=403, body=body)]) as server:
        error = client_of(server.url).fail()
    assert error.detail.startswith("HTTP 403: 没有\\x1b[2J权限")
    assert len(error.detail) < 300


def test_retry_after_is_read(client_of) -> None:
    with RudeServer([Act(status=429, headers=(("Retry-After", "17"),))]) as server:
        assert client_of(server.url).fail().retry_after_s == 17.0


def test_nobody_listening(client_of) -> None:
    error = client_of(f"http://127.0.0.1:{free_port()}").fail()
    assert (error.kind, error.surely_not_received) == ("connect", True)


def test_the_next_address_is_tried_when_the_first_does_not_answer(client_of) -> None:
    def two(host: str, port: int) -> list[Address]:
        return [(socket.AF_INET6, ("::1", port)), (socket.AF_INET, ("127.0.0.1", port))]

    with RudeServer() as server:
        assert client_of(server.url, two).send() == 1


def test_a_resolver_that_hangs_does_not_hold_us_and_is_not_asked_twice_at_once(client_of) -> None:
    release = threading.Event()
    asked: list[str] = []

    def hang(host: str, port: int) -> list[Address]:
        asked.append(host)
        release.wait(60)
        return [(socket.AF_INET, ("127.0.0.1", port))]

    with RudeServer() as server:
        client = client_of(server.url, hang)
        assert client.fail(0.05).kind == "name"
        assert client.fail(0.05).kind == "name"
        assert asked == ["localhost"]
        release.set()
        assert client.send() == 1


def test_when_names_fail_the_address_that_worked_is_used_again(client_of) -> None:
    works = True

    def resolve(host: str, port: int) -> list[Address]:
        if not works:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return system_resolve(host, port)

    with RudeServer([Act(headers=(("Connection", "close"),))]) as server:
        client = client_of(server.url, resolve)
        client.send()
        works = False
        assert client.send() == 1


def test_a_name_that_does_not_exist_is_said(client_of) -> None:
    def resolve(host: str, port: int) -> list[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    error = client_of("https://centre.example", resolve).fail()
    assert (error.kind, error.detail) == ("name", "centre.example: Name or service not known")


def test_an_interface_that_does_not_exist_is_said(client_of) -> None:
    with RudeServer() as server:
        error = client_of(server.url, bind_interface="wwan99").fail()
    assert (error.kind, error.surely_not_received) == ("interface", True)
    assert "wwan99" in error.detail


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (f"shop-1:{SECRET}\n", 0o640, "0600"),
        (f"shop-1:{SECRET}\n", 0o604, "0600"),
        ("", 0o600, "43 characters"),
        (f"shop-1:{SECRET}\nmore", 0o600, "43 characters"),
        (f"shop-1:{SECRET}\r\nX-Evil: 1", 0o600, "43 characters"),
        (f"店:{SECRET}", 0o600, "ASCII"),
    ],
)
def test_a_credential_that_is_not_safe_or_not_whole_is_not_used(
    client_of, credential: Path, content: str, mode: int, words: str
) -> None:
    credential.write_text(content)
    credential.chmod(mode)
    with RudeServer() as server:
        error = client_of(server.url).fail()
    assert (error.kind, server.connections) == ("credential", 0)
    assert words in error.detail
    assert SECRET not in error.detail


def test_a_missing_credential_and_a_pipe_in_its_place_are_said(client_of, credential: Path) -> None:
    credential.unlink()
    with RudeServer() as server:
        client = client_of(server.url)
        assert "No such file" in client.fail().detail
        os.mkfifo(credential, 0o600)
        assert "no regular file" in client.fail().detail


@pytest.mark.parametrize(
    "url",
    [
        "http://centre.example",
        "ftp://centre.example",
        "centre.example",
        "https://",
        "https://user:pass@centre.example",
        "https://centre.example/?q=1",
        "https://centre.example/a b",
        "https://centre.example/\r\nX: 1",
        "https://中心.example",
        "https://centre.example:99999",
        "http://127.0.0.1.example.com",
    ],
)
def test_addresses_that_will_not_do(url: str) -> None:
    with pytest.raises(ValueError, match=r"//|centre"):
        parse_url(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost", "https://centre.example/a"]
)
def test_addresses_that_will_do(url: str) -> None:
    assert parse_url(url).path.endswith("/v1/reports")


def test_bytes_are_counted_by_purpose_with_their_headers(client_of) -> None:
    with RudeServer(certificate="server") as server:
        client = client_of(server.url)
        client.send()
        first = client.meter.take()
        client.send()
        second = client.meter.take()
        client.transport.close()
    least = len(BATCH) + 150  # headers of the request
    assert 1500 < first["handshake"].total < 6000
    assert least < first["report"].sent < least + 600
    assert least < second["report"].sent < least + 300
    assert "handshake" not in second


def test_a_resumed_connection_costs_less_than_the_first(client_of) -> None:
    """By ticket, once the server has shown that it keeps no sessions itself: it drops one that it saw close rudely."""
    with RudeServer(certificate="server") as server:
        client = client_of(server.url, keep_alive_s=0.0)
        costs = []
        for _ in range(7):
            client.send()
            costs.append(client.meter.take()["handshake"].received)
    assert min(costs[3:]) < costs[0] - 200


def test_attempts_that_fail_are_counted_too(client_of) -> None:
    with RudeServer(certificate="untrusted") as server:
        client = client_of(server.url)
        client.fail()
    assert client.meter.snapshot()["handshake"].received > 500
