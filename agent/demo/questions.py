"""What a question asks for: the log, something told, energy of a food or of exercise, or advice."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.demo.activities import find
from agent.demo.acts import Act
from agent.demo.days import named_day
from agent.demo.foods import tokens
from agent.demo.kinds import kind_act
from agent.demo.lexicon import lexicon
from agent.demo.meals import items
from agent.demo.moves import moves
from agent.demo.patterns import first, section
from agent.demo.words import marked, singular, tidy

I_DID = (
    r"\b(?:did|have|had|'ve|do)(?:n't)? i\b|\bi(?:'ve| have| had)?(?: (?:already|just|also|even))? (?:ate"
    r"|eaten|eat|had|have|drank|drunk|done|did|logged|log|burned|burnt|run|ran|exercised|trained|worked)\b"
    r"|\bmy\b"
)
MINE = re.compile(I_DID)
EATING = re.compile(
    r"\b(?:eat|ate|eaten|eating|have for|had for|had to eat|have to eat|drink|drank|drunk|food|foods"
    r"|meals?|breakfast|lunch|dinner|supper|snacks?|snacked|brunch|consumed?|dessert|consume|cook"
    r"|cooked)\b"
)
MOVING = re.compile(
    r"\b(?:exercis\w*|work(?:ed|ing)? ?outs?|workouts?|train(?:ed|ing)?|activit\w+|active|move|moved|sport"
    r"|sports|run|ran|far|gym|steps|session|been doing)\b|\bi (?:do|done)\b|\bi(?:'ve| have) done\b"
)
ENERGY = re.compile(r"\b(?:calories?|kcals?|kilocalories|cals?|energy|fattening|calorific)\b")
TOTAL = re.compile(
    r"\b(?:total|all together|so far|left|remaining|altogether|overall|in all|sum|intake|how much did i (?:eat|exercise"
    r"|drink)|how much have i (?:eaten|had|exercised)|how (?:long|much|many (?:minutes|hours|mins|workouts"
    r"|times)) (?:did|have|do) i|how many (?:minutes|hours|mins) of)\b"
)
AVERAGE = re.compile(r"\b(?:average|on average|avg|mean|typically|per day|a day|each day|daily)\b")
BURN = re.compile(r"\b(?:burn|burns|burned|burnt|burning)\b")
BURNED = re.compile(r"\b(?:did|have) (?:i|that|it|this) (?:just )?burn")
WHEN = re.compile(r"^(?:\w+ )?(?:when|(?:at |around )?(?:what|which) (?:time|day|hour)|how long (?:ago|since)|which day)\b")
LOG = re.compile(
    r"\b(?:my|the|today's|yesterday's) (?:log|diary|entries|entry|tracker|journal|records?|history|progress|stats"
    r"|day|summary)\b|\bwhat(?:'s| is| have i| did i| i) (?:in the log|logged|been up to|on record)|\bhow (?:am i"
    r"|have i been|did i|was i|is my day|are things) (?:doing|going|done|do)\b|\bhow(?:'s| is) my (?:day|progress"
    r"|week)\b|\b(?:what|everything|all) (?:have |did |that )?i(?:'ve| have)? (?:logged|log|tracked|recorded)\b"
    r"|\b(?:summary|recap|overview|rundown|breakdown|review) (?:of|for) (?:my |the |this )*(?:day|today|yesterday|week|log|food"
    r"|meals|workouts?)\b"
    r"|\b(?:sum|wrap) up (?:my |the )?(?:day|today|yesterday|week)\b"
    r"|\bin (?:the|my) (?:\w+ )?(?:log|list|diary)\b|\bis (?:the|my|that) [a-z ]+ in there\b|\bwhat did i do today\b"
    r"|\bhow active (?:was|have|am|were) (?:i|we)\b"
    r"|\bread (?:me )?back\b|\bam i (?:still )?(?:over|under|above|below|within|past)\b.{0,25}\b(?:kcal|calories|limit"
    r"|budget|goal|target|\d{3,4})\b|\bhave i logged\b|\bdid i log\b|\bhow was my (?:day|week)\b|\bwhat was logged|\bdaily summary\b"
    r"|\bam i on track\b|\b(?:show|list|give|tell)(?: me)? (?:everything|all|it all|the lot)\b.*\b(?:today|yesterday|so far|logged)\b"
)
GENERAL = re.compile(
    r"\b(?:are (?:in|there in)|is (?:in|there in)|does|do .*have|in (?:a|an|one|the|\d|«|some|my usual)"
    r"|calories in|kcal in|is (?:a|an|\w+) (?:fattening|high)|are \w+ (?:fattening|high)|for (?:a|an|\d|«)"
    r"|has|contain)\b"
)
HABIT = re.compile(
    r"\b(?:when|how often|what time|where|who|(?:with )?whom|which days?|what days?|how many times a \w+) do (?:i|we)\b"
    r"|\bdo (?:i|we) \w+ (?:a|per|each|every) (?:day|week|night|morning)\b"
)
NUTRIENT = re.compile(
    r"\b(?:how (?:much|many)|what).*\b(?:carbs?|carbohydrates|protein|fat|fib(?:er|re)|sugar|sodium|salt"
    r"|macros|vitamins?)\b.*\b(?:in|does|do|has|have)\b|\b(?:carbs?|protein|fat|sugar|macros) in\b"
)
COMPARE = re.compile(
    r"\b(?:healthier|better|worse|more calories|fewer calories|less calories|lighter)\b.*\bor\b|\bor\b.*\b(?:healthier|better|worse)\b"
)
SUM_OF_IT = re.compile(
    r"^(?:so |and |ok |okay )*(?:how (?:much|many)(?: calories| kcals?| minutes)?|what)(?:'s| is| was| does| do| did| are| would)? "
    r"(?:that|it|this|those|all that|all of (?:that|it)|everything)\b.*\b(?:al+together|all together|in total|total|in all|add up"
    r"|come to|sum|make)\b"
)
"""'How much is that all together?' asks for the day's sum."""
LEFT = re.compile(
    r"\b(?:how (?:much|many)(?: more)?(?: calories| kcal| food)?|what) (?:can|may|could|am) i (?:still|yet|allowed to"
    r"|left to)(?: allowed to)? (?:eat|have|drink)\b|\bhow (?:many|much) more (?:calories|kcals?|cals)\b|\b(?:how (?:many"
    r"|much)(?: calories| kcals?| cals)?|what(?:'s| is"
    r"| do i(?: still)? have"
    r"| have i(?: still)? got)(?: still)?)\b.{0,25}\b(?:left"
    r"|remaining|to go)\b"
)
OTHER_UNITS = re.compile(r"\b(?:kilos?|kg|pounds|lbs?|stone|days?|weeks?) (?:is|are|to|until|till|left|do)\b")
HOW_TO = re.compile(r"^(?:so |and |but )*how (?:do|can|could|should|would) (?:i|we)\b(?! (?:do|look)\b)")
"""'How do I make my lunch healthier?' asks how to, and not for the log."""
HAD_MINE = re.compile(r"\b(?:was|were|did) (?:in )?(?:my|that|those|the)\b")
"""'How many kcal was my sandwich?' asks for the log, not for sandwiches in general."""
PICKS = re.compile(r"\bmy (?:longest|shortest|biggest|largest|smallest|highest|lowest|heaviest|lightest|most \w+|least \w+|hardest) ")
COUNTING = re.compile(
    r"\bhow (?:long|many (?:minutes|hours|mins|workouts|times)|much (?:did|have) i (?:eat|eaten|exercise"
    r"|exercised|move|moved|train|run|work|walk|logged|had)|much time|much exercise)\b"
    r"|\bmy (?:\w+ )?(?:total|average|intake)|\btotal\b"
)
OF_WEEK = re.compile(r"\b(?:my|the|whole|entire|weekly) (?:week|summary|recap|overview)\b(?<!the summary)")
LAST = re.compile(
    r"\b(?:last|latest|most recent|previous) (?:meal|thing|food|snack|breakfast|lunch|dinner|workout|run"
    r"|session|exercise)\b|\bi (?:last|ever|recently) "
)


