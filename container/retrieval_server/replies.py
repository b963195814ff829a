"""Answers one `/chat`: finds passages, then quotes them or lets the provider word the answer."""

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from retrieval_server import chat
from retrieval_server.provider import Provider, ProviderFailed, timed_out
from retrieval_server.requests import ChatRequest
from retrieval_server.service import Service

#: Of the time for running requests after SIGTERM; the rest is for the end of the stream and its way to the client.
_SHARE_OF_SHUTDOWN = 0.8
_SHUT_DOWN = "the server was shut down before the chat provider's answer was whole"


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
    provider = await service.provider()
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


async def _cancelled(future: asyncio.Future) -> None:
    """Ends a future, if it hasn't ended by itself; what it came to is left in it."""
    if not future.done():
        future.cancel()
        with contextlib.suppress(Exception, asyncio.CancelledError):
            await future


async def _each(pieces: list[str]) -> AsyncGenerator[str, None]:
    for piece in pieces:
        yield piece


async def _in_time(
    service: Service, provider: Provider, messages: list[dict[str, str]], body: ChatRequest
) -> AsyncGenerator[str, None]:
    """The provider's pieces; each must come in time, and all of them when nobody sees them before the last.

    Once the server drains, all must come before it ends: a stream that hears of it ends properly, a cut one doesn't.
    """
    timeout = service.config.chat.timeout_seconds
    pieces = provider.pieces(messages, body.temperature, body.max_tokens)
    drained = asyncio.ensure_future(service.draining.wait())
    loop = asyncio.get_running_loop()
    end, last_end = loop.time() + timeout, math.inf
    try:
        while True:
            if body.stream:
                end = loop.time() + timeout
            piece = asyncio.ensure_future(anext(pieces))
            try:
                while not piece.done():
                    waited_for = {piece} if last_end < math.inf else {piece, drained}
                    left = max(0, min(end, last_end) - loop.time())
                    done, _ = await asyncio.wait(waited_for, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                    if drained in done and last_end == math.inf:
                        last_end = loop.time() + service.config.shutdown_seconds * _SHARE_OF_SHUTDOWN
                    elif not done:
                        raise timed_out(service.config.chat) if end < last_end else ProviderFailed(_SHUT_DOWN)
            finally:
                await _cancelled(piece)
            try:
                yield piece.result()
            except StopAsyncIteration:
                return
    finally:
        drained.cancel()
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
            await _cancelled(first)
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
