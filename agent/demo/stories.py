"""A meal or a workout told within a story: who does what when, clause by clause.

'My sister came over, so I made pancakes while she talked about her exams' has one clause for the log; the others say why, where, and what
others did. Each part of such a sentence is the speaker's own eating, drinking or moving, or it is background, and only the first is logged.
A day that opens the story holds for all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from agent.demo.clauses import SENTENCE, is_question
from agent.demo.days import named_day
from agent.demo.fooditem import FoodItem
from agent.demo.foods import mentions
from agent.demo.lexicon import lexicon
from agent.demo.meals import HALF_OF_IT, items
from agent.demo.moves import PLAIN_NAMES, distance, moves
from agent.demo.words import MARK, amount, marked, show, spelled, tidy

TELL, MINE, OTHER = "tell", "mine", "other"
CUES = frozenset(
    "so but because cos since although though while when as until before after which where who and then that because, if once".split()
)
"""A story has one of these words, or a comma, between two of its clauses."""
I_WE = frozenset("i we i've we've ive me my our i'm i'd dinner lunch breakfast brunch supper".split())
FEWEST = 7
"""Words of the shortest story."""
_ADV = (
    r"(?:just|only|also|then|still|finally|actually|even|quickly|really|honestly|probably|eventually|somehow|literally|basically|both|all"
    r"|each|already|later|afterwards?|instead|sort of|kind of|sadly|luckily|of course|obviously|accidentally|secretly|simply|have|had|totally"
    r"|definitely|again|once|at least|gladly|happily|too|now|did|greedily|slowly|easily|ended up|managed to|decided to|got to|was able to"
    r"|had to|treated myself and|gave in and|caved and|sat down and|went home and|sneaked out and|went out and|stopped and|came home and)"
)
_ATE = (
    r"(?:ate|eaten|eating|had(?! (?:to|been|never|just|an? (?:argument|meeting|appointment|call|chat|fight|row|lecture|exam|test|nap|shower))\b)|having|drank"
    r"|drunk|drinking|(?<=to )(?:eat|have|drink|get|try)|grabbed|snacked on|munched(?: on)?|devoured|gobbled|nibbled(?: on| at)?"
    r"|downed|scoffed"
    r"|chugged|sipped|demolished|polished off|wolfed(?: down)?|inhaled|tucked into|treated myself to|treated ourselves to|ordered"
    r"|got(?! (?:home|up|back|off|on|to|in|out|into|paid|dressed|stuck|caught|ready|married|bored|so|really|very|hungry|the (?:bus|train|job|news))\b)|cooked"
    r"|made(?! (?:it|sure|me|us|up|friends|plans|an? (?:mess|appointment|mistake))\b)(?: myself| ourselves)?|picked(?: up)?|dined on|feasted on|lunched on|tried|tasted|shared|bought(?: myself)?|fetched|finished(?: off)?"
    r"|enjoyed|settled for|stuck (?:to|with)|opted for|chose|couldn't (?:help but )?(?:resist|say no to)|gave in to|celebrated with"
    r"|rewarded myself with|consoled myself with|comforted myself with|warmed up|heated up|reheated|microwaved|baked|fried|grilled|boiled"
    r"|blended|whipped up|threw together|put together|knocked up|prepared|fixed myself|poured myself|helped myself to|indulged in"
    r"|sat down (?:to|with)|ended up with|took(?! (?:me|us|my|ages|it|part|care|turns|an? (?:bus|taxi|break|nap|shower|train)|the (?:bus|train|tram|car|kids|dog|stairs))\b)|swallowed|stole|pinched|nicked|got through|filled up on|survived on|lived on)"
)
_MOVED = (
    r"(?:(?:ran|run)(?! out| late| into| over| away| errands| a bath| low)|running|went|did|doing|walked|(?<=to )(?:run|walk|swim|do|go|play|cycle)|swam|cycled|biked|rode|jogged|hiked|played|lifted|rowed|danced|climbed"
    r"|worked out|trained|exercised|stretched|skipped|skied|surfed|skated|boxed|sprinted|paddled|kayaked|hit|took(?! (?:me|us|ages)\b)|finished|completed"
    r"|managed|squeezed in|attended|joined|spent|practi[sc]ed|squatted|jumped|meditated|hopped on|got in|put in|pedalled|strolled"
    r"|wandered|marched|raced|carried|dug|mowed|raked|shovelled|gardened|cleaned|hoovered|vacuumed|was (?:on|in|at)|were (?:on|in|at)"
    r"|joined in with|tried)"
)
_DAY = (
    r"(?:yesterday(?: morning| evening| afternoon| night| lunchtime)?|last (?:night|evening)|the day before yesterday|today|tonight"
    r"|this (?:morning|afternoon|evening)|(?:on |last )(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: morning| evening| afternoon| night)?"
    r"|(?:two|three|2|3) days ago)"
)
_WHEN = (
    rf"(?:(?:{_DAY}|later(?: on)?|afterwards|after that|in the end|in the meantime|for once|eventually|luckily|sadly|instead|finally"
    rf"|honestly|of course|still|somehow|obviously|secretly|then|now"
    r"|(?:at|in|on|for|after|before|during|by|around|between|from|straight after|right after|with|instead of) (?:[\w'’-]+ ?){1,5}?),? )"
)
_US = r"(?:i|we|i've|we've|i'd|ive|we both|(?:my|the|our) (?:\w+ ){1,2}and (?:i|me)|me and (?:my )?\w+|(?-i:[A-Z][a-z]+) and i)"
_JOINT = (
    r"(?:(?:,|;|:| -)? ?(?:\b(?:and then|and so|and that's why|so that|so|but|and|then|yet|because|cos|coz|since|although|though|even though"
    r"|while|when|whilst|as soon as|as|until|before|after|where|which is why|that's why|which means|anyway|plus|in fact|after which"
    r"|of which|once|if)\b,? ?)+|[,:] ?)"
)
WHEN_FIRST = re.compile(r"(?:(?:and|so|but) )*(?:when|while|where) (?:i|we|my|our|the|he|she|they|it|everyone)\b")
MADE_ME = re.compile(
    r"(?:my|the|our|she|he|they)(?: \w+){0,2} (?:made|let|had|forced|got|persuaded|convinced|talked) (?:me|us) (?:to |into )?(?P<did>"
    r"do|run|walk|swim|cycle|row|play|doing|running|walking|swimming|cycling|playing|eat|drink|have|try|trying|eating|having)\b",
    re.IGNORECASE,
)
SUBORDINATE = re.compile(
    r"^[,;: -]*(?:and |but |so )?(?:because|cos|coz|since|although|though|even though|while|when|whilst|as soon as|as|until|before|after|where|once)\b"
)
LONG_OPENING = re.compile(
    r"^(?:(?:oh|well|so|and|ok|but|today|yesterday|hi|hey|hello)[, ]+)*(?:after|when|while|whilst|since|because|cos|before|once|as|although"
    r"|though|even though|between|during|until|where|on|at|in|by|with|without|instead of|despite|thanks to|due to|for|whenever"
    r"|straight after|right after|yesterday|today|last)\b"
)
"""Behind such an opening the next 'I' begins a clause without a joining word: 'After I put them to bed I had soup'."""
_BE = (
    r"(?:is|are|was|were|am|be|been|'s|'re|'m|had|has|have|'d|'ve|did|does|do|didn't|doesn't|don't|won't|wouldn't|couldn't|can't|isn't|aren't"
    r"|wasn't|weren't|hadn't|haven't|hasn't|could|can|would|will|should|might|must|kept|got|made|came|went|said|says|told|took|gave|brought|bought"
    r"|ate|drank|ran|left|lost|won|broke|fell|felt|found|forgot|thought|wants?|needs?|knew|met|saw|sent|slept|spent|stole|swam|rode|let|put|cut"
    r"|hurts?|woke|wrote|read|sat|stood|began|chose|drove|flew|paid|sold|taught|threw|held|heard|fed|quit|bet|set|spoke|lent|keeps?|makes?|comes?"
    r"|goes|loves?|likes?|hates?|tells?|gets|takes|runs out|opens?|closes?|cooks?|sings?|works?|sleeps?|lives?|eats?|swears?|insists?|thinks?"
    r"|never|always|\w{2,}ed)"
)
_THEY = (
    r"(?:he|she|it|they|there|everyone|everybody|someone|somebody|nobody|no one|this|that|those|which|who|you|one of \w+|neither|both of them)"
)
OTHERS = re.compile(
    rf"(?:{_WHEN})?(?:(?:{_THEY})(?:'s|'re|'d|'ll)? ?(?:{_ADV} )*(?:\b{_BE}\b)?"
    rf"|(?:my|our|the|his|her|their|a|an|all the|some|one of (?:my|the)|both|two|three|most) (?:(?!i\b|we\b|with\b)[\w'-]+ ){{1,6}}?(?:{_ADV} )*{_BE}\b"
    rf"|(?!(?:a|an|the|some|my|our|two|three|four|freshly|home|slow|oven)\b)(?P<bare>[a-z'-]+(?: [a-z'-]+)?) (?:{_ADV} )*(?:is|are|was|were|had run|kept|had|came|didn't|ended|starts?|started|called|cancelled"
    rf"|finished|made|brought|took|cooked|gave|got|said|told|wanted|went|ate|ordered|invited|dragged|persuaded|convinced|jogged|ran|let|does"
    rf"|never|bought|offered|baked|has|needed|asked|dropped|visited|missed|lost|won)\b)"
)
MINE_DOES = re.compile(
    rf"(?:{_WHEN}){{0,2}}(?:{_US})(?:'m|'d|'ve)? (?:{_ADV} )*(?:{_BE}|\w+)\b|(?:{_WHEN})?(?:i'm|im|we're|i'd|i'll)\b", re.IGNORECASE
)
TELLS = re.compile(rf"(?P<when>(?:{_WHEN}){{0,2}})(?:{_US}) (?:{_ADV} )*(?:(?P<ate>{_ATE})|(?P<moved>{_MOVED}))\b", re.IGNORECASE)
TELLS_BARE = re.compile(rf"(?P<when>(?:{_WHEN}){{0,2}})(?:{_ADV} )*(?:(?P<ate>{_ATE})|(?P<moved>{_MOVED}))\b", re.IGNORECASE)
MEAL_WAS = re.compile(
    rf"(?:{_WHEN})?(?:for )?(?:my |our |today's )?(?:dinner|lunch|breakfast|brunch|supper|tea|snack)(?: today| tonight)?"
    r" (?:was|ended up|turned into|became|consisted of)\b(?! (?:a bit|so|very|really|late|great|good|nice|delicious|rushed|quick|early|sad"
    r"|lovely|over|ready|cancelled|skipped|awful|boring|amazing|fine|ok|okay|cold|supposed|meant|at|in|with)\b)|(?:only |just )(?:an? |some )",
    re.IGNORECASE,
)
DOES_BARE = re.compile(
    rf"(?:{_ADV} )*(?:was|were|is|are|couldn't|didn't|can't|don't|wasn't|went|came|felt|got|fell|sat|woke|left|forgot|missed|needed|wanted|knew"
    r"|thought|lost|won|(?!need|feed|bread|breaded|red|seed|weed|fried|grilled|roasted|boiled|baked|smoked|toasted|mashed|mixed|iced|minced"
    r"|scrambled|poached|pulled|steamed|stuffed|dried|salted|battered|sliced|diced|chopped|braised|pickled|cured|candied|glazed|shredded"
    r"|buttered|stewed|whipped|loaded|spiced|malted|flavoured|flavored|coated|topped|filled|based|cooked|sautéed|sauteed|refried|crushed"
    r"|frosted|grated|skimmed|tinned|canned|packed)\w{3,}ed)\b",
    re.IGNORECASE,
)
GERUND = re.compile(r"(?:not )?(?!pudding|dressing|stuffing|dumpling|topping|filling|icing|morning|evening|spring)\w{3,}ing\b", re.IGNORECASE)
BARE_I = re.compile(r" (?=(?:i|we) )", re.IGNORECASE)
SO_THAT = re.compile(r"\b(?:so|such) [^,]{2,40}? (?=that (?:i|we) )", re.IGNORECASE)
IT_WAS = re.compile(r"^(?:it|which|they|that|those) (?:was|were|had|turned out to be) ", re.IGNORECASE)
MADE_FOOD = re.compile(
    r"\b(?:made|cooked|served|baked|ordered|brought|lunch|dinner|breakfast|supper|leftovers?|takeaway|a meal|something)\b", re.IGNORECASE
)
NO_STORY = re.compile(
    r"\b(?:delete|remove|undo|change|correct|instead of the|wrong|mistake|typo|oops|scratch that|i mean|i meant|actually it|no wait|sorry|forgot to"
    r"|tomorrow|next week|usually|every (?:day|morning|week)|want to know)\b"
)
SLEPT = re.compile(r"\b(?:slept|sleep|awake|insomnia|weighed|stayed up|hungover|bed)\b")
DAY_FIRST = re.compile(rf"^(?:(?:so|and|ok|well|hi|hey|hello|oh)[, ]+)*(?P<day>{_DAY})\b(?!'s)", re.IGNORECASE)
DAY_IN = re.compile(rf"\b{_DAY}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of a story."""

    text: str
    told: bool
    """Whether it tells the speaker's own meal or workout; else it is background."""
    said: str = ""
    """The clause as it was said, with the word that joins it."""


