"""Acknowledging what somebody told: warm, brief, and clear about what was understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.demo.acts import Act, Measure
from agent.demo.facts import Fact
from agent.demo.memory import Told
from agent.demo.talk import listing, said_back, say, to_you
from agent.demo.words import load, show

TIRED = frozenset(
    [
        "tired",
        "exhausted",
        "knackered",
        "sleepy",
        "drained",
        "shattered",
        "lazy",
        "unmotivated",
        "burned out",
        "burnt out",
        "long",
        "exhausting",
        "busy",
    ]
)
BODY = frozenset(
    [
        "sick",
        "ill",
        "unwell",
        "sore",
        "bloated",
        "dizzy",
        "weak",
        "hungover",
        "under the weather",
        "dehydrated",
        "thirsty",
        "headache",
        "fever",
        "cold",
        "flu",
        "migraine",
        "cramps",
        "nausea",
        "hangover",
    ]
)
BAD_SLEEP = frozenset(
    [
        "badly",
        "poorly",
        "terribly",
        "bad",
        "awful",
        "awfully",
        "horribly",
        "terrible",
        "insomnia",
        "tossed",
        "can't sleep",
        "couldn't sleep",
        "hardly",
        "barely",
        "didn't sleep",
        "not much",
        "crappy",
        "lousy",
        "restless",
        "restlessly",
        "rough",
        "roughly",
    ]
)
LONGEST_NAP = 1.5
ANYTHING = frozenset({"anything", "any food", "any foods", "any of that", "anything at all"})
STRESSED = frozenset(
    {"stressed", "stressed out", "anxious", "worried", "nervous", "overwhelmed", "stressing me", "stressful", "overwhelming"}
)
PLAIN = frozenset({"ok", "okay", "full", "stuffed"})
MOODS = (
    ("mood_hungry", frozenset({"hungry", "starving"})),
    ("mood_tired", TIRED),
    ("mood_stress", STRESSED),
    ("mood_body", BODY),
    ("acknowledge", PLAIN),
)


EXPECTING = re.compile(r"\b(?:pregnan\w*|breast-?feeding|expecting|nursing a)\b")
LONGEST_SAID = 14
"""Words of a telling of somebody that is said back whole."""
INTOLERANCES = re.compile(r"^(?:lactose|fructose|histamine|fodmaps?)$|intoleran|sensitiv")
STOMACH = re.compile(r"\b(?:stomach|tummy|belly|guts?|digest\w*|bloat\w*|insides|gassy|cramps)\b")
COELIAC = re.compile(r"c(?:o)?eliac")


def sensitivity(fact: Fact) -> str:
    """What one cannot have, in its own words: an intolerance is no allergy, and coeliac disease neither."""
    value = fact.value.lower()
    if COELIAC.search(value):
        return "you have coeliac disease (no gluten)"
    if STOMACH.search(fact.said.lower()) and "allerg" not in fact.said.lower():
        return f"you don't tolerate {to_you(fact.value)}"
    if INTOLERANCES.search(value) or re.search(r"\bintoleran|\bsensitiv", fact.said.lower()):
        return f"you're {to_you(fact.value)} intolerant" if len(value.split()) == 1 else f"you don't tolerate {to_you(fact.value)}"
    return f"you're allergic to {to_you(fact.value)}"


def sensitivities(found: Sequence[Told]) -> list[str]:
    """The last few, each once; allergies together: 'you're allergic to nuts and kiwi'."""
    said = list(dict.fromkeys(sensitivity(one.fact) for one in found[-5:]))
    lead = "you're allergic to "
    plain = [one.removeprefix(lead) for one in said if one.startswith(lead)]
    others = [one for one in said if not one.startswith(lead)]
    return [*([lead + listing(plain)] if plain else []), *others]


