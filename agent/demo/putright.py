"""Short messages right after an entry that put it right: 'actually a tea', 'oops, veggie burger', 'no coffee actually'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.demo.activities import Activity, lookup
from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.foods import lookup as food_of
from agent.demo.foods import table, words
from agent.demo.logbook import Entry, entries_in, known_entries
from agent.demo.meals import TIME, items
from agent.demo.moves import PLAIN_NAMES, Move, moves
from agent.demo.words import amount, marked

SLIP = re.compile(
    r"^(?:(?:actually|oops|whoops|sorry|wait|no|nope|nah|correction|i mean|i meant|or rather|rather|my bad|my mistake"
    r"|i mistyped|i misspoke|i got it wrong|hang on|hold on|hmm|er"
    r"|um|wrong|that's wrong|nearly right|almost right|close|scratch that|strike that|let me correct (?:that|it)"
    r"|to be (?:precise|exact)|well)[,.:; -]+|(?:actually|rather) )+"
    r"(?!.*\b(?:and then|also|later|too|as well|before that|after that|forgot|tomorrow|add|log)\b)"
)
SLIP_BEHIND = re.compile(
    r",? (?:not (?!(?:much|bad|great|good|nice|hungry|enough|many|healthy|proud|tired|sure)\b)(?:a |an |the )?[a-z]+|actually|i mean"
    r"|i meant|sorry"
    r"|rather|not the other one)$"
)
LEFT_OUT = re.compile(
    r"^(?:(?:oh|oops|wait|sorry|actually|and|but|hmm),? )*(?:no|without|minus|not the|skip the|forget the|leave out the|take off the"
    r"|there was no|there were no|i didn't have the|i didn't eat the|i didn't finish the) (?P<what>[a-z ]{3,25}?)"
    r"(?: on it| in it|,? i forgot| actually| after all| though| in the end| sorry| this time| please)*$"
)
WITH = re.compile(r"^(?:it was |and |oh |made )?with (?P<what>[a-z ]{3,25})$")
SHARES = {
    "half": 0.5,
    "a half": 0.5,
    "a third": 1 / 3,
    "a quarter": 0.25,
    "two thirds": 2 / 3,
    "three quarters": 0.75,
    "most": 0.8,
    "some": 0.5,
    "double": 2.0,
    "twice": 2.0,
    "triple": 3.0,
    "halve": 0.5,
}
SHARE = re.compile(
    r"\b(?:(?:only|just|actually) (?:ate|had|finished|managed|drank|got through)|(?:ate|had|finished|drank) (?:only|just"
    r"|about))(?: about| like)? "
    r"(?P<part>half|a half|a third|a quarter|two thirds|three quarters|most|some)\b(?: of (?:it|that|them|the \w+))?$"
    r"|\b(?:couldn't|didn't) finish (?:it|that|them),? (?:so )?(?:left|had|ate) (?:about )?(?P<rest>half)\b"
)
TIMES = re.compile(
    r"^(?:actually |no,? |oops,? |please |make it |make that )*(?P<times>double|twice|triple|halve|half)(?: of)? (?:that|it"
    r"|those|the amount)\b"
)
ONLY = re.compile(r"^(?:oh |no,? |actually |well |sorry,? |but )*(?:i|we|it) (?:only|actually|just|really|probably) .*«")
BY_MORE = re.compile(
    r"^(?:(?:oh |and |sorry,? )*i forgot (?:about |to count |to add )?(?:the|my|some) [a-z ]{3,25}?[,.;]* (?:so |please )?)?"
    r"(?:oh |ok |and |please |actually |can you |sorry )*(?:(?:add|plus|\+|minus|take off|subtract|deduct|knock off"
    r"|take away) (?:another |about )?(?:«(?P<n>\d+(?:\.\d+)?)(?P<unit>kcal|min)»"
    r"|(?P<m>\d{2,4}))|(?:about |another )?«(?P<n2>\d+(?:\.\d+)?)(?P<unit2>kcal|min)» (?:more|less|longer|shorter"
    r"|extra)|(?P<m2>\d{2,4}) (?:more|less|fewer|extra)|(?:lower|reduce|cut|decrease|drop|increase|raise|bump)(?: (?:it|that"
    r"|this))?(?: up| down)? by"
    r" (?:«(?P<n3>\d+(?:\.\d+)?)(?P<unit3>kcal|min)»|(?P<m3>\d{2,4})))(?: (?:for|because of|more|extra|to it|to that|off|from) ?[a-z ]*)?$"
)
NOT_BUT = re.compile(
    r"^(?:oh |no,? |sorry,? )*not (?:a |an |the )?[a-z ]+?[.,;:!-]+ ?(?:but |it was |just |it's )*(?P<new>[a-z0-9 ]+)$"
    r"|^(?:nvm|never mind|nevermind|lol|my b|my bad)[,.: ]+(?:it|that) was (?P<other>[a-z0-9 ]+)$"
)
LESS = re.compile(r"\b(?:lower|reduce|cut|decrease|drop|fewer|minus|take off|subtract|deduct|knock off|take away|less|shorter)\b")
LEAST_BARE = 20
THE_ONE = re.compile(r"^(?:oh |and |but |actually |sorry,? |btw )*(?:the|my|that) (?P<what>[a-z' -]{3,25}?) (?:was|were|is|had|has)\b")
GUESSED = "as a usual session"
NEXT = re.compile(r"^(?:and|then|also|plus|after|later|next)\b|\b(?:also|too|as well|then|after that)\b")
WROTE = ("Logged", "Done")
LONGEST_WORDS = 12


def put_right(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that puts right what was just written; none for any other."""
    coach = [line.text for line in context.said_by("coach") if line.source == "message"]
    if (
        not coach
        or not coach[-1].startswith(WROTE)
        or not context.tool_texts
        or (len(text.split()) > LONGEST_WORDS and not TIMES.match(text))
    ):
        return ()
    entries = entries_in(context.tool_texts[-1])
    if not entries or context.tool_texts[-1].startswith("Removed"):
        return ()
    entry = entries[-1]
    return (
        _share(text, entry)
        or _not_but(text, entry)
        or _by_more(text, entry)
        or _named_energy(text, entries)
        or _length(text, entry)
        or _left_out(text, known_entries(context.tool_texts))
        or _with(text, entry)
        or _another(text, acts, entry)
        or _what_it_was(text, acts, entry, coach[-1])
        or _only_number(text, acts, entry)
    )


