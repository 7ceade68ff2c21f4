"""Answers of HTTP/1.1 as bytes: any cut says the same as the whole, and the standard library agrees."""

import http.client
import io
import socket
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.uplink.http_answer import ENOUGH_BYTES, MAX_ANSWER_BYTES, MAX_HEAD_BYTES, Cut, HttpAnswer, Incoming, NotHttp

BARE = b"HTTP/1.1 200\r\nContent-Length:2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def read(data: bytes, *, step: int = 0, ends: bool = False) -> HttpAnswer | None:
    incoming = Incoming()
    step = step or max(1, len(data))
    for at in range(0, len(data), step):
        answer = incoming.feed(data[at : at + step])
        if answer:
            return answer
    return incoming.end() if ends else None


class Held:
    """What http.client wants of a socket."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def by_the_library(data: bytes) -> tuple[int, bytes, bool]:
    response = http.client.HTTPResponse(cast("socket.socket", Held(data)))
    response.begin()
    return response.status, response.read(), response.will_close


def chunked(parts: list[bytes], trailer: bytes = b"") -> bytes:
    chunks = b"".join(f"{len(part):x};a=b\r\n".encode() + part + b"\r\n" for part in parts if part)
    return chunks + b"0\r\n" + trailer + b"\r\n"


bodies = st.binary(max_size=300)
heads = st.sampled_from([b"", b"Date: x\r\n", b"Connection: close\r\n", b"Connection: Keep-Alive, Upgrade\r\nX:\r\n"])
first_lines = st.sampled_from([b"HTTP/1.1 200\r\n", b"HTTP/1.1 413 Too Large\r\n", b"HTTP/1.0 200 OK\r\n"])


@given(
    first=first_lines, head=heads, body=bodies, parts=st.none() | st.lists(bodies, max_size=4), step=st.integers(1, 40)
)
def test_however_cut_it_is_what_the_standard_library_reads(
    first: bytes, head: bytes, body: bytes, parts: list[bytes] | None, step: int
) -> None:
    if parts is None:
        data = first + head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    else:
        data = first + head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(parts, b"X-Sum: 1\r\n")
    answer = read(data, step=step)
    assert answer
    assert (answer.status, answer.body, answer.ends) == by_the_library(data)
    assert answer.rest == b""


@given(data=st.binary(max_size=200), step=st.integers(1, 20))
def test_anything_else_is_refused_or_waited_for(data: bytes, step: int) -> None:
    for begun in (data, BARE[:12] + data, CHUNKED + data):
        try:
            read(begun, step=step, ends=True)
        except (NotHttp, Cut):
            continue


def test_a_bare_answer() -> None:
    assert read(BARE) == HttpAnswer(200, {"content-length": "2"}, b"{}", ends=False)


def test_no_body_where_none_can_be() -> None:
    answer = read(b"HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n")
    assert answer == HttpAnswer(204, {"server": "x"}, b"", ends=False)


def test_a_word_on_the_way_is_no_answer() -> None:
    for step in (1, 7, 1000):
        answer = read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + BARE, step=step)
        assert answer
        assert (answer.status, answer.body) == (200, b"{}")


def test_what_follows_a_change_of_protocol_is_of_the_new_one() -> None:
    answer = read(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi")
    assert answer
    assert (answer.rest, answer.ends) == (b"\x81\x02hi", False)


def test_an_answer_that_says_more_than_it_has_ends_the_connection() -> None:
    answer = read(BARE + b"HTTP/1.1 200 an answer to nothing\r\n\r\n")
    assert answer
    assert answer.body == b"{}"
    assert answer.ends


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    head = b"HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\n\r\n"
    assert read(head + b"<p>later") is None
    answer = read(head + b"<p>later", ends=True)
    assert answer
    assert (answer.status, answer.body, answer.ends) == (503, b"<p>later", True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 2",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}",
        CHUNKED + b"2\r\n{}\r\n",
        CHUNKED + b"2\r\n{",
        CHUNKED + b"2\r\n{}\r\n0\r\n",
    ],
)
def test_an_answer_that_was_cut_is_none(data: bytes) -> None:
    with pytest.raises(Cut):
        read(data, ends=True)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-x",
        b"<html>",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 99 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 65 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * MAX_HEAD_BYTES,
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (MAX_ANSWER_BYTES + 1),
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MAX_ANSWER_BYTES + 1),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\n") + b"0\r\n\r\n",
        CHUNKED + b"x\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"2\r\n{}}\r\n",
        CHUNKED + b"%x\r\n" % (MAX_ANSWER_BYTES + 1),
        CHUNKED + b"8000\r\n" + b"x" * 0x8000 + b"\r\n8001\r\n",
        CHUNKED + b"0\r\n" + b"A: b\r\n" * 4000,
        CHUNKED + b"2" * (MAX_HEAD_BYTES + 1),
    ],
)
def test_what_is_unclear_or_too_much_is_no_answer(data: bytes) -> None:
    for step in (0, 1):
        with pytest.raises(NotHttp):
            read(data, step=step, ends=len(data) < 60)


PAGE = b"<html>" + b"x" * 80_000


@pytest.mark.parametrize("step", [1000, 4096])
@pytest.mark.parametrize(
    "data",
    [
        b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
        b"Connection: close\r\n\r\n" + PAGE,
        b"Transfer-Encoding: chunked\r\n\r\n" + chunked([PAGE]),
        b"Transfer-Encoding: chunked\r\n\r\n" + chunked([PAGE[at : at + 500] for at in range(0, len(PAGE), 500)]),
    ],
)
def test_of_a_refusal_the_beginning_is_enough(data: bytes, step: int) -> None:
    incoming, taken = Incoming(), 0
    whole = b"HTTP/1.1 502 Bad Gateway\r\n" + data
    answer = None
    while answer is None:
        answer = incoming.feed(whole[taken : taken + step])
        taken += step
    assert taken < 2 * ENOUGH_BYTES + step
    assert ENOUGH_BYTES / 2 < len(answer.body) <= ENOUGH_BYTES
    assert (answer.status, answer.body[:6], answer.ends) == (502, b"<html>", True)


def test_the_same_length_said_twice_is_one() -> None:
    answer = read(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\n{}")
    assert answer
    assert answer.body == b"{}"


def test_lines_may_end_without_a_carriage_return() -> None:
    answer = read(b"HTTP/1.0 200 OK\nConnection: keep-alive\nContent-Length: 2\n\n{}")
    assert answer
    assert (answer.body, answer.ends) == (b"{}", False)


def test_a_line_that_is_no_header_says_nothing() -> None:
    answer = read(b"HTTP/1.1 200 OK\r\nno colon\r\nA: b\r\n folded: c\r\nContent-Length : 9\r\n\r\n{}", ends=True)
    assert answer == HttpAnswer(200, {"a": "b"}, b"{}", ends=True)


def test_the_beginning_of_an_answer_can_be_looked_at() -> None:
    incoming = Incoming()
    assert incoming.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n") is None
    assert incoming.begun() is None
    assert incoming.feed(b"\r\n<html") is None
    assert incoming.begun() == HttpAnswer(200, {"content-length": "9"}, b"<html", ends=True)


def test_names_are_read_in_any_case_and_a_repeated_one_is_a_list() -> None:
    answer = read(b"HTTP/1.1 429 Slow\r\nRETRY-After: 7\r\nVia: a\r\nvia: b\r\nContent-Length: 0\r\n\r\n")
    assert answer
    assert (answer.header("retry-after"), answer.header("via"), answer.header("none")) == ("7", "a, b", "")
