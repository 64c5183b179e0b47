"""The frame around every page, run by Streamlit at each rerun: look, login, navigation, then the page itself."""

import streamlit as st

from pages.ui import frame, nav
from pages.ui.gate import require_login
from pages.ui.services import services
from pages.ui.troubles import sentence
from pages.ui.turnstile import DRAWING
from storage.errors import StorageError

with DRAWING.turn():
    frame.begin()
    page = nav.open_page()
    try:
        services()
        viewer = require_login()
    except StorageError as error:
        st.error(sentence(error), icon=":material/database_off:")
        st.stop()
    frame.sidebar(viewer)
    page.run()
