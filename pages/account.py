"""My account: who I am here, my logins, the model that answers me and a key of my own for it, my password."""

import streamlit as st

from accounts.errors import AccountError, PasswordRefused
from pages.ui import own_key
from pages.ui.authenticator import PASSWORD_HELP
from pages.ui.formats import as_markdown, moment
from pages.ui.gate import require_login
from pages.ui.passage import enter, leave
from pages.ui.services import services
from pages.ui.watch import zone

viewer = require_login()
user, running = viewer.user, services()

st.title(as_markdown(user.display_name), anchor=False)
st.caption(f"{as_markdown(user.username)}, {user.role}, here since {moment(user.created_at, zone())}")

st.subheader("Logins", anchor=False)
st.write(f"This login ends by itself on {moment(viewer.login.expires_at, zone())}.")
with st.container(horizontal=True):
    if st.button("Log out", key="log_out", type="primary", icon=":material/logout:"):
        running.accounts.logout(viewer.login.session_token)
        leave(viewer.slot)
    if st.button("Log out everywhere", key="log_out_everywhere", help="Ends your logins in all browsers"):
        running.accounts.logout_everywhere(user.id)
        leave(viewer.slot)

own_key.draw(viewer)

st.subheader("Password", anchor=False)
if user.is_demo:
    st.write("A demo account has no password.")
    st.stop()
with st.form("password", border=False, clear_on_submit=True):
    old = st.text_input("Current password", type="password")
    new = st.text_input("New password", type="password", help=PASSWORD_HELP)
    again = st.text_input("New password again", type="password")
    asked = st.form_submit_button("Change password")
if asked:
    try:
        if new != again:
            raise PasswordRefused("The two new passwords differ. Type the same one twice.")
        with st.spinner("Changing your password"):
            running.accounts.change_password(user.id, old, new)
        enter(user)
    except AccountError as error:
        st.error(error.sentence)
