"""Server-sent events."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable

from retrieval_server import logs

#: Against caches and proxies that would hold a stream back.
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
MEDIA_TYPE = "text/event-stream"

_KEEP_ALIVE = ": keep-alive\n\n"
_DONE = "data: [DONE]\n\n"


async def events(
    make: Callable[[], Awaitable[list[dict]]], pace_seconds: float, draining: asyncio.Event
) -> AsyncGenerator[str, None]:
    """One event for each item that `make` returns, a pause between them, and the end mark.

    When the server drains, what is left follows at once: a stream always ends whole.
    """
    try:
        items = await make()
    except Exception:
        # The status is already sent, so the error is an event, and the end mark is missing.
        logs.logger.exception("stream failed")
        yield _event({"error": {"code": "internal_error", "message": "the server failed to answer"}})
        return
    for n, item in enumerate(items):
        if n and pace_seconds:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(draining.wait(), pace_seconds)
        yield _event(item)
    yield _DONE


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
