"""From a message to what it is about: a list of acts, about one a clause, each with its foods, workouts or facts.

The patterns are in data/rules.json, the facts in data/facts.json; this module says in which order they are asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from agent.demo.acts import Act
from agent.demo.amending import amended, shared
from agent.demo.chatter import net, tells_of_oneself
from agent.demo.clauses import clauses, is_question
from agent.demo.dating import day_kept
from agent.demo.facts import Fact, in_clause
from agent.demo.foods import mentions
from agent.demo.headers import unheaded, without_asides
from agent.demo.languages import foreign, is_code, is_emoji
from agent.demo.logtalk import VITALS, log_act
from agent.demo.meals import items
from agent.demo.measures import measure
from agent.demo.moves import moves
from agent.demo.nounsasked import asked_in_full, unframed
from agent.demo.patterns import first, named
from agent.demo.pictures import in_words
from agent.demo.questions import question_act
from agent.demo.sessions import once, slept_once
from agent.demo.storyacts import story_acts
from agent.demo.storywords import FRAME
from agent.demo.unsaid import given
from agent.demo.words import marked, tidy

LONGEST = 4_000
"""Characters of one message that are read."""
FORGOTTEN = re.compile(
    r"^(?:(?:oh|ah|wait|sorry|also|and|oops)[, ]+)*i (?:almost |totally |completely )?forgot"
    r"(?: to (?:say|mention|log|add|tell you))?(?: that)?,? (?=i\b|i'|my )"
    r"|^(?:(?:oh|ah|wait|sorry|also|and|oops)[, ]+)*(?:i )?(?:almost |totally |completely )?forgot to (?:mention|include"
    r"|tell you about|write down) (?=\w)",
    re.IGNORECASE,
)
"""'Oh wait, I forgot I had a cookie' adds a cookie and corrects nothing."""
TO_LOG = re.compile(
    r"^(?:(?:hi|hey|hello|ok|so|please)[, ]+)*(?:i(?:'d| would) like to|i (?:want|need|wanted|have) to|i wanna|let me|let's|i'll|i will) "
    r"(?:please |quickly |just )*(?:log|record|add|track|report|enter|note down|register)\b(?: that| down)?(?! (?:out|in\b))",
    re.IGNORECASE,
)
"""'I'd like to record my lunch' is an order like 'log my lunch', and no liking."""
EMPTY_TALK = frozenset({"small_talk", "acknowledge", "greet", "thanks", "bye", "good_night"})
UNLED = re.compile(
    r"^(?:(?:no|nope|nah|oh|ah|sorry|oops|whoops|wait|actually|hmm|um|er|well|hey|ok|okay|but|and|so|ugh|my bad|my mistake|typo"
    r"|my typo|i was wrong|i got (?:it|that) wrong|i made a mistake|i mistyped"
    r"|hold on|hang on|btw|(?:it )?turn(?:s|ed) out(?: that)?)[,!. ]+)+"
)
"""What may stand before a correction: with it or without, the correction is the same."""
TELL = {"like": "tell_preference", "dislike": "tell_preference", "allergy_end": "tell_allergy"}
AS_FACT = frozenset({"age", "height", "habit", "job", "note", "attr", "ended"})
DONE_NOW = re.compile(
    r"\b(?:today|this morning|yesterday|last night|earlier)\b.*«[\d.]+(?:min|km|mi)»|«[\d.]+(?:min|km|mi)» (?:\w+ ){0,2}(?:today"
    r"|this morning|yesterday|last night)\b"
)
"""'I do yoga every morning, 15 minutes today as usual' is done, too."""
LOOSE = frozenset({"attr", "note"})
"""Facts by their form alone: news or a feeling in the same words is answered as that."""
STRONG = frozenset(
    {"name", "allergy", "allergy_end", "ended", "diet", "dislike", "injury", "person", "place", "goal", "plan", "age", "height", "job"}
)
"""Facts that outrank the log: 'I'm going to eat soup' is a plan, 'I never eat pork' a diet."""


@lru_cache(maxsize=512)
def understand(message: str) -> tuple[Act, ...]:
    """The acts of a message, at least one."""
    text = asked_in_full(unframed(message.strip()[:LONGEST]))
    whole = _whole(text)
    if whole:
        return (Act(whole, text),)
    acts = story_acts(text, _clause) or [act for clause in clauses(unheaded(text)) for act in _clause(clause)]
    telling = [act for act in acts if act.intent not in EMPTY_TALK]
    telling = _not_in_general(once(shared(day_kept(telling))))
    clear = slept_once([act for act in telling if act.intent != "unclear"])
    if clear:
        return tuple(_settled(clear))
    pictured = text if text.isascii() else in_words(text)
    if pictured != text and len(pictured) <= LONGEST:
        return understand(pictured)
    return tuple(telling[:1] or acts[-1:] or [Act("unclear", text)])


