"""Recovery at work: after each look it judges the last step, and begins the next one if the ladder says so. Opt-in.

Owned by the main thread, which gives it looks and what came of steps; it wakes nobody and waits for nothing. Steps by
AT are done on the modem's thread, others in a thread that lives for one step; both hold the line against a payment's
lease until they are over, and none begins during one. A step is on the disk before it begins, and is told to the centre
as it begins and when it was judged. docs/recovery.md is for users.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from agent import record
from agent.assess.base import Assessment
from agent.beside import NO_THREAD, beside
from agent.clock import Clock, Deadline
from agent.control import Json, Refused
from agent.hooks import Ran, run
from agent.log import logger
from agent.outbox.base import Record
from agent.recover import memory as memories
from agent.recover import usb
from agent.recover.case import case_of, context_of, well
from agent.recover.commands import Made, at_step, back_of
from agent.recover.hold import Speaker
from agent.recover.ladder import AT_RUNGS, SETTLE_S, Decision, LadderSettings, decide
from agent.recover.memory import Attempt, Outcome, Rung
from agent.sample.base import Snapshot
from agent.workers.orders import Order, UseModem
from modem.client import Modem
from modem.errors import LineHeld, ModemError
from modem.frozen import dataclass

BEGIN_S = 60.0
"""A step that the modem's thread has not begun by then is given up."""


@dataclass(frozen=True, slots=True)
class RecoverySettings:
    ladder: LadderSettings
    power_command: tuple[str, ...] = ()
    reboot_command: tuple[str, ...] = ()
    command_timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step was carried out, or was not; to the main thread."""

    rung: Rung
    made: Made
    held: bool = False
    """A payment was quicker."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What it works with; all return at once but `run` and `usb`, which have a thread of their own."""

    post: Callable[[Order], bool]
    """To the modem's worker."""
    put: Callable[[Record], object]
    """To the outbox, durable."""
    report: Callable[[StepDone], object]
    """To the main thread, from any."""
    news: Callable[[Mapping[str, object]], object] = lambda _facts: None
    """To the owner's hook."""
    run: Callable[[Sequence[str], Mapping[str, object], float], Ran] = run
    usb: Callable[[str, Clock], Made] = usb.reset


