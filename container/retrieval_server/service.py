"""The state of a running server: what it has loaded and whether it drains."""

import asyncio
import os

from retrieval_server import logs
from retrieval_server.config import Config
from retrieval_server.cpus import available_cpus, threads_for
from retrieval_server.embedder import ModelRefused
from retrieval_server.errors import NotReady
from retrieval_server.loading import load_retriever
from retrieval_server.manifest import IndexRefused, Manifest
from retrieval_server.provider import Provider, make_provider
from retrieval_server.queue import WorkQueue
from retrieval_server.search import Retriever
from retrieval_server.startup import Startup


class Service:
    def __init__(self, config: Config, startup: Startup) -> None:
        cpus = available_cpus(os.environ)
        threads = config.threads or threads_for(cpus)
        self.config = config
        self.startup = startup
        self.startup.facts = {
            "role": config.role,
            "backend": config.backend,
            "threads": threads,
            "cpus": round(cpus, 2),
        }
        #: Searches, and the waiting for them.
        self.queue = WorkQueue(threads, config.queue_limit)
        #: Set once the server has been told to stop.
        self.draining = asyncio.Event()
        #: Set when nothing can be served: why is what `/ready` says.
        self.refused = asyncio.Event()
        self._manifest: Manifest | None = None
        self._retriever: Retriever | None = None
        self._provider: Provider | None = None
        self._making_provider = asyncio.Lock()
        self._reason = "model and index are being loaded"
        self._loaded = asyncio.Event()

    async def load(self) -> None:
        """Loads beside the event loop, so that the server is alive meanwhile.

        A refused model or index leaves the server alive for a while and not ready, with the reason.
        """
        try:
            await self.queue.run(self._load)
        except (ModelRefused, IndexRefused) as refused:
            self._refuse(str(refused))
            logs.logger.error("refused", extra={"fields": {"reason": self._reason}})
        except Exception:
            self._refuse("model and index can't be loaded; the server's log says where")
            logs.logger.exception("loading failed")
        else:
            self.startup.finish()
            logs.event("started", version=self.config.version, **self.startup.report())
        finally:
            self._loaded.set()

    def _load(self) -> None:
        if self.config.role == "light":
            with self.startup.phase("index"):
                self._manifest = Manifest.read(self.config.index_path)
            return
        self._retriever = load_retriever(self.config, self.queue.threads, self.startup)
        self._manifest = self._retriever.manifest

    def _refuse(self, reason: str) -> None:
        self._reason = reason
        self.refused.set()

    @property
    def manifest(self) -> Manifest:
        """What is in the index.

        Raises:
            NotReady: it is not loaded yet, or was refused.
        """
        if self._manifest is None:
            raise NotReady(self._reason)
        return self._manifest

    @property
    def retriever(self) -> Retriever:
        """Model and index.

        Raises:
            NotReady: they are not loaded yet, or were refused.
        """
        if self._retriever is None:
            raise NotReady(self._reason)
        return self._retriever

    @property
    def model(self) -> str:
        """What ranks passages; in the light role, what made the index."""
        return self._retriever.model if self._retriever else self.manifest.model

    async def provider(self) -> Provider | None:
        """Who words answers; made at its first use, beside the event loop. None when answers only quote."""
        async with self._making_provider:
            if self._provider is None and self.config.chat.provider != "extractive":
                self._provider = await asyncio.to_thread(make_provider, self.config.chat)
        return self._provider

    async def warm(self) -> None:
        """Waits for the end of the loading, and leaves all that an answer needs in memory.

        Raises:
            NotReady: model or index were refused.
        """
        await self._loaded.wait()
        if self.config.role == "full":
            await self.queue.run(self.retriever.touch)
        elif self._manifest is None:
            raise NotReady(self._reason)

    async def close(self) -> None:
        await self._loaded.wait()
        self.queue.close()
        if self._provider is not None:
            await self._provider.close()
        if self._retriever is not None:
            self._retriever.close()
