"""The technicians' table on paper, as Chromium prints it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from agent.assess.conditions import CATALOGUE

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["technicians.en.html", "technicians.zh.html"])
def test_the_technicians_table_prints_on_two_pages_of_a4(browser: Browser, name: str) -> None:
    page = browser.new_page()
    page.goto((DOCS / name).as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    sizes = {tuple(map(float, box.split())) for box in re.findall(rb"/MediaBox \[([^\]]*)\]", printed)}
    rows = page.locator("tbody tr").count()
    page.close()
    assert len(re.findall(rb"/Type /Page\b(?!s)", printed)) == 2
    assert all(abs(width - 595) < 2 and abs(height - 842) < 2 for _, _, width, height in sizes)
    assert rows == len(CATALOGUE)
