"""What the instructor page says: the class's tokens and cost in all, over time and by person. Names and numbers, never a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlite_utils import Database

from pages.ui import colours
from pages.ui.charts import Cell, Chart, Series
from pages.ui.formats import UNKNOWN, UNPRICED, as_markdown, moment, money, tokens
from pages.ui.my_usage import cost_of
from pages.ui.savings import ABOUT
from storage import counterfactuals, usage
from storage.counterfactuals import UNCAPPED, Compared, Sum
from storage.records import Totals
from storage.usage import CurvePoint, UserUsage

WINDOWS = {"Last hour": (3_600, 15), "Last day": (86_400, 300), "Last 30 days": (30 * 86_400, 7_200)}
"""Seconds back from now, and seconds in one step of the curve."""
ACTIVE = timedelta(minutes=5)
RANKED = 12


@dataclass(frozen=True, slots=True)
class Report:
    """The class as it is now."""

    totals: Totals
    people: Sequence[UserUsage]
    curve: Sequence[CurvePoint]
    start: datetime
    now: datetime
    uncapped: Sum | None = None
    """What the full history would have cost."""
    compared: Compared | None = None
    """What the same replies have cost."""


def read(db: Database, instructor_id: str, window: str, now: datetime) -> Report:
    """Read the report; it is empty unless `instructor_id` is an instructor. The curve begins at a whole step, so that it stands still."""
    back, step = WINDOWS[window]
    whole = now.timestamp() // step * step
    start = datetime.fromtimestamp(whole - back, now.tzinfo)
    curve = usage.class_curve(db, instructor_id, since=start, bucket_seconds=step)
    full = counterfactuals.class_sums(db, instructor_id).get(UNCAPPED)
    people, same = usage.class_by_user(db, instructor_id), counterfactuals.class_compared(db, instructor_id)
    return Report(usage.class_totals(db, instructor_id), people, curve, start, now, full, same)


def numbers(report: Report) -> dict[str, str]:
    """Return the six numbers on top."""
    learners = [person for person in report.people if person.role == "learner"]
    active = sum(person.last_at is not None and report.now - person.last_at < ACTIVE for person in learners)
    replies = report.totals.turns
    return {
        "Learners": f"{len(learners):,}",
        "Active now": f"{active:,}",
        "Replies": f"{replies:,}",
        "Tokens": tokens(report.totals.tokens_in + report.totals.tokens_out),
        "Class total": cost_of(report.totals).replace("$", "\\$"),
        "Saved": saved(report).replace("$", "\\$"),
    }


def saved(report: Report) -> str:
    """Return what the caps saved against the full history; ≈ where it rests on a guess or some replies are not compared."""
    full, same = report.uncapped, report.compared
    if full is None or same is None or not same.turns:
        return UNKNOWN
    if same.unpriced_calls or full.unpriced_turns:
        return UNPRICED
    return (ABOUT if full.estimated_turns or same.turns != report.totals.turns else "") + money(full.cost - same.cost)


def curve_chart(report: Report, window: str, zone: tzinfo) -> Chart:
    """Return what the class has spent in the window, adding up."""
    total = report.curve[-1]
    points = [(point.at.astimezone(zone), point) for point in report.curve]
    times = [report.start.astimezone(zone), *(at for at, _ in points)]
    hover = ["", *(f"{at:%H:%M:%S}: {money(point.cost)}, {tokens(point.tokens)} tokens" for at, point in points)]
    table: list[dict[str, Cell]] = [
        {"Until": at.isoformat(), "Cost (USD)": str(point.cost), "Tokens": point.tokens} for at, point in points
    ]
    finding = f"{window}: the class spent {money(total.cost)} on {tokens(total.tokens)} tokens".replace("$", "\\$")
    spent = Series("Spent", _local(times), [0.0, *(float(point.cost) for point in report.curve)], hover, colours.CAPPED)
    return Chart("class_curve", finding, "Time", "Cost so far (US dollars)", [spent], table, y_prefix="$")


def people_chart(report: Report) -> Chart:
    """Return who has cost how much, the dearest first."""
    spenders = [person for person in report.people if person.totals.turns][:RANKED]
    names = [f"{person.display_name} ({person.username})" for person in spenders]
    costs = [float(person.totals.cost) for person in spenders]
    most = "is the only one who has spent" if len(spenders) == 1 else f"has spent most of {len(spenders)} people"
    finding = f"{as_markdown(spenders[0].display_name)} {most}"
    bar = Series("Spent", names, costs, [cost_of(person.totals) for person in spenders], colours.CAPPED)
    return Chart("class_people", finding, "", "Cost (US dollars)", [bar], [_row(person) for person in report.people], y_prefix="$")


def people_rows(report: Report, zone: tzinfo) -> list[dict[str, Cell]]:
    """Return the table of people, as text."""
    return [
        {
            "Name": as_markdown(person.display_name),
            "Username": as_markdown(person.username),
            "Replies": f"{person.totals.turns:,}",
            "Input": tokens(person.totals.tokens_in),
            "Output": tokens(person.totals.tokens_out),
            "Cost": cost_of(person.totals).replace("$", "\\$"),
            "Last active": moment(person.last_at, zone) if person.last_at else "never",
        }
        for person in report.people
        if person.role == "learner" or person.totals.turns
    ]


def _local(times: Sequence[datetime]) -> list[datetime]:
    """Return wall-clock times: a chart would turn instants with a zone back into UTC."""
    return [time.replace(tzinfo=None) for time in times]


def _row(person: UserUsage) -> dict[str, Cell]:
    return {
        "Name": person.display_name,
        "Username": person.username,
        "Replies": person.totals.turns,
        "Input tokens": person.totals.tokens_in,
        "Output tokens": person.totals.tokens_out,
        "Cost (USD)": str(person.totals.cost),
        "Unpriced calls": person.totals.unpriced_calls,
    }
