"""A modem on a port: engine, port and clock together, owned by the thread that first uses it.

Refused answers are values (`Reply`); an expired command and a lost port are exceptions. Nothing is sent that was not
asked for, except: the dialect's setup after `start` and after each restart, and the probes after an expiry; with
`restore_settings` also questions about what the setup will change, and at `close` the commands that set it back.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from modem import settings
from modem.causes import error_meaning
from modem.dialect import Ask, Dialect, Effect, Question
from modem.dialects import THREE_GPP, choose
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
from modem.events import Command, Event, Final, Outcome, Reply
from modem.frozen import dataclass
from modem.link import Direction, Exchanged, Gate, Link, Statistics
from modem.port import Port
from modem.values import Identity, Reading

log = logging.getLogger(__name__)

WAKING_S = (0.5, 3.0)
"""Patience for the first AT of `start`, and for each that follows: most modems are awake and answer at once; a SIM7600
needs more than 10 s after power on (capture)."""
MOST_KEPT = 1024
"""Characters of an answer that is kept to be compared with the next one; a longer one is read each time."""
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
        self.identity = Identity()
        self._chosen = dialect is not None
        self._link = Link(port, self.dialect, monotonic, on_exchange=on_exchange, on_bytes=on_bytes, gate=gate)
        self._last: dict[str, tuple[Ask, tuple[str, ...], tuple[Reading, ...]]] = {}
        """What was answered last, by the question's text, and what it was read as."""
        self._setting_up = False
        self._restores = restore_settings
        self._own_setup: tuple[Command, ...] = ()
        """What our owner asked for beyond the dialect's setup."""
        self._before: tuple[Command, ...] = ()
        """What sets the modem back to what it was when we came."""

    @property
    def statistics(self) -> Statistics:
        """Counts since the beginning, alive."""
        return self._link.statistics

    # -- asking ---------------------------------------------------------------------------------------------------

    def exchange(self, command: Command | str) -> Reply:
        """One command, its whole answer, refused or not. Raises CommandExpired, LineHeld, PortLost.

        After an expiry the line is brought back first; the time for that comes out of the command's own.
        """
        asked = Command(command) if isinstance(command, str) else command
        self._link.begin(asked)
        try:
            self._link.own()
            self._set_up_again()
            return self._link.exchange(asked)
        finally:
            self._link.end()

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
            readings = self._read(way, reply) if reply.final.outcome is Outcome.OK else ()
            if readings:
                return Answer(readings, reply, way)
        return _nothing_read(replies)

    def _read(self, way: Ask, reply: Reply) -> tuple[Reading, ...]:
        """Most answers are those of a minute ago, and reading is pure."""
        held = self._last.get(way.text)
        if held is not None and held[0] is way and held[1] == reply.lines:
            return held[2]
        readings = way.parse(reply)
        if sum(map(len, reply.lines)) <= MOST_KEPT:
            self._last[way.text] = (way, reply.lines, readings)
        return readings

    def poll(self, seconds: float) -> list[Event]:
        """What came unasked, waiting up to `seconds` for the first of it. No wake-ups while nothing comes."""
        self._link.own()
        return self._link.poll(seconds)

    # -- beginning and end ----------------------------------------------------------------------------------------

    def start(self, deadline_s: float = 20.0) -> Identity:
        """Wake the modem, find out what it is, choose its dialect, set it up.

        What the modem will not say stays None: before the PIN some refuse even their model.
        Raises ModemSilent, ModemGarbled, CommandExpired, PortLost.
        """
        self._link.own()
        with self._hands_on():
            self._wake(self._link.now() + deadline_s)
            echoed = self._link.engine.echo_heard
            self._settings((Command(RESETS, timeout_s=2.0),), awake=True)
            who = self._introduced(Identity(), Question.MANUFACTURER, Question.MODEL)
            if not self._chosen:
                self._speak(choose(who.manufacturer or "", who.model or "", self._ati()))
            self._link.restarted = False
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
        self._link.own()
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
        self._link.interrupt()

    def close(self) -> None:
        """Never raises for anything the modem does. Settings are set back only by the thread that owns the modem."""
        if self._link.is_free:
            self._set_back()
        self._link.close()

    def _wake(self, until: float) -> None:
        began, heard = self._link.now(), self.statistics.rx_bytes
        patience, later = WAKING_S
        while self._link.now() < until:
            try:
                self.exchange(Command("AT", timeout_s=min(patience, max(0.1, until - self._link.now()))))
            except CommandExpired:
                patience = later
                continue
            return
        trouble = ModemGarbled if self.statistics.rx_bytes > heard else ModemSilent
        raise trouble("AT", self._link.now() - began)

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
        until = self._link.now() + settings.WHOLE_S
        before, self._before = self._before, ()
        self._link.restarted = False  # a modem that has just restarted needs no setup any more
        try:
            for command in before:
                if self._link.now() < until:
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
        self.dialect = self._link.engine.dialect = dialect

    def _set_up_again(self) -> None:
        """After a restart the modem has forgotten its settings, before the next question it gets them again."""
        if not self._link.restarted or self._setting_up:
            return
        self._link.restarted = False
        log.info("modem restarted: setting it up again")
        try:
            with self._hands_on():
                again = (Command(RESETS, timeout_s=2.0), *self.dialect.setup, *self._own_setup)
                self._settings(again, awake=False)
        except CommandExpired:
            self._link.restarted = True
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
