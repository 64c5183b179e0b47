"""Water, sleep, weight and mood: told, not logged, for the log has tools for food and workouts only."""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.acts import Measure
from agent.demo.facts import expand
from agent.demo.foods import mentions
from agent.demo.spans import in_figures
from agent.demo.unsaid import of_others
from agent.demo.vessels import poured
from agent.demo.words import MARK, amount, marked, numbered, tidy

WATER = re.compile(
    r"\bwater\b|\bhydrat|^(?:i |i've |just |only |already |so far )*(?:drank|drunk|downed|drink"
    r"|(?:have )?had(?=.* so far|.*\b(?:l|lit(?:re|er)s?)$)) (?:only |just |about |around |my "
    r"|another |already |all )*\d[\d.]* ?(?:l|lit(?:re|er)s?|ml)(?:(?: so far| today| already| now)*$"
    r"| (?:at|in|before|after|during|by|this|on) (?!.*\b(?:milk|juice|coke|cola|beer|coffee|tea|wine|smoothie|shake|soda|cider"
    r"|broth|soup)\b))"
)
WATER_UNITS = re.compile(r"(\d+(?:\.\d+)?) ?(?:more |big |small |large |full )*(glass|bottle|cup|pint|jug|can|mug|sip)(?:e?s)?\b")
ORDINALS = ("fir", "sec", "thi", "fou", "fif", "six", "sev", "eig", "nin", "ten")
ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b(?= (?:big |large )?(?:glass|bottle|cup|pint|mug)\b)"
)
"""'On my fourth glass of water': four of them."""
GRAMS_PER_OUNCE = 28.35
OUNCES = re.compile(r"«([\d.]+)g»(?= (?:of |glass|bottle|cup|jug|can|water|more|already))")
"""Of water, ounces are a measure of volume."""
ANOTHER = re.compile(r"\b(?:another|plus|then|and) (\d{3})\b(?!\d)")
THEN_MORE = re.compile(
    r"\b(?P<n>\d+)(?P<of> (?:big |small |large )?(?:glass(?:es)?|bottles?|cups?|mugs?|pints?)(?: of water)?)\b[^.;\d]{0,12}?"
    r"(?:\band|,|\bthen|\bplus) (?:then |another |later )*(?P<more>\d{1,2}) more\b"
)
"""'2 glasses, then 2 more' are four."""
ONE_WATER = re.compile(r"^(?:just |only |big |large |small |tall |cold |hot )*(glass|bottle|cup|pint|jug|can|mug) of (?:[a-z]+ )?water\b")
NO_WATER = re.compile(
    r"\bwater(?:melon|cress| aerobics| polo| ski| sports?| retention| weight| bill| park)|\bcoconut water"
    r"|\btonic water|\bmore water\b(?=.*\b(?:want|need|goal|should|try)\b)"
)
SLEEP = re.compile(
    r"\b(?:slept|sleep|asleep|^bed(?:time)? (?:at )?\d{1,2}[:.]\d\d|nap|napped|insomnia|bed at|went to bed|woke|shut-?eye"
    r"|tossed and turned|all-?nighter|awoke"
    r"|awake|lay there|sleepless|in bed (?:by|at|around|from|before)|lights out|hit the (?:hay|sack)|(?:stayed|was|were|still|been) up"
    r"|^(?:i )?(?:only |just |barely |about )*(?:got|had|managed) (?:only |just |about |maybe |barely )*\d[\d.]* ?(?:hours|hrs"
    r"|h) (?:last night|tonight)"
    r"|kip|overslept|slept in|lie-in|lay in"
    r"|up (?:till|until|til)"
    r"|dro(?:p|pped) off(?! (?:an?|some|the|my|our|his|her|their|at)\b)"
    r"|nod(?:ded)? off|a wink|kept (?:me|us) up|up (?:all|half|most of) (?:the )?night|dozed)\b"
)
POOR_SLEEP = re.compile(
    r"\b(?:could(?:n't| not)|can(?:'t|not)|didn't|did not|wasn't able to|unable to|hardly|barely|never) (?:really |even "
    r"|quite |manage to )?(?:drop"
    r"|get (?:back )?(?:to sleep|off)|fall|go back|nod|sleep|doze|settle|switch off|close my eyes)\b|\b(?:kept|keeping"
    r"|keeps) (?:me|us) (?:awake|up)\b"
    r"|\bwo(?:k|ke)n? (?:me|us)\b|\b(?:awake|up) (?:all|half|most of|for hours|from|since|until|till|at)\b|\blay (?:there"
    r"|awake)\b|\blying awake\b"
    r"|\b(?:not|hardly|barely|didn't sleep|didn't get) a wink\b|\bsleepless\b|\bbroken\b|\binterrupted\b"
    r"|\bsleep was (?:\w+ )?(?:bad|poor|light|rubbish)\b"
    r"|\bno sleep\b|\bwithout sleep\b|\btossing\b|\bnightmares?\b|\basleep (?:until|till|before) (?:[1-6]|one|two|three|four|five|six)\b"
)
ONCE_UP = re.compile(
    r"\b(?:had|ate|drank|grabbed)\b.*\b(?:when|after|before|once|as soon as|until|since) (?:i |we )?(?:woke|waking|slept|bed"
    r"|sleep|a nap|napped)\b"
)
"""'Congee when I woke up' says when, not how one slept."""
SLEEP_GOAL = re.compile(r"\b(?:aim|aiming|aims|target|want|need|should|goal|trying|would like|hope|usually|always|normally|bedtime)\b")
BED = re.compile(
    r"(?:bed|asleep|sleep|slept|lights out|the hay|the sack)(?: (?:at|around|about|from"
    r"|by|before))? (?:about |around )?(\d{1,2})(?:[:.](\d\d))? ?(?:pm|am)?.{0,30}?(?:woke(?: (?:me |us )?up| me| us)?|up|awake"
    r"|alarm|until|till|to|got up"
    r"|-)(?: (?:at|around|about|by))? ?(\d{1,2})(?:[:.](\d\d))?"
)
HOURS_SLEPT = re.compile(r"\b(?:sleep|slept)(?: for| was| of|:)* ?(\d{1,2}):(\d\d)(?: ?h(?:ours|rs)?)?(?! ?[ap]m| ?(?:to|till|until|-))")
UP_FIRST = re.compile(
    r"\b(?:woke(?: up)?|got up|up)(?: (?:at|around|about|by))? (\d{1,2})(?:[:.](\d\d))? ?(?:am)?\b.{0,25}?\b(?:bed|asleep"
    r"|to sleep|lights out)"
    r"(?: (?:at|around|about|by|from))? (\d{1,2})(?:[:.](\d\d))?"
)
"""'Up at 6, bed at 11': the night lies between, whichever is said first."""
WEIGHT = re.compile(
    r"\b(?:(?:at the moment|currently|right now),? (?:it's|i'm|it is|i am) (?:at )?|(?:(?:i|and|but|now|tall|currently"
    r"|still) (?:now |currently |still |only )?weigh|my (?:current )?weight"
    r"|^weigh|body ?weight|weighed(?! out)|weigh[- ]?(?:in|ing)|scales?|weight:?)\b[^.\d]{0,40}?"
    r"|(?:currently|right now|atm) (?:at )?(?=\d{2,3}(?:\.\d+)? ?(?:kg|kilo|lb|pound|st))|(?:i'm|i am|im) (?:at|down to"
    r"|up to|now)(?: (?:about|around|exactly|just|under|over|roughly))* |(?:i'm|i am"
    r"|im) (?=[\d.]+ ?(?:kg|kilo|lb|pound|st))"
    r"|(?:down|up) to )(\d{2,3}(?:\.\d+)?)(?![\d:]| ?(?:g|gr|grams?|oz|ml|%|cal|kcal|calories|min|minutes)\b) ?(kgs?|kilos?"
    r"|kilograms?|lbs?|pounds|stone|st)?\b"
)
SELF = re.compile(r"^(?:i'm|i am|im) (?:.{1,25}?(?:,| and) )+?(\d{2,3}(?:\.\d+)?) ?(kgs?|kilos?|lbs?|pounds|stone)\b")
"""'I'm 5'6 and 140 lbs'."""
COMMA = re.compile(r"\b(\d{2,3}),(\d)\b")
STONE = re.compile(r"\b(\d{1,2}) ?(?:st|stone)(?:,| and)? (\d{1,2})(?: ?(?:lbs?|pounds?))?\b")
"""'11 stone 6' is 160 pounds."""
BARE_WEIGHT = re.compile(
    r"^(?:(?:still|now|currently|today|this morning|weight|at|back (?:at|to|down to)|only|just|about|around|exactly"
    r"|morning|hit|reached)[,:]? )*(\d{2,3}(?:\.\d+)?) ?(kg|kilos?|lbs?|pounds)(?: (?:today|this morning|now))?"
    r"(?:,? (?:that's |so |i'm )?(?:down|up) (?:by |about |almost )?[\w. ]{1,15}? (?:from|since|on|in|compared|this|over|after)\b.*)?$"
)


