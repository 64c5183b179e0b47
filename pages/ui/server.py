"""Start and stop of the server, and the routes beside the pages. app.py hands both to Streamlit.

A person who starts the app waits for the login page, so nothing here that takes long to import is imported before the server listens:
the HTTP routes load at their first request, the services in a thread beside the start.
"""

import asyncio
import importlib
import logging
import sys
import threading
import tomllib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from accounts.locality import is_local_address
from pages.ui import authenticator, tuning
from pages.ui.services import services
from storage.errors import StorageError

CHARTS_AFTER_S = 5.0
"""Charts are on no first page, so their library is imported when the agent has been."""
PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
log = logging.getLogger("tideline")


class Late:
    """An ASGI app that is made at its first request."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if self._app is None:
            self._app = await run_in_threadpool(self._make)
        await self._app(scope, receive, send)


def routes() -> Sequence[BaseRoute]:
    """Return every route that is not a page."""
    doors, api = Late(_doors), Late(_api)
    paths = {"/healthz": doors, "/auth/{path:path}": doors, "/api": api, "/api/{path:path}": api}
    return [Route(path, app) for path, app in paths.items()]


def version() -> str:
    """Return Tideline's version."""
    return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Open the services when the server starts and close them when it ends.

    A database that cannot be opened does not keep the server from starting: every page and /healthz say what is wrong.
    """
    tuning.send_at_once()
    housekeeper = tuning.Housekeeper()
    housekeeper.start()
    opening = Opening()
    opening.start()
    try:
        yield
    finally:
        housekeeper.close()
        await asyncio.to_thread(opening.undo)


class Opening(threading.Thread):
    """Opens the services beside the server's own start, then imports what the first visitors would wait for."""

    def __init__(self) -> None:
        super().__init__(name="tideline-opening", daemon=True)
        self._ending = threading.Event()

    def run(self) -> None:
        """Open the services and, where nobody could log in, print the link that makes the instructor."""
        try:
            running = services()
            offer_setup(running.accounts.setup_link_token)
        except StorageError as error:
            log.critical(error.sentence)
        authenticator.warm_up()
        if not self._ending.wait(CHARTS_AFTER_S):
            importlib.import_module("plotly.graph_objects")

    def undo(self) -> None:
        """Close the services, if they were ever opened."""
        self._ending.set()
        self.join(timeout=5)
        try:
            services().close()
        except StorageError as error:
            log.info("There is no database to close: %s", error.sentence)


def offer_setup(setup_link_token: Callable[..., str | None]) -> None:
    """Print the one-time link that makes the first instructor, where nobody could log in otherwise."""
    address = tuning.bound_address()
    token = setup_link_token(local=is_local_address(address))
    if token:
        name = "localhost" if address in (None, "::", "0.0.0.0") else address
        link = f"http://{name}:{st.get_option('server.port')}/?setup={token}"
        sys.stdout.write(f"\n  Nobody can log in yet. Create the instructor's account within 24 hours at\n  {link}\n\n")
        sys.stdout.flush()


def _doors() -> ASGIApp:
    from scaling import doors

    return Router(doors.routes(services, version()))


def _api() -> ASGIApp:
    from scaling import gateway

    return Router(gateway.routes(services))
