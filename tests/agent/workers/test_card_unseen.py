"""A card that was not read for a while is read before anything is sent: a swap that nobody tells is met there."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from agent.workers.card_gate import CARD_FIRST_S, SEEN_S, CardGate
from tests.fakes.clock import FakeClock

OURS, THEIRS = "89860400000000000001", "89860400000000000002"
SWAP_S, REGISTERED_S = 10.0, 4.0
"""The shortest: from out to registered, and from the moment that a new one can be read at all."""
LINK = ("7", "1", ("192.168.225.20",))


class Bench:
    """A gate behind a router's link, which never changes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.looks = 0
        self.sights = 0
        self.link = LINK
        self.gate = CardGate(self.clock, self._look, self._see, lambda _name: self.link)

    def _look(self) -> None:
        self.looks += 1

    def _see(self) -> None:
        self.sights += 1

    def know(self, card: str | None = OURS) -> None:
        assert self.gate.certain(self.clock.monotonic(), "usb0", card)

    def may_send(self) -> bool:
        """As the uplink asks: is it open, and is the sender sure?"""
        return self.gate.opens() is None and self.gate.sure()

    def see(self, card: str | None) -> bool:
        return self.gate.seen(self.clock.monotonic(), card)


@pytest.fixture
def bench() -> Bench:
    made = Bench()
    made.know()
    return made


def test_soon_after_a_look_nobody_is_asked(bench: Bench) -> None:
    bench.clock.advance(SEEN_S)
    assert bench.may_send()
    assert bench.sights == 0


def test_after_a_while_the_card_is_asked_for_once_and_the_same_one_may_go_on(bench: Bench) -> None:
    bench.clock.advance(900.0)
    assert [bench.may_send() for _ in range(3)] == [False] * 3
    assert bench.sights == 1
    assert bench.see(OURS)
    assert bench.may_send()
    assert (bench.sights, bench.looks) == (1, 0)


def test_a_number_without_its_check_digit_is_the_same_card(bench: Bench) -> None:
    bench.clock.advance(900.0)
    assert not bench.may_send()
    assert bench.see(OURS[:-1])
    assert bench.may_send()


@pytest.mark.parametrize("seen", [THEIRS, None])
def test_another_card_or_none_waits_for_a_full_look_that_began_later(bench: Bench, seen: str | None) -> None:
    before = bench.clock.monotonic()
    bench.clock.advance(900.0)
    assert not bench.may_send()
    assert not bench.see(seen)
    assert not bench.gate.certain(before, "usb0", OURS), "an older look"
    assert bench.gate.settled(0.0) is False
    bench.clock.advance(1.0)
    bench.know(THEIRS)
    assert bench.may_send()


def test_where_there_was_no_card_a_card_is_another_one() -> None:
    bench = Bench()
    bench.know(None)
    bench.clock.advance(900.0)
    assert not bench.may_send()
    assert bench.see(None), "there is still none"
    assert bench.may_send()
    bench.clock.advance(900.0)
    assert not bench.may_send()
    assert not bench.see(THEIRS)


def test_a_sight_ends_no_doubt_that_has_another_reason(bench: Bench) -> None:
    bench.clock.advance(900.0)
    assert not bench.may_send()
    bench.gate.doubt()
    assert bench.see(OURS), "it is the same; the full look is under way"
    assert not bench.may_send()
    bench.know()
    assert bench.may_send()


def test_a_sight_that_was_asked_for_before_the_doubt_is_none(bench: Bench) -> None:
    began = bench.clock.monotonic()
    bench.clock.advance(900.0)
    assert not bench.may_send()
    assert bench.gate.seen(began, OURS)
    assert not bench.may_send()


def test_a_modem_that_does_not_answer_is_waited_for_so_long_and_once(bench: Bench) -> None:
    bench.clock.advance(900.0)
    assert not bench.may_send()
    bench.clock.advance(CARD_FIRST_S - 1)
    assert not bench.may_send()
    bench.clock.advance(1.0)
    assert bench.may_send()
    bench.clock.advance(900.0)
    assert bench.may_send(), "nobody is asked in vain again before a look has its word"
    assert bench.sights == 1
    assert not bench.gate.certain(bench.clock.monotonic(), "usb0", OURS)
    bench.clock.advance(900.0)
    assert not bench.may_send()


def test_where_no_number_can_be_read_nobody_is_asked_for_it() -> None:
    bench = Bench()
    bench.clock.advance(CARD_FIRST_S)
    assert bench.may_send()
    bench.clock.advance(900.0)
    assert bench.may_send()
    assert bench.sights == 0


