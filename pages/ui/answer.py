"""An answer as text to draw: what the agent said and the steps it took, in order, as one piece of markdown.

Built from the events of a turn that runs and from the stored messages of one that is over, so that both look the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.events import TOOL_ERROR, Event, Notice, TextDelta, ToolFinished, ToolStarted
from pages.ui.formats import as_markdown, plain_markdown
from storage.records import Message, Turn

CURSOR = " ▍"
THINKING = ":small[:gray[Thinking…]]"
_ICONS = {"log_food": "restaurant", "log_workout": "fitness_center", "read_log": "menu_book", "remove_entry": "delete"}
_OTHER_ICON = "edit_note"
_LONGEST = 160
_ENDINGS = {
    "failed": "This answer failed.",
    "stopped": "You stopped this answer.",
    "interrupted": "The server stopped while this answer was being written. Your question is kept; send it again.",
}


@dataclass(slots=True)
class Step:
    """One tool call."""

    name: str
    asked: str
    ok: bool | None = None
    """None while it runs."""
    result: str = ""

    def line(self) -> str:
        """Return the step as one small line."""
        if self.ok is None:
            return _small(f"{_icon(self.name)} {as_markdown(self.asked)}…")
        first = self.result.removeprefix(TOOL_ERROR).strip().partition("\n")[0][:_LONGEST]
        icon = _icon(self.name) if self.ok else ":material/block:"
        return _small(f"{icon} {as_markdown(first)}")


@dataclass(slots=True)
class Answer:
    """An answer that grows."""

    parts: list[str | Step] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Add what an event tells."""
        match event:
            case TextDelta(text):
                self.say(text)
            case ToolStarted(_, name, args):
                self.parts.append(Step(name, _call(name, args)))
            case ToolFinished(_, name, ok, text):
                self._finish(name, ok, text)
            case Notice(text):
                self.notices.append(text)
            case _:
                return

    def say(self, text: str) -> None:
        """Add text to the end."""
        if self.parts and isinstance(self.parts[-1], str):
            self.parts[-1] += text
        elif text:
            self.parts.append(text)

    def markdown(self, ending: str = "") -> str:
        """Return the whole, `ending` put right behind the last word."""
        drawn = [plain_markdown(part) if isinstance(part, str) else part.line() for part in self.parts]
        if ending and self.parts and isinstance(self.parts[-1], str):
            drawn[-1] += ending
        elif ending:
            drawn.append(THINKING)
        drawn.extend(f":small[:orange[{as_markdown(notice)}]]" for notice in self.notices)
        return "\n\n".join(drawn)

    def _finish(self, name: str, ok: bool, text: str) -> None:
        waiting = [part for part in self.parts if isinstance(part, Step) and part.name == name and part.ok is None]
        step = waiting[0] if waiting else Step(name, name)
        if not waiting:
            self.parts.append(step)
        step.ok, step.result = ok, text


def stored_answer(replies: Iterable[Message]) -> Answer:
    """Return the answer that stored messages of one turn make."""
    answer = Answer()
    for message in replies:
        if message.role == "tool":
            name = message.tool_name or "tool"
            answer.take(ToolFinished("", name, not message.text.startswith(TOOL_ERROR), message.text))
        else:
            answer.say(message.text)
            for call in message.tool_calls:
                answer.take(ToolStarted(call.id, call.name, call.args))
    return answer


def ending_note(turn: Turn) -> str:
    """Return why an answer is not whole, as markdown; empty for one that is."""
    if turn.status not in _ENDINGS:
        return ""
    sentence = (turn.error or _ENDINGS[turn.status]) if turn.status == "failed" else _ENDINGS[turn.status]
    colour = "gray" if turn.status == "stopped" else "orange"
    return f"\n\n:small[:{colour}[{as_markdown(sentence)}]]"


def _call(name: str, args: dict[str, object]) -> str:
    given = ", ".join(f"{key} {value}" for key, value in args.items())
    return f"{name}: {given}"[:_LONGEST] if given else name


def _icon(name: str) -> str:
    return f":material/{_ICONS.get(name, _OTHER_ICON)}:"


def _small(text: str) -> str:
    return f":small[:gray[{text}]]"
