"""The usage, class and account pages: empty, in use, somebody else's, and for the wrong role."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.services import services
from scaling.services import Services
from storage.records import Chat, User
from tests.pages.conftest import SHELL, Draw, words

LogIn = Callable[[str], User]
ChatOf = Callable[..., Chat]


def figures(app: AppTest) -> dict[str, str]:
    """Return the page's big numbers by their label."""
    return {metric.label: metric.value for metric in app.metric}


def test_usage_is_empty_until_something_is_used(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    app = draw("usage", slot="alice")
    assert "Nothing was used in this time" in words(app)
    assert not app.metric


def test_usage_is_ones_own(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    alice, bob = log_in("alice"), log_in("bob")
    chat_of(alice, "Hello", "What did I eat?")
    chat_of(bob, "Hello")
    app = draw("usage", slot="alice")
    assert figures(app)["Replies"] == "2"
    assert figures(app)["Cost"].startswith("\\$0.00")
    assert "You spent" in words(app)
    assert app.table[0].value["Chat"].tolist() == ["Lunch"]
    assert figures(draw("usage", slot="bob"))["Replies"] == "1"


def test_the_period_is_in_the_address(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat_of(log_in("alice"), "Hello")
    app = draw("usage", slot="alice", period="7 days")
    assert app.segmented_control[0].value == "7 days"
    app.segmented_control[0].set_value("All").run()
    assert figures(app)["Replies"] == "1"
    assert draw("usage", slot="alice", period="invented").segmented_control[0].value == "30 days"


@pytest.mark.parametrize("username", ["alice", "bob"])
def test_the_class_page_is_for_the_instructor(draw: Draw, log_in: LogIn, username: str) -> None:
    log_in(username)
    app = draw("instructor", slot=username)
    assert "This page is for the instructor" in words(app)
    assert not app.metric
    assert not app.table
    assert "Join code" not in words(app)


def test_the_class_page_shows_names_and_numbers_and_no_message(draw: Draw, log_in: LogIn, chat_of: ChatOf) -> None:
    chat_of(log_in("alice"), "My secret pomegranate")
    log_in("instructor")
    app = draw("instructor", slot="instructor")
    assert figures(app)["Learners"] == "3"
    assert figures(app)["Replies"] == "1"
    assert app.table[0].value["Name"].tolist() == ["Alice", "Bob", "Carol"]
    assert "pomegranate" not in words(app)
    assert "Lunch" not in words(app)


def test_a_class_that_has_not_begun_says_so(draw: Draw, log_in: LogIn) -> None:
    log_in("instructor")
    app = draw("instructor", slot="instructor")
    assert "nobody has used the agent" in words(app)
    assert figures(app)["Class total"] == "\\$0"


def test_the_join_code_is_renewed(draw: Draw, log_in: LogIn, running: Services) -> None:
    teacher = log_in("instructor")
    before = running.accounts.join_code(teacher.id)
    app = draw("instructor", slot="instructor")
    assert before in words(app)
    app.button(key="renew_code").click().run()
    assert before not in words(app)
    assert running.accounts.join_code(teacher.id) in words(app)


def test_logging_out_ends_the_login_and_clears_the_cookie(draw: Draw, log_in: LogIn, running: Services, cookies: dict[str, str]) -> None:
    log_in("alice")
    app = draw("account", slot="alice")
    app.button(key="log_out").click().run()
    assert running.accounts.who(cookies["tideline_alice"]) is None
    assert "/auth/logout" in words(app)


def test_logging_out_everywhere_ends_every_login(draw: Draw, log_in: LogIn, running: Services, cookies: dict[str, str]) -> None:
    log_in("alice")
    elsewhere = cookies["tideline_alice"]
    log_in("alice")
    draw("account", slot="alice").button(key="log_out_everywhere").click().run()
    assert running.accounts.who(elsewhere) is None
    assert running.accounts.who(cookies["tideline_alice"]) is None


def test_an_own_key_is_for_this_login_and_never_shown(draw: Draw, log_in: LogIn, running: Services, cookies: dict[str, str]) -> None:
    secret = "AIza" + "k" * 35
    log_in("alice")
    app = draw("account", slot="alice")
    app.text_input[0].input("too short")
    _press(app, "Use this key")
    assert "does not look like a key" in app.error[0].value
    app.text_input[0].input(secret)
    _press(app, "Use this key")
    login = running.accounts.who(cookies["tideline_alice"])
    assert login
    assert running.runner.keys.get(login.login_id) is not None
    assert "with your own key" in words(app)
    assert secret not in words(app)
    assert secret not in str(app.session_state.to_dict())
    assert "gemini-2.5-flash" in words(app)
    app.button(key="forget_key").click().run()
    assert running.runner.keys.get(login.login_id) is None


def test_a_password_is_changed_with_the_old_one(draw: Draw, running: Services, cookies: dict[str, str]) -> None:
    teacher = running.accounts.demo_login("instructor", local=True)
    user = running.accounts.register("dana", "Dana", "correct horse", running.accounts.join_code(teacher.id))
    cookies["tideline_dana"] = running.accounts.redeem_ticket(running.accounts.issue_ticket(user.id), "dana").session_token
    app = draw("account", slot="dana")
    for old, new, again, said in (
        ("correct horse", "battery staple", "battery stapler", "differ"),
        ("wrong horse!", "battery staple", "battery staple", "wrong"),
        ("correct horse", "short", "short", "too short"),
    ):
        _change(app, old, new, again)
        assert said in app.error[0].value
    _change(app, "correct horse", "battery staple", "battery staple")
    assert "/auth/session" in words(app)
    assert running.accounts.login("dana", "battery staple") == user


def test_a_demo_account_has_no_password_to_change(draw: Draw, log_in: LogIn) -> None:
    log_in("alice")
    assert "A demo account has no password" in words(draw("account", slot="alice"))


def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "tideline.db"
    broken.write_text("This is not a database. " * 50)
    monkeypatch.setenv("TIDELINE_DB", str(broken))
    services.clear()
    app = AppTest.from_file(str(SHELL), default_timeout=30).run()
    assert not app.exception
    assert len(app.error) == 1
    assert "damaged or not a Tideline database" in app.error[0].value
    assert "TIDELINE_DB" in app.error[0].value
    assert not app.button
    assert not app.chat_input


def _press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def _change(app: AppTest, old: str, new: str, again: str) -> None:
    fields = {field.label: field for field in app.text_input}
    for label, text in {"Current password": old, "New password": new, "New password again": again}.items():
        fields[label].input(text)
    _press(app, "Change password")
