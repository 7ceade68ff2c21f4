"""A look at the modem comes in; what it means for people and for the centre goes out. No thread, no waiting.

Looks → snapshot (with link, machine, ledger, plan, and what the uplink met) → board → records → outbox. What is news
is decided here and in `agent.record`; nothing here talks to a modem or to the network. A disk that fails costs
records and figures, never the watching: the trouble is kept in `troubles` for status and log.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, field, replace
from datetime import date

from agent import record, state
from agent.assess.answer import Limits
from agent.assess.base import Assessment, Verdict
from agent.assess.board import Board
from agent.assess.diagnosis import diagnose
from agent.clock import Clock
from agent.log import logger
from agent.outbox.base import Budget, Dropped, OutboxError, Record
from agent.outbox.batch import BatchingOutbox
from agent.plan.calendar import cycle_of, local_date, zone_of
from agent.plan.desk import Desk
from agent.plan.ledger import Ledger, LedgerError
from agent.plan.plan import PlanSettings
from agent.plan.proof import Proof
from agent.plan.reminders import Reminder
from agent.plan.standing import Standing, standing
from agent.plan.store import PlanStore, PlanStoreError
from agent.sample.assemble import addresses_of, assemble
from agent.sample.base import AgentView, ClockView, Evidence, PlanFact, Reach, ReachProblem, SimView, Snapshot
from agent.sample.link import LinkPart, read_link
from agent.sample.system import SystemPart, against_network, read_system
from agent.settings import Config
from agent.thrift import Cycle, Thrift
from agent.uplink.meter import Meter
from agent.uplink.pace import Paced
from agent.uplink.sender import SenderStatus
from agent.version import VERSION
from agent.workers.modem import Look
from modem.frozen import dataclass
from modem.values import Signal

UNSURE_NEWS_S = 120.0
""""unsure" is news only when it lasts: every start begins with it."""
HISTORY_LOOKS = 60
JUMP_S = 60.0
"""A wall clock that moves against the monotonic one by more was set by somebody."""
HISTORY_S = 3300.0
"""Looks over so long are told; nearly an hour, so that the hourly heartbeat has them."""
LEDGER_WRITE_S = 6 * 3600.0
"""A commit takes some 35 KB of flash. While the machine runs a kill loses nothing; a power cut loses so much counting,
which the modem's own counters and the carrier's words mend.
"""
THIN = 6
"""One look in so many, while we save."""
MAX_UNTOLD = 200
_NO_ANSWER = ("centre.unreachable", "link.down")
_CENTRE_SAID: Mapping[str, ReachProblem] = {
    "centre.tls": "tls",
    "centre.refused": "refused",
    "centre.credential": "credential",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known after a look."""

    snapshot: Snapshot
    assessment: Assessment
    at: float
    """Monotonic seconds."""
    system: SystemPart
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """What watching needs of the configuration."""

    interface: str
    timezone: str
    heartbeat_s: float
    plan: PlanSettings
    limits: Limits
    budget: Budget
    hurry: float = 1.0
    """For demonstrations: the delays of conditions pass so many times faster."""

    @classmethod
    def of(cls, config: Config, hurry: float = 1.0) -> "WatchSettings":
        return cls(
            config.modem.interface,
            config.terminal.timezone,
            config.uplink.heartbeat_s,
            config.plan_settings(),
            config.limits(),
            config.outbox_budget(),
            hurry,
        )