BESIDE_TARGET = re.compile(
    r"(?:^|(?<=[\w,;]) ?)(?:and |but )?(?:my )?(?:goal|target|aim)(?: weight)?(?: is| of|:)? \d+(?:\.\d+)?(?: ?(?:kgs?|kilos?|lbs?"
    r"|pounds))?(?=[,;]|$)"
)
"""The target of 'bodyweight 58.6 kg, target 57' stands beside the weight."""
BY_NOW = re.compile(
    r"\b(?:but|now) (?:i'm |i am |i feel |feeling |it's |all |much |a lot |a bit )*(?:ok|okay|fine|better|good|great|alright|happy"
    r"|calm)\b(?! (?:if|to|for))"
)
"""'I was anxious but ok now': what counts is how it is now."""


@lru_cache(maxsize=1)
def _rated() -> re.Pattern[str]:
    word = rf"(?:(?:very|really|pretty|quite|so|a bit|rather|too|super) )*(?:{expand('{mood}')}|high|average|medium|decent|poor|middling)"
    return re.compile(
        r"^(?:my |today's |morning |evening |overall |general )*(?:mood|energy|stress|motivation|spirits|form)(?: levels?)?"
        r"(?: (?:today|this morning|this evening|tonight|now|right now|at \d{1,2}(?::\d\d)?))*(?: is| are|:|=)* ?"
        rf"(?P<it>\d{{1,2}}(?:\.\d)?(?: ?(?:/|of|out of) ?\d+)?(?= |,|$)|{word}\b)"
    )


