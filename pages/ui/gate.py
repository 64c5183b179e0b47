"""Who is looking: every page asks here first, at every rerun, and goes no further without a login.

A login is an HttpOnly cookie named after a slot; the page's address says which slot (`?slot=alice`), so two people can use two tabs of
one browser. Nothing in session_state is proof of anything: it only remembers the slot and whom this tab was drawn for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from accounts.cookies import PREFIX, cookie_name, valid_slot
from accounts.locality import is_local_request
from accounts.service import Login
from pages.ui import tuning
from pages.ui.services import services
from storage.records import Role, User

SLOT = "slot"
OWNER = "drawn_for"


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person in front of this tab."""

    login: Login
    slot: str

    @property
    def user(self) -> User:
        """The account."""
        return self.login.user

    @property
    def id(self) -> str:
        """The account's id, with which every read and write is made."""
        return self.login.user.id


def require_login() -> Viewer:
    """Return who is looking; without a valid login, show the login page instead and end the script."""
    viewer = current_viewer()
    if viewer is None:
        from pages.ui import login

        login.show()
        st.stop()
    _keep(viewer)
    return viewer


def require_role(role: Role) -> Viewer:
    """As `require_login`, for one role only; anybody else is told so and the script ends."""
    viewer = require_login()
    if viewer.user.role != role:
        from pages.ui import nav

        st.subheader(f"This page is for the {role}")
        st.write(f"You are logged in as {viewer.user.display_name}. Your own figures are on the usage page.")
        nav.button("Go to my usage", "usage", viewer.slot)
        st.stop()
    return viewer


def current_viewer() -> Viewer | None:
    """Return whose login this tab carries, None when it carries none that is valid.

    Without a slot in the address, a browser with exactly one valid login needs none.
    """
    slot = asked_slot()
    if slot:
        return viewer_of(slot)
    known = known_viewers()
    return known[0] if len(known) == 1 else None


def asked_slot() -> str | None:
    """Return the slot that the address names, else the one this tab had before navigation dropped it from the address."""
    slot = st.query_params.get(SLOT) or st.session_state.get(SLOT)
    return slot if isinstance(slot, str) and valid_slot(slot) else None


def viewer_of(slot: str) -> Viewer | None:
    """Return the login in a slot's cookie, None when there is no valid one."""
    token = request_cookies().get(cookie_name(slot))
    login = services().accounts.who(token) if token else None
    return Viewer(login, slot) if login else None


def known_viewers() -> list[Viewer]:
    """Return every valid login among this browser's cookies."""
    names = (name.removeprefix(PREFIX) for name in request_cookies() if name.startswith(PREFIX))
    found = (viewer_of(slot) for slot in sorted(names) if valid_slot(slot))
    return [viewer for viewer in found if viewer]


def request_cookies() -> Mapping[str, str]:
    """Return the cookies that the browser sent when this tab connected."""
    return st.context.cookies.to_dict()


def is_local() -> bool:
    """Say whether this tab's request was made on the server's own machine."""
    headers = st.context.headers
    peer = st.context.ip_address or "127.0.0.1"  # Streamlit says None for a loopback peer
    return is_local_request(tuning.bound_address(), headers.get("Host"), peer, headers.to_dict())


def was_logged_in() -> bool:
    """Say whether this tab was drawn for somebody before: then its cookies are merely older than a login in another tab."""
    return OWNER in st.session_state


def _keep(viewer: Viewer) -> None:
    """Keep the slot in the address, and start afresh when another person's slot has come into this tab."""
    if st.session_state.get(OWNER, viewer.id) != viewer.id:
        st.session_state.clear()
    st.session_state[OWNER] = viewer.id
    st.session_state[SLOT] = viewer.slot
    if st.query_params.get(SLOT) != viewer.slot:
        st.query_params[SLOT] = viewer.slot
