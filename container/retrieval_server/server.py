"""Runs the application until SIGTERM or SIGINT, then lets running requests finish."""

import asyncio
import signal

import uvicorn

from retrieval_server.app import create_app
from retrieval_server.config import Config
from retrieval_server.service import Service
from retrieval_server.startup import Startup

#: Exit status of a server that could not serve.
REFUSED = 3


class DrainingServer(uvicorn.Server):
    """Tells the service that it drains, and ends with status 0 after a signal.

    Between the two it goes on for a while: a front door may send requests until it hears that the task leaves.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._loop = asyncio.get_running_loop()
        self._signalled = False

    def handle_exit(self, sig, frame) -> None:
        # A second SIGINT, from an impatient person at a terminal, stops at once.
        self.force_exit = self._signalled and sig == signal.SIGINT
        self.should_exit = self.force_exit
        if not self._signalled:
            self._signalled = True
            self._loop.call_soon_threadsafe(self._drain)

    def _drain(self) -> None:
        self._service.draining.set()
        self._loop.call_later(self._service.config.shutdown_delay_seconds, self._stop)

    def _stop(self) -> None:
        self.should_exit = True


async def serve(config: Config, startup: Startup) -> int:
    """Serves until a signal comes, or for a while when model or index were refused; returns the exit status."""
    service = Service(config, startup)
    server_config = uvicorn.Config(
        create_app(service),
        host="0.0.0.0",
        port=config.port,
        # Ours are JSON, see logs.py.
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=config.keep_alive_seconds,
        timeout_graceful_shutdown=config.shutdown_seconds,
    )
    server = DrainingServer(server_config, service)
    ending = asyncio.create_task(_end_when_refused(service, server))
    await server.serve()
    ending.cancel()
    return REFUSED if service.refused.is_set() else 0


async def _end_when_refused(service: Service, server: uvicorn.Server) -> None:
    """The platform starts another one, or tells its operator; until then `/ready` says why."""
    await service.refused.wait()
    await asyncio.sleep(service.config.refused_seconds)
    server.should_exit = True
