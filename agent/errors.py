"""Why a turn is refused or fails, each with the numbers as fields and one sentence for the person: what happened, what to do."""


class Refused(Exception):
    """A request was not taken. Nothing was stored and nothing was billed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class EmptyMessage(Refused):
    """There is no text to answer."""

    def __init__(self) -> None:
        super().__init__("There is nothing to send yet. Type a message first.")


class MessageTooLong(Refused):
    """The text is over the limit for one message."""

    def __init__(self, actual: int, limit: int) -> None:
        super().__init__(f"This message has {actual:,} characters; {limit:,} are allowed. Shorten it or send it in parts.")
        self.actual = actual
        self.limit = limit


class ChatNotFound(Refused):
    """The chat is deleted, unknown, or somebody else's."""

    def __init__(self) -> None:
        super().__init__("This chat is not here any more. Open another one or start a new chat.")


class TurnNotFound(Refused):
    """The turn is unknown or somebody else's."""

    def __init__(self) -> None:
        super().__init__("This answer is not here any more. Open the chat again.")


class QueueFull(Refused):
    """The chat's queue has no room."""

    def __init__(self, waiting: int, limit: int) -> None:
        super().__init__(
            f"{waiting} messages are already waiting in this chat, and {limit} may wait. Send this one when an answer is done."
        )
        self.waiting = waiting
        self.limit = limit


class NotRunning(Refused):
    """The runner is not started or is being stopped."""

    def __init__(self) -> None:
        super().__init__("Tideline is shutting down. Your message was not sent; send it again in a moment.")


class ModelUnavailable(Refused):
    """The chosen model cannot be used: a missing package, a missing key, an unknown name."""


class LimitReached(Exception):
    """A hard limit of a turn bit."""

    def __init__(self, name: str, actual: float, limit: float, sentence: str) -> None:
        super().__init__(f"{name}: {actual} of {limit}")
        self.name = name
        self.actual = actual
        self.limit = limit
        self.sentence = sentence
