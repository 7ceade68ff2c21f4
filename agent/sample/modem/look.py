"""What the modem says about itself: asked question by question, within one deadline.

A question that is refused, not read or not answered costs its own field only. Two in a row without any answer: the
modem is silent, and nothing more is asked. A refusal that tells about the card (+CME ERROR: 10, 11, 13 …) sets its
state. The same command is never sent twice in one look: its answer is read again instead.
"""

from collections.abc import Callable
from dataclasses import field
from datetime import datetime
from typing import Literal, Protocol

from agent.clock import Clock, Deadline
from agent.sample.base import DataView, Evidence, ModemView, NetworkView, PortView, SimView
from agent.sample.modem.questions import (
    ABOUT,
    CARD_QUESTIONS,
    DEEP,
    DOMAIN_QUESTIONS,
    DOMAINS,
    IDENTITY,
    LIGHT_DOMAINS,
    ONCE,
)
from agent.sample.readings import (
    REGISTERED,
    Heard,
    data_view,
    modem_view,
    network_view,
    signal_of,
    sim_view,
)
from modem.again import again
from modem.causes import sim_state_of_cme
from modem.client import Answer
from modem.dialect import Ask, Dialect, Effect, Question
from modem.errors import CommandExpired, CommandRefused, PortLost, UnreadableAnswer, Unsupported, is_not_offered
from modem.events import Command, Event, Reply, Urc
from modem.frozen import dataclass
from modem.registration import overall_registration
from modem.text import printable
from modem.values import Clock as ModemClock
from modem.values import Counters, Domain, Identity, Reading, Registration, Signal, Sim, SimStatus

Depth = Literal["light", "deep"]


SILENT_AFTER = 2
"""Questions without any answer, one after the other, until we call it silent: one may be lost, 27.007 has no ack."""
CARD_RETRIES = 3
CARD_PAUSE_S = 1.0
"""A card is "busy" (14), and on some modems a "failure" (13), for a few seconds after it gets power (SIMCom A7670)."""
_MAX_QUOTE = 240


class Asker(Protocol):
    """What we need of `modem.client.Modem`."""

    dialect: Dialect
    identity: Identity

    def ask(self, question: Question) -> Answer: ...

    def exchange(self, command: Command | str) -> Reply: ...

    def poll(self, seconds: float) -> list[Event]: ...


@dataclass(frozen=True, slots=True)
class ModemPart:
    """What one look at the modem brought. A light look leaves what it does not ask at None."""

    port: PortView = field(default_factory=PortView)
    """Only `answers`, `garbled` and `problem` ("lost") are known here."""
    modem: ModemView = field(default_factory=ModemView)
    sim: SimView = field(default_factory=SimView)
    network: NetworkView = field(default_factory=NetworkView)
    signal: Signal = field(default_factory=Signal)
    data: DataView = field(default_factory=DataView)
    counters: tuple[Counters, ...] = ()
    network_time: float | None = None
    """Seconds since 1970 by the modem's clock, when it said its offset from UTC."""
    evidence: tuple[Evidence, ...] = ()
    unasked: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    """What came unasked while we waited for the card: for whoever waits for messages."""


def read_modem(
    modem: Asker, wall: float, depth: Depth, deadline: Deadline, clock: Clock, spared: set[Question] | None = None
) -> ModemPart:
    """Look at a modem that was started: what it said of itself then is not asked again. `spared`: what this modem was
    found not to offer is not asked, and what it is found not to offer now is added.

    Never raises for anything the modem does; a port that gets lost ends the look with what it brought so far.
    """
    look = _Look(modem, wall, deadline, clock, [modem.identity], spared if spared is not None else set())
    try:
        if depth == "deep":
            look.deep()
        else:
            look.light()
    except PortLost as lost:
        look.lost = True
        look.note("port", str(lost))
    return look.part()


def read_card(modem: Asker, wall: float, deadline: Deadline, clock: Clock) -> ModemPart:
    """The card's number alone, and whether the modem answered; as `read_modem` otherwise."""
    look = _Look(modem, wall, deadline, clock, [])
    try:
        look.ask(Question.ICCID)
    except PortLost as lost:
        look.lost = True
        look.note("port", str(lost))
    return look.part()


