"""Corrections that come with a reason or a source: 'the lady at the till told me the curry has 720 kcal, so please correct that'.

Whatever else is told, such a message holds a word that something is put right, a value, and the entry it is about: one that it names,
or else the one that was just written. Without all three it is read as any other message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.days import named_day
from agent.demo.exactness import base_of, exact, other_names, put_to, units
from agent.demo.foods import mentions
from agent.demo.logbook import Entry, entries_in, known_entries, written_on
from agent.demo.logpicks import SAME_SPORT
from agent.demo.memory import stems
from agent.demo.moves import moves
from agent.demo.putright import SHARES
from agent.demo.residue import Residue
from agent.demo.saidagain import said_values
from agent.demo.words import marked, tidy

ORDERS = re.compile(
    r"\b(?:correct(?:ed|ion)?|wrong|incorrect|mistaken?|typos?|mis(?:read|counted|typed|judged|remembered|heard|calculated|entered|took)"
    r"|should (?:be|have been|say|read)|supposed to be|turn(?:s|ed) out|actually|in fact|in reality|in truth|rather|instead|change"
    r"|update|adjust|fix|amend|edit|put (?:that|it|this) in|make (?:the|my|that)|(?:the )?rest (?:is|was|stays)|(?:as|still) is"
    r"|was (?:off|broken|empty)|double[- ]checked"
    r"|in (?:total|all)|al+together|all in all|overall|that makes|makes it|not «?\d|in the end|after all|(?:raise|lower|reduce|increase"
    r"|bump|double|halve|put|set) (?:the|my)|(?:my )?(?:bad|fault)|oops|sorry|instead of|stopped|cut (?:it )?short|(?:extra|added) time"
    r"|now that|looked (?:it )?up|only|just (?:half|«?\d))\b"
)
"""Words that something is put right, or that what was said before is not all."""
SOURCES = re.compile(
    r"\b(?:says?|said|tells me|told me|reckons?|thinks?|claims?|insists?|swears?|counted|weighed|measured|corrected me|pointed out"
    r"|reminded me|asked|spoke|looked|checked|read (?:the|it)|found|according to|based on|another look|having looked|saw|see now|see that"
    r"|lists?|states?|shows?|showed|label|packet|packaging|wrapper|menu|receipt|website|google(?:d)?)\b"
)
"""Words that somebody or something else knows it better."""
ANEW = re.compile(
    r"\b(?:another(?! look)|one more|also|too|as well|later|afterwards|and then|after that|for (?:breakfast|lunch|dinner|supper|dessert)"
    r"|just (?:had|ate|finished|did|ran)|tomorrow|remind|every day|goal|limit|target|weigh(?:ed)? (?:myself|in)|my weight|slept|water)\b"
)
"""Words that something new is told, or something that no entry says."""
OWN_MEAL = re.compile(
    r"^(?:(?:and|so|ok|then|hi|hey|today|this morning|tonight|yesterday|last night)[, ]+)*(?:i|we|had|ate|drank|did|went|ran|walked)\b"
    r"(?! (?:just )?(?:only|forgot|asked|spoke|looked|checked|read|found|saw|mis|got|meant|weighed|measured|counted|googled|was wrong"
    r"|actually|put|think|made|had (?:only|just|\d+,)))"
)
"""How the telling of a new meal begins, unless a word puts it right."""
DEFINITE = re.compile(r"\b(?:the|my|that|those|our)\b")
JOINT = re.compile(r", (?:and )?| and |; ")
LONGEST = 220
NOWHERE = frozenset({"unclear", "off_topic", "ask_back", "remark", "tell_fact", "tell_attr", "tell_note", "someone_else", "mood", "news"})


def reasoned(acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that corrects an entry and says why; none for any other."""
    question = context.question
    if not context.tool_texts or len(question) > LONGEST or question.rstrip().endswith("?") or acts[0].intent in {"foreign", "code"}:
        return ()
    text = tidy(question).strip(" .!")
    ordered, sourced = ORDERS.search(text), SOURCES.search(text)
    if not (ordered or sourced) or ANEW.search(text):
        return ()
    said = marked(text)
    entries = _of_its_day(known_entries(context.tool_texts), text, context)
    named = _named(said, entries)
    if named is None:
        return _of_the_last(said, acts, context)
    if (OWN_MEAL.match(text) and not ordered) or (not ordered and not DEFINITE.search(text)):
        return ()
    return _said_of(said, named, context)


def _of_its_day(entries: Sequence[Entry], text: str, context: Context) -> list[Entry]:
    """The entries of the day that a message names; all of them where it names none."""
    day = named_day(text)
    if day != "yesterday" or context.today is None:
        return list(entries)
    today = context.today.isoformat()
    return [entry for entry in entries if "" < written_on(context.tool_texts, entry.number) < today]


@lru_cache(maxsize=512)
def _names_of(entry: Entry) -> frozenset[str]:
    """The stems that an entry answers to, without its amount and measure."""
    done = {move.activity.name for move in moves(entry.name.lower())} if entry.kind == "workout" else set()
    more = " ".join(name for group in SAME_SPORT if group & done for name in group)
    return stems(f"{base_of(entry)} {other_names(entry)} {more}") - _measures()


@lru_cache(maxsize=1)
def _measures() -> frozenset[str]:
    return stems(" ".join(units()) + " big small large session class training workout")


def _named(said: str, entries: Sequence[Entry]) -> Entry | None:
    """The entry that the words name best; the one written last of several."""
    there = stems(said)
    scored = [(len(there & _names_of(entry)), place) for place, entry in enumerate(entries)]
    best = max(scored, default=(0, 0))
    return entries[best[1]] if best[0] else None


def _of_the_last(said: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """What names nothing that could be eaten or done is said of what was just written."""
    last = [entry for text in context.last_results if text.startswith(("Logged", "Changed")) for entry in entries_in(text)]
    if len(last) != 1 or not all(act.intent in NOWHERE for act in acts) or mentions(said) or moves(said):
        return ()
    return _said_of(said, last[0], context)


def _said_of(said: str, entry: Entry, context: Context) -> tuple[Act, ...]:
    """The value that is told, as a correction of the entry."""
    if part := _share(said, entry):
        return part
    new = said_values(said, entry, _names_of(entry))
    if not new:
        return ()
    if "kcal»" in new and " " in new:
        return put_to(entry, new)
    return exact(Residue(new, sure=True, led=True, of_it=True), entry, context)


PART = re.compile(
    r"\b(?:only|just|actually)(?: (?:ate|had|finished|managed|drank|did))?(?: about)? (?P<a>half|a half|a third|a quarter|two thirds"
    r"|three quarters)\b|\b(?:ate|had|finished|drank) (?:about )?(?P<b>half|a third|a quarter) of\b|\b(?P<c>double|halve|triple) the\b"
)


def _share(said: str, entry: Entry) -> tuple[Act, ...]:
    """'I only ate half of that chocolate bar': so much of what the entry says, unless the message gives the number itself."""
    found = PART.search(said)
    if not found or re.search(r"«|\d{2}", said):
        return ()
    factor = SHARES[found.group("a") or found.group("b") or found.group("c")]
    return put_to(entry, f"{round(entry.amount * factor):g} {'kcal' if entry.kind == 'food' else 'minutes'}")
