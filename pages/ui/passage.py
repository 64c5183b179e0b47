"""The browser's half of logging in and out: only an HTTP answer can set or clear an HttpOnly cookie, so the browser is asked to fetch one.

Each function draws one line and a script that calls a door (scaling/doors.py) and then loads the page anew.
"""

import json
from typing import Any

import streamlit as st

from accounts.cookies import slot_for
from pages.ui.frame import Html
from pages.ui.services import services
from storage.records import User


def enter(user: User) -> None:
    """Let the browser exchange a one-time ticket for its cookie and come back as `user`."""
    ticket = services().accounts.issue_ticket(user.id)
    _go("/auth/session", {"ticket": ticket, "slot": slot_for(user.username)}, "Opening your chats…")


def leave(slot: str) -> None:
    """Let the browser forget the cookie of `slot` and come back to the login page."""
    _go("/auth/logout", {"slot": slot}, "Logging out…")


def reload() -> None:
    """Load the page anew: this tab's cookies are older than a login or logout in another tab."""
    script = "window.location.reload();"
    st.html(
        Html(f'<p class="tl-quiet" role="status">Your login changed. One moment…</p><script>{script}</script>'),
        unsafe_allow_javascript=True,
    )


def _go(door: str, body: dict[str, Any], meanwhile: str) -> None:
    order = json.dumps({"door": door, "body": body}).replace("<", "\\u003c")
    script = _SCRIPT.replace("ORDER", order)
    line = f'<p class="tl-quiet" id="tl-passage" role="status">{meanwhile}</p>'
    st.html(Html(f"{line}<script>{script}</script>"), unsafe_allow_javascript=True)


_SCRIPT = """
(async () => {
  const order = ORDER;
  try {
    const reply = await fetch(order.door, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, credentials: 'same-origin', body: JSON.stringify(order.body),
    });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(answer.error.message);
    const entering = order.door === '/auth/session';
    const next = new URL(entering ? window.location.href : '/', window.location.origin);
    next.searchParams.set('slot', answer.slot);
    next.searchParams.delete('setup');
    window.location.replace(next);
  } catch (problem) {
    const line = document.getElementById('tl-passage');
    if (line) line.textContent = problem instanceof TypeError
      ? 'The server could not be reached. Check the connection and try once more.' : problem.message;
  }
})();
"""
