"""Knocking at the centre: real sockets on this machine, one deadline, the true reason."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from agent.clock import Deadline, SystemClock
from agent.sample.base import Reach
from agent.sample.reach import (
    CONNECT_COST,
    DNS_COST,
    REFUSED_COST,
    ReachPart,
    SocketAddress,
    look_up,
    reach_centre,
    target_of,
)

CLOCK = SystemClock()


def soon(seconds: float = 3.0) -> Deadline:
    return Deadline.after(seconds, CLOCK)


def by(part: ReachPart, target: str) -> Reach:
    return next(reach for reach in part.reach if reach.target == target)


@pytest.fixture
def listening() -> Iterator[int]:
    """A port of this machine that answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def closed() -> int:
    """A port of this machine where nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def answers(port: int) -> list[SocketAddress]:
    return [(socket.AF_INET, ("127.0.0.1", port))]


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://centre.example/x", ("centre.example", 443)),
        ("https://centre.example:8443", ("centre.example", 8443)),
        ("mqtts://broker", ("broker", 8883)),
        ("coap+oscore://c", ("c", 5683)),
        ("http://[::1]:80/", ("::1", 80)),
        ("", None),
        ("https://", None),
        ("https://a:99999", None),
        ("nonsense", None),
    ],
)
def test_host_and_port_of_an_address(url: str, target: tuple[str, int] | None) -> None:
    assert target_of(url) == target


def test_a_port_that_answers_is_reached(listening: int) -> None:
    part = reach_centre(f"http://127.0.0.1:{listening}", soon(), CLOCK)
    assert by(part, "centre").ok is True
    assert [reach.target for reach in part.reach] == ["centre"]
    assert part.cost_bytes == CONNECT_COST
    assert "answers" in part.evidence[0].text


def test_a_refusal_is_said_as_such(closed: int) -> None:
    part = reach_centre(f"http://127.0.0.1:{closed}", soon(), CLOCK)
    assert by(part, "centre").ok is False
    assert by(part, "centre").detail == f"127.0.0.1 port {closed}: refused"
    assert part.cost_bytes == REFUSED_COST


def test_a_name_is_looked_up_first_and_paid_for(listening: int) -> None:
    part = reach_centre("http://centre.example", soon(), CLOCK, resolver=lambda _host, _port: answers(listening))
    assert (by(part, "dns").ok, by(part, "centre").ok) == (True, True)
    assert part.cost_bytes == DNS_COST + CONNECT_COST


def test_the_second_address_is_tried_when_the_first_refuses(listening: int, closed: int) -> None:
    part = reach_centre("http://c", soon(), CLOCK, resolver=lambda _host, _port: answers(closed) + answers(listening))
    assert by(part, "centre").ok is True
    assert part.cost_bytes == DNS_COST + REFUSED_COST + CONNECT_COST


def test_an_unknown_name_leaves_the_centre_untried() -> None:
    def unknown(_host: str, _port: int) -> list[SocketAddress]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    part = reach_centre("https://centre.invalid", soon(), CLOCK, resolver=unknown)
    assert (by(part, "dns").ok, by(part, "dns").detail) == (False, "name not known")
    assert by(part, "centre").ok is None


def test_a_name_without_address_is_no_success() -> None:
    assert look_up("c", 1, soon(), CLOCK, lambda _host, _port: []).ok is False


def test_a_resolver_that_hangs_is_left_alone_and_no_more_than_two_of_them() -> None:
    release = threading.Event()

    def hang(_host: str, _port: int) -> list[SocketAddress]:
        release.wait()
        return []

    try:
        for _ in range(2):
            found = look_up("c", 1, soon(0.05), CLOCK, hang)
            assert (found.ok, found.addresses) == (False, ())
        assert look_up("c", 1, soon(0.05), CLOCK, hang).ok is None
    finally:
        release.set()


def test_a_full_queue_times_out_within_the_deadline() -> None:
    with closing(socket.socket()) as server, closing(socket.socket()) as first, closing(socket.socket()) as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        part = reach_centre(f"http://127.0.0.1:{server.getsockname()[1]}", soon(0.3), CLOCK)
    assert by(part, "centre").ok is False
    assert (by(part, "centre").detail or "").endswith("timed out")


def test_no_time_left_is_not_a_failure(listening: int) -> None:
    part = reach_centre(f"http://127.0.0.1:{listening}", soon(0.0), CLOCK)
    assert by(part, "centre").ok is None
    assert part.cost_bytes == 0


def test_an_interface_that_is_not_there_is_said(listening: int) -> None:
    part = reach_centre(f"http://127.0.0.1:{listening}", soon(), CLOCK, bind_interface="nosuch0")
    assert by(part, "centre").ok is False
    assert "interface" in (by(part, "centre").detail or "") or "allowed" in (by(part, "centre").detail or "")


def test_no_address_asks_nothing() -> None:
    assert reach_centre("", soon(), CLOCK) == ReachPart()
