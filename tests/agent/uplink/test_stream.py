"""When a connection goes on without HTTP, what that costs, and what becomes of reports when it goes wrong."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.clock import Deadline
from agent.uplink.base import SendError
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.stream import AVOID_S, PROVEN, WORTH, Leaning
from agent.uplink.tls import TlsSettings
from agent.wire.websocket import CLOSE, PING, accepted, frame
from tests.fakes.centre import real_centre
from tests.fakes.clock import FakeClock
from tests.fakes.connect_proxy import OneProxy
from tests.fakes.http_server import AUTHORITY, Act, RudeServer

SESSION = "shop-1abcdefghijkl"
WELCOME = Act(body=b'{"v":1,"acked":1,"session":"%b"}' % SESSION.encode())
STORED = frame(b"")


class Terminal:
    def __init__(self, url: str, folder: Path, **settings: object) -> None:
        credential = folder / "credential"
        if not credential.exists():
            credential.touch(0o600)
            credential.write_text(f"shop-1:{'s' * 43}\n")
        self.clock, self.meter, self.seq = FakeClock(), Meter(), 0
        self.line = HttpTransport(HttpSettings(url, credential, **settings), self.clock, self.meter)  # type: ignore[arg-type]

    def send(self) -> int:
        self.seq += 1
        at = int(self.clock.wall())
        body = {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok", "used_bytes": self.seq * 31}
        record = {"seq": self.seq, "type": "heartbeat", "at": at, "body": body}
        batch = {"v": 1, "epoch": "00112233445566aa", "sent_at": at, "records": [record]}
        return self.line.send(json.dumps(batch).encode(), Deadline.after(10.0, self.clock)).acked

    def cost(self) -> dict[str, int]:
        self.meter.take()
        assert self.send() == 1
        return {purpose: traffic.total for purpose, traffic in self.meter.take().items()}


@contextmanager
def terminal(url: str, folder: Path, **settings: object) -> Iterator[Terminal]:
    made = Terminal(url, folder, **settings)
    yield made
    made.line.close()


@contextmanager
def rude(folder: Path, *script: Act) -> Iterator[tuple[RudeServer, Terminal]]:
    """The first report is told who speaks; then it is asked for a stream."""
    with RudeServer([WELCOME, *script]) as server, terminal(server.url, folder, stream_after=1) as made:
        yield server, made


def lines(server: RudeServer) -> list[str]:
    return [request.line.partition(" HTTP")[0] for request in server.requests]


def test_a_proven_connection_is_a_stream_and_reports_are_ninety_bytes_less(tmp_path: Path) -> None:
    with real_centre(tmp_path) as centre, terminal(centre.url, tmp_path) as made:
        costs = [made.cost() for _ in range(PROVEN + 4)]
        assert [row["seq"] for row in centre.stored()] == list(range(1, PROVEN + 5))
    posted, switched, streamed = costs[1], costs[PROVEN - 1], costs[PROVEN:]
    assert 350 < switched["handshake"] < 600
    for cost in streamed:
        assert cost.keys() == {"report"}
        assert cost["report"] < posted["report"] - 75


def test_a_proxy_in_between_sees_its_connect_and_no_more(tmp_path: Path) -> None:
    with real_centre(tmp_path, secure=True) as centre, OneProxy(centre.port) as proxy:
        with terminal(centre.url, tmp_path, stream_after=1, proxy=proxy.url, tls=TlsSettings(AUTHORITY)) as made:
            costs = [made.cost() for _ in range(3)]
        assert [row["seq"] for row in centre.stored()] == [1, 2, 3]
    assert costs[0]["handshake"] > costs[0]["report"]
    assert [cost.keys() for cost in costs[1:]] == [{"report"}] * 2
    assert len(proxy.heads) == 1


def test_asking_pays_for_itself_in_as_many_reports_as_is_said(tmp_path: Path) -> None:
    with real_centre(tmp_path) as centre, terminal(centre.url, tmp_path) as made:
        costs = [made.cost() for _ in range(PROVEN + 1)]
    saved = costs[1]["report"] - costs[PROVEN]["report"]
    assert costs[PROVEN - 1]["handshake"] <= WORTH * saved


def test_a_connection_that_is_not_kept_is_not_asked(tmp_path: Path) -> None:
    with RudeServer([WELCOME]) as server, terminal(server.url, tmp_path, stream_after=1, keep_alive_s=0.0) as made:
        made.send()
        made.send()
    assert not any(line.startswith("GET") for line in lines(server))


@pytest.mark.parametrize(
    ("refusal", "connections"),
    [
        (Act(status=405, body=b'{"error":{"code":"method_not_allowed"}}'), 1),
        (Act(status=426, body=b""), 1),
        (Act(status=501, body=b"", headers=(("Connection", "close"),)), 2),
        (Act(status=400, body=b"<html>", close=True), 2),
        (Act(status=200, body=b"<html>Please log in</html>"), 1),
        (Act(raw=b"HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n"), 2),
        (Act(raw=b"HTTP/1.1 101 Go\r\nUpgrade: h2c\r\nSec-WebSocket-Accept: %b\r\n\r\n" % accepted(b"x")), 2),
        (Act(raw=b"\x00\xff garbage\r\n\r\n", close=True), 2),
        (Act(reset=True), 2),
        (Act(cut_after=0), 2),
    ],
    ids=["405", "426", "501", "400", "portal", "no accept", "other protocol", "garbage", "reset", "cut"],
)
def test_who_is_refused_a_stream_posts_on_and_asks_again_tomorrow(
    tmp_path: Path, refusal: Act, connections: int
) -> None:
    with rude(tmp_path, refusal, WELCOME) as (server, made):
        assert [made.send() for _ in range(4)] == [1] * 4
        assert lines(server) == ["POST /v1/reports", f"GET /~{SESSION}", *[f"POST /~{SESSION}"] * 3]
        assert server.connections == connections
        made.clock.advance(AVOID_S[0])
        made.send()
        assert sum(line.startswith("GET") for line in lines(server)) <= 2


def test_an_upgrade_that_is_never_answered_holds_nobody_beyond_its_time(tmp_path: Path) -> None:
    with RudeServer([WELCOME, Act(silent=True), WELCOME]) as server:
        made = Terminal(server.url, tmp_path, stream_after=1)
        made.line._clock = _Short()  # type: ignore[assignment]
        assert made.send() == 1
        assert made.send() == 1
        made.line.close()
    assert lines(server)[-1] == f"POST /~{SESSION}"


class _Short(FakeClock):
    """Each look at it takes it a little further."""

    def monotonic(self) -> float:
        self.advance(0.5)
        return super().monotonic()


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [frame(b"\x03\xe9", CLOSE)],
        [frame(b"", PING) + frame(b"\x03\xe9", CLOSE)],
        [STORED[:1]],
    ],
    ids=["the end", "closed", "a ping, closed", "half a frame"],
)
def test_a_stream_that_ends_instead_of_answering_is_replaced_in_the_same_send(
    tmp_path: Path, answers: list[bytes]
) -> None:
    with rude(tmp_path, Act(stream=answers), WELCOME) as (server, made):
        assert [made.send() for _ in range(3)] == [1] * 3
    assert lines(server)[2] == f"POST /~{SESSION}"
    assert server.connections == 2


@pytest.mark.parametrize(
    "answer", [b"<html>Please log in</html>", b"\xff" * 40, frame(b"{}"), frame(b"x", mask=b"mask")]
)
def test_what_is_no_answer_is_no_acknowledgement_and_the_next_report_is_posted(tmp_path: Path, answer: bytes) -> None:
    with rude(tmp_path, Act(stream=[answer]), WELCOME) as (server, made):
        made.send()
        with pytest.raises(SendError) as caught:
            made.send()
        assert made.send() == 1
    assert caught.value.kind == "answer"
    assert lines(server)[2] == f"POST /~{SESSION}"


def test_more_answers_than_were_asked_for_are_nobodys(tmp_path: Path) -> None:
    """A proxy that repeats: the second answer must not pass for that to the next report."""
    with rude(tmp_path, Act(stream=[STORED + STORED]), WELCOME) as (server, made):
        assert [made.send() for _ in range(3)] == [1] * 3
    assert len(server.messages) == 1
    assert lines(server)[2] == f"POST /~{SESSION}"


def test_a_ping_in_between_is_answered_and_costs_no_report(tmp_path: Path) -> None:
    with rude(tmp_path, Act(stream=[frame(b"?", PING) + STORED])) as (_, made):
        assert [made.send(), made.send()] == [1, 1]


def test_what_the_centre_refuses_is_what_it_refuses_a_post(tmp_path: Path) -> None:
    refusal = b'{"error":{"code":"too_many_requests","message":"slowly"},"status":429,"retry_after_s":17}'
    with rude(tmp_path, Act(stream=[frame(refusal), STORED, STORED])) as (server, made):
        made.send()
        with pytest.raises(SendError) as caught:
            made.send()
        assert (caught.value.status, caught.value.retry_after_s, caught.value.speaker) == (429, 17.0, "centre")
        assert made.send() == 1
    assert len(server.messages) == 2


def test_who_is_not_known_any_more_shows_the_credential_in_the_same_send(tmp_path: Path) -> None:
    refusal = b'{"error":{"code":"unauthorized","message":"no"},"status":401}'
    with rude(tmp_path, Act(stream=[frame(refusal)]), WELCOME) as (server, made):
        assert [made.send(), made.send()] == [1, 1]
    assert lines(server)[2] == "POST /v1/reports"
    assert "authorization" in server.requests[2].headers


def test_leaning_two_streams_that_were_not_worth_it_and_post_it_is() -> None:
    once = Leaning().ended(WORTH - 1, 100.0)
    assert once.avoid_until < 100.0
    twice = once.ended(0, 200.0)
    assert twice.avoid_until == 200.0 + AVOID_S[0]
    again = twice.ended(0, 90_000.0).ended(0, 90_100.0)
    assert again.avoid_until == 90_100.0 + AVOID_S[1]
    assert again.ended(WORTH, 900_000.0) == Leaning()


def test_leaning_a_refusal_counts_at_once_and_then_for_longer() -> None:
    refused = Leaning().refused(0.0)
    assert refused.avoid_until == AVOID_S[0]
    for _ in range(3):
        refused = refused.refused(0.0)
    assert refused.avoid_until == AVOID_S[1]
