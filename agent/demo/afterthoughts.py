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
from agent.demo.context import Context
from agent.demo.days import named_day
from agent.demo.exactness import AMOUNT, SIZE, WHEN, WITHOUT, base_of, counted_food, exact, other_names, put_to, same, with_more
from agent.demo.fooditem import FoodItem
from agent.demo.lexicon import lexicon
from agent.demo.logbook import Entry, entries_in, known_entries, written_on
from agent.demo.logtalk import VITALS
from agent.demo.meals import TIME, items
from agent.demo.memory import stems
from agent.demo.moves import Move, distance
from agent.demo.putright import SHARES, WROTE
from agent.demo.residue import Residue, residue
from agent.demo.wholesale import placed_at
from agent.demo.words import amount, marked

NAMED = re.compile(
    rf"^(?:(?:the|my|that|those|these|our|{WHEN}'s) )+(?P<what>[a-z][a-z' -]{{1,30}}?)(?: (?:that )?(?:i|you) (?:had|ate|drank|logged"
    rf"|did|put))?"
    rf"(?: (?:from|for|at|on|in) (?:my |the )?(?:{WHEN}|breakfast|lunch|dinner)| {WHEN})?"
    r"(?:'s| (?P<verb>was|were|is|are|had|has|took|lasted|weighed|contained|came to|should be|should have been|should've been|should say"
    r"|only (?:was|took|had)))(?: (?:actually|really|only|just|about|around|more like|nearly|probably|in fact))* (?P<new>.+)$"
)
BARE_NAMED = re.compile(
    r"^(?P<what>[a-z][a-z' -]{1,30}?) (?P<verb>was|were|took|lasted|should be|should have been|should say)(?: only| actually"
    r"| really)* (?P<new>.+)$"
)
AGAIN = re.compile(
    r"^(?:(?:and|then|plus|oh|ok|also|just|i|had|have|drank|ate|did|got|we|later|now|after that|'ve)[, ]+)*"
    r"(?P<more>another(?: one)?|one more|a (?:second|third|fourth)(?: one)?|(?:another|a second) (?:helping|portion|serving|plate"
    r"|round|go)|seconds|(?:went )?back for (?:more|seconds)|(?P<n>[2-4]|two|three|four) more(?: of (?:them|those))?"
    r"|(?:the )?same(?: (?:thing|one))?(?: again)?|again)"
    r"(?: (?:of (?:those|them|the same)|now|later|since|after that|too|today|please|just now|as well))*$"
)
ORDERED = re.compile(
    r"^(?:to )?(?:put|set|mark|make|fix|change|update|correct|log|enter|record|move|shift|swap|replace|exchange) (?:the|my"
    r"|that) (?P<what>[a-z][a-z ]{2,30}?)"
    r"(?: entry)?(?:(?: down)? (?:as|at|to|into|on|for|with|under)|[,:]) (?:the |an? )?(?P<new>.+)$"
)
ARROW = re.compile(r"^(?P<what>[a-z][a-z ]{2,30}?) ?(?:[-=]+>|\u2192) ?(?P<new>.+)$")
IS = re.compile(r"^(?P<what>[a-z][a-z ]{2,30}?) (?:is|are) (?P<new>(?:«|\d).*)$")
LEFT = re.compile(
    r"^(?:(?:but|and|oh|actually)[, ]+)*(?:i |we )?(?:left|threw away|threw out|binned|didn't finish|gave|wasted) (?:about |like )?"
    r"(?P<part>half|a third|a quarter|most|some|two thirds)(?: of (?:it|them|that|the [a-z ]{3,20}))?(?: .{2,20})?$"
)
ORDER = re.compile(r"^(?:please |hey |and |ok )*(?:can|could|would|will) (?:you|u)\b|\b(?:fix|change|correct|update) (?:it|that|this)\b")
WRONG = re.compile(r"\b(?:wrong|incorrect|not right|not correct|mistake|too (?:much|many|high|low|little|few|long|short))\b")
ADDED = re.compile(
    r"^(?:(?:oh|and|please|can you|could you|actually|sorry|also|i forgot(?: to (?:say|mention))?(?: that)?)[, ]+)*"
    r"(?:(?:it|that|they|there) (?:had|has|was|were|came with)(?: also)? (?:some |an? |a bit of "
    r"|a little )*(?P<a>[a-z][a-z ]{2,25}?) (?:on|in|with|over) (?:it|top|them|that)(?: too| as well)?"
    r"|(?:add|put) (?:some |an? |the )*(?P<b>[a-z][a-z ]{2,25}?) (?:to|on|in|into) (?P<to>it|that|(?:the|my|that) [a-z ]{3,25}))$"
)
NUMBERED = re.compile(r"^(?:the|my|that) (?P<what>[a-z][a-z' -]{2,30}?) (?P<new>\d{2,4})$")
"""'And the crisps 130': of what is logged, so many kilocalories or minutes."""
PORTION_OF = re.compile(
    r"^(?:it was |just |about |only )*(?:an? |the )(?P<size>(?:really |very )?\w+) (?:portion|serving|helping|bowl|plate|bag|glass|slice"
    r"|cup|piece|one)s? of (?:the )?(?P<what>[a-z ]+)$"
)
"""'A big portion of chips' behind an entry of chips."""
SHOWN = re.compile(r"^Your log(?: \w+)? shows (?P<name>[^()]+) \((?P<number>[\d,]+) (?:kcal|min)\)\.$")
SAYS = re.compile(r"^(?:it|that) (?:says|said) (?=[\d«])")
HOLDS = frozenset({"had", "has", "contained"})
SHARED = re.compile(
    r"^(?:(?:oh|but|and|actually|so|sorry)[, ]+)*(?:i |we )?(?:only had half|shared|split|halved) (?:it|them|that"
    r"|the (?P<what>[a-z ]{3,20}?))"
    r"(?: (?:with|between|among) [a-z ]+)?(?: (?:actually|though|in the end|tbh))*$"
)
BESIDES = re.compile(r"\b(?:also|as well|afterwards|after that|and then)\b")
OF_THOSE = re.compile(r"\bof (?:those|them|these)$")
NUMBER = re.compile(r"[\d.]+|«[\d.]+[a-z]+»")
FAR = re.compile(r"«[\d.]+(?:km|mi|steps)»")
OWN_MEANING = (
    *("ask_f", "ask_w", "ask_l", "ask_t", "ask_a", "ask_c", "ask_b"),
    *("advise", "log", "other_day", "tell", "water", "sleep", "weight"),
)
"""What intents begin with that mean something of their own."""
INSTEAD = re.compile(r"^(?:\w+[, ]+)?(?:scratch|strike|scrap|forget|ignore|cancel) (?:that|it|this)[,.:;!-]+ *\S")
"""'Scratch that, only one beer' removes nothing."""
ONLY = re.compile(r"\b(?:only|just)\b")
LOGS = frozenset({"log_food", "log_workout", "other_day", "correct", "unclear", "ask_back"})
COUNTS = {"two": 2.0, "three": 3.0, "four": 4.0}
LONGEST_WORDS = 16