@dataclass(slots=True)
class Watch:
    """Owned by the main thread."""

    config: Config
    settings: WatchSettings
    clock: Clock
    outbox: BatchingOutbox
    ledger: Ledger
    meter: Meter
    uplink: Callable[[], SenderStatus | None]
    kept: state.Kept
    now: Situation | None = None
    troubles: dict[str, str] = field(default_factory=dict)
    """What cannot be written just now, by where: "outbox", "ledger", "plan", "state"."""
    at_desk: InitVar[Desk | None] = None
    """None: one that keeps nothing over a restart."""
    desk: Desk = field(init=False)
    thrift: Thrift = field(init=False)
    _ledger_written: float = field(init=False)
    _booted: int | None = None
    """Wall seconds."""
    _board: Board = field(init=False)
    _zone_today: Callable[[float], date] = field(init=False)
    _untold: list[Record] = field(default_factory=list)
    _reminding: dict[str, Reminder] = field(default_factory=dict)
    """Reminders that are on their way to the disk, by key."""
    _unsure_since: float | None = None
    _trusted: tuple[float, ClockView] | None = None
    """Wall less monotonic seconds when somebody last vouched for the clock, and his word."""
    _looks: deque[tuple[float, Signal, bool | None]] = field(default_factory=lambda: deque(maxlen=HISTORY_LOOKS))

    def __post_init__(self, at_desk: Desk | None) -> None:
        self.desk = at_desk or Desk(self.config.desk_settings(), PlanStore(None))
        self._ledger_written = self.clock.monotonic()
        self.thrift = Thrift(self.config.uplink.budget_mb)
        self._board = Board(self.settings.limits)
        self._board.restore(self.kept.board)
        zone = zone_of(self.settings.timezone)
        self._zone_today = lambda wall: local_date(wall, zone)

    # -- what happens -------------------------------------------------------------------------------------------------

    def started(self) -> None:
        """Say that we are here; whether the run before ended in order is known from the state file."""
        system = self._system()
        clean = None if self.kept.verdict is None and not self.kept.running else not self.kept.running
        self.kept.running = True
        self._save()
        self._put(
            record.started(
                self.clock.wall(), agent=VERSION, boot_id=system.boot_id, uptime_s=system.uptime_s, clean=clean
            )
        )

    def take(self, look: Look) -> bool:
        """Take a look in; True if there is news for the centre."""
        situation = self.situation(look)
        wall, now = self.clock.wall(), self.clock.monotonic()
        self._board.observe(situation.snapshot, now * self.settings.hurry, wall)
        self.now = Situation(
            situation.snapshot, self._judged(situation.snapshot), now, situation.system, situation.counter
        )
        snapshot = situation.snapshot
        self._looks.append((wall, snapshot.signal, _on_network(snapshot)))
        return self._tell(self.now)

    def _judged(self, snapshot: Snapshot) -> Assessment:
        """What the board holds. Its delays keep "ok" standing through a flicker, but they do not make it.

        After trouble, or at the start, "ok" is said only when this very look finds nothing either.
        """
        held = self._board.assessment()
        if held.verdict.code != "ok" or self.kept.verdict == "ok":
            return held
        fresh = diagnose(snapshot, self.settings.limits)
        if fresh.verdict.code == "ok" or not any(found.severity == "error" for found in fresh.findings):
            return held
        return replace(held, verdict=Verdict("unsure", "low"))

    def situation(self, look: Look) -> Situation:
        """Everything there is to know at this look, not yet judged over time; counts what the counters show."""
        wall = self.clock.wall()
        system = self._system()
        trust = self._vouched(against_network(system.clock, wall, look.part.network_time), wall)
        link = read_link(self.settings.interface, look.port.device, addresses_of(look.part))
        self._count(look, link, system, trust)
        part = replace(look.part, sim=self._card(look, wall))
        stands = self._stand(wall, trust, part.sim.iccid)
        reach, seen = reach_of(self.uplink(), wall, self.settings.heartbeat_s)
        snapshot = assemble(
            look.at,
            port=look.port,
            modem=part,
            link=link,
            usage=stands.usage,
            plan=stands.plan,
            reach=reach,
            clock=trust,
            evidence=(*look.evidence, *seen, *stands.evidence),
        )
        snapshot = replace(snapshot, agent=self._itself())
        return Situation(snapshot, _NOT_JUDGED, self.clock.monotonic(), system, link.counter)

    def heartbeat(self, next_due_s: float) -> bool:
        """All is said, whatever it is. False while nothing is known yet."""
        if self.now is None:
            return False
        fresh = self._system()
        self._tell_history()
        self._tell_yesterday()
        return self._put(
            record.heartbeat(
                self.now.snapshot,
                self.now.assessment,
                next_due_s=next_due_s,
                agent=VERSION,
                uptime_s=self._uptime_at(self.now.snapshot.taken_at, fresh.uptime_s),
                boot_id=fresh.boot_id,
            )
        )

    def pace(self) -> Paced:
        """How long until the next heartbeat, so that this cycle's budget lasts."""
        known = self.now
        if known is None or known.snapshot.clock.trusted is False:
            return self.thrift.pace(None, 0, None, 0.0, self.settings.heartbeat_s)
        today = self._zone_today(known.snapshot.taken_at)
        cycle = Cycle(*cycle_of(self.settings.plan.cycle, today), zone_of(self.settings.timezone))
        spent = sum(self.ledger.own_by_purpose((cycle.first, cycle.last)).values())
        quota = known.snapshot.plan.quota_bytes
        return self.thrift.pace(cycle, spent, quota, self.clock.wall(), self.settings.heartbeat_s)

    def _tell_history(self) -> None:
        """An hour of looks at a time: by the quarter of an hour it costs twice as much."""
        looks = list(self._looks)
        if len(looks) < 2 or (len(looks) < HISTORY_LOOKS and looks[-1][0] - looks[0][0] < HISTORY_S):
            return
        self._looks = deque(maxlen=HISTORY_LOOKS)
        kind = self.thrift.now.history if self.thrift.now else "all"
        if kind != "none":
            self._put(record.history(looks if kind == "all" else looks[::THIN], self.clock.wall()))

    def _tell_yesterday(self) -> None:
        if self.now is None or self.now.snapshot.clock.trusted is False:
            return
        day = self.thrift.yesterday(self._zone_today(self.clock.wall()))
        if day is not None:
            used = self.ledger.daily(day, day).get(day)
            self._put(record.daily(day.isoformat(), self.ledger.own_by_purpose((day, day)), used, self.clock.wall()))

    def _uptime_at(self, wall: float, uptime_s: float | None) -> float | None:
        """When `wall` was. Reckoned from one moment of the boot: it must grow exactly as time does, or it costs bytes
        to say by how much it does not.
        """
        if uptime_s is None:
            return None
        booted = self.clock.wall() - uptime_s
        if self._booted is None or abs(booted - self._booted) > 3:
            self._booted = round(booted)
        return max(0, int(wall) - self._booted)

    @property
    def all_troubles(self) -> dict[str, str]:
        """With what the outbox met and bears in memory."""
        problem = self.outbox.problem
        return self.troubles | ({"outbox": problem} if problem else {})

    def _itself(self) -> AgentView:
        what = next((f"{where}: {why}" for where, why in self.all_troubles.items()), None)
        oldest = self._oldest_waiting()
        return AgentView(
            writable=what is None,
            storage=what,
            oldest_waiting_s=oldest,
            outbox=None if oldest is None else f"the oldest record waits for {oldest / 3600:.0f} h",
            budget_used_up=self.thrift.used_up,
        )

    def _oldest_waiting(self) -> float | None:
        if self.uplink() is None:
            return None
        try:
            oldest = self.outbox.stats().oldest_at
        except OutboxError:
            return None
        return 0.0 if oldest is None else max(0.0, self.clock.wall() - oldest)

    def housekeeping(self) -> None:
        """Every quarter of an hour: what has waited long enough in memory goes to the disk; the outbox is trimmed."""
        if self.clock.monotonic() - self._ledger_written >= LEDGER_WRITE_S:
            self._flush_ledger()
        try:
            self.outbox.tick(self.clock.monotonic())
            self.outbox.trim(self.settings.budget, self.clock.wall(), self._gap)
            self.troubles.pop("outbox", None)
        except OutboxError as error:
            self._trouble("outbox", error)

    def stopped(self, why: str) -> None:
        """The last word, then everything that waits in memory goes to the disk."""
        verdict = self.now.assessment.verdict.code if self.now else self.kept.verdict
        self._put(record.stopped(self.clock.wall(), why=why, verdict_code=verdict))
        self.kept.running = False
        self._save()
        self._flush_ledger()
        try:
            self.outbox.flush()
        except OutboxError as error:
            self._trouble("outbox", error)

    def hear(self, facts: Sequence[PlanFact], card: str | None = None) -> None:
        """Words about the plan (the centre's, a message's): kept at once, in the picture with the next look."""
        try:
            self.desk.hear(facts, self.clock.monotonic(), card)
        except PlanStoreError as error:
            self._trouble("plan", error)

    def tell_proof(self, proof: Proof) -> bool:
        """How a renewal's proof stands, to the centre."""
        self._untold.append(record.proof(proof, self.clock.wall()))
        self._tell_all()
        return not self._untold

    def adopt_limits(self) -> None:
        """After a reload: what is held goes on, measured against the new lines."""
        held = self._board.dump()
        self._board = Board(self.settings.limits)
        self._board.restore(held)

    def own_by_purpose(self, known: Situation) -> dict[str, int]:
        """Our own bytes of this billing cycle."""
        today = self._zone_today(known.snapshot.taken_at)
        return self.ledger.own_by_purpose(cycle_of(self.settings.plan.cycle, today))

    # -- parts of a look ----------------------------------------------------------------------------------------------

    def _system(self) -> SystemPart:
        return read_system(self.clock.wall(), self.config.state_dir)

    def _vouched(self, trust: ClockView, wall: float) -> ClockView:
        """Who was vouched for once stays so while the clock just goes on: light looks bring no network time."""
        offset = wall - self.clock.monotonic()
        if trust.trusted:
            self._trusted = (offset, trust)
        elif trust.trusted is None and self._trusted and abs(offset - self._trusted[0]) < JUMP_S:
            return self._trusted[1]
        return trust

    def _count(self, look: Look, link: LinkPart, system: SystemPart, trust: ClockView) -> None:
        """The kernel's and the modem's counters, and our own bytes, into the ledger."""
        wall, now, boot = self.clock.wall(), self.clock.monotonic(), system.boot_id
        trusted, card = trust.trusted is not False, look.part.sim.iccid or ""
        seen = link.interface
        if seen and link.counter and seen.rx_bytes is not None and seen.tx_bytes is not None:
            self.ledger.observe(
                "interface", link.counter, seen.rx_bytes, seen.tx_bytes, wall, now, boot, card=card, trusted=trusted
            )
        else:
            self.ledger.tell_time(wall, now, boot, trusted=trusted)
        imei = look.part.modem.imei or "modem"
        for counters in look.part.counters:
            self.ledger.observe(
                "modem",
                f"{imei}/{counters.cid if counters.cid is not None else ''}",
                counters.rx_bytes,
                counters.tx_bytes,
                wall,
                now,
                boot,
                scope=counters.scope,
                card=card,
                trusted=trusted,
            )
        for purpose, traffic in self.meter.take().items():
            self.ledger.add_own(purpose, traffic.total)

    def _card(self, look: Look, wall: float) -> SimView:
        """The card, against the one that belongs here."""
        apn = next((context.apn for context in look.part.data.contexts if context.apn), None)
        try:
            seen = self.desk.see(look.part.sim, look.part.modem.imei, apn, wall)
            self.troubles.pop("plan", None)
        except PlanStoreError as error:
            self._trouble("plan", error)
            return look.part.sim
        return seen

    def _stand(self, wall: float, trust: ClockView, card: str | None) -> Standing:
        try:
            return self.desk.stand(self.ledger, wall, self.clock.monotonic(), trust, card)
        except PlanStoreError as error:
            self._trouble("plan", error)
            settings = self.settings
            return standing(
                settings.plan, self.ledger, (), wall, settings.timezone, clock_trusted=trust.trusted, card=card
            )

    # -- what is news -------------------------------------------------------------------------------------------------

    def _tell(self, situation: Situation) -> bool:
        news = [
            *self._card_news(situation),
            *self._fact_news(situation),
            *self._reminder_news(situation),
            *self._verdict_news(situation),
        ]
        if news or self._untold:
            self.kept.board = self._board.dump()
            self._untold = [*self._untold, *news][-MAX_UNTOLD:]
            self._tell_all()
        return bool(news)

    def _tell_all(self) -> None:
        """One commit for all news of a look. What the disk does not take is told with the next look."""
        try:
            self.outbox.put_many(self._untold)
        except OutboxError as error:
            self._trouble("outbox", error)
            return
        self._untold = []
        self.troubles.pop("outbox", None)
        self._mark_reminders()
        self._save()

    def _verdict_news(self, situation: Situation) -> list[Record]:
        code = situation.assessment.verdict.code
        if code != "unsure":
            self._unsure_since = None
        elif self._unsure_since is None:
            self._unsure_since = situation.at
        passed = 0.0 if self._unsure_since is None else (situation.at - self._unsure_since) * self.settings.hurry
        if code == self.kept.verdict or (code == "unsure" and passed < UNSURE_NEWS_S):
            return []
        previous, self.kept.verdict = self.kept.verdict, code
        logger("watch").info("verdict", now=code, before=previous)
        return [record.verdict(situation.assessment, previous, self.clock.wall())]

    def _card_news(self, situation: Situation) -> list[Record]:
        sim = situation.snapshot.sim
        if sim.iccid is None or sim.iccid == self.kept.iccid:
            return []
        previous, self.kept.iccid = self.kept.iccid, sim.iccid
        return [record.card(sim, previous, self.clock.wall())]

    def _reminder_news(self, situation: Situation) -> list[Record]:
        """Each is marked as told when it is on the disk; until then it is not told anew."""
        snapshot, wall = situation.snapshot, self.clock.wall()
        try:
            due = self.desk.reminders(snapshot.plan, wall, snapshot.clock)
        except PlanStoreError as error:
            self._trouble("plan", error)
            return []
        fresh = [reminder for reminder in due if reminder.key not in self._reminding]
        self._reminding |= {reminder.key: reminder for reminder in fresh}
        return [record.reminder(reminder, snapshot.sim.iccid, wall) for reminder in fresh]

    def _mark_reminders(self) -> None:
        for key, reminder in list(self._reminding.items()):
            try:
                self.desk.reminded(reminder, self.clock.wall())
            except PlanStoreError as error:
                self._trouble("plan", error)
                return
            del self._reminding[key]

    def _fact_news(self, situation: Situation) -> list[Record]:
        plan = situation.snapshot.plan
        news = record.plan_facts(self.kept.facts, plan, self.clock.wall())
        self.kept.facts |= {fact.fact: fact.value for fact in plan.facts}
        return news

    # -- keeping ------------------------------------------------------------------------------------------------------

    def put(self, item: Record) -> bool:
        """Something else to tell the centre; False where the disk did not take it."""
        return self._put(item)

    def _put(self, item: Record) -> bool:
        try:
            self.outbox.add(item, self.clock.monotonic())
        except OutboxError as error:
            self._trouble("outbox", error)
            return False
        self.troubles.pop("outbox", None)
        return True

    def _gap(self, dropped: Sequence[Dropped]) -> Record:
        return record.gap(dropped, self.clock.wall())

    def _flush_ledger(self) -> None:
        self._ledger_written = self.clock.monotonic()
        try:
            self.ledger.flush()
            self.troubles.pop("ledger", None)
        except LedgerError as error:
            self._trouble("ledger", error)

    def _save(self) -> None:
        try:
            state.save(self.config.state_dir / "state.json", self.kept)
            self.troubles.pop("state", None)
        except OSError as error:
            self._trouble("state", error)

    def _trouble(self, where: str, error: Exception) -> None:
        if where not in self.troubles:
            logger("watch").error("cannot write", where=where, why=str(error))
        self.troubles[where] = str(error)


