"""What the capacity panel says: its findings, its tables' rows, and what each control means. Pure text."""

from collections.abc import Mapping

import numpy as np

from pages.ui.charts import Cell
from pages.ui.formats import MINUS, UNKNOWN, count, seconds
from pages.ui.sim_capacity_runs import Burst, Steady, first_word
from simulation.capacity import QUICK_S, Capacity, Limit, Pace, Quota, Turn
from simulation.erlang import Queue
from simulation.waiting import Floats, Run, mean_within

Row = Mapping[str, Cell]


def span(number: float) -> str:
    """Return a time as people say it: `0.8 s`, `2 min 5 s`, and hours where there are many."""
    if number >= 2 * 3600:
        return f"{number / 3600:,.1f} h"
    return seconds(round(number * 1000)) if number >= 0.005 else "0 s"


def amount(number: float) -> str:
    """Return a number that need not be whole: two digits below ten, then `13.4`, `1,234`, `12.3k`, `1.23M`, and so on."""
    if number < 0.995:
        return f"{number:.2g}"
    if number < 99.95:
        return f"{number:.1f}".removesuffix(".0")
    if number < 9_999.5:
        return f"{number:,.0f}"
    if number < 999_950:
        return f"{number / 1e3:.1f}".removesuffix(".0") + "k"
    if number < 999_995_000:
        return f"{number / 1e6:.2f}".rstrip("0").rstrip(".") + "M"
    return f"{number / 1e9:,.2f}".rstrip("0").rstrip(".") + "G" if number < 1e13 else _power(number)


def _power(number: float) -> str:
    digits, _, zeros = f"{number:.0e}".partition("e+")
    return f"{digits} \N{MULTIPLICATION SIGN} 10{zeros.translate(_RAISED)}"


def steady_finding(answer: Capacity) -> str:
    """Return what these workers mean for a load that goes on."""
    within, people = answer.first_word_s(0.95), count(answer.workers, "worker")
    if within is None:
        return growth(answer)
    if answer.least_quick is None:
        return f"No number of workers is enough: the model alone takes {span(answer.speed.first_s)} to the first word"
    if within <= QUICK_S:
        spare = answer.workers - answer.least_quick
        rest = "none could be spared" if spare == 0 else f"{answer.least_quick:,} would be enough"
        return f"With {people}, 95% see the first word within {span(within)}: {rest}"
    return f"With {people}, 95% see the first word only within {span(within)}: {answer.least_quick:,} would keep it under 3 s"


def growth(answer: Capacity) -> str:
    """Return by how much the queue grows, and what it is that cannot keep up."""
    more = amount(answer.growth_per_minute or 0)
    grows = f"The queue grows by {more} {'message' if more == '1' else 'messages'} a minute"
    binding = answer.binding
    if binding.name == "workers":
        return f"{grows}: more arrive than {count(answer.workers, 'worker')} can answer"
    through = f"the quota of {_QUOTAS[binding.name]} a minute lets {amount(binding.most_per_minute)} through"
    return f"{grows}: {amount(60 * answer.turns_per_s)} arrive, {through}, and more workers do not help"


def burst_finding(found: Burst, speed: Pace, workers: int) -> str:
    """Return what these workers mean when everybody asks at once."""
    people, within = count(found.people, "person", "people"), first_word(found.waits, speed)
    if within <= QUICK_S:
        return f"{people} press Enter within 10 s: with {count(workers, 'worker')}, 95% see the first word within {span(within)}"
    last = f"the last of {people} waits {span(found.last_s)}"
    if found.needed is not None:
        return f"With {count(workers, 'worker')}, {last}: {found.needed:,} would keep the first word under 3 s"
    why = "the quota holds them up" if speed.first_s <= QUICK_S else f"the model alone takes {span(speed.first_s)}"
    return f"With {count(workers, 'worker')}, {last}, and more workers are not enough: {why}"


def hour_finding(shown_s: float, longest: float, worst_s: float, *, grows: bool) -> str:
    """Return what the run's queue shows: its greatest length and the longest wait in the time that is shown."""
    when, most = f"In {_about(shown_s)} of the run", count(round(longest), "message")
    if grows:
        return f"{when}, the queue reaches {most} and does not come down again"
    if longest == 0:
        return f"{when}, nobody waits"
    return f"{when}, at most {most} {'waits' if round(longest) == 1 else 'wait'} at a time, none longer than {span(worst_s)}"


def queue_finding(run: Run, longest: float, of: int) -> str:
    """Return how long the queue of one burst becomes and when it is over; `of` is how many such runs there were."""
    which = "" if of == 1 else f"In one of {of} runs, "
    if longest == 0:
        return f"{which}nobody waits" if which else "Nobody waits"
    most = count(round(longest), "message")
    said = f"{which}up to {most} {'waits' if round(longest) == 1 else 'wait'}; the queue is gone after {span(float(run.starts.max()))}"
    return said[:1].upper() + said[1:]


def limit_rows(answer: Capacity, quota: Quota) -> list[Row]:
    """Return the rows that say which limit binds: what is asked for, what there is, and how much of it is used."""
    given = {each.name: each for each in answer.limits}
    rows = (
        ("Workers", given["workers"], amount(answer.in_flight), f"{answer.workers:,}"),
        ("Requests a minute", given.get("requests"), amount(answer.requests_per_minute), _most(quota.requests_per_minute)),
        ("Tokens a minute", given.get("tokens"), amount(answer.tokens_per_minute), _most(quota.tokens_per_minute)),
    )
    return [_limit_row(name, limit, asked, most, answer) for name, limit, asked, most in rows]


