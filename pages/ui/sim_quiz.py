"""The quiz: a card a question, checked at once, explained, and kept with the person; for an instructor, how many got what right.

What a question asks and what an answer is worth is the simulation's; this module draws it and stores the attempt. A card shows the stored
answer, so F5, another tab and a new login show the same.
"""

from collections.abc import Iterator, Mapping, Sequence

import streamlit as st

from pages.ui import sim_held
from pages.ui.formats import as_markdown, count
from pages.ui.gate import Viewer, current_viewer, require_login
from pages.ui.services import services
from pages.ui.troubles import sentence
from simulation.lesson import Lesson
from simulation.questions import questions
from simulation.quiz import ChoiceQuestion, Group, NumberQuestion, Question, Unit, check, tolerance
from simulation.typed import LONGEST
from storage import quiz
from storage.errors import StorageError
from storage.quiz import ClassCount, NewAnswer, Progress, TooManyAttempts

GROUPS: Mapping[Group, tuple[str, str]] = {
    "month": (
        "Test your knowledge",
        "A class of 200 at the demo's price, as taught. Look it up in the simulator: that is the point.",
    ),
    "exercise": ("Ten times the users", "The quick exercise at the end of the demo."),
    "closer": ("Counted one by one", "The lecture's example, looked at message by message."),
    "milestones": ("Milestones", "What the lesson wants everybody to be able to answer."),
}
_ASKED: Mapping[Unit, str] = {
    "dollars": "Dollars",
    "day": "Day",
    "messages": "Messages",
    "times": "Times",
    "units": "Messages",
    "percent": "Percent",
}
_FIELD = 220
"""Pixels."""
_CLASS_EVERY_S = 5.0


def draw(viewer: Viewer, lesson: Lesson) -> None:
    """Draw the whole quiz as it stands for `viewer`; `lesson` is what the simulator's sliders say."""
    mine = services().store.read(lambda db: quiz.progress(db, viewer.id))
    _standing(mine)
    if viewer.user.role == "instructor":
        _class()
    for group, (title, about) in GROUPS.items():
        st.markdown(f"#### {title}", anchors=False)
        st.caption(about)
        for row in _rows([each for each in questions().values() if each.group == group]):
            for column, question in zip(st.columns(len(row)), row, strict=True):
                with column:
                    _card(question, mine.get(question.id), lesson, teaching=viewer.user.role == "instructor")


def show_in_simulator(lesson: Lesson) -> None:
    """Set the simulator's sliders to a question's class and open its curves."""
    values = {
        "users": lesson.users,
        "days": lesson.days,
        "prompts": lesson.prompts_per_day,
        "cap": lesson.cap,
        "tokens": lesson.tokens_per_message,
        "price": lesson.price_per_1k,
    }
    sim_held.fill(values, view="taught")
    st.rerun()


def _standing(mine: Mapping[str, Progress]) -> None:
    """Draw how many are right, and which comes next."""
    right = sum(name in mine and mine[name].best.right for name in questions())
    of = len(questions())
    st.markdown(f"#### {right} of {of} right", anchors=False)
    st.progress(right / of)
    after = next((each.title for name, each in questions().items() if name not in mine or not mine[name].best.right), None)
    if after is None:
        st.caption("All of them. The answers stay with your account; try the simulator with a class of your own next.")
    else:
        begin = "Your answers are kept with your account. Begin with" if not mine else "Next:"
        st.caption(f"{begin} “{as_markdown(after)}”.")


def _rows(asked: Sequence[Question]) -> Iterator[Sequence[Question]]:
    """Yield questions two by two; where they are odd, the first has a row of its own, so that no row ends with a hole."""
    alone = len(asked) % 2
    if alone:
        yield asked[:1]
    for start in range(alone, len(asked), 2):
        yield asked[start : start + 2]


def _card(question: Question, progress: Progress | None, lesson: Lesson, *, teaching: bool) -> None:
    """Draw one question: what is asked, the field, what came of the latest answer, and the way to see it."""
    with st.container(border=True, key=f"q_card_{question.id}", height="stretch"):
        mark = " :green-badge[✓ right]" if progress and progress.best.right else ""
        st.markdown(f"**{as_markdown(question.title)}**{mark}\n\n{as_markdown(question.text)}")
        with st.form(f"q_form_{question.id}", border=False):
            if isinstance(question, NumberQuestion):
                _number(question, progress)
            else:
                _choice(question, progress)
        told = st.session_state.get(_told(question.id))
        if told:
            st.warning(as_markdown(told), icon=":material/info:")
        elif progress:
            _verdict(question, progress)
        if (progress and not progress.latest.right) or (teaching and not progress):
            with st.expander("How to get there", key=f"q_how_{question.id}", type="compact"):
                st.markdown(as_markdown(question.explanation))
        if isinstance(question, NumberQuestion):
            _way(question, lesson)


