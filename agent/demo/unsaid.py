"""Sentences about food or exercise that log nothing: not done, only thought of, done by others, or true in general."""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.foods import mentions
from agent.demo.words import load, marked, tidy

PARTICIPLE = (
    r"(?:\w+ed|had|eaten|run|gone|done|drunk|been|swum|ridden|taken|made|got|chosen|ordered|gotten|bought|come|started|stopped|stuck)"
)
NOT_REALLY = re.compile(
    rf"\b(?:would|could|should|might|ought to)(?:n't| not|) ?(?:have|'ve|of|a) (?:\w+ )?{PARTICIPLE}\b"
    rf"|\b(?:would|could|should|might)(?:'ve|n't've) (?:\w+ )?{PARTICIPLE}\b"
    r"|\b(?:was|were|am|is|are|'m|'s|been) (?:\w+ )?(?:supposed|meant|due|about|going|planning|hoping|tempted|scheduled) to\b"
    r"|\b(?:supposed|meant|planned|intended|wanted|hoped|tried|about|offered|refused|forgot) to (?:eat|have|drink|go|run|do|walk|swim|cycle"
    r"|order|get|train|cook|make|lift|jog|hike|play|work)\b(?!.* (?:and|but|so) (?:i |we |just |only |then |still )*(?:did|ate|had|ran"
    r"|went|managed|ended up|walked|swam|cycled|got|settled)\b)"
    r"|^(?:(?:i|we|maybe|probably|perhaps|so|then|and) )*(?:skipped (?:a|an|the|my|our)\b|(?:might|may|could|should|would"
    r"|will|shall|i'd|i'll) (?:just |also |still"
    r" |probably |maybe |really |rather )*(?:go|have|eat|do|run|get|drink|order|cook|make|try|grab|swim|walk|train|hit|skip|take|be|love"
    r"|like|bring|pack|choose|pick|opt|prepare|prefer)\b)"
    r"|^(?:(?:ok|okay|hmm|well|or|then|so|and)[, ]+)*(?:maybe|perhaps) (?:(?:an?|some|the) )?[a-z ]{3,30}"
    r" (?:then|instead|later|tonight|first)$"
    r"|\b(?:tomorrow|next (?:week|weekend|month|year|mon|tues|wednes|thurs|fri|satur|sun)\w*|later (?:today|tonight|this week))\b"
    r"(?!.*\b(?:ate|had|ran|did|went|was|walked|swam)\b)"
    r"|\b(?:won't|will not|shall not|not going to|not gonna|ain't going to|ain't gonna) (?:be )?(?:hav(?:e|ing)"
    r"|eat(?:ing)?|drink(?:ing)?|do(?:ing)?|go(?:ing)?"
    r"|run(?:ning)?|tak(?:e|ing)|get(?:ting)?)\b"
    r"|\b(?:rained|snowed|called|washed) (?:off|out)\b|\b(?:got|was|is|were|been|'s) (?:cancell?ed|postponed|abandoned)\b"
    r"|^(?:\w+ ){1,3}cancell?ed\b"
    r"|\bmy (?:legs?|arms?|abs|core|glutes|quads|calves|chest|back|shoulders|biceps|triceps) (?:are|is|feels?|hurts?|aches?"
    r"|were|was|still)\b"
    r"|^(?:my|the|our|in the|in my) (?:fridge|freezer|cupboard|shopping|groceries)\b|^(?:my )?(?:favou?rites?(?: \w+)?|likes"
    r"|dislikes) ?[:=-]|\b(?:starts?|begins?|kicks? off) (?:in|at)\b|^(?:heading|off|on (?:my|the) way|leaving|popping|nipping"
    r"|getting ready|warming up)(?: out| off)?(?: to| for| into)\b"
    r"|\b(?:would|'d|could) be (?:nice|good|great|lovely|perfect|amazing|heaven|fun)\b|\bdisappear into\b|\b(?:just )?end (?:the|this) \w+$"
    r"|^(?:i'm |i am )?(?:[a-z]+ ){1,3}later(?: today| tonight)?(?:$|,| for| after| with)(?!.*\b(?:ate|had|ran|did|went|was)\b)"
    r"|\b(?:pb|pr|personal best|best time|record|1rm)\b(?: \w+){0,2} (?:is|was|:|=)|\bi (?:usually "
    r"|normally )?burn (?:about |around |roughly )?«"
    r"|\b(?:tired|sick|bored|fed up) (?:of|with) (?!.*\b(?:ate|had|so i)\b)|^(?:i )?(?:cut|cutting) out\b|\bbetter off with\b"
    r"|^(?:reminder|to-?do|remind me|(?:i )?(?:need to |must |have to )?buy)\b"
    r"|\bif only\b|\bif i(?:'d| had| ate| eat| have| ran| run| did| do| drink| drank)\b|^if\b|\bwish (?:i|we)\b|\bimagine\b"
    r"|\b(?:almost|nearly|came close to) (?:had|ate|drank|ordered|got|went|bought|having|eating|ran|gave in)\b"
    r"|\b(?:refused|resisted|declined|rejected|avoided|turned down|said no to|passed on|passed up|stayed away from|steered clear of"
    r"|walked past|held off|threw away|threw out|binned"
    r"|didn't (?:touch|finish|order|want|take|try|get|give in to|go for|buy))"
    r" (?:out on )?(?:a|an|the|my|all|any|that|those|some|both|eating|having|\w+s)\b"
    r"|^(?:i |we )?(?:just |also |really |was |were |have been |been )*(?:considered|considering|contemplated|contemplating|debating"
    r"|dreamt|dreaming|thought about|thought of|talked about|read about|looked at|looking at|saw|smelled|smell|watched|watching|watch)\b"
    r"|\b(?:don't|do not|not) (?:eat|drink|touch)(?:ing)?\b(?!.*\b(?:but|had|ate|just|only)\b)|^[a-z ]+ kills? me\b(?!.*«)"
    r"|\bnot (?:having|ordering|tasting) (?:the|any|that|those|my)\b(?!.*\b(?:but|had|ate|just|only)\b)"
    r"|\b(?:class(?:es)?|gym|pool|sessions?|court|pitch|track|studio|match|game|lesson|practice) (?:was|were|is|are) (?:\w+ )?(?:full"
    r"|packed|closed|shut|booked|busy"
    r"|off|flooded|rammed|heaving|sold out)\b(?!.*\b(?:so|but) (?:i|we)? ?(?:did|went|ran|swam|walked|had)\b)"
    r"|\b(?:careful|cautious|sparing|strict) with\b|\b(?:i|we) get (?:my|our|enough|a lot of|plenty of) (?:steps|exercise|movement)\b"
    r"|\b(?:i|we) (?:also |now |even )*(?:grow|plant|sell|sow|harvest)\b|\bon (?:my|the) (?:shopping|grocery|to-?do) list\b"
    r"|\bnot had\b|\bhaven't (?:had|eaten|drunk|done)\b"
)
"""Not done, whatever food or exercise it names."""
FOR_OTHERS = re.compile(
    r"\b(?:made|cooked|baked|bought|prepared|ordered|got|packed|brought|fed|gave|served|prepped|getting|making|cooking|baking|buying)\b"
    r"[^,;]*\b(?:for|to) (?:(?:my|our|the|his|her|their|a) )?(?:\w+ )?(?:@|them|him|her|everyone|others|tomorrow|later|the week|the weekend"
    r"|sunday|monday|tuesday|wednesday|thursday|friday|saturday|next week|church|party|birthday)s?\b"
    r"|\btook (?:a |an |the |some |my |our )?(?!(?:[a-z]+ ){0,2}(?:dogs?|pup\w*|kids?|child\w*|baby|toddler|pram|buggy|pushchair|stroller"
    r"|son|daughter|grand\w+|lab|spaniel|collie|terrier|whippet|poodle|greyhound|retriever|bus|train|stairs"
    r"|bike) )(?:[a-z]+ ){1,3}(?:to (?:work|school|church|her|him|them|the (?:office|party"
    r"|neighbou?rs?|kids|school|staff|class|team)|my @)|for (?:my|the"
    r"|a) \w+|round|over)\b"
    r"|^(?:cooked |made |dinner |lunch |breakfast |snacks? )?for (?:my|the|our) (?:\w+ )?(?:@)s?\b|^(?:i )?(?:cooked|made"
    r"|baked) for (?:my|the|our)\b"
    r"|\b(?:drove|driving|dropped|dropping|picked|picking|collected|brought|ferried|chauffeured|taxied) (?:my|the|our|both"
    r"|all) (?:\w+ )?(?:@)s?\b[^,]*\b(?:to|from|at|off|up)\b"
    r"|^(?:i |we )?(?:just |also )?(?:fed|gave|served)\b|\bmeal[- ]?prepp?(?:ed|ing)?\b"
    r"|\b(?:bought|picked up) .*\b(?:at|from) the (?:store|shop|supermarket|market)\b(?!.*\b(?:ate|eaten|had)\b)"
    r"|\b(?:they|he|she|someone|somebody|@s?) (?:\w+ )?offered (?:me|us)\b"
)
"""Bought, made or handed to somebody: no word of having eaten it."""
THINGS = (
    r"(?:bike|bicycle|treadmill|kettlebells?|dumbbells?|weights|rower|skis|skateboard|surfboard|racket|exercise bike|rowing machine|gym"
    r"|elliptical|cross trainer|trampoline|punching bag|stepper)"
)
OWNED = re.compile(
    rf"^(?!.*«)(?:.*\bnew {THINGS}\b"
    rf"|(?:i |we |i've |we've |just |finally |have )*(?:bought|ordered|purchased|sold|own|rented|hired|borrowed"
    rf"|got rid of)\b.*\b{THINGS}\b)"
)
"""'I finally bought a bike' rides none."""
LONG_AGO = re.compile(
    r"^(?!.*«[\d.]+(?:min|kcal)»).*(?:\b(?:i|we) once\b|\bused to\b|\byears ago\b|\bback in (?:the|my|19|20)"
    r"|\bwhen i was (?!at|in|on|there|done|hungry)|\bas a (?:kid|child|teenager|teen|student|boy|girl)\b"
    r"|\bin my (?:youth|twenties|thirties|20s|30s)\b|\bin (?:19|20)\d\d\b|\blast (?:year|summer|winter|spring|autumn)\b)"
)
"""Of a time long gone, and not for the log."""
GENERAL = re.compile(
    r"^(?:the|that|those|these|this) (?!.*\b(?:breakfast|lunch|dinner|supper|snack|brunch|meal)\b)(?:[a-z]+ ){1,3}(?:was"
    r"|were) (?:so |really |very |such "
    r"|absolutely |pretty |just )*(?:good|great|nice|delicious|amazing|lovely|tasty|yummy|fantastic|perfect|awful|bad"
    r"|disgusting|dry|cold|salty|burnt"
    r"|incredible|bland|excellent|wonderful|gorgeous|ok|okay|fine)(?: today| tonight| too| though| lol)*$|"
    r"^(?:there(?:'s| is| are| was| were)|(?:the|this|that|my) (?:recipe|fridge|menu|cafeteria|canteen|shop|store|gym|pool"
    r"|class|coach|app)\b.*"
    r"\b(?:needs?|has|have|had|says?|calls?|opens?|closes?|serves?|served|is|are|was|offers?|starts?|costs?)\b)"
    r"|^(?:a |an |the )?(?:[a-z]+ ){1,3}(?:is|are|has|have|contains?|tastes?|makes|costs?|gives|keeps?|seems?"
    r"|looks?) (?!a snack|for (?:lunch"
    r"|dinner|breakfast))(?:no |not |so |too |a lot|very |really |full|high|low|good|bad|better|great|healthy|unhealthy|my |the |better"
    r"|expensive|cheap|many|lots|more|less|loads|delicious|nice|on |out|gone|overrated|underrated|boring|fun|hard|easy|tiring|exhausting)"
)
"""'Pizza has a lot of calories', 'there's cake in the fridge': true, and eaten by nobody yet."""
ATE = re.compile(
    r"\b(?:(?<!have )ate|i had|we had|and had|i've had|eaten it|finished it|tried some|had some|myself|and me|and i|with me"
    r"|accepted)\b|\bfor (?:my|our|us|lunch|dinner|breakfast|brunch)\b(?! (?:tomorrow|next))"
)
SUBJECT = r"^(?:(?:today|yesterday|and|so|but|also|well|oh|last night|this morning|tonight),? )*"
I_TOO = re.compile(r"\b(?:i|we|i've|we've|me|us|i'm)\b")


