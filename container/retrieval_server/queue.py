"""Back-pressure: a few workers, a short queue before them, and a clear refusal when it is full."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Busy(Exception):
    """More requests wait than the queue takes."""


class WorkQueue:
    """Runs work that needs a CPU in as many threads as there are CPUs."""

    def __init__(self, threads: int, limit: int) -> None:
        self.threads = threads
        self._limit = limit
        self._taken = 0
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="work")

    @contextmanager
    def place(self):
        """A place for one request, from its acceptance to its end.

        Raises:
            Busy: all are taken.
        """
        if self._taken >= self._limit:
            raise Busy
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def run(self, work: Callable[..., T], *arguments: object) -> T:
        """Runs work in its turn. When the caller is cancelled while it waits, it isn't run."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, work, *arguments)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