def _not_in_general(acts: list[Act]) -> list[Act]:
    """'I'm vegetarian but I eat fish': beside a diet, the present tense tells what one eats and not what one had."""
    if not any(act.intent == "tell_diet" for act in acts):
        return acts
    return [act for act in acts if act.intent != "log_food" or not USUALLY_EATS.match(act.text.lower())]


def _whole(text: str) -> str:
    """An intent that the whole message has, whatever its clauses are."""
    if not text:
        return "empty"
    if is_emoji(text):
        return "emoji"
    low = tidy(text)
    safety = first("safety", low)
    if safety:
        return safety.intent
    if is_code(text):
        return "code"
    return "foreign" if foreign(text) else ""


def _clause(clause: str) -> Iterator[Act]:
    if framed := FRAME.match(clause):
        clause = clause[framed.end() :].rstrip("? ")
    clause = TO_LOG.sub("log ", FORGOTTEN.sub("", clause))
    text = tidy(clause).strip(" .!")
    if not text:
        return
    talk = first("talk", text.strip(" ?"))
    if talk:
        yield Act(talk.intent, clause)
    elif is_question(full := asked_in_full(clause)):
        yield question_act(full)
    else:
        clause = given(without_asides(clause))
        yield from _statement(clause, marked(clause).strip(" .!"))


def _statement(clause: str, text: str) -> Iterator[Act]:
    """What a statement does. A correction or a refusal comes first, then what outranks the log, then the log."""
    if eaten := _beside_water(clause):
        yield from eaten
        return
    facts = in_clause(clause)
    order, told = first("statement", text) or first("statement", UNLED.sub("", text)), measure(clause)
    if told and told.kind in {"water", "sleep"} and told.number and not facts:
        yield Act(told.kind, clause, measure=told)
        return
    ordered = _ordered(order.intent if order else "", clause, text, facts)
    if ordered:
        yield ordered
        return
    strong = tuple(fact for fact in facts if fact.kind in STRONG)
    if told and told.kind == "mood" and FEELS.match(text) and all(fact.kind == "plan" and not fact.key for fact in strong):
        strong = ()
    if strong and not (told and told.kind in {"weight", "sleep"}):
        yield Act(_tell(strong[0]), clause, facts=strong)
        return
    if told:
        yield Act(told.kind, clause, measure=told)
        return
    yield _other(clause, text, facts, craving=bool(order and order.intent == "craving"))


WATER_JOINT = re.compile(r",| and | with | plus | & | \+ |(?<=\w) w/? ")


def _beside_water(clause: str) -> tuple[Act, ...]:
    """'A sandwich and a glass of water': the food is logged, the water noted."""
    if (
        "water" not in clause.lower()
        or INFUSED.search(clause.lower())
        or WITHOUT.search(clause.lower())
        or len(parts := WATER_JOINT.split(clause)) < 2
    ):
        return ()
    water = [part for part in parts if WATER_ALONE.search(tidy(part))]
    rest = ", ".join(part.strip() for part in parts if part not in water)
    logged = log_act(rest) if water and rest and mentions(tidy(rest)) and measure(clause) else None
    if logged is None or logged.intent not in {"log_food", "other_day"}:
        return ()
    told = measure(f"had {water[0].strip()}")
    noted = (Act(told.kind, water[0], measure=told),) if told and told.kind == "water" and told.number else ()
    return (logged, *noted)


WITHOUT = re.compile(r"\b(?:no|zero|not|instead|skipped|without|haven't|didn't|rather|swapped|replaced|except|apart|barely|hardly)\b")
INFUSED = re.compile(
    r"\bwater (?:with|and) (?:(?:a|some|fresh|slices?|squeeze|bit|of|little) )*(?:lemon|lime|mint|cucumber|ice|ginger"
    r"|basil)\b"
)
"""What only flavours the water is no food."""
WATER_ALONE = re.compile(r"\bwater$|\bwater\b(?! ?(?:melon|cress))")


def _ordered(intent: str, clause: str, text: str, facts: tuple[Fact, ...]) -> Act | None:
    """A correction, a removal, or the word that nothing was eaten or done."""
    if _it_was(text):
        return Act("correct", clause, items(text), moves(text), facts)
    if intent == "correct" and not EXPLICIT.search(text) and not moves(text) and not any(item.food or item.kcal for item in items(text)):
        return None
    if intent == "correct" and len([item for item in items(text) if item.kcal is not None]) > 1:
        return None
    if intent in {"remove", "correct"} and not _told_strongly(facts, {"dislike", "allergy", "diet", "allergy_end", "injury", "goal"}):
        return Act(intent, clause, items(text, eager=True), moves(text), facts)
    if intent in {"no_meal", "no_workout"} and not _told_strongly(facts, {"injury", "allergy", "habit"}):
        return Act(intent, clause)
    return None


