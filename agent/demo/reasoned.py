"""Corrections that come with a reason or a source: 'the lady at the till told me the curry has 720 kcal, so please correct that'.

Whatever else is told, such a message holds a word that something is put right, a value, and the entry it is about: one that it names,
or else the one that was just written. Without all three it is read as any other message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.days import named_day
from agent.demo.evidence import ADDING, ANEW, DEFINITE, EATEN, FIX, IN_ALL, IT_IS, MIND, ORDERS, OWN_MEAL, PERSON, SO_MUCH, SOURCES, THEIRS
from agent.demo.exactness import WHEN, exact, put_to
from agent.demo.foods import mentions
from agent.demo.logbook import Entry, entries_in, known_entries, written_on
from agent.demo.meals import TIME, items
from agent.demo.mealtold import meal_entries
from agent.demo.moves import moves
from agent.demo.naming import named_in, names_of
from agent.demo.putright import SHARES
from agent.demo.residue import Residue
from agent.demo.saidagain import said_values
from agent.demo.wholesale import placed_at
from agent.demo.words import marked, tidy

JOINT = re.compile(r", (?:and |but )?| and | but |; |\. |: ")
WERE = re.compile(
    r"^(?:(?:no|sorry|oops|wait|actually|please|ok|hm+|swap (?:those|them)|(?:it was )?the other way (?:round|around)|so)[,:.]* )*"
    r"(?:(?:the|my) [a-z ]{3,30}? (?:was|were|is|should be|had|has)\b|(?:change|make|set|correct|update|put) (?:the|my)\b"
    r"|[a-z]{3,20} (?:was|should be|\d|«))"
)
"""How a message begins that puts several entries right."""
BOTH = re.compile(
    r"^(?:(?:no|sorry|oops|wait|actually)[, ]+)*(?:both|each|they both|each of them"
    r"|both of them) (?:of them )?(?P<new>(?:were|was|had|took|are) .*[\d«].*)$"
)
DAY_OF_NAMED = re.compile(
    rf"^(?:(?:no|sorry|oops|wait|actually|oh|hm+)[, ]+)*(?:i|we) (?:actually |really )?(?:had|ate|drank|did|played|went|ran) (?:the|my"
    rf"|that) (?P<what>[a-z ]{{3,25}}?)"
    rf" (?:actually |already |really )?(?:on )?(?P<day>{WHEN})(?:,? (?:not today|actually|sorry|already|though))*$"
)
GONE = re.compile(r"^(?:please |also )*(?:remove|delete|forget|drop|skip|scrap|lose|cancel|take out|leave out)\b")
DAY_OF_IT = re.compile(
    rf"\b(?:(?:that|it|this|they)(?: entry| one)?(?:'s| was| were| is| happened| belongs| should be)|(?:i|we) (?:had|ate|drank|did"
    rf"|played|ran|went"
    rf"|swam|cooked) (?:that|it|this"
    rf"|them))(?: (?:actually|really|already|from|on|to|in|for|under|back|all))* (?P<day>{WHEN}|the day before)(?:'s)?(?: (?:lunch"
    rf"|dinner|breakfast|evening|night|morning))?"
    r"(?:,? (?:not (?:today|yesterday|this morning)|sorry|actually|please|though|instead))*$"
)
"""'Wrong day, I had that on Tuesday', 'sorry not yesterday, that was today'."""
VALUED = re.compile(
    r"\d|n't\b|\b(?:not|half|quarters?|thirds?|twice|double|halve|triple|yesterday|today|night|day|(?:mon|tues|wednes"
    r"|thurs|fri|satur|sun)day)\b"
)
"""Without a value, a share, a day or a 'not' nothing is put right here."""
OUT_WITH_IT = re.compile(r"^(?:please )?(?:ignore|disregard|drop|delete|remove|forget|cancel|scrap|void|take|strike)\b")
NOT_WORD = re.compile(
    r"^(?:(?:no|sorry|oops|wait|actually|and|but|oh|hm+)[, ]+)*(?:(?:the|my|that) (?P<what>[a-z][a-z ]{2,25}?)|it|that|this|they"
    r"|those) (?:was|were|is|had)"
    r" (?:actually |really |in fact )?(?:(?:the |an? )?(?P<new>[a-z]{3,15})(?: one)?,? (?:and )?not (?:an? "
    r"|the )?(?P<old>[a-z]{3,15})(?: one)?"
    r"|not (?:an? |the )?(?P<old2>[a-z]{3,15})(?: one)?,? but (?:an? |the )?(?P<new2>[a-z]{3,15})(?: one)?)(?:,? (?:sorry|actually"
    r"|though|my bad|my mistake))?$"
)
NOT_THEN = re.compile(
    r"^(?:(?:no|sorry|oops|wait|actually|and|but|oh|hm+)[, ]+)*(?:the (?P<what>[a-z][a-z ]{2,25}?)|it|that|this|they|those)"
    r" (?:wasn't|weren't|isn't|was not|were not) (?:an? |the )?(?P<old>[a-z]{3,15})(?: one)?,? (?:but|it was|they were|that was"
    r"|it's) (?:an? |the )?"
    r"(?P<new>[a-z]{3,15})(?: one)?(?:,? (?:sorry|actually|though))?$"
)
WAS = re.compile(
    r"^(?:(?:no|sorry|oops|wait|actually|and|but|please|hm+|oh)[, ]+)*(?:(?:the|my|today's|this|yesterday's) )*(?:[a-z]+ )(?:(?:one"
    r"|entry|thing|item|meal) )?"
    r"(?:was|were|is|had|has|should be|should have been|came to)\b"
)
"""'The second one was 110 kcal', 'dinner was more like 950'."""
LABELLED = re.compile(r"^(?:the|my|that) (?P<what>[a-z][a-z' -]{2,30}?)(?:: ?| = ?|, )\d+ ?(?:kcal|cal|calories|g|ml|min|minutes|h)?$")
LONGEST = 220
NOWHERE = frozenset(
    {"unclear", "off_topic", "ask_back", "remark", "tell_fact", "someone_else", "mood", "news", "small_talk", "correct", "no_meal"}
)
"""What a message does that means nothing of its own, or asks for a correction in words that are no value."""


def reasoned(acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that corrects an entry and says why; none for any other."""
    text = _statement(context)
    if not text or TIME.match(text) or acts[0].intent in {"foreign", "code"} or THEIRS.search(text):
        return ()
    said = marked(text)
    if not VALUED.search(said):
        return ()
    moved = DAY_OF_NAMED.match(text)
    if moved and (meant := named_in(moved.group("what"), known_entries(context.tool_texts))):
        return exact(Residue(moved.group("day"), sure=True, led=True), meant, context)
    entries = _of_its_day(known_entries(context.tool_texts), text, context)
    named = named_in(said, entries)
    day = DAY_OF_IT.search(text) if not named and not OUT_WITH_IT.match(text) and all(act.intent != "remove" for act in acts) else None
    if day and (last := _last(context)):
        return exact(Residue(day.group("day"), sure=True, led=True), last, context)
    found = _other_word(text, entries, context) or _several(said, entries, context)
    return found or (_of_named(text, said, named, context) if named else _of_unnamed(text, said, acts, entries, context))