def acknowledge(act: Act) -> str:
    """The answer to something told."""
    if act.measure:
        return _measured(act, act.measure)
    first = act.facts[0]
    kind = f"told_{first.kind}"
    if first.kind in {"allergy", "allergy_end"} and (special := _sensitive(act, first)):
        return special
    if first.kind == "person" and (first.said.lower().endswith(first.value.lower()) or len(first.said.split()) > LONGEST_SAID):
        return say(kind, act.text, it=first.value, key=first.key)
    if first.kind == "injury" and not EXPECTING.search(first.said.lower()):
        return say(kind, act.text, it=said_back(first.said))
    if first.kind in {"allergy", "allergy_end", "dislike", "like", "name", "goal", "diet", "plan"}:
        return say(kind, act.text, it=_values(act.facts, first.kind))
    return say("told_place" if first.kind == "place" else "told", act.text, it=said_back(first.said))


def _sensitive(act: Act, first: Fact) -> str:
    """The answer to an intolerance, or to having no allergies; '' for a plain allergy."""
    if first.kind == "allergy_end":
        return "Good to know: no allergies to mind." if first.value.lower() in ANYTHING else ""
    telling = sensitivity(first)
    return "" if telling.startswith("you're allergic") else say("told_intolerance", act.text, it=telling)


def _values(facts: tuple[Fact, ...], kind: str) -> str:
    return listing(
        [to_you(fact.value if kind != "plan" or not fact.key else f"{fact.key} {fact.value}") for fact in facts if fact.kind == kind]
    )


def _measured(act: Act, found: Measure) -> str:
    amount = f"{show(found.number)} {found.unit}".strip() if found.number is not None else ""
    if found.kind == "water":
        unit = (
            found.unit
            if found.unit in {"l", "ml", "oz"}
            else f"{found.unit}{'es' if found.unit == 'glass' else 's'}"
            if found.number and found.number > 1
            else found.unit
        )
        return say("water" if found.number is not None else "water_some", act.text, it=f"{show(found.number or 0)} {unit}")
    if found.kind == "weight":
        return say("weight", act.text, it=f"{found.word} ({amount})" if found.word else amount)
    if found.kind == "sleep":
        return say("sleep", act.text, it=f": {_slept(found.number)}" if found.number is not None else "", tip=_sleep_tip(found))
    return _mood(act, found.word)


def _slept(hours: float) -> str:
    if hours >= 1 and (hours * 4) % 1:
        return f"{int(hours)} h {round(hours % 1 * 60)} min of sleep"
    return f"{show(round(hours * 60))} minutes of sleep" if hours < 1 else f"{show(hours)} hour{'' if hours == 1 else 's'} of sleep"


def _sleep_tip(found: Measure) -> str:
    if found.word == "nap" or (found.number is not None and found.number <= LONGEST_NAP):
        return "A short nap can do a lot of good."
    bad = found.word in BAD_SLEEP or found.word.startswith("woke") or found.word.endswith(("crap", "shit", "rubbish", "trash"))
    if bad or (found.number is not None and found.number < 6):
        return "That sounds like little rest; go easy today and try for an early night with good sleep."
    if found.number is None and not found.word:
        return "How many hours was it, roughly?"
    return "That's a good base for the day." if found.number is None or found.number >= 7 else "A bit more would do you good."


RATED = re.compile(r"^(?:\w+(?:'s)? ){0,2}?(?:mood|energy|stress|motivation|spirits|form)\b", re.IGNORECASE)
LOW = re.compile(
    r"\b(?:[1-4](?: ?/| of| out|\b)|low|bad|poor|down|awful|terrible|exhausted|tired|sad|stress\w* (?:level )?(?:high|[7-9]|10))",
    re.IGNORECASE,
)


def _mood(act: Act, word: str) -> str:
    if RATED.match(act.text):
        tip = "A short walk, some water and an early night may lift it." if LOW.search(act.text) else "Good to know how you are."
        return f"Noted: {said_back(act.text[:1].lower() + act.text[1:]).rstrip('. ')}. {tip}"
    if word in load("lexicon.json")["good_moods"]:
        return say("mood_good", act.text)
    return say(next((kind for kind, words in MOODS if word in words), "mood_low"), act.text)