@lru_cache(maxsize=1)
def _others() -> str:
    return "|".join(sorted(load("lexicon.json")["others"], key=len, reverse=True))


@lru_cache(maxsize=1)
def _for_others() -> re.Pattern[str]:
    return re.compile(FOR_OTHERS.pattern.replace("@", f"(?:{_others()})"))


@lru_cache(maxsize=1)
def _gave_me() -> re.Pattern[str]:
    """'My friend gave me', 'the kids made us': what follows was one's own to eat."""
    names = "|".join(load("lexicon.json")["first_names"])
    return re.compile(
        r"^(?P<lead>(?:(?:today|yesterday|tonight|this morning|last night|and|so|then|also|oh),? )*)"
        rf"(?:(?:my|our|the|a|an|his|her) )?(?:\w+ )?(?:(?:{_others()})s?(?:[ -]in[ -]law)?|{names})"
        r" (?:just |also |kindly |very kindly |then )?"
        r"(?:made|gave|brought|bought|got|cooked|baked|fixed|poured|served|handed|treated|fed|grabbed|fetched)"
        r" (?:me|us)(?: to| up| over)? ",
        re.IGNORECASE,
    )


A_GIFT = re.compile(
    r"\b(?:birthday|present|gift|christmas|recipe|for (?:later|tomorrow)|from (?:her|his|their) (?:garden|allotment|tree|holiday|trip))\b",
    re.IGNORECASE,
)
MANY = re.compile(
    r"(?:about )?(?:[1-9]\d? (?!(?:tickets?|euros?|pounds?|dollars?|bucks|lifts?|books?|tips?|weeks?|days?|flowers?)\b)[a-z]|«\d+g»)"
)
"""So many of something, which after 'my friend gave me' is asked about where it is not known."""


