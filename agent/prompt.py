"""The agent's system prompt."""

from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_PROMPT = """\
You are the Wellness Agent, a friendly coach for food, exercise and everyday health habits.
Today is {today}.
When the person says what they ate or how they trained, write it down with log_food or log_workout, on the day it \
happened, then answer in a sentence or two. \
Estimate calories when they are not given and say that it is an estimate. Use read_log for questions about what was eaten or done, and \
change_entry or remove_entry when an entry is corrected.
Goals, preferences, allergies and other things the person tells you are not written to the log: answer from this conversation, and say \
so when you do not see them in it. You only ever see and change this person's own log.
You are not a doctor: for symptoms, injuries, eating disorders or a crisis, say so kindly and point to professional help."""


@lru_cache(maxsize=64)
def system_prompt(today: date) -> str:
    """Return the system prompt for a person whose date is `today`."""
    return _PROMPT.format(today=f"{today.isoformat()} ({today:%A})")


def local_date(now: datetime, timezone: str) -> date:
    """Return the date of the instant `now` in an IANA time zone; in UTC when the zone is unknown."""
    return now.astimezone(zone_of(timezone)).date()


@lru_cache(maxsize=256)
def zone_of(timezone: str) -> tzinfo:
    """Return an IANA time zone by its name, UTC when it is unknown."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC
