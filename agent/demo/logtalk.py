"""Statements that belong into the log: what was eaten, what was done, and who it was."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from agent.demo.activities import find
from agent.demo.acts import Act
from agent.demo.days import named_day
from agent.demo.dishes import PARTS as PARTS_IN
from agent.demo.fooditem import FoodItem
from agent.demo.foods import mentions, tokens, unknown
from agent.demo.lexicon import lexicon
from agent.demo.meals import FLAVOUR, items
from agent.demo.moves import Move, moves
from agent.demo.unmeant import done_by_others, unmeant
from agent.demo.unsaid import ADVISER, in_general, not_done, of_others
from agent.demo.words import MARK, load, marked

BOWLS = re.compile(r"\b(?:[\d.]+|an?|big|large|small|whole) bowls?\b(?! for| with| «)")
"""'Stew, two bowls': the dishes, not the game."""
AMOUNT_FIRST = re.compile(r"^(?:and |just |about |around |only |roughly )*(?:«[\d.]+(?:g|ml)»|[\d.]+ )")
ARTICLE_FIRST = re.compile(r"^(?:and |just |only )*(?:an?|some|half) ")
"""A clause that opens with so much of a known food tells a meal, wherever it was."""
MOST_BESIDE = 3
"""Words that may stand beside it."""
ME = re.compile(r"\b(?:i|i've|i'd|i'm|we|we've|me|my|mine|im|ive)\b")
NAME_ACTS = re.compile(
    r"^(?:[Tt]oday |[Yy]esterday |[Mm]y |[Tt]he )?(?P<who>[A-Z][a-z]+|[a-z]+"
    r"|[a-z]+ [A-Z][a-z]+)(?: and [A-Z]?\w+)? (?:just |also |already )?"
    r"(?:ate|had|has|drank|eats|ran|runs|went|did|does|walked|swam|cycled|made|finished|played|is having|is eating|cooked"
    r"|ordered)\b(?! (?:me|us)\b)"
)
DOING = re.compile(
    r"\b(?:ate|eaten|had|drank|drunk|have|having|eating|drinking|snacked|munched|grabbed|devoured|finished"
    r"|enjoyed|log|logged|add|record|track)\b"
)
NOT_DONE = re.compile(
    r"\b(?:can't|cannot|couldn't|won't|wouldn't) (?:\w+ )?(?:run|walk|swim|cycle|do|lift|jog|hike|climb|finish)\b|\b(?:bet|dared) me\b"
    r"|\b(?:want|hope|plan|intend|'d like|would like|'d love|going) to\b|\blet'?s say\b|\bsuppose\b|\bif i\b"
)
REFUSED = re.compile(
    r"\b(?:didn't|did not|couldn't|could not|haven't|hadn't|never|wasn't able|weren't able|not able|unable|failed|shouldn't|no time"
    r"|no energy|no motivation"
    r"|not enough (?:time|energy)|too (?:tired|busy|sore|ill|sick|cold|hot|wet|late|lazy|hungover|knackered|exhausted|stiff|dark"
    r"|windy) (?:to|for)"
    r"|without (?:any|my|a|the)|skipped (?!rope|\d)|missed|missing|bailed|ditched|cancell?ed|cancell?ing|gave .* a miss|forgot|wimped out"
    r"|chickened out|bunked off"
    r"|supposed to|meant to|should have|ought to|felt like|feel like|can't be bothered|couldn't be bothered|put off|postponed)\b"
)
INSTEAD = re.compile(r"\b(?:so|but|instead|anyway|anyways|still|then|ended up|until|because|did manage|managed)\b")
TIMED_DONE = re.compile(r"\bi (?:did|ran|walked|swam|went|had)\b")
OTHERS_STATE = re.compile(
    r"\b(?:has|have|is|are) (?:a |an |the |\w+ )?(?:\w+ )?(?:allerg\w+|intoleran\w+|diabet\w+|coeliac|celiac|asthma\w*|pregnant|sick|ill"
    r"|vegan|vegetarian)\b"
)
"""'My son has a nut allergy' eats nothing."""
ASIDE = re.compile(
    r" (?:after|before|with|at (?:a|an|the|my|work|home|school|lunch)|from|in (?:a|the|my)|on (?:a|the|my|campus)|while"
    r"|during|by the|post|pre|between|out of|off|near|outside|as a|courtesy of|thanks to|when|because|straight|next to|on the way) "
)
"""Where, after a food, the rest only says where and when: 'cake at a birthday party'."""
STRONG = re.compile(
    r"\b(?:ate|eaten|drank|drunk|devoured|scoffed|munched|demolished|polished off|wolfed|tucked into|dined on|feasted on|snacked on"
    r"|lunched on|gobbled|sipped|chugged|downed|treated myself to|helped myself to|indulged in)\b(?! (?:out|less|more|late"
    r"|early|so|too|at|very|like|with|alone|my weight|well)\b)"
    r"|^(?:i )?(?:had|grabbed) .+ (?:with|and) (?:some |a |an )?(?:rice|bread|chips|fries|salad|chapati|naan|potatoes|noodles|vegetables"
    r"|veggies|beans|cheese|sauce|tea|coffee|water|juice)\b"
)
MADE_OF = re.compile(r"\bfor (?:breakfast|lunch|dinner|brunch|supper|dessert|tea|a snack)\b|^(?:log|add|record|track) ")
"""Where even an unknown name is surely a meal."""
SERVED = re.compile(
    r"^(?:and |also |just |then )*(?:a |an |one |some |[\d.]+ )?(?:small |big |large |huge |half )*"
    r"(?:bowl|plate|slice|cup|glass|portion|serving|handful|bottle|pint|mug|bag|packet|tub)s? of "
)
PARTS = re.compile(r",|;|\+|&|\band then\b|\bthen\b|\band\b|\bplus\b|\bfollowed by\b|\bafter\b|\bbefore\b")
TIMED = re.compile(r"«[\d.]+(?:min|km|mi|steps)»")
DRANK = re.compile(r"\b(?:drank|drunk|drinking|sipped|sipping|chugged|downed)\b")
TIMES = re.compile(r"x\d+")
LONGEST_GUESS = 3
VITALS = re.compile(
    r"\bmy (?:blood )?(?:sugars?|glucose|bp|reading) (?:was|is|were|at|went) "
    r"|\bblood (?:sugar|pressure|glucose|test)\b|\bglucose\b|\bheart rate\b|\bpulse\b|\bcholesterol\b|\bhba1c\b|\bvo2\b"
    r"|\b(?:pb|pr|personal best|best time|1rm|1 rep max|max)\b(?: \w+){0,3} (?:is|was|:|=) |^(?:my )?(?:max|best|pb"
    r"|pr) \w+(?: \w+)? (?:is|was) "
)
BELOW_ZERO = re.compile(r"(?:^| )-\d")
HAD = re.compile(r"\b(?:had|have had|'ve had) (?:(?:just|also|only) )?(?:a|an|some|the|my|another|«|\d)")


def log_act(clause: str) -> Act | None:
    """The act of a statement about food or exercise; None when it is about neither.

    Args:
        clause: one clause in the person's own words.
    """
    text = FLAVOUR.sub("", marked(clause))
    listed = tokens(text)
    day = named_day(text)
    if _someone_else(clause, listed) or of_others(text) or done_by_others(text):
        told = (items(text) or moves(text)) and not OTHERS_STATE.search(text)
        return Act("someone_else", clause, items(text), moves(text), day=day) if told else None
    if unlogged := _unlogged(text):
        return Act(unlogged, clause) if items(text) or moves(text) else None
    advised = ADVISER.match(text) and not TIMED_DONE.search(text)
    foods, done = () if advised else _foods(text, listed), () if advised or NOT_DONE.search(text) else _moves(text, listed)
    if foods and not done and (apart := _apart(text)):
        foods, done = apart
    elif foods and done:
        foods, done = _choose(text, listed, foods, done)
    if not foods and not done:
        return (
            Act("ask_back", clause)
            if not advised and set(listed) & (lexicon("eat_verbs") | lexicon("meals")) and lexicon("some_meal") & set(listed)
            else None
        )
    if BELOW_ZERO.search(text):
        return Act("ask_back", clause)
    if day not in {"", "today", "week"}:
        return Act("other_day", clause, foods, done, day=day)
    return Act("log_food" if foods else "log_workout", clause, foods, done, day=day)


def _unlogged(text: str) -> str:
    """The intent of a sentence that names food or exercise and logs nothing; '' for others."""
    if in_general(text) or (unmeant(text) and not ADVISER.match(text)):
        return "remark"
    if _refused(text):
        return "no_workout"
    return ("no_meal" if items(text) else "no_workout") if not_done(text) else ""


def _refused(text: str) -> bool:
    """'Didn't make it to yoga': an exercise behind a word of not doing it, and nothing done in its place."""
    found = REFUSED.search(text)
    if found is None or not moves(text) or moves(text[: found.start()]):
        return False
    return bool(moves(text[found.end() :])) and not INSTEAD.search(text[found.end() :]) and "«" not in text[found.end() :]


