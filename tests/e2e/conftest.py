"""Servers and browsers for the end-to-end tests. Without Chromium they are skipped, unless E2E_REQUIRED is set (as CI does)."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, Request, expect, sync_playwright

from tests.e2e.person import Person
from tests.e2e.server import AppServer

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = "Chromium is not installed; install it (`apt-get install chromium` or `playwright install chromium`) to run this test."
PATIENCE_MS = 30_000

OpenTab = Callable[[], Person]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of the folder; each test opens contexts (separate browsers, to the app) in it."""
    with sync_playwright() as playwright:
        executable = find_chromium(playwright)
        if executable is None:
            if os.environ.get("E2E_REQUIRED"):
                pytest.fail(NO_CHROMIUM)
            pytest.skip(NO_CHROMIUM)
        chromium = playwright.chromium.launch(executable_path=executable)
        expect.set_options(timeout=PATIENCE_MS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def quick_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose demo model answers at once. Tests share it, so each makes chats of its own."""
    yield from served(AppServer(tmp_path_factory.mktemp("quick")))


@pytest.fixture(scope="package")
def slow_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app whose demo model takes 0.3 s a word, for looking at an answer while it is being written."""
    yield from served(AppServer(tmp_path_factory.mktemp("slow"), {"TIDELINE_DEMO_SECONDS_PER_WORD": "0.3"}))


@pytest.fixture
def new_browser(browser: Browser) -> Iterator[Callable[[AppServer], BrowserContext]]:
    """Open a browser with no cookies of its own; at the end, nothing in it may have asked for anything beyond this machine."""
    contexts: list[BrowserContext] = []
    strangers: list[str] = []

    def open_browser(app: AppServer) -> BrowserContext:
        def watch(request: Request) -> None:
            if not request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
                strangers.append(request.url)

        context = browser.new_context(base_url=app.url, viewport={"width": 1440, "height": 900}, timezone_id="Europe/Berlin")
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", watch)
        contexts.append(context)
        return context

    yield open_browser
    for context in contexts:
        context.close()
    assert strangers == []


@pytest.fixture
def person(new_browser: Callable[[AppServer], BrowserContext]) -> Callable[[AppServer], Person]:
    """Open a browser of one's own with one tab in it."""
    return lambda app: Person(new_browser(app).new_page())


def served(server: AppServer) -> Iterator[AppServer]:
    server.wait_until_healthy()
    yield server
    server.stop()
    assert "Traceback" not in server.output, server.output


def find_chromium(playwright: Playwright) -> str | None:
    """Return the path of a Chromium: the system's, or the one that Playwright has downloaded."""
    for name in CHROMIUM_NAMES:
        if found := shutil.which(name):
            return found
    own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None
