"""The worker that owns the modem's port: opens it, looks at the modem, runs raw commands, and gives the port up.

Rules: the port is opened for as long as it works. Whatever goes wrong with it, it is closed at once (a descriptor kept
open makes the kernel give the modem another name when it comes back), and opened anew with a growing wait, the
configured name followed again from the start. Nothing is sent that could disturb a payment: looks only read.
Between looks the thread sleeps in the port itself, so that the modem's own news wake it and nothing else does.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from agent.clock import Clock, Deadline
from agent.control import Json, Refused
from agent.find_port import modem_ports
from agent.follow import Had, had, in_order, is_another
from agent.log import logger
from agent.recover.hold import Speaker, speaker
from agent.sample.assemble import refreshed
from agent.sample.base import Evidence, EvidenceSource, PortProblem, PortView
from agent.sample.modem import Depth, ModemPart, PatientModem, read_modem
from agent.schedule import Cadence, Schedule, doubled
from agent.unlock import Unlock
from agent.worker import MailboxBody
from modem.client import Modem
from modem.dialect import Question
from modem.discover import candidates
from modem.errors import (
    CommandExpired,
    LineHeld,
    ModemError,
    ModemGarbled,
    PortBusy,
    PortForbidden,
    PortLost,
    PortMissing,
)
from modem.events import Command, Event, Restarted, Urc
from modem.frozen import dataclass
from modem.port import Port, SerialPort
from modem.recording import Recording, Tape
from modem.text import printable
from modem.values import Sms

START_S = 8.0
"""Until a modem that says nothing is called silent."""
PROBE_START_S = 2.5
"""The same where several ports want their turn: one that speaks AT does so at once."""
LOOK_S = 25.0
"""One deep look, whatever the modem does."""
LIGHT_LOOK_S = 8.0
"""One light look: long enough for an ordinary command to expire, and for a second one to show that it was no chance."""
NEWS_PAUSE_S = 2.0
"""News come in bursts (registration, then bearer, then address): look when they are over."""
NEWS_GAP_S = 30.0
"""A modem that chatters causes no more looks than this."""
REOPEN_FIRST_S = 2.0
REOPEN_CAP_S = 30.0
MOST_PUT_OFF = 32
SILENT_LOOKS = 3
"""After so many silent looks the port is closed and found again: it may be the wrong one by now."""
NEWS = (
    "+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:", "+CPIN:", "+QSIMSTAT:", "+QUSIM:", "^SIMST:", "+CGEV:", "+PDP",
    "+CSIM", "+SIM", "NO CARRIER", "^NDISSTAT:", "+QIND: \"SMS DONE\"", "+CTZV:",
)  # fmt: skip
"""First words of unsolicited lines that may change the verdict. Signal chatter (^RSSI, +CSQ) is not among them."""
MAIL = ("+CMTI:", "+CMT:")
"""A message came (27.005 clause 3.4.1): the carrier may have written about the plan."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the main thread hears after each look, or after each vain attempt to open a port."""

    at: float
    """Wall seconds."""
    depth: Depth
    port: PortView
    part: ModemPart
    """The last deep look, with what light ones saw since."""
    evidence: tuple[Evidence, ...] = ()
    asked_by: object = None
    """The token of the request that wanted it; None for the schedule's own."""
    dialogue: Recording | None = None
    """What was said, from the port's opening on, where the request wanted that."""
    mail: bool = False
    """A message came since the last look."""


@dataclass(frozen=True, slots=True)
class LookNow:
    depth: Depth
    asked_by: object = None
    listen: bool = False
    """Keep the dialogue for who asked."""


@dataclass(frozen=True, slots=True)
class RunCommands:
    """Raw commands, one after the other; `done` hears their results, or why there are none."""

    commands: tuple[str, ...]
    timeout_s: float
    until: Deadline
    done: Callable[["Results | ModemError"], None]


