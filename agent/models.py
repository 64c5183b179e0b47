"""Which chat model a turn uses: the demo model, the class's, or one with the learner's own key. Built when first needed, then kept.

Importing this module imports LangChain; see agent.loop.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from agent.catalogue import DEMO, ModelChoice, split_name
from agent.errors import ModelUnavailable
from agent.keys import OwnKey
from agent.loop import AgentLoop
from agent.pricing import price_call
from agent.tools import TOOLS
from storage.settings import Settings

Build = Callable[[Settings, ModelChoice, SecretStr | None], BaseChatModel]


class Models:
    """The agents of one process: one for each model in use, and one for each learner's own key."""

    def __init__(self, settings: Settings, build: Build | None = None) -> None:
        self._settings = settings
        self._build = build or build_model
        self._loops: dict[str, AgentLoop] = {}
        self._open: list[AgentLoop] = []
        self._lock = threading.Lock()

    def ready(self, choice: ModelChoice, own_key: OwnKey | None) -> AgentLoop | None:
        """Return the agent if it is built already; never waits."""
        found = own_key.agent if own_key else self._loops.get(choice.name)
        return found if isinstance(found, AgentLoop) else None

    def build(self, choice: ModelChoice, own_key: OwnKey | None) -> AgentLoop:
        """Return the agent, building it first when needed (up to 0.1 s, so not on the runner's loop).

        Raises ModelUnavailable, with a sentence that says what is missing.
        """
        with self._lock:
            found = self.ready(choice, own_key)
            if found is None:
                found = AgentLoop(self._build(self._settings, choice, own_key.secret if own_key else None))
                self._open.append(found)
                if own_key:
                    own_key.agent = found
                else:
                    self._loops[choice.name] = found
            return found

    async def retire(self, own_key: OwnKey) -> None:
        """Close the agent that was built with a key which is not used any more."""
        if isinstance(own_key.agent, AgentLoop):
            self._open.remove(own_key.agent)
            await own_key.agent.aclose()
            own_key.agent = None

    async def aclose(self) -> None:
        """Close every agent's connections."""
        for loop in self._open:
            await loop.aclose()
        self._open.clear()


def build_model(settings: Settings, choice: ModelChoice, own_key: SecretStr | None) -> BaseChatModel:
    """Return a new chat model. Raises ModelUnavailable when a package or key is missing or the name is not known."""
    if choice.name == DEMO:
        return _demo(settings)
    if split_name(choice.name)[0] == "google_genai":
        return _gemini(settings, choice, own_key or settings.google_api_key)
    try:
        if own_key is None:
            return init_chat_model(choice.name, max_retries=0)
        return init_chat_model(choice.name, max_retries=0, api_key=own_key.get_secret_value())
    except ImportError as error:
        raise ModelUnavailable(missing_package(choice.name, error)) from error
    except Exception as error:
        raise ModelUnavailable(
            f"The model {choice.name} could not be set up ({type(error).__name__}). Check TIDELINE_MODEL and the provider's key."
        ) from error


def _demo(settings: Settings) -> BaseChatModel:
    from agent.demo.faults import Fault
    from agent.demo.model import DemoChatModel

    return DemoChatModel(
        priced_as=settings.priced_as,
        first_token_s=settings.demo_first_token_s,
        seconds_per_word=settings.demo_seconds_per_word,
        spread=settings.demo_spread,
        seconds_per_1k_tokens=settings.demo_seconds_per_1k_tokens,
        seed=settings.demo_seed,
        faults=Fault(kind=settings.demo_fault, seed=settings.demo_seed) if settings.demo_fault else None,
    )


def _gemini(settings: Settings, choice: ModelChoice, key: SecretStr | None) -> BaseChatModel:
    if key is None or not key.get_secret_value().strip():
        raise ModelUnavailable(
            f"The model {choice.name} needs a key. Set GOOGLE_API_KEY and start again, or give your own key on the account page."
        )
    from langchain_google_genai import ChatGoogleGenerativeAI

    return ChatGoogleGenerativeAI(
        model=split_name(choice.name)[1],
        google_api_key=key,
        base_url=settings.gemini_base_url,
        temperature=0.4,
        max_retries=1,  # attempts, not repeats: the guard is the one layer that retries
        timeout=settings.turn_deadline_s,
    )


def missing_package(name: str, error: ImportError) -> str:
    """Return what to say of a model whose package is not installed: LangChain's error names it."""
    package = str(error).split("`pip install ")[-1].split("`")[0] if "`pip install " in str(error) else ""
    remedy = f"Install it with `pip install {package}` and start again." if package else "Install it and start again."
    what = f"the package {package}" if package else "a package that is not installed"
    return f"The model {name} needs {what}. {remedy}"


def preload() -> None:
    """Import and warm what the first turns would otherwise wait for: the demo model reads its tables and rules when it first needs them."""
    from agent.demo.model import DemoChatModel

    demo = DemoChatModel().bind_tools(list(TOOLS))
    for text in ("I ate a salad and went for a run", "I'm vegan. What did I say about my diet?", "How much was that?"):
        demo.invoke(text)
    price_call("google", "gemini-2.5-flash", 1, 0, 1, datetime(2026, 1, 1, tzinfo=UTC))
