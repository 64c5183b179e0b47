"""What makes an entry exact: an amount, a size, a share, a day or another name of it, each as the correction that it stands for."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from agent.demo.acts import Act
from agent.demo.context import Context, date_of
from agent.demo.days import named_day
from agent.demo.foods import lookup, table, words
from agent.demo.logbook import Entry, written_on
from agent.demo.meals import items
from agent.demo.memory import stems
from agent.demo.moves import moves
from agent.demo.putright import SHARES
from agent.demo.residue import Residue
from agent.demo.words import load, marked, singular

WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
WHEN = rf"(?:yesterday|today|tonight|last night|this (?:morning|afternoon|evening)|(?:on |last )*{WEEKDAY})"
SIZE = re.compile(
    r"^(?:an? |the )?(?:really |very |quite (?:an? )?)?(?P<size>\w+)(?: (?:one|1|ones|portion|portions|serving|size|sized|helping))?$"
)
SHARE = re.compile(
    r"^(?:about )?(?P<share>half|a half|a third|a quarter|two thirds|three quarters|most)(?: (?:of )?(?:a |the |my )?(?P<what>[a-z ]+))?$"
)
DOUBLE = re.compile(r"^(?P<times>double|twice|triple)(?: (?:that|the amount|as (?:much|many)))?$|^a (?P<portion>double|triple) portion$")
AMOUNT = re.compile(
    r"^(?P<amount>[\d.]+|«[\d.]+(?:g|ml|kcal|min|km|mi)»)(?: (?P<unit>[a-z]+))?(?: of)?(?: (?:the )?(?P<what>[a-z][a-z ]*))?$"
)
WHOLE = re.compile(r"^(?:an? |the )?(?:whole|entire|full) (?:one|1|thing|lot|(?P<what>[a-z ]+))$")
TIMES = re.compile(r"^(?:x|times) ?(?P<a>[2-9])$|^(?P<b>[2-9]) ?x$")
OTHER_UNIT = re.compile(r"^(?:in )?(?P<unit>km|kms|kilomet(?:er|re)s|miles?|minutes|mins?|hours?|hrs?)(?: i)?$")
WITHOUT = re.compile(r"^(?:without|minus|hold|no) (?:the |any )?(?P<what>[a-z ]{3,25})$")
TWICE_AMOUNT = re.compile(r"^(?:the )?(?:double|twice|half|triple)(?: that| the amount)?[,:; -]+(?=[\d«])")
DAY = re.compile(
    rf"^(?:(?:from|on|for|at|in|to|it|that|move|put|shift|date|day|under|eaten|done|the|log|breakfast|lunch|dinner|wrong|was"
    rf"|instead)[ ,.;:]+)*(?P<day>{WHEN}"
    r"|(?:the )?day before(?: yesterday)?|\d days ago|two days ago|three days ago)(?:'s)?(?: (?:morning|evening|night|afternoon|for"
    r"|at|lunch|dinner|breakfast))*$"
)
LEAST_ENERGY = 30
"""From here on a number without a unit is kcal: nobody eats so many of one thing."""
LEAST_MEASURED = 20
MOST_AT_ONCE = 5_000
"""Grams or kilocalories: more than that is a weight of somebody, and no meal."""


def put_to(entry: Entry, new: str) -> tuple[Act, ...]:
    """A correction of this entry."""
    return (Act("correct", f"change #{entry.number} into {new}"),)


def exact(left: Residue, entry: Entry, context: Context) -> tuple[Act, ...]:
    """What is said of an entry as a correction of it; none when it is nothing of the kind."""
    said = left.said
    return (
        _on_day(said, entry, context, sure=left.sure or left.led)
        or _so_much(said, entry, sure=left.sure or left.of_it)
        or _part(said, entry)
        or _served(said, entry)
        or _sized(said, entry)
        or _otherwise(said, entry, sure=left.sure)
        or _also_called(said, entry, sure=left.sure, led=left.led)
    )


def _on_day(said: str, entry: Entry, context: Context, *, sure: bool) -> tuple[Act, ...]:
    """'Yesterday', 'for lunch yesterday', 'the day before': the entry belongs there."""
    found = DAY.match(said)
    if not found or (not sure and not found.group("day").startswith(("yesterday", "last"))):
        return ()
    day = named_day(found.group("day"))
    written = written_on(context.tool_texts, entry.number)
    if day == "today" and context.today:
        return put_to(entry, context.today.isoformat()) if sure and written not in {"", context.today.isoformat()} else ()
    if not day and found.group("day").endswith("before") and (now := date_of(written or "")):
        return put_to(entry, now.fromordinal(now.toordinal() - 1).isoformat())
    return put_to(entry, found.group("day")) if day and day != "week" else ()


def _so_much(said: str, entry: Entry, *, sure: bool) -> tuple[Act, ...]:
    """'3', '500 ml', '200 kcal', 'two slices of it', 'one burger'."""
    found = AMOUNT.match(TWICE_AMOUNT.sub("", said))
    if not found:
        return ()
    number, what = found.group("amount"), counted_food(found)
    unit = (found.group("unit") or "") if found.group("unit") in {*units(), "of", "ones"} else ""
    if what and not (sure and same(what, entry)):
        return ()
    if entry.kind == "workout":
        return put_to(entry, number if "«" in number else f"«{number}min»") if not unit else ()
    return _eaten(number, unit, entry)


def counted_food(found: re.Match[str]) -> str:
    """What an amount is said to be of: 'eggs' of '3 eggs', '' of '3 slices'."""
    unit, what = found.group("unit") or "", found.group("what") or ""
    return what if not unit or unit in {*units(), "of", "ones"} else f"{unit} {what}".strip()


def _eaten(number: str, unit: str, entry: Entry) -> tuple[Act, ...]:
    """The amount of a food: a bare number is grams of what was in grams, kilocalories from where nobody eats so many."""
    bare = not unit and "«" not in number
    old = items(marked(entry.name))
    if re.search("min»|km»|mi»", number) or float(number.strip("«»gmlkca")) > MOST_AT_ONCE:
        return ()
    if bare and len(old) == 1 and old[0].unit in {"g", "ml"} and float(number) >= LEAST_MEASURED:
        return put_to(entry, f"«{number}{old[0].unit}» {base_of(entry)}")
    if "kcal»" in number or (bare and float(number) >= LEAST_ENERGY):
        return put_to(entry, f"{float(number.strip('«kcal»')):g} kcal")
    return put_to(entry, _measured(f"{number} {unit}".strip(), entry))


@lru_cache(maxsize=1)
def units() -> frozenset[str]:
    """Every word for a unit: 'slices', 'cup'."""
    return frozenset(word for listed in load("units.json")["words"].values() for word in listed)


def same(what: str, entry: Entry) -> bool:
    """Whether words name an entry."""
    return bool(stems(what)) and stems(what) <= stems(f"{entry.name} {other_names(entry)}")


def other_names(entry: Entry) -> str:
    """What else an entry answers to: the table's name of a food, a workout's own."""
    done = moves(entry.name.lower())
    food = lookup(entry.name)
    return " ".join([*(move.activity.name for move in done), food.name if food else ""])


VESSEL = re.compile(r"^(?:glass(?:es)?|bottles?) of ")
"""In the name itself of what is always drunk so: a glass of red."""


def base_of(entry: Entry) -> str:
    """The entry's name without its amount: 'fries' of '2 portions of fries'."""
    found = items(marked(entry.name))
    return VESSEL.sub("", found[0].name) if len(found) == 1 and found[0].name else entry.name


