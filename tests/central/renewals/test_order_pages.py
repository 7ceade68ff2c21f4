"""Ordering at a carrier's platform, its page and its test button, as a clerk meets them; and who may not."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from central import words
from central.accounts.people import EVERYTHING
from central.accounts.sight import Sight
from central.config import PlatformAccount, Settings
from central.platforms.acts import Acts
from central.platforms.base import CardId, PlatformError
from central.platforms.book import Book
from central.platforms.check import check
from central.platforms.opening import opened
from central.renewals import rules
from central.renewals.errands import Errands
from tests.central.browser import Browser, signed_in
from tests.central.helpers import Answer, Centre, a_store
from tests.central.renewals.desk_helpers import CARDS, Fleet, wait
from tests.fakes.platforms import FakeCard, FakeJasper

ACCOUNT, BATCH = "主账户", "/renewals/batches/batch-0001"
FORM = {"content-type": "application/x-www-form-urlencoded"}
EVIL = "<script>alert(1)</script>"


class Desk:
    def __init__(self, centre: Centre, fleet: Fleet, fake: FakeJasper) -> None:
        self.centre, self.fleet, self.fake = centre, fleet, fake
        fleet.batch()

    def carry(self) -> None:
        errands = Errands(
            self.fleet.store, Acts(Book(self.fleet.store), opened(self.centre.settings)), self.fleet.clock.wall
        )
        while wait(errands.step(ACCOUNT)):
            pass

    def post(self, path: str, page: str = BATCH, **fields: str) -> Answer:
        found = re.search(r'name="csrf" value="([^"]+)"', self.centre.get(page).text)
        assert found
        return self.centre.ask("POST", path, FORM, (urlencode({"csrf": found[1]} | fields).encode(),))

    def renewal(self, terminal: str = "t-0") -> str:
        return wait(self.fleet.office.book.renewals(terminal=terminal))[0].id

    def api(self, path: str, **body: str) -> Answer:
        kind = {"content-type": "application/json"}
        return self.centre.ask("POST", f"/api/v1/renewals/{path}", kind, (json.dumps(body).encode(),))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_store(tmp_path / "central.db") as store, FakeJasper() as fake:
        fake.add(*(FakeCard(iccid) for iccid in CARDS[:3]))
        secret = tmp_path / "secret"
        secret.write_text(fake.secret)
        account = PlatformAccount(
            kind="jasper", url=fake.url, user=fake.user, secret_file=str(secret), calls_per_second=100,
            calls_per_day=10_000_000, may_act=True,
        )  # fmt: skip
        fleet = Fleet(store)
        yield Desk(Centre(store, Settings(platforms={ACCOUNT: account}), clock=fleet.clock), fleet, fake)


def test_a_clerk_orders_a_batch_at_the_platform_and_sees_it_taken(desk: Desk) -> None:
    assert "在运营商平台下单" in desk.centre.get(f"{BATCH}?lang=zh").text
    assert desk.post(f"{BATCH}/order-there").status == 303
    assert not [line for line in desk.fake.asked if line.startswith("PUT")], "no page waits for a platform"
    waiting = desk.centre.get(f"{BATCH}?lang=zh").text
    assert ("排队下单 3" in waiting, "已在运营商下单" in waiting) == (True, False)
    desk.carry()
    taken = desk.centre.get(f"{BATCH}?lang=zh").text
    assert ("平台已受理 3" in taken, "在运营商平台下单" in taken) == (True, False)
    assert CARDS[0] not in desk.centre.get(f"{BATCH}/order.csv").text, "who is ordered for is not on the sheet too"
    assert desk.post(f"{BATCH}/order-there").status == 409


def test_what_was_refused_is_shown_with_its_reason_and_two_ways_on(desk: Desk) -> None:
    desk.fake.cards.clear()
    desk.post(f"{BATCH}/order-there")
    desk.carry()
    page = desk.centre.get(f"{BATCH}?lang=en").text
    for text in (
        "Refused by the platform",
        "does not know this card",
        "Nothing was ordered",
        "order again",
        "It was ordered",
    ):
        assert text in page, text
    assert desk.post(f"/renewals/cards/{desk.renewal()}/ordered").status == 303
    assert desk.fleet.state("t-0") == "ordered"
    assert desk.post(f"/renewals/cards/{desk.renewal('t-1')}/again").status == 303
    desk.fake.add(FakeCard(CARDS[1]))
    desk.carry()
    assert desk.fleet.state("t-1") == "ordered"
    assert desk.post(f"/renewals/cards/{desk.renewal('t-1')}/again").status == 409


def test_the_same_over_the_api(desk: Desk) -> None:
    assert desk.api("batches/batch-0001/order-there").json == {"asked": 3}
    desk.fake.cards.pop(CARDS[2])
    desk.carry()
    orders = {one["terminal"]: one for one in desk.centre.get("/api/v1/renewals/batches/batch-0001").json["orders"]}
    assert [orders[f"t-{number}"]["state"] for number in range(3)] == ["done", "done", "failed"]
    assert "held_until" not in orders["t-0"]
    assert desk.api(f"{desk.renewal('t-2')}/again").status == 200
    assert desk.api(f"{desk.renewal('t-2')}/ordered").json["error"]["code"] == "refused"
    assert desk.api("batches/nothing-1/order-there").status == 404


def test_the_page_of_platforms_tells_how_each_goes_and_tests_one(desk: Desk) -> None:
    page = desk.centre.get("/renewals/platforms?lang=en").text
    assert (ACCOUNT in page, "not asked yet" in page, "0 / 3" in page) == (True, True, True)
    good = desk.post("/renewals/platforms?lang=en", "/renewals/platforms", account=ACCOUNT, iccid=CARDS[1])
    assert (good.status, CARDS[1] in good.text, "active" in good.text) == (200, True, True)
    desk.fake.busy = 5
    bad = desk.post("/renewals/platforms", "/renewals/platforms", account=ACCOUNT)
    assert (bad.status, "notice bad" in bad.text) == (502, True)
    assert desk.post("/renewals/platforms", "/renewals/platforms", account="nobody").status == 404


def test_a_platform_that_is_slow_is_tried_out_by_one_at_a_time(desk: Desk) -> None:
    (account,) = opened(desk.centre.settings)
    with account.line.tested, pytest.raises(PlatformError, match="asked already"):
        wait(check(account, CardId(CARDS[0])))
    assert wait(check(account, CardId(CARDS[0])))["known"]
    assert account.line.tested.acquire(blocking=False), "given back"


def test_what_a_platform_says_is_text(desk: Desk) -> None:
    asyncio.run(Book(desk.fleet.store).claim(ACCOUNT, "x", 1))
    asyncio.run(Book(desk.fleet.store).failed(ACCOUNT, 1, desk.fleet.now, EVIL, throttled=False))
    facts = (
        "INSERT INTO card_facts (iccid, account, state, said, error, reasons) VALUES (?, ?, 'active', ?, ?, 'arrears')"
    )
    wait(desk.fleet.store.write(lambda session: session.run(facts, (CARDS[0], ACCOUNT, EVIL, EVIL))))
    for path in ("/renewals/platforms", "/terminals/t-0"):
        page = desk.centre.get(path).text
        assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("technician", 403), ("clerk", 303), ("admin", 303)])
def test_only_who_renews_orders(desk: Desk, role: str, status: int) -> None:
    bob = signed_in(desk.centre, "bob", role)
    page = bob.get(f"{BATCH}?lang=en")
    assert ("Order at the platform" in page.text) is (status == 303)
    bob.get("/terminals")
    assert bob.post(f"{BATCH}/order-there").status == status
    assert bob.post("/renewals/platforms", {"account": ACCOUNT}).status == (200 if status == 303 else 403)


def test_a_clerk_of_one_merchant_neither_orders_nor_tests_for_all(desk: Desk) -> None:
    bob: Browser = signed_in(desk.centre, "bob", "clerk", Sight(merchants=frozenset({"m1"})))
    assert ACCOUNT not in bob.get("/renewals/platforms").text
    bob.get("/renewals")
    assert bob.post("/renewals/platforms", {"account": ACCOUNT}).status == 404
    assert bob.post(f"{BATCH}/order-there").status == 409
    for act in ("again", "ordered"):
        assert bob.post(f"/renewals/cards/{desk.renewal('t-0')}/{act}").status == 404
    assert desk.fleet.state("t-0") == "due"
    assert EVERYTHING.everything


@pytest.mark.parametrize("lang", words.LANGS)
@pytest.mark.parametrize("reason", rules.REASONS)
def test_every_reason_stands_with_its_next_step_on_batch_and_queue(desk: Desk, lang: words.Lang, reason: str) -> None:
    fleet = desk.fleet
    wait(fleet.office.book.order("batch-0001", "A-1", fleet.who))
    wait(fleet.office.book.pay("batch-0001", "pay-0001", "90.00", fleet.who))
    wait(fleet.office.book.fail(desk.renewal(), reason, "", fleet.who))
    fleet.later(2)
    for path in (BATCH, "/renewals/dead"):
        page = desk.centre.get(f"{path}?lang={lang}").text
        for key in ("reason", "next"):
            assert words.word(f"rn_{key}_{reason}", lang) in page.replace("&#39;", "'")
