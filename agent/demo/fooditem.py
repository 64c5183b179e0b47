"""One thing eaten or drunk: its name, how much of it, and what it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.demo.foods import Food

MOST_GUESSED = 6
"""Of an unknown thing no more are guessed at; the person is asked."""


@dataclass(frozen=True, slots=True)
class FoodItem:
    """One thing eaten or drunk."""

    name: str
    count: float | None = None
    unit: str | None = None
    kcal: float | None = None
    """What the person stated; None leaves it to the table."""
    size: float = 1.0
    food: Food | None = None
    extra: float = 0.0
    """Kilocalories of what is in it or on it besides: the sugar in a tea."""

    @property
    def energy(self) -> float | None:
        """Stated or estimated kilocalories; None for a food that is not in the table."""
        if self.kcal is not None:
            return self.kcal
        unsure = self.food is None or (self.food.guessed and self.unit is None and (self.count or 0) > MOST_GUESSED)
        return None if unsure or self.food is None else self.food.energy(self.count, self.unit, self.size) + self.extra

    @property
    def label(self) -> str:
        """The name with its amount, as it goes into the log: '2 eggs', '3 slices of pizza', 'salad'."""
        if self.count is None or (self.count == 1 and self.unit in {None, "piece", "portion"}):
            return self.name
        if self.unit in {"g", "ml"}:
            return f"{self.count:.0f} {self.unit} {self.name}"
        if self.unit == "whole" or (self.count == 1 and self.unit not in {"tbsp", "tsp"}):
            return f"whole {self.name}" if self.unit == "whole" else f"{self.unit} of {self.name}"
        number = f"{self.count:g}"
        if self.unit is None:
            return f"{number} {self.name if self.count <= 1 else plural(self.name)}"
        unit = self.unit if self.count <= 1 else plural(self.unit)
        return f"{number} {unit} of {self.name}" if self.unit not in {"tbsp", "tsp"} else f"{number} {self.unit} {self.name}"


def plural(noun: str) -> str:
    """A rough plural: eggs, slices, glasses, sandwiches, berries, 'burritos with beans'; a plural stays."""
    dish, joint, added = noun.partition(" with ")
    if added:
        return f"{plural(dish)}{joint}{added}"
    if re.search(r"[a-rt-z]s (?:al|de|in|with|on|and|of|a la) ", noun):
        return noun
    if noun.endswith(("s", "sh", "ch", "x")):
        return noun if noun.endswith("s") and not noun.endswith("ss") else f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"