def afterthought(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that says more about an entry; none for any other."""
    asks = text.endswith("?") and not ORDER.search(text)
    if (
        not context.tool_texts
        or asks
        or TIME.match(text)
        or len(text.split()) > LONGEST_WORDS
        or (any(act.intent == "remove" for act in acts) and not INSTEAD.match(text))
    ):
        return ()
    entries = known_entries(context.tool_texts)
    left = residue(marked(text))
    if VITALS.search(text):
        return ()
    return _named(left, entries, context, acts) or _added(text, entries, context) or _of_latest(text, left, entries, context, acts)


def _added(text: str, entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'It had butter on it', 'add tomato to the sandwich'."""
    more = ADDED.match(text)
    entry = _extended(more, entries, _latest(context)) if more else None
    return with_more(entry, more.group("a") or more.group("b")) if more and entry else ()


def _of_latest(text: str, left: Residue, entries: Sequence[Entry], context: Context, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """What is said of the entries that were just written."""
    coach = [line.text for line in context.said_by("coach") if line.source == "message"]
    latest = _latest(context) if coach and coach[-1].startswith(WROTE) else entries if left.sure and len(entries) == 1 else []
    if coach and (shown := _shown(coach[-1], entries)) and (says := SAYS.match(left.said) or left.sure):
        said = left.said if says is True else left.said[says.end() :]
        return exact(replace(left, said=said, sure=True, led=True), shown, context)
    if not latest:
        return ()
    if (portion := PORTION_OF.match(text)) and (meant := [one for one in latest if same(portion["what"], one)]):
        return exact(Residue(f"a {portion['size']} one", sure=True, led=True), meant[-1], context)
    if again := AGAIN.match(text):
        return _once_more(again, latest[-1], text) if len(latest) == 1 else ()
    if not left.said and left.sure and WRONG.search(text):
        return (Act("correct", "it was"),)
    return (
        _shared(text, latest, context)
        or _without_it(text, latest, context)
        or _only(text, left, latest)
        or _said_of(text, left, latest, context, acts)
    )


def _shown(answer: str, entries: Sequence[Entry]) -> Entry | None:
    """The one entry that the last answer showed: the one that was asked about."""
    shown = SHOWN.match(answer)
    return next((one for one in reversed(entries) if one.name == shown["name"]), None) if shown else None


def _shared(text: str, latest: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'I shared the chips with my friend': half of them."""
    shared = SHARED.match(text)
    if not shared:
        return ()
    meant = [one for one in latest if one.kind == "food" and (not shared.group("what") or same(shared.group("what"), one))]
    return exact(Residue("half", sure=True, led=True), meant[0], context) if len(meant) == 1 else ()


def _without_it(text: str, latest: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'No sugar' after a coffee with sugar, 'left half of it' after any food."""
    food = [one for one in latest if one.kind == "food"]
    if len(food) == 1 and (part := LEFT.match(text)):
        return put_to(food[0], f"{round(food[0].amount * (1 - SHARES[part.group('part')])):g} kcal")
    return (
        exact(Residue(text, sure=False, led=False), food[0], context)
        if len(food) == 1 and WITHOUT.match(text) and " with " in food[0].name
        else ()
    )


def _only(text: str, left: Residue, latest: Sequence[Entry]) -> tuple[Act, ...]:
    """'Actually only the soup' after soup and bread: the bread goes."""
    kept = [one for one in latest if same(left.said, one)] if len(latest) == 2 and ONLY.search(text) else []
    return (Act("remove", f"remove #{next(one for one in latest if one is not kept[0]).number}"),) if len(kept) == 1 else ()


def _latest(context: Context) -> list[Entry]:
    """The entries that the last turn wrote, the last one at the end."""
    if any(text.startswith("Removed") for text in context.last_results[-1:]):
        return []
    return [entry for text in context.last_results if text.startswith(("Logged", "Changed")) for entry in entries_in(text)]


def _named(left: Residue, entries: Sequence[Entry], context: Context, acts: Sequence[Act]) -> tuple[Act, ...]:
    """'The juice was 500 ml': the entry that the sentence names, and what is said of it."""
    match = NAMED.match(left.said) or BARE_NAMED.match(left.said) or ORDERED.match(left.said) or ARROW.match(left.said)
    match = match or (IS.match(left.said) if left.sure else None) or NUMBERED.match(left.said)
    if not match:
        return ()
    wanted = stems(match.group("what"))
    hits = [entry for entry in entries if wanted and wanted <= stems(f"{entry.name} {other_names(entry)}")]
    if (place := placed_at(match.group("what"), entries, context)) is not None:
        hits = [place]
    today = context.today.isoformat() if context.today else ""
    day = named_day(left.said[: match.start("new")])
    old = [entry for entry in hits if "" < written_on(context.tool_texts, entry.number) < today]
    if day not in {"", "today"}:
        hits = old
    elif not left.sure and hits == old:
        hits = [entry for entry in hits if entry in _latest(context)]
    if not hits or match.group("what") in lexicon("meals"):
        return ()
    verb = match.groupdict().get("verb") or ""
    said = exact(replace(residue(match.group("new")), sure=verb not in HOLDS, led=True), hits[-1], context)
    added = with_more(hits[-1], match.group("new")) if verb in HOLDS or match.group("new").startswith("with ") else ()
    unclear = any(act.intent == "log_food" for act in acts) and not any(item.kcal for act in acts for item in act.foods)
    return said or added or ((Act("correct", "it was"),) if unclear else ())


def _extended(more: re.Match[str], entries: Sequence[Entry], latest: Sequence[Entry]) -> Entry | None:
    """The entry that something is added to: the one named, or the only one just written."""
    to = more.group("to") or "it"
    if to in {"it", "that"}:
        return latest[0] if len(latest) == 1 else None
    return next((entry for entry in reversed(entries) if entry.kind == "food" and same(re.sub("^(?:the|my|that) ", "", to), entry)), None)


def _said_of(text: str, left: Residue, latest: Sequence[Entry], context: Context, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """What is left of a message, said of one of the entries just written."""
    entry = _meant(left.said, latest)
    if (not left.sure and not left.led and len(latest) > 1) or BESIDES.search(text):
        return ()
    longer = bool(entry.kind == "workout" and len(latest) == 1 and FAR.fullmatch(left.said))
    if (
        (left.sure or OF_THOSE.search(text))
        and NUMBER.fullmatch(left.said)
        and not any(act.intent.startswith(("ask_", "advise")) for act in acts if act.intent != "ask_back")
    ):
        return exact(left, entry, context)
    again = AMOUNT.match(left.said) if left.of_it else None
    longer = bool(longer or (again and same(counted_food(again), entry)))
    if (
        not longer
        and any(act.intent.startswith(OWN_MEANING) for act in acts)
        and not (left.sure and all(act.intent in LOGS for act in acts))
    ):
        return ()
    return exact(left, entry, context)


def _meant(said: str, latest: Sequence[Entry]) -> Entry:
    """Which of several entries an amount speaks of: minutes of the workout, kilocalories of the food, a count of what was counted."""
    timed = amount(said, "min") is not None or distance(said) is not None
    kind = "workout" if timed else "food" if amount(said, "kcal") is not None or SIZE.match(said) else ""
    fitting = [entry for entry in latest if not kind or entry.kind == kind] or list(latest)
    if (so_many := AMOUNT.match(said)) and (named := [entry for entry in fitting if same(counted_food(so_many), entry)]):
        return named[-1]
    if re.match(r"[\d.]+$", said) and (counted := [entry for entry in fitting if re.match(r"\d", entry.name)]):
        return counted[-1]
    return fitting[-1]


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
