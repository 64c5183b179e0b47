"""Cutting a message into clauses that each say one thing, and telling questions from statements."""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.indirect import direct
from agent.demo.words import load, spelled

SENTENCE = re.compile(r"(?<=[a-z0-9)\"'])\s*\.(?! (?:to|until|till|-) ?\d)(?=\s|$|[A-Z])|[!;\n]+|(?<=\?)\s*|\.{2,}|\s-\s")
TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|St)\.(?= ?[A-Z])|(\d ?(?:oz|lbs?|tbsps?|tsps?|pcs?)|\bapprox|\bfl)\.(?= ?[a-z\d(])")
"""The stop of 'Mr. Schulz' ends no sentence, nor does that of '2 oz. almonds'."""
ASKS = re.compile(
    r"^(?:(?:and|so|but|ok|okay|hey|hi|hello|well|also|now|then|please|sorry|um|oh|hm+|ah|er|alright|cool|great|nice|coach|btw|by the way"
    r"|quick question|wait|hmm|thanks|right|actually)[,:]? )*"
    r"(?:what|how|when|where|who|whom|whose|which|why|whats|hows|wheres|whens|whos|what's|how's|when's|where's|who's|"
    r"do i|did i|am i|was i|have i|had i|do you|did you|are you|have you|can i|could i|should i|shall i|may i|must i|will i|would i|"
    r"is it|is there|is my|is that|is this|was it|was my|was (?:that|this) (?!day)[a-z]+|"
    r"are my|are there|are we|were we|did we|do we|isn't|aren't|don't i|didn't i|"
    r"can you|could you|would you|will you|does|is an?\b|are [a-z]+ (?:good|bad|healthy|safe"
    r"|fattening|ok)|is [a-z ]+ (?:good|bad|healthy|safe|fattening|ok|better)|"
    r"tell me|show me|show|give me|list|make me|create|design|build me|find me|teach me|help me|remind me"
    r"|suggest|recommend|any (?:ideas?|tips?|advice|suggestions?|recommendations?|chance|news)|"
    r"calories (?:in|burned|burnt|for|of|today|so far)|kcal (?:in|of)|my (?:total|average|log|calories"
    r"|entries|diary|progress|stats)\b(?! (?:is|was|are|goal))|tips|advice|ideas for|"
    r"summari[sz]e|sum up|recap|describe|explain|plan (?:me|my|a)|i(?:'m| am) (?:so |really |very |a bit "
    r"|getting |still |pretty )*(?:hungry|starving|peckish|famished|ravenous|dying of hunger)|"
    r"help me|i need (?:a|an|some) (?:\w+ )?(?:idea|advice|tip|plan|suggestion|workout|recipe|meal|breakfast|lunch|dinner|snack|dessert)"
    r"|i (?:don't|dont) know what to|i'd like (?:a|an|some) (?:\w+ )?(?:idea|advice|tip|plan|suggestion"
    r"|recipe)|"
    r"(?:daily |weekly |quick |short )?(?:summary|recap|overview|rundown|breakdown)|(?:(?:healthy|good|quick|easy|best"
    r"|some) )?(?:foods?|meals?"
    r"|snacks?|exercises?|recipes?|dishes|workouts?|drinks?|stretches|things) (?:with|while|for|that|to|rich|high|low|without|good)|"
    r"(?:an? |some |any )?(?:quick |light |healthy |small |good )*(?:snack|meal|breakfast|lunch|dinner|dessert|supper|something)s? "
    r"(?:under|below|within|for under|with less than|of less than|less than|with under)\b|"
    r"something (?:with|without|like|for|that|more|less|light|warm|cold|sweet|healthy|quick|easy|spicy)|"
    r"(?:is|are|does|should|would|could) (?!done|gone)[a-z\d]|do [a-z]+(?: [a-z]+)? (?:have|contain|count|help|make|work"
    r"|burn|need|cause|include)|"
    r"\d+[ -]?min(?:ute)?s? (?:\w+ )?(?:workout|routine|circuit|dinner|meal|recipe|lunch|breakfast)s? (?:ideas?"
    r"|no equipment|with no|without|please|that|i can)|"
    r"total|average|read (?:me |it |that )?back|any idea|will (?:that|it|this)|would (?:that|it|this|you)|wouldn't"
    r"|shouldn't i|couldn't i|have you|do we|has my|does my|read (?:me )?my|see my|check my|display my|open my|view my|pull up|i wonder"
    r"|i was wondering|i forgot (?:what|how|when|where|who|my)|do u|can u|wanna know|i want to know"
    r"|i'd like to know|write|translate)\b"
)
CONDITION = re.compile(
    r"^(?:so |and |but )*(?:if|when|since|because|given(?: that)?|as|now that|assuming) [^,?]{3,60}, "
    r"|^(?:so |and |but )*(?:let'?s say|suppose|imagine|say|if) [^?]{3,60}?[, ]+(?=(?:how|what) )"
)
"""'If my limit is 2000 kcal, how many are left?' asks, although it begins with a statement."""
ASKED_WITHIN = re.compile(
    r"(?<!know )(?<!sure )(?<!wonder )\b(?:what|which|how) (?:[a-z]+ ){0,2}(?:can|could|should|shall) i "
    r"(?:do|eat|have|make|cook|start|get|try|train|go|drink|use)\b"
)
"""'Got 10 minutes, what workout can I do': the question stands behind what it rests on."""
ASKED_BEHIND = re.compile(r"[:,] (?:how (?:many|much|long|often|far)|what(?:'s| is| are| should| can| did)) (?!(?:i|we) (?:had|ate|did)\b)")
TAG = re.compile(
    r"(?:,| -)? (?:(?:that )?counts?(?:,? right)?|yeah|huh|innit|does (?:that|it) count|is that (?:ok|okay|bad)"
    r"|(?:crazy|wild|insane|mad|nice|great|good|amazing|cool|not bad),? (?:right|eh|huh)"
    r"|eh)\?$",
    re.IGNORECASE,
)
"""'Scrubbed the bathroom for 30 mins, counts right?' tells more than it asks."""
ORDERS = re.compile(
    r"\b(?:can|could|would|will) (?:you|u)(?: please)? (?:log|add|record|track|note|put|delete|remove|take (?:it|that|this"
    r"|the)\b.* (?:off|out|away|from|back)|get rid of|scrap|scratch|cancel|clear|erase|edit|amend"
    r"|change|correct|undo|erase|update|fix|make (?:it|that|the|my|them)|set|enter|save|write down|remember (?:that )?(?:i|my|we)"
    r"|keep in mind|note that)\b"
)
JOIN = re.compile(
    r"(?:, and then |, then |, and |, but |, so |,? and then |,? then | and also |,? but |, | and | - | so | plus | & | because )"
)


LONGEST_SENTENCE = 300
"""Characters of one sentence that are read: nobody says one thing at such length, and patterns stay quick."""


@lru_cache(maxsize=1)
def _starts() -> re.Pattern[str]:
    verbs = "|".join(re.escape(verb) for verb in load("lexicon.json")["clause_verbs"])
    return re.compile(
        rf"(?:also |just |later |afterwards |after that |i also |finally |today |yesterday |this morning |last night "
        rf"|tonight |then |yesterday (?:morning|evening|afternoon|night) )*(?:{verbs})\b",
        re.IGNORECASE,
    )


TIMED = re.compile(r"(?:an? )?\d+[ -]?(?:min|minutes?|mins|hours?|km|miles?)\b(?= (?:of )?[a-z]{3,})", re.IGNORECASE)
"""A thing done for a time or a distance, as in 'a salad and a 20 minute walk'."""
_SOME = r"(?:about |around |roughly |like |maybe |just |only |almost |nearly |over |under |approx )*"
_NUMBER = r"(?:\d+|an?|half an?|one|two|three|ten|fifteen|twenty|thirty|forty|fifty|sixty|ninety)"
CONTINUES = re.compile(
    r"^(?:and |so |all |it |that |this |which |the whole thing )*(?:only |just )*(?:took|lasted|was|were)(?: me| us)? "
    rf"{_SOME}{_NUMBER}[ -]?(?:and a half )?(?:min|minutes|mins|hours?|hrs?|h)\b"
)
WOKE = re.compile(
    r"^(?:and |then )*(?:i |(?:the|my) \w+ (?:only )?)?(?:woke(?: (?:me |us )?up| me| us)?|got (?:me )?up|up)(?: again)?(?: (?:at"
    r"|around|about|by))? (?:\d|half|quarter|noon|midday|six|seven"
    r"|five|four|eight|nine|ten)"
)
_AMOUNT = (
    rf"{_SOME}(?:[\d.]+|{_NUMBER}) ?(?:(?:big|small|large|full) )?(?:glass(?:es)?|cups?|slices?|pieces?|scoops?|bottles?|bowls?"
    rf"|bags?|cans?|tins?|packets?|plates?|portions?|pints?|squares?|handfuls?"
    rf"|minutes?|mins?"
    r"|hours?|hrs?|km|miles?|kcal|calories|cals|g|grams|ml|l|lit(?:re|er)s?)"
)
CLOCKED = re.compile(
    r"^(?:about |around |just |only |took |in )*(?:\d ?h(?:r|rs|our|ours)? ?\d{2}(?: ?m(?:in|ins)?)?|\d{1,2}:\d\d(?: ?h(?:ours?|rs?)?)?)$"
)
"""'1h15', after 'leg day'."""
AMOUNT_ONLY = re.compile(
    rf"^{_AMOUNT}(?:(?:,| and| in|/)* {_AMOUNT})*(?: or so| i think| total| of it| on the [a-z]+| in (?:total|all|the [a-z]+)| nonstop)?$"
)
_ON = r"(?:yesterday|today|tonight|this morning|last night|(?:on |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_FAR = r"\d[\d.]* ?(?:minutes?|mins?|min|hours?|hrs?|h|km|k|miles?)"
TWO_DAYS = re.compile(
    rf"^(?P<head>[^.;!?\d]{{2,40}})(?P<one>{_FAR} [^.;!?\d]{{0,20}}?{_ON})(?:,| and|, and| then)+ (?P<two>{_FAR} [^.;!?\d]{{0,20}}?{_ON})",
    re.IGNORECASE,
)
_WHEN = (
    r"(?:(?:two|three|four|\d) (?:days|nights) ago"
    r"|yesterday|today|tonight|this (?:morning|afternoon|evening)|last night|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
VERB = re.compile(
    r"(?:i |we |just )*(?:had|ate|drank|ran|did|walked|swam|cycled|rode|played|lifted|rowed|went|was|am|is|have)\b", re.IGNORECASE
)
DAY_BEHIND = re.compile(
    rf"(?P<one>(?P<verb>(?:i |we |just )*(?:had|ate|drank|ran|did|walked|swam|cycled|rode|played|lifted"
    rf"|rowed) )[^.;!?,]{{2,50}}? {_WHEN})(?:,| and|, and|, then| then| but|, but) "
    rf"(?P<two>(?!{_WHEN})[^.;!?,]{{2,50}} {_WHEN}\b)",
    re.IGNORECASE,
)
TIMED_DAYS = re.compile(
    rf"^(?P<one>[^.;!?]{{0,60}}?(?:\d|hour)[^.;!?]{{0,60}}?\b{_WHEN})(?:,| and|, and|, then| then) (?=[^.;!?]{{0,60}}?(?:\d"
    rf"|hour)[^.;!?]{{0,60}}?\b{_WHEN}\b)",
    re.IGNORECASE,
)
DAY_BEFORE = re.compile(
    rf"^(?P<one>[^.;!?]*\b{_WHEN}\b[^.;!?]{{3,60}}?)(?:,| and|, and|, then| then| but|, but) (?=(?:for )?{_WHEN}\b[^.;!?]{{3,}})",
    re.IGNORECASE,
)
IT_WAS_THEN = re.compile(rf"(?<=[.;,] )({_WHEN}) (?:it was|was) (?=(?:just |only )?(?:an? |some )?[a-z]+(?: and [a-z ]+)?$)", re.IGNORECASE)
"""'Porridge today, yesterday it was eggs.'"""
"""Two days in one sentence: each day's part is a sentence of its own."""
SECOND_THOUGHT = re.compile(
    r"(?<=\w)(?:(?:,|\.)? +(?=(?:no|nope|oops|sorry|wait|i mean|scratch that|make that)\b[, ]+@)|(?:,|\.) +(?=actually\b[, ]+@))".replace(
        "@", rf"(?:no\b|wait|sorry|actually|i mean|i meant|it was|it's|that was|make (?:it|that)|more like|{_NUMBER}\b)"
    ),
    re.IGNORECASE,
)
"""Where somebody corrects themselves within a sentence: 'had a burger, no wait it was a wrap'."""
WRONG_THEN = re.compile(
    r"(?:(?<=mistake)|(?<=error)|(?<=fault)|(?<= off)|(?<= out))(?:,| but|, but) (?=(?:it|that|they) (?:was|were) )",
    re.IGNORECASE,
)
HOUR = re.compile(r"(?:hour|hours|hr|hrs|\dh|hundred)$")


@lru_cache(maxsize=4096)
def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a message in order, in the person's own spelling; a question keeps its mark."""
    found: list[str] = []
    for sentence in SENTENCE.split(SECOND_THOUGHT.sub("; ", WRONG_THEN.sub("; ", _each_day(TITLE.sub(r"\1\2", spelled(text)))))):
        if sentence and sentence.strip(" ,.-"):
            found.extend(_split(direct(_untagged(" ".join(sentence.split())))))
    return tuple(_continued(found))


def _untagged(sentence: str) -> str:
    """A telling sentence without the question hung on it."""
    told = TAG.sub("", sentence)
    return sentence if ASKS.match(told.lower()) else told


def _each_day(text: str) -> str:
    """'Ran 30 minutes yesterday and 50 minutes today' as two sentences with the verb in both."""
    text = TWO_DAYS.sub(r"\g<head>\g<one>. \g<head>\g<two>", text)
    text = DAY_BEHIND.sub(lambda found: f"{found['one']}. {'' if VERB.match(found['two']) else found['verb']}{found['two']}", text)
    text = TIMED_DAYS.sub(r"\g<one>. ", DAY_BEFORE.sub(r"\g<one>. ", text))
    return IT_WAS_THEN.sub(r"\1 i had ", text)


def _continued(found: list[str]) -> list[str]:
    """'Cycled to work, took 25 min' says one thing: how long it took belongs to what was done."""
    joined: list[str] = []
    for clause in found:
        if joined and _adds(clause.lower(), joined[-1]):
            joined[-1] = f"{joined[-1].rstrip('?')}, {clause}"
        else:
            joined.append(clause)
    return joined


def _split(sentence: str) -> list[str]:
    """Cut a sentence where, after a joining word, a new thing is said."""
    if len(sentence) > LONGEST_SENTENCE:
        return [sentence[:LONGEST_SENTENCE]]
    parts, start = [], 0
    for joint in JOIN.finditer(sentence):
        new_clause = _starts().match(sentence, joint.end()) or _timed(sentence, joint)
        if joint.group() == " and " and WISHES.match(sentence, joint.end()) and COMPANION.search(sentence[start : joint.start()].lower()):
            continue
        if new_clause and joint.start() > start and _whole(sentence[start : joint.start()], joint.group()):
            parts.append(sentence[start : joint.start()])
            start = joint.end()
    parts.append(sentence[start:])
    tail = "?" if sentence.endswith("?") else ""
    return [part.strip(" ,.") + ("" if part.endswith("?") else tail if is_question(part) else "") for part in parts if part.strip(" ,.?")]


def _timed(sentence: str, joint: re.Match[str]) -> bool:
    """Whether after 'and' a timed activity begins, rather than the minutes of 'one hour and 20 minutes'."""
    if "and" not in joint.group() or HOUR.search(sentence[: joint.start()].lower()):
        return False
    return bool(TIMED.match(sentence, joint.end()))


COMPANION = re.compile(
    r"^(?:[a-z' ]{0,25}[, ])?(?:my|our) (?:\w+ ){0,2}(?:friends?|sister|brother|mum|mom|mother|dad|father|wife|husband|partner"
    r"|girlfriend|boyfriend|son"
    r"|daughter|cousin|colleagues?|neighbou?r|boss|flatmate|roommate|buddy|dog|kids?|uncle|aunt|niece|nephew|trainer)(?: [a-z]+)?$"
)
WISHES = re.compile(
    r"i (?:both |also |really |often |always |usually )*(?:want|plan|are|will|would|hope|like|love|live|need|signed|booked|train|go"
    r"|work|share|have (?:a|an|been"
    r"|booked|signed)|'d)\b"
    r"|i (?:walk|run|swim|cycle|play|meet|cook|eat|go|dance|row|hike)\b(?=.*\b(?:every|each|\w+days|together|usually|often|always"
    r"|weekly|once|twice)\b)",
    re.IGNORECASE,
)
"""'My friend Amara and I want to run': the joint stands within one subject."""


def _whole(before: str, joint: str) -> bool:
    """Whether what stands before a joint can be a clause by itself; 'no, it was turkey' is one."""
    head = before.lower().strip()
    if joint == ", " and re.fullmatch(
        (
            r"(?:no|nope|actually|sorry|oops|wait|correction|well|hi|hey|hello|ok|okay|yes|oh|hmm|ah|my mistake"
            r"|my bad|hold on|not \w+|so|and|also|today|yesterday|for \w+|please|after .*|before .*|when .*|if .*"
            r"|correction|this morning|last night|whoops|ugh|whoa|wow|nah|um|er|(?:i )?(?:just )?(?:checked|looked|weighed"
            r"|measured|counted)\b.*|wrong|that's wrong|once .*|while .*|since .*)"
        ),
        head,
    ):
        return False
    return not head.endswith((" and a", " to", " i", " what", " how", " that"))


def _adds(clause: str, before: str) -> bool:
    """Whether a clause only says how long or how much of what was said before it."""
    if AMOUNT_ONLY.match(clause) or (CLOCKED.match(clause) and not clause.startswith("took")):
        return not re.search(r"\d", before) and (not is_question(before) or bool(ORDERS.search(before.lower())))
    if WOKE.match(clause) and re.search(
        r"\b(?:bed|asleep|sleep|lights out|hay|sack)\b.*(?:\d|midnight|half|one|eleven|ten|twelve)", before.lower()
    ):
        return True
    return bool(CONTINUES.match(clause)) and not is_question(before)


WHEN_I = re.compile(
    r"^when (?:i|we) (?:first )?(?:was|were|began|got|left|had|met|came|went|[a-z]+ed)\b.*? (?:i|we|my|it)(?:'[a-z]+)? (?!(?:ate"
    r"|did|had) (?:last|most))[a-z]+"
)
"""'When I started I weighed 80 kg' tells and asks nothing."""


def is_question(clause: str) -> bool:
    """Whether a clause asks for something rather than telling it."""
    low = clause.lower().strip()
    if low.startswith("when ") and not low.endswith("?") and WHEN_I.match(low):
        return False
    if ASKED_WITHIN.search(low):
        return True
    if ORDERS.search(low):
        return False
    if ASKED_BEHIND.search(low):
        return True
    return low.endswith("?") or bool(ASKS.match(CONDITION.sub("", low)))
