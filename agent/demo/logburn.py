"""What the workouts of the log burned, and what that leaves of what was eaten."""

from __future__ import annotations

from collections.abc import Sequence

from agent.demo.activities import USUAL_KG, lookup
from agent.demo.logbook import Day
from agent.demo.memory import Memory
from agent.demo.words import show


def body_weight(memory: Memory) -> tuple[float, bool]:
    """The person's weight in kg, told or assumed, and whether it was told."""
    told = memory.measures("weight")
    if not told or not told[-1][0].number:
        return USUAL_KG, False
    factor = {"lb": 0.4536, "st": 6.35}.get(told[-1][0].unit, 1.0)
    return told[-1][0].number * factor, True


def burned(days: Sequence[Day], memory: Memory) -> str:
    """The energy of all workouts of the days, in a sentence."""
    kg, told = body_weight(memory)
    entries = [entry for day in days for entry in day.of("workout")]
    if not entries:
        return "Your log shows no workout for that, so nothing to add up."
    total = sum(activity.energy(entry.amount, kg) for entry in entries if (activity := lookup(entry.name)))
    return (
        f"The workouts in your log come to roughly {show(total)} kcal, an estimate for {show(round(kg))} "
        f"kg{' as you told me' if told else ' (tell me your weight and I can do better)'}."
    )


def net(days: Sequence[Day], memory: Memory) -> str:
    """What was eaten less what the workouts burned."""
    kg, told = body_weight(memory)
    eaten = sum(day.total("food") for day in days)
    spent = sum(done.energy(entry.amount, kg) for day in days for entry in day.of("workout") if (done := lookup(entry.name)))
    weight = f"at the {show(round(kg))} kg you told me" if told else "for a 70 kg person"
    return (
        f"Your log shows {show(eaten)} kcal eaten and roughly {show(spent)} kcal burned by exercise ({weight}, an estimate): "
        f"{show(eaten - spent)} kcal net."
    )
