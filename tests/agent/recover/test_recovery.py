"""Recovery: which step for which cause, what it sends, what is remembered and told."""

import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.assess.base import Assessment, Finding, Verdict
from agent.assess.conditions import CATALOGUE
from agent.hooks import Ran
from agent.outbox.base import Record
from agent.recover import memory as memories
from agent.recover import usb
from agent.recover.case import case_of, context_of
from agent.recover.commands import RESET, Made, at_step
from agent.recover.hold import HoldSettings, Line, Speaker
from agent.recover.ladder import CURES, HOPELESS, RUNGS, SETTLE_S, Case, LadderSettings, allowed, decide, in_order
from agent.recover.memory import Attempt, Memory
from agent.recover.room import Recovery, RecoverySettings, StepDone, Tools
from agent.sample.base import ContextView, Snapshot
from agent.wire import RecordType
from agent.workers.orders import Order, UseModem
from modem.client import Modem
from modem.dialects import named, names
from modem.errors import LineHeld
from modem.values import Cause
from tests.fakes.clock import FakeClock
from tests.fakes.eventually import eventually
from tests.fakes.no_threads import no_threads
from tests.fakes.port import FakePort, ok
from tests.fakes.snapshots import healthy

ALL = LadderSettings(rungs=RUNGS, patience_s=60.0)


def judged(code: str) -> Assessment:
    found = () if code == "ok" else (Finding(code, CATALOGUE[code].severity, root=True),)
    return Assessment(found, Verdict(code, "high"))


# -- which step ----------------------------------------------------------------------------------------------------


def test_every_cause_and_every_hopeless_word_is_in_the_catalogue_and_none_is_both() -> None:
    assert set(CURES) | HOPELESS <= set(CATALOGUE)
    assert not set(CURES) & HOPELESS


@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - set(CURES)))
def test_nothing_is_done_for_what_no_step_can_cure(code: str) -> None:
    assert allowed(Case(code), ALL) == ()


@pytest.mark.parametrize("beside", sorted(HOPELESS))
def test_money_locks_and_coverage_forbid_every_step_even_as_a_consequence(beside: str) -> None:
    assert allowed(Case("internet.unreachable", frozenset({beside})), ALL) == ()


def test_a_modem_that_says_nothing_gets_no_commands() -> None:
    assert allowed(Case("data.no_session", answers=False), ALL) == ("usb_reset", "power", "ask", "reboot")


def test_only_what_its_owner_allows_is_done() -> None:
    assert allowed(Case("data.no_session"), replace(ALL, rungs=("power", "pdp_cycle"))) == ("pdp_cycle", "power")


@pytest.mark.parametrize(
    ("cause", "refused"),
    [
        (Cause(layer="emm", number=8), True),
        (Cause(layer="emm", number=15), True),
        (Cause(layer="emm", number=17), False),
    ],
)
def test_a_refusal_by_the_network_is_believed(cause: Cause, refused: bool) -> None:
    seen = healthy()
    searching = replace(seen, network=replace(seen.network, registration="searching", reject_cause=cause))
    assert case_of(searching, judged("registration.searching")).refused is refused
    assert case_of(replace(seen, network=replace(seen.network, reject_cause=cause)), judged("ok")).refused is False


def test_a_plan_that_is_known_to_be_over_counts_even_without_a_finding() -> None:
    seen = healthy()
    over = replace(seen, plan=replace(seen.plan, state="exhausted"))
    assert allowed(case_of(over, judged("internet.unreachable")), ALL) == ()


def test_the_data_context_is_an_active_one_that_is_not_the_telephones() -> None:
    def of(*contexts: ContextView) -> int | None:
        return context_of(replace(healthy(), data=replace(healthy().data, contexts=contexts)))

    assert of(ContextView(1, apn="ims", active=True), ContextView(3, apn="cmiot", active=True)) == 3
    assert of(ContextView(1, apn="cmnet"), ContextView(2, apn="IMS")) == 1
    assert of(ContextView(1, apn="ims")) is None


# -- when, and in which order ----------------------------------------------------------------------------------------


def decided(memory: Memory, now: float, code: str = "data.no_session", settings: LadderSettings = ALL) -> str:
    decision = decide(Case(code), 0.0, memory, settings, now)
    return decision.rung or decision.why


