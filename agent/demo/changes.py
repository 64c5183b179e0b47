"""Corrections and deletions: which entry is meant, and what it should say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.demo.activities import USUAL_MINUTES
from agent.demo.activities import find as activities_in
from agent.demo.activities import lookup as activity_of
from agent.demo.acts import Act
from agent.demo.fooditem import FoodItem
from agent.demo.foods import lookup, table, tokens, words
from agent.demo.logbook import Entry
from agent.demo.meals import items
from agent.demo.memory import stems
from agent.demo.moves import distance, moves
from agent.demo.talk import listing
from agent.demo.words import MARK, amount, load, marked

LEAD = re.compile(
    r"^(?:(?:no|nope|nah|oh|ah|oops|whoops|wait|sorry|actually|hmm|hold on|ok|well|um|er|my mistake|my bad|typo|my typo|i was wrong"
    r"|i got (?:it|that) wrong|i made a mistake|i mistyped"
    r"|correction|not quite|wrong|please|can you|could you|that's wrong|that's not right|that's incorrect|incorrect"
    r"|it is|rather|scratch that|strike that|scratch it|scrap that|scrap it|cancel that|forget that|ignore that|let me correct (?:that|it)"
    r"|let me fix (?:that|it)|i need to correct that"
    r"|i think|i guess|i believe|(?:i )?(?:just )?(?:checked|looked|weighed it|measured it)(?: again"
    r"| it)?)[,:.!; ]+)*(?:(?:it|that|they|this|those|there|i)(?:'s| is| was| were| should be"
    r"| should have been| should say| had| ate| meant| mean| said| did| ran| drank| walked)?(?: |$)|make (?:it|that"
    r"|this|them) |more like |i (?:meant|mean) )?(?:was |were |to be |to say |should be |should have been |should've been |should say "
    r"|supposed to be |meant to be |actually |really |only |just "
    r"|more like |about |in fact |like |rather |closer to |probably |maybe |nearer |nearly |almost |longer,? |shorter,? |bigger,? "
    r"|smaller,? |longer than that,? |less,? |more,? |around |took |lasted )*"
)
SWAP = (
    re.compile(
        r"\byou (?:got|had|have|logged|put|wrote|noted|recorded|entered|said) (?:down )?(?:(?:the|my|that|a|an) )*(?P<old>.+?)"
        r"(?: wrong| down| in)?(?:,| but)+ (?:but )?(?P<new>.+)"
    ),
    re.compile(r"\b(?:the|my|that) (?P<old>[\w' -]+?)(?: is| was|'s) (?:wrong|incorrect|not right),? (?P<new>.+)"),
    re.compile(
        r"\b(?:wasn't|weren't|isn't|was not|were not) (?:a |an |the )?(?P<old>.+?)(?:,| but)+ ?(?:but |it was "
        r"|they were |it's |rather |i had )?(?P<new>.+)"
    ),
    re.compile(
        r"\b(?:change|replace|swap|update|rename|correct|edit|adjust|amend|modify|set|fix|make)\b(?: the| my"
        r"| that| last| entry)* (?P<old>.+?) (?:to|with|as|into|by) (?P<new>.+)"
    ),
    re.compile(
        r"^(?:no,? |sorry,? |actually,? |oops,? )*not (?:a |an |the )?(?P<old>.+?)(?:,| but)+ ?(?:but |it was "
        r"|it's |rather |i had |i said |i meant |just )?(?P<new>.+)"
    ),
    re.compile(r"(?P<new>.+?),? \b(?:not|instead of|rather than) (?:a |an |the )?(?P<old>.+)"),
    re.compile(
        r"^(?:\w+, )?(?:no,? |sorry,? |actually,? |oops,? |wait,? |correction:? |i (?:mean|meant|said),? )*(?:the|my"
        r"|that) (?P<old>[\w' -]+?) (?:was|were|is|took|lasted|should be|should have been|had)(?: only"
        r"| actually| really| just| more like| about)* (?P<new>.+)"
    ),
    re.compile(r"\bmake (?:the|my|that) (?P<old>[\w' -]+?) (?P<new>«.+|\d.+)"),
)
HAS_DISTANCE = re.compile(r"^[\d.]+ (?:km|mile)")
LEAST_BARE_ENERGY = 30
"""From here on a number without a unit is kcal: nobody eats so many of one thing."""
IT = frozenset({"it", "that", "this", "one", "entry", "last", "last one", "last entry", "them"})


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction asks for."""

    target: str
    """Words that name the entry; '' means the last one."""
    new: str
    """The clause that says how it should be, marked."""


