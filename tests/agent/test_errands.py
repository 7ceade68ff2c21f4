"""The desk's errands: asked once, answered later, read from the inbox, a renewal proved; with a fake carrier."""

from collections.abc import Iterable, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from agent.errands import INBOX_S, Errands, Heard
from agent.plan.ask_run import Message, Said
from agent.plan.asking import AskSettings
from agent.plan.desk import Desk, DeskSettings
from agent.plan.plan import PlanSettings
from agent.plan.renewal import Proof
from agent.plan.store import PlanStore, PlanStoreError
from agent.sample.base import ClockView, DataView, PlanFact, Reach, SimView, Snapshot
from agent.workers.orders import LookNow, Order, UseModem
from modem.errors import PortBusy, PortLost
from tests.fakes.clock import FakeClock
from tests.fakes.snapshots import but, healthy

CARD, OTHER = "89860000000000000001", "89860400000000000002"
IMEI = "867698040123450"


def read(
    text: str, sender: str | None, at: float | None, way: Literal["carrier_sms", "carrier_ussd"]
) -> list[PlanFact]:
    """ "END 2027-11-30" and "BALANCE 5.00" are what this carrier writes."""
    word, _, value = text.partition(" ")
    names: dict[str, Any] = {"END": "expires_on", "BALANCE": "balance"}
    return [PlanFact(names[word], value, way, at, text)] if word in names and sender in (None, "10086") else []


@dataclass
class Carrier:
    """Both ways to it, and what it would say."""

    inbox: list[Message] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    broken: bool = False

    def ussd(self, code: str) -> Said:
        self.sent.append(code)
        return Said("BALANCE 5.00")

    def send(self, number: str, text: str) -> bool:
        if self.broken:
            raise PortLost("gone")
        self.sent.append(f"{number}:{text}")
        return True

    def messages(self) -> Iterable[Message]:
        return list(self.inbox)


class Bench:
    """Main thread and modem's thread in one, looks by hand."""

    def __init__(self, store: PlanStore, ask: AskSettings | None = None) -> None:
        self.clock, self.carrier = FakeClock(wall_now=1_795_284_000.0), Carrier()
        self.desk = Desk(DeskSettings("shop", plan=PlanSettings(), ask=ask or AskSettings()), store)
        self.orders: list[Order] = []
        self.proofs: list[Proof] = []
        self.held = False
        self.errands = Errands(
            self.desk,
            self.take,
            self.clock,
            self.hear,
            lambda: self.held,
            self.proofs.append,
            lambda _modem, _heed: self.carrier,  # type: ignore[arg-type,return-value]
            nullcontext(read),
        )
        self.snapshot = healthy()

    def take(self, order: Order) -> bool:
        self.orders.append(order)
        return True

    def hear(self, heard: Heard) -> None:
        self.errands.heard(heard)

    def look(self, passed: float = 60.0) -> None:
        self.clock.advance(passed)
        snapshot = self.snapshot
        sim = self.desk.see(snapshot.sim, snapshot.modem.imei, "cmnet", self.clock.wall())
        stands = self.desk.stand(None, self.clock.wall(), self.clock.monotonic(), snapshot.clock, sim.iccid)
        self.snapshot = replace(snapshot, sim=sim, plan=stands.plan)
        self.errands.turn(self.snapshot)
        self.work()

    def work(self) -> None:
        """The modem's thread does what was posted."""
        for order in [order for order in self.orders if isinstance(order, UseModem)]:
            self.orders.remove(order)
            try:
                order.done(order.work(None, lambda _: None))  # type: ignore[arg-type]
            except PortLost as lost:
                order.done(lost)

    def known(self) -> dict[str, str]:
        return {fact.fact: fact.value for fact in self.desk.store.facts(CARD)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PlanStore]:
    with closing(PlanStore(tmp_path / "plan.db")) as opened:
        yield opened


@pytest.fixture
def bench(store: PlanStore) -> Bench:
    return Bench(store)


def answer(bench: Bench, text: str, sender: str = "10086") -> None:
    bench.carrier.inbox.append(Message(sender, text, bench.clock.wall()))


def test_the_carrier_is_asked_once_a_day_and_its_answer_is_a_fact(bench: Bench) -> None:
    bench.look()
    assert bench.carrier.sent == ["10086:CXLL"]
    answer(bench, "BALANCE 7.50")
    for _ in range(20):
        bench.look()
    assert bench.known() == {"balance": "7.50"}
    assert bench.carrier.sent == ["10086:CXLL"]
    assert bench.desk.store.asked(CARD)[-1].outcome == "answered"
    bench.look(86_400)  # the inbox was due as well, and goes first
    bench.look()
    assert len(bench.carrier.sent) == 2


