"""A running Tideline of the test's own, people logged in to it, and pages drawn without a browser."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from accounts.cookies import cookie_name
from pages.ui import gate
from pages.ui.services import services
from scaling.services import Services
from storage.records import Chat, User
from tests.house.source import ROOT

SHELL = ROOT / "pages" / "ui" / "shell.py"
Draw = Callable[..., AppTest]


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The services that the pages use, over an empty database, with a demo model that does not dawdle."""
    monkeypatch.setenv("TIDELINE_DB", str(tmp_path / "data" / "tideline.db"))
    monkeypatch.setenv("TIDELINE_DEMO_FIRST_TOKEN_S", "0")
    monkeypatch.setenv("TIDELINE_DEMO_SECONDS_PER_WORD", "0")
    monkeypatch.setenv("TIDELINE_DEMO_ACCOUNTS", "true")
    services.clear()
    opened = services()
    opened.accounts.demo_accounts(local=True)
    yield opened
    opened.close()
    services.clear()
    gc.collect()


@pytest.fixture
def cookies(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The cookies that the browser sends, empty at first."""
    jar: dict[str, str] = {}
    monkeypatch.setattr(gate, "request_cookies", lambda: jar)
    return jar


@pytest.fixture
def log_in(running: Services, cookies: dict[str, str]) -> Callable[[str], User]:
    """Log a demo account in, in a slot of its own name."""

    def enter(username: str) -> User:
        user = running.accounts.demo_login(username, local=True)
        login = running.accounts.redeem_ticket(running.accounts.issue_ticket(user.id), username)
        cookies[cookie_name(username)] = login.session_token
        return user

    return enter


@pytest.fixture
def draw(running: Services, cookies: dict[str, str]) -> Draw:
    """Draw a page: the shell (which shows the chat), or a page's own script as if nothing had run before it."""

    def run(page: str = "", **params: str) -> AppTest:
        script = ROOT / "pages" / f"{page}.py" if page else SHELL
        app = AppTest.from_file(str(script), default_timeout=30)
        app.query_params.update(params)
        app.run()
        assert not app.exception
        return app

    return run


@pytest.fixture
def chat_of(running: Services) -> Callable[..., Chat]:
    """Make a chat of a person in which these texts were said and answered."""

    def make(user: User, *texts: str) -> Chat:
        from storage import chats

        chat = running.store.write(lambda db: chats.create(db, user.id, "Lunch", running.clock.now()))
        for text in texts:
            running.runner.submit(user.id, chat.id, text).result(20)
        return chat

    return make


def words(app: AppTest) -> str:
    """Return everything a page says, in one text."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.text, app.caption, app.error, app.warning)
    said = [element.value for kind in kinds for element in kind]
    html = (element.proto.body for element in app.get("html"))
    return "\n".join([*said, *(body for body in html if not body.startswith("<style"))])


def drawn(widgets: Any, name: str) -> Any:
    """Return the control of this name, under whatever number it is drawn."""
    return next(widget for widget in widgets if named(widget) == name)


def named(widget: Any) -> str:
    """Return the name of a control that is drawn under a number (see `pages.ui.knobs`)."""
    return str(widget.key or "").rpartition("_")[0]
