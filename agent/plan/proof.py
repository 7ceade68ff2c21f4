"""Did the renewal work? Proved by the terminal itself, or failed with a reason, or still pending. Pure.

- Two things prove it together: a word of the carrier or the centre that is newer than the question and better than
  what was known before (a later end, more money, data again), and data that flows now, to the payment host where one
  is configured. Neither alone is enough: carriers announce before they switch, and old sessions live on.
- Bytes that the card's counters received prove data beside such a word, where no probe says otherwise; alone they do
  not, for a walled garden sends bytes too.
- Where a card cannot be asked and nobody tells, data that flows again after it had failed is the proof.
- A word about another card, or another card in the slot, proves nothing: that is a failure at once.
- After a suspension a modem may keep the network's refusal until it is switched off (24.301 clause 5.5.1.2.5, causes 3,
  7, 8): then the radio is cycled, if that is allowed and no payment holds the line.
- A new word about the card, and data that comes back after the word, are looked at when they come: no wait of hours
  stands between the payment and its proof.
- Time is what passed between looks, at most a few hours for one gap: a clock that jumps neither proves nor fails. While
  the clock is known to be wrong no word counts; when it is right, the beginning is dated by the time that passed.
"""

from dataclasses import replace
from typing import Literal

from agent.plan.renewal import RADIO_GAP_S, Proof, Reason, Seen
from agent.plan.renewal_words import RECEIPT_S, STAMP_SLACK_S, Word, heard
from modem.iccid import same_card

Action = Literal["none", "ask", "look", "cycle_radio"]
_WAITS_FOR_DATA: tuple[Reason, ...] = ("no_data", "not_attached", "needs_radio_cycle", "held")

TRIES_S = (0.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0)
"""Waits between looks; the last one goes on."""
PATIENCE_S = 120 * 3600.0
"""Platforms take up to three working days after the order; a weekend may lie between."""
LONGEST_GAP_S = 6 * 3600.0
MAX_RADIO = 3


def due(proof: Proof, now: float) -> bool:
    """Is it time for the next look? A clock that went back makes it due."""
    if proof.state != "pending":
        return False
    return proof.seen_at is None or not 0 <= now - proof.seen_at < proof.due_in_s


def arrived(proof: Proof, seen: Seen) -> bool:
    """Something that is no reason to wait for the next look: the data that a word waited for, or another card."""
    if proof.state != "pending":
        return False
    swapped = seen.card is not None and not same_card(seen.card, proof.card)
    return swapped or (proof.reason in _WAITS_FOR_DATA and _data(seen, "better"))


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


def _data(seen: Seen, word: Word | None) -> bool:
    """Does the card carry data now, as far as it takes for a proof?"""
    flows = seen.flows is True or (seen.flows is None and seen.received and word == "better")
    return seen.card is not None and flows and seen.attached is not False and seen.payment is not False


def _came_back(proof: Proof, word: Word | None, seen: Seen) -> bool:
    """Nobody says anything, and nobody can be asked: then data that had failed speaks for itself."""
    return word is None and proof.before.data_failed and not seen.can_ask


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
