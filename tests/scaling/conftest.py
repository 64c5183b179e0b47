"""The HTTP side of a running Tideline, asked in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route, Router
from starlette.testclient import TestClient

from accounts.cookies import cookie_name
from scaling import doors, gateway
from scaling.services import Services, build
from storage.records import User
from storage.settings import Settings
from tests.fakes import FakeClock

HOST = "http://localhost:8501"


class PlainHasher:
    """Hashes at once; for tests in which nobody types a password."""

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def check(self, password: str, hashed: str) -> bool:
        return hashed == f"plain:{password}"


@pytest.fixture
def services(tmp_path: Path, clock: FakeClock) -> Iterator[Services]:
    """Services over an empty database, with a demo model that does not dawdle."""
    settings = Settings(db=tmp_path / "tideline.db", demo_accounts=True, demo_first_token_s=0, demo_seconds_per_word=0)
    opened = build(settings, clock, PlainHasher())
    yield opened
    opened.close()


@pytest.fixture
def browser(services: Services) -> Iterator[TestClient]:
    """A browser on a page of this server: it sends the page's Origin."""
    entrance, api = Router(doors.routes(lambda: services, "1.2.3")), Router(gateway.routes(lambda: services))
    paths = {"/healthz": entrance, "/auth/{path:path}": entrance, "/api": api, "/api/{path:path}": api}
    app = Starlette(routes=[Route(path, room) for path, room in paths.items()])
    with TestClient(app, base_url=HOST, headers={"origin": HOST}) as client:
        yield client


@pytest.fixture
def log_in(services: Services, browser: TestClient) -> Callable[[str], User]:
    """Log a demo account in, in a slot of its own name."""

    def enter(username: str) -> User:
        user = services.accounts.demo_login(username, local=True)
        reply = browser.post("/auth/session", json={"ticket": services.accounts.issue_ticket(user.id), "slot": username})
        assert reply.status_code == 200
        assert cookie_name(username) in browser.cookies
        return user

    return enter
