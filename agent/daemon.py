"""Starts and watches the workers, hands on what they say, stops them: wiring, no rules. agent.build makes the parts.

Threads: the main one (schedule, judging, records, systemd), the modem's, the uplink's, the control socket's. They talk
in frozen values through bounded mailboxes. The main thread sleeps in one queue; signals, looks and requests wake it.
Stopping takes at most STOP_S, whatever hangs: a timer ends the process if nothing else does, which loses nothing,
since what counts is on the disk by then.
"""

import queue
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType

from agent import build
from agent.answers import Answers, Asked
from agent.build import Parts
from agent.centre_orders import CentreDone, CentreOrders, CentreSaid
from agent.clock import Deadline
from agent.config import ConfigError
from agent.config_apart import load_apart
from agent.control_server import ControlServer, Peer, Stay
from agent.errands import Errands, Heard
from agent.log import configure, logger
from agent.outbox.base import OutboxError
from agent.plan.store import PlanStoreError
from agent.publisher import Publisher
from agent.recover import hold_desk
from agent.recover.hold import Line
from agent.schedule import Cadence, Schedule, phase_of
from agent.self_help import Later, Means, SelfHelp
from agent.settings import Config
from agent.status import Json, status
from agent.uplink.meter import Meter
from agent.uplink.sender import SenderStatus
from agent.watch import WatchSettings
from agent.wire import Answer
from agent.workers.card_gate import CardGate
from agent.workers.control import ControlBody
from agent.workers.orders import Look, LookNow, SeeCard

__all__ = ["Daemon", "Parts"]

STOP_S = 1.8
LAST_WORD_S = 1.0
"""Of it, for seeing the card and sending the "stopped" record."""
HOUSEKEEPING_S = 900.0
OVERSLEPT_S = 60.0
"""Who wakes so much later than he wanted was stopped, or the whole machine slept."""

NO_CARD = ("absent", "pin_required", "puk_required", "network_locked", "failure")
"""Of a card, that it carries no data."""

Event = Look | Asked | Heard | CentreSaid | CentreDone | Later | int
"""What wakes the main thread; a number is a signal."""


