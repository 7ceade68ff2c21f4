"""A centre with a fleet that has two weeks behind it, served on a free port, and Debian's Chromium to look at it."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from central.store.sqlite import SqliteStore
from tests.central.helpers import Centre
from tests.console import story

T = TypeVar("T")
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip

expect.set_options(timeout=30_000)  # a loaded machine is slow; what never comes fails all the same


@contextmanager
def served(centre: Centre) -> Iterator[str]:
    """The centre's address while it answers, from a thread of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(centre.app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(60)
        listening.close()


def apart(work: Callable[[], T]) -> T:
    """In a thread of its own: the browser's library keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("console")
    store = SqliteStore(folder / "central.db")
    try:
        yield apart(lambda: story.tell(store, folder))
    finally:
        store.close()


@pytest.fixture(scope="session")
def address(fleet: Centre) -> Iterator[str]:
    with served(fleet) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the session: its library keeps an event loop in this thread as long as it lives, and others want one."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def context(browser: Browser, address: str, lang: str) -> Iterator[BrowserContext]:
    """Somebody at this machine, whose browser wishes `lang`."""
    made = browser.new_context(base_url=address, locale={"zh": "zh-CN", "en": "en-GB"}[lang])
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An error in the browser's console, such as of the content security policy, fails the test."""
    complaints: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield opened
    assert not [complaint for complaint in complaints if "status of 404" not in complaint]
