"""Makes docs/images/*.png: the console with the fleet that the browser tests walk through (tests/console/story.py).

python -m docs.screenshots [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from central.store.sqlite import SqliteStore
from tests.console import story
from tests.console.conftest import CHROMIUM, FLAGS, served

IMAGES = Path(__file__).with_name("images")
SHOTS = {
    "console-now": ("/", "en", "light", 1200, 760),
    "console-now-zh": ("/", "zh", "light", 1200, 760),
    "console-terminal-zh": (f"/terminals/{story.EXPIRED}", "zh", "light", 1200, 900),
    "console-terminal-dark": (f"/terminals/{story.FADING}", "en", "dark", 1200, 940),
    "console-phone-zh": (f"/terminals/{story.FADING}", "zh", "light", 390, 844),
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        store = SqliteStore(Path(name) / "central.db")
        with served(story.tell(store, Path(name))) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for shot, (path, lang, theme, width, height) in SHOTS.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                sign = "&" if "?" in path else "?"
                page.goto(f"{address}{path}{sign}lang={lang}&theme={theme}")
                page.screenshot(path=folder / f"{shot}.png")
                page.close()
            browser.close()
        store.close()


if __name__ == "__main__":
    main()
