"""A modem on a port: engine, port and clock together, owned by the thread that first uses it.

Refused answers are values (`Reply`); an expired command and a lost port are exceptions. Nothing is sent that was not
asked for, except: the dialect's setup after `start` and after each restart, and the probes after an expiry; with
`restore_settings` also questions about what the setup will change, and at `close` the commands that set it back.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal, Protocol

from modem import settings
from modem.causes import error_meaning
from modem.dialect import Ask, Dialect, Effect, Question
from modem.dialects import THREE_GPP, choose
from modem.engine import Engine
from modem.errors import (
    CommandExpired,
    CommandRefused,
    LineHeld,
    LocalProtocolError,
    ModemError,
    ModemGarbled,
    ModemSilent,
    PortLost,
    Refusal,
    UnreadableAnswer,
    Unsupported,
)
from modem.events import Command, Event, Expired, Final, Outcome, Overflow, Reply, Restarted, Stray, Synced
from modem.frozen import dataclass
from modem.moves import State
from modem.port import Port
from modem.values import Identity, Reading

log = logging.getLogger(__name__)

CHUNK = 4096
WRITE_S = 2.0
"""A command is at most some hundred bytes; a port that takes longer for them is stuck."""
MAX_EVENTS = 1000
"""Kept for `poll`; beyond it the oldest are dropped and counted."""
WAKING_S = (0.5, 1.0, 2.0, 3.0)
"""Patience for each AT of `start`; the last one repeats. A SIM7600 needs more than 10 s after power on (capture)."""
RESETS = "ATE0V1"
"""First of all: no echo, and results in words rather than numbers (V.250 §6.2.4, §6.2.6)."""

_EFFECTS = (Effect.READS, Effect.SETS, Effect.DISTURBS)
_NOT_KNOWN_HERE = {4, 50, 58, 100}
"""CME numbers that say more about the command than about the modem's state (4 not supported, 100 unknown …)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read, from which reply, by which of the dialect's ways. No readings: the modem had nothing to say."""

    readings: tuple[Reading, ...]
    reply: Reply
    ask: Ask


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One exchange for an observer: `reply` is None when it expired. Times are monotonic seconds."""

    command: Command
    reply: Reply | None
    began: float
    ended: float


@dataclass(slots=True)
class Statistics:
    exchanges: int = 0
    refusals: int = 0
    expiries: int = 0
    strays: int = 0
    restarts: int = 0
    overflow_bytes: int = 0
    unsure_syncs: int = 0
    events_dropped: int = 0
    rx_bytes: int = 0
    tx_bytes: int = 0


Direction = Literal["rx", "tx"]


class Gate(Protocol):
    """Somebody who may want the line to be silent for a while."""

    def begin(self) -> bool:
        """May something be sent now? If so, `end` is called when its exchange is over. Nests."""

    def end(self) -> None:
        """What was begun is over."""


class _Open:
    """The gate of a modem that nobody else has a say in."""

    def begin(self) -> bool:
        return True

    def end(self) -> None:
        """Nothing to do."""


