"""A word about an entry that makes it exact: 'a large one', 'three, sorry', 'that was yesterday', 'the juice was 500 ml', 'one more'.

The message is stripped of what only leads in or out, and what is left is read as an amount, a size, a share, a day or another name of
the entry that was just written, or of the one that the message names. What fits none of these is no word about an entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.demo.activities import lookup as activity_of
from agent.demo.activities import table as activities
from agent.demo.acts import Act
from agent.demo.context import Context, date_of
from agent.demo.days import named_day
from agent.demo.fooditem import FoodItem
from agent.demo.foods import lookup, table, words
from agent.demo.lexicon import lexicon
from agent.demo.logbook import Entry, entries_in, known_entries, written_on
from agent.demo.meals import items
from agent.demo.memory import stems
from agent.demo.moves import Move, distance, moves
from agent.demo.putright import SHARES, WROTE
from agent.demo.residue import Residue, residue
from agent.demo.words import amount, load, marked

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
WHEN = rf"(?:yesterday|today|tonight|last night|this (?:morning|afternoon|evening)|(?:on |last )*{_DAY})"
NAMED = re.compile(
    rf"^(?:(?:the|my|that|those|these|our|{WHEN}'s) )+(?P<what>[a-z][a-z' -]{{1,30}}?)(?: (?:that )?(?:i|you) (?:had|ate|drank|logged|did|put))?"
    rf"(?: (?:from|for|at|on|in) (?:my |the )?(?:{WHEN}|breakfast|lunch|dinner)| {WHEN})?"
    r"(?:'s| (?:was|were|is|are|had|has|took|lasted|weighed|contained|came to|should be|should have been|should've been|should say"
    r"|only (?:was|took|had)))(?: (?:actually|really|only|just|about|around|more like|nearly|probably|in fact))* (?P<new>.+)$"
)
BARE_NAMED = re.compile(r"^(?P<what>[a-z][a-z' -]{1,30}?) (?:was|were|took|lasted|should be|should have been|should say)(?: only| actually| really)* (?P<new>.+)$")
SIZE = re.compile(
    r"^(?:an? |the )?(?:really |very |quite (?:an? )?)?(?P<size>\w+)(?: (?:one|ones|portion|portions|serving|size|sized|helping|plate|bowl|cup|glass|pack|bag))?$"
)
SHARE = re.compile(r"^(?:about )?(?P<share>half|a half|a third|a quarter|two thirds|three quarters|most)(?: (?:of )?(?:a |the |my )?(?P<what>[a-z ]+))?$")
DOUBLE = re.compile(r"^(?P<times>double|twice|triple)(?: (?:that|the amount|as (?:much|many)))?$|^a (?P<portion>double|triple) portion$")
AMOUNT = re.compile(r"^(?P<amount>[\d.]+|«[\d.]+(?:g|ml|kcal|min|km|mi)»)(?: (?P<unit>[a-z]+))?(?: of)?(?: (?:the )?(?P<what>[a-z][a-z ]*))?$")
TWICE_AMOUNT = re.compile(r"^(?:the )?(?:double|twice|half|triple)(?: that| the amount)?[,:; -]+(?=[\d«])")
DAY = re.compile(
    rf"^(?:(?:from|on|for|at|in|to|it|that|move|put|shift|date|day|under|eaten|done|the|log|breakfast|lunch|dinner|wrong|was) |wrong day[,.;:]? )*(?P<day>{WHEN}"
    r"|(?:the )?day before(?: yesterday)?|\d days ago|two days ago|three days ago)(?:'s)?(?: (?:morning|evening|night|afternoon|for|at|lunch|dinner|breakfast))*$"
)
AGAIN = re.compile(
    r"^(?:(?:and|then|plus|oh|ok|also|just|i|had|have|drank|ate|did|got|we|later|now|after that|'ve)[, ]+)*"
    r"(?P<more>another(?: one)?|one more|a (?:second|third|fourth)(?: one)?|(?P<n>[2-4]|two|three|four) more(?: of (?:them|those))?"
    r"|(?:the )?same(?: (?:thing|one))?(?: again)?|again)"
    r"(?: (?:of (?:those|them|the same)|now|later|since|after that|too|today|please|just now|as well))*$"
)
OWN_MEANING = ("ask_f", "ask_w", "ask_l", "ask_t", "ask_a", "ask_c", "ask_b", "advise", "log", "other_day", "tell", "water", "sleep", "weight")
LOGS = frozenset({"log_food", "log_workout", "other_day", "correct", "unclear", "ask_back"})
COUNTS = {"two": 2.0, "three": 3.0, "four": 4.0}
LEAST_ENERGY = 30
LONGEST_WORDS = 16


def afterthought(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that says more about an entry; none for any other."""
    if not context.tool_texts or len(text.split()) > LONGEST_WORDS or text.endswith("?") and "fix" not in text and "change" not in text:
        return ()
    entries = known_entries(context.tool_texts)
    coach = [line.text for line in context.said_by("coach") if line.source == "message"]
    left = residue(marked(text))
    if named := _named(left, entries, context):
        return named
    latest = _latest(context) if coach and coach[-1].startswith(WROTE) else entries if left.sure and len(entries) == 1 else []
    if not latest:
        return ()
    if again := AGAIN.match(text):
        return _once_more(again, latest[-1], text) if len(latest) == 1 else ()
    if not left.sure and len(latest) > 1 and not left.led:
        return ()
    return _said_of(left, latest, context, acts)


