"""Did the renewal work? Proved by the terminal itself, or failed with a reason, or still pending. Pure.

- Two things prove it together: a word of the carrier or the centre that is newer than the question and better than
  what was known before (a later end, more money, data again), and data that flows now, to the payment host where one
  is configured. Neither alone is enough: carriers announce before they switch, and old sessions live on.
- Bytes that the card's counters received prove data beside such a word, where no probe says otherwise; alone they do
  not, for a walled garden sends bytes too.
- Where a card cannot be asked and nobody tells, data that flows again after it had failed is the proof.
- A word about another card, or another card in the slot, proves nothing: that is a failure at once.
- The carrier's receipt is often there before somebody says that he paid: an end or money told within the day before
  counts, measured against what was known before that. Data left does not: it comes anew with every cycle, paid or not.
- After a suspension a modem may keep the network's refusal until it is switched off (24.301 clause 5.5.1.2.5, causes 3,
  7, 8): then the radio is cycled, if that is allowed and no payment holds the line.
- A new word about the card, and data that comes back after the word, are looked at when they come: no wait of hours
  stands between the payment and its proof.
- Time is what passed between looks, at most a few hours for one gap: a clock that jumps neither proves nor fails. While
  the clock is known to be wrong no word counts; when it is right, the beginning is dated by the time that passed.
"""

from dataclasses import asdict, field, replace
from datetime import UTC
from typing import Any, Literal

from agent.plan.calendar import local_date, parse_date
from agent.plan.facts import amount, best, day, number
from agent.sample.base import PlanFact
from modem.frozen import dataclass
from modem.iccid import same_card

State = Literal["pending", "proved", "failed"]
Action = Literal["none", "ask", "look", "cycle_radio"]
Reason = Literal[
    "started",
    "no_word",
    "word_not_better",
    "no_data",
    "needs_radio_cycle",
    "held",
    "not_attached",
    "payment_host",
    "word_and_data",
    "data_again",
    "wrong_card",
    "not_confirmed",
    "no_card",
]

Word = Literal["better", "not_better"]
DataSeen = Literal["probe", "received"]
"""A probe got through; the card's counters grew."""

_WAITS_FOR_DATA: tuple[Reason, ...] = ("no_data", "not_attached", "needs_radio_cycle", "held")

TRIES_S = (0.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0)
"""Waits between looks; the last one goes on."""
PATIENCE_S = 120 * 3600.0
"""Platforms take up to three working days after the order; a weekend may lie between."""
RECEIPT_S = 24 * 3600.0
"""So long before the beginning a receipt may have come."""
LONGEST_GAP_S = 6 * 3600.0
RADIO_GAP_S = 1800.0
MAX_RADIO = 3
STAMP_SLACK_S = 300.0
"""Networks' clocks and ours differ by minutes."""
TRUSTED = ("centre", "carrier_ussd", "carrier_sms")


@dataclass(frozen=True, slots=True)
class Before:
    """What was known when proving began; None = not known."""

    expires_on: str | None = None
    balance: str | None = None
    remaining_bytes: int | None = None
    data_failed: bool = False
    cycle_ends_at: float | None = None
    """Wall seconds; data left that is told later may be the next cycle's."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Kept through restarts as JSON."""

    card: str
    started_at: float
    """Wall seconds."""
    before: Before = field(default_factory=Before)
    expected: str | None = None
    """The new end that was bought, ISO, where somebody said."""
    cycle_radio: bool = False
    state: State = "pending"
    reason: Reason = "started"
    tries: int = 0
    spent_s: float = 0.0
    seen_at: float | None = None
    due_in_s: float = 0.0
    """From `seen_at` on."""
    radio_cycles: int = 0
    radio_ago_s: float = RADIO_GAP_S
    no_data_looks: int = 0
    dated: bool = True
    """False: the clock was known to be wrong when it began, and has not been right since."""
    words: tuple[PlanFact, ...] = ()
    """The evidence: what was said since that is better than before …"""
    data: DataSeen | None = None
    """… and how data was seen to flow."""

    def json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Seen:
    """One look. None = not known."""

    now: float
    """Wall seconds."""
    card: str | None
    facts: tuple[PlanFact, ...] = ()
    """Words about this card, from any source and time."""
    attached: bool | None = None
    flows: bool | None = None
    """Data passes (any target)."""
    received: bool = False
    """The card's counters received what is worth calling traffic since the look before."""
    payment: bool | None = None
    """The payment host was reached; None: none configured, or not tried."""
    can_ask: bool = False
    held: bool = False
    """A payment holds the line: nothing is cycled."""
    clock_trusted: bool | None = True


