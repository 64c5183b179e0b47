"""What people tell about themselves: names, goals, allergies, likes, injuries, plans, and anything said as 'my X is Y'.

Rules are in data/facts.json. Nothing here is kept: facts are read anew from the messages of every request.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from agent.demo.clauses import clauses, is_question
from agent.demo.gates import Gates
from agent.demo.words import load

SPLIT = re.compile(r",? and |, |,? or | & |/")
ENDS = re.compile(
    r"\.(?!\d)|[;!?(]|,? (?:but|because|so that|since|though|although|cuz|cause|which|unless|except)\b|, (?:so|never|not|always|it"
    r"|and i|i|they|too|my|please|what|can|do|he|she|we|that)\b"
    r"| and (?:i|i'm|i've|i'll|my|it|we|they|just|then|also|please)\b| so (?:i|please|don't|no|my)\b| - ",
    re.IGNORECASE,
)
TRAILING = re.compile(
    (
        r"(?: (?:too|as well|lol|by the way|btw|please|now|anymore|any more|at all|haha|actually|though"
        r"|right now|so much|a lot|very much|as you know|either|you know|i guess|i think|i suppose|or so|or something|instead))+$"
    ),
    re.IGNORECASE,
)
SINCE = re.compile(
    (
        r" (?:in|since|from|for|after) (?:\d{4}|january|february|march|april|may|june|july|august|september"
        r"|october|november|december|last|a|the last|my)\b.*$| (?:last|this) (?:week|month|year).*$"
        r"| \w+ (?:days|weeks|months|years) ago.*$"
    ),
    re.IGNORECASE,
)
FOR_NOW = re.compile(r"\b(?:tonight|today|for (?:lunch|dinner|breakfast))\b", re.IGNORECASE)
"""'We're eating vegan tonight' is no diet."""
FINISHED = re.compile(r"(?<!goal )\bin (?:\d{1,2}:)?\d{1,2}:\d\d\b(?!.*\b(?:goal|want|aim|hope|target)\b)", re.IGNORECASE)
"""'Half marathon on Sunday in 1:58:30' is over."""
DONE_TONIGHT = re.compile(r"\b\d+ ?-?(?:min|mins|minutes?|hours?|hrs?|h)\b.*$|\b(?:an hour|half an hour)\b", re.IGNORECASE)
STILL_TO_COME = re.compile(
    r"\b(?:tomorrow|later|next|will|going|gonna|plan|planning|booked|have|got|on|in|at \d+|by|every|weekend|week|month|year"
    r"|before|sub)\b|'ll\b|'ve\b",
    re.IGNORECASE,
)
"""'Zumba class tonight, 50 minutes' tells how long it took; 'I have zumba tonight' is still to come."""
AHEAD = re.compile(
    r"\b(?:tomorrow|next|will|going to|gonna|want|plan\w*|goal|aim\w*|hope|hoping|training for|trying|sub|under|'ll)\b", re.IGNORECASE
)
POINTS_BACK = frozenset({"it", "that", "this", "them", "those"})
"""'Training for it' tells nothing by itself."""
LOWERED = frozenset({"allergy", "dislike", "diet"})
"""Kinds whose value is no name: of 'Egg allergy' it is 'egg'."""
LISTED = frozenset({"allergy", "allergy_end", "dislike", "like"})
FALLBACKS = frozenset({"attr", "note", "habit"})
NONE: frozenset[str] = frozenset()
SHADOWED_ALWAYS = {
    "allergy": frozenset({"allergy_end"}),
    "dislike": frozenset({"allergy_end"}),
    "goal": frozenset({"dislike"}),
    "plan": frozenset({"goal"}),
    "name": frozenset({"diet"}),
    "injury": frozenset({"allergy_end"}),
}
SHADOWED_BY = {
    "diet": frozenset({"allergy", "allergy_end"}),
    "dislike": frozenset({"allergy"}),
    "injury": frozenset({"allergy"}),
    "like": frozenset({"dislike", "diet"}),
}
"""Which readings of a clause a kind gives way to: always, and where they read the same words."""
NO_SUBJECT = re.compile(
    r"^(?:also |really |just |and )*(?:love|hate|enjoy|prefer|adore|dislike|avoid|never|don't|can't|cannot|want to|would like to)\b",
    re.IGNORECASE,
)
OWN_WORDS = re.compile(r"^(?:really |absolutely |all |any |the taste of |the smell of |eating |any kind of |most )+", re.IGNORECASE)