def climbed(steps: int, settings: LadderSettings) -> list[str]:
    """The rungs taken while the trouble stays, by the clock of the ladder itself."""
    memory, now, taken = Memory(), 0.0, list[str]()
    while len(taken) < steps:
        now += 60.0
        decision = decide(Case("data.no_session"), 0.0, memory, settings, now)
        if decision.rung:
            memory = memory.end("not_cured", now).begin(decision.rung, "data.no_session", now, dry_run=False)
            taken.append(decision.rung)
    return taken


def test_the_ladder_is_climbed_from_the_gentlest_step_and_the_machine_is_rebooted_last() -> None:
    plenty = replace(ALL, steps_per_hour=60, steps_per_day=500, resets_per_hour=20, resets_per_day=100)
    assert climbed(8, plenty) == list(RUNGS)


def test_trouble_that_may_pass_by_itself_gets_its_time_and_so_does_each_step() -> None:
    assert "may pass" in decided(Memory(), 59.0)
    assert decided(Memory(), 60.0) == "reattach"
    made = Memory().begin("reattach", "data.no_session", 60.0, dry_run=False)
    assert "given time" in decided(made, 60.0 + SETTLE_S["reattach"] - 1)
    assert decided(made, 60.0 + SETTLE_S["reattach"]) == "pdp_cycle"


def test_when_all_was_tried_the_next_round_waits_ever_longer() -> None:
    few = replace(ALL, rungs=("pdp_cycle",), steps_per_hour=60, steps_per_day=500)
    memory, starts, now = Memory(), list[float](), 0.0
    while len(starts) < 7:
        now += 60.0
        if decide(Case("dns.failed"), 0.0, memory, few, now).rung:
            memory = memory.end("not_cured", now).begin("pdp_cycle", "dns.failed", now, dry_run=False)
            starts.append(now)
    assert [round((b - a) / 3600) for a, b in itertools.pairwise(starts)] == [1, 2, 4, 8, 16, 24]


def test_what_cured_before_comes_first_the_next_time_and_what_never_did_later() -> None:
    rungs = CURES["data.no_session"]
    assert in_order("data.no_session", rungs, Memory()) == list(rungs)
    cured = Memory(scores={"data.no_session radio_cycle": (6, 6), "data.no_session reattach": (6, 0)})
    assert in_order("data.no_session", rungs, cured)[:2] == ["pdp_cycle", "radio_cycle"]
    assert in_order("data.no_session", rungs, cured)[-2:] == ["ask", "reboot"]
    assert in_order("data.detached", rungs, cured) == list(rungs), "it is learned for each cause"


def test_no_success_brings_a_reboot_forward() -> None:
    rebooted = Memory(scores={"data.no_session reboot": (50, 50), "data.no_session ask": (50, 50)})
    assert in_order("data.no_session", RUNGS, rebooted) == list(RUNGS)


def test_a_spent_budget_is_said() -> None:
    made = tuple(Attempt("modem_reset", "data.detached", 100.0 * at, "not_cured") for at in range(1, 3))
    memory = Memory((*made, *(Attempt(rung, "data.no_session", 1000.0, "not_cured") for rung in RUNGS[:3])))
    assert "resets in an hour" in decided(memory, 3000.0, settings=replace(ALL, steps_per_hour=60))
    assert decided(memory, 3000.0, settings=ALL) == "5 steps in an hour were made, the most allowed"


# -- what is remembered ------------------------------------------------------------------------------------------------


def test_a_memory_is_the_same_after_a_restart(tmp_path: Path) -> None:
    memory = Memory(usb="1-1.2", blocked_until=3.0).begin("power", "modem.silent", 50.0, dry_run=False)
    memory = memory.end("cured", 99.0).begin("reattach", "data.detached", 120.0, dry_run=True)
    assert memories.save(tmp_path / "m.json", memory)
    assert memories.load(tmp_path / "m.json") == memory
    assert memory.score("modem.silent", "power") == (1, 1)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"version": 2}', '{"version": 1}', "[" * 100_000,
     '{"version":1,"run_s":1e999,"well_at":0,"blocked_until":0,"usb":"","attempts":[],"scores":{}}',
     '{"version":1,"run_s":0,"well_at":0,"blocked_until":0,"usb":"","attempts":[["rm","x",0,"begun",false]],"scores":{}}',
     '{"version":1,"run_s":0,"well_at":0,"blocked_until":0,"usb":"","attempts":[],"scores":{"a b":[1e999,0]}}'],
)  # fmt: skip
def test_a_damaged_memory_earns_no_fresh_budget(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text)
    memory = memories.load(tmp_path / "m.json")
    assert memory.blocked_until == 86_400.0
    assert "damaged" in decided(memory, 80_000.0)


