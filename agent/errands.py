"""What the card's desk wants done with the modem: ask the carrier, read its messages, prove a renewal. Main thread.

One errand at a time, and only when the card is ready, the modem is on a network and no payment holds the line. The work
is done on the modem's thread; what came of it comes back as `Heard` through the daemon's queue.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import field, replace
from typing import Literal

from agent.assess.facts import probed, registered
from agent.clock import Clock, Deadline
from agent.control import Json, Refused
from agent.log import logger
from agent.plan.apart import Apart
from agent.plan.ask_run import Put, Reader, Talk, Wait, facts_of, listen, put
from agent.plan.asking import Query
from agent.plan.desk import Desk
from agent.plan.renewal import Proof, Seen
from agent.plan.store import PlanStoreError
from agent.sample.base import PlanFact, Snapshot
from agent.workers.orders import LookNow, Order, UseModem
from modem.client import Modem
from modem.errors import ModemError, PortBusy
from modem.events import Event
from modem.frozen import dataclass
from modem.values import Sms

INBOX_S = 900.0
FIRST_INBOX_S = 60.0
"""After the start: the first looks come first."""
NOT_OFFERED_S = 86_400.0
"""So long nothing more is wished for from one who takes no such orders."""
TRAFFIC_BYTES = 4096
"""Received between two looks: a payment or so; answers of a name server are less."""
BUSY_S = 300.0
"""An errand that never came back is given up."""
Heed = Callable[[Iterable[Event]], None]
What = Literal["put", "listen", "inbox", "radio"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an errand."""

    what: What
    card: str
    query: str = ""
    put: Put | None = None
    facts: tuple[PlanFact, ...] = ()
    trouble: str | None = None
    offered: bool = True
    """False: whoever has the modem takes no such orders (ModemManager does)."""


def modem_talk(modem: Modem, heed: Heed) -> Talk:
    from agent.plan.talk import ModemTalk  # noqa: PLC0415 - only where something is asked

    return ModemTalk(modem, heed)


