"""The time of day that somebody told with a meal or a workout: the log keeps days only, the message may still say 'at 7 pm'."""

from __future__ import annotations

import re

from agent.demo.memory import Memory, stems

CLOCK = re.compile(
    r"\b(?:at|around|about|by|@) (?:about |around |like )?(?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b\.?| o'?clock)?|noon|midday"
    r"|midnight|half (?:past )?\w+"
    r"|(?:a )?quarter (?:to|past) \w+|(?:\w+ (?:minutes )?(?:to|past) )?\w+ o'?clock|(?:one|two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve)\b"
    r"(?: thirty| fifteen| forty-five)?)|\b\d{1,2}(?:[:.]\d\d)? ?[ap]m\b",
    re.IGNORECASE,
)


def clock_of(name: str, memory: Memory) -> str:
    """' At 7 pm, as you told me ...' for what the log holds without a time; '' where no message tells one."""
    for line in reversed(memory.lines):
        if stems(name) & stems(line.text) and not line.text.rstrip().endswith("?") and CLOCK.search(line.text):
            return f' The log keeps no time of day, but {memory.source(line)}: "{line.text.strip()[:160]}"'
    return ""
