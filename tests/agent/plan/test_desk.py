"""The card's desk behind the watch: what is told, once, over restarts, swaps and clocks that are wrong."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from agent.outbox.base import OutboxError
from agent.outbox.batch import BatchingOutbox
from agent.outbox.memory import MemoryOutbox
from agent.plan.asking import Query
from agent.plan.by_hand import by_hand
from agent.plan.desk import Desk
from agent.plan.ledger import Ledger
from agent.plan.store import PlanStore, PlanStoreError
from agent.sample.base import ClockView, ModemView, NetworkView, PlanFact, PlanView, PortView, SimView
from agent.sample.modem import ModemPart
from agent.sample.system import read_system
from agent.settings import Config, PathsPart, PlanPart, Terminal
from agent.state import Kept
from agent.uplink.meter import Meter
from agent.watch import Watch, WatchSettings
from agent.workers.orders import Look
from tests.fakes.clock import FakeClock

CARD, OTHER = "89860000000000000001", "89860400000000000002"
IMEI, IMEI_2 = "867698040123450", "867698040999990"
NOON = datetime(2026, 12, 1, 4, tzinfo=UTC).timestamp()
DAY = 86_400.0


class Shop:
    """A terminal whose state directory outlives its daemon."""

    def __init__(self, folder: Path, plan: PlanPart | None = None) -> None:
        self.folder, self.plan = folder, plan or PlanPart(expires_on="2026-12-31", quota_mb=30)
        self.clock = FakeClock(wall_now=NOON, monotonic_now=NOON - 1e9)
        self.outbox = MemoryOutbox()
        self.started()

    def started(self) -> None:
        config = Config(
            terminal=Terminal(id="shop-1"),
            plan=self.plan,
            paths=PathsPart(state_dir=str(self.folder), run_dir=str(self.folder)),
        )
        config = replace(config, modem=replace(config.modem, interface=""))
        self.store = PlanStore(self.folder / "plan.db")
        self.watch = Watch(
            config,
            WatchSettings.of(config),
            self.clock,
            BatchingOutbox(self.outbox),
            Ledger(None),
            Meter(),
            lambda: None,
            Kept(),
            at_desk=Desk(config.desk_settings(), self.store),
        )

    def restart(self) -> None:
        self.store.close()
        self.started()

    def look(self, card: str | None = CARD, imei: str = IMEI, *, vouched: bool = True, passed: float = 60.0) -> None:
        self.clock.advance(passed)
        part = ModemPart(
            port=PortView(answers=True),
            modem=ModemView(imei=imei),
            sim=SimView(state="ready", iccid=card, imsi="460000000000001"),
            network=NetworkView(registration="home"),
            network_time=self.clock.wall() if vouched else None,
        )
        self.watch.take(Look(self.clock.wall(), "deep", PortView("/dev/x"), part))

    def on(self, day: date) -> None:
        """It is noon of this day."""
        self.clock.advance(datetime(day.year, day.month, day.day, 4, tzinfo=UTC).timestamp() - self.clock.wall())
        self.look()

    def told(self, type_: str) -> list[dict[str, Any]]:
        records = [json.loads(entry.record.body) for entry in self.outbox.entries(5000)]
        return [record["body"] for record in records if record["type"] == type_]

    def verdict(self) -> str:
        assert self.watch.now is not None
        return self.watch.now.assessment.verdict.code


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def thresholds(shop: Shop) -> list[list[int]]:
    return [body["stands_for"] for body in shop.told("reminder")]


def test_every_reminder_is_told_once_whatever_happens_in_between(shop: Shop) -> None:
    for day in range(1, 32):
        shop.on(date(2026, 12, day))
        shop.look()
        shop.restart()
    for day in range(1, 4):
        shop.on(date(2027, 1, day))
    assert thresholds(shop) == [[30], [14], [7], [3], [1], [0], [-1]]
    first = shop.told("reminder")[0]
    assert (first["key"], first["on"], first["days_left"], first["iccid"]) == (
        "expires_on:2026-12-31:30",
        "2026-12-31",
        30,
        CARD,
    )


def test_a_terminal_that_was_off_tells_when_it_is_back(shop: Shop) -> None:
    shop.on(date(2026, 12, 1))
    shop.restart()
    shop.on(date(2026, 12, 26))
    assert thresholds(shop) == [[30], [7, 14]]


def test_the_day_on_which_the_data_runs_out_is_reminded_of_once_a_cycle_however_it_moves(shop: Shop) -> None:
    desk, told = shop.watch.desk, []
    for day, runs_out in ((2, None), (5, 17), (9, 28), (10, 16), (12, 18), (14, 14)):
        wall = datetime(2026, 11, day, 4, tzinfo=UTC).timestamp()
        plan = PlanView(runs_out_on=f"2026-11-{runs_out}" if runs_out else None)
        for reminder in desk.reminders(plan, wall, ClockView(trusted=True)):
            desk.reminded(reminder, wall)
            told.append((day, reminder.on.day, reminder.stands_for))
    assert told == [(5, 17, (14, 30)), (10, 16, (7,)), (14, 14, (0, 1, 3))]


def test_a_renewal_begins_the_reminders_anew(shop: Shop) -> None:
    shop.on(date(2026, 12, 30))
    shop.watch.hear([PlanFact("expires_on", "2027-12-31", "centre", shop.clock.wall())])
    shop.on(date(2027, 12, 2))
    assert thresholds(shop) == [[1, 3, 7, 14, 30], [30]]
    assert shop.told("plan_fact")[-1]["value"] == "2027-12-31"


def test_what_the_disk_did_not_take_is_reminded_of_once_it_does(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_records: object) -> list[Any]:
        raise OutboxError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryOutbox, "put_many", lambda _self, records: full(records))
        shop.on(date(2026, 12, 1))
        shop.look()
        assert shop.told("reminder") == []
    shop.look()
    shop.look()
    assert thresholds(shop) == [[30]]


def test_a_power_cut_between_the_outbox_and_the_plan_s_file_doubles_no_reminder(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise PlanStoreError("the power went")

    shop.look()
    with monkeypatch.context() as patch:
        patch.setattr(shop.store, "tell", cut)
        shop.on(date(2026, 12, 25))
    shop.restart()
    shop.on(date(2026, 12, 25))
    shop.on(date(2026, 12, 28))
    assert thresholds(shop) == [[30], [7, 14], [3]]


def test_no_reminder_leaves_the_outbox_before_it_is_marked_as_told(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent and acknowledged before the power went it would not be found waiting, and told again."""
    leased: Queue[int] = Queue()
    mark = shop.store.tell

    def sender() -> None:
        leased.put(len(shop.watch.outbox.lease(64, 65_536, shop.clock.wall())))

    def marked(*what: Any) -> None:
        uplink = Thread(target=sender)
        uplink.start()
        uplink.join(0.2)
        assert leased.empty()
        mark(*what)

    shop.look()
    with monkeypatch.context() as patch:
        patch.setattr(shop.store, "tell", marked)
        shop.on(date(2026, 12, 25))
    assert leased.get(timeout=10) > 0
    assert thresholds(shop) == [[30], [7, 14]]