class Modem:
    """`dialect=None`: `start` chooses by what the modem says of itself; until then plain 3GPP."""

    def __init__(
        self,
        port: Port,
        *,
        dialect: Dialect | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        on_exchange: Callable[[Exchanged], None] | None = None,
        on_bytes: Callable[[Direction, bytes], None] | None = None,
        restore_settings: bool = False,
        gate: Gate | None = None,
    ) -> None:
        self.dialect = dialect or THREE_GPP
        self._gate = gate or _Open()
        self.statistics = Statistics()
        self.identity = Identity()
        self._chosen = dialect is not None
        self._port = port
        self._engine = Engine(self.dialect)
        self._now = monotonic
        self._on_exchange = on_exchange
        self._on_bytes = on_bytes
        self._events: deque[Event] = deque()
        self._owner: int | None = None
        self._setup_due = False
        self._setting_up = False
        self._interrupted = threading.Event()
        self._restores = restore_settings
        self._own_setup: tuple[Command, ...] = ()
        """What our owner asked for beyond the dialect's setup."""
        self._before: tuple[Command, ...] = ()
        """What sets the modem back to what it was when we came."""
        self._ready_at = 0.0
        """Not before this moment the next command (`Dialect.quiet_gap_s`)."""

    # -- asking ---------------------------------------------------------------------------------------------------

    def exchange(self, command: Command | str) -> Reply:
        """One command, its whole answer, refused or not. Raises CommandExpired, LineHeld, PortLost.

        After an expiry the line is brought back first; the time for that comes out of the command's own.
        """
        asked = Command(command) if isinstance(command, str) else command
        if not self._gate.begin():
            raise LineHeld(asked.shown)
        try:
            return self._exchanged(asked)
        finally:
            self._gate.end()

    def _exchanged(self, asked: Command) -> Reply:
        self._own()
        self._set_up_again()
        began = self._now()
        if not self._synced(began + asked.timeout_s):
            raise CommandExpired(asked.shown, asked.timeout_s)
        self._keep_quiet()
        reply = self._sent(asked)
        self.statistics.exchanges += 1
        if self._on_exchange:
            self._on_exchange(Exchanged(asked, reply, began, self._now()))
        if reply is None:
            raise CommandExpired(asked.shown, asked.timeout_s)
        self.statistics.refusals += reply.final.outcome is Outcome.REFUSED
        return reply

    def ask(self, question: Question, *, allow: Effect = Effect.READS) -> Answer:
        """The dialect's ways of asking one after another; the first that is answered and read counts.

        Raises Unsupported, CommandRefused (the most telling refusal), UnreadableAnswer, CommandExpired, PortLost.
        """
        ways = () if question in self.dialect.lacks else self.dialect.asks.get(question, ())
        if not ways:
            raise Unsupported(question.value, self.dialect.name)
        allowed = [way for way in ways if _EFFECTS.index(way.effect) <= _EFFECTS.index(allow)]
        if not allowed:
            raise LocalProtocolError(
                f"{question.value}: asking has an effect ({ways[0].effect.value}) not allowed here"
            )
        replies: list[tuple[Ask, Reply]] = []
        for way in allowed:
            reply = self.exchange(way.command())
            replies.append((way, reply))
            readings = way.parse(reply) if reply.final.outcome is Outcome.OK else ()
            if readings:
                return Answer(readings, reply, way)
        return _nothing_read(replies)

    def poll(self, seconds: float) -> list[Event]:
        """What came unasked, waiting up to `seconds` for the first of it. No wake-ups while nothing comes."""
        self._own()
        self._run(self._now() + seconds, lambda: bool(self._events) or self._interrupted.is_set())
        self._interrupted.clear()
        events = list(self._events)
        self._events.clear()
        return events

    # -- beginning and end ----------------------------------------------------------------------------------------

    def start(self, deadline_s: float = 20.0) -> Identity:
        """Wake the modem, find out what it is, choose its dialect, set it up.

        What the modem will not say stays None: before the PIN some refuse even their model.
        Raises ModemSilent, ModemGarbled, CommandExpired, PortLost.
        """
        self._own()
        with self._hands_on():
            self._wake(self._now() + deadline_s)
            echoed = self._engine.echo_heard
            self._settings((Command(RESETS, timeout_s=2.0),), awake=True)
            who = self._introduced(Identity(), Question.MANUFACTURER, Question.MODEL)
            if not self._chosen:
                self._speak(choose(who.manufacturer or "", who.model or "", self._ati()))
            self._setup_due = False
            if self._restores and not self._before:
                self._before = self._remembered(echo=echoed)
            self._settings(self.dialect.setup, awake=True)
        self.identity = self._introduced(who, Question.MANUFACTURER, Question.MODEL, Question.FIRMWARE, Question.IMEI)
        log.info("modem %s %s speaks %s", self.identity.manufacturer, self.identity.model, self.dialect.name)
        return self.identity

    def announce_messages(self) -> bool:
        """Have the modem say at once that a message was stored (+CMTI), until `close`, which sets back what was.

        False: it will not. Raises CommandExpired, PortLost.
        """
        self._own()
        said = self.exchange(settings.MESSAGES_ASKED)
        if self.exchange(settings.MESSAGES).final.outcome is not Outcome.OK:
            return False
        self._own_setup = (settings.MESSAGES,)
        back = settings.set_back(said, self._own_setup)
        if back is not None and back.text != settings.MESSAGES.text and back not in self._before:
            self._before = (*self._before, back)
        return True

    def interrupt(self) -> None:
        """End a waiting `poll` from another thread, where the port can do that. The one call allowed from others."""
        self._interrupted.set()
        wake = getattr(self._port, "interrupt", None)
        if callable(wake):
            wake()

    def close(self) -> None:
        """Never raises for anything the modem does. Settings are set back only by the thread that owns the modem."""
        if self._before and self._owner == threading.get_ident() and self._engine.state is State.IDLE:
            self._set_back()
        self._engine.port_lost("closed")
        self._port.close()

    def _wake(self, until: float) -> None:
        began, heard = self._now(), self.statistics.rx_bytes
        tries = 0
        while self._now() < until:
            patience = min(WAKING_S[min(tries, len(WAKING_S) - 1)], max(0.1, until - self._now()))
            tries += 1
            try:
                self.exchange(Command("AT", timeout_s=patience))
            except CommandExpired:
                continue
            return
        trouble = ModemGarbled if self.statistics.rx_bytes > heard else ModemSilent
        raise trouble("AT", self._now() - began)

    def _remembered(self, *, echo: bool) -> tuple[Command, ...]:
        """The commands that set back what the setup is about to change, in the opposite order."""
        found = [settings.ECHO_ON] if echo else []
        for command in settings.read_forms(self.dialect.setup):
            try:
                back = settings.set_back(self.exchange(command), self.dialect.setup)
            except CommandExpired:
                continue
            found += [back] if back else []
        return tuple(reversed(found))

    def _set_back(self) -> None:
        until = self._now() + settings.WHOLE_S
        before, self._before = self._before, ()
        self._setup_due = False  # a modem that has just restarted needs no setup any more
        try:
            for command in before:
                if self._now() < until:
                    self.exchange(command)
        except ModemError as error:
            log.info("not all settings were set back: %s", error)

    def _introduced(self, who: Identity, *questions: Question) -> Identity:
        for question in questions:
            try:
                who = _merged(who, self.ask(question).readings)
            except (PortLost, LineHeld):
                raise
            except ModemError as error:
                log.debug("%s: %s", question.value, error)
        return who

    def _ati(self) -> str:
        try:
            return "\n".join(self.exchange("ATI").lines)
        except CommandExpired:
            return ""

    def _speak(self, dialect: Dialect) -> None:
        self.dialect = self._engine.dialect = dialect

    def _set_up_again(self) -> None:
        """After a restart the modem has forgotten its settings, before the next question it gets them again."""
        if not self._setup_due or self._setting_up:
            return
        self._setup_due = False
        log.info("modem restarted: setting it up again")
        try:
            with self._hands_on():
                again = (Command(RESETS, timeout_s=2.0), *self.dialect.setup, *self._own_setup)
                self._settings(again, awake=False)
        except CommandExpired:
            self._setup_due = True
            raise

    @contextmanager
    def _hands_on(self) -> Iterator[None]:
        """While it is being set up, a restart does not set it up again in between."""
        self._setting_up = True
        try:
            yield
        finally:
            self._setting_up = False

    def _settings(self, commands: tuple[Command, ...], *, awake: bool) -> None:
        """Refusals do not matter: a modem that lacks a setting needs none. Nor does one that is never answered, as
        long as the modem answers at all."""
        for command in commands:
            try:
                self.exchange(command)
                awake = True
            except CommandExpired as error:
                if not awake:
                    raise
                log.warning("setup: %s", error)

    # -- the loop -------------------------------------------------------------------------------------------------

    def _keep_quiet(self) -> None:
        if self._now() < self._ready_at:
            self._run(self._ready_at, lambda: False)

    def _sent(self, command: Command) -> Reply | None:
        began = self._now()
        ends: list[Reply | Expired] = []
        self._write(self._engine.send(command, began))
        self._run(None, lambda: bool(ends), ends)
        self._ready_at = self._now() + self.dialect.quiet_gap_s
        return ends[0] if isinstance(ends[0], Reply) else None

    def _synced(self, until: float) -> bool:
        if self._engine.state is State.RESYNC:
            self._run(until, lambda: self._engine.state is not State.RESYNC)
        return self._engine.state is not State.RESYNC

    def _run(self, until: float | None, done: Callable[[], bool], ends: list[Reply | Expired] | None = None) -> None:
        """Read, write and let time pass until `done` or the moment `until`."""
        while not done():
            now = self._now()
            moments = [moment for moment in (until, self._engine.deadline) if moment is not None]
            data = self._read(max(0.0, min(moments, default=now + 60.0) - now))
            now = self._now()
            for event in (*self._engine.receive(data, now), *self._engine.tick(now)):
                self._take(event, ends)
            self._write_gated(self._engine.outgoing())
            if until is not None and now >= until:
                return

    def _take(self, event: Event, ends: list[Reply | Expired] | None) -> None:
        self._count(event)
        if isinstance(event, Reply | Expired):
            if ends is not None:
                ends.append(event)
            return
        self._events.append(event)
        if len(self._events) > MAX_EVENTS:
            self._events.popleft()
            self.statistics.events_dropped += 1

    def _count(self, event: Event) -> None:
        counts = self.statistics
        if isinstance(event, Expired):
            counts.expiries += 1
        elif isinstance(event, Stray):
            counts.strays += 1
        elif isinstance(event, Overflow):
            counts.overflow_bytes += event.dropped
        elif isinstance(event, Synced):
            counts.unsure_syncs += not event.sure
        elif isinstance(event, Restarted):
            counts.restarts += 1
            self._setup_due = True

    def _read(self, timeout_s: float) -> bytes:
        with self._told_of_loss():
            data = self._port.read(CHUNK, timeout_s)
        if data:
            self.statistics.rx_bytes += len(data)
            self._observe("rx", data)
        return data

    def _write_gated(self, data: bytes) -> None:
        """What the engine says by itself, to find back into step: lost while the line is held, and said anew later."""
        if data and self._gate.begin():
            try:
                self._write(data)
            finally:
                self._gate.end()

    def _write(self, data: bytes) -> None:
        if data:
            with self._told_of_loss():
                self._port.write(data, WRITE_S)
            self.statistics.tx_bytes += len(data)
            self._observe("tx", data)

    @contextmanager
    def _told_of_loss(self) -> Iterator[None]:
        try:
            yield
        except PortLost as error:
            self._engine.port_lost(str(error))
            raise

    def _observe(self, direction: Direction, data: bytes) -> None:
        if self._on_bytes:
            self._on_bytes(direction, data)

    def _own(self) -> None:
        thread = threading.get_ident()
        self._owner = self._owner or thread
        if self._owner != thread:
            raise LocalProtocolError("a modem is used by one thread only; this is another")
        if self._engine.state is State.LOST:
            raise PortLost("the port was lost or closed before")


