"""Play the month: the curves grow day by day with their running totals, all in the browser, for the front of a class."""

from pages.ui import sim_charts
from pages.ui.sim_charts import Picture
from pages.ui.sim_state import State


def draw(picture: Picture, state: State) -> None:
    """Draw a picture that can be played."""
    sim_charts.draw(picture)
