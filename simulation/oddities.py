"""Where the lesson's arithmetic rounds: what it says beside what a closer count gives, in numbers worked out here.

The lesson is right about what matters, and its two curves stay as they are taught (simulation.course). This module counts message by
message instead: the p-th prompt of a chat is sent with the p - 1 messages before it and itself, or with the last `cap` of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.course import no_cap, with_cap
from simulation.lesson import Lesson

LECTURE_PROMPTS, LECTURE_CAP = 20, 10
"""The lecture's example: 20 prompts with a 10-message cap."""
NO_LIMIT = 10**9
"""A cap that no chat reaches."""
SHOWN_PROMPTS = (20, 50, 100, 1_000)
SHOWN_USERS = (1, 100, 10_000)
LIMIT_FORMULA = "1 \N{MINUS SIGN} 2 \N{MULTIPLICATION SIGN} cap / prompts"
"""What `limit_share` computes, in words."""

OddityKey = Literal["example", "share", "first", "infinite", "day_one", "replies", "agent"]


@dataclass(frozen=True, slots=True)
class Oddity:
    """One place where the lesson rounds. The texts are plain; what stands between backticks is code."""

    key: OddityKey
    title: str
    taught: str
    """What the lesson says, short."""
    counted: str
    """What a closer count gives, short."""
    why: str
    """One or two sentences between the two."""


def units(prompts: ArrayLike, cap: float = NO_LIMIT) -> NDArray[np.float64]:
    """Return how many messages a chat of that many prompts sends in all, when a prompt sends the last `cap` messages.

    One unit is one message sent once, the lecture's "base cost". Replies are not counted, as in the lesson.
    """
    n = np.asarray(prompts, dtype=np.float64)
    below: NDArray[np.float64] = np.minimum(n, cap)
    return below * (below + 1) / 2 + (n - below) * cap


def share_saved(prompts: ArrayLike, cap: float) -> NDArray[np.float64]:
    """Return which share of the cost a cap saves over that many prompts (0 to 1); how many people send them does not matter."""
    return 1 - units(prompts, cap) / units(prompts)


def limit_share(prompts: ArrayLike, cap: float) -> NDArray[np.float64]:
    """Return what the share tends to for long chats: 1 - 2 * cap / prompts."""
    return 1 - 2 * cap / np.asarray(prompts, dtype=np.float64)


def units_with_replies(prompts: ArrayLike) -> NDArray[np.float64]:
    """Return how many messages are sent without a cap when each prompt's reply stays in the context too: the p-th sends 2p - 1."""
    return np.asarray(prompts, dtype=np.float64) ** 2


def day_one_ratio(prompts_per_day: int) -> float:
    """Return what the demo's capped run costs of its uncapped run on day 1, when the cap is too large to leave anything out."""
    return float(with_cap(1, 1, prompts_per_day, NO_LIMIT)[0] / no_cap(1, 1, prompts_per_day)[0])


def prompts_of(lesson: Lesson) -> int:
    """Return how many prompts one person sends in all."""
    return lesson.days * lesson.prompts_per_day


def dollars_of(lesson: Lesson, messages: ArrayLike) -> float:
    """Return what it costs when every person sends that many messages, at the lesson's tokens and price."""
    return float(lesson.users * np.asarray(messages) * lesson.tokens_per_message / 1000 * lesson.price_per_1k)


def uncapped_by_message(lesson: Lesson) -> float:
    """Return the dollars of the uncapped month counted message by message, each prompt sent with what was said before it."""
    return dollars_of(lesson, units(prompts_of(lesson)))


def never_capped(lesson: Lesson) -> float:
    """Return the dollars of the demo's capped function with a cap that no chat reaches."""
    unlimited = with_cap(
        lesson.users,
        lesson.days,
        lesson.prompts_per_day,
        NO_LIMIT,
        tokens_per_message=lesson.tokens_per_message,
        price_per_1k=lesson.price_per_1k,
    )
    return float(unlimited[-1])


def oddities(lesson: Lesson) -> Sequence[Oddity]:
    """Return the places in the order in which they are told, with the numbers of `lesson` where they depend on it."""
    return (
        _example(),
        _share(),
        _first(lesson),
        _infinite(lesson),
        _day_one(lesson),
        _replies(lesson),
        AGENT,
    )


def dollars(amount: float) -> str:
    """Return an amount to the cent, or to four significant digits below one."""
    return f"${amount:,.2f}" if amount >= 0.01 or amount == 0 else f"${amount:.4g}"


def percent(share: float) -> str:
    """Return a share as whole percent; what is less than all is never rounded up to 100%."""
    fine = next((text for text in (f"{share:.0%}", f"{share:.1%}") if not text.startswith("100")), "over 99.9%")
    return "100%" if share == 1 else fine


