"""`posagent plan verify --cycle-radio` where no daemon runs: only if the card needs it, and whole or not at all."""

import fcntl
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.cli import main
from agent.plan.store import PlanStore
from agent.sample.base import PlanFact
from modem.simulator import VirtualModem
from modem.simulator.state import State
from tests.fakes.agent_process import AgentProcess

CARD = State().iccid
DEAF = "attached = false\nactive = false\n"


@dataclass
class Terminal:
    """A configuration, a virtual modem, and what was said to it."""

    agent: AgentProcess
    commands: list[str] = field(default_factory=list)
    at_off: Callable[[], object] = lambda: None
    """Called when the radio is switched off."""

    def verify(self, *words: str) -> int:
        return main(["plan", "verify", *words, "--config", str(self.agent.config), "--lang", "en"])

    def centre_says(self, end: str) -> None:
        store = PlanStore(self.agent.state_dir / "plan.db")
        store.hear(CARD, [PlanFact("expires_on", end, "centre", time.time())])
        store.close()

    def radio(self) -> list[str]:
        return [text for text in self.commands if text.startswith("AT+CFUN=")]

    def note(self, direction: str, data: bytes) -> None:
        if direction == ">":
            self.commands += data.decode("ascii", "replace").split("\r")
            if b"AT+CFUN=0" in data:
                self.at_off()


def modem_for(folder: Path, terminal: Terminal, state: str) -> VirtualModem:
    scenario = folder / "modem.toml"
    scenario.write_text(f'[modem]\npersona = "generic-lte"\n[state]\n{state}')
    return VirtualModem(str(scenario), link=folder / "modem", trace=terminal.note)


def terminal_in(folder: Path) -> Terminal:
    agent = AgentProcess(folder, str(folder / "modem"), uplink='[plan]\nask = "off"\n')
    agent.write_config()
    agent.run_dir.mkdir()
    return Terminal(agent)


def test_the_radio_is_cycled_once_for_a_card_that_was_renewed_and_does_not_attach(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = terminal_in(tmp_path)
    with modem_for(tmp_path, terminal, DEAF):
        assert terminal.verify("--expires-on", "2099-12-31", "--cycle-radio") == 4
        terminal.verify("--cycle-radio")
        assert terminal.radio() == [], "nobody said yet that it is paid"
        terminal.centre_says("2099-12-31")
        assert terminal.verify() == 4
        assert "not attached" in capsys.readouterr().out
        assert terminal.radio() == [], "one look is no evidence"
        terminal.verify()
        assert terminal.radio() == ["AT+CFUN=0", "AT+CFUN=1"]
        terminal.verify()
        terminal.verify()
    assert terminal.radio() == ["AT+CFUN=0", "AT+CFUN=1"], "not again within half an hour"


def test_without_leave_it_is_only_said_that_the_radio_may_have_to_be_cycled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = terminal_in(tmp_path)
    with modem_for(tmp_path, terminal, DEAF):
        terminal.verify()
        terminal.centre_says("2099-12-31")
        for _ in range(3):
            terminal.verify()
    assert "the radio may have to be cycled (--cycle-radio)" in capsys.readouterr().out
    assert terminal.radio() == []


def test_a_card_whose_data_does_not_fail_needs_no_cycle(tmp_path: Path) -> None:
    terminal = terminal_in(tmp_path)
    with modem_for(tmp_path, terminal, ""):
        terminal.verify("--cycle-radio")
        terminal.centre_says("2099-12-31")
        for _ in range(3):
            terminal.verify()
    assert terminal.radio() == []


def test_a_payment_that_comes_in_the_middle_waits_until_the_radio_is_on_again(tmp_path: Path) -> None:
    terminal = terminal_in(tmp_path)
    held: list[bool] = []

    def pay() -> None:
        """A payment application: its lock on the line, and whether the radio was on by then."""
        descriptor = os.open(terminal.agent.run_dir / "hold", os.O_RDWR | os.O_CREAT, 0o660)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        held.append("AT+CFUN=1" in terminal.commands)
        os.close(descriptor)

    payment = threading.Thread(target=pay)
    terminal.at_off = payment.start
    with modem_for(tmp_path, terminal, DEAF):
        terminal.verify("--cycle-radio")
        terminal.centre_says("2099-12-31")
        for _ in range(2):
            terminal.verify()
        payment.join(60)
    assert held == [True]
    assert terminal.radio() == ["AT+CFUN=0", "AT+CFUN=1"]
