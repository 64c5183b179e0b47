"""Body mass from the weight and height that were told, and from nothing else."""

from __future__ import annotations

import re

from agent.demo.acts import Measure
from agent.demo.clauses import clauses
from agent.demo.measures import measure
from agent.demo.memory import Memory
from agent.demo.words import show

KG_PER = {"lb": 0.4536, "st": 6.35, "kg": 1.0, "": 1.0}
CM_PER_FOOT, CM_PER_INCH = 30.48, 2.54
METRES = re.compile(r"(\d\.\d{1,2}) ?m?")
CENTIMETRES = re.compile(r"(\d{3}) ?(?:cm|centim)?")
FEET = re.compile(r"(\d) ?(?:'|ft|feet|foot) ?(\d{1,2})?")
PLAUSIBLE_CM = (100.0, 230.0)


def body_mass(memory: Memory) -> str:
    """The BMI in a sentence; '' while the weight or the height is not known."""
    height, weight = _height(memory), _weight(memory)
    if height is None or weight is None:
        return ""
    kg = (weight.number or 0) * KG_PER[weight.unit]
    bmi = kg / (height / 100) ** 2
    return (
        f"From the {show(round(kg, 1))} kg and {show(round(height))} cm you told me, your BMI is about {bmi:.1f}. 18.5 to 25 is the usual "
        "range for adults, but it knows nothing of muscle, age or build; a doctor can tell you what it means for you."
    )


def _weight(memory: Memory) -> Measure | None:
    told = [found for found, _, _ in memory.measures("weight")]
    told += [found for clause in clauses(memory.question.text) if (found := measure(clause)) and found.kind == "weight"]
    return told[-1] if told else None


def _height(memory: Memory) -> float | None:
    """Centimetres, of the height told last."""
    told = [one.fact.value for one in memory.with_question() if one.fact.kind == "height"]
    return in_cm(told[-1]) if told else None


def in_cm(said: str) -> float | None:
    """Centimetres of '180 cm', '1.80 m' or 5'11."""
    if feet := FEET.match(said):
        cm = float(feet.group(1)) * CM_PER_FOOT + float(feet.group(2) or 0) * CM_PER_INCH
    elif metres := METRES.match(said):
        cm = float(metres.group(1)) * 100
    elif plain := CENTIMETRES.match(said):
        cm = float(plain.group(1))
    else:
        return None
    return cm if PLAUSIBLE_CM[0] <= cm <= PLAUSIBLE_CM[1] else None
