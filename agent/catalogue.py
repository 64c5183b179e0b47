"""Naming models without importing one: what is chosen, whose price applies, how large its context window is."""

from dataclasses import dataclass

from agent.memory.promptcache import CacheRules
from storage.settings import Settings

DEMO = "demo"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The model of a turn."""

    name: str
    """`demo`, or provider:model as `init_chat_model` takes it."""
    priced_as: tuple[str, str]
    """Provider and model whose price applies."""

    @property
    def label(self) -> str:
        """The name for a person, saying whose prices are shown where they are not its own."""
        return f"demo model, priced as {self.priced_as[1]}" if self.name == DEMO else self.name.split(":", 1)[-1]


CACHES = {"google_genai": CacheRules(1024, 300.0), "openai": CacheRules(1024, 300.0)}
"""Providers that cache a request's beginning by themselves. Both publish 1,024 tokens as the least (for Gemini 2.5 Flash and for OpenAI);
OpenAI's lives for five to ten minutes, Google does not say how long. https://ai.google.dev/gemini-api/docs/caching,
https://platform.openai.com/docs/guides/prompt-caching"""


def cache_rules(choice: ModelChoice) -> CacheRules | None:
    """Return the rules of the prompt cache that a model's provider keeps unasked; None for none. The demo model simulates one."""
    return CacheRules() if choice.name == DEMO else CACHES.get(split_name(choice.name)[0])


def choose(settings: Settings, own_key: bool) -> ModelChoice:
    """Return the model that a turn uses, given whether the learner brought a key."""
    return choice_of(settings, settings.own_key_model if own_key else settings.model)


def choice_of(settings: Settings, name: str) -> ModelChoice:
    """Return the choice that a model's name stands for."""
    return ModelChoice(name, split_name(settings.priced_as if name == DEMO else name))


def split_name(name: str) -> tuple[str, str]:
    """Return provider and model of a name such as `google_genai:gemini-2.5-flash`; the provider is empty when not given."""
    provider, colon, model = name.partition(":")
    return (provider, model) if colon else ("", name)
