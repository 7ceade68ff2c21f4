"""TLS with the true reason, the one question, walls on plain HTTP; certificates read without trust."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.clock import Deadline, SystemClock
from agent.sample.net.answers import arp_flags
from agent.sample.net.centre import Centre, Heard, ask_centre, explain, outcome_of
from agent.sample.net.certificate import facts_of
from agent.sample.net.knock import Door, knock_all, reset
from agent.sample.net.look import look_at_network
from agent.sample.net.meanings import is_carrier
from agent.sample.net.part import NetPart
from agent.sample.net.scene import Around, NetSettings, host_and_port, pins
from agent.sample.net.talk import MAX_RECEIVED, Talk
from agent.sample.net.way import Way
from agent.sample.net.web import read_web
from agent.uplink.http_answer import HttpAnswer

CLOCK = SystemClock()
TLS = Path(__file__).parents[3] / "bench" / "scenarios" / "tls"
BEARER = "t1:" + "A" * 43
Handler = Callable[[socket.socket], None]


@contextmanager
def door(handle: Handler) -> Iterator[int]:
    """A port of this machine; each connection is handled in turn. Whatever goes wrong there is the client's doing."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    held, _ = server.accept()
                except OSError:
                    return
                held.settimeout(60)
                try:
                    with held:
                        if held.recv(4, socket.MSG_PEEK) == b"END\n":
                            return
                        handle(held)
                except (OSError, ValueError):
                    continue

        thread = threading.Thread(target=serve)
        thread.start()
        port = int(server.getsockname()[1])
        try:
            yield port
        finally:
            with socket.create_connection(("127.0.0.1", port)) as last:
                last.sendall(b"END\n")
            thread.join()


def secure(certificate: str, says: bytes, heard: list[bytes] | None = None) -> Handler:
    def handle(held: socket.socket) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / f"{certificate}.pem")
        with context.wrap_socket(held, server_side=True) as line:
            request = line.recv(4096)
            if heard is not None:
                heard.append(request)
            line.sendall(says)

    return handle


def asked(port: int, *, bearer: str | None = BEARER, room: int = MAX_RECEIVED, seconds: float = 5.0) -> Heard:
    deadline = Deadline.after(seconds, CLOCK)
    (knock,) = knock_all([Door("centre", "127.0.0.1", port, keep=True)], Way(), deadline, CLOCK)
    assert knock.kept is not None
    centre = Centre("centre.example", port, ca_file=TLS / "authority.pem", bearer=bearer)
    try:
        return ask_centre(Talk(knock.kept, deadline, CLOCK, room), centre)
    finally:
        reset(knock.kept)


def http(status: str, body: str = "{}", kind: str = "application/json", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return (head + body).encode()


@pytest.mark.parametrize(
    ("certificate", "outcome"),
    [
        ("good", "well"),
        ("expired", "certificate_expired"),
        ("early", "certificate_early"),
        ("other-name", "certificate_name"),
        ("intercepted", "certificate_chain"),
    ],
)
def test_the_reason_why_a_certificate_is_not_accepted(certificate: str, outcome: str) -> None:
    with door(secure(certificate, http("400 Bad Request"))) as port:
        assert asked(port).outcome == outcome


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        ("200 OK", "application/json", "well"),
        ("400 Bad Request", "application/json", "well"),
        ("401 Unauthorized", "application/json", "credential_refused"),
        ("403 Forbidden", "application/json", "credential_refused"),
        ("403 Forbidden", "text/html", "stranger"),
        ("404 Not Found", "application/json", "report_refused"),
        ("302 Found", "application/json", "stranger"),
        ("429 Too Many", "application/json", "centre_unwell"),
        ("503 Unavailable", "text/html", "centre_unwell"),
    ],
)
def test_what_the_centre_says_of_an_empty_report(status: str, kind: str, outcome: str) -> None:
    with door(secure("good", http(status, kind=kind))) as port:
        assert asked(port).outcome == outcome


def test_the_credential_travels_only_over_a_verified_connection() -> None:
    heard: list[bytes] = []
    with door(secure("intercepted", http("200 OK"), heard)) as port:
        asked(port)
        until = Deadline.after(5.0, CLOCK)
        centre = Centre("centre.example", port, bearer=BEARER)
        explain(centre, "127.0.0.1", Way(), until, CLOCK, room=MAX_RECEIVED, time=True)
    assert not any(BEARER.encode() in request for request in heard)
    assert BEARER not in repr(Centre("centre.example", 1, bearer=BEARER))


def test_a_certificate_that_was_refused_says_who_made_it() -> None:
    with door(secure("intercepted", http("200 OK", more="Date: Sun, 01 Jan 2040 00:00:00 GMT\r\n"))) as port:
        until = Deadline.after(5.0, CLOCK)
        centre = Centre("centre.example", port)
        seen = explain(centre, "127.0.0.1", Way(), until, CLOCK, room=MAX_RECEIVED, time=True)
    assert seen.facts is not None
    assert (seen.facts.issuer, seen.facts.subject) == ("Carrier gateway authority", "centre.example")
    assert seen.server_time == 2_208_988_800.0


