"""What one message tells twice: a session of sport in two breaths, a night in passing and in hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.demo.acts import Act
from agent.demo.moves import PLAIN_NAMES

SESSIONS = frozenset({"log_workout", "other_day"})
AGAIN = re.compile(r"\b(?:again|later|afterwards?|another|also|second|(?<!yesterday )(?<!this )(?<!last )evening|tonight|then)\b")


def once(acts: Sequence[Act]) -> list[Act]:
    """'Took the kids ice skating and skated for 45 min' is one session: the same sport twice, timed only once."""
    done: list[Act] = []
    for act in acts:
        last = done[-1] if done else None
        if last and act.intent in SESSIONS and last.intent in SESSIONS and (one := _one_session(last, act)):
            done[-1] = one
        else:
            done.append(act)
    return done


def _one_session(first: Act, second: Act) -> Act | None:
    if first.foods or second.foods or len(first.moves) != 1 or len(second.moves) != 1 or second.day not in {"", first.day}:
        return None
    one, other = first.moves[0], second.moves[0]
    told = [move for move in (one, other) if move.minutes is not None or move.km is not None or move.steps is not None or move.reps]
    same = one.activity.name == other.activity.name or one.activity.name in PLAIN_NAMES
    if not same or len(told) > 1 or AGAIN.search(second.text.lower()):
        return None
    keep = told[0] if told else one
    return replace(first, moves=(replace(keep, name=other.name if one.activity.name in PLAIN_NAMES else one.name),))


def slept_once(acts: Sequence[Act]) -> list[Act]:
    """'Just woke up, slept 7 hours': where the hours are told, the rest about the night says no more."""
    if not any(act.intent == "sleep" and act.measure and act.measure.number is not None for act in acts):
        return list(acts)
    return [act for act in acts if act.intent != "sleep" or (act.measure and act.measure.number is not None)]
