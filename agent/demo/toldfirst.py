"""Questions that what was told answers, although they look as if they asked for the log, for advice, or for something else.

'How do I get to campus?' asks for no advice once somebody has said that they cycle there. Where nothing told answers, the
question stays what it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.gist import Hit, best
from agent.demo.memory import Memory
from agent.demo.restrictions import careful_with
from agent.demo.sums import worked_out
from agent.demo.understand import understand
from agent.demo.watertold import asks_sum, water_total
from agent.demo.words import tidy

ELSEWHERE = frozenset({"off_topic", "unclear", "greet", "about_bot"})
LOOKS = frozenset({"ask_food", "ask_workout", "ask_log", "ask_when", "advise_wellness", "advise_workout", "advise_meal", "ask_total"})
LOST = ELSEWHERE | {"ask_fact", "ask_back"}
TERSE = re.compile(
    r"^(?:and |my |the |total )*(?P<it>water|sleep|weight|mood|goal|name|age|diet|height|job|allerg(?:y|ies)|plans?|injur(?:y|ies))"
    r"(?: (?:total|intake|so far|today|last night|now|again|please))*$"
)
"""'Water total?': a noun is the whole question."""
TOPICS = {"allergies": "allergy", "plans": "plan", "injuries": "injury"}
ANSWERS = 0.6
"""From which score on a told clause answers a question that no rule knows."""
LEAST_OF_MINE = 0.45
OUTRANKS = 0.78
"""From which score on it outranks what a rule takes the question for."""
WHY = re.compile(r"^(?:and |so |but )*why (?:did|do|am|have|was|had) (?:i|we)\b")
SHALL = re.compile(r"^(?:so |and |but |ok )*(?:should|shall) (?:i|we)\b")
HOW = re.compile(r"^(?:so |and |but )*how (?:do|can|could|should|would) (?:i|we)\b")
OF_LOG = frozenset({"log_food", "log_workout", "other_day", "correct", "remove", "unclear", "greet", "water", "sleep"})
STILL = re.compile(r"\b(?:still|more|left|missing|to go)\b")
OF_WATER = re.compile(r"\bwater\b|\b(?:glasses|lit(?:re|er)s|ml)\b|\bhow much (?:did|have) i (?:drink|drunk|drank)\b")
AS_IT_IS = re.compile(
    r"\b(?:do|am|are|does|is|have) (?:i|we|my|our)\b|\b(?:i|we) (?:usually|normally|always)\b|\bwhat(?:'s| is| are) my\b"
    r"|\bwhich of my\b|^who\b|\b(?:i'm|i am)\b"
)
ADVICE = re.compile(
    r"\b(?:should|could|can|may|shall|might|would) (?:i|we|my|it|that)\b|\bwhat (?:should|can|could)\b|\btips?\b"
    r"|\badvice\b|\bideas?\b|\bsuggest|\brecommend"
    r"|\b(?:did|have|had) (?:i|we)\b|\btoday\b|\byesterday\b|\blast (?:week|night|month)\b|\blog(?:ged)?\b|\bhow (?:do"
    r"|can) i (?:get|become|lose|stay|stop|improve|start)"
    r" (?:better|fitter|fit|stronger|faster|rid|weight|motivated|started)|\bis it (?:ok|bad|good|safe)|\bcalories\b|\bkcal\b"
)


def told_first(acts: Sequence[Act], context: Context) -> tuple[Act, ...]:
    """The acts, with each question that what was told answers made a question for the memory."""
    memory: Memory | None = None
    found = []
    for act in acts:
        if act.intent in ELSEWHERE | LOOKS | {"ask_fact", "ask_average"}:
            memory = memory or Memory(context)
            found.append(_asked_of_memory(act, memory))
        else:
            found.append(act)
    return tuple(found)


def _asked_of_memory(act: Act, memory: Memory) -> Act:
    low = tidy(act.text)
    topic = _plain_topic(act, low, memory)
    if topic or act.intent in {"ask_fact", "ask_average"}:
        return replace(act, intent="ask_fact", topic=topic) if topic else act
    if (act.intent in ELSEWHERE and not _asks(low)) or (
        act.intent in LOOKS and not WHY.match(low) and (ADVICE.search(low) or not AS_IT_IS.search(low))
    ):
        return act
    hit = best(act.text, memory)
    if hit is None or hit.score < (OUTRANKS if act.intent in LOOKS and not WHY.match(low) else ANSWERS) or _logs(hit):
        return act
    return replace(act, intent="ask_fact", topic="said")


def _plain_topic(act: Act, low: str, memory: Memory) -> str:
    """What a question asks of the memory without a doubt: a sum, all to be careful with, or a noun; '' for none of them."""
    if asks_sum(low) and (water_total(low, memory) or (OF_WATER.search(low) and not STILL.search(low) and memory.measures("water"))):
        return "water"
    if worked_out(act.text, memory):
        return "sum"
    if act.intent not in {"advise_meal", "ask_food"} and careful_with(act.text, memory):
        return "careful"
    if act.intent in LOST and (terse := TERSE.match(low.strip(" ?!."))):
        return TOPICS.get(terse.group("it"), terse.group("it"))
    sure = (
        act.intent == "ask_fact"
        and not act.topic
        and (hit := best(act.text, memory))
        and hit.score >= _enough(low)
        and not SHALL.match(low)
    )
    return "said" if sure else ""


def _enough(low: str) -> float:
    """How well a clause has to fit: 'how do I take my tea?' speaks of what one does, 'how do I say no to cake?' hardly."""
    return ANSWERS if not HOW.match(low) else LEAST_OF_MINE if " my " in low else OUTRANKS


def _asks(low: str) -> bool:
    return low.endswith("?") or bool(re.match(r"^(?:and |so )*(?:who|what|which|when|where|how|why|name|tell)\b", low))


def _logs(hit: Hit) -> bool:
    """Whether the clause only tells what was eaten or done, which the log knows better."""
    return all(act.intent in OF_LOG - {"unclear"} for act in understand(hit.clause))