@lru_cache(maxsize=512)
def parted(message: str) -> tuple[Part, ...]:
    """The clauses of a message that tells a meal or a workout in a story; none where it is no such message."""
    words = message.lower().split()
    if len(words) < FEWEST or not I_WE.intersection(words) or not ("," in message or CUES.intersection(words)):
        return ()
    found, story, day = [], False, ""
    for sentence in SENTENCE.split(spelled(message)):
        said = " ".join((sentence or "").split()).strip(" ,.-")
        if not said:
            continue
        own = _sentence(said)
        opened = DAY_FIRST.match(said)
        if opened and not SLEPT.search(said.lower()):
            day = opened["day"]
        story = story or bool(own)
        found.extend(_dated(own or [Part(said, told=True)], day))
    return tuple(found) if story else ()


def _sentence(said: str) -> list[Part]:
    """The clauses of one sentence; none where it tells no story."""
    low = said.lower()
    if NO_STORY.search(low) or (is_question(said) and (said.endswith("?") or not WHEN_FIRST.match(low))):
        return []
    cuts = _cuts(said)
    parts = [_part(said[start:end], kind, first=not start) for (start, kind), (end, _) in pairwise([*cuts, (len(said), "")])]
    parts = [part for part in _settled(parts) if len(part.text) > 1]
    told = [part for part in parts if part.told]
    return parts if told and (len(told) < len(parts) or len(parts) < len(cuts) or any(part.text != said for part in told)) else []


