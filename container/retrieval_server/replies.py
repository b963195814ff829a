"""Answers one `/chat`: finds passages, then quotes them or lets the provider word the answer."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from retrieval_server import chat
from retrieval_server.provider import Provider, timed_out
from retrieval_server.requests import ChatRequest
from retrieval_server.service import Service


@dataclass(frozen=True)
class Reply:
    frame: chat.Frame
    pieces: AsyncGenerator[str, None]


async def reply(service: Service, body: ChatRequest) -> Reply:
    """The answer, whose first piece is already there or comes soon: until then a failure still has a status of its own.

    Raises:
        ProviderFailed, ProviderTimeout: the provider failed before its first piece.
    """
    retriever, question = service.retriever, body.question()
    provider = service.provider
    if provider is None:
        answer = await service.queue.run(chat.answer, retriever, question)
        return Reply(answer.frame, _each(answer.pieces))
    hits = await service.queue.run(chat.find, retriever, question)
    if not hits:
        # Nothing to cite, so nothing to say: a provider would answer from its memory.
        return Reply(chat.make_frame(retriever, question, [], provider.model), _each([chat.NOTHING_FOUND]))
    frame = chat.make_frame(retriever, question, hits, provider.model)
    messages = [
        {"role": m.role, "content": m.text} for m in body.messages if m.role in ("user", "assistant") and m.text
    ]
    pieces = _with_sources(_in_time(service, provider, chat.prompt(messages, hits), body), frame)
    return Reply(frame, await _started(pieces, service.config.heartbeat_seconds))


async def _each(pieces: list[str]) -> AsyncGenerator[str, None]:
    for piece in pieces:
        yield piece


async def _in_time(
    service: Service, provider: Provider, messages: list[dict[str, str]], body: ChatRequest
) -> AsyncGenerator[str, None]:
    """The provider's pieces; each must come in time, and all of them when nobody sees them before the last."""
    config = service.config.chat
    pieces = provider.pieces(messages, body.temperature, body.max_tokens)
    loop = asyncio.get_running_loop()
    end = loop.time() + config.timeout_seconds
    try:
        while True:
            if body.stream:
                end = loop.time() + config.timeout_seconds
            try:
                async with asyncio.timeout_at(end):
                    piece = await anext(pieces)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise timed_out(config) from None
            yield piece
    finally:
        await pieces.aclose()


async def _with_sources(pieces: AsyncGenerator[str, None], frame: chat.Frame) -> AsyncGenerator[str, None]:
    try:
        async for piece in pieces:
            yield piece
        yield "\n\n" + chat.source_list(frame)
    finally:
        await pieces.aclose()


async def _started(pieces: AsyncGenerator[str, None], seconds: float) -> AsyncGenerator[str, None]:
    """Waits for the first piece, but no longer than a client may be left without a sign of life."""
    first = asyncio.ensure_future(anext(pieces))

    async def go_on() -> AsyncGenerator[str, None]:
        try:
            yield ""
            yield await first
            async for piece in pieces:
                yield piece
        finally:
            first.cancel()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await first
            await pieces.aclose()

    begun = go_on()
    # Only a generator that has begun cleans up when it is closed.
    await anext(begun)
    try:
        await asyncio.wait({first}, timeout=seconds)
        if first.done():
            first.result()
    except BaseException:
        await begun.aclose()
        raise
    return begun
