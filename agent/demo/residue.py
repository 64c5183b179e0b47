"""What is left of a correction without the words that only lead in or out: 'oops, it was three actually, sorry' leaves 'three'."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_IT = r"(?:it|that (?:one|1)|this (?:one|1)|that|this|they|those|these|there|them)"
_SAYS = r"(?:label|packet|pack|package|box|bottle|menu|app|watch|fitbit|garmin|strava|website|wrapper|can|tin|receipt|scales?|treadmill)"
SLIPPED = (
    r"no(?=[,.;:!]| +(?:it|that|they|i|we|only|just|wait|sorry|more|make|the|my|actually|rather|not|km|kms|miles?|hours|minutes|\d"
    r"|«))|nope|nah|oops|err|erm|eh|oopsie|whoops|ups|wait|sorry|sry|actually|ugh|argh|damn|dang|shoot|hold on|hang on|my bad"
    r"|my mistake|my fault|typo"
    r"|correction|corrected|edit|not quite|wrong|incorrect|not right"
    r"|(?:that's|that is|that was|it's|it is|thats) (?:wrong|not right|not correct|incorrect|not it|off|too (?:much|many|high|low"
    r"|little|few|long|short))"
    r"|(?:way |far |bit )?too (?:much|many|high|low|little|few|long|short)"
    r"|(?:scratch|strike|scrap|forget|ignore) (?:that|it|the last one|the last bit)|cancel that"
    r"|i (?:was|stand) (?:wrong|mistaken|corrected)|i (?:made|have) (?:a|an) (?:mistake|error|typo)(?: there)?|i lied"
    r"|i (?:got|put|had|typed|wrote|said|entered|logged) (?:it|that|this|the \w+) (?:in )?wrong(?:ly)?"
    r"|i (?:miscounted|mistyped|misread|misremembered|misspoke)(?: \w+ \w+)?"
    r"|(?:i |we )?(?:should have|should've|forgot to) (?:said|say|mention|mentioned|tell you|add|write|put)(?: that)?|i said"
    r"|i told you|i wrote|i forgot(?=[,:])"
    r"|on second thoughts?|now that i think (?:of|about) it|come to think of it|(?:it )?turn(?:s|ed) out(?: that)?"
    r"|(?:i )?(?:just |have |'ve )*(?:checked|looked|measured|weighed|counted|looked it up)(?: it| them| again| properly| the \w+)*"
    r"|(?:according to|going by|per|based on) (?:the|my) (?:\w+ )?"
    + _SAYS
    + rf"|(?:the|my) (?:\w+ )?{_SAYS} (?:says|said|shows|showed|gives|has|was wrong|was off|is off|is wrong|was broken)"
    r"|(?:i|we) (?:meant|mean|only|really|actually)(?: to (?:say|write|type|put))?"
    r"|(?:i|we) (?:really |actually |just )?only (?:had|ate|drank|did|ran|walked|swam|cycled|finished|managed|took|got|used)"
    rf"|(?:make|call|set|change|update|correct|put|edit|fix) {_IT}(?: to| into| as| at| down as)?|log it as|should (?:say|be"
    rf"|have been|read)"
    rf"|{_IT} (?:should(?: have|'ve)?|ought to|needs to|was (?:meant|supposed) to) (?:be|been|say|read)|(?:more|rather) like"
    r"|(?:change|update|set|correct|edit|reduce|lower|raise|increase|cut|bring|bump|drop|round|push|put)(?: (?:it|that"
    r"|this))?(?: down| up)? (?:to|into|at|as)"
    r"|closer to|rather|in the end|in fact|only|instead|meant(?: to (?:say|write|put|type))?"
    r"|(?:change|set|update|correct|fix|make|edit|put) (?:the |its )?(?:calories|kcal|amount|number|time|duration|minutes|length|name"
    r"|date|day|quantity|portion"
    r"|entry|last one|last entry)(?: (?:of|for) (?:it|that))?(?: to| into| as| at)?"
    r"|(?:the )?(?:calories|kcal|amount|number|time|duration|quantity|date|day|name) (?:is|are|was|were|should be)"
)
NEUTRAL = (
    rf"oh|ah|well|um|uh|er|hmm+|hm|ok|okay|fine|alright|right|but|and|so|please|pls|can you|could you|you can|fyi|btw|by the way|just"
    rf"|like|about|around"
    rf"|roughly"
    rf"|nearly|almost|at least|exactly|probably|maybe|perhaps|really|i (?:think|guess|believe|reckon)|to be (?:precise|exact|honest"
    rf"|fair|clear)"
    rf"|{_IT}(?:'s| is| was| were| are| had| has| took| lasted)|(?:i|we) (?:had|ate|drank|did|ran|walked|swam|cycled|finished|managed"
    rf"|took|got|used)"
    r"|for|was|were|had|altogether|in total|total|hey|coach|approximately|approx|apparently|honestly|that's|its"
)
TAILS = (
    r"sorry|actually|really|in fact|in the end|after all|tbh|though|to be (?:precise|exact|honest|fair|clear)|i (?:think|guess|mean"
    r"|meant|believe|reckon)"
    r"|please|pls|my bad|my mistake|my fault|typo|oops|lol|haha|instead|thanks|thank you|or so|in total|altogether|all together|total"
    r"|this time"
    r"|of (?:it|them|those|that|these)|for me|too|(?:can|could|would) you (?:please )?(?:fix|change|correct|update|edit|amend"
    r"|adjust) (?:it|that|this)"
    r"|(?:so )?(?:please )?(?:move|shift|put) it(?: there| over)?|(?:so )?(?:please |just )?(?:fix|change|correct|update|edit|amend"
    r"|adjust) (?:it|that|this)|(?:on|from|per|according to) (?:the"
    r"|my) (?:\w+ )?"
    + _SAYS
    + r"|not (?:just |only )?(?:(?:a|an|the) )?(?:[\w«».]+ ){0,2}[\w«».]+|(?:rather than|instead of) [\w«». ]{1,25}|i (?:forgot"
    r"|misread|miscounted|mistyped)(?: to say)?"
)
LEAD = re.compile(rf"^(?:(?P<sure>{SLIPPED})|(?P<it>{_IT}(?:'s| was| were| is))|(?:{NEUTRAL}))(?:[,.;:! ]+|$)(?:-+ +)?")
TAIL = re.compile(rf"(?:^|[,.;:! ]+|(?<=\w) - )(?:(?P<sure>{TAILS}))[.!? ]*$")
WEAK_TAIL = re.compile(
    r"^(?:really|in total|altogether|all together|total|this time|of |for me|too|or so|i think|i guess|thanks|thank you|please|pls"
    r"|lol|haha)"
)
STAR = re.compile(r"^\*+ ?|\*+$")
LONGEST = 90


INTERJECTIONS = re.compile(
    r"^(?:(?:no|nope|nah|oh|ah|oops|oopsie|whoops|ups|wait|sorry|sry|actually|ugh|argh|damn|dang|hold on|hang on|my bad|my mistake"
    r"|typo|wrong|well|um|er|hmm+|ok"
    r"|okay|but|and|so|(?:it )?turn(?:s|ed) out(?: that)?|btw|by the way|lol|haha|please|nvm|never mind|(?:scratch|scrap|strike) that"
    r"|that's wrong|incorrect"
    r"|hey)[,.;:! ]+)+"
)


def without_slips(text: str) -> str:
    """The text without the cries that it begins with: 'oops, delete it' is 'delete it'."""
    return INTERJECTIONS.sub("", text)


@dataclass(frozen=True, slots=True)
class Residue:
    """What a message says without its leading in and out."""

    said: str
    sure: bool
    """Whether a word said that something is put right: 'oops', 'only', 'make it'."""
    led: bool
    """Whether anything at all led in: 'it was', 'I had'."""
    of_it: bool = False
    """Whether it is said of something told before: 'it was', 'they were'."""


@lru_cache(maxsize=512)
def residue(text: str) -> Residue:
    """Strip a tidied message; its amounts may be marked."""
    if len(text) > LONGEST:
        return Residue(text, sure=False, led=False)
    left = STAR.sub("", text.strip(" .!?"))
    of_it = False
    sure = led = left != text.strip(" .!?")
    while lead := LEAD.match(left):
        sure, led, of_it, left = sure or bool(lead.group("sure")), True, of_it or bool(lead.group("it")), left[lead.end() :]
    while tail := TAIL.search(left):
        sure = sure or not WEAK_TAIL.match(tail.group("sure"))
        left = left[: tail.start()]
    return Residue(left.strip(" .,;:!?-"), sure, led, of_it)