def begin(
    card: str,
    now: float,
    before: Before,
    *,
    expected: str | None = None,
    cycle_radio: bool = False,
    clock_trusted: bool | None = True,
) -> Proof:
    return Proof(card, now, before, expected, cycle_radio, dated=clock_trusted is not False)


def due(proof: Proof, now: float) -> bool:
    """Is it time for the next look? A clock that went back makes it due."""
    if proof.state != "pending":
        return False
    return proof.seen_at is None or not 0 <= now - proof.seen_at < proof.due_in_s


def arrived(proof: Proof, seen: Seen) -> bool:
    """The word was there before, and now the data that it waited for is too: no reason to wait for the next look."""
    return proof.state == "pending" and proof.reason in _WAITS_FOR_DATA and _data(seen, "better")


def still_answers(proof: Proof, now: float, expected: str | None) -> bool:
    """Is this proved one the answer to who asks now, perhaps for a named end? Not to who paid again the day after."""
    if proof.seen_at is None or not 0 <= now - proof.seen_at < RECEIPT_S:
        return False
    ends = [proof.expected, *(word.value for word in proof.words if word.fact == "expires_on")]
    return expected is None or any(end is not None and end >= expected for end in ends)


def step(proof: Proof, seen: Seen) -> tuple[Proof, Action]:
    """One look taken in; the proof as it stands after it, and what to do before the next."""
    if proof.state != "pending":
        return proof, "none"
    proof = _passed(_on_time(proof, seen), seen.now)
    if seen.card is not None and not same_card(seen.card, proof.card):
        return replace(proof, state="failed", reason="wrong_card"), "none"
    word, better = heard(proof, seen.facts)
    proof = replace(proof, words=better)
    data = _data(seen, word)
    if data and (word == "better" or _came_back(proof, word, seen)):
        reason: Reason = "word_and_data" if word == "better" else "data_again"
        return replace(proof, state="proved", reason=reason, data="probe" if seen.flows else "received"), "none"
    proof = replace(proof, reason=_reason(word, seen))
    if proof.spent_s >= PATIENCE_S:
        last: Reason = proof.reason if word == "better" else "not_confirmed"
        return replace(proof, state="failed", reason=last), "none"
    return _onward(proof, seen, word)


def heard(proof: Proof, facts: tuple[PlanFact, ...]) -> tuple[Word | None, tuple[PlanFact, ...]]:
    """Did carrier or centre say that it is better than before, and the words that do. None: they said nothing."""
    if not proof.dated:
        return None, ()
    words = best(fact for fact in facts if fact.source in TRUSTED and _is_new(proof, fact))
    answers = {"expires_on": _later_end(proof, words.get("expires_on"))}
    if proof.expected is None:
        answers["balance"] = _more_money(proof, words.get("balance"))
        answers["remaining_bytes"] = _data_again(proof, words.get("remaining_bytes"))
    better = tuple(words[name] for name, answer in answers.items() if answer)
    return "better" if better else "not_better" if False in answers.values() else None, better


def proof_from(value: dict[str, Any] | None) -> Proof | None:
    """What `Proof.json` made; None when it cannot be read."""
    if value is None:
        return None
    try:
        words = tuple(PlanFact(**word) for word in value.get("words", ()))
        proof = Proof(**{**value, "before": Before(**value["before"]), "words": words})
    except (TypeError, KeyError):
        return None
    numbers = (proof.started_at, proof.spent_s, proof.due_in_s, proof.radio_ago_s, proof.tries, proof.radio_cycles)
    good = all(isinstance(value_, int | float) for value_ in numbers) and isinstance(proof.card, str)
    return proof if good and proof.state in ("pending", "proved", "failed") else None


