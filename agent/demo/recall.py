"""Answers about what the person told: from the request alone, and said to be so."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.demo.acts import Act, Measure
from agent.demo.context import Line
from agent.demo.facts import expand
from agent.demo.gist import best, wanted
from agent.demo.memory import LABELS, Memory, Told, stems
from agent.demo.restrictions import careful_with
from agent.demo.sums import worked_out
from agent.demo.talk import capital, listing, say, to_you
from agent.demo.tellings import sensitivities
from agent.demo.watertold import water_total
from agent.demo.weighed import weight_then
from agent.demo.words import show

GENERIC = {
    "allergy": "allergy allergic food foods eat intolerant intoleranc avoid not ill sick list safe",
    "name": "name call",
    "goal": "goal dream ambition target aim try train work toward want achieve main current objective hop do prepare reach for",
    "diet": "diet eat follow vegetarian vegan food drink",
    "dislike": "dislike hate like stand detest food foods eat favorite least",
    "like": "like love enjoy prefer preference favorite eat do",
    "injury": "injury hurt hav problem health condition part body medical pain ache wrong",
    "weight": "weight weigh current last start",
    "sleep": "sleep night last hour bed much",
    "water": "water drink far",
    "mood": "feel mood morn last yesterday week",
    "age": "age old year",
    "height": "tall height",
    "place": "",
    "job": "work job do liv profession occupation",
    "plan": "breakfast lunch dinner supper tonight eat hav food cook plan next com up schedul anyth do week month tomorrow weekend",
    "promise": "promis plan commit do say",
}
KINDS = {
    "allergy": ("allergy",),
    "goal": ("goal",),
    "diet": ("diet",),
    "dislike": ("dislike",),
    "like": ("like",),
    "injury": ("injury",),
    "age": ("age",),
    "height": ("height",),
    "place": ("place",),
    "job": ("job",),
    "plan": ("plan",),
    "medicine": ("habit",),
    "promise": ("plan",),
    "name": ("name",),
}
CATEGORIES = (
    (
        frozenset({"like", "dislike"}),
        stems("fruit dish snack drink vegetable dessert cuisine breakfast lunch dinner sweets takeaway treat kind type sort"),
    ),
    (frozenset({"like", "dislike"}), stems("sport exercise activity workout training hobby kind type sort")),
    (
        frozenset({"injury"}),
        stems("joint limb body side muscle bone bad bothering careful mind area spot place bit weak surgery operation"),
    ),
)
"""What a question may call the kind of thing it asks for, without naming it."""
AVOIDED = re.compile(
    r"\b(?:avoid|not eat|don't i|can't i|cannot i|give up|given up|cut out|off[- ]limits|stay away|keep away|off the menu)\b"
)
TAKEN = re.compile(r"\b(?:take|taking|on|prescribed|swallow)\b")
PLAIN = frozenset({"goal", "name", "allergy"})
"""Kinds of which only what was told as such is an answer, never a sentence that merely has the word in it."""
LEADS = {
    "allergy": "you're allergic to {it}",
    "name": "your name is {it}",
    "goal": "your goal is: {it}",
    "diet": "about what you eat: {it}",
    "dislike": "you don't like {it}",
    "like": "you like {it}",
    "injury": "this: {it}",
    "age": "you're {it}",
    "medicine": "you {it}",
    "height": "you're {it} tall",
    "job": "you're a {it}",
    "plan": "this is coming up: {it}",
    "promise": "you would {it}",
    "place": '"{it}"',
}


ENOUGH = {
    "sleep": "Most adults do well with 7 to 9 hours.",
    "water": "A common rule of thumb is 1.5 to 2 litres a day, more when it is hot or you train.",
}
WHEN_OR_WHY = re.compile(r"\b(?:when|since|why|how long|what for|how come)\b")
WHY = re.compile(r"^(?:and |so |but )*why\b")
OF_ANYBODY = frozenset({"allergy", "diet", "dislike", "like", "injury", "age", "job"})
OF_SOMEBODY = re.compile(expand(r"\b(?:is|does|was|did|has|can|should) (?:my (?:\w+ )?(?:{kin})\b|(?!I\b)[A-Z][a-z]+\b)"))
"""'What is my brother allergic to?' asks nothing of oneself."""
LEAST_SHARED = 0.33
"""From which share of the question's telling words on a clause is offered as the closest."""
ADVISING = re.compile(r"^(?:so |and |but |ok )*(?:should|shall|can|could|may|would|is it|was that|what (?:could|can|should)) ")
SURE = 0.9
"""What a question for advice needs of a told clause to be answered by it."""
HOME = stems("live home city town country village place based stay now currently these days moment")
NO_HOME = re.compile(r"\b(?:work|study|gym|train|teach|born|grew|from|exercise|pool|club|school|office)\b")
NOUNS = re.compile(r"\b(name|age|height|weight|goal|diet|job)\b")
SUGGESTED = re.compile(r"^(?:For \w+:|How about|Try |Before exercise)")
EVENT = stems("race event competition big day")
RACES = re.compile(r"\b(?:marathon|triathlon|ironman|ultra|\d+ ?k|park ?run|race|competition|tournament)\b", re.IGNORECASE)
"""What 'my race' may have been called when it was told."""