def test_times_that_a_bad_disk_put_into_the_future_hold_nothing_up_for_longer_than_damage_does(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(
        '{"version":1,"run_s":100,"well_at":9e9,"blocked_until":9e9,"usb":"","attempts":[["reattach","x",9e9,"failed",false]],"scores":{}}'
    )
    memory = memories.load(tmp_path / "m.json")
    assert (memory.well_at, memory.blocked_until, memory.attempts[0].at) == (100.0, 86_500.0, 100.0)


def test_the_first_start_has_its_budget_and_a_missing_disk_has_none(tmp_path: Path) -> None:
    assert memories.load(tmp_path / "m.json") == Memory()
    assert memories.load(tmp_path / "gone" / "m.json").blocked_until > 0


# -- what is sent ------------------------------------------------------------------------------------------------------


def modem_of(name: str, answers: Mapping[str, list[bytes]], otherwise: bytes = ok()) -> tuple[Modem, FakePort]:
    clock = FakeClock()
    port = FakePort(clock, dict(answers), otherwise)
    return Modem(port, dialect=named(name), monotonic=clock.monotonic), port


def test_reattaching_and_the_session_go_off_and_on() -> None:
    modem, port = modem_of("3gpp", {})
    assert at_step("reattach", modem, None).done
    assert at_step("pdp_cycle", modem, 3).done
    assert port.lines_written() == ["AT+CGATT=0", "AT+CGATT=1", "AT+CGACT=0,3", "AT+CGACT=1,3"]
    assert not at_step("pdp_cycle", modem, None).done


def test_what_was_switched_off_is_switched_on_again_even_after_a_refusal() -> None:
    modem, port = modem_of("3gpp", {"AT+CGACT=0,1": [b"\r\n+CME ERROR: 151\r\n"]})
    assert at_step("pdp_cycle", modem, 1) == Made(done=False, detail="AT+CGACT=0,1: ERROR, AT+CGACT=1,1: OK")
    assert port.lines_written()[-1] == "AT+CGACT=1,1"


@pytest.mark.parametrize(
    ("off", "sent", "done"),
    [
        ({}, ["AT+CFUN=0"], True),
        ({"AT+CFUN=0": [b"\r\nERROR\r\n"]}, ["AT+CFUN=0", "AT+CFUN=4"], True),
        ({"AT+CFUN=0": [b"\r\nERROR\r\n"], "AT+CFUN=4": [b"\r\nERROR\r\n"]}, ["AT+CFUN=0", "AT+CFUN=4"], False),
        ({"AT+CFUN=0": [b""]}, ["AT+CFUN=0"], False),
    ],
)
def test_the_radio_is_switched_on_again_whatever_the_modem_says_to_off(
    off: dict[str, list[bytes]], sent: list[str], done: bool
) -> None:
    modem, port = modem_of("3gpp", off)
    assert at_step("radio_cycle", modem, None).done is done
    radio = [line for line in port.lines_written() if line.startswith("AT+CFUN=")]
    assert radio == [*sent, "AT+CFUN=1"]


@pytest.mark.parametrize("name", names())
def test_every_dialect_has_a_way_to_reset_its_modem(name: str) -> None:
    modem, port = modem_of(name, {})
    assert at_step("modem_reset", modem, None).done
    assert port.lines_written() == [RESET.get(name, ("AT+CFUN=1,1",))[0]]


def test_a_reset_that_is_refused_is_tried_the_common_way_and_silence_counts_as_done() -> None:
    modem, port = modem_of("huawei", {"AT^RESET": [b"\r\nERROR\r\n"], "AT+CFUN=1,1": [b""]})
    assert at_step("modem_reset", modem, None) == Made(done=True, detail="AT+CFUN=1,1: no answer")
    assert port.lines_written()[:2] == ["AT^RESET", "AT+CFUN=1,1"]
    refusing = modem_of("nordic", {"AT#XRESET": [b"\r\nERROR\r\n"]})[0]
    assert not at_step("modem_reset", refusing, None).done


def bus(root: Path) -> Path:
    """A sysfs with a modem on 1-1.2."""
    device = root / "sys/devices/pci/usb1/1-1/1-1.2"
    port = device / "1-1.2:1.2/ttyUSB2"
    port.mkdir(parents=True)
    (device / "idVendor").write_text("2c7c\n")
    (device / "authorized").write_text("1\n")
    (root / "sys/class/tty/ttyUSB2").mkdir(parents=True)
    (root / "sys/class/tty/ttyUSB2/device").symlink_to(port)
    (root / "sys/bus/usb/devices").mkdir(parents=True)
    (root / "sys/bus/usb/devices/1-1.2").symlink_to(device)
    return device


def test_a_usb_modem_is_taken_off_the_bus_and_back(tmp_path: Path) -> None:
    device, clock = bus(tmp_path), FakeClock()
    assert usb.place_of("/dev/ttyUSB2", tmp_path) == "1-1.2"
    assert usb.place_of("/dev/ttyS0", tmp_path) == usb.place_of(None, tmp_path) == ""
    began = clock.monotonic()
    assert usb.reset("1-1.2", clock, tmp_path) == Made(done=True, detail="USB 1-1.2 off and on")
    assert (device / "authorized").read_text().strip() == "1"
    assert clock.monotonic() - began == usb.OFF_S


def test_without_the_right_to_that_the_driver_is_unbound_and_bound(tmp_path: Path) -> None:
    driver = tmp_path / "sys/bus/usb/drivers/usb"
    driver.mkdir(parents=True)
    for name in ("bind", "unbind"):
        (driver / name).write_text("")
    assert usb.reset("1-1.2", FakeClock(), tmp_path).done
    assert [(driver / name).read_text() for name in ("unbind", "bind")] == ["1-1.2", "1-1.2"]


@pytest.mark.parametrize("name", ["", "usb1", "1-1:1.0", "../../x", "1-1.2/../usb1", "1-1.2"])
def test_nothing_else_is_ever_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "sys/bus/usb/devices/usb1").mkdir(parents=True)
    (tmp_path / "sys/bus/usb/devices/usb1/authorized").write_text("1")
    assert not usb.reset(name, FakeClock(), tmp_path).done
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["authorized"]


