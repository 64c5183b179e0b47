"""The value among the words of a correction: 360 kcal in 'my mum said I had 6, so it was 360 kcal', 55 in 'he added 10 min, so 55'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.demo.exactness import LEAST_ENERGY, base_of, units
from agent.demo.logbook import Entry
from agent.demo.memory import stems

VALUE = re.compile(
    r"«(?P<mark>\d+(?:\.\d+)?)(?P<unit>kcal|min|g|ml|km|mi)»|(?<![\w«.,:#-])(?P<bare>\d{1,4}(?:\.\d+)?)(?![\w».:%/-]"
    r"|,\d)(?: (?P<noun>[a-z]+))?"
)
NOT_IT = re.compile(
    r"(?:\bnot|n't|\bnever|\binstead of|\brather than|\bthan|\bfrom|\bafter i said|\bof)(?: (?:the|only|just|about|those|my))*$"
)
"""What stands before a number that is not the new one: 'not 300', 'of 60 kcal each'."""
SETTLES = re.compile(
    r"\b(?:so|in total|in all|al+together|all in all|overall|makes|to|at|should (?:be|have been|say|read)|was|were|is|it's|has|had|have"
    r"|says?|said|counted|weighed|meant|put|only|rather|with|lists?|gives|recorded|just|like|lasted|after|took|\w+ed|ran|swam|did|rode|went|half"
    r"|mine|came to|comes to"
    r"|be)[:,]?(?: (?:it|that|they|it's|about|around|only"
    r"|just|rather|more like|was|were|is|be|to|exactly|more|a|i had|we had))*[,:]?$|[:=]$"
)
"""What stands before a number without a unit that is the new one."""
SO = re.compile(
    r"\b(?:so|that makes|makes it|makes)(?: (?:it|that|it's|was|is|about|only|just|my|half|total|rather|more like|we|i|had|did))*$"
)
"""What stands before the new sum, whatever other numbers there are."""
BY = re.compile(r"^ (?P<less>less|fewer|shorter|lower)\b|^ (?P<more>more|longer|extra|higher|on top)\b(?! like)")
MORE = re.compile(r"\b(?:another|an? (?:extra|additional)|extra|plus)$")
FITS = {"food": frozenset({"kcal", "g", "ml"}), "workout": frozenset({"min", "km", "mi"})}
FOLLOW = frozenset(
    {
        *("of", "in", "and", "so", "for", "not", "please", "today", "but", "i", "only", "is"),
        *("it", "sorry", "then", "now", "by", "as", "instead", "according", "actually", "on", "to", "at"),
        *("the", "from", "was", "were", "with", "my", "we", "he", "she", "says", "more", "less"),
        *("fewer", "altogether", "overall", "if", "because", "when", "again", "or"),
    }
)
"""Words that may follow a number without saying what it counts."""
LEAST_MINUTES = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One number of a message."""

    number: float
    unit: str
    """'kcal', 'min', 'g', 'ml', 'km', 'mi', or '' for a bare number."""
    noun: str
    before: str
    after: str


def said_values(said: str, entry: Entry, names: frozenset[str]) -> str:
    """What an entry should say, as a marked text; '' where that is not told.

    Args:
        said: the message, marked.
        entry: the entry that is put right.
        names: the stems it answers to.
    """
    found = [one for one in _numbers(said) if _fits(one, entry, names)]
    if len(found) > 1:
        found = [one for one in found if one.number != entry.amount or one.unit not in {"kcal", "min", ""}] or found
    if not found:
        return ""
    sum_told = [one for one in found if SO.search(one.before)]
    last = next((one for one in reversed(sum_told or found) if one.unit in {"kcal", "min"}), (sum_told or found)[-1])
    by, on_top = BY.match(last.after), MORE.search(last.before)
    if by or on_top:
        rest = entry.amount - last.number if by and by.group("less") else entry.amount + last.number
        return f"«{rest:g}{'kcal' if entry.kind == 'food' else 'min'}»" if rest > 0 and last.unit in {"kcal", "min"} else ""
    if last.unit:
        return _with_count(last, found, entry)
    if entry.kind == "workout":
        return f"«{last.number:g}min»"
    return f"{last.number:g} {last.noun}" if last.noun in units() else f"{last.number:g}"


def _numbers(said: str) -> list[Said]:
    return [
        Said(
            float(hit.group("mark") or hit.group("bare")),
            hit.group("unit") or "",
            hit.group("noun") or "",
            said[: hit.start()].rstrip(),
            said[hit.end("bare") if hit.group("bare") else hit.end() :],
        )
        for hit in VALUE.finditer(said)
    ]


def _fits(one: Said, entry: Entry, names: frozenset[str]) -> bool:
    """Whether a number may be what the entry should say."""
    if NOT_IT.search(one.before) or one.after.startswith(" each"):
        return False
    if one.unit:
        return one.unit in FITS[entry.kind]
    if one.noun and one.noun not in FOLLOW and one.noun not in units() and not stems(one.noun) & names:
        return False
    if one.number >= LEAST_ENERGY and one.before.endswith((",", ":")) and not one.after.strip():
        return True
    named_before = bool(names & stems(" ".join(one.before.split()[-2:])))
    if entry.kind == "workout":
        return one.number >= LEAST_MINUTES and (named_before or bool(SETTLES.search(one.before)))
    counted = one.noun in units() or bool(stems(one.noun) & names)
    return counted or (bool(SETTLES.search(one.before)) or (named_before and one.number >= LEAST_ENERGY))


def _with_count(last: Said, found: list[Said], entry: Entry) -> str:
    """The energy, with the number of pieces where both are told: '6 meatballs, so it was 360 kcal'."""
    mark = f"«{last.number:g}{last.unit}»"
    count = next((one for one in found if not one.unit and one.number < LEAST_ENERGY), None)
    if last.unit != "kcal" or count is None:
        return mark
    measure = f"{count.noun} of " if count.noun in units() else ""
    return f"{count.number:g} {measure}{base_of(entry)} {mark}"
