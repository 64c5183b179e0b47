"""The last nets of the reading: a meal behind opening chatter, news and feelings, and what somebody tells about themselves.

They are tried where no rule knows the clause. None of them logs anything but foods that are known, each with nothing left unexplained.
"""

from __future__ import annotations

import re

from agent.demo.acts import Act
from agent.demo.facts import Fact
from agent.demo.logtalk import leftover, log_act
from agent.demo.meals import items
from agent.demo.moves import moves
from agent.demo.patterns import first
from agent.demo.unsaid import not_done, of_others
from agent.demo.words import marked

HEAD = re.compile(r"^(?P<head>[^,:;=]{2,60}?) ?(?:[,:;=]+|\.\.+| -) ?(?P<tail>.+)$")
NO_MEAL_HEAD = re.compile(
    r"\b(?:no|not|never|don't|didn't|won't|can't|without|want|need|buy|bought|shopping|list|recipe|ingredients?|grocer\w+"
    r"|fridge|freezer|menu"
    r"|tomorrow|later|next|plan\w*|prep\w*|allerg\w*|intoleran\w*|hate|love|like|likes|dislikes?|favou?rites?|crav\w+|fancy"
    r"|should|would|could|might|if"
    r"|for (?:the|my) (?:kids|dog|cat|family)|gave|cooked for|made for|sold|served|goal|avoid|banned|off|budget|price|costs?"
    r"|calories|instead|wish"
    r"|delete|remove|change|it was|meant|wrong|sorry|oops|what|which|how|who|why|when|where|can|do you|is|are)\b"
)
NEWS = frozenset({"good_news", "grief", "lonely"})
LONGEST_HEAD = 8
OF_ME = re.compile(
    r"^(?:(?:also|and|but|so|well|oh|just|really|currently|now|only|lately) )*(?:i|i'm|i've|i'd|i'll|my|we|we're|we've"
    r"|our)\b|\b(?:my|our|me|us)\b"
)
ADVISER = re.compile(
    r"^(?:\w+ ){0,3}?(?:doctor|dr|physio|gp|nurse|dietitian|nutritionist|trainer|coach|cardiologist|consultant|surgeon|specialist)\b"
)
TERSE = re.compile(
    r"^(?:also |and |so |just )*(?:got|have|need|work|works|living|live|trying|can only|can't|only|no time|no money|recovering|training)\b"
)
OF_LIFE = re.compile(
    r"\b(?:time|kids?|work|shifts?|weekends?|evenings?|mornings?|train(?:ing)?|cook|gym|sleep|meals?|food|diet|weight|doctor|budget|home)\b"
)
VERBAL = re.compile(
    r"\b(?:am|is|are|was|were|have|has|had|must|should|can|can't|could|need|needs|want|wants|go|goes|live|work|works|play"
    r"|plays|do|does|don't|got|get"
    r"|gets|take|takes|keep|try|trying|start|started|stopped|use|used|put|gave|prescribed|made|means|sucks|hurts|feel|feels"
    r"|find|think|know|said|says|told|wears?|starts?|sees?"
    r"|visits?|helps?|comes?)\b"
    r"|'(?:m|re|s|ve)\b"
)
UNSURE = re.compile(
    r"\b(?:log|logged|delete|remove|change|entry|ate|eaten|drank|calories|kcal|ran|swam|cycled|workout)\b|[«\d]|\bhelp$|\b(?:ideas?"
    r"|recipes?|suggestions?)\b"
)
PLAIN_NUMBERS = re.compile(
    r"\b(?:at|from|till|until|by|around|before|after|since|in|on|the|aged?|is|turned|turns|for|next|no|number|times|every"
    r"|of) (?:the )?(?:\d{1,2}[:.]\d\d"
    r"|\d{1,4}(?:st|nd|rd|th)?)(?: ?[ap]m| o'?clock| (?:days?|weeks?|months?|years?|times|weekly))?\b(?! ?(?:g|kg|min|km|x)\b)"
    r"|\b\d{1,2}(?:st|nd|rd|th)?(?: of)? "
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)\w*|\b\d+ (?:days?|weeks?|months?|years?|kids|children|people|brothers"
    r"|sisters|cats|dogs)\b"
    r"|\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?[ap]m\b"
)
"""Times of day, dates, ages and spans of time: numbers that no food or workout is meant by."""
FEWEST_WORDS = 4
LONG_ENOUGH = 6
"""Words from which on a sentence that begins with oneself tells of oneself, whatever its verb."""
ABOUT_ONESELF = re.compile(
    r"\b(?:budget|students?|single|married|retired|widow\w*|pensioner|nurse|teacher|(?:night|early|late|day) shifts?|shift work|two kids"
    r"|kids|children|toddler|newborn|twins|parents?|mum of|mom of|dad of|shift worker|nearby|far away|mornings only|evenings only"
    r"|weekends only|kitchen|oven|microwave|air ?fryer|equipment|dumbbells?|kettlebells?|barbell|bands"
    r"|treadmill at|desk job|office job|commut\w*|university|exams?|beginner|newbie|female|male|woman|man|years? old|height|allerg\w*"
    r"|intoleran\w*|diabet\w*|coeliac|celiac|asthma\w*|pregnan\w*|period|menopaus\w*|medication|meds|tablets|insulin|doctor|gp|physio"
    r"|surgery|operation|injur\w*|pains?|aches?|headaches?|migraines?|fever|appetite|blood (?:pressure|sugar)|cholesterol|reflux|iron"
    r"|tired\w*|energy|mood|stress\w*|anxi\w*|motivat\w*|insomnia|bodyweight|waist|bedtime|goals?|target|limit|aim|deadline"
    r"|schedule|training days?|rest days?|vegan|vegetarian|halal|kosher|religio\w*|ramadan|lent|no time|little time|free time"
    r"|holiday|vacation|moving house|new job|based in|living (?:in|alone|with)|from home)\b"
)
"""Words that tell of oneself in telegraph style: 'Budget tight, student, tiny kitchen in Leeds'."""
FOR_THE_LOG = re.compile(
    r"\b(?:log|logged|delete|remove|change|entry|ate|eaten|drank|calories|kcal|ran|swam|cycled|walked|went|played|lifted|ideas?"
    r"|recipes?|suggest\w*|help|meant|wrong|sorry|actually)\b|^(?:no|nope|nah|not)[,.: ]+(?:\d|it|that|the|i|my|this|today|more"
    r"|thanks)\b|kcal»|min»|km»"
)


