"""What was done for exercise, for how long: from a clause in ordinary words to workouts that can be logged."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from agent.demo.activities import Activity, Found, find, table
from agent.demo.foods import tokens
from agent.demo.lexicon import lexicon
from agent.demo.novel import activity_in, sport_before
from agent.demo.repeats import ALTOGETHER, factor
from agent.demo.spans import lasted
from agent.demo.typos import mended
from agent.demo.words import MARK, amount, show

CUT = re.compile(
    r"(?<=[\d»]) (?=(?:ran|walked|jogged|swam|cycled|rowed|biked)\b)|(?<!-)\b(?:and then|then|and|plus|followed by|before|after)\b|[,;+&()]"
)
NOT_NOUN = re.compile(
    r"^(?:lengths|laps|\w+ed|ran|runs|swam|swum|rode|did|hit|at|the|my|work|took|shot|row|went|played|went|lifts?)\b(?! climbing)"
)
AFTER = re.compile(
    r"\b(?:(?:before|after)(?! (?:about |only |just )*«)|instead of|without|despite|then had|because of)\b[^,]*|\b(?:post|pre)[ -]?(?:gym"
    r"|workout|run"
    r"|training|swim|ride|class|match|yoga|game)\b"
)
KM_PER_MILE = 1.609
FORBIDDEN = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|mustn't|must not|may not|shouldn't|should not|won't|wouldn't|not allowed|unable|not able|forbidden"
    r"|banned|stay off|stop|stopped|avoid|gave up|given up|quit)(?: (?!so\b|but\b|believe|i\b|we\b|wait|complain|help)[a-z-]+){0,3} ?$"
    r"|\b(?:no|no more|not) $"
)
"""What stands right before an exercise that is not to be done: 'so I can't sprint yet', 'no running'."""
CONSISTED = re.compile(r"\b(?:mix|mixture|combination|combo|consisting|including|alternating|switching|made up)\b")
END_MINUTES = re.compile(
    r"^(?: (?:for|about|around|only|just|like))* (\d{2,3})(?: (?:today|yesterday|tonight|this \w+|last \w+|again|earlier))*$"
)
LIFTED = "strength"
SHORTEST_BARE = 15.0
BARE_MINUTES = re.compile(
    r"\bfor (?:about |around |like )?([5-9]|\d{2,3})$|\b(?:walked|ran|jogged|swam|cycled|rowed|biked|stretched|danced|stairmaster"
    r"|treadmill|elliptical|rower|cross trainer|yoga|abs|core|cardio|weights|hiit|pilates|stretching) (?:about "
    r"|around |only |just )*(\d\d)$"
)
"""'Stretched for 10', 'walked 20': minutes, as nobody says otherwise."""
MORE_MINUTES = re.compile(
    r"^\s*(?:(?:another|about|around) )*(\d{1,3}) (?!x\b|sets?\b|reps?\b|times\b)[a-z]|(?<!level)(?<!incline) (\d{1,3})\s*$"
)
"""'45 min weights and 15 on the treadmill': minutes again."""
AND_MORE = re.compile(
    r"^\s*(?:another |then |about )*(?:(\d{1,3})(?: minutes?)?|«([\d.]+)min») (?:in the (?:morning|afternoon|evening)|this (?:morning"
    r"|afternoon|evening)|later"
    r"|tonight|on the way (?:back|home)|back|home|more|after (?:work|lunch|dinner))\s*$"
)
"""'20 minutes in the morning and 25 in the evening'."""
COUNTED = frozenset({"push-ups", "squats"})
REPS = re.compile(
    r"\b(?:(?P<sets>\d{1,2}) ?(?:sets? of|x) ?)?(?P<reps>\d{1,4}) (?!sets?\b|x\b|rounds?\b|times\b|reps? of\b)(?:\w+[ -])?[a-z]"
)
REPS_PER_MINUTE = 15.0
PLAIN_NAMES = frozenset({"workout", "gym"})
EASING = re.compile(r"warm|cool")
"""A warm up or cool down: what it was done with counts, and without a time of its own it belongs to what it led to."""


@dataclass(frozen=True, slots=True)
class Move:
    """One workout."""

    name: str
    activity: Activity
    minutes: float | None = None
    """What the person stated; None leaves it to the distance or to a usual session."""
    km: float | None = None
    steps: float | None = None
    miles: bool = False
    """Whether the distance was stated in miles, to be shown so."""
    reps: float | None = None
    """How many push-ups or squats, all sets together."""

    @property
    def length(self) -> float:
        """Minutes, estimated where none were stated."""
        if self.minutes is None and self.reps:
            return float(max(1, round(self.reps / REPS_PER_MINUTE)))
        return self.minutes if self.minutes is not None else self.activity.minutes(self.km, self.steps)

    @property
    def label(self) -> str:
        """The name as it goes into the log, with the distance where one was stated."""
        if self.km:
            return f"{show(round(self.km / KM_PER_MILE, 2))} mile {self.name}" if self.miles else f"{show(self.km)} km {self.name}"
        if self.reps:
            return f"{show(self.reps)} {self.name}"
        return f"{self.name}, {show(self.steps)} steps" if self.steps else self.name