class Daemon:
    """`run` returns the exit code when a signal (or `stop`) ended it."""

    def __init__(self, config: Config, parts: Parts, config_path: Path | None = None) -> None:
        self.config = config
        self._config_path = config_path
        self._parts = parts
        self._clock = parts.clock
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._log = logger("daemon")
        self._started_at = self._clock.wall()
        self._stopping = False
        build.folders(config)
        self._meter = Meter()
        self._outbox = build.outbox(config, self._clock)
        self.line = Line(config.hold_settings(), self._clock, config.run_dir / "hold")
        self.card = CardGate(
            self._clock, lambda: self._modem.post(LookNow("deep")), lambda: self._modem.post(SeeCard())
        )
        self._uplink = build.uplink(
            config, self._clock, self._outbox, self._meter, self._hear_centre, self.line, self.card
        )
        self.watch = build.watch(config, parts, self._outbox, self._meter, self.sending)
        self._modem = build.modem(config, parts, self._events.put, self.line, self.card.doubt, self._see_card)
        self._errands = Errands(
            self.watch.desk, self._modem.post, self._clock, self._events.put, self.line.held, self.watch.tell_proof
        )
        self._answers = Answers(
            self._modem, self._uplink, self.status, self.watch, self._clock, self.line, self._recovery
        )
        self._centre = CentreOrders(
            self.watch, self._errands, self._answers, self._uplink, self._clock, self._events.put,
            lambda: build.enrol_settings(self.config), self._new_cadence, self._config_path, self.card.settled,
        )  # fmt: skip
        self._centre.restore()
        self._control = ControlBody(ControlServer(config.run_dir, self._take_request, self._clock.monotonic))
        means = Means(
            self._clock, self.line, self._modem.post, self.watch.put, self._modem.figures, self._events.put
        )  # fmt: skip
        self._self_help = SelfHelp(config, means, self.watch.kept.verdict)
        self.watch.care = self._self_help.care_of_day
        self._publisher = Publisher(config, self._clock, parts.notifier, self.status, self._recovery)
        self.workers = build.workers(config, self._clock, self._modem, self._control, self._uplink)
        now = self._clock.monotonic()
        phase = phase_of(config.terminal.id, "heartbeat")
        cadences = {
            "heartbeat": Cadence(self.watch.settings.heartbeat_s, phase),
            "housekeeping": Cadence(HOUSEKEEPING_S, phase),
        }
        self._schedule = Schedule(cadences, now)
        self._schedule.take_due(now)
        self._interval_s: float = self.watch.settings.heartbeat_s
        """Between heartbeats, as it is now; the wish, or what the budget bears."""
        self._first_heartbeat = True
        self._ping_s = None if parts.notifier.watchdog_s is None else parts.notifier.watchdog_s / 2
        self._ping_at = now
        self._up_at = now
        """Monotonic: when the main thread wanted to wake."""

    # -- running ------------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Until SIGTERM or SIGINT. Call it on the main thread."""
        self._listen_to_signals()
        self.watch.started()
        self._centre.tend()
        for worker in self.workers:
            worker.start()
        self._parts.notifier.ready("looking for the modem")
        self._log.info("started", terminal=self.config.terminal.id, port=self.config.modem.port)
        while not self._stopping:
            self._wait_and_handle()
            self._turn()
        return self._stop()

    def stop(self) -> None:
        """As SIGTERM does, from any thread."""
        self._events.put(signal.SIGTERM)

    def _recovery(self) -> Json | None:
        return self._self_help.recovery()

    def sending(self) -> SenderStatus | None:
        return self._uplink.status() if self._uplink else None

    def status(self, lang: str | None = None) -> Json:
        """What `posagent status` shows. Main thread only."""
        now = self._clock.monotonic()
        try:
            stats = self._outbox.stats()
        except OutboxError:
            stats = None
        return status(
            terminal=self.config.terminal.id,
            lang="en" if (lang or self.config.terminal.language) == "en" else "zh",
            now=self._clock.wall(),
            started_at=self._started_at,
            situation=self.watch.now,
            workers={worker.name: (worker.progress, worker.stuck(now)) for worker in self.workers},
            outbox=stats,
            held=self._outbox.held,
            uplink=self.sending(),
            line=self.line.told(),
            recovery=self._self_help.recovery(),
            care=self._self_help.care(),
            next_heartbeat_s=self._schedule.next_of("heartbeat") - now,
            pace=self.watch.thrift.told(),
            troubles=self.watch.all_troubles,
        )

    def _listen_to_signals(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # a test runs us beside itself and stops us by `stop`

        def heard(number: int, _frame: FrameType | None) -> None:
            self._events.put(number)  # SimpleQueue.put is reentrant: that is why it is one

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, heard)

    def _wait_and_handle(self) -> None:
        self._up_at = self._next_moment()
        try:
            event = self._events.get(timeout=max(0.0, self._up_at - self._clock.monotonic()))
        except queue.Empty:
            return
        if isinstance(event, Look):
            self._take_look(event)
        elif isinstance(event, Heard):
            self._take_heard(event)
        elif isinstance(event, CentreSaid | CentreDone):
            self._centre.take(event)
        elif isinstance(event, Asked):
            self._answers.take(event)
        elif isinstance(event, Later):
            event.work()
        elif event == signal.SIGHUP:
            self._reload()
        else:
            self._stopping = True

    def _overslept(self, now: float) -> None:
        """The machine was suspended. Waits do not count such time, our clock does: whoever sleeps is called, for he
        would be minutes late, and thought stuck by the one who feeds the watchdog.
        """
        for worker in self.workers:
            worker.body.wake()
        if self._ping_s is not None:
            self._ping_at = now + self._ping_s / 2
            self._parts.notifier.alive()

    def _next_moment(self) -> float:
        moments = [self._schedule.next()]
        if self._ping_s is not None:
            moments.append(self._ping_at)
        return min(moments)

    def _turn(self) -> None:
        """What the time brings."""
        now = self._clock.monotonic()
        if now - self._up_at > OVERSLEPT_S:
            self._overslept(now)
        for job in self._schedule.take_due(now):
            if job == "heartbeat":
                self._heartbeat(now)
            else:
                self.watch.housekeeping()
                self._centre.tend()
                self._self_help.tend()
        if self._ping_s is not None and now >= self._ping_at - self._ping_s / 4:
            self._ping_at = now + self._ping_s
            self._ping(now)

    def _ping(self, now: float) -> None:
        """Feed systemd's watchdog, unless somebody is stuck: then a restart is what helps."""
        stuck = {worker.name: why for worker in self.workers if (why := worker.stuck(now))}
        if stuck:
            self._log.error("no progress: the watchdog is not fed any more", **stuck)
        else:
            self._parts.notifier.alive()

    def _take_look(self, look: Look) -> None:
        news = self.watch.take(look)
        self._tell_card(look)
        self._answers.looked(look)
        if look.mail:
            self._errands.mail()
        if self.watch.now:
            self._errands.turn(self.watch.now.snapshot)
            self._self_help.looked(self.watch.now, self.watch.kept.verdict)
        if self._first_heartbeat and (look.part.port.answers is not None or look.port.problem):
            self._first_heartbeat = False
            self._heartbeat(self._clock.monotonic())
        elif news and self._uplink:
            self._uplink.send()
        self._publisher.looked(self.watch.now)

    def _tell_card(self, look: Look) -> None:
        """Is the card certain after this look? What changed about it is on the disk by now.

        Its number, or that none can be used, is a word. A card that is still busy, and a modem that is still coming up,
        are none; but where no card was ever seen, there is none to be told from another.
        """
        card, gone = look.part.sim.iccid, look.port.problem is not None
        began = look.card_asked if card is not None or look.part.sim.state in NO_CARD else None
        if gone and not self.watch.knows_a_card():
            began = self._clock.monotonic()
        link = self.watch.now.snapshot.data.interface if self.watch.now else None
        ended = began is not None and self.card.certain(began, link.name if link else "", card)
        if gone:
            ended = self.card.gone() or ended
        if ended and self._uplink:
            self._uplink.wake()

    def _see_card(self, began: float, card: str | None) -> bool:
        """On the modem's thread: the card's number was read, and nothing else. Is it the one that is known?"""
        same = self.card.seen(began, card)
        if same and self._uplink:
            self._uplink.wake()
        return same

    def _take_heard(self, heard: Heard) -> None:
        """An errand came back; new words about the plan are looked at at once."""
        try:
            fresh = self._errands.heard(heard)
        except PlanStoreError as error:
            self.watch.troubles.met("plan", error)
            return
        if fresh:
            self._modem.post(LookNow("light"))

    def _heartbeat(self, now: float) -> None:
        paced = self.watch.pace()
        interval = paced.interval_s
        if self._uplink:
            self._uplink.spare(interval if paced.stretched else 0.0)
        if interval != self._interval_s:
            self._interval_s = interval
            self._schedule.replace("heartbeat", Cadence(interval, phase_of(self.config.terminal.id, "heartbeat")), now)
        said = self.watch.heartbeat(self._schedule.next_of("heartbeat") - now)
        if said and self._uplink:
            self._uplink.send()

    def _take_request(self, request: Json, peer: Peer, answer: Callable[[Json], None]) -> Stay | None:
        """On the control socket's thread: hand it to the main one. A payment's lease waits for nobody."""
        if request["op"] in hold_desk.OPERATIONS:
            return hold_desk.take_request(self.line, request, peer, answer)
        self._events.put(Asked(request, answer, self._clock.monotonic()))
        return None

    def _reload(self) -> None:
        """SIGHUP: cadences, limits and log level at once; port, paths and centre need a restart, and that is said."""
        self._parts.notifier.reloading(round(time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6))
        try:
            fresh = load_apart(self._config_path)
        except ConfigError as error:
            self._log.error("configuration not valid: the old one stays in force", why=str(error))
        except RuntimeError as error:  # no process or no memory for the checker
            self._log.error("configuration not read: the old one stays in force", why=str(error))
        else:
            self._adopt(fresh)
        self._parts.notifier.ready("configuration read again")

    def _adopt(self, fresh: Config) -> None:
        needs_restart = _takes_a_restart(self.config, fresh)
        configure(fresh.log.level, fresh.log.format)
        self.watch.settings = WatchSettings.of(fresh, self._parts.hurry)
        self._centre.restore()
        self.watch.desk.settings = fresh.desk_settings()
        self.watch.adopt_limits()
        self.line.settings = fresh.hold_settings()
        self._self_help.adopt(fresh)
        self.config = replace(self.config, uplink=replace(self.config.uplink, heartbeat_s=fresh.uplink.heartbeat_s))
        self._new_cadence()
        if needs_restart:
            self._log.warning("these sections take effect after a restart", sections=needs_restart)
        self._log.info("configuration read again")

    def _hear_centre(self, answer: Answer) -> None:
        """On the uplink's thread, which runs only once all is built."""
        self._centre.heard(answer)

    def _new_cadence(self) -> None:
        """The wished interval is another one; the budget has its say with the next heartbeat."""
        self._interval_s = self.watch.settings.heartbeat_s
        cadence = Cadence(self._interval_s, phase_of(self.config.terminal.id, "heartbeat"))
        self._schedule.replace("heartbeat", cadence, self._clock.monotonic())

    # -- stopping -----------------------------------------------------------------------------------------------------

    def _stop(self) -> int:
        """Within STOP_S, whatever hangs."""
        last_resort = threading.Timer(STOP_S, self._parts.exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        until = self._clock.monotonic() + STOP_S - 0.3
        self._parts.notifier.stopping("stopping")
        self._log.info("stopping")
        word = Deadline.after(LAST_WORD_S, self._clock)
        speaks = self._has_a_last_word(word)
        for worker in self.workers:
            if worker.name != "uplink":
                worker.ask_to_stop()
        self._self_help.close()
        self.watch.stopped("stopped")
        if speaks and self._uplink:
            self._uplink.send(force=True)
            self._uplink.idle.wait(word.left(self._clock))
        for worker in self.workers:
            worker.ask_to_stop()
        hung = [worker.name for worker in self.workers if not worker.join(until - self._clock.monotonic())]
        self._close_stores(hung)
        self.line.close()
        last_resort.cancel()
        if hung:
            self._log.warning("did not stop in time", workers=hung)
            self._parts.exit(0)
        self._log.info("stopped")
        return 0

    def _has_a_last_word(self, until: Deadline) -> bool:
        """The centre should hear that this is a stop and not a failure, if the line works and the card is known: seen
        now, while somebody can still ask the modem.
        """
        sent = self.sending()
        if sent is None or sent.failures or self.line.held():
            return False
        return self.card.settled(until.left(self._clock))

    def _close_stores(self, hung: list[str]) -> None:
        try:
            self.watch.ledger.close()
        except Exception as error:
            self._log.error("ledger", why=str(error))
        self.watch.desk.store.close()
        if "uplink" not in hung:
            self._outbox.close()


def _takes_a_restart(held: Config, fresh: Config) -> list[str]:
    """The sections that differ and are read only when the parts are built."""
    pairs = {
        "modem": (held.modem, fresh.modem),
        "paths": (held.paths, fresh.paths),
        "outbox": (held.outbox, fresh.outbox),
        "sample": (held.sample, fresh.sample),
        "uplink": (held.uplink, replace(fresh.uplink, heartbeat_s=held.uplink.heartbeat_s)),
    }
    return [name for name, (old, new) in pairs.items() if old != new]
