"""Every scenario that comes with posagent loads and tells its story under a fake clock."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from modem.errors import PortLost
from modem.simulator import load, persona_names, scenario_names
from modem.simulator.faults import KINDS
from modem.simulator.state import State
from tests.modem.simulated import Line

EXPECTED = {
    "busy-after-boot",
    "data-only-card",
    "demo-story",
    "denied",
    "garbage-line",
    "healthy-lte",
    "low-balance-sms",
    "modem-hangs",
    "modem-reboots",
    "plan-expired",
    "port-disappears",
    "searching",
    "sim-absent",
    "sim-pin",
    "sim-puk",
    "weak-signal",
}


def test_the_scenarios_are_there() -> None:
    assert set(scenario_names()) >= EXPECTED


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_runs_to_its_end_and_beyond(name: str) -> None:
    script = load(name)
    line = Line(script)
    while line.port.now < script.lasts_s + 30:
        line.clock.advance(1.0)
        try:
            line.ask("AT+CSQ", 0.3)
        except PortLost:
            if line.port.player.presence(line.port.now) is not None:
                line.port = line.port.reopened()
    assert script.title
    assert line.port.player.commands > 0


def _quiet(name: str) -> Line:
    line = Line(load(name))
    line.ask("ATE0;+CMEE=1;+CREG=3;+CEREG=3")
    return line


@pytest.mark.parametrize(
    ("name", "command", "answer"),
    [
        ("healthy-lte", "AT+CEREG?", '+CEREG: 3,1,"5A1B","08C2D11B",7'),
        ("data-only-card", "AT+CREG?", "+CREG: 3,3"),
        ("data-only-card", "AT+CEREG?", '+CEREG: 3,1,"5A1B","08C2D11B",7'),
        ("sim-absent", "AT+CPIN?", "+CME ERROR: 10"),
        ("sim-pin", "AT+CPIN?", "+CPIN: SIM PIN"),
        ("sim-puk", "AT+CPIN?", "+CPIN: SIM PUK"),
        ("denied", "AT+CEREG?", "+CEREG: 3,3,,,,0,8"),
        ("searching", "AT+CEREG?", "+CEREG: 3,2"),
        ("searching", "AT+CSQ", "+CSQ: 99,99"),
        ("weak-signal", "AT+CESQ", "+CESQ: 99,99,255,255,8,20"),
        ("plan-expired", "AT+CGPADDR=1", '+CGPADDR: 1,"10.133.7.21"'),
    ],
)
def test_a_scenario_shows_what_its_name_says(name: str, command: str, answer: str) -> None:
    assert _quiet(name).info(command)[0] == answer


def test_denied_gives_another_cause_after_a_while() -> None:
    line = _quiet("denied")
    line.until(31)
    assert b"+CEREG: 3,,,,0,7" in line.listen()


def test_a_plan_that_has_expired_sends_and_receives_nothing() -> None:
    line = _quiet("plan-expired")
    sent, received = line.info("AT+QGDCNT?")[0][9:].split(",")
    line.until(100)
    later_sent, later_received = line.info("AT+QGDCNT?")[0][9:].split(",")
    assert int(later_sent) > int(sent)
    assert later_received == received


def test_the_demo_stays_registered_while_its_plan_ends_and_is_renewed() -> None:
    line = _quiet("demo-story")
    seen = []
    for moment in (1, 13, 25, 39):
        line.until(moment)
        line.listen(0.01)
        stat = line.info("AT+CEREG?")[0].split(",")[1]
        seen.append((line.port.player.phase, stat, line.info("AT+CGACT?")[0]))
    assert seen == [
        ("healthy", "1", "+CGACT: 1,1"),
        ("notice", "1", "+CGACT: 1,1"),
        ("cut", "1", "+CGACT: 1,0"),
        ("booked", "1", "+CGACT: 1,1"),
    ]
    assert load("demo-story").lasts_s <= 60


def test_a_cue_plays_a_change_that_no_script_foresaw() -> None:
    line = _quiet("healthy-lte")
    cut = next(change for change in load("demo-story").changes if change.phase == "cut")
    line.port.player.play(cut, line.port.now)
    assert line.info("AT+CGACT?")[0] == "+CGACT: 1,0"


def test_just_switched_on_is_silent_then_busy_then_fine() -> None:
    line = Line(load("busy-after-boot"))
    assert line.ask("AT") == b""
    line.until(5)
    assert b"RDY" in line.listen()
    line.ask("AT+CMEE=1")
    assert b"+CME ERROR: 14" in line.ask("AT+CPIN?")
    line.until(21)
    assert b"+CEREG: 0,1" in line.ask("AT+CEREG?")


def test_the_manual_lists_every_scenario_fault_and_field() -> None:
    text = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")
    for word in (*scenario_names(), *persona_names(), *KINDS, *(known.name for known in fields(State))):
        assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text), word
