"""Sums over what was told: what is left to lose, how old one will be, how long it is until the race, what it costs a year.

Every number comes from the request; where one is missing there is no sum.
"""

from __future__ import annotations

import re

from agent.demo.context import Line
from agent.demo.gist import Hit, best, told_clauses, wanted
from agent.demo.memory import Memory, stems
from agent.demo.talk import capital
from agent.demo.tolddates import day_told
from agent.demo.toldsums import told_sum
from agent.demo.weighed import MASS, weight_lost
from agent.demo.words import numbered, show, tidy

GAP = re.compile(
    rf"\b(?:how (?:much|many|far)|what(?:'s| is))\b.*(?:\b(?:still|left|to go|have to|need to|missing|more|away|remain\w*"
    rf"|off|until|till|between)\b"
    rf".*\b(?:lose|loose|drop|shed|gain|go|goal|target|{MASS})\b|\b(?:lose|loose|drop|shed|gain|goal|target"
    rf"|{MASS})\b.*\b(?:still|left|to go|away|missing|until)\b)"
)
FAR = re.compile(
    r"\bhow close (?:am|was) i\b|\bhow far\b.*\b(?:from|off|to)\b.*\b(?:goal|target|weight)\b|^(?:kg|kilos?|pounds|lbs"
    r"|weight) (?:to go|left|to lose)$"
)
TARGET = re.compile(
    r"\b(?:target|goal|aim(?:ing)?|want|like|hope|hoping|trying|need|plan|down|get|reach|ideal|dream)\b[^.\d]{0,28}?"
    r"(?:\bto\b|\bis\b|\bfor\b|\bat\b|\bof\b|\breach\b|\bweigh\b|\bhit\b|:|(?<=goal)|(?<=target)|(?<=goal weight)"
    r"|(?<=target weight)) ?(?:about |around |get to |be |be at "
    r"|weigh )*(?P<n>\d{2,3}(?:\.\d+)?)(?! ?(?:kcal|cal|min|km|g\b|steps|%|bpm))"
)
BY = re.compile(rf"\b(?:lose|drop|shed|gain|put on) (?P<n>\d+(?:\.\d+)?) ?(?:more )?{MASS}")
OLDER = re.compile(
    r"\bhow old (?:will|would|am) i (?:be|turn|going to be)?\b.*?(?:\bin (?P<n>\d+|a) years?\b|\b(?:in )?(?P<y>20\d\d)\b"
    r"|\b(?P<next>next (?:year|birthday))\b)"
)
THEIR_AGE = re.compile(r"\bhow old (?:will|would) (?P<who>my .{2,25}?|[a-z]+) be in (?P<n>\d+) years?\b")
UNTIL = re.compile(
    r"\bhow (?P<unit>many days|many weeks|many months|long|soon|far)\b.*\b(?:until|till|til|before|to go|left|away|to"
    r"|is it|is that|is this|do i have|now)\b"
)
RATE = re.compile(r"\b(?:per|a|an|each|every|over a|in a) (?P<p>day|week|month|year)\b|\b(?P<ly>dai|week|month|year)ly\b")
SPANS = stems("day week month far soon days weeks")
NUMBER = r"(?P<n>\d[\d,]*(?:\.\d+)?)"
TWICE = re.compile(r"\btwice\b")
OFTEN = re.compile(r"\b(?P<n>\d+) times\b")
"""'Three times a week', as digits."""
TIMES_A_YEAR = {"day": 365.0, "week": 52.0, "month": 12.0, "year": 1.0}


ASKS = re.compile(
    r"\bhow\b|\bwhat\b|\bwhich\b|\bto go\b|\bleft\b|\bto drink\b|\b(?:have|did) i (?:lost|lose|gain|gained|put)\b"
    r"|\bwhen did i sleep\b|\bon which\b"
)


def worked_out(question: str, memory: Memory) -> str:
    """The sum that a question asks for, in a sentence; '' where it asks for none or a number is missing."""
    low = TWICE.sub("2 times", numbered(tidy(question)).strip(" ?!."))
    if not ASKS.search(low):
        return ""
    return (
        told_sum(low, memory)
        or _gap(low, memory)
        or weight_lost(low, memory)
        or _older(low, memory)
        or _until(low, memory)
        or _over(low, memory)
    )


def _gap(low: str, memory: Memory) -> str:
    """What is between the weight told last and the weight one wants."""
    if not (GAP.search(low) or FAR.search(low)) or re.search(r"\b(?:calories|kcal|min|minutes|days|weeks)\b", low):
        return ""
    weights, target = memory.measures("weight"), _target(memory)
    if not weights or target is None:
        return ""
    now = next((one for one in reversed(weights) if one[0].number and one[0].number != target[0]), None)
    if now is None:
        return ""
    measure, line, _ = now
    left, unit = abs((measure.number or 0) - target[0]), _unit(measure.unit)
    done = "that is where you are" if left == 0 else f"that leaves {show(round(left, 1))} {unit}"
    return f"{capital(memory.source(line))} {show(measure.number or 0)} {unit} and a target of {show(target[0])}: {done}."


def _unit(unit: str) -> str:
    return {"lb": "pounds", "st": "stone", "": "kg"}.get(unit, unit)


