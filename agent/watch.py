"""A look at the modem comes in; what it means for people and for the centre goes out. No thread, no waiting.

Looks → snapshot (with link, machine, ledger, plan, and what the uplink met) → board → records → outbox. What is news
is decided in `agent.teller`, what was used is counted in `agent.counting`; nothing here talks to a modem or to the
network. A disk that fails costs records and figures, never the watching: the trouble is kept in `troubles` for status
and log.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import InitVar, field
from datetime import date
from math import inf
from typing import Any

from agent import record, state
from agent.assess.answer import Limits
from agent.assess.board import Board
from agent.centre_reach import reach_of
from agent.clock import Clock
from agent.counting import Counting
from agent.outbox.base import Budget, Dropped, OutboxError, Record
from agent.outbox.batch import BatchingOutbox
from agent.plan.desk import Desk
from agent.plan.ledger import Ledger
from agent.plan.plan import PlanSettings
from agent.plan.renewal import Proof
from agent.plan.standing import Standing, standing
from agent.plan.store import PlanStore, PlanStoreError
from agent.sample.assemble import addresses_of, assemble
from agent.sample.base import AgentView, ClockView, PlanFact, SimView, Snapshot
from agent.sample.link import read_link
from agent.sample.system import SystemPart, against_network, read_system
from agent.settings import Config
from agent.situation import NOT_JUDGED, Situation
from agent.teller import Teller
from agent.thrift import Thrift
from agent.troubles import Troubles
from agent.uplink.meter import Meter
from agent.uplink.pace import Paced
from agent.uplink.sender import SenderStatus
from agent.version import VERSION
from agent.workers.orders import Look
from modem.frozen import dataclass, replace
from modem.values import Signal

HISTORY_LOOKS = 60
JUMP_S = 60.0
"""A wall clock that moves against the monotonic one by more was set by somebody."""
HISTORY_S = 3300.0
"""Looks over so long are told; nearly an hour, so that the hourly heartbeat has them."""
THIN = 6
"""One look in so many, while we save."""


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
    care: Callable[[], Mapping[str, Any]] = dict
    """How the agent itself is, for the daily report."""
    troubles: Troubles = field(default_factory=Troubles)
    at_desk: InitVar[Desk | None] = None
    """None: one that keeps nothing over a restart."""
    desk: Desk = field(init=False)
    thrift: Thrift = field(init=False)
    _counting: Counting = field(init=False)
    _teller: Teller = field(init=False)
    _booted: int | None = None
    """Wall seconds."""
    _board: Board = field(init=False)
    _trusted: tuple[float, ClockView] | None = None
    """Wall less monotonic seconds when somebody last vouched for the clock, and his word."""
    _looks: deque[tuple[float, Signal, bool | None]] = field(default_factory=lambda: deque(maxlen=HISTORY_LOOKS))

    def __post_init__(self, at_desk: Desk | None) -> None:
        self.desk = at_desk or Desk(self.config.desk_settings(), PlanStore(None))
        self.thrift = Thrift(self.config.uplink.budget_mb)
        self._board = Board(self.settings.limits)
        self._board.restore(self.kept.board)
        self._counting = Counting(
            self.clock, self.ledger, self.meter, self.thrift, self.settings.timezone, self.troubles
        )
        self._teller = Teller(
            self.kept, self.config.state_dir / "state.json", self.clock, self.outbox, self.desk, self.troubles,
            self._held,
        )  # fmt: skip

    # -- what happens -------------------------------------------------------------------------------------------------

    def started(self) -> None:
        self._teller.started(self._system())

    def take(self, look: Look) -> bool:
        """Take a look in; True if there is news for the centre."""
        situation = self.situation(look)
        wall, now = self.clock.wall(), self.clock.monotonic()
        self._board.observe(situation.snapshot, now * self.settings.hurry, wall)
        self.now = Situation(situation.snapshot, self._board.assessment(), now, situation.system, situation.counter)
        snapshot = situation.snapshot
        self._looks.append((wall, snapshot.signal, _on_network(snapshot)))
        news = self._teller.looked(self.now, self.settings.hurry)
        if news:
            self._counting.note()  # the disk is written to anyway
        return news

    def situation(self, look: Look) -> Situation:
        """Everything there is to know at this look, not yet judged over time; counts what the counters show."""
        wall = self.clock.wall()
        system = self._system()
        trust = self._vouched(against_network(system.clock, wall, look.part.network_time), wall)
        link = read_link(self.settings.interface, look.port.device, addresses_of(look.part))
        self._counting.look(look, link, system, trust)
        part = replace(look.part, sim=self._card(look, wall, trust))
        stands = self._stand(wall, trust, part.sim.iccid)
        sending = self.uplink()
        reach, seen = reach_of(sending, wall, self.settings.heartbeat_s)
        snapshot = assemble(
            look.at,
            port=look.port,
            modem=part,
            link=link,
            usage=replace(stands.usage, received_bytes=self._counting.received),
            plan=stands.plan,
            reach=reach,
            clock=trust,
            evidence=(*look.evidence, *seen, *stands.evidence),
        )
        snapshot = replace(snapshot, agent=self._itself(sending))
        return Situation(snapshot, NOT_JUDGED, self.clock.monotonic(), system, link.counter)

    def heartbeat(self, next_due_s: float) -> bool:
        """All is said, whatever it is. False while nothing is known yet."""
        if self.now is None:
            return False
        fresh = self._system()
        self._tell_history()
        self._tell_yesterday()
        return self.put(
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
        known = self.now.snapshot if self.now else None
        return self._counting.pace(known, self.settings.plan, self.settings.heartbeat_s)

    def _tell_history(self) -> None:
        """An hour of looks at a time: by the quarter of an hour it costs twice as much."""
        looks = list(self._looks)
        if len(looks) < 2 or (len(looks) < HISTORY_LOOKS and looks[-1][0] - looks[0][0] < HISTORY_S):
            return
        self._looks = deque(maxlen=HISTORY_LOOKS)
        kind = self.thrift.now.history if self.thrift.now else "all"
        if kind != "none":
            self.put(record.history(looks if kind == "all" else looks[::THIN], self.clock.wall()))

    def _tell_yesterday(self) -> None:
        if self.now is None or self.now.snapshot.clock.trusted is False:
            return
        at, care = self.now.snapshot.taken_at, lambda: {**self.care(), "queue": self._queue()}
        if daily := self._counting.yesterday(at, care, self.sms_of):
            self.put(daily)

    def _queue(self) -> dict[str, int] | None:
        """What waits to be sent; None where the disk does not say."""
        try:
            stats = self.outbox.stats()
        except OutboxError:
            return None
        oldest = 0.0 if stats.oldest_at is None else max(0.0, self.clock.wall() - stats.oldest_at)
        waiting = sum(stats.waiting.values()) + self.outbox.held
        return {"records": waiting, "bytes": stats.waiting_bytes, "oldest_s": round(oldest)}

    def sms_of(self, first: date, last: date) -> int:
        try:
            return self.desk.sms_sent(first, last)
        except PlanStoreError as error:
            self.troubles.met("plan", error)
            return 0

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

    def _itself(self, sending: SenderStatus | None) -> AgentView:
        what = next((f"{where}: {why}" for where, why in self.all_troubles.items()), None)
        oldest = self._oldest_waiting(sending)
        return AgentView(
            writable=what is None,
            storage=what,
            oldest_waiting_s=oldest,
            outbox=None if oldest is None else f"the oldest record waits for {oldest / 3600:.0f} h",
            budget_used_up=self.thrift.used_up,
        )

    def _oldest_waiting(self, sending: SenderStatus | None) -> float | None:
        """Not known before the first attempt: after a night with the power off yesterday's last word always waits."""
        if sending is None or sending.last_attempt_at is None:
            return None
        try:
            oldest = self.outbox.stats().oldest_at
        except OutboxError:
            return None
        return 0.0 if oldest is None else max(0.0, self.clock.wall() - oldest)

    def housekeeping(self) -> None:
        """Every quarter of an hour: what has waited long enough in memory goes to the disk; the outbox is trimmed."""
        self._counting.write_if_due()
        try:
            self.outbox.tick(self.clock.monotonic())
            self.outbox.trim(self._budget(), self.clock.wall(), self._gap)
            self.troubles.over("outbox")
        except OutboxError as error:
            self.troubles.met("outbox", error)

    def stopped(self, why: str) -> None:
        """The last word, then everything that waits in memory goes to the disk."""
        self._teller.stopped(why, self.now.assessment.verdict.code if self.now else None)
        self._counting.write()
        try:
            self.outbox.flush()
        except OutboxError as error:
            self.troubles.met("outbox", error)

    def hear(self, facts: Sequence[PlanFact], card: str | None = None) -> None:
        """Words about the plan (the centre's, a message's): kept at once, in the picture with the next look."""
        try:
            self.desk.hear(facts, self.clock.monotonic(), card)
        except PlanStoreError as error:
            self.troubles.met("plan", error)

    def knows_a_card(self) -> bool:
        """Was a card seen here before? No, where the disk does not say."""
        try:
            return self.desk.pair() is not None
        except PlanStoreError:
            return False

    def tell_proof(self, proof: Proof) -> bool:
        """How a renewal's proof stands, to the centre. False where the disk did not take it yet."""
        return self._teller.proof(proof)

    def put(self, item: Record) -> bool:
        """Something else to tell the centre; False where the disk did not take it."""
        return self._teller.put(item)

    def adopt_limits(self) -> None:
        """After a reload: what is held goes on, by the new lines; days are those of the zone named now."""
        held = self._board.dump()
        self._board = Board(self.settings.limits)
        self._board.restore(held)
        self._counting.stand_in(self.settings.timezone)

    def own_by_purpose(self, known: Situation) -> dict[str, int]:
        """Our own bytes of this billing cycle."""
        return self._counting.own_by_purpose(known.snapshot, self.settings.plan)

    def _held(self) -> dict[str, Any]:
        return self._board.dump()

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

    def _card(self, look: Look, wall: float, trust: ClockView) -> SimView:
        """The card, against the one that belongs here."""
        apn = next((context.apn for context in look.part.data.contexts if context.apn), None)
        try:
            seen = self.desk.see(look.part.sim, look.part.modem.imei, apn, wall, trusted=trust.trusted)
            self.troubles.over("plan")
        except PlanStoreError as error:
            self.troubles.met("plan", error)
            return look.part.sim
        return seen

    def _stand(self, wall: float, trust: ClockView, card: str | None) -> Standing:
        try:
            return self.desk.stand(self.ledger, wall, self.clock.monotonic(), trust, card)
        except PlanStoreError as error:
            self.troubles.met("plan", error)
            settings = self.settings
            return standing(
                settings.plan, self.ledger, (), wall, settings.timezone, clock_trusted=trust.trusted, card=card
            )

    def _budget(self) -> Budget:
        """By a clock that nobody vouches for nothing is too old: in 2099, for a minute, all that waits would be."""
        at, known = self._trusted, self.now
        jumped = at is None or abs(self.clock.wall() - self.clock.monotonic() - at[0]) >= JUMP_S
        if jumped or known is None or not known.snapshot.clock.trusted:
            return replace(self.settings.budget, max_age_s=inf)
        return self.settings.budget

    def _gap(self, dropped: Sequence[Dropped]) -> Record:
        return record.gap(dropped, self.clock.wall())


def _on_network(snapshot: Snapshot) -> bool | None:
    status = snapshot.network.registration
    return None if status == "unknown" else status in ("home", "roaming")