@dataclass(frozen=True, slots=True)
class Results:
    rows: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class UseModem:
    """Anything else with the modem (messages, USSD), begun before `until` or not at all.

    `work` hands on the events that it did not need.
    """

    name: str
    work: Callable[[Modem, Callable[[Iterable[Event]], None]], Json]
    until: Deadline
    done: Callable[["Json | ModemError | Refused"], None]
    whole: bool = False
    """Not to be cut in two: who wants the line for a payment waits for its end."""
    mail: Callable[[Sequence[Sms]], Json] | None = None
    """The same from the messages that ModemManager keeps, where it has the modem; None: not without a line."""


Order = LookNow | RunCommands | UseModem
Opener = Callable[[str], Port]


@dataclass(frozen=True, slots=True)
class ModemSettings:
    port: str = "auto"
    baud: int = 115200
    light_s: float = 60.0
    deep_s: float = 900.0
    command_timeout_s: float = 5.0
    restore_settings: bool = False
    announce_messages: bool = False


class ModemBody(MailboxBody[Order]):
    """A `worker.Body`. `publish` gets every `Look`; it must not block."""

    def __init__(
        self,
        settings: ModemSettings,
        clock: Clock,
        publish: Callable[[Look], None],
        opener: Opener | None = None,
        phase: float = 0.0,
        unlock: Unlock | None = None,
        line: Speaker | None = None,
    ) -> None:
        super().__init__()
        self._line = line or speaker(clock, "modem")
        self._line.retry = self.wake
        self._past: Counter[str] = Counter()
        """Figures of the modems that were closed."""
        self._put_off: list[Order] = []
        self._spared: dict[tuple[str, str | None], set[Question]] = {}
        """By IMEI and firmware: the questions that this modem was found not to offer."""
        """Looks that somebody waits for, and that a payment came before."""
        self._settings = settings
        self._clock = clock
        self._publish = publish
        self._open_port = opener or (lambda device: SerialPort(device, settings.baud))
        self._log = logger("modem")
        self._unlock = unlock
        self._modem: PatientModem | None = None
        self._tape = Tape()
        self._device: str | None = None
        self._had: Had | None = None
        """The modem that answered last, by its place and its IMEI."""
        self._trouble: tuple[PortView, tuple[Evidence, ...]] = (PortView(problem="missing"), ())
        """Why there is no modem, as long as there is none."""
        self._failures = 0
        self._reopen_at = clock.monotonic()
        self._silent = 0
        self._deep = ModemPart()
        self._news_after = clock.monotonic()
        cadences = {"deep": Cadence(settings.deep_s, phase), "light": Cadence(settings.light_s, phase)}
        self._schedule = Schedule(cadences, clock.monotonic())
        self._mail = False

    # -- what the worker calls ----------------------------------------------------------------------------------------

    def step(self, now: float) -> float:
        orders, self._put_off = [*self._put_off, *self.mailbox.take()], []
        if (orders or self._next() <= now) and not self._line.may():
            return self._wait_for_line(orders)
        if self._modem is None and (now >= self._reopen_at or orders):
            self._reopen()
        if self._modem is None and not self._line.may():  # a payment cut it short: no word about the port
            return self._wait_for_line(orders)
        for order in orders:
            self._obey(order)
        if self._modem is not None:
            self._look_if_due()
        if not self._put_off and self._next() > now:
            self._line.progress()
        return now if self._put_off else self._next()

    def _next(self) -> float:
        return self._schedule.next() if self._modem is not None else self._reopen_at

    def _wait_for_line(self, orders: list[Order]) -> float:
        """A payment has it: looks come later, what somebody wants sent is refused."""
        for order in orders:
            if isinstance(order, LookNow):
                self._put_off.append(order)
            else:
                order.done(LineHeld("the modem"))
        del self._put_off[:-MOST_PUT_OFF]
        return self._line.free_at()

    def wait(self, seconds: float) -> None:
        modem = self._modem
        if modem is None:
            self.mailbox.wait(seconds)
            return
        if self.mailbox.waiting():
            return
        try:
            self._heed(modem.poll(seconds))
        except PortLost as lost:
            self._lose(lost)

    def wake(self) -> None:
        self.mailbox.wake()
        modem = self._modem
        if modem is not None:
            modem.interrupt()

    def post(self, order: Order) -> bool:
        """From any thread. False: too much is asked at once."""
        taken = self.mailbox.post(order)
        self.wake()
        return taken

    def close(self) -> None:
        modem, self._modem = self._modem, None
        if modem is not None:
            modem.close()
            self._past.update(_figures(modem))

    def figures(self) -> dict[str, int]:
        """Counts of the modem's line since the start (`modem.client.Statistics`). From any thread."""
        modem, counted = self._modem, Counter(self._past)
        if modem is not None:
            counted.update(_figures(modem))
        return dict(counted)

    # -- looks --------------------------------------------------------------------------------------------------------

    def _spared_of(self, modem: Modem) -> set[Question]:
        """What this very modem, with this firmware, was found not to offer; of one without an IMEI nothing is kept."""
        known = modem.identity
        if known.imei is None:
            return set()
        return self._spared.setdefault((known.imei, known.firmware), set())

    def _look_if_due(self) -> None:
        due = self._schedule.take_due(self._clock.monotonic())
        if due:
            self._look("deep" if "deep" in due else "light")

    def _look(self, depth: Depth, asked_by: object = None, *, listen: bool = False) -> None:
        modem, device = self._modem, self._device
        if modem is None:
            view, evidence = self._trouble
            self._say(view, depth, evidence, asked_by=asked_by)
            return
        wall = self._clock.wall()
        modem.deadline = until = Deadline.after(LOOK_S if depth == "deep" else LIGHT_LOOK_S, self._clock)
        dialogue = self._tape.record() if listen else None
        try:
            seen = read_modem(modem, wall, depth, until, self._clock, self._spared_of(modem))
        except LineHeld:  # half a look is none
            self._put_off.append(LookNow(depth, asked_by, listen))
            return
        finally:
            modem.deadline = None
            self._tape.pause()
        self._heed(modem_news(modem) if seen.port.problem is None else [])
        before = self._deep
        self._deep = seen if depth == "deep" else refreshed(self._deep, seen)
        self._say(PortView(device), depth, asked_by=asked_by, dialogue=dialogue)
        if seen.port.problem is not None:
            self._lose(PortLost(f"{device}: lost while asking"))
        elif self._opened(modem, seen) or (depth == "light" and _differs(before, self._deep)):
            self._schedule.bring_forward("deep", self._clock.monotonic())
        self._count_silence(silent=seen.port.answers is False)

    def _opened(self, modem: Modem, seen: ModemPart) -> bool:
        """Was the card locked, and did a PIN of ours open it?"""
        if self._unlock is None or seen.sim.state != "pin_required":
            return False
        try:
            with self._line.whole():  # an attempt that was noted is made
                return self._unlock.attempt(modem, seen.sim)
        except LineHeld:
            return False
        except PortLost as lost:
            self._lose(lost)
            return False

    def _count_silence(self, *, silent: bool) -> None:
        self._silent = self._silent + 1 if silent else 0
        if self._silent >= SILENT_LOOKS and self._modem is not None:
            self._log.warning("silent: closing the port and looking for it again", device=self._device)
            self._shut()

    def _heed(self, events: Iterable[Event]) -> None:
        """News that may change the verdict bring the next deep look forward, but not for ever again."""
        events = list(events)
        now = self._clock.monotonic()
        if not self._mail and any(_begins(event, MAIL) for event in events):
            self._mail = True
            self._schedule.bring_forward("light", now + NEWS_PAUSE_S)
        if not any(_is_news(event) for event in events):
            return
        due = max(now + NEWS_PAUSE_S, self._news_after)
        self._news_after = due + NEWS_GAP_S
        self._schedule.bring_forward("deep", due)

    def _say(
        self,
        port: PortView,
        depth: Depth,
        evidence: tuple[Evidence, ...] = (),
        asked_by: object = None,
        dialogue: Recording | None = None,
    ) -> None:
        mail, self._mail = self._mail, False
        self._publish(Look(self._clock.wall(), depth, port, self._deep, evidence, asked_by, dialogue, mail))

    # -- raw commands -------------------------------------------------------------------------------------------------

    def _obey(self, order: Order) -> None:
        if isinstance(order, LookNow):
            self._look(order.depth, order.asked_by, listen=order.listen)
            return
        try:
            if isinstance(order, UseModem):
                order.done(self._used(order))
            else:
                order.done(self._run(order))
        except Refused as refusal:
            if isinstance(order, UseModem):
                order.done(refusal)
        except ModemError as error:
            order.done(error)
            if isinstance(error, PortLost) and self._modem is not None:
                self._lose(error)

    def _run(self, order: RunCommands) -> Results:
        if self._modem is None:
            raise PortMissing("there is no modem port now")
        rows = []
        for text in order.commands:
            left = min(order.timeout_s, order.until.left(self._clock))
            if left <= 0:
                raise CommandExpired(text, order.timeout_s)
            rows.append(run_command(self._modem, text, left))
        return Results(tuple(rows))

    def _used(self, order: UseModem) -> Json:
        if self._modem is None:
            raise PortMissing("there is no modem port now")
        if order.until.left(self._clock) <= 0:
            raise CommandExpired(order.name, 0.0)
        if not order.whole:
            return order.work(self._modem, self._heed)
        with self._line.whole():
            return order.work(self._modem, self._heed)

    # -- the port -----------------------------------------------------------------------------------------------------

    def _reopen(self) -> None:
        """One attempt; what it brought is published either way."""
        names = self._names()
        patience = START_S if len(names) == 1 else PROBE_START_S
        troubles = list(self._attempts(names, patience))
        if any(isinstance(trouble, LineHeld) for _, trouble in troubles):
            self._reopen_at = self._clock.monotonic()  # as soon as it is free
        elif self._modem is None:
            self._not_open(troubles)

    def _attempts(self, names: list[str], patience: float) -> Iterator[tuple[str, ModemError]]:
        """Why those did not start that were tried before the one that did. Another modem than ours comes last."""
        others = []
        for device in names:
            try:
                modem = self._started(device, patience)
            except ModemError as error:
                yield device, error
                continue
            if not is_another(modem.identity.imei, self._had) or device == names[-1]:
                self._keep(modem, device)
                return
            modem.close()
            others.append(device)
        if others:
            self._log.info("another modem than before", device=others[0])
            self._had = None
            yield from self._attempts(others[:1], patience)

    def _names(self) -> list[str]:
        name = self._settings.port
        return [name] if name != "auto" and self._had is None else in_order(name, modem_ports(), self._had)

    def _started(self, device: str, patience: float) -> PatientModem:
        port = self._open_port(device)
        self._tape = tape = Tape()
        modem = PatientModem(
            port,
            self._clock,
            self._settings.command_timeout_s,
            on_bytes=tape.heard,
            restore_settings=self._settings.restore_settings,
            gate=self._line,
        )
        try:
            modem.start(patience)
            if self._settings.announce_messages and not modem.announce_messages():
                self._log.info("the modem does not announce messages; they are found at the next look")
        except ModemError:
            modem.close()
            raise
        tape.pause()
        return modem

    def _keep(self, modem: PatientModem, device: str) -> None:
        self._modem, self._device = modem, device
        self._had = had(device, modem.identity.imei, candidates())
        self._failures = self._silent = 0
        self._schedule.bring_forward("deep", self._clock.monotonic())
        self._log.info("port open", device=device, model=modem.identity.model, dialect=modem.dialect.name)

    def _not_open(self, troubles: list[tuple[str, ModemError]]) -> None:
        if not troubles:
            missing = PortMissing("no port on this machine looks like a modem's")
            self._give_up(PortView(self._device, problem="missing"), missing, "port.problem")
            return
        device, error = max(troubles, key=lambda trouble: _telling(trouble[1]))
        if isinstance(error, PortLost):
            view = PortView(device, getattr(error, "holder", None), _problem(error))
            self._give_up(view, error, "port.problem")
            return
        garbled = isinstance(error, ModemGarbled)
        view = PortView(device, answers=garbled, garbled=garbled or None)
        self._give_up(view, error, "port.garbled" if garbled else "port.answers")

    def _lose(self, lost: PortLost) -> None:
        self._log.warning("port lost", why=str(lost))
        self._shut()
        view = PortView(self._device, problem="lost")
        self._deep = ModemPart()
        self._trouble = view, (Evidence("port.problem", "kernel", printable(str(lost)), self._clock.wall()),)
        self._say(view, "light", self._trouble[1])

    def _give_up(self, view: PortView, error: ModemError, about: str) -> None:
        source: EvidenceSource = "kernel" if about == "port.problem" else "at"
        evidence = Evidence(about, source, printable(str(error)), self._clock.wall())
        if self._failures == 0:
            self._log.warning("no modem", why=evidence.text)
        self._failures += 1
        self._reopen_at = self._clock.monotonic() + doubled(REOPEN_FIRST_S, REOPEN_CAP_S, self._failures)
        self._deep = ModemPart()
        self._trouble = view, (evidence,)
        self._say(view, "deep", (evidence,))

    def _shut(self) -> None:
        self.close()
        self._reopen_at = self._clock.monotonic() + REOPEN_FIRST_S


