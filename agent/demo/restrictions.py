"""Questions for all that the person should leave out or spare: 'is there something I shouldn't eat?', 'name both of my problems'.

One answer for allergies, diets, dislikes and injuries, each said to be told, since a person does not sort them into kinds.
"""

from __future__ import annotations

import re

from agent.demo.memory import Memory, Told
from agent.demo.talk import capital, listing, to_you
from agent.demo.tellings import sensitivities

CAREFUL = re.compile(
    r"\b(?:anything|something|some things?|stuff|ingredients?|foods?|what|which|is there|are there|things?)\b.{0,45}"
    r"\b(?:(?:should|must|can|may|do|ought|could)(?:n't| not)(?: i)?|(?:should|must|can|do) i (?:not|never|have to"
    r"|need to)|not allowed|i'm not allowed|never|avoid|careful|off[- ]limits"
    r"|keep out|keep in mind|leave out|watch out|look out|stay away|steer clear|bad for me|harmful|danger\w*|forbidden"
    r"|problem(?:s|atic)?|warn|spare|mind)\b"
    r"|\b(?:should|must|do) i (?:be careful|watch out|look out|be wary|avoid|stay away|steer clear|mind)\b|\b(?:can"
    r"|may) i (?:really )?eat (?:everything|anything)\b"
    r"|\b(?:my|of mine) (?:\w+ )?(?:problems|restrictions|conditions|limitations|health issues|issues)\b"
    r"|\bconditions? of mine\b|\bmy health\b|\b(?:any|a|which|what) (?:medical |health )?conditions?\b|\bwhat do i suffer from\b"
    r"|\bwhat do you (?:have to|need to|must you) (?:know|mind|keep in mind|watch)\b|\bwhat should you (?:know|mind|keep)\b"
)
OF_FOOD = re.compile(
    r"\b(?:eat|eating|food|foods|meals?|cook|dish(?:es)?|salad|drink|ingredients?|menu|plate|breakfast|lunch|dinner|snacks?"
    r"|diet|restaurant|fruit|soup|recipe)\b"
)
OF_BODY = re.compile(
    r"\b(?:train\w*|exercis\w*|work(?:ing)? ?out|lift\w*|run\w*|gym|sport|move|squat\w*|jump\w*|body|joint|injur\w*|part)\b"
)
FOOD_KINDS = ("allergy", "diet", "dislike")
BODY_KINDS = ("injury",)


def careful_with(question: str, memory: Memory) -> str:
    """All that is to be left out or spared, as far as it was told; '' for another question or when nothing was told."""
    low = question.lower()
    if not CAREFUL.search(low):
        return ""
    food, body = OF_FOOD.search(low), OF_BODY.search(low)
    kinds = FOOD_KINDS if food and not body else BODY_KINDS if body and not food else (*FOOD_KINDS, *BODY_KINDS)
    found = [one for one in memory.told if one.fact.kind in kinds]
    named = [one for one in found if one.fact.kind in {"allergy", "injury"}] if not food and not body else found
    chosen = named or found
    if not chosen:
        return ""
    return f"{capital(memory.source(chosen[-1].line))}: {listing(_said(chosen))}."


def _said(found: list[Told]) -> list[str]:
    allergies = [one for one in found if one.fact.kind == "allergy"]
    parts = sensitivities(allergies) if allergies else []
    for one in found[-6:]:
        value = to_you(one.fact.value)
        if one.fact.kind == "diet":
            parts.append(f"about what you eat: {value}")
        elif one.fact.kind == "dislike":
            parts.append(f"you don't like {value}")
        elif one.fact.kind == "injury":
            parts.append(f'"{to_you(one.fact.said)}"')
    return list(dict.fromkeys(parts))
