"""Answers by Amazon Bedrock's Converse API, with the credentials of the environment."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator

import botocore.session
from botocore.config import Config as ClientConfig
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EventStreamError, ReadTimeoutError

from retrieval_server.config import ChatConfig
from retrieval_server.provider import ProviderFailed, ProviderTimeout, timed_out

_TIMEOUT_CODE = "ModelTimeoutException"
_END = object()


class BedrockProvider:
    def __init__(self, config: ChatConfig) -> None:
        self.model = config.model
        self._config = config
        settings = ClientConfig(
            connect_timeout=config.timeout_seconds,
            read_timeout=config.timeout_seconds,
            # A repeat would take longer than the caller waits.
            retries={"total_max_attempts": 1},
        )
        self._client = botocore.session.get_session().create_client("bedrock-runtime", config=settings)

    async def pieces(
        self, messages: list[dict[str, str]], temperature: float | None, max_tokens: int | None
    ) -> AsyncGenerator[str, None]:
        """The SDK blocks, so it runs in a thread of its own, which ends when the caller leaves."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[object] = asyncio.Queue()
        left = threading.Event()

        def send(item: object) -> None:
            # The loop may be closed when the answer comes after the end of the server.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def work() -> None:
            try:
                answer = self._client.converse_stream(**self._request(messages, temperature, max_tokens))
                with contextlib.closing(answer["stream"]) as stream:
                    for event in stream:
                        if left.is_set():
                            return
                        text = event.get("contentBlockDelta", {}).get("delta", {}).get("text")
                        if text:
                            send(text)
                send(_END)
            except Exception as error:
                send(self._translated(error))

        threading.Thread(target=work, name="bedrock", daemon=True).start()
        try:
            while (item := await queue.get()) is not _END:
                if isinstance(item, Exception):
                    raise item
                yield str(item)
        finally:
            left.set()

    def _request(self, messages: list[dict[str, str]], temperature: float | None, max_tokens: int | None) -> dict:
        options = {"temperature": temperature, "maxTokens": max_tokens}
        inference = {name: value for name, value in options.items() if value is not None}
        return {
            "modelId": self.model,
            "system": [{"text": m["content"]} for m in messages if m["role"] == "system"],
            "messages": [
                {"role": m["role"], "content": [{"text": m["content"]}]} for m in messages if m["role"] != "system"
            ],
            **({"inferenceConfig": inference} if inference else {}),
        }

    def _translated(self, error: Exception) -> Exception:
        if isinstance(error, ReadTimeoutError | ConnectTimeoutError):
            return timed_out(self._config)
        if isinstance(error, ClientError | EventStreamError):
            code = error.response["Error"]["Code"]
            if code == _TIMEOUT_CODE:
                return ProviderTimeout("the chat provider's model did not answer in time")
            return ProviderFailed(f"the chat provider answered with {code}")
        if isinstance(error, BotoCoreError):
            return ProviderFailed(f"the chat provider can't be reached ({type(error).__name__})")
        return ProviderFailed(f"the chat provider's answer can't be read ({type(error).__name__})")

    async def close(self) -> None:
        self._client.close()
