"""Leaving a modem as it was found, giving it time between commands, and never locking its card."""

import logging
import threading
from dataclasses import replace

import pytest

from modem import pin
from modem.client import Modem
from modem.dialects.cinterion import CINTERION
from modem.engine import Engine
from modem.errors import CommandExpired, LocalProtocolError
from modem.events import Command
from modem.link import Exchanged
from modem.pin import ANY, Tried, why_not
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok
from tests.modem.wires import SMALL

SETUP = tuple(Command(text) for text in ("ATE0", "AT+CMEE=1", "AT+COPS=3,2", "AT+CREG=2", "AT+CEREG=2", "AT+CEREG=3"))
DIALECT = replace(SMALL, setup=SETUP)
BEFORE = {
    "AT": [b"AT\r" + ok()],
    "ATE0V1": [b"ATE0V1\r" + ok()],
    "AT+CMEE?": [ok("+CMEE: 2")],
    "AT+COPS?": [ok('+COPS: 0,0,"CMCC",7')],
    "AT+CREG?": [ok("+CREG: 0,1")],
    "AT+CEREG?": [ok("+CEREG: 1,5")],
}


def started(answers: dict[str, list[bytes]], clock: FakeClock, *, restore: bool = True) -> tuple[Modem, FakePort]:
    port = FakePort(clock, dict(answers), otherwise=ok())
    modem = Modem(port, dialect=DIALECT, monotonic=clock.monotonic, restore_settings=restore)
    modem.start()
    return modem, port


def said_at_close(modem: Modem, port: FakePort) -> list[str]:
    before = len(port.lines_written())
    modem.close()
    return port.lines_written()[before:]


def test_what_the_setup_changes_is_set_back_at_close() -> None:
    modem, port = started(BEFORE, FakeClock())
    assert said_at_close(modem, port) == ["AT+CEREG=1", "AT+CREG=0", "AT+COPS=3,0", "AT+CMEE=2", "ATE1"]
    assert port.closed


def test_nothing_is_asked_or_set_back_unless_wanted() -> None:
    modem, port = started(BEFORE, FakeClock(), restore=False)
    assert "AT+CMEE?" not in port.lines_written()
    assert said_at_close(modem, port) == []


def test_what_the_modem_did_not_tell_is_not_guessed() -> None:
    modem, port = started(BEFORE | {"AT": [ok()], "ATE0V1": [ok()], "AT+CMEE?": [b"\r\nERROR\r\n"]}, FakeClock())
    assert said_at_close(modem, port) == ["AT+CEREG=1", "AT+CREG=0", "AT+COPS=3,0"]


def test_a_silent_modem_does_not_keep_close_waiting() -> None:
    clock = FakeClock()
    modem, port = started(BEFORE, clock)
    port.answers, port.otherwise = {}, b""
    began = clock.monotonic()
    modem.close()
    assert clock.monotonic() - began < 3.0
    assert port.closed


def test_who_does_not_own_the_modem_closes_it_without_a_word() -> None:
    modem, port = started(BEFORE, FakeClock())
    before = port.lines_written()
    stranger = threading.Thread(target=modem.close)
    stranger.start()
    stranger.join()
    assert port.lines_written() == before
    assert port.closed


def test_a_lost_port_is_closed_all_the_same() -> None:
    modem, port = started(BEFORE, FakeClock())
    port.lost = "unplugged"
    modem.close()
    assert port.closed


def test_the_virtual_modem_is_left_as_it_was() -> None:
    clock = FakeClock()
    port = MemoryPort(load("healthy-lte"), clock)
    modem = Modem(port, monotonic=clock.monotonic, restore_settings=True)
    modem.start()
    port.close = lambda: None  # type: ignore[method-assign]  # we look at it afterwards
    modem.close()
    port.write(b"AT+CREG?;+CMEE?\r", 1.0)
    heard = b""
    while data := port.read(4096, 0.5):
        heard += data
    assert heard.startswith(b"AT+CREG?")
    assert b"+CREG: 0,1" in heard
    assert b"+CMEE: 0" in heard


