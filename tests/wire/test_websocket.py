"""Messages as RFC 6455 has them: its own examples, every cut, and what is not one."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire.websocket import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    Incoming,
    Message,
    StreamError,
    accepted,
    closing,
    frame,
)

MASK = bytes.fromhex("37fa213d")
LIMIT = 1000


def read(data: bytes, *, masked: bool = False, limit: int = LIMIT, step: int = 0) -> list[Message]:
    incoming = Incoming(masked=masked, limit=limit)
    found: list[Message] = []
    for at in range(0, len(data), step or max(1, len(data))):
        incoming.feed(data[at : at + (step or len(data))])
        while message := incoming.next():
            found.append(message)
    assert not incoming.begun
    return found


def test_the_examples_of_the_standard() -> None:
    """RFC 6455, 1.3 and 5.7."""
    assert accepted(b"dGhlIHNhbXBsZSBub25jZQ==") == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert frame(b"Hello", TEXT) == bytes.fromhex("810548656c6c6f")
    assert frame(b"Hello", TEXT, MASK) == bytes.fromhex("818537fa213d7f9f4d5158")
    assert frame(b"Hello", PING) == bytes.fromhex("890548656c6c6f")
    assert frame(b"Hello", PONG, MASK) == bytes.fromhex("8a8537fa213d7f9f4d5158")
    assert frame(bytes(256))[:4] == bytes.fromhex("827e0100")
    assert frame(bytes(65_536))[:10] == bytes.fromhex("827f0000000000010000")
    assert read(bytes.fromhex("010348656c" + "80026c6f")) == [Message(TEXT, b"Hello")]
    assert closing(1001) == bytes.fromhex("880203e9")


@given(st.lists(st.binary(max_size=300), max_size=6), st.booleans(), st.integers(1, 40))
def test_what_is_said_is_heard_however_it_is_cut(said: list[bytes], masked: bool, step: int) -> None:
    wire = b"".join(frame(data, mask=MASK if masked else b"") for data in said)
    assert read(wire, masked=masked, step=step) == [Message(BINARY, data) for data in said]


@given(st.lists(st.binary(max_size=60), min_size=2, max_size=6), st.integers(1, 40))
def test_a_message_in_several_frames_is_one_and_pings_come_between(parts: list[bytes], step: int) -> None:
    kinds = [BINARY] + [0] * (len(parts) - 1)
    wire = bytearray()
    for number, (kind, part) in enumerate(zip(kinds, parts, strict=True)):
        one = bytearray(frame(part, kind))
        one[0] &= 0xFF if number == len(parts) - 1 else 0x7F
        wire += one + (frame(b"?", PING) if number == 0 else b"")
    assert read(bytes(wire), step=step) == [Message(PING, b"?"), Message(BINARY, b"".join(parts))]


@given(st.binary(max_size=200), st.booleans())
def test_garbage_is_a_message_or_an_error_and_never_grows(data: bytes, masked: bool) -> None:
    incoming = Incoming(masked=masked, limit=64)
    incoming.feed(data)
    with suppress(StreamError):
        while message := incoming.next():
            assert len(message.data) <= 125


@pytest.mark.parametrize(
    ("wire", "code"),
    [
        (frame(b"x", mask=MASK), PROTOCOL_ERROR),
        (b"\xc2\x00", PROTOCOL_ERROR),
        (b"\x83\x00", PROTOCOL_ERROR),
        (b"\x80\x00", PROTOCOL_ERROR),
        (b"\x02\x00\x02\x00", PROTOCOL_ERROR),
        (b"\x09\x00", PROTOCOL_ERROR),
        (b"\x89\x7e\x00\x7e", PROTOCOL_ERROR),
        (b"\x82\x7e\xff\xff", TOO_BIG),
        (b"\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", TOO_BIG),
        (b"\x02\x7e\x03\xe8" + bytes(1000) + b"\x80\x01x", TOO_BIG),
    ],
    ids=["a mask", "reserved", "unknown", "continues nothing", "two begun", "half a ping", "a long ping", "long",
         "endless", "long in parts"],
)  # fmt: skip
def test_what_is_no_stream_is_said_before_it_is_kept(wire: bytes, code: int) -> None:
    incoming = Incoming(masked=False, limit=LIMIT)
    incoming.feed(wire)
    with pytest.raises(StreamError) as caught:
        list(iter(incoming.next, None))
    assert caught.value.code == code


def test_the_centre_reads_no_frame_without_a_mask() -> None:
    incoming = Incoming(masked=True, limit=LIMIT)
    incoming.feed(frame(b"x"))
    with pytest.raises(StreamError):
        incoming.next()


def test_a_close_without_a_reason_is_a_message_as_well() -> None:
    assert read(b"\x88\x00") == [Message(CLOSE, b"")]


def test_an_empty_message_is_a_message() -> None:
    assert read(frame(b"", mask=MASK), masked=True) == [Message(BINARY, b"")]