def test_a_modem_that_is_gone_is_told_at_once(bench: Bench) -> None:
    bench.clock.advance(900.0)
    assert not bench.may_send()
    assert bench.gate.gone()
    assert bench.may_send()
    bench.gate.doubt()
    assert not bench.gate.gone(), "its return is another matter"
    assert not bench.may_send()


def test_over_a_link_that_is_gone_no_card_pays(bench: Bench) -> None:
    bench.clock.advance(900.0)
    bench.link = ("", "", ())
    assert bench.may_send()
    assert bench.sights == 0


def test_who_may_wait_is_told_when_the_card_was_seen(bench: Bench) -> None:
    assert bench.gate.settled(0.0)
    bench.clock.advance(900.0)
    before = bench.clock.monotonic()
    assert not bench.gate.settled(3.0)
    assert bench.clock.monotonic() == before + 3.0, "no longer than that"
    assert bench.see(OURS)
    assert bench.gate.settled(3.0)
    assert bench.sights == 1


class Swaps(RuleBasedStateMachine):
    """Sights, looks, doubts and sends in any order, under a modem that says nothing of what is done to its card."""

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench()
        self.cards = 0
        self.inserted: str | None = self.new_card()
        self.taken_at = 0.0
        self.named: str | None = None
        """What the last word on the disk says."""
        self.look: tuple[float, str | None] | None = None
        """One that is under way: when it began, what it has read by now."""
        self.sight: float | None = None
        self.answered = 0
        self.closed_at: float | None = self.now
        """Since when a word is waited for; None: it came, or the wait was over."""
        self.in_vain = False
        """The wait was over, and no word came since."""

    @property
    def now(self) -> float:
        return self.bench.clock.monotonic()

    def new_card(self) -> str:
        self.cards += 1
        return f"898604{self.cards:014d}"

    @rule(seconds=st.sampled_from([0.5, 2.0, SEEN_S, 7.0, 30.0, CARD_FIRST_S, 900.0]))
    def time_goes_by(self, seconds: float) -> None:
        self.bench.clock.advance(seconds)

    @precondition(lambda self: self.inserted is not None)
    @rule()
    def the_card_is_taken_out(self) -> None:
        self.inserted, self.taken_at = None, self.now

    @precondition(lambda self: self.inserted is None)
    @rule(another=st.booleans())
    def a_card_is_put_in(self, another: bool) -> None:
        self.bench.clock.advance(max(REGISTERED_S, self.taken_at + SWAP_S - self.now))
        self.inserted = self.new_card() if another else f"898604{self.cards:014d}"

    @precondition(lambda self: self.inserted is not None)
    @rule()
    def the_card_is_swapped(self) -> None:
        self.the_card_is_taken_out()
        self.a_card_is_put_in(another=True)

    @rule()
    def the_modem_says_something(self) -> None:
        self.bench.gate.doubt()
        self.in_vain = False
        self.closed_at = self.now if self.closed_at is None else self.closed_at

    @rule()
    def a_look_begins(self) -> None:
        self.look = (self.now, self.inserted)

    @precondition(lambda self: self.look is not None)
    @rule()
    def the_look_is_on_the_disk(self) -> None:
        assert self.look is not None
        (began, card), self.look = self.look, None
        self.named = card
        if self.bench.gate.certain(began, "usb0", card) or self.bench.gate.opens() is None:
            self.closed_at, self.in_vain = None, False

    @rule()
    def it_is_looked_at(self) -> None:
        self.a_look_begins()
        self.the_look_is_on_the_disk()

    @precondition(lambda self: self.sight is None and self.bench.sights > self.answered)
    @rule()
    def the_modem_is_asked(self) -> None:
        self.sight, self.answered = self.now, self.bench.sights

    @precondition(lambda self: self.sight is not None)
    @rule()
    def the_modem_answers(self) -> None:
        assert self.sight is not None
        began, self.sight = self.sight, None
        self.bench.gate.seen(began, self.inserted)
        if self.bench.gate.opens() is None:
            self.closed_at, self.in_vain = None, False

    @rule()
    def something_is_to_be_sent(self) -> None:
        if not self.bench.may_send():
            self.closed_at = self.now if self.closed_at is None else self.closed_at
            return
        if self.closed_at is not None:
            assert self.now >= self.closed_at + CARD_FIRST_S, "a word was waited for"
            self.closed_at, self.in_vain = None, True
        assert self.inserted in (None, self.named) or self.in_vain, "no byte on a card that is not named"

    @invariant()
    def no_wait_is_longer_than_it_may_be(self) -> None:
        opens = self.bench.gate.opens()
        assert opens is None or opens <= self.now + CARD_FIRST_S


TestSwaps = Swaps.TestCase
TestSwaps.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
