"""What the agent still knows at the end of a conversation: each question is really put to the demo model, with what the plan sends.

Importing this module imports LangChain (about 1 s).
"""

from collections.abc import Sequence
from functools import lru_cache

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable

from agent.convert import to_langchain
from agent.demo.model import DemoChatModel
from agent.known import Quoted, lines_of, quoted
from agent.lab.conversation import Answer, Conversation, Question
from agent.lab.witness import Checkpoint, found
from agent.memory.context import Overhead, plan
from agent.memory.history import History
from agent.memory.policy import MemoryPolicy
from agent.memory.wire import system_text
from agent.pricing import context_window
from agent.prompt import system_prompt
from agent.tokens import message_tokens
from agent.tool_weight import TOOL_TOKENS
from agent.tools import TOOLS
from storage.records import Message

LOOKED_IN_THE_LOG = "(It looked in the log, where nothing of this is kept.)"


def ask(
    conversation: Conversation, policy: MemoryPolicy, question: Question, ranking: Sequence[Message], checkpoint: Checkpoint | None
) -> Answer:
    """Ask the demo model a question at the end of a conversation, as the agent would under `policy`.

    `ranking` is what retrieval finds for the question, `checkpoint` the running summary as it stands.
    """
    request, tokens = request_of(conversation, policy, question, ranking, checkpoint)
    reply = _coach().invoke(request)
    text = LOOKED_IN_THE_LOG if reply.tool_calls else reply.text
    return Answer(question, text, question.answered_by(text), tokens)


def request_of(
    conversation: Conversation, policy: MemoryPolicy, question: Question, ranking: Sequence[Message], checkpoint: Checkpoint | None
) -> tuple[list[AnyMessage], int]:
    """Return what the plan of a question's context sends, and its tokens with the tool schemas."""
    asked_at = conversation.asked_at or conversation.turns[-1].at
    last = conversation.messages[-1]
    asked = Message(last.id + 1, last.chat_id, "", "user", question.asked, message_tokens(question.asked), asked_at)
    history = (*conversation.messages, asked)
    quotes = _quotes(conversation, policy, history, ranking)
    prompt = system_prompt(asked_at.astimezone(conversation.zone).date())
    planned = plan(
        history,
        policy,
        summary=checkpoint,
        hits=quotes,
        overhead=Overhead(message_tokens(prompt), TOOL_TOKENS),
        model_window=context_window(*conversation.priced_as),
    )
    lines = {quote.id: quote for quote in quotes}
    summary = checkpoint.text if checkpoint and planned.summary else None
    system = system_text(prompt, summary, lines_of(lines[each] for each in planned.quoted))
    sent = frozenset(planned.sent)
    window = [to_langchain(message) for message in history if message.id in sent]
    return [SystemMessage(system), *window], message_tokens(system) + TOOL_TOKENS + planned.window


def write_summary(asked: str, question: str) -> str:
    """Have the demo model write a summary."""
    return _writer().invoke([SystemMessage(asked), HumanMessage(question)]).text


def _quotes(conversation: Conversation, policy: MemoryPolicy, history: Sequence[Message], ranking: Sequence[Message]) -> list[Quoted]:
    if policy.strategy != "retrieval":
        return []
    return [quoted(message, conversation.zone) for message in found(ranking, History(history), len(history), policy)]


@lru_cache(maxsize=1)
def _writer() -> DemoChatModel:
    return DemoChatModel()


@lru_cache(maxsize=1)
def _coach() -> Runnable[LanguageModelInput, AIMessage]:
    return _writer().bind_tools(list(TOOLS))
