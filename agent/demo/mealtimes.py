"""Which entries a meal is: 'my breakfast' after 'an omelette for breakfast and a soup for lunch' is the omelette.

The log keeps no meals, but the messages that told of them may still be there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.demo.context import Context
from agent.demo.logbook import Entry
from agent.demo.memory import stems

MEAL = re.compile(r"\b(breakfast|brekkie|lunch|dinner|supper|brunch|dessert|snack)\b")
JOINT = re.compile(r"[.;\n]+ |, | and (?=(?:an? |the |some |my )?\w)| then ")


def meal_entries(said: str, entries: Sequence[Entry], context: Context) -> list[Entry]:
    """The entries of the meal that is named, by what the messages told of it; none where no meal is named or none was told.

    Args:
        said: the message, in lower case.
        entries: the food to choose from.
        context: the request.
    """
    named = MEAL.search(said)
    if not named:
        return []
    for line in reversed(context.lines):
        low = line.text.lower()
        if line.role == "user" and named.group() in low:
            return _told_as(named.group(), low, [entry for entry in entries if entry.kind == "food"])
    return []


def _told_as(meal: str, told: str, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that a message told as this meal."""
    found: list[Entry] = []
    here, last = "", ""
    for part in JOINT.split(told):
        meals = MEAL.findall(part)
        here = meals[-1] if meals else last
        last = here if re.match(rf"^\W*(?:(?:for|my|today's|at|so|then) )*{here or '-'}\b", part) else (last if not meals else "")
        if here == meal:
            found += [entry for entry in entries if stems(entry.name) & stems(part) and entry not in found]
    return found
