"""Entries of a note that are written again to put them right: 'ramen 490 kcal, misread the label', 'cod, not salmon, 300 kcal'.

The message is cut at its signs. Some parts only say that something is put right ('typo before', 'please correct'), that the
rest stays ('tennis ok as is') or what it was not ('not 300 kcal'); what is left names an entry of the log and says what it should be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.demo.activities import lookup as activity_of
from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.days import named_day
from agent.demo.exactness import WHEN, base_of, exact, put_to, same, units
from agent.demo.foods import lookup as food_of
from agent.demo.logbook import Entry, known_entries, written_on
from agent.demo.meals import items
from agent.demo.memory import stems
from agent.demo.residue import Residue
from agent.demo.words import MARK, amount, load, marked

LONGEST = 140
HINT = re.compile(
    r"n't\b|[-=]>|\b(?:not|instead|rather|corr\w*|stays?|stands?|according|typo\w*|mis[a-z]+|wrong\w*|error|sorry|oops|actually|fact"
    r"|reality|only|just|change"
    r"|changed|update|updated|edit|edited|fix|fixed|amend\w*|adjust\w*|was|were|should|fine|ok|okay|unchanged|says|make|double|halve"
    r"|checked|looked|weighed|re(?:vis|calc|count|weigh|check|measur)[a-z]+|label|scales?|too|now|so|entry|it was|less|fewer|more"
    r"|longer|shorter"
    r"|swap|replace|switch)\b|^\*"
)
"""Without one of these nothing is put right."""
NEW_ENTRY = re.compile(
    r"\b(?:another|also|too(?! (?:much|many|high|low|little|few|long|short))|as well"
    r"|(?<!weighed )(?<!checked )(?<!measured )(?<!looked )(?<!counted )again|second|extra(?! \w+ less)|\d(?:nd|rd|th)"
    r"|additional\w*|forgot|add|added"
    r"|then|tomorrow|later|next|every|usually|always|often|how|what|which|why|because|feel\w*|want\w*|if|i'm|i am)\b|\?"
)
PARTS = re.compile(r"[,;:!()*]+|\.(?=\s|$)|(?<=[\w»]) -+ | ?[-=]+> ?|(?<=[\w»]) (?=(?:instead of|rather than|in place of|not) )| = ")
NOT_OLD = re.compile(
    r"^(?:and |but )?(?:(?:it|that|this|they|those) )?(?:wasn't|weren't|isn't|was not|were not|is not|not"
    r"|instead of|rather than|in place of) (?:a |an |the |any |my )?(?P<old>.+)$"
)
KEPT = re.compile(
    r"\b(?:fine|ok|okay|right|correct|good|unchanged|as (?:it )?(?:is|was)|the same|as before|stands?|stays?)(?: as (?:it )?(?:is|was))?$"
)
SAME_ENERGY = re.compile(r"^(?:the |with the |still the |but )*same (?:calories|kcals?|energy|cals|amount)\b")
EXCUSE = re.compile(
    r"\b(?:corr(?:ect(?:ion|ed)?)?|typo\w*|mis(?!o)[a-z]+|wrong\w*|errors?|sorry|oops|apologies|my bad|edit(?:ed)?|updated?|fixed|fix"
    r"|changed?"
    r"|checked|looked|re(?:vis|calc|count|weigh|check|measur)[a-z]+|weighed|says|said|scales?|machine|tracker|strava|garmin|fitbit"
    r"|amend\w*|adjust\w*|off|label|menu|old|smaller|bigger|larger|watch)\b"
)
ORDERED = re.compile(
    r"^(?:please |pls |can you |could you )*(?:correct|fix|change|update|adjust|amend|edit)(?: (?:the|my|that))? (?P<what>[a-z][a-z' -]+?)"
    r"(?: entry)?(?: please)?$"
)
LED = re.compile(
    r"^(?:(?P<sure>sorry|oops|correction|corrected|typo|change|update|edit|edited|fix|amend|make|actually|no"
    r"|(?:wrong|error|mistake|typo)(?: (?:kcal|calories|time|amount|number|figure|value|minutes))? (?:for|in|on|with)|entry"
    r"|(?:re(?:calc|count|weigh|check|measur)[a-z]+|weighed|checked)|so(?= [«\d])"
    r"|(?:my |the )?(?:watch|label|packet|pack|box|app|scales?|tracker|fitbit|garmin|menu) (?:says|said|showed|shows))"
    r"|(?:it|that|this|they) (?:was|were|is)|i (?:had|ate|did|meant)|so|now|the|my|please|plus|that is|a|an)(?= |$) ?"
)
TAIL = re.compile(
    r"(?:^| )(?:(?P<sure>in fact|in reality|actually|sorry|corrected|correction|not more|only|just|(?:by|according to|per|from) (?:the "
    r"|my )?(?:watch|app|tracker|scales?|label|menu)"
    r"|it was"
    r"|(?:was |is )?(?:far |way |much )?too (?:high|low|much|many|long|short|little|few|big|small))"
    r"|please|pls|really|now|in total|total|all in all|altogether|all told|so|too)$"
)
JOINT = re.compile(
    r" (?P<sure>was|were|should (?:be|read|say|have been)|(?:corrected|changed|comes|updated) to|is now|now|only|just|actually"
    r"|in fact)(?: only| just| actually| really| more like)*"
    r" (?=.*[\d«]|half)"
)
BESIDE = re.compile(rf"\b(?:{WHEN}|at|for|on|to|is|of|it|about|around|the|my|kcal|entry|breakfast|lunch|dinner|supper|snack|brunch)\b")
NUMBER = re.compile(r"(?<![«\d.\w])x ?(\d{1,2})\b|(?<![«\d.\w])(\d+(?:\.\d+)?)(?: ?x)?(?![\d.]*[\w»])")
ARROW = re.compile(r"(?<= )«?[\d.]+(?:[a-z]+»)? ?[-=]+>")
"""'Tagine 590 -> 640': the old amount goes."""
WAS_OTHER = re.compile(
    r"^(?P<old>[a-z][a-z -]+?)(?: yesterday| today)? (?:was|were) (?:really |actually |in fact )?(?:an? |some )?"
    r"(?P<new>(?!.*\b(?:free|zero|light|diet|decaf)$)(?!with |for |at |on |in |my |not |too |so |very )[a-z][a-z -]+)$"
)
"""'Pizza yesterday was pasta'."""
WAS_SO = re.compile(r"^(?P<what>[a-z][a-z -]{2,25}?) (?:was|were) (?P<how>(?!with )[a-z][a-z -]+)$")
"""'Wine was alcohol-free': how it was, beside what it comes to."""
ONLY = re.compile(r"^(?:only|just) ")
SWAPPED = re.compile(
    r"^(?:please )?(?:swap|replace|exchange|switch|change) (?:out )?(?:the |my )?(?P<old>[a-z][a-z -]+?)(?: (?:for|with|by|to) (?:an? "
    r"|the )?"
    r"(?P<new>[a-z].+))?$"
)
BY_MORE = re.compile(r"«(?P<n>[\d.]+)(?:kcal|min)» (?P<way>less|fewer|shorter|more|longer)$")
WAS_WITH = re.compile(r" (?:was|were) (?=with )")
SIZE_ALONE = re.compile(rf"^(?:an? |the )?(?:{'|'.join(load('units.json')['sizes'])}) [a-z]+$")
HEADED = re.compile(r"^(?:breakfast|brunch|lunch|dinner|supper|snack|dessert|morning|noon|afternoon|evening|night)\b ?[:,-]")
TIMES = re.compile(r"^(?:please |pls )?(?P<times>double|halve|triple) (?:the|my|that) (?P<what>[a-z][a-z -]{2,25}?)(?=$|[,.;]| please)")
FACTORS = {"double": 2.0, "halve": 0.5, "triple": 3.0}
CLOCK = re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2} ?[ap]m\b")
LEAST_BARE = 30.0


@dataclass(slots=True)
class _Said:
    """What the parts of a message say."""

    new: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    named: str = ""
    sure: bool = False
    same_energy: bool = False


def reentered(text: str, context: Context) -> tuple[Act, ...]:
    """The correction of an entry that a note writes anew; none for any other message.

    Args:
        text: the message, tidied.
        context: the request.
    """
    if not context.tool_texts or len(text) > LONGEST or not HINT.search(text):
        return ()
    entries = known_entries(context.tool_texts)
    if times := TIMES.match(text):
        hits = [entry for entry in entries if same(times["what"], entry)]
        return _with_amount(hits[-1], hits[-1].amount * FACTORS[times["times"]]) if hits else ()
    if NEW_ENTRY.search(text) or not entries:
        return ()
    said = _read(text)
    said.sure = said.sure or bool(BY_MORE.search(" ".join(said.new)))
    if not (said.sure or said.old) or ((CLOCK.search(text) or HEADED.match(text)) and not said.old and not EXCUSE.search(text)):
        return ()
    return _replaced(said, entries) or _restated(said, _of_day(text, entries, context), context)


def _read(text: str) -> _Said:
    """The parts of a message, each by what it says."""
    said = _Said(sure=text.startswith("*") or "->" in text or "=>" in text)
    for part in filter(None, (one.strip(" .-") for one in PARTS.split(ARROW.sub("->", marked(text))))):
        if SAME_ENERGY.match(part):
            said.same_energy = True
        elif old := NOT_OLD.match(part):
            said.old.append(old["old"])
        elif KEPT.search(part) and not re.search(r"\d", part):
            said.sure = True
        elif found := ORDERED.match(part):
            said.sure, said.named = True, found["what"]
        elif EXCUSE.search(part) and not re.search(r"\d", part) and not (food_of(part) or activity_of(part)):
            said.sure = True
        else:
            _read_new(part, said)
    if "->" in text or "=>" in text:
        _after_arrow(said)
    return said


def _after_arrow(said: _Said) -> None:
    """'Udon => soba 500 kcal': what stands before the arrow was not eaten."""
    if len(said.new) > 1 and not re.search(r"\d", said.new[0]) and food_of(_name(said.new[1])):
        said.old.append(said.new.pop(0))


def _read_new(part: str, said: _Said) -> None:
    while (lead := LED.match(part)) and lead.end():
        said.sure, part = said.sure or bool(lead["sure"]), part[lead.end() :]
    while tail := TAIL.search(part):
        said.sure, part = said.sure or bool(tail["sure"]), part[: tail.start()]
    if joint := JOINT.search(part):
        said.sure, part = True, f"{part[: joint.start()]} {part[joint.end() :]}"
    if said.new and (only := ONLY.match(part)):
        said.sure, part = True, part[only.end() :]
    if swap := SWAPPED.match(part):
        said.old.append(swap["old"])
        part = swap["new"] or ""
    if (was := WAS_SO.match(part)) and (not food_of(was["how"]) or was["how"].endswith("free")):
        said.sure, part = True, was["what"]
    if (other := WAS_OTHER.match(part)) and food_of(other["new"]):
        said.old.append(other["old"])
        part = other["new"]
    if plain := WAS_WITH.sub(" ", part) if WAS_WITH.search(part) else "":
        said.sure, part = True, plain
    if part.strip() and not (said.new and SIZE_ALONE.match(part)):
        said.new.append(part.strip())


def _replaced(said: _Said, entries: Sequence[Entry]) -> tuple[Act, ...]:
    """'Cod, not salmon, 300 kcal': another name for the entry that it was not."""
    old = next((one for one in said.old if not re.search(r"\d", one)), "")
    hits = [entry for entry in entries if old and same(old, entry)]
    core = " ".join(said.new)
    name = _name(core)
    if not hits or not name or not (food_of(name) if hits[-1].kind == "food" else activity_of(name)):
        return ()
    entry = hits[-1]
    kcal = amount(core, "kcal") or (entry.amount if said.same_energy else None)
    part = next((one for one in said.old if entry.name.lower().startswith(f"{one} ")), "")
    if part and entry.kind == "food" and not set(name.split()) & set(entry.name.lower().split()):
        name, kcal = f"{name}{entry.name[len(part) :]}", kcal or entry.amount
    if entry.kind == "food" and kcal is not None:
        return (Act("correct", f"change #{entry.number} into «{kcal:g}kcal»", topic=name),)
    return put_to(entry, core)


def _restated(said: _Said, entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'Porridge 250, not 300 kcal': another amount of the entry that is named, or of the last one where none is."""
    core = " ".join(said.new)
    name = said.named or _name(core)
    hits = [entry for entry in entries if _means(name, entry)] if name else list(entries[-1:]) if said.old else []
    if not hits and said.sure and re.search(r"«[\d.]+(?:kcal|min)»", core):
        hits = _mentioned(core, entries)
    so_much = _amount(core, said.old)
    if not hits or (not name and not said.old) or (said.old and not any(re.search(r"\d", one) for one in said.old)):
        return ()
    entry = hits[-1]
    unit = "kcal" if entry.kind == "food" else "min"
    if by := BY_MORE.search(core):
        return _with_amount(entry, max(0.0, entry.amount + float(by["n"]) * (1 if by["way"] in {"more", "longer"} else -1)))
    if (told := amount(core, unit)) is not None:
        finer = (
            _counted(core, entry) or f"{base_of(entry)}{name[name.index(' with ') :]}"
            if " with " in name and " with " not in entry.name
            else ""
        )
        return (Act("correct", f"change #{entry.number} into «{told:g}kcal»", topic=finer),) if finer else _with_amount(entry, told)
    if not so_much or (said.named and entry.kind == "food" and "«" not in so_much and float(so_much) < LEAST_BARE):
        return ()
    return exact(Residue(so_much, sure=True, led=True, of_it=True), entry, context)