def _cuts(said: str) -> list[tuple[int, str]]:
    """Where the clauses of a sentence begin, and what each is."""
    kind, before = _kind(said, 0, "")
    cuts = [(0, kind or MINE)]
    places = [(found.start(), found.end(), found.group()) for found in re.finditer(_JOINT, said, re.IGNORECASE) if found.start()]
    places += [(found.start(), found.end(), " ") for found in BARE_I.finditer(said)]
    places += [(found.end(), found.end() + len("that "), "that") for found in SO_THAT.finditer(said)]
    for start, end, joint in sorted(places):
        if start < before or (joint == " " and not _opens_long(said[cuts[-1][0] : start])):
            continue
        kind, stop = _kind(said, end, cuts[-1][1], subordinate=bool(SUBORDINATE.match(joint.lower().lstrip())))
        if kind and not (joint == " " and kind == MINE):
            cuts.append((start, kind))
            before = max(end, stop)
    return cuts


def _opens_long(text: str) -> bool:
    opening = text.lower().strip(",;:- ")
    return " " in opening and bool(LONG_OPENING.match(opening))


def _kind(said: str, place: int, last: str, *, subordinate: bool = False) -> tuple[str, int]:
    """What the clause at this place is: the speaker's meal or workout, something else of theirs, or of others; '' where none begins.

    With it comes where its verb ends, before which no other clause begins.
    """
    rest = said[place:]
    if found := TELLS.match(rest) or MADE_ME.match(rest) or MEAL_WAS.match(rest):
        return TELL, place + found.end()
    if MINE_DOES.match(rest):
        return MINE, 0
    bare = TELLS_BARE.match(rest)
    if bare and ((last != OTHER and not subordinate) or (subordinate and bare["ate"] in {"eating", "drinking", "having"})):
        return TELL, place + bare.end()
    others = OTHERS.match(rest)
    if others and not _is_food(others["bare"]):
        return OTHER, 0
    if (subordinate and GERUND.match(rest)) or (place and DOES_BARE.match(rest)):
        return last if last == OTHER else MINE, 0
    return "", 0