def test_messages_are_announced_until_close_and_as_before_afterwards() -> None:
    answers = BEFORE | {"AT+CNMI?": [ok("+CNMI: 0,0,0,0,1")]}
    modem, port = started(answers, FakeClock(), restore=False)
    assert modem.announce_messages()
    assert port.lines_written()[-2:] == ["AT+CNMI?", "AT+CNMI=2,1,0,0,0"]
    assert said_at_close(modem, port) == ["AT+CNMI=0,0,0,0,1"]


def test_announcing_is_set_again_after_a_restart() -> None:
    clock = FakeClock()
    modem, port = started(BEFORE | {"AT+CNMI?": [ok("+CNMI: 2,1,0,0,0")]}, clock, restore=False)
    assert modem.announce_messages()
    port.says(b"\r\nRDY\r\n")
    modem.poll(0.1)
    modem.exchange("AT")
    assert "AT+CNMI=2,1,0,0,0" in port.lines_written()[-3:]
    assert said_at_close(modem, port) == []


def test_a_modem_that_announces_nothing_is_left_alone() -> None:
    modem, port = started(BEFORE | {"AT+CNMI=2,1,0,0,0": [b"\r\nERROR\r\n"]}, FakeClock(), restore=False)
    assert not modem.announce_messages()
    assert said_at_close(modem, port) == []


def test_the_next_command_waits_where_the_manual_asks_for_it() -> None:
    clock = FakeClock()
    port = FakePort(clock, otherwise=ok())
    sent: list[float] = []
    port.on_line = lambda _: sent.append(clock.monotonic())
    modem = Modem(port, dialect=CINTERION, monotonic=clock.monotonic)
    modem.exchange("AT")
    modem.exchange("AT")
    assert sent[1] - sent[0] == pytest.approx(port.latency_s + 0.1)


def test_news_that_come_in_the_gap_are_heard() -> None:
    clock = FakeClock()
    port = FakePort(clock, otherwise=ok())
    modem = Modem(port, dialect=CINTERION, monotonic=clock.monotonic)
    modem.exchange("AT")
    port.says(b"\r\n+CREG: 1\r\n", after_s=0.05)
    assert modem.exchange("AT").lines == ()
    assert [type(event).__name__ for event in modem.poll(0.0)] == ["Urc"]


PLANNED = Tried("89860012345678901234", "8:1:2")


@pytest.mark.parametrize(
    ("sim", "retries", "failed"),
    [
        ("ready", 3, None),
        ("puk_required", 3, None),
        (None, 3, None),
        ("pin_required", 2, None),
        ("pin_required", 0, None),
        ("pin_required", None, None),
        ("pin_required", 3, PLANNED),
        ("pin_required", 3, replace(PLANNED, card=None)),
        ("pin_required", 3, Tried(None, ANY)),
    ],
)
def test_a_pin_is_not_entered(sim: str | None, retries: int | None, failed: Tried | None) -> None:
    assert why_not(sim, retries, PLANNED, failed)  # type: ignore[arg-type]  # words of SimStatus


def test_a_pin_is_entered_with_all_tries_left_and_again_when_the_file_is_new() -> None:
    assert why_not("pin_required", 3, PLANNED, None) is None
    assert why_not("pin_required", 3, PLANNED, replace(PLANNED, source="8:1:1")) is None


def test_a_pin_shows_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = FakeClock()
    seen: list[Exchanged] = []
    modem = Modem(FakePort(clock), monotonic=clock.monotonic, on_exchange=seen.append)
    assert pin.enter(modem, "4711") is False
    assert [one.command.shown for one in seen] == ["AT+CPIN=…"]
    with pytest.raises(CommandExpired) as expired:
        modem.exchange(Command('AT+CPIN="4711"', secret=True))
    with pytest.raises(LocalProtocolError) as wrong:
        Engine(SMALL).send(Command('AT+CPIN="4711"\n', secret=True), 0.0)
    assert "4711" not in f"{expired.value} {expired.value.command} {wrong.value} {caplog.text}"
