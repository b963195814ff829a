"""`/mcp`: the Model Context Protocol over streamable HTTP. Its SDK is imported at the first request."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval_server.service import Service


class McpEndpoint:
    """An ASGI application."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._manager = None
        self._running: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._starting = asyncio.Lock()

    async def __call__(self, scope, receive, send) -> None:
        # Before the import: a server that isn't ready says so at once.
        self._service.retriever  # noqa: B018
        async with self._starting:
            if self._manager is None:
                await self._start()
        with self._service.queue.place():
            await self._manager.handle_request(scope, receive, send)

    async def _start(self) -> None:
        def make():
            from retrieval_server.mcp_tools import make_session_manager

            return make_session_manager(self._service)

        manager = await asyncio.to_thread(make)
        started = asyncio.Event()

        async def run() -> None:
            async with manager.run():
                started.set()
                await self._stop.wait()

        self._running = asyncio.create_task(run())
        await started.wait()
        self._manager = manager

    async def close(self) -> None:
        self._stop.set()
        if self._running is not None:
            await self._running
