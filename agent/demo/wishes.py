"""Wishes in a few words that no rule for questions knows: 'something filling under 400 kcal?', 'workout?', 'high protein lunch please'.

Only what would otherwise not be understood is read so, and 'ideas?' alone means whatever was spoken of before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from agent.demo.activities import find
from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.facts import told
from agent.demo.fitmoves import ASKS_IF
from agent.demo.foods import mentions, tokens
from agent.demo.knowhow import explained
from agent.demo.meals import items
from agent.demo.sources import asks_for_sources
from agent.demo.understand import understand
from agent.demo.words import marked, tidy

LOST = frozenset({"off_topic", "unclear", "ask_back"})
MEAL = re.compile(
    r"\b(?P<meal>breakfast|brunch|lunch|dinner|supper|snack|dessert|pudding)\b|\b(?:meals?|recipes?|dish(?:es)?|food|menu"
    r"|bite|nibble|treat|smoothie|cook)\b"
    r"|\bto (?:eat|munch|nibble|drink|cook)\b|\bwhat fits\b|\bi(?:'m| am) hungry\b|\bcraving\b"
    r"|\bsomething (?:\w+ )?(?:filling|sweet|salty|savou?ry|light|warm|hot|cold|crunchy|spicy|healthy|quick|easy|cheap"
    r"|hearty|comforting|fresh|creamy|small|tasty|high|low|with|without)\b"
)
MOVE = re.compile(
    r"\b(?:work ?outs?|exercises?|training|routine|stretch(?:es)?|cardio|session|warm[- ]?up|cool[- ]?down|sport|moves"
    r"|gym plan|(?:leg|arm|push|pull|chest|back|core|cardio|upper|lower)[- ](?:body|day)|abs)\b"
)
WANTED = re.compile(
    r"\b(?:please|pls|ideas?|suggest\w*|recommend\w*|options?|thoughts|need|want|give|gimme|got any|any|for me|how about"
    r"|what about|hit me with|something|fits?|tips?)\b|\?\s*$"
)
BARE = re.compile(
    r"^(?:any |some |so |and |ok |please )*(?:ideas?|suggestions?|recommendations?|tips|thoughts|options?)(?: please| for me| then)*$"
)
NOT_A_WISH = re.compile(
    r"\b(?:ate|had|have eaten|drank|did|ran|was|were|log(?:ged)?|my log|yesterday|told|said|do i|did i|have i|am i|who"
    r"|where|when|why|don't want|book|order|buy)\b"
)
COOKS = re.compile(r"\bwhat (?:could|can|should|shall|might) (?:\w+ ){1,3}(?:make|cook|eat|prepare|serve|bake|bring|have for)\b")
SHALL = re.compile(r"^(?:so |and |but |ok )*(?:should|shall) (?:i|we)\b")
HEALTHY = re.compile(
    r"^(?:so |and |but )*(?:is|are) [a-z' -]{2,40} (?:really |that |actually )?(?:healthy|unhealthy|good|bad|ok|okay|fine|fattening)\b"
)
OK_FOR_ME = re.compile(
    r"^(?:so |and |but )*(?:is|are) (?!it|that|this|there|everything|my|you|he|she|they|we)[a-z' -]{3,30} (?:ok|okay|safe|allowed|alright)"
    r"(?: for me| to eat| to have)?$"
)
"""'Is marzipan ok?', of a food that no table has."""
GOOD_MEAL = re.compile(r"\b(?:good|best|healthy|nice|ideal|light) (?:[a-z-]+ ){0,2}(?P<meal>breakfast|lunch|dinner|snack|dessert|supper)\b")
HOW_TO = re.compile(
    r"^(?:so |and |but |ok )*(?:how (?:do|can|could|should|would|to)\b|what(?:'s| is| are| works?)\b.*\b(?:better|best"
    r"|good)\b|why do i (?:always|keep)\b)"
)
HELP = re.compile(r"\bhelp\b|\bwhat (?:can|should|could) i do\b|\bany (?:tips|advice)\b")
START = re.compile(r"^(?:.{0,40}, )?(?:so |and )*(?:where|how) (?:do|should|can|could|would) i (?:start|begin|get into)\b")
TIPS = (
    ("sleep", re.compile(r"\b(?:sleep\w*|insomnia|wak(?:e|ing) up|awake|tired\w*|fatigue|exhaust\w*|bed(?:time)?)\b")),
    ("stress", re.compile(r"\b(?:stress\w*|anxi\w*|worr\w*|calm|relax|panic|nerv\w*|motivat\w*|mood)\b")),
    ("water", re.compile(r"\b(?:water|hydrat\w*|thirst\w*)\b")),
    ("weight", re.compile(r"\b(?:weight loss|los(?:e|ing) (?:weight|fat)|belly|burn fat|slim\w*|weight|cravings?|snacking|overeat\w*)\b")),
    ("protein", re.compile(r"\bprotein\b")),
    ("sugar", re.compile(r"\b(?:sugar|salt|fib(?:er|re)|sweets?)\b")),
    ("alcohol", re.compile(r"\b(?:alcohol|beer|wine|drinking)\b")),
    ("caffeine", re.compile(r"\b(?:caffeine|coffees?)\b")),
)
"""The tip that a question for help wants, by its words."""
WHAT_WITH = re.compile(rf"{COOKS.pattern}|\bwhat (?:can|could|should) i do\b")
AT_HAND = re.compile(
    r"^(?:so |ok |but |and |hi |hey )*(?:(?:i|we)(?: only| just| still)? have(?: only| just| still| got)? (?!had|eaten|done)|(?:i"
    r"|we)(?:'ve| have) got"
    r"|got|there(?:'s| is| are)|in my (?:fridge|kitchen|freezer))\b(?!.*\b(?:for (?:breakfast|lunch|dinner)|today|yesterday"
    r"|earlier|this morning)\b)"
)
LONGEST_WORDS = 12
LOOK_BACK = 3


def wished(acts: Sequence[Act], context: Context) -> tuple[Act, ...]:
    """The acts, with each wish for a meal or a workout made a question for advice."""
    acts = tuple(_at_hand(acts))
    said = [line.text for line in context.said_by("user")[-1:]]
    before = ["".join(said), *(act.text for act in acts)]
    return tuple(explained(act, tidy(last)) or _wish(act, context) or act for last, act in zip(before, acts, strict=False))


def _at_hand(acts: Sequence[Act]) -> Iterator[Act]:
    """The acts without the foods or things that were named only as being there: 'I have eggs and feta, what can I make?'."""
    named = ""
    for place, act in enumerate(acts):
        asks_next = place + 1 < len(acts) and (
            acts[place + 1].intent in {"advise_meal", "advise_workout"} or WHAT_WITH.search(tidy(acts[place + 1].text))
        )
        if asks_next and act.intent in {"log_food", "log_workout"} and AT_HAND.match(tidy(act.text)):
            named = " ".join([*(item.name for item in act.foods), *(move.name for move in act.moves)])
        elif named:
            intent = "advise_workout" if act.intent == "about_bot" else act.intent
            yield replace(act, intent=intent, text=f"{act.text} with {named}")
            named = ""
        else:
            yield act


def _wish(act: Act, context: Context) -> Act | None:
    low = tidy(act.text).strip(" !.")
    if act.intent in LOST | {"ask_fact"} and not act.topic and (advice := _how_to(act, low)):
        return advice
    cooks = bool(COOKS.search(low))
    if (act.intent not in LOST and not cooks) or len(low.split()) > LONGEST_WORDS or NOT_A_WISH.search(low):
        return None
    if BARE.match(low.strip(" ?")):
        return _about_before(act, context)
    return _for_meal_or_move(act, low, cooks=cooks)


def _how_to(act: Act, low: str) -> Act | None:
    """'How do I ...', 'should I ...', 'is ... healthy?': advice, where nothing that was told answers."""
    bare = low.strip(" ?")
    if HEALTHY.match(bare) and (foods := items(marked(bare))) and foods[0].food:
        return Act("advise_meal", act.text, foods[:1])
    meal = GOOD_MEAL.search(bare)
    if meal or asks_for_sources(bare) or OK_FOR_ME.match(bare):
        return Act("advise_meal", act.text, topic=meal.group("meal") if meal else "")
    if SHALL.match(low):
        return _allowed(act, low)
    topic = next((topic for topic, words in TIPS if words.search(low)), "")
    if START.match(low) and (MOVE.search(low) or find(tokens(low))):
        return Act("advise_workout", act.text)
    if (HOW_TO.match(low) or HELP.search(low)) and (topic or MEAL.search(low) or mentions(low)):
        return Act("advise_wellness", act.text, topic=topic or "general")
    return None


def _for_meal_or_move(act: Act, low: str, *, cooks: bool) -> Act | None:
    """A wish for something to eat, or for something to do."""
    if ASKS_IF.match(low) and find(tokens(low)):
        return Act("advise_workout", act.text)
    wanted = cooks or bool(WANTED.search(low))
    found = MEAL.search(low) if wanted else None
    if found or cooks:
        return Act("advise_meal", act.text, topic=(found.group("meal") or "") if found else "")
    return Act("advise_workout", act.text) if wanted and MOVE.search(low) else None


def _allowed(act: Act, low: str) -> Act:
    """'Should I still go to my zumba class?' asks for advice, not for what was told."""
    if find(tokens(low)) or MOVE.search(low):
        return Act("advise_workout", act.text)
    if foods := items(marked(low)):
        return Act("advise_meal", act.text, foods)
    return Act("advise_wellness", act.text, topic="general")


def _about_before(act: Act, context: Context) -> Act | None:
    """What 'ideas?' is for: food or exercise, whichever was spoken of last."""
    said = [line.text for line in context.said_by("user") if line.source == "message"][-LOOK_BACK:]
    for text in reversed(said):
        low = tidy(text)
        if MOVE.search(low) or any(fact.kind == "injury" for fact in told(text)):
            return Act("advise_workout", f"{text} {act.text}")
        if MEAL.search(low) or mentions(low) or any(one.foods for one in understand(text)):
            found = MEAL.search(low)
            return Act("advise_meal", f"{text} {act.text}", topic=(found.group("meal") or "") if found else "")
    return None