def test_silence_is_noted_and_alarms_nobody(bench: Bench) -> None:
    for _ in range(15):
        bench.look()
    assert bench.desk.store.asked(CARD)[-1].outcome == "no_answer"
    assert bench.desk.waiting() is None


def test_a_restart_does_not_ask_again_and_still_hears_the_answer(bench: Bench, store: PlanStore) -> None:
    bench.look()
    answer(bench, "BALANCE 7.50")
    second = Bench(store)
    second.clock, second.errands.clock = bench.clock, bench.clock
    second.carrier.inbox = bench.carrier.inbox
    second.look()
    assert second.carrier.sent == []
    assert second.known() == {"balance": "7.50"}


def test_a_port_that_is_lost_while_asking_counts_as_asked(bench: Bench) -> None:
    bench.carrier.broken = True
    bench.look()
    bench.look()
    assert [asked.outcome for asked in bench.desk.store.asked(CARD)] == ["no_answer"]


@pytest.mark.parametrize(
    "change",
    [
        {"sim__state": "busy"},
        {"network__registration": "searching"},
        {"network__registration": "roaming"},
        {"clock": ClockView(trusted=False)},
        {"clock": ClockView()},
    ],
)
def test_nothing_is_asked_when_it_might_fail_or_cost(bench: Bench, change: dict[str, Any]) -> None:
    bench.snapshot = but(bench.snapshot, **change)
    bench.look()
    assert bench.carrier.sent == []


def test_nothing_is_asked_while_a_payment_holds_the_line(bench: Bench) -> None:
    bench.held = True
    bench.look()
    assert bench.carrier.sent == []


def test_a_strange_card_is_not_asked(bench: Bench) -> None:
    bench.look()
    bench.snapshot = but(bench.snapshot, sim=SimView("ready", OTHER, "460040000000002"))
    for _ in range(20):
        bench.look(20_000)
    assert bench.carrier.sent == ["10086:CXLL"]


def test_what_the_carrier_writes_by_itself_is_read_from_the_inbox(store: PlanStore) -> None:
    bench = Bench(store, AskSettings("off"))
    answer(bench, "END 2027-11-30")
    answer(bench, "BALANCE 9.00", "13800000000")
    bench.look()
    assert bench.known() == {}
    bench.look(61)
    assert bench.known() == {"expires_on": "2027-11-30"}
    answer(bench, "BALANCE 1.00")
    bench.look(INBOX_S / 2)
    assert "balance" not in bench.known()
    bench.look(INBOX_S / 2)
    assert bench.known()["balance"] == "1.00"


def test_what_the_modem_keeps_of_another_card_s_messages_is_not_about_this_one(store: PlanStore) -> None:
    bench = Bench(store, AskSettings("off"))
    bench.look()
    bench.carrier.inbox.append(Message("10086", "END 2026-11-01", bench.clock.wall(), on_card=False))
    bench.carrier.inbox.append(Message("10086", "BALANCE 3.00", bench.clock.wall()))
    bench.clock.advance(86_400)
    bench.snapshot = replace(bench.snapshot, sim=replace(bench.snapshot.sim, iccid=OTHER))
    bench.look(61)
    assert {fact.fact for fact in store.facts(OTHER)} == {"balance"}
    bench.carrier.inbox.append(Message("10086", "END 2027-11-30", bench.clock.wall(), on_card=False))
    bench.look(INBOX_S)
    assert {fact.value for fact in store.facts(OTHER)} == {"3.00", "2027-11-30"}


def test_a_message_that_comes_is_read_with_the_next_look(store: PlanStore) -> None:
    bench = Bench(store, AskSettings("off"))
    bench.look()
    bench.look(61)
    answer(bench, "BALANCE 1.00")
    bench.look(60)
    assert bench.known() == {}
    bench.errands.mail()
    bench.look(2)
    assert bench.known()["balance"] == "1.00"


def test_the_centre_s_wish_shortens_the_day_to_six_hours(bench: Bench) -> None:
    bench.look()
    answer(bench, "BALANCE 7.50")
    bench.look(60)
    bench.look(60)
    bench.errands.ask_soon()
    bench.look(7 * 3600 - 400)
    bench.look(60)
    assert len(bench.carrier.sent) == 2


def failing(snapshot: Snapshot) -> Snapshot:
    return but(snapshot, data=DataView(attached=True), reach=(Reach("internet", ok=False), Reach("centre", ok=False)))


