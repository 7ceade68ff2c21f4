"""The PIN from a file on a virtual modem: it opens a card, and it can never lock one."""

import logging
from pathlib import Path

import pytest

from agent.sample.base import SimView
from agent.unlock import MEMORY, PinFileError, Unlock, read_pin
from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look
from modem.client import Modem
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock

LOCKED = SimView(state="pin_required", iccid="89860012345678901234", pin_retries=3)


@pytest.fixture
def modem() -> Modem:
    clock = FakeClock()
    started = Modem(MemoryPort(load("sim-pin"), clock), monotonic=clock.monotonic)
    started.start()
    return started


def pin_file(folder: Path, text: str = "1234\n", mode: int = 0o600) -> Path:
    path = folder / "pin"
    path.write_text(text)
    path.chmod(mode)
    return path


def tries_left(modem: Modem) -> str:
    return modem.exchange("AT+CPINR").lines[0]


def test_the_right_pin_opens_the_card_and_may_do_so_again(tmp_path: Path, modem: Modem) -> None:
    unlock = Unlock(pin_file(tmp_path), tmp_path)
    assert unlock.attempt(modem, LOCKED)
    assert modem.exchange("AT+CPIN?").lines == ("+CPIN: READY",)
    assert not (tmp_path / MEMORY).exists()


def test_a_wrong_pin_costs_one_try_and_a_reboot_costs_no_other(tmp_path: Path, modem: Modem) -> None:
    file = pin_file(tmp_path, "9999")
    assert not Unlock(file, tmp_path).attempt(modem, LOCKED)
    assert not Unlock(file, tmp_path).attempt(modem, LOCKED)
    assert tries_left(modem) == "+CPINR: SIM PIN,2,3"


def test_power_that_goes_while_it_is_entered_costs_no_other_try(
    tmp_path: Path, modem: Modem, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = pin_file(tmp_path)

    def power_cut(*_: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("modem.pin.enter", power_cut)
        with pytest.raises(SystemExit):
            Unlock(file, tmp_path).attempt(modem, LOCKED)
    assert not Unlock(file, tmp_path).attempt(modem, LOCKED)
    assert tries_left(modem) == "+CPINR: SIM PIN,3,3"


def test_a_try_that_cannot_be_remembered_is_not_made(tmp_path: Path, modem: Modem) -> None:
    assert not Unlock(pin_file(tmp_path), tmp_path / "absent").attempt(modem, LOCKED)
    assert tries_left(modem) == "+CPINR: SIM PIN,3,3"


@pytest.mark.parametrize("memory", ["", "[]", "null", '{"card": 1}', "\x00" * 100])
def test_a_damaged_memory_counts_as_a_try(tmp_path: Path, modem: Modem, memory: str) -> None:
    (tmp_path / MEMORY).write_text(memory)
    assert not Unlock(pin_file(tmp_path), tmp_path).attempt(modem, LOCKED)
    assert tries_left(modem) == "+CPINR: SIM PIN,3,3"


@pytest.mark.parametrize(
    ("text", "mode"),
    [("1234", 0o640), ("1234", 0o604), ("12", 0o600), ("12345678901", 0o600), ("PIN 1234", 0o600), ("", 0o600)],
)
def test_a_file_that_others_can_read_or_that_holds_no_pin_is_refused(tmp_path: Path, text: str, mode: int) -> None:
    with pytest.raises(PinFileError) as refused:
        read_pin(pin_file(tmp_path, text, mode))
    assert "1234" not in str(refused.value)


def test_a_directory_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(PinFileError):
            read_pin(path)


def test_the_pin_shows_in_no_log(tmp_path: Path, modem: Modem, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Unlock(pin_file(tmp_path, "9876"), tmp_path).attempt(modem, LOCKED)
    assert "9876" not in caplog.text
    assert "9876" not in (tmp_path / MEMORY).read_text()


def test_the_daemon_enters_it_and_looks_again(tmp_path: Path) -> None:
    clock = FakeClock()
    looks: list[Look] = []
    body = ModemBody(
        ModemSettings("/dev/ttyUSB2"),
        clock,
        looks.append,
        lambda _: MemoryPort(load("sim-pin"), clock),
        unlock=Unlock(pin_file(tmp_path), tmp_path),
    )
    body.step(clock.monotonic())
    body.step(clock.monotonic())
    assert [look.part.sim.state for look in looks] == ["pin_required", "ready"]
    body.close()
