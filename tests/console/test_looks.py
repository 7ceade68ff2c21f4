"""What holds of every page: no serious fault for those who see or move otherwise; it fits the screen, and paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from central.words import Lang, verdicts
from tests.console import story

PAGES = {
    "now": "/", "terminals": "/terminals", "filtered": "/terminals?verdict=any&sort=used",
    "terminal": f"/terminals/{story.EXPIRED}", "fading": f"/terminals/{story.FADING}?days=30",
    "new": f"/terminals/{story.NEW}", "incidents": "/incidents", "alerts": "/alerts", "reports": "/reports",
    "none": "/terminals/none", "renewals": "/renewals", "hostile": f"/terminals/{story.HOSTILE}",
    "edit": f"/terminals/{story.HOSTILE}/edit", "search": f"/terminals?q={story.HOSTILE}",
    "ordered": f"/renewals/batches/{story.BATCH}", "paid": f"/renewals/batches/{story.PAID}",
    "platforms": "/renewals/platforms", "people": "/admin/users", "tokens": "/admin/tokens", "codes": "/admin/codes",
    "trail": "/admin/audit", "channels": "/admin/channels",
}  # fmt: skip
"""The desk's other pages are looked at in test_renewal_story.py."""
WIDTHS = (390, 820, 1920, 1280)
"""A phone, a tablet, a wall, a desk."""
BESIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_every_screen_and_has_no_serious_fault(page: Page, lang: Lang, name: str) -> None:
    theme = {"zh": "light", "en": "dark"}[lang]
    page.goto(f"{PAGES[name]}{'&' if '?' in PAGES[name] else '?'}theme={theme}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(BESIDE) <= 0, width
    assert serious_faults(page) == []


def serious_faults(page: Page) -> list[object]:
    """Of axe-core, with the elements they are at."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (one["id"], [node["target"] for node in one["nodes"]][:4])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", ["reports", "terminal"])
def test_a_printed_page_has_the_content_and_no_controls(page: Page, lang: Lang, name: str) -> None:
    page.emulate_media(media="print")
    page.goto(PAGES[name])
    assert page.locator("main h1").is_visible()
    assert not page.locator("header.top").is_visible()
    assert not [button for button in page.get_by_role("button").all() if button.is_visible()]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


TABLES = "() => [...document.querySelectorAll('main table')].filter(one => one.checkVisibility()).length"


@pytest.mark.parametrize("name", ["now", "terminals", "terminal", "renewals", "alerts", "ordered", "people", "trail"])
def test_every_table_of_a_page_is_on_its_paper(page: Page, lang: Lang, name: str) -> None:
    page.goto(PAGES[name])
    shown = page.evaluate(TABLES)
    page.emulate_media(media="print")
    assert page.evaluate(TABLES) == shown > 0


def test_a_phone_shows_who_is_ill_and_of_what_without_scrolling_sideways(page: Page, lang: Lang) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/terminals?verdict=any")
    for text in (story.EXHAUSTED, verdicts.title("plan.exhausted", lang)):
        box = page.locator("#list tbody").get_by_text(text, exact=True).first.bounding_box()
        assert box is not None
        assert box["x"] + min(box["width"], 40) <= 390, text
    page.goto("/")
    total = page.locator("#causes tbody tr b").first.bounding_box()
    assert total is not None
    assert total["x"] + total["width"] <= 390


def test_chinese_lines_do_not_break_inside_of_words_of_the_navigation(page: Page, lang: Lang) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/")
    heights = page.eval_on_selector_all(".menu a", "links => links.map(link => link.getClientRects().length)")
    assert set(heights) == {1}
