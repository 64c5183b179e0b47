"""A meal or a workout told within a story: who does what when, clause by clause.

'My sister came over, so I made pancakes while she talked about her exams' has one clause for the log; the others say why, where, and what
others did. Each part of such a sentence is the speaker's own eating, drinking or moving, or it is background, and only the first is logged.
A day that opens the story holds for all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from agent.demo.clauses import SENTENCE, is_question
from agent.demo.foods import mentions
from agent.demo.meals import HALF_OF_IT, items
from agent.demo.moves import PLAIN_NAMES, distance, moves
from agent.demo.storywords import (
    _JOINT,
    ADVISED,
    ALL_I,
    BARE_I,
    CUES,
    DAY_FIRST,
    DAY_IN,
    DOES_BARE,
    FEWEST,
    FEWEST_LISTED,
    FRAME,
    GAVE_ME,
    GERUND,
    I_WE,
    IT_WAS,
    LEAD,
    LONG_OPENING,
    MADE_FOOD,
    MADE_ME,
    MEAL_WAS,
    MINE_DOES,
    NO_STORY,
    NOMINAL,
    OCCASION,
    OF_DAY,
    OTHERS,
    PORTION,
    SLEPT,
    SO,
    SO_THAT,
    SOMEBODY,
    SUBORDINATE,
    TELLS,
    TELLS_BARE,
    WHEN_FIRST,
    WHICH,
    WHY,
    plainly_told,
)
from agent.demo.words import MARK, amount, marked, show, spelled, tidy

TELL, MINE, OTHER = "tell", "mine", "other"


@dataclass(frozen=True, slots=True)
class Part:
    """One clause of a story."""

    text: str
    told: bool
    """Whether it tells the speaker's own meal or workout; else it is background."""
    said: str = ""
    """The clause as it was said, with the word that joins it."""


@lru_cache(maxsize=512)
def parted(message: str) -> tuple[Part, ...]:
    """The clauses of a message that tells a meal or a workout in a story; none where it is no such message."""
    words = message.lower().split()
    if len(words) < FEWEST or not I_WE.intersection(words):
        return ()
    if not CUES.intersection(words) and ("," not in message or len(words) < FEWEST_LISTED):
        return ()
    found: list[Part] = []
    story, day = False, ""
    for sentence in SENTENCE.split(spelled(message)):
        said = " ".join((sentence or "").split()).strip(" ,.-")
        if not said:
            continue
        own = _sentence(said)
        day = _day_of(said, own) or day
        story = story or bool(own)
        found.extend(_dated(own or [Part(said, told=True)], day))
    return tuple(found) if story else ()


def _sentence(said: str) -> list[Part]:
    """The clauses of one sentence; none where it tells no story."""
    if framed := FRAME.match(said):
        said = said[framed.end() :].rstrip("? ")
    low = said.lower()
    if NO_STORY.search(low) or (is_question(said) and (said.endswith("?") or not WHEN_FIRST.match(low))):
        return []
    cuts = _cuts(said)
    plain = "" if framed else said
    parts = [_part(said[start:end], kind, first=not start) for (start, kind), (end, _) in pairwise([*cuts, (len(said), "")])]
    parts = [part for part in _settled(parts) if len(part.text) > 1]
    told = [part for part in parts if part.told]
    return parts if told and (len(told) < len(parts) or len(parts) < len(cuts) or any(part.text != plain for part in told)) else []


def _cuts(said: str) -> list[tuple[int, str]]:
    """Where the clauses of a sentence begin, and what each is."""
    kind, before = _kind(said, 0, "")
    cuts = [(0, kind or MINE)]
    places = [(found.start(), found.end(), found.group()) for found in re.finditer(_JOINT, said, re.IGNORECASE) if found.start()]
    places += [(found.start(), found.end(), " ") for found in BARE_I.finditer(said)]
    places += [(found.end(), found.end() + len("that "), "that") for found in SO_THAT.finditer(said)]
    for start, end, joint in sorted(places):
        if start < before or (joint == " " and not _opens_long(said[cuts[-1][0] : start])):
            continue
        kind, stop = _kind(said, end, cuts[-1][1], subordinate=bool(SUBORDINATE.match(joint.lower().lstrip())))
        if kind and not (joint == " " and kind == MINE):
            cuts.append((start, kind))
            before = max(end, stop)
    return cuts