def requested(act: Act) -> Change:
    """Read a correction."""
    text = marked(act.text).strip(" .!?")
    for pattern in SWAP:
        match = pattern.search(text)
        if match:
            old = match.group("old").strip(" ,")
            new = LEAD.sub("", match.group("new").strip(" ,"))
            return Change("" if old in IT or re.fullmatch(r"[\d.«»a-z]*\d[\d.«»a-z]*", old) else old, new)
    return Change("", LEAD.sub("", text))


def is_dish(name: str) -> bool:
    """Whether a name ends in a dish that is named after what is in it: 'avocado toast'."""
    return words(name)[-1:] != () and words(name)[-1] in load("lexicon.json")["dishes"]


def holds(name: str) -> bool:
    """Whether an entry is a dish that is named after what is in it, and does not say yet: 'sandwich', '2 wraps'."""
    units = {unit for listed in load("units.json")["words"].values() for unit in listed}
    left = [word for word in words(re.sub(r"^[\d.]+ ", "", name)) if word not in units | {"a", "big", "small", "of"}]
    return len(left) == 1 and is_dish(left[0])


def find_entry(entries: Sequence[Entry], target: str, kind: str = "") -> Entry | None:
    """The entry a text names by number or words; without a name the last one, of the kind if given."""
    if number := re.search(r"#(\d+)|\bentry (?:number |no\.? )?(\d+)", target):
        wanted_number = int(number.group(1) or number.group(2))
        return next((entry for entry in entries if entry.number == wanted_number), None)
    wanted = stems(target) - stems("entry log last delete remove undo meal workout food exercise")
    of_kind = [entry for entry in entries if not kind or entry.kind == kind]
    if wanted:
        named = [entry for entry in entries if wanted & (stems(entry.name) | _same(entry.name))]
        return named[-1] if named else None
    return of_kind[-1] if of_kind else None


def _same(name: str) -> frozenset[str]:
    """The table's own names for an entry: a 'jog' also answers to its activity."""
    done = moves(name.lower())
    food = lookup(name)
    return stems(" ".join([*(move.activity.name for move in done), food.name if food else ""]))


def kind_of(change: Change) -> str:
    """Whether a correction speaks of food or of a workout; '' when it could be either."""
    if amount(change.new, "min") is not None or distance(change.new) is not None:
        return "workout"
    if amount(change.new, "kcal") is not None or any(item.food for item in items(change.new)):
        return "food"
    return "workout" if moves(change.new) else ""


def new_values(change: Change, entry: Entry) -> tuple[str | None, float | None]:
    """The entry's new name and amount; None leaves one as it is."""
    if entry.kind == "workout":
        return _new_workout(change, entry)
    kcal = amount(change.new, "kcal")
    found = [item for item in items(change.new, eager=True) if item.name and (item.food or not _quality(item.name))]
    if len(found) > 1 and kcal is None and all(item.food and item.count is None for item in found):
        return _filled(found, entry)
    if found:
        return _new_food(found[0], entry, kcal)
    if kcal is not None:
        return None, kcal
    return _new_count(change, entry)


def _quality(name: str) -> bool:
    """Whether a name only says how something was: 'filling', 'salty', or 'ones' of 'two small ones'."""
    return all(word in load("lexicon.json")["qualities"] for word in name.split())