@lru_cache(maxsize=1)
def _mood() -> re.Pattern[str]:
    mood = expand("{mood}")
    fill = (
        r"(?:dead|sort of|a bit|a little|really|very|so|quite|pretty|kind of|kinda|super|too|rather|just|totally|absolutely"
        r"|extremely|completely|more|much|still|feeling|in a|not|always|constantly|also|all|bit|slightly|a lot"
        r"|incredibly)"
    )
    return re.compile(
        rf"\b(?:i'm|i am|im|i feel|feeling|i felt|felt|feel|i've been|i have been"
        rf"|i was)(?: {fill})* (?P<v>{mood})\b(?! (?:to|with|at (?!work)|for (?!a )|in (?!general))\b)"
        r"|\b(?:had|have|having|got|get|'ve got)(?: a| an| the| some| such| bad| terrible| slight| really"
        r"| splitting)* (?P<x>headache|fever|cold(?= (?:and|but|so|since|for|all|today|now|this|again|lately|last)\b|[,.!]|$)"
        r"|flu|migraine|cramps|nausea|hangover)\b"
        r"|\b(?:had|having|it was|it's been|been|what) (?:a|an) (?:really |very |such a |pretty )?(?P<d>rough"
        r"|bad|terrible|awful|hard|tough|great|good|amazing|lovely|wonderful|stressful|long|crappy|fantastic"
        r"|productive|busy|horrible|nice|exhausting|difficult)(?: and \w+)? (?:day|week|morning|night|time"
        r"|weekend|afternoon|evening)"
        r"|\bin (?:a|an) (?:really |very )?(?P<m>good|bad|great|terrible|foul|low|awful|better|happy) (?:mood|place)"
        r"|\bmy mood (?:is|was) (?P<w>\w+)"
        rf"|\bmy (?:day|week|morning|night|weekend|evening)(?: was| is|'s been"
        rf"| has been)(?: {fill})* (?P<y>{mood}|hard|tough|terrible|stressful|lovely|long)\b"
        rf"|^(?:so |really |very |a bit |bit |kinda |kind of |sort of |a little |pretty |just |quite |still |super |too |rather "
        rf"|absolutely |totally )*"
        rf"(?P<b>{mood})(?: (?:today|now|right now|lately|tonight|again"
        rf"|this (?:morning|evening|week)|tbh|lol|and|but|don't know why|not sure why|no idea why|for no reason|for some reason"
        rf"|all day|to (?:tears|death|the max|the bone)|as hell|af|and (?:so |very )?[a-z]+|after work|about .+|because .+|over .+))*$"
        rf"|^(?:i'm |i am |i feel |feeling )?(?:{fill} )*(?P<e>angry|frustrated|annoyed|upset|disappointed|furious|mad|fed up) (?:with|at"
        rf"|by)\b"
        rf"|\bwork(?: is|'s) (?:\w+ )?(?P<s>stressing me|stressful|killing me|overwhelming)"
    )


