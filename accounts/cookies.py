"""The cookie that carries a login. Each login has its own, named after a slot that the page's URL carries as `?slot=`.

So two people can be logged in side by side in two tabs of one browser. The cookie is out of reach of scripts (HttpOnly) and is not
sent along by other sites' forms (SameSite=Lax).
"""

import re

PREFIX = "tideline_"
_SLOT = re.compile(r"[a-z0-9._-]{1,32}")


def slot_for(username: str) -> str:
    """Return the slot that a login of `username` uses."""
    return username.lower()


def valid_slot(slot: str) -> bool:
    """Say whether `slot`, which arrives from outside, may be part of a cookie's name."""
    return _SLOT.fullmatch(slot) is not None


def cookie_name(slot: str) -> str:
    """Return the name of a slot's cookie. Raises ValueError when the slot is not valid."""
    if not valid_slot(slot):
        raise ValueError("not a valid login slot")
    return PREFIX + slot


def session_cookie(slot: str, session_token: str, *, max_age: int, https: bool) -> str:
    """Return the Set-Cookie header that keeps a login for `max_age` seconds. Raises ValueError when the slot is not valid."""
    secure = "; Secure" if https else ""
    return f"{cookie_name(slot)}={session_token}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}"


def expired_cookie(slot: str, *, https: bool) -> str:
    """Return the Set-Cookie header that makes the browser forget a login. Raises ValueError when the slot is not valid."""
    return session_cookie(slot, "", max_age=0, https=https)