def reach_of(
    status: SenderStatus | None, wall: float, heartbeat_s: float
) -> tuple[tuple[Reach, ...], tuple[Evidence, ...]]:
    """What sending showed about the way to the centre: it costs nothing more. Old news are none."""
    if status is None or status.last_attempt_at is None or not -60 <= wall - status.last_attempt_at <= 3 * heartbeat_s:
        return (), ()
    if status.trouble is None and status.last_error is None:
        return (Reach("centre", ok=True, detail="it takes reports"),), ()
    why = status.last_error or "failed"
    seen = (Evidence("reach.centre", "probe", f"sending to the centre: {why}", status.last_attempt_at),)
    if status.trouble == "dns.failed":
        named = Evidence("reach.dns", "probe", f"sending to the centre: {why}", status.last_attempt_at)
        return (Reach("dns", ok=False, detail=why), Reach("centre", ok=None, detail="its name was not found")), (named,)
    problem = _CENTRE_SAID.get(status.trouble or "")
    failed = problem is not None or status.trouble in _NO_ANSWER
    return (Reach("centre", ok=False if failed else None, detail=why, problem=problem),), seen


def _on_network(snapshot: Snapshot) -> bool | None:
    status = snapshot.network.registration
    return None if status == "unknown" else status in ("home", "roaming")


_NOT_JUDGED = Assessment((), Verdict("unsure", "low"))