def _statement(context: Context) -> str:
    """The message, tidied, with 'can you fix it?' as an order; '' where it asks something, is too long, or no entry is known."""
    if not context.tool_texts or len(context.question) > LONGEST:
        return ""
    text = tidy(context.question).strip(" .!")
    fixed = FIX.sub("please correct it", text) if text.endswith("?") else text
    fixed = MIND.sub(r"change \1", fixed)
    return "" if fixed.endswith("?") else fixed


def _of_named(text: str, said: str, named: Entry, context: Context) -> tuple[Act, ...]:
    """What is said of an entry that the message names, where a word shows that nothing new was eaten or done."""
    if named_in(said.partition(" instead of ")[2] or said.partition(" rather than ")[2], [named]):
        return ()
    label = LABELLED.match(text)
    sure = bool(label and named_in(marked(label.group("what")), [named]))
    if not sure and not ANEW.search(text):
        own = OWN_MEAL.match(text)
        told = SOURCES.search(text) and (DEFINITE.search(text) or PERSON.search(text))
        sure = bool(ORDERS.search(text) or (not own and (told or ADDING.search(text))))
    return _said_of(text, said, named, context) if sure else ()


def _of_unnamed(text: str, said: str, acts: tuple[Act, ...], entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """What is said of 'the second one', of a meal, or of what was just written."""
    if WAS.search(text) and (one := placed_at(text, entries, context) or _meal(text, entries, context)):
        return _said_of(text, said, one, context)
    summed = bool(ADDING.search(text) and not OWN_MEAL.match(text))
    told = IT_IS.search(said) and not EATEN.search(text)
    if ANEW.search(text) or not (summed or told or ORDERS.search(text) or SOURCES.search(text)):
        return ()
    return _of_the_last(text, said, acts, context, summed=summed)


def _other_word(text: str, entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'The smoothie was strawberry, not mango': one word of the name for another; an energy that was told stays."""
    found = NOT_WORD.match(text) or NOT_THEN.match(text)
    said = found.groupdict() if found else {}
    old, new = said.get("old") or said.get("old2") or "", said.get("new") or said.get("new2") or ""
    if not old or found is None or any(item.kcal is not None for item in items(marked(text))):
        return ()
    named = named_in(found.group("what"), entries) if found.group("what") else None
    entry = named or (None if found.group("what") else _last(context))
    if entry is None or entry.kind != "food" or not re.search(rf"\b{old}\b", entry.name.lower()) or len(entry.name.split()) < 2:
        return ()
    name = re.sub(rf"\b{old}\b", new, entry.name.lower())
    before, after = items(marked(entry.name)), items(marked(name))
    told = len(before) != 1 or before[0].energy != entry.amount
    energy = entry.amount if told or len(after) != 1 or after[0].energy is None else after[0].energy
    return (Act("correct", f"change #{entry.number} into «{energy:g}kcal»", topic=name),)


def _meal(text: str, entries: Sequence[Entry], context: Context) -> Entry | None:
    """The entry of the meal that is named, where it was one thing."""
    found = meal_entries(text, entries, context)
    return found[0] if len(found) == 1 else None


def _last(context: Context) -> Entry | None:
    """The entry that was just written, where it was one."""
    last = [entry for told in context.last_results if told.startswith(("Logged", "Changed")) for entry in entries_in(told)]
    return last[0] if len(last) == 1 else None


def _several(said: str, entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'The roll was 350 kcal and the cocoa 180': each entry that is named, with its own value."""
    told = (SOURCES.search(said) or ORDERS.search(said)) and not (ANEW.search(said) or OWN_MEAL.match(said))
    if both := BOTH.match(said):
        last = entries[-2:] if len({entry.kind for entry in entries[-2:]}) == 1 else []
        return tuple(act for entry in last for act in _said_of(said, both.group("new"), entry, context)) if len(last) > 1 else ()
    if not (told or WERE.search(said)):
        return ()
    parts = [part for part in JOINT.split(said) if part]
    done: dict[int, Act] = {}
    for part in parts if len(parts) > 1 else ():
        entry = named_in(part, entries)
        if entry is None or entry.number in done:
            continue
        gone = GONE.match(part)
        acts = (Act("remove", f"remove #{entry.number}"),) if gone else _said_of(part, part, entry, context)
        if acts:
            done[entry.number] = acts[0]
    return tuple(done.values()) if len(done) > 1 else ()


def _of_its_day(entries: Sequence[Entry], text: str, context: Context) -> list[Entry]:
    """The entries of the day that a message names; all of them where it names none."""
    day = named_day(text)
    if day != "yesterday" or context.today is None:
        return list(entries)
    today = context.today.isoformat()
    return [entry for entry in entries if "" < written_on(context.tool_texts, entry.number) < today]


def _of_the_last(text: str, said: str, acts: tuple[Act, ...], context: Context, *, summed: bool) -> tuple[Act, ...]:
    """What names nothing that could be eaten or done, but for what comes on top, is said of what was just written."""
    last = _last(context)
    lost = all(
        act.intent in NOWHERE or (act.intent == "log_food" and not any(item.food and not item.food.guessed for item in act.foods))
        for act in acts
    )
    own = (
        mentions(said) or any(not named_in(move.name, [last] if last else []) for move in moves(said)) or not (lost or SO_MUCH.search(said))
    )
    if last is None or (own and not summed) or (own and not IN_ALL.search(said)):
        return ()
    return _said_of(text, said, last, context)


def _said_of(text: str, said: str, entry: Entry, context: Context) -> tuple[Act, ...]:
    """The value that is told, as a correction of the entry."""
    if part := _share(text, said, entry):
        return part
    new = said_values(said, entry, names_of(entry))
    if not new:
        return ()
    if "kcal»" in new and " " in new:
        return put_to(entry, new)
    return exact(Residue(new, sure=True, led=True, of_it=True), entry, context)


PART = re.compile(
    r"\b(?:only|just|actually)(?: (?:ate|had|finished|managed|drank|did))?(?: about)? (?P<a>half|a half|a third|a quarter|two thirds"
    r"|three quarters)\b|\b(?:ate|had|finished|drank) (?:about )?(?P<b>half|a third|a quarter) of\b|\b(?P<c>double|halve|triple"
    r"|twice) (?:the|it|that|them|as (?:much|many))\b"
)


def _share(text: str, said: str, entry: Entry) -> tuple[Act, ...]:
    """'I only ate half of that chocolate bar': so much of what the entry says, unless the message gives the number itself."""
    found = PART.search(text)
    if not found or re.search(r"«|\d{2}", said):
        return ()
    factor = SHARES[found.group("a") or found.group("b") or found.group("c")]
    return put_to(entry, f"{round(entry.amount * factor):g} {'kcal' if entry.kind == 'food' else 'minutes'}")
