"""Headings over a meal and asides within it: 'Taco Friday! had 3 beef tacos', 'two quiches, they are small'.

A heading names the meal or the occasion, and what was eaten is told after it; an aside tells something about it.
Neither is one more thing that was eaten.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.clauses import is_question
from agent.demo.foods import mentions
from agent.demo.lexicon import lexicon
from agent.demo.meals import items
from agent.demo.moves import moves
from agent.demo.words import load, marked, singular, tidy

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_OCCASION = (
    rf"(?:nights?|day|time|party|{_WEEKDAY}|dinner|lunch|breakfast|brunch|supper|tea|meal|deal|treat|cheat|roast|bbq|barbecue|feast"
    r"|christmas|thanksgiving|easter|birthday|wedding|date|evening|weekend|takeaway|takeout|season|cravings?|o'clock|vibes|mode|weather)"
)
HEADINGS = (
    re.compile(r"^(?P<head>[^\d:!?.;\n]{2,60}?)(?P<end> ?:| =|!+| - | \u2013 | ?\u2014 ?)\s*(?P<rest>[^\s].*)$", re.DOTALL),
    re.compile(r"^(?P<head>[^\d:!?.,;\n]{2,60}?)(?P<end>,| and| so)\s+(?P<rest>[^\s].*)$", re.DOTALL),
)
OCCASION = re.compile(rf"\b{_OCCASION}\b", re.IGNORECASE)
THEME = re.compile(
    rf"^(?:it's |it was |its |happy |another |had a |a )?(?P<of>[a-z]+) (?:night|day|party|{_WEEKDAY})s?"
    r"(?: (?:at|with|w|in|on|over at) [a-z' ]{2,30})?$"
)
"""'Taco Friday', 'pizza night with the kids': what the evening is called."""
MEAL_ALONE = re.compile(
    r"^(?:for |my |today's |and )*(?:breakfast|lunch|dinner|supper|brunch|snacks?|dessert|brekkie|tea)\b(?! (?:at|with|in|with) )"
    r"|^(?:workout|gym|exercise|sport|training|sleep|weight|water|steps|ate|had|today|yesterday|i ate|i had)\b"
)
"""'Lunch: soup' is read as it stands."""
NO_HEADING = re.compile(
    r"\b(?:how|which|why|is|are|do|does|did|log|add|change|correct\w*|fix|update|edit|remove|delete|not|never|no|want|goal|plan\w*|prep\w*|dream|ideal|ingredients?|order|specials?|place"
    r"|tomorrow|later|next|should|recipe"
    r"|ideas?|allerg\w+|shopping|menu|favou?rites?|likes?|love|hate|dislikes?|can|could|question|note|remember|avoid|usual\w*|always"
    r"|skipp?\w*|didn't|instead|remind\w*|to-?do|groceries|list|need|buy)\b",
    re.IGNORECASE,
)
WHEN = re.compile(
    rf"\b(?:yesterday|last (?:night|evening)|tonight|today|this (?:morning|afternoon|evening)|(?:on|last|this) {_WEEKDAY}"
    rf"|(?:breakfast|lunch|dinner|brunch|supper) (?:on )?{_WEEKDAY})\b|^{_WEEKDAY}\b"
    r"(?=$| (?:breakfast|lunch|dinner|brunch|supper|evening)\b)",
    re.IGNORECASE,
)
VERB_FIRST = re.compile(r"^(?:i|i've|we|just|had|ate|drank|got|grabbed|made|ordered|went)\b", re.IGNORECASE)


def unheaded(text: str) -> str:
    """A message without the heading of its meal, of which only the day is kept."""
    found = next((found for form in HEADINGS if (found := form.match(text)) and _is_heading(found)), None)
    if found is None or text.rstrip().endswith("?"):
        return text
    rest = found["rest"]
    if MEASURED.match(rest):
        return text
    first_line = re.split(r"[.!?\n]", rest, maxsplit=1)[0]
    if is_question(first_line) or not any(item.food for item in items(marked(first_line))):
        return text
    if dish := _dish(found["head"], first_line):
        parts, told = TOLD_BEHIND.sub("", first_line), TOLD_BEHIND.search(first_line)
        return f"had {dish} ({parts.strip()}){f', {told[1]}' if told else ''}{rest[len(first_line) :]}"
    when = " ".join(re.sub(rf"^(?={_WEEKDAY})", "on ", match.group(), flags=re.IGNORECASE) for match in WHEN.finditer(found["head"]))
    return f"{when} {rest}" if VERB_FIRST.match(rest) else f"{when} i had {rest}".strip()


def _dish(head: str, parts: str) -> str:
    """The dish a heading names whose parts are told after it: 'sandwich: ham, cheese, pickle', 'shake - 2 scoops of whey, milk'."""
    name = tidy(head)
    last = singular(name.rsplit(maxsplit=1)[-1])
    mixed = last in MIXED or (last in lexicon("full_dishes") and not re.search(r"\d", parts))
    return head.strip() if mixed and len(name.split()) <= 3 and "," in parts and "(" not in parts else ""


MEASURED = re.compile(r"\d[\d.,]* ?(?:g|ml|l|slices?|pieces?|cups?|tbsp|tsp|pcs|scoops?|x)\b ?(?:[,;.]|$)", re.IGNORECASE)
"""'Bread: 2 slices, cheese: 30 g': what stands before the sign is eaten."""
TOLD_BEHIND = re.compile(r" (?:-|=|\u2013) ?(\d+ ?(?:k?cals?|calories))$", re.IGNORECASE)
"""'Stew - beef, carrots, potatoes - 480 kcal': what all of it came to."""
MIXED = frozenset({"shake", "smoothie", "milkshake"})
"""Drinks that are nothing but what is in them."""


def _is_heading(found: re.Match[str]) -> bool:
    """Whether the words before the sign name a meal, and are none themselves."""
    head, end = tidy(found["head"]), found["end"].strip()
    if NO_HEADING.search(head) or len(head.split()) > 9 or re.search(r"\b(?:one|two|three|four|five|six|half)\b", head):
        return False
    theme = THEME.match(head)
    if theme and theme["of"] not in lexicon("no_theme") and mentions(theme["of"]):
        return True
    named = any(item.food or item.name for item in items(marked(head), eager=True))
    if end in {":", "="}:
        return named or not MEAL_ALONE.match(head)
    if end in {"-", "\u2013"} and _dish(head, found["rest"]):
        return True
    return named and end not in {",", "and", "so"} and bool(OCCASION.search(head)) and len(head.split()) <= 4


@lru_cache(maxsize=1)
def _aside() -> re.Pattern[str]:
    """What is said behind a comma about the meal, the day or somebody else, and adds nothing that was eaten."""
    others = "|".join(sorted(load("lexicon.json")["others"], key=len, reverse=True))
    return re.compile(
        r"(?:,| -|;) ?(?:and |but |so )?(?:"
        r"(?:it|they|that|this|those|there|he|she|work|today|life)(?:'s|'re| is| are| was| were| had| has|'d) "
        r"|(?:i |we )?(?:couldn't|could not|can't|cannot|shouldn't|should not|wouldn't|didn't|don't|wasn't) "
        r"|(?:just )?(?:because|since|so that|in case|thanks to|courtesy of|in honou?r of|to celebrate|my treat|no regrets|worth) ?"
        rf"|(?:the|my|our|his|her) (?:\w+ )?(?:{others})s? (?:had|ate|got|ordered|drank|chose|made|cooked|loves?|insisted|wanted) "
        r"|(?:so|very|really|super|absolutely|too) (?!\w+ (?:had|ate|got)\b)(?=\w+(?: and \w+)?(?:$|[,;.]))"
        r"|but (?:the|my) \w+ (?:was|were) |(?:i'm |i am )?trying to |(?:i'm |i am |i )?(?:feel|felt|feeling) "
        r"|(?:the|my) \w+ (?:was|were|is|are) (?:(?:so|really|very|too|a bit|absolutely|pretty) )?(?:amazing|delicious|great|good|tasty"
        r"|perfect|lovely|nice|rich|spicy|salty|sweet|dry|cold|hot|warm|stale|bland|awful|bad|heavy|huge|tiny|small|big|fresh|massive)"
        r")[^,;\u00ab\d]*(?=$|[,;.])",
        re.IGNORECASE,
    )


ABOUT_IT = re.compile(r", (?:and |but )?(?:the|my) (?P<it>\w+) (?:was|were|is|are) (?:\w+ ){0,2}\w+(?=$|[,;.])", re.IGNORECASE)
"""'..., the coffee was black' says how the coffee was that is named already."""
HOW_IT_WAS = re.compile(r"(?:\bbut|,) (?:the|my) \w+ (?:was|were|is|are) ", re.IGNORECASE)
OTHERS_HAD = re.compile(r"\b(?:had|ate|got|ordered|drank|chose|made|cooked|loves?|insisted|wanted) ", re.IGNORECASE)


BECAUSE = re.compile(
    r",? (?:since|because|as|cos|cause|'cause|coz) (?:i|we)(?:'d|'ve| had| have)? (?:just )?(?:skipped|missed|didn't|hadn't|haven't)"
    r" [^\u00ab\d]*$",
    re.IGNORECASE,
)
"""'A bagel since I skipped breakfast': the bagel was eaten."""


FEELING = re.compile(r"[,;-] ?(?:and |but |so )?(?:i'm |i am |i )?(?:feel|felt|feeling) ", re.IGNORECASE)
"""'Did yoga, 45 minutes, feeling great': how one feels is said beside what was done."""


def without_asides(clause: str) -> str:
    """A clause about food without what is said beside it; any other clause as it is."""
    if (why := BECAUSE.search(clause)) and mentions(tidy(clause[: why.start()])):
        clause = clause[: why.start()]
    if "," not in clause and " -" not in clause and ";" not in clause:
        return clause
    left = ABOUT_IT.sub(lambda found: "" if _named(found["it"], clause[: found.start()]) else found.group(), clause)
    left = _aside().sub(lambda found: "" if _beside(found.group()) else found.group(), left)
    return left if left == clause or mentions(tidy(left)) or (FEELING.search(clause) and moves(marked(left))) else clause


def _named(word: str, before: str) -> bool:
    return bool(re.search(rf"\b{re.escape(word.rstrip('s'))}", before, re.IGNORECASE))


PRAISE = re.compile(r"^\W*(?:and |but )?(?:so|very|really|super|absolutely|too) \w+(?: and \w+)?$", re.IGNORECASE)


def _beside(said: str) -> bool:
    """Whether an aside names nothing that was eaten: a food in it counts only where another had it."""
    return bool(OTHERS_HAD.search(said) or HOW_IT_WAS.search(said) or PRAISE.search(said)) or not mentions(tidy(said))