def _share(text: str, entry: Entry) -> tuple[Act, ...]:
    """'I only ate half of it', 'double that': so much of what the entry says."""
    eaten, times = SHARE.search(text), TIMES.match(text)
    if not eaten and not times:
        return ()
    said = (eaten.group("part") or "half") if eaten else times.group("times") if times else ""
    factor = SHARES[said]
    unit = "kcal" if entry.kind == "food" else "min"
    return (Act("correct", f"it was {round(entry.amount * factor):g} {unit}"),)


def _not_but(text: str, entry: Entry) -> tuple[Act, ...]:
    """'Not pizza. pasta', 'nvm it was coke zero'."""
    found = NOT_BUT.match(text)
    bare = (found.group("new") or found.group("other")) if found else ""
    foods, done = items(marked(bare)), moves(marked(bare))
    if (entry.kind == "food" and len(foods) == 1 and foods[0].food) or (entry.kind == "workout" and len(done) == 1):
        return (Act("correct", f"it was {bare}", foods, done),)
    return ()


def _by_more(text: str, entry: Entry) -> tuple[Act, ...]:
    """'Add 100 for the sauce', '10 minutes less': so much more or less than the entry says."""
    found = BY_MORE.match(marked(text))
    if not found:
        return ()
    number = float(found.group("n") or found.group("m") or found.group("n2") or found.group("m2") or found.group("n3") or found.group("m3"))
    unit = "kcal" if entry.kind == "food" else "min"
    if (said := found.group("unit") or found.group("unit2") or found.group("unit3")) and said != unit:
        return ()
    if not said and number < LEAST_BARE:
        return ()
    less = LESS.search(text)
    return (Act("correct", f"it was {max(0.0, entry.amount - number if less else entry.amount + number):g} {unit}"),)


def _named_energy(text: str, entries: Sequence[Entry]) -> tuple[Act, ...]:
    """'The beer was alcohol free, 80 kcal': what is named was just logged, and this is its energy."""
    named = THE_ONE.match(text)
    energy = amount(marked(text), "kcal")
    there = [entry for entry in entries if named and entry.kind == "food" and set(words(named.group("what"))) & set(words(entry.name))]
    if not there or energy is None or len([item for item in items(marked(text)) if item.kcal is not None]) > 1:
        return ()
    return (Act("correct", f"change the {there[-1].name} to {energy:g} kcal"),)


