"""A fleet's renewals as a machine: clerks who press twice, a carrier that books late, never or for the wrong card,
cards that are swapped, the watch at any moment. Whatever happens: nobody is renewed twice for a period, what is proved
was booked and works, money and states add up.
"""

import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from central.renewals import rules
from central.renewals.records import Renewal
from central.renewals.worklist import ladder
from central.store.base import StoreRefused
from central.store.sqlite import SqliteStore
from tests.central.renewals.desk_helpers import CARDS, Fleet, carrier_end, proof, wait

TERMINALS = 3
numbers = st.integers(0, TERMINALS - 1)


class Desk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = SqliteStore(Path(self.folder.name) / "central.db")
        self.fleet = Fleet(self.store, TERMINALS)
        self.keys = 0
        self.paid = Decimal(0)
        self.booked: set[str] = set()
        """Cards the carrier has booked a renewal for."""
        self.inside = {number: CARDS[number] for number in range(TERMINALS)}

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def renewals(self) -> list[Renewal]:
        return wait(self.fleet.office.book.renewals())

    @rule(chosen=st.sets(numbers, min_size=1), twice=st.booleans())
    def make_a_batch(self, chosen: set[int], twice: bool) -> None:
        self.keys += 1
        dues = [one for one in self.fleet.dues(400) if one.holding.terminal in {f"t-{number}" for number in chosen}]
        for _ in range(1 + twice):
            try:
                wait(self.fleet.office.book.make(f"batch-{self.keys:04}", "", dues, self.fleet.who))
            except StoreRefused:
                assert not dues or any(one.open for one in dues) or self._was_renewed(dues)

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(1, 9))
    def order(self, which: int) -> None:
        try:
            wait(self.fleet.office.book.order(f"batch-{which:04}", "", self.fleet.who))
        except StoreRefused:
            return

    @precondition(lambda self: self.keys)
    @rule(which=st.integers(1, 9), twice=st.booleans(), amount=st.integers(1, 200))
    def pay(self, which: int, twice: bool, amount: int) -> None:
        self.keys += 1
        paid = 0
        for _ in range(1 + twice):
            try:
                paid += wait(
                    self.fleet.office.book.pay(f"batch-{which:04}", f"payment-{self.keys}", str(amount), self.fleet.who)
                )
            except StoreRefused:
                break
        self.paid += amount if paid else 0

    @rule(number=numbers)
    def the_carrier_books(self, number: int) -> None:
        """Late, or before anybody paid: for the card, wherever it is."""
        self.booked.add(CARDS[number])

    @rule(number=numbers, other=st.booleans())
    def the_card_is_swapped(self, number: int, other: bool) -> None:
        self.inside[number] = CARDS[5] if other else CARDS[number]

    @rule(number=numbers, works=st.booleans(), proves=st.booleans())
    def the_terminal_speaks(self, number: int, works: bool, proves: bool) -> None:
        card = self.inside[number]
        good = works and card in self.booked
        changes = []
        if card in self.booked:
            changes.append(carrier_end("2027-12-01", self.fleet.now))
        if proves:
            state, reason = ("proved", "word_and_data") if good else ("failed", "not_confirmed")
            changes.append(proof(card, state, reason))
        verdict = "ok" if works else "data.no_session"
        self.fleet.say(f"t-{number}", *changes, verdict=verdict, iccid=card)

    @rule(days=st.sampled_from([0.01, 0.5, 1, 4, 8]))
    def time_passes(self, days: float) -> None:
        self.fleet.later(days)

    @rule()
    def the_watch_looks(self) -> None:
        self.fleet.follow()
        self.fleet.fold()

    @rule(which=st.integers(0, 9))
    def withdraw(self, which: int) -> None:
        rows = self.renewals()
        if rows:
            one = rows[which % len(rows)]
            try:
                wait(self.fleet.office.book.void(one.id, "", self.fleet.who))
            except StoreRefused:
                assert not rules.may_move(one.state, "void")

    def _was_renewed(self, dues: list[object]) -> bool:
        return any(one.state != "void" for one in self.renewals()) and bool(dues)

    @invariant()
    def nothing_is_renewed_twice(self) -> None:
        alive = [(one.iccid, one.why, one.period) for one in self.renewals() if one.state != "void"]
        assert len(alive) == len(set(alive))
        open_ = [one.iccid for one in self.renewals() if one.state in rules.OPEN]
        assert len(open_) == len(set(open_))

    @invariant()
    def every_ladder_is_the_same(self) -> None:
        looked_at = ladder(wait(self.fleet.office.worklist(3660)))
        assert wait(self.fleet.office.ladder()) == {rung: n for rung, n in looked_at.items() if rung != "later"}

    @invariant()
    def what_is_proved_was_booked_and_paid(self) -> None:
        for one in self.renewals():
            assert one.state != "proved" or (one.iccid in self.booked and one.paid_at is not None)
            assert one.state not in rules.WATCHED or one.paid_at is not None

    @invariant()
    def money_adds_up(self) -> None:
        assert sum((one.amount or Decimal(0) for one in self.renewals()), Decimal(0)) == self.paid


def test_whatever_happens_nothing_is_renewed_twice() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Desk, settings=settings(max_examples=25, stateful_step_count=30, deadline=None)
    )
