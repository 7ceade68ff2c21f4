"""A centre in the wrong hands, or somebody before it: what it makes a terminal spend is bounded, and it never hangs."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.clock import Deadline, SystemClock
from agent.outbox.base import Record, RecordClass
from agent.outbox.memory import MemoryOutbox
from agent.thrift import Cycle, Thrift
from agent.uplink.base import SendError, Transport
from agent.uplink.coap import CoapSettings, CoapTransport
from agent.uplink.credential import Credential, write_credential
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.mqtt import MqttSettings, MqttTransport
from agent.uplink.retry import RETRY_AFTER_CAP_S
from agent.uplink.sender import Sender, SenderSettings
from agent.uplink.tls import TlsSettings
from agent.uplink.told import refusal_in
from agent.wire import Answer, stored
from agent.wire.websocket import BINARY, PING, frame
from tests.fakes.clock import FakeClock
from tests.fakes.http_server import AUTHORITY, TLS, Act, RudeServer

CLOCK = SystemClock()
MOST_B = 600_000
"""What one attempt may cost at the worst: an answer of 64 KB twice over, and what was under way when it was cut off."""
LONG_PAGE_B = 24_000
"""Of 80 KB; two windows and what is said around them."""
WELCOME = Act(body=b'{"v":1,"acked":1,"session":"shop-1abcdefghijkl"}')
FIRST_OF_MANY = bytes((BINARY, 0))
"""A message of which more is said to follow."""


@pytest.fixture
def credential(tmp_path: Path) -> Path:
    write_credential(tmp_path / "credential", Credential("shop-1", "s" * 43))
    return tmp_path / "credential"


def batch(seq: int = 1) -> bytes:
    body = {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok"}
    record = {"seq": seq, "type": "heartbeat", "at": 7, "body": body}
    return json.dumps({"v": 1, "epoch": "0" * 16, "sent_at": 7, "records": [record]}).encode()


def refused(line: Transport, meter: Meter, seconds: float = 20.0) -> SendError:
    """The error that a report meets; what it cost is bounded."""
    before = sum(traffic.total for traffic in meter.snapshot().values())
    with pytest.raises(SendError) as failure:
        line.send(batch(), Deadline.after(seconds, CLOCK))
    line.close()
    assert sum(traffic.total for traffic in meter.snapshot().values()) - before < MOST_B
    return failure.value


# -- words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("17", 17.0),
        ("1e9", RETRY_AFTER_CAP_S),
        ("1" + "0" * 400, RETRY_AFTER_CAP_S),
        ("Infinity", RETRY_AFTER_CAP_S),
        ("NaN", None),
        ("-1e300", None),
        ('"soon"', None),
    ],
)
def test_a_time_to_wait_that_is_none_neither_stops_nor_hurries_us(said: str, seconds: float | None) -> None:
    refusal = refusal_in(b'{"error":{"code":"no"},"status":503,"retry_after_s":%b}' % said.encode())
    assert refusal is not None
    assert refusal.retry_after_s == seconds


# -- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 502])
@pytest.mark.parametrize("how", ["", "chunked"])
def test_a_long_page_in_place_of_an_answer_is_left_after_its_beginning(status: int, how: str, credential: Path) -> None:
    meter, page = Meter(), b"<html>" + b"x" * 80_000
    act = Act(status=status, body=page)
    if how:
        act = Act(
            status=status, body=b"%x\r\n%b\r\n0\r\n\r\n" % (len(page), page), headers=(("Transfer-Encoding", how),)
        )
    with RudeServer([act]) as server:
        error = refused(HttpTransport(HttpSettings(server.url, credential), CLOCK, meter), meter)
    assert (error.kind, error.status, error.speaker) == ("status", status, "stranger")
    assert sum(traffic.total for traffic in meter.snapshot().values()) < LONG_PAGE_B


# -- streams -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        frame(b"?", PING) * 40_000,
        FIRST_OF_MANY + b"\x00\x00" * 200_000,
        b"\x82\x7f" + (2**62).to_bytes(8, "big") + b"x" * 1000,
        b"\x82\x7e\xff\xff" + b"x" * 60_000,
    ],
    ids=["pings", "pieces without end", "a frame of exabytes", "a frame that never ends"],
)
def test_a_stream_that_never_comes_to_the_point_is_ended(said: bytes, credential: Path) -> None:
    meter = Meter()
    with RudeServer([WELCOME, Act(stream=[said])]) as server:
        line = HttpTransport(HttpSettings(server.url, credential, stream_after=1), CLOCK, meter)
        line.send(batch(), Deadline.after(10.0, CLOCK))
        server.script = [Act(body=b"{}")]  # what it is told by POST then, in the same send
        assert refused(line, meter).kind == "answer"


# -- TLS ---------------------------------------------------------------------------------------------------------------


@contextmanager
def one_who(says: bytes = b"", *, sessions: int = 2) -> Iterator[int]:
    """Speaks TLS with our certificate, hands out `sessions`, hears one request, says `says`; the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    context.num_tickets = sessions

    def serve() -> None:
        with suppress(OSError):
            while True:
                sock, _ = listener.accept()
                with suppress(OSError), sock, context.wrap_socket(sock, server_side=True) as line:
                    line.recv(4000)
                    line.sendall(says)
                    line.recv(4000)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(60)