def _number(question: NumberQuestion, progress: Progress | None) -> None:
    """Draw the field of a number, holding the latest answer where this tab has typed none."""
    key = _key(question.id)
    st.session_state.setdefault(key, progress.latest.typed if progress else "")
    near = f"{tolerance(question.unit).capitalize()}."
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_ASKED[question.unit], key=key, max_chars=LONGEST, autocomplete="off", help=near, width=_FIELD)
        _check_button(question.id)


def _choice(question: ChoiceQuestion, progress: Progress | None) -> None:
    """Draw the answers to choose from."""
    key, texts = _key(question.id), {option.id: option.text for option in question.options}
    if key not in st.session_state and progress and progress.latest.typed in texts:
        st.session_state[key] = progress.latest.typed
    st.radio(question.title, list(texts), None, lambda option: as_markdown(texts[option]), key=key, label_visibility="collapsed")
    _check_button(question.id)


def _check_button(name: str) -> None:
    st.form_submit_button("Check", key=f"q_check_{name}", on_click=_check, args=(name,))


def _check(name: str) -> None:
    """Judge and store what was just sent; what cannot be read is told and not stored."""
    viewer = current_viewer()
    if viewer is None:
        return
    question, typed = questions()[name], str(st.session_state.get(_key(name)) or "").strip()
    verdict = check(question, typed)
    st.session_state[_told(name)] = verdict.said if verdict.kind == "unreadable" else None
    if verdict.kind == "unreadable":
        return
    answer = NewAnswer(name, typed, verdict.value, verdict.kind == "right")
    now = services().clock.now()
    try:
        services().store.write(lambda db: quiz.add(db, viewer.id, answer, now))
    except TooManyAttempts as full:
        came = "Right" if answer.right else "Not yet"
        st.session_state[_told(name)] = f"{came}. It is not stored: {full.limit} attempts at this question are, which is the most."
    except StorageError as error:
        st.session_state[_told(name)] = f"The answer was not stored. {sentence(error)}"


def _verdict(question: Question, progress: Progress) -> None:
    """Draw what came of the latest answer."""
    latest = progress.latest
    said = check(question, latest.typed).said
    answered = next((each.text for each in question.options if each.id == latest.typed), "") if isinstance(question, ChoiceQuestion) else ""
    quoted = f"“{as_markdown(answered or latest.typed)}”"
    tries = "" if progress.attempts == 1 else f" :gray[({count(progress.attempts, 'attempt')})]"
    if latest.right:
        st.markdown(f":green[**✓ Right:**] {quoted}. {as_markdown(said)}{tries}")
        st.caption(as_markdown(question.explanation))
        return
    before = " You had it right before." if progress.best.right else ""
    st.markdown(f":orange[**✗ Not yet:**] {quoted}. {as_markdown(said)}{before}{tries}")


def _way(question: NumberQuestion, lesson: Lesson) -> None:
    """Draw the button that shows the question's class in the simulator."""
    asked = question.lesson
    about = (
        f"Sets the simulator to {count(asked.users, 'user')}, {count(asked.days, 'day')}, {count(asked.prompts_per_day, 'prompt')} a day "
        f"and a cap of {asked.cap}."
    )
    label = "Back to its curves" if asked == lesson else "Try it in the simulator"
    if st.button(label, key=f"q_show_{question.id}", type="tertiary", icon=":material/monitoring:", help=about):
        show_in_simulator(asked)


def _class() -> None:
    """Draw, for an instructor who opens it, how many learners have answered each question and had it right."""
    opened = st.expander("How the class is doing", key="q_class", on_change="rerun", bind="query-params", icon=":material/groups:")
    if opened.open:
        with opened:
            _class_table()


@st.fragment(run_every=_CLASS_EVERY_S)
def _class_table() -> None:
    """Draw the counts, again every few seconds. The query itself asks whether it is an instructor who looks."""
    viewer = require_login()
    counts = services().store.read(lambda db: quiz.class_counts(db, viewer.id))
    if not counts:
        st.write("No learner has answered yet. As soon as one does, the counts appear here within seconds; never who, only how many.")
        return
    with st.container(key="q_class_table"):
        st.table(class_rows(counts), border="horizontal", hide_index=True)


def class_rows(counts: Mapping[str, ClassCount]) -> Sequence[Mapping[str, str]]:
    """Return the class's table, a row a question."""
    none = ClassCount(0, 0)
    return [
        {
            "Question": as_markdown(question.title),
            "Answered": f"{counts.get(name, none).answered:,}",
            "Right": f"{counts.get(name, none).right:,}",
            "Share": _share(counts.get(name, none)),
        }
        for name, question in questions().items()
    ]


def _share(counted: ClassCount) -> str:
    return f"{counted.right / counted.answered:.0%}" if counted.answered else "\N{EN DASH}"


def _key(name: str) -> str:
    return f"q_{name}"


def _told(name: str) -> str:
    return f"q_told_{name}"