@lru_cache(maxsize=2048)
def measure(clause: str) -> Measure | None:
    """The measure a statement tells, if it tells one."""
    text = tidy(clause)
    if of_others(text):
        return None
    return _water(text) or _sleep(text) or _weight(text) or _felt(text)


def _water(text: str) -> Measure | None:
    if not WATER.search(text) or NO_WATER.search(text):
        return None
    if re.search(r"\b(?:want|need|should|goal|trying|remind|would like|hope|boil|swim)\b", text):
        return None
    text = THEN_MORE.sub(lambda found: f"{float(found['n']) + float(found['more']):g}{found['of']}", numbered(poured(text)))
    text = ORDINAL.sub(lambda found: str(ORDINALS.index(found.group()[:3]) + 1), text)
    found = marked(text)
    if ounces := OUNCES.search(found):
        return Measure("water", round(float(ounces.group(1)) / GRAMS_PER_OUNCE), "oz")
    if sips := [float(number) for number, unit in MARK.findall(found) if unit == "ml"]:
        ml = sum(sips) + sum(float(more) for more in ANOTHER.findall(found))
        return Measure("water", ml / 1000 if ml >= 1000 else ml, "l" if ml >= 1000 else "ml")
    if unit := WATER_UNITS.search(numbered(re.sub(r"\b(?:a|an|another|one more)\b(?= )", "1", ONE_WATER.sub(r"1 \1 of water", text)))):
        return Measure("water", float(unit.group(1)), unit.group(2))
    return (
        Measure("water")
        if re.search(
            r"\b(?:drank|drunk|drink|drinking|had|^(?:hot |warm |cold |sparkling |iced |lemon |still |tap |fizzy |just |plain )*water\b"
            r"|water so far|log|add|track|record|sipped|just water|only water)\b",
            text,
        )
        else None
    )


IN_GENERAL = re.compile(r"\b(?:when|trouble|problems?|in the daytime|during the day|up and down|worker|better|light sleeper)\b")
"""'I have trouble falling asleep when I train late' tells of no night."""


def _sleep(text: str) -> Measure | None:
    if not SLEEP.search(text) or SLEEP_GOAL.search(text) or ONCE_UP.search(text):
        return None
    clocked = BETWEEN.sub(_mean, _clocked(text))
    if slept := HOURS_SLEPT.search(clocked):
        return Measure("sleep", round(int(slept.group(1)) + int(slept.group(2)) / 60, 2), "h")
    if night := BED.search(clocked) or UP_FIRST.search(clocked):
        one, other = _clock(night.group(1), night.group(2)), _clock(night.group(3), night.group(4))
        hours = other - one if night.re is BED else one - other
        return Measure("sleep", round(hours % 12 or 12.0, 2), "h")
    minutes = amount(marked(clocked if BETWEEN.search(_clocked(text)) else text), "min")
    if minutes is None and POOR_SLEEP.search(text):
        return Measure("sleep", None, "h", "badly")
    quality = re.search(
        (
            r"\b(?:badly|well|poorly|terribly|great|good|bad|awful(?:ly)?|like a (?:baby|log)|fine|ok|okay"
            r"|horribly|can't sleep|couldn't sleep|hardly|barely|didn't sleep|not much|deeply|soundly|amazing"
            r"|terrible|insomnia|nap|tossed|woke(?: up)? (?:\d|several|many|a few|two|three|four|five|a lot|in the (?:middle|night)"
            r"|during|every)|(?:like )?(?:crap|shit|rubbish|trash)|crappy|lousy|restless(?:ly)?|rough(?:ly)?)\b"
        ),
        text,
    )
    if not minutes and not quality and IN_GENERAL.search(text):
        return None
    return Measure("sleep", minutes / 60 if minutes else None, "h", quality.group() if quality else "")


