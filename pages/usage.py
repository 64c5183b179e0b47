"""usage"""

import streamlit as st

from pages.ui.gate import require_login

viewer = require_login()
st.header("usage")
st.write(viewer.user.display_name)
