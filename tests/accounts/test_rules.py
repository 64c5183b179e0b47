"""Names, passwords and cookie slots as the rules see them, whatever is typed."""

from http.cookies import SimpleCookie

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import rules
from accounts.cookies import cookie_name, slot_for, valid_slot

ANY_TEXT = st.text(alphabet=st.characters(), max_size=80)


@given(ANY_TEXT)
def test_what_the_password_rules_let_through_bcrypt_can_hash(password: str) -> None:
    tidy = rules.tidy(password)
    if rules.password_problem(tidy) is None:
        hashed = bcrypt.hashpw(tidy.encode(), bcrypt.gensalt(4))
        assert bcrypt.checkpw(tidy.encode(), hashed)


@given(ANY_TEXT)
def test_a_display_name_that_passes_has_no_control_and_no_direction_characters(name: str) -> None:
    if rules.display_name_problem(name) is None:
        assert set(name).isdisjoint("\n\r\t\0\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u2028")
        assert 1 <= len(name) <= 60


@given(st.from_regex(rules.USERNAME, fullmatch=True))
def test_every_username_has_a_slot_that_a_cookie_can_be_named_after(username: str) -> None:
    assert rules.username_problem(username) is None
    slot = slot_for(username)
    assert valid_slot(slot)
    assert SimpleCookie(f"{cookie_name(slot)}=value")[cookie_name(slot)].value == "value"


@pytest.mark.parametrize("slot", ["", "a=b", "a;b", "a b", "A", "é", "x" * 33, "a\n"])
def test_no_other_text_gets_into_a_cookies_name(slot: str) -> None:
    assert not valid_slot(slot)
    with pytest.raises(ValueError, match="slot"):
        cookie_name(slot)


@pytest.mark.parametrize(
    ("password", "fine"), [("1234567", False), ("12345678", True), ("é" * 4, True), ("é" * 36, True), ("1" * 73, False)]
)
def test_passwords_count_in_bytes(password: str, fine: bool) -> None:
    assert (rules.password_problem(password) is None) == fine