ADVISED = re.compile(
    r"^(?:but |and |so |well )*(?:my|the|a|our) (?:[\w'-]+ ){1,3}?(?:thinks?|says?|said|told me|tells me|wants? me|recommend(?:s"
    r"|ed)|suggest(?:s|ed)|advise[sd]"
    r"|reckons?|keeps? (?:saying|telling me)) (?:that )?(?:(?:i|we) (?:should|need|must|ought|could|have to|had to|can)|to|me to"
    r"|trying|doing)\b",
    re.IGNORECASE,
)
"""'My wife thinks I should do keto' is her opinion, and no diet yet."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing told."""

    kind: str
    """name, allergy, diet, like, dislike, injury, person, place, goal, plan, age, height, habit, job, note or attr."""
    value: str
    said: str
    """The clause it was told in, in the person's own words."""
    key: str = ""
    """What the value is of: 'sister', 'locker code', 'food' of a favourite food."""


OWN_LIFE = re.compile(
    r"^(?:my|the way i) (?:body|life|looks?|figure|face|job|belly|weight|thighs|legs|school|skin|reflection)\b|^(?:my ?self|how i look)"
)
"""'I hate my body' is no taste in food."""
REACTION = re.compile(
    r"^(?:because |as |since )?(?:i|it|they|my (?:throat|face|lips?|mouth|tongue|skin)) (?:\w+ ){0,2}?(?:swells?|itch\w*"
    r"|come out|break out|get (?:hives|a rash|rashes|really ill)"
    r"|can't breathe|react|end up in hospital|go(?:es)? numb|closes? up|makes? me (?:swell|itch))\b",
    re.IGNORECASE,
)
OF_ONESELF = re.compile(r"^(?:and |also |so )*(?P<who>i have|i've got|i've|i'm|i am|im|i got) (?P<rest>.+)$", re.IGNORECASE)
JOINED = re.compile(r",? and |, | but (?:also )?")
OF_BODY_OR_DIET = frozenset({"allergy", "diet", "injury", "age", "height"})
LABEL = re.compile(
    r"^(?:my )?(?P<label>name|age|allerg(?:y|ies|ic)|diet|goal|height|job|city|injury|injuries|likes?|loves?|dislikes?"
    r"|hates?) ?(?:[:=]| -) ?(?P<it>\S.*)$",
    re.IGNORECASE,
)
"""'Allergic: sesame', as in a form."""
NAMED_LOW = re.compile(r"^(?:hi|hey|hello)?,? ?(?:i'm|i am|im) (?P<who>[a-z]+)(?: btw| by the way| here)?[.! ]*$", re.IGNORECASE)
"""'im maya btw': a name in small letters, where it is a known one."""
SINCE_THEN = re.compile(r"(?<=[mM]) (?:since|for) (?:about )?[\w]+ (?:days?|weeks?|months?|years?)\b", re.IGNORECASE)
"""'I am since three months vegetarian': the time between says nothing of the fact."""


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    prefix: str


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    data = load("facts.json")
    return tuple(
        _Rule(
            rule["kind"],
            re.compile(expand(rule["pattern"]), 0 if rule.get("cased") else re.IGNORECASE),
            rule.get("prefix", ""),
        )
        for rule in data["rules"]
    )


@lru_cache(maxsize=1)
def _gates() -> Gates:
    return Gates([rule["need"] for rule in load("facts.json")["rules"]])


def expand(pattern: str) -> str:
    """A pattern with the word lists of facts.json put in for their names in braces."""
    lists = load("facts.json")["lists"]
    for _ in range(3):
        for name, words in lists.items():
            pattern = pattern.replace("{" + name + "}", words)
    return pattern


@lru_cache(maxsize=4096)
def told(text: str) -> tuple[Fact, ...]:
    """Everything a message tells about the person, in order. Questions tell nothing."""
    said = [clause for clause in clauses(text) if not is_question(clause)]
    found: list[Fact] = []
    for place, clause in enumerate(said):
        facts = in_clause(clause)
        if place + 1 < len(said) and REACTION.match(said[place + 1]):
            facts = tuple(_harmful(fact) for fact in facts)
        found.extend(facts)
    return tuple(found)


def _harmful(fact: Fact) -> Fact:
    """'No shellfish for me, I swell up': what is left out because of what it does is an allergy."""
    left_out = fact.kind == "diet" and fact.value.startswith("no ")
    return replace(fact, kind="allergy", value=fact.value.removeprefix("no ")) if left_out else fact


