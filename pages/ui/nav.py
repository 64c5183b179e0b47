"""The pages there are, and moving between them. Streamlit's own navigation is hidden: following its links would drop the slot."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.formats import as_markdown
from storage.records import Role, User

MADE = "pages"
FOLDER = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Place:
    """A page: the name of its script in pages/, its title and icon, and the role it is for (None: everybody logged in)."""

    name: str
    title: str
    icon: str
    role: Role | None = None
    url: str | None = None


PLACES = (
    Place("chat", "Chat", ":material/chat_bubble:", url=""),
    Place("usage", "Usage", ":material/monitoring:"),
    Place("memory_lab", "Memory lab", ":material/science:"),
    Place("simulator", "Simulator", ":material/show_chart:"),
    Place("instructor", "Class", ":material/groups:", role="instructor"),
    Place("account", "Account", ":material/person:"),
)


def open_page() -> st.Page:
    """Tell Streamlit which pages there are and return the one that the address names."""
    return st.navigation(list(_pages().values()), position="hidden")


def links(user: User, slot: str) -> None:
    """Draw the links to the pages that `user` may see; each keeps the slot in the address."""
    for place in PLACES:
        if place.role in (None, user.role):
            label = as_markdown(user.display_name) if place.name == "account" else place.title
            st.page_link(_pages()[place.name], label=label, icon=place.icon, width="stretch", query_params={"slot": slot})


def button(label: str, name: str, slot: str) -> None:
    """Draw a button that leads to the page `name`."""
    if st.button(label, type="primary", key=f"go_{name}"):
        st.switch_page(_pages()[name], query_params={"slot": slot})


def _pages() -> dict[str, st.Page]:
    """Return this tab's pages by name, made once: making one looks its script up on the disk."""
    if MADE not in st.session_state:
        st.session_state[MADE] = {place.name: _page(place) for place in PLACES}
    made: dict[str, st.Page] = st.session_state[MADE]
    return made


def _page(place: Place) -> st.Page:
    is_home = place.url == ""
    path = FOLDER / f"{place.name}.py"
    return st.Page(path, title=place.title, icon=place.icon, url_path=None if is_home else place.name, default=is_home)
