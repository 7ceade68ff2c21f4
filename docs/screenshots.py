"""Makes docs/images/*.png: the console of `posagent demo`, once its story is told to the end.

python -m docs.screenshots [FOLDER]
"""

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from central.past import desk, terminals
from tests.console.conftest import CHROMIUM, FLAGS

IMAGES = Path(__file__).with_name("images")
Shot = tuple[str, str, str, int, int]
"""Page, language, colours, width, height."""
SHOTS: dict[str, Shot] = {
    "now-en": ("/", "en", "light", 1200, 800),
    "now-zh": ("/", "zh", "light", 1200, 800),
    "terminal-en": (f"/terminals/{terminals.EXPIRED}", "en", "light", 1200, 900),
    "terminal-zh": (f"/terminals/{terminals.EXPIRED}", "zh", "light", 1200, 900),
    "dark-en": (f"/terminals/{terminals.FADING}", "en", "dark", 1200, 940),
    "phone-zh": (f"/terminals/{terminals.FADING}", "zh", "light", 390, 844),
    "order-zh": (f"/renewals/batches/{desk.BATCH}", "zh", "light", 1200, 900),
    "proved-en": ("/renewals/batches/{batch}", "en", "light", 1200, 640),
    "proved-zh": ("/renewals/batches/{batch}", "zh", "light", 1200, 640),
}
PATIENCE_S = 600.0


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with the_demo() as (address, batch), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take(browser, address, batch, folder)
        browser.close()


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


def take(browser: Browser, address: str, batch: str, folder: Path) -> None:
    for shot, (path, lang, theme, width, height) in SHOTS.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{address}{path.format(batch=batch)}?lang={lang}&theme={theme}")
        page.screenshot(path=folder / f"{shot}.png")
        page.close()


if __name__ == "__main__":
    main()
