"""The table of foods: what is known about each, and finding them in a sentence.

Energy and weights are in data/foods.csv. A row with a number (`ndb`) has the energy of that row of the USDA's Standard Reference (public
domain); the others are from memory of it and of labels. A portion is an estimate, and everything computed from one is said to be.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from agent.demo.words import DATA, load, singular

LONGEST_NAME = 6
MAY = "~"
"""Stands before a tag that only some of a row's foods have, or only some recipes."""
SMALL, PLATE = 60.0, 250.0
"""Grams: a plate or portion of what weighs less by the piece is many of them."""
MOST_POWDER, LEAST_BITE = 80.0, 4.0
"""Grams: so little of a shake is its powder, 'dry' grams of drink from each; a bite is a sixth of a small thing, no crumb."""
SINGLES = 4
"""From so many on, a bare number counts single fries or sprouts rather than portions of them."""
CONTAINERS = frozenset({"bag", "packet", "box", "bucket", "side", "block", "pouch", "tube"})
"""What holds a usual portion, where a food says nothing else of it."""
TOKEN = re.compile(r"«[^»]*»|[^\W_]+(?:['&.-][^\W_]+)*|[^\w\s]", re.UNICODE)


@dataclass(frozen=True, slots=True, eq=False)
class Food:
    """One row of the table."""

    name: str
    kcal100: float
    """Kilocalories in 100 g."""
    grams: float
    """Grams of one piece or one usual portion."""
    units: Mapping[str, float]
    """Grams of this food's own measures: slice, cup, handful; 'each' is a single one of what is served by the portion,
    'whole' what 'a pizza' means, 'all' what only 'the whole cake' or 'half a cake' means."""
    tags: frozenset[str]
    """Allergens and kinds: gluten, dairy, egg, nut, peanut, soy, fish, shellfish, sesame, meat, pork, beef, alcohol."""
    may: frozenset[str] = frozenset()
    """Allergens that are in it or in another food of its row often enough to warn of them."""
    guessed: bool = False
    """Whether it is no row of the table but what an unknown dish or drink may come to."""

    def energy(self, count: float | None, unit: str | None, size: float = 1.0) -> float:
        """Estimated kilocalories of so many units; without a number, of one usual portion."""
        return round_energy(self.kcal100 * self.weight(count, unit, size) / 100)

    def weight(self, count: float | None, unit: str | None, size: float = 1.0) -> float:
        """Estimated grams of so many units."""
        if count is None and unit is None:
            return self.units.get("portion", self.grams) * size
        if unit == "g" and count is not None and count <= MOST_POWDER and "dry" in self.units:
            return count * self.units["dry"] * size
        fraction = count is not None and count < 1
        if unit == "whole" or (unit is None and fraction):
            one = self.units.get("whole", self.units.get("all", self.grams))
        elif unit is None and count is not None and count >= SINGLES and "each" in self.units:
            one = self.units["each"]
        elif unit is None and "whole" in self.units:
            one = self.units["whole"]
        elif unit in {"portion", "plate"}:
            one = self.units.get(unit) or self.units.get("portion") or (self.grams if self.grams >= SMALL else PLATE)
        elif unit is None or unit == "piece":
            one = self.units.get(unit or "", self.grams)
        elif unit == "bite":
            one = self.units.get(unit, min(load("units.json")["grams"][unit], max(LEAST_BITE, self.grams / 6)))
        else:
            usual = self.units.get("portion", self.grams) if unit in CONTAINERS else self.grams
            one = self.units.get(unit) or load("units.json")["grams"].get(unit, usual)
        return one * (1.0 if count is None else count) * size


UNKNOWN_DISH = Food(
    "unknown dish",
    150,
    250,
    {"bowl": 350, "plate": 350, "cup": 240, "slice": 100, "piece": 80, "bar": 45, "handful": 35, "bag": 50, "packet": 50},
    frozenset(),
    guessed=True,
)
UNKNOWN_DRINK = Food("unknown drink", 42, 330, {"can": 330, "bottle": 400, "glass": 250}, frozenset(), guessed=True)
DRUNK_FROM = frozenset({"can", "bottle", "glass", "pint", "mug", "sip", "shot", "jug", "carton", "ml", "l"})


def unknown(unit: str | None, *, drunk: bool) -> Food:
    """What an unknown dish or drink is taken for, so that a clear meal goes into the log with a marked guess."""
    return UNKNOWN_DRINK if drunk or unit in DRUNK_FROM else UNKNOWN_DISH


def compound(word: str) -> Food | None:
    """The food a word ends in that is written as one: 'beanburger' is a burger."""
    word = singular(word)
    ending = next(
        (ending for ending in load("lexicon.json")["suffixes"] if word.endswith(singular(ending)) and len(word) > len(ending) + 2), ""
    )
    return table().get((singular(ending),)) if ending else None


def round_energy(kcal: float) -> float:
    """No more digits than an estimate deserves: to 1 below 20 kcal, to 5 above."""
    return float(round(kcal)) if kcal < 20 else float(5 * round(kcal / 5))


@lru_cache(maxsize=1)
def table() -> Mapping[tuple[str, ...], Food]:
    """Every name and other name of every food, as singular words, to its food."""
    found: dict[tuple[str, ...], Food] = {}
    with (DATA / "foods.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="|"):
            food = _food(row)
            for name in [row["name"], *filter(None, row["also"].split(";"))]:
                found.setdefault(words(name), food)
    return found


def _food(row: Mapping[str, str]) -> Food:
    units = dict(part.split("=") for part in row["units"].split(";") if part)
    return Food(
        row["name"],
        float(row["kcal100"]),
        float(row["grams"]),
        {unit: float(grams) for unit, grams in units.items()},
        frozenset(tag for tag in row["tags"].split(",") if tag and not tag.startswith(MAY)),
        frozenset(tag.removeprefix(MAY) for tag in row["tags"].split(",") if tag.startswith(MAY)),
    )


def dried(food: Food) -> Food | None:
    """The same food before it is cooked, where the table has it: dry rice, dry pasta."""
    return table().get(("dry", *words(food.name)))


def tokens(text: str) -> list[str]:
    """Words, amount marks and signs of a text."""
    return TOKEN.findall(text)


def words(name: str) -> tuple[str, ...]:
    """A food's name as singular words."""
    return tuple(singular(word) for word in tokens(name.lower()))


@lru_cache(maxsize=1)
def first_words() -> frozenset[str]:
    """The words a known food may begin with, to look no further where none of them stands."""
    return frozenset(name[0] for name in table())


def match_at(singulars: list[str], start: int) -> tuple[Food, int] | None:
    """The food with the longest name that begins at this word, and where it ends."""
    if singulars[start] not in first_words():
        return None
    names = table()
    for end in range(min(len(singulars), start + LONGEST_NAME), start, -1):
        food = names.get(tuple(singulars[start:end]))
        if food:
            return food, end
    return None


def lookup(name: str) -> Food | None:
    """The food of a name: known as a whole, or by the last known food in it ('quibbleberry stew' is a stew) before 'with'."""
    singulars = list(words(name))
    best: Food | None = None
    place = 0
    while place < len(singulars):
        hit = match_at(singulars, place)
        if hit:
            best = hit[0]
            place = hit[1]
        elif best and singulars[place] == "with":
            break
        else:
            place += 1
    return best


def mentions(text: str) -> bool:
    """Whether a known food stands in the text."""
    return lookup(text) is not None
