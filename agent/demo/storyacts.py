"""What a story comes to: the meals and workouts it tells, without an answer for each thing that only stands around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from agent.demo.acts import Act
from agent.demo.amending import shared
from agent.demo.clauses import clauses, is_question
from agent.demo.facts import in_clause
from agent.demo.fooditem import FoodItem
from agent.demo.headers import without_asides
from agent.demo.logtalk import log_act
from agent.demo.meals import items
from agent.demo.stories import parted
from agent.demo.storywords import STOPPING
from agent.demo.unsaid import given
from agent.demo.words import marked

LOGS = frozenset({"log_food", "log_workout", "other_day"})
ASIDE = frozenset(
    {"background", "unclear", "someone_else", "remark", "mood", "tell_fact", "small_talk", "no_meal", "no_workout", "craving"}
)
"""What the clauses of a story say beside the meal or the workout, and what needs no answer there."""
BESIDE = frozenset({"tell_person", "tell_fact", "tell_preference", "mood", "tell_plan", "tell_goal", "tell_injury", "tell_place"})
"""What a clause may be taken for that tells a meal all the same: 'I walked for 50 minutes with my friend Inge'."""
NOTED = {"allergy": "tell_allergy", "allergy_end": "tell_allergy", "diet": "tell_diet", "injury": "tell_injury"}
"""What is worth noting even in the background of a story."""


def story_acts(text: str, read: Callable[[str], Iterable[Act]]) -> list[Act]:
    """The acts of a message that tells a story; none where it is no story, or nothing in it is for the log.

    Args:
        text: the message.
        read: from a clause to its acts.
    """
    acts: list[Act] = []
    for part in parted(text):
        if part.told:
            acts.extend(act for clause in clauses(part.text) for act in _told(clause, read))
        else:
            acts.extend(_background(part.text))
    acts = [act for act in shared(acts) if act.intent not in ASIDE]
    return acts if any(act.intent in LOGS for act in acts) else []


def _told(clause: str, read: Callable[[str], Iterable[Act]]) -> list[Act]:
    """The acts of a clause that tells a meal or a workout, which outranks whom it was with."""
    acts = list(read(clause))
    if any(act.intent in LOGS for act in acts) or is_question(clause) or not acts or acts[0].intent not in BESIDE:
        return acts
    logged = log_act(given(without_asides(clause)))
    return [logged] if logged and logged.intent in LOGS else acts


def _background(text: str) -> list[Act]:
    """What the background says for good, and the foods in it, of which the speaker may have had some."""
    facts = tuple(fact for fact in in_clause(text) if fact.kind in NOTED)
    noted = [Act(NOTED[facts[0].kind], text, facts=facts)] if facts else []
    foods = _foods_in(text)
    return [*noted, Act("background", text, foods)] if foods else noted


def _foods_in(background: str) -> tuple[FoodItem, ...]:
    """The known foods that the background names, of which the speaker may have had some."""
    return items(STOPPING.sub(",", marked(background)))
