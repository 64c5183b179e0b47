"""Summaries: told facts first, then the rest as far as it fits, in lines that the coach itself can read again."""

from __future__ import annotations

from agent.demo.asked import lines_in_full
from agent.demo.clauses import clauses, is_question
from agent.demo.context import Context, Line, first_person, transcript
from agent.demo.facts import FALLBACKS
from agent.demo.logbook import known_entries
from agent.demo.logpicks import describe
from agent.demo.memory import LABELS, Memory, facts_of
from agent.demo.understand import understand

ORDER = (
    "name",
    "allergy",
    "injury",
    "diet",
    "goal",
    "age",
    "height",
    "person",
    "attr",
    "plan",
    "dislike",
    "like",
    "place",
    "job",
    "habit",
    "note",
)


def summarise(context: Context, limit: int) -> str:
    """A summary of everything in the request, in at most `limit` characters."""
    context.lines.extend(lines_in_full(_asked_lines(context.question)))
    memory = Memory(context)
    lines = [line for kind in ORDER if (line := _told_line(kind, memory))]
    lines += [f"Told: {clause}" for clause in _measures(memory)]
    entries = known_entries(context.tool_texts + [line.text for line in context.lines if line.role == "tool"])
    if entries:
        lines.append(f"In the log: {', '.join(describe(entry) for entry in entries)}.")
    lines += [f"Said: {clause}" for clause in _others(memory)]
    return _fit(lines or ["Nothing was told yet."], limit)


def _asked_lines(question: str) -> list[Line]:
    """The messages to be summarised, where they come as one text instead of as messages."""
    found = list(transcript(question, "message"))
    if found:
        head = question.split("\n", 1)[0]
        return [*_labelled_lines(question), *found] if head else found
    return (
        [Line("user", question, "message")]
        if len(question) < 400 and not question.lower().startswith(("summar", "please summar", "write"))
        else _labelled_lines(question)
    )


def _labelled_lines(text: str) -> list[Line]:
    """Lines of an earlier summary within the text."""
    labels = tuple(f"{label}:" for label in [*LABELS.values(), "Told", "Said"])
    return [Line("user", first_person(line.strip(" -*")), "summary") for line in text.splitlines() if line.strip(" -*").startswith(labels)]


def _told_line(kind: str, memory: Memory) -> str:
    values = []
    for one in memory.of(kind):
        key = one.fact.key.strip()
        if kind == "place":
            values.append(one.fact.said)
            continue
        values.append(f"{key} = {one.fact.value}" if key else one.fact.value)
    return f"{LABELS[kind]}: {'; '.join(dict.fromkeys(values))}" if values else ""


def _measures(memory: Memory) -> list[str]:
    """The latest told weight, sleep, water and mood, in the person's words."""
    return [found[-1][2].strip() for kind in ("weight", "sleep", "mood", "water") if (found := memory.measures(kind))]


def _others(memory: Memory) -> list[str]:
    """Other statements, newest first, that no line above holds already."""
    said: list[str] = []
    for line in reversed(memory.lines):
        if any(fact.kind not in FALLBACKS for fact in facts_of(line)):
            continue
        for clause in clauses(line.text):
            clean = clause.removeprefix("Told: ").removeprefix("Said: ").strip()
            if not is_question(clause) and len(clean) > 8 and clean not in said and _worth(clean):
                said.append(clean)
    return said


def _worth(clause: str) -> bool:
    return understand(clause)[0].intent in {
        "log_food",
        "log_workout",
        "other_day",
        "someone_else",
        "unclear",
        "craving",
        "tell_fact",
        "no_meal",
        "no_workout",
    }


def _fit(lines: list[str], limit: int) -> str:
    """As many lines as fit; the first that does not is cut at a word."""
    text = ""
    for line in lines:
        grown = f"{text}\n{line}" if text else line
        if len(grown) > limit:
            rest = limit - len(text) - 2
            return (f"{text}\n{line[:rest].rsplit(' ', 1)[0]}" if rest > 20 else text or line[:limit]).strip()[:limit]
        text = grown
    return text
