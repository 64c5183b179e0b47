"""What the profit panel says: which caps earn money at a price, as taught and as it is, and why they may be two ranges. Pure text."""

from collections.abc import Mapping, Sequence

import numpy as np

from agent.memory.policy import STRATEGIES, Strategy
from pages.ui.charts import Cell
from pages.ui.formats import MINUS, count
from pages.ui.lab_words import LOOKS, escape
from pages.ui.sim_words import about, dollars
from simulation.lesson import Lesson
from simulation.profit import MOST_CAP, Costs, Range, is_long, month_cost, taught_cost, taught_profitable, taught_uncapped
from simulation.scenario import Scenario

Ranges = Mapping[Strategy, Sequence[Range]]
QUIZ_CAPS = (20, 50, 100)
"""The caps that the lesson's question asks to test."""


def finding(lesson: Lesson, strategy: Strategy, ranges: Sequence[Range], price: float) -> str:
    """Return which caps are profitable, as taught and as it is."""
    return f"{_taught(lesson, price)}; {_real(strategy, ranges)}"


def numbers(scenario: Scenario, lesson: Lesson, known: Costs, price: float) -> Mapping[str, tuple[str, str]]:
    """Return the big numbers, each with what it means."""
    cap, mine = lesson.cap, own_cost(scenario, known.strategy)
    taught = float(taught_cost(lesson, cap))
    found = taught_profitable(lesson, price)
    largest = "none" if found is None else "any" if found.high is None else f"{found.high:,}"
    sent = "the full history" if known.strategy == "full" else f"{LOOKS[known.strategy].said} as it is set"
    return {
        "Largest cap, as taught": (largest, f"The largest that costs less than {dollars(price)} a user a month, in messages."),
        "A user costs, as taught": (fine(taught), f"A month with a cap of {cap:,}: the price that breaks even."),
        "A user costs, as it is": (dollars(mine), f"An average user's month with {sent}: the price that breaks even."),
        "Profit, as it is": (
            signed((price - mine) * scenario.users),
            f"A month: {dollars(price)} less {dollars(mine)}, times {count(scenario.users, 'user')}.",
        ),
    }


def answer(lesson: Lesson, price: float) -> str:
    """Return the answer to the lesson's question."""
    found = taught_profitable(lesson, price)
    start = f"If you charged users {dollars(price)} a month, what cap keeps you profitable?"
    if found is None:
        return f"{start} None: even with a cap of 1 message a user costs {dollars(float(taught_cost(lesson, 1)))}."
    if found.high is None:
        whole = taught_uncapped(lesson)
        free = "and no cap at all too" if whole < price else f"but without a cap a user costs {dollars(whole)}, as the lesson counts it"
        return f"{start} Any cap, {free}."
    at, above = (fine(float(taught_cost(lesson, cap))) for cap in (found.high, found.high + 1))
    return f"{start} {found.high:,} messages or fewer: with {found.high:,} a user costs {at}, with {found.high + 1:,} already {above}."


def taught_rows(lesson: Lesson, price: float) -> list[dict[str, Cell]]:
    """Return what caps earn as taught: the lesson's three, the one that is set, and the two at the edge."""
    found = taught_profitable(lesson, price)
    edge = () if found is None or found.high is None else (found.high, found.high + 1)
    caps = sorted({*QUIZ_CAPS, lesson.cap, *edge})
    costs = {f"{cap:,}": float(taught_cost(lesson, cap)) for cap in caps} | {"no cap": taught_uncapped(lesson)}
    return [
        {
            "Cap": cap,
            "A user costs": escape(fine(cost)),
            "Earned a user": escape(fine(price - cost)),
            "Profitable": "yes" if cost < price else "no",
        }
        for cap, cost in costs.items()
    ]


def real_answer(scenario: Scenario, ranges: Ranges, price: float) -> str:
    """Return what is profitable as it is, and why where a larger cap pays and a smaller one does not."""
    split = [strategy for strategy in STRATEGIES if any(each.low > 1 for each in ranges[strategy])]
    if not any(ranges.values()):
        return f"At {dollars(price)} nothing is profitable: charge more, choose a cheaper model, or limit how much people send."
    if all(each == [Range(1, None)] for each in map(list, ranges.values())):
        return f"At {dollars(price)} every strategy is profitable with any cap, the full history too."
    if split:
        return f"A larger cap can pay where a smaller one does not ({_names(split)}): {_why_larger(scenario, split)}."
    good = [strategy for strategy in STRATEGIES if ranges[strategy]]
    return f"At {dollars(price)} these can be profitable: {_names(good)}."


