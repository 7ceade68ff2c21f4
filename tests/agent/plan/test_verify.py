"""Proof of a renewal, with a carrier that confirms late, never, or for the wrong card."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agent.plan.proof import MAX_RADIO, PATIENCE_S, arrived, due, step, still_answers
from agent.plan.renewal import RADIO_GAP_S, Before, Proof, Seen, begin, proof_from
from agent.sample.base import PlanFact

NOW = 1_795_000_000.0
CARD, OTHER = "89860000000000000001", "89860000000000000002"
EXPIRED = Before("2026-11-10", "0.00", 0, data_failed=True)
PROOF = begin(CARD, NOW, EXPIRED)
RENEWED = PlanFact("expires_on", "2027-11-10", "carrier_sms", NOW + 60)


def seen(
    *facts: PlanFact, at: float = 100.0, flows: bool | None = True, card: str | None = CARD, **more: bool | None
) -> Seen:
    told = Seen(NOW + at, card, facts, True, flows)
    return replace(told, **more)  # type: ignore[arg-type]


def test_a_new_end_and_data_prove_it() -> None:
    proof, action = step(PROOF, seen(RENEWED))
    assert (proof.state, proof.reason, action) == ("proved", "word_and_data", "none")
    assert (proof.words, proof.data) == ((RENEWED,), "probe")
    assert proof_from(proof.json()) == proof


@pytest.mark.parametrize(
    ("look", "reason"),
    [
        (seen(RENEWED, flows=False), "no_data"),
        (seen(RENEWED, flows=None), "no_data"),
        (seen(RENEWED, attached=False), "not_attached"),
        (seen(RENEWED, payment=False), "payment_host"),
        (seen(replace(RENEWED, value="2026-11-10")), "word_not_better"),
        (seen(replace(RENEWED, at=NOW - 2 * 86_400)), "no_word"),
        (seen(replace(RENEWED, at=None)), "no_word"),
        (seen(replace(RENEWED, source="manual")), "no_word"),
        (seen(replace(RENEWED, source="config")), "no_word"),
        (seen(RENEWED, card=None), "no_card"),
    ],
)
def test_one_half_of_the_evidence_is_pending(look: Seen, reason: str) -> None:
    proof, _ = step(PROOF, replace(look, can_ask=True))
    assert (proof.state, proof.reason) == ("pending", reason)


def test_received_bytes_are_data_beside_a_word_and_alone_are_none() -> None:
    quiet = seen(flows=None, received=True, can_ask=False)
    assert step(PROOF, replace(quiet, facts=(RENEWED,)))[0].state == "proved"
    assert step(PROOF, quiet)[0].state == "pending"
    assert step(PROOF, replace(quiet, facts=(RENEWED,), flows=False))[0].state == "pending"


def test_data_that_comes_back_after_the_word_is_not_waited_for() -> None:
    waiting, _ = step(PROOF, seen(RENEWED, flows=False))
    assert not due(waiting, NOW + 101)
    assert not arrived(waiting, seen(RENEWED, flows=False, at=101.0))
    assert arrived(waiting, seen(RENEWED, at=101.0))
    assert not arrived(PROOF, seen(RENEWED, at=101.0))
    assert not arrived(waiting, seen(RENEWED, at=101.0, payment=False))


def test_another_card_is_not_waited_for_either() -> None:
    waiting, _ = step(PROOF, seen(can_ask=True, flows=False))
    assert arrived(waiting, seen(card=OTHER, at=101.0))
    assert not arrived(waiting, seen(card=None, at=101.0))


def test_more_money_or_data_again_is_a_word_too() -> None:
    for fact in (
        PlanFact("balance", "30.00", "carrier_ussd", NOW + 9),
        PlanFact("remaining_bytes", "5", "centre", NOW + 9),
    ):
        assert step(PROOF, seen(fact))[0].state == "proved"


def test_a_receipt_that_was_there_first_counts_but_data_of_before_does_not() -> None:
    assert step(PROOF, seen(replace(RENEWED, at=NOW - 3600)))[0].state == "proved"
    left = PlanFact("remaining_bytes", "5", "carrier_sms", NOW - 3600)
    assert step(PROOF, seen(left, can_ask=True))[0].reason == "no_word"


def test_data_that_came_anew_with_the_cycle_proves_nothing() -> None:
    proof = begin(CARD, NOW, replace(EXPIRED, cycle_ends_at=NOW + 3600))
    full = PlanFact("remaining_bytes", "31457280", "carrier_sms", NOW + 3599)
    assert step(proof, seen(full, at=4000.0, can_ask=True))[0].state == "proved"
    assert step(proof, seen(replace(full, at=NOW + 3600), at=4000.0, can_ask=True))[0].reason == "no_word"


def test_while_the_clock_is_wrong_no_word_counts_and_afterwards_only_new_ones() -> None:
    proof = begin(CARD, 100.0, EXPIRED, clock_trusted=False)
    old, new = replace(RENEWED, at=NOW - 3 * 86_400), replace(RENEWED, at=NOW + 300)
    for now in (130.0, 460.0):
        proof, _ = step(proof, replace(seen(old, can_ask=True), now=now, clock_trusted=False))
    proof, _ = step(proof, replace(seen(old, can_ask=True), now=NOW + 600))
    assert (proof.state, proof.reason) == ("pending", "no_word")
    assert NOW - 1500 <= proof.started_at <= NOW + 600
    assert step(proof, seen(old, new, at=700.0, can_ask=True))[0].state == "proved"


def test_a_clock_that_was_ahead_does_not_make_every_word_an_old_one() -> None:
    proof, _ = step(begin(CARD, NOW + 70 * 365 * 86_400, EXPIRED), seen(can_ask=True))
    assert step(proof, seen(RENEWED, at=120.0))[0].state == "proved"


def test_a_named_end_is_waited_for() -> None:
    named = begin(CARD, NOW, EXPIRED, expected="2028-01-01")
    assert (
        step(named, seen(RENEWED, PlanFact("balance", "30.00", "carrier_sms", NOW + 9)))[0].reason == "word_not_better"
    )
    assert step(named, seen(replace(RENEWED, value="2028-01-01")))[0].state == "proved"


def test_another_card_in_the_slot_fails_at_once() -> None:
    proof, action = step(PROOF, seen(RENEWED, card=OTHER))
    assert (proof.state, proof.reason, action) == ("failed", "wrong_card", "none")


def test_a_card_that_cannot_be_asked_is_proved_by_data_that_came_back() -> None:
    assert step(PROOF, seen())[0].reason == "data_again"
    assert step(PROOF, seen(can_ask=True))[0].state == "pending"
    assert step(begin(CARD, NOW, Before()), seen())[0].state == "pending"


def test_the_radio_is_cycled_only_with_leave_after_two_looks_and_not_while_held() -> None:
    for leave, held, expected in ((False, False, "look"), (True, True, "look"), (True, False, "cycle_radio")):
        proof = begin(CARD, NOW, EXPIRED, cycle_radio=leave)
        proof, first = step(proof, seen(RENEWED, flows=False))
        proof, second = step(proof, seen(RENEWED, flows=False, at=4000.0, held=held))
        assert (first, second) == ("look", expected)
    assert step(PROOF, seen())[0].radio_cycles == 0


def test_nothing_is_due_once_it_is_decided() -> None:
    done = step(PROOF, seen(RENEWED))[0]
    assert not due(done, NOW + 1e6)
    assert step(done, seen(card=OTHER)) == (done, "none")


@pytest.mark.parametrize(
    ("hours", "expected", "answers"),
    [(1, None, True), (1, "2027-11-10", True), (1, "2028-11-10", False), (25, None, False), (-1, None, False)],
)
def test_what_was_proved_today_answers_who_asks_again(hours: float, expected: str | None, answers: bool) -> None:
    proved = step(PROOF, seen(RENEWED))[0]
    assert still_answers(proved, NOW + 100 + hours * 3600, expected) is answers


def test_a_proof_survives_a_restart() -> None:
    proof, _ = step(PROOF, seen(RENEWED, flows=False))
    assert proof_from(proof.json()) == proof


@given(
    st.dictionaries(st.sampled_from([*PROOF.json(), "x"]), st.none() | st.integers() | st.text(max_size=5), max_size=9)
)
def test_a_damaged_proof_is_none(value: dict[str, object]) -> None:
    assert proof_from(value) is None


class FakeCarrier(RuleBasedStateMachine):
    """It confirms when it likes, about this card or another; power, cards and the terminal's clock come and go.

    The carrier stamps what it writes with the true time; the terminal has its own, and knows, or does not, that it is
    wrong.
    """

    def __init__(self) -> None:
        super().__init__()
        self.time, self.ahead, self.trusted = NOW, 0.0, True
        self.proof: Proof = begin(CARD, NOW, EXPIRED, cycle_radio=True)
        self.card, self.paid, self.flows, self.needs_radio = CARD, False, False, False
        old = PlanFact("remaining_bytes", "99999", "carrier_sms", NOW - 10 * 86_400)
        self.said: dict[str, list[PlanFact]] = {CARD: [old], OTHER: []}
        self.cycled_at: list[float] = []
        self.ever_swapped = False

    @initialize(days=st.integers(-20_000, 20_000), wrong=st.booleans())
    def it_begins(self, days: int, wrong: bool) -> None:
        """Perhaps with the clock of a terminal whose battery is spent."""
        self.ahead, self.trusted = (days * 86_400.0, False) if wrong else (0.0, True)
        self.proof = begin(CARD, self.clock, EXPIRED, cycle_radio=True, clock_trusted=self.trusted)

    @property
    def clock(self) -> float:
        return self.time + self.ahead

    @rule(hours=st.floats(0.1, 30))
    def time_passes(self, hours: float) -> None:
        self.time += hours * 3600

    @rule(days=st.integers(-20_000, 20_000))
    def the_clock_goes_wrong(self, days: int) -> None:
        self.ahead, self.trusted = days * 86_400.0, False

    @rule()
    def the_clock_comes_right(self) -> None:
        self.ahead, self.trusted = 0.0, True

    @rule(card=st.sampled_from([CARD, OTHER]))
    def the_platform_switches_a_card_on(self, card: str) -> None:
        if card == CARD:
            self.paid = True
            self.flows = not self.needs_radio

    @rule()
    def the_modem_keeps_the_refusal(self) -> None:
        self.needs_radio, self.flows = True, False

    @rule(card=st.sampled_from([CARD, OTHER]), better=st.booleans())
    def the_carrier_writes(self, card: str, better: bool) -> None:
        end = date(2026, 11, 10) + timedelta(days=365 if better else 0)
        self.said[card].append(PlanFact("expires_on", end.isoformat(), "carrier_sms", self.time))

    @rule(card=st.sampled_from([CARD, OTHER]))
    def somebody_swaps_the_card(self, card: str) -> None:
        self.card = card

    @rule()
    def power_goes(self) -> None:
        kept = proof_from(self.proof.json())
        assert kept is not None
        self.proof = kept

    @rule(held=st.booleans(), readable=st.booleans())
    @precondition(lambda self: due(self.proof, self.clock))
    def a_look(self, held: bool, readable: bool) -> None:
        card = self.card if readable else None
        flows = self.flows and self.card == CARD
        look = Seen(self.clock, card, tuple(self.said[CARD]), True, flows, None, can_ask=True, held=held)
        self.ever_swapped |= card == OTHER
        before = self.proof
        self.proof, action = step(self.proof, replace(look, clock_trusted=self.trusted))
        if self.proof.state == "proved":
            assert flows
            assert self.proof.words
            assert all(fact.value > "2026-11-10" and fact in self.said[CARD] for fact in self.proof.words)
        if action == "cycle_radio":
            assert not held
            self.cycled_at.append(self.proof.spent_s)
            if self.paid:
                self.needs_radio, self.flows = False, True
        assert self.proof.tries == before.tries + 1

    @invariant()
    def what_is_decided_stays(self) -> None:
        if self.proof.state == "failed":
            assert self.proof.reason == "wrong_card" or self.proof.spent_s >= PATIENCE_S
            assert self.proof.reason != "wrong_card" or self.ever_swapped
        assert len(self.cycled_at) <= MAX_RADIO
        assert all(b - a >= RADIO_GAP_S for a, b in zip(self.cycled_at, self.cycled_at[1:], strict=False))
        assert self.proof.spent_s >= 0

    def teardown(self) -> None:
        """Confirmed late, with the clock right, the card in place and data flowing: then it is proved."""
        if self.proof.state != "pending" or self.proof.spent_s >= PATIENCE_S - 24 * 3600:
            return
        self.the_clock_comes_right()
        self.card, self.flows, self.needs_radio = CARD, True, False
        self.a_look(held=False, readable=True)
        self.the_carrier_writes(CARD, better=True)
        for _ in range(2):
            self.time_passes(6.5)
            if self.proof.state == "pending":
                self.a_look(held=False, readable=True)
        assert self.proof.state == "proved"


FakeCarrier.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestFakeCarrier = FakeCarrier.TestCase


def test_who_waits_long_enough_gets_an_end() -> None:
    """Never confirmed: after three days of looks it failed, and says why."""
    proof, now = PROOF, NOW
    for _ in range(60):
        if due(proof, now):
            proof, _ = step(proof, replace(seen(can_ask=True), now=now))
        now += 3600.0 * 3
    assert (proof.state, proof.reason) == ("failed", "not_confirmed")
