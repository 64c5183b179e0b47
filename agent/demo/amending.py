"""Corrections within one message: 'a beer. well, 2' is two beers, 'ran 20 min, no, 30' half an hour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.demo.acts import Act
from agent.demo.changes import requested
from agent.demo.dating import TODAYS
from agent.demo.days import named_day
from agent.demo.fooditem import FoodItem
from agent.demo.foods import table, words
from agent.demo.meals import HALF_OF_IT, items
from agent.demo.moves import distance
from agent.demo.words import amount, load, marked, tidy

PORTION = re.compile(
    r"^(?:and |but |so )*(?:(?:i|we) )?(?:just )?(?:ate|had|tried|finished|got|took|shared|allowed myself|helped myself to"
    r"|treated myself to|stole|pinched|nicked|nabbed|sampled"
    r"|demolished|polished off) (?:the whole |the entire |the )?(?:(?:a|an|some|one|two|three|my|half"
    r"|\d) ?)*(?:of )?(?:(?P<size>\w+) )?"
    r"(?:portion|slice|piece|bowl|plate|helping|serving|bit|share|it|that|those|them|both|all|lot|bite|handful|cup|pot|thing|one|some)s?\b"
)
HAD_SO_MANY = re.compile(
    r"^(?:and |but |so |then )?(?:(?:(?:i|we)(?:'ve| have)?(?: only| just| already)? )?(?:had|ate|eaten|drank"
    r"|took|got|tried|finished|managed)"
    r"|mine (?:was|were)|my (?:share"
    r"|portion|piece|half|bit) was) (?:about |around |roughly |maybe |only |just |like )*"
    r"(?:«(?P<weight>\d+)(?P<measure>g|ml)»|(?P<half>half)(?: (?:a |the )?(?:portion|plate|bowl))?"
    r"|an? (?P<one>slice|piece|bowl|plate|scoop|glass|cup|portion|helping)"
    r"|(?P<all>that|it|this|those|them|some|both|all|the lot|the rest)"
    r"|(?P<number>\d{1,2}(?:\.\d+)?)(?: (?P<unit>slice|piece|bowl|plate|scoop"
    r"|bite|glass|cup|portion|helping)s?)?)"
    r"(?: already| so far| myself| too)?(?: of (?:it|them|those|that|these)(?: (?!and\b|with\b)[a-z]+){0,3})?$"
)
DAY_FIRST = re.compile(
    r"^(?:yesterday(?: morning| evening| afternoon| night)?|last (?:night|evening)|(?:on |last )[a-z]+day),? (?=(?:i|we)\b)"
)
COUNT = re.compile(r"(?<![«\d.])\d+(?:\.\d+)?(?![\d.]*\w*»)")


def amended(acts: Sequence[Act]) -> list[Act]:
    """The acts with every correction put into what was said before it; one that means an older entry stays."""
    done: list[Act] = []
    for act in acts:
        place = next((n for n in reversed(range(len(done))) if done[n].intent in {"log_food", "log_workout"}), None)
        changed = _changed(done[place], act) if act.intent == "correct" and place is not None else None
        if changed and place is not None:
            done[place] = changed
        else:
            done.append(act)
    return done


def shared(acts: Sequence[Act]) -> list[Act]:
    """'My mum made moussaka and I ate a big portion': what was eaten is named in the clause before."""
    done: list[Act] = []
    for act in acts:
        before = _named_before(done[-1]) if done else []
        if done and before and (not _known(act) or " with " in act.text) and (own := _own_of(before, act)):
            done[-1] = own
            continue
        portion = PORTION.match(DAY_FIRST.sub("", act.text.lower())) if before and not any(item.food for item in act.foods) else None
        if done and (counted := _counted(done[-1], act)):
            done[-1] = counted
            continue
        if done and (given := _given(done[-1], act)):
            done.append(given)
            continue
        if portion:
            size = load("units.json")["sizes"].get(portion.group("size"), 1.0)
            unit = "handful" if "handful" in portion.group() else None
            foods = tuple(
                replace(item, name=_food_in(item.name), count=1.0 if unit else item.count, unit=unit, size=size) for item in before
            )
            done[-1] = _eaten(act, foods, done[-1].day)
        else:
            done.append(act)
    return done


def _named_before(told: Act) -> list[FoodItem]:
    """The foods that others made or that were there, of which one may have had some."""
    foods = told.foods if told.intent in {"someone_else", "background"} else items(marked(told.text)) if told.intent == "remark" else ()
    return [item for item in foods if item.food]


def _known(act: Act) -> list[FoodItem]:
    return [item for item in act.foods if item.kcal is not None or (item.food and not item.food.guessed)]


def _eaten(act: Act, foods: tuple[FoodItem, ...], day: str = "") -> Act:
    """A meal whose food the clause before names, on the day of either."""
    day = act.day or named_day(tidy(act.text)) or day
    return Act("log_food" if day in TODAYS else "other_day", act.text, foods, day=day)


def _so_many(act: Act, text: str = "") -> tuple[float | None, str | None] | None:
    """How many of what was named before: 'I had three', 'mine was about 300 g'."""
    found = HAD_SO_MANY.match(DAY_FIRST.sub("", text or marked(act.text)))
    if found is None:
        return None
    if found["one"]:
        return 1.0, found["one"]
    if found["half"] or found["all"]:
        return (0.5 if found["half"] else None), None
    return (float(found["weight"]), found["measure"]) if found["weight"] else (float(found["number"]), found["unit"])


def _own_of(made: Sequence[FoodItem], act: Act) -> Act | None:
    """'My mum made pancakes and I had four of them.'"""
    many = _so_many(act, marked(act.text).split(" with ")[0])
    if many is None or len(made) != 1:
        return None
    item = replace(made[0], name=_food_in(made[0].name), count=many[0] or made[0].count, unit=many[1] if many[0] else made[0].unit)
    return _eaten(act, (item, *_known(act)))


def _given(told: Act, act: Act) -> Act | None:
    """'My neighbour Dorothy brought round a scone and I ate it': the clause before tells of a person, and names the food."""
    if told.intent != "tell_person" or act.foods or not PORTION.match(act.text.lower()):
        return None
    foods = tuple(replace(item, name=_food_in(item.name)) for item in items(marked(told.text)) if item.food)
    return Act("log_food", act.text, foods, day=act.day) if foods else None


def _food_in(name: str) -> str:
    """'scone' of 'brought round scone': the known food that the words end in."""
    said = name.split()
    return next((known for start in range(len(said)) if words(known := " ".join(said[start:])) in table()), name)


def _counted(logged: Act, act: Act) -> Act | None:
    """'We had ham sandwiches, I had two': how many of them were one's own."""
    many = _so_many(act)
    if many is None or logged.intent != "log_food" or len(logged.foods) != 1:
        return None
    (count, unit), first = many, logged.foods[0]
    if count is None:
        return None
    if count < 1 and HALF_OF_IT.search(logged.text.lower()):
        return logged
    if not unit and first.count is not None and (first.count <= count or (count < 1 < first.count)):
        return None
    name = re.sub(r"^whole ", "", first.name)
    return replace(logged, foods=(replace(first, name=name, count=count, unit=unit, size=1.0 if unit else first.size),))