def _why_larger(scenario: Scenario, split: Sequence[Strategy]) -> str:
    """Return why a larger cap of these strategies can cost less than a smaller one."""
    discount = scenario.cache is not None and any(tier.cached < tier.plain for tier in scenario.rates.tiers)
    if discount and {"window", "chunked_window"} & set(split):
        return "a window that moves breaks the prompt cache, and pays full price for what a longer one has at a fraction"
    if discount and "retrieval" in split:
        return "quotes that change break the prompt cache, and a longer window needs none"
    return "a small cap makes more calls of its own"


def real_rows(scenario: Scenario, known: Mapping[Strategy, Costs], ranges: Ranges, price: float) -> list[dict[str, Cell]]:
    """Return for each strategy which caps are profitable, and what it earns as it is set."""
    rows: list[dict[str, Cell]] = []
    for strategy in STRATEGIES:
        cost = own_cost(scenario, strategy)
        guessed = "about " if known[strategy].estimated else ""
        rows.append(
            {
                "Strategy": f"**{LOOKS[strategy].name}**",
                "Profitable caps": spans(ranges[strategy], strategy),
                "A user costs": escape(guessed + dollars(cost)),
                "Earned a user": escape(signed(price - cost)),
            }
        )
    return rows


def note(scenario: Scenario) -> str:
    """Return what is counted, and in which proportions a cap is used."""
    fewer = " So long a chat is tried with fewer caps." if is_long(scenario) else ""
    return (
        "As taught: the lesson's price for every token, replies not counted. As it is: an average user of this class with "
        f"{scenario.rates.name}, with replies, overhead and the prompt cache. What a user costs and earns in the table is with what is set "
        "on the left. Along the caps a summary is folded at three fifths of the cap, and retrieval sends a third of it word for word."
        f"{fewer}"
    )


def spans(ranges: Sequence[Range], strategy: Strategy) -> str:
    """Return ranges of caps in words: `any`, `none`, `1 to 22`, `1 to 18 and from 64`, `up to 10,000`."""
    if not ranges:
        return "none" if strategy != "full" else "no"
    if strategy == "full":
        return "yes"
    if ranges[0] == Range(1, None):
        return "any"
    parts = [f"from {each.low:,}" if each.high is None else _span(each.low, each.high) for each in ranges]
    return " and ".join(parts)


def own_cost(scenario: Scenario, strategy: Strategy) -> float:
    """Return what a user costs a month under a strategy with the policy's own numbers."""
    return month_cost(scenario, scenario.policy.with_strategy(strategy))


def margins(known: Costs, price: float) -> list[float]:
    """Return what a user earns by cap."""
    return [float(each) for each in np.asarray(price - known.dollars)]


def fine(amount: float) -> str:
    """Return an amount to the tenth of a cent where it is not whole cents, as the lesson's own are."""
    if abs(amount) < 0.01 or abs(amount) >= 1000 or abs(round(100 * amount) - 100 * amount) < 1e-6:
        return dollars(amount)
    return f"{MINUS if amount < 0 else ''}${abs(amount):.3f}"


def signed(amount: float) -> str:
    """Return an amount with its sign where it is a loss."""
    return f"{MINUS}{about(-amount)}" if amount < 0 else about(amount)


def _taught(lesson: Lesson, price: float) -> str:
    found = taught_profitable(lesson, price)
    if found is None:
        return f"At {dollars(price)} no cap is profitable as taught"
    if found.high is None:
        return f"At {dollars(price)} any cap is profitable as taught"
    return f"The largest profitable cap at {dollars(price)} is {count(found.high, 'message')} as taught"


def _real(strategy: Strategy, ranges: Sequence[Range]) -> str:
    said = LOOKS[strategy].said
    if strategy == "full":
        return f"as it is {said} {'pays' if ranges else 'does not pay'}"
    if not ranges:
        return f"as it is no cap of {said} pays"
    return f"as it is {said} pays with {'any cap' if ranges[0] == Range(1, None) else f'a cap of {spans(ranges, strategy)}'}"


def _span(low: int, high: int) -> str:
    if (low, high) == (1, MOST_CAP):
        return f"up to {high:,}"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _names(strategies: Sequence[Strategy]) -> str:
    return ", ".join(LOOKS[strategy].said for strategy in strategies)
