"""One row of the report: what was measured, against what, in the same run."""

import json
import sys


def row(name: str, value: float, unit: str, reference: float | None = None) -> None:
    """Print one JSON object: the value, what it is held against, and their ratio (None where there is nothing to hold it against)."""
    ratio = round(value / reference, 3) if reference else None
    shown = {"name": name, "value": round(value, 4), "unit": unit, "reference": _short(reference), "ratio": ratio}
    sys.stdout.write(json.dumps(shown) + "\n")
    sys.stdout.flush()


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
