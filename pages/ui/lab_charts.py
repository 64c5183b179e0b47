"""The memory lab's charts: the frontier of dollars against recall, and what each strategy costs by turn and adds up to."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any

from agent.lab.frontier import Point, frontier
from agent.memory.policy import STRATEGIES, Strategy
from pages.ui import charts, colours
from pages.ui.charts import Cell, Chart, Series
from pages.ui.lab_words import LOOKS, Runs, cost, dollars, name, sends, span
from pages.ui.memory_words import in_words

TALL = 420
_LABELS: Mapping[Strategy, tuple[int, int]] = {
    "full": (-10, 18),
    "window": (10, 18),
    "chunked_window": (-10, -18),
    "summary": (10, 18),
    "retrieval": (10, -18),
}
"""Where a point's name begins, in pixels right of and above it, so that names of neighbours do not cover each other."""
_EDGE = 0.15
"""Share of the axis at either end in which a name stands on the inner side."""
_APART = 0.075
"""Least distance of two names at the ends of lines, as a share of the axis."""


def draw_frontier(finding: str, points: Sequence[Point], chosen: Mapping[Strategy, Point], of: int) -> None:
    """Draw dollars against facts kept: a line through each strategy's caps, its point at the chosen cap large and named."""
    go = charts.plotly()
    chart = Chart("lab_frontier", finding, "Cost of the conversation (US dollars)", "Facts still known", [], _point_rows(points, of))
    prices = [float(point.dollars) for point in (*points, *chosen.values())]
    low, wide = min(prices), max(prices) - min(prices) or max(prices)
    figure = go.Figure(
        [_edge(points), *(_path(each, points, of) for each in STRATEGIES), *(_spot(chosen[each], of) for each in STRATEGIES)]
    )
    figure.update_xaxes(tickprefix="$", range=[low - 0.06 * wide, low + 1.06 * wide], nticks=7)
    figure.update_yaxes(range=[-1.6, of + 1.8], tickvals=_ticks(of))
    figure.update_layout(
        annotations=[_edge_name(low + wide, of), *(_name(chosen[each], (float(chosen[each].dollars) - low) / wide) for each in STRATEGIES)]
    )
    charts.show(chart, figure, TALL, legend=False)


def draw_totals(finding: str, runs: Runs) -> None:
    """Draw what each strategy has cost by each turn, adding up."""
    sums = {strategy: list(accumulate(_floats(runs[strategy].costs))) for strategy in STRATEGIES}
    series = [
        _series(strategy, sums[strategy], [f"{name(strategy)}, turn {n}: ${value:.4f} so far" for n, value in enumerate(sums[strategy], 1)])
        for strategy in STRATEGIES
    ]
    _curves(Chart("lab_total", finding, "Turn", "Cost so far (US dollars)", series, _cost_rows(runs), y_prefix="$"), runs)


def draw_turns(finding: str, runs: Runs) -> None:
    """Draw what each turn costs under each strategy."""
    series = []
    for strategy in STRATEGIES:
        run = runs[strategy]
        hover = [
            f"{name(strategy)}, turn {n}: {dollars(turn.cost)}, {turn.sent} messages sent, {turn.tokens_in:,} tokens in "
            f"({turn.tokens_cached:,} cached)"
            for n, turn in enumerate(run.turns, 1)
        ]
        series.append(_series(strategy, rolling(_floats(run.costs), span(len(run.turns))), hover))
    mean = span(len(runs["full"].turns))
    axis = "Cost of the turn (US dollars)" if mean == 1 else f"Cost of a turn, mean of {mean} (US dollars)"
    _curves(Chart("lab_turns", finding, "Turn", axis, series, _token_rows(runs), y_prefix="$"), runs)


