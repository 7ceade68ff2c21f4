"""The desk's book on both databases: worklist, batches, payments, proof; nothing is renewed twice."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from central.accounts.sight import Sight
from central.registry import BadValue, Who
from central.renewals.office import Office
from central.store.base import StoreRefused
from tests.central.databases import KINDS, store_of
from tests.central.renewals.desk_helpers import CARDS, Fleet, carrier_end, proof, wait

PDF = b"%PDF-1.7 invoice"
NARROW = Sight(merchants=frozenset({"m1"}))


@pytest.fixture(params=KINDS)
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    with store_of(request.param, tmp_path) as store:
        yield Fleet(store)


def test_what_ends_is_on_the_worklist_and_the_ladder(fleet: Fleet) -> None:
    dues = fleet.dues()
    assert [(one.holding.terminal, one.days_left, one.why) for one in dues] == [
        (f"t-{n}", 15, "term") for n in range(3)
    ]
    assert dues[0].order_by.isoformat() == "2026-11-26"
    assert wait(fleet.office.ladder()) == {"overdue": 0, "week": 0, "fortnight": 0, "month": 3}
    assert fleet.dues(5) == []


def test_the_terminal_s_word_goes_before_what_is_on_record(fleet: Fleet) -> None:
    fleet.say("t-0", expires_on="2026-11-20")
    fleet.say("t-1", expires_on="2028-01-01")
    fleet.fold()
    assert [(one.holding.terminal, one.days_left) for one in fleet.dues()] == [("t-0", 4), ("t-2", 15)]
    assert fleet.dues()[0].differs


def test_data_that_runs_out_first_is_why(fleet: Fleet) -> None:
    fleet.say("t-0", runs_out_on="2026-11-22", used_bytes=20_000_000, quota_bytes=30_000_000)
    fleet.fold()
    first = fleet.dues()[0]
    assert (first.why, first.period, first.days_left) == ("data", "2026-11", 6)


def test_the_rate_of_use_is_reckoned_for_a_terminal_that_does_not_forecast(fleet: Fleet) -> None:
    fleet.say("t-0", used_bytes=20_000_000, quota_bytes=30_000_000)
    fleet.fold()
    first = fleet.dues()[0]
    assert (first.why, first.data_on and first.data_on.isoformat()) == ("data", "2026-11-23")


def test_a_batch_goes_from_due_to_paid_and_the_terminals_are_asked(fleet: Fleet) -> None:
    batch = fleet.batch()
    book = fleet.office.book
    assert fleet.state() == "due"
    assert wait(book.order(batch, "A-17", fleet.who)) == 3
    assert wait(book.order(batch, "", fleet.who)) == 0
    assert wait(book.pay(batch, "pay-0001", "90.01", fleet.who, reference="wx-1")) == 3
    rows = wait(book.renewals(batch=batch))
    assert {one.state for one in rows} == {"paid"}
    assert sorted(one.amount or 0 for one in rows) == [Decimal("30.00"), Decimal("30.00"), Decimal("30.01")]
    assert {(one.price, one.expected) for one in rows} == {(Decimal("30.00"), "2027-12-01")}
    (directive,) = wait(fleet.store.directives("t-0"))
    assert (directive.kind, directive.body) == ("verify-renewal", '{"expected":"2027-12-01"}')
    found = wait(book.batch(batch))
    assert found is not None
    assert (found.reference, found.states, found.carrier) == ("A-17", (("paid", 3),), "CMCC")
    actions = [line.action for line in wait(fleet.registry.trail(kind="renewal"))]
    assert [actions.count(name) for name in ("begun", "ordered", "paid")] == [3, 3, 3]


def test_what_is_sent_twice_is_done_once(fleet: Fleet) -> None:
    batch = fleet.paid()
    dues = fleet.dues()
    assert wait(fleet.office.book.make(batch, "again", dues, fleet.who)) == batch
    assert wait(fleet.office.book.pay(batch, f"pay-{batch}", "90.00", fleet.who)) == 0
    assert len(wait(fleet.office.book.payments(batch))) == 1
    assert len(wait(fleet.store.directives("t-0"))) == 1
    with pytest.raises(StoreRefused, match="waits to be paid"):
        wait(fleet.office.book.pay(batch, "another-key", "90.00", fleet.who))


def test_a_card_is_never_in_two_batches(fleet: Fleet) -> None:
    dues = fleet.dues()
    wait(fleet.office.book.make("batch-0001", "", dues[:1], fleet.who))
    with pytest.raises(StoreRefused, match="being renewed already"):
        wait(fleet.office.book.make("batch-0002", "", dues, fleet.who))
    assert [one.id for one in wait(fleet.office.book.batches())] == ["batch-0001"]
    assert wait(fleet.office.book.renewals(terminal="t-1")) == []


def test_two_clerks_at_once_make_one_renewal(fleet: Fleet) -> None:
    dues = fleet.dues()

    async def both() -> list[Any]:
        book = fleet.office.book
        makes = [book.make(f"batch-000{n}", "", dues, Who(f"clerk-{n}", fleet.now)) for n in range(4)]
        return await asyncio.gather(*makes, return_exceptions=True)

    done = wait(both())
    assert sum(isinstance(one, str) for one in done) == 1
    assert len(wait(fleet.office.book.renewals())) == 3


def test_the_terminal_s_proof_proves(fleet: Fleet) -> None:
    fleet.paid()
    fleet.later(0.1)
    fleet.say("t-0", proof(CARDS[0]), expires_on="2027-12-01")
    fleet.say("t-1", proof(CARDS[1], "pending", "no_word"))
    assert fleet.follow() == {"proved": 1, "pending": 1}
    assert fleet.follow() == {}
    card = wait(fleet.registry.card(CARDS[0]))
    assert card is not None
    assert card.expires_on == "2027-12-01"
    assert [one.holding.terminal for one in fleet.dues()] == ["t-1", "t-2"]
    with pytest.raises(StoreRefused, match="cannot become"):
        wait(fleet.office.book.void(wait(fleet.office.book.renewals(terminal="t-0"))[0].id, "", fleet.who))


def test_the_carrier_s_word_and_data_prove_where_the_agent_cannot(fleet: Fleet) -> None:
    fleet.paid()
    fleet.later(0.1)
    fleet.say("t-0", carrier_end("2027-12-01", fleet.now))
    fleet.say("t-1", carrier_end("2027-12-01", fleet.now), verdict="data.no_session")
    fleet.say("t-2", carrier_end("2027-12-01", fleet.now - 30 * 86_400))
    fleet.follow()
    assert [fleet.state(f"t-{n}") for n in range(3)] == ["proved", "paid", "paid"]


def test_a_renewal_proved_before_anybody_said_the_new_end_gets_it_later(fleet: Fleet) -> None:
    """Paid right after the old end, of a plan whose months nobody entered: bytes that flow prove it, and say no day."""
    wait(fleet.registry.put_plan("year", {"name": "30M", "months": None}, fleet.who))
    fleet.later(16)
    fleet.paid(cards=1)
    fleet.later(0.1)
    fleet.say("t-0", proof(CARDS[0], reason="data_again"), expires_on="2026-12-01")
    assert fleet.follow() == {"proved": 1}
    first = wait(fleet.office.book.renewals(terminal="t-0"))[0]
    assert (first.expected, first.new_end) == (None, None)
    fleet.later(1)
    fleet.say("t-0", expires_on="2027-12-02", iccid=CARDS[1])
    fleet.follow()
    assert wait(fleet.office.book.renewals(terminal="t-0"))[0].new_end is None
    fleet.say("t-0", expires_on="2027-12-02")
    fleet.follow()
    assert wait(fleet.office.book.renewals(terminal="t-0"))[0].new_end == "2027-12-02"


def test_another_card_in_the_slot_fails_at_once_and_a_late_proof_still_counts(fleet: Fleet) -> None:
    fleet.paid()
    fleet.later(0.1)
    fleet.say("t-0", iccid=CARDS[5])
    fleet.follow()
    (one,) = wait(fleet.office.book.renewals(terminal="t-0"))
    assert (one.state, one.reason) == ("failed", "wrong_card")
    fleet.later(1)
    fleet.say("t-0", proof(CARDS[0]))
    assert fleet.follow()["proved"] == 1


def test_nothing_confirmed_after_the_working_days_fails_with_what_is_likely(fleet: Fleet) -> None:
    fleet.paid(amount="30.00")
    fleet.later(1)
    fleet.say("t-0", proof(CARDS[0], "failed", "not_confirmed"))
    fleet.follow()
    assert fleet.state() == "pending"
    fleet.later(3)
    fleet.say("t-0")
    fleet.follow()
    (one,) = wait(fleet.office.book.renewals(terminal="t-0"))
    assert (one.state, one.reason) == ("failed", "too_little")
    assert "wrong_account" in one.suspects


def test_asked_once_more_the_watch_begins_anew(fleet: Fleet) -> None:
    fleet.paid(cards=1)
    fleet.later(12)
    fleet.say("t-0", proof(CARDS[0], "failed", "not_confirmed"))
    fleet.follow()
    assert fleet.state() == "failed"
    fleet.later(1)
    wait(fleet.office.book.verify(wait(fleet.office.book.renewals())[0].id, fleet.who))
    fleet.say("t-0")
    fleet.follow()
    assert fleet.state() == "paid"
    assert len(wait(fleet.store.directives("t-0"))) == 2
    fleet.later(8)
    fleet.say("t-0")
    fleet.follow()
    assert fleet.state() == "failed"


def test_paid_and_still_dead_is_a_queue_of_its_own(fleet: Fleet) -> None:
    fleet.paid()
    assert wait(fleet.office.dead()) == []
    fleet.later(1.2)
    fleet.say("t-0", verdict="data.no_session")
    fleet.say("t-1")
    assert [one.renewal.terminal for one in wait(fleet.office.dead())] == ["t-0", "t-2"]
    assert [one.renewal.terminal for one in wait(fleet.office.dead(NARROW))] == []


def test_what_failed_is_paid_again_or_withdrawn_and_begun_anew(fleet: Fleet) -> None:
    batch = fleet.paid(cards=1)
    book = fleet.office.book
    (one,) = wait(book.renewals())
    wait(book.fail(one.id, "wrong_account", "转错户", fleet.who))
    with pytest.raises(StoreRefused, match="being renewed already"):
        fleet.batch("batch-0002")
    assert wait(book.pay(batch, "pay-again", "6.00", fleet.who, only=[one.id])) == 1
    (again,) = wait(book.renewals())
    assert (again.state, again.amount, again.reason) == ("paid", Decimal("96.00"), None)
    wait(book.fail(one.id, "other", "", fleet.who))
    wait(book.void(one.id, "退款", fleet.who))
    fleet.batch("batch-0003")
    assert len(wait(book.renewals(state="due"))) == 3


def test_a_card_proved_once_is_not_renewed_for_the_same_period_again(fleet: Fleet) -> None:
    dues = fleet.dues()
    fleet.paid()
    fleet.later(0.1)
    fleet.say("t-0", proof(CARDS[0]))
    fleet.follow()
    with pytest.raises(StoreRefused, match="2026-12-01"):
        wait(fleet.office.book.make("batch-0009", "", dues[:1], fleet.who))


def test_vouchers_are_bounded_named_safely_and_kept_once(fleet: Fleet) -> None:
    batch = fleet.batch()
    book = fleet.office.book
    made = wait(book.add_voucher(batch, "../../etc/发票 <1>.pdf", PDF, fleet.who))
    again = wait(book.add_voucher(batch, "copy.pdf", PDF, fleet.who))
    assert (made.name, made.kind, again.id) == ("发票 _1_.pdf", "application/pdf", made.id)
    assert wait(book.voucher(made.id)) == (made, PDF)
    for content in (b"<html>", b"MZ", b"", b"RIFF....AVI ", b"%PDF-" + b"x" * (10 << 20)):
        with pytest.raises(BadValue):
            wait(book.add_voucher(batch, "x", content, fleet.who))
    assert wait(book.vouchers(batch, NARROW)) == []
    assert wait(book.voucher(made.id, NARROW)) is None


def test_who_sees_part_of_a_batch_cannot_change_it(fleet: Fleet) -> None:
    batch = fleet.batch()
    narrow = Who("bob", fleet.now, NARROW)
    book = fleet.office.book
    assert [one.terminal for one in wait(book.renewals(sight=NARROW))] == ["t-1"]
    found = wait(book.batch(batch, NARROW))
    assert found is not None
    assert found.cards == 1
    with pytest.raises(StoreRefused, match="outside"):
        wait(book.order(batch, "", narrow))
    hidden = wait(book.renewals(terminal="t-0"))[0]
    with pytest.raises(StoreRefused, match="no such renewal"):
        wait(book.void(hidden.id, "", narrow))
    nobody = Who("eve", fleet.now, Sight())
    with pytest.raises(StoreRefused, match="no such batch"):
        wait(book.order(batch, "", nobody))


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.office.book.pay("batch-0001", "pay-0001", "-5", f.who),
        lambda f: f.office.book.pay("batch-0001", "pay-0001", "1e3", f.who),
        lambda f: f.office.book.pay("batch-0001", "short", "5", f.who),
        lambda f: f.office.book.pay("batch-0001", "pay-0001", "5", f.who, currency="¥"),
        lambda f: f.office.book.pay("batch-0001", "pay-0001", "5", f.who, paid_on="tomorrow"),
        lambda f: f.office.book.make("batch 1", "", f.dues(), f.who),
        lambda f: f.office.book.make("batch-0002", "", [], f.who),
        lambda f: f.office.put_holidays("soon off", f.who),
        lambda f: f.office.put_pool("p", {"total_mb": -1}, f.who),
        lambda f: f.office.put_pool("a b", {}, f.who),
        lambda f: f.office.put_pool("p", {"secret": 1}, f.who),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_the_desk(fleet: Fleet, change: Any) -> None:
    fleet.batch()
    with pytest.raises(StoreRefused):
        wait(change(fleet)) if not isinstance(change, str) else None


def test_holidays_are_kept_and_move_the_day_to_order(fleet: Fleet) -> None:
    assert len(wait(fleet.office.holidays())) > 40
    wait(fleet.office.put_holidays("2026-11-23..2026-11-30 off 停业\n2026-11-21 work 调休", fleet.who))
    assert fleet.dues()[0].order_by.isoformat() == "2026-11-19"


def test_pools_spares_costs_and_bulk_are_told(fleet: Fleet) -> None:
    office, registry = fleet.office, fleet.registry
    wait(office.put_pool("p1", {"name": "共享池", "total_mb": 100, "ends_on": "2026-12-10"}, fleet.who))
    wait(registry.put_card(CARDS[0], {"pool": "p1"}, fleet.who))
    fleet.say("t-0", used_bytes=99 * 2**20, quota_bytes=None)
    fleet.fold()
    (pool,) = wait(office.pools())
    assert (pool.cards, pool.percent, pool.days_left, pool.near) == (1, 99, 24, True)
    assert wait(office.pools(NARROW)) == []
    for iccid, fields in ((CARDS[4], {"use_by": "2026-12-01"}), (CARDS[5], {"received_on": "2025-01-01"})):
        wait(registry.put_card(iccid, fields, fleet.who))
    assert [(one.iccid, one.stale) for one in wait(office.spares())] == [(CARDS[4], "soon"), (CARDS[5], "long")]
    fleet.paid()
    (cost,) = wait(office.costs(0, 2**40, "carrier"))
    assert (cost.group, cost.cards, cost.amount) == ("CMCC", 3, Decimal("90.00"))
    assert wait(office.costs(0, 2**40, "shop", NARROW))[0].amount == Decimal("30.00")


def test_a_cheaper_tier_is_reached_with_cards_that_end_later(fleet: Fleet) -> None:
    wait(fleet.registry.put_card(CARDS[2], {"expires_on": "2027-01-31"}, fleet.who))
    (better,) = wait(fleet.office.bulks())
    assert (better.bulk.cards, better.bulk.more, better.bulk.saves) == (2, 1, Decimal("18.00"))


def test_a_plan_that_fits_is_found_out_of_the_cycles(fleet: Fleet) -> None:
    wait(
        fleet.registry.put_plan("small", {"carrier": "CMCC", "quota_mb": 10, "months": 12, "price": "12.00"}, fleet.who)
    )
    for month in range(4):
        fleet.say("t-0", used_bytes=6 * 2**20, quota_bytes=30 * 2**20, cycle_start=f"2026-{8 + month:02}-01")
        fleet.fold()
        fleet.later(30)
    (better,) = wait(fleet.office.fits())
    assert (better.to, better.direction, better.saves) == ("small", "smaller", Decimal("24.00"))


def test_the_fold_writes_only_what_is_news(fleet: Fleet) -> None:
    fleet.say("t-0", expires_on="2026-12-01", used_bytes=1000, quota_bytes=30_000_000)
    assert fleet.fold() == 1
    fleet.later(0.01)
    fleet.say("t-0", expires_on="2026-12-01", used_bytes=2000, quota_bytes=30_000_000)
    assert fleet.fold() == 0


def test_a_terminal_that_says_nonsense_is_on_no_list(fleet: Fleet) -> None:
    fleet.say("t-0", expires_on="<script>", used_bytes=-5, quota_bytes="x", runs_out_on=17)
    fleet.fold()
    assert fleet.dues()[0].holding.told_end is None
    assert isinstance(fleet.office, Office)
