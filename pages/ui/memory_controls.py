"""The controls of a memory policy, for a learner in the sidebar and for the instructor. Every change is stored at once.

What is stored is what the controls show (see `pages.ui.knobs`), so that a refused change falls back by itself and a change in another
tab arrives.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st
from pydantic import ValidationError
from streamlit.delta_generator import DeltaGenerator

from agent.memory.policy import STRATEGIES, MemoryPolicy
from pages.ui import knobs, memory_choice, memory_words
from pages.ui.gate import current_viewer
from pages.ui.knobs import Knob
from pages.ui.memory_choice import Choice, Scope
from pages.ui.services import services
from pages.ui.troubles import sentence
from storage import policies
from storage.errors import StorageError
from storage.policies import DEFAULT_BODY, PolicyLocked
from storage.records import NotFound

NOTICE = "memory_notice"
SWITCHES = {"learners_may": "Learners may choose their own for all their chats", "chats_may": "Learners may choose chat by chat"}
SCOPES: dict[Scope, str] = {"chat": "This chat", "user": "All my chats"}
LOCKED = "Your instructor has set the memory for the whole class."
PER_CHAT = "Your instructor lets you choose chat by chat: send a first message, then choose."
MOST = 100
"""The end of a slider, unless the policy is beyond it already."""
Take = Callable[[str, Any], None]
"""Takes a field's name and its new value."""


def draw(choice: Choice, chat_id: str | None) -> None:
    """Draw the memory's controls in the sidebar."""
    with st.sidebar.container(key="memory"):
        if choice.scope is None:
            st.caption(PER_CHAT if choice.everybody.chats_may and chat_id is None else LOCKED)
        more = fields(choice.policy, "memory", lambda field, value: _take(chat_id, field, value), disabled=choice.scope is None)
        if more and choice.is_own:
            with more:
                st.button("Back to the class's memory", key="memory_forget", on_click=_forget, args=(chat_id,), width="stretch")
        told = st.session_state.pop(NOTICE, None)
        if told:
            st.warning(told, icon=":material/info:")
        if choice.scope is not None:
            _scope(choice, chat_id)


def fields(policy: MemoryPolicy, prefix: str, take: Take, *, disabled: bool = False) -> DeltaGenerator | None:
    """Draw the controls that matter for the policy's strategy; `take` stores a change. Return the part for more when it is open."""
    form = _Form(policy, prefix, take, disabled)
    form.strategy()
    match policy.strategy:
        case "window" | "chunked_window":
            form.slider("max_messages_per_user", 1, "Your next message counts too, so 10 are 9 of the chat's and the new one.")
        case "summary":
            form.slider("summarize_after_messages", 2, "Then the oldest half of them is folded into the summary.")
            form.slider("max_messages_per_user", 1, "While the summary is late or has failed, no more than these go along.")
        case "retrieval":
            form.slider("retrieval_window", 1, "The last messages, sent word for word, your next one included.")
            form.slider("retrieval_k", 1, "Earlier messages that are looked up for each question, at most.")
            form.toggle("across_chats", "Earlier messages of your other chats may be recalled too; nobody else's.")
    more = st.expander("More", key=f"{prefix}_more", on_change="rerun", type="compact")
    if not more.open:
        return None
    with more:
        if policy.strategy == "summary":
            form.number("max_summary_chars", "The summary is cut at this length.")
        form.number("max_context_tokens", "Instructions, tools and summary count too. Empty: as much as the model reads.")
    return more


def draw_class(instructor_id: str) -> None:
    """Draw the class's memory and the switches that say who may choose their own."""
    held = services().store.read(policies.class_policy)
    policy = memory_words.policy_of(held.body or DEFAULT_BODY)
    with st.expander(f"The class's memory: {memory_words.in_words(policy)}", icon=":material/memory:", key="class_memory"):
        told = st.session_state.pop(NOTICE, None)
        if told:
            st.warning(told, icon=":material/info:")

        def take(field: str, value: object) -> None:
            _take_class(instructor_id, field, value)

        left, right = st.columns(2, gap="large")
        with left:
            fields(policy, "class", take)
        with right:
            st.write("Holds for everybody who has not chosen their own, from their next message on. Nothing is deleted.")
            for name, label in SWITCHES.items():
                toggle(label, f"class_{name}", on=getattr(held, name), take=partial(take, name))