def given(clause: str) -> str:
    """'My husband made me a cup of tea' as 'had a cup of tea'; any other clause as it is."""
    found = _gave_me().match(clause)
    if not found or A_GIFT.search(clause) or not (mentions(tidy(clause[found.end() :])) or MANY.match(marked(clause[found.end() :]))):
        return clause
    return f"{found['lead']}had {clause[found.end() :]}"


@lru_cache(maxsize=1)
def _somebody() -> re.Pattern[str]:
    """A sentence whose subject is another: 'my wife and her friends went running', 'tom brought donuts'."""
    names = "|".join(load("lexicon.json")["first_names"])
    doing = (
        r"(?:\w+ed|ate|had|has|is|was|are|were|made|drank|went|ran|bought|brought|got|gave|did|does|swam|rode|took|won|eats?|runs?|goes"
        r"|loves?)\b"
    )
    kin = rf"(?:(?:my|our|his|her|their|the|a) )?(?:\w+ )?(?:{_others()})s?(?:'s (?:\w+ )?\w+)?"
    who = rf"(?:{kin}|{names})"
    return re.compile(
        rf"{SUBJECT}{who}(?: and (?:{who}|(?:her|his|their|the|my) \w+))?(?: (?:just|also|always|all|both|usually|already))* {doing}"
    )