def _is_food(name: str | None) -> bool:
    return name is not None and bool(mentions(tidy(name)))


LEAD = re.compile(rf"^{_JOINT}", re.IGNORECASE)


def _part(text: str, kind: str, *, first: bool) -> Part:
    """A clause without its joint; one that names nothing eaten and nothing done is background after all."""
    bare = (text if first else LEAD.sub("", text)).strip(" ,.;:-")
    bare = re.sub(r"^that (?=i |we )", "", bare, flags=re.IGNORECASE)
    if kind != TELL:
        return Part(text.strip(" ,.;"), told=False, said=text)
    found = TELLS.match(bare) or TELLS_BARE.match(bare) or MADE_ME.match(bare)
    plain = _plainly(bare, found) if found else bare
    low = marked(plain)
    named = _any(low)
    if found and not found.groupdict().get("ate"):
        return Part(plain, told="«" in low or (named and (_eaten(low) or not set(_sports(low)) <= PLAIN_NAMES or "gym" in low)), said=text)
    return Part(plain, told=named or found is None or bool(PORTION.search(low)) or _sure(found), said=text)


def _plainly(text: str, found: re.Match[str]) -> str:
    """What was told without where and how it came to it: 'at the bakery I ended up with a bun' as 'I had a bun'."""
    said, rest = found.groupdict(), text[found.end() :]
    if did := said.get("did"):
        return f"I {PAST.get(did.lower(), did)}{rest}"
    when = said["when"] or ""
    when = when if DAY_IN.search(when) or MEAL.search(when) else ""
    if ate := said["ate"]:
        verb = ate.lower()
        verb = PAST.get(verb, verb if verb.split()[0] in lexicon("eat_verbs") and verb not in {"took", "got through"} else "had")
        return f"{when}I {verb}{rest}"
    return f"{when}{text[len(said['when'] or '') :]}"


