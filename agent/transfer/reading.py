"""Reading a chat from a file that anybody may have made: the whole of it is checked before anything is done with it.

`read` either returns a conversation that the agent itself could have had, or raises FileRefused, whose sentence says what is wrong and
where. Pure: it stores nothing and takes nothing from the file but what was said, and what that is on record to have cost.
"""

from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from agent.transfer.complaints import FileRefused, FileTooLarge, explained, quoted
from agent.transfer.form import MAX_BYTES, MAX_MESSAGES, AskedTool, ChatFile, PastTurn, Said

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far another machine's clock may be ahead of this one's."""
_BOM = b"\xef\xbb\xbf"


def read(data: bytes, now: datetime, longest_question: int) -> ChatFile:
    """Return the chat that a file holds. A person's own messages may have `longest_question` characters.

    Raises FileRefused for a file that is too large, no JSON, of another format or version, or that holds anything the agent could not
    have written.
    """
    if len(data) > MAX_BYTES:
        raise FileTooLarge(len(data), MAX_BYTES)
    try:
        file = ChatFile.model_validate_json(data.removeprefix(_BOM))
    except ValidationError as error:
        raise explained(error.errors(include_url=False)[0]) from None
    count = sum(len(turn.messages) for turn in file.turns)
    if count > MAX_MESSAGES:
        raise FileRefused(f"the chat has {count:,} messages, and {MAX_MESSAGES:,} are allowed", "Choose a shorter one.")
    _check_time("exported_at", file.exported_at, now)
    for number, turn in enumerate(file.turns, 1):
        _check_times(f"turn {number}", turn, now)
        _check_question(f"turn {number}, message 1", turn.messages[0], longest_question)
        _check_answer(f"turn {number}", turn)
        _check_calls(f"turn {number}", turn, now)
    return file


def _check_time(where: str, value: datetime, now: datetime) -> None:
    if not EARLIEST <= value <= now + AHEAD:
        raise FileRefused(f"{where} is {value.isoformat()}, which is before {EARLIEST.year} or in the future")


def _check_times(where: str, turn: PastTurn, now: datetime) -> None:
    """Raise FileRefused unless the turn's times are in order and in the past."""
    times = {"created_at": turn.created_at, "started_at": turn.started_at, "finished_at": turn.finished_at}
    before: tuple[str, datetime] | None = None
    for name, value in times.items():
        if value is None:
            continue
        _check_time(f"{where}, {name}", value, now)
        if before is not None and value < before[1]:
            raise FileRefused(f"{where} has {name} before {before[0]}")
        before = (name, value)


def _check_question(where: str, question: Said, longest: int) -> None:
    if question.role != "user":
        raise FileRefused(f"{where} has the role {question.role}, and a turn begins with its user message")
    if not question.text.strip():
        raise FileRefused(f"{where} has no text")
    if len(question.text) > longest:
        raise FileRefused(f"{where} has {len(question.text):,} characters, and {longest:,} are allowed for a user message")


def _check_answer(where: str, turn: PastTurn) -> None:
    """Raise FileRefused unless each tool result answers a call of the assistant's message before it, and each call has one."""
    if len(turn.messages) > 1 and turn.started_at is None:
        raise FileRefused(f"{where} has an answer but no started_at")
    waiting: dict[str, AskedTool] = {}
    known: set[str] = set()
    for number, message in enumerate(turn.messages, 1):
        here = f"{where}, message {number}"
        if waiting and message.role != "tool":
            raise FileRefused(f"{here} stands where the result of the tool call {quoted(next(iter(waiting)))} should be")
        if message.role == "tool":
            _check_result(here, message, waiting)
            continue
        _check_spoken(here, message, number)
        for call in message.tool_calls:
            if call.id in known:
                raise FileRefused(f"{here} has a second tool call with the id {quoted(call.id)}")
            known.add(call.id)
            waiting[call.id] = call
    if waiting:
        raise FileRefused(f"{where} lacks the result of the tool call {quoted(next(iter(waiting)))}")


def _check_spoken(here: str, message: Said, number: int) -> None:
    if message.role == "user" and number > 1:
        raise FileRefused(f"{here} is a second user message, and each begins a turn of its own")
    if message.role == "user" and message.tool_calls:
        raise FileRefused(f"{here} is a user message with tool calls")
    if message.tool_call_id is not None or message.tool_name is not None:
        raise FileRefused(f"{here} has a tool_call_id or a tool_name but is no tool result")
    if message.role == "assistant" and not message.text and not message.tool_calls:
        raise FileRefused(f"{here} has neither text nor tool calls")


def _check_result(here: str, message: Said, waiting: dict[str, AskedTool]) -> None:
    """Raise FileRefused unless a tool's result answers one of the calls that wait, which then waits no longer."""
    if message.tool_calls:
        raise FileRefused(f"{here} is a tool result with tool calls")
    call = waiting.pop(message.tool_call_id or "", None)
    if call is None:
        raise FileRefused(f"{here} is the result of no tool call right before it")
    if message.tool_name not in (None, call.name):
        raise FileRefused(f"{here} is a result of {quoted(message.tool_name)}, but {quoted(call.name)} was called")


def _check_calls(where: str, turn: PastTurn, now: datetime) -> None:
    for number, call in enumerate(turn.calls, 1):
        here = f"{where}, model call {number}"
        _check_time(f"{here}, started_at", call.started_at, now)
        if call.tokens_cached > call.tokens_in:
            raise FileRefused(f"{here} has {call.tokens_cached:,} cached tokens of {call.tokens_in:,} in all")
