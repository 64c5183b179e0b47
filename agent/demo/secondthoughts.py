"""Facts put right within one message: 'my dog is Rex, typo, his name is Max' tells of a dog called Max.

What stands behind a slip takes the place of what it puts right: a number for the number, a day for the day, 'the left knee'
for 'my right knee', 'to pecans' for 'to walnuts'. Meals and workouts are put right elsewhere.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.clauses import is_question
from agent.demo.facts import expand, told
from agent.demo.measures import measure
from agent.demo.words import numbered

SLIP = re.compile(
    r"(?:[,.;:!]|\.\.+| -+|^)? *\b(?:(?:no|oh|oops|whoops|sorry|wait|typo|nope|actually|well|or|hmm|argh|ugh|damn|but|and)[,.:! ]+)*"
    r"(?:no(?=[,.]? (?:\d|it's|i'm \d))|no wait|no sorry|sorry|oops|whoops|typo|wait no|wait|scratch that|strike that"
    r"|correction|i mean|i meant(?: to (?:say|write))?"
    r"|i should say|or rather|well actually|actually no|no actually|actually|make (?:that|it)|that(?:'s| was| is) (?:wrong"
    r"|not right|a lie|old)"
    r"|i was wrong|my mistake|my bad|i misspoke|i mistyped|measured again|checked again|(?:i(?:'ve)? )?changed my mind|lies"
    r"|(?:it|that)(?:'s| is| has|'s been| has been)(?: now| been)* (?:moved|changed|postponed|rescheduled|shifted"
    r"|brought forward)(?: to)?)\b[,.:;! -]*",
    re.IGNORECASE,
)
LEAD = re.compile(
    r"^(?:(?:no|oh|oops|sorry|wait|well|and|but|now|it's|it is|its|it was|that's|i'm|i am|they're|he's|she's|should be"
    r"|rather|of course|really|just) *,? +)+",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"\b(?:his|her|its|their) names? (?:is|are) (?P<a>[^\W\d_][\w' -]*)|\b(?:he|she|it|they)(?:'s| is|'re"
    r"| are) called (?P<b>[^\W\d_][\w' -]*)",
    re.IGNORECASE,
)
KIN = re.compile(expand(r"\b(?:my|our|a|the) (?:\w+ )?(?P<kin>{kin})s?\b"), re.IGNORECASE)
OWN = re.compile(r"^(?:now |and |so )*(?:i\b|my\b|we\b|our\b|i'|we'|want\b|wanna\b)", re.IGNORECASE)
WITHDRAWN = re.compile(r"\b(?:i(?:'ve)? )?changed my mind\b", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
DAY = re.compile(expand(r"\b(?:{day}|{month})\b"), re.IGNORECASE)
SOON = re.compile(r"\b(?:tomorrow|tonight|today|next week)\b", re.IGNORECASE)
WHAT_FOLLOWS = re.compile(
    r"^(?P<head>.*\b(?:is|are|was|am|i'm|called|named|to|on|in|at|from|for|near|a|an|have|got|love|hate|like|eat))\b (?P<old>.+)$",
    re.IGNORECASE,
)
PLACE_WORDS = frozenset({"to", "in", "on", "at", "from", "for", "near", "with", "by", "of"})
RATHER = re.compile(
    r"^(?P<what>my [\w' -]{2,40}?) (?:(?:isn't|is not|wasn't|aren't|are not) (?:called |on |in |at )?[^,;]{2,30}?(?:,| but"
    r"|, but|;) (?:it's|it is|they're|he's|she's|rather)"
    r"|(?:used to be|was) [^,;]{2,40}?(?:,| but|, but|;| and) (?:now |these days )?(?:it's|it is|they're|he's"
    r"|she's)(?: now)?) (?P<new>[^,;.]{2,40})[.!]?$",
    re.IGNORECASE,
)
"""'My appointment isn't on monday, it's on tuesday', 'my goal used to be a marathon but now it's a half'."""
FORGET = re.compile(r"^(?:please |ok |no,? )*forget (?:that |what i said|about )?.{2,50}?[,.;:] (?=\w)", re.IGNORECASE)
LONGEST = 60
LONGEST_MESSAGE = 300
OTHERWISE = re.compile(r"^(?:not |don't|isn't|that's my|that is my)", re.IGNORECASE)


@lru_cache(maxsize=2048)
def put_straight(text: str) -> str:
    """The message with what it puts right in itself; unchanged where it puts nothing right."""
    if (forget := FORGET.match(text)) and told(text[forget.end() :]):
        return text[forget.end() :]
    if (other := RATHER.match(text)) and _tells(f"{other.group('what')} is {other.group('new')}"):
        return f"{other.group('what')} is {other.group('new')}"
    slip = SLIP.search(text, 1) if len(text) <= LONGEST_MESSAGE else None
    while slip:
        before, after = text[: slip.start()].rstrip(" ,;:-"), text[slip.end() :].strip()
        if before and after and _tells(before):
            start = max(before.rfind(". ") + 2 if ". " in before else 0, before.rfind("; ") + 2 if "; " in before else 0)
            if fixed := _fixed(before[start:], after, slip.group()):
                return put_straight(f"{before[:start]}{fixed}") if fixed != text[start:] else text
        slip = SLIP.search(text, slip.end())
    return text