PAST = {
    **{"eat": "ate", "eating": "ate", "having": "had", "have": "had", "drinking": "drank", "drink": "drank", "try": "had", "trying": "had"},
    **{"do": "did", "doing": "did", "run": "ran", "running": "ran", "walk": "walked", "walking": "walked", "swim": "swam"},
    **{"swimming": "swam", "cycle": "cycled", "cycling": "cycled", "row": "rowed", "play": "played", "playing": "played"},
}
MEAL = re.compile(r"\b(?:breakfast|lunch|dinner|brunch|supper|dessert|snack|tea)\b", re.IGNORECASE)
PORTION = re.compile(
    r"\b(?:one|two|three|four|five|six|half|some|it|them|those|that|both|slices?|pieces?|bowls?|plates?|portions?|helpings?|handfuls?|glass(?:es)?"
    r"|cups?|\d+)\b"
)


def _sure(found: re.Match[str]) -> bool:
    return bool(re.match(r"ate|eat|drank|devoured|nibbled|munched|snacked", found["ate"] or "", re.IGNORECASE))


def _settled(parts: list[Part]) -> list[Part]:
    """Parts that speak of one before them, with what they speak of: 'it was a curry', 'I did it in 58 minutes', 'it took an hour'."""
    done: list[Part] = []
    for part in parts:
        told = max((place for place, before in enumerate(done) if before.told), default=-1)
        background = " ".join(before.text for before in done if not before.told)
        text, low = LEAD.sub("", part.text), marked(part.text)
        if told >= 0 and _adds(part, low, done[told]):
            done[told] = replace(done[told], text=f"{done[told].text}{_said_of(part, low, text, last=told == len(done) - 1)}")
            continue
        if not part.told and IT_WAS.match(text) and MADE_FOOD.search(background) and not any(before.told and _named(before) for before in done):
            if any(item.food for item in items(marked(IT_WAS.sub("", text)))):
                part = Part(IT_WAS.sub("i had ", text), told=True)
        elif part.told and background and "«" in low and not (set(_sports(low)) - PLAIN_NAMES or _eaten(low)):
            part = _of_background(part, background)
        done.append(part)
    return done


