"""The simulator's second view: the class as it really is, under the chosen strategy against the full history, by day and by prompt."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from agent.memory.policy import STRATEGIES, Strategy
from pages.ui import lab_charts, lab_words, sim_bridge, sim_held, sim_keep, sim_play, sim_prices, sim_words
from pages.ui.charts import Cell
from pages.ui.formats import tokens
from pages.ui.lab_words import LOOKS
from pages.ui.sim_charts import Floats, Line, Mark, Picture
from pages.ui.sim_prices import Priced
from pages.ui.sim_state import Kept, State, lesson, scenario
from pages.ui.sim_words import about, dollars
from simulation.course import first_saved
from simulation.curves import ClassCurve, PersonCurve, curve, person
from simulation.scenario import Scenario

Hover = Callable[[int], str]
MOST_PROMPTS = 100
"""Prompts of one person that are drawn; more of them look all alike."""


def draw(state: State, price: Priced) -> None:
    """Draw the chosen chart, what it says, and the same class as taught."""
    here = scenario(state, price.rates, price.window)
    by_day = {each: curve(_under(here, each)) for each in _shown(state)}
    chosen, whole = by_day[here.policy.strategy], by_day["full"]
    finding = sim_words.scenario_finding(here, whole, chosen)
    drawn = _by_day(by_day, here, state, finding) if state["chart"] in ("total", "daily") else _by_prompt(here, state)
    sim_play.draw(drawn, state)
    taught = float(lesson(state).capped[-1])
    cells = {
        "As it is": f"{'about ' if chosen.estimated else ''}{dollars(chosen.total)}",
        "With the full history": dollars(whole.total),
        "As taught, with the cap": dollars(taught),
    }
    sim_keep.says(drawn.finding, cells, _overflow(here))
    sim_keep.behind(drawn, state)
    if not state.on("projector"):
        sim_bridge.draw(state, price, taught, chosen.total)


def _overflow(here: Scenario) -> str:
    """Return from which day on the whole chat no longer fits the model; empty while it does."""
    if here.model_window is None:
        return ""
    whole = person(_under(here, "full"))
    left_out = np.flatnonzero(np.diff(whole.context) <= 0) if here.reset == "never" else np.empty(0)
    if not len(left_out) or whole.context.max() < _NEARLY * here.model_window:
        return ""
    day = int(left_out[0]) // whole.rate + 1
    limit = f"{here.rates.name} reads at most {here.model_window:,} tokens"
    return f"From day {day:,} on the full history leaves out its oldest messages: {limit}. Then its beginning is new with every prompt."


def _shown(state: State) -> Sequence[Strategy]:
    if state.on("all"):
        return STRATEGIES
    chosen = next(each for each in STRATEGIES if each == state["strategy"])
    return ("full",) if chosen == "full" else ("full", chosen)


def _under(here: Scenario, strategy: Strategy) -> Scenario:
    return here.model_copy(update={"policy": here.policy.with_strategy(strategy)})


def _by_day(by_day: Mapping[Strategy, ClassCurve], here: Scenario, state: State, finding: str) -> Picture:
    total = state["chart"] == "total"
    values = {each: found.cumulative if total else found.daily for each, found in by_day.items()}
    chosen = here.policy.strategy
    place = first_saved(values["full"], values[chosen]) if total and chosen != "full" else None
    marks = () if place is None else (Mark(place, _HALF.format(place + 1), float(values[chosen][place]), float(values["full"][place])),)
    lines = [_line(each, here, values[each], _day_hover(found, values[each], total=total)) for each, found in by_day.items()]
    kept = {each.name: curve(_priced(each)) for each in state.kept}
    drawn = {name: found.cumulative if total else found.daily for name, found in kept.items()}
    return Picture(
        "sim_curve",
        finding,
        "Day",
        "Cost so far (US dollars)" if total else "Cost of the day (US dollars)",
        [*_kept(drawn), *sorted(lines, key=lambda line: line.width)],
        lambda: sim_keep.rows(_day_rows(by_day), drawn, ", so far (USD)" if total else " (USD)", 6),
        marks,
        log=state["axis"] == "log",
        large=state.on("projector"),
    )


def _by_prompt(here: Scenario, state: State) -> Picture:
    count = _prompts(here)
    found = {each: person(_under(here, each), count) for each in _shown(state)}
    context = state["chart"] == "context"
    span = 1 if context else _span(here, found["full"].rate)
    values = {each: one.context if context else _rolling(one.dollars, span) for each, one in found.items()}
    lines = [_line(each, here, values[each], _prompt_hover(each, found[each]), money=not context) for each in found]
    kept = {each.name: person(there, _prompts(there)) for each in state.kept for there in [_priced(each)]}
    known = {name: one.context if context else one.dollars for name, one in kept.items()}
    drawn = known if context else {each.name: _rolling(known[each.name], _span(_priced(each), kept[each.name].rate)) for each in state.kept}
    return Picture(
        "sim_curve",
        sim_words.prompt_finding(values["full"], values[here.policy.strategy], here, span, context=context),
        "Prompt of one person",
        "Sent with the prompt (tokens)" if context else _axis(span),
        [*_kept(drawn, money=not context), *sorted(lines, key=lambda line: line.width)],
        lambda: sim_keep.rows(_prompt_rows(found), known, *((", context (tokens)", 0) if context else (" (USD)", 9))),
        log=state["axis"] == "log",
        y_prefix="" if context else "$",
        large=state.on("projector"),
    )


def _line(strategy: Strategy, here: Scenario, values: Floats, hover: Hover, *, money: bool = True) -> Line:
    look, mine = LOOKS[strategy], strategy == here.policy.strategy

    def value(at: int) -> str:
        return about(float(values[at])) if money else f"{tokens(round(float(values[at])))} tokens"

    dash, width = "7px,6px" if strategy == "full" else look.dash, 3.5 if mine else 2.0
    return Line(look.name, f"{look.name} {value(len(values) - 1)}", values, hover, look.colour, dash, width, value)


def _day_hover(found: ClassCurve, values: Floats, *, total: bool) -> Hover:
    name = LOOKS[found.strategy].name

    def say(place: int) -> str:
        share = found.tokens_cached[place] / found.tokens_in[place] if found.tokens_in[place] else 0.0
        read = f"{tokens(round(float(found.tokens_in[place])))} tokens read that day, {share:.0%} of them from the prompt cache"
        return f"Day {place + 1:,}, {name}: {dollars(float(values[place]))}{' so far' if total else ''}<br>{read}"

    return say


def _prompt_hover(strategy: Strategy, found: PersonCurve) -> Hover:
    name = LOOKS[strategy].name

    def say(place: int) -> str:
        cached = tokens(round(float(found.tokens_cached[place])))
        sent = f"{found.messages[place]:.0f} messages, {tokens(round(float(found.context[place])))} tokens, {cached} from the prompt cache"
        return f"Prompt {place + 1:,}, {name}: {dollars(float(found.dollars[place]))}<br>Sent with {sent}"

    return say


def _axis(span: int) -> str:
    return "Cost of the prompt (US dollars)" if span == 1 else f"Cost of a prompt, mean of {span} (US dollars)"


def _rolling(values: Floats, span: int) -> Floats:
    """Return the mean of each value and those before it that were sent in one go: the first of them costs more, after a pause."""
    return np.asarray(lab_charts.rolling(values.tolist(), span))


def _span(here: Scenario, rate: int) -> int:
    """Return how many prompts are taken together: those of one go, where the first costs more than the rest."""
    return 1 if here.cache is None else min(here.conversation.sitting, rate)


def _prompts(here: Scenario) -> int:
    return max(2, min(MOST_PROMPTS, max(1, round(here.prompts_per_day)) * here.days))


def _priced(kept: Kept) -> Scenario:
    price = sim_prices.priced(kept.state, sim_held.default_model(), sim_held.now())
    return scenario(kept.state, price.rates, price.window)


def _kept(drawn: Mapping[str, Floats], *, money: bool = True) -> list[Line]:
    return [sim_keep.line(place, name, values, money=money) for place, (name, values) in enumerate(drawn.items())]


def _day_rows(by_day: Mapping[Strategy, ClassCurve]) -> list[Mapping[str, Cell]]:
    rows: list[Mapping[str, Cell]] = []
    for place in range(len(by_day["full"].daily)):
        row: dict[str, Cell] = {"Day": place + 1, "People": f"{by_day['full'].people[place]:.1f}"}
        for strategy, found in by_day.items():
            name = lab_words.name(strategy)
            row[f"{name} (USD)"] = f"{found.daily[place]:.6f}"
            row[f"{name}, so far (USD)"] = f"{float(np.sum(found.daily[: place + 1])):.6f}"
            row[f"{name}, tokens in"] = round(float(found.tokens_in[place]))
            row[f"{name}, cached"] = round(float(found.tokens_cached[place]))
            row[f"{name}, tokens out"] = round(float(found.tokens_out[place]))
        rows.append(row)
    return rows


def _prompt_rows(found: Mapping[Strategy, PersonCurve]) -> list[Mapping[str, Cell]]:
    rows: list[Mapping[str, Cell]] = []
    for place in range(len(found["full"].dollars)):
        row: dict[str, Cell] = {"Prompt": place + 1}
        for strategy, one in found.items():
            name = lab_words.name(strategy)
            row[f"{name} (USD)"] = f"{one.dollars[place]:.9f}"
            row[f"{name}, context (tokens)"] = round(float(one.context[place]))
            row[f"{name}, cached (tokens)"] = round(float(one.tokens_cached[place]))
        rows.append(row)
    return rows


_NEARLY = 0.9
_HALF = "half saved from day {:,}"
