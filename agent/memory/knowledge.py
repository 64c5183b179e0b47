"""What a replay cannot work out from token counts: summaries that a policy would write, messages it would recall, their exact weight.

The live agent, the parity test and the lab know the texts and give exact figures. Without them `Guess` takes a summary to be as long
as it may be, and each recalled message to be of this chat's average length.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.memory.context import HEAD_TOKENS, Layout, Quote
from agent.memory.history import History
from agent.memory.policy import MemoryPolicy
from agent.memory.wire import LONGEST_QUOTE

CHARS_A_TOKEN = 4
"""English text has about four characters a token (OpenAI's rule of thumb for cl100k)."""
FOLD_PROMPT_TOKENS = 160
"""About what the summary prompt weighs with its framing."""
LABEL_TOKENS = 7
"""About what the date and the name in front of a quoted message weigh, beyond its own framing."""


@dataclass(frozen=True, slots=True)
class Fold:
    """One summary call and the checkpoint that it wrote."""

    tokens_in: int
    tokens_out: int
    block_tokens: int
    """What the summary adds to the system message."""
    name: Hashable
    """Tells checkpoints apart: the same name is the same text."""
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Recalled:
    """A message that would be quoted; a guessed one has a negative id."""

    id: int
    tokens: int


class Knowledge(Protocol):
    """What is known of the texts of a conversation."""

    def fold(self, start: int, end: int, previous: Fold | None) -> Fold:
        """Return the summary call that folds the messages from place `start` up to `end` into `previous`."""

    def standing(self, folded: int) -> Fold:
        """Return the checkpoint that held the first `folded` messages when the replay began."""

    def hits(self, turn: int, end: int) -> Sequence[Quote]:
        """Return what retrieval finds for the question of turn number `turn`, at place `end - 1`; the most relevant first."""

    def pins(self, turn: int) -> Sequence[Quote]:
        """Return what is always sent."""

    def system(self, turn: int, prompt: int, summary: Fold | None, found: Layout) -> int:
        """Return the tokens of the system message of turn number `turn`; `prompt` is what its prompt alone weighs."""

    def content(self, place: int) -> Hashable:
        """Name what the message at a place says: the same name is the same message to a prompt cache."""

    def wording(self, found: Layout) -> Hashable:
        """Name what is quoted in front of the window: the same name is the same text."""


class Guess:
    """What can be said without the texts."""

    def __init__(self, policy: MemoryPolicy, chat: History) -> None:
        self._policy = policy
        self._chat = chat

    def fold(self, start: int, end: int, previous: Fold | None) -> Fold:
        """Guess a summary of the greatest length allowed."""
        out = self._policy.max_summary_chars // CHARS_A_TOKEN
        before = previous.block_tokens if previous else 0
        text = self._chat.weight(start, end) + (end - start) * LABEL_TOKENS
        return Fold(FOLD_PROMPT_TOKENS + before + text, out, out + HEAD_TOKENS, ("guess", end), estimated=True)

    def standing(self, folded: int) -> Fold:
        """Guess a summary of the greatest length allowed."""
        return self.fold(folded, folded, None)

    def hits(self, turn: int, end: int) -> Sequence[Quote]:
        """Guess as many messages as retrieval may find before the window, each of the chat's average length."""
        earlier = max(0, end - self._policy.retrieval_window)
        if earlier == 0:
            return ()
        average = min(round(self._chat.weight(0, end) / end), LONGEST_QUOTE // CHARS_A_TOKEN) + LABEL_TOKENS
        first = -1 - end * self._policy.retrieval_k  # each question finds others, so that no cache has them
        return [Recalled(first - number, average) for number in range(min(self._policy.retrieval_k, earlier))]

    def pins(self, turn: int) -> Sequence[Quote]:
        """Return nothing: pins are known where there are any."""
        return ()

    def system(self, turn: int, prompt: int, summary: Fold | None, found: Layout) -> int:
        """Return the prompt with what stands behind it, added up."""
        return prompt + (summary.block_tokens if summary else 0) + found.quoted_tokens

    def content(self, place: int) -> Hashable:
        """Take no two messages for alike."""
        return place

    def wording(self, found: Layout) -> Hashable:
        """Name what is quoted by the messages."""
        return found.quoted
