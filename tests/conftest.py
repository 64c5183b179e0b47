"""What every test gets: an empty home, an empty working folder, and none of the developer's own settings or keys."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

from storage.database import Store
from tests.fakes import FakeClock
from tests.gemini_server.server import GeminiServer

BROWSER = Path(__file__).parent / "e2e"
FOREIGN_PREFIXES = ("TIDELINE_", "STREAMLIT_", "LANGSMITH_", "LANGCHAIN_")
FOREIGN_NAMES = ("GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY", "ANTHROPIC_API_KEY")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    """Where tests run on several workers (`-n 2`), give all of tests/e2e to one and the other tests, file by file, to the rest.

    Two browsers at once slow each other down until tests lose patience.
    """
    scheduling = LoadScopeScheduling(config, log)
    scheduling._split_scope = lambda nodeid: "browser" if nodeid.startswith("tests/e2e/") else nodeid.partition("::")[0]
    config.option.loadscopereorder = False
    return scheduling


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser's tests, which take longest, so that they do not come last."""
    items.sort(key=lambda item: BROWSER not in item.path.parents)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the worker that has the browser's tests go first where there are fewer processors than are wanted."""
    if "PYTEST_XDIST_WORKER" in os.environ and BROWSER not in item.path.parents and os.nice(0) == 0:
        os.nice(10)


@pytest.fixture(autouse=True)
def isolated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Run the test in a folder of its own (so `data/` and secrets.toml are its own too); return that folder."""
    for name in list(os.environ):
        if name.startswith(FOREIGN_PREFIXES) or name in FOREIGN_NAMES:
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / ".config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def clock() -> FakeClock:
    """A clock at 2026-03-02 09:00 UTC that moves only by `clock.advance(seconds)`."""
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty, migrated database of the test's own."""
    opened = Store.open(tmp_path / "data" / "tideline.db")
    yield opened
    opened.close()


@pytest.fixture
def gemini() -> Iterator[GeminiServer]:
    """A loopback server that speaks Gemini's REST protocol and answers what the test scripts."""
    server = GeminiServer()
    yield server
    server.close()