@dataclass(slots=True)
class Errands:
    desk: Desk
    post: Callable[[Order], bool]
    clock: Clock
    report: Callable[[Heard], None]
    """Takes what came of it, from the modem's thread; must not block."""
    held: Callable[[], bool] = lambda: False
    """Does a payment hold the line?"""
    proved: Callable[[Proof], object] = lambda _proof: None
    """Hears of each change of a proof."""
    talk: Callable[[Modem, Heed], Talk] = modem_talk
    reader: AbstractContextManager[Reader] = field(default_factory=Apart)
    _busy_until: float = 0.0
    _inbox_at: float | None = None
    _wanted: bool = False
    _told: tuple[str, str] = field(default=("", ""))

    def turn(self, snapshot: Snapshot) -> None:
        """After each look: at most one errand is begun."""
        now = self.clock.monotonic()
        if self._inbox_at is None:
            self._inbox_at = now + FIRST_INBOX_S
        if now < self._busy_until:
            return
        try:
            self._begin(snapshot, now)
        except PlanStoreError as error:
            logger("errands").error("the plan's file", why=str(error))

    def mail(self) -> None:
        """A message came: the inbox is read with the next turn, however long ago it was read last."""
        self._inbox_at = self.clock.monotonic()

    def ask_soon(self) -> None:
        """The centre wants to know: the next question waits six hours after the last one, not a day."""
        self._wanted = True

    def ask_now(self, snapshot: Snapshot) -> str:
        """Somebody wants to know how the card stands: "" when the carrier was asked, else why it was not."""
        if self.clock.monotonic() < self._busy_until or self.desk.waiting() is not None:
            return "the modem has another errand"
        if not _ready(snapshot) or self.held():
            return "a payment holds the line" if self.held() else "the card is not ready, or not on a network"
        if self._ask(snapshot):
            return ""
        return f"not now: {self.desk.next_query(self.clock.wall(), snapshot.clock).why}"

    def heard(self, heard: Heard) -> list[PlanFact]:
        """What came back; the facts that are new. Raises PlanStoreError."""
        self._busy_until = 0.0 if heard.offered else self.clock.monotonic() + NOT_OFFERED_S
        if heard.trouble:
            logger("errands").info("not done", what=heard.what, why=heard.trouble)
        if heard.put is not None:
            return self.desk.asked(heard.query, heard.card, heard.put, self.clock.monotonic())
        return self.desk.hear(heard.facts, self.clock.monotonic(), heard.card) if heard.facts else []

    def _begin(self, snapshot: Snapshot, now: float) -> None:
        if self._prove(snapshot) or not _ready(snapshot) or self.held():
            return
        wait = self.desk.waiting()
        if wait is not None:
            self._listen(wait)
        elif self.desk.settings.ask.services not in ("none", "ussd") and now >= (self._inbox_at or 0.0):
            self._inbox_at = now + INBOX_S
            self._inbox(snapshot.sim.iccid or "")
        else:
            self._ask(snapshot)

    def _ask(self, snapshot: Snapshot) -> bool:
        if snapshot.network.registration == "roaming" and self.desk.settings.ask.mode != "paid":
            return False  # what is free at home costs abroad
        wall = self.clock.wall()
        found = self.desk.next_query(wall, snapshot.clock, urgent=self._wanted)
        if found.query is None:
            return False
        self._wanted = False
        self._put(found.query, self.desk.asking(found.query, wall), wall)
        return True

    def _prove(self, snapshot: Snapshot) -> bool:
        """The pending proof's look; True when that began an errand."""
        if self.desk.proof() is None:  # nearly always: nothing to be seen
            return False
        seen = seen_of(snapshot, self.clock.wall(), held=self.held())
        step = self.desk.prove(seen)
        if step is None:
            return False
        proof, action = step
        self._tell(proof)
        if action == "ask" and _ready(snapshot) and not seen.held and self.desk.waiting() is None:
            return self._ask(snapshot)
        if action == "cycle_radio":
            return self._cycle(proof.card)
        return action == "look" and self.post(LookNow("deep"))

    def _tell(self, proof: Proof) -> None:
        now = (proof.state, proof.reason)
        if now != self._told:
            self._told = now
            self.proved(proof)

    # -- work for the modem's thread ----------------------------------------------------------------------------------

    def _put(self, query: Query, card: str, wall: float) -> None:
        def work(talk: Talk) -> Heard:
            with self.reader as read:
                return Heard("put", card, query.key, put(query, card, talk, read, wall))

        failed = Heard("put", card, query.key, Put("no_answer"))
        self._post("put", work, failed)

    def _listen(self, wait: Wait) -> None:
        wall = self.clock.wall()

        def work(talk: Talk) -> Heard:
            with self.reader as read:
                return Heard("listen", wait.card, wait.query, listen(wait, talk.messages(), read, wall))

        self._post("listen", work, Heard("listen", wait.card))

    def _inbox(self, card: str) -> None:
        """Whatever the carrier wrote by itself: warnings, receipts, ends. What the modem keeps from before this card
        came was written to another one.
        """
        came = self.desk.came_at(card)

        def work(talk: Talk) -> Heard:
            own = [one for one in talk.messages() if one.on_card or came is None or (one.at or 0.0) >= came]
            with self.reader as read:
                return Heard("inbox", card, facts=facts_of(own, read))

        self._post("inbox", work, Heard("inbox", card))

    def _cycle(self, card: str) -> bool:
        def work(modem: Modem, _heed: Heed) -> Json:
            from agent.plan.talk import cycle_radio  # noqa: PLC0415

            if self.held():
                raise Refused("held", "a payment holds the line")
            return {"ok": cycle_radio(modem)}

        logger("errands").warning("the radio is switched off and on: a renewal is being proved")
        told = Heard("radio", card)
        return self._order(
            "radio", work, lambda outcome: self.report(replace(told, trouble=_trouble(outcome))), back=("AT+CFUN=1",)
        )

    def _post(self, what: What, work: Callable[[Talk], Heard], failed: Heard) -> bool:
        result: list[Heard] = []

        def with_modem(modem: Modem, heed: Heed) -> Json:
            result.append(work(self.talk(modem, heed)))
            return {}

        def done(outcome: Json | ModemError | Refused) -> None:
            offered = not isinstance(outcome, PortBusy)
            self.report(result[0] if result else replace(failed, trouble=_trouble(outcome), offered=offered))

        def with_kept(found: Sequence[Sms]) -> Json:
            from agent.plan.talk import KeptTalk  # noqa: PLC0415 - only where ModemManager has the modem

            result.append(work(KeptTalk(found)))
            return {}

        return self._order(what, with_modem, done, mail=None if what == "put" else with_kept)

    def _order(
        self,
        name: str,
        work: Callable[[Modem, Heed], Json],
        done: Callable[[Json | ModemError | Refused], None],
        *,
        back: tuple[str, ...] = (),
        mail: Callable[[Sequence[Sms]], Json] | None = None,
    ) -> bool:
        until = Deadline.after(BUSY_S, self.clock)
        self._busy_until = until.at
        if self.post(UseModem(name, work, until, done, back, mail)):
            return True
        self._busy_until = 0.0
        return False


def seen_of(snapshot: Snapshot, wall: float, *, held: bool) -> Seen:
    """What a look says to the proof of a renewal; `held`: a payment holds the line."""
    no_payment = any(reach.problem == "payment" for reach in snapshot.reach)
    return Seen(
        wall,
        snapshot.sim.iccid,
        attached=snapshot.data.attached,
        flows=probed(snapshot),
        received=(snapshot.usage.received_bytes or 0) >= TRAFFIC_BYTES,
        payment=False if no_payment else None,
        can_ask=True,
        held=held,
        clock_trusted=snapshot.clock.trusted,
    )


def _ready(snapshot: Snapshot) -> bool:
    return snapshot.sim.state == "ready" and registered(snapshot) is True


def _trouble(outcome: object) -> str | None:
    return str(outcome) if isinstance(outcome, Exception) else None
