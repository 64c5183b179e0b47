"""Questions in disguise: 'I wonder whether I've had any protein', 'not sure what I said about my knee', as the plain questions they are."""

from __future__ import annotations

import re
from functools import lru_cache

DOUBT = re.compile(
    r"^(?:(?:hey|hi|hello|hm+|um+|so|and|but|well|ok|okay|also|oh|please|sorry|coach|actually|just|honestly)[, ]+)*"
    r"(?:(?:i(?:'m| am| was|'d|'ve)? |we )?(?:just |really |still |kinda |kind of |a bit |always |do )*"
    r"(?:wonder(?:ing|ed)?|curious|not (?:so |really |quite |entirely |100% )?(?:sure|certain)|unsure|"
    r"(?:can't|cannot|can not|don't|do not|couldn't) (?:quite |really |even )?(?:remember|recall|think of|tell|say|figure out|work out)|"
    r"(?:have|got|have got) no (?:idea|clue)|no (?:idea|clue)|dunno|idk|don't (?:really |even )?know|do not know|forgot|forget|forgotten|"
    r"have forgotten|lost track of|trying to (?:remember|recall|figure out|work out)|"
    r"(?:need|want|would like|would love|like|love|should|wanna) (?:to )?know|interested in)"
    r"|(?:can|could|would|will) (?:you|u) (?:please |kindly |maybe |quickly |be so (?:kind|nice|good) (?:as )?(?:to|and) )?(?:tell me"
    r"|remind me|say|check|see|look up|look|let me know"
    r"|explain(?: to me)?|find out|work out|figure out)"
    r"|(?:do|would) (?:you|u) (?:still |also |happen to |by any chance |by chance |even )*(?:know|remember|recall)"
    r"|(?:may|can|could|might) i (?:please |just )?ask(?: you)?|(?:please )?(?:let me know|tell me|remind me|check|look up)|any (?:idea"
    r"|clue)|would you mind telling me"
    r"|it would be (?:good|nice|great|interesting) to know|mind telling me|(?:i'd|i would) be interested to know)"
    r"(?: (?:again|now|anymore|any more|please|exactly))?(?: about| of| as to|,)? "
    r"(?P<asked>(?:what|when|where|who|whom|whose|why|how|which|whether|if)\b.*)$",
    re.IGNORECASE,
)
"""Words of not knowing before a question that keeps the order of a statement."""
WHETHER = re.compile(r"^(?:whether|if)(?: or not)? (?P<rest>.+)$", re.IGNORECASE)
LEADS = re.compile(
    r"^(?P<lead>(?:what|which|whose|how (?:much|many)|how)(?: (?!i\b|i'|we\b|my\b|to\b)[\w-]+){0,4}|what|when|where|whom|why|how"
    r"|how (?:often|long|far)|(?:about|for|with|in|on|at) (?:what|which|whom)(?: \w+)?) (?P<rest>(?:i|we)\b.*)$",
    re.IGNORECASE,
)
"""'How many calories I had' has its subject before its verb."""
SHORT = {"'ve": "have", "'m": "am", "'d": "had", "'ll": "will", "'re": "are"}
AUXILIARY = frozenset(
    [
        "have",
        "am",
        "had",
        "will",
        "was",
        "can",
        "could",
        "should",
        "would",
        "must",
        "may",
        "might",
        "did",
        "do",
        "are",
        "were",
        "need",
        "shall",
        "has",
        "is",
    ]
)
BASE = {
    "ate": "eat", "did": "do", "ran": "run", "drank": "drink", "said": "say", "swam": "swim", "went": "go", "slept": "sleep",
    "told": "tell", "came": "come", "got": "get", "took": "take", "made": "make", "broke": "break", "hurt": "hurt", "felt": "feel",
    "met": "meet", "rode": "ride", "bought": "buy", "gave": "give", "began": "begin", "spent": "spend", "lost": "lose",
    "put": "put", "woke": "wake", "wrote": "write", "knew": "know", "left": "leave", "kept": "keep", "cut": "cut", "saw": "see",
}  # fmt: skip
HAD = re.compile(
    r"^(?:had|have) (?:already |just |also |even |ever )*(?:eaten|drunk|been|done|logged|told|said|had|gone|run|burned|burnt)\b"
)
DOUBLED = re.compile(r"(?:(?<=[^aeiou][aeiou])([bdgmnpt])\1)$")


MINE = re.compile(r"^(?P<who>i|we)(?P<short>'ve|'m|'d|'ll|'re)? (?P<tail>.+)$", re.IGNORECASE)
OTHERS = re.compile(
    r"^(?P<who>(?:my|our|the|that|this|it|he|she|they|there|you) ?(?:[\w'-]+ ){0,3}?)(?P<verb>is|are|was|were|has|can"
    r"|could|will) (?P<tail>.+)$",
    re.IGNORECASE,
)


def _base(verb: str) -> str:
    """'Logged' as 'log'; what is in the present already stays."""
    low = verb.lower()
    if low in BASE:
        return BASE[low]
    if low.endswith("ied"):
        return f"{low[:-3]}y"
    if not low.endswith("ed") or low in {"need", "feed", "bed"}:
        return low
    bare = low[:-2]
    if DOUBLED.search(bare):
        return bare[:-1]
    return (
        f"{bare}e" if bare.endswith(("v", "c", "s", "at", "z", "ik", "iv", "cl", "mis", "ar", "gu")) and not bare.endswith("ss") else bare
    )


def _turned(rest: str) -> str:
    """'I've had fish' as 'have I had fish', 'I ate fish' as 'did I eat fish'; anything else as it stands."""
    found = MINE.match(rest)
    if not found:
        own = OTHERS.match(rest)
        return f"{own['verb'].lower()} {own['who'].strip()} {own['tail']}" if own else f"is it so that {rest}"
    who, tail = found["who"], found["tail"]
    if found["short"]:
        return f"{SHORT[found['short'].lower()]} {who} {tail}"
    first, _, after = tail.partition(" ")
    low = first.lower()
    if low in {"already", "just", "also", "ever", "actually", "really", "even", "still"} and after:
        return _turned(f"{who} {after}")
    if low == "had" and not HAD.match(tail.lower()):
        return f"did {who} have {after}".rstrip()
    if low in AUXILIARY and low not in {"did", "do", "need"} and not (low == "have" and not HAD.match(tail.lower())):
        return f"{low} {who} {after}".rstrip()
    base = _base(first)
    return f"{'did' if base != low else 'do'} {who} {base} {after}".rstrip()


@lru_cache(maxsize=4096)
def direct(sentence: str) -> str:
    """The sentence, or, where it asks behind words of doubt, the question without them."""
    found = DOUBT.match(sentence)
    if found is None:
        return sentence
    asked = found["asked"].rstrip(" .!?")
    if whether := WHETHER.match(asked):
        return f"{_turned(whether['rest'])}?"
    if (led := LEADS.match(asked)) and led["lead"].rsplit(" ", 1)[-1].lower() not in AUXILIARY:
        return f"{led['lead']} {_turned(led['rest'])}?"
    return f"{asked}?"
