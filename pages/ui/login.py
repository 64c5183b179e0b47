"""The login page: what this is, and the ways in. Proving who one is ends in a one-time ticket, which the browser turns into its cookie."""

import streamlit as st

from accounts.errors import AccountError, RegistrationRefused
from accounts.passwords import Pending
from pages.ui import hero
from pages.ui.authenticator import Registration, login_form, register_form
from pages.ui.formats import as_markdown, count
from pages.ui.frame import brand
from pages.ui.gate import SLOT, Viewer, is_local, known_viewers, was_logged_in
from pages.ui.passage import enter, reload
from pages.ui.services import services
from pages.ui.turnstile import DRAWING
from storage.records import User

SETUP = "setup"
POLL_S = 0.3
CLAIM = "Chat with an agent that remembers just enough."
LEAD = (
    "Tideline is a wellness coach with a capped memory: log meals and workouts, and watch what every message costs. "
    "Sending the whole history each time gets dearer by the day; a cap keeps the tide low."
)


def show() -> None:
    """Draw the login page; the caller ends the script after it."""
    if was_logged_in():
        reload()
        return
    st.html("<style>.stSidebar,[data-testid='stExpandSidebarButton']{display:none!important}</style>")
    left, right = st.columns([1.25, 1], gap="xlarge", vertical_alignment="center")
    with left:
        st.markdown(brand(), unsafe_allow_html=True)
        st.html(f'<h1 class="tl-claim">{CLAIM}</h1><p class="tl-lead">{LEAD}</p>')
        st.markdown(hero.picture(), unsafe_allow_html=True)
        st.caption(hero.caption())
    with right:
        token = st.query_params.get(SETUP)
        if token:
            _setup(token)
        else:
            _ways_in()


def wait_for(pending: Pending[User]) -> User:
    """Wait for a password to be hashed and return the person, saying how many are ahead."""
    DRAWING.leave()
    with st.spinner("Checking your password") as _:
        line = st.empty()
        while not pending.done:
            ahead = pending.ahead
            if ahead:
                line.caption(f"{count(ahead, 'person', 'people')} ahead of you")
            try:
                return pending.result(POLL_S)
            except TimeoutError:
                continue
        return pending.result()


def _ways_in() -> None:
    _continue_cards(known_viewers())
    log_in, join = st.tabs(["Log in", "Register"])
    with log_in:
        login_form(_log_in)
    with join:
        register_form(_register)
    _demo_cards()


def _log_in(username: str, password: str) -> None:
    try:
        enter(wait_for(services().accounts.start_login(username, password)))
    except AccountError as error:
        st.error(error.sentence)


def _register(typed: Registration) -> None:
    try:
        if typed.password != typed.repeated:
            raise RegistrationRefused("The two passwords differ. Type the same one twice.")
        accounts = services().accounts
        enter(wait_for(accounts.start_registration(typed.username, typed.display_name, typed.password, typed.class_code)))
    except AccountError as error:
        st.error(error.sentence)


def _continue_cards(viewers: list[Viewer]) -> None:
    for viewer in viewers:
        label = f"Continue as {as_markdown(viewer.user.display_name)}"
        if st.button(label, key=f"continue_{viewer.slot}", type="primary", width="stretch", icon=":material/arrow_forward:"):
            st.query_params[SLOT] = viewer.slot
            st.rerun()


def _demo_cards() -> None:
    local = is_local()
    people = services().accounts.demo_accounts(local=local)
    if not people:
        return
    st.caption("On this machine no password is needed. Two tabs can be two people.")
    with st.container(key="demo_cards"):
        for row in (people[:2], people[2:]):
            for column, user in zip(st.columns(2), row, strict=False):
                icon = ":material/school:" if user.role == "instructor" else ":material/person:"
                label = f"Chat as {as_markdown(user.display_name)}"
                if column.button(label, key=f"demo_{user.username}", icon=icon, width="stretch"):
                    enter(services().accounts.demo_login(user.username, local=local))


def _setup(token: str) -> None:
    """Draw the form that makes the first instructor."""
    if not services().accounts.is_setup_token(token):
        st.error("This setup link was used, replaced or is too old. Restart the server and open the link it prints.")
        return
    with st.form("setup"):
        st.subheader("Create the instructor's account")
        name = st.text_input("Your name")
        username = st.text_input("Username")
        password = st.text_input("Password", type="password")
        if not st.form_submit_button("Create account", type="primary"):
            return
    try:
        DRAWING.leave()
        with st.spinner("Creating the account"):
            user = services().accounts.create_instructor(token, username, name, password)
        enter(user)
    except AccountError as error:
        st.error(error.sentence)
