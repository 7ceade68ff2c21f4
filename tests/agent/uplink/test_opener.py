"""How connections are made: addresses raced, proxies, TLS that widens, names that are spared."""

# ruff: noqa: SIM117 - the servers in one `with`, who asks them in the next

import base64
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from agent.clock import Deadline, SystemClock
from agent.uplink.base import SendError
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.lookup import Address, Resolve, system_resolve
from agent.uplink.meter import Meter
from agent.uplink.proxy import parse_proxy
from agent.uplink.race import connect_first, interleaved
from agent.uplink.tls import TlsSettings, Trust
from agent.wire import stored
from tests.fakes.connect_proxy import OneProxy
from tests.fakes.http_server import AUTHORITY, Act, RudeServer

CLOCK = SystemClock()
BATCH = (
    b'{"v":1,"epoch":"00112233445566aa","sent_at":1,"records":['
    + stored("verdict", 1, {}).replace(b"{", b'{"seq":1,', 1)
    + b"]}"
)


@pytest.fixture
def credential(tmp_path: Path) -> Path:
    path = tmp_path / "credential"
    path.touch(0o600)
    path.write_text(f"shop-1:{'s' * 43}\n")
    return path


@contextmanager
def client(
    url: str, credential: Path, resolve: Resolve = system_resolve, **more: object
) -> Iterator[tuple[HttpTransport, Meter]]:
    meter = Meter()
    settings = HttpSettings(url, credential, **({"tls": TlsSettings(AUTHORITY)} | more))  # type: ignore[arg-type]
    transport = HttpTransport(settings, CLOCK, meter, resolve)
    yield transport, meter
    transport.close()


def soon() -> Deadline:
    return Deadline.after(10.0, CLOCK)


def v4(host: str, port: int) -> Address:
    return socket.AF_INET, (host, port)


def test_families_take_turns() -> None:
    six, other = (socket.AF_INET6, ("::1", 1)), (socket.AF_INET6, ("::2", 1))
    assert interleaved([six, other, v4("127.0.0.1", 1)]) == [six, v4("127.0.0.1", 1), other]
    assert interleaved([]) == []


def test_an_address_that_says_nothing_costs_a_head_start_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.uplink.race.HEAD_START_S", 0.05)
    lost: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0), backlog=1) as good, full() as deaf:
        found, address = connect_first(
            [v4("127.0.0.1", deaf), v4("127.0.0.1", good.getsockname()[1])],
            lambda address: socket.socket(address[0], socket.SOCK_STREAM), lost.append, soon(), CLOCK,
        )  # fmt: skip
        assert address[1][1] == good.getsockname()[1]
        assert len(lost) == 1
        for sock in [found, *lost]:
            sock.close()


def test_when_nobody_answers_the_deadline_ends_it() -> None:
    lost: list[socket.socket] = []
    with full() as deaf, pytest.raises(SendError) as caught:
        connect_first(
            [v4("127.0.0.1", deaf)], lambda address: socket.socket(address[0], socket.SOCK_STREAM), lost.append,
            Deadline.after(0.1, CLOCK), CLOCK,
        )  # fmt: skip
    assert caught.value.kind == "timeout"
    for sock in lost:
        sock.close()


