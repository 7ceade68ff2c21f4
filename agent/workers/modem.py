"""The worker that owns the modem's port: opens it, looks at the modem, runs raw commands, and gives the port up.

Rules: the port is opened for as long as it works. Whatever goes wrong with it, it is closed at once (a descriptor kept
open makes the kernel give the modem another name when it comes back), and opened anew with a growing wait, the
configured name followed again from the start. Nothing is sent that could disturb a payment: looks only read.
Between looks the thread sleeps in the port itself, so that the modem's own news wake it and nothing else does.
"""

from collections import Counter
from collections.abc import Callable, Iterable

from agent.clock import Clock, Deadline
from agent.control import Json, Refused
from agent.log import logger
from agent.owed import Owed
from agent.recover.hold import Speaker, speaker
from agent.sample.assemble import refreshed
from agent.sample.base import PortView
from agent.sample.modem import Depth, ModemPart, PatientModem, read_card, read_modem
from agent.schedule import Cadence, Schedule
from agent.unlock import Unlock
from agent.worker import MailboxBody
from agent.workers.news import MAIL, begins, differs, doubts_card, is_news
from agent.workers.opening import ModemSettings, Opened, Opener, Opening, PortState
from agent.workers.orders import Look, LookNow, Order, Results, RunCommands, SeeCard, UseModem
from modem.client import Modem
from modem.dialect import Question
from modem.errors import CommandExpired, LineHeld, ModemError, PortLost, PortMissing
from modem.events import Command, Event
from modem.recording import Recording, Tape

