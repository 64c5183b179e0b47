"""The forms of words that a story is made of: who does what, the joints between two clauses, and what only leads in to the telling."""

from __future__ import annotations

import re

from agent.demo.lexicon import lexicon

CUES = frozenset(
    {
        "so",
        "but",
        "because",
        "cos",
        "since",
        "although",
        "though",
        "while",
        "when",
        "as",
        "until",
        "before",
        "after",
        "which",
        "where",
        "who",
        "and",
        "then",
        "that",
        "because,",
        "if",
        "once",
    }
)
"""A story has one of these words, or a comma, between two of its clauses."""
I_WE = frozenset(["i", "we", "i've", "we've", "ive", "me", "my", "our", "i'm", "i'd", "dinner", "lunch", "breakfast", "brunch", "supper"])
FEWEST = 7
"""Words of the shortest story."""
FEWEST_LISTED = 9
"""The same where no word joins its parts, only a comma."""
_ADV = (
    r"(?:just|only|also|then|still|finally|actually|even|quickly|really|honestly|probably|eventually|somehow|literally|basically|both|all"
    r"|each|already|later|afterwards?|instead|sort of|kind of|sadly|luckily|of course|obviously|accidentally|secretly|simply|have"
    r"|had|totally"
    r"|definitely|again|once|at least|gladly|happily|too|now|did|greedily|slowly|easily|ended up|managed to|decided to|got to|was able to"
    r"|had to|treated myself and|gave in and|caved and|sat down and|went home and|sneaked out and|went out and|stopped and|came home and)"
)
_ATE = (
    r"(?:ate|eaten|eating|had(?! (?:to|been|never|just|an? (?:argument|meeting|appointment|call|chat|fight|row|lecture|exam|test"
    r"|nap|shower))\b)|having|drank"
    r"|drunk|drinking|(?<=to )(?:eat|have|drink|get|try)|grabbed|snacked on|munched(?: on)?|devoured|gobbled|nibbled(?: on| at)?"
    r"|downed|scoffed"
    r"|chugged|sipped|demolished|polished off|wolfed(?: down)?|inhaled|tucked into|treated myself to|treated ourselves to|ordered"
    r"|got(?! (?:home|up|back|off|on|to|in|out|into|paid|dressed|stuck|caught|ready|married|bored|so|really|very|hungry"
    r"|the (?:bus|train|job|news))\b)|cooked"
    r"|made(?! (?:it|sure|me|us|up|friends|plans|an? (?:mess|appointment|mistake))\b)(?: myself| ourselves)?|picked(?: up)?"
    r"|dined on|feasted on|lunched on|tried|tasted|shared|bought(?: myself)?|fetched|finished(?: off)?"
    r"|enjoyed|settled for|stuck (?:to|with)|opted for|chose|couldn't (?:help but )?(?:resist|say no to)|gave in to|celebrated with"
    r"|rewarded myself with|consoled myself with|comforted myself with|warmed up|heated up|reheated|microwaved|baked|fried|grilled|boiled"
    r"|blended|whipped up|threw together|put together|knocked up|prepared|fixed myself|poured myself|helped myself to|indulged in"
    r"|(?:sat down|sat(?: at the \w+| there| outside| alone)?|settled down|stayed in|curled up|relaxed|snuggled up|finished"
    r"|ended the day) (?:to|with)|(?:stopped|popped out|nipped out|went out|popped in) for|ended up with"
    r"|took(?! (?:me|us|my|ages|it|part|care|turns|an? (?:bus|taxi|break|nap|shower|train)"
    r"|the (?:bus|train|tram|car|kids|dog|stairs))\b)|swallowed|stole|pinched|nicked|got through|filled up on|survived on|lived on)"
)
_MOVED = (
    r"(?:(?:ran|run)(?! out| late| into| over| away| errands| a bath| low)|running|went|did|doing|walked|(?<=to )(?:run|walk|swim"
    r"|do|go|play|cycle|climb|jog|hike|row|bike|carry)|(?<=up )\w{3,}ing|swam|cycled|biked|rode|jogged|hiked|played|lifted|rowed"
    r"|danced|climbed"
    r"|worked out|trained|exercised|stretched|skipped|skied|surfed|skated|boxed|sprinted|paddled|kayaked|hit|took(?! (?:me|us"
    r"|ages)\b)|finished|completed"
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
    r"|(?:at|in|on|for|after|before|during|by|around|between|from|straight after|right after|with|instead of) (?:(?!and\b|so\b"
    r"|but\b|because\b|i\b|we\b|he\b|she\b|it\b|they\b|there\b|everyone\b|when\b|which\b)[\w'-]+ ?){1,5}?),? )"
)
_US = r"(?:i|we|i've|we've|i'd|ive|we both|(?:my|the|our) (?:\w+ ){1,2}and (?:i|me)|me and (?:my )?\w+|(?-i:[A-Z][a-z]+) and i)"
_JOINT = (
    r"(?:(?:,|;|:| -)? ?(?:\b(?:and then|and so|and that's why|so that|so|but|and|then|yet|because|cos|coz|since|although|though"
    r"|even though"
    r"|while|when|whilst|as soon as|as|until|before|after|where|which(?= (?:i|we)\b)"
    r"|which is why|that's why|which means|anyway|plus|in fact|after which"
    r"|of which|once|if)\b,? ?)+|[,:] ?)"
)
WHEN_FIRST = re.compile(r"(?:(?:and|so|but) )*(?:when|while|where) (?:i|we|my|our|the|he|she|they|it|everyone)\b")
GAVE_ME = re.compile(
    r"(?:afterwards |then |later )?(?:(?:my|the|our|a|his|her)(?: [\w-]+){1,3}|she|he|they|(?-i:[A-Z][a-z]+)) (?:then |kindly "
    r"|also )?(?:(?:gave|brought|made|bought|poured"
    r"|handed|cooked|fixed|served|got) (?:me|us)|treated (?:me|us) to) ",
    re.IGNORECASE,
)
ALL_I = re.compile(
    r"(?:all|the only thing|what) (?:i|we) (?:ate|had|drank|managed)(?: all day| today| tonight)? was (?:just |only )?", re.IGNORECASE
)
NOMINAL = re.compile(r"(?:just |only )?(?:an?|some|one|two|three|four|five|six|\d+|half an?) ", re.IGNORECASE)
MADE_ME = re.compile(
    r"(?:my|the|our|she|he|they)(?: \w+){0,2} (?:made|let|had|forced|got|persuaded|convinced|talked) (?:me|us) (?:to |into )?(?P<did>"
    r"do|run|walk|swim|cycle|row|play|doing|running|walking|swimming|cycling|playing|eat|drink|have|try|trying|eating|having)\b",
    re.IGNORECASE,
)
SUBORDINATE = re.compile(
    r"^[,;: -]*(?:and |but |so )?(?:because|cos|coz|since|although|though|even though|while|when|whilst|as soon as|as|until"
    r"|before|after|where|once)\b"
)
LONG_OPENING = re.compile(
    r"^(?:(?:oh|well|so|and|ok|but|today|yesterday|hi|hey|hello)[, ]+)*(?:after|when|while|whilst|since|because|cos|before|once"
    r"|as|although"
    r"|though|even though|between|during|until|where|on|at|in|by|with|without|instead of|despite|thanks to|due to|for|whenever"
    r"|straight after|right after|yesterday|today|last)\b"
)
"""Behind such an opening the next 'I' begins a clause without a joining word: 'After I put them to bed I had soup'."""
_BE = (
    r"(?:is|are|was|were|am|be|been|'s|'re|'m|had|has|have|'d|'ve|did|does|do|didn't|doesn't|don't|won't|wouldn't|couldn't|can't"
    r"|isn't|aren't"
    r"|wasn't|weren't|hadn't|haven't|hasn't|could|can|would|will|should|might|must|kept|got|made|came|went|said|says|told|took"
    r"|gave|brought|bought"
    r"|ate|drank|ran|left|lost|won|broke|fell|felt|found|forgot|thought|wants?|needs?|knew|met|saw|sent|slept|spent|stole|swam"
    r"|rode|let|put|cut"
    r"|hurts?|woke|wrote|read|sat|stood|began|chose|drove|flew|paid|sold|taught|threw|held|heard|fed|quit|bet|set|spoke|lent"
    r"|keeps?|makes?|comes?"
    r"|goes|loves?|likes?|hates?|tells?|gets|takes|runs out|opens?|closes?|cooks?|sings?|works?|sleeps?|lives?|eats?|swears?"
    r"|insists?|thinks?"
    r"|never|always|\w{2,}ed)"
)
_THEY = (
    r"(?:he|she|it|they|there|everyone|everybody|someone|somebody|nobody|no one|this|that|those|which|who|you|one of \w+|neither"
    r"|both of them)"
)
OTHERS = re.compile(
    rf"(?:{_WHEN})?(?:(?:{_THEY})(?:'s|'re|'d|'ll)? ?(?:{_ADV} )*(?:\b{_BE}\b)?"
    rf"|(?:my|our|the|his|her|their|a|an|all the|some|one of (?:my|the)|both|two|three|most) (?:(?!i\b|we\b"
    rf"|with\b)[\w'-]+ ){{1,6}}?(?:{_ADV} )*{_BE}\b"
    rf"|(?!(?:a|an|the|some|my|our|two|three|four|freshly|home|slow|oven)\b)(?P<bare>[a-z'-]+(?: [a-z'-]+)?) (?:{_ADV} )*(?:is"
    rf"|are|was|were|had run|kept|had|came|didn't|ended|starts?|started|called|cancelled"
    rf"|finished|made|brought|took|cooked|gave|got|said|told|wanted|went|ate|ordered|invited|dragged|persuaded|convinced|jogged"
    rf"|ran|let|does"
    rf"|never|bought|offered|baked|has|needed|asked|dropped|visited|missed|lost|won)\b)"
)
MINE_DOES = re.compile(
    rf"(?:{_WHEN}){{0,2}}(?:{_US})(?:'m|'d|'ve)? (?:{_ADV} )*(?:{_BE}|\w+)\b|(?:{_WHEN})?(?:i'm|im|we're|i'd|i'll)\b", re.IGNORECASE
)
TELLS = re.compile(rf"(?P<when>(?:{_WHEN}){{0,2}})(?:{_US}) (?:{_ADV} )*(?:(?P<ate>{_ATE})|(?P<moved>{_MOVED}))\b", re.IGNORECASE)
TELLS_BARE = re.compile(rf"(?P<when>(?:{_WHEN}){{0,2}})(?:{_ADV} )*(?:(?P<ate>{_ATE})|(?P<moved>{_MOVED}))\b", re.IGNORECASE)
MEAL_WAS = re.compile(
    rf"(?:{_WHEN})?(?:for )?(?:my |our |today's )?(?:dinner|lunch|breakfast|brunch|supper|tea|snack)(?: today| tonight)?"
    r" (?:was|ended up|turned into|became|consisted of)\b(?! (?:a bit|so|very|really|late|great|good|nice|delicious|rushed|quick"
    r"|early|sad"
    r"|lovely|over|ready|cancelled|skipped|awful|boring|amazing|fine|ok|okay|cold|supposed|meant|at|in|with)\b)|(?:only "
    r"|just )(?:an? |some )",
    re.IGNORECASE,
)
DOES_BARE = re.compile(
    rf"(?:{_ADV} )*(?:was|were|is|are|couldn't|didn't|can't|don't|wasn't|went|came|felt|got|fell|sat|woke|left|forgot|missed"
    rf"|needed|wanted|knew"
    r"|thought|lost|won|(?!need|feed|bread|breaded|red|seed|weed|fried|grilled|roasted|boiled|baked|smoked|toasted|mashed|mixed"
    r"|iced|minced"
    r"|scrambled|poached|pulled|steamed|stuffed|dried|salted|battered|sliced|diced|chopped|braised|pickled|cured|candied|glazed|shredded"
    r"|buttered|stewed|whipped|loaded|spiced|malted|flavoured|flavored|coated|topped|filled|based|cooked|sautéed|sauteed|refried|crushed"
    r"|frosted|grated|skimmed|tinned|canned|packed)\w{3,}ed)\b",
    re.IGNORECASE,
)
GERUND = re.compile(
    r"(?:not )?(?!pudding|dressing|stuffing|dumpling|topping|filling|icing|morning|evening|spring)\w{3,}ing\b", re.IGNORECASE
)
BARE_I = re.compile(r" (?=(?:i|we) )", re.IGNORECASE)
SO_THAT = re.compile(r"\b(?:so|such) [^,]{2,40}? (?=that (?:i|we) )", re.IGNORECASE)
IT_WAS = re.compile(r"^(?:it|which|they|that|those) (?:was|were|had|turned out to be) ", re.IGNORECASE)
MADE_FOOD = re.compile(
    r"\b(?:made|cooked|served|baked|ordered|brought|lunch|dinner|breakfast|supper|leftovers?|takeaway|a meal|something)\b", re.IGNORECASE
)
FRAME = re.compile(
    r"^(?:(?:hi|hey|hello|ok|so|well|please|coach)[, ]+)*(?:(?:can|could|would|will|may|must|should) (?:you|i)(?: please| just"
    r"| kindly| quickly)* )?"
    r"(?:please |just |quickly )*(?:(?:write|note|put|log|record|add|enter|save|jot)(?: (?:down|it down|that down))? that"
    r"|tell you(?: that)?"
    r"|(?:i(?:'d| would) like to|i (?:just )?(?:wanted|want|have|need) to|let me) (?:tell you|let you know|report|mention|say"
    r"|note)(?: that)?"
    r"|(?:just )?so you know|just (?:to let|letting) you know(?: that)?|for the record|fyi|you should know(?: that)?)[,:]? "
    r"(?=(?:i|we|i've|we've|yesterday|today|last|this|for|after|on|my)\b)",
    re.IGNORECASE,
)
"""What only leads in to the telling: 'could you please note down that'."""
NO_STORY = re.compile(
    r"\b(?:delete|remove|undo|change|correct|(?<!so )instead of the|wrong|mistake|typo|oops|scratch that|i mean|i meant|actually it"
    r"|no wait|sorry|forgot to"
    r"|tomorrow|next week|usually|every (?:day|morning|week)|want to know"
    r"|(?:planned|menu|ingredients|to buy|recipe)(?= ?:)|when (?:i|we) (?:was|were) \d+ (?!min|km)|back then|as a student)\b"
)
SLEPT = re.compile(r"\b(?:slept|sleep|awake|insomnia|weighed|stayed up|hungover|bed)\b")
DAY_FIRST = re.compile(rf"^(?:(?:so|and|ok|well|hi|hey|hello|oh)[, ]+)*(?P<day>{_DAY})\b(?!'s)", re.IGNORECASE)
DAY_IN = re.compile(rf"\b{_DAY}\b", re.IGNORECASE)