@contextmanager
def full() -> Iterator[int]:
    """The port of a listener whose queue is full: it answers no further SYN."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for sock in waiting:
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
        yield port
        for sock in waiting:
            sock.close()


def test_names_are_asked_once_while_the_address_works(credential: Path) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[Address]:
        asked.append(host)
        return system_resolve(host, port)

    with RudeServer([Act(headers=(("Connection", "close"),))]) as server, client(server.url, credential, resolve) as (
        transport, _,
    ):  # fmt: skip
        for _ in range(3):
            transport.send(BATCH, soon())
    assert asked == ["localhost"]


def test_an_address_that_works_no_more_is_asked_for_anew(credential: Path) -> None:
    ports: list[int] = []
    with RudeServer([Act(headers=(("Connection", "close"),))]) as first:
        with RudeServer() as second:
            ports += [first.port, second.port]

            def resolve(host: str, port: int) -> list[Address]:
                return [v4("127.0.0.1", ports.pop(0))]

            with client(first.url, credential, resolve) as (transport, _):
                transport.send(BATCH, soon())
                first.__exit__(None, None, None)
                assert transport.send(BATCH, soon()).acked == 1
            assert len(second.requests) == 1


def test_a_server_that_speaks_only_tls_1_3_is_met_the_wide_way(credential: Path) -> None:
    with RudeServer(certificate="server") as server:
        server._context.minimum_version = ssl.TLSVersion.TLSv1_3
        with client(server.url, credential) as (transport, _):
            assert transport.send(BATCH, soon()).acked == 1
            assert transport.send(BATCH, soon()).acked == 1


def test_a_wrong_certificate_is_no_reason_to_try_again(credential: Path) -> None:
    with RudeServer(certificate="other-name") as server, client(server.url, credential) as (transport, _):
        with pytest.raises(SendError, match="certificate"):
            transport.send(BATCH, soon())
        assert server.connections == 1


def test_tls_1_3_may_be_wished_for(credential: Path) -> None:
    with RudeServer(certificate="server") as server:
        server._context.minimum_version = ssl.TLSVersion.TLSv1_3
        tls = TlsSettings(AUTHORITY, "1.3")
        with client(server.url, credential, tls=tls) as (transport, _):
            transport.send(BATCH, soon())
        assert server.connections == 1


def test_a_client_certificate_is_shown_where_one_is_asked_for(credential: Path, tmp_path: Path) -> None:
    mine, key = tmp_path / "mine.pem", tmp_path / "mine.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=shop-1", "-keyout", str(key), "-out", str(mine)], check=True, capture_output=True,
    )  # fmt: skip
    with RudeServer(certificate="server") as server:
        server._context.verify_mode = ssl.CERT_REQUIRED
        server._context.load_verify_locations(mine)
        with client(server.url, credential, tls=TlsSettings(AUTHORITY)) as (transport, _), pytest.raises(SendError):
            transport.send(BATCH, soon())
        assert server.requests == []
        tls = TlsSettings(AUTHORITY, client_cert=mine, client_key=key)
        with client(server.url, credential, tls=tls) as (transport, _):
            assert transport.send(BATCH, soon()).acked == 1


def test_a_client_certificate_that_is_missing_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(SendError, match=r"mine\.pem"):
        Trust(TlsSettings(AUTHORITY, client_cert=tmp_path / "mine.pem")).context()


def test_through_a_proxy_with_a_password(credential: Path, tmp_path: Path) -> None:
    secret = tmp_path / "proxy"
    secret.touch(0o600)
    secret.write_text("me:pass\n")
    with RudeServer(certificate="server") as server, OneProxy(server.port) as proxy:
        with client(server.url, credential, proxy=proxy.url, proxy_auth_file=secret) as (transport, _):
            assert transport.send(BATCH, soon()).acked == 1
            assert transport.send(BATCH, soon()).acked == 1
    (head,) = proxy.heads
    assert head.startswith(b"CONNECT localhost:%d HTTP/1.1\r\n" % server.port)
    assert b"Proxy-Authorization: Basic " + base64.b64encode(b"me:pass") in head


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic\r\n\r\n", "HTTP 407"),
        (b"SSH-2.0\r\n\r\n", "no HTTP proxy"),
        (b"HTTP/1.1 200 " + b"x" * 20_000, "too long"),
    ],
)
def test_a_proxy_that_will_not_is_said(credential: Path, answer: bytes, words: str) -> None:
    with RudeServer() as server, OneProxy(server.port, answer) as proxy:
        with client(server.url, credential, proxy=proxy.url) as (transport, _), pytest.raises(SendError, match=words):
            transport.send(BATCH, soon())


@pytest.mark.parametrize("mode", [0o644, None])
def test_a_proxys_password_that_others_may_read_is_not_used(credential: Path, tmp_path: Path, mode: int | None) -> None:
    secret = tmp_path / "proxy"
    if mode is not None:
        secret.write_text("me:pass")
        secret.chmod(mode)
    with RudeServer() as server, OneProxy(server.port) as proxy:
        with client(server.url, credential, proxy=proxy.url, proxy_auth_file=secret) as (transport, _):
            with pytest.raises(SendError) as caught:
                transport.send(BATCH, soon())
    assert caught.value.kind == "credential"
    assert "pass" not in caught.value.detail.replace("password", "")


@pytest.mark.parametrize("url", ["https://proxy:1", "http://", "http://me:pass@proxy:1", "http://proxy:1/x", "proxy:1"])
def test_addresses_of_proxies_that_will_not_do(url: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        parse_proxy(url, None)


def test_a_session_that_is_refused_is_followed_by_the_credential(credential: Path) -> None:
    first = b'{"v":1,"acked":1,"session":"shop-1aaaaaaaaaaaa"}'
    script = [
        Act(body=first),
        Act(status=204, body=b""),
        Act(status=401, body=b'{"error":{"code":"unauthorized"}}'),
        Act(),
    ]
    with RudeServer(script) as server, client(server.url, credential) as (transport, _):
        for _ in range(3):
            assert transport.send(BATCH, soon()).acked == 1
    assert [request.line.split()[1] for request in server.requests] == [
        "/v1/reports", "/~shop-1aaaaaaaaaaaa", "/~shop-1aaaaaaaaaaaa", "/v1/reports",
    ]  # fmt: skip
    assert [("authorization" in request.headers) for request in server.requests] == [True, False, False, True]


def test_a_proxy_that_knows_only_the_old_path_is_not_bothered_again(credential: Path) -> None:
    offer = Act(body=b'{"v":1,"acked":1,"session":"shop-1aaaaaaaaaaaa"}')
    with RudeServer([offer, Act(status=404, body=b"<html>"), offer]) as server:
        with client(server.url, credential) as (transport, _):
            for _ in range(4):
                transport.send(BATCH, soon())
    assert [request.line.split()[1] for request in server.requests].count("/~shop-1aaaaaaaaaaaa") == 1


@pytest.mark.parametrize(
    ("refusal", "again"),
    [
        (Act(status=409, body=b'{"error":{"code":"unknown_base"}}'), b"\xa1"),
        (Act(status=400, body=b'{"error":{"code":"unknown_version"}}'), b"{"),
        (Act(status=400, body=b'{"error":{"code":"bad_frame"}}'), b"{"),
    ],
)
def test_a_frame_that_is_refused_is_said_in_full_in_the_same_send(credential: Path, refusal: Act, again: bytes) -> None:
    batch = BATCH.replace(b'"verdict"', b'"heartbeat"')
    offer = Act(body=b'{"v":1,"acked":1,"dictionary":7}')
    with RudeServer([offer, refusal, Act(body=b'{"v":1,"acked":1}')]) as server, client(server.url, credential) as (
        transport, _,
    ):  # fmt: skip
        transport.send(batch, soon())
        assert transport.send(batch, soon()).acked == 1
    assert [request.body[:1] for request in server.requests] == [b"{", b"\xb1", again]


def test_a_refusal_that_means_the_records_is_not_tried_otherwise(credential: Path) -> None:
    offer = Act(body=b'{"v":1,"acked":1,"dictionary":1}')
    with RudeServer([offer, Act(status=400, body=b'{"error":{"code":"bad_batch"}}')]) as server:
        with client(server.url, credential) as (transport, _):
            transport.send(BATCH, soon())
            with pytest.raises(SendError):
                transport.send(BATCH, soon())
    assert len(server.requests) == 2


def hello(context: ssl.SSLContext) -> bytes:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname="centre.example").do_handshake()
    return outgoing.read()


def test_the_first_word_of_a_handshake_is_a_third_of_the_usual_one() -> None:
    lean = hello(Trust(TlsSettings(AUTHORITY)).context())
    usual = hello(ssl.create_default_context(cafile=str(AUTHORITY)))
    assert len(lean) < 180
    assert len(lean) < len(usual) / 2.5


def test_what_is_not_acknowledged_in_time_ends_a_connection_and_it_is_bound_as_asked(credential: Path) -> None:
    with RudeServer() as server, client(server.url, credential, bind_interface="lo") as (transport, _):
        assert transport.send(BATCH, soon()).acked == 1
        assert transport._link is not None
        sock = transport._link.stream()
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 25_000
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, 16).rstrip(b"\0") == b"lo"


@pytest.mark.parametrize(("age_s", "tickets"), [(3600, True), (7199, True), (7200, False), (86_400, False)])
def test_a_session_that_was_too_old_is_no_sign_of_a_server_without_any(age_s: int, tickets: bool) -> None:
    def handshake(time: int) -> ssl.SSLSocket:
        made = SimpleNamespace(session=SimpleNamespace(time=time), session_reused=False)
        return cast("ssl.SSLSocket", made)

    trust = Trust(TlsSettings(AUTHORITY))
    trust.session = handshake(1_790_000_000).session
    trust.agreed(handshake(1_790_000_000 + age_s))
    assert (trust.session, trust.tickets) == (None, tickets)