def draw_bars(finding: str, runs: Runs) -> None:
    """Draw what each strategy costs in all, where no questions are known that recall could be measured by."""
    go = charts.plotly()
    order = sorted(STRATEGIES, key=lambda each: runs[each].dollars or Decimal(0))
    trace = go.Bar(
        x=[float(runs[each].dollars or 0) for each in order],
        y=[name(each) for each in order],
        orientation="h",
        text=[cost(runs[each]) for each in order],
        textposition="outside",
        cliponaxis=False,
        customdata=[in_words(runs[each].policy) for each in order],
        hovertemplate="%{y}: %{text} (%{customdata})<extra></extra>",
        marker={"color": [LOOKS[each].colour.on(charts.theme()) for each in order]},
    )
    rows: list[Mapping[str, Cell]] = [{"Strategy": name(each), "Cost (USD)": str(runs[each].dollars or "")} for each in order]
    figure = go.Figure([trace])
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_xaxes(nticks=5)
    figure.update_layout(margin={"r": 72})
    charts.show(Chart("lab_bars", finding, "", "Cost (US dollars)", [], rows, y_prefix="$"), figure, 260, flipped=True)


def _edge(points: Sequence[Point]) -> Any:
    """The frontier itself: for each price, the most facts that any strategy and cap keeps for it."""
    best, dearest = frontier(points), max(point.dollars for point in points)
    return charts.plotly().Scatter(
        x=[*(float(point.dollars) for point in best), float(dearest)],
        y=[*(point.known for point in best), best[-1].known],
        mode="lines",
        line={"color": colours.FORGOTTEN.on(charts.theme()), "width": 9, "shape": "hv"},
        opacity=0.22,
        hoverinfo="skip",
    )