def question_act(clause: str) -> Act:
    """The act of a question.

    Args:
        clause: one clause in the person's own words.
    """
    text = tidy(clause).strip(" ?")
    return (
        kind_act(clause, text)
        or _plainly_of_log(clause, text)
        or _about_log_numbers(clause, text)
        or _about_energy(clause, text)
        or _by_rule(clause, text)
        or _about_facts(clause, text)
        or _about_log(clause, text)
        or _about_anything(clause, text)
    )


def _act(intent: str, clause: str, text: str, topic: str = "") -> Act:
    asked = marked(text)
    return Act(intent, clause, items(asked), moves(asked), topic=topic, day=named_day(text))


def _plainly_of_log(clause: str, text: str) -> Act | None:
    """'When was my last swim?', 'have I gone over?': of the log, whatever else the words could mean."""
    rule = first("of_log", text)
    if rule is None or (rule.intent == "ask_when" and not _logged_thing(text)):
        return None
    return _act(
        rule.intent, clause, text, _thing(text) if rule.intent == "ask_when" else _meal(text) if rule.topic == "meal" else rule.topic
    )


def _about_log_numbers(clause: str, text: str) -> Act | None:
    """Totals and averages, before energy: 'how many calories so far' names no food."""
    if (
        re.search(r"\b(?:should|could|can|would|must|goal|target|need to)\b", text)
        and not re.search(r"\b(?:still|left|remaining|how many more (?:calories|kcals?|cals))\b", text)
    ) or first("safety", text):
        return None
    if BURNED.search(text) and not find(tokens(text)):
        return _act("ask_total", clause, text)
    return _counted(clause, text)