def _target(memory: Memory) -> tuple[float, Line] | None:
    """The weight one wants to have, told last; 'lose 5 kg' counts from the first weight told."""
    for line in reversed(memory.lines):
        low = numbered(tidy(line.text))
        if line.text.rstrip().endswith("?"):
            continue
        if found := TARGET.search(low):
            return float(found.group("n")), line
        weights = memory.measures("weight")
        if (by := BY.search(low)) and weights and weights[0][0].number:
            sign = 1 if re.search(r"\bgain|\bput on", by.group()) else -1
            return weights[0][0].number + sign * float(by.group("n")), line
    return None


def _older(low: str, memory: Memory) -> str:
    """An age some years from now."""
    asked, ages = OLDER.search(low), memory.of("age")
    if asked is None and (other := THEIR_AGE.search(low)):
        return _their_age(low, other, memory)
    if not asked or not ages or not ages[0].fact.value.isdigit():
        return ""
    age = int(ages[0].fact.value)
    if asked.group("y"):
        if memory.today is None:
            return ""
        years = int(asked.group("y")) - memory.today.year
        return f"{capital(memory.source(ages[0].line))} you're {age}, so in {asked.group('y')} you'll be {age + years}, give or take one."
    years = 1 if asked.group("next") or asked.group("n") == "a" else int(asked.group("n"))
    return f"{capital(memory.source(ages[0].line))} you're {age}, so you'll be {age + years}."


def _their_age(low: str, asked: re.Match[str], memory: Memory) -> str:
    """The age of somebody else some years from now."""
    hit = best(asked.group("who"), memory)
    number = re.search(r"\b(\d{1,3})\b", numbered(tidy(hit.clause))) if hit and hit.score >= 0.6 else None
    if hit is None or number is None:
        return ""
    then = int(number.group(1)) + int(asked.group("n"))
    return f'{capital(memory.source(hit.line))}: "{hit.clause.strip()}". In {asked.group("n")} years that makes {then}.'


def _until(low: str, memory: Memory) -> str:
    """The days from today to something that was told with its date."""
    asked = UNTIL.search(low)
    if not asked or memory.today is None or re.search(r"\b(?:should|could|can|did|sleep|slept)\b", low):
        return ""
    hit = best(low, memory) if wanted(low)[0] - SPANS else _last_dated(memory)
    day = day_told(hit.clause, hit.line.day or memory.today) if hit and hit.score >= 0.3 else None
    if hit is None or day is None or day < memory.today:
        return ""
    span = _span((day - memory.today).days, asked.group("unit"))
    return f'{capital(memory.source(hit.line))}: "{hit.clause.strip()}". From today that is {span}.'


def _last_dated(memory: Memory) -> Hit | None:
    """The clause told last that names a day to come, for 'how many days is that?'."""
    today = memory.today
    dated = [Hit(line, clause, 1.0) for line in memory.lines[-6:] for clause in told_clauses(line) if today and day_told(clause, today)]
    return dated[-1] if dated else None


def _own_rate(memory: Memory) -> Hit | None:
    """What was told last, before 'how many is that a week?'."""
    rated = [
        Hit(line, clause, 1.0)
        for line in (*memory.lines[-4:], memory.question)
        for clause in told_clauses(line)
        if RATE.search(clause.lower())
    ]
    return rated[-1] if rated else None


def _span(days: int, unit: str) -> str:
    if "week" in unit:
        return f"{show(round(days / 7, 1))} weeks ({days} days)"
    if "month" in unit:
        return f"about {show(round(days / 30.4, 1))} months ({days} days)"
    return f"{days} day{'' if days == 1 else 's'}{f' (about {round(days / 7)} weeks)' if days >= 14 else ''}"


def _over(low: str, memory: Memory) -> str:
    """'40 a month' over a year: an amount told for one stretch of time and asked for another."""
    asked = RATE.search(low)
    if not asked or not re.search(r"\bhow (?:much|many|far|long)\b|\bwhat\b", low) or re.search(r"\b(?:should|can|average|log)\b", low):
        return ""
    plain = RATE.sub(" ", low)
    hit = best(plain, memory) if wanted(plain)[0] else _own_rate(memory)
    if hit is None or hit.score < 0.4:
        return ""
    part = _closest_part(low, TWICE.sub("2 times", numbered(tidy(hit.clause))))
    told, number, often = RATE.search(part), re.search(NUMBER, part), OFTEN.search(part)
    if not told or not number or (_period(told) == _period(asked) and not often):
        return ""
    times = float(often.group("n")) if often and often.start() != number.start() else 1.0
    amount = times * float(number.group("n").replace(",", "")) * TIMES_A_YEAR[_period(told)] / TIMES_A_YEAR[_period(asked)]
    return f'{capital(memory.source(hit.line))}: "{hit.clause.strip()}". That comes to {_whole(amount)} a {_period(asked)}.'


def _whole(amount: float) -> str:
    return show(round(amount)) if amount >= 10 else show(round(amount, 1))


def _period(found: re.Match[str]) -> str:
    return found.group("p") or {"dai": "day"}.get(found.group("ly"), found.group("ly"))


def _closest_part(low: str, clause: str) -> str:
    """The part between commas that shares most words with the question and tells an amount per time."""
    parts = [part for part in re.split(r",| and ", clause) if RATE.search(part) and re.search(r"\d", part)]
    words = set(low.split())
    return max(parts, key=lambda part: len(words & set(part.split())), default=clause)
