"""Server-sent events."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator

from fastapi.responses import StreamingResponse

from retrieval_server import logs
from retrieval_server.errors import error_body
from retrieval_server.provider import ProviderFailed, ProviderTimeout

#: Against caches and proxies that would hold a stream back.
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_MEDIA_TYPE = "text/event-stream"

_KEEP_ALIVE = ": keep-alive\n\n"
_DONE = "data: [DONE]\n\n"


class EventStream(StreamingResponse):
    """A response of server-sent events that closes what it holds at its end, whatever that is."""

    def __init__(self, source: AsyncGenerator[str, None], held: contextlib.AsyncExitStack) -> None:
        super().__init__(source, media_type=_MEDIA_TYPE, headers=_HEADERS)
        self._source = source
        self._held = held

    async def __call__(self, scope, receive, send) -> None:
        async with self._held:
            try:
                await super().__call__(scope, receive, send)
            finally:
                await self._source.aclose()


async def events(items: AsyncGenerator[dict, None]) -> AsyncGenerator[str, None]:
    """One event for each item, and the end mark; an error event without the mark when they can't go on."""
    try:
        async for item in items:
            yield _event(item)
    except (ProviderFailed, ProviderTimeout) as error:
        # The status is already sent, so the error is an event.
        code = "provider_timeout" if isinstance(error, ProviderTimeout) else "provider_failed"
        yield _event(error_body(code, str(error)))
        return
    except Exception:
        logs.logger.exception("stream failed")
        yield _event(error_body("internal_error", "the server failed to answer"))
        return
    finally:
        await items.aclose()
    yield _DONE


async def paced(
    items: AsyncGenerator[dict, None], seconds: float, draining: asyncio.Event
) -> AsyncGenerator[dict, None]:
    """A pause between two items. When the server drains, what is left follows at once: a stream always ends whole."""
    first = True
    try:
        async for item in items:
            if not first and seconds:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(draining.wait(), seconds)
            first = False
            yield item
    finally:
        await items.aclose()


async def with_heartbeat(source: AsyncGenerator[str, None], seconds: float) -> AsyncGenerator[str, None]:
    """Passes a stream on, with a comment after each `seconds` of silence."""
    pending = asyncio.ensure_future(anext(source))
    try:
        while True:
            done, _ = await asyncio.wait({pending}, timeout=seconds)
            if not done:
                yield _KEEP_ALIVE
                continue
            try:
                piece = pending.result()
            except StopAsyncIteration:
                return
            yield piece
            pending = asyncio.ensure_future(anext(source))
    finally:
        # The client may have left in the middle.
        pending.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration):
            await pending
        await source.aclose()


def _event(item: dict) -> str:
    return f"data: {json.dumps(item, ensure_ascii=False)}\n\n"
