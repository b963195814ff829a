"""The state of a running server: its index and whether it drains."""

import asyncio
import time

from fastapi.concurrency import run_in_threadpool

from retrieval_server import logs
from retrieval_server.config import Config
from retrieval_server.errors import NotReady
from retrieval_server.search import Index, IndexRefused
from retrieval_server.startup import Startup


class Service:
    def __init__(self, config: Config, startup: Startup) -> None:
        self.config = config
        self.startup = startup
        #: Set once the server has been told to stop.
        self.draining = asyncio.Event()
        self._index: Index | None = None
        self._reason = "the index is being opened"
        self._opened = asyncio.Event()

    async def open_index(self) -> None:
        """Opens the index beside the event loop, so that the server is alive meanwhile.

        A refused index leaves the server alive and not ready, with the reason.
        """
        started = time.monotonic()
        try:
            self._index = await run_in_threadpool(Index, self.config.index_path)
        except IndexRefused as refused:
            self._reason = str(refused)
            logs.logger.error("index refused", extra={"fields": {"reason": self._reason}})
        except Exception:
            self._reason = "the index can't be opened; the server's log says where"
            logs.logger.exception("index failed")
        else:
            self.startup.record("index", started)
            self.startup.finish()
            logs.event("started", version=self.config.version, **self.startup.report())
        finally:
            self._opened.set()

    @property
    def index(self) -> Index:
        """The open index.

        Raises:
            NotReady: there is none yet, or it was refused.
        """
        if self._index is None:
            raise NotReady(self._reason)
        return self._index

    async def wait_for_index(self) -> Index:
        """The open index, after waiting for the end of its opening.

        Raises:
            NotReady: it was refused.
        """
        await self._opened.wait()
        return self.index

    def close(self) -> None:
        if self._index is not None:
            self._index.close()