def _tells(before: str) -> bool:
    """Whether what came before tells a fact or a measure, so that what follows speaks of it."""
    return bool(told(before)) or measure(before) is not None


def _fixed(before: str, after: str, slip: str) -> str:
    """Both sides of a slip as one true statement, with whatever is said behind it; '' when they don't belong together."""
    said, sign, rest = _first_part(after)
    if is_question(said) or after.startswith("?"):
        return ""
    if named := NAMED.search(said):
        kin = KIN.search(before)
        return f"my {kin.group('kin')} is called {named.group('a') or named.group('b')}{sign}{rest}" if kin else ""
    if OWN.match(said):
        whole = said if told(said) or measure(said) else f"I {re.sub(r'^(?:and |now |so )+', '', said)}"
        same = {fact.kind for fact in told(before)} & {fact.kind for fact in told(whole)}
        return f"{whole}{sign}{rest}" if same or (WITHDRAWN.search(slip) and told(whole)) else ""
    if OTHERWISE.match(said):
        return rest if rest and told(rest) else ""
    new = LEAD.sub("", said)
    fixed = substituted(before, new) if new and len(new) <= LONGEST else ""
    return f"{fixed}{sign}{rest}" if fixed else ""


def _first_part(after: str) -> tuple[str, str, str]:
    """What stands up to the first sign, the sign, and the rest."""
    found = re.search(r"[,;!?]\s+|\.\s+(?=\D)|\.$", after)
    return (after[: found.start()].strip(), ". ", after[found.end() :].strip()) if found else (after.strip(" .!"), "", "")


def substituted(before: str, new: str) -> str:
    """A statement with the new words in the place of those that they put right; '' where no place is found."""
    before, new = before.strip(" .!"), new.strip(" .!,")
    return _number(before, new) or _day(before, new) or _by_preposition(before, new) or _by_last_word(before, new) or _value(before, new)


def _number(before: str, new: str) -> str:
    """'36' or 'three' for the one number of the statement."""
    fresh, old = numbered(new), numbered(before) if not NUMBER.search(before) else before
    found = list(NUMBER.finditer(old))
    if not NUMBER.match(fresh) or not found or DAY.search(new):
        return ""
    words = len(fresh.split())
    last = found[-1]
    tail = old[last.end() :] if words == 1 else _behind_unit(old[last.end() :], fresh)
    return f"{old[: last.start()]}{fresh}{tail}"


def _behind_unit(tail: str, fresh: str) -> str:
    """What stands behind the unit that both numbers have: ' of walking a day' of '30 minutes of walking a day' for '45 minutes'."""
    unit = fresh.split(maxsplit=1)[1]
    return tail.strip()[len(unit) :] if tail.strip().lower().startswith(unit.lower()) else ""


def _day(before: str, new: str) -> str:
    """'friday' for 'thursday', '4 june' for '3 june'."""
    old, fresh = list(DAY.finditer(before)), DAY.search(new)
    if fresh and not old and (soon := SOON.search(before)):
        return f"{before[: soon.start()]}{new}{before[soon.end() :]}"
    if not old or not fresh:
        return ""
    dated = re.search(r"(?:\d+(?:st|nd|rd|th)?(?: of)? )?" + re.escape(old[-1].group()) + r"(?: \d+(?:st|nd|rd|th)?)?", before)
    bare = re.sub(r"^(?:on|in|at|to|the|for) ", "", new)
    if NUMBER.search(bare) and dated:
        return before[: dated.start()] + bare + before[dated.end() :]
    return before[: old[-1].start()] + fresh.group() + before[old[-1].end() :]


def _by_preposition(before: str, new: str) -> str:
    """'to pecans' for 'to walnuts'."""
    word = new.split(maxsplit=1)[0].lower()
    place = before.lower().rfind(f" {word} ") if word in PLACE_WORDS else -1
    return f"{before[:place]} {new}" if place > 0 else ""


def _by_last_word(before: str, new: str) -> str:
    """'the left knee' for 'my right knee': both end in the same word."""
    fresh = re.sub(r"^(?:the|my|a|an) ", "", new).split()
    found = re.search(rf"\b{re.escape(fresh[-1])}\b", before, re.IGNORECASE) if fresh else None
    if not found or len(fresh) < 2:
        return ""
    head = before[: found.start()].split()
    return " ".join([*head[: len(head) - (len(fresh) - 1)], *fresh]) + before[found.end() :]


def _value(before: str, new: str) -> str:
    """The value behind 'is', 'called', 'in' and the like."""
    if len(before.split()) > len(new.split()) and (one := re.fullmatch(r"(left|right|upper|lower|[a-z]+)", new, re.IGNORECASE)):
        for pair in (("left", "right"), ("right", "left"), ("upper", "lower"), ("lower", "upper")):
            if one.group().lower() == pair[0] and pair[1] in before.lower():
                return re.sub(pair[1], pair[0], before, count=1, flags=re.IGNORECASE)
    match = WHAT_FOLLOWS.match(before)
    return f"{match.group('head')} {new}" if match else ""
