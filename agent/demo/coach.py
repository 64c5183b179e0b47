"""The wellness coach: from the messages of a request and the tools at hand to an answer.

A turn takes several requests: first the tools are called, then, with their answers in the request, the words are
said. Which step it is can be read off the request, so nothing has to be kept in between.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from langchain_core.messages import BaseMessage

from agent.demo.acts import Act
from agent.demo.answers import words_for
from agent.demo.asked import in_full
from agent.demo.context import Context, read
from agent.demo.dating import carried, placed
from agent.demo.followup import resolved
from agent.demo.logasked import about_log
from agent.demo.reply import Reply
from agent.demo.steps import next_calls
from agent.demo.summary import summarise
from agent.demo.talk import say
from agent.demo.toldfirst import told_first
from agent.demo.understand import LONGEST, understand
from agent.demo.wishes import wished

COACH_TOOLS = frozenset({"log_food", "log_workout", "read_log", "change_entry", "remove_entry"})


def answer(messages: Sequence[BaseMessage], tools: Collection[str], *, any_day: bool = False) -> Reply:
    """The coach's answer.

    Args:
        messages: the request, oldest first; all it knows.
        tools: the names of the bound tools.
        any_day: whether the tools that log take a day.
    """
    context = in_full(read(messages))
    if context.summary_limit is not None:
        return Reply(summarise(context, context.summary_limit))
    acts = _read_in_context(understand(context.question), context)
    if any_day:
        acts = placed(acts, context.today)
    offered = frozenset(tools)
    calls = next_calls(acts, context, offered, any_day=any_day)
    if calls:
        return Reply(calls=calls)
    if len(context.question) > LONGEST:
        return Reply(say("too_long", context.question))
    return Reply(words_for(acts, context, offered))


def _read_in_context(acts: Sequence[Act], context: Context) -> tuple[Act, ...]:
    """What the message does, once it is known what was said, told and logged before it."""
    acts = carried(resolved(tuple(acts), context))
    return wished(about_log(told_first(acts, context), context), context)