# -- the room ----------------------------------------------------------------------------------------------------------


class Bench:
    """A recovery, a modem, and what was told."""

    def __init__(self, folder: Path, settings: RecoverySettings | None = None) -> None:
        self.clock = FakeClock()
        self.line = Line(HoldSettings(), self.clock)
        self.modem, self.port = modem_of("3gpp", {})
        self.settings = settings or RecoverySettings(ALL, ("power",), ("reboot",))
        self.records: list[Record] = []
        self.news: list[Mapping[str, object]] = []
        self.over: list[StepDone] = []
        self.ran: list[str] = []
        self.path = folder / "recovery.json"
        self.held = False
        self.restart()

    def restart(self) -> None:
        tools = Tools(self.post, self.records.append, self.over.append, self.news.append, self.run, self.usb)
        self.room = Recovery(self.settings, self.path, self.clock, Speaker(self.line, "recovery"), tools)

    def post(self, order: Order) -> bool:
        assert isinstance(order, UseModem)
        assert order.back
        order.done(LineHeld(order.name) if self.held else order.work(self.modem, lambda _events: None))
        return True

    def run(self, command: Any, _facts: Mapping[str, object], _timeout_s: float) -> Ran:
        self.ran.append(command[0])
        return Ran(0)

    def usb(self, place: str, _clock: object) -> Made:
        self.ran.append(f"usb {place}")
        return Made(done=False, detail="not allowed")

    def look(self, code: str, passes: float = 60.0, seen: Snapshot | None = None) -> None:
        self.room.turn(seen or healthy(), judged(code))
        if self.room.told()["running"]:
            eventually(lambda: self.over, "the step is over")
        for done in self.over:
            self.room.done(done)
        self.over.clear()
        self.clock.advance(passes)

    def told(self) -> list[tuple[str, str]]:
        bodies = [json.loads(item.body)["body"] for item in self.records]
        return [(body["step"], body["outcome"]) for body in bodies]