BETWEEN = re.compile(r"\b(\d{1,2}(?:\.\d)?) ?(?:to|-|or) ?(\d{1,2}(?:\.\d)?) ?(?:hours|hrs|h)\b")
NOON = re.compile(r"\b(?:midnight|noon|midday)\b")


def _mean(found: re.Match[str]) -> str:
    return f"{(float(found.group(1)) + float(found.group(2))) / 2:g} hours"


def _clocked(text: str) -> str:
    """Times of day in figures: 'midnight' as 12, 'half past six' as 6:30."""
    return in_figures(NOON.sub("12", numbered(text)))


def _clock(hour: str, minute: str | None) -> float:
    return int(hour) % 12 + int(minute or 0) / 60


def _weight(text: str) -> Measure | None:
    if (stone := STONE.search(numbered(text))) and not re.search(r"\b(?:goal|target|want|lose|lost|lift|years|aim)\b", text):
        return Measure("weight", 14.0 * float(stone.group(1)) + float(stone.group(2)), "lb", f"{stone.group(1)} stone {stone.group(2)}")
    text = COMMA.sub(r"\1.\2", text)
    text = BESIDE_TARGET.sub("", text).strip(" ,;")
    match = WEIGHT.search(numbered(text)) or SELF.search(numbered(text)) or BARE_WEIGHT.search(numbered(text))
    if not match or re.search(r"\b(?:goal|target|want|lift|bench|squat|deadlift|steps|years)\b", text):
        return None
    unit = match.group(2) or ""
    if not unit and re.search(r"\b(?:i'm|i am) (?:at|now)\b", text):
        return None
    return Measure("weight", float(match.group(1)), _weight_unit(unit))


def _weight_unit(unit: str) -> str:
    if unit.startswith(("lb", "pound")):
        return "lb"
    return "st" if unit.startswith("st") else ("kg" if unit else "")


UPSETTING = re.compile(
    r"\b(?:had|having|got into) (?:a |an |another |such a )?(?:\w+ )?(?:fight|argument|row|breakup|break-?up|panic attack|meltdown"
    r"|breakdown)\b"
    r"|\b(?:broke|broken|split) up with\b|\bgot (?:dumped|fired|laid off|divorced)\b|\blost my (?:job|mum|mom|dad|dog|cat|wife|husband)\b"
    r"|\bmy (?!phone|battery|laptop|car|watch|fitbit|tablet|computer|internet|wifi|plants?)\w+ (?:died|passed away|left me"
    r"|is dying)\b|\bfailed (?:my|an|the) (?:\w+ )?(?:exam|test|interview)\b"
)


BADLY = re.compile(
    r"^(?!.*[\d«])(?:.*\b)?(?:i|we) (?:trained|played|ran|performed|worked out|exercised|did) (?:so |really |very |too |quite )*(badly"
    r"|poorly|terribly|awfully)\b"
)
"""'I trained badly' tells how one feels about it."""


RATES = re.compile(r"^(?:\w+(?:'s)? ){0,2}?(?:mood|energy|stress|motivation|spirits|form)\b")


def _felt(text: str) -> Measure | None:
    if RATES.match(text) and (rated := _rated().match(text)):
        return Measure("mood", word=rated.group("it"))
    if badly := BADLY.search(text):
        return Measure("mood", word=badly.group(1))
    upset = UPSETTING.search(text)
    if upset and not mentions(text[upset.end() :]):
        return Measure("mood", word="upset")
    match = _mood().search(text)
    if not match:
        return None
    word = next(value for value in match.groupdict().values() if value)
    if BY_NOW.search(text):
        return Measure("mood", word="better")
    negated = re.search(rf"\b(?:not|don't|isn't|wasn't|haven't been) (?:\w+ ){{0,2}}{re.escape(word)}\b", text)
    return Measure("mood", word=f"not {word}" if negated else word)