def _amount(core: str, old: Sequence[str]) -> str:
    """How much it should be: a mark, or a bare number in the unit of what it was not; '' where nothing is said."""
    if mark := MARK.search(core):
        return mark.group()
    number = NUMBER.search(core)
    if number is None:
        return "half" if re.search(r"\bhalf\b|(?<![\d.])0\.5$", core) else ""
    unit = next((mark.group(2) for one in old if (mark := MARK.search(one))), "")
    bare = number.group(1) or number.group(2)
    measure = re.match(r" ([a-z]+)\b", core[number.end() :])
    if unit:
        return f"«{bare}{unit}»"
    return f"{bare} {measure.group(1)}" if measure and measure.group(1) in units() else bare


def _name(core: str) -> str:
    """The words of a part that are no amount."""
    bare = BESIDE.sub(" ", NUMBER.sub(" ", MARK.sub(" ", BY_MORE.sub(" ", core))))
    return " ".join(re.sub(r"\bhalf\b|[^\w' -]", " ", bare).split())


def _counted(core: str, entry: Entry) -> str:
    """How many or how much of it there was, beside its energy: '2 biscuits' of 'biscuits 2, 140 kcal'; '' where nothing is said."""
    rest = re.sub(r"«[\d.]+kcal»", " ", core)
    found = items(rest) if re.search(r"\d", rest) and entry.kind == "food" else ()
    return found[0].label if len(found) == 1 and found[0].food else ""