def _example() -> Oddity:
    n, cap = LECTURE_PROMPTS, LECTURE_CAP
    full, taught, capped = float(units(n)), n * cap, float(units(n, cap))
    return Oddity(
        "example",
        f"{n} prompts with a {cap}-message cap",
        f"{taught} units instead of {full:.0f}: saves {1 - taught / full:.0%}",
        f"{capped:.0f} units instead of {full:.0f}: saves {float(share_saved(n, cap)):.0%}",
        f"The lesson rounds here: it takes {cap} messages for every prompt, but the first {cap - 1} have fewer to send: 1 + 2 + … + {cap} "
        f"= {float(units(cap)):.0f}, and only then {cap} each. The cap does better than promised.",
    )


def _share() -> Oddity:
    shown = ", ".join(f"{percent(float(share_saved(n, LECTURE_CAP)))} of {n:,}" for n in SHOWN_PROMPTS)
    people = " or ".join(f"{users:,}" for users in SHOWN_USERS)
    return Oddity(
        "share",
        "What makes the saving grow",
        "“5% immediate, grows exponentially with scale”",
        "It grows with the prompts of each person, not with the people",
        f"Twice the people are twice the bill, capped or not: the share is the same for {people}. What counts is how long each person's "
        f"chat is: {LECTURE_CAP} messages save {shown} prompts. That tends to {LIMIT_FORMULA}, fast at first, slower later.",
    )


def _first(lesson: Lesson) -> Oddity:
    per_day, full, counted = lesson.prompts_per_day, float(lesson.uncapped[-1]), uncapped_by_message(lesson)
    return Oddity(
        "first",
        "The first message of day 1",
        f"Sends {per_day + 1} messages: {dollars(full)} in all",
        f"Sends 1 message: {dollars(counted)} in all",
        f"The demo adds a day's {per_day} prompts to the context before they are sent, and then counts them once more as they go. Counted "
        f"one by one, the curve without a cap has the same shape and ends {_fine(1 - counted / full if full else 0.0)} lower.",
    )


def _infinite(lesson: Lesson) -> Oddity:
    full, unlimited = float(lesson.uncapped[-1]), never_capped(lesson)
    return Oddity(
        "infinite",
        "A cap that is never reached",
        f"Would be the same as no cap: {dollars(full)}",
        f"Costs {dollars(unlimited)} in the demo",
        f"The two functions differ in more than the cap: the capped one leaves `prompt_num` out. So {dollars(full - unlimited)} "
        f"({_fine(1 - unlimited / full if full else 0.0)}) of what the demo saves are not the cap's doing.",
    )


def _day_one(lesson: Lesson) -> Oddity:
    ratio, per_day = day_one_ratio(lesson.prompts_per_day), lesson.prompts_per_day
    cut = "" if lesson.cap >= per_day else f" (A cap of {lesson.cap} does cut the {per_day} prompts of day 1, and saves more on top.)"
    return Oddity(
        "day_one",
        "Day 1, before a cap can bite",
        f"The capped run costs {percent(ratio)} of the other",
        "Both should cost the same",
        f"It is `prompt_num` again: with {per_day} prompts a day the demo's ratio on day 1 is {ratio:.3f}, whatever the cap. That is why "
        f"its lines part from the first day on, and not when the cap is reached.{cut}",
    )


def _replies(lesson: Lesson) -> Oddity:
    n = prompts_of(lesson)
    alone, both = dollars_of(lesson, units(n)), dollars_of(lesson, units_with_replies(n))
    return Oddity(
        "replies",
        "The agent's replies",
        "One message a prompt",
        "Two: the prompt and its reply",
        f"Replies stay in the context too, so prompt n sends 2n \N{MINUS SIGN} 1 messages and not n: {dollars(both)} instead of "
        f"{dollars(alone)} without a cap, and a cap holds half as many questions. Writing a reply is billed on top, usually at a higher "
        "price. “As it is” counts all of this.",
    )


AGENT = Oddity(
    "agent",
    "The agent's safety limit in code",
    "`create_react_agent(\n  llm, tools,\n  state_modifier=…,\n  max_iterations=5,\n)`",
    "`create_agent(\n  llm, tools,\n  system_prompt=…,\n  middleware=[\n    ToolCallLimitMiddleware(\n      run_limit=5,\n"
    '      exit_behavior="end",\n    ),\n  ],\n)`',
    "LangChain has moved on: `langgraph.prebuilt.create_react_agent` is deprecated and refuses both arguments. In `langchain.agents` the "
    'limit is middleware, for tool calls or, as `ModelCallLimitMiddleware`, for model calls; without `exit_behavior="end"` a looping model '
    "is only told off and may go on. The graph's `recursion_limit` counts steps, not tool calls, and is 9,999 unless you set it.",
)
"""The one that is no arithmetic. What it says of LangChain is checked against the installed packages by a test."""


def _fine(share: float) -> str:
    return f"{share:.1%}"
