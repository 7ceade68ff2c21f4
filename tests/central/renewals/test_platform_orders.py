"""Orders through a carrier's platform, on both databases and a fake platform: once a card, whatever dies meanwhile."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from central.accounts.sight import Sight
from central.platforms.acts import APART_S, Acts
from central.platforms.book import Book as PlatformBook
from central.platforms.budget import Budget
from central.platforms.jasper import Jasper
from central.platforms.line import Line
from central.platforms.opening import Opened
from central.registry import Who
from central.renewals import placing, reminders
from central.renewals.errands import MOST_TRIES, Errands
from central.renewals.orders import PlatformOrder
from central.store.base import StoreRefused, StoreUnavailable
from tests.central.databases import KINDS, store_of
from tests.central.renewals.desk_helpers import CARDS, Fleet, wait
from tests.fakes.platforms import FakeCard, FakeJasper

ACCOUNT = "主账户"
ORDERED = "PUT /rws/api/v1/devices/"


class Carrier:
    """A fleet whose cards are at a fake platform, and a process that carries orders there."""

    def __init__(self, fleet: Fleet, fake: FakeJasper) -> None:
        self.fleet, self.fake = fleet, fake
        self.book = fleet.office.book
        self.errands = self.process(fake.url)
        wait(fleet.registry.put_plan("year", {"product": "POS 30MB YEAR"}, fleet.who))
        fleet.batch()

    def process(self, url: str) -> Errands:
        line = Line(url, Budget(1000.0, 10_000_000))
        opened = Opened(ACCOUNT, Jasper(line, self.fake.user, self.fake.secret, ""), line, 24.0, may_act=True)
        return Errands(self.fleet.store, Acts(PlatformBook(self.fleet.store), [opened]), self.fleet.clock.wall)

    def ask(self) -> int:
        return wait(self.book.order_there("batch-0001", frozenset({ACCOUNT}), self.fleet.who))

    def carry(self, errands: Errands | None = None) -> None:
        while wait((errands or self.errands).step(ACCOUNT)):
            pass

    @property
    def orders(self) -> dict[str, PlatformOrder]:
        """By terminal."""
        return {one.terminal: one for one in wait(self.book.orders("batch-0001")).values()}

    @property
    def reached(self) -> list[str]:
        """Cards that the platform was told to renew, in order."""
        return [line.removeprefix(ORDERED)[:20] for line in self.fake.asked if line.startswith(ORDERED)]

    def trail(self, renewal: str) -> set[tuple[str, str]]:
        lines = wait(self.fleet.registry.trail(kind="renewal", name=renewal))
        return {(line.who, line.action) for line in lines}


@pytest.fixture(params=KINDS)
def carrier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Carrier]:
    with store_of(request.param, tmp_path) as store, FakeJasper() as fake:
        fake.add(*(FakeCard(iccid) for iccid in CARDS[:3]))
        yield Carrier(Fleet(store), fake)


def test_a_batch_is_ordered_card_by_card_with_its_lines_in_the_trail(carrier: Carrier) -> None:
    assert carrier.ask() == 3
    assert not carrier.reached, "asked for is not yet carried: no page waits for a platform"
    carrier.carry()
    assert sorted(carrier.reached) == CARDS[:3]
    assert {card.product for card in carrier.fake.cards.values()} == {"POS 30MB YEAR"}
    assert {carrier.fleet.state(f"t-{number}") for number in range(3)} == {"ordered"}
    one = carrier.orders["t-0"]
    assert one.state == "done"
    assert carrier.trail(one.renewal) == {
        ("alice", "begun"), ("alice", "sent to order"), (f"platform:{ACCOUNT}", "ordered"),
    }  # fmt: skip


def test_asked_twice_is_ordered_once(carrier: Carrier) -> None:
    assert (carrier.ask(), carrier.ask()) == (3, 0)
    carrier.carry()
    with pytest.raises(StoreRefused, match="nothing of this batch"):
        carrier.ask()
    assert len(carrier.reached) == 3


def test_two_processes_order_each_card_once(carrier: Carrier) -> None:
    async def both() -> None:
        async def work(errands: Errands) -> None:
            for _ in range(4):
                await errands.step(ACCOUNT)

        await asyncio.gather(work(carrier.errands), work(carrier.process(carrier.fake.url)))

    carrier.ask()
    asyncio.run(both())
    carrier.carry()
    assert sorted(carrier.reached) == CARDS[:3]
    assert {one.state for one in carrier.orders.values()} == {"done"}


def dies_before_it_is_told(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform has taken the order of the first card, and the process is gone before that is kept."""

    def gone(*_: object, **__: object) -> bool:
        raise StoreUnavailable("power went")

    with monkeypatch.context() as patch:
        patch.setattr(placing, "told", gone)
        with pytest.raises(StoreUnavailable):
            wait(carrier.errands.step(ACCOUNT))


