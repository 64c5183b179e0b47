"""Corrections that keep the energy or the time: 'it was a tuna salad, same calories', 'not tuna but chicken, the kcal are right'."""

from __future__ import annotations

import re
from dataclasses import replace

from agent.demo.acts import Act
from agent.demo.changes import new_values, requested
from agent.demo.context import Context
from agent.demo.logbook import known_entries
from agent.demo.steps import target_of

_WHAT = r"(?:calories|kcals?|cals|energy|amount|minutes|time|duration|length|numbers?|values?|count)"
SAME = re.compile(
    rf"[,.;:( -]*\b(?:(?:but |and |with |at |for |has |had |it's |it has |it had |they have |still |roughly |about |exactly )*(?:the "
    rf"|its )?(?:very )?same"
    rf" (?:number of |amount of )?{_WHAT}(?: though| as (?:before|that))?"
    rf"|(?:but |and |while )*(?:the |its |my )?{_WHAT} (?:is |are |was |were |stays? |remains? |can stay |should stay "
    rf"|may stay )+(?:the |all )*"
    rf"(?:same|right|correct|ok|okay|fine|as (?:it|they) (?:is|are|was|were)|unchanged|like that|still right)?"
    rf"|(?:but |and )*(?:keep|leave) (?:the |its )?{_WHAT}(?: as (?:it|they) (?:is|are|was|were)| the same| unchanged)?)(?: though"
    rf"| please)?[.!) ]*$",
    re.IGNORECASE,
)


def same_energy(context: Context) -> str:
    """The message without the word that the energy stays; '' where it says no such thing, or nothing else."""
    said = context.question
    if not context.tool_texts or len(said) > 160 or not SAME.search(said):
        return ""
    rest = SAME.sub("", said).strip()
    return rest if rest != said.strip() and len(rest.split()) > 1 else ""


def unmoved(acts: tuple[Act, ...], context: Context) -> tuple[Act, ...]:
    """A correction of a name with the amount as it was; any other acts as they are."""
    act = next((act for act in acts if act.intent == "correct"), None)
    entry = target_of(act, known_entries(context.tool_texts)) if act else None
    if act is None or entry is None:
        return acts
    name = act.topic or new_values(requested(act), entry)[0]
    if not name:
        return acts
    unit = "kcal" if entry.kind == "food" else "min"
    return (replace(act, text=f"change #{entry.number} into «{entry.amount:g}{unit}»", foods=(), moves=(), topic=name),)
