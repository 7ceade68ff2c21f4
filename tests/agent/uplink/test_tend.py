"""Probes are sent when they are needed, and not when a report is about to do the same; the kernel is the spare."""

import json
import socket
from collections.abc import Iterator
from math import inf
from pathlib import Path

import pytest

from agent.clock import Deadline
from agent.uplink.base import Tended
from agent.uplink.fallback import FallbackTransport
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from tests.fakes.clock import FakeClock
from tests.fakes.http_server import Act, RudeServer
from tests.fakes.transport import FakeCentre, FlakyTransport

WELCOME = Act(body=b'{"v":1,"acked":1}')
CLOCK = FakeClock()


@pytest.fixture
def server() -> Iterator[RudeServer]:
    with RudeServer([WELCOME]) as made:
        yield made


@pytest.fixture
def line(server: RudeServer, tmp_path: Path) -> Iterator[HttpTransport]:
    credential = tmp_path / "credential"
    credential.touch(0o600)
    credential.write_text(f"shop-1:{'s' * 43}\n")
    made = HttpTransport(HttpSettings(server.url, credential), CLOCK, Meter())
    yield made
    made.close()


def report(line: HttpTransport, next_due_s: int = 900) -> None:
    body = {"next_due_s": next_due_s, "agent": "0.1.0", "verdict": "ok"}
    records = [{"seq": 1, "type": "heartbeat", "at": 1, "body": body}]
    batch = {"v": 1, "epoch": "00112233445566aa", "sent_at": 1, "records": records}
    line.send(json.dumps(batch).encode(), Deadline.after(10.0, CLOCK))


def about(seconds: float) -> object:
    """The kernel is given a moment for each probe."""
    return pytest.approx(seconds, abs=0.3)


def kernel_idle_s(line: HttpTransport) -> int:
    assert line._link is not None
    return line._link.stream().getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE)


def test_without_a_connection_nothing_is_due(line: HttpTransport) -> None:
    assert line.tend() == inf


def test_a_silence_is_ended_when_it_has_lasted_as_long_as_is_borne(line: HttpTransport) -> None:
    report(line)
    assert line.tend() == about(225)
    CLOCK.advance(200)
    assert line.tend() == about(25)
    CLOCK.advance(25)
    assert line.tend() == 225, "it is probed now"
    CLOCK.advance(100)
    assert line.tend() == about(125)


def test_a_report_that_is_due_makes_the_probe_before_it_needless(line: HttpTransport) -> None:
    report(line)
    for _ in range(3):
        CLOCK.advance(line.tend())
        assert line.tend() == 225
    assert line.tend() == about(229.5), "not at 900 s, when the next report is"
    CLOCK.advance(230)
    assert line.tend() == 225, "it did not come"


def test_the_kernel_probes_by_itself_a_minute_later_and_exactly_where_nobody_tends(line: HttpTransport) -> None:
    report(line)
    assert kernel_idle_s(line) == 225
    line.tend()
    assert kernel_idle_s(line) == 285
    report(line)
    assert kernel_idle_s(line) == 285


def test_a_connection_that_is_not_worth_its_probes_is_left_alone(line: HttpTransport) -> None:
    report(line, next_due_s=4 * 3600)
    assert line.tend() == inf


def test_a_line_that_was_lost_meanwhile_is_noticed_and_not_probed(line: HttpTransport, server: RudeServer) -> None:
    report(line)
    server.drop_connections()
    CLOCK.advance(225)
    assert line.tend() == inf
    report(line)
    assert server.connections == 2


def test_the_sure_one_of_two_carriers_is_tended(line: HttpTransport) -> None:
    report(line)
    assert isinstance(line, Tended)
    both = FallbackTransport(FlakyTransport(FakeCentre()), line, CLOCK)
    assert both.tend() == about(225)
    assert FallbackTransport(line, FlakyTransport(FakeCentre()), CLOCK).tend() == inf