def _latest(context: Context) -> list[Entry]:
    """The entries that the last turn wrote, the last one at the end."""
    if any(text.startswith("Removed") for text in context.last_results[-1:]):
        return []
    return [entry for text in context.last_results if text.startswith(("Logged", "Changed")) for entry in entries_in(text)]


def put_to(entry: Entry, new: str) -> tuple[Act, ...]:
    """A correction of this entry."""
    return (Act("correct", f"change #{entry.number} into {new}"),)


def _named(left: Residue, entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'The juice was 500 ml': the entry that the sentence names, and what is said of it."""
    match = NAMED.match(left.said) or BARE_NAMED.match(left.said)
    if not match:
        return ()
    wanted = stems(match.group("what"))
    hits = [entry for entry in entries if wanted and wanted <= stems(f"{entry.name} {_other_names(entry)}")]
    today = context.today.isoformat() if context.today else ""
    day = named_day(left.said[: match.start("new")])
    old = [entry for entry in hits if "" < written_on(context.tool_texts, entry.number) < today]
    if day not in {"", "today"}:
        hits = old
    elif not left.sure and hits == old:
        hits = [entry for entry in hits if entry in _latest(context)]
    if not hits or match.group("what") in lexicon("meals"):
        return ()
    return _of(replace(residue(match.group("new")), sure=True, led=True), hits[-1], context)


def _other_names(entry: Entry) -> str:
    """What else an entry answers to: the table's name of a food, a workout's own."""
    done = moves(entry.name.lower())
    food = lookup(entry.name)
    return " ".join([*(move.activity.name for move in done), food.name if food else ""])


def _said_of(left: Residue, latest: Sequence[Entry], context: Context, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """What is left of a message, said of one of the entries just written."""
    entry = _meant(left.said, latest)
    if any(act.intent.startswith(OWN_MEANING) for act in acts) and not (left.sure and all(act.intent in LOGS for act in acts)):
        return ()
    return _of(left, entry, context)


def _meant(said: str, latest: Sequence[Entry]) -> Entry:
    """Which of several entries an amount speaks of: minutes of the workout, kilocalories of the food, a count of what was counted."""
    timed = amount(said, "min") is not None or distance(said) is not None
    kind = "workout" if timed else "food" if amount(said, "kcal") is not None or SIZE.match(said) else ""
    fitting = [entry for entry in latest if not kind or entry.kind == kind] or list(latest)
    if re.match(r"[\d.]+$", said) and (counted := [entry for entry in fitting if re.match(r"\d", entry.name)]):
        return counted[-1]
    return fitting[-1]


def _of(left: Residue, entry: Entry, context: Context) -> tuple[Act, ...]:
    """What is said of an entry as a correction of it."""
    said = left.said
    return (
        _on_day(said, entry, context, sure=left.sure or left.led)
        or _so_much(said, entry, sure=left.sure)
        or _part(said, entry)
        or _sized(said, entry)
        or _also_called(said, entry, sure=left.sure and left.led)
    )


def _on_day(said: str, entry: Entry, context: Context, *, sure: bool) -> tuple[Act, ...]:
    """'Yesterday', 'for lunch yesterday', 'the day before': the entry belongs there."""
    found = DAY.match(said)
    if not found or not sure and not found.group("day").startswith(("yesterday", "last")):
        return ()
    day = named_day(found.group("day"))
    if day == "today" and context.today:
        return put_to(entry, context.today.isoformat()) if sure else ()
    written = written_on(context.tool_texts, entry.number)
    if not day and found.group("day").endswith("before") and (now := date_of(written or "")):
        return (Act("correct", f"change #{entry.number} into {now.fromordinal(now.toordinal() - 1).isoformat()}"),)
    return put_to(entry, found.group("day")) if day and day != "week" else ()


def _so_much(said: str, entry: Entry, *, sure: bool) -> tuple[Act, ...]:
    """'3', '500 ml', '200 kcal', 'two slices of it', 'one burger'."""
    found = AMOUNT.match(TWICE_AMOUNT.sub("", said))
    if not found:
        return ()
    number, unit, what = found.group("amount"), found.group("unit") or "", found.group("what") or ""
    known = {word for listed in load("units.json")["words"].values() for word in listed}
    if unit and unit not in known | {"of", "ones"}:
        what, unit = f"{unit} {what}".strip(), ""
    if what and not (sure and _same(what, entry)):
        return ()
    if entry.kind == "workout":
        return put_to(entry, number if "«" in number else f"«{number}min»") if not unit else ()
    if "min»" in number or "km»" in number or "mi»" in number:
        return ()
    if "kcal»" in number or (not unit and "«" not in number and float(number) >= LEAST_ENERGY):
        return put_to(entry, f"{float(number.strip('«kcal»')):g} kcal")
    return put_to(entry, _measured(f"{number} {unit}".strip(), entry))


def _same(what: str, entry: Entry) -> bool:
    return bool(stems(what)) and stems(what) <= stems(f"{entry.name} {_other_names(entry)}")


def base_of(entry: Entry) -> str:
    """The entry's name without its amount: 'fries' of '2 portions of fries'."""
    found = items(marked(entry.name))
    return found[0].name if len(found) == 1 and found[0].name else entry.name


def _measured(so_much: str, entry: Entry) -> str:
    """The new amount with the name, and with the energy in proportion where the old one was the person's own."""
    old = items(marked(entry.name))
    if so_much[-1].isdigit() and len(old) == 1 and old[0].unit and old[0].unit not in {"g", "ml"}:
        so_much = f"{so_much} {old[0].unit} of"
    label = f"{so_much} {base_of(entry)}"
    new = items(label)
    if len(new) != 1 or len(old) != 1 or not new[0].count or old[0].unit != new[0].unit:
        return label
    own = old[0].food is None or old[0].food.guessed or old[0].energy != entry.amount
    if not own or (old[0].count is None and new[0].unit is not None):
        return label
    return f"{label} {round(entry.amount * new[0].count / (old[0].count or 1.0)):g} kcal"


def _part(said: str, entry: Entry) -> tuple[Act, ...]:
    """'Half of it', 'double'."""
    share, times = SHARE.match(said), DOUBLE.match(said)
    if share and share.group("what") and not (_same(share.group("what"), entry) or share.group("what") in {"it", "them", "that", "portion"}):
        return ()
    factor = SHARES[share.group("share")] if share else SHARES[times.group("times") or times.group("portion")] if times else None
    if factor is None:
        return ()
    return put_to(entry, f"{round(entry.amount * factor):g} {'kcal' if entry.kind == 'food' else 'minutes'}")


def _sized(said: str, entry: Entry) -> tuple[Act, ...]:
    """'A large one'; an entry whose energy was told is left at what was told."""
    found = SIZE.match(said)
    size = load("units.json")["sizes"].get(found.group("size")) if found else None
    if size is None or entry.kind != "food" or found is None:
        return ()
    old = items(marked(entry.name))
    if len(old) != 1 or old[0].food is None:
        return ()
    energy = round(5 * round(replace(old[0], kcal=None, size=size).energy or entry.amount) / 5)
    name = re.sub(rf"\b(?:{'|'.join(load('units.json')['sizes'])}) ", "", entry.name)
    return (Act("correct", f"change #{entry.number} into {found.group('size')} {name} {energy:g} kcal"),)


def _also_called(said: str, entry: Entry, *, sure: bool) -> tuple[Act, ...]:
    """'Diet' after a coke, 'with oat milk' after a latte, and another food where a word says that it is one for the other."""
    if entry.kind == "workout":
        done = moves(said) if sure else ()
        return (Act("correct", f"change #{entry.number} into {said}", moves=done),) if len(done) == 1 else ()
    bare = re.sub(r"^(?:an?|the|some) ", "", said)
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


def _once_more(again: re.Match[str], entry: Entry, text: str) -> tuple[Act, ...]:
    """'Another one', 'same again': the entry is logged anew, as often as is said."""
    if entry.kind == "workout":
        activity = activity_of(entry.name) or activities()[("workout",)]
        return (Act("log_workout", text, moves=(Move(entry.name, activity, entry.amount),)),)
    old = items(marked(entry.name))
    each = old[0].count if len(old) == 1 and old[0].count and old[0].unit not in {"g", "ml"} and old[0].count >= 1 else None
    if "same" in again.group("more") or "again" in again.group("more"):
        return (Act("log_food", text, (FoodItem(entry.name, kcal=entry.amount),)),)
    more = float(COUNTS.get(again.group("n") or "", 0) or (again.group("n") if (again.group("n") or "").isdigit() else 1))
    name = base_of(entry) if each else entry.name
    kcal = round(more * entry.amount / (each or 1.0))
    label = replace(old[0], count=more, kcal=kcal).label if each or (len(old) == 1 and more > 1 and old[0].unit is None) else name
    return (Act("log_food", text, (FoodItem(label, kcal=kcal),)),)
