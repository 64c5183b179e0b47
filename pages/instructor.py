"""instructor"""

import streamlit as st

from pages.ui.gate import require_login

viewer = require_login()
st.header("instructor")
st.write(viewer.user.display_name)