def _counted(clause: str, text: str) -> Act | None:
    food = [item for item in items(marked(text)) if item.food]
    if OTHER_UNITS.search(text) and not ENERGY.search(text):
        return None
    if SUM_OF_IT.search(text) or (LEFT.search(text) and (ENERGY.search(text) or not food)):
        return _act("ask_total", clause, text)
    numbers = ENERGY.search(text) or (AVERAGE.search(text) and named_day(text)) or COUNTING.search(text)
    about_log = MINE.search(text) or named_day(text) or TOTAL.search(text)
    if not numbers or not about_log or re.search(r"\b(?:sleep|slept|water|weigh)\b", text):
        return None
    if AVERAGE.search(text) and (MINE.search(text) or named_day(text)):
        return _act("ask_average", clause, text)
    if not named_day(text) and (food or (BURN.search(text) and moves(marked(text)))):
        return None
    return _act("ask_total", clause, text, _thing(text) if find(tokens(text)) else _meal(text))


def _about_energy(clause: str, text: str) -> Act | None:
    """Energy of a food or of exercise in general."""
    asked = marked(text)
    done = moves(asked)
    burning = BURN.search(text) or re.search(r"\bhow (?:much|many) (?:is|would|are) (?:that|it|be)\b", text)
    if done and (burning or (ENERGY.search(text) and not MINE.search(text) and not items(asked))):
        return _act("ask_burn", clause, text)
    foods = [item for item in items(asked) if item.food]
    if foods and ENERGY.search(text) and HAD_MINE.search(text):
        return _act("ask_total", clause, text, foods[0].name)
    if foods and (NUTRIENT.search(text) or (len(foods) > 1 and COMPARE.search(text))):
        return _act("ask_calories", clause, text)
    if not ENERGY.search(text):
        return None
    if foods:
        return _act("ask_calories", clause, text)
    unknown = [item for item in items(asked, eager=True) if item.name]
    return Act("ask_calories", clause, tuple(unknown[-1:])) if GENERAL.search(asked) and unknown else None


def _by_rule(clause: str, text: str) -> Act | None:
    rule = first("question", text)
    if rule is None:
        return None
    if rule.intent == "advise_wellness" and rule.topic == "sleep" and re.search(r"\bdid i\b|\bhave i\b", text):
        return None
    return _act(rule.intent, clause, text, rule.topic or _meal(text))


def _meal(text: str) -> str:
    return next((word for word in map(singular, tokens(text)) if word in lexicon("meals") or word in {"dessert", "smoothie"}), "")


