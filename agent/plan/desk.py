"""Everything about the card that the daemon keeps and decides: facts, pairing, reminders, asking, proof. Main thread.

Writes what it decides before anybody acts on it. A disk that refuses raises PlanStoreError; what was decided is then
decided again with the next look.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from typing import TYPE_CHECKING

from agent.card import Lock, Pair, Slots, accepted, guard, lock_of, pair_from
from agent.plan import proof as proving
from agent.plan.ask_run import Put, Wait, wait_from
from agent.plan.asking import AskSettings, Next, Query, next_query, queries_for
from agent.plan.by_hand import by_hand
from agent.plan.calendar import cycle_of, local_date, midnight_after, parse_date, zone_of
from agent.plan.facts import outranked, readable
from agent.plan.plan import PlanSettings
from agent.plan.reminders import Reminder, What, due
from agent.plan.renewal import Before, Proof, Seen, begin, proof_from
from agent.plan.renewal_words import before
from agent.plan.standing import Standing, standing
from agent.plan.store import Asked, PlanStore
from agent.sample.base import ClockView, PlanFact, PlanView, SimView
from modem.frozen import dataclass
from modem.iccid import same_card

if TYPE_CHECKING:
    from agent.plan.ledger import Ledger

PAIR, WAIT, PROOF, CARD = "pair", "wait", "proof", "card"
"""Names of the small things in the store."""
COMING_SLACK_S = 900.0


@dataclass(frozen=True, slots=True)
class DeskSettings:
    terminal: str = ""
    timezone: str = "Asia/Shanghai"
    plan: PlanSettings = field(default_factory=PlanSettings)
    ask: AskSettings = field(default_factory=AskSettings)
    bound: bool | None = None
    """Whether the card is locked to its modem, where a person said so."""


class Desk:
    def __init__(self, settings: DeskSettings, store: PlanStore, *, read_only: bool = False) -> None:
        """`read_only`: for who looks at the daemon's file beside the daemon; learns and keeps nothing by itself."""
        self.settings = settings
        self._read_only = read_only
        self.store = store
        self.lock: Lock = "unknown"
        self._card: str | None = None
        self._imsi: str | None = None
        self._imei: str | None = None
        self._strange = False
        self._news = False
        """Something new was said about a card since the pending proof was last looked at."""

    # -- the card -----------------------------------------------------------------------------------------------------

    def pair(self) -> Pair | None:
        return pair_from(self.store.kept(PAIR))

    def resume(self) -> None:
        """Without a look: the card that was last accepted is taken for the one that is in."""
        pair = self.pair()
        if pair is not None:
            self._card, self._imei = pair.iccid or None, pair.imei or None
            self.lock = lock_of(self._card, configured=self.settings.bound)

    def see(
        self, sim: SimView, imei: str | None, apn: str | None, wall: float, *, trusted: bool | None = True
    ) -> SimView:
        """The card against the pairing; learns the first one. The view says what belongs here."""
        self.lock = lock_of(sim.iccid, apn=apn, msisdn=sim.msisdn, configured=self.settings.bound)
        known = self.pair()
        slots = Slots(sim.slot, sim.other_slots)
        found = guard(known, self.settings.terminal, sim.iccid, imei, self.lock, wall, slots)
        if found.learn is not None:
            known = found.learn
            if not self._read_only:
                self._learn(found.learn)
        if sim.iccid is not None:
            self._card, self._imsi, self._imei = sim.iccid, sim.imsi, imei or self._imei
            self._strange = bool(found.changed)
            if not self._read_only:
                self._note_coming(sim.iccid, wall if trusted is not False else None)
        if found.changed is None:
            return sim
        moved = bool(found.wrong_terminal) and not found.changed
        return replace(
            sim,
            expected_iccid=known.iccid if known else None,
            expected_imei=known.imei if known and moved else None,
            changed=found.changed,
            wrong_terminal=found.wrong_terminal,
            switched=found.switched,
        )

    def _note_coming(self, card: str, wall: float | None) -> None:
        """When this card was first seen here after another one; the very first card's messages are all its own."""
        held = self.store.kept(CARD) or {}
        before = held.get("iccid") or (pair.iccid if (pair := self.pair()) else "")
        if not same_card(str(before), card) if before else not held:
            self.store.keep(CARD, {"iccid": card, "after_another": bool(before), "at": wall})
        elif held.get("after_another") and held.get("at") is None and wall is not None:
            self.store.keep(CARD, held | {"at": wall})

    def came_at(self, card: str | None) -> float | None:
        """Wall seconds since when the card is in this terminal, less the difference between networks' clocks and ours;
        None: no other one was here before. Infinite while the clock has not been right since.
        """
        held = self.store.kept(CARD) or {}
        if not held.get("after_another") or not same_card(str(held.get("iccid")), card or ""):
            return None
        at = held.get("at")
        return float(at) - COMING_SLACK_S if isinstance(at, int | float) else float("inf")

    def accept(self, iccid: str | None, imei: str | None, wall: float, *, by_centre: bool = False) -> Pair | None:
        """This card (None: the one that is in) and this modem are right from now on; None when there is no card."""
        card = iccid or self._card
        pair = accepted(self.settings.terminal, card, imei or self._imei, wall, by_centre=by_centre) if card else None
        if pair is not None:
            self._learn(pair)
            self._strange = False
        return pair

    def _learn(self, pair: Pair) -> None:
        if self.pair() is None:
            self.store.adopt(pair.iccid)
        self.store.keep(PAIR, pair.json())

    # -- how it stands ------------------------------------------------------------------------------------------------

    def stand(
        self,
        ledger: "Ledger | None",
        wall: float,
        monotonic: float,
        trust: ClockView,
        card: str | None,
        heard: Iterable[PlanFact] = (),
    ) -> Standing:
        """`heard`: words that are not kept, because whoever looks may not write."""
        if trust.trusted and not self._read_only:
            self.store.date_the_undated(wall, monotonic)
        return standing(
            self.settings.plan,
            ledger,
            (*self.store.facts(card or self._card), *self._own_words(heard, card or self._card)),
            wall,
            self.settings.timezone,
            clock_trusted=trust.trusted,
            card=card,
            strange=self._strange,
        )

    def _own_words(self, heard: Iterable[PlanFact], card: str | None) -> Iterator[PlanFact]:
        """Without what may have been written to the card that was here before."""
        came = self.came_at(card)
        return (fact for fact in heard if readable(fact) and (came is None or (fact.at or 0.0) >= came))

    def hear(self, facts: Iterable[PlanFact], monotonic: float, card: str | None = None) -> list[PlanFact]:
        """Words about `card` (None: the one that is in); returns those that are new."""
        good = [fact for fact in facts if readable(fact)]
        fresh = self.store.hear(card or self._card or "", good, monotonic) if good else []
        self._news = self._news or bool(fresh)
        return fresh

    def set_by_hand(self, values: Sequence[tuple[str, str]], wall: float, *, trusted: bool) -> list[str]:
        """`plan set NAME=VALUE…`; remarks for people. Raises ValueError before anything is kept."""
        facts = [by_hand(name, value, wall if trusted else None) for name, value in values]
        before = self.store.facts(self._card)
        self.store.hear(self._card or "", facts)
        stronger = [(fact, other) for fact in facts if (other := outranked(fact, before)) is not None]
        return [f"{fact.fact}: kept, but {other.source} said {other.value} and is believed" for fact, other in stronger]

    def forget(self, fact: str) -> int:
        return self.store.forget(self._card, fact)

    # -- reminders ----------------------------------------------------------------------------------------------------

    def reminders(self, plan: PlanView, wall: float, trust: ClockView) -> list[Reminder]:
        """Those that are due; tell them, then say so with `reminded`."""
        if not trust.trusted or self._strange:
            return []
        today, card = local_date(wall, zone_of(self.settings.timezone)), self._card or ""
        turn = cycle_of(self.settings.plan.cycle, today)[1]
        ends: list[tuple[What, str | None, date | None]] = [
            ("expires_on", plan.expires_on, None),
            ("cancelled_on", plan.cancelled_on, None),
            ("runs_out_on", plan.runs_out_on, turn),
        ]
        days = self.settings.plan.reminder_days
        found = [
            due(about, on, today, self.store.told(card, about, cycle_end or on), days, cycle_end=cycle_end)
            for about, text, cycle_end in ends
            if text is not None and (on := parse_date(text)) is not None
        ]
        return [reminder for reminder in found if reminder is not None]

    def reminded(self, reminder: Reminder, wall: float) -> None:
        self.store.tell(self._card or "", reminder, wall)

    # -- asking -------------------------------------------------------------------------------------------------------

    def next_query(self, wall: float, trust: ClockView, *, urgent: bool = False) -> Next:
        history = self.store.asked(self._card or "")
        urgent = urgent or self.proof() is not None
        if self._card is None or self._strange:
            return Next(None, None, "card")
        return next_query(self.settings.ask, self._imsi, history, wall, clock_trusted=trust.trusted, urgent=urgent)

    def asking(self, query: Query, wall: float) -> str:
        """Noted before it is sent: a power cut in between must not ask twice. Returns the card that is asked."""
        self.store.note_ask(self._card or "", Asked(query.key, wall, "sent"))
        return self._card or ""

    def sms_sent(self, first: date, last: date) -> int:
        """Questions that this card paid for as an SMS, on local days; both ends belong to it. Raises PlanStoreError."""
        zone, pair = zone_of(self.settings.timezone), self.pair()
        return sum(
            asked.query.startswith("sms:") and first <= local_date(asked.at, zone) <= last
            for asked in self.store.asked(self._card or (pair.iccid if pair else ""))
        )

    def asked(self, query: str, card: str, put: Put, monotonic: float) -> list[PlanFact]:
        """What became of a question; the facts that are new."""
        fresh = self.hear(put.facts, monotonic, card)
        if put.outcome == "waiting":
            self.store.keep(WAIT, put.wait.json() if put.wait else None)
            return fresh
        self.store.keep(WAIT, None)
        self.store.note_outcome(card, query, put.outcome)
        return fresh

    def waiting(self) -> Wait | None:
        return wait_from(self.store.kept(WAIT))

    # -- proof of a renewal -------------------------------------------------------------------------------------------

    def proof(self) -> Proof | None:
        """The one that is pending."""
        held = proof_from(self.store.kept(PROOF))
        return held if held is not None and held.state == "pending" else None

    def last_proof(self) -> Proof | None:
        return proof_from(self.store.kept(PROOF))

    def verify(
        self,
        plan: PlanView,
        wall: float,
        *,
        data_failed: bool,
        expected: str | None = None,
        cycle_radio: bool = False,
        clock_trusted: bool | None = True,
    ) -> Proof | None:
        """Begin to prove a renewal of the card that is in; None when no card is known."""
        if self._card is None:
            return None
        known = self._before(plan, wall, data_failed=data_failed, clock_trusted=clock_trusted)
        proof = begin(self._card, wall, known, expected=expected, cycle_radio=cycle_radio, clock_trusted=clock_trusted)
        self.store.keep(PROOF, proof.json())
        return proof

    def go_on(self, wall: float, expected: str | None, *, cycle_radio: bool) -> Proof | None:
        """The proof that is pending, with what is wished for now, or that came out lately; None where one has to begin:
        what failed is tried again.
        """
        held = self.last_proof()
        if held is None or not same_card(held.card, self._card or ""):
            return None
        if held.state == "proved":
            return held if proving.still_answers(held, wall, expected) else None
        if held.state != "pending":
            return None
        wished = replace(held, expected=expected or held.expected, cycle_radio=cycle_radio or held.cycle_radio)
        if wished == held:
            return held
        wished = replace(wished, due_in_s=0.0)
        self.store.keep(PROOF, wished.json())
        return wished

    def _before(self, plan: PlanView, wall: float, *, data_failed: bool, clock_trusted: bool | None) -> Before:
        zone = zone_of(self.settings.timezone)
        today = local_date(wall, zone)
        known = clock_trusted is not False
        typed = parse_date(plan.expires_on or "")
        ended = plan.expires_on if known and typed is not None and typed < today else None
        turn = midnight_after(cycle_of(self.settings.plan.cycle, today)[1], zone) if known else None
        facts = self.store.facts(self._card)
        return before(facts, wall, ended=ended, left=plan.remaining_bytes, failed=data_failed, turn=turn)

    def prove(self, seen: Seen, *, at_once: bool = False) -> tuple[Proof, proving.Action] | None:
        """One look for the pending proof, if one is due, or somebody wants to know; kept before it is acted on."""
        held = self.proof()
        if held is None or not (at_once or self._news or proving.due(held, seen.now) or proving.arrived(held, seen)):
            return None
        self._news = False
        can_ask = bool(queries_for(self.settings.ask, self._imsi)) and self.settings.ask.mode != "off"
        proof, action = proving.step(
            held, replace(seen, facts=self.store.facts(held.card), can_ask=can_ask and seen.can_ask)
        )
        self.store.keep(PROOF, proof.json())
        return proof, action
