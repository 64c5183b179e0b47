"""A chat from a file as a conversation of the lab: checked as an import is, run, and stored nowhere."""

from datetime import UTC, datetime

from agent.catalogue import DEMO, choice_of
from agent.lab.conversation import LAST_TURNS, Conversation, Said
from agent.prompt import local_date, system_prompt, zone_of
from agent.transfer.form import ChatFile, PastTurn
from agent.transfer.importing import messages
from agent.transfer.reading import read
from storage.records import Message
from storage.settings import Settings


def conversation(data: bytes, settings: Settings, now: datetime) -> Conversation | None:
    """Return the chat in a file, None when nothing was answered in it.

    It is priced as the model that answered last. Raises FileRefused, whose sentence says what is wrong, when the file is not a chat.
    """
    file = read(data, now, settings.max_message_chars)
    turns: list[Said] = []
    for turn in file.turns[-LAST_TURNS:]:
        first = turns[-1].messages[-1].id + 1 if turns else 1
        turns.append(_said(turn, file, first))
    if not any(len(turn.messages) > 1 for turn in turns):
        return None
    priced_as = choice_of(settings, file.turns[-1].model).priced_as
    by_demo = all(turn.model == DEMO for turn in file.turns)
    return Conversation(file.title, tuple(turns), zone_of(file.timezone), priced_as, by_demo)


def _said(turn: PastTurn, file: ChatFile, first: int) -> Said:
    at = (turn.started_at or turn.created_at).astimezone(UTC)
    timezone = file.timezone if turn.timezone is None else turn.timezone
    said = tuple(
        Message(number, "file", "", new.role, new.text, new.tokens, at, new.tool_calls, new.tool_call_id, new.tool_name)
        for number, new in enumerate(messages(turn.messages), first)
    )
    return Said(at, system_prompt(local_date(at, timezone)), said)