def _someone_else(clause: str, listed: list[str]) -> bool:
    """'My friend ate a pizza', 'Anna went for a run': said of another, so nothing for this log."""
    match = NAME_ACTS.match(clause)
    if not match:
        return False
    who = match.group("who").split()
    if who[-1].lower() in lexicon("others"):
        return True
    return len(who[-1]) > 1 and who[-1][0].isupper() and who[-1].lower() not in _openers() and not mentions(who[-1])


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    """Capitalised first words that are no names."""
    return (
        lexicon("eat_verbs")
        | lexicon("move_verbs")
        | lexicon("meals")
        | lexicon("clause_verbs")
        | lexicon("noise")
        | lexicon("stops")
        | lexicon("articles")
        | frozenset(
            {"just", "today", "yesterday", "also", "then", "finally", "already", "lunch", "later", "workout", "now", "only", "last"}
        )
        | lexicon("fillers")
    )


def _foods(text: str, listed: list[str]) -> tuple[FoodItem, ...]:
    verbs = set(listed)
    strong = bool(verbs & lexicon("strong_eat")) or _log_order(text)
    found = items(text, eager=strong or _serving(text) or (bool(HAD.search(text)) and not verbs & lexicon("not_food")))
    if not found:
        return ()
    if weighed := any(item.food and item.unit in {"g", "ml"} for item in found) and not verbs & lexicon("not_food"):
        found = items(text, eager=True)
    cue = (
        bool(SERVED.match(text) or verbs & (lexicon("eat_verbs") | lexicon("meals")))
        or strong
        or any(item.kcal for item in found)
        or (weighed and all(item.food or item.unit for item in found))
    )
    found = tuple(item for item in found if item.food or (not _no_food(item.name) if item.kcal is not None else not _no_dish(item.name)))
    found = tuple(item for item in found if item.food or not item.name or item.name.split()[-1] != "water")
    if not strong:
        found = tuple(item for item in found if item.food or item.kcal is not None or not _no_food(item.name))
    return tuple(_guessed(item, text) for item in found) if cue or leftover(text) <= _most_beside(text, found) else ()


