"""What a turn at a platform leaves behind: facts, the end on record, word to the terminal, peace after trouble."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from central.accounts.sight import Sight
from central.platforms.acts import Acts
from central.platforms.base import Standing, Usage
from central.platforms.book import Book, Facts, taken_in, wants_end
from central.platforms.hand import bring_in
from central.platforms.opening import Opened
from central.platforms.poll import Poller
from central.platforms.ranking import Word, best
from central.platforms.telling import is_news
from central.registry import BadValue, Registry, Who
from central.store.base import StoreRefused
from central.store.core import SqlStore
from tests.central.databases import KINDS, store_of
from tests.central.platforms.helpers_platforms import FIRST, NUMBERS, SECOND, STRANGE, an_account
from tests.fakes.clock import FakeClock
from tests.fakes.platforms import FakePlatform

NOW = 1_790_000_000
BOSS = Who("boss", NOW)
HOUR = 3600


@dataclass
class Desk:
    """An account at a fake platform, with cards on record: FIRST is in t-1, SECOND is spare."""

    store: SqlStore
    fake: FakePlatform
    account: Opened
    clock: FakeClock

    def __post_init__(self) -> None:
        self.book = Book(self.store)
        self.poller = Poller(self.book, [self.account], self.clock.wall)

    def poll(self) -> int:
        return asyncio.run(self.poller.step(self.account))

    def facts(self, iccid: str = FIRST) -> Facts:
        found = asyncio.run(self.book.card(iccid))
        assert found is not None
        return found

    def directives(self) -> list[dict[str, str]]:
        rows = asyncio.run(self.store.directives("t-1"))
        waiting = [row for row in rows if row.acked_at is None]
        return [{one["fact"]: one["value"] for one in json.loads(row.body)["facts"]} for row in waiting]

    def trail(self, name: str = FIRST) -> list[str]:
        return [line.action for line in asyncio.run(Registry(self.store).trail(kind="card", name=name))]


@pytest.fixture(params=KINDS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    with store_of(request.param, tmp_path) as store, an_account("onelink") as (fake, account):
        asyncio.run(fill(store, account.name))
        yield Desk(store, fake, account, FakeClock(float(NOW)))


async def fill(store: SqlStore, account: str) -> None:
    await store.add_terminal("t-1", "", b"1", NOW)
    registry = Registry(store)
    for iccid in (FIRST, SECOND):
        await registry.put_card(iccid, {"account": account, "msisdn": NUMBERS[iccid]}, BOSS)
    await registry.place(FIRST, "t-1", BOSS)


def test_a_turn_keeps_what_was_said_and_tells_the_terminal(desk: Desk) -> None:
    assert desk.poll() == 2
    known = desk.facts()
    assert (known.state, known.used_bytes, known.expires_on, known.balance) == ("active", 2**20, "2026-12-31", "12.30")
    told = desk.directives()[0]
    assert (told["expires_on"], told["used_bytes"], told["suspended"]) == ("2026-12-31", str(2**20), "false")


def test_the_end_goes_on_record_with_a_line_in_the_trail(desk: Desk) -> None:
    desk.poll()
    card = asyncio.run(Registry(desk.store).card(SECOND))
    assert card is not None
    assert card.expires_on == "2026-12-31"
    assert "changed" in desk.trail(SECOND)


def test_nobody_is_asked_about_before_his_turn(desk: Desk) -> None:
    desk.poll()
    desk.clock.advance(21 * HOUR)
    assert desk.poll() == 0
    desk.clock.advance(6 * HOUR)
    assert desk.poll() == 2


def test_what_is_not_new_is_not_told_again_and_what_was_not_fetched_is_replaced(desk: Desk) -> None:
    desk.poll()
    desk.clock.advance(27 * HOUR)
    desk.poll()
    assert len(desk.directives()) == 1
    desk.fake.cards[FIRST].state, desk.fake.cards[FIRST].stop = "suspended", "000020000000"
    desk.clock.advance(27 * HOUR)
    desk.poll()
    (told,) = desk.directives()
    assert (told["suspended"], told["arrears"]) == ("true", "true")


def test_a_busy_platform_is_left_in_peace_longer_each_time(desk: Desk) -> None:
    desk.fake.busy = 2
    assert desk.poll() == 0
    asked = len(desk.fake.asked)
    desk.clock.advance(30)
    assert desk.poll() == 0
    assert len(desk.fake.asked) == asked
    desk.clock.advance(31)
    desk.poll()
    desk.clock.advance(61)
    assert (desk.poll(), len(desk.fake.asked) > asked) == (0, True)
    desk.clock.advance(61)
    assert desk.poll() == 2
    state = asyncio.run(desk.book.accounts())[desk.account.name]
    assert (state.throttled, state.errors, state.failures, state.error, state.asked) == (2, 2, 0, "", 2)


def test_one_process_at_a_time_asks_an_account(desk: Desk) -> None:
    other = Poller(desk.book, [desk.account], desk.clock.wall)
    desk.poll()
    desk.clock.advance(27 * HOUR)
    desk.poll()
    desk.fake.asked.clear()
    assert asyncio.run(other.step(desk.account)) == 0
    asyncio.run(desk.poller.stop())
    desk.clock.advance(27 * HOUR)
    assert asyncio.run(other.step(desk.account)) == 2


def test_a_card_the_platform_does_not_know_keeps_nobody_else_from_being_asked_about(desk: Desk) -> None:
    asyncio.run(Registry(desk.store).put_card(STRANGE, {"account": desk.account.name}, BOSS))
    assert desk.poll() == 3
    assert "does not know" in desk.facts(STRANGE).error
    assert desk.facts().error == ""
    desk.clock.advance(7 * HOUR)
    assert desk.poll() == 1


def acts(desk: Desk) -> Acts:
    return Acts(desk.book, [desk.account])


def test_a_card_is_cut_off_once_however_often_it_is_asked_for(desk: Desk) -> None:
    for _ in range(3):
        done = asyncio.run(acts(desk).act(FIRST, "suspend", BOSS, "key-00001"))
        assert (done.state, desk.fake.cards[FIRST].state) == ("done", "suspended")
    assert sum("change/sim-status" in one for one in desk.fake.asked) == 1
    assert {"suspend", "suspend: done"} <= set(desk.trail())


def test_two_acts_on_a_card_are_half_an_hour_apart(desk: Desk) -> None:
    asyncio.run(acts(desk).act(FIRST, "suspend", BOSS, "key-00001"))
    with pytest.raises(StoreRefused, match="half hour"):
        asyncio.run(acts(desk).act(FIRST, "resume", Who("boss", NOW + 60), "key-00002"))
    done = asyncio.run(acts(desk).act(FIRST, "resume", Who("boss", NOW + 1801), "key-00002"))
    assert (done.state, desk.fake.cards[FIRST].state) == ("done", "active")


def test_a_card_that_is_so_already_is_left_alone(desk: Desk) -> None:
    assert asyncio.run(acts(desk).act(FIRST, "resume", BOSS, "key-00001")).state == "nothing"
    assert not any("change/sim-status" in one for one in desk.fake.asked)


def test_an_answer_that_never_came_leaves_the_act_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = desk.fake.answer
    monkeypatch.setattr(
        desk.fake, "answer", lambda method, target, *rest: (500, b"", "text/plain")
        if "order" in target else answer(method, target, *rest),
    )  # fmt: skip
    done = asyncio.run(acts(desk).act(FIRST, "order", BOSS, "key-00001", "0/2"))
    assert (done.state, "nobody knows" in done.detail) == ("begun", True)
    again = asyncio.run(acts(desk).act(FIRST, "order", BOSS, "key-00001", "0/2"))
    assert again == done


def test_acts_need_the_accounts_leave_a_card_in_sight_and_a_key_of_their_own(desk: Desk) -> None:
    shy = Opened(desk.account.name, desk.account.platform, desk.account.line)
    with pytest.raises(StoreRefused, match="may_act"):
        asyncio.run(Acts(desk.book, [shy]).act(FIRST, "suspend", BOSS, "key-00001"))
    stranger = Who("shop", NOW, Sight(False, frozenset({"another"})))
    with pytest.raises(StoreRefused, match="no such card"):
        asyncio.run(acts(desk).act(FIRST, "suspend", stranger, "key-00001"))
    with pytest.raises(BadValue):
        asyncio.run(acts(desk).act(FIRST, "suspend", BOSS, "short"))
    asyncio.run(acts(desk).act(FIRST, "suspend", BOSS, "key-00001"))
    with pytest.raises(StoreRefused, match="another act"):
        asyncio.run(acts(desk).act(SECOND, "suspend", BOSS, "key-00001"))


def test_a_portals_sheet_is_taken_whole_or_not_at_all(desk: Desk) -> None:
    good = {"iccid": FIRST, "已用流量": "5", "到期时间": "2027-06-30", "状态": "停机"}
    rows = [(2, good), (3, good | {"iccid": STRANGE})]
    assert asyncio.run(bring_in(desk.book, "portal", [*rows, (4, good | {"iccid": "x"})], BOSS)).errors
    assert asyncio.run(desk.book.card(FIRST)) is None
    taken = asyncio.run(bring_in(desk.book, "portal", rows, BOSS))
    assert (taken.cards, taken.told, taken.unknown) == (1, 1, (STRANGE,))
    assert desk.directives()[0]["expires_on"] == "2027-06-30"


def test_what_was_not_told_stays_as_it_was() -> None:
    was = Facts(FIRST, "a", 1, "active", used_bytes=7, quota_bytes=9, expires_on="2026-12-31")
    now = taken_in(FIRST, was, Standing("suspended"), Usage(8), None, asked_end=False, now=100, every_s=10)
    assert (now.state, now.used_bytes, now.quota_bytes, now.expires_on) == ("suspended", 8, 9, "2026-12-31")


def test_the_end_is_asked_for_weekly_and_daily_near_it() -> None:
    far = Facts(FIRST, "a", end_asked_at=NOW, expires_on="2027-12-31")
    near = Facts(FIRST, "a", end_asked_at=NOW, expires_on="2026-10-01")
    after = NOW + 86_400
    assert (wants_end(None, NOW), wants_end(far, after), wants_end(near, after)) == (True, False, True)
    assert wants_end(far, NOW + 8 * 86_400)


def test_use_is_news_when_it_has_moved_and_everything_is_after_a_week() -> None:
    told = {"used_bytes": "0", "quota_bytes": str(2**30)}
    known = Facts(FIRST, "a", 1, used_bytes=2**20, quota_bytes=2**30, told=told, told_at=NOW)
    moved = Facts(FIRST, "a", 1, used_bytes=2**26, quota_bytes=2**30, told=told, told_at=NOW)
    assert (is_news(known, NOW + 1), is_news(moved, NOW + 1), is_news(known, NOW + 8 * 86_400)) == (False, True, True)


def test_the_platforms_word_stands_for_three_days_then_the_newer_is_right() -> None:
    platform = Word("expires_on", "2026-12-31", "platform", NOW)
    sms = Word("expires_on", "2027-12-31", "carrier_sms", NOW + 86_400 // 2)
    later = Word("expires_on", "2028-12-31", "carrier_sms", NOW + 3 * 86_400)
    record = Word("expires_on", "2020-01-01", "record", None)
    assert best([record, sms, platform])["expires_on"] == platform == best([platform, sms, record])["expires_on"]
    assert best([platform, later])["expires_on"] == later
    assert platform.is_stale(NOW + 61 * 86_400)
    assert record.is_stale(NOW) is None