def expired(bench: Bench) -> None:
    bench.desk.see(bench.snapshot.sim, IMEI, None, bench.clock.wall())
    bench.desk.hear([PlanFact("expires_on", "2026-11-10", "centre", bench.clock.wall() - 9e6)], 0.0)
    bench.snapshot = failing(bench.snapshot)
    bench.desk.verify(bench.snapshot.plan, bench.clock.wall(), data_failed=True, cycle_radio=True)


def test_a_renewal_is_proved_by_the_carrier_s_word_and_by_data(bench: Bench) -> None:
    expired(bench)
    bench.look(1)
    assert bench.proofs[-1].reason == "no_word"
    assert bench.carrier.sent == ["10086:CXLL"]
    answer(bench, "END 2027-11-10")
    bench.look(60)
    bench.look(400)
    assert (bench.proofs[-1].state, bench.proofs[-1].reason) == ("pending", "no_data")
    bench.snapshot = but(bench.snapshot, data=healthy().data, reach=healthy().reach)
    for _ in range(30):
        bench.look(300)
    assert (bench.proofs[-1].state, bench.proofs[-1].reason) == ("proved", "word_and_data")
    assert bench.desk.proof() is None


def test_asked_again_a_proof_goes_on_or_is_shown_and_only_a_failed_one_is_tried_anew(bench: Bench) -> None:
    bench.look()
    wall = bench.clock.wall()
    assert bench.desk.go_on(wall, None, cycle_radio=False) is None
    bench.desk.verify(bench.snapshot.plan, wall, data_failed=True)
    held = bench.desk.go_on(wall, "2027-11-30", cycle_radio=True)
    assert held is not None
    assert (held.started_at, held.expected, held.cycle_radio) == (wall, "2027-11-30", True)
    for state, shown in (("proved", True), ("failed", False)):
        bench.desk.store.keep("proof", replace(held, state=state, seen_at=wall).json())
        assert (bench.desk.go_on(wall, None, cycle_radio=False) is not None) is shown


def test_a_new_word_is_looked_at_when_it_comes(bench: Bench) -> None:
    expired(bench)
    for _ in range(12):
        bench.look(3600)  # by now the schedule looks every six hours
    bench.snapshot = but(bench.snapshot, data=healthy().data, reach=healthy().reach)
    bench.look(60)
    assert bench.proofs[-1].state == "pending"
    bench.desk.hear([PlanFact("expires_on", "2027-11-10", "centre", bench.clock.wall())], 0.0)
    bench.look(60)
    assert (bench.proofs[-1].state, bench.proofs[-1].reason) == ("proved", "word_and_data")


def test_payment_hosts_that_do_not_answer_leave_it_pending(bench: Bench) -> None:
    expired(bench)
    bench.clock.advance(60)
    answer(bench, "END 2027-11-10")
    ways = (Reach("centre", ok=True), Reach("internet", ok=False, problem="payment"))
    bench.snapshot = but(bench.snapshot, data=healthy().data, reach=ways)
    for _ in range(10):
        bench.look(300)
    assert (bench.proofs[-1].state, bench.proofs[-1].reason) == ("pending", "payment_host")


def test_each_change_of_a_proof_is_told_once(bench: Bench) -> None:
    expired(bench)
    for _ in range(50):
        bench.look(600)
    told = [(proof.state, proof.reason) for proof in bench.proofs]
    assert len(told) == len(set(told))


def test_another_card_fails_the_proof(bench: Bench) -> None:
    expired(bench)
    bench.snapshot = but(bench.snapshot, sim=SimView("ready", OTHER, "460040000000002"))
    bench.look(1)
    assert (bench.proofs[-1].state, bench.proofs[-1].reason) == ("failed", "wrong_card")


def test_one_who_takes_no_such_orders_is_not_asked_again_that_day(bench: Bench) -> None:
    orders: list[UseModem] = []

    def refuse(order: Order) -> bool:
        assert isinstance(order, UseModem)
        orders.append(order)
        order.done(PortBusy("raw commands are not offered", "ModemManager"))
        return True

    bench.errands.post = refuse
    for _ in range(30):
        bench.look(600)
    assert len(orders) == 1


def test_a_disk_that_refuses_stops_no_look(bench: Bench, store: PlanStore) -> None:
    bench.look()
    store.close()
    bench.errands.turn(bench.snapshot)
    with pytest.raises(PlanStoreError):
        store.facts(CARD)


def test_looks_that_a_proof_wants_are_ordered(bench: Bench) -> None:
    expired(bench)
    bench.desk.settings = replace(bench.desk.settings, ask=AskSettings("off"))
    bench.look(1)
    assert LookNow("deep") in bench.orders