def test_on_an_unvouched_clock_nobody_is_frightened(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "agent.watch.read_system", lambda wall, folder: replace(read_system(wall, folder), clock=ClockView())
    )
    shop.clock.advance(300 * DAY)
    for _ in range(5):
        shop.look(vouched=False)
    assert shop.watch.now is not None
    assert shop.told("reminder") == []
    assert shop.watch.now.snapshot.plan.state == "unknown"


def test_a_clock_that_was_vouched_for_stays_so_until_it_jumps(shop: Shop) -> None:
    shop.look()
    shop.look(vouched=False)
    assert shop.watch.now is not None
    assert shop.watch.now.snapshot.clock.trusted is True


def test_a_card_that_stays_is_no_news(shop: Shop) -> None:
    for _ in range(3):
        shop.look()
        shop.look(None)
        shop.restart()
    assert shop.watch.now is None or shop.watch.now.snapshot.sim.changed is not True
    shop.look()
    assert shop.watch.now is not None
    assert shop.watch.now.snapshot.sim.changed is False


def test_another_card_is_noticed_even_after_a_restart_and_until_it_is_accepted(shop: Shop) -> None:
    shop.look()
    shop.restart()
    shop.look(OTHER)
    assert shop.verdict() == "sim.changed"
    assert shop.watch.now is not None
    assert shop.watch.now.snapshot.sim.expected_iccid == CARD
    shop.watch.desk.accept(None, IMEI, shop.clock.wall())
    for _ in range(3):
        shop.look(OTHER)
    assert shop.verdict() == "ok"