def _adds(part: Part, low: str, told: Part) -> bool:
    """Whether a clause only says how much or how long what was told before it was."""
    if HALF_OF_IT.search(low):
        return True
    if "«" not in low or _any(MARK.sub(" ", low)):
        return False
    if part.told and TELLS.match(LEAD.sub("", part.said)):
        return bool(amount(low, "min")) and any(move.minutes is None and move.km is None for move in moves(marked(told.text)))
    return True


def _said_of(part: Part, low: str, text: str, *, last: bool) -> str:
    """What a clause adds to the one it speaks of: the minutes of another sentence, or its own words."""
    minutes = amount(low, "min") if part.told and TELLS.match(LEAD.sub("", part.said)) else None
    if minutes:
        return f", {show(minutes)} minutes"
    return part.said if last else f", {text}"


def _named(part: Part) -> bool:
    return any(item.food for item in items(marked(part.text)))


def _any(low: str) -> bool:
    return bool(moves(low)) or _eaten(low)


def _eaten(low: str) -> bool:
    return any(item.food or item.kcal for item in items(low))


def _sports(low: str) -> list[str]:
    return [move.activity.name for move in moves(low)]


def _of_background(part: Part, background: str) -> Part:
    """'I did it in 58 minutes' with the sport that the clause before names."""
    low = marked(part.text)
    minutes, km = amount(low, "min"), distance(low)
    done = moves(marked(ADVISED.sub("", background))) if minutes or km else ()
    if not done:
        return part
    far = f" {show(km)} km" if km else ""
    return Part(f"I did {done[-1].label}{far}" + (f" for {show(minutes)} minutes" if minutes else ""), told=True)


ADVISED = re.compile(r"\b(?:my|the) (?:physio\w*|trainer|coach|pt|doctor)\b", re.IGNORECASE)


def foods_in(background: str) -> tuple[FoodItem, ...]:
    """The known foods that the background names, of which the speaker may have had some."""
    return items(STOPPING.sub(",", marked(background)))


STOPPING = re.compile(
    r"\b(?:over|round|along|around|at|in|on|to|from|for|by|except|but|apart|besides|left|was|were|is|brought|opened|made|cooked|baked|wanted"
    r"|offered|served|passed|had|box of|there|with|his|her|their|finish|want|eat)\b"
)


def _dated(parts: list[Part], day: str) -> Iterator[Part]:
    """The clauses with the day that opened the story, where they name none themselves."""
    for part in parts:
        if part.told and day and not DAY_IN.search(part.text) and not is_question(part.text):
            part = replace(part, text=f"{day} {part.text}")
        yield part
