"""A bare page behind the same two settings as Tideline, so that only the page differs."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

from pages.ui import tuning


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Set TCP_NODELAY and freeze the garbage collector as Tideline does."""
    tuning.send_at_once()
    housekeeper = tuning.Housekeeper()
    housekeeper.start()
    yield
    housekeeper.close()


app = st.App(Path(__file__).resolve().parent / os.environ.get("BARE_PAGE", "bare_page.py"), lifespan=lifespan)
