"""What the next context is made of, as a bar and a list: instructions, tools, summary, recalled messages, the window. Pure text.

The bar is drawn to the scale of what is used, or of the token budget where the person set one: on the scale of a model that reads a
million tokens nothing would be seen of it. The room that is left is said in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.memory.context import ContextPlan
from agent.memory.policy import MemoryPolicy
from agent.preview import Preview
from pages.ui.formats import count, exact, money_alike, tokens


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the context."""

    kind: str
    """Names its look in the style sheet."""
    name: str
    tokens: int
    hint: str
    cost: Decimal | None


def parts(preview: Preview) -> list[Part]:
    """Return the parts that weigh something, in the order they are sent; together they weigh the whole context exactly."""
    found, whole = preview.gathered.plan, preview.gathered.tokens
    rest = whole - found.tools - found.summary - found.retrieved - found.window
    sent = len(found.sent) - 1
    sizes = (
        ("tools", "Tools", found.tools, "What the agent's tools are and take, sent with every call"),
        ("system", "Instructions", rest, "The system prompt"),
        ("summary", "Summary", found.summary, "The running summary of older messages"),
        (
            "recalled",
            quotes(found),
            found.retrieved,
            "Earlier messages that fit the question, and pinned ones, quoted in front of the others",
        ),
        ("window", count(sent, "message"), found.window, "The last messages, word for word"),
    )
    return [Part(kind, name, size, hint, _share(preview, size)) for kind, name, size, hint in sizes if size or kind == "window"]


def quotes(found: ContextPlan) -> str:
    """Return what the quoted messages are called: recalled, pinned or both."""
    recalled = {found.placements.get(each) == "retrieved" for each in found.quoted}
    return {frozenset({True}): "Recalled", frozenset({False}): "Pinned"}.get(frozenset(recalled), "Recalled, pinned")


def drawn(preview: Preview, policy: MemoryPolicy) -> str:
    """Return bar, list and the room that is left, as HTML on one line."""
    found = parts(preview)
    whole = preview.gathered.tokens
    scale = max(whole, policy.max_context_tokens or 0, 1)
    segments = "".join(f'<b class="{part.kind}" style="width:{100 * part.tokens / scale:.2f}%"></b>' for part in found if part.tokens)
    said = ", ".join(f"{part.name} {part.tokens:,}" for part in found)
    *costs, total = money_alike(*(part.cost for part in found), preview.cost)
    rows = "".join(_row(part, cost) for part, cost in zip(found, costs, strict=True))
    return (
        f'<div class="bar" role="img" aria-label="{whole:,} tokens: {said}">{segments}</div>'
        f'<table class="parts"><tbody>{rows}<tr class="sum"><th>In all</th><td title="{whole:,} tokens">{tokens(whole)}</td>'
        f'<td title="uncached, {exact(preview.cost)}">{total}</td></tr></tbody></table>{_room(preview, policy)}'
    )


def room(preview: Preview, policy: MemoryPolicy) -> str:
    """Return in words how much more fits."""
    found, whole = preview.gathered.plan, preview.gathered.tokens
    if not found.fits:
        return f"Instructions and tools alone are over the budget of {tokens(found.budget)} tokens: your next message would be refused."
    if found.budget is None:
        return "How much this model can read is not known."
    left, mine = max(0, found.budget - whole), policy.max_context_tokens == found.budget
    whose = f"your budget of {found.budget:,} tokens" if mine else f"the {found.budget:,} tokens that the model reads"
    return f"Room left: {left:,} of {whose}."


def _room(preview: Preview, policy: MemoryPolicy) -> str:
    bites = "" if preview.gathered.plan.fits else " limit"
    return f'<p class="room{bites}">{room(preview, policy)}</p>'


def _row(part: Part, cost: str) -> str:
    return f'<tr title="{part.hint}"><th><i class="{part.kind}"></i>{part.name}</th><td>{tokens(part.tokens)}</td><td>{cost}</td></tr>'


def _share(preview: Preview, size: int) -> Decimal | None:
    return None if preview.cost is None else preview.cost * size / max(1, preview.gathered.tokens)


def listed(items: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""
