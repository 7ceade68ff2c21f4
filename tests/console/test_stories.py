"""The operator's and the technician's day, walked through in a real browser, in both languages."""

import re
from urllib.parse import quote_plus

from playwright.sync_api import BrowserContext, Page, expect

from central import words
from central.words import Lang
from tests.central.helpers import Centre, batch, beat, record
from tests.console import story
from tests.console.conftest import apart

PRINTED = {
    "pos-0019": "pos-0019", "89860426000000000200": "pos-0019", "860000000000011": "pos-0011", "门店 02": "pos-0004",
}  # fmt: skip


def test_the_operator_sees_who_is_down_and_why(page: Page, lang: Lang) -> None:
    page.goto("/")
    page.get_by_role("link", name=words.word("tile_silent", lang)).click()
    expect(page).to_have_url("/terminals?status=silent")
    expect(page.get_by_role("link", name=story.EXPIRED)).to_be_visible()
    page.get_by_role("link", name=story.EXPIRED).click()
    for key in ("evidence", "first_steps", "tell_merchant", "timeline", "raw"):
        expect(page.get_by_role("heading", name=words.word(key, lang), exact=True)).to_be_visible()
    expect(page.get_by_text("运营商短信：您的套餐已于11月21日到期。").first).to_be_visible()


def test_an_incident_is_opened_with_its_members(page: Page, lang: Lang) -> None:
    page.goto("/")
    page.get_by_role("link", name=story.FALLEN_CELL).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.FALLEN_CELL)
    expect(page.locator("#members tbody tr")).to_have_count(8)
    page.get_by_role("link", name="pos-0032").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("pos-0032")


def test_the_technician_finds_a_terminal_by_whatever_is_printed_on_it(page: Page, lang: Lang) -> None:
    page.goto("/terminals")
    for asked, found in PRINTED.items():
        page.keyboard.press("/")
        page.keyboard.type(asked)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"q={re.escape(quote_plus(asked))}"))
        expect(page.get_by_role("row").filter(has_text=found)).to_be_visible()


def test_the_technician_asks_a_terminal_and_changes_his_mind(page: Page, lang: Lang) -> None:
    page.goto("/terminals/pos-0005")
    page.get_by_label(words.word("directive", lang), exact=True).select_option("run-diag")
    page.get_by_role("button", name=words.word("send", lang)).click()
    expect(page.get_by_role("status")).to_contain_text(words.word("asked_one", lang))
    page.locator("#directives").get_by_role("button", name=words.word("withdraw", lang)).click()
    expect(page.get_by_role("status")).to_contain_text(words.word("withdrawn", lang))


def test_many_are_asked_at_once(page: Page, lang: Lang) -> None:
    page.goto("/terminals?verdict=any")
    page.get_by_label(words.word("choose_all", lang)).check()
    shown = page.locator("tbody tr").count()
    expect(page.locator("[data-chosen]")).to_have_text(str(shown))
    page.get_by_label(words.word("choose_one", lang, terminal=story.FADING)).uncheck()
    page.locator("#f-kind").select_option("ask-balance")
    page.get_by_role("button", name=words.word("send", lang)).click()
    expect(page.get_by_role("status")).to_contain_text(words.word("asked_many", lang))
    expect(page).to_have_url(re.compile("verdict=any"))


def test_columns_sort_and_the_url_says_so(page: Page, lang: Lang) -> None:
    page.goto("/terminals?region=西南")
    page.get_by_role("link", name=words.word("col_used", lang), exact=True).click()
    expect(page).to_have_url(re.compile("region=.*sort=used"))
    expect(page.get_by_role("columnheader", name=words.word("col_used", lang))).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(page.locator("tbody tr").first).to_contain_text(story.EXHAUSTED)


def test_a_view_is_saved_and_found_again(page: Page, lang: Lang) -> None:
    name = f"view-{lang}"
    page.goto("/terminals?ends=7&sort=ends")
    page.get_by_text(words.word("keep_view", lang)).click()
    page.get_by_label(words.word("view_name", lang)).fill(name)
    page.get_by_role("button", name=words.word("save", lang), exact=True).click()
    page.goto("/terminals")
    page.get_by_role("link", name=name).click()
    expect(page).to_have_url(re.compile("ends=7"))
    page.get_by_text(words.word("keep_view", lang)).click()
    page.get_by_role("button", name=words.word("forget_view", lang, name=name)).click()
    expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_an_alert_is_acknowledged(page: Page, lang: Lang) -> None:
    page.goto("/alerts")
    row = page.get_by_role("row").filter(has_text={"zh": "pos-0004", "en": "pos-0005"}[lang]).first
    row.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text(words.word("acknowledged", lang))


def test_the_month_is_reported_by_shop_and_carrier(page: Page, lang: Lang) -> None:
    page.goto("/reports")
    expect(page.locator("#groups tbody tr").first).to_contain_text("门店 01")
    page.get_by_role("link", name=words.word("by_operator", lang)).click()
    expect(page.locator("#groups tbody tr").first).to_contain_text("CMCC")
    with page.expect_download() as download:
        page.get_by_role("link", name=words.word("export_csv", lang)).click()
    assert download.value.suggested_filename == "availability-2026-11-operator.csv"


def test_an_open_page_shows_what_happens_meanwhile(page: Page, fleet: Centre, lang: Lang) -> None:
    """The look that the page takes every ten seconds is taken at once when somebody comes back to it."""
    terminal = {"zh": "pos-0020", "en": "pos-0021"}[lang]
    page.goto("/")
    expect(page.locator("#changes")).not_to_contain_text(terminal)
    at = int(fleet.clock.wall())
    told = record(9000, **beat(verdict="sim.absent", severity="error"))
    changed = record(8999, "verdict", at, code="sim.absent", previous="ok", confidence="high", since=at)
    apart(lambda: fleet.post(batch(changed, told, sent_at=at, epoch=f"{int(terminal[4:]):016x}"), terminal))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#changes")).to_contain_text(terminal)


def test_language_and_theme_are_chosen_in_the_page_and_stay(page: Page, lang: Lang) -> None:
    page.goto("/terminals?status=up")
    page.locator("details.settings summary").click()
    page.get_by_role("link", name={"zh": "English", "en": "中文"}[lang]).click()
    other: Lang = "en" if lang == "zh" else "zh"
    expect(page.get_by_role("heading", level=1)).to_have_text(words.word("terminals", other))
    page.locator("details.settings summary").click()
    page.get_by_role("link", name=words.word("theme_dark", other)).click()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 20, 25)"


def test_everything_but_freshness_works_without_scripts(context: BrowserContext, lang: Lang, address: str) -> None:
    assert context.browser is not None
    plain = context.browser.new_context(base_url=address, java_script_enabled=False, locale="en-GB")
    page = plain.new_page()
    page.goto("/terminals?sort=used")
    page.get_by_role("link", name=story.EXHAUSTED).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(story.EXHAUSTED)
    plain.close()


def test_the_keyboard_reaches_the_content_first(page: Page, lang: Lang) -> None:
    page.goto("/terminals")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