def _measured(so_much: str, entry: Entry) -> str:
    """The new amount with the name, and with the energy in proportion where the old one was the person's own."""
    old = items(marked(entry.name))
    if so_much[-1].isdigit() and len(old) == 1 and old[0].unit and old[0].unit not in {"g", "ml"}:
        so_much = f"{so_much} {old[0].unit} of"
    base = base_of(entry)
    label = f"{so_much} {singular(base) if so_much == '1' and ' ' not in base else base}"
    new = items(label)
    if len(new) != 1 or len(old) != 1 or not new[0].count:
        return label
    if new[0].unit in {"portion", "plate"} and old[0].unit is None and (old[0].count or 1.0) == 1.0:
        return f"{label} {round(entry.amount * new[0].count):g} kcal"
    if old[0].unit != new[0].unit:
        return label
    own = old[0].food is None or old[0].food.guessed or old[0].energy != entry.amount
    if not own or (old[0].count is None and new[0].unit is not None):
        return label
    return f"{label} {round(entry.amount * new[0].count / (old[0].count or 1.0)):g} kcal"


def _part(said: str, entry: Entry) -> tuple[Act, ...]:
    """'Half of it', 'double'."""
    share, times = SHARE.match(said), DOUBLE.match(said)
    if share and share.group("what") and not (same(share.group("what"), entry) or share.group("what") in {"it", "them", "that", "portion"}):
        return ()
    factor = SHARES[share.group("share")] if share else SHARES[times.group("times") or times.group("portion")] if times else None
    if factor is None:
        return ()
    return put_to(entry, f"{round(entry.amount * factor):g} {'kcal' if entry.kind == 'food' else 'minutes'}")