class Recovery:
    def __init__(self, settings: RecoverySettings, path: Path, clock: Clock, line: Speaker, tools: Tools) -> None:
        self.settings = settings
        self._path, self._clock, self._line, self._tools = path, clock, line, tools
        self._memory = memories.load(path)
        self._base = self._memory.run_s - clock.monotonic()
        self._running: Rung | None = None
        self._code = ""
        self._since = 0.0
        """Running time: since when the verdict is `_code`."""
        self._decision = Decision(None, "nothing is known yet")
        self._device: str | None = None
        self.steps: Counter[str] = Counter()
        self.cures: Counter[str] = Counter()
        last = self._memory.open
        if last is not None and last.rung != "reboot":  # that one ends us, and is judged afterwards
            self._judge("interrupted", last, "the agent ended before it could be judged")

    # -- what happens -------------------------------------------------------------------------------------------------

    def turn(self, snapshot: Snapshot, assessment: Assessment) -> None:
        """After each look."""
        now = self._now()
        case = case_of(snapshot, assessment)
        if case.code != self._code:
            self._code, self._since = case.code, now
        self._place(snapshot)
        if self._running:
            return
        self._look_at_last(assessment, now)
        self._decision = decide(case, self._since, self._memory, self.settings.ladder, now)
        if self._decision.rung and self._memory.open is None and self._line.may():
            self._begin(self._decision.rung, case.code, context_of(snapshot), now)
        self._line.progress()  # what a payment came before is decided anew with the next look

    def done(self, event: StepDone) -> None:
        """A step is over."""
        self._running = None
        last = self._memory.open
        if last is None or last.rung != event.rung:
            return
        logger("recovery").info("step", rung=event.rung, done=event.made.done, detail=event.made.detail)
        if event.held:
            self._judge("interrupted", last, event.made.detail)
        elif not event.made.done:
            self._judge("failed", last, event.made.detail)

    def close(self) -> None:
        """A clean stop: how long we ran is kept."""
        self._memory = replace(self._memory, run_s=self._now())
        if self._memory != memories.Memory(run_s=self._memory.run_s):
            memories.save(self._path, self._memory)

    def tend(self) -> None:
        """Now and then: what has run so far is kept, where anything depends on it."""
        last = self._memory.attempts[-1].at if self._memory.attempts else -memories.KEEP_S
        if self._now() < max(last + memories.KEEP_S, self._memory.blocked_until):
            self.close()

    def told(self) -> Json:
        """For status, metrics and the daily report."""
        last = self._memory.attempts[-1] if self._memory.attempts else None
        return {
            "dry_run": self.settings.ladder.dry_run,
            "state": self._decision.rung or self._decision.why,
            "running": self._running,
            "asks": self.asks,
            "last": None if last is None else self._shown(last),
            "steps": dict(self.steps),
            "cured": dict(self.cures),
            "learned": {name: list(score) for name, score in sorted(self._memory.scores.items())},
        }

    @property
    def asks(self) -> bool:
        """Is a person asked to take the power away and give it back?"""
        made = self._memory.made(dry_run=False)
        return any(one.rung == "ask" and one.at > self._memory.well_at for one in made)

    # -- one step -----------------------------------------------------------------------------------------------------

    def _begin(self, rung: Rung, code: str, cid: int | None, now: float) -> None:
        dry_run = self.settings.ladder.dry_run
        begun = self._memory.begin(rung, code, now, dry_run=dry_run)
        if not memories.save(self._path, begun):
            self._decision = Decision(None, "the disk does not take the memory of it, so it is not made")
            return
        self._memory = begun
        self.steps[rung] += 1
        self._tell(begun.attempts[-1], "would" if dry_run else "begun", "")
        if not dry_run and rung != "ask":
            self._running = rung
            self._carry_out(rung, cid)

    def _carry_out(self, rung: Rung, cid: int | None) -> None:
        if rung in AT_RUNGS:
            self._by_modem(rung, cid)
        elif not beside(partial(self._beside, rung, self._memory.usb), "recovery"):
            self._tools.report(StepDone(rung, Made(done=False, detail=NO_THREAD)))

    def _by_modem(self, rung: Rung, cid: int | None) -> None:
        made: list[Made] = []

        def work(modem: Modem, _heed: object) -> Json:
            made.append(at_step(rung, modem, cid))
            return {}

        def over(outcome: Json | ModemError | Refused) -> None:
            failed = Made(done=False, detail=str(outcome))
            self._tools.report(StepDone(rung, made[0] if made else failed, isinstance(outcome, LineHeld)))

        until = Deadline.after(BEGIN_S, self._clock)
        if not self._tools.post(UseModem(rung, work, until, over, back_of(rung, cid))):
            over(Refused("busy", "too much is asked of the modem at once"))

    def _beside(self, rung: Rung, place: str) -> None:
        """On a thread of its own."""
        try:
            with self._line.whole():
                made = self._tools.usb(place, self._clock) if rung == "usb_reset" else self._command(rung)
        except LineHeld as held:
            self._tools.report(StepDone(rung, Made(done=False, detail=str(held)), held=True))
            return
        self._tools.report(StepDone(rung, made))

    def _command(self, rung: Rung) -> Made:
        command = self.settings.power_command if rung == "power" else self.settings.reboot_command
        if not command:
            return Made(done=False, detail="no command is set for it")
        ran = self._tools.run(command, {"event": rung, "verdict": self._code}, self.settings.command_timeout_s)
        return Made(ran.ok, ran.why or ran.output)

    # -- judging ------------------------------------------------------------------------------------------------------

    def _look_at_last(self, assessment: Assessment, now: float) -> None:
        last = self._memory.open
        if last is not None and last.dry_run != self.settings.ladder.dry_run:
            self._judge("interrupted", last, "rehearsing began or ended")  # after a reload
        elif last is not None and well(assessment, last.code):
            self._judge("cured", last, "")
        elif last is not None and now - last.at >= SETTLE_S[last.rung]:
            self._judge("not_cured", last, assessment.verdict.code)
        attempts = self._memory.attempts
        if assessment.verdict.code == "ok" and attempts and attempts[-1].at > self._memory.well_at:
            self._memory = replace(self._memory, well_at=now, run_s=now)
            memories.save(self._path, self._memory)

    def _judge(self, outcome: Outcome, attempt: Attempt, detail: str) -> None:
        self._memory = self._memory.end(outcome, self._now())
        memories.save(self._path, self._memory)
        if attempt.dry_run:
            return
        self.cures[attempt.rung] += outcome == "cured"
        self._tell(attempt, outcome, detail)

    def _tell(self, attempt: Attempt, outcome: str, detail: str) -> None:
        logger("recovery").warning("recovery", rung=attempt.rung, cause=attempt.code, outcome=outcome, why=detail)
        self._tools.put(
            record.recovery(
                attempt.rung, attempt.code, outcome, self._clock.wall(), detail=detail, dry_run=attempt.dry_run
            )
        )
        facts: dict[str, Any] = {"rung": attempt.rung, "cause": attempt.code, "outcome": outcome, "detail": detail}
        self._tools.news(facts)

    def _place(self, snapshot: Snapshot) -> None:
        """Where the modem is, while it is there: a reset may be needed when it is not."""
        device = snapshot.port.device if snapshot.port.answers else None
        if device is None or device == self._device:
            return
        self._device, place = device, usb.place_of(device)
        if place and place != self._memory.usb:
            self._memory = replace(self._memory, usb=place, run_s=self._now())
            memories.save(self._path, self._memory)

    def _now(self) -> float:
        """Running time."""
        return self._base + self._clock.monotonic()

    def _shown(self, attempt: Attempt) -> Json:
        ago = round(self._now() - attempt.at)
        return {"rung": attempt.rung, "cause": attempt.code, "outcome": attempt.outcome, "ago_s": ago}