LEAD = re.compile(rf"^{_JOINT}", re.IGNORECASE)
CHAINED = re.compile(r"\b(?:to|up|in and|went|stopped|down and|home and)\b", re.IGNORECASE)
PAST = {
    "eat": "ate",
    "eating": "ate",
    "having": "had",
    "have": "had",
    "drinking": "drank",
    "drink": "drank",
    "try": "had",
    "trying": "had",
    "do": "did",
    "doing": "did",
    "run": "ran",
    "running": "ran",
    "walk": "walked",
    "walking": "walked",
    "swim": "swam",
    "swimming": "swam",
    "cycle": "cycled",
    "cycling": "cycled",
    "row": "rowed",
    "play": "played",
    "playing": "played",
}
AFTER_THEM = re.compile(r"\b(?:after|behind|next to) (?:him|her|it|them)\b ?", re.IGNORECASE)
"""'I had to run after him for 15 minutes': no time of day."""
WHICH = re.compile(r"^\W*(?:all of |both of )?which ", re.IGNORECASE)
SOMEBODY = re.compile(
    r"^\W*(?:(?:and|so|but|because|even though|although|though|since|while|when|as) )*"
    r"(?:i|we|he|she|they|you|my (?!watch|app|phone|garmin|fitbit|strava|tracker)\w+)\b"
)
"""Whoever does something else, of which the numbers are: no word about the meal before."""
AND_I = re.compile(r"^(?:(?:my|the|our) (?:\w+ ){1,2}and (?:i|me)|me and (?:my )?\w+|(?-i:[A-Z][a-z]+) and i) ", re.IGNORECASE)
FOR_MEAL = re.compile(r"\b(?:for|at) (?:my |our )?(?:breakfast|lunch|dinner|brunch|supper|dessert|snack|tea)\b", re.IGNORECASE)
PORTION = re.compile(
    r"\b(?:one|two|three|four|five|six|half|some|it|them|those|that|both|slices?|pieces?|bowls?|plates?|portions?|helpings?"
    r"|handfuls?|glass(?:es)?"
    r"|cups?|\d+)\b"
)
ADVISED = re.compile(r"\b(?:my|the) (?:physio\w*|trainer|coach|pt|doctor)\b", re.IGNORECASE)
STOPPING = re.compile(
    r"\b(?:over|round|along|around|at|in|on|to|from|for|by|except|but|apart|besides|left|was|were|is|brought|opened|made|cooked"
    r"|baked|wanted"
    r"|offered|served|passed|had|box of|there|with(?= (?:his|her|their|my|some|a)\b)|his|her|their|finish|want|eat)\b"
)
OF_DAY = re.compile(r"\b(?:from|since|of) (?:yesterday|last night)\b", re.IGNORECASE)
WHY = re.compile(r"^\W*(?:so|but|because|that's why)\b", re.IGNORECASE)
OCCASION = re.compile(
    r"\b(?:birthday|party|wedding|guests|visit\w*|came (?:over|round)|invited|cooked|made|took (?:me|us)|went out|dinner"
    r"|celebrat\w+|anniversary"
    r"|barbecue|bbq|restaurant|brought|ordered|christmas|feast|festival)\b",
    re.IGNORECASE,
)
SO = re.compile(r"\bso,? ?$")


def plainly_told(text: str, found: re.Match[str]) -> str:
    """What was told without where and how it came to it: 'at the bakery I ended up with a bun' as 'I had a bun'.

    Args:
        text: a clause of the speaker's own eating or moving.
        found: the words it begins with, up to its verb.
    """
    said, rest = found.groupdict(), text[found.end() :]
    if did := said.get("did"):
        return f"I {PAST.get(did.lower(), did)}{rest}"
    before = said["when"] or ""
    when = "".join(f"{part.group()} " for part in (DAY_IN.search(before), FOR_MEAL.search(before)) if part)
    if ate := said["ate"]:
        verb, kept = ate.lower(), when.strip() == before.strip(" ,")
        plain = verb in lexicon("eat_verbs") and verb not in PAST
        if kept and plain and not CHAINED.search(found.group()):
            return text
        verb = PAST.get(verb, verb if verb.split()[0] in lexicon("eat_verbs") and verb not in {"took", "got through"} else "had")
        return f"{when}I {verb}{rest}"
    did_so = text[len(before) :]
    return f"{when}we {AND_I.sub('', did_so, count=1)}" if AND_I.match(did_so) else f"{when}{AFTER_THEM.sub('', did_so)}"
