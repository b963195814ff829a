"""Containers of the image under test: TEST_IMAGE names it (stage `local`), TEST_DOCKER is the Docker client."""

import os
import subprocess
import time
import urllib.request

import pytest

IMAGE = os.environ.get("TEST_IMAGE", "")
needs_image = pytest.mark.skipif(not IMAGE, reason="TEST_IMAGE names no image")
SERVER_PORT = 8000
EMULATOR_PORT = 8080
COMMAND = ("python3", "-m", "retrieval_server")


def docker(*arguments: str, timeout: float = 120) -> str:
    program = os.environ.get("TEST_DOCKER", "docker")
    result = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=timeout)
    assert result.returncode == 0, f"docker {' '.join(arguments)}: {result.stderr}"
    return result.stdout.strip()


class Containers:
    """Starts containers, and removes all of them at the end."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def start(self, *options: str, command: tuple[str, ...] = COMMAND, tmp: str = "/tmp") -> str:
        """Name of a container; `tmp` as for `docker run --tmpfs`."""
        name = docker("run", "--detach", "--read-only", "--tmpfs", tmp, *options, IMAGE, *command)
        self._names.append(name)
        return name

    def plain(self, *options: str) -> tuple[str, int]:
        """Host and port of a server by itself, as soon as it is ready."""
        host, port = self._published(SERVER_PORT, *options)
        wait_until_200(f"http://{host}:{port}/ready")
        return host, port

    def on_lambda(self, *options: str) -> tuple[str, int]:
        """Host and port of the emulator, which starts the server through the adapter at the first invocation."""
        return self._published(EMULATOR_PORT, "--entrypoint", "/usr/local/bin/aws-lambda-rie", *options)

    def _published(self, port: int, *options: str) -> tuple[str, int]:
        name = self.start("--publish", f"127.0.0.1::{port}", *options)
        host, _, published = docker("port", name, str(port)).splitlines()[0].rpartition(":")
        return host, int(published)

    def remove_all(self) -> None:
        for name in self._names:
            docker("rm", "--force", "--volumes", name)


def wait_until_200(url: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=seconds) as answer:
                assert answer.status == 200
                return
        except OSError as error:
            assert time.monotonic() < end, f"{url}: {error}"
            time.sleep(0.05)
