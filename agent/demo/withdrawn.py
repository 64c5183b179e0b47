"""Entries taken out again without the word 'delete': 'the baklava was for my sister', 'I didn't swim', 'my dog ate it', 'undo'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from agent.demo.acts import Act
from agent.demo.context import Context
from agent.demo.logbook import Entry, entries_in, known_entries
from agent.demo.meals import items
from agent.demo.memory import stems
from agent.demo.moves import moves
from agent.demo.residue import without_slips
from agent.demo.understand import understand
from agent.demo.words import load, marked

_THING = (
    r"(?:it|that|them|those|this|(?:(?:any|all|either) of )?(?:it|that|them|those)|(?:(?:the|my|that"
    r"|those) )?(?P<what>[a-z][a-z' -]{1,30}?))"
)
NOT_MINE = re.compile(
    rf"^{_THING} (?:was|were|is|are) (?:really |actually |all |only )*(?:(?:not|never) (?:mine|me|for me)|for (?:someone|somebody) else"
    r"|(?:someone|somebody) else's|his|hers|theirs|for (?:him|her|them)|(?:for )?(?:my |the |our )?@(?:'s)?(?: \w+)?)$"
)
GIVEN = re.compile(
    r"^(?:(?:i|we) )?(?:\w+ (?:it|them) and )?(?:ended up |just |then |actually )*(?:gave|giving|threw|throwing|handed|tossed|chucked"
    r"|sent|took|passed|binned|returned"
    r"|made up|lied about|invented|imagined|spilled|spilt|dropped|trashed|refused|skipped|left|left out|cancelled|canceled|(?:didn't"
    r"|did not|never) (?:actually |even "
    r"|really )*(?:end up |get to"
    r" |get (?:a)?round to )?(?:touch|eat|hav|drink|finish|order|do|ate|had|drank|did|go|get|take)(?:ing|e)?|not (?:eating|having"
    r"|drinking|doing|going))"
    rf" {_THING}(?: away| out| off| back| in the (?:bin|trash|freezer|garbage)| on| over| to \w+(?: \w+)?)?$"
)
TAKEN = re.compile(rf"^(?:my |the |our )?@ (?:ate|had|drank|took|got|finished|stole) {_THING}$")
NOT_DONE = re.compile(
    r"^(?:i|we) (?:didn't|did not|never|haven't)(?: actually| even| really| end up| go| do)* (?P<done>[a-z][a-z ]{1,25})$"
)
UNDO = re.compile(
    r"^(?:(?:no|oops|wait|please|sorry|can you|actually)[, ]+)*(?:undo|revert|put (?:it|that) back|change (?:it|that) back"
    r"|go back)(?: (?:it|that|please|the last (?:change|one)|again))*$"
)
ORDER = re.compile(
    r"[,.;:!-]* *(?:and |so |then |please |pls |can you |could you |would you |just )*(?:remove|delete|erase|scrap|drop|cancel|undo"
    r"|take|cross"
    r"|get rid of|discard|scratch|forget)"
    r" (?:it|that|this|them|those|that one)(?: (?:out|off|away|back|again|please|pls|for me|from (?:my|the) (?:log|list|diary)))*[?.! ]*$"
    r"|[,.;:!-] *(?:and |so |please |pls |just )*(?:remove|delete|erase)(?: please| pls)?[?.! ]*$"
)
NEVER = re.compile(
    r"^(?:(?:oops|sorry|oh|no|wait|my bad|whoops)[,. ]+)*(?:(?:that|it|this) (?:didn't|did not|never) (?:actually |really )?happen(?:ed)?"
    r"|(?:(?:that|it) )?(?:was not|wasn't) (?:me|mine)|(?:that was (?:the |a )?)?wrong (?:chat|person|window|app|conversation|account))\b"
)
PART_OF = re.compile(r"^(?:about |like )?(?:an? |the |1 )?(?:half|quarter|third|some|most|part|bit|bite|piece|slice|rest|0\.\d+)\b")
NEITHER = re.compile(
    r"^(?:i|we) (?:had|ate|drank|did) neither\b|\b(?:didn't|did not|never) (?:have|eat|drink|do|had|ate) (?:either|any) of (?:it|them"
    r"|those|these)\b"
)
OUT = re.compile(
    r"^(?:please )?(?:out with|lose|ditch|nix|ignore|disregard|drop|cancel|scrap|void|kill|bin|scrub|axe|strike|omit|exclude|leave out"
    r"|x out)"
    r" (?:the |my )?(?P<a>[a-z ]{3,25}?)(?: please)?$"
    r"|^(?:the |my )?(?P<b>[a-z ]{3,25}?)(?: entry)?:? (?:out|off|gone|strike|scratch|to go"
    r"|(?:didn't|did not|never) (?:actually |really |even )?happen(?:ed)?|(?:was |got |were )?(?:cancell?ed|called off|rained off)"
    r"|(?:can|should|must|may|has to|needs to) (?:go|come out|come off|be (?:removed|deleted)))"
    r"(?: (?:of |from )?(?:the|my) (?:list|log|diary|day|sheet))?(?: please)?$"
    r"|^i (?:don't|do not) (?:want|need) (?:the |my |that )?(?P<c>[a-z ]{3,25}?) (?:in there|in (?:my|the) (?:log|list)|there|logged"
    r"|listed)$"
)
TWICE = re.compile(
    r"\b(?:log|logged|enter|entered|put|added|add|recorded|counted|wrote|typed|in|there|it|that|shows?|showing|appears"
    r"|have)\b.{0,20}\b(?:twice|two times|doubled)$"
    r"|^(?:that's |that is |it's |this is )?(?:an? )?(?:duplicate|double entry)\b|\b(?:is|was|are) (?:a |an )?(?:duplicated?"
    r"|double entry)\b"
)
TAIL = re.compile(
    r"(?:,? (?:after all|in the end|actually|though|instead|sorry|today|yesterday|at all|tbh|however|either|not me|lol|haha|please))+$"
)
BECAUSE = re.compile(r"[,.;:!]+ (?:we|i|it|he|she|they|my|so|because|the|as|was|that|not|didn't|never)\b.*$|,? because\b.*$")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    others = "|".join(sorted([*load("lexicon.json")["others"], *load("lexicon.json")["first_names"]], key=len, reverse=True))
    return tuple(re.compile(pattern.pattern.replace("@", f"(?:\\w+ )?(?:{others})s?")) for pattern in (NOT_MINE, TAKEN))


def withdrawn(text: str, acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """The acts of a message that takes an entry back in other words; none for any other."""
    if UNDO.match(text) and (back := _as_before(context)):
        return back
    if not context.tool_texts or (text.endswith("?") and not ORDER.search(text)):
        return ()
    entries = known_entries(context.tool_texts)
    left = without_slips(text)
    if TWICE.search(left):
        return _duplicate(entries, text)
    if (
        left != text
        and all(act.intent in {"unclear", "off_topic", "ask_back"} for act in acts)
        and (plain := understand(left))[0].intent == "remove"
    ):
        return plain
    ordered = bool(ORDER.search(left))
    bare = TAIL.sub("", BECAUSE.sub("", TAIL.sub("", ORDER.sub("", left))))
    return (
        _neither(bare)
        or _never(text, entries, context)
        or _out(bare, entries)
        or _out(bare.partition(",")[0], entries)
        or _not_mine(bare, entries, context)
        or _not_done(bare, entries, acts)
        or (_ordered(bare, entries) if ordered else ())
    )


def _as_before(context: Context) -> tuple[Act, ...]:
    """'Undo' after a change: the entry says again what it said before."""
    last = context.last_results[-1] if context.last_results else ""
    now = entries_in(last) if last.startswith("Changed") else []
    before = [entry for text in context.tool_texts for entry in entries_in(text) if now and entry.number == now[0].number]
    if len(before) < 2:
        return ()
    old, unit = before[-2], "kcal" if now[0].kind == "food" else "minutes"
    return (Act("correct", f"change #{old.number} into {old.name} {old.amount:g} {unit}"),)


def _neither(bare: str) -> tuple[Act, ...]:
    """'I had neither' of two."""
    return (Act("remove", "remove both"),) if NEITHER.search(bare) else ()


def _never(text: str, entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'That never happened', 'oops, wrong chat'."""
    return _without(_last(entries, context)) if NEVER.match(text) else ()