def _opens_long(text: str) -> bool:
    opening = text.lower().strip(",;:- ")
    return " " in opening and bool(LONG_OPENING.match(opening))


def _kind(said: str, place: int, last: str, *, subordinate: bool = False) -> tuple[str, int]:
    """What the clause at this place is: the speaker's meal or workout, something else of theirs, or of others; '' where none begins.

    With it comes where its verb ends, before which no other clause begins.
    """
    rest = said[place:]
    if found := _tells(rest):
        return TELL, place + found.end()
    if MINE_DOES.match(rest):
        return MINE, 0
    bare = TELLS_BARE.match(rest)
    if bare and ((last != OTHER and not subordinate) or (subordinate and bare["ate"] in {"eating", "drinking", "having"})):
        return TELL, place + bare.end()
    others = OTHERS.match(rest)
    if others and not _is_food(others["bare"]):
        return OTHER, 0
    return _kind_of_rest(rest, said[:place].lower(), last, subordinate=subordinate), 0


def _tells(rest: str) -> re.Match[str] | None:
    """The words that begin a clause of the speaker's own eating or moving."""
    if found := TELLS.match(rest) or MADE_ME.match(rest) or MEAL_WAS.match(rest):
        return found
    found = ALL_I.match(rest) or GAVE_ME.match(rest)
    return found if found and mentions(tidy(rest[found.end() :].split(",", maxsplit=1)[0])) else None


def _kind_of_rest(rest: str, before: str, last: str, *, subordinate: bool) -> str:
    """What a clause without a subject is: 'so three coffees', 'while waiting', 'forgot my lunch'."""
    if SO.search(before) and NOMINAL.match(rest) and mentions(tidy(rest)):
        return TELL
    if (subordinate and GERUND.match(rest)) or (before and DOES_BARE.match(rest)):
        return OTHER if last == OTHER else MINE
    return ""


def _is_food(name: str | None) -> bool:
    return name is not None and bool(mentions(tidy(name)))


def _part(text: str, kind: str, *, first: bool) -> Part:
    """A clause without its joint; one that names nothing eaten and nothing done is background after all."""
    bare = (text if first else LEAD.sub("", text)).strip(" ,.;:-")
    bare = re.sub(r"^that (?=i |we )", "", bare, flags=re.IGNORECASE)
    if kind != TELL:
        return Part(text.strip(" ,.;"), told=False, said=text)
    if WHICH.match(text) and not _eaten(marked(bare)) and (ate := TELLS.match(bare)) and ate["ate"]:
        return Part("I ate it", told=True, said=text)
    if (given := ALL_I.match(bare) or GAVE_ME.match(bare)) and not TELLS.match(bare):
        bare = f"I had {bare[given.end() :]}"
    elif not first and NOMINAL.match(bare) and not bare.lower().startswith(("just", "only")):
        bare = f"I had {bare}"
    found = TELLS.match(bare) or TELLS_BARE.match(bare) or MADE_ME.match(bare)
    plain = plainly_told(bare, found) if found else bare
    low = marked(plain)
    named = _any(low)
    if found and not found.groupdict().get("ate"):
        return Part(plain, told="«" in low or (named and (_eaten(low) or not set(_sports(low)) <= PLAIN_NAMES or "gym" in low)), said=text)
    return Part(plain, told=named or found is None or bool(PORTION.search(low)) or _sure(found), said=text)