@lru_cache(maxsize=512)
def moves(clause: str) -> tuple[Move, ...]:
    """The workouts in a marked clause."""
    clause = lasted(clause) if ":" in clause and "min»" not in clause else clause
    clause = re.sub(r"^(?:and )?(?:right |just )?(?:before|after|instead of|rather than) [^,«]*?(?:,| (?=(?:i|we)\b))", "", clause)
    clause = _pairs().sub(lambda match: match.group().replace(" and ", "-and-"), AFTER.sub("", clause) or clause)
    found: list[Move] = []
    early = _Amounts()
    for part in filter(str.strip, CUT.split(clause)):
        amounts = _amounts(part, clause)
        if not _read(part, amounts, found):
            early = early if early.minutes is not None else amounts
    if not found:
        found = _by_amount_alone(clause)
    elif found[0].minutes is None and found[0].km is None and early.minutes is not None:
        found[0] = replace(found[0], minutes=early.minutes)
    return tuple(_with_race(move, clause) for move in _joined(_merged(_strength(_session(found, clause))), clause))


@lru_cache(maxsize=1)
def _pairs() -> re.Pattern[str]:
    """Names such as 'chest and back', which are one workout and not two."""
    names = sorted(name[0].replace("-and-", " and ") for name in table() if "-and-" in name[0])
    return re.compile(rf"\b(?:{'|'.join(names)})\b")


def _with_race(move: Move, clause: str) -> Move:
    """A marathon has a known length."""
    if move.activity.name != "run" or move.km or move.minutes or "marathon" not in clause:
        return move
    return replace(move, km=21.1 if "half" in clause else 42.2)


@dataclass(frozen=True, slots=True)
class _Amounts:
    """What one stretch between separators says of time and distance."""

    minutes: float | None = None
    km: float | None = None
    steps: float | None = None
    miles: bool = False


def _amounts(part: str, clause: str) -> _Amounts:
    minutes, km, steps = amount(part, "min"), distance(part), amount(part, "steps")
    if minutes is None and km is None and steps is None and (bare := BARE_MINUTES.search(part)):
        minutes = float(bare.group(1) or bare.group(2))
    return _Amounts(minutes * factor(part, clause) if minutes is not None else None, km, steps, "mi»" in part)


def _read(part: str, said: _Amounts, found: list[Move]) -> bool:
    """One stretch between separators: a workout, or more about the one before. False where it is neither."""
    listed = [mended(word) for word in tokens(part)]
    hits = [hit for hit in find(listed) if _done(hit, listed)]
    if hits:
        hit = max(hits, key=lambda hit: (hit.activity.name not in PLAIN_NAMES, not EASING.match(hit.said), -hit.start))
        reps = _reps(part) if hit.activity.name in COUNTED else None
        minutes = said.minutes if said.minutes is not None else _bare(part, hit, listed, said, found)
        found.append(Move(_name(hit, part), hit.activity, minutes, said.km, said.steps, said.miles, reps))
    elif said.minutes is not None and (not found or found[-1].minutes is not None) and (name := activity_in(part)):
        found.append(Move(name, table()[("workout",)], said.minutes, said.km, miles=said.miles))
    elif found:
        _add_to(found, said, part)
    return bool(found)


def _done(hit: Found, listed: list[str]) -> bool:
    """Whether the words around an exercise leave it done: not 'can't sprint', and not 'legs are jelly'."""
    if FORBIDDEN.search(" ".join(listed[: hit.start]) + " "):
        return False
    return not (hit.said in lexicon("trained_parts") and hit.end < len(listed) and listed[hit.end] in lexicon("part_states"))


def _bare(part: str, hit: Found, listed: list[str], said: _Amounts, found: list[Move]) -> float | None:
    """Minutes that no unit tells: 'bike 40', or '15 on the rower' behind a part with a time."""
    if said.km is not None or said.steps is not None or hit.activity.name in COUNTED:
        return None
    if found and found[-1].minutes is not None and (more := MORE_MINUTES.search(part)):
        return float(more.group(1) or more.group(2))
    after = END_MINUTES.match("".join(f" {word}" for word in listed[hit.end :]))
    free = LIFTED not in hit.activity.kinds or hit.activity.name in PLAIN_NAMES
    return float(after.group(1)) if after and free and float(after.group(1)) >= SHORTEST_BARE else None


