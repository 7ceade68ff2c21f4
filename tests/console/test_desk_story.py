"""A clerk orders at the carrier's platform and moves a card, in a real browser, in both languages."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from central import words
from central.config import PlatformAccount, Settings
from central.platforms.acts import Acts
from central.platforms.book import Book
from central.platforms.opening import opened
from central.renewals.errands import Errands
from central.store.sqlite import SqliteStore
from central.words import Lang
from tests.central.browser import PASSWORD, add_user
from tests.central.helpers import Centre
from tests.central.renewals.desk_helpers import CARDS, Fleet, wait
from tests.console.conftest import served
from tests.fakes.platforms import FakeCard, FakeJasper

ACCOUNT = "主账户"


class Desk:
    """A centre whose cards are at a fake platform, with a thread beside the browser's own loop."""

    def __init__(self, folder: Path, fake: FakeJasper, beside: ThreadPoolExecutor) -> None:
        (folder / "secret").write_text(fake.secret)
        account = PlatformAccount(
            kind="jasper", url=fake.url, user=fake.user, secret_file=str(folder / "secret"), may_act=True,
            calls_per_second=100, calls_per_day=10_000_000,
        )  # fmt: skip
        self.beside, self.store = beside, SqliteStore(folder / "central.db")
        self.fleet: Fleet = beside.submit(Fleet, self.store, 2).result()
        self.centre = Centre(self.store, Settings(platforms={ACCOUNT: account}), clock=self.fleet.clock)
        beside.submit(self.fleet.batch).result()
        beside.submit(add_user, self.centre, "grace", "clerk").result()

    def carry(self) -> None:
        acts = Acts(Book(self.store), opened(self.centre.settings))
        errands = Errands(self.store, acts, self.fleet.clock.wall)
        while self.beside.submit(lambda: wait(errands.step(ACCOUNT))).result():
            pass


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with FakeJasper() as fake, ThreadPoolExecutor(1) as beside:
        fake.add(FakeCard(CARDS[0]))
        made = Desk(tmp_path, fake, beside)
        yield made
        made.store.close()


def come_in(page: Page, path: str, lang: Lang) -> None:
    page.goto(f"{path}?lang={lang}")
    page.locator('input[name="name"]').fill("grace")
    page.locator('input[type="password"]').fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_a_clerk_orders_at_the_platform_and_settles_what_it_refused(browser: Browser, desk: Desk, lang: Lang) -> None:
    def w(key: str) -> str:
        return words.word(key, lang)

    with served(desk.centre) as url, browser.new_context(base_url=url) as context:
        page = context.new_page()
        come_in(page, "/renewals/batches/batch-0001", lang)
        page.get_by_role("button", name=w("rn_order_there")).click()
        expect(page.get_by_role("status").first).to_have_text(w("rn_done_sent"))
        expect(page.get_by_text(f"{w('rn_there_waiting')} 2")).to_be_visible()
        desk.carry()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_text(f"{w('rn_there_failed')} 1")).to_be_visible()
        page.reload()
        page.get_by_label(f"{w('rn_act')} t-1 {CARDS[1]}").click()
        page.locator("#cards").get_by_role("button", name=w("rn_was_ordered")).click()
        expect(page.get_by_text(f"{w('rn_ordered')} 2")).to_be_visible()


def test_a_card_that_may_be_bound_is_moved_only_after_the_warning(browser: Browser, desk: Desk, lang: Lang) -> None:
    with served(desk.centre) as url, browser.new_context(base_url=url) as context:
        page = context.new_page()
        come_in(page, "/terminals/t-0/edit", lang)
        page.locator("#card input[name=iccid]").fill(CARDS[1])
        page.locator("#card button[type=submit]").click()
        expect(page.get_by_text(words.word("bound_was_in", lang, terminal="t-1"))).to_be_visible()
        page.get_by_role("button", name=words.word("bound_sure", lang)).click()
        expect(page.get_by_role("status")).to_have_text(words.word("saved", lang))
        expect(page.locator("#card input[name=iccid]")).to_have_value(CARDS[1])