def answer_fact(act: Act, memory: Memory) -> str:
    """The answer to a question about something told, or about two such things: 'my height and weight'."""
    if (act.topic in OF_ANYBODY and OF_SOMEBODY.search(act.text)) or (act.topic in {"goal", "plan"} and WHY.match(act.text.lower())):
        return _search(act, memory)
    named = list(dict.fromkeys(NOUNS.findall(act.text.lower())))
    if len(named) > 1 and act.topic in named:
        return " ".join(_answer(replace(act, topic=noun, text=f"what's my {noun}?"), memory) for noun in named)
    return _answer(act, memory)


def _answer(act: Act, memory: Memory) -> str:
    if act.topic in {"sum", "said", "careful"}:
        return worked_out(act.text, memory) or careful_with(act.text, memory) or _search(act, memory)
    if act.topic in {"weight", "sleep", "water", "mood"}:
        return _measured(act, memory) or _search(act, memory)
    telling = stems(act.text.strip(" ?")) - frozenset(GENERIC.get(act.topic, "").split()) - stems(GENERIC.get(act.topic, ""))
    found = memory.of(*KINDS[act.topic]) if act.topic in KINDS else []
    if act.topic == "diet" and not found and (allergies := memory.of("allergy")):
        act, found = replace(act, topic="allergy"), allergies
    if act.topic == "medicine":
        found = [one for one in found if TAKEN.search(one.fact.value)]
        return _kind(act, found, memory) if found else _search(act, memory)
    if act.topic in {"allergy", "diet", "dislike"} and not found and AVOIDED.search(act.text.lower()):
        topic = next((topic for topic in ("allergy", "diet", "dislike") if memory.of(topic)), act.topic)
        act, found = replace(act, topic=topic), memory.of(topic)
    if act.topic == "promise":
        found = [one for one in found if "promis" in one.fact.said.lower()] or found
    if act.topic in {"allergy", "diet", "dislike", "name", "age", "height", "job"} or not telling:
        if not found and not telling and act.topic in PLAIN:
            return say("not_seen", act.text)
        return _kind(act, found, memory) if found else _search(act, memory, only_if_telling=bool(telling))
    return _matching(act, found, telling, memory)


def _matching(act: Act, found: list[Told], telling: frozenset[str], memory: Memory) -> str:
    """The facts of the kind that the question's own words point at, else the closest thing said."""
    if (
        act.topic in {"plan", "goal"}
        and telling <= EVENT
        and (races := [one for one in memory.of("plan", "goal") if RACES.search(one.fact.said)])
    ):
        return _quote(act, memory, races[-1].line, races[-1].fact.said, score=1.0)
    if act.topic == "place" and telling <= HOME and (homes := [one for one in found if not NO_HOME.search(one.fact.said.lower())]):
        return _kind(act, homes, memory)
    matching = [one for one in found if telling & stems(f"{one.fact.key} {one.fact.said}")]
    if matching and act.topic != "place":
        return _kind(act, matching, memory)
    answer = _search(act, memory)
    asked_for_any = act.topic == "goal" or any(act.topic in kinds and telling <= names for kinds, names in CATEGORIES)
    return _kind(act, found, memory) if found and asked_for_any and answer == say("not_seen", act.text) else answer


def _kind(act: Act, found: list[Told], memory: Memory) -> str:
    """All facts of a kind, with how they are known."""
    lead = memory.source(found[-1].line)
    if act.topic == "place":
        return f'{capital(lead)}: "{found[-1].fact.said}".'
    if act.topic == "injury":
        values = [f'"{one.fact.said}"' for one in found[-4:]]
        return f"{capital(lead)}: {listing(list(dict.fromkeys(values)))}."
    promised = act.topic == "promise" and "promis" in found[-1].fact.said.lower()
    if promised or (act.topic in {"diet", "dislike", "like", "job", "allergy"} and WHEN_OR_WHY.search(act.text.lower())):
        return f'{capital(lead)}: "{found[-1].fact.said}".'
    values = list(
        dict.fromkeys(to_you(f"{one.fact.key} {one.fact.value}" if act.topic == "plan" else one.fact.value).strip() for one in found[-5:])
    )
    if act.topic == "like":
        values = [
            f"{one.fact.value} (your favourite {one.fact.key})" if one.fact.key.strip() else to_you(one.fact.value) for one in found[-5:]
        ]
    if act.topic == "allergy":
        return f"{capital(lead)} {listing(sensitivities(found))}."
    said = LEADS[act.topic].format(it=listing(values) if act.topic not in {"goal", "plan", "injury", "diet"} else "; ".join(values))
    return f"{capital(lead)} {said}."