def steady_rows(answer: Capacity, found: Queue, runs: Steady) -> list[Row]:
    """Return formula and run side by side, with their difference, and what the quota adds where it does."""
    plain, full = runs.plain, runs.full
    figures = (
        ("Wait, mean", found.mean_wait_s, plain.waits.mean(), full.waits.mean()),
        ("Wait, 95% at most", found.wait_s(0.95), _p95(plain.waits), _p95(full.waits)),
        ("Last word, 50% within", found.response_s(0.5), np.quantile(plain.responses, 0.5), np.quantile(full.responses, 0.5)),
        ("Last word, 95% within", found.response_s(0.95), _p95(plain.responses), _p95(full.responses)),
    )
    rows: list[Row] = [_row(name, formula, float(run), float(quota) if full.held else None) for name, formula, run, quota in figures]
    waited = [float((run.waits > 0).mean()) for run in (plain, full)]
    more = {"With the quota": f"{100 * waited[1]:.1f}%"} if full.held else {}
    change = 100 * (waited[0] - found.waits)
    points = _signed(f"{change:+.1f} points") if abs(change) >= 0.05 else "0 points"
    first = {"": "Has to wait", "Formula": f"{100 * found.waits:.1f}%", "Run": f"{100 * waited[0]:.1f}%"}
    return [{**first, "Difference": points, **more}, *rows]


def steady_note(answer: Capacity, runs: Steady) -> str:
    """Return how far the run can be trusted, and what the quota did in it."""
    mean, within = mean_within(runs.plain.waits)
    held, of = runs.full.held, len(runs.full.arrivals)
    quota = f" The quota held up {held:,} of {of:,}." if held else ""
    return (
        f"{len(runs.plain.waits):,} messages, the same ones each time. By chance its mean wait may be off by {span(within)} either way."
        f"{quota} Model: messages come at random, replies take {span(answer.speed.turn_s)} on average and vary as an exponential."
        if mean
        else f"{len(runs.plain.waits):,} messages, the same ones each time; none of them had to wait.{quota}"
    )


def burst_rows(found: Burst) -> list[Row]:
    """Return what one would work out by hand beside the runs, with the difference."""
    hand, ran = found.by_hand, found.waits
    pairs = (
        ("Wait, mean", hand.mean(), ran.mean()),
        ("Wait, 95% at most", _p95(hand), _p95(ran)),
        ("Wait, the last", hand.max(), found.last_s),
    )
    return [_row(name, float(formula), float(run), None, "By hand") for name, formula, run in pairs]


def burst_note(found: Burst, each: Turn, speed: Pace, quota: Quota) -> str:
    """Return what working it out by hand leaves out, and how many people the quota lets through at once."""
    limits = (
        ("requests", quota.requests_per_minute, each.requests),
        ("tokens", quota.tokens_per_minute, each.tokens_in),
    )
    through = [(int(most / share), name) for name, most, share in limits if most is not None and share > 0]
    few, name = min(through, default=(found.people, ""))
    held = f"The quota of {name} a minute lets {few:,} through at once; the others wait for it to refill. " if few < found.people else ""
    return (
        f"{held}By hand: people come evenly, every reply takes exactly {span(speed.turn_s)}, and the workers take the next as soon as they "
        f"can. The run lets both vary{'' if len(found.runs) == 1 else f', and is the mean of {len(found.runs)} such bursts'}."
    )


def _row(name: str, formula: float, run: float, quota: float | None, head: str = "Formula") -> Row:
    share = f" ({100 * (run / formula - 1):+.0f}%)" if formula >= 0.01 else ""
    more = {} if quota is None else {"With the quota": span(quota)}
    apart = span(abs(run - formula))
    change = apart if apart == "0 s" else _signed(f"{'+' if run > formula else '-'}{apart}{share}")
    return {"": name, head: span(formula), "Run": span(run), "Difference": change, **more}


def _limit_row(name: str, limit: Limit | None, asked: str, most: str, answer: Capacity) -> Row:
    used = UNKNOWN if limit is None else _share(limit.used)
    through = UNKNOWN if limit is None else f"{amount(limit.most_per_minute)} a minute"
    binds = limit is not None and limit == answer.binding
    return {
        "Limit": f"**{name}**: binds first" if binds else name,
        "Asked for": asked,
        "There is": most,
        "Used": f"**{used}**" if binds else used,
        "Lets through": through,
    }


def _share(used: float) -> str:
    return f"{amount(100 * used)}%" if used < 10 else f"{amount(used)} times"


def _about(shown_s: float) -> str:
    return span(shown_s) if shown_s < 120 else ("an hour" if shown_s >= 3599 else f"{shown_s / 60:.0f} minutes")


def _most(limit: int | None) -> str:
    return "no limit" if limit is None else amount(limit)


def _p95(values: Floats) -> float:
    return float(np.quantile(values, 0.95))


def _signed(text: str) -> str:
    return text.replace("-", MINUS)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_QUOTAS = {"requests": "requests", "tokens": "tokens"}
