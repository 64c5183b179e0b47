"""The lesson's own demo as it is taught: its five constants and its two curves."""

from pydantic import BaseModel, ConfigDict, Field

from simulation.course import Curve, no_cap, with_cap
from simulation.scenario import MOST_DAYS, MOST_PROMPTS, MOST_TOKENS, MOST_USERS


class Lesson(BaseModel):
    """The constants of the lesson's cell, with its defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    users: int = Field(default=50, ge=1, le=MOST_USERS)
    days: int = Field(default=30, ge=1, le=MOST_DAYS)
    prompts_per_day: int = Field(default=10, ge=1, le=MOST_PROMPTS)
    cap: int = Field(default=50, ge=1, le=10_000)
    """Messages sent at most."""
    tokens_per_message: int = Field(default=500, ge=1, le=MOST_TOKENS)
    price_per_1k: float = Field(default=0.002, ge=0, le=1000)
    """Dollars per 1,000 tokens."""

    @property
    def uncapped(self) -> Curve:
        """Cumulative dollars at the end of each day without a cap, shape (days,)."""
        return no_cap(
            self.users, self.days, self.prompts_per_day, tokens_per_message=self.tokens_per_message, price_per_1k=self.price_per_1k
        )

    @property
    def capped(self) -> Curve:
        """Cumulative dollars at the end of each day with the cap, shape (days,)."""
        return with_cap(
            self.users,
            self.days,
            self.prompts_per_day,
            self.cap,
            tokens_per_message=self.tokens_per_message,
            price_per_1k=self.price_per_1k,
        )