class _Form:
    """Widgets that show a stored policy and hand changes on."""

    def __init__(self, policy: MemoryPolicy, prefix: str, take: Take, disabled: bool) -> None:
        self._policy = policy
        self._prefix = prefix
        self._take = take
        self._disabled = disabled

    def strategy(self) -> None:
        about = memory_words.HELP[self._policy.strategy]
        knob, common = self._knob("strategy")
        st.selectbox(
            options=STRATEGIES,
            index=next(place for place, each in enumerate(STRATEGIES) if each == knob.start),
            format_func=memory_words.NAMES.__getitem__,
            help=f"The term is {memory_words.TERMS[self._policy.strategy]}. It holds from the next message on; nothing is deleted.",
            **common,
        )
        st.caption(about)

    def slider(self, field: str, lowest: int, about: str) -> None:
        highest = max(MOST, getattr(self._policy, field))
        knob, common = self._knob(field)
        st.slider(min_value=lowest, max_value=highest, value=knob.start, help=about, **common)

    def number(self, field: str, about: str) -> None:
        knob, common = self._knob(field)
        st.number_input(value=knob.start, step=100, placeholder="no limit", help=about, **common)

    def toggle(self, field: str, about: str) -> None:
        knob, common = self._knob(field)
        st.toggle(value=knob.start, help=about, **common)

    def _knob(self, field: str) -> tuple[Knob[Any], dict[str, Any]]:
        """Return the control of a field, and what all controls are made with."""
        name = f"{self._prefix}_{field}"
        knob = knobs.knob(name, getattr(self._policy, field))
        change = knobs.changed(name, knob.key, partial(self._take, field))
        return knob, {"label": memory_words.FIELDS[field], "key": knob.key, "disabled": self._disabled, "on_change": change}


def toggle(label: str, name: str, *, on: bool, take: Callable[[bool], object], about: str | None = None) -> None:
    """Draw a switch that shows what is stored; `take` stores a change."""
    knob = knobs.knob(name, on)
    st.toggle(label, knob.start, key=knob.key, help=about, on_change=knobs.changed(name, knob.key, take))


def attempt(act: Callable[[], object]) -> None:
    """Store a change; a refusal becomes the notice that the controls show."""
    try:
        act()
    except ValidationError as error:
        st.session_state[NOTICE] = memory_words.refusal(error)
    except PolicyLocked:
        st.session_state[NOTICE] = LOCKED
    except (NotFound, StorageError) as error:
        st.session_state[NOTICE] = sentence(error)


def _scope(choice: Choice, chat_id: str | None) -> None:
    if len(choice.scopes) > 1:
        knob = knobs.knob("memory_scope", choice.scope)
        st.segmented_control(
            "Holds for",
            list(choice.scopes),
            default=knob.start,
            format_func=SCOPES.__getitem__,
            key=knob.key,
            required=True,
            width="stretch",
            help="For all your chats: those that you gave a memory of their own keep it.",
            on_change=knobs.changed("memory_scope", knob.key, partial(_move, chat_id)),
        )
    else:
        st.caption("Holds for this chat." if choice.scopes == ("chat",) else "Holds for all your chats that have no memory of their own.")


def _take(chat_id: str | None, field: str, value: object) -> None:
    viewer = current_viewer()
    if viewer is not None:
        attempt(lambda: services().store.write(lambda db: memory_choice.change(db, viewer.id, chat_id, {field: value})))


def _take_class(instructor_id: str, field: str, value: object) -> None:
    viewer, now = current_viewer(), services().clock.now()
    if viewer is not None and viewer.id == instructor_id:
        attempt(lambda: services().store.write(lambda db: memory_choice.change_class(db, viewer.id, {field: value}, now)))


def _move(chat_id: str | None, scope: Scope) -> None:
    viewer = current_viewer()
    if viewer is not None and chat_id is not None and scope in SCOPES:
        attempt(lambda: services().store.write(lambda db: memory_choice.move(db, viewer.id, chat_id, scope)))


def _forget(chat_id: str | None) -> None:
    viewer = current_viewer()
    if viewer is not None:
        attempt(lambda: services().store.write(lambda db: memory_choice.forget(db, viewer.id, chat_id)))