def _add_to(found: list[Move], said: _Amounts, part: str) -> None:
    last, more = found[-1], AND_MORE.match(part)
    if more and last.minutes is not None:
        found[-1] = replace(last, minutes=last.minutes + float(more.group(1) or more.group(2)))
        return
    found[-1] = replace(
        last,
        minutes=said.minutes if last.minutes is None else last.minutes,
        km=said.km if last.km is None else last.km,
        miles=said.miles or last.miles,
        steps=said.steps if last.steps is None else last.steps,
    )


def _session(found: list[Move], clause: str) -> list[Move]:
    """'28 minutes in total, jogging and walking': what a timed session consisted of is no session more."""
    timed = [move for move in found if move.minutes is not None]
    if timed and len(timed) < len(found):
        found = [move for move in found if move.minutes is not None or move.km or not EASING.match(move.name)]
    whole, parts = (found[0], found[1:]) if found else (None, [])
    if whole and parts and whole.activity.name in PLAIN_NAMES and len(timed) == len(found):
        return parts if sum(move.minutes or 0.0 for move in parts) == whole.minutes else found
    if len(timed) != 1 or found[0] is not timed[0] or not (ALTOGETHER.search(clause) or CONSISTED.search(clause)):
        return found
    return timed


def _strength(found: list[Move]) -> list[Move]:
    """'10 burpees, 20 squats, 22 minutes' and '50 press-ups and 100 sit-ups' are one session of all of them."""
    timed = [move for move in found if move.minutes is not None]
    lifting = all(LIFTED in move.activity.kinds and move.activity.name not in PLAIN_NAMES for move in found)
    if len(found) < 2 or not lifting or len(timed) > 1 or (timed and found[-1] is not timed[0]):
        return found
    if not timed and not all(move.reps for move in found):
        return found
    reps = sum(move.reps or 0.0 for move in found)
    names = list(dict.fromkeys(move.label for move in found))
    name = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return [Move(name, found[-1].activity, timed[0].minutes if timed else float(max(1, round(reps / REPS_PER_MINUTE))))]


def _by_amount_alone(clause: str) -> list[Move]:
    """'5k in 28 minutes' is a run, '10,000 steps' a walk."""
    minutes, km, steps = amount(clause, "min"), distance(clause), amount(clause, "steps")
    if steps:
        return [Move("walk", table()[("walk",)], minutes, km, steps)]
    if name := activity_in(clause):
        return [Move(name, table()[("workout",)], minutes, km, miles="mi»" in clause)]
    if km and km <= 100:
        return [Move("run", table()[("run",)], minutes, km, miles="mi»" in clause)]
    return []


def _reps(part: str) -> float | None:
    """50 of '50 pushups', 36 of '3 sets of 12 squats'."""
    found = REPS.search(MARK.sub(" ", part))
    return float(found.group("reps")) * float(found.group("sets") or 1) if found else None


def distance(text: str) -> float | None:
    """The first distance in a marked text, in km."""
    km, miles = amount(text, "km"), amount(text, "mi")
    return km if miles is None or km is not None else round(miles * KM_PER_MILE, 2)


def _merged(found: list[Move]) -> list[Move]:
    """Squats and deadlifts are one session, and 'gym' beside an exercise says where, not what else."""
    merged: list[Move] = []
    for move in found:
        twin = next((n for n, other in enumerate(merged) if _same(move, other)), None)
        if twin is None:
            merged.append(move)
            continue
        first = merged[twin]
        keep = move if first.activity.name in PLAIN_NAMES else first
        minutes = [known for known in (first.minutes, move.minutes) if known is not None]
        merged[twin] = replace(keep, minutes=sum(minutes) if minutes else None, km=first.km or move.km)
    return merged


def _same(move: Move, other: Move) -> bool:
    if move.activity.name == other.activity.name:
        apart = move.minutes is not None and other.minutes is not None and not set(move.name.split()) & set(other.name.split())
        return not apart and bool(EASING.match(move.name)) == bool(EASING.match(other.name))
    both_timed = move.minutes is not None and other.minutes is not None
    return not both_timed and (move.activity.name in PLAIN_NAMES or other.activity.name in PLAIN_NAMES)


def _joined(found: list[Move], clause: str) -> list[Move]:
    """'yoga and pilates, 50 min': one duration for several workouts is one session."""
    timed = [move for move in found if move.minutes is not None]
    if len(found) < 2 or len(timed) != 1 or found[-1] is not timed[0] or not re.search(r"[,(]|\bfor\b|total", clause):
        return found
    return [replace(found[-1], name=" and ".join(move.name for move in found))]


def _name(hit: Found, part: str) -> str:
    """A noun for the log: 'ran' is logged as a run, 'leg day' stays leg day, 'training' is what it was in."""
    if hit.activity.name in PLAIN_NAMES and (kind := sport_before(part, hit.said)):
        return f"{kind} {hit.said}"
    return hit.activity.name if NOT_NOUN.match(hit.said) else hit.said.replace("-and-", " and ")