def _served(said: str, entry: Entry) -> tuple[Act, ...]:
    """'A tiny slice', 'just a bite', 'the whole one', 'x2': the entry in that measure."""
    old = items(marked(entry.name))
    if times := TIMES.match(said):
        number = float(times.group("a") or times.group("b"))
        if entry.kind == "workout" or len(old) != 1:
            return put_to(entry, f"{number * entry.amount:g} {'kcal' if entry.kind == 'food' else 'minutes'}")
        return put_to(entry, _measured(f"{number * (old[0].count or 1.0):g}", entry))
    if entry.kind != "food" or len(old) != 1:
        return ()
    if (whole := WHOLE.match(said)) and (not whole.group("what") or same(whole.group("what"), entry)):
        return put_to(entry, f"1 whole {base_of(entry)}") if old[0].food and {"whole", "all"} & set(old[0].food.units) else ()
    found = _serving().match(said)
    what = found.group("what") if found else None
    base = f"{what} {base_of(entry)}" if what and words(f"{what} {base_of(entry)}") in table() else base_of(entry)
    if not found or (what and not same(what, entry) and base == base_of(entry)):
        return ()
    return put_to(entry, f"1 {found.group('size') or ''} {found.group('unit')} of {base}".replace("  ", " "))


@lru_cache(maxsize=1)
def _serving() -> re.Pattern[str]:
    sizes, measures = "|".join(load("units.json")["sizes"]), "|".join(sorted(units() - {"portion", "serving", "helping", "double", "side"}))
    return re.compile(
        rf"^(?:1 |an? |the )?(?:really |very |whole |entire |full )*(?:(?P<size>{sizes}) )?(?P<unit>{measures})(?: of (?P<what>[a-z ]+))?$"
    )


def _otherwise(said: str, entry: Entry, *, sure: bool) -> tuple[Act, ...]:
    """'Km, not miles', 'without milk', 'it had butter on it'."""
    number = re.match(r"[\d.]+", entry.name)
    unit = OTHER_UNIT.match(said)
    if unit and sure and entry.kind == "workout":
        if unit.group("unit")[0] == "k" or unit.group("unit").startswith("mile"):
            return put_to(entry, f"{number.group()} {unit.group('unit')}") if number else ()
        hours = unit.group("unit").startswith("h")
        return put_to(entry, f"{entry.amount * 60 if hours else entry.amount / 60:g} minutes")
    left_out = WITHOUT.match(said)
    if left_out and (rest := re.sub(rf" (?:with|and) (?:the |some )?{re.escape(left_out.group('what'))}$", "", entry.name)) != entry.name:
        return put_to(entry, rest)
    return ()


def with_more(entry: Entry, what: str) -> tuple[Act, ...]:
    """'Butter' on a toast: the entry names it too, and its energy is added."""
    added = items(what)
    if entry.kind != "food" or not added or not all(item.food for item in added):
        return ()
    name = f"{entry.name} {'and' if ' with ' in entry.name else 'with'} {what}"
    total = entry.amount + sum(item.energy or 0.0 for item in added)
    return (Act("correct", f"change #{entry.number} into «{total:g}kcal»", topic=name),)


def _sized(said: str, entry: Entry) -> tuple[Act, ...]:
    """'A large one'; an entry whose energy was told is left at what was told."""
    found = SIZE.match(said)
    size = load("units.json")["sizes"].get(found.group("size")) if found else None
    if size is None or entry.kind != "food" or found is None:
        return ()
    old = items(marked(entry.name))
    if len(old) != 1 or old[0].food is None:
        return ()
    name = re.sub(rf"\b(?:{'|'.join(load('units.json')['sizes'])}) ", "", entry.name)
    new = items(marked(f"{found.group('size')} {name}")) if old[0].count in {None, 1} else ()
    one = new[0] if len(new) == 1 and new[0].food == old[0].food else replace(old[0], size=size)
    energy = replace(one, kcal=None).energy or entry.amount
    if (energy < entry.amount and size > old[0].size) or (energy > entry.amount and size < old[0].size):
        energy = entry.amount * size / old[0].size
    energy = round(5 * round(energy / 5))
    return put_to(entry, f"{found.group('size')} {name} {energy:g} kcal")


def _also_called(said: str, entry: Entry, *, sure: bool, led: bool) -> tuple[Act, ...]:
    """'Diet' after a coke, 'with oat milk' after a latte, and another food where a word says that it is one for the other."""
    if entry.kind == "workout":
        done = moves(said) if sure or led else ()
        return (
            (Act("correct", f"change #{entry.number} into {said}", moves=done),)
            if len(done) == 1 and (sure or words(done[0].name) == words(said))
            else ()
        )
    bare = re.sub(r"^(?:an?|the|some) | (?:ones?|1)$", "", said)
    if not bare or not re.fullmatch(r"[a-z' -]{3,40}", bare):
        return ()
    base = base_of(entry)
    for whole in (f"{bare} {base}", f"{base} {bare}"):
        if words(whole) in table() and words(whole) != words(base):
            return put_to(entry, whole)
    found = items(bare)
    if sure and len(found) == 1 and found[0].food and words(found[0].name) == words(bare):
        return (Act("correct", f"change #{entry.number} into {bare}", found),)
    return ()
