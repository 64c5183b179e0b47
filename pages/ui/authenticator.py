"""streamlit-authenticator as Tideline uses it: its forms and its hashing, not its sessions.

Its own cookie can be read by scripts and cannot be revoked, and what it leaves in session_state is no proof of anything, so neither is
used: the forms hand over what was typed, and who somebody is comes from the HttpOnly cookie alone (pages/ui/gate.py). The library takes
half a second to import, so it is imported when first needed and, at start, in the background.
"""

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OnLogin = Callable[[str, str], None]
"""Takes username and password."""
OnRegister = Callable[["Registration"], None]

PASSWORD_HELP = "At least 8 characters. Long is better than complicated."
NOISY = "streamlit.runtime.scriptrunner_utils.script_run_context"


@dataclass(frozen=True, slots=True)
class Registration:
    """What was typed into the registration form."""

    display_name: str
    username: str
    password: str
    repeated: str
    class_code: str


class LibraryHasher:
    """The library's bcrypt hashing, for accounts.passwords."""

    def hash(self, password: str) -> str:
        """Return a salted bcrypt hash; takes a quarter of a second."""
        from streamlit_authenticator.utilities import Hasher

        return str(Hasher.hash(password))

    def check(self, password: str, hashed: str) -> bool:
        """Say whether `hashed` was made of `password`; takes a quarter of a second."""
        from streamlit_authenticator.utilities import Hasher

        return bool(Hasher.check_pw(password, hashed))


class _NoCookies:
    """Stands where the library would keep its own cookie: there is never one to read, and none is set."""

    def get_cookie(self) -> None:
        """Return no cookie."""


class _LoginDesk:
    """Called by the library's login form when it is submitted."""

    def __init__(self, on_login: OnLogin) -> None:
        self._on_login = on_login

    def login(self, username: str, password: str, *_: Any, **__: Any) -> bool:
        """Hand over what was typed; True would only make the library set its own cookie."""
        self._on_login(username, password)
        return False


class _RegisterDesk:
    """Called by the library's registration form when it is submitted; its field for an e-mail address asks for the class code."""

    def __init__(self, on_register: OnRegister) -> None:
        self._on_register = on_register

    def register_user(
        self, first: str, last: str, code: str, username: str, password: str, repeated: str, *_: Any
    ) -> tuple[None, None, None]:
        """Hand over what was typed."""
        self._on_register(Registration(f"{first} {last}".strip(), username, password, repeated, code))
        return None, None, None


def login_form(on_login: OnLogin) -> None:
    """Draw the library's login form; `on_login` is called with what was typed when it is submitted."""
    fields = {"Form name": "Welcome back", "Username": "Username", "Password": "Password", "Login": "Log in"}
    _forms(_LoginDesk(on_login)).login(location="main", key="login", fields=fields)


def register_form(on_register: OnRegister) -> None:
    """Draw the library's registration form; `on_register` is called with what was typed when it is submitted."""
    fields = {
        "Form name": "Join your class",
        "First name": "First name",
        "Last name": "Last name (optional)",
        "Email": "Class code",
        "Username": "Username",
        "Password": "Password",
        "Repeat password": "Password again",
        "Register": "Create my account",
    }
    forms = _forms(_RegisterDesk(on_register))
    forms.register_user(location="main", key="register", fields=fields, captcha=False, password_hint=False)


def warm_up() -> None:
    """Import the library ahead of the first login. It talks to Streamlit at import, which complains that there is no page: hushed."""
    complaints = logging.getLogger(NOISY)
    level = complaints.level
    complaints.setLevel(logging.ERROR)
    try:
        importlib.import_module("streamlit_authenticator")
    finally:
        complaints.setLevel(level)


def _forms(desk: _LoginDesk | _RegisterDesk) -> Any:
    """Return the library's views over `desk`, made without their constructor, which would put a cookie component into the page."""
    from streamlit_authenticator.views import Authenticate

    forms = Authenticate.__new__(Authenticate)
    forms.path = None
    forms.attrs = {"login_sleep_time": 0, "password_instructions": PASSWORD_HELP}
    forms.cookie_controller = _NoCookies()
    forms.authentication_controller = desk
    return forms
