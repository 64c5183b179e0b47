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
