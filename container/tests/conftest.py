import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from retrieval_server.app import create_app
from retrieval_server.config import Config
from retrieval_server.index import build
from retrieval_server.loading import load_embedder
from retrieval_server.service import Service
from retrieval_server.startup import Startup

CONTAINER = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def index_path(tmp_path_factory) -> Path:
    """An index that is searched by words."""
    path = tmp_path_factory.mktemp("index")
    build(path, [CONTAINER / "documents"])
    return path


@contextmanager
def serving(**settings):
    """A client of an application in this process, after the end of its start."""
    service = Service(Config(**{"backend": "lexical", **settings}), Startup())
    with TestClient(create_app(service), raise_server_exceptions=False) as client:
        client.post("/events")
        client.service = service
        yield client


@pytest.fixture(scope="module")
def client(index_path):
    with serving(index_path=index_path, version="1.2.3") as client:
        yield client


class Process:
    """The server as a process of its own."""

    def __init__(self, index_path: Path, log: Path, wait: bool = True, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = log
        self._connections: list[http.client.HTTPConnection] = []
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "retrieval_server"],
                cwd=CONTAINER,
                env={
                    **os.environ,
                    "PORT": str(self.port),
                    "INDEX_PATH": str(index_path),
                    "BACKEND": "lexical",
                    **environment,
                },
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if wait:
            self.wait_for("/ready", 200)

    def wait_for(self, path: str, status: int) -> None:
        """Until a path answers with a status."""
        end = time.monotonic() + 15
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if self.request("GET", path).status == status:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"{path} is never {status}:\n{self.log.read_text()}")

    def request(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        self._connections.append(connection)
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
        return connection.getresponse()

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        for connection in self._connections:
            connection.close()
        self.process.kill()
        self.process.wait()

    def log_lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@pytest.fixture
def start(index_path, tmp_path):
    """Starts servers and ends those that are still running after the test."""
    processes = []

    def start(wait: bool = True, **environment: str) -> Process:
        processes.append(Process(index_path, tmp_path / f"{len(processes)}.log", wait, **environment))
        return processes[-1]

    yield start
    for started in processes:
        started.kill()


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """all-MiniLM-L6-v2 as made by model_tools; `npm test -- container` makes it."""
    folder = os.environ.get("TEST_MODEL_DIR", "")
    if not folder:
        pytest.skip("TEST_MODEL_DIR names no model")
    return Path(folder)


@pytest.fixture(scope="session")
def embedder(model_dir):
    return load_embedder("onnx", model_dir, 1)


@pytest.fixture(scope="session")
def vector_index_path(embedder, tmp_path_factory) -> Path:
    """An index that is searched by meaning."""
    path = tmp_path_factory.mktemp("vectors")
    build(path, [CONTAINER / "documents"], embedder)
    return path
