"""What one clause of a message does: tells, asks, corrects, greets."""

from __future__ import annotations

from dataclasses import dataclass

from agent.demo.facts import Fact
from agent.demo.fooditem import FoodItem
from agent.demo.moves import Move


@dataclass(frozen=True, slots=True)
class Measure:
    """Water, sleep or weight: a number and its unit, or a mood in one word."""

    kind: str
    number: float | None = None
    unit: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One clause, understood."""

    intent: str
    text: str
    """The clause in the person's own words."""
    foods: tuple[FoodItem, ...] = ()
    moves: tuple[Move, ...] = ()
    facts: tuple[Fact, ...] = ()
    measure: Measure | None = None
    topic: str = ""
    """What a question is about."""
    day: str = ""
    """The day a clause names: 'yesterday', 'monday', 'week', an ISO date; empty for none."""
