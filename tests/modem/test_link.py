"""The loop between port and engine: how often it reads, what ends its waiting, and what it counts."""

import pytest

from modem.client import Modem
from modem.dialects.cinterion import CINTERION
from modem.errors import CommandExpired, PortLost
from modem.events import Command, Overflow, Stray, Synced
from modem.lines import MAX_LINE
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok
from tests.modem.wires import SMALL


class WokenPort(FakePort):
    """One whose read another thread can end."""

    woken = 0

    def interrupt(self) -> None:
        self.woken += 1


def modem_on(port: FakePort) -> Modem:
    return Modem(port, dialect=SMALL, monotonic=port.clock.monotonic)


def test_an_answer_that_comes_in_one_piece_costs_one_read() -> None:
    port = FakePort(FakeClock(), otherwise=ok())
    modem = modem_on(port)
    modem.exchange("AT")
    modem.exchange("AT")
    assert port.reads == 2


def test_a_gap_that_has_passed_is_not_waited_for_again() -> None:
    port = FakePort(FakeClock(), otherwise=ok())
    modem = Modem(port, dialect=CINTERION, monotonic=port.clock.monotonic)
    modem.exchange("AT")
    port.clock.advance(60.0)
    modem.exchange("AT")
    assert port.reads == 2


def test_an_interrupt_ends_one_poll_even_if_it_came_first() -> None:
    port = WokenPort(FakeClock())
    modem = modem_on(port)
    modem.interrupt()
    assert port.woken == 1
    assert modem.poll(60.0) == []
    assert port.reads == 0
    assert modem.poll(60.0) == []
    assert port.reads == 1


def test_a_port_that_cannot_be_woken_is_left_alone() -> None:
    port = FakePort(FakeClock())
    modem = modem_on(port)
    modem.interrupt()
    assert modem.poll(60.0) == []
    assert port.reads == 0


def test_bytes_thrown_away_are_counted() -> None:
    port = FakePort(FakeClock())
    modem = modem_on(port)
    port.says(b"x" * MAX_LINE)
    port.says(b"xxx\r\nEC20F\r\n")
    assert [*modem.poll(1.0), *modem.poll(1.0)] == [Overflow(MAX_LINE), Overflow(3), Stray("EC20F")]
    assert modem.statistics.overflow_bytes == MAX_LINE + 3
    assert modem.statistics.strays == 1


def test_a_modem_that_answers_no_probe_is_counted_as_unsure() -> None:
    port = FakePort(FakeClock(), {"AT+LOST": [b""]}, otherwise=b"\r\nERROR\r\n")
    modem = modem_on(port)
    with pytest.raises(CommandExpired):
        modem.exchange(Command("AT+LOST", timeout_s=1.0))
    events = [event for _ in range(20) for event in modem.poll(5.0) if isinstance(event, Synced)]
    assert [event.sure for event in events] == [False]
    assert modem.statistics.unsure_syncs == 1


def test_a_modem_that_answers_its_probe_is_not() -> None:
    port = FakePort(FakeClock(), {"AT+LOST": [b""], "AT+CMEE=?": [ok("+CMEE: (0-2)")]})
    modem = modem_on(port)
    with pytest.raises(CommandExpired):
        modem.exchange(Command("AT+LOST", timeout_s=1.0))
    modem.poll(5.0)
    assert modem.statistics.unsure_syncs == 0


def test_a_port_that_is_lost_while_writing_stays_lost() -> None:
    port = FakePort(FakeClock(), otherwise=ok())
    modem = modem_on(port)
    port.lost = "unplugged"
    with pytest.raises(PortLost, match="unplugged"):
        modem.exchange("AT")
    port.lost = None
    with pytest.raises(PortLost, match="before"):
        modem.exchange("AT")
    assert port.written == []


def test_a_port_that_is_lost_while_reading_stays_lost() -> None:
    port = FakePort(FakeClock(), otherwise=ok())
    modem = modem_on(port)

    def unplugged(_line: str) -> None:
        port.lost = "unplugged"

    port.on_line = unplugged
    with pytest.raises(PortLost, match="unplugged"):
        modem.exchange("AT")
    port.lost = None
    with pytest.raises(PortLost, match="before"):
        modem.poll(1.0)


def test_a_command_whose_asker_was_torn_away_expires_in_the_next_poll() -> None:
    port = FakePort(FakeClock())
    torn = [True]

    def tear(_direction: str, _data: bytes) -> None:
        if torn:
            torn.clear()
            raise KeyboardInterrupt

    modem = Modem(port, dialect=SMALL, monotonic=port.clock.monotonic, on_bytes=tear)
    with pytest.raises(KeyboardInterrupt):
        modem.exchange(Command("AT+COPS?", timeout_s=2.0))
    assert modem.poll(3.0) == []
    assert modem.statistics.expiries == 1
    assert port.lines_written() == ["AT+COPS?", "AT+CMEE=?"]


class Gate:
    """Counts how often it is passed."""

    def __init__(self) -> None:
        self.passed = 0

    def begin(self) -> bool:
        self.passed += 1
        return True

    def end(self) -> None:
        """Nothing to do."""


def test_the_gate_is_passed_only_to_send_something() -> None:
    gate, port = Gate(), FakePort(FakeClock(), otherwise=ok())
    modem = Modem(port, dialect=SMALL, monotonic=port.clock.monotonic, gate=gate)
    modem.exchange("AT")
    port.says(b"\r\n+CREG: 1\r\n")
    modem.poll(60.0)
    assert gate.passed == 1
