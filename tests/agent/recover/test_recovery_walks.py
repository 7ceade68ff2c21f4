"""Recovery over random fates: whatever happens, no budget is exceeded and no step is taken that cannot help."""

import shutil
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent.assess.base import Assessment, Finding, Verdict
from agent.assess.conditions import CATALOGUE
from agent.clock import Clock
from agent.hooks import Ran
from agent.recover.commands import Made
from agent.recover.hold import HoldSettings, LeaseRefused, Line, Speaker
from agent.recover.ladder import AT_RUNGS, CURES, DAY_S, HOPELESS, HOUR_S, RESETS, RUNGS, LadderSettings
from agent.recover.room import Recovery, RecoverySettings, StepDone, Tools
from agent.workers.orders import Order, UseModem
from modem.client import Modem
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort, ok
from tests.fakes.snapshots import healthy

LADDER = LadderSettings(rungs=RUNGS, patience_s=60.0)
SETTINGS = RecoverySettings(LADDER, ("power",), ("reboot",))
CODES = sorted(CATALOGUE)


def judged(code: str, *others: str) -> Assessment:
    findings = [Finding(one, CATALOGUE[one].severity, root=one == code) for one in (code, *others) if one != "ok"]
    return Assessment(tuple(findings), Verdict(code, "high"))


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="recovery-walk-"))
        self.state = self.folder / "state"
        self.state.mkdir()
        self.real = 0.0
        self.steps: list[tuple[float, str]] = []
        self.told: list[bytes] = []
        self.power_fails = False
        self.boot()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def boot(self) -> None:
        self.clock = FakeClock(monotonic_now=20.0)
        self.booted = self.real - 20.0
        self.line = Line(HoldSettings(), self.clock)
        self.modem = Modem(FakePort(self.clock, otherwise=ok()), monotonic=self.clock.monotonic)
        self.over: list[StepDone] = []
        tools = Tools(self.post, lambda item: self.told.append(item.body), self.over.append, run=self.run, usb=self.usb)
        self.room = Recovery(SETTINGS, self.state / "recovery.json", self.clock, Speaker(self.line, "recovery"), tools)

    def step_seen(self, rung: str) -> None:
        assert not self.line.told()["by"], "no step during a lease"
        self.steps.append((self.booted + self.clock.monotonic(), rung))

    def post(self, order: Order) -> bool:
        assert isinstance(order, UseModem)
        self.step_seen(order.name)
        order.done(order.work(self.modem, lambda _events: None))
        return True

    def usb(self, _place: str, _clock: Clock) -> Made:
        self.step_seen("usb_reset")
        return Made(done=True, detail="")

    def run(self, command: Sequence[str], _facts: Mapping[str, object], _timeout_s: float) -> Ran:
        self.step_seen(command[0])
        return Ran(1 if self.power_fails else 0)

    def finish(self, *, heard: bool) -> None:
        for thread in threading.enumerate():
            if thread.name == "recovery":
                thread.join(60)
        for done in self.over if heard else ():
            self.room.done(done)
        self.over.clear()

    def look(self, assessment: Assessment, *, heard: bool = True) -> None:
        before = len(self.steps)
        snapshot = healthy()
        answers = not assessment.verdict.code.startswith(("modem.", "port."))
        self.room.turn(replace(snapshot, port=replace(snapshot.port, answers=answers)), assessment)
        self.finish(heard=heard)
        codes = {assessment.verdict.code, *(found.code for found in assessment.findings)}
        for _, rung in self.steps[before:]:
            assert rung in CURES[assessment.verdict.code]
            assert not codes & HOPELESS
            assert answers or rung not in AT_RUNGS

    @rule(code=st.sampled_from(CODES), other=st.sampled_from(CODES), heard=st.booleans())
    def look_at_anything(self, code: str, other: str, *, heard: bool) -> None:
        self.look(judged(code, other), heard=heard)

    @rule(
        code=st.sampled_from(sorted(CURES)),
        beside=st.none() | st.none() | st.sampled_from(CODES),
        looks=st.integers(1, 60),
        every=st.sampled_from((60.0, 300.0, 1200.0)),
    )
    def trouble_stays(self, code: str, beside: str | None, looks: int, every: float) -> None:
        for _ in range(looks):
            self.look(judged(code, beside) if beside else judged(code))
            self.clock.advance(every)

    @rule()
    def all_is_well(self) -> None:
        self.look(judged("ok"))

    @rule(seconds=st.floats(1.0, 40_000.0))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.room.tend()

    @rule(wall=st.floats(0.0, 4e9))
    def somebody_sets_the_clock(self, wall: float) -> None:
        self.clock.set_wall(wall)

    @rule(seconds=st.floats(1.0, 300.0))
    def a_payment_begins(self, seconds: float) -> None:
        try:
            self.line.take(seconds, 1)
        except LeaseRefused:
            return

    @rule(seconds=st.floats(1.0, 100_000.0), clean=st.booleans())
    def the_power_goes(self, seconds: float, *, clean: bool) -> None:
        if clean:
            self.room.close()
        self.real = self.booted + self.clock.monotonic() + seconds
        self.boot()

    @rule(fails=st.booleans())
    def the_power_command_fails(self, *, fails: bool) -> None:
        self.power_fails = fails

    @precondition(lambda self: self.state.exists())
    @rule()
    def the_disk_refuses(self) -> None:
        self.state.rename(self.folder / "gone")

    @precondition(lambda self: not self.state.exists())
    @rule()
    def the_disk_works_again(self) -> None:
        (self.folder / "gone").rename(self.state)

    @invariant()
    def budgets_hold_in_real_time(self) -> None:
        self.within(self.steps, HOUR_S, LADDER.steps_per_hour)
        self.within(self.steps, DAY_S, LADDER.steps_per_day)
        resets = [step for step in self.steps if step[1] in RESETS]
        self.within(resets, HOUR_S, LADDER.resets_per_hour)
        self.within(resets, DAY_S, LADDER.resets_per_day)
        self.within([step for step in self.steps if step[1] == "reboot"], DAY_S, LADDER.reboots_per_day)

    def within(self, steps: list[tuple[float, str]], window: float, most: int) -> None:
        """No window of that length, begun at any step, holds more; a second for what a step itself takes."""
        for begin, _ in steps:
            assert sum(begin <= at < begin + window - 1 for at, _ in steps) <= most


Walk.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestWalk = Walk.TestCase