@lru_cache(maxsize=4096)
def in_clause(clause: str) -> tuple[Fact, ...]:
    """The facts in one clause."""
    if NO_SUBJECT.match(clause):
        clause = f"I {clause}"
    if labelled := LABEL.match(clause):
        clause = load("facts.json")["labels"][labelled.group("label").lower()].format(it=labelled.group("it"))
    if (named := NAMED_LOW.match(clause)) and named.group("who").lower() in load("lexicon.json")["first_names"]:
        clause = f"My name is {named.group('who')}"
    if ADVISED.match(clause):
        said = clause.rstrip("?. ")
        return (Fact("note", said, said),)
    clause = SINCE_THEN.sub("", clause)
    found: list[Fact] = []
    taken: dict[str, tuple[int, int]] = {}
    for place in _gates().open(clause.lower()):
        rule = _rules()[place]
        if rule.kind in taken or (rule.kind in FALLBACKS and taken):
            continue
        match = rule.pattern.search(clause)
        if match and not _shadowed(rule.kind, match.span("v"), taken) and (facts := _facts(rule, match, clause)):
            taken[rule.kind] = match.span("v")
            found.extend(facts)
    return (*found, *_also_so(clause, taken.keys()))


def _also_so(clause: str, kinds: Collection[str]) -> tuple[Fact, ...]:
    """What is said of oneself in the same breath: the hip of 'I have a nut allergy and a sore hip'."""
    whole = OF_ONESELF.match(clause)
    parts = JOINED.split(whole.group("rest")) if whole else []
    if whole is None or len(parts) < 2:
        return ()
    more = (fact for part in parts[1:] if len(part.split()) <= 5 for fact in in_clause(f"{whole.group('who')} {part}"))
    return tuple(replace(fact, said=clause.rstrip("?. ")) for fact in more if fact.kind in OF_BODY_OR_DIET - set(kinds) | {"person"})


def _shadowed(kind: str, span: tuple[int, int], taken: Mapping[str, tuple[int, int]]) -> bool:
    """Whether a more telling reading of the same words is already found: of 'vegan and allergic to nuts' both count."""
    if SHADOWED_ALWAYS.get(kind, NONE) & taken.keys():
        return True
    return any(_overlap(span, taken[other]) for other in SHADOWED_BY.get(kind, NONE) & taken.keys())


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _facts(rule: _Rule, match: re.Match[str], clause: str) -> list[Fact]:
    groups = match.groupdict()
    key = (groups.get("k") or "").strip().lower()
    value = _value(rule.kind, groups["v"], clause)
    if rule.kind == "plan" and DONE_TONIGHT.search(clause) and not STILL_TO_COME.search(clause):
        return []
    if rule.kind == "plan" and FINISHED.search(clause) and not AHEAD.search(clause):
        return []
    if rule.kind == "diet" and FOR_NOW.search(clause):
        return []
    if rule.kind == "dislike" and OWN_LIFE.match(value):
        return []
    if not value or (rule.kind == "name" and not _may_be_name(value, clause)):
        return []
    values = [value]
    if rule.kind in LISTED:
        values = [part for raw in SPLIT.split(value) if (part := OWN_WORDS.sub("", clean(raw)))]
    if rule.kind == "name":
        first, *rest = value.split()
        values = [" ".join([first[:1].upper() + first[1:], *(word for word in rest if word[:1].isupper())])]
    return [Fact(rule.kind, f"{rule.prefix}{one}", clause.rstrip("?. "), key) for one in values]


def _value(kind: str, said: str, clause: str) -> str:
    """What a fact says, without what follows it; '' where it only points back."""
    value = clean(said)
    if kind in {"allergy", "diet"}:
        value = SINCE.sub("", value)
    if kind in LOWERED and value[1:2].islower() and clause.startswith(value[:6]):
        value = value[:1].lower() + value[1:]
    return "" if value.lower() in POINTS_BACK else value


def _may_be_name(value: str, clause: str) -> bool:
    first = value.split(maxsplit=1)[0]
    return first.title() not in load("facts.json")["not_names"] or "name" in clause.lower()


def clean(value: str) -> str:
    """A value without what follows it in the sentence."""
    value = ENDS.split(value.strip(), maxsplit=1)[0]
    return TRAILING.sub("", value).strip(" ,'\"")
