"""The memory lab's panel: the knobs, the frontier on top, what each strategy costs below it, and what it still knows."""

from collections.abc import Mapping, Sequence

import streamlit as st

from agent.lab.experiment import Experiment
from agent.lab.frontier import Point
from agent.lab.knobs import CAPS, UNCAPPED, Knobs
from agent.memory.policy import STRATEGIES, MemoryPolicy, Strategy
from pages.ui import lab_charts, lab_facts, lab_words
from pages.ui.charts import Cell
from pages.ui.formats import count, tokens
from pages.ui.lab_words import CAPPED, Runs
from pages.ui.turnstile import DRAWING

BUDGETS = (1_000, 1_500, 2_000, 3_000, 4_000, 6_000, None)
_AT_ONCE = 12
"""Policies whose questions are asked without showing progress: about 20 ms each."""
Chosen = Mapping[Strategy, Point]


def knobs() -> Knobs:
    """Draw the sliders and return what they say; the address keeps it."""
    cap, looked_up, limit, cache = st.columns([1.3, 1, 1.1, 0.9], gap="medium", vertical_alignment="bottom")
    most = cap.slider("Cap (messages)", 4, 200, 30, 2, key="cap", bind="query-params", help=_CAP_HELP)
    k = looked_up.slider(
        "Retrieval looks up", 1, 30, 10, key="k", bind="query-params", help="Earlier messages quoted for a question, at most."
    )
    budget = limit.select_slider("Token budget", BUDGETS, None, format_func=_budget, key="budget", bind="query-params", help=_BUDGET_HELP)
    cached = cache.toggle("Prompt cache", True, key="cache", bind="query-params", help=_CACHE_HELP)
    return Knobs(most, k, budget, cached)


def draw(experiment: Experiment) -> None:
    """Draw everything for one conversation."""
    with st.container(key="lab_knobs"):
        chosen = knobs()
    top, table, curves, facts, own = (st.container() for _ in range(5))
    policies = {each: chosen.policy(each) for each in STRATEGIES}
    runs = _replay(experiment, policies, cached=chosen.cached)
    with curves:
        _curves(runs)
    if experiment.conversation.by_demo:
        with own:
            lab_facts.ask(experiment, policies)
    questions = experiment.conversation.questions
    if not questions or runs["full"].dollars is None:
        with top:
            lab_charts.draw_bars(lab_words.range_finding(runs), runs)
        with table:
            _table(runs, {}, 0)
        return
    with top:
        _ask_everything(experiment, chosen)
        known = {each: _known(experiment, policy) for each, policy in policies.items()}
        _frontier(experiment, chosen, runs, known)
    with table:
        _table(runs, known, len(questions))
    with facts:
        lab_facts.draw({each: experiment.recall(policy) for each, policy in policies.items()}, questions)


def _replay(experiment: Experiment, policies: Mapping[Strategy, MemoryPolicy], *, cached: bool) -> Runs:
    if not all(experiment.has_run(policy, cached=cached) for policy in policies.values()):
        DRAWING.leave()
    with st.spinner("Replaying the conversation"):
        return {each: experiment.run(policy, cached=cached) for each, policy in policies.items()}


def _curves(runs: Runs) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        lab_charts.draw_totals(lab_words.total_finding(runs), runs)
    with right:
        lab_charts.draw_turns(lab_words.turn_finding(runs), runs)


def _frontier(experiment: Experiment, chosen: Knobs, runs: Runs, known: Mapping[Strategy, int]) -> None:
    of = len(experiment.conversation.questions)
    points = [_point(experiment, each, chosen.at(cap)) for each in CAPPED for cap in _caps(chosen)]
    points += [_point(experiment, each, chosen) for each in UNCAPPED]
    spots = {each: _point(experiment, each, chosen) for each in STRATEGIES}
    lab_charts.draw_frontier(lab_words.recall_finding(runs, known, of, chosen), points, spots, of)
    st.caption(
        f"A line runs through one strategy's caps, from {CAPS[0]} to {CAPS[-1]} messages; its large mark is the chosen cap. Grey is the "
        "frontier: the most facts to be had for the money."
    )


def _point(experiment: Experiment, strategy: Strategy, chosen: Knobs) -> Point:
    policy = chosen.policy(strategy)
    run = experiment.run(policy, cached=chosen.cached)
    assert run.dollars is not None
    return Point(strategy, None if strategy in UNCAPPED else chosen.cap, run.dollars, _known(experiment, policy))


def _known(experiment: Experiment, policy: MemoryPolicy) -> int:
    return sum(answer.knows for answer in experiment.recall(policy))


def _caps(chosen: Knobs) -> Sequence[int]:
    return sorted({*CAPS, chosen.cap})


def _ask_everything(experiment: Experiment, chosen: Knobs) -> None:
    """Put the questions to the demo model under every policy of the frontier that it was not asked under yet, showing how far it is."""
    wanted = [chosen.policy(each) for each in UNCAPPED] + [chosen.at(cap).policy(each) for cap in _caps(chosen) for each in CAPPED]
    missing = [policy for policy in dict.fromkeys(wanted) if not experiment.has_recall(policy)]
    if not missing:
        return
    DRAWING.leave()
    questions = count(len(experiment.conversation.questions), "question")
    words = f"Asking the demo model {questions} under {count(len(missing), 'policy', 'policies')}"
    bar = st.progress(0.0, words) if len(missing) > _AT_ONCE else None
    for done, policy in enumerate(missing, 1):
        experiment.recall(policy)
        if bar is not None:
            bar.progress(done / len(missing), words)
    if bar is not None:
        bar.empty()


def _table(runs: Runs, known: Mapping[Strategy, int], of: int) -> None:
    """Draw what each strategy sends, costs and keeps at this cap."""
    note = lab_words.cache_note(runs)
    if note:
        st.caption(note)
    with st.container(key="lab_table" if known else "lab_table_plain"):
        st.table([_row(each, runs, known, of) for each in STRATEGIES], border="horizontal", hide_index=True)


def _row(strategy: Strategy, runs: Runs, known: Mapping[Strategy, int], of: int) -> dict[str, Cell]:
    run = runs[strategy]
    share = f"{100 * run.tokens_cached / run.tokens_in:.0f}%" if run.tokens_in else "0%"
    facts: dict[str, Cell] = {"Facts known": f"{known[strategy]} of {of}"} if known else {}
    return {
        "Strategy": f"**{lab_words.name(strategy)}**",
        "Sends": lab_words.sends(run.policy),
        "Cost": lab_words.escape(lab_words.cost(run)),
        "Against full": lab_words.against_full(run, runs["full"]),
        **facts,
        "Input tokens": tokens(run.tokens_in),
        "Cached": share,
        "Summary calls": f"{run.summary_calls:,}",
    }


def _budget(limit: int | None) -> str:
    return "none" if limit is None else f"{limit:,}"


_CAP_HELP = (
    "How many messages a window sends. A summary is folded at three fifths of it, and retrieval sends the last third of it word for word: "
    "at 30, the course's own numbers, 30, 18 and 10."
)
_K_HELP = "Earlier messages quoted for a question, at most."
_BUDGET_HELP = "For the whole context, system prompt and tool schemas included, under every strategy."
_CACHE_HELP = (
    "A provider charges less for a beginning that it was sent lately. Simulated here: from 1,024 tokens on, for 300 seconds. "
    "Switch it off to see what the same conversation costs at full price."
)
