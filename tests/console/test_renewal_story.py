"""A clerk's month in a real browser: who ends, the order, the payment and its invoice, what the terminals prove."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from central import words
from central.store.sqlite import SqliteStore
from central.words import Lang
from tests.central.browser import PASSWORD, add_user
from tests.central.helpers import Centre
from tests.central.renewals.desk_helpers import CARDS, Fleet, proof, wait
from tests.console.conftest import served

PAGES = ("", "/batches", "/batches/batch-0001", "/dead", "/history", "/stock", "/fit", "/costs", "/plans", "/holidays")
BESIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Desk:
    """A centre that is served, its fleet, and a thread beside Playwright's own loop."""

    def __init__(self, folder: Path, beside: ThreadPoolExecutor) -> None:
        self._beside = beside
        self.store = SqliteStore(folder / "central.db")
        self.fleet: Fleet = beside.submit(Fleet, self.store, 4).result()
        self.centre = Centre(self.store, clock=self.fleet.clock)

    def add_user(self, name: str, role: str) -> None:
        self._beside.submit(add_user, self.centre, name, role).result()

    def proved(self, number: int) -> None:
        self.fleet.later(0.002)
        self._beside.submit(self.fleet.say, f"t-{number}", proof(CARDS[number])).result()
        self._beside.submit(self.fleet.follow).result()

    def swapped(self, number: int) -> None:
        self._beside.submit(lambda: self.fleet.say(f"t-{number}", iccid=CARDS[5])).result()
        self._beside.submit(self.fleet.follow).result()

    def begun(self) -> None:
        self._beside.submit(self.fleet.paid).result()
        self.proved(0)
        self.swapped(1)
        self.fleet.later(2)
        pool = {"name": "共享池", "total_mb": 100, "ends_on": "2026-12-10"}
        self._beside.submit(lambda: wait(self.fleet.office.put_pool("p1", pool, self.fleet.who))).result()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ThreadPoolExecutor(1) as beside:
        made = Desk(tmp_path, beside)
        yield made
        made.store.close()


def test_a_clerk_renews_and_the_terminals_prove_it(browser: Browser, desk: Desk, lang: Lang, tmp_path: Path) -> None:
    def w(key: str, **values: object) -> str:
        return words.word(key, lang, **values)

    desk.add_user("grace", "clerk")
    invoice = tmp_path / "发票 12.pdf"
    invoice.write_bytes(b"%PDF-1.7 paid")
    with served(desk.centre) as url, browser.new_context(base_url=url, accept_downloads=True) as context:
        page = context.new_page()
        page.goto(f"/renewals?lang={lang}")
        page.locator('input[name="name"]').fill("grace")
        page.locator('input[type="password"]').fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        page.goto("/renewals")
        for number in range(2):
            page.get_by_label(f"t-{number} {CARDS[number]}").check()
        page.get_by_label(w("rn_title")).fill("December 十二月")
        page.get_by_role("button", name=w("rn_make")).click()
        expect(page.get_by_role("status")).to_have_text(w("rn_done_made"))
        with page.expect_download() as sheet:
            page.get_by_role("button", name="CSV").click()
        assert CARDS[0] in Path(sheet.value.path()).read_text(encoding="utf-8-sig")
        page.get_by_label(w("rn_reference")).first.fill("A-17")
        page.get_by_role("button", name=w("rn_mark_ordered")).click()
        page.get_by_label(w("rn_amount")).fill("72.00")
        page.get_by_role("button", name=w("rn_mark_paid")).click()
        expect(page.get_by_role("status")).to_have_text(w("rn_done_paid"))
        page.locator("#f-file").set_input_files(invoice)
        page.get_by_role("button", name=w("rn_upload")).click()
        with page.expect_download() as voucher:
            page.get_by_role("link", name="发票 12.pdf").click()
        assert Path(voucher.value.path()).read_bytes() == b"%PDF-1.7 paid"
        desk.proved(0)
        desk.swapped(1)
        page.reload()
        expect(page.locator("#prove b")).to_have_text("1")
        expect(page.get_by_text(w("rn_reason_wrong_card")).first).to_be_visible()
        page.get_by_label(f"{w('rn_act')} t-1 {CARDS[1]}").click()
        page.get_by_role("button", name=w("rn_verify")).click()
        expect(page.get_by_role("status")).to_have_text(w("rn_done_saved"))


def test_a_viewer_is_offered_nothing_to_change(browser: Browser, desk: Desk) -> None:
    desk.begun()
    desk.add_user("eve", "viewer")
    with served(desk.centre) as url, browser.new_context(base_url=url) as context:
        page = context.new_page()
        page.goto("/renewals/batches/batch-0001?lang=en")
        page.locator('input[name="name"]').fill("eve")
        page.locator('input[type="password"]').fill(PASSWORD)
        page.locator("main form button[type=submit]").first.click()
        for path in PAGES:
            page.goto(f"/renewals{path}")
            assert page.locator('main form[method="post"]').count() == 0, path
            assert page.locator('a[href^="/renewals/vouchers"]').count() == 0


def test_the_desk_s_pages_fit_and_are_for_everybody(browser: Browser, desk: Desk, lang: Lang) -> None:
    desk.begun()
    theme = {"zh": "light", "en": "dark"}[lang]
    with served(desk.centre) as url, browser.new_context(base_url=url) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(f"/renewals{path}?lang={lang}&theme={theme}")
            assert not serious(page), path
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(BESIDE) <= 0, (path, width)


def serious(page: Page) -> list[object]:
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:4])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
