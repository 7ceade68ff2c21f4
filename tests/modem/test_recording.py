"""What a recording keeps of a dialogue, how much of it, and the file it becomes. What it hides: test_redact."""

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from modem.recording import RecordedPort, Recording, Tape, document, save
from modem.simulator.capture import capture_from
from modem.simulator.tables import octets
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok

KEY = bytes(32)


def recorded(*said: tuple[str, bytes]) -> Recording:
    recording = Recording()
    for command, answer in said:
        recording.sent(command.encode("latin-1") + b"\r")
        recording.received(answer)
    return recording


def written(recording: Recording, **about: str) -> dict[str, Any]:
    return tomllib.loads(document(recording, about, KEY))


# -- what is kept


def test_each_command_has_its_answer_byte_for_byte() -> None:
    recording = recorded(("AT+CGMM", b"AT+CGMM\r\r\nEC20F\r\n\r\nOK\r\n"), ("AT+X", b""))
    assert recording.exchanges == [("AT+CGMM", "AT+CGMM\r\r\nEC20F\r\n\r\nOK\r\n"), ("AT+X", None)]


def test_a_command_may_come_in_pieces_and_two_in_one() -> None:
    recording = Recording()
    recording.sent(b"AT+C")
    recording.sent(b"SQ\rat+cgmm\r")
    assert recording.exchanges == [("AT+CSQ", None), ("at+cgmm", None)]


@pytest.mark.parametrize("before", [b"\x1b\r", b"\x1b", b"\x1a", b"\n", b" "])
def test_what_was_sent_to_leave_a_prompt_is_no_part_of_the_command(before: bytes) -> None:
    recording = Recording()
    recording.sent(before + b"AT+CMEE=?\r")
    assert recording.exchanges == [("AT+CMEE=?", None)]


def test_a_payload_is_not_kept() -> None:
    recording = recorded(("AT+CMGS=5", b"\r\n> "))
    recording.sent(b"0011000B916407281553F8\rsecond line\x1a\r")
    recording.received(b"\r\n+CMGS: 7\r\n")
    assert recording.exchanges == [("AT+CMGS=5", "\r\n> \r\n+CMGS: 7\r\n")]


def test_what_is_sent_without_end_is_not_kept_for_ever() -> None:
    recording = Recording()
    recording.sent(b"x" * 5000)
    recording.sent(b"y" * 4090 + b"AT+CSQ\r")
    assert recording.exchanges == []
    recording.sent(b"AT+CSQ\r")
    assert recording.exchanges == [("AT+CSQ", None)]


def test_what_comes_before_the_first_command_or_while_listening_is_unasked() -> None:
    recording = Recording()
    recording.received(b"\r\nRDY\r\n")
    recording.sent(b"AT\r")
    recording.received(b"\r\nOK\r\n")
    recording.listen()
    recording.received(b"\r\n+CREG: 1\r\n \r\n")
    recording.sent(b"AT\r")
    recording.received(b"\r\nERROR\r\n")
    assert recording.urcs == ["RDY", "+CREG: 1"]
    assert [reply for _, reply in recording.exchanges] == ["\r\nOK\r\n", "\r\nERROR\r\n"]


# -- how much


def test_beyond_its_bound_nothing_is_kept_and_that_is_known() -> None:
    recording = Recording(max_bytes=20)
    recording.sent(b"AT+CSQ\r")
    recording.received(b"x" * 10)
    assert not recording.truncated
    recording.received(b"y" * 10)
    assert recording.truncated
    recording.sent(b"AT\r")
    recording.received(b"z")
    assert recording.exchanges == [("AT+CSQ", "x" * 10)]


def test_a_bound_that_is_just_reached_is_not_passed() -> None:
    recording = Recording(max_bytes=16)
    recording.sent(b"AT+CSQ\r")
    recording.received(b"x" * 10)
    assert not recording.truncated


# -- the tape of a daemon


def test_a_look_has_the_beginning_before_it_and_not_what_lay_between() -> None:
    tape = Tape()
    tape.heard("tx", b"ATI\r")
    tape.heard("rx", b"\r\nQuectel\r\n\r\nOK\r\n")
    tape.pause()
    tape.heard("tx", b"AT+CSQ\r")
    tape.heard("rx", b"\r\nOK\r\n")
    look = tape.record()
    tape.heard("rx", b"\r\n+CREG: 1\r\n")
    tape.heard("tx", b"AT+CREG?\r")
    tape.heard("rx", b"\r\nOK\r\n")
    tape.pause()
    tape.heard("tx", b"AT+CGMM\r")
    assert [command for command, _ in look.exchanges] == ["ATI", "AT+CREG?"]
    assert look.urcs == ["+CREG: 1"]