def test_sessions_without_end_are_not_taken_in(credential: Path) -> None:
    meter = Meter()
    with one_who(sessions=3000) as port:
        tls = TlsSettings(AUTHORITY, "1.3")
        line = HttpTransport(HttpSettings(f"https://localhost:{port}", credential, tls), CLOCK, meter)
        error = refused_within(line, 20.0)
    assert error.kind == "answer"


def refused_within(line: Transport, seconds: float) -> SendError:
    with pytest.raises(SendError) as failure:
        line.send(batch(), Deadline.after(seconds, CLOCK))
    line.close()
    return failure.value


# -- MQTT --------------------------------------------------------------------------------------------------------------

WELCOMED = b"\x20\x03\x00\x00\x00"
SUBSCRIBED = b"\x90\x04\x00\x01\x00\x00"
NOISE = b"\x30\x0e\x00\x05noise\x00" + b"x" * 6


def over_mqtt(port: int, credential: Path, meter: Meter) -> MqttTransport:
    return MqttTransport(MqttSettings(f"mqtts://localhost:{port}", credential, TlsSettings(AUTHORITY)), CLOCK, meter)


@pytest.mark.parametrize(
    "says",
    [
        WELCOMED + SUBSCRIBED + NOISE * 20_000,
        WELCOMED + SUBSCRIBED + b"\x30\xff\xff\xff\x7f" + b"x" * 300_000,
        WELCOMED + b"\xd0\x00" * 200_000,
        b"\x20\x08\x00\x00\x05\xff\xff\xff\xff\xff",
        WELCOMED + SUBSCRIBED + b"\x30\x05\x00\xff\x00\x00\x00",
    ],
    ids=["other messages", "a quarter of a gigabyte", "pongs", "bad properties", "a bad topic"],
)
def test_a_broker_that_says_too_much_is_left(says: bytes, credential: Path) -> None:
    meter = Meter()
    with one_who(says) as port:
        assert refused(over_mqtt(port, credential, meter), meter, 3.0).kind in {"lost", "timeout"}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=20, deadline=None
)
@given(said=st.binary(max_size=60), first=st.sampled_from([b"", WELCOMED, WELCOMED + SUBSCRIBED]))
def test_whatever_a_broker_says_is_an_answer_or_an_error(said: bytes, first: bytes, credential: Path) -> None:
    with one_who(first + said) as port:
        refused_within(over_mqtt(port, credential, Meter()), 0.3)


# -- CoAP --------------------------------------------------------------------------------------------------------------


def test_datagrams_without_end_are_not_taken_in(credential: Path) -> None:
    meter = Meter()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        over = threading.Event()

        def flood() -> None:
            _, terminal = sock.recvfrom(2000)
            while not over.is_set():
                with suppress(OSError):
                    sock.sendto(b"\x60\x00\x00\x01" + b"x" * 1000, terminal)

        thread = threading.Thread(target=flood, daemon=True)
        thread.start()
        url = f"coap+oscore://127.0.0.1:{sock.getsockname()[1]}"
        line = CoapTransport(CoapSettings(url, credential, credential.with_name("numbers")), CLOCK, meter)
        try:
            assert refused(line, meter).kind == "answer"
        finally:
            over.set()
            thread.join(60)


# -- a month of it -----------------------------------------------------------------------------------------------------


@dataclass
class Dear:
    """A way to the centre that costs and never arrives: the handshake is paid for, the certificate has expired."""

    clock: FakeClock
    cost_b: int
    spent_b: int = 0

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        self.spent_b += self.cost_b
        raise SendError("tls", "certificate has expired")

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Month:
    """Thirty days of heartbeats as paced, a change a day at random, and attempts that all fail."""

    plan_mb: int | None
    cost_b: int
    clock: FakeClock = field(default_factory=FakeClock)
    random: Random = field(default_factory=lambda: Random(1))

    def live(self) -> tuple[int, int]:
        """What was spent, of how much."""
        clock, box, thrift = self.clock, MemoryOutbox(), Thrift()
        first = datetime.fromtimestamp(clock.wall(), UTC).date()
        cycle = Cycle(first, first + timedelta(days=29), UTC)
        line = Dear(clock, self.cost_b)
        sender = Sender(box, line, SenderSettings(), clock, self.random)
        beat, change = clock.monotonic(), clock.monotonic() + 86_400.0
        while clock.wall() < cycle.ends_at:
            now, at = clock.monotonic(), clock.wall()
            if now >= beat:
                plan = thrift.pace(cycle, line.spent_b, self.plan_mb and self.plan_mb * 2**20, at, 900.0)
                sender.spare_s = plan.interval_s if plan.stretched else 0.0
                beat = now + plan.interval_s
                box.put(Record(RecordClass.HEARTBEAT, at, stored("heartbeat", at, {})))
                sender.poke(now)
            if now >= change:
                change = now + self.random.expovariate(1 / 86_400.0)
                box.put(Record(RecordClass.CHANGE, at, stored("card", at, {})))
                sender.poke(now)
            clock.advance(max(0.01, min(sender.step(now), beat - now, change - now)))
        assert thrift.account is not None
        return line.spent_b, thrift.account.budget_b


@pytest.mark.parametrize(("plan_mb", "cost_b"), [(None, 4_000), (30, 4_000), (5, 4_000), (5, 300)])
def test_a_month_of_attempts_that_all_fail_stays_inside_the_budget(plan_mb: int | None, cost_b: int) -> None:
    spent_b, budget_b = Month(plan_mb, cost_b).live()
    assert spent_b <= budget_b