def net(clause: str, text: str, facts: tuple[Fact, ...]) -> Act | None:
    """What a clause that no rule knows may still mean; None where it is to be asked about.

    Args:
        clause: in the person's own words.
        text: the clause, marked.
        facts: loose facts that were read in it.
    """
    kind = _kindly(clause, text)
    if facts:
        return kind if kind and (OF_ME.match(text) or kind.intent in NEWS) else None
    return _meal_behind(clause) or kind or _noted(clause, text) or _small_talk(clause, text)


def _meal_behind(clause: str) -> Act | None:
    """'Macros hit, 250g turkey mince and 200g sweet potato': foods and amounts, and nothing else, behind a few words."""
    split = HEAD.match(clause)
    if split is None:
        return None
    head, tail = marked(split.group("head")), marked(split.group("tail")).strip(" .!")
    if len(head.split()) > LONGEST_HEAD or NO_MEAL_HEAD.search(head) or not_done(head) or of_others(head) or moves(tail):
        return None
    found = items(tail)
    if not found or any(item.food is None for item in found) or leftover(tail):
        return None
    sure = len(found) > 1 or any(item.count is not None or item.unit for item in found)
    act = log_act(f"had {split.group('tail')}") if sure else None
    return act if act and act.intent == "log_food" else None


def _kindly(clause: str, text: str) -> Act | None:
    """Good news, grief, loneliness, strain or a nice day: a kind word, and nothing logged."""
    rule = first("kindly", text)
    return Act(rule.intent, clause) if rule else None


def _small_talk(clause: str, text: str) -> Act | None:
    """'The traffic was awful today': of the day, and nothing to keep or to log."""
    rule = first("small_talk", text) if not any(item.food for item in items(text)) and not moves(text) else None
    return Act(rule.intent, clause) if rule else None


def _noted(clause: str, text: str) -> Act | None:
    """Something told about oneself that fits no kind of fact; it stays in the messages, so it is said back and no more."""
    if tells_of_oneself(text):
        return _note(clause)
    if len(text.split()) < FEWEST_WORDS or UNSURE.search(PLAIN_NUMBERS.sub(" ", text)) or any(item.food for item in items(text)):
        return None
    mine = (OF_ME.search(text) or ADVISER.match(text)) and (VERBAL.search(text) or (OF_ME.match(text) and len(text.split()) > LONG_ENOUGH))
    if not mine and not (TERSE.match(text) and OF_LIFE.search(text)):
        return None
    return _note(clause)


def tells_of_oneself(text: str) -> bool:
    """Whether words in telegraph style tell something of oneself, and nothing for the log: 'Beginner, never been to a gym'.

    Args:
        text: the clause, marked.
    """
    return bool(ABOUT_ONESELF.search(text)) and not FOR_THE_LOG.search(text) and not _countable(text)


def _note(clause: str) -> Act:
    said = clause.rstrip("?. ")
    return Act("tell_fact", clause, facts=(Fact("note", said, said),))


def _countable(text: str) -> bool:
    """Whether a food that is known stands in it beside a number, so that it may be a meal."""
    return any(character.isdigit() for character in text) and any(item.food for item in items(text))
