"""Chat providers: who words an answer from the passages that were found."""

from collections.abc import AsyncGenerator
from typing import Protocol

from retrieval_server.config import ChatConfig


class ProviderFailed(Exception):
    """The provider answered with an error, with something else than an answer, or not at all."""


class ProviderTimeout(Exception):
    """The provider did not answer in time."""


class Provider(Protocol):
    model: str

    def pieces(
        self, messages: list[dict[str, str]], temperature: float | None, max_tokens: int | None
    ) -> AsyncGenerator[str, None]:
        """The answer to messages ({"role": "system" | "user" | "assistant", "content"}), as it comes.

        Raises:
            ProviderFailed, ProviderTimeout
        """

    async def close(self) -> None: ...


def make_provider(config: ChatConfig) -> Provider:
    """The provider that is configured, which is not `extractive`. Imported here: none is on the start path."""
    if config.provider == "openai":
        from retrieval_server.provider_openai import OpenAiProvider

        return OpenAiProvider(config)
    from retrieval_server.provider_bedrock import BedrockProvider

    return BedrockProvider(config)


def timed_out(config: ChatConfig) -> ProviderTimeout:
    return ProviderTimeout(f"the chat provider did not answer within {config.timeout_seconds:g} s")