def _path(strategy: Strategy, points: Sequence[Point], of: int) -> Any:
    look, mine = LOOKS[strategy], [point for point in points if point.strategy == strategy]
    shade = look.colour.on(charts.theme())
    return charts.plotly().Scatter(
        x=[float(point.dollars) for point in mine],
        y=[point.known for point in mine],
        mode="lines+markers",
        line={"color": shade, "width": 1.5, "dash": look.dash},
        marker={"color": shade, "size": 6, "symbol": look.symbol},
        opacity=0.55,
        customdata=[_spoken(point, of) for point in mine],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _spot(point: Point, of: int) -> Any:
    look = LOOKS[point.strategy]
    shade, paper = look.colour.on(charts.theme()), colours.BACKGROUND[charts.theme()]
    return charts.plotly().Scatter(
        x=[float(point.dollars)],
        y=[point.known],
        mode="markers",
        marker={"color": shade, "size": 15, "symbol": look.symbol, "line": {"width": 2, "color": paper}},
        cliponaxis=False,
        customdata=[_spoken(point, of)],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _name(point: Point, place: float) -> dict[str, Any]:
    """A chosen point's name, on a ground of its own so that lines do not run through it; `place` is where on the axis it is, 0 to 1."""
    right, up = _LABELS[point.strategy]
    if place < _EDGE / 3 or place > 1 - _EDGE:
        right = 10 if place < _EDGE else -10
    return {
        "x": float(point.dollars),
        "y": point.known,
        "text": f"<b>{name(point.strategy)}</b>",
        "showarrow": False,
        "xanchor": "left" if right > 0 else "right",
        "xshift": right,
        "yshift": up,
        "borderpad": 1,
        "bgcolor": colours.BACKGROUND[charts.theme()],
        "font": {"color": LOOKS[point.strategy].colour.on(charts.theme()), "size": 13},
    }


def _edge_name(dearest: float, of: int) -> dict[str, Any]:
    grey = {"color": colours.FORGOTTEN.on(charts.theme()), "size": 12}
    return {"x": dearest, "y": of, "text": "frontier", "showarrow": False, "xanchor": "right", "yshift": -14, "font": grey}


def _spoken(point: Point, of: int) -> str:
    cap = "" if point.cap is None else f", cap {point.cap}"
    return f"{name(point.strategy)}{cap}: {point.known} of {of} facts for {dollars(point.dollars)}"


def _ticks(of: int) -> list[int]:
    step = max(1, round(of / 5))
    return [*range(0, of - step // 2, step), of]


def _series(strategy: Strategy, values: Sequence[float], hover: Sequence[str]) -> Series:
    return Series(name(strategy), [str(n) for n in range(1, len(values) + 1)], values, hover, LOOKS[strategy].colour)


def _curves(chart: Chart, runs: Runs) -> None:
    """Draw one line a strategy, each named at its end."""
    go = charts.plotly()
    figure = go.Figure()
    for strategy, part in zip(STRATEGIES, chart.series, strict=True):
        look = LOOKS[strategy]
        figure.add_scatter(
            x=[int(str(turn)) for turn in part.x],
            y=list(part.y),
            mode="lines",
            line={"color": look.colour.on(charts.theme()), "width": 2.5, "dash": look.dash},
            customdata=list(part.hover),
            hovertemplate="%{customdata}<extra></extra>",
        )
    _name_ends(figure, chart)
    figure.update_layout(margin={"r": 118})
    figure.update_yaxes(tickformat=".5~f")
    charts.show(chart, figure, 340, legend=False)


def _name_ends(figure: Any, chart: Chart) -> None:
    """Write each line's name at its end, moved apart where ends lie close."""
    top = max((max(part.y, default=0.0) for part in chart.series), default=0.0) or 1.0
    places = apart([part.y[-1] for part in chart.series], top * _APART)
    for part, place in zip(chart.series, places, strict=True):
        figure.add_annotation(
            x=1.0,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=place,
            text=part.name,
            showarrow=False,
            font={"color": part.colour.on(charts.theme()), "size": 13},
        )


def rolling(values: Sequence[float], count: int) -> list[float]:
    """Return the mean of each value and up to `count - 1` before it."""
    return [sum(values[max(0, end - count) : end]) / min(count, end) for end in range(1, len(values) + 1)]


def apart(values: Sequence[float], least: float) -> list[float]:
    """Return places near `values`, in the same order, that are at least `least` apart and not below zero."""
    order = sorted(range(len(values)), key=lambda number: values[number])
    places = [values[number] for number in order]
    for _ in range(50):
        for low in range(len(places) - 1):
            short = least - (places[low + 1] - places[low])
            if short > 1e-12:
                places[low] -= short / 2
                places[low + 1] += short / 2
    lift = max(0.0, -min(places, default=0.0))
    found = dict(zip(order, places, strict=True))
    return [found[number] + lift for number in range(len(values))]


def _floats(costs: Sequence[Decimal | None]) -> list[float]:
    return [float(each or 0) for each in costs]


def _point_rows(points: Sequence[Point], of: int) -> list[Mapping[str, Cell]]:
    best = frozenset(frontier(points))
    return [
        {
            "Strategy": name(point.strategy),
            "Cap (messages)": point.cap,
            "Cost (USD)": str(point.dollars),
            "Facts known": point.known,
            "Of": of,
            "On the frontier": "yes" if point in best else "",
        }
        for point in points
    ]


def _cost_rows(runs: Runs) -> list[Mapping[str, Cell]]:
    sums = {each: list(accumulate(cost or Decimal(0) for cost in runs[each].costs)) for each in STRATEGIES}
    count = len(runs["full"].turns)
    return [{"Turn": n + 1, **{f"{name(each)} (USD)": str(sums[each][n]) for each in STRATEGIES}} for n in range(count)]


def _token_rows(runs: Runs) -> list[Mapping[str, Cell]]:
    return [
        {
            "Turn": number,
            "Strategy": name(strategy),
            "Sends": sends(runs[strategy].policy),
            "Messages sent": turn.sent,
            "Input tokens": turn.tokens_in,
            "Cached input tokens": turn.tokens_cached,
            "Output tokens": turn.tokens_out,
            "Summary calls": sum(call.purpose == "summary" for call in turn.calls),
            "Cost (USD)": str(turn.cost) if turn.cost is not None else None,
            "Estimated": "yes" if turn.estimated else "",
        }
        for strategy in STRATEGIES
        for number, turn in enumerate(runs[strategy].turns, 1)
    ]