def test_two_looks_do_not_share_what_they_heard() -> None:
    tape = Tape()
    tape.heard("tx", b"ATI\r")
    tape.heard("rx", b"\r\nOK\r\n")
    first, second = tape.record(), tape.record()
    tape.heard("tx", b"AT+CSQ\r")
    assert [command for command, _ in first.exchanges] == ["ATI"]
    assert [command for command, _ in second.exchanges] == ["ATI", "AT+CSQ"]


def test_a_beginning_that_was_too_long_leaves_a_look_its_room() -> None:
    tape = Tape(beginning_bytes=10, look_bytes=40)
    tape.heard("tx", b"ATI\r")
    tape.heard("rx", b"x" * 100)
    look = tape.record()
    assert not look.truncated
    tape.heard("tx", b"AT\r")
    assert look.truncated
    roomy = Tape(beginning_bytes=10, look_bytes=1000)
    roomy.heard("rx", b"x" * 11)
    look = roomy.record()
    roomy.heard("tx", b"AT\r")
    assert look.exchanges == [("AT", None)]


# -- a port that is recorded


def test_a_recorded_port_passes_everything_on() -> None:
    clock, recording = FakeClock(), Recording()
    inner = FakePort(clock, {"AT": [ok()]})
    port = RecordedPort(inner, recording)
    port.write(b"AT\r", 1.0)
    assert port.read(100, 1.0) == ok()
    port.close()
    assert recording.exchanges == [("AT", ok().decode())]
    assert inner.closed


# -- the file


def test_the_file_says_what_was_said() -> None:
    found = written(
        recorded(("ATE0", b"ATE0\r\r\nOK\r\n"), ("AT+CSQ", b"\r\n+CSQ: 19,99\r\n\r\nOK\r\n"), ("AT+X", b""))
    )
    assert found == {
        "kind": "device",
        "urcs": [],
        "framing": "exact",
        "exchange": [
            {"cmd": "ATE0", "reply": "ATE0\r\r\nOK\r\n", "echo_in_reply": True},
            {"cmd": "AT+CSQ", "reply": "\r\n+CSQ: 19,99\r\n\r\nOK\r\n"},
            {"cmd": "AT+X"},
        ],
    }


def test_the_file_is_headed_by_what_is_known_of_the_modem_redacted_too() -> None:
    found = written(
        recorded(("AT+CGSN", ok("867223041234568"))), model="EC20F", vendor="", notes="IMEI 867223041234568"
    )
    assert found["model"] == "EC20F"
    assert "vendor" not in found
    (exchange,) = found["exchange"]
    assert found["notes"].removeprefix("IMEI ") in exchange["reply"]
    assert "867223041234568" not in str(found)


def test_the_file_plays() -> None:
    recording = recorded(("ATI", ok("Quectel", "EC20F")))
    recording.listen()
    recording.received(b"\r\n+CREG: 1\r\n")
    capture = capture_from(written(recording, model="EC20F"), "modem.toml")
    assert capture.model == "EC20F"
    assert [(one.command, one.reply) for one in capture.exchanges] == [("ATI", ok("Quectel", "EC20F"))]
    assert capture.urcs == ("+CREG: 1",)


@pytest.mark.parametrize(
    "data",
    [
        "中国移动".encode(),
        b'quote " and \\',
        b"tab\tand \x02\x7f",
        b"\x80\xff no UTF-8",
        "Telefónica".encode(),
        b"\xc3",
    ],
)
def test_every_byte_is_spelled_so_that_it_comes_back(data: bytes) -> None:
    found = written(recorded(("AT+COPS?", b"\r\n" + data + b"\r\nOK\r\n")))
    assert octets(found["exchange"][0]["reply"]) == b"\r\n" + data + b"\r\nOK\r\n"


def test_what_is_readable_is_readable_in_the_file() -> None:
    text = document(recorded(("AT+COPS?", "\r\n中国\t移动\r\nOK\r\n".encode())), {}, KEY)
    assert 'reply = "\\r\\n中国\\t移动\\r\\nOK\\r\\n"\n' in text
    assert "\n\n[[exchange]]\ncmd = " in text


def test_a_file_is_for_its_owner_and_is_not_replaced_by_mistake(tmp_path: Path) -> None:
    path = tmp_path / "modem.toml"
    before = os.umask(0)
    try:
        save(path, "first, and long\n")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        save(path, "second\n")
    save(path, "second\n", overwrite=True)
    assert path.read_text() == "second\n"


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("precious")
    link.symlink_to(target)
    with pytest.raises(OSError, match="link"):
        save(link, "text", overwrite=True)
    assert target.read_text() == "precious"
