"""LangChain's own standard tests for chat models, unit and integration, on the demo model."""

from __future__ import annotations

from typing import Any, Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage
from langchain_tests.integration_tests import ChatModelIntegrationTests
from langchain_tests.unit_tests import ChatModelUnitTests

from agent.demo.model import DemoChatModel

LONG_ENOUGH_TO_CACHE = "I ate a salad and then I went for a run in the park. " * 120


class TestDemoModelUnit(ChatModelUnitTests):
    """The unit suite."""

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return DemoChatModel

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model_name": "demo"}


class TestDemoModelIntegration(ChatModelIntegrationTests):
    """The integration suite; nothing in it needs a network, the model runs here."""

    @property
    def chat_model_class(self) -> type[BaseChatModel]:
        return DemoChatModel

    @property
    def chat_model_params(self) -> dict[str, Any]:
        return {"model_name": "demo"}

    @property
    def model_override_value(self) -> str:
        return "demo-override"

    @property
    def supported_usage_metadata_details(
        self,
    ) -> dict[
        Literal["invoke", "stream"],
        list[Literal["audio_input", "audio_output", "reasoning_output", "cache_read_input", "cache_creation_input"]],
    ]:
        return {"invoke": ["cache_read_input"], "stream": ["cache_read_input"]}

    def invoke_with_cache_read_input(self, *, stream: bool = False) -> AIMessage:
        model = DemoChatModel()
        messages = [HumanMessage(LONG_ENOUGH_TO_CACHE), AIMessage("Noted."), HumanMessage("hello")]
        model.invoke(messages)
        if not stream:
            return model.invoke(messages)
        full: AIMessageChunk | None = None
        for chunk in model.stream(messages):
            assert isinstance(chunk, AIMessageChunk)
            full = chunk if full is None else full + chunk
        assert full is not None
        return full