def test_a_process_that_dies_after_the_answer_orders_nothing_twice(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier.ask()
    dies_before_it_is_told(carrier, monkeypatch)
    assert len(carrier.reached) == 1
    carrier.fleet.clock.advance(placing.HOLD_S + 1)
    carrier.carry(carrier.process(carrier.fake.url))
    assert sorted(carrier.reached) == CARDS[:3]
    assert {one.state for one in carrier.orders.values()} == {"done"}


def dies_before_the_answer_is_kept(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform was asked; nobody kept what it said."""

    def gone(*_: object, **__: object) -> None:
        raise StoreUnavailable("power went")

    with monkeypatch.context() as patch:
        patch.setattr("central.platforms.acts._end", gone)
        with pytest.raises(StoreUnavailable):
            wait(carrier.errands.step(ACCOUNT))


def test_what_nobody_knows_waits_for_somebody_who_looked(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier.ask()
    dies_before_the_answer_is_kept(carrier, monkeypatch)
    carrier.fleet.clock.advance(placing.HOLD_S + 1)
    carrier.carry(carrier.process(carrier.fake.url))
    (unknown,) = [one for one in carrier.orders.values() if one.state == "unknown"]
    assert len(carrier.reached) == 3, "the one nobody knows of was not repeated"
    assert carrier.fleet.state(unknown.terminal) == "due"
    for refused in (
        carrier.book.order("batch-0001", "", carrier.fleet.who),
        carrier.book.void(unknown.renewal, "", carrier.fleet.who),
    ):
        with pytest.raises(StoreRefused):
            wait(refused)
    wait(carrier.book.was_ordered(unknown.renewal, carrier.fleet.who))
    assert (carrier.fleet.state(unknown.terminal), carrier.orders[unknown.terminal].state) == ("ordered", "done")


def test_who_looked_and_found_nothing_orders_anew_half_an_hour_later(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier.ask()
    dies_before_the_answer_is_kept(carrier, monkeypatch)
    carrier.fleet.clock.advance(placing.HOLD_S + 1)
    carrier.carry()
    (unknown,) = [one for one in carrier.orders.values() if one.state == "unknown"]
    wait(carrier.book.order_again(unknown.renewal, carrier.fleet.who))
    carrier.carry()
    assert (carrier.orders[unknown.terminal].state, len(carrier.reached)) == ("waiting", 3)
    carrier.fleet.clock.advance(APART_S + 1)
    carrier.carry()
    assert (carrier.orders[unknown.terminal].state, len(carrier.reached)) == ("done", 4)
    assert carrier.orders[unknown.terminal].key != unknown.key


def test_what_the_platform_refuses_is_said_and_can_be_ordered_again(carrier: Carrier) -> None:
    strange = carrier.fake.cards.pop(CARDS[1])
    carrier.ask()
    carrier.carry()
    refused = carrier.orders["t-1"]
    assert (refused.state, carrier.fleet.state("t-1"), carrier.fleet.state("t-0")) == ("failed", "due", "ordered")
    assert "does not know this card" in refused.detail
    assert (f"platform:{ACCOUNT}", "order: failed") in carrier.trail(refused.renewal)
    carrier.fake.add(strange)
    assert carrier.ask() == 1
    carrier.carry()
    assert carrier.fleet.state("t-1") == "ordered"


def alerts(carrier: Carrier) -> list[tuple[str, str, object]]:
    """Of orders at platforms."""
    found = wait(reminders.conditions(carrier.fleet.office))
    return [(one.code, one.terminal, one.facts["why"]) for one in found if one.code.startswith("renewal.order_")]


def test_what_the_platform_refused_alerts_until_somebody_has_seen_to_it(carrier: Carrier) -> None:
    carrier.fake.cards.pop(CARDS[1])
    carrier.ask()
    carrier.carry()
    assert alerts(carrier) == [("renewal.order_refused", "t-1", "the platform does not know this card")]
    wait(carrier.book.void(carrier.orders["t-1"].renewal, "closed", carrier.fleet.who))
    assert alerts(carrier) == []


def test_what_nobody_knows_alerts_until_somebody_has_looked(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier.ask()
    dies_before_the_answer_is_kept(carrier, monkeypatch)
    carrier.fleet.clock.advance(placing.HOLD_S + 1)
    carrier.carry()
    ((code, terminal, _),) = alerts(carrier)
    assert code == "renewal.order_unknown"
    wait(carrier.book.was_ordered(carrier.orders[terminal].renewal, carrier.fleet.who))
    assert alerts(carrier) == []


def test_what_the_platform_refused_may_be_ordered_by_hand(carrier: Carrier) -> None:
    carrier.fake.cards.clear()
    carrier.ask()
    carrier.carry()
    assert wait(carrier.book.order("batch-0001", "by portal", carrier.fleet.who)) == 3
    assert carrier.fleet.state("t-2") == "ordered"


def test_a_platform_that_is_busy_or_away_is_asked_again_under_the_same_key(carrier: Carrier) -> None:
    carrier.fake.busy = 1
    carrier.ask()
    away = carrier.process("http://127.0.0.1:9")
    wait(away.step(ACCOUNT))
    wait(carrier.errands.step(ACCOUNT))
    put_off = [one for one in carrier.orders.values() if one.tries == 1]
    assert [one.state for one in put_off] == ["waiting", "waiting"]
    assert any("ConnectionRefusedError" in one.detail for one in put_off)
    carrier.fleet.clock.advance(3601)
    carrier.carry()
    assert {one.state for one in carrier.orders.values()} == {"done"}
    assert {one.key for one in put_off} <= {one.key for one in carrier.orders.values()}
    assert sorted(set(carrier.reached)) == CARDS[:3]


def test_a_platform_that_stays_away_is_given_up_after_a_day(carrier: Carrier) -> None:
    carrier.ask()
    away = carrier.process("http://127.0.0.1:9")
    for _ in range(MOST_TRIES + 1):
        carrier.carry(away)
        carrier.fleet.clock.advance(3601)
    assert {one.state for one in carrier.orders.values()} == {"failed"}


def test_what_waits_is_withdrawn_and_never_ordered(carrier: Carrier) -> None:
    carrier.ask()
    wait(carrier.book.void(carrier.orders["t-0"].renewal, "not wanted", carrier.fleet.who))
    carrier.carry()
    assert sorted(carrier.reached) == CARDS[1:3]


def test_what_waits_is_not_marked_as_ordered_by_hand_too(carrier: Carrier) -> None:
    carrier.ask()
    with pytest.raises(StoreRefused, match="on their way"):
        wait(carrier.book.order("batch-0001", "A-1", carrier.fleet.who))


def test_only_accounts_that_may_be_told_are_told(carrier: Carrier) -> None:
    with pytest.raises(StoreRefused, match="nothing of this batch"):
        wait(carrier.book.order_there("batch-0001", frozenset({"another"}), carrier.fleet.who))
    muted = [replace(one, may_act=False) for one in carrier.errands.acts.accounts]
    carrier.ask()
    carrier.carry(
        Errands(carrier.fleet.store, Acts(PlatformBook(carrier.fleet.store), muted), carrier.fleet.clock.wall)
    )
    assert "only asked, never told" in carrier.orders["t-0"].detail
    assert not carrier.reached


def test_who_sees_a_part_of_a_batch_orders_none_of_it(carrier: Carrier) -> None:
    narrow = Who("bob", carrier.fleet.now, Sight(merchants=frozenset({"m1"})))
    for refused in (
        carrier.book.order_there("batch-0001", frozenset({ACCOUNT}), narrow),
        carrier.book.order_there("nothing-here", frozenset({ACCOUNT}), carrier.fleet.who),
    ):
        with pytest.raises(StoreRefused):
            wait(refused)
    carrier.ask()
    assert wait(carrier.book.orders("batch-0001", narrow.sight)) == {}
    with pytest.raises(StoreRefused, match="no such renewal"):
        wait(carrier.book.order_again(carrier.orders["t-0"].renewal, narrow))


def test_a_card_without_a_plan_is_named_and_nothing_is_sent(carrier: Carrier) -> None:
    fleet = carrier.fleet
    wait(fleet.store.add_terminal("t-3", "", b"1", 0))
    wait(fleet.registry.put_card(CARDS[3], {"account": ACCOUNT, "expires_on": "2026-12-01"}, fleet.who))
    wait(fleet.registry.place(CARDS[3], "t-3", fleet.who))
    wait(fleet.office.book.make("batch-0002", "", [one for one in fleet.dues() if one.open is None], fleet.who))
    with pytest.raises(StoreRefused, match=CARDS[3]):
        wait(carrier.book.order_there("batch-0002", frozenset({ACCOUNT}), fleet.who))
    assert wait(carrier.book.orders("batch-0002")) == {}
