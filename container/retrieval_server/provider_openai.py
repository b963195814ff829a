"""Answers by any endpoint that speaks OpenAI's chat completions."""

import json
from collections.abc import AsyncGenerator

import httpx2

from retrieval_server.config import ChatConfig
from retrieval_server.provider import ProviderFailed, timed_out

_DATA = "data:"


class OpenAiProvider:
    def __init__(self, config: ChatConfig) -> None:
        self.model = config.model
        self._config = config
        self._client = httpx2.AsyncClient(timeout=config.timeout_seconds)

    async def pieces(
        self, messages: list[dict[str, str]], temperature: float | None, max_tokens: int | None
    ) -> AsyncGenerator[str, None]:
        body = {"model": self.model, "messages": messages, "stream": True}
        options = {"temperature": temperature, "max_tokens": max_tokens}
        body |= {name: value for name, value in options.items() if value is not None}
        headers = {"Authorization": f"Bearer {self._config.api_key}"} if self._config.api_key else {}
        ended = False
        try:
            async with self._client.stream(
                "POST", f"{self._config.url}/chat/completions", json=body, headers=headers
            ) as answer:
                if answer.status_code != 200:
                    raise ProviderFailed(f"the chat provider answered with status {answer.status_code}")
                async for line in answer.aiter_lines():
                    if not line.startswith(_DATA):
                        continue
                    data = line.removeprefix(_DATA).strip()
                    if data == "[DONE]":
                        ended = True
                        break
                    text, finished = _delta(data)
                    ended = ended or finished
                    if text:
                        yield text
        except httpx2.TimeoutException:
            raise timed_out(self._config) from None
        except httpx2.HTTPError as error:
            raise ProviderFailed(f"the chat provider can't be reached ({type(error).__name__})") from None
        if not ended:
            raise ProviderFailed("the chat provider's answer broke off")

    async def close(self) -> None:
        await self._client.aclose()


def _delta(data: str) -> tuple[str, bool]:
    """Text of one chunk, and whether it is the last."""
    try:
        value = json.loads(data)
        if "error" in value:
            raise ProviderFailed("the chat provider reported an error")
        # Usage reports have no choice.
        choice = (value["choices"] or [{}])[0]
        return choice.get("delta", {}).get("content") or "", bool(choice.get("finish_reason"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ProviderFailed("the chat provider's answer is not a chat completion") from None
