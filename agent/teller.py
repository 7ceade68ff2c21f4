"""What the centre is told, each thing once: what is news after a look, proofs, the start and the end of a run.

A piece of news counts as told when it is on the disk. Until then it waits here, and is put to the disk again with the
next one; what was told is remembered over a restart in the state file (`agent.state`).
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from pathlib import Path
from typing import Any

from agent import record, state
from agent.assess.base import Assessment
from agent.clock import Clock
from agent.log import logger
from agent.outbox.base import Entry, OutboxError, Record, RecordClass
from agent.outbox.batch import BatchingOutbox
from agent.plan.desk import Desk
from agent.plan.reminders import Reminder
from agent.plan.renewal import Proof
from agent.plan.store import PlanStoreError
from agent.sample.base import PlanView, SimView, Snapshot
from agent.sample.system import SystemPart
from agent.situation import Situation
from agent.troubles import Troubles
from agent.version import VERSION
from modem.frozen import dataclass

UNSURE_NEWS_S = 120.0
""""unsure" is news only when it lasts: every start begins with it."""
MAX_UNTOLD = 200
MAX_LOOKED_AT = 2000
"""Records of the outbox that are looked through for reminders; changes and facts come first."""


@dataclass(slots=True)
class Teller:
    """Owned by the main thread."""

    kept: state.Kept
    file: Path
    clock: Clock
    outbox: BatchingOutbox
    desk: Desk
    troubles: Troubles
    board: Callable[[], dict[str, Any]]
    """`Board.dump` of the board in force: kept with each verdict."""
    _untold: list[Record] = field(default_factory=list)
    _reminding: dict[str, Reminder] = field(default_factory=dict)
    """Reminders that are on their way to the disk, by key."""
    _waiting: frozenset[str] | None = None
    """Keys of the reminders that waited in the outbox when the first one was due. The power may have gone between the
    outbox and the plan's file: such a one is on its way, and is not told twice. It cannot have left by then, for
    nobody leases before it is marked.
    """
    _unsure_since: float | None = None

    # -- what goes out ------------------------------------------------------------------------------------------------

    def started(self, system: SystemPart) -> None:
        """Say that we are here; whether the run before ended in order is known from the state file."""
        clean = None if self.kept.verdict is None and not self.kept.running else not self.kept.running
        self.kept.running = True
        self._save()
        wall = self.clock.wall()
        self.put(record.started(wall, agent=VERSION, boot_id=system.boot_id, uptime_s=system.uptime_s, clean=clean))

    def stopped(self, why: str, verdict: str | None) -> None:
        self.put(record.stopped(self.clock.wall(), why=why, verdict_code=verdict or self.kept.verdict))
        self.kept.running = False
        self._save()

    def looked(self, situation: Situation, hurry: float) -> bool:
        """True if there is news. `hurry`: how much faster than the clock the delays pass."""
        news = [
            *self._card(situation.snapshot.sim),
            *self._facts(situation.snapshot.plan),
            *self._reminders(situation.snapshot),
            *self._verdict(situation.assessment, situation.at * hurry),
        ]
        if news or self._untold:
            self.kept.board = self.board()
            self._untold = [*self._untold, *news][-MAX_UNTOLD:]
            self._tell_all()
        elif "state" in self.troubles:  # else the trouble would last until something else is news
            self._save()
        return bool(news)

    def proof(self, proof: Proof) -> bool:
        """How a renewal's proof stands. False where the disk did not take it yet."""
        self._untold.append(record.proof(proof, self.clock.wall()))
        self._tell_all()
        return not self._untold

    def put(self, item: Record) -> bool:
        """Anything else; False where the disk did not take it."""
        try:
            self.outbox.add(item, self.clock.monotonic())
        except OutboxError as error:
            self.troubles.met("outbox", error)
            return False
        self.troubles.over("outbox")
        return True

    # -- what is news -------------------------------------------------------------------------------------------------

    def _verdict(self, assessment: Assessment, at: float) -> list[Record]:
        code = assessment.verdict.code
        if code != "unsure":
            self._unsure_since = None
        elif self._unsure_since is None:
            self._unsure_since = at
        passed = 0.0 if self._unsure_since is None else at - self._unsure_since
        if code == self.kept.verdict or (code == "unsure" and passed < UNSURE_NEWS_S):
            return []
        previous, self.kept.verdict = self.kept.verdict, code
        logger("watch").info("verdict", now=code, before=previous)
        return [record.verdict(assessment, previous, self.clock.wall())]

    def _card(self, sim: SimView) -> list[Record]:
        if sim.iccid is None or sim.iccid == self.kept.iccid:
            return []
        previous, self.kept.iccid = self.kept.iccid, sim.iccid
        return [record.card(sim, previous, self.clock.wall())]

    def _facts(self, plan: PlanView) -> list[Record]:
        news = record.plan_facts(self.kept.facts, plan, self.clock.wall())
        self.kept.facts |= {fact.fact: fact.value for fact in plan.facts}
        return news

    def _reminders(self, snapshot: Snapshot) -> list[Record]:
        """Each is marked as told when it is on the disk; until then it is not told anew."""
        wall = self.clock.wall()
        try:
            due = self.desk.reminders(snapshot.plan, wall, snapshot.clock)
        except PlanStoreError as error:
            self.troubles.met("plan", error)
            return []
        fresh = [reminder for reminder in due if reminder.key not in self._reminding and not self._is_waiting(reminder)]
        self._reminding |= {reminder.key: reminder for reminder in fresh}
        return [record.reminder(reminder, snapshot.sim.iccid, wall) for reminder in fresh]

    def _is_waiting(self, reminder: Reminder) -> bool:
        """In the outbox already; then it is marked as told, which the power cut had left undone."""
        if self._waiting is None:
            try:
                self._waiting = frozenset(_reminder_keys(self.outbox.entries(MAX_LOOKED_AT)))
            except OutboxError:
                return False
        if reminder.key not in self._waiting:
            return False
        try:
            self.desk.reminded(reminder, self.clock.wall())
        except PlanStoreError as error:
            self.troubles.met("plan", error)
        return True

    # -- keeping ------------------------------------------------------------------------------------------------------

    def _tell_all(self) -> None:
        """One commit for all news of a look. What the disk does not take is told with the next look."""
        try:
            with self.outbox.unsent():  # a reminder that left before it was marked would be told again
                self.outbox.put_many(self._untold)
                self._untold = []
                self._mark_reminders()
        except OutboxError as error:
            self.troubles.met("outbox", error)
            return
        self.troubles.over("outbox")
        self._save()

    def _mark_reminders(self) -> None:
        for key, reminder in list(self._reminding.items()):
            try:
                self.desk.reminded(reminder, self.clock.wall())
            except PlanStoreError as error:
                self.troubles.met("plan", error)
                return
            del self._reminding[key]

    def _save(self) -> None:
        try:
            state.save(self.file, self.kept)
            self.troubles.over("state")
        except OSError as error:
            self.troubles.met("state", error)


def _reminder_keys(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        if entry.record.record_class is RecordClass.PLAN_FACT and b'"reminder"' in entry.record.body:
            yield str((json.loads(entry.record.body).get("body") or {}).get("key"))