def _most_beside(text: str, found: tuple[FoodItem, ...]) -> int:
    """How many unexplained words a clause without a verb may have and be about food all the same."""
    if not found or found[0].food is None:
        return 1
    return MOST_BESIDE if AMOUNT_FIRST.match(text) else 2 if ARTICLE_FIRST.match(text) else 1


def _guessed(item: FoodItem, text: str) -> FoodItem:
    """An unknown food with what it may come to, where the sentence is surely about a meal; else as it is, to be asked about."""
    sure = item.unit is not None or _serving(text) or STRONG.search(text) or MADE_OF.search(text)
    if item.food or item.kcal is not None or not sure or len(item.name.split()) > LONGEST_GUESS or _no_food(item.name):
        return item
    return replace(item, food=unknown(item.unit, drunk=bool(DRANK.search(text))))


def _serving(text: str) -> bool:
    """'a bowl of ...', 'had ... for lunch': words that make even an unknown name a meal."""
    return bool(
        re.search(r"(?:\b(?:bowl|plate|slice|piece|cup|glass|portion|serving|handful|can|bottle)s?|«[\d.]+(?:g|ml)») of\b", text)
        or re.search(r"\b(?:had|was|:) .*\bfor (?:breakfast|lunch|dinner|brunch|a snack|supper|dessert)", text)
        or re.search(
            r"^for (?:breakfast|lunch|dinner|brunch|a snack|supper|dessert) (?:today |tonight )?(?:i|we) (?:had|made"
            r"|got)\b",
            text,
        )
        or re.search(r"^(?:for |my )?(?:breakfast|lunch|dinner|brunch|supper|snack|dessert)(?: today| was| is|:|,)", text)
    )