def _out(bare: str, entries: Sequence[Entry]) -> tuple[Act, ...]:
    """'Lose the nuts', 'nuts out': only what is in the log."""
    found = OUT.match(bare) or OUT.match(TAIL.sub("", BECAUSE.sub("", bare)))
    what = (found.group("a") or found.group("b") or found.group("c")) if found else ""
    return _without(_named(what, entries), what) if what else ()


def _not_mine(bare: str, entries: Sequence[Entry], context: Context) -> tuple[Act, ...]:
    """'That was my husband's', 'I gave the cake away', 'my dog ate it'."""
    found = next((hit for pattern in (*_patterns(), GIVEN) if (hit := pattern.match(bare))), None)
    if not found:
        return ()
    what = found.group("what")
    if what and PART_OF.match(what):
        return ()
    return _without(_named(what, entries) if what else _last(entries, context), what or "")


def _not_done(bare: str, entries: Sequence[Entry], acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """'I didn't swim': the swim goes, if it is there; in no case is one logged."""
    found = NOT_DONE.match(bare)
    done = moves(found.group("done")) if found else ()
    if not found or not done:
        return ()
    same = [entry for entry in entries if entry.kind == "workout" and {move.activity for move in moves(entry.name)} & {done[0].activity}]
    if same:
        return _without(same[-1])
    logging = any(act.intent == "log_workout" for act in acts)
    return tuple(replace(act, intent="no_workout") if act.intent == "log_workout" else act for act in acts) if logging else ()


def _duplicate(entries: Sequence[Entry], text: str) -> tuple[Act, ...]:
    """'It's in there twice': the later of two alike goes; without two alike the log is shown."""
    for place, entry in reversed(list(enumerate(entries))):
        if any((other.kind, other.name.lower()) == (entry.kind, entry.name.lower()) for other in entries[:place]):
            return _without(entry)
    return (Act("ask_log", text, day="today"),)


def _ordered(bare: str, entries: Sequence[Entry]) -> tuple[Act, ...]:
    """'The naan was cold, take it out': what is named goes."""
    named = re.search(r"\b(?:the|my|that|those) (?P<what>[a-z' -]{3,30}?)(?: (?:was|were|is|are|had|never|i|from|after)\b|[,.;]|$)", bare)
    if named:
        return _without(_named(named.group("what"), entries), named.group("what"))
    said = [entry for entry in entries if stems(entry.name) & stems(bare)]
    return _without(said[0]) if len(said) == 1 else ()


def _named(what: str, entries: Sequence[Entry]) -> Entry | None:
    wanted = stems(what)
    return next((entry for entry in reversed(entries) if wanted and wanted & stems(entry.name)), None)


def _last(entries: Sequence[Entry], context: Context) -> Entry | None:
    """The entry that 'it' means: the only one of the last turn."""
    written = [entry for text in context.last_results if text.startswith(("Logged", "Changed")) for entry in entries_in(text)]
    return next((entry for entry in entries if len(written) == 1 and entry.number == written[0].number), None)


def _without(entry: Entry | None, what: str = "") -> tuple[Act, ...]:
    """The removal of an entry, or of the one food in it that is named."""
    if entry is None:
        return ()
    several = entry.kind == "food" and len(items(marked(entry.name))) > 1
    return (Act("remove", f"remove #{entry.number}", items(what) if several else ()),)