LOOK_S = 25.0
"""One deep look, whatever the modem does."""
LIGHT_LOOK_S = 8.0
"""One light look: long enough for an ordinary command to expire, and for a second one to show that it was no chance."""
NEWS_PAUSE_S = 2.0
"""News come in bursts (registration, then bearer, then address): look when they are over."""
NEWS_GAP_S = 30.0
"""A modem that chatters causes no more looks than this."""
OWED_S = 20.0
"""For switching on what was owed."""
MOST_PUT_OFF = 32
SILENT_LOOKS = 3
"""After so many silent looks the port is closed and found again: it may be the wrong one by now."""


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
        doubt: Callable[[], object] = lambda: None,
        seen: Callable[[float, str | None], bool] = lambda _began, _card: True,
    ) -> None:
        """On the worker's thread `doubt` is called when another card may be in from then on, and `seen` when its number
        was read alone, by a question that began then (`CardGate.seen`).
        """
        super().__init__()
        self._line = line or speaker(clock, "modem")
        self._doubt = doubt
        self._seen = seen
        self._line.retry = self.wake
        self._past: Counter[str] = Counter()
        """Figures of the modems that were closed."""
        self._put_off: list[LookNow | SeeCard] = []
        """What somebody waits for, and a payment came before."""
        self._spared: dict[tuple[str, str | None], set[Question]] = {}
        """By IMEI and firmware: the questions that this modem was found not to offer."""
        self._clock = clock
        self._publish = publish
        self._opening = Opening(settings, clock, self._line, opener)
        self._log = logger("modem")
        self._unlock = unlock
        self._owed = Owed(settings.state_dir)
        self._modem: PatientModem | None = None
        self._tape = Tape()
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
        if self._modem is None and (now >= self._opening.due or orders):
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
        return self._schedule.next() if self._modem is not None else self._opening.due

    def _wait_for_line(self, orders: list[Order]) -> float:
        """A payment has it: looks come later, what somebody wants sent is refused."""
        for order in orders:
            if isinstance(order, LookNow | SeeCard):
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
        """Counts of the modem's line since the start (`modem.link.Statistics`). From any thread."""
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
        modem, device = self._modem, self._opening.device
        if modem is None:
            self._say(self._opening.trouble, depth, asked_by=asked_by)
            return
        if self._owed.commands and not self._make_up(modem):
            return
        wall, began = self._clock.wall(), self._clock.monotonic() if depth == "deep" else None
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
        self._heed(modem.poll(0.0) if seen.port.problem is None else [])
        before = self._deep
        self._deep = seen if depth == "deep" else refreshed(self._deep, seen)
        self._say(PortState(PortView(device)), depth, asked_by=asked_by, dialogue=dialogue, card_asked=began)
        if seen.port.problem is not None:
            self._lose(PortLost(f"{device}: lost while asking"))
        elif self._opened(modem, seen) or (depth == "light" and differs(before, self._deep)):
            self._schedule.bring_forward("deep", self._clock.monotonic())
        self._count_silence(silent=seen.port.answers is False)

    def _see_card(self) -> None:
        """Is it the card that was looked at last? Whatever else is said than its number, a full look explains."""
        modem, device = self._modem, self._opening.device
        if modem is None:
            self._say(self._opening.trouble, "light")
            return
        began = self._clock.monotonic()
        modem.deadline = until = Deadline.after(LIGHT_LOOK_S, self._clock)
        try:
            seen = read_card(modem, self._clock.wall(), until, self._clock)
        except LineHeld:
            self._put_off.append(SeeCard())
            return
        finally:
            modem.deadline = None
        if seen.port.problem is not None:
            self._lose(PortLost(f"{device}: lost while asking"))
        elif not seen.port.answers or not self._seen(began, seen.sim.iccid):
            self._schedule.bring_forward("deep", self._clock.monotonic())

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
            self._log.warning("silent: closing the port and looking for it again", device=self._opening.device)
            self._shut()

    def _heed(self, events: Iterable[Event]) -> None:
        """News that may change the verdict bring the next deep look forward, but not for ever again."""
        events = list(events)
        now = self._clock.monotonic()
        if not self._mail and any(begins(event, MAIL) for event in events):
            self._mail = True
            self._schedule.bring_forward("light", now + NEWS_PAUSE_S)
        if any(doubts_card(event) for event in events):
            self._doubt()
        if not any(is_news(event) for event in events):
            return
        due = max(now + NEWS_PAUSE_S, self._news_after)
        self._news_after = due + NEWS_GAP_S
        self._schedule.bring_forward("deep", due)

    def _say(
        self,
        port: PortState,
        depth: Depth,
        asked_by: object = None,
        dialogue: Recording | None = None,
        card_asked: float | None = None,
    ) -> None:
        mail, self._mail = self._mail, False
        wall = self._clock.wall()
        self._publish(Look(wall, depth, port.view, self._deep, port.evidence, asked_by, dialogue, mail, card_asked))

    # -- raw commands -------------------------------------------------------------------------------------------------

    def _obey(self, order: Order) -> None:
        if isinstance(order, LookNow):
            self._look(order.depth, order.asked_by, listen=order.listen)
            return
        if isinstance(order, SeeCard):
            self._see_card()
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
        if not order.back:
            return order.work(self._modem, self._heed)
        with self._line.whole():
            return self._switched(self._modem, order)

    def _switched(self, modem: Modem, order: UseModem) -> Json:
        """A work that did not come to its end stays owed."""
        try:
            self._owed.note(order.back)
        except OSError as error:
            why = f"{order.name}: cannot be noted ({error.strerror}), so nothing is switched off"
            raise Refused("disk", why) from None
        try:
            told = order.work(modem, self._heed)
        except Refused:  # of its own will, before anything
            self._owed.settle()
            raise
        self._owed.settle()
        return told

    def _make_up(self, modem: Modem) -> bool:
        """What we had switched off when something ended us; False: the port was lost with it."""
        self._log.warning("switched on again: it was ended in between", commands=list(self._owed.commands))
        try:
            with self._line.whole():
                for text in self._owed.commands:
                    modem.exchange(Command(text, timeout_s=OWED_S))
            self._owed.settle()
        except (LineHeld, CommandExpired) as error:
            self._log.warning("still owed", why=str(error))  # with the next look
        except PortLost as lost:
            self._lose(lost)
        return self._modem is not None

    # -- the port -----------------------------------------------------------------------------------------------------

    def _reopen(self) -> None:
        """One attempt; what it brought is published either way."""
        found = self._opening.attempt()
        if isinstance(found, Opened):
            self._modem, self._tape, self._silent = found.modem, found.tape, 0
            self._doubt()
            self._schedule.bring_forward("deep", self._clock.monotonic())
        elif found is not None:
            self._deep = ModemPart()
            self._say(found, "deep")

    def _lose(self, lost: PortLost) -> None:
        self._log.warning("port lost", why=str(lost))
        self.close()
        self._deep = ModemPart()
        self._say(self._opening.lost(lost), "light")

    def _shut(self) -> None:
        self.close()
        self._opening.closed()


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