def _means(name: str, entry: Entry) -> bool:
    """Whether a name is that of an entry: by its words, or as another word for the same sport."""
    if same(name.partition(" with ")[0], entry):
        return True
    done, before = (activity_of(name), activity_of(entry.name)) if entry.kind == "workout" else (None, None)
    return done is not None and before is not None and done.name != "workout" and (done.met, done.kinds) == (before.met, before.kinds)


def _mentioned(core: str, entries: Sequence[Entry]) -> list[Entry]:
    """The one entry whose name stands among other words: 'pesto on the gnocchi, 600 kcal'."""
    told = stems(core)
    found = [entry for entry in entries if (own := stems(base_of(entry))) and own <= told]
    return found if len(found) == 1 else []


def _of_day(text: str, entries: Sequence[Entry], context: Context) -> Sequence[Entry]:
    """The entries of the day that the message names; all where it names none."""
    if named_day(text) != "yesterday" or context.today is None:
        return entries
    today = context.today.isoformat()
    return [entry for entry in entries if "" < written_on(context.tool_texts, entry.number) < today]


def _with_amount(entry: Entry, so_much: float) -> tuple[Act, ...]:
    """The entry as it is, with another energy or length."""
    return put_to(entry, f"{so_much:g} {'kcal' if entry.kind == 'food' else 'min'}")
