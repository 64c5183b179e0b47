"""What the memory lab says: the strategies' short names and marks, money fine enough to compare, and each chart's finding. Pure text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.lab.experiment import Run
from agent.lab.knobs import Knobs
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from pages.ui import colours
from pages.ui.colours import Colour
from pages.ui.formats import count, money
from pages.ui.memory_words import in_words

Runs = Mapping[Strategy, Run]
CAPPED: tuple[Strategy, ...] = tuple(strategy for strategy in STRATEGIES if strategy != "full")
_FINE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Look:
    """How a strategy is drawn and called, the same in every chart of the lab."""

    name: str
    said: str
    """The name within a sentence."""
    colour: Colour
    dash: str
    symbol: str


LOOKS: Mapping[Strategy, Look] = {
    "full": Look("Full history", "the full history", colours.UNCAPPED, "dash", "diamond"),
    "window": Look("Window", "the window", colours.CAPPED, "solid", "circle"),
    "chunked_window": Look("Chunked window", "the chunked window", colours.CAPPED, "dot", "square"),
    "summary": Look("Summary", "the summary", colours.SUMMARISED, "solid", "triangle-up"),
    "retrieval": Look("Retrieval", "retrieval", colours.RECALLED, "solid", "star-diamond"),
}


def name(strategy: Strategy) -> str:
    """Return what a strategy is called."""
    return LOOKS[strategy].name


def short(strategy: Strategy) -> str:
    """Return a strategy's name in one word, for the head of a narrow column."""
    return {"full": "Full", "chunked_window": "Chunked"}.get(strategy) or name(strategy)


def dollars(amount: Decimal | None) -> str:
    """Return an amount with four decimals below a dollar: what is compared here often differs only in the third."""
    if amount is None or not _FINE <= abs(amount) < 1:
        return money(amount)
    return f"{'-' if amount < 0 else ''}${abs(amount):.4f}"


def cost(run: Run) -> str:
    """Return what a run costs, saying where a summary had to be guessed."""
    return f"{'about ' if run.estimated else ''}{dollars(run.dollars)}"


def sends(policy: MemoryPolicy) -> str:
    """Return what a policy sends, as a sentence's beginning."""
    words = in_words(policy)
    return words[:1].upper() + words[1:]


def against_full(run: Run, full: Run) -> str:
    """Return how much less or more a run costs than the full history."""
    if run.dollars is None or not full.dollars or run is full:
        return "\N{EN DASH}"
    change = round(100 * (run.dollars - full.dollars) / full.dollars)
    if change == 0:
        return "the same"
    return f"{abs(change)}% {'less' if change < 0 else 'more'}"


def cheapest(runs: Runs) -> Strategy | None:
    """Return the strategy that costs least; None when a price is not known."""
    amounts = {each: runs[each].dollars for each in STRATEGIES}
    if None in amounts.values():
        return None
    return min(STRATEGIES, key=lambda each: amounts[each] or Decimal(0))


def recall_finding(runs: Runs, known: Mapping[Strategy, int], of: int, knobs: Knobs) -> str:
    """Return what the frontier shows at this cap: the strategy that keeps most, the window, and the full history."""
    best = max(CAPPED, key=lambda each: (known[each], -(runs[each].dollars or Decimal(0))))
    kept = f"{LOOKS[best].said} keeps {known[best]} of {of} facts for {cost(runs[best])}"
    window = "" if best == "window" else f", the window {known['window']} for {cost(runs['window'])}"
    whole = f"the full history {_all(known['full'], of)} for {cost(runs['full'])}"
    return escape(f"With a cap of {knobs.cap}, {kept}{window}; {whole}")


def total_finding(runs: Runs) -> str:
    """Return which strategy costs least over the conversation."""
    least = cheapest(runs)
    if least is None:
        return "What it adds up to is unknown: this model has no known price"
    turns, full = len(runs["full"].turns), runs["full"]
    after = f"After {count(turns, 'turn')}"
    if len({run.dollars for run in runs.values()}) == 1:
        return escape(f"{after} every strategy costs the same, {cost(full)}: the chat is still shorter than the cap")
    if least == "full":
        why = "what repeats comes from the prompt cache" if full.tokens_cached else "the caps leave little out and add calls of their own"
        return escape(f"{after} the full history costs least, {cost(full)}: {why}")
    saved = against_full(runs[least], full)
    return escape(f"{after} {LOOKS[least].said} costs least, {cost(runs[least])}: {saved} than the full history")


def range_finding(runs: Runs) -> str:
    """Return between what the strategies' costs lie."""
    least = cheapest(runs)
    if least is None:
        return "What the conversation costs is unknown: this model has no known price"
    most = max(STRATEGIES, key=lambda each: runs[each].dollars or Decimal(0))
    turns = count(len(runs["full"].turns), "turn")
    if runs[least].dollars == runs[most].dollars:
        return escape(f"{turns} cost {cost(runs[least])} under every strategy")
    return escape(f"{turns} cost from {cost(runs[least])} with {LOOKS[least].said} to {cost(runs[most])} with {LOOKS[most].said}")


def turn_finding(runs: Runs) -> str:
    """Return what a turn costs at the end, with the full history and with the window."""
    last = span(len(runs["full"].turns))
    full, window = (mean(runs[strategy].costs[-last:]) for strategy in ("full", "window"))
    if full is None or window is None:
        return "What a turn costs is unknown: this model has no known price"
    when = "The last turn" if last == 1 else f"Of the last {last} turns, one"
    return escape(f"{when} costs {dollars(full)} with the full history and {dollars(window)} with the window")


def span(turns: int) -> int:
    """Return over how many turns a turn's cost is averaged to be drawn: single turns jump with each tool call and summary."""
    return max(1, min(10, turns // 6))


def cache_note(runs: Runs) -> str | None:
    """Return why the full history costs less than the window, where it does."""
    full, window = runs["full"], runs["window"]
    if full.dollars is None or window.dollars is None or full.dollars >= window.dollars or not full.tokens_cached:
        return None
    share, other = (round(100 * run.tokens_cached / run.tokens_in) for run in (full, window))
    return escape(
        f"Why is the full history cheaper than the window? Its beginning never changes, so {share}% of its input comes from the prompt "
        f"cache, at a tenth of the price; of the window's, {other}%. Switch the cache off to see both at full price."
    )


def mean(costs: Sequence[Decimal | None]) -> Decimal | None:
    """Return the mean; None when a cost is not known."""
    known = [each for each in costs if each is not None]
    return sum(known, Decimal(0)) / len(known) if known and len(known) == len(costs) else None


def escape(text: str) -> str:
    """Return text whose dollar signs are no formulas."""
    return text.replace("$", "\\$")


def _all(known: int, of: int) -> str:
    return f"all {of}" if known == of else f"{known}"
