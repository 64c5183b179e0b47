"""The simulator's first view: the lesson's two curves, exactly as they are taught, and where the cap has saved half."""

from collections.abc import Callable, Mapping

from pages.ui import colours, sim_keep, sim_play, sim_words
from pages.ui.charts import Cell
from pages.ui.colours import Colour
from pages.ui.sim_charts import Floats, Line, Mark, Picture
from pages.ui.sim_state import State, lesson
from pages.ui.sim_words import about, dollars
from simulation.course import first_saved
from simulation.lesson import Lesson


def draw(state: State) -> None:
    """Draw the curves, what they say, and the lesson's last line to the cent."""
    demo = lesson(state)
    drawn = picture(demo, state)
    sim_play.draw(drawn, state)
    whole, less = float(demo.uncapped[-1]), float(demo.capped[-1])
    share = f" ({100 * (whole - less) / whole:.1f}%)" if whole > 0 else ""
    cells = {"No cap": dollars(whole), f"With cap ({demo.cap:,} messages)": dollars(less), "Saved": dollars(whole - less) + share}
    sim_keep.says(drawn.finding, cells)
    sim_keep.behind(drawn, state)


def picture(demo: Lesson, state: State) -> Picture:
    """Return the lesson's two curves, with those that were kept."""
    place = first_saved(demo.uncapped, demo.capped)
    marks = (
        ()
        if place is None
        else (Mark(place, f"half saved from day {place + 1:,}", float(demo.capped[place]), float(demo.uncapped[place])),)
    )
    kept = {each.name: lesson(each.state).capped for each in state.kept}
    return Picture(
        "sim_curve",
        sim_words.lesson_finding(demo),
        "Day",
        "Cost so far (US dollars)",
        [*(sim_keep.line(place, name, values) for place, (name, values) in enumerate(kept.items())), *_lines(demo)],
        lambda: sim_keep.rows(_rows(demo), kept, " (USD)", 2),
        marks,
        log=state["axis"] == "log",
        large=state.on("projector"),
    )


def _lines(demo: Lesson) -> list[Line]:
    sent = demo.prompts_per_day

    def without(place: int) -> str:
        more = f"A prompt of this day sends up to {(place + 2) * sent:,} messages."
        return f"Day {place + 1:,}, no cap: {dollars(float(demo.uncapped[place]))} so far.<br>{more}"

    def capped(place: int) -> str:
        more = f"A prompt of this day sends {min(demo.cap, (place + 1) * sent):,} messages."
        return f"Day {place + 1:,}, cap of {demo.cap:,}: {dollars(float(demo.capped[place]))} so far.<br>{more}"

    return [
        _line("No cap", demo.uncapped, without, colours.UNCAPPED, "7px,6px"),
        _line(f"Cap of {demo.cap:,}:", demo.capped, capped, colours.CAPPED, "solid"),
    ]


def _line(name: str, values: Floats, hover: Callable[[int], str], colour: Colour, dash: str) -> Line:
    def value(place: int) -> str:
        return about(float(values[place]))

    return Line(name, f"{name} {value(len(values) - 1)}", values, hover, colour, dash, value=value)


def _rows(demo: Lesson) -> list[Mapping[str, Cell]]:
    rows: list[Mapping[str, Cell]] = []
    for day, (whole, less) in enumerate(zip(demo.uncapped.tolist(), demo.capped.tolist(), strict=True), 1):
        share = f"{100 * (whole - less) / whole:.1f}" if whole > 0 else None
        rows.append({"Day": day, "No cap (USD)": f"{whole:.2f}", f"Cap of {demo.cap} (USD)": f"{less:.2f}", "Saved (%)": share})
    return rows