def _data(seen: Seen, word: Word | None) -> bool:
    """Does the card carry data now, as far as it takes for a proof?"""
    flows = seen.flows is True or (seen.flows is None and seen.received and word == "better")
    return seen.card is not None and flows and seen.attached is not False and seen.payment is not False


def _came_back(proof: Proof, word: Word | None, seen: Seen) -> bool:
    """Nobody says anything, and nobody can be asked: then data that had failed speaks for itself."""
    return word is None and proof.before.data_failed and not seen.can_ask


def _is_new(proof: Proof, fact: PlanFact) -> bool:
    if fact.at is None:
        return False
    return fact.at >= proof.started_at - (STAMP_SLACK_S if fact.fact == "remaining_bytes" else RECEIPT_S)


def _on_time(proof: Proof, seen: Seen) -> Proof:
    """The beginning by the clock as it is now, where the one that it was noted by was wrong."""
    wrong = not proof.dated or seen.now < proof.started_at - STAMP_SLACK_S
    if not wrong or not seen.clock_trusted:
        return proof
    began = seen.now - proof.spent_s - proof.due_in_s
    return replace(proof, started_at=began, seen_at=seen.now, dated=True)


def _passed(proof: Proof, now: float) -> Proof:
    gap = 0.0 if proof.seen_at is None else min(max(0.0, now - proof.seen_at), LONGEST_GAP_S)
    wait = TRIES_S[min(proof.tries + 1, len(TRIES_S) - 1)]
    return replace(
        proof,
        spent_s=proof.spent_s + gap,
        seen_at=now,
        tries=proof.tries + 1,
        due_in_s=wait,
        radio_ago_s=proof.radio_ago_s + gap,
    )


def _reason(word: Word | None, seen: Seen) -> Reason:
    if seen.card is None:
        return "no_card"
    if word is None:
        return "no_word"
    if word == "not_better":
        return "word_not_better"
    if seen.attached is False:
        return "not_attached"
    return "payment_host" if seen.flows and seen.payment is False else "no_data"


def _onward(proof: Proof, seen: Seen, word: Word | None) -> tuple[Proof, Action]:
    if word != "better":
        return proof, "ask" if seen.can_ask and seen.card is not None else "look"
    failing = seen.attached is False or seen.flows is False
    proof = replace(proof, no_data_looks=proof.no_data_looks + 1 if failing else 0)
    if not failing or proof.no_data_looks < 2:
        return proof, "look"
    if not proof.cycle_radio or proof.radio_cycles >= MAX_RADIO:
        return replace(proof, reason="needs_radio_cycle" if not proof.cycle_radio else proof.reason), "look"
    if seen.held:
        return replace(proof, reason="held", due_in_s=min(proof.due_in_s, TRIES_S[1])), "look"
    if proof.radio_ago_s < RADIO_GAP_S:
        return proof, "look"
    again = replace(proof, radio_cycles=proof.radio_cycles + 1, radio_ago_s=0.0, due_in_s=TRIES_S[1])
    return again, "cycle_radio"


def _later_end(proof: Proof, fact: PlanFact | None) -> bool | None:
    said = day(fact)
    if said is None:
        return None
    if proof.expected is not None:
        bought = parse_date(proof.expected)
        return bought is not None and said >= bought
    began = local_date(proof.started_at, UTC)
    return said >= began and (proof.before.expires_on is None or said.isoformat() > proof.before.expires_on)


def _more_money(proof: Proof, fact: PlanFact | None) -> bool | None:
    said = amount(fact)
    if said is None:
        return None
    before = amount(PlanFact("balance", proof.before.balance or "0", "agent"))
    return said > 0 and (before is None or said > before)


def _data_again(proof: Proof, fact: PlanFact | None) -> bool | None:
    said, ends_at = number(fact), proof.before.cycle_ends_at
    if said is None or (ends_at is not None and fact is not None and (fact.at or 0.0) >= ends_at):
        return None
    return said > (proof.before.remaining_bytes or 0)