def _length(text: str, entry: Entry) -> tuple[Act, ...]:
    """'We only played for 40 minutes in the end' after a workout without another name in it."""
    said = marked(text)
    if entry.kind != "workout" or not ONLY.match(said) or not (minutes := amount(said, "min")):
        return ()
    done = lookup(text)
    return (Act("correct", f"it was {minutes:g} minutes"),) if done is None or done is lookup(entry.name) else ()


def _left_out(text: str, entries: list[Entry]) -> tuple[Act, ...]:
    """'No coffee actually': it goes out of the log, if it is there."""
    match = LEFT_OUT.match(text)
    found = items(match.group("what")) if match else ()
    there = any(food_of(entry.name) is found[0].food for entry in entries) if found and found[0].food else False
    return (Act("remove", f"remove {match.group('what')}", found),) if match and there and len(entries) > 1 else ()


def _with(text: str, entry: Entry) -> tuple[Act, ...]:
    """'With oat milk' after a latte, where the table knows both as one."""
    match = WITH.match(text)
    if not match or entry.kind != "food" or words(f"{entry.name} with {match.group('what')}") not in table():
        return ()
    whole = f"{entry.name} with {match.group('what')}"
    return (Act("correct", f"it was {whole}", items(whole)),)


def _another(text: str, acts: tuple[Act, ...], entry: Entry) -> tuple[Act, ...]:
    """'Actually a tea': one food for the other, one workout for the other."""
    bare = SLIP_BEHIND.sub("", SLIP.sub("", text))
    if bare == text or len(acts) != 1 or acts[0].day or TIME.match(text):
        return ()
    act = acts[0]
    if act.intent == "unclear":
        act = replace(act, intent=f"log_{entry.kind}", foods=items(marked(bare)), moves=moves(marked(bare)))
    foods = [item for item in act.foods if item.food or item.kcal]
    fits = act.intent == "log_food" and len(foods) == 1 if entry.kind == "food" else act.intent == "log_workout" and len(act.moves) == 1
    return (replace(act, intent="correct", text=f"it was {bare}"),) if fits else ()


def _only_number(text: str, acts: tuple[Act, ...], entry: Entry) -> tuple[Act, ...]:
    """'Minus the break it was 75 minutes': a sentence that means nothing of its own but for an amount of what the entry counts."""
    unit = "kcal" if entry.kind == "food" else "min"
    number = amount(marked(text), unit)
    if number is None or " also " in text or any(act.intent not in {"unclear", "off_topic"} for act in acts):
        return ()
    ways = 2 if unit == "min" and re.search(r"\beach way\b|\bboth ways\b|\bthere and back\b", text) else 1
    return (Act("correct", f"it was {ways * number:g} {unit}"),)


def _same_session(before: Activity, done: Sequence[Move], entry: Entry) -> bool:
    """Whether what is named was all in the session before: 'chest and back' after 'weights', 'hot yoga' after 'yoga'."""
    finer = done[0].activity is before and done[0].name != entry.name and done[0].name.endswith(entry.name)
    return finer or ("strength" in before.kinds and all("strength" in move.activity.kinds for move in done))


def _what_it_was(text: str, acts: tuple[Act, ...], entry: Entry, coach: str) -> tuple[Act, ...]:
    """'45 min of weights' after 'I went to the gym': what the session was, and how long."""
    before = lookup(entry.name) if entry.kind == "workout" else None
    if before is None or GUESSED not in coach or NEXT.search(text):
        return ()
    done = [move for act in acts if act.intent == "log_workout" for move in act.moves]
    if done and not any(move.minutes or move.km for move in done) and _same_session(before, done, entry):
        return (Act("correct", f"change #{entry.number} into {done[0].name}", moves=(done[0],)),)
    if before.name not in PLAIN_NAMES:
        return ()
    if len(done) != 1 or not done[0].minutes or not {"strength", "mixed"} & done[0].activity.kinds:
        return ()
    return (Act("correct", f"it was {marked(text)}", moves=tuple(done)),)
