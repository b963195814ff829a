"""Clients for servers under stress."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

JSON = {"Content-Type": "application/json"}
STREAM = {
    "messages": [{"role": "user", "content": "trial by jury"}],
    "stream": True,
    "stream_options": {"pace_ms": 1000},
}


def post(port: int, path: str, value: object, timeout: float = 20) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer, over a connection of its own.

    Raises:
        OSError, http.client.HTTPException: no answer, or only a part of one.
    """
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", path, body, JSON)
        answer = connection.getresponse()
        return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@dataclass
class Outcome:
    #: What each request came to: the return value of `request`, or the exception that it raised.
    results: list[object] = field(default_factory=list)
    seconds: float = 0


def in_parallel(count: int, request: Callable[[int], object], limit_seconds: float = 60) -> Outcome:
    """Runs a request in `count` threads that begin at the same moment. Fails when one of them hangs."""
    outcome = Outcome()
    together = threading.Barrier(count + 1)

    def run(number: int) -> None:
        together.wait()
        try:
            outcome.results.append(request(number))
        except Exception as error:
            outcome.results.append(error)

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    together.wait()
    started = time.monotonic()
    for thread in threads:
        thread.join(max(0.0, limit_seconds - (time.monotonic() - started)))
    outcome.seconds = time.monotonic() - started
    hanging = sum(thread.is_alive() for thread in threads)
    assert not hanging, f"{hanging} of {count} requests hang after {limit_seconds} s"
    return outcome


def resident_mb(pid: int) -> float:
    return _status_kb(pid, "VmRSS") / 1024


def peak_mb(pid: int) -> float:
    return _status_kb(pid, "VmHWM") / 1024


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def _status_kb(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not in {seconds} s: {what}"
        time.sleep(0.05)
