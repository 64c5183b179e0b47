"""The one set of services of this process, for the pages, the routes and the start of the server alike.

It lives in a module of its own because a cached resource is one object only where it is defined once: in app.py it would be two. The
rooms behind it take a second to import, so they are imported when the services are first asked for, beside the server's own start.
"""

from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.authenticator import LibraryHasher

if TYPE_CHECKING:
    from scaling.services import Services

LOAD_AFTER_S = 2.5
"""The login page comes first; the agent, which takes two seconds of a processor to load, after it."""


@st.cache_resource(show_spinner=False)
def services() -> "Services":
    """Return the running services, opening them at the first call.

    Raises StorageError when the database cannot be used; the next call tries again.
    """
    from scaling.services import build
    from storage.clock import SystemClock
    from storage.settings import load_settings

    return build(load_settings(_key_from_secrets()), SystemClock(), LibraryHasher(), load_after=LOAD_AFTER_S)


def _key_from_secrets() -> str | None:
    """Return GOOGLE_API_KEY of .streamlit/secrets.toml, None where there is no such file or line."""
    if not st.secrets.load_if_toml_exists():
        return None
    key = st.secrets.get("GOOGLE_API_KEY")
    return key if isinstance(key, str) else None
