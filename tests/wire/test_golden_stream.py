"""What travels on a stream, from the question for it on: as it was when it was released, and readable for ever."""

from pathlib import Path
from typing import Any

import httptools
import pytest

from agent.clock import SystemClock
from agent.uplink.base import SendError
from agent.uplink.place import parse_url
from agent.uplink.stream import request
from agent.uplink.told import answer_in
from agent.wire.websocket import BINARY, Incoming, Message, frame
from central.ingest.stream import key_of, switching

GOLDEN = Path(__file__).parent / "golden"
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
MASK = bytes.fromhex("37fa213d")


def golden(name: str) -> bytes:
    text = (GOLDEN / name).read_bytes()
    return bytes.fromhex(text.decode()) if name.endswith(".hex") else text


def message(name: str, *, masked: bool = False) -> Message | None:
    incoming = Incoming(masked=masked, limit=1000)
    incoming.feed(golden(name))
    return incoming.next()


class _Asked:
    def __init__(self) -> None:
        self.headers: list[tuple[bytes, bytes]] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))


def test_the_question_and_its_answer() -> None:
    place = parse_url("https://centre.example/pos")
    assert request(place, "shop-1x5Jx0cR2uT9k", KEY) == golden("stream1-upgrade.http")
    assert switching(KEY) == golden("stream1-switching.http")


def test_the_question_is_understood() -> None:
    asked = _Asked()
    parser: Any = httptools.HttpRequestParser(asked)
    with pytest.raises(httptools.HttpParserUpgrade):
        parser.feed_data(golden("stream1-upgrade.http"))
    assert key_of(parser.get_method(), asked.headers) == KEY


def test_a_report_is_the_frame_that_a_post_carries() -> None:
    assert message("stream1-report.hex", masked=True) == Message(BINARY, golden("frame1-based.hex"))
    assert frame(golden("frame1-based.hex"), mask=MASK) == golden("stream1-report.hex")


def test_nothing_says_that_all_is_stored() -> None:
    stored = message("stream1-stored.hex")
    assert stored == Message(BINARY, b"")
    assert answer_in(stored.data, b'{"records":[1,2]}', SystemClock()).acked == 2


def test_a_refusal_has_its_status_beside_it() -> None:
    refused = message("stream1-refused.hex")
    assert refused is not None
    with pytest.raises(SendError) as caught:
        answer_in(refused.data, b"{}", SystemClock())
    assert (caught.value.status, caught.value.code, caught.value.speaker) == (409, "unknown_base", "centre")
