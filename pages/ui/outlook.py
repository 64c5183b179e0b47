"""The panel beside the chat: what the agent sees next, what that is made of, and what the cap has saved. One piece of HTML on one line.

It is drawn as markdown so that the small picture in it is kept, and redrawn while an answer comes in and usage with it.
"""

from dataclasses import dataclass, replace
from html import escape

from pages.ui import composition, places
from pages.ui.chat_data import ChatView, Outlook
from pages.ui.formats import count, exact, money, tokens
from pages.ui.memory_words import TERMS, in_words
from pages.ui.savings import Savings, figures, sparkline, verdict

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Figures:
    """What the panel shows."""

    view: ChatView
    savings: Savings
    model: str
    simulated: bool
    """Whether the prompt cache is the demo model's simulation."""
    here: str
    """The address of this page, for links that open a dialog in it."""

    def with_savings(self, savings: Savings) -> "Figures":
        """Return the figures with what the chat has used by now."""
        return replace(self, savings=savings)


def panel(now: Figures) -> str:
    """Return the panel: beside the chat on a wide screen, a strip that opens on a phone."""
    ahead, saved = now.view.outlook, now.savings.saved
    gain = f"saved {figures(now.savings)[2]}" if saved and saved > 0 else f"{money(now.savings.spent)} so far"
    strip = f"{ahead.sent_messages:,} of {ahead.messages:,} sent · {tokens(ahead.preview.gathered.tokens)} tokens · {gain}"
    inside = _inside(now)
    return f'<details class="tl-panel"><summary>{strip}</summary>{inside}</details><div class="tl-panel tl-wide">{inside}</div>'


def sent_sentence(ahead: Outlook) -> str:
    """Return which messages go along with the next question."""
    if ahead.messages == 0:
        return "Nothing yet: your first message is sent alone."
    others = [words for words in (_folded(ahead), _quoted(ahead)) if words]
    if ahead.sent_messages == ahead.messages:
        base = f"All {ahead.messages:,} messages are sent" if ahead.messages > 1 else "The one message is sent"
    elif ahead.sent_messages == 0:
        base = f"None of the {ahead.messages:,} messages are sent word for word"
    else:
        base = f"The last {ahead.sent_messages:,} of {ahead.messages:,} messages are sent"
    return base + (f", with {composition.listed(others)}." if others else ".")


def _folded(ahead: Outlook) -> str:
    return f"a summary of {count(ahead.folded, 'older one')}" if ahead.folded else ""


def _quoted(ahead: Outlook) -> str:
    return f"{count(len(ahead.plan.quoted), 'quoted one')}" if ahead.plan.quoted else ""


def _inside(now: Figures) -> str:
    ahead, policy = now.view.outlook, now.view.choice.policy
    return (
        f"<h2>What the agent sees next</h2><p>{sent_sentence(ahead)} "
        f'<span title="{TERMS[policy.strategy]}, your next message counted in">Rule: {in_words(policy)}.</span></p>'
        f"{composition.drawn(ahead.preview, policy)}{_recalled(ahead)}{_links(now)}{_money(now)}"
    )


def _recalled(ahead: Outlook) -> str:
    """Say that what is recalled was looked up for the last question: the next one is not typed yet."""
    searched = ahead.preview.searched
    if not searched:
        return ""
    short = searched if len(searched) <= _LONGEST else searched[: _LONGEST - 1].rstrip() + "…"
    return f'<p class="quiet">Looked up for your last question, “{_text(short)}”; your next one may recall others.</p>'


def _links(now: Figures) -> str:
    """Return what opens the dialog about memory, and what went wrong with the last summary."""
    ahead, strategy = now.view.outlook, now.view.choice.policy.strategy
    there = f"{escape(now.here)}&amp;{places.MEMORY}=1"
    items = []
    if ahead.summary is not None:
        items.append(f'<a href="{there}">Read the summary</a>')
    if ahead.pinned:
        items.append(f'<a href="{there}">{count(ahead.pinned, "pinned message")}</a>')
    failed = ""
    if ahead.failure is not None and strategy == "summary":
        failed = f'<p class="limit">The last summary was not written: {_text(ahead.failure.error)} The messages themselves are sent.</p>'
    return failed + (f'<p class="links">{" · ".join(items)}</p>' if items else "")


def _money(now: Figures) -> str:
    gain = now.savings
    if not gain.replies:
        return f'<p class="model">{_text(now.model)}</p>'
    loss = gain.is_loss
    spent, uncapped, saved = figures(gain)
    why = f'<p class="limit">A recent reply shows why: {_text(now.view.reason)}</p>' if loss and now.view.reason else ""
    cached = f" ({tokens(gain.tokens_cached)} cached{', simulated' if now.simulated else ''})" if gain.tokens_cached else ""
    return (
        "<h2>This chat so far</h2>"
        f'<dl><dt>Spent</dt><dd class="capped" title="{exact(gain.spent)}">{spent}</dd>'
        f'<dt>Uncapped would have cost</dt><dd class="uncapped" title="{exact(gain.uncapped)}">{uncapped}</dd>'
        f'<dt>Saved</dt><dd class="{"limit" if loss else ""}" title="{exact(gain.saved)}">{saved}</dd></dl>'
        f"{sparkline(now.view.curve)}<p>{verdict(gain)}</p>{why}"
        f'<p class="quiet">{tokens(gain.tokens_in)} in{cached} · {tokens(gain.tokens_out)} out</p><p class="model">{_text(now.model)}</p>'
    )


def _text(words: str) -> str:
    """Return words of a person or a model as HTML on one line."""
    return escape(" ".join(words.split()))
