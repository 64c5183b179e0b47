"""Whether one exercise that the question names suits what was told: 'should I still go to zumba?', 'does swimming help?'."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.demo.activities import Activity, find, lookup
from agent.demo.foods import tokens
from agent.demo.memory import Told, stem
from agent.demo.talk import capital, listing, to_you
from agent.demo.words import load

ASKS_IF = re.compile(
    r"^(?:so |and |but |ok |hmm )*(?:(?:should|shall|can|could|may|might) (?:i|we)\b|is (?:it (?:ok(?:ay)?|safe|alright"
    r"|fine|bad|good|wise|smart)\b|\w+ (?:ok|good|bad|safe)\b)"
    r"|(?:do|does|will|would) [a-z -]{3,25} (?:help|count|hurt|harm|work|be (?:ok|fine|good|bad|smart|safe))\b)"
)
HURT_ADVICE = "at an easy pace; stop if it hurts, and ask your doctor first"
WELL_ADVICE = "if you feel well; skip it or go easy when you don't"
PLAIN = frozenset({"workout", "gym", "mixed"})


def suits(text: str, told: Sequence[Told]) -> str:
    """A word on the exercise that a yes-or-no question names; '' where it names none."""
    done = lookup(text) if ASKS_IF.match(text) else None
    if done is None or done.name in PLAIN:
        return ""
    hurts = [one.fact for one in told if one.fact.kind == "injury"]
    strained = next((fact for fact in hurts if _strains(done, fact.said.lower())), None)
    if strained:
        return (
            f"I'd be careful there: {done.name} can strain it, and you told me: {to_you(strained.said)}. Leave it or keep it very easy, "
            "and ask a doctor or physio when in doubt."
        )
    known = f", even with what you told me: {listing([to_you(fact.said) for fact in hurts[-2:]])}" if hurts else ""
    advice = HURT_ADVICE if hurts else WELL_ADVICE
    said = next((hit.said for hit in find(tokens(text)) if hit.activity is done), done.name)
    return f"{capital(said)} should be fine{known}, {advice}."


def _strains(done: Activity, said: str) -> bool:
    """Whether the suggestions of this kind of exercise are kept from such an injury, or it is a sport with impact on a leg."""
    name = {stem(word) for word in done.name.split()}
    kinds = name | {stem(kind) for kind in done.kinds}
    same = [one for one in load("advice.json")["workouts"] if {stem(kind) for kind in one["kinds"]} & name]
    if any(part in said for one in same for part in one["stress"]):
        return True
    legs = re.search(r"\b(?:knee|ankle|foot|hip|leg|shin|calf|achilles|hamstring|heel|toe|back)", said)
    return bool(legs) and bool(kinds & {stem("impact"), stem("legs"), stem("team")}) and not same
