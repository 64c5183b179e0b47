"""The login page, and that every page shows a stranger nothing else."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import gate, login
from scaling.services import Services
from tests.pages.conftest import Draw, words


@pytest.mark.parametrize("page", ["", "chat", "usage", "instructor", "account"])
def test_every_page_shows_a_stranger_the_login_and_nothing_else(draw: Draw, page: str) -> None:
    app = draw(page)
    assert "remembers just enough" in words(app)
    assert not app.chat_input
    assert not app.metric
    assert not app.sidebar.button


def test_an_invented_or_malformed_slot_opens_nothing(draw: Draw, cookies: dict[str, str]) -> None:
    cookies["tideline_alice"] = "invented"
    for slot in ("alice", "ALICE", "../alice", "a" * 100, ""):
        assert "remembers just enough" in words(draw(slot=slot))


def test_a_cookie_opens_only_its_own_slot(draw: Draw, log_in: object, cookies: dict[str, str], running: Services) -> None:
    user = running.accounts.demo_login("alice", local=True)
    token = running.accounts.redeem_ticket(running.accounts.issue_ticket(user.id), "alice").session_token
    cookies["tideline_alice"] = token
    assert "remembers just enough" in words(draw(slot="bob"))


def test_a_single_login_needs_no_slot_and_gets_it_into_the_address(draw: Draw, log_in: object) -> None:
    assert callable(log_in)
    log_in("alice")
    app = draw()
    assert app.chat_input
    assert app.query_params["slot"] == "alice"


def test_with_two_logins_the_page_asks_who(draw: Draw, log_in: object) -> None:
    assert callable(log_in)
    log_in("alice")
    log_in("bob")
    app = draw()
    assert not app.chat_input
    app.button(key="continue_bob").click().run()
    assert app.query_params["slot"] == "bob"
    assert app.chat_input


def test_logging_out_elsewhere_ends_this_tab_at_its_next_rerun(
    draw: Draw, log_in: object, running: Services, cookies: dict[str, str]
) -> None:
    assert callable(log_in)
    log_in("alice")
    app = draw(slot="alice")
    running.accounts.logout(cookies["tideline_alice"])
    app.run()
    assert not app.chat_input
    assert "Your login changed" in words(app)


def test_a_wrong_password_is_one_sentence(draw: Draw) -> None:
    app = draw()
    _log_in(app, "alice", "not the password")
    assert app.error[0].value == "Username or password is wrong. Check both and try again."


def test_a_registration_needs_the_class_code_and_two_equal_passwords(draw: Draw, running: Services) -> None:
    app = draw()
    _register(app, "Dana", "WRONG-CODE", "correct horse", "correct horse")
    assert "class code is wrong" in app.error[0].value
    _register(app, "Dana", "WRONG-CODE", "correct horse", "another horse")
    assert "passwords differ" in app.error[0].value


def test_somebody_who_registers_or_logs_in_is_handed_a_ticket(draw: Draw, running: Services) -> None:
    teacher = running.accounts.demo_login("instructor", local=True)
    app = draw()
    _register(app, "Dana", running.accounts.join_code(teacher.id), "correct horse", "correct horse")
    assert "/auth/session" in words(app)
    again = draw()
    _log_in(again, "DANA", "correct horse")
    assert '"slot": "dana"' in words(again)


def test_demo_cards_only_where_they_are_offered(draw: Draw, monkeypatch: pytest.MonkeyPatch, running: Services) -> None:
    assert [button.label for button in draw().button if button.key and button.key.startswith("demo_")] == [
        "Chat as Alice",
        "Chat as Bob",
        "Chat as Carol",
        "Chat as Instructor",
    ]
    monkeypatch.setattr(running.accounts, "_settings", running.settings.model_copy(update={"demo_accounts": None}))
    assert not [button for button in draw().button if button.key and button.key.startswith("demo_")]
    monkeypatch.setattr(login, "is_local", lambda: True)
    app = draw()
    app.button(key="demo_bob").click().run()
    assert '"slot": "bob"' in words(app)


def test_a_request_without_a_connection_is_not_local() -> None:
    assert not gate.is_local()


def test_the_setup_link_makes_one_instructor(draw: Draw, running: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running.accounts, "_settings", running.settings.model_copy(update={"demo_accounts": False}))
    token = running.accounts.setup_link_token()
    assert token
    app = draw(setup=token)
    for label, text in {"Your name": "Prof", "Username": "prof", "Password": "correct horse"}.items():
        next(field for field in app.text_input if field.label == label).input(text)
    app.button[0].click().run()
    assert '"slot": "prof"' in words(app)
    assert "used, replaced or is too old" in draw(setup=token).error[0].value


def _log_in(app: AppTest, username: str, password: str) -> None:
    fields = {field.label: field for field in app.text_input if "login" in field.form_id}
    fields["Username"].input(username)
    fields["Password"].input(password)
    next(button for button in app.button if button.label == "Log in").click().run()


def _register(app: AppTest, name: str, code: str, password: str, repeated: str) -> None:
    fields = {field.label: field for field in app.text_input if "register" in field.form_id}
    for label, text in {
        "First name": name,
        "Class code": code,
        "Username": name.lower(),
        "Password": password,
        "Password again": repeated,
    }.items():
        fields[label].input(text)
    next(button for button in app.button if button.label == "Create my account").click().run()