def refusal(final: Final) -> Refusal:
    """A final result other than success, with what its number means (27.007 §9.2, 27.005 §3.2.5)."""
    return Refusal(final.text, final.family, final.code, error_meaning(final.family, final.code))


def _nothing_read(replies: list[tuple[Ask, Reply]]) -> Answer:
    """None of the ways gave a reading: say why, by the reply that tells most."""
    for _, reply in replies:
        if reply.final.outcome is Outcome.OK and reply.lines:
            raise UnreadableAnswer(reply.command.shown, reply.lines)
    for way, reply in replies:
        if reply.final.outcome is Outcome.OK:
            return Answer((), reply, way)
    _, reply = max(replies, key=lambda pair: _telling(pair[1].final))
    raise CommandRefused(reply.command.shown, refusal(reply.final))


def _telling(final: Final) -> int:
    if final.family is None:
        return 0
    return 1 if final.code in _NOT_KNOWN_HERE else 2


def _merged(known: Identity, readings: tuple[Reading, ...]) -> Identity:
    for reading in readings:
        if isinstance(reading, Identity):
            known = replace(
                known,
                manufacturer=reading.manufacturer or known.manufacturer,
                model=reading.model or known.model,
                firmware=reading.firmware or known.firmware,
                imei=reading.imei or known.imei,
            )
    return known
