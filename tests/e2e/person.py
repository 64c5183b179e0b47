"""One person in one tab: what they can do and see, in their words. The only place that knows how the pages are built."""

import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import APIResponse, Locator, Page, expect


class Person:
    """A tab and the hand on it. Every wait is bounded by the browser context's default timeout."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def another_tab(self) -> "Person":
        """Open a further tab of the same browser."""
        return Person(self.page.context.new_page())

    def visit(self, address: str = "/") -> "Person":
        """Open an address of the app."""
        self.page.goto(address)
        return self

    def reload(self) -> None:
        """Press F5."""
        self.page.reload()

    # Logging in and out

    def enter_as(self, name: str, address: str = "/") -> "Person":
        """Open the login page and click the demo card of `name` (Alice, Bob, Carol, Instructor)."""
        self.visit(address)
        self.keyed(f"demo_{name.lower()}").get_by_role("button").click()
        self.sees_being(name)
        return self

    def sees_being(self, name: str) -> None:
        """Check that the tab belongs to `name`."""
        expect(self.keyed("places").get_by_role("link", name=name)).to_be_visible()

    def sees_login(self) -> None:
        """Check that the login page shows, and nothing of the pages behind it."""
        expect(self.page.get_by_label("Password").first).to_be_visible()
        expect(self.keyed("places")).to_have_count(0)
        expect(self.page.get_by_test_id("stChatInput")).to_have_count(0)

    def log_out(self) -> None:
        """Leave through the account page."""
        self.keyed("places").get_by_role("link").last.click()
        self.keyed("log_out").get_by_role("button").click()

    def use_own_key(self, key: str) -> None:
        """Give one's own key for the model on the account page."""
        self.keyed("places").get_by_role("link").last.click()
        self.page.get_by_role("textbox", name="Your own Gemini key").fill(key)
        self.page.get_by_role("button", name="Use this key").click()
        expect(self.keyed("forget_key")).to_be_visible()

    def log_in(self, username: str, password: str) -> None:
        """Fill in the login form and send it."""
        form = self.page.get_by_test_id("stForm").filter(has=self.page.get_by_role("button", name="Log in"))
        form.get_by_role("textbox", name="Username").fill(username)
        form.get_by_role("textbox", name="Password").fill(password)
        form.get_by_role("button", name="Log in").click()

    def register(self, name: str, username: str, password: str, code: str) -> None:
        """Fill in the registration form and send it."""
        self.page.get_by_role("tab", name="Register").click()
        form = self.page.get_by_test_id("stForm").filter(has=self.page.get_by_role("button", name="Create my account"))
        for label, text in {"First name": name, "Class code": code, "Username": username}.items():
            form.get_by_role("textbox", name=label).fill(text)
        form.get_by_role("textbox", name="Password", exact=True).fill(password)
        form.get_by_role("textbox", name="Password again").fill(password)
        form.get_by_role("button", name="Create my account").click()

    def found_class(self, name: str, username: str, password: str) -> None:
        """Fill in the form behind the setup link and send it."""
        self.page.get_by_role("textbox", name="Your name").fill(name)
        self.page.get_by_role("textbox", name="Username").fill(username)
        self.page.get_by_role("textbox", name="Password").fill(password)
        self.page.get_by_role("button", name="Create account").click()

    def join_code(self) -> str:
        """Return the class's join code from the instructor page."""
        self.keyed("places").get_by_role("link", name="Class").click()
        found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", self.keyed("join_code").inner_text())
        assert found
        return found[0]

    # Chatting

    @property
    def box(self) -> Locator:
        """The box that messages are typed into."""
        return self.page.get_by_test_id("stChatInput").get_by_role("textbox")

    @property
    def questions(self) -> Locator:
        """The person's own messages."""
        return self.page.get_by_label("Chat message from user")

    @property
    def answers(self) -> Locator:
        """The agent's answers, the one being written included."""
        return self.page.get_by_label("Chat message from assistant")

    @property
    def receipts(self) -> Locator:
        """The lines that say what an answer took; only a settled answer has one."""
        return self.page.locator("[data-testid='stChatMessage'] a[href*='calls=']")

    @property
    def stop_button(self) -> Locator:
        """The button that stops the answer being written."""
        return self.keyed("stop").get_by_role("button")

    @property
    def waiting(self) -> Locator:
        """The marks on messages that wait for their turn."""
        return self.page.locator("[class*='st-key-withdraw_']")

    @property
    def listed_chats(self) -> Locator:
        """The entries in the list of one's chats."""
        return self.page.locator("[class*='st-key-chats_'] [role='radiogroup'] label")

    @property
    def chat_id(self) -> str:
        """The chat that the address names."""
        found = re.search(r"[?&]chat=([^&]+)", self.page.url)
        assert found, f"The address {self.page.url} names no chat"
        return found[1]

    def begin_chat(self) -> None:
        """Click on New chat."""
        self.keyed("new_chat").get_by_role("button").click()
        expect(self.keyed("suggestions")).to_be_visible()

    def download_chat(self, folder: Path) -> Path:
        """Download the open chat by its menu and return the file."""
        self.page.locator(".st-key-chat_menu button:visible").first.click()
        self.page.get_by_role("menuitem", name="Download").click()
        with self.page.expect_download() as download:
            self.keyed("download_chat").get_by_role("button").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    def choose_chat_to_import(self, path: Path) -> None:
        """Open the import dialog and choose a file."""
        self.keyed("import_chat").get_by_role("button").click()
        self.page.get_by_role("dialog").locator("input[type=file]").set_input_files(path)

    def say(self, text: str) -> None:
        """Type a message and press Enter."""
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> str:
        """Say something and return the answer, once it is settled."""
        before = self.receipts.count()
        self.say(text)
        return self.answer(before + 1)

    def answer(self, number: int) -> str:
        """Return answer `number` of the open chat, counted from 1, once it is settled."""
        expect(self.receipts).to_have_count(number)
        return self.answers.nth(number - 1).inner_text()

    # The memory

    def remember(self, words: str) -> None:
        """Choose what the agent remembers, by its name in the list."""
        chosen = self.knob("memory_strategy").get_by_role("combobox")
        chosen.click()
        self.page.get_by_role("option", name=words, exact=True).click()
        expect(chosen).to_have_value(words)

    def cap_by(self, steps: int) -> None:
        """Move the cap's slider by so many messages, with the keyboard."""
        knob = self.knob("memory_max_messages_per_user").get_by_role("slider")
        knob.focus()
        for _ in range(abs(steps)):
            knob.press("ArrowRight" if steps > 0 else "ArrowLeft")

    def marks(self) -> list[str]:
        """Return what each message of the open chat is marked as, in order."""
        script = "all => all.map(each => getComputedStyle(each, '::after').content.replaceAll('\"', ''))"
        marks: list[str] = self.page.locator(".st-key-history .stChatMessage").evaluate_all(script)
        return marks

    def edges(self) -> list[str]:
        """Return the colour of each message's edge, in order."""
        script = "all => all.map(each => getComputedStyle(each).borderLeftColor)"
        edges: list[str] = self.page.locator(".st-key-history .stChatMessage").evaluate_all(script)
        return edges

    def sees_marks(self, *expected: str) -> None:
        """Wait until the messages are marked like this."""
        deadline = time.monotonic() + 30
        while self.marks() != list(expected) and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        seen = self.marks()
        assert seen == list(expected), f"The messages are marked {seen}."

    def open_memory(self) -> Locator:
        """Open what the agent remembers of this chat, and return the dialog."""
        self.page.locator(".tl-wide a[href*='memory=']").first.click()
        return self.dialog

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    def close_dialog(self) -> None:
        """Close it."""
        self.page.keyboard.press("Escape")
        expect(self.dialog).to_have_count(0)

    # The simulator

    @property
    def curve(self) -> Locator:
        """The simulator's chart."""
        return self.keyed("sim_curve").locator(".js-plotly-plot")

    @property
    def says(self) -> Locator:
        """The sentence that says what the simulator's chart shows."""
        return self.page.locator(".tl-says")

    def slide(self, name: str, steps: int) -> None:
        """Move one of the simulator's sliders by so many stops, with the keyboard."""
        knob = self.page.locator(f"[class*='st-key-sim_step_{name}_']").get_by_role("slider")
        knob.focus()
        for _ in range(abs(steps)):
            knob.press("ArrowRight" if steps > 0 else "ArrowLeft")

    def write(self, name: str, text: str) -> None:
        """Type a number into one of the simulator's fields."""
        field = self.page.locator(f"[class*='st-key-sim_text_{name}_']").get_by_role("textbox")
        field.fill(text)
        field.press("Enter")

    def open_view(self, name: str) -> None:
        """Open one of the simulator's views."""
        self.page.locator("[class*='st-key-sim_view_']").get_by_role("radio", name=name, exact=True).click()

    def sees_no_error(self) -> None:
        """Check that the page shows no exception and no error."""
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        expect(self.page.get_by_test_id("stAlertContentError")).to_have_count(0)

    # The API, with this browser's cookies

    def api(self, path: str, **options: Any) -> APIResponse:
        """Ask the HTTP API as whoever this tab is logged in as; `method` and `data` make it another request than GET."""
        slot = re.search(r"slot=([^&]+)", self.page.url)
        return self.page.context.request.fetch(path, headers={"X-Tideline-Slot": slot[1] if slot else ""}, **options)

    def keyed(self, key: str) -> Locator:
        """Return the element that the page made with this key."""
        return self.page.locator(f".st-key-{key}")

    def knob(self, name: str) -> Locator:
        """Return the control of this name, whatever its number is by now."""
        return self.page.locator(f"[class*='st-key-{name}_']")
