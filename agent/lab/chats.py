"""A person's own chat as a conversation of the lab, read with that person's id. Pins are left aside: the lab compares strategies."""

from sqlite_utils import Database

from agent.catalogue import DEMO, choice_of
from agent.lab.conversation import LAST_TURNS, Conversation, Said
from agent.prompt import local_date, system_prompt, zone_of
from storage import chats, messages
from storage.records import Message, TurnOutline
from storage.settings import Settings

_LATER = 1 << 60


def chat(db: Database, user_id: str, chat_id: str, settings: Settings, timezone: str) -> Conversation | None:
    """Return a chat of `user_id`, None when nothing was answered in it yet.

    It is priced as the model that answered last. Raises NotFound when the chat is deleted, unknown or somebody else's.
    """
    found = chats.get(db, user_id, chat_id)
    outlines = messages.recent(db, user_id, chat_id, _LATER, limit=LAST_TURNS)
    count = sum(len(outline.messages) for outline in outlines)
    if count == len(outlines):
        return None
    texts = {message.id: message for message in messages.latest(db, user_id, chat_id, count)}
    turns = tuple(_said(outline, texts, timezone) for outline in outlines)
    choice = choice_of(settings, outlines[-1].model)
    by_demo = all(outline.model == DEMO for outline in outlines)
    return Conversation(found.title, turns, zone_of(timezone), choice.priced_as, by_demo)


def _said(outline: TurnOutline, texts: dict[int, Message], timezone: str) -> Said:
    said = tuple(texts[message.id] for message in outline.messages)
    return Said(outline.started_at, system_prompt(local_date(outline.started_at, timezone)), said)