def _filled(found: Sequence[FoodItem], entry: Entry) -> tuple[str, float | None]:
    """Several foods for one entry: what is in a sandwich, or all that a meal was."""
    names = [item.name for item in found]
    dish = words(entry.name)[-1] if holds(entry.name) else ""
    if dish and dish not in words(names[-1]):
        names[-1] = f"{names[-1]} {dish}"
    name = listing(names)
    whole = items(name)
    if len(whole) == 1 and whole[0].energy is not None:
        return name, whole[0].energy
    return name, entry.amount if dish else sum(item.energy or 0.0 for item in found)


def _new_food(item: FoodItem, entry: Entry, kcal: float | None) -> tuple[str | None, float | None]:
    """A new food; 'turkey' for a 'ham sandwich' is a turkey sandwich, and 'the curry was 600' speaks of its energy."""
    if kcal is None and item.unit is None and item.count is not None and item.count >= LEAST_BARE_ENERGY:
        return None, item.count
    old = words(entry.name)
    food = item.food
    if food and len(old) > 1 and item.count is None and words(item.name) != old:
        joined = (*words(item.name), old[-1])
        if joined in table() and old[-1] not in words(item.name):
            item = FoodItem(f"{item.name} {old[-1]}", item.count, item.unit, item.kcal, item.size, table()[joined])
    same = lookup(entry.name)
    if food and same and food.name == same.name and item.size != 1.0 and kcal is None:
        return item.label, item.energy
    if food and same and food.name == same.name and item.count is None and kcal is None:
        return (item.name if words(item.name) != old else None), None
    return item.label, kcal if kcal is not None else item.energy


def _new_count(change: Change, entry: Entry) -> tuple[str | None, float | None]:
    """'3 slices', 'two', '150 g' of the food that is already there."""
    food = lookup(entry.name)
    if food is None:
        number = re.search(r"\d+(?:\.\d+)?", change.new)
        return None, float(number.group()) if number and float(number.group()) >= LEAST_BARE_ENERGY else None
    if (kcal := re.fullmatch(r"\d+(?:\.\d+)?", change.new.strip(" .!"))) and float(kcal.group()) >= LEAST_BARE_ENERGY:
        return None, float(kcal.group())
    base = re.sub(r"^[\d.]+ (?:\w+ of |g |ml |tbsp |tsp )?", "", entry.name)
    again = items(f"{change.new} {base}")
    if not again or again[0].count is None:
        bare = re.search(r"\d+(?:\.\d+)?", change.new)
        return (None, float(bare.group())) if bare and float(bare.group()) >= 30 else (None, None)
    if again[0].unit is None and again[0].count >= 30:
        return None, again[0].count
    before = items(marked(entry.name))
    item = replace(again[0], unit=before[0].unit) if again[0].unit is None and before else again[0]
    return item.label, item.energy


def _new_workout(change: Change, entry: Entry) -> tuple[str | None, float | None]:
    minutes, km = amount(change.new, "min"), distance(change.new)
    done = moves(change.new)
    name = done[0].label if done and done[0].activity.name != "workout" else None
    if km and not any(hit for hit in moves(re.sub(r"«[^»]*(?:km|mi)»", "", change.new))):
        so_far = f"{amount(change.new, 'mi'):g} mile" if "mi»" in change.new else f"{km:g} km"
        name = f"{so_far} {re.sub(r'^[0-9.]+ (?:km|mile) ', '', entry.name)}"
    if minutes is None and km and not HAS_DISTANCE.search(entry.name) and entry.amount != USUAL_MINUTES:
        return (None if name == entry.name else name), None  # the time was told
    named = activities_in(tokens(MARK.sub(" ", change.new)))
    if minutes is None and done and done[0].minutes is None and (done[0].km or done[0].steps):
        minutes = done[0].length if named or not (own := activity_of(entry.name)) else own.minutes(done[0].km, done[0].steps)
    if minutes is None and name is None and (bare := re.search(r"\d+(?:\.\d+)?", change.new)):
        minutes = float(bare.group())
    return (None if name == entry.name else name), minutes