def _changed(logged: Act, correction: Act) -> Act | None:
    """What was logged as the correction wants it; None when it speaks of something else."""
    change = requested(correction)
    said = logged.text.lower()
    if change.target and not any(word in said for word in change.target.split()):
        return None
    known = tuple(item for item in correction.foods if item.food)
    if logged.foods and known:
        return replace(logged, foods=(*logged.foods[:-1], *known))
    count = COUNT.search(change.new)
    if logged.foods:
        return _another_amount(logged, amount(change.new, "kcal"), count)
    if correction.moves and not correction.moves[0].minutes:
        return replace(logged, moves=(*logged.moves[:-1], *correction.moves))
    return _another_length(logged, change.new, count)


def _another_amount(logged: Act, kcal: float | None, count: re.Match[str] | None) -> Act | None:
    last = logged.foods[-1]
    if kcal is None and count is None:
        return None
    last = replace(last, count=float(count.group())) if kcal is None and count else replace(last, kcal=kcal)
    return replace(logged, foods=(*logged.foods[:-1], last))


def _another_length(logged: Act, said: str, count: re.Match[str] | None) -> Act | None:
    minutes, km = amount(said, "min"), distance(said)
    if minutes is None and km is None and count:
        minutes = float(count.group())
    if minutes is None and km is None:
        return None
    last = logged.moves[-1]
    return replace(logged, moves=(*logged.moves[:-1], replace(last, minutes=minutes or last.minutes, km=km or last.km)))
