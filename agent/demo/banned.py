"""What must not be suggested, by what was told: from allergies, diets and dislikes to the tags of foods.

A word of an allergy counts whatever a food may contain; a diet or a dislike only what surely is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from agent.demo.foods import lookup
from agent.demo.memory import Told
from agent.demo.talk import listing
from agent.demo.tellings import sensitivity
from agent.demo.words import load, singular

WITHOUT = re.compile(
    r"\b(?:without(?: any)?|no|avoiding|except(?: for)?|minus|free of|sans|not containing) (?P<a>(?!idea|time|equipment"
    r"|problem|more|oven|money|one)[a-z]+(?:(?:, | and | or )[a-z]+)*)"
    r"|\b(?P<b>[a-z]+)[- ]free\b"
)
NO_FOODS = frozenset({"cooking", "an", "a", "the", "oven", "stove", "heating", "me", "it", "i", "what", "for", "high", "low"})
CLASSES = frozenset({"seafood", "fish", "shellfish", "meat", "poultry", "nut", "dairy", "bean", "legume", "pulse", "egg", "soy", "alcohol"})
"""Words for whole classes: who dislikes pasta may well like bread, who dislikes seafood likes no prawns."""
FREE_OF = re.compile(r"\b([a-z]+)[- ]free\b")
PLANT = re.compile(
    r"\b(?:oat|almond|soya?|coconut|rice|plant|cashew|hemp|pea|vegan|peanut|nut)(?:[- ]based)? "
    r"(?:milk|latte|yogh?urt|cream|cappuccino|flat white|cheese|drink|butter)\b"
)
NAMED = re.compile(rf"{PLANT.pattern}|(?<!instead of )(?<!place of )(?<!less )(?<!without )\b[a-z]{{3,}}\b")
"""The foods in a text, one by one; those that it takes away are none."""
MUST_NOT = re.compile(r"allergic|intolerant|tolerate|coeliac")
NOT_EATEN = re.compile(r"\bno ([a-z]+(?: [a-z]+)?(?: or [a-z]+)*)")
WHO_ONE_IS = frozenset({"vegetarian", "vegan", "veggie", "pescatarian", "pescetarian", "flexitarian"})


def banned_tags(told: Iterable[Told]) -> dict[str, str]:
    """What must not be suggested, each with the reason: a tag or a food's own name to 'allergic to peanuts'."""
    banned: dict[str, str] = {}
    for one in told:
        value = one.fact.value.lower()
        if one.fact.kind == "allergy":
            reason = sensitivity(one.fact)
        elif one.fact.kind == "dislike":
            reason = f"you don't like {value}"
        elif one.fact.kind == "diet":
            reason = f"you're {value}" if value in WHO_ONE_IS else f"you eat {value}"
        else:
            continue
        for tag in _tags(value, one.fact.kind):
            banned.setdefault(tag, reason)
    return banned


def left_out(text: str) -> dict[str, str]:
    """What the question itself wants left out: 'a breakfast without egg', 'dinner, no dairy', 'a gluten-free snack'."""
    said = [part for found in WITHOUT.finditer(text) for part in re.split(r",| and | or ", found.group("a") or found.group("b"))]
    return {tag: f"you want no {part.strip()}" for part in said if part.strip() not in NO_FOODS for tag in _tags(part.strip(), "allergy")}


def _tags(value: str, kind: str) -> set[str]:
    """The tags a told word stands for: 'shrimp' also means shellfish, 'vegan' no dairy and no eggs."""
    data = load("advice.json")
    named: set[str] = set()
    if kind == "diet":
        named = next((set(tags) for diet, tags in data["diets"].items() if diet in value), set())
        left_out = NOT_EATEN.findall(value)
        if not left_out:
            return named
        value = " ".join(left_out)
    words = {singular(word) for word in re.findall(r"[a-z]+", value)}
    tags = set(words)
    for tag, members in data["families"].items():
        if words & {singular(member) for member in members} or value in members:
            tags.add(tag)
    if kind == "dislike":
        return words | {family for family, members in data["families"].items() if words & CLASSES & {family, *members}}
    if kind != "allergy":
        tags -= (
            {"meat", "fish", "dairy"}
            - words
            - ({"meat"} if "red meat" not in value and "meat" in value else set())
            - ({"dairy"} if "milk" in words else set())
        )
    return tags | named


def conflict(food: str, banned: Mapping[str, str], *, surely: bool = False) -> str:
    """The reason why a food is banned; '' when nothing known speaks against it. An allergy counts what it may contain, unless `surely`."""
    known = lookup(food)
    said = {singular(word) for word in re.findall(r"[a-z]+", food.lower())}
    tags = said | (set(known.tags) if known else set()) | ({known.name} if known else set())
    tags |= {family for family, members in load("advice.json")["families"].items() if said & {singular(one) for one in members}}
    free = _free_of(food.lower())
    possible = tags | (known.may if known and not surely else frozenset())
    return next(
        (reason for tag, reason in banned.items() if tag not in free and tag in (possible if MUST_NOT.search(reason) else tags)), ""
    )


def with_care(advice: str, told: Iterable[Told]) -> str:
    """Advice that was written for everybody, with what this person must leave out of it said after it."""
    banned = banned_tags(one for one in told if one.fact.kind != "dislike")
    reasons: dict[str, list[str]] = {}
    for found in NAMED.finditer(advice.lower() if banned else ""):
        if reason := conflict(found.group(), banned, surely=True):
            reasons.setdefault(reason, []).append(found.group())
    notes = (f"Leave out the {listing(list(dict.fromkeys(foods)), 'or')}: {reason}." for reason, foods in reasons.items())
    return " ".join([advice, *notes])


def _free_of(food: str) -> set[str]:
    """What the name itself says is not in it: 'oat latte', 'gluten-free bread', 'vegan cheese'."""
    found = FREE_OF.findall(food)
    free = {family for family, members in load("advice.json")["families"].items() if set(found) & {family, *members}}
    if PLANT.search(food):
        free |= {"dairy", "milk", "butter", "cheese", "cream", "yogurt", "lactose"}
    return free | ({"dairy", "egg", "meat", "fish", "shellfish", "milk", "cheese", "butter"} if "vegan" in food.split() else set())
