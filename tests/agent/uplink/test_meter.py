"""Bytes by purpose."""

import socket
import struct
import threading

import pytest

from agent.uplink.meter import Meter, Traffic, tcp_traffic, traffic_of


def test_sums_by_purpose() -> None:
    meter = Meter()
    meter.count("report", Traffic(10, 20))
    meter.count("report", Traffic(1, 2))
    meter.count("handshake", Traffic(100, 0))
    meter.count("probe", Traffic())
    assert meter.snapshot() == {"report": Traffic(11, 22), "handshake": Traffic(100, 0)}


def test_what_is_taken_is_counted_once() -> None:
    meter = Meter()
    meter.count("report", Traffic(1, 1))
    assert meter.take() == {"report": Traffic(1, 1)}
    assert meter.take() == {}


def test_threads_lose_no_byte_between_counting_and_taking() -> None:
    meter = Meter()
    taken: list[int] = []
    done = threading.Event()

    def count() -> None:
        for _ in range(5000):
            meter.count("report", Traffic(1, 0))

    def take() -> None:
        while not done.is_set():
            taken.extend(traffic.sent for traffic in meter.take().values())

    counters = [threading.Thread(target=count) for _ in range(3)]
    taker = threading.Thread(target=take)
    for thread in [taker, *counters]:
        thread.start()
    for thread in counters:
        thread.join()
    done.set()
    taker.join()
    assert sum(taken) + sum(traffic.sent for traffic in meter.take().values()) == 15_000


def test_a_connection_costs_its_bytes_and_the_headers_of_its_segments() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as near:
        far, _ = listener.accept()
        with far:
            opened = tcp_traffic(near)
            near.sendall(b"x" * 1000)
            far.recv(2000)
            far.sendall(b"y" * 500)
            near.recv(2000)
            after = tcp_traffic(near)
    assert opened is not None
    assert after is not None
    spent = after - opened
    assert 1000 + 40 <= spent.sent <= 1000 + 3 * 60
    assert 500 + 40 <= spent.received <= 500 + 3 * 60


def test_a_closed_connection_says_nothing() -> None:
    sock = socket.socket()
    sock.close()
    assert tcp_traffic(sock) is None


@pytest.mark.parametrize(("length", "sent"), [(232, 9000), (160, 1000)])
def test_older_kernels_say_less(length: int, sent: int) -> None:
    """Linux before 4.19 has no bytes_sent; acknowledged bytes (without retransmissions) stand in for it."""
    info = bytearray(256)
    struct.pack_into("=QQII", info, 120, 1000, 2000, 10, 5)
    struct.pack_into("=Q", info, 200, 9000)
    traffic = traffic_of(bytes(info[:length]), socket.AF_INET)
    assert traffic == Traffic(sent + 10 * 40 + 20, 2000 + 5 * 40 + 20)


def test_a_kernel_without_any_figures_is_not_guessed_at() -> None:
    assert traffic_of(bytes(104), socket.AF_INET) is None


def test_ipv6_headers_and_timestamps_are_in_the_sum() -> None:
    info = bytearray(256)
    info[5] = 1
    struct.pack_into("=QQII", info, 120, 0, 0, 1, 1)
    assert traffic_of(bytes(info), socket.AF_INET6) == Traffic(72 + 8, 72 + 8)