@dataclass(slots=True)
class _Look:
    modem: Asker
    wall: float
    deadline: Deadline
    clock: Clock
    readings: list[Reading]
    spared: set[Question] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    answered: dict[str, Answer] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    sim_said: SimStatus | None = None
    """The last word about the card, of AT+CPIN? or unsolicited; vendors' status lines mention it too, less exactly."""
    sim_refused: SimStatus | None = None
    """What a refusal told about the card; "unknown": asked for its state, the modem refused without a reason."""
    unanswered: int = 0
    """Questions without an answer in a row."""
    heard_any: bool = False
    lost: bool = False

    def deep(self) -> None:
        unknown = self.modem.identity == Identity()
        for question in (*IDENTITY, *DEEP) if unknown else DEEP:
            if question in CARD_QUESTIONS:
                self.ask_card(question)
            else:
                self.ask(question)
            if question is Question.SIGNAL:
                self.ask_rssi()
        self.doubt_registration()
        self.doubt_card()

    def light(self) -> None:
        """At most LIGHT_COMMANDS questions: where we are registered, how strong, and is there a session; or why not."""
        offered = [q for q in DOMAIN_QUESTIONS if q in self.modem.dialect.asks][:LIGHT_DOMAINS]
        on_network = False
        for question in offered:
            self.ask(question)
            if on_network := self.registered(DOMAIN_QUESTIONS[question]):
                break
        self.ask(Question.SIGNAL)
        if on_network:
            self.ask(Question.CONTEXTS_ACTIVE)
        else:
            self.ask(Question.SIM)

    def registered(self, domain: Domain) -> bool:
        said = [r for r in self.readings if isinstance(r, Registration) and r.domain == domain]
        return bool(said) and said[-1].status in REGISTERED

    def ask_card(self, question: Question) -> None:
        """An absent card has no number, and is not asked for one."""
        if question is Question.SIM:
            self.ask_sim()
        elif self.card_state() != "absent":
            self.ask(question)

    def ask_sim(self, patience: Callable[[SimStatus | None, int], float | None] | None = None) -> None:
        """The card's state; `patience` (state, attempt) → seconds until it is asked once more, None: never."""
        for attempt in range(CARD_RETRIES + 1):
            before, self.sim_refused = self.sim_refused, None
            self.ask(Question.SIM)
            if self.sim_refused in (None, "unknown"):
                self.sim_refused = before or self.sim_refused
            self.listen(0.0)
            pause = (patience or _patience_with_card)(self.card_state(), attempt)
            if pause is None or self.over():
                return
            if pause:
                self.listen(min(pause, self.deadline.left(self.clock)))
            if self.card_state() == "ready":
                return

    def ask_rssi(self) -> None:
        """AT+CSQ beside better figures that have no RSSI: it is the one number that every technician knows."""
        said = [reading for reading in self.readings if isinstance(reading, Signal)]
        way = next((way for way in self._ways(Question.SIGNAL) if way.text == "AT+CSQ"), None)
        if way is None or way.text in self.answered or not said or said[-1].rssi_dbm is not None or self.over():
            return
        try:
            reply = self.modem.exchange(way.command())
        except CommandExpired:
            self.unanswered += 1
            return
        self._alive()
        if readings := way.parse(reply):
            self._take(Question.SIGNAL, way.text, readings, reply.lines)

    def doubt_registration(self) -> None:
        """Not registered anywhere: asked once more at the end, for one answer in a bad moment is no evidence."""
        if any(map(self.registered, DOMAINS)):
            return
        known = {reading.domain for reading in self.readings if isinstance(reading, Registration)}
        for question, domain in DOMAIN_QUESTIONS.items():
            if domain in known:
                self.answered = {
                    text: held for text, held in self.answered.items() if held.ask not in self._ways(question)
                }
                self.ask(question)

    def doubt_card(self) -> None:
        """Registered with a card that is not there: one of the two is an old story (capture quectel-ec21-j-01)."""
        if self.card_state() not in ("absent", "failure", "busy") or not any(map(self.registered, DOMAINS)):
            return
        self.ask_sim(_patience_in_doubt)
        if self.card_state() == "ready":
            self.ask(Question.ICCID)
            self.ask(Question.IMSI)

    def listen(self, seconds: float) -> None:
        """What comes unasked; of it, only what it says about the card is ours."""
        for event in self.modem.poll(seconds):
            self.events.append(event)
            if isinstance(event, Urc) and event.lines:
                self._hear(event)

    def _hear(self, urc: Urc) -> None:
        reader = self.modem.dialect.urcs.get(urc.lines[0].partition(":")[0] + ":")
        said = [reading for reading in reader(urc.lines) if isinstance(reading, Sim)] if reader else []
        for sim in said:
            self._take_state(sim)
            self.note("sim.state", " | ".join(urc.lines), "urc")

    def card_state(self) -> SimStatus | None:
        return self.sim_said or self.sim_refused

    def over(self) -> bool:
        return self.unanswered >= SILENT_AFTER or self.deadline.passed(self.clock)

    def ask(self, question: Question) -> None:
        """One question; whatever goes wrong is noted and costs nothing else."""
        if self.over() or self._again(question) or self._disturbing(question):
            return
        if question in self.spared:
            self.unasked.append(ABOUT[question])
            return
        try:
            answer = self.modem.ask(question)
        except Unsupported:
            self.unasked.append(ABOUT[question])
        except CommandRefused as refused:
            self._refusal(question, refused)
        except UnreadableAnswer as unreadable:
            self._alive()
            self._quote(question, unreadable.command, " | ".join(unreadable.lines))
        except CommandExpired as expired:
            self.unanswered += 1
            self._quote(question, expired.command, f"(no answer within {expired.after_s:g} s)")
        else:
            self._alive()
            self.answered[answer.ask.text] = answer
            self._take(question, answer.ask.text, answer.readings, answer.reply.lines)

    def _ways(self, question: Question) -> tuple[Ask, ...]:
        return self.modem.dialect.asks.get(question, ())

    def _again(self, question: Question) -> bool:
        """Whether an answer we already have is one to this question too; then it is read, and not asked again."""
        ways = self._ways(question)
        if question is Question.SIM or not ways:
            return False
        held = self.answered.get(ways[0].text)
        if held is None:
            return False
        readings = ways[0].parse(held.reply)
        self.readings.extend(reading for reading in readings if reading not in self.readings)
        return bool(readings)

    def _disturbing(self, question: Question) -> bool:
        ways = self._ways(question)
        return bool(ways) and all(ask.effect is not Effect.READS for ask in ways)

    def _refusal(self, question: Question, refused: CommandRefused) -> None:
        self._alive()
        self._quote(question, refused.command, refused.refusal.final)
        if is_not_offered(refused.refusal.family, refused.refusal.code):
            self.unasked.append(ABOUT[question])
        if question in ONCE and self.card_state() == "ready":
            self.spared.add(question)
        state = sim_state_of_cme(refused.refusal.code) if refused.refusal.family == "cme" else None
        if question is Question.SIM:
            self.sim_refused = state or "unknown"
        elif question in CARD_QUESTIONS and state and self.sim_refused in (None, "unknown"):
            self.sim_refused = state
            self._note("sim.state", refused.command, refused.refusal.final)

    def _alive(self) -> None:
        self.unanswered = 0
        self.heard_any = True

    def _take_state(self, sim: Sim) -> None:
        self.sim_said = sim.state if sim.state != "unknown" else self.sim_said

    def _take(self, question: Question, text: str, readings: tuple[Reading, ...], lines: tuple[str, ...]) -> None:
        self.readings.extend(readings)
        for sim in (reading for reading in readings if question is Question.SIM and isinstance(reading, Sim)):
            self._take_state(sim)
        self._quote(question, text, " | ".join(line.strip() for line in lines if line.strip()) or "OK")

    def _quote(self, question: Question, command: str, answer: str) -> None:
        self._note(ABOUT[question], command, answer)

    def _note(self, about: str, command: str, answer: str) -> None:
        self.note(about, f"{command} → {answer}")

    def note(self, about: str, text: str, source: Literal["at", "urc"] = "at") -> None:
        shown = printable(text)
        cut = shown if len(shown) <= _MAX_QUOTE else shown[: _MAX_QUOTE - 1] + "…"
        self.evidence.append(Evidence(about, source, cut, self.wall))

    def part(self) -> ModemPart:
        heard = Heard(tuple(self.readings))
        modem, sim, network, signal, data = _views(heard.readings, self.modem.dialect.name, self.card_state())
        said_clock = heard.first(ModemClock)
        return ModemPart(
            port=PortView(problem="lost" if self.lost else None, answers=self._answers()),
            modem=modem,
            sim=sim,
            network=network,
            signal=signal,
            data=data,
            counters=tuple(heard.all(Counters)),
            network_time=seconds_of(said_clock) if said_clock else None,
            evidence=tuple(self.evidence),
            unasked=tuple(dict.fromkeys(self.unasked)),
            events=tuple(self.events),
        )

    def _answers(self) -> bool | None:
        if self.unanswered >= SILENT_AFTER:
            return False
        return True if self.heard_any else None