def test_no_tls_at_all_is_told_from_a_bad_certificate() -> None:
    with door(lambda held: held.sendall(http("400 Bad Request", "<html>", "text/html"))) as port:
        assert asked(port).outcome == "tls_broken"


def test_a_peer_that_drips_does_not_hold_us() -> None:
    def drip(held: socket.socket) -> None:
        while True:
            held.sendall(b"\x16")
            held.recv(1)

    with door(drip) as port:
        assert asked(port, seconds=0.3).outcome == "tls_broken"


def test_the_budget_ends_the_talk_and_blames_nobody() -> None:
    with door(secure("good", http("400 Bad Request"))) as port:
        assert asked(port, room=900).outcome == "not_finished"


@given(st.binary(max_size=400))
def test_no_certificate_is_too_strange(data: bytes) -> None:
    facts_of(data)


@given(st.integers(0, 1000), st.integers(0, 255))
def test_no_damaged_certificate_is_too_strange(at: int, value: int) -> None:
    der = bytearray(ssl.PEM_cert_to_DER_cert((TLS / "authority.pem").read_text(encoding="ascii")))
    der[at % len(der)] = value
    facts_of(bytes(der))


@given(st.integers(100, 599), st.binary(max_size=40))
def test_every_status_means_something(status: int, body: bytes) -> None:
    assert outcome_of(HttpAnswer(status, {}, body), asked_with_credential=True)


@pytest.mark.parametrize(
    ("status", "location", "body", "kind", "seen"),
    [
        (302, "http://wap.10086.cn/pay", "", "", "carrier_portal"),
        (302, "http://10086.cn.evil.example/", "", "", "portal"),
        (307, "https://games.example/", "", "", "portal"),
        (301, "https://centre.example/healthz", "", "", "own_redirect"),
        (301, "/healthz", "", "", "own_redirect"),
        (302, "http://[::", "", "", "portal"),
        (511, "", "", "", "portal"),
        (200, "", "<html>", "text/html", "portal"),
        (200, "", "{}", "application/json", "as_meant"),
        (404, "", "<html>", "text/html", "as_meant"),
    ],
)
def test_what_plain_http_shows(status: int, location: str, body: str, kind: str, seen: str) -> None:
    answer = HttpAnswer(status, {"location": location, "content-type": kind}, body.encode())
    assert read_web(answer, "centre.example")[0] == seen


def test_a_portals_address_is_never_shown_whole() -> None:
    answer = HttpAnswer(302, {"location": "http://games.example/win?card=1"}, b"")
    assert read_web(answer, "centre.example")[1] == "HTTP 302, towards the host games.example"


def test_carriers_are_known_by_their_whole_domain() -> None:
    assert is_carrier("wap.10086.cn.")
    assert not is_carrier("my10086.cn")


def looked(settings: NetSettings, around: Around | None = None, seconds: float = 5.0) -> NetPart:
    return look_at_network(settings, around or Around(), Deadline.after(seconds, CLOCK), CLOCK)


def test_traffic_that_flows_spares_the_payment_host(tmp_path: Path) -> None:
    part = looked(NetSettings(payment_hosts=("127.0.0.1:1",)), Around(flowed_bytes=100_000))
    assert [(reach.target, reach.ok) for reach in part.reach] == [("internet", True)]
    assert part.cost_bytes == 0


def test_a_payment_host_is_knocked_at_and_never_spoken_to() -> None:
    heard: list[bytes] = []
    with door(lambda held: heard.append(held.recv(100))) as port:
        part = looked(NetSettings(payment_hosts=(f"127.0.0.1:{port}",)))
    assert [(reach.target, reach.ok) for reach in part.reach] == [("internet", True)]
    assert not any(heard)


def test_nothing_is_sent_after_the_deadline() -> None:
    part = looked(NetSettings(payment_hosts=("127.0.0.1:1",)), seconds=0.0)
    assert part.cost_bytes == 0


@pytest.mark.parametrize("text", ["", "host", "host:x", "host:99999", "[::1", ":443"])
def test_what_is_no_host_and_port(text: str) -> None:
    assert host_and_port(text) is None


def test_pins_of_one_name_are_collected() -> None:
    assert pins(["Pay.Example=203.0.113.1", "pay.example=203.0.113.2"]) == {
        "pay.example": ("203.0.113.1", "203.0.113.2")
    }


def test_the_kernels_word_about_the_gateway() -> None:
    table = (
        "IP address HW type Flags HW address Mask Device\n"
        "10.1.0.1   0x1     0x2   02:00:00:00:00:01 *  wwan0\n"
        "10.2.0.1   0x1     0x0   00:00:00:00:00:00 *  wwan0\n"
    )
    assert [arp_flags(table, gateway, "wwan0") for gateway in ("10.1.0.1", "10.2.0.1", "10.3.0.1")] == [2, 0, None]
    assert arp_flags(table, "10.1.0.1", "eth0") is None
