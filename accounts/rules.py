"""What a username, a display name and a password may look like: each function returns what is wrong in a sentence, or None."""

import re
import unicodedata

USERNAME = re.compile(r"[A-Za-z0-9._-]{3,32}")
DISPLAY_NAME_CHARS = 60
PASSWORD_MIN_BYTES = 8
PASSWORD_MAX_BYTES = 72
"""bcrypt reads no further."""

_JOINERS = "\u200c\u200d"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def username_problem(username: str) -> str | None:
    """Say what is wrong with a username, which must be ASCII so that no two look alike."""
    if USERNAME.fullmatch(username):
        return None
    return "A username has 3 to 32 characters: English letters, digits, dot, underscore or hyphen. Choose another."


def display_name_problem(name: str) -> str | None:
    """Say what is wrong with a name to be shown, after `tidy` has been applied to it."""
    if not 1 <= len(name) <= DISPLAY_NAME_CHARS:
        return f"A display name has 1 to {DISPLAY_NAME_CHARS} characters. Type the name you want to be shown."
    if any(unicodedata.category(character) in _INVISIBLE and character not in _JOINERS for character in name):
        return "The display name holds invisible control characters. Type it again by hand."
    if not any(unicodedata.category(character)[0] in "LNPS" for character in name):
        return "The display name would be invisible. Type at least one letter."
    return None


def password_problem(password: str) -> str | None:
    """Say what is wrong with a new password, after `tidy` has been applied to it; its length counts in UTF-8 bytes."""
    try:
        size = len(password.encode())
    except UnicodeEncodeError:
        return "The password holds a broken character. Type it again."
    if size < PASSWORD_MIN_BYTES:
        return f"The password is too short. Use at least {PASSWORD_MIN_BYTES} characters."
    if size > PASSWORD_MAX_BYTES:
        return f"The password is too long: {size} bytes of at most {PASSWORD_MAX_BYTES}. Shorten it; accented letters count double."
    if "\0" in password:
        return "The password holds a NUL character. Type it again."
    return None


def tidy(text: str) -> str:
    """Return `text` in one Unicode form (NFC), so that the same letters from two keyboards are the same text."""
    return unicodedata.normalize("NFC", text)
