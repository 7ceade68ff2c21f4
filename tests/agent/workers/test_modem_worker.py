"""The worker that owns the port, driven step by step on fake time, with a virtual modem in memory."""

import pytest

from agent.clock import Deadline
from agent.workers.modem import LIGHT_LOOK_S, ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look, LookNow, Results, RunCommands
from modem.errors import ModemError, PortBusy, PortLost, PortMissing
from modem.port import Port
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock


class Bench:
    """A body, what it published, and a socket into which modems are plugged."""

    def __init__(self, scenario: str | None = "healthy-lte", port: str = "/dev/modem") -> None:
        self.clock = FakeClock()
        self.looks: list[Look] = []
        self.opened: list[str] = []
        self.trouble: PortLost | None = None
        self.scenario = scenario
        settings = ModemSettings(port=port, light_s=60.0, deep_s=900.0)
        self.body = ModemBody(settings, self.clock, self.looks.append, self.open)

    def open(self, device: str) -> Port:
        self.opened.append(device)
        if self.trouble:
            raise self.trouble
        if self.scenario is None:
            raise PortMissing(f"{device}: no such device")
        return MemoryPort(load(self.scenario), self.clock)

    def step(self) -> float:
        return self.body.step(self.clock.monotonic())

    def run_for(self, seconds: float) -> None:
        """Steps and sleeps as the worker's thread would."""
        until = self.clock.monotonic() + seconds
        due = self.step()
        while due < until:
            self.clock.advance(max(0.0, due - self.clock.monotonic()))
            due = self.step()
        self.clock.advance(max(0.0, until - self.clock.monotonic()))


def test_the_first_step_opens_the_port_and_looks_deeply() -> None:
    bench = Bench()
    bench.step()
    (look,) = bench.looks
    assert look.depth == "deep"
    assert look.port.device == "/dev/modem"
    assert look.part.sim.state == "ready"
    assert look.part.network.registration == "home"


def test_looks_are_light_between_deep_ones_and_keep_what_those_saw() -> None:
    bench = Bench()
    bench.run_for(200.0)
    assert [look.depth for look in bench.looks] == ["deep", "light", "light", "light"]
    assert bench.looks[-1].part.sim.iccid == bench.looks[0].part.sim.iccid is not None


def test_a_message_that_comes_is_told_once_and_soon() -> None:
    bench = Bench("low-balance-sms")
    bench.step()
    bench.clock.advance(6.0)
    bench.body.wait(0.1)  # +CMTI
    bench.run_for(200.0)
    assert [look.mail for look in bench.looks[:3]] == [False, True, False]
    assert bench.looks[1].at - bench.looks[0].at < 15.0
    assert not any(look.mail for look in bench.looks[2:])


def test_a_port_that_is_missing_is_published_and_tried_again_ever_later() -> None:
    bench = Bench(scenario=None)
    bench.run_for(100.0)
    assert {look.port.problem for look in bench.looks} == {"missing"}
    assert 4 <= len(bench.opened) <= 8
    bench.scenario = "healthy-lte"
    bench.run_for(40.0)
    assert bench.looks[-1].port.problem is None
    assert bench.looks[-1].part.sim.state == "ready"


def test_a_port_that_is_held_names_its_holder() -> None:
    bench = Bench()
    bench.trouble = PortBusy("held", "ModemManager (pid 612)")
    bench.step()
    assert (bench.looks[0].port.problem, bench.looks[0].port.holder) == ("busy", "ModemManager (pid 612)")


def test_a_port_that_goes_is_closed_at_once_and_opened_again() -> None:
    bench = Bench("port-disappears")
    bench.run_for(400.0)
    problems = [look.port.problem for look in bench.looks]
    assert "lost" in problems
    assert len(bench.opened) > 1