@again
def _views(
    readings: tuple[Reading, ...], dialect: str, card: SimStatus | None
) -> tuple[ModemView, SimView, NetworkView, Signal, DataView]:
    """What the readings come to; most looks read what the one before did."""
    heard = Heard(readings)
    network = network_view(heard, overall_registration)
    return (
        modem_view(heard, dialect),
        sim_view(heard, card),
        network,
        signal_of(heard, network.technology),
        data_view(heard),
    )


def _patience_with_card(state: SimStatus | None, attempt: int) -> float | None:
    """A busy card gets a few moments; a failure one; an answer that says nothing is asked again at once, once."""
    if attempt >= CARD_RETRIES or state not in ("busy", "failure", "unknown"):
        return None
    if state == "busy":
        return CARD_PAUSE_S
    if attempt > 0:
        return None
    return CARD_PAUSE_S if state == "failure" else 0.0


def _patience_in_doubt(state: SimStatus | None, attempt: int) -> float | None:
    if attempt >= CARD_RETRIES or state == "ready":
        return None
    return CARD_PAUSE_S if state == "busy" else 0.0


def seconds_of(clock: ModemClock) -> float | None:
    """A modem's time as seconds since 1970; None for one without its offset from UTC, which nobody can place."""
    try:
        said = datetime.fromisoformat(clock.time) if clock.time else None
        return said.timestamp() if said is not None and said.tzinfo is not None else None
    except (ValueError, OverflowError, OSError):
        return None