def _log_order(text: str) -> bool:
    return bool(
        re.match(
            r"^(?:please |can you |could you |hey |ok |and |also )*(?:log|add|record|track|note|put down|put|enter|save"
            r"|write down)\b",
            text,
        )
    )


def _no_dish(name: str) -> bool:
    """Whether a name only says how a meal was, or where it came from: 'late', 'takeout'."""
    return all(word in lexicon("no_dish") for word in name.split())


def _no_food(name: str) -> bool:
    return any(word in lexicon("not_food") for word in name.split())


def leftover(text: str) -> int:
    """How many words of a clause without a verb the foods in it do not explain."""
    explained = {word for item in items(text, eager=True) if item.food for word in item.name.split()}
    known = (
        explained
        | lexicon("noise")
        | lexicon("fillers")
        | lexicon("articles")
        | lexicon("separators")
        | lexicon("meals")
        | lexicon("stops")
    )
    units = {word for words in load("units.json")["words"].values() for word in words} | set(load("units.json")["sizes"])
    tail = ASIDE.split(re.sub(r"\b(?:no|without) [a-z]+\b", " ", PARTS_IN.sub(" ", text)), maxsplit=1)[0]
    return sum(1 for word in tokens(tail) if word[0].isalpha() and word not in known and word not in units and not TIMES.fullmatch(word))


def _moves(text: str, listed: list[str]) -> tuple[Move, ...]:
    done = moves(text)
    if not done:
        return ()
    timed = any(move.minutes or move.km or move.steps for move in done)
    verb = bool(set(listed) & lexicon("move_verbs")) or any(hit.said.endswith("ed") for hit in find(listed))
    short = sum(1 for word in listed if word[0].isalpha()) <= 4
    return done if timed or verb or short or _log_order(text) else ()


def _apart(text: str) -> tuple[tuple[FoodItem, ...], tuple[Move, ...]] | None:
    """'45 min of cricket and a hot dog': parts with a time are exercise, parts with a known food and none are food."""
    parts = [part for part in PARTS.split(text) if part.strip()]
    timed = [part for part in parts if TIMED.search(part) and moves(part)]
    eaten = [item for part in parts if not moves(part) and not TIMED.search(part) for item in items(part) if item.food]
    done = [move for part in timed for move in moves(part)]
    return (tuple(eaten), tuple(done)) if timed and eaten else None


def _choose(
    text: str, listed: list[str], foods: tuple[FoodItem, ...], done: tuple[Move, ...]
) -> tuple[tuple[FoodItem, ...], tuple[Move, ...]]:
    """One clause, both readings: a stated time means exercise, an eating verb or energy means food."""
    known = [item for item in foods if item.food or item.kcal is not None]
    timed = any(mark[1] in {"min", "km", "mi", "steps"} for mark in MARK.findall(text))
    if timed and (apart := _apart(text)):
        return apart
    in_bowls = bool(known) and len(done) == 1 and bool(BOWLS.search(text))
    counted = any(item.count and item.food for item in known) and not set(listed) & lexicon("move_verbs")
    if not timed and (in_bowls or counted or any(item.kcal is not None for item in foods)):
        return foods, ()
    if timed and not (set(listed) & lexicon("strong_eat")):
        return (), done
    if not known:
        return (), done
    if DOING.search(text) and not re.search(r"\b(?:went|did|ran|played|swam|walked)\b", text):
        return foods, ()
    return (), done
