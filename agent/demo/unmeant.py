"""Clauses that name food or exercise and mean none of it for the log: to come, stored or bought, true in general, a price, an idiom.

What decides is the speaker's own eating or doing: where a clause tells it, only an idiom and a day to come speak against it; where it does
not, a verb, a place or a time of another kind is enough.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agent.demo.words import load

EATING = (
    r"(?:ate|eaten|had|drank|drunk|finished|grabbed|enjoyed|devoured|demolished|scoffed|munched|nibbled|tasted|tried|snacked"
    r"|sipped|downed"
    r"|treated myself|helped myself|shared|split|picked at|went for|got through|polished off|tucked into|ended up with|settled for)"
)
MOVING = (
    r"(?:ran|swam|walked|cycled|biked|rode|jogged|hiked|played|lifted|rowed|danced|climbed|worked out|trained|exercised|stretched|skated"
    r"|skied|surfed|squatted|went|did|done|completed|managed|attended|smashed|took part|came back from|been)"
)
OWN = re.compile(
    rf"(?:^|[,;:.] ?|\b(?:i|we|i've|we've|and|then|so|but|just|also|only|finally|already|today|earlier|now|ive|have|me|myself) )"
    rf"{EATING}\b|\b(?:i|we|i've|we've|just|also|finally|and|so|then|today|only)? ?\b{MOVING}\b"
    r"|\b(?:i'm|i am|we're|we are|currently|now|just) (?:having|eating|drinking|finishing|munching|sipping)\b"
    r"|\bfor (?:my |our )?(?:breakfast|lunch|dinner|supper|brunch|dessert|tea|a snack|elevenses|pudding|starters?)\b"
    r"|^(?:please )?(?:log|add"
    r"|record|track|note|put|enter|save)\b"
)
"""Somebody's own eating or doing, or an order to log it."""
AHEAD = re.compile(
    r"(?<!as )(?<!than )\b(?:planned|pencilled in|scheduled|on the (?:cards|agenda))\b(?! to\b)|\b(?:will|is going to|are going to|shall)"
    r" be\b|\b(?:it|they|that|he|she|dinner|lunch|food)'ll\b|\bon (?:its|their) way\b|^(?:still )?waiting (?:for|on)\b"
    r"|\b(?:coming up|upcoming|to come|looking forward to|can't wait (?:for|to)|signed up for|registered for|booked (?:a|an|my|for|in))\b"
    r"|\b(?:arrives?|arriving|delivered) (?:in|at|soon|later|any)\b|\b(?:we're|i'm|we are|i am) (?:all )?out of\b"
    r"|\bon the (?:stove|hob|grill|shelf|counter)\b|\bin the (?:slow cooker|microwave)\b|\bthawing\b|\bdefrosting\b"
    r"|\bmarinating\b|\bin the oven\b"
    r"|\bwhen (?:i|we) (?:get|am|come|arrive|finish)\b|\bafter work i\b|^(?:prepping|preparing|cooking|making|baking|packing)\b.*"
    r"\bfor (?:tomorrow|the week|later|the weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
ON_A_DAY = re.compile(
    r"\b(?:dinner|lunch|brunch|supper|breakfast|party|date|class|training|match|game|race|wedding|barbecue|bbq|meal|trip"
    r"|marathon)\b.*\b(?:on|this|next|for|come) (?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|evening|night|afternoon"
    r"|lunchtime))?\b"
)
PAST = re.compile(r"\b(?:was|were|had|ate|did|went|last|yesterday|got|made|took|\w{2,}ed)\b")
ALLOWED = re.compile(
    r"\b(?:not|isn't|aren't|never|only) allowed\b|\b(?:mustn't|must not|may not|shouldn't|forbidden|off[ -]limits|have to avoid"
    r"|must avoid|need to"
    r" avoid|should avoid|(?:'d|would|should) rather|better not|had better|have to give up|giv(?:e|ing) up|gave up|laying off|lay off"
    r"|cut(?:ting)? down on|stay(?:ing)? away from|keep(?:ing)? off|swore off|sworn off)\b"
)
NONE_OF_IT = re.compile(
    r"^(?:(?:still|again|so|and|but|today|tonight|absolutely|definitely|sadly|also|there was|i had|had|ate|got|with) )*(?:no|zero"
    r"|not an?|not any"
    r"|not even an?|not one|neither|none of the)(?: more)? (?!(?:joke|lie|shame|regrets|idea|doubt|problem|less|more than|bull"
    r"|need|kidding|worries)\b)"
    r"[a-z' -]+(?:«[\d.]+min»[a-z ]*|\d+ [a-z ]+)?$"
)
"""'No coffee today', 'no sport for 2 weeks'; in 'no breakfast, two coffees' more is told."""
SOME_AFTER_ALL = re.compile(r"\b(?:just|but|only|except|apart from|so|instead|with|and|then|until|till|after)\b")
KEPT = re.compile(
    r"\b(?:in|inside) (?:the|my|our) (?:fridge|freezer|cupboards?|pantry|larder|cellar)\b|^(?:i |we )?(?:still |only "
    r"|just )*(?:have|'ve got"
    r"|i've got|we've got|have got|got)\b.*\b(?:at home|left over|left|in stock|lying around|lying about|to use up"
    r"|for (?:tomorrow|later))\b"
    r"|^(?:just )?(?:got|came|coming|been|back) .*\b(?:shopping|supermarket|grocery|groceries)\b|\bgroceries\b|\b(?:ran|running"
    r"|run|all) out of\b"
    r"|\b(?:was|were|is|are) (?:all )?(?:sold out|gone|out of stock|off|past its|out of date|mouldy|moldy|rotten|reduced|on offer"
    r"|on sale|half price)\b"
)
"""In the house or in the shop, and so not eaten yet."""
BOUGHT = re.compile(r"^(?:i |we )?(?:just |also |have |'ve )*(?:bought|purchased|picked up|stocked up on|ordered online)\b")
GROCERIES = re.compile(r"\b(?:bought|purchased|picked up|stocked up on) (?!an? |one |\d|«|my |some )[a-z ]+(?:,| and ) ?[a-z ]+")
PRICE = re.compile(
    r"[$€£]|\b(?:dollars?|euros?|bucks|cents|quid|pence|eur|usd)\b|\bcosts?\b|\bpric(?:e|es|ey|ed)\b|\bcheaper\b|\bexpensive\b"
)
MEDIA = re.compile(
    r"\b(?:dream(?:t|ed|s)?|nightmares?|documentary|article|video|podcast|post|advert|ad|recipes?|photos?|pictures?|song|jokes?"
    r"|book|novel|talk"
    r"|conversation|argument|debate|chat) (?:about|of|on)\b"
)
EVERY_DAY = re.compile(
    r"\bback then\b|\bback (?:in|at) (?:college|school|uni|university|high school|the day|the days|those days|\w+ school|\d{4}"
    r"|the \d+s)\b"
    r"|\bwhen (?:i|we) (?:was|were) (?:\d+\b(?! ?(?:min|km))|young\w*|little|a (?:kid|child|teen\w*|student|boy|girl)"
    r"|at (?:school|uni\w*|college)|in my)"
    r"|\b(?:in|at) (?:my|her|his) (?:youth|childhood|teens|twenties|thirties|student days)\b|\bgrowing up\b|\bover the years\b"
    r"|\bfor years\b|\ball (?:my|his|her) life\b|\bnowadays\b|\bthese days\b|\bmost (?:days|mornings|evenings|nights|weekends|people)\b"
    r"|\bin (?:spring|summer|winter|autumn|the summer|the winter|the spring|the autumn)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"
    r"|\b(?:once|twice|thrice|times|x) (?:a|per) (?:week|day|month)$"
)
SAYS = re.compile(
    r"^(?:(?:apparently|and|but|so|well|oh|then),? )?(?:my|our|the|a) (?:\w+ )?(?P<who>[a-z-]+)(?:'s)? (?:says?|said|told me"
    r"|tells me|thinks|claims"
    r"|claimed|texted|wrote|reckons|swears|boasted|bragged)(?: to me)?(?: that)? (?P<whose>she|he|they|her|his|their)(?:'s|'d|'ve)?\b"
)
"""'My friend says she ran 50 minutes'."""
NOT_ME = re.compile(
    r"\b(?:except|but not|apart from|without|unlike) (?:me|for me|myself|us)\b|\bnot me\b|, i (?:didn't|don't|passed|abstained)\b"
)
OTHERS_HAVE = re.compile(
    r"^(?:(?:my|the|our) )?(?P<who>[a-z-]+)(?:'s| is| are|'re) (?:[a-z]+ ){0,4}?(?:having|eating|drinking|cooking|making|running"
    r"|doing|going)\b"
)
THEIRS = re.compile(r"^(?:and |but |so |today |then )*(?:he|she|they)(?:'s|'re)? ")
I_TOO = re.compile(r"\b(?:i|we|me|us|i've|myself|i'm)\b")
GIVEN_AWAY = re.compile(
    r"^(?:i |we )?(?:just |also |have )*(?:made|baked|cooked|packed|bought|got|prepared|ordered|fixed|brought|sent|gave|poured"
    r"|served|handed|fried)"
    r" (?:(?:my|our|the|his|her) )?(?:\w+ )?(?P<who>[a-z-]+?)s? (?:an?|some|the|his|her|their|\d+|«)"
)
SUBJECT = r"(?:(?:the|a|an|this|that|these|those|my|our|your|some|most|all|any|so|well|but|and|actually|honestly) )*"
STATES = re.compile(
    rf"^{SUBJECT}(?P<subject>(?:[a-z'-]+ ){{1,5}}?)(?P<verb>is|are|isn't|aren't|has|have|serves?|sells?|makes?|needs?|costs?"
    rf"|tastes?|smells?|burns?|keeps?"
    r"|gives?|helps?|contains?|beats?|looks?|seems?|sounds?|reminds?|requires?|takes|goes|comes|does|doesn't|don't|upsets?|ruins?"
    r"|saves?|calls for"
    r"|wants?|says|will|would|can|can't|should|could|brings?|stinks?|sucks?|belongs?|disagrees?|agrees?|bores?)\b(?! (?:log|put|add)\b)"
)
"""A subject of its own and a verb in the present tense tell what is so."""
NO_SUBJECT = frozenset(
    {
        "i",
        "we",
        "i've",
        "we've",
        "me",
        "breakfast",
        "lunch",
        "dinner",
        "supper",
        "snack",
        "brunch",
        "tea",
        "dessert",
        "meal",
        "today",
        "that's",
        "it's",
    }
    | {
        "ate",
        "had",
        "drank",
        "just",
        "having",
        "log",
        "please",
        "can",
        "you",
        "yesterday",
        "pudding",
        "starter",
        "snacks",
        "brekkie",
        "workout",
        "exercise",
    }
    | {
        "food",
        "it",
        "and",
        "with",
        "so",
        "total",
        "all",
        "drink",
        "drinks",
        "today's",
        "sport",
        "training",
        "intake",
        "then",
        "also",
        "made",
        "i'm",
    }
)
HUNDREDS = re.compile(r"«[\d.]+(?:kcal|min|km|mi|steps)»|\b(?:today|for me|mine|my (?:lunch|dinner|breakfast|snack|supper))\b")
IN_GENERAL = re.compile(
    r"^(?:an? |one |«[\d.]+g» (?:of )?)?(?:[a-z-]+ ){1,3}(?:has|have|contains?|is|are) (?:only |about |around |roughly "
    r"|just )*«[\d.]+(?:kcal|km|mi|g)»[!?. ]*$"
    r"|^(?:on )?(?:mornings|evenings|nights|weekends|weekdays),? |\bon (?:weekends|weekdays)\b|^(?:let's|lets|let us|shall we"
    r"|why don't we|how about)\b"
    r"|^every \w+,? (?:i|we|my)\b|\b(?:dream|last|ideal|perfect|favou?rite|death row) (?:meal|dinner|lunch|breakfast|snack"
    r"|dessert)\b|\bseason\b"
    r"|^note to self\b|\bbooked$|^(?:i |we )?(?:picked|harvested|collected) (?:some |\d+ |a lot of )?[a-z]+s\b(?! up)"
)
"""'An egg has 80 kcal', 'mornings I drink tea', 'let's go for a run'."""
OWN_ONE = re.compile(r"^(?:my|the|this|that|today's|our)\b")
OF_THE_BODY = re.compile(
    r"^(?!.*«)(?:.* )?(?:sore|stiff|aching|bloated|hungover|heartburn|recovering|stomach ?ache|nauseous|full"
    r"|stuffed) (?:\w+ )?(?:from|after|because of|by)\b"
)
SINCE = re.compile(r"\b(?:ages|(?:a )?(?:long )?while|weeks|months|years|forever|time) since (?:i|we)\b")
SPECTATOR = re.compile(
    r"\b(?:went to|going to|at|been to|tickets (?:for|to)) (?:an?|the|my \w+) (?:[a-z]+ ){1,2}(?:match|game|tournament|derby|final)\b"
    r"|\b(?:took|drove|accompanied|walked) (?:my|our|the|his|her) (?:\w+ )?(?:son|daughter|kids?|child|children|boys?|girls?|mum"
    r"|mom|dad|grand\w+) to\b(?! (?:his|her|their)\b)(?!.* and )"
)
COOKING = re.compile(
    r"^(?:then |now |first |next |just )*(?:boil|simmer|cook|bake|roast|fry|microwave|grill|steam|preheat|knead|stir|whisk|chill"
    r"|marinate|reheat)"
    r" (?:the|it|them|your|everything) .*(?:\bfor |\buntil |\bat |«)"
    r"|^(?:the|my) (?:[a-z]+ )?[a-z]+ (?:boils?|simmers?|cooks?|bakes?|roasts?|steams?|chills?|marinates?|rests?) (?:for|in|until|at) "
)
"""'Boil the pasta for 8 minutes'."""
OVER_A_LIST = re.compile(
    r"^[^:]*\b(?:ingredients?|to buy|menu|planned|recipes?|place|ideas?|plan|specials?)\b[^:«]*:"
    r"|^(?:suppose|supposing|imagine|assuming|what if|pretend)\b|\b(?:and|then) (?:stir|mix|bake|whisk|boil|simmer|serve|fold)\b"
    r"|\barriving\b"
    r"|^(?:my|the) (?!label|pack|packet|menu|box|tin|wrapper)(?:[a-z]+ ){1,3}(?:says?|suggests?|recommends?|wants|tells me"
    r"|told me)\b(?!.*kcal»)"
    r"|\bin (?:my|our|his|her|some) (?:country|culture|family|house|religion|home ?town)\b|^(?:i|we) only (?:ever )?(?:eat|drink"
    r"|have|use)\b"
    r"|^[a-z ]+ (?:vs\.?|versus|or) [a-z ]+$|^(?:my )?(?:best|fastest|personal best|average|usual) .*\b(?:is|was)\b|\bonline$"
)
"""'Ingredients: flour, butter', 'suppose I ate 3 eggs', 'rice vs potatoes'."""
MOVED_BY = re.compile(
    r"^(?:my|our|the|his|her|their|an?) (?:(?!other|day|morning|evening|afternoon|night|time|week|moment|gym|park|whole|first"
    r"|last)[a-z]+ ){1,4}?"
    r"(?:ran|swam|cycled|cycles|runs|swims|swim|walked|walks|plays|played|rides|rode|jogs|jogged|trains)\b"
)
"""'A colleague of mine cycles 20 km', 'my horse ran 5 km'."""
FIRST_WORDS = 4
YOU = re.compile(
    r"^(?:you|one|they|people|everyone|everybody|nobody|somebody|someone|who) (?:\w+ )?(?:need|have|eat|drink|should|can|must"
    r"|could|get|use|take|add|put|mix|say|said|like|love)\b|^(?:one|you|we all|everyone|everybody|people) (?:should|must|ought)\b"
)


@lru_cache(maxsize=1)
def _others() -> frozenset[str]:
    lists = load("lexicon.json")
    return frozenset([*lists["others"], *lists["first_names"]])


@lru_cache(maxsize=1)
def _other_verbs() -> frozenset[str]:
    return frozenset(load("lexicon.json")["other_verbs"])


@lru_cache(maxsize=1)
def _idioms() -> re.Pattern[str]:
    """Sayings that are named after food or exercise."""
    return re.compile(rf"\b(?:{'|'.join(load('lexicon.json')['idioms'])})\b")


def unmeant(text: str) -> bool:
    """Whether a marked clause tells nothing that the speaker ate or did, whatever food or exercise it names."""
    if any(sign.search(text) for sign in (_idioms(), *ALWAYS)) or (NONE_OF_IT.match(text) and not SOME_AFTER_ALL.search(text)):
        return True
    if SPECTATOR.search(text) and "«" not in text:
        return True
    if OWN.search(text):
        return False
    if any(sign.search(text) for sign in UNLESS_OWN) or (IN_GENERAL.search(text) and not OWN_ONE.match(text)):
        return True
    if "«" in text:
        return _states(text)
    words = text.split()[:FIRST_WORDS]
    bought = BOUGHT.match(text) and GROCERIES.search(text)
    return bool(bought or _other_verbs().intersection(words) or (ON_A_DAY.search(text) and not PAST.search(text))) or _states(text)


ALWAYS = (ALLOWED, EVERY_DAY, MEDIA, OVER_A_LIST, SINCE)
"""What speaks against an entry even where the clause has a verb of eating."""
UNLESS_OWN = (AHEAD, KEPT, PRICE, YOU, OF_THE_BODY, COOKING)


def _states(text: str) -> bool:
    """'The restaurant serves great ramen', 'pineapple on pizza is a crime'."""
    found = STATES.match(text)
    return found is not None and not set(text[: found.end()].split()) & NO_SUBJECT and not HUNDREDS.search(text)


def done_by_others(text: str) -> bool:
    """Whether a marked clause tells what somebody said of themselves, has right now, or was given by the speaker."""
    if NOT_ME.search(text) or ((THEIRS.match(text) or MOVED_BY.match(text)) and not I_TOO.search(text)):
        return True
    if any(found["who"] in _others() for found in (SAYS.match(text), OTHERS_HAVE.match(text)) if found):
        return True
    given = GIVEN_AWAY.match(text)
    return given is not None and given["who"] in _others() and not I_TOO.search(text[given.end() :])
