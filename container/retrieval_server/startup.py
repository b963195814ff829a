"""Measures how long each part of the start takes."""

import os
import time
from contextlib import contextmanager
from pathlib import Path


def _seconds_since_process_start() -> float:
    """Age of this process; 0 where the system does not tell. Linux counts it in ticks of 10 ms."""
    try:
        # The name in brackets may hold spaces; the fields after it can't. Start time is field 22.
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - started)
    except (OSError, AttributeError, IndexError, ValueError):
        return 0.0


class Startup:
    """Phases of the start in milliseconds. Made in the first line of the program."""

    def __init__(self) -> None:
        age = _seconds_since_process_start()
        self._process_start = time.monotonic() - age
        self.phases_ms = {"interpreter": round(age * 1000, 1)}
        self.total_ms: float | None = None
        #: What the times depend on, like the number of CPUs.
        self.facts: dict[str, object] = {}

    def record(self, phase: str, since: float) -> None:
        """Adds a phase that began at `since` (time.monotonic) and ends now."""
        self.phases_ms[phase] = round((time.monotonic() - since) * 1000, 1)

    @contextmanager
    def phase(self, name: str):
        """Adds a phase that lasts as long as the block; none when the block fails."""
        since = time.monotonic()
        yield
        self.record(name, since)

    def finish(self) -> None:
        """The server can answer: the total runs from the start of the process to now."""
        self.total_ms = round((time.monotonic() - self._process_start) * 1000, 1)

    def report(self) -> dict:
        return {"phases_ms": self.phases_ms, "total_ms": self.total_ms, **self.facts}