def test_a_step_that_cures_is_told_learned_and_shown(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    for _ in range(3):
        bench.look("data.detached")
    bench.look("ok")
    assert bench.port.lines_written() == ["AT+CGATT=0", "AT+CGATT=1"]
    assert bench.told() == [("reattach", "begun"), ("reattach", "cured")]
    shown = bench.room.told()
    assert shown["learned"] == {"data.detached reattach": [1, 1]}
    assert (shown["steps"], shown["cured"]) == ({"reattach": 1}, {"reattach": 1})
    assert [news["outcome"] for news in bench.news] == ["begun", "cured"]


def test_a_step_for_which_the_system_gives_no_thread_has_failed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, RecoverySettings(replace(ALL, rungs=("usb_reset",))))
    with no_threads():
        bench.look("modem.silent")
        bench.look("modem.silent")
    assert bench.told() == [("usb_reset", "begun"), ("usb_reset", "failed")]
    assert not bench.ran
    assert not bench.room.told()["running"]


def test_a_rehearsal_says_what_it_would_do_and_does_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, RecoverySettings(replace(ALL, dry_run=True)))
    for _ in range(10):
        bench.look("data.detached")
    assert bench.told()[:2] == [("reattach", "would"), ("radio_cycle", "would")]
    assert bench.port.lines_written() == bench.ran == []
    assert bench.room.told()["learned"] == {}


def test_the_first_real_step_does_not_wait_for_a_rehearsed_one(tmp_path: Path) -> None:
    bench = Bench(tmp_path, RecoverySettings(replace(ALL, dry_run=True)))
    bench.look("data.detached")
    bench.look("data.detached")
    bench.room.settings = RecoverySettings(ALL)
    bench.look("data.detached")
    assert bench.told() == [("reattach", "would"), ("reattach", "begun")]


def test_nothing_begins_during_a_lease_and_a_step_that_lost_the_race_teaches_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.look("data.detached")
    lease = bench.line.take(120.0, 1)
    bench.look("data.detached")
    assert bench.told() == []
    bench.line.release(lease.id)
    bench.held = True
    bench.look("data.detached")
    assert bench.told() == [("reattach", "begun"), ("reattach", "interrupted")]
    assert bench.room.told()["learned"] == {}


def test_steps_that_are_no_commands_run_beside_and_hold_the_line(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    silent = replace(healthy(), port=replace(healthy().port, answers=False))
    for _ in range(12):
        bench.look("modem.silent", seen=silent)
    assert bench.ran == ["usb ", "power"]
    assert bench.told()[:3] == [("usb_reset", "begun"), ("usb_reset", "failed"), ("power", "begun")]


def test_a_person_is_asked_and_the_asking_ends_when_all_is_well(tmp_path: Path) -> None:
    bench = Bench(tmp_path, RecoverySettings(replace(ALL, rungs=("ask",))))
    for _ in range(3):
        bench.look("modem.silent")
    assert bench.room.asks
    bench.look("ok")
    bench.look("ok")
    assert not bench.room.asks
    assert bench.told() == [("ask", "begun"), ("ask", "cured")]


def test_a_step_the_power_cut_through_is_told_at_the_next_start_and_counts(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.look("data.detached")
    bench.look("data.detached")
    bench.restart()
    assert bench.told() == [("reattach", "begun"), ("reattach", "interrupted")]
    memory = memories.load(bench.path)
    assert [attempt.outcome for attempt in memory.attempts] == ["interrupted"]


def test_a_reboot_is_judged_after_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, RecoverySettings(replace(ALL, rungs=("reboot",)), (), ("reboot",)))
    bench.look("modem.silent")
    bench.look("modem.silent")
    assert bench.ran == ["reboot"]
    bench.restart()
    bench.look("ok")
    assert bench.told() == [("reboot", "begun"), ("reboot", "cured")]


def test_what_cannot_be_remembered_is_not_done(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    bench = Bench(folder)
    folder.rename(tmp_path / "gone")
    for _ in range(5):
        bench.look("data.detached")
    assert bench.told() == []
    assert bench.port.lines_written() == []
    assert "disk" in bench.room.told()["state"]


def test_the_pause_after_damage_goes_by_even_where_power_is_cut_each_night(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.path.write_text("rotten")
    for _ in range(24):
        bench.restart()
        bench.clock.advance(3600.0)
        bench.room.tend()
    bench.restart()
    for _ in range(10):
        bench.look("data.detached", passes=600.0)
    assert ("reattach", "begun") in bench.told()


def test_the_record_is_one_of_the_wires(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.look("data.detached")
    bench.look("data.detached")
    said = json.loads(bench.records[0].body)
    kind: RecordType = "recovery"
    assert said["type"] == kind
    assert said["body"] == {"step": "reattach", "cause": "data.detached", "outcome": "begun"}
