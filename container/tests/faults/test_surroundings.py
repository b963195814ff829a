"""What the image needs of its surroundings: no network, no room in /tmp, nothing to write to.

Needs Docker and TEST_IMAGE, see image_containers.py.
"""

import json
import time

import pytest
from image_containers import Containers, docker, needs_image

pytestmark = needs_image

#: Runs in the container, where there is no curl.
ASK = """
import json, sys, time, urllib.error, urllib.request
path, body = sys.argv[1], sys.argv[2].encode() or None
request = urllib.request.Request(f"http://127.0.0.1:8000{path}", body, {"content-type": "application/json"})
end = time.monotonic() + 20
while True:
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            status, text = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode()
    except OSError:
        status, text = 503, ""
    if status != 503 or time.monotonic() > end:
        break
    time.sleep(0.05)
json.dump([status, text], sys.stdout)
"""


def ask_inside(container: str, path: str, body: object = None) -> tuple[int, str]:
    """Status and body of an answer, as soon as the server is ready."""
    payload = "" if body is None else json.dumps(body)
    return tuple(json.loads(docker("exec", container, "python3", "-c", ASK, path, payload)))


@pytest.fixture
def containers():
    containers = Containers()
    yield containers
    containers.remove_all()


SMALL = "/tmp:size=64k,mode=1777"
QUESTION = {"query": "trial by jury"}
CHAT = {"messages": [{"role": "user", "content": "trial by jury"}]}


def expect_service(container: str) -> None:
    assert ask_inside(container, "/ready")[0] == 200
    status, text = ask_inside(container, "/retrieve", QUESTION)
    assert status == 200
    assert "jury" in json.loads(text)["data"][0]["content"]
    status, text = ask_inside(container, "/chat", CHAT)
    assert status == 200
    assert "jury" in json.loads(text)["choices"][0]["message"]["content"]
    status, text = ask_inside(container, "/chat", {**CHAT, "stream": True})
    assert (status, text.endswith("data: [DONE]\n\n")) == (200, True)
    assert ask_inside(container, "/events", {"ping": True})[0] == 200


def test_without_a_network_all_works(containers):
    started = time.monotonic()
    expect_service(containers.start("--network", "none"))
    # Nothing waits for a name or an address that never comes.
    assert time.monotonic() - started < 20


def test_with_tmp_full_all_works(containers):
    container = containers.start(tmp=SMALL)
    fill = "i=0; while echo full >> /tmp/filler 2>/dev/null; do i=1; done; echo x > /tmp/probe"
    status = docker("exec", container, "sh", "-c", f"{fill}; test -s /tmp/probe && echo room || echo full")
    assert status.endswith("full")
    expect_service(container)
    # A body that other servers would put into a file.
    assert ask_inside(container, "/events", {"filler": "x" * 100_000})[0] == 200


def test_a_start_with_tmp_full_works(containers):
    fill = "while echo full >> /tmp/filler 2>/dev/null; do :; done; exec python3 -m retrieval_server"
    container = containers.start("--tmpfs", "/tmp:size=64k,mode=1777", "--entrypoint", "/bin/sh", command=("-c", fill))
    expect_service(container)
    assert docker("exec", container, "sh", "-c", "echo x > /tmp/probe 2>/dev/null || echo full") == "full"
