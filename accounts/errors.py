"""Why somebody was not let in. Every refusal carries one sentence that may be shown as it is."""


class AccountError(Exception):
    """A refusal; `sentence` says what happened and what to do, and never whether a username exists."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class WrongCredentials(AccountError):
    """The name and the password do not belong together; which of them is wrong is not told."""

    def __init__(self) -> None:
        super().__init__("Username or password is wrong. Check both and try again.")


class LockedOut(AccountError):
    """Too many attempts; the lock ends by itself after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many attempts. Wait {_duration(retry_after)}, then try again.")
        self.retry_after = retry_after


class Busy(AccountError):
    """So many password checks wait (`waiting`) that another would take too long; or the server is stopping."""

    def __init__(self, waiting: int) -> None:
        why = f"{waiting} people are waiting to log in" if waiting > 1 else "The server is stopping"
        super().__init__(f"{why}. Wait half a minute, then try again.")
        self.waiting = waiting


class RegistrationRefused(AccountError):
    """An account was not made."""


class PasswordRefused(AccountError):
    """A new password breaks the rules."""


class DemoNotOffered(AccountError):
    """Demo accounts are not offered to this request, or there is none of this name."""

    def __init__(self) -> None:
        super().__init__("This demo account is not offered here. Log in with your own username and password.")


class TicketRefused(AccountError):
    """A one-time login ticket is unknown, used or expired."""

    def __init__(self) -> None:
        super().__init__("This login link was used already or is too old. Log in again.")


class NotInstructor(AccountError):
    """Only an instructor may do this."""

    def __init__(self) -> None:
        super().__init__("Only the instructor can do this. Log in as the instructor.")


def _duration(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} {'second' if seconds == 1 else 'seconds'}"
    return f"{-(-seconds // 60)} minutes"