EXPLICIT = re.compile(
    r"\d|\b(?:it|that|they|those|was|were|is|mean|meant|chang\w+|correct\w*|rename|should|not|make|wrong|mistake|typo|oops"
    r"|mistyped|instead|rather"
    r"|swap|replace|update|edit|fix|yesterday|half|double)\b"
)
"""What a correction of something that is in no table has to have in it: 'nah, just tired' corrects nothing."""
VAGUE_MEAL = re.compile(
    r"^(?:i |we |i've |just |already |please |can you |also )*(?:ate|eaten|had|log|add|track|record"
    r"|finished)(?: (?:my|a|some|the|too|so|way|just))*(?: (?:breakfast|lunch|dinner|supper|snacks?|meals?"
    r"|food|something|much|lot|a lot|brunch|dessert))*(?: (?:today|now|already|yet|please|earlier"
    r"|this morning|tonight))*$"
)
USUALLY_EATS = re.compile(
    r"^(?:i|we) (?:do |still |sometimes |only |also )*(?:eat|drink|have) (?!just\b|now\b)(?!.*\b(?:today|now|just"
    r"|for (?:breakfast|lunch|dinner))\b)"
)
FEELS = re.compile(
    r"^(?!.*\b(?:have|got|booked|plan\w*|going|will)\b)(?:i'm|i am|i feel|feeling|feel|so|really|very|kind of|sort of|a bit|bit|quite"
    r"|pretty|kinda|super)\b"
)
"""'Kind of anxious about tomorrow' tells a mood and plans nothing."""
IT_WAS = re.compile(
    r"^(?:it|that|they|those) (?:was|were) (?!good|great|nice|delicious|tasty|lovely|so |really|very|amazing|yummy|awful|bad)"
)
SO_THERE = re.compile(r",? (?:so|and so|and then|that's why) ")
"""'It was her birthday, so there was cake' names no entry."""


def _it_was(text: str) -> bool:
    """'It was a latte' says what an entry should be; 'it was a great pizza' only praises it."""
    if not IT_WAS.match(text):
        return False
    text = SO_THERE.split(text, maxsplit=1)[0]
    return (any(item.food for item in items(text)) or bool(moves(text))) and not re.search(
        r"\b(?:good|great|nice|delicious|tasty|lovely|amazing)\b", text
    )


def _other(clause: str, text: str, facts: tuple[Fact, ...], *, craving: bool) -> Act:
    if craving and items(text) and not named("statement", "remove", text):
        return Act("craving", clause, items(text))
    soft = tuple(fact for fact in facts if fact.kind == "like")
    if soft:
        return Act("tell_preference", clause, facts=soft)
    habit = tuple(fact for fact in facts if fact.kind == "habit")
    if habit and not (DONE_NOW.search(text) and moves(text)):
        return Act("tell_fact", clause, facts=habit)
    logged = None if VITALS.search(text) else log_act(clause)
    if logged and logged.intent in {"no_meal", "no_workout"} and tells_of_oneself(text):
        logged = None
    return logged or _caught(clause, text, facts)


def _caught(clause: str, text: str, facts: tuple[Fact, ...]) -> Act:
    """What a clause that is not for the log may mean; at the least it is asked about."""
    vague = VAGUE_MEAL.search(text)
    if not vague and {fact.kind for fact in facts} <= LOOSE and (caught := net(clause, text, facts)):
        return caught
    if facts:
        return Act(_tell(facts[0]), clause, facts=facts)
    return Act("ask_back" if vague else "unclear", clause)


def _told_strongly(facts: tuple[Fact, ...], kinds: set[str]) -> bool:
    return any(fact.kind in kinds for fact in facts)


def _tell(fact: Fact) -> str:
    return "tell_fact" if fact.kind in AS_FACT else TELL.get(fact.kind, f"tell_{fact.kind}")


def _swapped(removal: Act, correction: Act) -> Act | None:
    """'Take the tea out, it was coffee': one entry is to say something else."""
    if not removal.foods or not correction.foods:
        return None
    text = f"change the {removal.foods[0].name} to {correction.foods[0].name}"
    return replace(correction, text=text)


def _settled(acts: list[Act]) -> list[Act]:
    """One clause may explain another: 'I didn't eat it, remove it' asks once; facts of one kind are one act."""
    removals = [act for act in acts if act.intent == "remove"]
    corrections = [act for act in acts if act.intent == "correct"]
    telling = [act for act in corrections if act.moves or any(item.food or item.kcal for item in act.foods)]
    logged = [act for act in acts if act.intent in {"log_food", "log_workout"}]
    if corrections and logged and acts.index(logged[0]) < acts.index(corrections[0]):
        return amended(acts)
    if corrections and logged and not telling:
        return [replace(logged[-1], intent="correct")]
    if telling and removals and (swap := _swapped(removals[0], telling[0])):
        return [swap]
    if telling or (corrections and not removals):
        return (telling or corrections)[:1]
    if removals:
        return [max(removals, key=lambda act: bool(act.foods or act.moves))]
    return acts