def test_what_the_configuration_says_is_not_about_a_strange_card(shop: Shop) -> None:
    shop.look()
    shop.look(OTHER)
    assert shop.watch.now is not None
    assert shop.watch.now.snapshot.plan.expires_on is None
    assert shop.told("reminder") == [body for body in shop.told("reminder") if body["iccid"] == CARD]


def test_facts_stay_with_their_card(shop: Shop) -> None:
    shop.look()
    shop.watch.hear([PlanFact("balance", "9.00", "carrier_sms", shop.clock.wall())])
    shop.look(OTHER)
    assert shop.watch.now is not None
    assert shop.watch.now.snapshot.plan.balance_amount is None
    shop.look()
    assert shop.watch.now.snapshot.plan.balance_amount == "9.00"


@pytest.mark.parametrize(("bound", "expected"), [("yes", "sim.wrong_terminal"), ("no", "ok")])
def test_a_bound_card_in_another_modem_is_in_the_wrong_terminal(tmp_path: Path, bound: Any, expected: str) -> None:
    shop = Shop(tmp_path, PlanPart(card_bound=bound))
    shop.look()
    for _ in range(4):
        shop.look(imei=IMEI_2)
    assert shop.verdict() == expected


def test_the_centre_s_word_about_the_card_is_believed(shop: Shop) -> None:
    shop.watch.desk.accept(OTHER, None, NOON, by_centre=True)
    for _ in range(4):
        shop.look()
    assert shop.verdict() == "sim.wrong_terminal"


def test_the_sms_that_asking_costs_are_counted_and_told_in_the_days_report(shop: Shop) -> None:
    first, second = date(2026, 12, 1), date(2026, 12, 2)
    shop.on(first)
    shop.watch.heartbeat(900.0)
    for query in (Query("sms", "CXLL", "10086"), Query("sms", "YE", "10086"), Query("ussd", "*100#")):
        shop.watch.desk.asking(query, shop.clock.wall())
    for day in (second, date(2026, 12, 3)):
        shop.on(day)
        shop.watch.heartbeat(900.0)
    assert {body["day"]: body.get("sms") for body in shop.told("daily")} == {"2026-12-01": 2, "2026-12-02": None}
    assert shop.watch.sms_of(first, second) == 2
    assert shop.watch.sms_of(second, second) == 0


def test_a_plan_file_that_fails_costs_the_plan_and_not_the_watching(shop: Shop) -> None:
    shop.look()
    shop.store.close()
    shop.look()
    assert "plan" in shop.watch.troubles
    assert shop.watch.now is not None
    assert shop.watch.now.snapshot.plan.expires_on == "2026-12-31"


@pytest.mark.parametrize(
    ("name", "value", "fact", "kept"),
    [
        ("expires_on", " 2027-01-31 ", "expires_on", "2027-01-31"),
        ("quota_mb", "1.5", "quota_bytes", str(3 * 2**19)),
        ("used_mb", "0", "used_bytes", "0"),
        ("remaining_mb", "7", "remaining_bytes", str(7 * 2**20)),
        ("suspended", "yes", "suspended", "true"),
        ("balance", "-3.20", "balance", "-3.20"),
    ],
)
def test_words_by_hand(name: str, value: str, fact: str, kept: str) -> None:
    made = by_hand(name, value, 5.0)
    assert (made.fact, made.value, made.source, made.at) == (fact, kept, "manual", 5.0)


def test_a_word_by_hand_that_is_outranked_says_so(shop: Shop) -> None:
    shop.look()
    shop.watch.hear([PlanFact("expires_on", "2027-12-31", "centre", shop.clock.wall())])
    (remark,) = shop.watch.desk.set_by_hand([("expires_on", "2027-01-31")], shop.clock.wall(), trusted=True)
    assert "centre said 2027-12-31" in remark
