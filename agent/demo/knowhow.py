"""Everyday knowledge of food, sleep and training: the answer to a how, a why or a what, found by the words of the question."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from agent.demo.acts import Act
from agent.demo.memory import stem
from agent.demo.words import load, tidy

KNOW = "know:"
"""Before the number of an entry, in the topic of a question that one answers."""
ASKS = re.compile(
    r"^(?:(?:so|and|but|ok|okay|hey|hi|hello|well|also|please|hmm|um|coach|then|btw|quick question)[,: ]+)*"
    r"(?:how\b|why\b|what(?:'s| is| are| does| do| can| could| should| would| happens| helps| to do)\b|whats\b|which\b|is\b|are\b"
    r"|does\b|do\b"
    r"|should\b|can\b|could\b|will\b|would\b|when (?:should|is|can)\b|(?:any|some|got|have any) (?:tips?|advice|ideas?|tricks?)\b"
    r"|tips?\b|advice\b"
    r"|(?:the )?best (?:way|time)\b|help me\b|i (?:need|want) (?:help|tips|advice)\b|ways? to\b|explain\b|tell me (?:about|how|why)\b"
    r"|(?:can|could) you (?:explain|tell|help)\b|teach me\b|what about\b)"
)
HOW_WHY = re.compile(
    r"\b(?:how (?:do|can|could|should|would|to|come|long|often|much|many|does)|why|what(?:'s| is) (?:the )?(?:difference|best way"
    r"|best time)"
    r"|what (?:helps|can i do (?:about|against|for|if|to)|should i do (?:about|against|if)|to do (?:about|against|if|when)|does"
    r"|happens|about)"
    r"|tips?|advice|ways? to|best (?:way|time)|does|explain|substitute|instead of|replace|alternative|stop\w*|avoid|or)\b"
)
OF_SELF = re.compile(
    r"\b(?:did|have|had|was|were) (?:i|we|my)\b|\bi(?:'ve| have)? (?:told|said|mentioned|ate|had|did|ran|slept|drank|logged)\b"
    r"|\bmy (?:log|diary|goal|name)\b"
    r"|\bdo i (?:usually|normally|always|like|love|hate|have|work|live|take|weigh|play)\b|\b(?:is|are"
    r"|was) my (?!(?:\w+ )?(?:weight|muscle|leg|back|body|belly))"
    r"|\b(?:today|yesterday|last (?:night|week|month))(?: so far)?$|\bwhat(?:'s| is| are) my\b|\bcalories (?:in|are in|does|do"
    r"|has)\b|\bin my log\b|\bkcal\b|^(?:so |and |but )*(?:can|may|could|am) (?:i|we)\b|\bhow much (?:water|fluid)"
    r"|\b(?:a cold|the flu|fever|ill|sick|sprained|injured)\b"
)
WISH = re.compile(
    r"\b(?:before or after|after or before|give|suggest|recommend|ideas?|recipes?|for (?:breakfast|lunch|dinner|supper|a snack"
    r"|dessert)|good (?:breakfast|lunch"
    r"|dinner|snack|dessert|meal)"
    r"|what (?:should|can|could|to) (?:i |we )?(?:eat|cook|have|make)|workout for|a workout|exercises? for)\b"
)
INSTEAD = re.compile(r"\b(?:instead of|replace|substitute|swap|alternative)\b")
HELP = re.compile(
    r"^(?:so |and |but |ok )*(?:what (?:can|should|do|could) i do(?: about (?:it|that|this)| against (?:it|that))?|what (?:helps"
    r"|can help|to do|would help)"
    r"|how (?:can|do|could) i (?:fix|change|stop|improve|avoid) (?:it|that|this)|(?:any|got any|have you any) (?:tips|advice"
    r"|ideas?)|help|why(?: is that)?"
    r"|is (?:that|it|this) (?:normal|bad|ok|okay))$"
)
LEANS = re.compile(r"\b(?:it|that|there|this|them|those|one)\b(?! (?:week|morning|evening|afternoon|month|weekend|year|is|are|any)\b)")
LONGEST_LEAN = 9
"""Words of a question that may lean on what was said before: 'how do I get there?'."""
ENOUGH = 2
OF_LOG = frozenset({"ask_food", "ask_workout", "ask_log", "about_bot"})
HOW_TO = re.compile(
    r"^(?:so |and |but |ok )*(?:how (?:do|can|should|could) i|why (?:do|am) i(?! (?:doing|here))|what (?:can|should"
    r"|could) i do (?:about|against|for|if|when|to)|how (?:do|can) you)\b"
)
"""Asks how to or why, although it looks as if it asked for the log."""
KEEPS = frozenset({"advise_meal", "advise_workout"})
OPEN = frozenset({"off_topic", "unclear", "ask_fact", "ask_back"})
BROAD = frozenset(
    {
        "general",
        "water",
        "sugar",
        "late",
        "weight",
        "snacking",
        "moderation",
        "fruit",
        "compare",
        "protein",
        "every_day",
        "recovery",
        "soreness",
        "sleep",
        "how_often",
        "stress",
        "warm_up",
        "walking",
        "breakfast",
        "diets",
        "caffeine",
    }
)
"""Tips for a whole field, which a closer answer may take the place of."""


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[tuple[frozenset[str], ...], ...], ...]:
    return tuple(
        tuple(
            tuple(frozenset(stem(word) for word in group.split("|")) | frozenset(group.split("|")) for group in one.split())
            for one in entry["if"]
        )
        for entry in load("knowhow.json")["entries"]
    )


@lru_cache(maxsize=512)
def closest(low: str) -> tuple[int, int]:
    """The entry that has most to do with a question, and how many of its word groups it has; (-1, 0) for none."""
    said = {form for word in re.findall(r"[a-z0-9]+(?:'[a-z]+)?", low) for form in (word, stem(word))}
    best, most = -1, 0
    for number, entry in enumerate(_entries()):
        fits = max((len(groups) for groups in entry if all(group & said for group in groups)), default=0)
        if fits > most:
            best, most = number, fits
    return best, most


def explained(act: Act, before: str = "") -> Act | None:
    """The question as one that everyday knowledge answers; None where it asks for something else.

    Args:
        act: the question.
        before: what was said just before it: of 'I wake up at 4, what can I do?' the waking.
    """
    low = tidy(act.text).strip(" ?!.")
    leans = HELP.match(low) or (len(low.split()) <= LONGEST_LEAN and LEANS.search(low) and ASKS.match(low) and not OF_SELF.search(low))
    if before and leans and (HELP.match(low) or act.intent in OPEN or act.topic in BROAD):
        number, groups = closest(f"{low} {before}")
        return replace(act, intent="advise_wellness", topic=f"{KNOW}{number}") if groups >= ENOUGH else None
    open_one = (act.intent in OPEN and not act.topic) or (act.intent == "ask_calories" and not any(item.food for item in act.foods))
    broad = act.intent == "advise_wellness" and act.topic in BROAD
    if not (open_one or broad or act.intent in KEEPS | OF_LOG) or not ASKS.match(low) or OF_SELF.search(low):
        return None
    if act.intent in OF_LOG and not HOW_TO.match(low):
        return None
    if act.intent in KEEPS and ((WISH.search(low) and not INSTEAD.search(low)) or not HOW_WHY.search(low)):
        return None
    number, groups = closest(low)
    return replace(act, intent="advise_wellness", topic=f"{KNOW}{number}") if groups >= (1 if open_one else ENOUGH) else None


def known(topic: str) -> str:
    """What is known on the topic of a question that `explained` read."""
    return str(load("knowhow.json")["entries"][int(topic.removeprefix(KNOW))]["say"])
