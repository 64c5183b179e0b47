"""The panel beside the chat: what the agent sees next, and what this chat has used so far. One piece of HTML, redrawn as usage comes in."""

from dataclasses import dataclass, replace
from decimal import Decimal

from pages.ui.chat_data import ChatView
from pages.ui.formats import money, tokens
from storage.records import Totals


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of the panel."""

    messages: int
    sent_messages: int
    sent_tokens: int
    unseen_tokens: int
    tokens_in: int
    tokens_out: int
    cost: Decimal | None
    """None when some call's price is not known."""
    model: str
    cap: int

    def with_totals(self, totals: Totals) -> "Figures":
        """Return the figures with what the chat has used by now."""
        cost = None if totals.unpriced_calls else totals.cost
        return replace(self, tokens_in=totals.tokens_in, tokens_out=totals.tokens_out, cost=cost)


def figures(view: ChatView, model: str, cap: int) -> Figures:
    """Return the figures of a chat as it is stored."""
    ahead = view.outlook
    empty = Figures(ahead.messages, ahead.sent_messages, ahead.sent_tokens, ahead.unseen_tokens, 0, 0, None, model, cap)
    return empty.with_totals(view.totals)


def panel(now: Figures) -> str:
    """Return the panel as HTML: beside the chat on a wide screen, a strip that opens on a phone."""
    strip = f"{now.sent_messages} of {now.messages} sent · {tokens(now.tokens_in + now.tokens_out)} tokens · {money(now.cost)}"
    return f'<details class="tl-panel"><summary>{strip}</summary>{_inside(now)}</details><div class="tl-panel tl-wide">{_inside(now)}</div>'


def sent_sentence(now: Figures) -> str:
    """Return which messages go along with the next one."""
    if now.messages == 0:
        return "Nothing yet: the first message is sent alone."
    if now.sent_messages == now.messages:
        return f"All {now.messages:,} messages are sent." if now.messages > 1 else "The one message is sent."
    return f"The last {now.sent_messages:,} of {now.messages:,} messages are sent."


def _inside(now: Figures) -> str:
    whole = max(1, now.sent_tokens + now.unseen_tokens)
    share = 100 * now.sent_tokens / whole
    unseen = f"<li class='out'><i></i>{tokens(now.unseen_tokens)} tokens forgotten</li>" if now.unseen_tokens else ""
    return f"""<h2>What the agent sees next</h2>
<p>{sent_sentence(now)} <span title="Your next message and the ones before it, at most {now.cap} in all">Cap: {now.cap}.</span></p>
<div class="bar" role="img" aria-label="{share:.0f}% of this chat's tokens are in the context"><b style="width:{share:.1f}%"></b></div>
<ul><li class="in"><i></i>{tokens(now.sent_tokens)} tokens in context</li>{unseen}</ul>
<h2>This chat so far</h2>
<dl><dt>Cost</dt><dd title="{now.cost if now.cost is not None else "unpriced"} dollars">{money(now.cost)}</dd>
<dt>Input</dt><dd title="{now.tokens_in:,} tokens">{tokens(now.tokens_in)}</dd>
<dt>Output</dt><dd title="{now.tokens_out:,} tokens">{tokens(now.tokens_out)}</dd></dl>
<p class="model">{now.model}</p>"""
