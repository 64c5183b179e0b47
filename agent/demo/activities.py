"""The table of activities with their MET values, and finding them in a sentence.

The values are those of the Compendium of Physical Activities (Ainsworth et al. 2011, Herrmann et al. 2024), rounded.
One MET is about 1 kcal per kg of body weight and hour.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from agent.demo.foods import round_energy, tokens
from agent.demo.lexicon import lexicon
from agent.demo.words import DATA

USUAL_MINUTES = 30.0
USUAL_KG = 70.0
MINUTES_PER_KM = {"run": 6.5, "jog": 7.5, "treadmill": 6.5, "walk": 12.0, "hike": 15.0, "swim": 25.0, "rowing": 5.0}
CYCLING_MINUTES_PER_KM = 3.3
STEPS_PER_MINUTE = 100.0
LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of the table."""

    name: str
    met: float
    kinds: frozenset[str]

    def energy(self, minutes: float, kg: float = USUAL_KG) -> float:
        """Estimated kilocalories of so many minutes at this body weight."""
        return round_energy(self.met * kg * minutes / 60)

    def minutes(self, km: float | None, steps: float | None) -> float:
        """Estimated minutes of a distance or of steps; a usual session when neither is known."""
        if steps:
            return float(round(steps / STEPS_PER_MINUTE))
        if km:
            return float(max(1, round(km * MINUTES_PER_KM.get(self.name, CYCLING_MINUTES_PER_KM))))
        return USUAL_MINUTES


@lru_cache(maxsize=1)
def table() -> Mapping[tuple[str, ...], Activity]:
    """Every name and other name of every activity, as words, to its activity."""
    found: dict[tuple[str, ...], Activity] = {}
    with (DATA / "activities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="|"):
            activity = Activity(row["name"], float(row["met"]), frozenset(row["kind"].split()))
            for name in [row["name"], *filter(None, row["also"].split(";"))]:
                found.setdefault(tuple(tokens(name)), activity)
    return found


@lru_cache(maxsize=1)
def _first_words() -> frozenset[str]:
    return frozenset(name[0] for name in table())


@dataclass(frozen=True, slots=True)
class Found:
    """An activity in a list of words: which, its words, and where they stand."""

    activity: Activity
    said: str
    start: int
    end: int


def find(listed: list[str]) -> list[Found]:
    """The activities in a list of words, longest names first, from left to right."""
    found, place, names = [], 0, table()
    while place < len(listed):
        hit = _match_at(listed, place, names) if listed[place] in _first_words() else None
        if hit:
            if hit.end >= len(listed) or listed[hit.end] not in lexicon("gear"):
                found.append(hit)
            place = hit.end
        else:
            place += 1
    return found


def _match_at(listed: list[str], start: int, names: Mapping[tuple[str, ...], Activity]) -> Found | None:
    for end in range(min(len(listed), start + LONGEST_NAME), start, -1):
        activity = names.get(tuple(listed[start:end]))
        if activity:
            return Found(activity, " ".join(listed[start:end]), start, end)
    return None


def lookup(text: str) -> Activity | None:
    """The activity a text is about: the most telling one, so that 'gym, squats' is squats."""
    found = find(tokens(re.sub(r"[^\w\s'&-]", " ", text.lower())))
    return max(found, key=lambda hit: (hit.activity.name not in {"workout", "gym"}, hit.end - hit.start)).activity if found else None