def _figures(modem: Modem) -> dict[str, int]:
    counts = modem.statistics
    return {"exchanges": counts.exchanges, "expiries": counts.expiries, "restarts": counts.restarts}


def run_command(modem: Modem, text: str, timeout_s: float) -> dict[str, object]:
    """One raw command as `posagent at` shows it. Raises CommandExpired, PortLost."""
    reply = modem.exchange(Command(text, (), timeout_s))
    return {
        "command": text,
        "lines": list(reply.lines),
        "final": reply.final.text,
        "ok": reply.final.outcome.name != "REFUSED",
        "elapsed_s": round(reply.elapsed_s, 3),
    }


def modem_news(modem: Modem) -> list[Event]:
    """What came unasked while we asked; never waits."""
    return modem.poll(0.0)


def _is_news(event: Event) -> bool:
    if isinstance(event, Restarted):
        return True
    return _begins(event, NEWS)


def _begins(event: Event, words: tuple[str, ...]) -> bool:
    return isinstance(event, Urc) and any(line.upper().startswith(words) for line in event.lines)


def _differs(before: ModemPart, now: ModemPart) -> bool:
    """Did a light look see something that a deep one should explain?"""
    return (
        before.network.registration != now.network.registration
        or before.sim.state != now.sim.state
        or before.port.answers != now.port.answers
        or [(c.cid, c.active) for c in before.data.contexts] != [(c.cid, c.active) for c in now.data.contexts]
    )


def _problem(lost: PortLost) -> PortProblem:
    if isinstance(lost, PortMissing):
        return "missing"
    if isinstance(lost, PortBusy):
        return "busy"
    return "forbidden" if isinstance(lost, PortForbidden) else "lost"


def _telling(error: ModemError) -> int:
    """Of several ports: one that speaks, however badly, is the modem's; a busy or forbidden one may be it."""
    ranks = ((ModemGarbled, 4), (PortBusy, 3), (PortForbidden, 2), (PortMissing, 0))
    return next((rank for kind, rank in ranks if isinstance(error, kind)), 1)