def _sure(found: re.Match[str]) -> bool:
    return bool(re.match(r"ate|eat|drank|devoured|nibbled|munched|snacked", found["ate"] or "", re.IGNORECASE))


def _settled(parts: list[Part]) -> list[Part]:
    """Parts that speak of one before them, with what they speak of: 'it was a curry', 'I did it in 58 minutes', 'it took an hour'."""
    done: list[Part] = []
    for part in parts:
        told = max((place for place, before in enumerate(done) if before.told), default=-1)
        background = " ".join(before.text for before in done if not before.told)
        text, low = LEAD.sub("", part.text), marked(part.text)
        if told >= 0 and _adds(part, low, done[told]):
            done[told] = replace(done[told], text=f"{done[told].text}{_said_of(part, low, text, last=told == len(done) - 1)}")
        elif not part.told and _names_meal(text, background) and not any(before.told and _named(before) for before in done):
            done.append(Part(IT_WAS.sub("i had ", text), told=True))
        elif part.told and background and "«" in low and not (set(_sports(low)) - PLAIN_NAMES or _eaten(low)):
            done.append(_of_background(part, background))
        else:
            done.append(part)
    return done


def _names_meal(text: str, background: str) -> bool:
    """'My husband made dinner, it was curry': what the meal was that somebody made."""
    return bool(IT_WAS.match(text) and MADE_FOOD.search(background)) and _eaten(marked(IT_WAS.sub("", text)))


def _adds(part: Part, low: str, told: Part) -> bool:
    """Whether a clause only says how much or how long what was told before it was."""
    if HALF_OF_IT.search(low):
        return True
    if "«" not in low or _any(MARK.sub(" ", low)) or (not part.told and SOMEBODY.match(low)):
        return False
    if part.told and TELLS.match(LEAD.sub("", part.said)):
        return bool(amount(low, "min")) and any(move.minutes is None and move.km is None for move in moves(marked(told.text)))
    return True


def _said_of(part: Part, low: str, text: str, *, last: bool) -> str:
    """What a clause adds to the one it speaks of: the minutes of another sentence, or its own words."""
    minutes = amount(low, "min") if part.told and TELLS.match(LEAD.sub("", part.said)) else None
    if minutes:
        return f", {show(minutes)} minutes"
    return part.said if last else f", {text}"


def _named(part: Part) -> bool:
    return any(item.food for item in items(marked(part.text)))


def _any(low: str) -> bool:
    return bool(moves(low)) or _eaten(low)


def _eaten(low: str) -> bool:
    return any(item.food or item.kcal for item in items(low))


def _sports(low: str) -> list[str]:
    return [move.activity.name for move in moves(low)]


def _of_background(part: Part, background: str) -> Part:
    """'I did it in 58 minutes' with the sport that the clause before names."""
    low = marked(part.text)
    minutes, km = amount(low, "min"), distance(low)
    done = moves(marked(ADVISED.sub("", background))) if minutes or km else ()
    if not done:
        return part
    far = f" {show(km)} km" if km else ""
    return Part(f"I did {done[-1].label}{far}" + (f" for {show(minutes)} minutes" if minutes else ""), told=True)


def _day_of(said: str, parts: list[Part]) -> str:
    """The day that a sentence sets for the rest of the story: what opens it, or the day of the occasion that it tells of."""
    if SLEPT.search(said.lower()):
        return ""
    if opened := DAY_FIRST.match(said):
        return opened["day"]
    for part, then in pairwise(parts):
        if not part.told and (found := DAY_IN.search(part.text)) and not OF_DAY.search(part.text):
            return found.group() if OCCASION.search(part.text) or not WHY.match(then.said) else ""
    return ""


def _dated(parts: list[Part], day: str) -> Iterator[Part]:
    """The clauses with the day that opened the story, where they name none themselves."""
    for part in parts:
        undated = part.told and day and not DAY_IN.search(part.text) and not is_question(part.text)
        yield replace(part, text=f"{day} {part.text}") if undated else part
