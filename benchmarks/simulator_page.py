"""How long a slider of the simulator takes to redraw the curve, in a real Chromium, against a bare page of one slider and one chart.

Measured in the browser, from the key press to the frame in which Plotly has drawn other values, with server and browser on two cores.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.browserless import server
from benchmarks.report import row

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

MOVES = 24
PORTS = (8793, 8794)
CORES = 2
WAIT_MS = 30_000
_SETTLE_MS = 3_000
_REST_MS = 250
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_WATCH = """() => {
  window.moves = [];
  const drawn = () => {
    const chart = document.querySelector('.js-plotly-plot');
    if (!chart || !chart._fullData || !chart.querySelector('.scatterlayer path.js-line')) return '';
    return chart._fullData.map((line) => Array.from(line.y).at(-1)).join();
  };
  document.addEventListener('keydown', (event) => {
    if (!event.key.startsWith('Arrow')) return;
    const pressed = performance.now(), before = drawn();
    const look = () => {
      const now = drawn();
      if (now && now !== before) window.moves.push(performance.now() - pressed);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
}"""


def redraw() -> None:
    """Print the median wait for a redrawn curve, in the lesson's view and in the real one."""
    from playwright.sync_api import sync_playwright  # of requirements-dev.txt; the other measurements do without

    with (
        tempfile.TemporaryDirectory() as folder,
        _two_cores(),
        server("app.py", PORTS[0], {"TIDELINE_DB": str(Path(folder) / "tideline.db")}) as ours,
        server("benchmarks/bare_app.py", PORTS[1], {"BARE_PAGE": "bare_chart.py"}) as bare,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=_browser())
        _measure(chromium.new_page(viewport={"width": 1440, "height": 900}), ours.port, bare.port)
        chromium.close()


def _measure(page: "Page", ours: int, bare: int) -> None:
    """Print what each slider takes; the bare page is measured before and after, because a machine's load changes."""
    page.set_default_timeout(WAIT_MS)
    reference = _bare(page, bare)
    _log_in(page, ours)
    found: dict[str, float] = {}
    for view, slider in (("taught", "users"), ("taught", "cap"), ("real", "cap")):
        page.goto(f"http://127.0.0.1:{ours}/simulator?slot=alice&view={view}")
        knob = page.locator(f"[class*='st-key-sim_step_{slider}_']").get_by_role("slider")
        found[f"simulator, {view}: key on the {slider} slider to redrawn curve, median of {MOVES}"] = statistics.median(_waits(page, knob))
    reference += _bare(page, bare)
    for name, waited in found.items():
        row(name, waited, "ms", statistics.median(reference))


def _bare(page: "Page", port: int) -> list[float]:
    page.goto(f"http://127.0.0.1:{port}/")
    return _waits(page, page.get_by_role("slider"))


def _waits(page: "Page", slider: "Locator") -> list[float]:
    page.wait_for_selector(".js-plotly-plot .scatterlayer path.js-line")
    page.wait_for_timeout(_SETTLE_MS)
    page.evaluate(_WATCH)
    slider.focus()
    for move in range(MOVES):
        page.keyboard.press("ArrowRight" if move // 4 % 2 == 0 else "ArrowLeft")
        page.wait_for_function(f"window.moves.length > {move}")
        page.wait_for_timeout(_REST_MS)
    waits: list[float] = page.evaluate("window.moves")
    return waits


def _log_in(page: "Page", port: int) -> None:
    page.goto(f"http://127.0.0.1:{port}/")
    page.locator(".st-key-demo_alice").get_by_role("button").click()
    page.locator(".st-key-places").get_by_role("link", name="Alice").wait_for()


@contextmanager
def _two_cores() -> Iterator[None]:
    """Keep this process and what it starts on two cores, where the system can (Linux)."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[-CORES:]))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _browser() -> str | None:
    return next((found for name in _BROWSERS if (found := shutil.which(name))), None)
