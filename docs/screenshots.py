"""Makes docs/images/*.png: the console of `posagent demo` once its story is told, and the console with the fleet that
the browser tests walk through (tests/console/story.py).

python -m docs.screenshots [FOLDER]
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from central.store.sqlite import SqliteStore
from tests.console import desk_story, story
from tests.console.conftest import CHROMIUM, FLAGS, served

IMAGES = Path(__file__).with_name("images")
Shot = tuple[str, str, str, int, int]
SHOTS: dict[str, Shot] = {
    "console-now": ("/", "en", "light", 1200, 760),
    "console-now-zh": ("/", "zh", "light", 1200, 760),
    "console-terminal-zh": (f"/terminals/{story.EXPIRED}", "zh", "light", 1200, 900),
    "console-terminal-dark": (f"/terminals/{story.FADING}", "en", "dark", 1200, 940),
    "console-phone-zh": (f"/terminals/{story.FADING}", "zh", "light", 390, 844),
    "console-order-zh": (f"/renewals/batches/{desk_story.BATCH}", "zh", "light", 1200, 1080),
}
DEMO_SHOTS: dict[str, Shot] = {
    "demo-terminal-zh": ("/terminals/demo-pos-1?days=1", "zh", "light", 1200, 900),
    "demo-renewal": ("/renewals/batches/{batch}", "en", "light", 1200, 640),
}
PATIENCE_S = 300.0


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with the_story() as fleet, the_demo() as (demo, batch), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take(browser, fleet, SHOTS, folder)
        take(browser, demo, DEMO_SHOTS, folder, batch)
        browser.close()


@contextmanager
def the_story() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        store = SqliteStore(Path(name) / "central.db")
        with served(story.tell(store, Path(name))) as address:
            yield address
        store.close()


@contextmanager
def the_demo() -> Iterator[tuple[str, str]]:
    """The demo's address and its batch, once the terminal has proved the renewal."""
    words = [sys.executable, "-m", "agent.cli", "demo", "--lang", "zh"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as demo:
        try:
            address = next(found[0] for line in demo.stdout or () if (found := re.search(r"http://127[^/\s]+", line)))
            yield address, proved(address)
        finally:
            demo.terminate()


def proved(address: str) -> str:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with urllib.request.urlopen(f"{address}/api/v1/renewals?renewal_state=proved") as answer:  # noqa: S310 - ours
            found = json.load(answer)["renewals"]
        if found:
            return str(found[0]["batch"])
        time.sleep(1)
    raise SystemExit("the demo's story did not come to its end")


def take(browser: Browser, address: str, shots: dict[str, Shot], folder: Path, batch: str = "") -> None:
    for shot, (path, lang, theme, width, height) in shots.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        sign = "&" if "?" in path else "?"
        page.goto(f"{address}{path.format(batch=batch)}{sign}lang={lang}&theme={theme}")
        page.screenshot(path=folder / f"{shot}.png")
        page.close()


if __name__ == "__main__":
    main()