def _measured(act: Act, memory: Memory) -> str:
    found = memory.measures(act.topic)
    if not found:
        return ""
    if act.topic == "weight" and (then := weight_then(act.text.lower(), memory)):
        return then
    measure, line, clause = _meant(act, found)
    lead = capital(memory.source(line))
    if act.topic == "water" and (total := water_total(act.text.lower(), memory)):
        return total
    norm = f" {ENOUGH[act.topic]}" if act.topic in ENOUGH and "enough" in act.text.lower() else ""
    number = show(measure.number) if measure.number is not None else ""
    worked = f" That makes {number} hours." if act.topic == "sleep" and number and number not in clause and "half" not in clause else ""
    return f'{lead}: "{clause}".{worked}{norm}'


OF_MEASURES = stems("feel feeling mood sleep slept night hour weigh weight kilo water drink drank glass much many long")


def _meant(act: Act, found: list[tuple[Measure, Line, str]]) -> tuple[Measure, Line, str]:
    """The measure told last, or the last one of the day that the question names."""
    telling = stems(act.text) - OF_MEASURES
    return next((one for one in reversed(found) if telling & stems(one[2])), found[-1])


def _search(act: Act, memory: Memory, *, only_if_telling: bool = False) -> str:
    """The told clause that answers best, or the closest one, said to be no more than that."""
    asked, _ = wanted(act.text)
    hit = best(act.text, memory) if asked else None
    if hit is None or hit.score < (SURE if ADVISING.match(act.text.lower()) else LEAST_SHARED):
        return say("not_seen", act.text)
    return _quote(act, memory, hit.line, hit.clause, score=hit.score)


def _quote(act: Act, memory: Memory, line: Line, clause: str, *, score: float) -> str:
    people = [one.fact for one in memory.told if one.line is line and one.fact.kind == "person" and one.fact.said == clause.rstrip("?. ")]
    person = next((fact for fact in people if stems(fact.key) & stems(act.text)), people[0] if people else None)
    lead = memory.source(line)
    if person and re.search(r"\bname\b|\bcalled\b|\bwho\b", act.text.lower()):
        return f"{capital(lead)}: your {person.key} is {person.value}."
    if score < 0.6:
        return f'The closest I see: {lead} "{clause.strip()}".'
    return f'{capital(lead)}: "{clause.strip()}".'


def all_known(memory: Memory) -> str:
    """Everything told, kind by kind."""
    parts = []
    for kind, label in LABELS.items():
        values = [
            f"{one.fact.key} is {one.fact.value}" if one.fact.key and kind in {"person", "attr"} else one.fact.value
            for one in memory.of(kind)
        ]
        if values:
            parts.append(f"{label}: {to_you('; '.join(dict.fromkeys(values[-6:])))}.")
    if not parts:
        return "I don't see anything about you in what I was sent. Tell me your name, a goal, or what you like to eat."
    return "From what I was sent, you told me this. " + " ".join(parts)


def answer_said(act: Act, memory: Memory) -> str:
    """What was said before, by the coach or by the person."""
    if act.topic == "me":
        first = bool(re.search(r"\bfirst\b|\bstart\b|\bbeginning\b", act.text.lower()))
        if not memory.lines:
            return say("not_seen", act.text)
        line = memory.lines[0 if first else -1]
        return f'{"The first thing I see from you" if first else "Before this you said"}: "{_short(line.text)}"'
    wanted = stems(act.text) - stems("suggest recommend advise advice suggestion recommendation meal food")
    lines = [line for line in memory.coach_lines if not line.text.startswith(("I don't see", "Logged"))]
    matching = [line for line in lines if not wanted or wanted & stems(line.text)]
    if re.search(r"\bsuggest|\brecommend|\badvis", act.text.lower()):
        matching = [line for line in matching if SUGGESTED.match(line.text)] or matching
    if not matching:
        return say("not_seen", act.text)
    return f'I said: "{_short(matching[-1].text)}"'


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 220 else text[:217].rsplit(" ", 1)[0] + "..."