def _about_log(clause: str, text: str) -> Act | None:
    if LOG.search(text):
        act = _act("ask_log", clause, text)
        return replace(act, day="week") if not act.day and OF_WEEK.search(text) else act
    if HABIT.search(text) and not named_day(text):
        return _act("ask_fact", clause, text)
    mine = re.search(
        (
            r"\b(?:did|have|had|'ve|do)(?:n't)? (?:i|we)\b|\bi(?:'ve| have| had)? (?:ate|eaten|eat|had|have|drank"
            r"|drunk|done|did|run|ran|exercised)\b|\bmy (?:last|latest|meals?|workouts?|breakfast|lunch|dinner"
            r"|snacks?|food|exercise|runs?|activit)\b"
        ),
        text,
    )
    if not (mine or PICKS.search(text)) or _told_not_logged(text) or HOW_TO.match(text):
        return None
    if WHEN.search(text) and _logged_thing(text):
        return _act("ask_when", clause, text, _thing(text))
    if _move_question(text):
        return _act("ask_workout", clause, text, _thing(text))
    return _act("ask_food", clause, text, _thing(text)) if _food_question(text) else None


def _told_not_logged(text: str) -> bool:
    """Questions about what was said, planned, felt or is so in general."""
    return bool(
        re.search(
            (
                r"\b(?:water|sleep|slept|weigh|weight|tell|told|say|said|mention|feel|promise|plan|planned|name|allerg"
                r"|usually|favou?rite|like|prefer|hate|avoid|want|goal|hurt|live|study|call|take|supposed|bedtime"
                r"|my (?:sister|brother|mum|mom|dad|friend|wife|husband|dog|cat))\b"
            ),
            text,
        )
    )


def _move_question(text: str) -> bool:
    done = find(tokens(text))
    if done and not items(marked(text)):
        return True
    return (
        bool(MOVING.search(text))
        and not re.search(r"\b(?:eat|ate|eaten|drink|drank|drunk|breakfast|lunch|dinner|snack|food|meal)\b", text)
        and not any(item.food for item in items(marked(text)))
    )


def _food_question(text: str) -> bool:
    return (
        bool(EATING.search(text))
        or any(item.food for item in items(marked(text)))
        or bool(re.search(r"\bwhat (?:did|have) i (?:have|had)\b", text))
    )


def _logged_thing(text: str) -> bool:
    return bool(
        find(tokens(text)) or items(marked(text)) or EATING.search(text) or re.search(r"\b(?:exercise|work ?out|train)\b", text)
    ) and not re.search(r"\bmy (?:next )?(?:marathon|race|appointment)\b|\bis my\b|\bare my\b", text)


def _thing(text: str) -> str:
    """The food, workout or meal a question about the log names."""
    foods = [item for item in items(marked(text)) if item.food]
    if foods:
        return foods[0].name
    done = [hit for hit in find(tokens(text)) if hit.activity.name not in {"workout", "gym"} or "gym" in hit.said]
    return done[0].said if done else _meal(text)


def _about_facts(clause: str, text: str) -> Act | None:
    for pattern in section("fact_topics"):
        if pattern.find(text):
            return _act("ask_fact", clause, text, pattern.topic)
    return None


def _about_anything(clause: str, text: str) -> Act:
    """A question about oneself or people one knows is for the memory; any other is off topic."""
    if re.match(r"^(?:translate|write|code|solve|calculate|compose|draw|sing|spell|define)\b", text):
        return _act("off_topic", clause, text)
    if (
        re.search(r"\b(?:my|i|i'm|i've|we|our|mine|told me|about me|for me)\b", text)
        or re.match(r"^(?:and )?who(?:'s| is) [a-z]+$", text)
        or _names_someone(clause)
        or re.search(r"\b(?:what's|what is|who's|where's|when's|what are) (?!today|yesterday|it|the|a)[a-z]+'s ", text)
    ):
        return _act("ask_fact", clause, text)
    return _act("off_topic", clause, text)


def _names_someone(clause: str) -> bool:
    """A capitalised name within the question: 'when does Anna arrive?'."""
    inner = clause.partition(" ")[2]
    return bool(re.search(r"\b[A-Z][a-z]+\b", inner)) and not re.search(
        r"\b(?:who (?:won|wrote|invented|is the)|capital|president|population|weather|world)\b", clause, re.IGNORECASE
    )