def not_done(text: str) -> bool:
    """Whether a tidied sentence tells that something was not eaten or done, or only thought of."""
    return bool(NOT_REALLY.search(text))


def of_others(text: str) -> bool:
    """Whether a tidied sentence tells what others ate or did, or what was bought or made for them."""
    if _somebody().match(text) and not I_TOO.search(text):
        return True
    return bool(_for_others().search(text)) and not ATE.search(text)


ADVISER = re.compile(
    r"^(?:and |but |so |well )*(?:my |the |a |our )?(?:\w+ )?(?:doctor|dr|gp|physio\w*|nurse|dietitian|dietician|nutritionist|consultant"
    r"|surgeon|specialist"
    r"|cardiologist|osteopath|chiropractor|midwife|dentist|pt|trainer|coach|therapist|rheumatologist|podiatrist)(?: [a-z]+)? (?:says?"
    r"|said|told|tells"
    r"|thinks?|wants?|recommend\w*|suggest\w*|advise[sd]?|reckons|gave|has (?:told|banned|given|put)|banned|put|warned|prescribed|allows?"
    r"|allowed|lets?|is|was)\b"
    r"|^(?:and |but |so |well )*(?:my|our|the|everyone|everybody|people) ?(?:\w+ ){0,2}?(?:says?|said|thinks?|reckons?|told|tells|suggests?"
    r"|keeps? (?:saying|telling)|insists?) (?:me )?(?:that )?(?:i (?:should|shouldn't|need|must|ought|have to|could|can)|to)\b"
)
"""What a doctor, a physio or one's mother says is no workout and no meal."""
THEIR_LIKES = re.compile(
    r"(?:and |but |so )*(?:she|he|they|my (?:\w+ ){1,2})(?: ?(?:really|also|just|still))* ?(?:doesn't|don't|does not|do not|hates?|loathes?"
    r"|loves?|likes?|prefers?|adores?)\b(?!.*\b(?:i|we)\b)"
)
"""'She doesn't like aubergine': what another likes."""


def in_general(text: str) -> bool:
    """Whether a tidied sentence tells what is so, and nothing that was eaten or done."""
    if OWNED.match(text) or LONG_AGO.match(text) or THEIR_LIKES.match(text):
        return True
    return bool(GENERAL.search(text)) and not ATE.search(text)
