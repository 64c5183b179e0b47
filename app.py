"""The one entry: `streamlit run app.py`. Joins the pages, the HTTP routes and the start and stop of the server; nothing else."""

from pathlib import Path

import streamlit as st

from pages.ui.server import lifespan, routes
from pages.ui.troubles import on_script_error

SHELL = Path(__file__).resolve().parent / "pages" / "ui" / "shell.py"

app = st.App(SHELL, routes=routes(), lifespan=lifespan, on_script_error=on_script_error)
