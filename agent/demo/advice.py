"""Suggestions for meals and exercise that respect what is known: allergies, diets, dislikes, injuries.

The coach never suggests what the person is allergic to, as long as it can still see that they said so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

from agent.demo.acts import Act
from agent.demo.banned import MUST_NOT, banned_tags, conflict, left_out, with_care
from agent.demo.body import body_mass
from agent.demo.fitmoves import suits
from agent.demo.fooditem import FoodItem
from agent.demo.foods import words
from agent.demo.knowhow import KNOW, known
from agent.demo.memory import Memory, Told, stem, stems
from agent.demo.sources import asks_for_sources, sources_of
from agent.demo.talk import capital, listing, to_you
from agent.demo.words import amount, load, marked, singular, tidy

AT_HOME = re.compile(
    r"\b(?:hotel|living room|bedroom|dorm|garage|no equipment|without (?:equipment|a gym|weights)|just a mat|small (?:room|flat)|no gym)\b"
)
BODY_DAY = re.compile(r"\b(?:leg|arm|push|pull|chest|back|upper|lower|core)s?(?: body)? day\b|\btrain my (?!cardio)\w+")
CANNOT = re.compile(
    r"\bi (?:can't|cannot|can not|never learnt to|never learned to) (swim|run|cycle|ride|squat|jump|kneel"
    r"|jog|climb|row|bike)\b"
)
CONDITION = re.compile(r"diabet|pregnan|kidney|blood pressure|hypertens|cholesterol|gout|stroke|heart|reflux|\bibs\b")
MUSCLE = re.compile(r"\bmuscles?\b|\bstronger\b|\bstrength\b|\bbulk\b|\btoned?\b")
MAY_I = re.compile(
    r"^(?:so |and |but |ok )*(?:can|may|could|am i allowed to) (?:i |we )?(?:safely |still )?(?:eat|have|drink|try) "
    r"(?P<what>(?!something|anything|what|it\b|that\b|this\b|more|before|after|out\b|late|lunch|dinner|breakfast|a snack"
    r"|dessert|everything)[a-z' -]{3,30}?)"
    r"(?: today| tonight| now| please| then| for \w+| too)*[ ?]*$"
    r"|^(?:so |and |but )*(?:is|are) (?P<thing>[a-z' -]{3,30}) (?:ok|okay|safe|allowed|alright)(?: for me| to eat| to have)?[ ?]*$"
)
"""'Can I eat marzipan?', of a food that no table has."""
HABIT = re.compile(
    r"^(?:so |and )*is it (?:ok(?:ay)?|bad|fine|alright|unhealthy|healthy|good|wrong) (?:to|if i) (?:eat|drink|have|snack)\b"
)
FAST = re.compile(r"\b(?:before|pre-?)\b.*\b(?:run|workout|gym|training|race|exercise|swim|match|game)\b")
CONTAINS = re.compile(r"\b(?:is|are) there (?:any )?(?P<a>[a-z]+) in\b|\b(?:have|contain) (?:any )?(?P<b>[a-z]+)$")
SICK = re.compile(
    r"\b(?:sick|ill|unwell|fever|flu|cold|covid|sore throat|runny nose|cough(?:ing)?|sniffles|infection|stomach bug"
    r"|hungover|hangover|nauseous)\b"
)
HUNGRY = re.compile(r"\b(?:hungry|starving|peckish|famished|ravenous)\b")
LIGHT = re.compile(r"\b(?:light|lighter|small|low[- ]calorie|few calories)\b")
LIGHT_KCAL = 350
SWEET = re.compile(r"\bsomething sweet\b|\bsweet (?:treat|snack|something|but healthy)\b|\bhealthy sweets?\b")
AT_MOST = re.compile(
    r"\b(?:under|below|max(?:imum)?|less than|only|within|no more than|up to|around|about|with|got|have"
    r"|for) (?:of )?(?:about |only |just |another )*«(\d+)kcal»|«(\d+)kcal» (?:left|or less|max|to spare|remaining)"
)
"""What a meal may have at most, where the question says so."""
BUILDING = re.compile(
    r"\bpost[- ]?(?:workout|training|gym)\b|\brecovery\b|\bafter (?:my |a |the )?(?:training|work ?out"
    r"|gym|run|session|lifting|exercise|sport|class)\b|\bmuscles?\b"
)
HOW_MUCH = re.compile(r"\bhow (?:much|many)\b")
PROGRESS = re.compile(
    r"\bhow (?:do|can|could|should) i (?:get (?:better|stronger) at|improve (?:my|at)|learn (?:to|how)|work up to|do my first|do more"
    r"|progress)\b(?!.*\b(?:sleep|diet|eating|mood|health|fitness|stamina|endurance)\b)"
)
TIMING = re.compile(r"\bbefore or after\b|\bafter or before\b")
WITH = re.compile(r"\b(?:with|using|have some|have got|got some) ([a-z ]+)")
IS_IT_OK = re.compile(
    r"^(?:and |so |but )?(?:is it|can i|should i|may i|am i allowed|could i|is (?:a|an|the|it|some) .*|(?:is"
    r"|are) [a-z' -]{2,30} (?:really |that |so )?(?:ok|okay|bad|good|healthy|unhealthy|fine|fattening|safe|alright|allowed)|are .*)\b"
)


def advise_meal(act: Act, memory: Memory) -> str:
    """A meal or two, or a word on whether a certain food is fine."""
    told = memory.with_question()
    text = tidy(act.text)
    banned = banned_tags(told) | left_out(text)
    if what := asks_for_sources(text):
        return sources_of(what, banned)
    if word := _on_one_food(act, text, told, banned):
        return word
    names = _meals(text, act.topic or ("dessert" if SWEET.search(text) else ""), told, banned)
    if not names:
        return (
            "With everything you told me to leave out, I have no meal that surely fits. What do you have at home? "
            "I'll check it against what I know."
        )
    hungry = "You're hungry? Then how about this" if HUNGRY.search(text) else "How about this"
    lead = f"For {act.topic}" if act.topic in {"breakfast", "lunch", "dinner", "dessert", "brunch", "supper"} else hungry
    lead = "Before exercise, something light" if FAST.search(text) else lead
    protein = " There is a good deal of protein in it." if "protein" in text or BUILDING.search(text) else ""
    return f"{lead}: {listing(names, 'or')}.{protein}{_because(banned)}"


def _on_one_food(act: Act, text: str, told: list[Told], banned: Mapping[str, str]) -> str:
    """A word on a food that the question names, or on when and how much one eats; '' where a meal is wanted."""
    if act.foods and (inside := CONTAINS.search(text)):
        return _contains(act.foods[-1], inside.group("a") or inside.group("b"))
    if act.foods and IS_IT_OK.search(text):
        return _is_it_ok(act.foods[0], banned) + _with_condition(told)
    for topic, asked in (("timing", TIMING), ("how_much", HOW_MUCH)):
        if asked.search(text):
            return _pick(load("advice.json")[topic], text)
    if (one := MAY_I.match(text)) and not FAST.search(text):
        return _is_it_ok(FoodItem((one.group("what") or one.group("thing")).strip()), banned) + _with_condition(told)
    return _pick(load("advice.json")["wellness"]["moderation"], text) if HABIT.match(text) else ""


def _meals(text: str, topic: str, told: list[Told], banned: Mapping[str, str]) -> list[str]:
    """One or two meals that fit, what was asked for or is liked first."""
    low_carb = any(diet in one.fact.value.lower() for one in told if one.fact.kind == "diet" for diet in load("advice.json")["low_carb"])
    choices = [meal for meal in load("advice.json")["meals"] if _fits(meal, text, topic, banned, low_carb=low_carb)]
    if not choices:
        return []
    asked = [meal for meal in choices if stems(" ".join(WITH.findall(text))) & stems(f"{meal['name']} {' '.join(meal['has'])}")]
    choices = asked or _liked_first(choices, told)
    start = crc32(text.encode("utf-8", "replace")) % len(choices) if not _liked(choices[0], told) else 0
    first, second = choices[start], choices[(start + 1) % len(choices)]
    return [f"{meal['name']} (about {meal['kcal']} kcal)" for meal in ([first] if first is second else [first, second])]


def _contains(item: FoodItem, asked: str) -> str:
    """Whether a food usually has something in it, as far as the table tells."""
    tags = item.food.tags if item.food else frozenset()
    families = {
        family for family, members in load("advice.json")["families"].items() if singular(asked) in {singular(one) for one in members}
    }
    if tags & (families | {singular(asked)}):
        return f"{capital(item.name)} usually contains {asked}, by what I know of it. Check the label to be sure."
    return f"My table doesn't say that {item.name} contains {asked}, but recipes differ: please check the label, above all with an allergy."


def _fits(meal: Mapping[str, Any], text: str, topic: str, banned: Mapping[str, str], *, low_carb: bool) -> bool:
    when = {"supper": "dinner", "brunch": "breakfast", "tea": "dinner", "pudding": "dessert"}.get(topic, topic)
    if FAST.search(text):
        when = "snack"
    if when in {"breakfast", "lunch", "dinner", "snack", "dessert"} and when not in meal["when"]:
        return False
    if when not in {"breakfast", "lunch", "dinner", "snack", "dessert"} and "lunch" not in meal["when"] and "dinner" not in meal["when"]:
        return False
    tags = set(meal["has"]) | {singular(word) for word in re.findall(r"[a-z]+", meal["name"].lower())}
    if tags & set(banned):
        return False
    lacks = (
        (low_carb and meal.get("carb") != "low")
        or (("protein" in text or BUILDING.search(text)) and not meal.get("protein"))
        or meal["kcal"] > _ceiling(text)
        or (FAST.search(text) and not meal.get("light"))
        or (LIGHT.search(text) and meal["kcal"] > LIGHT_KCAL)
    )
    if lacks:
        return False
    return all(not (set(meal["has"]) & set(tags)) for diet, tags in load("advice.json")["diets"].items() if diet in text)


def _ceiling(text: str) -> float:
    """The kilocalories that a meal may have at most."""
    found = AT_MOST.search(marked(text))
    return float(found.group(1) or found.group(2)) if found else math.inf


def _liked(meal: Mapping[str, Any], told: list[Told]) -> bool:
    likes = {word for one in told if one.fact.kind == "like" for word in stems(one.fact.value)}
    return bool(likes & stems(f"{meal['name']} {' '.join(meal['has'])}"))


def _liked_first(choices: list[Any], told: list[Told]) -> list[Any]:
    return sorted(choices, key=lambda meal: not _liked(meal, told))


def _because(banned: Mapping[str, str]) -> str:
    reasons = list(dict.fromkeys(banned.values()))[-3:]
    return f" I kept in mind that {listing(reasons)}." if reasons else ""


def _with_condition(told: Iterable[Told]) -> str:
    """A word of care for somebody whose condition makes a difference to what they eat."""
    found = [one.fact.said for one in told if one.fact.kind == "injury" and CONDITION.search(one.fact.said.lower())]
    if not found:
        return ""
    return (
        f" And as you told me: {to_you(found[-1])}. Then its sugar, salt and fat may matter: ask your doctor or dietitian what suits you."
    )


def _is_it_ok(item: FoodItem, banned: Mapping[str, str]) -> str:
    name = item.name
    reason = conflict(name, banned)
    if reason and MUST_NOT.search(reason):
        if set(words(name)) & set(words(reason)):
            return f"Better not: {reason}, as you told me."
        return f"Better not: {reason}, as you told me, and {name} may contain it. Check the label, and when in doubt leave it."
    if reason:
        return f"You can, but {reason}, so {name} may not be for you."
    allergies = list(dict.fromkeys(reason for reason in banned.values() if MUST_NOT.search(reason)))
    if allergies:
        return f"I can't be sure what is in {name}. You told me {listing(allergies)}, so please check the label or ask first."
    energy = item.energy
    about = f" It's about {energy:g} kcal for a usual portion." if energy else ""
    return (
        f"I see nothing against {name} in what I was sent.{about} All foods fit in moderation; if you have an "
        f"allergy, tell me and check the label."
    )


def advise_workout(act: Act, memory: Memory) -> str:
    """A workout that spares what hurts."""
    for topic, asked in (("sick", SICK), ("timing", TIMING), ("progress", PROGRESS)):
        if asked.search(act.text.lower()):
            return _pick(load("advice.json")[topic], act.text)
    told = memory.with_question()
    if not re.search(r"\b(?:else|another|other)\b", act.text.lower()) and (one := suits(tidy(act.text), told)):
        return one
    if any(one.fact.kind == "injury" and one.line is memory.question and SICK.search(one.fact.said.lower()) for one in told):
        return _pick(load("advice.json")["sick"], act.text)
    hurts = [one.fact.said for one in told if one.fact.kind == "injury"]
    text = tidy(act.text)
    sore = " ".join(hurts).lower()
    options = [one for one in load("advice.json")["workouts"] if not any(part in sore for part in one["stress"])]
    options = [one for one in options if not (_unwanted(told) & {stem(kind) for kind in one["kinds"]})] or options
    minutes = amount(marked(text), "min")
    options = [one for one in options if not minutes or (amount(marked(one["name"]), "min") or 0) <= minutes] or options
    wanted = stems(text) | (stems("strength") if MUSCLE.search(text) else frozenset())
    wanted |= stems("home") if AT_HOME.search(text) else frozenset()
    wanted |= stems("strength") if BODY_DAY.search(text) else frozenset()
    wanted -= stems("workout exercise minutes round easy")
    fit = {one["name"]: len(wanted & ({stem(kind) for kind in one["kinds"]} | stems(one["name"]))) for one in options}
    fitting = [one for one in options if fit[one["name"]] == max(fit.values())]
    likes = {word for one in told if one.fact.kind == "like" for word in stems(one.fact.value)}
    fitting = sorted(fitting, key=lambda one: not (likes & {stem(kind) for kind in one["kinds"]}))
    lead = ""
    if re.search(r"\b(?:how|where) (?:do|can|should|would) i (?:start|begin)|\bget started\b|\bbeginner", text):
        lead = "Start small and gently, twice or three times a week, and add a little each week. "
    elif re.search(r"\bhow (?:often|much|long|many)\b", text):
        lead = "A common guide for adults is 150 minutes of moderate movement a week plus two strength sessions. "
    if MUSCLE.search(text):
        lead = f"{lead}Train each muscle twice a week, a little harder each time, eat enough protein, and rest in between. "
    if minutes:
        lead = f"{lead}You have {minutes:g} minutes? "
    first = fitting[0 if likes else crc32(text.encode("utf-8", "replace")) % len(fitting)]
    care = f" I left out what could strain it, since you told me: {listing([to_you(said) for said in hurts[-2:]])}." if hurts else ""
    return f"{lead}{capital('try ' + first['name'])}, at a pace where you can still talk.{care}"


def _unwanted(told: Iterable[Told]) -> set[str]:
    """Stems of the exercise that somebody dislikes or says they cannot do."""
    disliked = [one.fact.value for one in told if one.fact.kind == "dislike"]
    cannot = [found.group(1) for one in told if one.fact.kind == "note" and (found := CANNOT.search(one.fact.said.lower()))]
    return {word for value in (*disliked, *cannot) for word in stems(value)}


def advise_wellness(act: Act, memory: Memory) -> str:
    """A short tip about sleep, water, stress or weight."""
    if act.topic == "bmi" and (worked_out := body_mass(memory)):
        return worked_out
    if act.topic.startswith(KNOW):
        return with_care(known(act.topic), memory.told)
    goal = memory.of("goal")
    tip = _pick(load("advice.json")["wellness"][act.topic or "general"], act.text)
    related = [one for one in goal if act.topic and stems(one.fact.value) & stems(act.topic)]
    return f"{tip} It fits the goal you told me: {related[-1].fact.value}." if related else tip


def _pick(phrasings: list[str], seed: str) -> str:
    return phrasings[crc32(seed.encode("utf-8", "replace")) % len(phrasings)]
