"""Our own DNS questions: what a message says, which ones count, and that nobody can hold or mislead us."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.clock import Deadline, SystemClock
from agent.sample.net import names
from agent.sample.net.knock import CONNECT_COST, Door, knock_all
from agent.sample.net.names import AAAA, A, answer, in_hosts_file, look_up, name_servers, question
from agent.sample.net.way import Way

CLOCK = SystemClock()
ASKED = question("pay.example", A, 0x1234)


def reply(asked: bytes, *records: tuple[int, bytes], rcode: int = 0, name: bytes = b"\xc0\x0c") -> bytes:
    body = b"".join(name + struct.pack(">HHIH", kind, 1, 60, len(data)) + data for kind, data in records)
    return asked[:2] + struct.pack(">5H", 0x8180 | rcode, 1, len(records), 0, 0) + asked[12:] + body


def test_addresses_are_read_behind_a_chain_of_aliases() -> None:
    alias = (5, b"\x03www\xc0\x10")
    assert answer(reply(ASKED, alias, (A, bytes([203, 0, 113, 7]))), ASKED) == ("address", ("203.0.113.7",))


@pytest.mark.parametrize(
    ("rcode", "outcome"), [(0, "no_address"), (2, "server_failed"), (3, "no_such_name"), (5, "server_refused")]
)
def test_what_the_server_says_of_a_name_without_address(rcode: int, outcome: str) -> None:
    assert answer(reply(ASKED, rcode=rcode), ASKED) == (outcome, ())


def test_an_answer_to_another_question_is_none() -> None:
    other = question("pay.example", A, 0x4321)
    wrong_name = question("bad.example", A, 0x1234)
    right = (A, bytes(4))
    assert answer(reply(other, right), ASKED) is None
    assert answer(reply(wrong_name, right), ASKED) is None
    assert answer(ASKED, ASKED) is None


@given(st.binary(max_size=300))
def test_no_message_is_too_strange(data: bytes) -> None:
    answer(data, ASKED)
    answer(reply(ASKED) + data, ASKED)


@given(st.binary(max_size=200), st.integers(0, 65535))
def test_no_answer_section_is_too_strange(data: bytes, count: int) -> None:
    message = ASKED[:2] + struct.pack(">5H", 0x8180, 1, count, 0, 0) + ASKED[12:] + data
    read = answer(message, ASKED)
    assert read is not None
    assert len(read[1]) <= names.MAX_ADDRESSES


@pytest.mark.parametrize("name", ["", ".", "a..b", "x" * 64 + ".example", "a." * 140, "\udcff.example"])
def test_what_is_no_name_is_not_asked(name: str) -> None:
    with pytest.raises(ValueError, match="no host name"):
        question(name, A, 1)
    assert look_up(name, ["127.0.0.1"], Way(), Deadline.after(1.0, CLOCK), CLOCK).outcome == "not_sent"


def test_name_servers_are_those_that_can_be_asked() -> None:
    text = "# a comment\nnameserver 10.0.0.1\nnameserver not-an-address\nsearch x\nnameserver 2001:db8::1\nnameserver\n"
    assert name_servers(text) == ("10.0.0.1", "2001:db8::1")


def test_this_machines_own_list_goes_first(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost\n203.0.113.9 Centre.Example centre # ours\nbad centre.example\n")
    assert in_hosts_file("centre.example.", hosts) == ("203.0.113.9",)
    assert in_hosts_file("other.example", hosts) == ()


@contextmanager
def server(answers: Callable[[bytes], list[bytes]], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A name server on this machine, on a port of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setattr(names, "PORT", held.getsockname()[1])

        def serve() -> None:
            while True:
                try:
                    asked, sender = held.recvfrom(1500)
                except OSError:
                    return
                if asked == b"end":
                    return
                for said in answers(asked):
                    held.sendto(said, sender)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"end", held.getsockname())
            thread.join()


def test_a_name_is_looked_up_and_its_cost_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(lambda asked: [reply(asked, (A, bytes([203, 0, 113, 7])))], monkeypatch):
        found = look_up("pay.example", ["127.0.0.1"], Way(), Deadline.after(3.0, CLOCK), CLOCK)
    assert (found.outcome, found.addresses, found.server) == ("address", ("203.0.113.7",), "127.0.0.1")
    assert found.cost_bytes == 2 * names.UDP_HEADERS + len(ASKED) + len(ASKED) + 16


def test_strangers_answers_are_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(asked: bytes) -> list[bytes]:
        forged = b"\0\0" + reply(asked, (A, bytes([6, 6, 6, 6])))[2:]
        return [b"", b"junk", forged, reply(asked, (A, bytes([203, 0, 113, 7])))]

    with server(answers, monkeypatch):
        found = look_up("pay.example", ["127.0.0.1"], Way(), Deadline.after(3.0, CLOCK), CLOCK)
    assert found.addresses == ("203.0.113.7",)


def test_a_name_with_ipv6_only_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(asked: bytes) -> list[bytes]:
        six = asked[-4:-2] == struct.pack(">H", AAAA)
        return [reply(asked, (AAAA, bytes.fromhex("20010db8" + "0" * 23 + "7")))] if six else [reply(asked)]

    with server(answers, monkeypatch):
        found = look_up("pay.example", ["127.0.0.1"], Way(), Deadline.after(3.0, CLOCK), CLOCK)
    assert found.addresses == ("2001:db8::7",)


def test_silence_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(lambda _: [], monkeypatch):
        found = look_up("pay.example", ["127.0.0.1"], Way(), Deadline.after(0.2, CLOCK), CLOCK)
    assert (found.outcome, found.server) == ("silent", None)


def test_a_knock_over_ipv6_costs_its_longer_headers() -> None:
    costs = []
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as held:
            held.bind((address, 0))
            held.listen()
            door = Door("centre", address, held.getsockname()[1])
            (knock,) = knock_all([door], Way(), Deadline.after(10.0, CLOCK), CLOCK)
        assert knock.outcome == "answers"
        costs.append(knock.cost_bytes)
    assert costs == [CONNECT_COST, CONNECT_COST + 4 * 20]