def test_a_modem_that_falls_silent_does_not_hold_a_light_look_longer_than_it_may() -> None:
    bench = Bench("modem-hangs")
    lasted = []
    while len(bench.looks) < 8:
        due = bench.step()
        bench.clock.advance(max(0.0, due - bench.clock.monotonic()))
        began, before = bench.clock.monotonic(), len(bench.looks)
        bench.step()
        if len(bench.looks) > before and bench.looks[-1].depth == "light":
            lasted.append(bench.clock.monotonic() - began)
    assert any(look.part.port.answers is False for look in bench.looks)
    assert max(lasted) <= LIGHT_LOOK_S + 1.0


def test_a_silent_modem_is_published_as_silent() -> None:
    bench = Bench("modem-hangs")
    bench.run_for(600.0)
    assert any(look.part.port.answers is False or look.port.answers is False for look in bench.looks)


def test_a_look_that_was_asked_for_brings_its_token_back() -> None:
    bench = Bench()
    bench.step()
    bench.body.post(LookNow("light", asked_by=7))
    bench.step()
    assert bench.looks[-1].asked_by == 7


def test_a_look_without_a_port_is_answered_too() -> None:
    bench = Bench(scenario=None)
    bench.step()
    bench.body.post(LookNow("deep", asked_by=7))
    bench.step()
    assert [look.asked_by for look in bench.looks if look.asked_by] == [7]


def test_raw_commands_give_lines_and_final_result() -> None:
    bench = Bench()
    bench.step()
    heard: list[Results | ModemError] = []
    until = Deadline.after(30, bench.clock)
    bench.body.post(RunCommands(("AT+CIMI", "AT+NONSENSE"), 5.0, until, heard.append))
    bench.step()
    (results,) = heard
    assert isinstance(results, Results)
    imsi, nonsense = results.rows
    assert (imsi["final"], imsi["ok"], len(str(imsi["lines"]))) == ("OK", True, 19)
    assert nonsense["ok"] is False


def test_raw_commands_without_a_port_fail_with_its_reason() -> None:
    bench = Bench(scenario=None)
    heard: list[Results | ModemError] = []
    bench.body.post(RunCommands(("AT",), 5.0, Deadline.after(30, bench.clock), heard.append))
    bench.step()
    assert isinstance(heard[0], PortLost)


@pytest.mark.parametrize("scenario", ["garbage-line", "modem-reboots", "busy-after-boot", "sim-absent", "searching"])
def test_no_scenario_stops_the_worker(scenario: str) -> None:
    bench = Bench(scenario)
    bench.run_for(600.0)
    assert bench.looks


def test_closing_gives_the_port_up() -> None:
    bench = Bench()
    bench.step()
    bench.body.close()
    bench.body.close()
    assert bench.step() > bench.clock.monotonic()


def test_a_look_without_a_modem_says_why_there_is_none() -> None:
    bench = Bench()
    bench.scenario = "healthy-lte"
    bench.trouble = PortBusy("/dev/modem: held by other (1)", "other (1)")
    bench.step()
    bench.body.post(LookNow("deep", asked_by=7))
    bench.step()
    look = next(look for look in bench.looks if look.asked_by == 7)
    assert (look.port.problem, look.port.holder) == ("busy", "other (1)")
    assert [item.about for item in look.evidence] == ["port.problem"]


def test_who_asked_for_the_dialogue_gets_it_from_the_ports_opening_on() -> None:
    bench = Bench()
    bench.step()
    bench.body.post(LookNow("deep", asked_by=7, listen=True))
    bench.step()
    look = next(look for look in bench.looks if look.asked_by == 7)
    assert look.dialogue is not None
    commands = [command for command, _ in look.dialogue.exchanges]
    assert {"ATI", "AT+CPIN?"} <= set(commands)
    assert all(reply for _, reply in look.dialogue.exchanges)


def test_nobody_listens_unless_asked_and_each_dialogue_is_its_own() -> None:
    bench = Bench()
    bench.step()
    counts = []
    for _ in range(3):
        bench.body.post(LookNow("light", asked_by=7, listen=True))
        bench.step()
        dialogue = bench.looks[-1].dialogue
        assert dialogue is not None
        counts.append(len(dialogue.exchanges))
    assert len(set(counts)) == 1
    bench.run_for(100.0)
    assert bench.looks[-1].dialogue is None
